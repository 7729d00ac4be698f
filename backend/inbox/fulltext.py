"""Full-text search over the stored, folded words: FTS5 on SQLite, `tsvector('simple')` with GIN on PostgreSQL.

The index says which mentions can match, never too few; LIKE over the same words then says which do. On SQLite it keeps
no copy of the text (external content) and is kept in step by triggers, so that nothing that writes can forget it; on
PostgreSQL it is an index like any other.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Executable,
    Join,
    Select,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session

from backend.inbox.models import Mention
from backend.query.grammar import Query
from backend.query.sql import Needed, fts5_text, search_words, tsquery

#: Beyond so many hits words are common: going down the list by time finds a page sooner than sorting all hits.
COMMON = 10_000


def narrow_by_words(session: Session, rows: Select[Any], query: Query) -> Select[Any]:
    """Rows of mentions, read by the words of the query where these are rare enough for that to be quicker."""
    needed = search_words(query)
    if needed is None or _are_common(session, needed):
        return rows
    if _on_postgresql(session):
        return rows.where(_holds(needed))
    return rows.select_from(_FROM_HITS).where(_hits_on(needed))


def newest_hits(session: Session, brand_ids: Collection[int], query: Query, *, most: int) -> Select[Any] | None:
    """The newest mentions that can match, at most `most` of them; None where no index says which these are.

    On SQLite the newest are those stored last: its index gives them in this order, without reading the others. On
    PostgreSQL, whose index knows no order, words that are common are not looked up.
    """
    needed = search_words(query)
    if needed is None:
        return None
    newest = select(Mention).where(Mention.brand_id.in_(brand_ids))
    if _on_postgresql(session):
        if _are_common(session, needed):
            return None
        return newest.where(_holds(needed)).order_by(Mention.sorted_at.desc(), Mention.id.desc()).limit(most)
    return newest.select_from(_FROM_HITS).where(_hits_on(needed)).order_by(_HITS.c.rowid.desc()).limit(most)


def _are_common(session: Session, needed: Needed) -> bool:
    if _on_postgresql(session):
        # To count would be to read them all: the planner's own guess is at hand.
        some = select(literal(1)).select_from(Mention).where(_holds(needed))
        (plan,) = session.execute(_Explained(some)).scalar_one()
        return bool(plan["Plan"]["Plan Rows"] > COMMON)
    hits = select(literal(1)).select_from(_HITS).where(_hits_on(needed)).limit(COMMON + 1)
    return (session.scalar(select(func.count()).select_from(hits.subquery())) or 0) > COMMON


class _CrossJoin(Join):
    """SQLite reads the left side first; of other joins it chooses, here wrongly: down the list by time."""

    inherit_cache = True


@compiles(_CrossJoin, "sqlite")
def _cross_join(element: _CrossJoin, compiler: Any, **options: Any) -> str:
    joined: str = compiler.visit_join(element, **options)
    return joined.replace(" JOIN ", " CROSS JOIN ", 1)


_HITS = table("mentions_fts", column("rowid"))
_FROM_HITS = _CrossJoin(_HITS, Mention.__table__, Mention.__table__.c.id == _HITS.c.rowid)


def _hits_on(needed: Needed) -> ColumnElement[bool]:
    return literal_column("mentions_fts.words").op("MATCH", is_comparison=True)(fts5_text(needed))


class _Explained(Executable, ClauseElement):
    """How PostgreSQL would run a statement, as JSON; it is not run."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Explained, "postgresql")
def _explain(element: _Explained, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


def _holds(needed: Needed) -> ColumnElement[bool]:
    vector = func.to_tsvector(text("'simple'::regconfig"), Mention.words)
    return vector.op("@@", is_comparison=True)(tsquery(needed))


def _on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
