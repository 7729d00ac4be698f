"""One row for every table, made from its columns: what any shape must be able to hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from backend.infra.db import Database
from backend.models import metadata

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def value_for(column: sa.Column[Any], checks: dict[str, Any]) -> Any:
    """Something the column takes; ids are all 1, so that foreign keys hold."""
    if column.name in checks:
        return checks[column.name]
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.LargeBinary):
        return b"\x01" * 8
    if isinstance(kind, sa.JSON):
        return {"é": ["日本"]}
    if isinstance(kind, sa.String):
        return "é1"[: kind.length or 2]
    if isinstance(kind, sa.Integer | sa.BigInteger):
        return 1
    if isinstance(kind, sa.Float | sa.Double | sa.Numeric):
        return 1.5
    return AT


def allowed_words(table: sa.Table) -> dict[str, Any]:
    """The first value of each `column IN ('a', 'b')`."""
    words: dict[str, Any] = {}
    for constraint in table.constraints:
        if isinstance(constraint, sa.CheckConstraint):
            for name, word in re.findall(r"(\w+) IN \('([^']*)'", str(constraint.sqltext)):
                words[name] = word
            for name, number in re.findall(r"(\w+) IN \((\d+)", str(constraint.sqltext)):
                words[name] = int(number)
    return words


def insert(connection: Connection, table: str, **values: Any) -> None:
    """A row of the shape before; what is not given holds whatever its type takes."""
    made = sa.Table(table, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    for column in made.columns:
        if column.name not in values and not column.nullable:
            values[column.name] = _something(column)
    connection.execute(made.insert().values(values))


def _something(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, sa.JSON):
        return {}
    if isinstance(column.type, sa.Boolean):
        return False
    if isinstance(column.type, sa.String):
        return ""
    return AT if isinstance(column.type, sa.DateTime) else 1


def fill_every_table(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.engine.begin() as connection:
        for table in metadata.sorted_tables:
            checks = allowed_words(table)
            connection.execute(table.insert().values({c.name: value_for(c, checks) for c in table.columns}))
    return read_everything(database)


def read_everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.engine.begin() as connection:
        return {t.name: [tuple(row) for row in connection.execute(t.select())] for t in metadata.sorted_tables}
