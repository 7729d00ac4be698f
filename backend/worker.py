"""The worker process: one sweep hands out what is due, Huey's threads do it.

1. Twice a second, and whenever a post falls due, the elected sweep leases a batch of due rows of each kind and sends
   one message per lease (of feeds, per some leases).
2. Any consumer on any host takes the message and acts if the lease is still its own.
3. A lost message costs one lease: the row is due again when it ends. Two messages never act twice: the fence moved.
Huey keeps nothing that matters; its file may be deleted at any time.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from huey import Huey, SqliteHuey
from huey.consumer import Consumer
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from backend.automation.deliver import KIND as MESSAGE_KIND
from backend.automation.readers import KIND as REACT_KIND
from backend.automation.readers import plan_readers
from backend.automation.rounds import KIND as ALERT_KIND
from backend.automation.rules.wake import KIND as RULE_KIND
from backend.chores import KIND as CHORE_KIND
from backend.chores import plan_chores
from backend.config import Settings
from backend.infra.jobs import Kind, Lease, lease_due, set_back
from backend.infra.lifeline import hold_lifeline
from backend.infra.runtime import Runtime, open_runtime
from backend.infra.tables import clock_was_ahead, lead
from backend.listening.imports import KIND as IMPORT_KIND
from backend.listening.poll import KIND as POLL_KIND
from backend.listening.push import KIND as PUSH_KIND
from backend.listening.streams import StreamKeeper
from backend.publishing.deliver import KIND as DELIVER_KIND

log = logging.getLogger("entregent.worker")

# Kinds that share a queue share its threads: a post must not wait behind places that are slow to answer, nor an alert
# behind feeds.
QUEUES: Mapping[str, Sequence[Kind]] = {
    "deliver": (DELIVER_KIND,),
    "listen": (POLL_KIND, PUSH_KIND, CHORE_KIND, IMPORT_KIND),
    "alert": (REACT_KIND, RULE_KIND, ALERT_KIND, MESSAGE_KIND),
}
SWEEP_EVERY_S = 0.5
LEAD_FOR_S = 5.0
LEAD_EVERY_S = 2.0
STOP_WITHIN_S = 2.0
POLL_MAX_S = 0.25  # Huey's back-off ceiling; its own (10 s) would make posts late


def open_queue(settings: Settings, name: str) -> Huey:
    """SQLite in a file of its own, Redis, or the PostgreSQL database itself."""
    if settings.queue_url.startswith("redis"):
        from huey import RedisHuey

        return RedisHuey(f"entregent-{name}", url=settings.queue_url, results=False, blocking=True)
    if settings.queue_url == "postgres":
        from huey import PostgresHuey

        dsn = settings.database_url.replace("postgresql+psycopg://", "postgresql://")
        return PostgresHuey(f"entregent-{name}", dsn=dsn, results=False, read_timeout=POLL_MAX_S)
    return SqliteHuey(f"entregent-{name}", filename=str(settings.data_dir / "queue.sqlite3"), results=False)


class QuietConsumer(Consumer):
    """Huey's consumer, its threads only: no signal handlers (this process has one way to stop, and it is ours), and no
    scheduler, which has nothing to schedule and sleeps through a stop."""

    def start(self) -> None:
        for _, thread in self.worker_threads:
            thread.start()

    def stop(self, within_s: float) -> None:
        self.stop_flag.set()
        until = time.monotonic() + within_s
        for _, thread in self.worker_threads:
            thread.join(max(0.0, until - time.monotonic()))


class Worker:
    """The sweep and the threads that act. `start()` returns at once, `stop()` when everything has ended."""

    def __init__(
        self, runtime: Runtime, queues: Mapping[str, Sequence[Kind]] = QUEUES, *, threads: int | None = None
    ) -> None:
        self.runtime = runtime
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"
        self._kinds: Mapping[str, Kind] = {kind.name: kind for kinds in queues.values() for kind in kinds}
        self._stopping = threading.Event()
        self._hueys = {name: open_queue(runtime.settings, name) for name in queues}
        # kind → how to send a message to the queue it shares
        self._send: dict[str, Callable[[str, Sequence[tuple[int, int]]], object]] = {}
        for name, kinds in queues.items():
            message = self._hueys[name].task(name="turns")(self._act)
            self._send.update(dict.fromkeys((kind.name for kind in kinds), message))
        self._consumers = [
            QuietConsumer(
                huey,
                workers=threads or runtime.settings.worker_threads,
                periodic=False,
                initial_delay=0.05,
                max_delay=POLL_MAX_S,
            )
            for huey in self._hueys.values()
        ]
        self._streams = StreamKeeper(runtime, self.name)
        self._sweep = threading.Thread(target=self._sweep_until_stopped, name="sweep", daemon=True)

    def start(self) -> None:
        for consumer in self._consumers:
            consumer.start()
        self._sweep.start()
        self._streams.start()

    def stop(self) -> None:
        """Turns that run get a moment to end; what they leave is taken up by the next worker when its lease ends."""
        self._stopping.set()
        until = time.monotonic() + STOP_WITHIN_S
        for consumer in self._consumers:
            consumer.stop_flag.set()
        self._streams.stop(0)
        for consumer in self._consumers:
            consumer.stop(until - time.monotonic())
        self._sweep.join(0.5)
        self._streams.stop(max(0.5, until - time.monotonic()))
        self.close()

    def close(self) -> None:
        """Let go of the queues."""
        for huey in self._hueys.values():
            huey.storage.close()

    def _sweep_until_stopped(self) -> None:
        led_at = -LEAD_EVERY_S
        leading = False
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                if began - led_at >= LEAD_EVERY_S or not leading:
                    leading = self.lead_or_follow()
                    led_at = began
                if leading:
                    self.sweep_once()
            except SQLAlchemyError as error:
                log.warning("the sweep met a database that does not answer: %s", error)
            except Exception:
                log.exception("the sweep stumbled")
            pause_s = SWEEP_EVERY_S - (time.monotonic() - began)
            if leading:
                pause_s = min(pause_s, self.next_due_in_s())
            self._stopping.wait(max(0.02, pause_s))

    def lead_or_follow(self) -> bool:
        """Whether this worker leads the sweep for the next seconds."""
        now = self.runtime.clock()
        with self.runtime.db.write() as session:
            ahead = clock_was_ahead(session, "sweep", now=now)
            if ahead:
                log.warning("the clock went back by %s: what was planned meanwhile is moved along", ahead)
                for kind in self._kinds.values():
                    set_back(session, kind, by=ahead, now=now)
            leading = lead(session, "sweep", self.name, for_s=LEAD_FOR_S, now=now)
            if leading:
                plan_chores(session, now=now)
                plan_readers(session, now=now)
        return leading

    def sweep_once(self) -> int:
        """Lease what is due and send a message for each lease, or for some together. Gives the number of messages."""
        sent = 0
        for kind in self._kinds.values():
            now = self.runtime.clock()
            if not self._something_is_due(kind, now):
                continue
            with self.runtime.db.write() as session:
                lease_s = kind.lease_s or self.runtime.settings.lease_s
                if kind.lease is not None:
                    leases = kind.lease(session, self.runtime, now=now, limit=kind.batch, worker=self.name)
                else:
                    leases = lease_due(
                        session, kind.model, now=now, lease_s=lease_s, limit=kind.batch, worker=self.name
                    )
            for start in range(0, len(leases), kind.together):
                part = leases[start : start + kind.together]
                self._send[kind.name](kind.name, [(lease.ref, lease.fence) for lease in part])
                sent += 1
        return sent

    def _something_is_due(self, kind: Kind, now: datetime) -> bool:
        # A read, so that an idle server writes nothing twice a second.
        model = kind.model
        query = select(model.id).where(model.due_at <= now, (model.lease_until.is_(None)) | (model.lease_until <= now))
        with self.runtime.db.read() as session:
            return session.scalar(query.limit(1)) is not None

    def next_due_in_s(self) -> float:
        """Seconds until something falls due that must not wait for the next round; SWEEP_EVERY_S when nothing does."""
        now, soonest = self.runtime.clock(), SWEEP_EVERY_S
        with suppress(SQLAlchemyError), self.runtime.db.read() as session:
            for kind in self._kinds.values():
                if not kind.prompt:
                    continue
                until = now + timedelta(seconds=SWEEP_EVERY_S)
                due_at = session.scalar(
                    select(func.min(kind.model.due_at)).where(kind.model.due_at.between(now, until))
                )
                if due_at is not None:
                    soonest = min(soonest, (due_at - now).total_seconds())
        return soonest

    def _act(self, name: str, leases: Sequence[tuple[int, int]]) -> None:
        kind = self._kinds.get(name)
        if kind is None or self._stopping.is_set():
            return  # a kind of another release, or too late to begin: the lease ends by itself
        try:
            if kind.turns is not None:
                kind.turns(self.runtime, [Lease(ref, fence) for ref, fence in leases])
            else:
                for ref, fence in leases:
                    kind.turn(self.runtime, ref, fence)
        except Exception:
            # Rows stay leased until their lease ends, and are then tried again: nothing is lost, nothing spins.
            log.exception("%s %s failed", name, [ref for ref, _ in leases])


def serve_worker(settings: Settings, on_ready: Callable[[], Any] | None = None) -> None:
    """Run until SIGINT or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    hold_lifeline()
    runtime = open_runtime(settings)
    worker = Worker(runtime)
    worker.start()
    if on_ready:
        on_ready()
    stop.wait()
    worker.stop()
    runtime.close()
