"""The outbox under everything at once: lost and doubled messages, crashes, zombies, people who change their minds.

Workers are taken apart into their steps, so that any two of them can be anywhere while a third takes over. The network
has a memory of its own and answers as it likes: yes, no, not now, nothing at all (arrived or not).
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from backend.config import Settings
from backend.connectors.base import Published, Rejected, RetryLater, Uncertain
from backend.infra.crypto import Vault
from backend.infra.db import Database
from backend.infra.errors import EntregentError
from backend.infra.http import HttpClient
from backend.infra.runtime import Runtime
from backend.models import metadata
from backend.publishing import deliver, deliveries
from backend.publishing.models import Delivery, DeliveryAttempt, Post
from backend.publishing.posts import NewPost, Schedule, change_post, remove_post, restore_post
from tests.unit.publishing.make import get_post, lease_all, make_account, make_brand, make_post, told_network

STOPS = st.sampled_from(["freeze", "arm", "call", "record", "end", "end"])
ANSWERS = st.sampled_from(["yes", "yes", "lost", "lost before", "500", "no", "not now"])


class Outbox(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    @initialize(has_keys=st.booleans())
    def open(self, has_keys: bool) -> None:
        #: does the network know our keys, or can one only look whether a post is there?
        self.has_keys = has_keys
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        db = Database(f"sqlite:///{folder / 'e.sqlite3'}")
        self.stack.callback(db.close)
        metadata.create_all(db.engine)
        self.runtime = Runtime(
            Settings(data_dir=folder, lease_s=10, late_after_s=3600),
            db,
            HttpClient(),
            Vault(b"x" * 32),
            lambda: self.at,
        )
        self.stack.callback(self.runtime.http.close)
        self.network = self.stack.enter_context(told_network())
        self.brand_id = make_brand(self.runtime)
        self.account_id = make_account(self.runtime, self.brand_id, "told")
        self.messages: list[tuple[int, int]] = []
        self.workers: list[dict[str, Any]] = []
        self.texts: dict[int, str] = {}
        self.fences: dict[int, int] = {}
        self.problems: list[str] = []

    # --- people ------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.texts) < 4)
    @rule(delay=st.sampled_from([0, 30]))
    def write_a_post(self, delay: int) -> None:
        text = f"post {len(self.texts)} version 1"
        schedule = Schedule("at", f"{self.at + timedelta(seconds=delay):%Y-%m-%dT%H:%M:%S}", "UTC")
        post_id = make_post(self.runtime, self.brand_id, [self.account_id], text, schedule=schedule)
        self.texts[post_id] = text

    @precondition(lambda self: self.texts)
    @rule(data=st.data())
    def change_a_post(self, data: st.DataObject) -> None:
        post_id = data.draw(st.sampled_from(sorted(self.texts)))
        text = self.texts[post_id][:-1] + str(int(self.texts[post_id][-1]) % 9 + 1)
        post = get_post(self.runtime, post_id)
        new = NewPost(text, [self.account_id], keep_schedule=True)
        try:
            with self.runtime.db.write() as session:
                change_post(session, post_id, new, version=post.version, now=self.at)
            self.texts[post_id] = text
        except EntregentError:
            pass

    @precondition(lambda self: self.texts)
    @rule(data=st.data(), act=st.sampled_from(["drop", "publish", "move", "resend", "remove", "restore"]))
    def act(self, data: st.DataObject, act: str) -> None:
        post_id = data.draw(st.sampled_from(sorted(self.texts)))
        found = get_post(self.runtime, post_id).deliveries
        try:
            with self.runtime.db.write() as session:
                if act == "remove":
                    remove_post(session, post_id, now=self.at)
                elif act == "restore":
                    restore_post(session, post_id, now=self.at)
                elif act == "move":
                    later = Schedule("at", f"{self.at + timedelta(seconds=20):%Y-%m-%dT%H:%M:%S}", "UTC")
                    deliveries.move_delivery(session, found[0].id, later, now=self.at)
                else:
                    getattr(deliveries, f"{act}_delivery")(session, found[0].id, now=self.at)
        except EntregentError:
            pass

    # --- the sweep, its messages, and workers that stop anywhere -------------------------------------------------

    @rule(limit=st.integers(1, 3), lost=st.booleans())
    def sweep(self, limit: int, lost: bool) -> None:
        leases = lease_all(self.runtime, limit=limit)
        self.messages += [] if lost else leases

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), again=st.booleans(), stop=STOPS, answer=ANSWERS)
    def take_a_message(self, data: st.DataObject, again: bool, stop: str, answer: str) -> None:
        message = data.draw(st.sampled_from(self.messages))
        if not again:  # else it will come twice
            self.messages.remove(message)
        job = deliver.begin(self.runtime, *message)
        if job is not None:
            self.run({"job": job, "next": job.work}, stop, answer)

    @precondition(lambda self: self.texts)
    @rule(stop=STOPS, answer=ANSWERS, wait=st.sampled_from([0, 31]))
    def take_what_is_due(self, stop: str, answer: str, wait: int) -> None:
        self.sweep_and_work(stop, answer, wait)

    def sweep_and_work(self, stop: str, answer: str, wait: int) -> None:
        self.at += timedelta(seconds=wait)
        for message in lease_all(self.runtime, limit=1):
            job = deliver.begin(self.runtime, *message)
            if job is not None:
                self.run({"job": job, "next": job.work}, stop, answer)

    @precondition(lambda self: self.texts)
    @rule(stop=st.sampled_from(["call", "record"]), answer=ANSWERS)
    def stall_until_another_takes_over(self, stop: str, answer: str) -> None:
        """The road to most duplicates: a worker sleeps around its call, its lease ends, somebody looks for the post."""
        self.sweep_and_work(stop, answer, 31)
        self.sweep_and_work("end", "yes", 31)

    @precondition(lambda self: self.workers)
    @rule(data=st.data(), stop=STOPS, answer=ANSWERS)
    def wake_up(self, data: st.DataObject, stop: str, answer: str) -> None:
        worker = self.workers.pop(data.draw(st.integers(0, len(self.workers) - 1)))
        self.run(worker, stop, answer)

    @precondition(lambda self: self.workers)
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        self.workers.pop(data.draw(st.integers(0, len(self.workers) - 1)))

    @rule(seconds=st.sampled_from([1, 11, 60]))
    def time_passes(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    def run(self, worker: dict[str, Any], stop: str, answer: str) -> None:
        """Step by step until `stop` is next (and sleep there), or to the end of the turn."""
        began = True
        while began or worker["next"] != stop:
            began = False
            if not self.step(worker, answer):
                return
        self.workers.append(worker)

    def step(self, worker: dict[str, Any], answer: str) -> bool:
        """One step of a turn; False when the turn is over."""
        job, runtime = worker["job"], self.runtime
        match worker["next"]:
            case "look":
                deliver.record_look(runtime, job, deliver.look(runtime, self.network, job, {}))
                return False
            case "send":
                worker["payload"] = deliver.prepare(runtime, self.network, job, {})
                worker["next"] = "freeze"
                return True
            case "freeze":
                worker["next"] = "arm"
                return deliver.freeze(runtime, job, worker["payload"])
            case "arm":
                worker["next"] = "call"
                return deliver.arm(runtime, job)
            case "call":
                worker["outcome"] = self.call(worker, answer)
                worker["next"] = "record"
                return True
            case _:
                deliver.record(runtime, job, worker["outcome"])
                return False

    def call(self, worker: dict[str, Any], answer: str) -> Any:
        """The network. With keys: one key, one post. Without: each call that arrives makes one, but a worker that slept
        through its lease is not let through, for without keys nothing can hold that."""
        job, payload = worker["job"], worker["payload"]
        if not self.has_keys:
            with self.runtime.db.read() as session:
                row = session.get_one(Delivery, job.ref)
                if row.fence != job.fence or row.lease_until is None or row.lease_until <= self.at:
                    return RetryLater("asleep")
        if answer in ("yes", "lost"):
            if payload["key"] in self.network.there:
                if not self.has_keys:
                    self.problems.append(f"sent twice: {payload['text']}")
                if self.network.there[payload["key"]] != payload["text"]:
                    self.problems.append(f"other bytes under one key: {payload['text']}")
            self.network.there.setdefault(payload["key"], payload["text"])
        return {
            "yes": Published(payload["key"], "https://told.example/1"),
            "no": Rejected("refused", "422"),
            "not now": RetryLater("refused"),
        }.get(answer, Uncertain(answer))

    # --- what must always be so --------------------------------------------------------------------------------

    @invariant()
    def nothing_is_there_twice(self) -> None:
        if not hasattr(self, "problems"):
            return
        assert not self.problems
        posts = [text.rsplit(" version", 1)[0] for text in self.network.there.values()]
        assert len(posts) == len(set(posts)), self.network.there

    @invariant()
    def a_fence_only_rises_and_a_call_was_armed_before(self) -> None:
        if not hasattr(self, "runtime"):
            return
        with self.runtime.db.read() as session:
            armed = set(session.scalars(select(DeliveryAttempt.delivery_id).where(DeliveryAttempt.event == "armed")))
            for delivery in session.scalars(select(Delivery)):
                assert delivery.fence >= self.fences.get(delivery.id, 0)
                self.fences[delivery.id] = delivery.fence
                if delivery.key in self.network.there:
                    assert delivery.id in armed
                if delivery.state == "published":
                    assert self.network.there[delivery.key] == self.texts[delivery.post_id]
                    assert delivery.due_at is None

    def teardown(self) -> None:
        """Everybody is well again: what no person stopped must come to its end, and be there."""
        try:
            if hasattr(self, "runtime"):
                self.workers.clear()
                for _ in range(40):
                    self.at += timedelta(seconds=30)
                    for ref, fence in lease_all(self.runtime):
                        deliver.deliver_one(self.runtime, ref, fence)
                self.nothing_is_there_twice()
                with self.runtime.db.read() as session:
                    for delivery in session.scalars(select(Delivery)):
                        assert delivery.state in {"published", "dropped", "rejected", "held", "needs_you"}
                        if delivery.state == "published":
                            assert delivery.key in self.network.there
                    assert session.scalars(select(Post)).all() is not None
        finally:
            self.stack.close()


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=120,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
