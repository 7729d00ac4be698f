"""What is new looks at what was read already: a keyword at the items of its brand's feeds, a source at its feed's.

Turns of their own: matching outside, then chunks. At most `MOST` items, newest first; nothing older than `REACH`. A
keyword looks at as many as its preview counted, and at mentions that are here whatever brought them: the newest while
somebody waits, the rest in the worker.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from backend.connectors.base import Item as ReadItem
from backend.inbox.mentions import Filter, give_hits, list_mentions
from backend.inbox.models import Mention
from backend.infra.errors import NotFound
from backend.infra.runtime import Runtime
from backend.infra.tables import Remembered, remember
from backend.listening.ingest import CHUNK, Audience, Planned, mentions_of, read_audience, write_mentions
from backend.listening.joined import is_for, parts_heard
from backend.listening.keywords import get_keyword
from backend.listening.kinds import KINDS
from backend.listening.matching import Watch, hit_of, speaks, texts_of, watch_of
from backend.listening.models import Feed, Item, Source
from backend.listening.sources import get_source
from backend.query.fields import About
from backend.query.grammar import Query
from backend.query.index import Index
from backend.query.match import Match, match_one
from backend.query.sql import Stored, query_condition, search_words

MOST = 300
MOST_OF_KEYWORD = 1_000
_REST = "keyword looks back: "  # and its id; remembered until the rest was looked at
_INDEX = Index(Item.__table__)
REACH = timedelta(days=30)
# Languages are found out later, brand by brand.
_STORED = Stored(
    words=Item.words, url=Item.url, title=Item.title, text=Item.text, author=Item.author, author_aside=True
)


def backfill_keyword(runtime: Runtime, keyword_id: int, *, whole: bool = False) -> int:
    """Stored items that a keyword matches become its mentions: the newest `MOST`, or the `whole` of them. Gives how
    many mentions are new."""
    now, most = runtime.clock(), MOST_OF_KEYWORD if whole else MOST
    with runtime.db.read() as session:
        keyword = get_keyword(session, keyword_id)
        if keyword.paused:
            return 0
        # A search of the same words may be polled already, for another brand or an earlier keyword.
        own = list(session.scalars(select(Source.feed_id).where(Source.keyword_id == keyword.id, Source.take == "all")))
        watch = watch_of(keyword)
        items = stored_matches(session, [keyword.brand_id], watch.query, now=now, limit=most, whole_feeds=own)
        audiences = _audiences(session, items)
    if len(items) == most and not whole:
        with runtime.db.write() as session:
            remember(session, f"{_REST}{keyword_id}", "1")
    created = _write(runtime, items, audiences, keyword.brand_id)
    with runtime.db.read() as session:
        known = known_matches(session, watch, now=now)
        hits = [(mention.id, replace(hit_of(match), keyword_id=keyword.id)) for mention, match in known]
    for start in range(0, len(hits), CHUNK):
        with runtime.db.write() as session:
            give_hits(session, hits[start : start + CHUNK], now=now)
    return created


def backfill_the_rest(runtime: Runtime, _now: datetime) -> int:
    """For keywords that matched more than somebody would wait for. Gives how many mentions are new."""
    created = 0
    with runtime.db.read() as session:
        waiting = list(session.scalars(select(Remembered.name).where(Remembered.name.startswith(_REST))))
    for name in waiting:
        with suppress(NotFound):
            created += backfill_keyword(runtime, int(name.removeprefix(_REST)), whole=True)
        with runtime.db.write() as session:
            session.execute(delete(Remembered).where(Remembered.name == name))
    return created


def backfill_source(runtime: Runtime, source_id: int) -> int:
    """What a feed gave before this brand listened to it. Gives how many mentions are new."""
    now = runtime.clock()
    with runtime.db.read() as session:
        source = get_source(session, source_id)
        at = func.coalesce(Item.published_at, Item.seen_at)
        query = select(Item).where(Item.feed_id == source.feed_id, at >= now - REACH).order_by(at.desc()).limit(MOST)
        items = list(session.scalars(query))
        audiences = _audiences(session, items)
    return _write(runtime, items, audiences, source.brand_id)


def stored_matches(
    session: Session,
    brand_ids: Sequence[int],
    query: Query,
    *,
    now: datetime,
    limit: int,
    whole_feeds: Collection[int] = (),
) -> list[Item]:
    """Stored items of these brands' feeds that a query matches, or that are of `whole_feeds`; newest first."""
    at = func.coalesce(Item.published_at, Item.seen_at)
    feeds = select(Source.feed_id).where(Source.brand_id.in_(brand_ids), Source.removed_at.is_(None))
    rows = (
        select(Item)
        .where(Item.feed_id.in_(feeds), at >= now - REACH)
        .where(or_(Item.feed_id.in_(whole_feeds), *_matching(session, query)))
        .order_by(at.desc(), Item.id.desc())
        .limit(limit)
    )
    items, heard = list(session.scalars(rows)), parts_heard(session, brand_ids)
    kinds = kinds_of(session, heard)
    return [
        item
        for item in items
        if item.feed_id not in heard
        or any(is_for(KINDS[kinds[item.feed_id]], part, item.url) for part in heard[item.feed_id])
    ]


def known_matches(session: Session, watch: Watch, *, now: datetime) -> list[tuple[Mention, Match]]:
    """Mentions of the brand that a keyword matches, whatever brought them; newest first."""
    wanted = Filter(query=watch.query, since=now - REACH)
    found = []
    for mention in list_mentions(session, [watch.brand_id], wanted, limit=MOST_OF_KEYWORD, now=now):
        about = About(mention.author, mention.url, mention.network, mention.language, mention.type, mention.source_kind)
        match = match_one(watch.query, texts_of(mention.title, mention.text), about)
        if match is not None and speaks(watch, mention.language):
            found.append((mention, match))
    return found


def _matching(session: Session, query: Query) -> list[ColumnElement[bool]]:
    """What the query asks of items, through the full-text index wherever its words can say which can match."""
    asked = query_condition(query, _STORED)
    needed = search_words(query)
    return [asked if needed is None else and_(_INDEX.holds(session, needed), asked)]


def kinds_of(session: Session, feed_ids: Collection[int]) -> dict[int, str]:
    """The kind of each feed."""
    rows = session.execute(select(Feed.id, Feed.kind).where(Feed.id.in_(feed_ids)))
    return {row[0]: row[1] for row in rows}


def as_read(item: Item) -> ReadItem:
    """A stored item as a connector gave it."""
    return ReadItem(
        external_id=item.external_id,
        url=item.url,
        title=item.title,
        text=item.text,
        author=item.author,
        author_url=item.author_url,
        published_at=item.published_at,
        language=item.language,
        type=item.type,
        publisher=item.publisher,
        publisher_url=item.publisher_url,
    )


def _audiences(session: Session, items: Sequence[Item]) -> dict[int, Audience]:
    kinds = kinds_of(session, {item.feed_id for item in items})
    return {feed_id: read_audience(session, feed_id, kind) for feed_id, kind in kinds.items()}


def _write(runtime: Runtime, items: Sequence[Item], audiences: Mapping[int, Audience], brand_id: int) -> int:
    now = runtime.clock()
    planned = []
    for item in reversed(items):
        audience = audiences[item.feed_id]
        if brand_id in audience.sources:
            planned.append(Planned({}, mentions_of(as_read(item), audience, [brand_id], now=now)))
    created = 0
    for start in range(0, len(planned), CHUNK):
        with runtime.db.write() as session:
            created += write_mentions(session, planned[start : start + CHUNK], now=now)
    return created
