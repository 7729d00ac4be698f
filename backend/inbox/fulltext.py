"""Searches of the inbox through its full-text index (`query/index.py`), where that is quicker than down the list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ClauseElement, Executable, Select, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session

from backend.inbox.models import Mention
from backend.query.grammar import Query
from backend.query.index import Index, on_postgresql
from backend.query.sql import Needed, search_words
from backend.query.words import fold_column

_INDEX = Index(Mention.__table__)

#: Beyond so many hits words are common: going down the list by time finds a page sooner than sorting all hits.
COMMON = 10_000


def index_words(mention: Mention) -> None:
    """What search looks at."""
    mention.words = fold_column(mention.title, mention.text, mention.author)


def narrow_by_words(session: Session, rows: Select[Any], query: Query) -> Select[Any]:
    """Rows of mentions, read by the words of the query where these are rare enough for that to be quicker."""
    needed = search_words(query)
    if needed is None or _are_common(session, needed):
        return rows
    if on_postgresql(session):
        return rows.where(_INDEX.vector_holds(needed))
    return _INDEX.read_from_hits(rows, needed)


def newest_hits(session: Session, brand_ids: Collection[int], query: Query, *, most: int) -> Select[Any] | None:
    """The newest mentions that can match, at most `most` of them; None where no index says which these are.

    On SQLite the newest are those stored last: its index gives them in this order, without reading the others. On
    PostgreSQL, whose index knows no order, words that are common are not looked up.
    """
    needed = search_words(query)
    if needed is None:
        return None
    newest = select(Mention).where(Mention.brand_id.in_(brand_ids))
    if on_postgresql(session):
        if _are_common(session, needed):
            return None
        return (
            newest.where(_INDEX.vector_holds(needed)).order_by(Mention.sorted_at.desc(), Mention.id.desc()).limit(most)
        )
    return _INDEX.newest_first(_INDEX.read_from_hits(newest, needed)).limit(most)


def _are_common(session: Session, needed: Needed) -> bool:
    if on_postgresql(session):
        # To count would be to read them all: the planner's own guess is at hand.
        some = select(literal(1)).select_from(Mention).where(_INDEX.vector_holds(needed))
        (plan,) = session.execute(_Explained(some)).scalar_one()
        return bool(plan["Plan"]["Plan Rows"] > COMMON)
    hits = _INDEX.hits(needed, most=COMMON + 1)
    return (session.scalar(select(func.count()).select_from(hits.subquery())) or 0) > COMMON


class _Explained(Executable, ClauseElement):
    """How PostgreSQL would run a statement, as JSON; it is not run."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Explained, "postgresql")
def _explain(element: _Explained, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"
