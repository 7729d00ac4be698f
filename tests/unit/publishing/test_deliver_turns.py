"""One delivery, one turn: every answer a network can give, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.accounts.brands import remove_brand
from backend.accounts.networks import disconnect_account, get_account
from backend.connectors.base import NotThere, Published, Rejected, RetryLater, Unauthorized, Uncertain
from backend.connectors.networks import manifests
from backend.infra.changes import read_changes
from backend.infra.errors import Conflict
from backend.infra.runtime import Runtime
from backend.publishing import deliver, deliveries
from backend.publishing.deliver import deliver_one
from backend.publishing.models import DeliveryAttempt
from backend.publishing.posts import NewPost, Schedule, change_post, remove_post, restore_post
from tests.unit.publishing.make import (
    ToldNetwork,
    delivery_of,
    get_post,
    lease_all,
    make_account,
    make_brand,
    make_post,
    sweep,
    told_network,
)


@pytest.fixture
def network() -> Iterator[ToldNetwork]:
    with told_network() as told:
        yield told


@pytest.fixture
def brand_id(runtime: Runtime) -> int:
    return make_brand(runtime)


@pytest.fixture
def account_id(runtime: Runtime, brand_id: int, network: ToldNetwork) -> int:
    return make_account(runtime, brand_id, "told")


@pytest.fixture
def post_id(runtime: Runtime, brand_id: int, account_id: int) -> int:
    return make_post(runtime, brand_id, [account_id])


def events(runtime: Runtime, post_id: int) -> list[str]:
    delivery = delivery_of(runtime, post_id)
    with runtime.db.read() as session:
        query = select(DeliveryAttempt.event).where(DeliveryAttempt.delivery_id == delivery.id)
        return list(session.scalars(query.order_by(DeliveryAttempt.id)))


def test_a_post_for_now_is_sent_once_and_browsers_hear_of_it(
    runtime: Runtime, network: ToldNetwork, post_id: int
) -> None:
    assert sweep(runtime) == 1
    delivery = delivery_of(runtime, post_id)
    assert (delivery.state, delivery.due_at, delivery.attempts) == ("published", None, 1)
    assert list(network.there.values()) == ["Nous ouvrons à 8 h."]
    assert delivery.remote_url == f"https://told.example/{delivery.key}"
    assert events(runtime, post_id) == ["armed", "published"]
    with runtime.db.read() as session:
        rows, _ = read_changes(session, after=0)
    assert [row.ref for row in rows if row.kind == "delivery.changed"][-1] == str(delivery.id)
    assert sweep(runtime) == 0


def test_a_message_that_comes_twice_or_late_does_nothing(runtime: Runtime, network: ToldNetwork, post_id: int) -> None:
    ((ref, fence),) = lease_all(runtime)
    deliver_one(runtime, ref, fence - 1)
    assert network.calls == []
    deliver_one(runtime, ref, fence)
    deliver_one(runtime, ref, fence)
    assert network.calls == ["prepare", "commit"]


def test_a_turn_whose_lease_ended_does_nothing(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    ((ref, fence),) = lease_all(runtime)
    clock.forward(seconds=runtime.settings.lease_s)
    deliver_one(runtime, ref, fence)
    assert network.calls == []


def test_a_server_that_cannot_be_reached_is_tried_again_later_and_later(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    network.on_commit = [RetryLater("refused"), RetryLater("refused")]
    sweep(runtime)
    delivery = delivery_of(runtime, post_id)
    assert (delivery.state, delivery.error_code, delivery.maybe_sent_at) == ("retry_wait", "unreachable", None)
    assert delivery.due_at is not None
    assert timedelta(seconds=1.5) <= delivery.due_at - clock.at <= timedelta(seconds=2.5)
    assert sweep(runtime) == 0
    clock.forward(seconds=3)
    sweep(runtime)
    clock.forward(seconds=2)
    assert sweep(runtime) == 0
    clock.forward(seconds=4)
    sweep(runtime)
    assert delivery_of(runtime, post_id).state == "published"
    assert len(network.there) == 1


def test_the_servers_own_wish_to_wait_is_kept(runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int) -> None:
    network.on_commit = [RetryLater("429", 120)]
    sweep(runtime)
    due = delivery_of(runtime, post_id).due_at
    assert due is not None
    assert due - clock.at == timedelta(seconds=120)


def test_a_clean_no_is_final_until_a_person_acts(runtime: Runtime, network: ToldNetwork, post_id: int) -> None:
    network.on_commit = [Rejected("refused", "422: too long")]
    sweep(runtime)
    delivery = delivery_of(runtime, post_id)
    assert (delivery.state, delivery.error_code, delivery.error) == ("rejected", "refused", "422: too long")
    assert sweep(runtime) == 0
    with runtime.db.write() as session:
        deliveries.resend_delivery(session, delivery.id, now=runtime.clock())
    sweep(runtime)
    assert delivery_of(runtime, post_id).state == "published"


@pytest.mark.parametrize("arrived", [True, False])
def test_an_unclear_answer_is_looked_up_before_anything_is_sent_again(
    runtime: Runtime, network: ToldNetwork, post_id: int, arrived: bool
) -> None:
    network.on_commit = [("arrives", Uncertain("time-out")) if arrived else Uncertain("time-out")]
    sweep(runtime)
    assert delivery_of(runtime, post_id).state == "uncertain"
    sweep(runtime)
    sweep(runtime)
    assert delivery_of(runtime, post_id).state == "published"
    assert len(network.there) == 1
    assert network.calls.count("commit") == (1 if arrived else 2)


def test_what_cannot_be_known_is_asked(runtime: Runtime, network: ToldNetwork, post_id: int) -> None:
    network.on_commit = [Uncertain("time-out")]
    network.on_reconcile = [Uncertain("posts were made at that time")]
    sweep(runtime)
    sweep(runtime)
    delivery = delivery_of(runtime, post_id)
    assert (delivery.state, delivery.error_code) == ("needs_you", "unknown")
    assert sweep(runtime) == 0
    with runtime.db.write() as session:
        deliveries.confirm_delivery(session, delivery.id, "https://told.example/x", now=runtime.clock())
    delivery = delivery_of(runtime, post_id)
    assert (delivery.state, delivery.remote_url) == ("published", "https://told.example/x")


def test_sending_again_what_may_be_there_keeps_its_key_and_its_bytes(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    network.on_commit = [Uncertain("time-out")]
    network.on_reconcile = [Uncertain("unclear")]
    sweep(runtime)
    frozen = delivery_of(runtime, post_id)
    clock.forward(hours=5)
    sweep(runtime)
    with runtime.db.write() as session:
        deliveries.resend_delivery(session, frozen.id, now=runtime.clock())
    sweep(runtime)
    delivery = delivery_of(runtime, post_id)
    assert delivery.state == "published"
    assert (delivery.key, delivery.payload) == (frozen.key, frozen.payload)


def test_a_network_that_never_answers_clearly_ends_with_a_person(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    network.on_commit = [Uncertain("500")] * 50
    for _ in range(60):
        sweep(runtime)
        clock.forward(seconds=10)
    delivery = delivery_of(runtime, post_id)
    assert (delivery.state, delivery.error_code) == ("needs_you", "gave_up")
    assert network.calls.count("commit") == 8


def test_while_it_cannot_be_looked_up_nothing_is_sent(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    network.on_commit = [Uncertain("dropped")]
    network.on_reconcile = [RetryLater("refused")] * 12
    for _ in range(40):
        sweep(runtime)
        clock.forward(minutes=10)
    assert network.calls.count("reconcile") == 13
    assert network.calls.count("commit") == 1
    assert delivery_of(runtime, post_id).state == "held"  # not there, and by now hours late


def test_a_refused_secret_stops_and_marks_the_account(
    runtime: Runtime, network: ToldNetwork, post_id: int, account_id: int
) -> None:
    network.on_prepare = [Unauthorized("401: revoked")]
    sweep(runtime)
    delivery = delivery_of(runtime, post_id)
    assert (delivery.state, delivery.error_code) == ("needs_you", "unauthorized")
    with runtime.db.read() as session:
        assert get_account(session, account_id).state == "unauthorized"


def test_what_a_disconnected_account_still_had_to_send_asks_a_person(
    runtime: Runtime, network: ToldNetwork, post_id: int, account_id: int
) -> None:
    with runtime.db.write() as session:
        disconnect_account(session, account_id, now=runtime.clock())
    sweep(runtime)
    assert delivery_of(runtime, post_id).state == "needs_you"
    assert network.calls == []


def test_a_brand_that_was_put_away_posts_nothing(
    runtime: Runtime, network: ToldNetwork, brand_id: int, post_id: int
) -> None:
    with runtime.db.write() as session:
        remove_brand(session, brand_id, now=runtime.clock())
    sweep(runtime)
    delivery = delivery_of(runtime, post_id)
    assert (delivery.state, delivery.error_code) == ("held", "brand_removed")
    assert network.calls == []


def test_a_machine_that_was_off_does_not_fire_everything_at_once(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    clock.forward(days=2)
    sweep(runtime)
    delivery = delivery_of(runtime, post_id)
    assert (delivery.state, delivery.error_code) == ("held", "late")
    assert network.calls == []
    with runtime.db.write() as session:
        deliveries.publish_delivery(session, delivery.id, now=runtime.clock())
    sweep(runtime)
    delivery = delivery_of(runtime, post_id)
    assert delivery.state == "published"
    assert delivery.payload is not None
    assert delivery.payload["at"] == clock.at.isoformat()  # planned anew: it says when it was really sent


def test_a_worker_that_died_before_arming_has_sent_nothing(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    def die() -> None:
        raise KeyboardInterrupt  # nothing in a turn catches it: as near to kill -9 as one process gets

    network.on_prepare = [die]
    with pytest.raises(KeyboardInterrupt):
        sweep(runtime)
    assert delivery_of(runtime, post_id).state == "leased"
    assert sweep(runtime) == 0
    clock.forward(seconds=61)
    sweep(runtime)
    assert delivery_of(runtime, post_id).state == "published"
    assert network.calls == ["prepare", "prepare", "commit"]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_worker_that_died_in_the_call_is_followed_by_one_that_looks_first(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int, arrived: bool
) -> None:
    def die() -> None:
        if arrived:
            network.there[delivery_of(runtime, post_id).key] = "Nous ouvrons à 8 h."
        raise KeyboardInterrupt

    network.on_commit = [die]
    with pytest.raises(KeyboardInterrupt):
        sweep(runtime)
    assert delivery_of(runtime, post_id).state == "armed"
    clock.forward(seconds=61)
    sweep(runtime)
    sweep(runtime)
    assert delivery_of(runtime, post_id).state == "published"
    assert len(network.there) == 1
    assert network.calls[:3] == ["prepare", "commit", "reconcile"]


def test_a_worker_that_slept_through_its_lease_changes_nothing_any_more(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    def sleep_while_another_takes_over() -> Published:
        clock.forward(seconds=61)
        sweep(runtime)  # somebody else looks, does not find it, …
        return Published("zombie", "https://told.example/zombie")

    network.on_commit = [sleep_while_another_takes_over]
    sweep(runtime)
    sweep(runtime)  # … and sends it
    delivery = delivery_of(runtime, post_id)
    assert (delivery.state, delivery.remote_id) == ("published", delivery.key)
    assert "late answer" in events(runtime, post_id)


def test_a_bug_while_preparing_is_tried_again_and_one_in_the_call_is_looked_up(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    def stumble() -> None:
        raise ZeroDivisionError

    network.on_prepare, network.on_commit = [stumble], [stumble]
    sweep(runtime)
    assert delivery_of(runtime, post_id).state == "retry_wait"
    clock.forward(seconds=3)
    sweep(runtime)
    assert delivery_of(runtime, post_id).state == "uncertain"


def test_a_settling_network_is_not_looked_at_too_early(runtime: Runtime, clock: Any, brand_id: int) -> None:
    slow = replace(manifests()["mastodon"], network="told", settle_s=30.0)
    with told_network(slow) as network:
        post_id = make_post(runtime, brand_id, [make_account(runtime, brand_id, "told")])
        network.on_commit = [Uncertain("time-out")]
        sweep(runtime)
        clock.forward(seconds=29)
        assert sweep(runtime) == 0
        clock.forward(seconds=1)
        sweep(runtime)
        assert network.calls == ["prepare", "commit", "reconcile"]
        assert delivery_of(runtime, post_id).state == "scheduled"


def test_a_change_while_a_worker_prepares_wins(
    runtime: Runtime, network: ToldNetwork, post_id: int, account_id: int
) -> None:
    def change() -> None:
        new = NewPost("Nous ouvrons à 9 h.", [account_id], schedule=Schedule("now"))
        with runtime.db.write() as session:
            change_post(session, post_id, new, version=get_post(runtime, post_id).version, now=runtime.clock())

    network.on_prepare = [change]
    sweep(runtime)
    assert network.there == {}
    sweep(runtime)
    assert list(network.there.values()) == ["Nous ouvrons à 9 h."]


def test_what_has_been_sent_cannot_be_changed_or_moved(
    runtime: Runtime, network: ToldNetwork, post_id: int, account_id: int
) -> None:
    sweep(runtime)
    new = NewPost("Autre chose", [account_id], schedule=Schedule("now"))
    with pytest.raises(Conflict), runtime.db.write() as session:
        change_post(session, post_id, new, version=1, now=runtime.clock())
    with pytest.raises(Conflict), runtime.db.write() as session:
        deliveries.move_delivery(session, delivery_of(runtime, post_id).id, Schedule("now"), now=runtime.clock())


def test_a_removed_post_is_not_sent_and_its_undo_sends_it(runtime: Runtime, network: ToldNetwork, post_id: int) -> None:
    with runtime.db.write() as session:
        remove_post(session, post_id, now=runtime.clock())
    assert sweep(runtime) == 0
    with runtime.db.write() as session:
        restore_post(session, post_id, now=runtime.clock())
    sweep(runtime)
    assert len(network.there) == 1


def test_dropping_while_a_worker_prepares_stops_it(runtime: Runtime, network: ToldNetwork, post_id: int) -> None:
    def drop() -> None:
        with runtime.db.write() as session:
            deliveries.drop_delivery(session, delivery_of(runtime, post_id).id, now=runtime.clock())

    network.on_prepare = [drop]
    sweep(runtime)
    assert network.calls == ["prepare"]
    assert delivery_of(runtime, post_id).state == "dropped"
    assert sweep(runtime) == 0


def test_a_post_found_there_is_never_taken_for_two(
    runtime: Runtime, network: ToldNetwork, brand_id: int, account_id: int, post_id: int
) -> None:
    seen: list[Any] = []
    real = network.reconcile

    def spy(http: Any, account: Any, credentials: Any, payload: dict[str, Any], **when: Any) -> Any:
        seen.append(payload["not_these"])
        return real(http, account, credentials, payload, **when)

    sweep(runtime)
    first = delivery_of(runtime, post_id)
    network.reconcile = spy  # type: ignore[method-assign]
    network.on_commit = [Uncertain("time-out")]
    make_post(runtime, brand_id, [account_id])
    sweep(runtime)
    sweep(runtime)
    assert seen == [[first.remote_id]]


def test_a_clean_no_after_an_unclear_call_does_not_make_it_clear(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    network.on_commit = [Uncertain("time-out"), Rejected("refused", "422")]
    for _ in range(3):
        sweep(runtime)
        clock.forward(seconds=5)
    rejected = delivery_of(runtime, post_id)
    assert rejected.state == "rejected"
    assert rejected.maybe_sent_at is not None  # the first call may still be on its way in
    new = NewPost("Autre chose", [rejected.account_id], schedule=Schedule("now"))
    with pytest.raises(Conflict), runtime.db.write() as session:
        change_post(session, post_id, new, version=1, now=runtime.clock())
    with runtime.db.write() as session:
        deliveries.resend_delivery(session, rejected.id, now=runtime.clock())
    sweep(runtime)
    assert list(network.there) == [rejected.key]


def test_a_worker_that_lost_its_lease_before_arming_does_not_arm(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    ((ref, fence),) = lease_all(runtime)
    sleeper = deliver.begin(runtime, ref, fence)
    assert sleeper is not None
    payload = deliver.prepare(runtime, network, sleeper, {})  # type: ignore[arg-type]
    assert isinstance(payload, dict)
    assert deliver.freeze(runtime, sleeper, payload)
    clock.forward(seconds=61)
    ((_, newer),) = lease_all(runtime)
    other = deliver.begin(runtime, ref, newer)
    assert other is not None
    assert deliver.freeze(runtime, other, payload)
    assert not deliver.arm(runtime, sleeper)
    assert deliver.arm(runtime, other)


def test_not_there_leads_to_sending_again_even_when_it_was_seen_by_nobody(
    runtime: Runtime, clock: Any, network: ToldNetwork, post_id: int
) -> None:
    network.on_commit = [Uncertain("1"), Uncertain("2")]
    network.on_reconcile = [NotThere(), NotThere()]
    for _ in range(8):
        sweep(runtime)
        clock.forward(seconds=5)
    assert delivery_of(runtime, post_id).state == "published"
    assert events(runtime, post_id) == [
        "armed", "uncertain", "not there", "armed", "uncertain", "not there", "armed", "published"
    ]  # fmt: skip
