"""The migrations themselves, by Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from backend.infra.db import Database


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


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
