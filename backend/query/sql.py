"""A query as an SQL condition over stored, folded words, on SQLite and PostgreSQL alike.

The column holds what `words.fold_column` gives: folded words, single spaces between and around, a mark behind each
field. Whole words and beginnings are found with LIKE, words near each other with a regular expression, exactly as the
matcher finds them. Where that would read too much, a full-text
index over the same words says first which rows can match (`search_words`): every match is among them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, cast, false, func, literal, not_, or_, true
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement

from backend.query.fields import PATH_ENDS, site_parts
from backend.query.grammar import And, Fact, Literal, Near, Not, Or, Query, Term, Tree
from backend.query.near import near_pattern
from backend.query.words import mark_behind, spellings
from backend.query.written import host_pattern, written_pattern

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
    type: Column | None = None
    source: Column | None = None
    title: Column | None = None  # as they came: what literals are looked for in
    text: Column | None = None
    author: Column | None = None
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
    """A phrase, or several of these that must all be there (`every`), or of which one must. `prefix`: its last word
    only begins so."""

    words: tuple[str, ...] = ()
    parts: tuple[Needed, ...] = ()
    every: bool = True
    prefix: bool = False


def fts5_text(needed: Needed) -> str:
    """As SQLite's FTS5 reads it."""
    if needed.words:
        return f'"{" ".join(needed.words)}"' + ("*" if needed.prefix else "")
    return f"({(' AND ' if needed.every else ' OR ').join(map(fts5_text, needed.parts))})"


def tsquery(needed: Needed) -> ColumnElement[Any]:
    """As PostgreSQL reads it. Without places: it keeps only the first 256 of each word."""
    if needed.words:
        if not needed.prefix:
            return func.plainto_tsquery("simple", " ".join(needed.words))
        # Letters and digits only (`_needed`): nothing to escape; cast, for to_tsquery would cut the beginning itself.
        begins = cast(literal(f"'{needed.words[-1]}':*"), TSQUERY)
        if len(needed.words) == 1:
            return begins
        return func.plainto_tsquery("simple", " ".join(needed.words[:-1])).op("&&")(begins).self_group()
    sides = [tsquery(part) for part in needed.parts]
    whole = sides[0]
    for side in sides[1:]:
        whole = whole.op("&&" if needed.every else "||")(side)
    return whole.self_group()


class place_of(FunctionElement[int]):  # a function of SQL
    """Where a text stands in another, from 1, case and signs as they are; 0 = nowhere."""

    type = Integer()
    inherit_cache = True


@compiles(place_of, "postgresql")
def _place_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


@compiles(place_of)
def _place_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


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


class path_of(FunctionElement[str]):  # a function of SQL
    """What stands behind the host of an address, with its slash: `fields.path_of` as SQL."""

    type = String()
    inherit_cache = True


@compiles(path_of, "postgresql")
def _path_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    url = compiler.process(element.clauses, **options)
    rest = f"substr({url}, strpos({url}, '://') + 3)"
    return f"substr({rest}, strpos({rest} || '/', '/'))"


@compiles(path_of)
def _path_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    url = compiler.process(element.clauses, **options)
    rest = f"substr({url}, instr({url}, '://') + 3)"
    return f"substr({rest}, instr({rest} || '/', '/'))"


def _condition(tree: Tree, stored: Stored, possible: bool) -> ColumnElement[bool]:
    """`possible`: what is not known counts as so; under an exclusion as not so."""
    match tree:
        case Term():
            return _term_condition(tree, stored)
        case Near():
            return _near_condition(tree, stored)
        case Literal():
            return _literal_condition(tree, stored)
        case Fact():
            known = _fact_condition(tree, stored)
            return known if known is not None else true() if possible else false()
        case Not(part):
            return not_(_condition(part, stored, not possible))
        case And(parts):
            return and_(*(_condition(part, stored, possible) for part in parts))
        case Or(parts):
            return or_(*(_condition(part, stored, possible) for part in parts))


def _zone(field: str | None, stored: Stored) -> tuple[str, str]:
    """The marks before and behind a field. title /1 text /2 author: in the title is before the first mark, in the
    author behind the second."""
    if field == "title":
        return "", f"{mark_behind(1)} "
    if field == "author":
        return mark_behind(2), ""
    return "", f"{mark_behind(2)} " if stored.author_aside else ""


def _term_condition(term: Term, stored: Stored) -> ColumnElement[bool]:
    there = [_words_condition(spelling, term, stored) for spelling in spellings(term.words)]
    if term.host and (pattern := host_pattern(term.host)) is not None:
        raw = [column.regexp_match(pattern) for column in _raw_columns(term.field, stored)]
        there[0] = and_(there[0], or_(*raw)) if raw else there[0]
    if term.host and stored.url is not None:
        there.append(_host_condition(term.host, stored.url))
    return or_(*there)


def _raw_columns(field: str | None, stored: Stored) -> list[Column]:
    """Where texts stand as they came, of those in which words of a field are looked for."""
    columns = {"title": stored.title, "text": stored.text, "author": stored.author}
    if field is not None:
        columns = {field: columns[field]}
    elif stored.author_aside:
        del columns["author"]
    return [column for column in columns.values() if column is not None]


def _words_condition(spelling: str, term: Term, stored: Stored) -> ColumnElement[bool]:
    before, behind = _zone(term.field, stored)
    open_end = "" if term.prefix else " "
    pattern = f"{before and '%' + before}% {_escape(spelling)}{open_end}{behind and '%' + behind}%"
    return stored.words.like(pattern, escape=_ESCAPE)


def _near_condition(near: Near, stored: Stored) -> ColumnElement[bool]:
    before, behind = _zone(near.field, stored)
    pattern = f"{before and before + '.*'}{near_pattern(near)}{behind and '.*' + behind}"
    # That all of them are there at all is quickly seen.
    there = [_words_condition(" ".join(term.words), term, stored) for term in near.terms]
    return and_(*there, stored.words.regexp_match(pattern))


def _literal_condition(wanted: Literal, stored: Stored) -> ColumnElement[bool]:
    there = _words_condition(" ".join(wanted.words), wanted.term, stored)
    pattern = written_pattern(wanted.written)
    # Its characters are quickly found; only then it is looked at what stands around them.
    raw = [
        and_(place_of(column, wanted.written) > 0, column.regexp_match(pattern))
        for column in _raw_columns(wanted.field, stored)
    ]
    return and_(there, or_(*raw)) if raw else there


def _fact_condition(fact: Fact, stored: Stored) -> ColumnElement[bool] | None:
    if fact.field == "lang":
        return None if stored.language is None else stored.language == fact.value
    if fact.field == "type":
        return None if stored.type is None else stored.type == fact.value
    if fact.field == "source":
        return None if stored.source is None else stored.source == fact.value
    if fact.field == "site":
        return None if stored.url is None else _site_condition(fact.value, stored.url, stored.network)
    return stored.fact(fact) if stored.fact is not None else None


def _site_condition(site: str, url: Column, network: Column | None) -> ColumnElement[bool]:
    site, path = site_parts(site)
    dotted = "." + host_of(url) + "."
    below = f"%.{_escape(site)}." if "." in site else f"%.{_escape(site)}._%"
    there = dotted.like(below, escape=_ESCAPE)
    if path:
        behind = func.substr(path_of(url), len(path) + 1, 1)
        return and_(there, func.substr(path_of(url), 1, len(path)) == path, behind.in_(PATH_ENDS))
    return there if network is None else or_(there, func.lower(network) == site)


def _host_condition(host: str, url: Column) -> ColumnElement[bool]:
    """The host itself or one below it, whatever the port."""
    dotted = "." + host_of(url) + ":"
    return dotted.like(f"%.{_escape(host)}:%", escape=_ESCAPE)


_LONGEST = 200  # characters of a word; PostgreSQL leaves out what is much longer


def _needed(tree: Tree) -> Needed | None:
    match tree:
        case Term(words):
            if tree.host or not all(word.rstrip("+#").isalnum() and len(word) < _LONGEST for word in words):
                return None
            readings = [Needed(tuple(word.strip("+#") for word in words), prefix=tree.prefix)]
            if len(words) > 1:
                readings += [Needed((joined[1:],), prefix=tree.prefix) for joined in spellings(words)[1:]]
            return readings[0] if len(readings) == 1 else Needed((), tuple(readings), every=False)
        case Near(terms):
            known = tuple(side for term in terms if (side := _needed(term)) is not None)
            return Needed((), known) if known else None
        case Literal():
            return _needed(tree.term)
        case And(parts):
            sides = [side for side in map(_needed, parts) if side is not None]
            return Needed((), tuple(sides)) if sides else None
        case Or(parts):
            either = [_needed(part) for part in parts]
            sure = tuple(side for side in either if side is not None)
            return Needed((), sure, every=False) if len(sure) == len(either) else None
        case Not() | Fact():
            return None


def _escape(text: str) -> str:
    return text.replace(_ESCAPE, _ESCAPE * 2).replace("%", _ESCAPE + "%").replace("_", _ESCAPE + "_")
