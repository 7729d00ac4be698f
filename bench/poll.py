"""Rows `poll.*`: 2,000 sources on a local server, nine in ten of them unchanged, polled by two real worker processes
into the inbox of one brand that takes everything. Budgets do not count for a host that the administrator named.

Twice: as they are polled day by day (each changed one has some new articles among those that are known), and the worst
that can be, as after an import (each changed one has nothing but new ones, with their whole texts).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import sqlalchemy as sa

from backend.config import Settings
from backend.inbox.models import Mention
from backend.infra.clock import utc_now
from backend.infra.db import Database
from backend.listening.models import Feed
from backend.listening.sources import create_source
from backend.migrations.upgrade import upgrade_database
from bench.feed_data import ITEMS
from bench.feed_server import CHANGED_EACH
from bench.rows import Row, judge
from tests.e2e.server import environment_for
from tests.unit.automation.make import make_brand

SOURCES = 2_000
FRESH = 5  # articles since the poll before, of a source that changed
WORKERS = 2
PATIENCE_S = 600


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        base = stack.enter_context(_feed_server())
        settings = Settings(data_dir=folder, database_url=f"sqlite:///{folder / 'entregent.sqlite3'}")
        upgrade_database(settings)
        database = Database(settings.database_url)
        stack.callback(database.close)
        _fill(database, base)
        changed = range(0, SOURCES, CHANGED_EACH)
        workers = [stack.enter_context(_worker(folder)) for _ in range(WORKERS)]
        time.sleep(5)  # imports, the elected sweep
        first_s, cpu_first_s = _poll_all(database, workers, base, changed)
        httpx.get(f"{base}/later/{FRESH}")
        daily_s, cpu_daily_s = _poll_all(database, workers, base, changed)
        peak = max(_rss_kb(one.pid) for one in workers)
        with database.read() as session:
            mentions = session.scalar(sa.select(sa.func.count()).select_from(Mention))
            errors = session.scalar(sa.select(sa.func.count()).select_from(Feed).where(Feed.last_error != ""))
        assert (mentions, errors) == (len(changed) * (ITEMS + FRESH), 0), (mentions, errors)
        about = f"{SOURCES} sources of {ITEMS} items, one in {CHANGED_EACH} changed, {WORKERS} worker processes, SQLite"
        load = f"{os.getloadavg()[0]:.0f} processes at work on {os.cpu_count()} cores"
        daily = (
            f"{about}; {FRESH} new items with their whole text in each; {cpu_daily_s:.1f} s of the processor, {load}"
        )
        first = f"all {ITEMS} items new in each, as after an import; {cpu_first_s:.1f} s of the processor"
        return [
            judge("poll.2000_sources_s", daily_s, "s", "<=15", baseline="newsboat: 18 s for 1,000", note=daily),
            judge("poll.all_new_s", first_s, "s", "<=45", note=first),
            judge("poll.peak_rss_mb", peak / 1024, "MB", "<=300", note="of one worker process"),
        ]


def _poll_all(
    database: Database, workers: list[subprocess.Popen[bytes]], base: str, changed: range
) -> tuple[float, float]:
    """Seconds, and seconds of the processor, until all are polled once more."""
    for number in changed:
        httpx.get(f"{base}/0/{number}")  # the server writes what it will give
    began, before = time.monotonic(), sum(_cpu_s(one.pid) for one in workers)
    since = utc_now()
    with database.write() as session:
        session.execute(sa.update(Feed).values(due_at=since))
    while (left := _left(database, since)) > 0:
        if time.monotonic() - began > PATIENCE_S:
            raise RuntimeError(f"{left} sources were not polled in {PATIENCE_S} s")
        time.sleep(0.2)
    return time.monotonic() - began, sum(_cpu_s(one.pid) for one in workers) - before


def _fill(database: Database, base: str) -> None:
    """All sources, as they stand after an earlier poll; those that changed know no validator."""
    now = utc_now()
    with database.write() as session:
        brand_id = make_brand(session, now=now)
        for number in range(SOURCES):
            create_source(session, brand_id, "feed", {"url": f"{base}/0/{number}"}, take="all", now=now)
        session.execute(sa.update(Feed).values(due_at=None))
        for feed in session.scalars(sa.select(Feed)):
            number = int(feed.address.rpartition("/")[2])
            if number % CHANGED_EACH:
                feed.etag = f'"0-{number}-0"'


def _left(database: Database, since: datetime) -> int:
    not_yet = sa.or_(Feed.last_polled_at.is_(None), Feed.last_polled_at < since)
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Feed).where(not_yet)) or 0


def _rss_kb(pid: int) -> int:
    """The most that a process ever held."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def _cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _feed_server() -> Iterator[str]:
    server = subprocess.Popen([sys.executable, "-m", "bench.feed_server"], stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


@contextmanager
def _worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = environment_for(folder, 1)
    worker = subprocess.Popen([sys.executable, "-m", "backend", "worker"], env=environment, cwd=folder)
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(20)
