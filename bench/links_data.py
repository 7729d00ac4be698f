"""A data folder with links in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, insert, select

from backend.accounts.brands import create_brand
from backend.infra.db import Database
from backend.links.codes import new_code
from backend.links.links import hash_url
from backend.links.models import Click, Link
from backend.models import metadata

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def open_database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'entregent.sqlite3'}")


def make_links(folder: Path, n: int) -> list[str]:
    """`n` links of one brand; returns their paths."""
    database = open_database(folder)
    metadata.create_all(database.engine)
    with database.write() as session:
        brand = create_brand(session, {"name": "Bench"}, now=NOW).id
    codes = sorted({new_code() for _ in range(n)})
    rows = []
    for number, code in enumerate(codes):
        url = f"https://example.org/page/{number}?from=bench"
        rows.append({"brand_id": brand, "code": code, "url": url, "url_hash": hash_url(url), "created_at": NOW})
    for start in range(0, len(rows), 5000):
        with database.write() as session:
            session.execute(insert(Link), rows[start : start + 5000])
    database.close()
    return ["/" + code for code in codes]


def count_stored(folder: Path) -> int:
    database = open_database(folder)
    with database.read() as session:
        stored = session.scalar(select(func.count()).select_from(Click)) or 0
    database.close()
    return stored
