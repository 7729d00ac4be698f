"""Feeds that were there are read as before: with nothing but their address."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.migrations.rows import AT, insert


def fill(connection: Connection) -> None:
    feed = {"kind": "feed", "address": "https://blog.example/feed", "address_hash": "1", "state": "ok"}
    insert(connection, "feeds", id=1, due_at=AT, **feed)


def check(connection: Connection) -> None:
    rows = connection.execute(text("SELECT secret, secret_mark, CAST(secret_names AS VARCHAR) FROM feeds"))
    assert [tuple(row) for row in rows] == [("", "", "[]")]
