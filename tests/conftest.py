"""What every test may ask for. Real parts: databases, the Flask application, the clock as a parameter."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa

from backend import create_app
from backend.config import Settings
from backend.infra.crypto import open_vault
from backend.infra.db import Database
from backend.infra.http import HttpClient
from backend.infra.runtime import Runtime
from backend.models import metadata
from tests.databases import postgres_server
from tests.factories import Api, make_owner
from tests.peers.feeds import feeds  # noqa: F401  # a fixture
from tests.peers.fixtures import bluesky_account, mastodon_server, pds_server  # noqa: F401  # fixtures

_names = itertools.count(1)

#: Files that take more than a minute, begun before all others, so that no process works alone at the end.
LONGEST = (
    "api/test_wrong_input.py",
    "api/test_fuzz.py",
    "unit/automation/spikes/test_year.py",
    "properties/test_outbox_machine.py",
    "properties/test_mentions_machine.py",
    "properties/test_search_properties.py",
    "extension/test_editors.py",
    "extension/test_adapter_pages.py",
    "extension/test_looks.py",
    "e2e/test_a_day.py",
    "e2e/test_extension_queue.py",
    "e2e/test_app_screens.py",
    "e2e/test_extension_life.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    first = {Path(__file__).parent / name for name in LONGEST}
    assert all(path.exists() for path in first), "a file was renamed: name it here as it is called now"
    items.sort(key=lambda item: item.path not in first)


# The same examples in every run: what fails says something of the change, not of chance. To look elsewhere:
# HYPOTHESIS_PROFILE=explore
hypothesis.settings.register_profile("same", derandomize=True, database=None)
hypothesis.settings.register_profile("explore", derandomize=False)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


class Clock:
    """The time of a test: it stands still until somebody moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **units: float) -> datetime:
        self.at += timedelta(**units)
        return self.at


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(at: datetime) -> Clock:
    return Clock(at)


@pytest.fixture(scope="session")
def postgres_base() -> Iterator[str]:
    """A PostgreSQL server of our own for the whole run."""
    # Not in pytest's folder: another run may clear that away, and closes it to the server's user.
    with (
        tempfile.TemporaryDirectory(prefix="entregent-pg-", ignore_cleanup_errors=True) as folder,
        postgres_server(Path(folder)) as base,
    ):
        yield base


def _postgres_database(base: str) -> Iterator[str]:
    name = f"t{next(_names)}"
    admin = sa.create_engine(base + "postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield base + name
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _make_tables(url: str) -> None:
    database = Database(url)
    metadata.create_all(database.engine)
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and no rows: to copy it is much quicker than to make them again."""
    path = tmp_path_factory.mktemp("template") / "entregent.sqlite3"
    _make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_tables(postgres_base: str) -> Iterator[sa.Engine]:
    """A database with all tables and no rows, which tests use in turn."""
    for url in _postgres_database(postgres_base):
        _make_tables(url)
        engine = sa.create_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def postgres_url(postgres_base: str) -> Iterator[str]:
    """An empty PostgreSQL database."""
    yield from _postgres_database(postgres_base)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'entregent.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def sqlite_db(sqlite_url: str, sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """For what does not depend on the database."""
    shutil.copy(sqlite_template, tmp_path / "entregent.sqlite3")
    with closing(Database(sqlite_url)) as database:
        yield database


#: Takes all rows away, in any order, and counts from 1 again; much quicker than a database for each test.
_EMPTY = """
DO $$
DECLARE one record;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM %I', one.tablename);
  END LOOP;
  FOR one IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', one.sequencename);
  END LOOP;
END $$
"""


@pytest.fixture
def postgres_db(postgres_tables: sa.Engine) -> Iterator[Database]:
    with closing(Database(postgres_tables.url.render_as_string(hide_password=False))) as database:
        yield database
    with postgres_tables.begin() as connection:
        connection.execute(sa.text(_EMPTY))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest) -> Database:
    """A database with all tables and no rows; the test runs on SQLite and on PostgreSQL."""
    database: Database = request.getfixturevalue(f"{request.param}_db")
    return database


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'entregent.sqlite3'}",
        allow_private_hosts=frozenset({"127.0.0.1"}),
        web_workers=1,
    )


def _runtime(settings: Settings, database: Database, clock: Clock) -> Iterator[Runtime]:
    http = HttpClient(allow_private=settings.allow_private_hosts)
    yield Runtime(settings, database, http, open_vault("", settings.data_dir), clock)
    http.close()


@pytest.fixture
def runtime(settings: Settings, db: Database, clock: Clock) -> Iterator[Runtime]:
    yield from _runtime(settings, db, clock)


@pytest.fixture
def sqlite_runtime(settings: Settings, sqlite_db: Database, clock: Clock) -> Iterator[Runtime]:
    yield from _runtime(settings, sqlite_db, clock)


@pytest.fixture
def app(sqlite_runtime: Runtime) -> Any:
    return create_app(sqlite_runtime)


@pytest.fixture
def api(app: Any) -> Api:
    """A client with the token of an owner. `api.get("/brands")`, `api.post("/links", {...})`, `.json`, `.status`."""
    return Api(app, make_owner(app))


@pytest.fixture
def brand(api: Api) -> dict[str, Any]:
    """A café in Paris."""
    made = api.post(
        "/brands",
        {
            "name": "Café Lumière",
            "kind": "place",
            "languages": ["fr", "en"],
            "countries": ["FR"],
            "time_zone": "Europe/Paris",
        },
    )
    assert made.status == 201, made.json
    return dict(made.json)
