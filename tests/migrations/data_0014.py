"""Feeds that were there are told of by nobody: they are asked as before, and their hubs at the next poll."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.migrations.rows import AT, insert


def fill(connection: Connection) -> None:
    insert(connection, "feeds", id=1, kind="feed", state="ok", address_hash="1", due_at=AT)


def check(connection: Connection) -> None:
    assert connection.execute(text("SELECT count(*) FROM feeds WHERE due_at IS NOT NULL")).scalar() == 1
    assert connection.execute(text("SELECT count(*) FROM pushes")).scalar() == 0
