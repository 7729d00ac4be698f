"""The data of a running server as they were at one moment, put back before each test: tests share the server alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

#: not put back: readers hold places in it, and a place must never come twice
KEPT = {"changes", "alembic_version"}


class Snapshot:
    """All rows of a SQLite database now; `put_back` may run beside the server's own processes."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._copy = database.with_suffix(".snapshot")
        with closing(self._open()) as source, closing(sqlite3.connect(self._copy)) as copy:
            source.backup(copy)
            found = copy.execute("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%'")
            self._tables = sorted({name for (name,) in found} - KEPT)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._database, timeout=30, isolation_level=None)

    def put_back(self) -> None:
        with closing(self._open()) as connection:
            connection.execute("ATTACH ? AS then_", [str(self._copy)])
            connection.execute("BEGIN IMMEDIATE")
            for table in self._tables:
                connection.execute(f'DELETE FROM main."{table}"')  # noqa: S608  # names of our own schema
                connection.execute(f'INSERT INTO main."{table}" SELECT * FROM then_."{table}"')  # noqa: S608
            connection.execute("COMMIT")
