"""Items that were read before they had content keys stay as they are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, text

from tests.migrations.rows import value_for


def fill(connection: Connection) -> None:
    tables = sa.MetaData()
    feeds = sa.Table("feeds", tables, autoload_with=connection)
    items = sa.Table("items", tables, autoload_with=connection)
    connection.execute(feeds.insert().values(**_row(feeds, id=1, kind="feed", state="ok")))
    connection.execute(
        items.insert().values(**_row(items, id=1, external_id="g", url="https://a.example/1", title="Été"))
    )


def _row(table: sa.Table, **values: Any) -> dict[str, Any]:
    """What is not given holds whatever its type takes."""
    return {**{column.name: value_for(column, {}) for column in table.columns if not column.nullable}, **values}


def check(connection: Connection) -> None:
    rows = connection.execute(text("SELECT external_id, url, title, content_key FROM items")).all()
    assert [tuple(row) for row in rows] == [("g", "https://a.example/1", "Été", "")]
    assert connection.scalar(text("SELECT count(*) FROM feeds")) == 1
