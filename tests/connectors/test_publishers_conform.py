"""What every network must do when the way there fails: real servers behind a gate that fails on demand."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from backend.connectors import networks as registry
from backend.connectors.networks import manifests, publishers
from backend.infra.runtime import Runtime
from tests.peers.gate import Gate, gate
from tests.peers.servers import MastodonMock, Pds
from tests.unit.publishing.make import (
    connect_bluesky,
    connect_mastodon,
    delivery_of,
    make_brand,
    make_post,
    sweep,
)

_texts = itertools.count(1)


@dataclass
class Place:
    """One network as a test sees it."""

    gate: Gate
    account_id: int
    brand_id: int
    #: part of the first line of the call that creates
    call: str
    texts: Callable[[], list[str]]

    def count(self, text: str) -> int:
        return sum(text in one for one in self.texts())


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs of a second, and no waiting for late arrivals on servers that are next door."""
    monkeypatch.setattr("backend.connectors.mastodon.client.COMMIT_S", 1.0)
    monkeypatch.setattr("backend.connectors.bluesky.client.COMMIT_S", 1.0)


@pytest.fixture
def mastodon(sqlite_runtime: Runtime, mastodon_server: MastodonMock) -> Iterator[Place]:
    brand_id = make_brand(sqlite_runtime)
    with gate(mastodon_server.url) as way:
        account_id = connect_mastodon(sqlite_runtime, brand_id, mastodon_server, way.url)
        yield Place(
            way, account_id, brand_id, "POST /api/v1/statuses",
            lambda: [one["content"] for one in mastodon_server.statuses()],
        )  # fmt: skip


@pytest.fixture
def bluesky(sqlite_runtime: Runtime, pds_server: Pds) -> Iterator[Place]:
    brand_id = make_brand(sqlite_runtime)
    person = pds_server.create_account()
    with gate(pds_server.url) as way:
        account_id = connect_bluesky(sqlite_runtime, brand_id, person, way.url)
        yield Place(way, account_id, brand_id, "repo.putRecord", lambda: pds_server.texts(person))


@pytest.fixture(params=["mastodon", "bluesky"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def text() -> str:
    return f"Ouvert dès 8 h, numéro {next(_texts)}."


def test_there_is_a_test_for_each_network_that_can_be_posted_to() -> None:
    assert set(publishers()) == {"mastodon", "bluesky"}
    assert {name for name, one in manifests().items() if one.publish} == set(publishers())


def send_and_settle(runtime: Runtime, clock: Any, turns: int = 6) -> None:
    for _ in range(turns):
        sweep(runtime)
        clock.forward(seconds=40)


def test_a_post_arrives_once(sqlite_runtime: Runtime, place: Place, text: str) -> None:
    post_id = make_post(sqlite_runtime, place.brand_id, [place.account_id], text)
    sweep(sqlite_runtime)
    delivery = delivery_of(sqlite_runtime, post_id)
    assert delivery.state == "published", delivery.error
    assert delivery.remote_id
    assert delivery.remote_url.startswith("http")
    assert place.count(text) == 1


def test_401_asks_for_a_person(sqlite_runtime: Runtime, place: Place, text: str) -> None:
    place.gate.answer(401, body={"error": "AuthenticationRequired"}, only="POST")
    post_id = make_post(sqlite_runtime, place.brand_id, [place.account_id], text)
    sweep(sqlite_runtime)
    delivery = delivery_of(sqlite_runtime, post_id)
    assert (delivery.state, delivery.error_code) == ("needs_you", "unauthorized")
    assert place.count(text) == 0


def test_429_waits_as_long_as_the_server_says(sqlite_runtime: Runtime, clock: Any, place: Place, text: str) -> None:
    place.gate.answer(429, {"Retry-After": "77"}, only=place.call, times=1)
    post_id = make_post(sqlite_runtime, place.brand_id, [place.account_id], text)
    sweep(sqlite_runtime)
    delivery = delivery_of(sqlite_runtime, post_id)
    assert delivery.state == "retry_wait"
    assert delivery.due_at is not None
    assert delivery.due_at - clock.at == timedelta(seconds=77)
    clock.forward(seconds=78)
    sweep(sqlite_runtime)
    assert place.count(text) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 413, 422])
def test_a_clean_no_is_not_tried_again(
    sqlite_runtime: Runtime, clock: Any, place: Place, text: str, status: int
) -> None:
    place.gate.answer(status, body={"error": "InvalidRequest", "message": "too long"}, only=place.call)
    post_id = make_post(sqlite_runtime, place.brand_id, [place.account_id], text)
    send_and_settle(sqlite_runtime, clock)
    delivery = delivery_of(sqlite_runtime, post_id)
    assert delivery.state == "rejected"
    assert "too long" in delivery.error
    assert len(place.gate.troubled) == 1
    assert place.count(text) == 0


@pytest.mark.parametrize("status", [500, 502, 503])
def test_5xx_is_looked_up_and_then_sent_again(
    sqlite_runtime: Runtime, clock: Any, place: Place, text: str, status: int
) -> None:
    place.gate.answer(status, only=place.call, times=2)
    post_id = make_post(sqlite_runtime, place.brand_id, [place.account_id], text)
    send_and_settle(sqlite_runtime, clock, 10)
    assert delivery_of(sqlite_runtime, post_id).state == "published"
    assert place.count(text) == 1


@pytest.mark.parametrize("trouble", ["drop_before", "drop_after", "silent"])
def test_a_call_without_an_answer_ends_with_one_post(
    sqlite_runtime: Runtime, clock: Any, place: Place, text: str, trouble: str
) -> None:
    place.gate.set(trouble, only=place.call, times=1)
    post_id = make_post(sqlite_runtime, place.brand_id, [place.account_id], text)
    sweep(sqlite_runtime)
    assert delivery_of(sqlite_runtime, post_id).state == "uncertain"
    send_and_settle(sqlite_runtime, clock)
    assert delivery_of(sqlite_runtime, post_id).state == "published"
    assert len(place.gate.troubled) == 1
    assert place.count(text) == 1


def test_a_server_that_is_away_gets_the_post_when_it_is_back(
    sqlite_runtime: Runtime, clock: Any, place: Place, text: str
) -> None:
    place.gate.set("refuse")
    post_id = make_post(sqlite_runtime, place.brand_id, [place.account_id], text)
    sweep(sqlite_runtime)
    assert delivery_of(sqlite_runtime, post_id).state == "retry_wait"
    place.gate.set("open")
    clock.forward(seconds=5)
    sweep(sqlite_runtime)
    assert delivery_of(sqlite_runtime, post_id).state == "published"
    assert place.count(text) == 1


def test_a_server_that_goes_away_before_we_can_look_is_looked_at_later(
    sqlite_runtime: Runtime, clock: Any, place: Place, text: str
) -> None:
    place.gate.set("drop_after", only=place.call, times=1)
    post_id = make_post(sqlite_runtime, place.brand_id, [place.account_id], text)
    sweep(sqlite_runtime)
    place.gate.set("refuse")
    clock.forward(seconds=40)
    sweep(sqlite_runtime)
    assert delivery_of(sqlite_runtime, post_id).state == "uncertain"
    place.gate.set("open")
    clock.forward(hours=3)  # long after any key has been forgotten
    send_and_settle(sqlite_runtime, clock, 2)
    assert delivery_of(sqlite_runtime, post_id).state == "published"
    assert place.count(text) == 1


def test_an_emoji_is_counted_before_it_is_sent_and_arrives_whole(
    sqlite_runtime: Runtime, place: Place, text: str
) -> None:
    family = f"👨‍👩‍👧‍👦 {text} é 日本語"
    make_post(sqlite_runtime, place.brand_id, [place.account_id], family)
    sweep(sqlite_runtime)
    assert place.count(family) == 1


def test_a_secret_that_is_refused_at_connecting_says_which_field(sqlite_runtime: Runtime, place: Place) -> None:
    from backend.accounts.networks import check_account
    from backend.infra.errors import Invalid

    network = "mastodon" if "statuses" in place.call else "bluesky"
    wrong = {"access_token": "wrong", "identifier": "nobody.test", "app_password": "wrong"}
    with pytest.raises(Invalid) as refused:
        check_account(sqlite_runtime, network, place.gate.url, wrong, now=sqlite_runtime.clock())
    assert refused.value.code == "credentials_refused"
    assert set(refused.value.fields) == {
        "credentials.access_token" if network == "mastodon" else "credentials.app_password"
    }
    place.gate.set("refuse")
    with pytest.raises(Invalid) as away:
        check_account(sqlite_runtime, network, place.gate.url, wrong, now=sqlite_runtime.clock())
    assert (away.value.code, set(away.value.fields)) == ("server_unreachable", {"server"})


def test_the_registry_finds_packages_by_themselves() -> None:
    assert list(registry.manifests())[:2] == ["bluesky", "mastodon"]
    assert {"x", "threads", "facebook", "linkedin", "reddit", "whatsapp", "telegram"} < set(registry.manifests())
