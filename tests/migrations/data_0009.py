"""A new table: what was there stays as it was."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.migrations.rows import AT, insert


def fill(connection: Connection) -> None:
    feed = {"kind": "feed", "address": "https://blog.example/feed", "address_hash": "1", "state": "ok"}
    insert(connection, "feeds", id=1, due_at=AT, **feed)


def check(connection: Connection) -> None:
    assert connection.execute(text("SELECT count(*) FROM feeds")).scalar() == 1
    assert connection.execute(text("SELECT count(*) FROM webhooks")).scalar() == 0
