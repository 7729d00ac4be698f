"""Sources that were there came in no list."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.migrations.rows import AT, insert


def fill(connection: Connection) -> None:
    insert(connection, "brands", id=1, name="Café", kind="place", address="vous")
    insert(connection, "feeds", id=1, kind="feed", state="ok", due_at=AT)
    insert(connection, "sources", id=1, brand_id=1, feed_id=1, take="all")


def check(connection: Connection) -> None:
    assert connection.execute(text("SELECT import_id FROM sources")).scalar_one() is None
