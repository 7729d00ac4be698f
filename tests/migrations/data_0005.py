"""Spikes that were told before any of them waited stay told."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.migrations.rows import insert


def fill(connection: Connection) -> None:
    insert(connection, "brands", id=1, name="Café", kind="place", address="vous")
    insert(connection, "keywords", id=1, brand_id=1, query="café")
    insert(connection, "spikes", id=1, brand_id=1, keyword_id=1, kind="mentions", count=14)


def check(connection: Connection) -> None:
    assert [tuple(row) for row in connection.execute(text("SELECT count, say_at FROM spikes"))] == [(14, None)]
