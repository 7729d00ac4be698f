"""`kill -9` of the worker, fifty times in all, spread over the transitions: each post is on the PDS exactly once."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from backend.connectors.base import AccountFacts
from backend.infra.runtime import Runtime
from backend.publishing.models import Delivery, DeliveryAttempt
from tests.faults.deliver_worker import POINTS
from tests.faults.killing import kill_and_count, log_of, open_deliveries, real_time, workers
from tests.peers.servers import BlueskyAccount, Pds
from tests.unit.publishing.make import connect_bluesky, make_account, make_brand, make_post
from tests.waiting import wait_for

pytestmark = pytest.mark.slow
KILLS = 15  # each of the 13 points, what they need before, on two databases with two seeds: 60 in all


def workers_of(runtime: Runtime) -> set[str]:
    with runtime.db.read() as session:
        return set(session.scalars(select(Delivery.worker).where(Delivery.worker != "")))


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", [1, 2])
def test_each_post_is_there_exactly_once_whenever_the_worker_is_killed(
    runtime: Runtime, pds_server: Pds, bluesky_account: BlueskyAccount, seed: int
) -> None:
    with real_time(runtime) as real:
        brand_id = make_brand(real)
        account_id = connect_bluesky(real, brand_id, bluesky_account, pds_server.url)
        report = kill_and_count(
            real, brand_id, account_id, lambda: pds_server.texts(bluesky_account), kills=KILLS, seed=seed
        )
    assert (report.lost, report.duplicated, report.asked) == (0, 0, 0), (report, log_of(runtime))
    assert report.kills.total() >= KILLS
    assert set(report.kills) >= set(POINTS), f"a transition at which nobody died: {report.kills}"
    assert report.posts >= 6


@pytest.mark.timeout(240)
def test_two_workers_and_two_sweeps_at_once_post_nothing_twice(
    runtime: Runtime, pds_server: Pds, bluesky_account: BlueskyAccount
) -> None:
    with real_time(runtime) as real:
        brand_id = make_brand(real)
        account_id = connect_bluesky(real, brand_id, bluesky_account, pds_server.url)
        texts: list[str] = []
        with workers(real, lease_s=30) as forge:
            pids = [forge.start(own_sweep=True) for _ in range(2)]
            # One by one, until both sweeps have found something: else this would show nothing.
            while len(texts) < 60 or (len(workers_of(real)) < 2 and len(texts) < 500):
                texts.append(f"Numéro {len(texts)}.")
                make_post(real, brand_id, [account_id], texts[-1])
            wait_for(lambda: open_deliveries(real) == 0, 90, every_s=0.2)
            for pid in pids:
                forge.end(pid)
        assert len(workers_of(real)) == 2
        with real.db.read() as session:
            query = select(DeliveryAttempt.delivery_id).where(DeliveryAttempt.event == "armed")
            armed = Counter(session.scalars(query))
    assert Counter(pds_server.texts(bluesky_account)) == Counter(texts)
    assert set(armed.values()) == {1}, "a second worker sent what the first had sent"


@pytest.mark.timeout(240)
def test_leases_that_end_in_mid_air_post_nothing_twice(
    runtime: Runtime, pds_server: Pds, bluesky_account: BlueskyAccount
) -> None:
    """Two sweeps and leases so short that turns lose theirs all the time: the fence and the key hold alone."""
    with real_time(runtime) as real:
        brand_id = make_brand(real)
        account_id = connect_bluesky(real, brand_id, bluesky_account, pds_server.url)
        texts = [f"Numéro {number}." for number in range(30)]
        for text in texts:
            make_post(real, brand_id, [account_id], text)
        with workers(real, lease_s=0.2) as forge:
            pids = [forge.start(own_sweep=True) for _ in range(2)]
            wait_for(lambda: open_deliveries(real) == 0, 120, every_s=0.2)
            for pid in pids:
                forge.end(pid)
    assert Counter(pds_server.texts(bluesky_account)) == Counter(texts)


def test_an_account_nobody_can_reach_does_not_stop_the_others(
    sqlite_runtime: Runtime, pds_server: Pds, bluesky_account: BlueskyAccount
) -> None:
    with real_time(sqlite_runtime) as real:
        brand_id = make_brand(real)
        away = AccountFacts("did:plc:away", "@away.test", server="http://127.0.0.1:9")
        dead = make_account(real, brand_id, facts=away, credentials={"identifier": "a", "app_password": "b"})
        account_id = connect_bluesky(real, brand_id, bluesky_account, pds_server.url)
        for number in range(10):
            make_post(real, brand_id, [dead, account_id], f"Numéro {number}.")
        with workers(real, lease_s=30) as forge:
            pid = forge.start()
            wait_for(lambda: len(pds_server.texts(bluesky_account)) == 10, 30, every_s=0.2)
            forge.end(pid)
        with real.db.read() as session:
            states = set(session.scalars(select(Delivery.state).where(Delivery.account_id == dead)))
    assert states <= {"retry_wait", "scheduled", "leased"}
