"""Several sources asked as one feed, where nobody may ask often: subreddits by `a+b`, searches by `(a) OR (b)`.

Each source keeps its own `part`; the feed asks for the parts of all that listen to it, whoever they belong to. Its
identity is its number, not its params: parts come and go, and what was read stays. A feed that is full is left alone,
and the next part begins another one.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.connectors.kind import Joint, Params, SourceKind
from backend.infra.tables import insert_or_ignore
from backend.listening.kinds import KINDS
from backend.listening.models import Feed, Keyword, Source


def part_of_params(kind: str, params: Params) -> str:
    """What of a joined feed these params are for; "" where feeds of this kind are not joined."""
    joint = KINDS[kind].joint
    return params[joint.param] if joint is not None else ""


def join_feed(session: Session, kind: str, part: str, *, title: str = "", now: datetime) -> Feed:
    """The feed that asks for this part, else one that has room for it, else a new one. Its row is locked until the end
    of the transaction, so that two who join at once both get in."""
    of = KINDS[kind]
    joint = _joint(of)
    feeds = list(session.scalars(select(Feed).where(Feed.kind == kind).order_by(Feed.id).with_for_update()))
    asked = {feed.id: parts_of(session, feed.id) for feed in feeds}
    there = next((feed for feed in feeds if part in asked[feed.id]), None)
    room = next((feed for feed in feeds if _fits(joint, [*asked[feed.id], part])), None)
    return there or room or _new_feed(session, of, part, title=title, now=now)


def ask_for_parts(session: Session, feed: Feed) -> bool:
    """Let a joined feed ask for what its live sources want. Gives whether there is something that it did not ask."""
    of = KINDS[feed.kind]
    if of.joint is None or not (wanted := parts_of(session, feed.id)):
        return False
    before, after = feed.params.get(of.joint.param, ""), join_parts(of.joint, wanted)
    if before == after:
        return False
    feed.params = {of.joint.param: after}
    feed.address = of.address(feed.params)
    feed.etag = feed.last_modified = feed.body_hash = ""  # of another question
    asked = before.split(of.joint.glue)
    return not all(part in asked or of.joint.wrap.format(part) in asked for part in wanted)


def parts_of(session: Session, feed_id: int) -> list[str]:
    """The parts that somebody listens to now, each once, in a fixed order."""
    live = (
        select(Source.part)
        .outerjoin(Keyword, Keyword.id == Source.keyword_id)
        .where(Source.feed_id == feed_id, Source.removed_at.is_(None))
        .where(Source.keyword_id.is_(None) | (Keyword.removed_at.is_(None) & Keyword.paused.is_(False)))
    )
    return sorted(set(session.scalars(live)))


def join_parts(joint: Joint, parts: Collection[str]) -> str:
    wrapped = parts if len(parts) == 1 else [joint.wrap.format(part) for part in parts]
    return joint.glue.join(wrapped)


def is_for(kind: SourceKind, part: str, url: str) -> bool:
    """Whether an item of a joined feed belongs to a source with this part."""
    joint = kind.joint
    return joint is None or joint.part_of is None or joint.part_of(url) == part


def make_room(session: Session, feed: Feed, *, now: datetime) -> set[int]:
    """Where more came back than one request can ask for: what is too much moves to another feed. Gives the feeds that
    got it."""
    joint = KINDS[feed.kind].joint
    parts = parts_of(session, feed.id)
    moved: set[int] = set()
    while joint is not None and len(parts) > 1 and not _fits(joint, parts):
        part = parts.pop()
        other = _new_feed(session, KINDS[feed.kind], part, title=feed.title, now=now)
        sources = select(Source.id).where(Source.feed_id == feed.id, Source.part == part)
        session.execute(update(Source).where(Source.id.in_(sources)).values(feed_id=other.id))
        moved.add(other.id)
    return moved


def parts_heard(session: Session, brand_ids: Collection[int]) -> Mapping[int, Collection[str]]:
    """Of the joined feeds whose items belong to one part each: what these brands hear of them."""
    kinds = [kind.kind for kind in KINDS.values() if kind.joint is not None and kind.joint.part_of is not None]
    query = (
        select(Source.feed_id, Source.part)
        .join(Feed, Feed.id == Source.feed_id)
        .where(Feed.kind.in_(kinds), Source.brand_id.in_(brand_ids), Source.removed_at.is_(None))
    )
    heard: dict[int, set[str]] = {}
    for feed_id, part in session.execute(query):
        heard.setdefault(feed_id, set()).add(part)
    return heard


def _fits(joint: Joint, parts: Collection[str]) -> bool:
    return len(parts) <= joint.most and len(join_parts(joint, parts)) <= joint.longest


def _new_feed(session: Session, of: SourceKind, part: str, *, title: str, now: datetime) -> Feed:
    joint = _joint(of)
    params, number = {joint.param: part}, f"joined:{secrets.token_hex(24)}"
    insert_or_ignore(
        session,
        Feed,
        kind=of.kind,
        params=params,
        address=of.address(params),
        address_hash=number,
        title=title[:200],
        interval_s=of.least_s,
        created_at=now,
        due_at=None,
        fence=0,
        attempts=0,
        worker="",
    )
    return session.scalars(select(Feed).where(Feed.address_hash == number)).one()


def _joint(of: SourceKind) -> Joint:
    if of.joint is None:
        raise ValueError(f"feeds of {of.kind} are not joined")
    return of.joint
