"""Which of many queries does a text match, and where.

One Aho-Corasick automaton holds the words and phrases of all queries, each with the spaces around it, so that every
hit is made of whole words. A text is read once. Only queries of which a word they cannot do without was hit are
evaluated (as Lucene's monitor does), so that cost follows the text, not the number of queries.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from backend.query.fields import UNKNOWN, About, host_of, is_at, moments_of, tag_spellings
from backend.query.grammar import And, Fact, Not, Or, Query, Term, Tree, finds_something, terms_of
from backend.query.words import Folded, fold, spellings

MAX_HIGHLIGHTS = 100  # per match; a page that says nothing but the brand's name is not a list of its places


@dataclass(frozen=True, order=True)
class Highlight:
    """A stretch of one field, in code points of the text as it was handed over; `end` is behind the last."""

    field: str
    start: int
    end: int


@dataclass(frozen=True)
class Match:
    """A query that matched, by its key, and where its words stand: sorted, not overlapping, excluded words never."""

    key: int
    highlights: Sequence[Highlight]


@dataclass(frozen=True)
class _Place:
    field: str
    start: int  # in Folded.flat
    end: int
    aside: bool = False  # only where the field is named


#: spelling → where it was hit
_Hits = Mapping[str, Sequence[_Place]]


class Matcher:
    """Many queries at once. Immutable: build another when queries change; threads may share one."""

    def __init__(self, queries: Mapping[int, Query]) -> None:
        self._trees = {key: query.tree for key, query in queries.items()}
        self._always = {key for key, tree in self._trees.items() if not finds_something(tree)}
        self._asks_author = any(term.field == "author" for tree in self._trees.values() for term in terms_of(tree))
        self._candidates: dict[str, list[int]] = {}
        seen: dict[str, None] = {}
        for key, tree in self._trees.items():
            seen.update(dict.fromkeys(_spellings_of(tree)))
            for spelling in required_spellings(tree):
                self._candidates.setdefault(spelling, []).append(key)
        self._spellings = list(seen)
        patterns = [f" {spelling} " for spelling in self._spellings]
        self._automaton = AhoCorasick(patterns, matchkind=MatchKind.Standard) if patterns else None

    def match(self, texts: Mapping[str, str], about: About = UNKNOWN) -> list[Match]:
        """Every query that the text matches, in the order of their keys.

        `texts` maps field names (`title`, `text`…) to plain text. A word may stand in any of them, a phrase stands
        within one. What is not known `about` it is taken for what makes it match: say it again once it is known.
        """
        folded = {field: fold(text) for field, text in texts.items()}
        aside = {"author"} if about.author is not None and "author" not in texts else set()
        if aside and self._asks_author:
            folded["author"] = fold(about.author or "")
        hits: dict[str, list[_Place]] = {}
        for field, words in folded.items():
            if self._automaton is None:
                break
            for index, start, end in self._automaton.find_matches_as_indexes(words.flat, overlapping=True):
                hits.setdefault(self._spellings[index], []).append(_Place(field, start, end, field in aside))
        candidates = {key for spelling in hits for key in self._candidates.get(spelling, ())} | self._always
        return [
            Match(key, _highlight(self._trees[key], hits, folded, about))
            for key in sorted(candidates)
            if _holds(self._trees[key], hits, about)
        ]


def match_one(query: Query, texts: Mapping[str, str], about: About = UNKNOWN) -> Match | None:
    """What `Matcher` says of a single query (key 0), or None."""
    found = Matcher({0: query}).match(texts, about)
    return found[0] if found else None


def fact_holds(fact: Fact, about: About) -> bool | None:
    """Whether it is so; None where it is not known."""
    match fact.field:
        case "site":
            if about.url is None:
                return None
            return is_at(fact.value, host_of(about.url), (about.network or "").lower())
        case "lang":
            return None if about.language is None else about.language == fact.value
        case "tag":
            if about.tags is None:
                return None
            wanted = tag_spellings(fact.value)
            return any(json.dumps(tag).lower() in wanted for tag in about.tags)
        case "is":
            return None if about.states is None else fact.value in about.states
        case _:
            if about.at is None or about.now is None:
                return None
            first, after = moments_of(fact.value, about.now, about.zone)
            return about.at >= first if fact.field == "since" else about.at < after


def required_spellings(tree: Tree) -> frozenset[str]:
    """Spellings of which a matching text holds at least one; empty where nothing can be said.

    Of the parts of an AND the rarest is wanted: few alternatives first, then long ones, for want of frequencies.
    """
    match tree:
        case Term():
            return frozenset(spellings(tree.words))
        case Or(parts):
            sides = [required_spellings(part) for part in parts]
            return frozenset().union(*sides) if all(sides) else frozenset()
        case And(parts):
            sides = [side for side in map(required_spellings, parts) if side]
            return min(sides, key=_commonness, default=frozenset())
        case Not() | Fact():
            return frozenset()


def _commonness(side: frozenset[str]) -> tuple[int, str]:
    shortest = min(len(spelling.lstrip("#")) for spelling in side)
    return len(side) * 4 - shortest, min(side)


def _spellings_of(tree: Tree) -> Iterable[str]:
    match tree:
        case Term():
            yield from spellings(tree.words)
        case Fact():
            pass
        case Not(part):
            yield from _spellings_of(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _spellings_of(part)


def _places(term: Term, hits: _Hits) -> list[_Place]:
    return [
        place
        for spelling in spellings(term.words)
        for place in hits.get(spelling, ())
        if (not place.aside if term.field is None else place.field == term.field)
    ]


def _holds(tree: Tree, hits: _Hits, about: About, possible: bool = True) -> bool:
    """`possible`: what is not known counts as so; under an exclusion as not so."""
    match tree:
        case Term():
            return bool(_places(tree, hits))
        case Fact():
            known = fact_holds(tree, about)
            return possible if known is None else known
        case Not(part):
            return not _holds(part, hits, about, not possible)
        case And(parts):
            return all(_holds(part, hits, about, possible) for part in parts)
        case Or(parts):
            return any(_holds(part, hits, about, possible) for part in parts)


def _lit(tree: Tree, hits: _Hits, about: About) -> Iterable[_Place]:
    """Places of the words that made the tree hold: not those of an alternative that failed."""
    match tree:
        case Term():
            yield from _places(tree, hits)
        case And(parts):
            for part in parts:
                yield from _lit(part, hits, about)
        case Or(parts):
            for part in parts:
                if _holds(part, hits, about):
                    yield from _lit(part, hits, about)


def _highlight(tree: Tree, hits: _Hits, folded: Mapping[str, Folded], about: About) -> list[Highlight]:
    found: set[Highlight] = set()
    for place in _lit(tree, hits, about):
        start, end = folded[place.field].span(place.start, place.end)
        found.add(Highlight(place.field, start, end))
    order = {field: index for index, field in enumerate(folded)}
    merged: list[Highlight] = []
    for one in sorted(found, key=lambda lit: (order[lit.field], lit.start, lit.end)):
        last = merged[-1] if merged else None
        if last is not None and last.field == one.field and one.start <= last.end:
            merged[-1] = Highlight(last.field, last.start, max(last.end, one.end))
        else:
            merged.append(one)
    return merged[:MAX_HIGHLIGHTS]
