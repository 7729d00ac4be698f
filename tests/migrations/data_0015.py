"""Keywords that were there ask everywhere."""

from __future__ import annotations

import json

from sqlalchemy import Connection, text

from tests.migrations.rows import insert


def fill(connection: Connection) -> None:
    insert(connection, "brands", id=1, name="Café", kind="place", address="vous")
    insert(connection, "keywords", id=1, brand_id=1, query="café")


def check(connection: Connection) -> None:
    found = connection.execute(text("SELECT not_asked FROM keywords")).scalar()
    assert (json.loads(found) if isinstance(found, str) else found) == []
