"""A full-text index over a column of folded words: FTS5 beside the table on SQLite, GIN with 'simple' on PostgreSQL.

On SQLite it keeps no copy of the text (external content) and is kept in step by triggers, so that nothing that writes
can forget it; on PostgreSQL it is an index like any other. The index says which rows can match, never too few; LIKE
over the same words then says which do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    DDL,
    ColumnElement,
    FromClause,
    Join,
    Select,
    Table,
    column,
    event,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session

from backend.query.sql import Needed, fts5_text, tsquery


def statements(name: str, dialect: str) -> Sequence[str]:
    """What makes the index of a table with `id` and `words`."""
    if dialect == "postgresql":
        return (f"CREATE INDEX ix_{name}_words ON {name} USING gin (to_tsvector('simple'::regconfig, words))",)
    fts = f"{name}_fts"
    add = f"INSERT INTO {fts}(rowid, words) VALUES (new.id, new.words);"  # noqa: S608  # names of ours
    drop = f"INSERT INTO {fts}({fts}, rowid, words) VALUES ('delete', old.id, old.words);"  # noqa: S608
    return (
        f"CREATE VIRTUAL TABLE {fts} USING fts5(words, content='{name}', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0')",
        f"CREATE TRIGGER {fts}_added AFTER INSERT ON {name} BEGIN {add} END",
        f"CREATE TRIGGER {fts}_removed AFTER DELETE ON {name} BEGIN {drop} END",
        f"CREATE TRIGGER {fts}_changed AFTER UPDATE OF words ON {name} WHEN old.words IS NOT new.words "
        f"BEGIN {drop} {add} END",
    )


def make_with(made: FromClause) -> None:
    """`create_all` makes the index with its table, as migrations do."""
    if not isinstance(made, Table):
        raise TypeError(made)
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(made.name, dialect):
            event.listen(made, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
    drop = DDL(f"DROP TABLE IF EXISTS {made.name}_fts").execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
    event.listen(made, "before_drop", drop)


def names_of(name: str) -> tuple[str, str]:
    """Names in the database that belong to the index and to no model."""
    return f"{name}_fts", f"ix_{name}_words"


class Index:
    """The index of one table."""

    def __init__(self, of: FromClause) -> None:
        fts = f"{getattr(of, 'name', '')}_fts"
        self._of = of
        self._hits = table(fts, column("rowid"))
        self._words: ColumnElement[Any] = literal_column(f"{fts}.words")
        self._from_hits = _CrossJoin(self._hits, of, of.c.id == self._hits.c.rowid)

    def holds(self, session: Session, needed: Needed) -> ColumnElement[bool]:
        """Whether a row can match, as a condition on the table: what can be said beside others with OR."""
        if on_postgresql(session):
            return self.vector_holds(needed)
        return self._of.c.id.in_(select(self._hits.c.rowid).where(self.hits_on(needed)))

    def read_from_hits(self, rows: Select[Any], needed: Needed) -> Select[Any]:
        """SQLite: rows, read in the order of the index, without looking at others."""
        return rows.select_from(self._from_hits).where(self.hits_on(needed))

    def newest_first(self, rows: Select[Any]) -> Select[Any]:
        """SQLite: what was stored last comes first, without reading the others."""
        return rows.order_by(self._hits.c.rowid.desc())

    def hits(self, needed: Needed, *, most: int) -> Select[Any]:
        """SQLite: a row for each hit, at most so many."""
        return select(literal(1)).select_from(self._hits).where(self.hits_on(needed)).limit(most)

    def hits_on(self, needed: Needed) -> ColumnElement[bool]:
        return self._words.op("MATCH", is_comparison=True)(fts5_text(needed))

    def vector_holds(self, needed: Needed) -> ColumnElement[bool]:
        """PostgreSQL: the same."""
        vector = func.to_tsvector(text("'simple'::regconfig"), self._of.c.words)
        return vector.op("@@", is_comparison=True)(tsquery(needed))


class _CrossJoin(Join):
    """SQLite reads the left side first; of other joins it chooses, here wrongly: down the list by time."""

    inherit_cache = True


@compiles(_CrossJoin, "sqlite")
def _cross_join(element: _CrossJoin, compiler: Any, **options: Any) -> str:
    joined: str = compiler.visit_join(element, **options)
    return joined.replace(" JOIN ", " CROSS JOIN ", 1)


def on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
