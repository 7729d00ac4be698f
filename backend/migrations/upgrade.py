"""Bring the database to this program's shape: under a lock, after a copy, and never from a newer one."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from backend.config import Settings
from backend.infra.db import Database

FOLDER = Path(__file__).parent


class NewerDatabase(Exception):
    """The database was made by a newer Entregent; the message says what to do."""


class NoDataFolder(Exception):
    """The data folder cannot be made or written; the message says which and why."""


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config


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
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def upgrade_database(settings: Settings, *, to: str = "head") -> bool:
    """Migrate where needed; True when something was done. Raises NewerDatabase, NoDataFolder."""
    make_data_dir(settings)
    with _one_at_a_time(settings), _database(settings) as database:
        with database.engine.connect() as connection:
            current = current_revision(connection)
        scripts = ScriptDirectory.from_config(alembic_config())
        known = {script.revision for script in scripts.walk_revisions()}
        if current is not None and current not in known:
            raise NewerDatabase(
                f"This database was last used by a newer Entregent (its shape is {current}). Nothing was changed. "
                "Install that version again, or restore an older copy with `entregent restore FILE`."
            )
        if current == (head_revision() if to == "head" else to):
            return False
        if current is not None:
            _copy_before(settings, current)
        migrate(database, to)
        return True


def migrate(database: Database, to: str, *, down: bool = False) -> None:
    """Run the migrations themselves, up or down, in one transaction."""
    config = alembic_config()
    with database.engine.connect() as connection:
        if database.dialect == "sqlite":
            # Batch mode copies tables: with foreign keys on, dropping the old one would delete what refers to it.
            # The pragma does nothing inside a transaction, hence the raw connection.
            raw = connection.connection.dbapi_connection
            if raw is not None:
                raw.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            config.attributes["connection"] = connection
            (command.downgrade if down else command.upgrade)(config, to)
        if database.dialect == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
            if broken:
                raise RuntimeError(f"foreign keys are broken after the migration: {broken[:5]}")


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
