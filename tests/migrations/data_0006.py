"""What was gone for good rests; all else is asked as before."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.migrations.rows import AT, insert


def fill(connection: Connection) -> None:
    for number, state in enumerate(("ok", "asleep", "gone"), 1):
        insert(connection, "feeds", id=number, kind="feed", state=state, address_hash=str(number), due_at=AT)


def check(connection: Connection) -> None:
    rows = connection.execute(text("SELECT state, due_at IS NOT NULL, moved_to, moved_times FROM feeds ORDER BY id"))
    assert [tuple(row) for row in rows] == [("ok", True, "", 0), ("asleep", True, "", 0), ("gone", False, "", 0)]
