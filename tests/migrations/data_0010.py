"""Nothing that was there is a stream."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.migrations.rows import AT, insert


def fill(connection: Connection) -> None:
    feed = {"kind": "feed", "address": "https://blog.example/feed", "address_hash": "1", "state": "ok"}
    insert(connection, "feeds", id=1, due_at=AT, **feed)


def check(connection: Connection) -> None:
    assert connection.execute(text("SELECT listening_since FROM feeds")).scalars().all() == [None]
