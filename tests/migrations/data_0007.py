"""Each source has the purpose of its kind; alerts of Google that were feeds are what they are."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.migrations.rows import AT, insert

ALERT = "https://www.google.com/alerts/feeds/123/456"


def fill(connection: Connection) -> None:
    insert(connection, "brands", id=1, name="Café", kind="place", address="vous")
    kinds = {"feed": "https://blog.example/feed", "mastodon": "https://m.example/tags/x", "bluesky_account": "x"}
    for number, (kind, address) in enumerate([*kinds.items(), ("feed", ALERT), ("feed", ALERT + "/")], 1):
        feed = {"kind": kind, "address": address, "address_hash": str(number), "state": "ok"}
        insert(connection, "feeds", id=number, due_at=AT, **feed)
        insert(connection, "sources", id=number, brand_id=1, feed_id=number, take="all")


def check(connection: Connection) -> None:
    rows = connection.execute(text("SELECT purpose FROM sources ORDER BY id"))
    assert [row[0] for row in rows] == ["press", "social", "accounts", "press", "press"]
    rows = connection.execute(text("SELECT kind, address FROM feeds ORDER BY id"))
    assert [tuple(row) for row in rows][3:] == [("googlealerts", ALERT), ("feed", ALERT + "/")]
