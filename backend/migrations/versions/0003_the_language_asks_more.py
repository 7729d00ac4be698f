"""the language asks more

`type:` gets its column, stored items a full-text index. What was saved keeps its meaning: ET, OU and SAUF were words,
back-ticks said nothing, nor did * at the end of a phrase or ~5 behind one.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TYPES = (
    "UPDATE mentions SET type = 'post' WHERE source_kind LIKE '%!_account' ESCAPE '!' OR network IN ('mastodon', "
    "'bluesky', 'hackernews', 'reddit', 'x', 'twitter', 'facebook', 'instagram', 'linkedin', 'threads', 'lemmy', "
    "'telegram', 'tiktok', 'discourse', 'pixelfed')",
    "UPDATE mentions SET type = 'comment' WHERE network = 'hackernews' AND title = ''",
    "UPDATE mentions SET type = 'article' WHERE type = 'page' AND source_kind IN ('feed', 'googlenews', 'bingnews')",
    "UPDATE mentions SET type = 'video' WHERE url LIKE 'https://www.youtube.com/watch%' OR url LIKE 'https://youtu.be/%'",
)
_ON_SQLITE = (
    "CREATE VIRTUAL TABLE items_fts USING fts5(words, content='items', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0')",
    "INSERT INTO items_fts(items_fts) VALUES ('rebuild')",
    "CREATE TRIGGER items_fts_added AFTER INSERT ON items BEGIN "
    "INSERT INTO items_fts(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER items_fts_removed AFTER DELETE ON items BEGIN "
    "INSERT INTO items_fts(items_fts, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER items_fts_changed AFTER UPDATE OF words ON items WHEN old.words IS NOT new.words BEGIN "
    "INSERT INTO items_fts(items_fts, rowid, words) VALUES ('delete', old.id, old.words); "
    "INSERT INTO items_fts(rowid, words) VALUES (new.id, new.words); END",
)
_ON_POSTGRESQL = ("CREATE INDEX ix_items_words ON items USING gin (to_tsvector('simple'::regconfig, words))",)


def upgrade() -> None:
    op.add_column("mentions", sa.Column("type", sa.String(length=8), nullable=False, server_default="page"))
    op.add_column("items", sa.Column("type", sa.String(length=8), nullable=False, server_default=""))
    connection = op.get_bind()
    for statement in (*_TYPES, *(_ON_POSTGRESQL if connection.dialect.name == "postgresql" else _ON_SQLITE)):
        connection.execute(sa.text(statement.replace("::", "\\:\\:")))
    for table, column in (("keywords", "query"), ("saved_searches", "query")):
        saved = sa.table(table, sa.column("id", sa.BigInteger), sa.column(column, sa.Text))
        for row_id, text in connection.execute(sa.select(saved.c.id, saved.c[column])).all():
            if (kept := keep_meaning(text)) != text:
                connection.execute(saved.update().where(saved.c.id == row_id).values({column: kept}))
    rules = sa.table("rules", sa.column("id", sa.BigInteger), sa.column("body", sa.JSON))
    for row_id, body in connection.execute(sa.select(rules.c.id, rules.c.body)).all():
        kept_body = _keep_inside(body)
        if kept_body != body:
            connection.execute(rules.update().where(rules.c.id == row_id).values(body=kept_body))


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP INDEX ix_items_words")
    else:
        for name in ("added", "removed", "changed"):
            connection.exec_driver_sql(f"DROP TRIGGER items_fts_{name}")
        connection.exec_driver_sql("DROP TABLE items_fts")
    op.drop_column("items", "type")
    op.drop_column("mentions", "type")


_QUOTES = '"“”„‟〝〞＂'
_CLOSING = {"«": "»", "»": "«", "‹": "›", "›": "‹"} | dict.fromkeys(_QUOTES, _QUOTES)
_RUN = re.compile(rf"[^\s(){''.join(_CLOSING)}]+")


def keep_meaning(query: str) -> str:
    """A query of before, written so that it still means the same."""
    written: list[str] = []
    at = 0
    while at < len(query):
        sign = query[at]
        if sign in _CLOSING:
            close = next((i for i in range(at + 1, len(query)) if query[i] in _CLOSING[sign]), len(query))
            inside = query[at + 1 : close]
            if re.search(r"[^\W_]\*\s*$", inside):
                inside = inside.rstrip()[:-1]
            written.append(sign + inside + query[close : close + 1])
            if re.match(r"~\d", query[close + 1 :]):
                written.append(" ")
            at = close + 1
        elif (run := _RUN.match(query, at)) is not None:
            minus = "-" if run[0].startswith("-") else ""
            word = re.sub(r"^((?:[^\W\d_]+:)?)`+", r"\1", run[0][len(minus) :])
            written.append(minus + (f'"{word}"' if word in ("ET", "OU", "SAUF") else word))
            at = run.end()
        else:
            written.append(sign)
            at += 1
    return "".join(written)


def _keep_inside(body: Any) -> Any:
    """The queries somewhere inside a rule."""
    if isinstance(body, dict):
        return {
            name: keep_meaning(value) if name == "query" and isinstance(value, str) else _keep_inside(value)
            for name, value in body.items()
        }
    return [_keep_inside(one) for one in body] if isinstance(body, list) else body
