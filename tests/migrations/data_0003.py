"""Before `type:` had a column, ET was a word, and back-ticks and stars in phrases said nothing."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection, text

from backend.query.grammar import And, parse_query
from tests.migrations.rows import insert

#: as it was saved → as it is kept
QUERIES = {
    "CAFE ET LUMIERE": 'CAFE "ET" LUMIERE',
    "café -OU": 'café -"OU"',
    "et (SAUF)": 'et ("SAUF")',
    "`café lumière`": "café lumière`",
    "title:`café -`bar": "title:café -bar",
    '"bons plans*" «fin *»': '"bons plans" «fin *»',
    '"a b"~5x': '"a b" ~5x',
    "café (terrasse OR “au soleil”) -bar": "café (terrasse OR “au soleil”) -bar",
    "l`été": "l`été",
}
MENTIONS = [
    (1, "mastodon", "mastodon", "https://m.example/1", "", "post"),
    (2, "hackernews", "hackernews", "https://news.ycombinator.com/item?id=1", "", "comment"),
    (3, "news", "googlenews", "https://a.example/1", "T", "article"),
    (4, "web", "page", "https://a.example/2", "T", "page"),
    (5, "youtube", "feed", "https://www.youtube.com/watch?v=1", "T", "video"),
    (6, "bluesky", "bluesky_account", "https://b.example/1", "", "post"),
]


def fill(connection: Connection) -> None:
    insert(connection, "brands", id=1, name="Café", kind="place", address="vous")
    for number, query in enumerate(QUERIES, 1):
        insert(connection, "keywords", id=number, brand_id=1, query=query)
        insert(connection, "saved_searches", id=number, brand_id=1, query=query)
        insert(connection, "rules", id=number, brand_id=1, body={"if": {"query": query}, "name": "ET"})
    insert(connection, "feeds", id=1, kind="feed", state="ok", params={})
    insert(connection, "items", id=1, feed_id=1, words=" cafe /1 /2 ")
    for number, network, kind, url, title, _ in MENTIONS:
        insert(
            connection, "mentions", id=number, brand_id=1, url=url, network=network, source_kind=kind, title=title,
            about_us="yes", status="new",
        )  # fmt: skip


def check(connection: Connection) -> None:
    for table in ("keywords", "saved_searches"):
        saved = sa.table(table, sa.column("id"), sa.column("query"))
        rows = connection.scalars(sa.select(saved.c.query).order_by(saved.c.id))
        assert list(rows) == list(QUERIES.values())
    rules = sa.table("rules", sa.column("id"), sa.column("body", sa.JSON))
    bodies = list(connection.scalars(sa.select(rules.c.body).order_by(rules.c.id)))
    assert bodies == [{"if": {"query": query}, "name": "ET"} for query in QUERIES.values()]
    for query in QUERIES.values():
        parse_query(query)
    assert isinstance(parse_query(QUERIES["CAFE ET LUMIERE"]).tree, And)
    types = connection.execute(text("SELECT id, type FROM mentions ORDER BY id")).all()
    assert [tuple(row) for row in types] == [(number, kind) for number, *_, kind in MENTIONS]
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT rowid FROM items_fts WHERE items_fts.words MATCH 'cafe'")).scalars()
        assert list(found) == [1]
