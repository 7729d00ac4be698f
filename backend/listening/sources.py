"""Sources: what a brand listens to, and how it takes what comes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from backend.connectors.feed.client import is_alerts_page
from backend.connectors.kind import PURPOSES, WrongParams, draw_params, read_params
from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.text import one_line
from backend.listening.feeds import clean_params, feed_for, get_feed, poll_soon, settle_feed
from backend.listening.keywords import ask_place
from backend.listening.kinds import KINDS, usual_title
from backend.listening.models import Feed, Keyword, Source
from backend.listening.secrets import NOTHING, Sealed

TAKES = ("all", "matching")
MAX_NAME = 200


@dataclass(frozen=True)
class SourceFacts:
    """A source with what its feed and its keyword say of it. `state`: ok | asleep | gone | paused."""

    source: Source
    feed: Feed
    state: str


def create_source(
    session: Session,
    brand_id: int,
    kind: str,
    params: Mapping[str, str],
    *,
    url: str = "",
    name: str = "",
    title: str = "",
    take: str = "",
    purpose: str = "",
    sealed: Sealed = NOTHING,
    now: datetime,
) -> Source:
    """A brand's own source. The same feed again gives the source that is there, back where it was removed.

    `take` empty: all for Google Alerts (they searched already) and where the brand has no keyword to match, else
    matching. `purpose` empty: its kind's. `title`: the feed's own name. `sealed`: what it is read with. Raises Invalid.
    """
    params = _with_drawn(kind, params)
    _check_kind(kind, params)
    if take not in ("", *TAKES):
        raise Invalid("This source cannot be saved like this.", fields={"take": "all or matching"})
    if purpose not in ("", *PURPOSES):
        raise Invalid("This source cannot be saved like this.", fields={"purpose": ", ".join(PURPOSES)})
    title = title or usual_title(kind, params)
    _check_take(kind, take)
    feed, part = feed_for(session, kind, params, title=title, sealed=sealed, now=now)
    mine = select(Source).where(Source.brand_id == brand_id, Source.keyword_id.is_(None))
    if part:  # where it was put away, its feed may have had no room left
        mine = mine.join(Feed, Feed.id == Source.feed_id).where(Feed.kind == kind, Source.part == part)
    else:
        mine = mine.where(Source.feed_id == feed.id)
    source = session.scalar(mine)
    if source is None:
        source = Source(brand_id=brand_id, feed_id=feed.id, part=part, created_at=now)
        source.url = url or KINDS[kind].address(clean_params(kind, params))
        source.take = take or _usual_take(session, brand_id, feed)
        source.purpose = purpose or KINDS[kind].purpose
        source.name = (name or title or feed.title)[:MAX_NAME]
        session.add(source)
    elif source.removed_at is not None:
        source.removed_at = None
        source.feed_id = feed.id
        source.take = take or source.take
        source.purpose = purpose or source.purpose
        source.name = (name or source.name)[:MAX_NAME]
        source.version += 1
    session.flush()
    settle_feed(session, source.feed_id, now=now)
    record_change(session, kind="source.changed", ref=source.id, brand_id=brand_id, now=now)
    return source


def get_source(session: Session, source_id: int, *, lock: bool = False) -> Source:
    """Raises NotFound, also for one that was removed."""
    source = lock_row(session, Source, source_id) if lock else session.get(Source, source_id)
    if source is None or source.removed_at is not None:
        raise NotFound("There is no such source.")
    return source


def change_source(
    session: Session, source_id: int, values: Mapping[str, Any], *, version: int, now: datetime
) -> Source:
    """`values`: name, take, purpose. Raises NotFound, Invalid, Conflict."""
    source = get_source(session, source_id, lock=True)
    if source.version != version:
        raise Conflict("Somebody else changed this source in the meantime.")
    wrong: dict[str, str] = {}
    if "take" in values and values["take"] not in TAKES:
        wrong["take"] = "all or matching"
    if "purpose" in values and values["purpose"] not in PURPOSES:
        wrong["purpose"] = ", ".join(PURPOSES)
    if values.get("take") == "all":
        _check_take(get_feed(session, source.feed_id).kind, "all")
    name = one_line(str(values.get("name", source.name)))
    if len(name) > MAX_NAME:
        wrong["name"] = f"At most {MAX_NAME} characters."
    if wrong:
        raise Invalid("This source cannot be saved like this.", fields=wrong)
    source.name, source.take = name, values.get("take", source.take)
    source.purpose = values.get("purpose", source.purpose)
    source.version += 1
    record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)
    return source


def point_source(
    session: Session,
    source_id: int,
    params: Mapping[str, str] | None = None,
    *,
    title: str = "",
    sealed: Sealed | None = None,
    now: datetime,
) -> Source:
    """Listen to another feed from now on, of other params or read with another secret (None: as now); what the old one
    brought stays. Raises NotFound, Invalid, Conflict (the brand listens to that one already)."""
    source = get_source(session, source_id)
    old, before = get_feed(session, source.feed_id), source.feed_id
    if source.keyword_id is not None or KINDS[old.kind].account:
        raise Invalid("This source comes with its keyword or its account.", code="not_its_own")
    if params is not None:
        _check_kind(old.kind, {**_drawn_of(old), **params})
        params = {**params, **_drawn_of(old)}
    as_now = Sealed(old.secret, old.secret_mark, tuple(old.secret_names))
    joint = KINDS[old.kind].joint
    of_its_own = {joint.param: source.part} if joint is not None else old.params
    feed, part = feed_for(
        session, old.kind, params or of_its_own, title=title or old.title, sealed=sealed or as_now, now=now
    )
    if feed.id == before and part == source.part:
        return source
    mine = select(Source).where(Source.brand_id == source.brand_id)
    if part:  # where it was put away, its feed may have had no room left
        mine = mine.join(Feed, Feed.id == Source.feed_id).where(Feed.kind == old.kind, Source.part == part)
    else:
        mine = mine.where(Source.feed_id == feed.id)
    other = session.scalar(mine.where(Source.keyword_id.is_(None), Source.id != source.id))
    if other is None:
        source.feed_id, source.part = feed.id, part
        if part:  # nobody finds it by the address of what is asked together
            source.url = KINDS[old.kind].address(clean_params(old.kind, params or of_its_own))
    elif other.removed_at is None:
        raise Conflict("This brand listens to that feed already.", code="already_there")
    else:  # it was listened to before, and comes back in the place of this one
        other.name, other.take, other.removed_at = source.name, source.take, None
        other.feed_id = feed.id
        source.removed_at = now
        source.version += 1
        source = other
    source.version += 1
    session.flush()
    for feed_id in {before, feed.id}:
        settle_feed(session, feed_id, now=now)
    record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)
    return source


def remove_source(session: Session, source_id: int, *, now: datetime) -> Source:
    """Put it away; what it brought stays. The feed rests when nobody else listens. Of a keyword: it asks that kind of
    place no more, whatever its words are later."""
    source = get_source(session, source_id)
    if source.keyword_id is not None:
        ask_place(session, source.keyword_id, feed_of(session, source).kind, asked=False, now=now)
        record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)
        return source
    source.removed_at = now
    source.version += 1
    session.flush()
    settle_feed(session, source.feed_id, now=now)
    record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)
    return source


def restore_source(session: Session, source_id: int, *, now: datetime) -> Source:
    """Raises NotFound."""
    source = session.get(Source, source_id)
    if source is None:
        raise NotFound("There is no such source.")
    if source.removed_at is not None and source.keyword_id is not None:
        ask_place(session, source.keyword_id, feed_of(session, source).kind, asked=True, now=now)
        record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)
    elif source.removed_at is not None:
        source.removed_at = None
        source.version += 1
        session.flush()
        settle_feed(session, source.feed_id, now=now)
        record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)
    return source


def poll_source(session: Session, source_id: int, *, now: datetime) -> Source:
    """Ask for it now instead of at its time. Raises NotFound."""
    source = get_source(session, source_id)
    poll_soon(session, source.feed_id, now=now)
    return source


def list_sources(
    session: Session, brand_ids: Collection[int], *, after: int | None = None, limit: int = 50
) -> list[Source]:
    """Live sources in the order in which they were made. `after`: id of the last one of the page before."""
    query = _live(select(Source).where(Source.brand_id.in_(brand_ids))).order_by(Source.id)
    if after is not None:
        query = query.where(Source.id > after)
    return list(session.scalars(query.limit(limit)))


def sources_of_keywords(session: Session, keyword_ids: Collection[int]) -> dict[int, list[SourceFacts]]:
    """The searches of each keyword."""
    query = select(Source).where(Source.keyword_id.in_(keyword_ids), Source.removed_at.is_(None)).order_by(Source.id)
    found: dict[int, list[SourceFacts]] = {keyword_id: [] for keyword_id in keyword_ids}
    for facts in read_sources(session, list(session.scalars(query))):
        if facts.source.keyword_id is not None:
            found[facts.source.keyword_id].append(facts)
    return found


def read_sources(session: Session, sources: Collection[Source]) -> list[SourceFacts]:
    """Each with its feed and its state, in two queries however many there are."""
    feeds = {feed.id: feed for feed in session.scalars(select(Feed).where(Feed.id.in_({s.feed_id for s in sources})))}
    keyword_ids = {source.keyword_id for source in sources if source.keyword_id is not None}
    paused = set(session.scalars(select(Keyword.id).where(Keyword.id.in_(keyword_ids), Keyword.paused.is_(True))))
    return [
        SourceFacts(
            source, feeds[source.feed_id], "paused" if source.keyword_id in paused else feeds[source.feed_id].state
        )
        for source in sources
    ]


@dataclass(frozen=True)
class Listening:
    """How a brand's listening stands. `next_poll_at`: the soonest of all."""

    total: int
    asleep: int
    next_poll_at: datetime | None


def count_sources(session: Session, brand_ids: Collection[int]) -> Listening:
    """For the status line of the interface."""
    query = (
        select(func.count(), func.sum(case((Feed.state != "ok", 1), else_=0)), func.min(Feed.due_at))
        .select_from(Source)
        .join(Feed, Feed.id == Source.feed_id)
        .outerjoin(Keyword, Keyword.id == Source.keyword_id)
        .where(Source.brand_id.in_(brand_ids), Source.removed_at.is_(None))
        .where(or_(Source.keyword_id.is_(None), Keyword.removed_at.is_(None) & Keyword.paused.is_(False)))
    )
    total, asleep, soonest = session.execute(query).one()
    return Listening(total or 0, int(asleep or 0), soonest)


def _live(query: Any) -> Any:
    """Not removed, and not of a removed keyword."""
    return (
        query.outerjoin(Keyword, Keyword.id == Source.keyword_id)
        .where(Source.removed_at.is_(None))
        .where(or_(Source.keyword_id.is_(None), Keyword.removed_at.is_(None)))
    )


def _usual_take(session: Session, brand_id: int, feed: Feed) -> str:
    if usual := KINDS[feed.kind].take:
        return usual
    has_keyword = session.scalar(
        select(Keyword.id).where(Keyword.brand_id == brand_id, Keyword.removed_at.is_(None)).limit(1)
    )
    return "matching" if has_keyword is not None else "all"


def _with_drawn(kind: str, params: Mapping[str, str]) -> Mapping[str, str]:
    known = KINDS.get(kind)
    try:
        return draw_params(known, params) if known is not None else params
    except WrongParams as wrong:
        fields = {f"params.{name}": fits for name, fits in wrong.fields.items()}
        raise Invalid("This source cannot be saved like this.", fields=fields) from None


def _drawn_of(feed: Feed) -> dict[str, str]:
    """What was drawn for it: it stays."""
    return {one.name: feed.params[one.name] for one in KINDS[feed.kind].params if one.drawn}


def said_params(source: Source, feed: Feed) -> dict[str, str]:
    """What a person said of it, or its keyword."""
    kind = KINDS[feed.kind]
    if kind.joint is not None and source.part:  # the feed asks for those of others too
        return {kind.joint.param: source.part}
    hidden = {one.name for one in kind.params if one.drawn}
    return {} if kind.account else {name: said for name, said in feed.params.items() if name not in hidden}


def _check_take(kind: str, take: str) -> None:
    if take == "all" and KINDS[kind].streamed:
        why = "There is far too much of it: only what matches a keyword is taken."
        raise Invalid(why, code="too_much_to_take", fields={"take": why})


def _check_kind(kind: str, params: Mapping[str, str]) -> None:
    known = KINDS.get(kind)
    if known is None or known.account or known.signed:  # those come with the account
        kinds = [one.kind for one in KINDS.values() if not one.account and not one.signed]
        raise Invalid("There is no such kind of source.", fields={"kind": ", ".join(kinds)})
    if is_alerts_page(params.get("url", "")):
        raise Invalid("This is the page where Google Alerts are managed.", code="alerts_page", fields={"url": "…"})
    try:
        read_params(known, params)
    except WrongParams as wrong:
        fields = {f"params.{name}": fits for name, fits in wrong.fields.items()}
        raise Invalid("This source cannot be saved like this.", fields=fields) from None


def feed_of(session: Session, source: Source) -> Feed:
    return get_feed(session, source.feed_id)


#: a stream gives a sign of life every few seconds; one that gave none for so long was killed
STREAM_IS_DEAD_AFTER = timedelta(seconds=60)


def listening_since(feed: Feed, *, now: datetime) -> datetime | None:
    """Since when a stream has been heard without a break; None where it is not (any more)."""
    if feed.last_polled_at is None or now - feed.last_polled_at > STREAM_IS_DEAD_AFTER:
        return None
    return feed.listening_since
