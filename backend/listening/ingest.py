"""From items to mentions: what was read is stored once, and becomes a mention of every brand it is for.

Deciding is apart from writing: `plan_items` matches, folds and detects languages outside of any transaction;
`write_plan` writes one chunk inside the caller's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.connectors.base import Item as ReadItem
from backend.connectors.kind import SourceKind
from backend.inbox.addresses import network_of
from backend.inbox.hints import Mind, Said, judge, read_mind
from backend.inbox.mentions import NewMention, add_mentions, known_by
from backend.inbox.types import type_of
from backend.infra.errors import NotFound
from backend.infra.tables import insert_new
from backend.listening.feeds import live_sources
from backend.listening.joined import is_for
from backend.listening.keywords import stamp_of_keywords
from backend.listening.kinds import KINDS
from backend.listening.known import key_of
from backend.listening.matching import Watching, choose, texts_of
from backend.listening.models import Feed, Item, Source
from backend.listening.watching import load_watching
from backend.query.fields import About
from backend.query.match import Reading, read_text
from backend.query.words import column_of
from backend.understanding.language import detect_language

CHUNK = 50  # items a transaction; each may become several rows
#: searches dig up what is years old; that is history, not news
OLDEST_OF_SEARCH = timedelta(days=365)


@dataclass(frozen=True)
class Audience:
    """Who listens to one feed, and what they listen for."""

    kind: str
    sources: Mapping[int, Sequence[Source]]  # by brand
    languages: Mapping[int, Sequence[str]]  # of each brand
    minds: Mapping[int, Mind]  # what was learned for each brand
    watching: Watching
    account_id: int | None = None  # whose notifications these are
    stamp: str = ""  # of who listens and of all keywords, when this was read


@dataclass(frozen=True)
class Planned:
    """One item, its row, and the mentions it becomes, by brand."""

    row: Mapping[str, Any]
    mentions: Mapping[int, NewMention]


@dataclass(frozen=True)
class Written:
    items: int = 0
    mentions: int = 0  # new ones


def read_audience(session: Session, feed_id: int, kind: str) -> Audience:
    """Who listens to a feed now. Brands that were removed do not."""
    return read_audiences(session, {feed_id: (kind, session.get_one(Feed, feed_id).params)})[feed_id]


def read_audiences(session: Session, feeds: Mapping[int, tuple[str, Mapping[str, str]]]) -> dict[int, Audience]:
    """The same of several, given with their kinds and params."""
    by_feed: dict[int, dict[int, list[Source]]] = {feed_id: {} for feed_id in feeds}
    stamp = stamp_of_keywords(session)
    listeners = dict.fromkeys(feeds, "")
    for source in live_sources(session, *feeds):
        by_feed[source.feed_id].setdefault(source.brand_id, []).append(source)
        listeners[source.feed_id] += f" {source.id}.{source.version}"
    languages: dict[int, Sequence[str]] = {}
    for brand_id in {brand_id for by_brand in by_feed.values() for brand_id in by_brand}:
        with suppress(NotFound):
            languages[brand_id] = get_brand(session, brand_id).languages
    minds = {brand_id: read_mind(session, brand_id) for brand_id in languages}
    watching = load_watching(session)
    audiences = {}
    for feed_id, (kind, params) in feeds.items():
        sources = {brand_id: found for brand_id, found in by_feed[feed_id].items() if brand_id in languages}
        account_id = params.get("account_id")
        whose = int(account_id) if account_id else None
        audiences[feed_id] = Audience(kind, sources, languages, minds, watching, whose, f"{stamp}{listeners[feed_id]}")
    return audiences


def as_of_now(session: Session, feed_id: int, audience: Audience) -> Audience:
    """The same one, where nobody came, went or changed a keyword since; else who listens now."""
    listeners = "".join(f" {source.id}.{source.version}" for source in live_sources(session, feed_id))
    if audience.stamp == f"{stamp_of_keywords(session)}{listeners}":
        return audience
    return read_audience(session, feed_id, audience.kind)


def plan_items(feed_id: int, items: Sequence[ReadItem], audience: Audience, *, now: datetime) -> list[Planned]:
    """What to write for each item. Pure but for the language model it may load."""
    planned = []
    for item in items:
        reading = read_item(item, KINDS[audience.kind])
        words = column_of(*(reading.folded[name] for name in ("title", "text", "author")))
        row = {
            "feed_id": feed_id,
            "external_id": item.external_id,
            "content_key": key_of(item) if KINDS[audience.kind].article else "",
            "url": item.url,
            "title": item.title,
            "text": item.text,
            "author": item.author[:200],
            "author_url": item.author_url,
            "publisher": item.publisher[:200],
            "publisher_url": item.publisher_url,
            "language": item.language[:8],
            "published_at": item.published_at,
            "seen_at": now,
            "type": reading.about.type or "",
            "words": words,
        }
        mentions = mentions_of(item, audience, audience.sources, now=now, reading=reading)
        ready = {
            brand_id: replace(mention, known_by=known_by(mention, now=now), words=words)
            for brand_id, mention in mentions.items()
        }
        planned.append(Planned(row, ready))
    return planned


def read_item(item: ReadItem, kind: SourceKind) -> Reading:
    """An item folded, once for all that looks at it, with what is known of it beside its words."""
    network = kind.network or network_of(item.url)
    about = About(
        author=item.author[:200],
        url=item.url,
        network=network,
        language=item.language or None,
        type=item.type or type_of(kind.kind, network, item.url, usual=kind.type),
        source=kind.kind,
    )
    return read_text(texts_of(item.title, item.text), about)


def mentions_of(
    item: ReadItem,
    audience: Audience,
    brand_ids: Collection[int],
    *,
    now: datetime,
    reading: Reading | None = None,
) -> dict[int, NewMention]:
    """The mentions an item becomes, for these brands of its audience."""
    kind = KINDS[audience.kind]
    if kind.keyword_search and item.published_at is not None and item.published_at < now - OLDEST_OF_SEARCH:
        return {}
    reading = reading or read_item(item, kind)
    # In which language it is each brand finds out for itself.
    reading = replace(reading, about=replace(reading.about, language=None))
    matches = audience.watching.match(reading)
    found: dict[int, NewMention] = {}
    for brand_id in brand_ids:
        sources = [one for one in audience.sources[brand_id] if is_for(kind, one.part, item.url)]
        if not sources:
            continue
        if not matches and all(source.take == "matching" for source in sources):
            continue  # most items of most feeds: nothing to detect, nothing to decide
        language = item.language or detect_language(f"{item.title}\n{item.text}", audience.languages[brand_id])
        kept = choose(brand_id, sources, audience.watching, matches, reading, language)
        if kept is None:
            continue
        said = Said(item.text, title=item.title, url=item.url, language=language, addressed=_addressed(item, audience))
        keyword_ids = [hit.keyword_id for hit in kept.hits]
        judged = judge(audience.minds[brand_id], said, languages=audience.languages[brand_id], keyword_ids=keyword_ids)
        found[brand_id] = NewMention(
            url=item.url,
            title=item.title,
            text=item.text,
            author=item.author,
            author_url=item.author_url,
            network=kind.network,
            source_id=kept.source_id,
            source_kind=kind.kind,
            published_at=item.published_at,
            language=language,
            publisher_url=item.publisher_url,
            article=kind.article,
            hits=kept.hits,
            type=reading.about.type or "",
            place=kind.kind if kind.keyword_search else "",
            values={**judged, **_spoken_to_us(item, audience)},
        )
    return found


def _addressed(item: ReadItem, audience: Audience) -> str:
    """How it spoke to an account of ours, "" = it did not."""
    return item.addressed if audience.account_id is not None else ""


def _spoken_to_us(item: ReadItem, audience: Audience) -> dict[str, Any]:
    """Columns of a mention that say to which account of ours it spoke, and how it is answered."""
    if not _addressed(item, audience):
        return {}
    return {
        "account_id": audience.account_id,
        "addressed": item.addressed,
        "remote_id": item.remote_id,
        "author_handle": item.author_handle[:300],
    }


def write_plan(session: Session, planned: Sequence[Planned], *, now: datetime) -> Written:
    """One chunk. What another worker stored meanwhile is left to that worker."""
    if not planned:
        return Written()
    rows = [one.row for one in planned]
    found = insert_new(session, Item, rows, unique=["feed_id", "external_id"], returning=["external_id"])
    stored = {external_id for (external_id,) in found}
    return Written(
        len(stored), write_mentions(session, [p for p in planned if p.row["external_id"] in stored], now=now)
    )


def write_edited(session: Session, planned: Sequence[Planned], *, now: datetime) -> Written:
    """One chunk of items whose title their publisher changed: the stored words follow, and who is named only now hears
    of it. A mention that is there keeps what a person may have read."""
    for one in planned:
        kept = {name: one.row[name] for name in ("title", "text", "words") if one.row[name]}
        session.execute(
            update(Item)
            .where(Item.feed_id == one.row["feed_id"], Item.external_id == one.row["external_id"])
            .values(**kept)
        )
    return Written(0, write_mentions(session, planned, now=now))


def write_mentions(session: Session, planned: Sequence[Planned], *, now: datetime) -> int:
    """The mentions of a chunk, brand by brand. Gives how many are new."""
    created = 0
    for brand_id in sorted({brand_id for one in planned for brand_id in one.mentions}):
        wanted = [one.mentions[brand_id] for one in planned if brand_id in one.mentions]
        created += sum(new for _, new in add_mentions(session, brand_id, wanted, now=now))
    return created
