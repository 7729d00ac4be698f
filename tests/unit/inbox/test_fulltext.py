"""The full-text index: in step with what is written, on both databases and however the tables were made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from backend.accounts.brands import create_brand
from backend.config import Settings
from backend.inbox import fulltext
from backend.inbox.fulltext import index_words
from backend.inbox.models import Mention
from backend.inbox.search import Filter, list_mentions
from backend.infra.backup import restore_backup, write_backup
from backend.infra.db import Database
from backend.migrations.steps import migrate
from backend.models import metadata
from backend.query.grammar import parse_search

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def add(session: Session, brand_id: int, *titles: str) -> None:
    for title in titles:
        mention = Mention(
            brand_id=brand_id, url="https://a.example/", title=title, text="", author="", seen_at=NOW, sorted_at=NOW
        )
        index_words(mention)
        session.add(mention)
    session.flush()


def found(session: Session, query: str) -> list[str]:
    rows = list_mentions(session, [1], Filter(query=parse_search(query)), now=NOW)
    return sorted(row.title for row in rows)


@pytest.fixture(params=["made by the models", "made by migrations"])
def filled(request: pytest.FixtureRequest, database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    if request.param == "made by the models":
        metadata.create_all(database.engine)
    else:
        migrate(database, "head")
    with database.write() as session:
        create_brand(session, {"name": "Café"}, now=NOW)
        add(session, 1, "Le café du port", "Au Café Lumière", "Rien", "Bar #CafeLumiere")
    yield database
    database.close()


def test_what_is_written_changed_and_deleted_is_found_or_not(filled: Database) -> None:
    with filled.write() as session:
        assert found(session, '"café lumière"') == ["Au Café Lumière", "Bar #CafeLumiere"]
        assert found(session, "café -port") == ["Au Café Lumière", "Bar #CafeLumiere"]
        mention = session.scalars(select(Mention).where(Mention.title == "Rien")).one()
        mention.title = "Un café"
        index_words(mention)
        session.flush()
        assert found(session, "un café") == ["Un café"]
        session.execute(update(Mention).where(Mention.title == "Un café").values(title="Thé", words=" the /1 /2 "))
        session.execute(delete(Mention).where(Mention.title == "Le café du port"))
        assert found(session, "café") == ["Au Café Lumière", "Bar #CafeLumiere"]
        assert found(session, "thé") == ["Thé"]


def test_the_index_is_what_finds_rare_words(filled: Database) -> None:
    with filled.write() as session:
        rows = fulltext.narrow_by_words(session, select(Mention.id), parse_search("lumière title:café"))
        if filled.dialect == "sqlite":
            explain = "EXPLAIN QUERY PLAN "
            session.execute(text("INSERT INTO mentions_fts(mentions_fts, rank) VALUES ('integrity-check', 1)"))
        else:
            explain = "EXPLAIN "
            session.execute(text("SET LOCAL enable_seqscan = off"))
        compiled = rows.compile(session.get_bind())
        values: Any = compiled.params
        if compiled.positiontup is not None:
            values = tuple(compiled.params[name] for name in compiled.positiontup)
        plan = session.connection().exec_driver_sql(explain + str(compiled), values)
        said = " ".join(str(row) for row in plan)
        assert ("mentions_fts VIRTUAL TABLE INDEX" if filled.dialect == "sqlite" else "ix_mentions_words") in said


def test_a_very_long_word_is_no_fault_and_is_found(filled: Database) -> None:
    with filled.write() as session:
        add(session, 1, "x" * 1_500, "日" * 3_000)
        assert found(session, "x" * 1_500) == ["x" * 1_500]
        assert len(found(session, "日日")) == 1


def test_the_index_is_in_copies_and_comes_back_with_them(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'entregent.sqlite3'}")
    database = Database(settings.database_url)
    migrate(database, "head")
    with database.write() as session:
        create_brand(session, {"name": "Café"}, now=NOW)
        add(session, 1, "Au Café Lumière")
    write_backup(settings, tmp_path / "copy.zip", now=NOW)
    with database.write() as session:
        session.execute(delete(Mention))
    database.close()
    restore_backup(settings, tmp_path / "copy.zip", now=NOW)
    database = Database(settings.database_url)
    with database.write() as session:
        assert found(session, "lumière") == ["Au Café Lumière"]
        session.execute(text("INSERT INTO mentions_fts(mentions_fts, rank) VALUES ('integrity-check', 1)"))
    database.close()
