"""Bring the database to this program's shape: under a lock, after a copy, and never from a newer one.

Every process asks at its start, and nearly always there is nothing to do: Alembic (more than half a second of imports,
`steps`) is only called when there is.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from backend.config import Settings
from backend.infra.db import Database

FOLDER = Path(__file__).parent / "versions"


class NewerDatabase(Exception):
    """The database was made by a newer Entregent; the message says what to do."""


class NoDataFolder(Exception):
    """The data folder cannot be made or written; the message says which and why."""


def make_data_dir(settings: Settings) -> None:
    """The data folder, only for its owner. Raises NoDataFolder."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = settings.data_dir / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise NoDataFolder(
            f"The data folder {settings.data_dir} cannot be written ({error.strerror}). "
            "Set ENTREGENT_DATA_DIR to a folder that you may write to."
        ) from error


def current_revision(connection: Connection) -> str | None:
    """The shape of a database; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def known_revisions() -> list[str]:
    """The shapes that this program knows, oldest first: files are named by them, and they are numbered."""
    return sorted(file.name.partition("_")[0] for file in FOLDER.glob("[0-9]*.py"))


def head_revision() -> str:
    return known_revisions()[-1]


def upgrade_database(settings: Settings, *, to: str = "") -> bool:
    """Migrate where needed, to the newest shape if none is named; True when something was done.

    Raises NewerDatabase, NoDataFolder.
    """
    make_data_dir(settings)
    known = known_revisions()
    with _one_at_a_time(settings), _database(settings) as database:
        with database.engine.connect() as connection:
            current = current_revision(connection)
        if current is not None and current not in known:
            raise NewerDatabase(
                f"This database was last used by a newer Entregent (its shape is {current}). Nothing was changed. "
                "Install that version again, or restore an older copy with `entregent restore FILE`."
            )
        to = to or known[-1]
        if current == to:
            return False
        if current is not None:
            _copy_before(settings, current)
        from backend.migrations.steps import migrate

        migrate(database, to)
        return True


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url, pool_size=1)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """Two starts at once on one data folder wait for each other; on PostgreSQL the transaction's locks do the rest."""
    with (settings.data_dir / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy_before(settings: Settings, revision: str) -> None:
    path = settings.sqlite_path
    if path is None or not path.exists():
        return
    folder = settings.data_dir / "backups"
    folder.mkdir(exist_ok=True)
    for suffix in ("", "-wal"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            shutil.copy2(file, folder / f"before-{revision}.sqlite3{suffix}")
