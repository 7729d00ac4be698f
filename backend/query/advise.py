"""What somebody should know of a query before it is used: that it can find nothing, or nearly everything. Pure.

A query is worked out into its alternatives, each a list of things that must hold and must not. An alternative that asks
for a word and leaves it out, or for two languages at once, can hold nowhere; a query of nothing but such can find
nothing. A query whose opposite can find nothing finds everything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from itertools import product

from backend.query.common import is_common
from backend.query.explain import write_tree
from backend.query.fields import INTENTS, MOODS, STATUSES, is_elsewhere, is_site_within, moments_of
from backend.query.grammar import And, Fact, Leaf, Literal, Near, Not, Or, Query, Term, Tree, facts_of

MAX_ALTERNATIVES = 200
#: a share of all texts: what more of them hold says little
COMMON_SHARE = 0.2


@dataclass(frozen=True)
class Advice:
    """`key` is the interface's word for it; `texts` what it is about; where, in code points."""

    key: str  # query_advice_nothing | _part | _everything | _common | _source | _source_like
    texts: tuple[str, ...] = ()
    start: int = 0
    end: int = 0


#: one thing that must hold (True) or must not
_Wish = tuple[Leaf | Fact, bool]
Frequency = Callable[[str], float]


def default_frequency(word: str) -> float:
    """The share of texts that hold a word, for want of counts: most hold the commonest words of their language."""
    return 0.5 if is_common(word) else 0.0


def advise(query: Query, frequency: Frequency = default_frequency, *, sources: Collection[str] = ()) -> list[Advice]:
    """`frequency(word)`: which share of texts holds a folded word; `sources`: what can stand behind `source:`, () where
    that is not known."""
    wanted = _alternatives(query.tree, True)
    found: list[Advice] = []
    if wanted is not None:
        clashes = [clash for wishes in wanted if (clash := _clash(wishes)) is not None]
        if len(clashes) == len(wanted):
            found.append(_about("query_advice_nothing", clashes[0]))
        elif clashes:
            found.append(_about("query_advice_part", clashes[0]))
    opposite = _alternatives(query.tree, False)
    if opposite is not None and all(_clash(wishes) is not None for wishes in opposite):
        return [Advice("query_advice_everything", (), 0, len(query.text))]
    if not found and wanted is not None:
        found += _common(wanted, frequency)
    return [*found, *_unknown_sources(query, sources)]


def _unknown_sources(query: Query, sources: Collection[str]) -> Iterator[Advice]:
    for fact in facts_of(query.tree):
        if sources and fact.field == "source" and fact.value not in sources:
            like = [f"source:{name}" for name in get_close_matches(fact.value, sorted(sources), n=1)]
            key = "query_advice_source_like" if like else "query_advice_source"
            yield Advice(key, (write_tree(fact), *like), fact.start, fact.end)
            return


def _about(key: str, clash: tuple[Leaf | Fact, Leaf | Fact]) -> Advice:
    one, other = clash
    return Advice(key, (write_tree(one), write_tree(other)), min(one.start, other.start), max(one.end, other.end))


def _alternatives(tree: Tree, holds: bool) -> list[list[_Wish]] | None:
    """The ways in which a tree holds, or does not; None when there are too many."""
    match tree:
        case Not(part):
            return _alternatives(part, not holds)
        case And(parts) | Or(parts):
            sides = [_alternatives(part, holds) for part in parts]
            known = [side for side in sides if side is not None]
            if len(known) < len(sides):
                return None
            if isinstance(tree, And) != holds:
                found = [wishes for side in known for wishes in side]
                return found if len(found) <= MAX_ALTERNATIVES else None
            found = [[]]
            for side in known:
                if len(found) * len(side) > MAX_ALTERNATIVES:
                    return None
                found = [[*left, *right] for left, right in product(found, side)]
            return found
        case _:
            return [[(tree, holds)]]


def _clash(wishes: list[_Wish]) -> tuple[Leaf | Fact, Leaf | Fact] | None:
    """Two wishes that cannot both come true."""
    wanted = [one for one, holds in wishes if holds]
    refused = [one for one, holds in wishes if not holds]
    for one in wanted:
        for other in refused:
            if _implies(one, other):
                return one, other
    facts = [one for one in wanted if isinstance(one, Fact)]
    for at, one in enumerate(facts):
        for later in facts[at + 1 :]:
            if _exclude_each_other(one, later):
                return one, later
    return None


def _implies(one: Leaf | Fact, other: Leaf | Fact) -> bool:
    """Whether `other` holds of every text of which `one` does."""
    if one == other:
        return True
    if isinstance(one, Fact) or isinstance(other, Fact):
        if not isinstance(one, Fact) or not isinstance(other, Fact) or one.field != other.field:
            return False
        if one.field == "site":
            return is_site_within(one.value, other.value)
        return one.field == "is" and (one.value, other.value) == ("mine", "assigned")
    if not isinstance(other, Term) or other.field not in (None, one.field):
        return False
    if one.field == "author" and other.field is None:
        return False  # keywords look at the author only where it is named
    match one:
        case Near(terms):
            return any(_implies(term, other) for term in terms)
        case Literal():
            return _implies(one.term, other)
        case Term(words):
            # On its own site a domain's words may be missing.
            return (not one.host or one.host == other.host) and _is_within(words, one.prefix, other)


def _is_within(words: tuple[str, ...], open_end: bool, other: Term) -> bool:
    """Whether the words of a phrase hold those of another in a row. A joined tag holds both or neither only where they
    are the same phrase, so parts of phrases are left alone but for a single word at their beginning."""
    if len(words) > 1 and other.words != words:
        return False
    last, wanted = words[-1], other.words[-1]
    if len(words) != len(other.words) or words[:-1] != other.words[:-1]:
        return False
    return last.startswith(wanted) if other.prefix else last == wanted and not open_end


_ONE_OF = (frozenset(STATUSES), frozenset(INTENTS), frozenset(MOODS))


def _exclude_each_other(one: Fact, other: Fact) -> bool:
    if {one.field, other.field} == {"since", "until"}:
        since, until = (one, other) if one.field == "since" else (other, one)
        return _is_empty(since.value, until.value)
    if one.field != other.field or one.value == other.value:
        return False
    if one.field in ("lang", "type", "source"):
        return True
    if one.field == "is":
        opposite = {f"un{one.value}", one.value.removeprefix("un")} - {one.value}
        if {one.value, other.value} == {"mine", "unassigned"}:
            return True
        return other.value in opposite or any({one.value, other.value} <= group for group in _ONE_OF)
    if one.field == "site":
        return is_elsewhere(one.value, other.value)
    return False


#: a day's beginning and its end: what is said from now on holds at both, whatever time it is
_ANY_TIMES = (datetime(2000, 6, 15, tzinfo=UTC), datetime(2000, 6, 15, 23, 59, 59, tzinfo=UTC))


def _is_empty(since: str, until: str) -> bool:
    """Whether nothing can lie between. A date and a span from now on cannot be compared: that changes with the days."""
    if since.replace("-", "").isdigit() != until.replace("-", "").isdigit():
        return False
    spans = [(moments_of(since, now, "UTC"), moments_of(until, now, "UTC")) for now in _ANY_TIMES]
    return all(first >= after for (first, _), (_, after) in spans)


def _common(wanted: list[list[_Wish]], frequency: Frequency) -> Iterator[Advice]:
    """Alternatives that nearly every text would hold."""
    for wishes in wanted:
        asked = [one for one, holds in wishes if holds]
        if any(isinstance(one, Fact) for one in asked):
            continue
        words = [one for one in asked if isinstance(one, Term)]
        if len(words) == len(asked) and words and all(_share(term, frequency) >= COMMON_SHARE for term in words):
            last = words[-1]
            yield Advice("query_advice_common", tuple(map(write_tree, words)), words[0].start, last.end)
            return


def _share(term: Term, frequency: Frequency) -> float:
    """Phrases, beginnings, and words of one field are rarer than can be said."""
    return 0.0 if len(term.words) > 1 or term.prefix or term.field else frequency(term.words[0])
