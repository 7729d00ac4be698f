"""`make soak`: kill -9 of the worker, thousands of times, and what is on the network in the end.

`python -m bench.soak --kills 2000 [--seed 1] [--postgres]`. Rounds of 100 kills with accounts and databases of their
own; ends with status 1 when anything is lost, doubled or left to a person. Some 1.2 s a kill on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa

from backend.config import Settings
from backend.infra.runtime import Runtime, open_runtime
from backend.models import metadata
from tests.databases import postgres_server
from tests.faults.killing import Report, kill_and_count
from tests.peers.servers import Pds, pds
from tests.unit.publishing.make import connect_bluesky, make_brand

PER_ROUND = 100
OUT = Path("build") / "soak.json"


@contextmanager
def fresh_runtime(url: str = "") -> Iterator[Runtime]:
    """An empty data folder with tables; `url` of an empty PostgreSQL database, or SQLite in the folder."""
    with tempfile.TemporaryDirectory(prefix="entregent-bench-") as name:
        folder = Path(name)
        runtime = open_runtime(
            Settings(
                data_dir=folder,
                database_url=url or f"sqlite:///{folder / 'entregent.sqlite3'}",
                allow_private_hosts=frozenset({"127.0.0.1"}),
            )
        )
        metadata.create_all(runtime.db.engine)
        try:
            yield runtime
        finally:
            runtime.close()


def one_round(server: Pds, *, kills: int, seed: int, url: str = "") -> Report:
    """Kill so often, on an account of its own."""
    person = server.create_account()
    with fresh_runtime(url) as runtime:
        brand_id = make_brand(runtime)
        account_id = connect_bluesky(runtime, brand_id, person, server.url)
        return kill_and_count(
            runtime, brand_id, account_id, lambda: server.texts(person), kills=kills, seed=seed, at_once=8
        )


@contextmanager
def databases(postgres: bool) -> Iterator[Iterator[str]]:
    """Addresses of empty databases, one after the other; "" stands for SQLite."""
    if not postgres:
        yield iter(lambda: "", None)
        return
    with tempfile.TemporaryDirectory(prefix="entregent-pg-") as name, postgres_server(Path(name) / "pg") as base:
        admin = sa.create_engine(base + "postgres", isolation_level="AUTOCOMMIT")

        def fresh() -> Iterator[str]:
            number = 0
            while True:
                number += 1
                with admin.connect() as connection:
                    connection.execute(sa.text(f"CREATE DATABASE soak{number}"))
                yield f"{base}soak{number}"

        yield fresh()
        admin.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    total, began = Report(), time.monotonic()
    with databases(given.postgres) as urls, pds() as server:
        number = 0
        while total.kills.total() < given.kills:
            left = given.kills - total.kills.total()
            report = one_round(server, kills=min(PER_ROUND, left), seed=given.seed + number, url=next(urls))
            number += 1
            total.kills += report.kills
            total.posts += report.posts
            total.lost += report.lost
            total.duplicated += report.duplicated
            total.asked += report.asked
            total.seconds = round(time.monotonic() - began, 1)
            print(
                f"{total.kills.total():>6} kills  {total.posts:>6} posts  lost {total.lost}  "
                f"doubled {total.duplicated}  asked {total.asked}  {total.seconds:.0f} s",
                flush=True,
            )
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(asdict(total) | {"kills": dict(Counter(total.kills))}, indent=1) + "\n", "utf-8")
    print("by point: " + ", ".join(f"{point} {times}" for point, times in sorted(total.kills.items())))
    sys.exit(1 if total.lost or total.duplicated or total.asked else 0)


if __name__ == "__main__":
    main()
