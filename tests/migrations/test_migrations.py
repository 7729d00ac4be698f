"""Migrations: they make exactly the models' tables, go up and down, and keep data. On both databases."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from backend.config import Settings
from backend.infra.db import Database
from backend.migrations.steps import alembic_config, migrate
from backend.migrations.upgrade import current_revision, head_revision, known_revisions, upgrade_database
from backend.models import metadata
from backend.query.index import names_of
from tests.migrations.rows import fill_every_table, read_everything

REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


OF_INDEX = (*names_of("mentions"), *names_of("items"))


def tables_of(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names())


def in_models(name: str | None, _kind: str, _parents: object) -> bool:
    """Full-text indexes are no model's; that they are there and in step is `test_fulltext.py`."""
    return not (name or "").startswith(OF_INDEX)


def test_files_are_named_by_their_revision_so_that_a_start_needs_no_alembic() -> None:
    assert known_revisions() == REVISIONS


def test_the_newest_shape_is_the_models(empty: Database) -> None:
    migrate(empty, "head")
    with empty.engine.connect() as connection:
        opts = {"compare_type": False, "include_name": in_models}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_revision_goes_up_and_down_again(empty: Database, revision: str) -> None:
    migrate(empty, revision)
    before = tables_of(empty)
    migrate(empty, "-1", down=True)
    migrate(empty, revision)
    assert tables_of(empty) == before


def test_all_the_way_down_leaves_nothing(empty: Database) -> None:
    migrate(empty, "head")
    migrate(empty, "base", down=True)
    assert tables_of(empty) <= {"alembic_version"}


def test_rows_in_every_table_are_kept_by_the_shape_that_migrations_make(empty: Database) -> None:
    migrate(empty, "head")
    written = fill_every_table(empty)
    assert {table for table, rows in written.items() if not rows} == set()
    assert read_everything(empty) == written


def test_data_of_each_shape_survives_the_next_revision(empty: Database) -> None:
    """`tests/migrations/data_<revision>.py` fills the shape before and says what must be there after."""
    for before, revision in itertools.pairwise(REVISIONS):
        data: Any = importlib.import_module(f"tests.migrations.data_{revision}")
        migrate(empty, before)
        with empty.engine.begin() as connection:
            data.fill(connection)
        migrate(empty, revision)
        with empty.engine.begin() as connection:
            data.check(connection)
        migrate(empty, "base", down=True)


def test_upgrading_twice_does_nothing_the_second_time(tmp_path: Path, sqlite_url: str) -> None:
    settings = Settings(data_dir=tmp_path, database_url=sqlite_url)
    assert upgrade_database(settings) is True
    assert upgrade_database(settings) is False
    database = Database(sqlite_url)
    with database.engine.connect() as connection:
        assert current_revision(connection) == head_revision()
    database.close()
