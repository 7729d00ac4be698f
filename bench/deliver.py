"""Deliveries against local servers: how fast a full minute goes out, how late a single post is, what a kill loses."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from backend.infra.clock import utc_now
from backend.infra.runtime import Runtime
from backend.publishing.models import Delivery
from backend.publishing.outbox import queue_delivery
from bench.rows import Row
from bench.soak import fresh_runtime, one_round
from tests.faults.killing import open_deliveries, workers
from tests.peers.servers import MastodonMock, Pds, mastodon_mock, pds
from tests.unit.publishing.make import connect_bluesky, connect_mastodon, delivery_of, make_brand, make_post
from tests.waiting import wait_for

DUE_AT_ONCE = 1000
SINGLE = 200
KILLS = 26
ACCOUNTS = 5


def rows() -> Iterator[Row]:
    with pds() as bluesky, mastodon_mock() as mastodon:
        yield full_minute(bluesky, mastodon)
        yield lateness(bluesky)
        report = one_round(bluesky, kills=KILLS, seed=7)
        note = f"{report.kills.total()} kills, {report.posts} posts"
        yield Row("deliver.lost", report.lost, "posts", "", "0", report.lost == 0, note)
        yield Row("deliver.duplicated", report.duplicated, "posts", "", "0", report.duplicated == 0, note)


def full_minute(bluesky: Pds, mastodon: MastodonMock) -> Row:
    """1,000 deliveries due at the same moment, half to a real PDS, half to mastodon-mock; until the last is there."""
    with fresh_runtime() as runtime:
        brand_id = make_brand(runtime)
        people = [bluesky.create_account() for _ in range(ACCOUNTS)]
        targets = [connect_bluesky(runtime, brand_id, person, bluesky.url) for person in people]
        other = connect_mastodon(runtime, brand_id, mastodon)
        before = len(mastodon.statuses())
        due = utc_now() + timedelta(seconds=8)
        for number in range(DUE_AT_ONCE):
            network, account_id = ("mastodon", other) if number % 2 else ("bluesky", targets[number // 2 % ACCOUNTS])
            queue_at(runtime, brand_id, account_id, network, f"Numéro {number}.", due)
        with workers(runtime, lease_s=60) as forge:
            pid = forge.start()
            wait_for(lambda: open_deliveries(runtime) == 0, 170, every_s=0.5)
            forge.end(pid)
        with runtime.db.read() as session:
            published = list(session.scalars(select(Delivery.published_at).where(Delivery.state == "published")))
        took = (max(at for at in published if at) - due).total_seconds()
        there = sum(len(bluesky.records(person)) for person in people) + len(mastodon.statuses()) - before
    note = f"{there} there; servers and worker share the machine"
    return Row("deliver.1000_in_s", took, "s", "", "<=60", took <= 60 and there == DUE_AT_ONCE, note)


def lateness(bluesky: Pds) -> Row:
    """A single post at a time on an idle worker: from its due time until the network said yes."""
    dice, late = random.Random(3), []
    with fresh_runtime() as runtime:
        brand_id = make_brand(runtime)
        account_id = connect_bluesky(runtime, brand_id, bluesky.create_account(), bluesky.url)
        with workers(runtime, lease_s=60, quick=False) as forge:
            pid = forge.start()
            for number in range(SINGLE):
                due = utc_now() + timedelta(seconds=dice.uniform(0.02, 0.25))
                post_id = queue_at(runtime, brand_id, account_id, "bluesky", f"Seul {number}.", due)
                time.sleep(max(0.0, (due - utc_now()).total_seconds()))
                wait_for(lambda: open_deliveries(runtime) == 0, 30, every_s=0.02)
                at = delivery_of(runtime, post_id).published_at
                assert at is not None
                late.append((at - due).total_seconds())
            forge.end(pid)
    late.sort()
    p99 = late[int(len(late) * 0.99) - 1]
    note = f"median {late[len(late) // 2]:.2f} s, worst {late[-1]:.2f} s, n={len(late)}"
    return Row("deliver.lateness_p99_s", p99, "s", "", "<=1", p99 <= 1, note)


def queue_at(runtime: Runtime, brand_id: int, account_id: int, network: str, text: str, due: datetime) -> int:
    """A post for a moment given to the microsecond, which the API's wall time does not do."""
    post_id = make_post(runtime, brand_id, [account_id], text, schedule=None)
    now = runtime.clock()
    with runtime.db.write() as session:
        queue_delivery(
            session,
            brand_id=brand_id,
            post_id=post_id,
            account_id=account_id,
            network=network,
            revision=1,
            at=due,
            now=now,
        )
    return post_id
