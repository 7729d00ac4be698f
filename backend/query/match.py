"""Which of many queries does a text match, and where.

One Aho-Corasick automaton holds, for each query, the words it cannot do without (of several the rarest), each with the
spaces around it, so that every hit is made of whole words. A text is folded and read once; only queries of which such
words were hit are evaluated (as Lucene's monitor does), and only for those that hold it is worked out where their words
stand. Cost follows the text, not the number of queries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from backend.query.common import is_common
from backend.query.fields import UNKNOWN, About, host_of, is_at, moments_of, tag_spellings
from backend.query.grammar import And, Fact, Leaf, Literal, Near, Not, Or, Query, Term, Tree, finds_something
from backend.query.near import near_pattern
from backend.query.words import Folded, fold, spellings
from backend.query.written import host_pattern, written_pattern

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
class Reading:
    """A text, folded once, and what else is known of it: what queries are held against."""

    texts: Mapping[str, str]
    folded: Mapping[str, Folded]
    about: About = UNKNOWN
    aside: frozenset[str] = frozenset()  # fields that are looked at only where they are named
    hosts: frozenset[str] = field(default=frozenset())  # of its own link, and those above it

    def fields(self, named: str | None) -> Sequence[str]:
        """Where a term of this field is looked for."""
        if named is None:
            return [one for one in self.folded if one not in self.aside] if self.aside else [*self.folded]
        return [named] if named in self.folded else []


def read_text(texts: Mapping[str, str], about: About = UNKNOWN, folded: Mapping[str, Folded] | None = None) -> Reading:
    """`texts` maps field names (`title`, `text`…) to plain text; `folded`: the same folded, where it is at hand. The
    author that is only known `about` the text counts where a query names it."""
    known = dict(folded) if folded is not None else {name: fold(text) for name, text in texts.items()}
    aside: frozenset[str] = frozenset()
    if about.author is not None and "author" not in texts:
        known.setdefault("author", fold(about.author))
        texts, aside = {**texts, "author": about.author}, frozenset({"author"})
    return Reading(texts, known, about, aside, _hosts_of(about.url))


class Matcher:
    """Many queries at once. Immutable: build another when queries change; threads may share one."""

    def __init__(self, queries: Mapping[int, Query]) -> None:
        self._trees = {key: query.tree for key, query in queries.items()}
        self._always = frozenset(key for key, tree in self._trees.items() if not finds_something(tree))
        candidates: dict[str, list[int]] = {}
        for key, tree in self._trees.items():
            for pattern in required_patterns(tree):
                candidates.setdefault(pattern, []).append(key)
        self._of_hosts = {one: candidates.pop(one) for one in list(candidates) if one.startswith(_LINK)}
        self._candidates = list(candidates.values())
        patterns = [pattern.encode() for pattern in candidates]
        self._automaton = BytesAhoCorasick(patterns, matchkind=MatchKind.Standard) if patterns else None

    def match(self, texts: Mapping[str, str], about: About = UNKNOWN) -> list[Match]:
        """Every query that the text matches, in the order of their keys.

        `texts` maps field names (`title`, `text`…) to plain text. A word may stand in any of them, a phrase stands
        within one. What is not known `about` it is taken for what makes it match: say it again once it is known.
        """
        return self.match_reading(read_text(texts, about))

    def match_reading(self, reading: Reading) -> list[Match]:
        """The same of a text that is folded already."""
        candidates = set(self._always)
        if self._automaton is not None:
            flat = "/".join(one.flat for one in reading.folded.values()).encode()
            for index, _, _ in self._automaton.find_matches_as_indexes(flat, overlapping=True):
                candidates.update(self._candidates[index])
        if self._of_hosts:
            for host in reading.hosts:
                candidates.update(self._of_hosts.get(_LINK + host, ()))
        return [
            Match(key, _highlight(self._trees[key], reading))
            for key in sorted(candidates)
            if holds(self._trees[key], reading)
        ]


def match_one(query: Query, texts: Mapping[str, str], about: About = UNKNOWN) -> Match | None:
    """What `Matcher` says of a single query (key 0), or None."""
    return match_reading(query, read_text(texts, about))


def match_reading(query: Query, reading: Reading) -> Match | None:
    """The same of a text that is folded already."""
    return Match(0, _highlight(query.tree, reading)) if holds(query.tree, reading) else None


def fact_holds(fact: Fact, about: About) -> bool | None:
    """Whether it is so; None where it is not known."""
    match fact.field:
        case "site":
            if about.url is None:
                return None
            return is_at(fact.value, about.url, (about.network or "").lower())
        case "lang":
            return None if about.language is None else about.language == fact.value
        case "type":
            return None if about.type is None else about.type == fact.value
        case "source":
            return None if about.source is None else about.source == fact.value
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


def patterns_of(term: Term) -> list[str]:
    """How a term stands in `Folded.flat`: with the spaces around whole words."""
    return [f" {spelling}" if term.prefix else f" {spelling} " for spelling in spellings(term.words)]


#: before a host: a pattern that is no words but the text's own link
_LINK = "://"


def required_patterns(tree: Tree) -> frozenset[str]:
    """Patterns of which a matching text holds at least one; empty where nothing can be said.

    Of the parts of an AND the rarest is wanted: few alternatives first, then long ones, for want of frequencies.
    """
    match tree:
        case Term():
            return frozenset([*patterns_of(tree), *([_LINK + tree.host] if tree.host else [])])
        case Near(terms):
            return min((frozenset([_in_a_row(term)]) for term in terms), key=_commonness)
        case Literal():
            return frozenset([_in_a_row(tree.term)])
        case Or(parts):
            sides = [required_patterns(part) for part in parts]
            return frozenset().union(*sides) if all(sides) else frozenset()
        case And(parts):
            sides = [side for side in map(required_patterns, parts) if side]
            return min(sides, key=_commonness, default=frozenset())
        case Not() | Fact():
            return frozenset()


def holds(tree: Tree, reading: Reading, possible: bool = True) -> bool:
    """`possible`: what is not known counts as so; under an exclusion as not so."""
    match tree:
        case Term() | Near() | Literal():
            return leaf_holds(tree, reading)
        case Fact():
            known = fact_holds(tree, reading.about)
            return possible if known is None else known
        case Not(part):
            return not holds(part, reading, not possible)
        case And(parts):
            return all(holds(part, reading, possible) for part in parts)
        case Or(parts):
            return any(holds(part, reading, possible) for part in parts)


def leaf_holds(leaf: Leaf, reading: Reading) -> bool:
    """Whether words stand in a text as they are asked for."""
    flats = [reading.folded[name].flat for name in reading.fields(leaf.field)]
    match leaf:
        case Term():
            for pattern in patterns_of(leaf):
                for flat in flats:
                    if pattern in flat:
                        if not leaf.host or pattern[1] == "#" or _host_stands(leaf, reading):
                            return True
                        break
            return leaf.host != "" and leaf.host in reading.hosts
        case Near():
            # The pattern walks through the whole text: only where all of its words are.
            words = [_in_a_row(term) for term in leaf.terms]
            return any(all(map(flat.__contains__, words)) and bool(_compiled(leaf).search(flat)) for flat in flats)
        case Literal():
            pattern = _in_a_row(leaf.term)
            if not any(pattern in flat for flat in flats):
                return False
            texts = [reading.texts[name] for name in reading.fields(leaf.field)]
            return any(leaf.written in text and _written(leaf.written).search(text) is not None for text in texts)


def _host_stands(term: Term, reading: Reading) -> bool:
    """Whether a host whose words are in a text is written there as one."""
    wanted = _as_host(term.host)
    texts = [reading.texts[name] for name in reading.fields(term.field)]
    return wanted is None or any(wanted.search(text) is not None for text in texts)


def _in_a_row(term: Term) -> str:
    return patterns_of(term)[0]


@lru_cache(maxsize=2_000)
def _compiled(near: Near) -> re.Pattern[str]:
    return re.compile(near_pattern(near, groups=True))


@lru_cache(maxsize=2_000)
def _written(written: str) -> re.Pattern[str]:
    return re.compile(written_pattern(written))


@lru_cache(maxsize=2_000)
def _as_host(host: str) -> re.Pattern[str] | None:
    pattern = host_pattern(host)
    return re.compile(pattern) if pattern is not None else None


@lru_cache(maxsize=20_000)
def _hosts_of(url: str | None) -> frozenset[str]:
    """The host of a link and those above it: `blog.lemonde.fr` is on `lemonde.fr` too."""
    found: set[str] = set()
    for at, part in enumerate(host_of(url or "").split(":")):  # as `sql` compares: whatever stands before a colon
        labels = part.split(".")
        found.update(".".join(labels[first:]) for first in range(at > 0, len(labels)))
    return frozenset(found - {""})


def _commonness(side: frozenset[str]) -> tuple[int, str]:
    weight = 0
    for pattern in side:
        words = pattern.split()
        rarest = max((0 if is_common(word) else len(word) for word in words), default=0)
        weight += 40 - min(len(pattern), 20) - min(rarest, 12) + (10 if pattern[-1] != " " else 0)
    return weight, min(side)


def _places(leaf: Leaf, reading: Reading) -> Iterator[Highlight]:
    """Where the words of a leaf stand: at most so many of each spelling and field that a list can show."""
    for name in reading.fields(leaf.field):
        folded = reading.folded[name]
        match leaf:
            case Term():
                wanted = _as_host(leaf.host) if leaf.host else None
                if wanted is not None:
                    for found in islice(wanted.finditer(reading.texts[name]), MAX_HIGHLIGHTS + 1):
                        yield Highlight(name, *found.span())
                for pattern in patterns_of(leaf)[wanted is not None :]:
                    for start in _finds(folded.flat, pattern):
                        end = start + len(pattern) if not leaf.prefix else folded.flat.index(" ", start + len(pattern))
                        yield Highlight(name, *folded.span(start, end))
            case Near():
                for count, found in enumerate(_compiled(leaf).finditer(folded.flat)):
                    if count == MAX_HIGHLIGHTS:
                        break
                    for group in range(1, len(found.regs)):
                        if found.start(group) >= 0:
                            yield Highlight(name, *folded.span(*found.span(group)))
            case Literal():
                text = reading.texts[name]
                for found in islice(_written(leaf.written).finditer(text), MAX_HIGHLIGHTS + 1):
                    yield Highlight(name, *found.span())


def _finds(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    for _ in range(MAX_HIGHLIGHTS + 1):
        if at < 0:
            return
        yield at
        at = text.find(wanted, at + max(1, len(wanted) - 1))


def _lit(tree: Tree, reading: Reading) -> Iterable[Highlight]:
    """Places of the words that made the tree hold: not those of an alternative that failed."""
    match tree:
        case Term() | Near() | Literal():
            yield from _places(tree, reading)
        case And(parts):
            for part in parts:
                yield from _lit(part, reading)
        case Or(parts):
            for part in parts:
                if holds(part, reading):
                    yield from _lit(part, reading)


def _highlight(tree: Tree, reading: Reading) -> list[Highlight]:
    order = {name: index for index, name in enumerate(reading.folded)}
    merged: list[Highlight] = []
    for one in sorted(set(_lit(tree, reading)), key=lambda lit: (order[lit.field], lit.start, lit.end)):
        last = merged[-1] if merged else None
        if last is not None and last.field == one.field and one.start <= last.end:
            merged[-1] = Highlight(last.field, last.start, max(last.end, one.end))
        else:
            merged.append(one)
    return merged[:MAX_HIGHLIGHTS]
