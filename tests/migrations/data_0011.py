"""Subreddits become parts of their feeds; searches of Reddit are made anew; all else is of its whole feed."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.migrations.rows import AT, insert

FEEDS = [
    ("feed", "https://blog.example/feed"),
    ("reddit", "https://www.reddit.com/r/paris/new/"),
    ("reddit_search", "https://www.reddit.com/search/?q=caf%C3%A9&sort=new"),
]


def fill(connection: Connection) -> None:
    insert(connection, "brands", id=1, name="Café", kind="place", address="vous")
    insert(connection, "keywords", id=1, brand_id=1, query="café")
    for number, (kind, address) in enumerate(FEEDS, 1):
        feed = {"kind": kind, "address": address, "address_hash": str(number), "state": "ok"}
        insert(connection, "feeds", id=number, due_at=AT, **feed)
        keyword = 1 if kind == "reddit_search" else None
        insert(connection, "sources", id=number, brand_id=1, feed_id=number, take="all", keyword_id=keyword)
    insert(connection, "remembered", name="places that keywords ask", value="x")


def check(connection: Connection) -> None:
    rows = connection.execute(text("SELECT id, part FROM sources ORDER BY id"))
    assert [tuple(row) for row in rows] == [(1, ""), (2, "paris")]
    assert connection.execute(text("SELECT count(*) FROM remembered")).scalar() == 0
