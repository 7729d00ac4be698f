"""Full-text search over the stored, folded words: FTS5 on SQLite, `tsvector('simple')` with GIN on PostgreSQL.

The index says which mentions can match, never too few; LIKE over the same words then says which do. On SQLite it keeps
no copy of the text (external content) and is kept in step by triggers, so that nothing that writes can forget it; on
PostgreSQL it is an index like any other.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, text
from sqlalchemy.orm import Session

from backend.inbox.models import Mention
from backend.query.grammar import Query
from backend.query.sql import fts5_text, search_words, tsquery

#: Beyond so many hits words are common: going down the list by time finds a page sooner than sorting all hits.
COMMON = 10_000


def narrow_by_words(session: Session, rows: Select[Any], query: Query) -> Select[Any]:
    """Rows of mentions, read by the words of the query where these are rare enough for that to be quicker."""
    needed = search_words(query)
    if needed is None:
        return rows
    if session.get_bind().dialect.name == "postgresql":
        vector = func.to_tsvector(text("'simple'::regconfig"), Mention.words)
        return rows.where(vector.op("@@")(tsquery(needed)))
    asked = {"fts_words": fts5_text(needed)}
    hits = text("SELECT count(*) FROM (SELECT 1 FROM mentions_fts WHERE words MATCH :fts_words LIMIT :most)")
    if (session.execute(hits, {**asked, "most": COMMON + 1}).scalar() or 0) > COMMON:
        return rows
    found = text("mentions.id IN (SELECT rowid FROM mentions_fts WHERE words MATCH :fts_words)").bindparams(**asked)
    # Else SQLite goes down the list by time and asks of each row whether it is among the hits.
    return rows.where(found).with_hint(Mention, "NOT INDEXED", "sqlite")
