"""Servers that behave in every bad way there is beside 200 good ones, before the real worker process.

No good source loses a poll, each bad one ends with its reason, and all of it costs a bounded time and memory.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from backend.config import Settings
from backend.infra.clock import utc_now
from backend.infra.db import Database
from backend.listening.models import Feed, FeedDay, Item
from backend.listening.sources import create_source
from backend.migrations.upgrade import upgrade_database
from tests.e2e.server import environment_for
from tests.peers.bad_feeds import BEHAVIOURS, BadServer, bad_server
from tests.unit.automation.make import make_brand
from tests.waiting import wait_for

GOOD = 200
ANSWER_WITHIN_S = 10.0  # of the good ones too, on a loaded machine
ROUND_WITHIN_S = 90.0  # of a loaded machine; some seconds on a free one
GOOD_WITHIN_S = 60.0
MOST_MB = 420


@contextmanager
def worker(folder: Path, hosts: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    environment = environment_for(folder, 1) | {
        "ENTREGENT_ALLOW_PRIVATE_HOSTS": ",".join(hosts),
        "ENTREGENT_ANSWER_WITHIN_S": str(ANSWER_WITHIN_S),
    }
    process = subprocess.Popen([sys.executable, "-m", "backend", "worker"], env=environment, cwd=folder)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def poll_all(database: Database, server: BadServer, asked: int) -> float:
    """Everything is due now; gives how long the good ones took, in seconds."""
    began = time.monotonic()
    now = utc_now()
    with database.write() as session:
        session.execute(update(Feed).values(due_at=now, state="ok"))

    def left(*which: object) -> int:
        with database.read() as session:
            open_ = select(func.count()).select_from(Feed).where(*which)  # type: ignore[arg-type]
            return session.scalar(open_.where((Feed.last_polled_at.is_(None)) | (Feed.last_polled_at < now))) or 0

    good = Feed.address.startswith(server.base)
    wait_for(lambda: left(good) == 0, GOOD_WITHIN_S, 0.1)
    taken = time.monotonic() - began
    wait_for(lambda: left() == 0, ROUND_WITHIN_S, 0.1)
    with database.read() as session:
        failed = select(func.sum(FeedDay.failed)).join(Feed, Feed.id == FeedDay.feed_id).where(good)
        of_good = select(func.sum(FeedDay.asked)).join(Feed, Feed.id == FeedDay.feed_id).where(good)
        assert (session.scalar(of_good), session.scalar(failed)) == (GOOD * asked, 0)
    return taken


def most_mb(process: subprocess.Popen[bytes]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@pytest.fixture(scope="module")
def server() -> Iterator[BadServer]:
    with bad_server() as running:
        yield running


def test_forty_bad_servers_cost_no_good_one_a_poll(tmp_path: Path, server: BadServer) -> None:
    assert len(BEHAVIOURS) >= 40
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'entregent.sqlite3'}")
    upgrade_database(settings)
    database = Database(settings.database_url)
    now = utc_now()
    names = {}
    with database.write() as session:
        brand = make_brand(session, now=now)
        for name in BEHAVIOURS:
            source = create_source(session, brand, "feed", {"url": server.url(name)}, take="matching", now=now)
            names[source.feed_id] = name
        for number in range(GOOD):
            create_source(session, brand, "feed", {"url": server.good(number)}, take="matching", now=now)
        session.execute(update(Feed).values(due_at=None, urgent=False))
    with worker(tmp_path, server.hosts) as process:
        poll_all(database, server, 1)
        found = told(database, names)
        wrong = {
            name: (expected.error, found[name])
            for name, expected in BEHAVIOURS.items()
            if (found[name][0], expected.items if expected.items is None else found[name][2])
            != (expected.error, expected.items)
        }
        assert wrong == {}
        silent = {name for name, (error, text, _) in found.items() if error and not text}
        assert silent == set()
        # Once more: what flaps is there again, ids that change made nothing new, and nobody was given up but one.
        poll_all(database, server, 2)
        again = told(database, names)
        assert again["an error and none in turn"] == ("", "", 3)
        assert again["ids that change each time"] == ("", "", 3)
        assert again["an ETag that changes each time"] == ("", "", 3)
        assert again["cookies"] == ("", "", 3)
        with database.read() as session:
            resting = session.scalars(select(Feed.id).where(Feed.due_at.is_(None)))
            assert {names[ref] for ref in resting} == {"410"}
            late = session.scalar(select(func.max(Feed.due_at)))
            assert late is not None
            assert (late - utc_now()).total_seconds() < 1.2 * 86_400
        assert most_mb(process) < MOST_MB
    database.close()


def told(database: Database, names: dict[int, str]) -> dict[str, tuple[str, str, int]]:
    """Error, its reason in words, and the items stored, of each bad one."""
    with database.read() as session:
        stored = {row[0]: row[1] for row in session.execute(select(Item.feed_id, func.count()).group_by(Item.feed_id))}
        rows = session.execute(select(Feed.id, Feed.last_error, Feed.last_error_text).where(Feed.id.in_(names)))
        return {names[ref]: (error, text, stored.get(ref, 0)) for ref, error, text in rows}
