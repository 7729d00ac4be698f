"""Which keywords of which brands an item is for. One automaton for all keywords of all brands, kept per process.

- Whole texts (feeds, Hacker News, Mastodon): the matcher says which keywords are in it.
- Snippets of a search (Google News, Bing News): the item carries the keyword that asked, even where our words are not
  in the piece we were given; only what the query excludes is held against it.
- `take: all`: the item is a mention whatever the words; those that match are lit up.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inbox.mentions import Hit
from backend.listening.keywords import stamp_of_keywords
from backend.listening.models import Keyword, Source
from backend.query.fields import UNKNOWN, About
from backend.query.grammar import And, Fact, Not, Or, Query, Term, Tree, facts_of, parse_query
from backend.query.match import Match, Matcher, fact_holds, match_one
from backend.query.words import fold, spellings

_KEPT = 4  # databases of one process: one in life, several in tests


@dataclass(frozen=True)
class Watch:
    """One live keyword."""

    keyword_id: int
    brand_id: int
    query: Query
    languages: frozenset[str]
    by_language: bool = False  # the query itself asks for languages


@dataclass(frozen=True)
class Watching:
    """All live keywords, ready to match. Immutable; threads share it."""

    watches: Mapping[int, Watch]
    matcher: Matcher


@dataclass(frozen=True)
class Kept:
    """An item is a mention of a brand: by which source, with which keywords."""

    source_id: int
    hits: Sequence[Hit]


_cache: OrderedDict[str, tuple[str, Watching]] = OrderedDict()
_lock = Lock()


def load_watching(session: Session) -> Watching:
    """All live keywords; built anew only when one of them changed."""
    key, stamp = str(session.get_bind().engine.url), stamp_of_keywords(session)
    with _lock:
        kept = _cache.get(key)
        if kept is not None and kept[0] == stamp:
            _cache.move_to_end(key)
            return kept[1]
    rows = session.scalars(select(Keyword).where(Keyword.removed_at.is_(None), Keyword.paused.is_(False)))
    watching = make_watching(rows.all())
    with _lock:
        _cache[key] = (stamp, watching)
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return watching


def make_watching(keywords: Sequence[Keyword]) -> Watching:
    watches = {
        keyword.id: _watch(keyword.id, keyword.brand_id, parse_query(keyword.query), frozenset(keyword.languages))
        for keyword in keywords
    }
    return Watching(watches, Matcher({key: watch.query for key, watch in watches.items()}))


def _watch(keyword_id: int, brand_id: int, query: Query, languages: frozenset[str]) -> Watch:
    by_language = any(fact.field == "lang" for fact in facts_of(query.tree))
    return Watch(keyword_id, brand_id, query, languages, by_language)


def texts_of(title: str, text: str) -> dict[str, str]:
    """The fields that keywords look at, by the names that highlights carry."""
    return {"title": title, "text": text}


def choose(
    brand_id: int,
    sources: Sequence[Source],
    watching: Watching,
    matches: Sequence[Match],
    texts: Mapping[str, str],
    language: str,
    about: About = UNKNOWN,
) -> Kept | None:
    """Whether an item of a feed is a mention of this brand. `sources`: the brand's live ones of that feed, not empty;
    `matches`: what the matcher found in it, of all brands; `language`: "" or "und" when it is not known; `about`: what
    else is known of it."""
    about = replace(about, language=language if language not in ("", "und") else None)
    hits = {
        match.key: hit_of(match)
        for match in matches
        if (watch := watching.watches[match.key]).brand_id == brand_id
        and speaks(watch, language)
        and (not watch.by_language or match_one(watch.query, texts, about) is not None)
    }
    keeper: Source | None = None
    for source in sources:
        if source.keyword_id is None:
            keeps = source.take == "all" or bool(hits)
        else:
            carried = watching.watches.get(source.keyword_id)
            if carried is None:
                continue
            if source.take == "all" and speaks(carried, language) and could_match(carried.query, texts, about):
                hits.setdefault(source.keyword_id, Hit(source.keyword_id))
            keeps = bool(hits)
        if keeps and keeper is None:
            keeper = source
    if keeper is None:
        return None
    return Kept(keeper.id, [hits[key] for key in sorted(hits)])


def hit_of(match: Match) -> Hit:
    return Hit(match.key, [{"field": lit.field, "start": lit.start, "end": lit.end} for lit in match.highlights])


def speaks(watch: Watch, language: str) -> bool:
    """A keyword with languages of its own leaves out what is surely in another one."""
    return not watch.languages or language in ("", "und") or language in watch.languages


def could_match(query: Query, texts: Mapping[str, str], about: About = UNKNOWN) -> bool:
    """Whether the whole text behind a snippet may match: what is not in the piece may be in the rest, what is
    excluded and there is there for good."""
    flats = {field: fold(text).flat for field, text in texts.items()}
    author = fold(about.author or "").flat

    def there(term: Term) -> bool:
        named = {**flats, "author": author}.get(term.field or "")
        places = flats.values() if named is None else [named]
        return any(f" {spelling} " in flat for spelling in spellings(term.words) for flat in places)

    def possible(tree: Tree) -> bool:
        match tree:
            case Term():
                return True
            case Fact():
                return fact_holds(tree, about) is not False
            case Not(part):
                return not certain(part)
            case And(parts):
                return all(map(possible, parts))
            case Or(parts):
                return any(map(possible, parts))

    def certain(tree: Tree) -> bool:
        match tree:
            case Term():
                return there(tree)
            case Fact():
                return fact_holds(tree, about) is True
            case Not(part):
                return not possible(part)
            case And(parts):
                return all(map(certain, parts))
            case Or(parts):
                return any(map(certain, parts))

    return possible(query.tree)
