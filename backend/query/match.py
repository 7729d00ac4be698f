"""Which of many queries does a text match, and where.

One Aho-Corasick automaton holds the words and phrases of all queries, each with the spaces around it, so that every
hit is made of whole words. A text is read once. Only queries of which a word they cannot do without was hit are
evaluated (as Lucene's monitor does), so that cost follows the text, not the number of queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from backend.query.grammar import And, Not, Or, Query, Term, Tree
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


#: spelling → where it was hit
_Hits = Mapping[str, Sequence[_Place]]


class Matcher:
    """Many queries at once. Immutable: build another when queries change; threads may share one."""

    def __init__(self, queries: Mapping[int, Query]) -> None:
        self._trees = {key: query.tree for key, query in queries.items()}
        self._candidates: dict[str, list[int]] = {}
        seen: dict[str, None] = {}
        for key, tree in self._trees.items():
            seen.update(dict.fromkeys(_spellings_of(tree)))
            for spelling in required_spellings(tree):
                self._candidates.setdefault(spelling, []).append(key)
        self._spellings = list(seen)
        patterns = [f" {spelling} " for spelling in self._spellings]
        self._automaton = AhoCorasick(patterns, matchkind=MatchKind.Standard) if patterns else None

    def match(self, texts: Mapping[str, str]) -> list[Match]:
        """Every query that the text matches, in the order of their keys.

        `texts` maps field names (`title`, `text`…) to plain text. A word may stand in any of them, a phrase stands
        within one.
        """
        if self._automaton is None:
            return []
        folded = {field: fold(text) for field, text in texts.items()}
        hits: dict[str, list[_Place]] = {}
        for field, words in folded.items():
            for index, start, end in self._automaton.find_matches_as_indexes(words.flat, overlapping=True):
                hits.setdefault(self._spellings[index], []).append(_Place(field, start, end))
        candidates = {key for spelling in hits for key in self._candidates.get(spelling, ())}
        return [
            Match(key, _highlight(self._trees[key], hits, folded))
            for key in sorted(candidates)
            if _holds(self._trees[key], hits)
        ]


def match_one(query: Query, texts: Mapping[str, str]) -> Match | None:
    """What `Matcher` says of a single query (key 0), or None."""
    found = Matcher({0: query}).match(texts)
    return found[0] if found else None


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
        case Not():
            return frozenset()


def _commonness(side: frozenset[str]) -> tuple[int, str]:
    shortest = min(len(spelling.lstrip("#")) for spelling in side)
    return len(side) * 4 - shortest, min(side)


def _spellings_of(tree: Tree) -> Iterable[str]:
    match tree:
        case Term():
            yield from spellings(tree.words)
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
        if term.field is None or place.field == term.field
    ]


def _holds(tree: Tree, hits: _Hits) -> bool:
    match tree:
        case Term():
            return bool(_places(tree, hits))
        case Not(part):
            return not _holds(part, hits)
        case And(parts):
            return all(_holds(part, hits) for part in parts)
        case Or(parts):
            return any(_holds(part, hits) for part in parts)


def _lit(tree: Tree, hits: _Hits) -> Iterable[_Place]:
    """Places of the words that made the tree hold: not those of an alternative that failed."""
    match tree:
        case Term():
            yield from _places(tree, hits)
        case And(parts):
            for part in parts:
                yield from _lit(part, hits)
        case Or(parts):
            for part in parts:
                if _holds(part, hits):
                    yield from _lit(part, hits)


def _highlight(tree: Tree, hits: _Hits, folded: Mapping[str, Folded]) -> list[Highlight]:
    found: set[Highlight] = set()
    for place in _lit(tree, hits):
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
