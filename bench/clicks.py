"""`clicks.*`: none lost at a clean stop, and what adding them up costs."""

from __future__ import annotations

import random
import secrets
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from backend.infra.db import Database
from backend.links.clicks import EPOCH, MS
from backend.links.rollups import CHUNK, roll_up_some
from bench.links_data import NOW, count_stored, make_links, open_database
from bench.rows import Row, judge
from bench.web_servers import running

CLICKS = 200_000


def rows() -> Iterable[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        every = folder / "every.txt"
        every.write_text("\n".join(make_links(folder, 2000)))
        answered = 0
        for _ in range(3):
            with running("ours", folder) as ours:
                answered += int(ours.load(3, 8, every)["answered"])
                ours.stop()  # at once, with clicks in memory
        stored = count_stored(folder)
        yield judge("clicks.lost", answered - stored, "clicks", "==0", note=f"{answered} answered, three clean stops")

        database = open_database(folder)
        with database.write() as session:
            while roll_up_some(session):
                pass
        invent_clicks(database, CLICKS)
        before, done = time.process_time(), 0
        while True:
            with database.write() as session:
                some = roll_up_some(session)
            done += some
            if some < CHUNK:
                break
        cost = (time.process_time() - before) * 1e6 / done
        database.close()
    note = f"{done} clicks of an hour, half of them on one of 2,000 links, 20,000 visitors"
    yield judge("clicks.rollup_us", cost, "us", "<=20", note=note)


def invent_clicks(database: Database, n: int) -> None:
    """Clicks of one hour as a busy server has them: one hot link, many others, machines among them."""
    at = (NOW - EPOCH) // MS
    visitors = [secrets.token_bytes(8) for _ in range(n // 10)]
    rows = [
        (
            1 if random.random() < 0.5 else random.randint(1, 2000),
            at + random.randrange(3_600_000),
            random.choice((0, 0, 0, 0, 0, 0, 1, 2, 2, 3)),
            random.choice(visitors),
            None,
        )
        for _ in range(n)
    ]
    insert = "INSERT INTO clicks (link_id, at_ms, kind, visitor, referrer_id) VALUES (?, ?, ?, ?, ?)"
    for start in range(0, n, 5000):
        with database.write() as session:
            session.connection().exec_driver_sql(insert, rows[start : start + 5000])
