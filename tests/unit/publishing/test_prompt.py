"""A post goes out at its moment: the sweep does not sleep past it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from backend.infra.runtime import Runtime
from backend.publishing.outbox import queue_delivery
from backend.worker import SWEEP_EVERY_S, Worker
from tests.unit.publishing.make import make_account, make_brand, make_post


@pytest.fixture
def worker(runtime: Runtime) -> Iterator[Worker]:
    """Not started: nobody sweeps but the test."""
    made = Worker(runtime)
    yield made
    made.close()


def queue_in(runtime: Runtime, seconds: float) -> None:
    brand_id = make_brand(runtime)
    account_id = make_account(runtime, brand_id)
    post_id = make_post(runtime, brand_id, [account_id], "À l’heure", schedule=None)
    now = runtime.clock()
    with runtime.db.write() as session:
        queue_delivery(
            session,
            brand_id=brand_id,
            post_id=post_id,
            account_id=account_id,
            network="bluesky",
            revision=1,
            at=now + timedelta(seconds=seconds),
            now=now,
        )


def test_the_sweep_wakes_when_the_next_post_falls_due(runtime: Runtime, worker: Worker) -> None:
    assert worker.next_due_in_s() == SWEEP_EVERY_S
    queue_in(runtime, 60)
    assert worker.next_due_in_s() == SWEEP_EVERY_S
    queue_in(runtime, 0.4)
    queue_in(runtime, 0.1)
    assert worker.next_due_in_s() == pytest.approx(0.1)


def test_what_is_due_already_does_not_make_it_spin(runtime: Runtime, worker: Worker) -> None:
    queue_in(runtime, -5)
    assert worker.next_due_in_s() == SWEEP_EVERY_S
