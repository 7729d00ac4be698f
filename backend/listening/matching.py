"""Which keywords of which brands an item is for. One automaton for all keywords of all brands (`watching`).

- Whole texts (feeds, Hacker News, Mastodon): the matcher says which keywords are in it.
- Snippets of a search (Google News, Bing News): the item carries the keyword that asked, even where our words are not
  in the piece we were given; only what the query excludes is held against it.
- `take: all`: the item is a mention whatever the words; those that match are lit up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from backend.inbox.mentions import Hit
from backend.listening.models import Keyword, Source
from backend.query.grammar import And, Fact, Literal, Near, Not, Or, Query, Term, Tree, facts_of, parse_query
from backend.query.match import Match, Matcher, Reading, fact_holds, holds, leaf_holds


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
    """All live keywords, ready to match. Immutable; threads share it.

    `late`: those that changed since the big matcher was built, in a small one of their own (`watching.py`).
    """

    watches: Mapping[int, Watch]
    _matcher: Matcher
    late: Matcher | None = None
    changed: frozenset[int] = frozenset()  # of which the big matcher knows only what they were

    def match(self, reading: Reading) -> list[Match]:
        """What is in a text, of all brands, by keyword."""
        found = self._matcher.match_reading(reading)
        if self.late is None and not self.changed:
            return found
        kept = [match for match in found if match.key not in self.changed]
        return sorted([*kept, *(self.late.match_reading(reading) if self.late else ())], key=lambda match: match.key)

    def with_changes(self, watches: Mapping[int, Watch], late: Collection[int], gone: Collection[int]) -> Watching:
        """The same of what is live now: all `watches`, of which those in `late` are new or others than they were."""
        small = matcher_of(watches[id] for id in late) if late else None
        return Watching(watches, self._matcher, small, frozenset({*late, *gone}))


@dataclass(frozen=True)
class Kept:
    """An item is a mention of a brand: by which source, with which keywords."""

    source_id: int
    hits: Sequence[Hit]


def make_watching(keywords: Sequence[Keyword]) -> Watching:
    watches = {keyword.id: watch_of(keyword) for keyword in keywords}
    return Watching(watches, matcher_of(watches.values()))


def matcher_of(watches: Iterable[Watch]) -> Matcher:
    return Matcher({watch.keyword_id: watch.query for watch in watches})


def watch_of(keyword: Keyword) -> Watch:
    query = parse_query(keyword.query)
    by_language = any(fact.field == "lang" for fact in facts_of(query.tree))
    return Watch(keyword.id, keyword.brand_id, query, frozenset(keyword.languages), by_language)


def texts_of(title: str, text: str) -> dict[str, str]:
    """The fields that keywords look at, by the names that highlights carry."""
    return {"title": title, "text": text}


def choose(
    brand_id: int,
    sources: Sequence[Source],
    watching: Watching,
    matches: Sequence[Match],
    reading: Reading,
    language: str,
) -> Kept | None:
    """Whether an item of a feed is a mention of this brand. `sources`: the brand's live ones of that feed, not empty;
    `matches`: what the matcher found in it, of all brands; `language`: "" or "und" when it is not known."""
    about = replace(reading.about, language=language if language not in ("", "und") else None)
    reading = replace(reading, about=about)
    hits = {
        match.key: hit_of(match)
        for match in matches
        if (watch := watching.watches[match.key]).brand_id == brand_id
        and speaks(watch, language)
        and (not watch.by_language or holds(watch.query.tree, reading))
    }
    keeper: Source | None = None
    for source in sources:
        if source.keyword_id is None:
            keeps = source.take == "all" or bool(hits)
        else:
            carried = watching.watches.get(source.keyword_id)
            if carried is None:
                continue
            if source.take == "all" and speaks(carried, language) and could_match(carried.query, reading):
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


def could_match(query: Query, reading: Reading) -> bool:
    """Whether the whole text behind a snippet may match: what is not in the piece may be in the rest, what is
    excluded and there is there for good."""

    def possible(tree: Tree) -> bool:
        match tree:
            case Term() | Near() | Literal():
                return True
            case Fact():
                return fact_holds(tree, reading.about) is not False
            case Not(part):
                return not certain(part)
            case And(parts):
                return all(map(possible, parts))
            case Or(parts):
                return any(map(possible, parts))

    def certain(tree: Tree) -> bool:
        match tree:
            case Term() | Near() | Literal():
                return leaf_holds(tree, reading)
            case Fact():
                return fact_holds(tree, reading.about) is True
            case Not(part):
                return not possible(part)
            case And(parts):
                return all(map(certain, parts))
            case Or(parts):
                return any(map(certain, parts))

    return possible(query.tree)
