"""A query as an SQL condition over stored, folded words, on SQLite and PostgreSQL alike.

The column holds what `words.fold_column` gives: folded words, single spaces between and around, a mark behind each
field. Whole words are found with LIKE, exactly as the matcher finds them. Where that would read too much, a full-text
index over the same words says first which rows can match (`search_words`): every match is among them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, false, func, not_, or_, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement

from backend.query.grammar import And, Fact, Not, Or, Query, Term, Tree
from backend.query.words import mark_behind, spellings

_ESCAPE = "\\"

Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Stored:
    """Where a table keeps what queries ask for. `words` holds title, text and author, in this order.

    None: not known there; what depends on it is left in, for somebody who knows. `fact` says `tag:`, `is:`, `since:`
    and `until:`.
    """

    words: Column
    url: Column | None = None
    network: Column | None = None
    language: Column | None = None
    fact: Callable[[Fact], ColumnElement[bool]] | None = None
    author_aside: bool = False  # words are looked for in the author only where the query names it


def query_condition(query: Query, stored: Stored | Column) -> ColumnElement[bool]:
    """True for rows that the matcher would keep. A lone column must be made by `fold_column`."""
    return _condition(query.tree, stored if isinstance(stored, Stored) else Stored(stored), True)


def search_words(query: Query) -> Needed | None:
    """Words of which a full-text index can say whether a row can match; None where every row may."""
    return _needed(query.tree)


@dataclass(frozen=True)
class Needed:
    """A phrase, or several of these that must all be there (`every`), or of which one must."""

    words: tuple[str, ...] = ()
    parts: tuple[Needed, ...] = ()
    every: bool = True


def fts5_text(needed: Needed) -> str:
    """As SQLite's FTS5 reads it."""
    if needed.words:
        return f'"{" ".join(needed.words)}"'
    return f"({(' AND ' if needed.every else ' OR ').join(map(fts5_text, needed.parts))})"


def tsquery(needed: Needed) -> ColumnElement[Any]:
    """As PostgreSQL reads it. Without places: it keeps only the first 256 of each word."""
    if needed.words:
        return func.plainto_tsquery("simple", " ".join(needed.words))
    sides = [tsquery(part) for part in needed.parts]
    whole = sides[0]
    for side in sides[1:]:
        whole = whole.op("&&" if needed.every else "||")(side)
    return whole.self_group()


class host_of(FunctionElement[str]):  # a function of SQL
    """What stands between :// and the next slash of an address, in lower case: `fields.host_of` as SQL."""

    type = String()
    inherit_cache = True


@compiles(host_of, "postgresql")
def _host_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    url = compiler.process(element.clauses, **options)
    return f"lower(split_part(substr({url}, strpos({url}, '://') + 3), '/', 1))"


@compiles(host_of)
def _host_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    url = compiler.process(element.clauses, **options)
    rest = f"substr({url}, instr({url}, '://') + 3)"
    return f"lower(substr({rest}, 1, instr({rest} || '/', '/') - 1))"


def _condition(tree: Tree, stored: Stored, possible: bool) -> ColumnElement[bool]:
    """`possible`: what is not known counts as so; under an exclusion as not so."""
    match tree:
        case Term():
            return _term_condition(tree, stored)
        case Fact():
            known = _fact_condition(tree, stored)
            return known if known is not None else true() if possible else false()
        case Not(part):
            return not_(_condition(part, stored, not possible))
        case And(parts):
            return and_(*(_condition(part, stored, possible) for part in parts))
        case Or(parts):
            return or_(*(_condition(part, stored, possible) for part in parts))


def _term_condition(term: Term, stored: Stored) -> ColumnElement[bool]:
    # title /1 text /2 author: in the title is before the first mark, in the author behind the second.
    before, behind = "", ""
    if term.field == "title":
        behind = f"%{mark_behind(1)} %"
    elif term.field == "author":
        before = f"%{mark_behind(2)}"
    elif stored.author_aside:
        behind = f"%{mark_behind(2)} %"
    patterns = (f"{before}% {_escape(spelling)} {behind or '%'}" for spelling in spellings(term.words))
    return or_(*(stored.words.like(pattern, escape=_ESCAPE) for pattern in patterns))


def _fact_condition(fact: Fact, stored: Stored) -> ColumnElement[bool] | None:
    if fact.field == "lang":
        return None if stored.language is None else stored.language == fact.value
    if fact.field == "site":
        return None if stored.url is None else _site_condition(fact.value, stored.url, stored.network)
    return stored.fact(fact) if stored.fact is not None else None


def _site_condition(site: str, url: Column, network: Column | None) -> ColumnElement[bool]:
    dotted = "." + host_of(url) + "."
    below = f"%.{_escape(site)}." if "." in site else f"%.{_escape(site)}._%"
    there = dotted.like(below, escape=_ESCAPE)
    return there if network is None else or_(there, func.lower(network) == site)


_LONGEST = 200  # characters of a word; PostgreSQL leaves out what is much longer


def _needed(tree: Tree) -> Needed | None:
    match tree:
        case Term(words):
            if not all(word.rstrip("+#").isalnum() and len(word) < _LONGEST for word in words):
                return None
            readings = [Needed(tuple(word.strip("+#") for word in words))]
            if len(words) > 1:
                readings += [Needed((joined[1:],)) for joined in spellings(words)[1:]]
            return readings[0] if len(readings) == 1 else Needed((), tuple(readings), every=False)
        case And(parts):
            sides = [side for side in map(_needed, parts) if side is not None]
            return Needed((), tuple(sides)) if sides else None
        case Or(parts):
            either = [_needed(part) for part in parts]
            known = tuple(side for side in either if side is not None)
            return Needed((), known, every=False) if len(known) == len(either) else None
        case Not() | Fact():
            return None


def _escape(text: str) -> str:
    return text.replace(_ESCAPE, _ESCAPE * 2).replace("%", _ESCAPE + "%").replace("_", _ESCAPE + "_")
