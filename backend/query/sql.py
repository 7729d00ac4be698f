"""A query as an SQL condition over stored, folded words, on SQLite and PostgreSQL alike.

The column holds what `words.fold_column` gives: folded words, single spaces between and around. Whole words are found
with LIKE. A full-text index can later answer the same tree from the same words; callers only know this function.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlalchemy.orm import InstrumentedAttribute

from backend.query.grammar import And, Not, Or, Query, Term, Tree
from backend.query.words import spellings

_ESCAPE = "\\"


def query_condition(query: Query, column: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """True for rows that the matcher would keep. `column` must be made by `fold_column`."""
    return _condition(query.tree, column)


def words_condition(
    words: tuple[str, ...], column: ColumnElement[str] | InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    """True for rows that hold these folded words in a row."""
    return or_(*(column.like(f"% {_escape(spelling)} %", escape=_ESCAPE) for spelling in spellings(words)))


def _condition(tree: Tree, column: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    match tree:
        case Term(words):
            return words_condition(words, column)
        case Not(part):
            return not_(_condition(part, column))
        case And(parts):
            return and_(*(_condition(part, column) for part in parts))
        case Or(parts):
            return or_(*(_condition(part, column) for part in parts))


def _escape(text: str) -> str:
    return text.replace(_ESCAPE, _ESCAPE * 2).replace("%", _ESCAPE + "%").replace("_", _ESCAPE + "_")
