"""Kill workers again and again while they deliver, and count what is on the network in the end."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from backend.infra.runtime import Runtime, open_runtime
from backend.publishing.models import Delivery
from tests.faults.deliver_worker import POINTS
from tests.peers.servers import PEERS
from tests.unit.publishing.make import make_post
from tests.waiting import wait_for

ROOT = PEERS.parent.parent
#: a worker that has not met its point after this long is killed wherever it is
GOES_S = 10.0


@dataclass
class Report:
    """`duplicated` and `lost` are numbers of texts; `kills` by the point at which the worker died."""

    kills: Counter[str] = field(default_factory=Counter)
    posts: int = 0
    lost: int = 0
    duplicated: int = 0
    asked: int = 0  # deliveries that ended with a person, which none should here
    seconds: float = 0.0


class Workers:
    """The process that forks workers, and what can be asked of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, **order: Any) -> int:
        pid: int = self._ask(order)["pid"]
        return pid

    def end(self, pid: int, within_s: float = 0.0) -> bool:
        """Wait for its death, bring it about after `within_s`. True when it died by itself."""
        by_itself: bool = self._ask({"wait": pid, "timeout_s": within_s})["by_itself"]
        return by_itself

    def _ask(self, order: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def workers(
    runtime: Runtime, *, threads: int = 4, lease_s: float = 1.0, late_after_s: float = 3600, quick: bool = True
) -> Iterator[Workers]:
    """Workers over the runtime's database, as the command line would start them.

    `quick`: they sweep and elect more often than in real life, so that a test need not wait.
    """
    settings = runtime.settings
    environment = {
        **os.environ,
        "ENTREGENT_DATA_DIR": str(settings.data_dir),
        "ENTREGENT_DATABASE_URL": settings.database_url,
        "ENTREGENT_ALLOW_PRIVATE_HOSTS": ",".join(settings.allow_private_hosts),
        "ENTREGENT_LEASE_S": str(lease_s),
        "ENTREGENT_LATE_AFTER_S": str(late_after_s),
        "ENTREGENT_WORKER_THREADS": str(threads),
        "QUICK_WORKERS": "1" if quick else "",
    }
    with (settings.data_dir / "workers.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "tests.faults.deliver_worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=environment, cwd=ROOT,
        )  # fmt: skip
    try:
        yield Workers(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


@contextmanager
def real_time(runtime: Runtime, url: str = "") -> Iterator[Runtime]:
    """The same data folder with a real clock: processes cannot share a frozen one."""
    url = url or runtime.db.url
    opened = open_runtime(replace(runtime.settings, database_url=url))
    try:
        yield opened
    finally:
        opened.close()


def open_deliveries(runtime: Runtime, state: str = "") -> int:
    """How many are not at their end; those in one state where it is named."""
    with runtime.db.read() as session:
        query = select(func.count()).select_from(Delivery).where(Delivery.due_at.is_not(None))
        if state:
            query = query.where(Delivery.state == state)
        return session.scalar(query) or 0


def kill_and_count(
    runtime: Runtime,
    brand_id: int,
    account_id: int,
    texts_there: Callable[[], Sequence[str]],
    *,
    kills: int,
    seed: int,
    at_once: int = 6,
    points: Sequence[str] = POINTS,
    progress: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Keep some posts due, start a worker that dies at a point, again; in the end let one finish, and count.

    Points are taken in turn and the passing at random, so that other deliveries are anywhere when the worker dies.
    """
    dice = random.Random(seed)  # noqa: S311  # reproducible, protects nothing
    report, began = Report(), time.monotonic()
    texts: list[str] = []
    with workers(runtime) as forge:
        for point in itertools.cycle(points):
            # On a busy machine a worker may have missed its point: then the point comes round again.
            met = set(report.kills) >= set(points) or report.kills.total() >= 2 * kills
            if report.kills.total() >= kills and met:
                break
            while open_deliveries(runtime, state="scheduled") < at_once:
                text = f"Post {seed}-{len(texts)}."
                make_post(runtime, brand_id, [account_id], text)
                texts.append(text)
            # Only what was left armed is looked for: such a worker must come after one that died there.
            nth = 1 if point.startswith("record_look") else dice.randint(1, 4)
            if point.startswith("record_look"):
                forge.end(forge.start(point="arm:after", nth=1), GOES_S)
                report.kills["arm:after"] += 1
            by_itself = forge.end(forge.start(point=point, nth=nth), GOES_S)
            report.kills[point if by_itself else "any time"] += 1
            progress(report)
        last = forge.start()
        wait_for(lambda: open_deliveries(runtime) == 0, 60 + len(texts) * 0.2, every_s=0.2)
        forge.end(last)
    counted = Counter(texts_there())
    report.posts = len(texts)
    report.lost = sum(counted[text] == 0 for text in texts)
    report.duplicated = sum(counted[text] > 1 for text in texts)
    with runtime.db.read() as session:
        states = Counter(session.scalars(select(Delivery.state).where(Delivery.account_id == account_id)))
    report.asked = sum(number for state, number in states.items() if state != "published")
    report.seconds = time.monotonic() - began
    return report


def log_of(runtime: Runtime) -> str:
    """What the workers said, for the message of a test that failed."""
    path: Path = runtime.settings.data_dir / "workers.log"
    return path.read_text()[-3000:] if path.exists() else ""
