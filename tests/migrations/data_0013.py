"""What is due is asked as before, before nobody else; when its items were published is found out at its next poll."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.migrations.rows import AT, insert


def fill(connection: Connection) -> None:
    insert(connection, "feeds", id=1, kind="feed", state="ok", address_hash="1", due_at=AT)


def check(connection: Connection) -> None:
    rows = connection.execute(text("SELECT due_at IS NOT NULL, urgent, latest FROM feeds"))
    assert [(bool(due), bool(urgent), latest) for due, urgent, latest in rows] in (
        [(True, False, "[]")],
        [(True, False, [])],
    )
