"""Before the round there was none: what was in the inbox stays, and may stand on a page of the round from now on."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.migrations.rows import AT, allowed_words, value_for

OLD = ("brands", "mentions")


def _table(connection: sa.Connection, name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=connection)


def fill(connection: sa.Connection) -> None:
    for name in OLD:
        table = _table(connection, name)
        checks: dict[str, Any] = {**allowed_words(table), **_CHOSEN.get(name, {})}
        values = {
            column.name: value_for(column, checks)
            for column in table.columns
            if column.name in checks or not column.nullable
        }
        connection.execute(table.insert().values(values))


_CHOSEN: dict[str, dict[str, Any]] = {
    "brands": {"address": "vous", "kind": "place"},
    "mentions": {"status": "new", "about_us": "yes", "addressed": "", "text": "Au café"},
}


def check(connection: sa.Connection) -> None:
    assert connection.execute(sa.text("SELECT text FROM mentions")).scalar_one() == "Au café"
    page = {"id": 1, "brand_id": 1, "url": "https://a.example", "url_key": "k", "network": "web", "name": "A"}
    more = {"position": 0, "remind_days": 7, "version": 1, "created_at": AT}
    connection.execute(_table(connection, "round_pages").insert().values({**page, **more}))
    visit = {"id": 1, "page_id": 1, "key": "v", "seen": False, "posts": 1, "fresh": 1}
    connection.execute(_table(connection, "round_visits").insert().values(visit))
    find = {"visit_id": 1, "mention_id": 1, "act": "a", "fresh": True}
    connection.execute(_table(connection, "round_finds").insert().values(find))
    found = "SELECT mentions.text FROM mentions JOIN round_finds ON round_finds.mention_id = mentions.id"
    assert connection.execute(sa.text(found)).scalar_one() == "Au café"
