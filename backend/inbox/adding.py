"""How something said becomes a mention, once, however many bring it, in whatever order, at whatever moment.

1. The keys of each new thing are computed (identity.py) and looked up together.
2. What is known is merged: another place, another keyword, a text where there was none.
3. What is new is inserted, then its keys with ON CONFLICT DO NOTHING. Whoever loses that race finds the winner's key,
   deletes its own row in the same transaction, and merges into the winner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.inbox.addresses import host_of, network_of
from backend.inbox.hints import PERSON
from backend.inbox.identity import (
    HIDDEN_HOMES,
    NEAR_DAYS,
    SIGNED_BY_PUBLISHERS,
    article_keys,
    hashed,
    home_of,
    signed_by_two,
    story_bands,
    story_keys,
    story_text,
    url_key,
)
from backend.inbox.models import Mention, MentionBand, MentionEvent, MentionKey, MentionKeyword, MentionPlace
from backend.inbox.types import type_of
from backend.infra.changes import record_change, record_changes
from backend.infra.db import Base, lock_row
from backend.infra.tables import insert_all, insert_new
from backend.query.words import fold_column
from backend.understanding.similar import is_near

MAX_NOTE = 10_000
MAX_TAGS = 30
MOST_AT_ONCE = 50  # mentions; a transaction shall stay short
_KEYS_PER_QUERY = 500
_MOST_CANDIDATES = 2_000  # of a text that thousands repeat, some are enough
_MOST_COMPARED = 20  # with one text; those that share most of its bands
_KEY = ("brand_id", "kind", "key")


@dataclass(frozen=True)
class Hit:
    """A keyword that found something, and where: `[{"field", "start", "end"}]` in code points."""

    keyword_id: int
    highlights: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class KnownBy:
    """What something said is known by (identity.py)."""

    url: str
    articles: Sequence[str]
    stories: Sequence[str]
    bands: Sequence[int]


@dataclass(frozen=True)
class NewMention:
    """Something said, about to become a mention or to join one. Texts are plain."""

    url: str
    title: str = ""
    text: str = ""
    author: str = ""
    author_url: str = ""
    network: str = ""  # "" = by the address
    source_id: int | None = None
    source_kind: str = "page"
    type: str = ""  # post | comment | article | video | page; "" = by network and address
    published_at: datetime | None = None
    language: str = "und"
    publisher_url: str = ""
    article: bool = False  # from a feed or the press: the same title on the same site on the same day is the same
    hits: Sequence[Hit] = ()
    note: str = ""
    tags: Sequence[str] = ()
    place: str = ""  # what counts as one place ("googlenews", in however many editions); "" = source and address
    values: Mapping[str, Any] = field(default_factory=dict)  # other columns: sentiment, intent, status…
    # What costs time to work out, where it was done before the transaction.
    known_by: KnownBy | None = None
    words: str = ""  # folded column of title, text and author


@dataclass(frozen=True)
class Actor:
    """Who does something, for the log. The machine has neither."""

    member_id: int | None = None
    name: str = ""
    person: bool = False  # what a person says of a mention teaches; what a rule says does not
    cause: str = ""  # "rule": what it changes wakes no rule


MACHINE = Actor()


@dataclass(eq=False)
class _Draft:
    """One new thing on its way. Two are never equal, whatever they hold."""

    item: NewMention
    known_by: KnownBy
    mention: Mention | None = None
    created: bool = False
    deleted: bool = False  # it was there, somebody deleted it, and nobody asks for it back

    @property
    def url(self) -> str:
        return self.known_by.url

    @property
    def articles(self) -> Sequence[str]:
        return self.known_by.articles

    @property
    def stories(self) -> Sequence[str]:
        return self.known_by.stories

    @property
    def bands(self) -> Sequence[int]:
        return self.known_by.bands


def add_mention(
    session: Session, brand_id: int, item: NewMention, *, now: datetime, by: Actor = MACHINE
) -> tuple[Mention, bool]:
    """The mention, and whether it is new. What a person adds comes back even where it was deleted before."""
    mention, created = add_mentions(session, brand_id, [item], now=now, by=by, revive=True)[0]
    if mention is None:  # cannot be: `revive`
        raise LookupError("a revived mention is missing")
    return mention, created


def add_mentions(
    session: Session,
    brand_id: int,
    items: Sequence[NewMention],
    *,
    now: datetime,
    by: Actor = MACHINE,
    revive: bool = False,
) -> list[tuple[Mention | None, bool]]:
    """For each item its mention and whether it is new; None for what was deleted and shall not come back.

    At most `MOST_AT_ONCE` items. The caller's transaction; nothing is committed here.
    """
    drafts = [_Draft(item, item.known_by or known_by(item, now=now)) for item in items]
    known = _read_keys(session, brand_id, drafts)
    _find(session, drafts, known, revive=revive)
    fresh = _insert(session, brand_id, drafts, known, now=now, revive=revive)
    _merge(session, [draft for draft in drafts if draft.mention is not None and draft not in fresh], by=by, now=now)
    session.flush()
    who: dict[str, Any] = {"member_id": by.member_id, "who": by.name, "act": "", "before": {}, "after": {}}
    ids = [_there(draft).id for draft in fresh]
    insert_all(session, MentionEvent, [{"mention_id": id, "at": now, "what": "created", **who} for id in ids])
    if ids:
        record_changes(session, kind="mention.created", refs=[(id, brand_id) for id in ids], now=now)
    return [(draft.mention, draft.created) for draft in drafts]


def known_by(item: NewMention, *, now: datetime) -> KnownBy:
    """What it is known by. Pure; half a millisecond for a long text, which nobody should wait for in a transaction."""
    at = min(item.published_at or now, now)
    articles = article_keys(item.url, item.title, item.publisher_url, at) if item.article else ()
    stories = story_keys(item.title, item.text, at)
    return KnownBy(url_key(item.url), articles, stories, story_bands(item.title, item.text))


_Known = dict[tuple[str, str], int | None]


def _read_keys(session: Session, brand_id: int, drafts: Sequence[_Draft]) -> _Known:
    wanted = {("url", draft.url) for draft in drafts}
    wanted |= {("article", key) for draft in drafts for key in draft.articles}
    wanted |= {("story", key) for draft in drafts for key in draft.stories}
    keys = sorted({key for _, key in wanted})
    known: _Known = {}
    for start in range(0, len(keys), _KEYS_PER_QUERY):
        rows = session.execute(
            select(MentionKey.kind, MentionKey.key, MentionKey.mention_id).where(
                MentionKey.brand_id == brand_id, MentionKey.key.in_(keys[start : start + _KEYS_PER_QUERY])
            )
        )
        known.update({(kind, key): mention_id for kind, key, mention_id in rows if (kind, key) in wanted})
    return known


def _find(session: Session, drafts: Sequence[_Draft], known: _Known, *, revive: bool) -> None:
    """Give each draft the mention it already is; drop what was deleted."""
    ids = {mention_id for (kind, _), mention_id in known.items() if mention_id is not None and kind != "story"}
    there = {m.id: m for m in session.scalars(select(Mention).where(Mention.id.in_(ids)))} if ids else {}
    articles = {id for draft in drafts for key in draft.articles if (id := known.get(("article", key))) in there}
    sources = _sources_of(session, articles)
    for draft in drafts:
        if ("url", draft.url) in known:
            _give(draft, there.get(known["url", draft.url] or 0), sources, revive=revive)
    for draft in drafts:
        for key in draft.articles:
            if draft.mention is None and not draft.deleted and ("article", key) in known:
                mention = there.get(known["article", key] or 0)
                if mention is None or _is_copy(draft.item, mention, sources[mention.id]):
                    _give(draft, mention, sources, revive=revive)


def _give(draft: _Draft, mention: Mention | None, sources: dict[int, set[int]], *, revive: bool) -> None:
    draft.mention, draft.deleted = mention, mention is None and not revive
    if mention is not None and draft.item.source_id is not None:
        sources.setdefault(mention.id, set()).add(draft.item.source_id)


def _sources_of(session: Session, mention_ids: Collection[int | None]) -> dict[int, set[int]]:
    """The sources that brought each of these mentions."""
    found: dict[int, set[int]] = {id: set() for id in mention_ids if id is not None}
    if found:
        places = select(MentionPlace.mention_id, MentionPlace.source_id)
        for mention_id, source_id in session.execute(places.where(MentionPlace.mention_id.in_(found))):
            if source_id is not None:
                found[mention_id].add(source_id)
    return found


def _is_copy(item: NewMention, of: Mention, sources: Collection[int]) -> bool:
    """Whether an article of the same title, site and day is the same one: another source brings it (two of one feed are
    two, `listening.known`), and no two people signed them."""
    if item.source_id is not None and item.source_id in sources:
        return False
    published = {item.source_kind, of.source_kind} & SIGNED_BY_PUBLISHERS
    return bool(published) or not signed_by_two(item.author, of.author, home_of(item.url, item.publisher_url))


def _insert(
    session: Session, brand_id: int, drafts: Sequence[_Draft], known: _Known, *, now: datetime, revive: bool
) -> list[_Draft]:
    """Insert what is new, each once; gives the drafts whose mentions are really ours."""
    first: dict[str, _Draft] = {}  # what this very batch brings
    sources: dict[_Draft, set[int]] = {}  # that brought it
    fresh: list[_Draft] = []
    for draft in drafts:
        if draft.mention is not None or draft.deleted:
            continue
        articles = (other for key in draft.articles if (other := first.get(key)) is not None)
        copies = (other for other in articles if _is_copy(draft.item, _there(other), sources[other]))
        twin = first.get(draft.url) or next(copies, None)
        sources.setdefault(twin or draft, set()).add(draft.item.source_id or 0)
        if twin is not None:
            draft.mention = twin.mention
            continue
        draft.mention = _new_mention(brand_id, draft.item, now)
        session.add(draft.mention)
        for key in (draft.url, *draft.articles[:1]):
            first.setdefault(key, draft)
        fresh.append(draft)
    if not fresh:
        return []
    session.flush()
    near = _Near(session, brand_id, fresh, now)
    for draft in fresh:
        mention = _there(draft)
        story = next((known["story", key] for key in draft.stories if known.get(("story", key))), None)
        story = story or near.find(draft)
        mention.story_id = story or mention.id
        near.add(draft)
        if draft.stories and not known.get(("story", draft.stories[0])):
            known["story", draft.stories[0]] = mention.story_id
    lost = _claim_keys(session, brand_id, fresh, revive=revive)
    for draft in lost:
        ours = draft.mention
        winner = _yield_to_winner(session, brand_id, draft)
        for twin in drafts:
            if twin.mention is ours:
                twin.mention = winner
    won = [draft for draft in fresh if draft not in lost]
    for draft in won:
        draft.created = True
    _add_places(session, won, now)
    _add_hits(session, won)
    _add_bands(session, brand_id, won, now)
    return won


class _Near:
    """Who says nearly the same, among what was seen in the last days and what this batch brings."""

    def __init__(self, session: Session, brand_id: int, drafts: Sequence[_Draft], now: datetime) -> None:
        self._by_band: dict[int, list[int]] = {}  # band → mentions, as `_said` knows them
        self._said: dict[int, tuple[int | None, str]] = {}  # mention → (story, text)
        bands = sorted({band for draft in drafts for band in draft.bands})
        for start in range(0, len(bands), _KEYS_PER_QUERY):
            rows = session.execute(
                select(MentionBand.band, MentionBand.mention_id)
                .where(
                    MentionBand.brand_id == brand_id,
                    MentionBand.band.in_(bands[start : start + _KEYS_PER_QUERY]),
                    MentionBand.seen_at >= now - timedelta(days=NEAR_DAYS),
                )
                .order_by(MentionBand.mention_id)
                .limit(_MOST_CANDIDATES)
            )
            for band, mention_id in rows:
                self._by_band.setdefault(band, []).append(mention_id)
        # Texts are long: only those that will be compared are read.
        self._read(session, sorted({one for draft in drafts for one in self._likely(draft)}))

    def _read(self, session: Session, ids: Sequence[int]) -> None:
        for start in range(0, len(ids), _KEYS_PER_QUERY):
            wanted = Mention.id.in_(ids[start : start + _KEYS_PER_QUERY])
            for id, story, title, text in session.execute(
                select(Mention.id, Mention.story_id, Mention.title, Mention.text).where(wanted)
            ):
                self._said[id] = (story, story_text(title, text))

    def _likely(self, draft: _Draft) -> list[int]:
        """Those that share most bands with it, which are the likest; of these the oldest first."""
        shared = Counter(one for band in draft.bands for one in self._by_band.get(band, ()))
        return sorted(shared, key=lambda one: (-shared[one], one))[:_MOST_COMPARED]

    def find(self, draft: _Draft) -> int | None:
        """The story of the oldest that says nearly the same."""
        ours = story_text(draft.item.title, draft.item.text)
        candidates = [self._said[one] for one in self._likely(draft) if one in self._said]
        stories = sorted({(story, text) for story, text in candidates if story is not None})
        return next((story for story, text in stories if is_near(ours, text)), None)

    def add(self, draft: _Draft) -> None:
        """What comes later in this batch may say the same."""
        mention = _there(draft)
        self._said[mention.id] = (mention.story_id, story_text(draft.item.title, draft.item.text))
        for band in draft.bands:
            self._by_band.setdefault(band, []).append(mention.id)


def _add_bands(session: Session, brand_id: int, drafts: Sequence[_Draft], now: datetime) -> None:
    rows = [
        {"mention_id": _there(draft).id, "band": band, "brand_id": brand_id, "seen_at": now}
        for draft in drafts
        for band in dict.fromkeys(draft.bands)
    ]
    insert_all(session, MentionBand, rows)


def _new_mention(brand_id: int, item: NewMention, now: datetime) -> Mention:
    published = min(item.published_at, now) if item.published_at else None
    mention = Mention(
        brand_id=brand_id,
        url=item.url,
        network=item.network or network_of(item.url),
        source_id=item.source_id,
        source_kind=item.source_kind,
        type=item.type or type_of(item.source_kind, item.network or network_of(item.url), item.url),
        author=item.author[:200],
        author_url=item.author_url,
        title=item.title,
        text=item.text,
        published_at=published,
        seen_at=now,
        sorted_at=published or now,
        language=item.language or "und",
        note=item.note,
        tags=list(item.tags),
    )
    for name, value in item.values.items():
        setattr(mention, name, value)
    if item.words:
        mention.words = item.words
    else:
        index_words(mention)
    return mention


def index_words(mention: Mention) -> None:
    """What search looks at."""
    mention.words = fold_column(mention.title, mention.text, mention.author)


def _claim_keys(session: Session, brand_id: int, fresh: Sequence[_Draft], *, revive: bool) -> list[_Draft]:
    """Write the keys of new mentions; gives the drafts that somebody else was faster with."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for draft in fresh:
        mention = _there(draft)
        for kind, key in [("url", draft.url), *(("article", key) for key in draft.articles[:1])]:
            row = {"brand_id": brand_id, "kind": kind, "key": key, "mention_id": mention.id}
            rows.setdefault((kind, key), row)
        for key in draft.stories[:1]:
            row = {"brand_id": brand_id, "kind": "story", "key": key, "mention_id": mention.story_id}
            rows.setdefault(("story", key), row)
    # Sorted, so that two transactions wait for each other in one order and never in a circle.
    values = [rows[name] for name in sorted(rows)]
    if revive:
        insert: Any = _dialect(session).insert(MentionKey).values(values)
        statement = insert.on_conflict_do_update(
            index_elements=_KEY,
            set_={"mention_id": insert.excluded.mention_id},
            where=MentionKey.mention_id.is_(None),
        )
        found = list(session.execute(statement.returning(MentionKey.kind, MentionKey.key)))
    else:
        found = insert_new(session, MentionKey, values, unique=_KEY, returning=["kind", "key"])
    written = {(kind, key) for kind, key in found}
    return [draft for draft in fresh if ("url", draft.url) not in written]


def _yield_to_winner(session: Session, brand_id: int, draft: _Draft) -> Mention | None:
    """Somebody else's mention stands: ours goes, with the keys it did get. Gives theirs."""
    ours = _there(draft)
    session.execute(delete(MentionKey).where(MentionKey.mention_id == ours.id))
    session.delete(ours)
    session.flush()
    return session.scalar(
        select(Mention)
        .join(MentionKey, MentionKey.mention_id == Mention.id)
        .where(MentionKey.brand_id == brand_id, MentionKey.kind == "url", MentionKey.key == draft.url)
    )


# --- joining what is there ---------------------------------------------------------------------------------


_FILLED = ("url", "title", "text", "author", "note", "tags", "addressed", "about_us", "about_us_by")
_WRITTEN = {"note", "tags"}  # what people write: whoever read it before has to read it again


def _merge(session: Session, drafts: Sequence[_Draft], *, by: Actor, now: datetime) -> None:
    changed: dict[int, Mention] = {}
    for draft in drafts:
        mention, item = _there(draft), draft.item
        if item.note or item.tags:  # what a person adds is added to what stands there now
            session.flush()
            mention = lock_row(session, Mention, mention.id) or mention
        before = {name: getattr(mention, name) for name in _FILLED}
        _fill_gaps(mention, item)
        after = {name: getattr(mention, name) for name in before}
        if before != after:
            changed[mention.id] = mention
            index_words(mention)
            names = [name for name in before if before[name] != after[name]]
            if _WRITTEN & set(names):
                mention.version += 1
            session.add(
                MentionEvent(
                    mention_id=mention.id,
                    at=now,
                    member_id=by.member_id,
                    who=by.name[:120],
                    what="merged",
                    before={name: before[name] for name in names},
                    after={name: after[name] for name in names},
                )
            )
    session.flush()
    _add_keys(session, drafts)
    for mention_id in (*_add_places(session, drafts, now), *_add_hits(session, drafts)):
        changed.setdefault(mention_id, next(_there(d) for d in drafts if _there(d).id == mention_id))
    for mention in changed.values():
        record_change(session, kind="mention.changed", ref=mention.id, brand_id=mention.brand_id, now=now)


def _add_keys(session: Session, drafts: Iterable[_Draft]) -> None:
    """What joined by another address is known by that one too from now on."""
    rows = {
        (kind, key): {"brand_id": _there(draft).brand_id, "kind": kind, "key": key, "mention_id": _there(draft).id}
        for draft in drafts
        for kind, key in [("url", draft.url), *(("article", key) for key in draft.articles[:1])]
    }
    insert_new(session, MentionKey, [rows[name] for name in sorted(rows)], unique=_KEY, returning=["id"])


def _fill_gaps(mention: Mention, item: NewMention) -> None:
    """Only what was missing: a person may have read, and highlights point into, what is there."""
    if host_of(mention.url) in HIDDEN_HOMES and host_of(item.url) not in HIDDEN_HOMES:
        mention.url = item.url
    for name in ("title", "text", "author", "author_url"):
        if name == "author" and item.source_kind in SIGNED_BY_PUBLISHERS:
            continue  # its publisher: who wrote it may be told by another
        if not getattr(mention, name) and getattr(item, name):
            setattr(mention, name, getattr(item, name)[:200] if name == "author" else getattr(item, name))
    if mention.published_at is None and item.published_at is not None:
        mention.published_at = mention.sorted_at = min(item.published_at, mention.seen_at)
    judged_by_person = {mention.sentiment_by, mention.intent_by, mention.about_us_by} & {PERSON}
    if not mention.guesses and item.values.get("guesses") and not judged_by_person:
        for name in ("sentiment", "sentiment_by", "intent", "intent_by", "guesses", "rude"):
            setattr(mention, name, item.values[name])
    for name in ("account_id", "addressed", "remote_id", "author_handle"):
        # A search may have found first what an account hears too.
        if not getattr(mention, name) and item.values.get(name):
            setattr(mention, name, item.values[name])
    if mention.addressed and mention.about_us == "probably_not" and mention.about_us_by != PERSON:
        # As `hints.judge` says of what is addressed from the beginning: whoever speaks to us means us.
        mention.about_us, mention.about_us_by = "yes", ""
    if mention.language == "und" and item.language:
        mention.language = item.language
    if item.note and item.note not in mention.note:
        mention.note = f"{mention.note}\n{item.note}".strip()[: max(MAX_NOTE, len(mention.note))]
    if new := [tag for tag in item.tags if tag not in mention.tags][: max(0, MAX_TAGS - len(mention.tags))]:
        mention.tags = [*mention.tags, *new]


def _add_places(session: Session, drafts: Iterable[_Draft], now: datetime) -> list[int]:
    """Each place once. Gives the mentions that got another one."""
    rows = {
        (_there(draft).id, key): {
            "mention_id": _there(draft).id,
            "key": key,
            "source_id": draft.item.source_id,
            "url": draft.item.url,
            "seen_at": now,
        }
        for draft in drafts
        if (key := hashed(draft.item.place or f"{draft.item.source_id or ''}\n{url_key(draft.item.url)}"))
    }
    return _insert_new(session, MentionPlace, list(rows.values()), ["mention_id", "key"])


def _add_hits(session: Session, drafts: Iterable[_Draft]) -> list[int]:
    """Each keyword once. Highlights only in what the mention really shows."""
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for draft in drafts:
        mention, item = _there(draft), draft.item
        shown = {name for name in ("title", "text", "author") if getattr(mention, name) == getattr(item, name)}
        for hit in item.hits:
            lit = [dict(one) for one in hit.highlights if one["field"] in shown]
            row = {"mention_id": mention.id, "keyword_id": hit.keyword_id, "highlights": lit}
            known = rows.get((mention.id, hit.keyword_id))
            if known is None or not known["highlights"]:
                rows[mention.id, hit.keyword_id] = row
    return _insert_new(session, MentionKeyword, list(rows.values()), ["mention_id", "keyword_id"])


def give_hits(session: Session, hits: Sequence[tuple[int, Hit]], *, now: datetime) -> None:
    """Mentions that are here turn out to be of a keyword too, as (mention, hit); what is gone meanwhile stays gone."""
    ids = [mention_id for mention_id, _ in hits]
    there = select(Mention.id, Mention.brand_id).where(Mention.id.in_(ids)).order_by(Mention.id)
    brands = {row[0]: row[1] for row in session.execute(there.with_for_update(read=True, of=Mention))}
    rows = [
        {"mention_id": mention_id, "keyword_id": hit.keyword_id, "highlights": [dict(one) for one in hit.highlights]}
        for mention_id, hit in hits
        if mention_id in brands
    ]
    given = _insert_new(session, MentionKeyword, rows, ["mention_id", "keyword_id"])
    if given:
        record_changes(session, kind="mention.changed", refs=[(id, brands[id]) for id in given], now=now)


def _insert_new(session: Session, model: type[Base], rows: list[dict[str, Any]], unique: list[str]) -> list[int]:
    """INSERT what is not there yet; gives the `mention_id`s of the rows written."""
    return [row[0] for row in insert_new(session, model, rows, unique=unique, returning=["mention_id"])]


def _dialect(session: Session) -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite


def _there(draft: _Draft) -> Mention:
    if draft.mention is None:
        raise LookupError("a draft without its mention")
    return draft.mention
