"""Feeds: one row per thing that is polled, whoever listens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.connectors.kind import WrongParams, read_params
from backend.infra.changes import record_change
from backend.infra.errors import NotFound
from backend.infra.tables import insert_or_ignore
from backend.listening.joined import ask_for_parts, join_feed, make_room, part_of_params
from backend.listening.kinds import KINDS, address_of
from backend.listening.models import Feed, Keyword, Source
from backend.listening.secrets import NOTHING, Sealed

SIGHTINGS = 3
#: of a source, and of its keyword where it has one
_LIVE = (
    Source.removed_at.is_(None),
    or_(Source.keyword_id.is_(None), Keyword.removed_at.is_(None) & Keyword.paused.is_(False)),
)


def get_feed(session: Session, feed_id: int) -> Feed:
    """Raises NotFound."""
    feed = session.get(Feed, feed_id)
    if feed is None:
        raise NotFound("There is no such feed.")
    return feed


def get_or_create_feed(
    session: Session,
    kind: str,
    params: Mapping[str, str],
    *,
    title: str = "",
    sealed: Sealed = NOTHING,
    now: datetime,
) -> Feed:
    """The feed of these params, read with this secret; a new one is due at once. Two who ask at the same moment get the
    same row."""
    params = clean_params(kind, params)
    digest = feed_hash(kind, params, sealed.mark)
    insert_or_ignore(
        session,
        Feed,
        kind=kind,
        params=dict(params),
        address=address_of(kind, params),
        address_hash=digest,
        secret=sealed.secret,
        secret_mark=sealed.mark,
        secret_names=list(sealed.names),
        title=title[:200],
        interval_s=KINDS[kind].least_s,
        created_at=now,
        due_at=None,
        urgent=True,  # whoever adds something waits to see it
        fence=0,
        attempts=0,
        worker="",
    )
    return session.scalars(select(Feed).where(Feed.address_hash == digest)).one()


def feed_for(
    session: Session,
    kind: str,
    params: Mapping[str, str],
    *,
    title: str = "",
    sealed: Sealed = NOTHING,
    now: datetime,
) -> tuple[Feed, str]:
    """The feed that a source of these params listens to, and the part of it that it is for ("" = all of it)."""
    params = clean_params(kind, params)
    part = part_of_params(kind, params)
    if part:
        return join_feed(session, kind, part, title=title, now=now), part
    return get_or_create_feed(session, kind, params, title=title, sealed=sealed, now=now), ""


def clean_params(kind: str, params: Mapping[str, str]) -> dict[str, str]:
    """As the kind keeps them, so that one feed has one address; what it would not take stays as it is."""
    try:
        return read_params(KINDS[kind], params)
    except WrongParams:
        return dict(params)


def feed_hash(kind: str, params: Mapping[str, str], mark: str = "") -> str:
    """`mark`: of the secret it is read with (secrets.py)."""
    identity = [kind, sorted(params.items()), *([mark] if mark else [])]
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()


def live_sources(session: Session, *feed_ids: int) -> list[Source]:
    """Who listens to these feeds now: not removed, and not those of a keyword that is paused or removed."""
    query = (
        select(Source)
        .outerjoin(Keyword, Keyword.id == Source.keyword_id)
        .where(Source.feed_id.in_(feed_ids), *_LIVE)
        .order_by(Source.id)
    )
    return list(session.scalars(query))


def listeners_of(session: Session, feed_ids: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """The live sources of several feeds, as (source, brand); feeds that nobody listens to are left out."""
    query = (
        select(Source.feed_id, Source.id, Source.brand_id)
        .outerjoin(Keyword, Keyword.id == Source.keyword_id)
        .where(Source.feed_id.in_(feed_ids), *_LIVE)
        .order_by(Source.id)
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for feed_id, source_id, brand_id in session.execute(query):
        found.setdefault(feed_id, []).append((source_id, brand_id))
    return found


def settle_feed(session: Session, feed_id: int, *, now: datetime) -> None:
    """After somebody came or left: due at once when it was asleep for want of listeners, or is to ask for more; never
    when nobody listens."""
    feed = get_feed(session, feed_id)
    for other in make_room(session, feed, now=now):
        settle_feed(session, other, now=now)
    more = ask_for_parts(session, feed)
    if not live_sources(session, feed_id) or KINDS[feed.kind].pushed:
        feed.due_at = None
    elif feed.due_at is None or more:
        feed.due_at = now


def poll_soon(session: Session, feed_id: int, *, now: datetime) -> Feed:
    """Due at once and before all others, whatever its rhythm; who is polling it right now is left alone."""
    feed = get_feed(session, feed_id)
    if live_sources(session, feed_id) and not KINDS[feed.kind].pushed:
        feed.due_at, feed.urgent = now, True
    return feed


def note_move(session: Session, feed: Feed, moved_to: str, *, now: datetime) -> None:
    """The answer of a poll said that the feed is elsewhere for good ("": that it is not). Believed when it was said
    three times in a row: pages of log-in walls and of hotels move everything for an hour."""
    if moved_to != feed.moved_to:
        feed.moved_to, feed.moved_times = moved_to, 0
    if moved_to:
        feed.moved_times += 1
        if feed.moved_times >= SIGHTINGS:
            feed.moved_to, feed.moved_times = "", 0
            move_feed(session, feed, moved_to, now=now)


def move_feed(session: Session, feed: Feed, url: str, *, now: datetime) -> None:
    """The feed has another address for good. Where that address is polled already, its listeners go there."""
    params = clean_params(feed.kind, {**feed.params, "url": url})
    digest = feed_hash(feed.kind, params, feed.secret_mark)
    if digest == feed.address_hash:
        return
    other = session.scalar(select(Feed).where(Feed.address_hash == digest))
    if other is None:
        feed.params, feed.address, feed.address_hash = params, address_of(feed.kind, params), digest
        return
    there = {(s.brand_id, s.keyword_id): s for s in session.scalars(select(Source).where(Source.feed_id == other.id))}
    ours = list(session.scalars(select(Source).where(Source.feed_id == feed.id, Source.removed_at.is_(None))))
    for source in ours:
        twin = there.get((source.brand_id, source.keyword_id))
        if twin is None:
            source.feed_id = other.id
        else:
            if twin.removed_at is not None:  # it was listened to before, and comes back in the place of this one
                twin.name, twin.take, twin.purpose, twin.removed_at = source.name, source.take, source.purpose, None
                twin.version += 1
            source.removed_at = now
            source.version += 1
        for changed in filter(None, (source, twin)):
            record_change(session, kind="source.changed", ref=changed.id, brand_id=changed.brand_id, now=now)
    session.flush()
    settle_feed(session, other.id, now=now)
