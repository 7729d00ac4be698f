"""How often a service is asked, by all workers together."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from backend.connectors.kind import Rate
from backend.infra.jobs import set_back
from backend.infra.runtime import Runtime
from backend.listening.budgets import RATES, block, block_service, draw, is_local, service_of, set_rate, take_token
from backend.listening.models import Budget
from backend.listening.poll import KIND as POLL_KIND
from tests.conftest import Clock


def take(runtime: Runtime, service: str) -> float:
    with runtime.db.write() as session:
        return take_token(session, service, now=runtime.clock())


def test_a_burst_then_one_at_a_time(runtime: Runtime, clock: Clock) -> None:
    assert take(runtime, "reddit.com") == 0
    assert 64 < take(runtime, "reddit.com") <= 65
    clock.forward(seconds=65)
    assert take(runtime, "reddit.com") == 0


def test_retry_after_blocks_everybody_and_a_rate_can_be_set(runtime: Runtime, clock: Clock) -> None:
    with runtime.db.write() as session:
        block_service(session, "googlenews", seconds=600, now=clock())
    assert 599 < take(runtime, "googlenews") <= 600
    clock.forward(seconds=601)
    assert take(runtime, "googlenews") == 0
    with runtime.db.write() as session:
        set_rate(session, "slow.example", per_s=1 / 3600, burst=1, now=clock())
    assert take(runtime, "slow.example") == 0
    assert take(runtime, "slow.example") > 3000


def test_many_workers_at_once_get_no_more_than_the_burst(runtime: Runtime) -> None:
    taken = []

    def work() -> None:
        taken.append(take(runtime, "google.com") == 0)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(taken), sum(taken)) == (16, 10)


def test_what_a_wrong_clock_wrote_is_set_back_with_it(runtime: Runtime, clock: Clock) -> None:
    with runtime.db.write() as session:
        block_service(session, "reddit.com", seconds=600, now=clock())
    right = clock()
    clock.forward(days=30)
    assert take(runtime, "slow.example") == 0
    with runtime.db.write() as session:
        block_service(session, "slow.example", seconds=60, now=clock())
    clock.at = right
    with runtime.db.write() as session:
        set_back(session, POLL_KIND, by=timedelta(days=30), now=clock())
    assert take(runtime, "slow.example") <= 60
    assert take(runtime, "reddit.com") <= 65


def test_who_is_refused_stands_in_line_and_who_comes_later_behind(clock: Clock) -> None:
    rate = Rate(every_s=10, burst=1)
    bucket = Budget(service="x", tokens=1.0, filled_at=clock(), blocked_until=None, reserved_until=None)
    assert draw(bucket, rate, now=clock(), in_line=False) == 0
    assert [draw(bucket, rate, now=clock(), in_line=False) for _ in range(3)] == [10, 20, 30]
    clock.forward(seconds=10)
    assert draw(bucket, rate, now=clock(), in_line=False) == 30  # there is a token, and it is the first one's
    assert draw(bucket, rate, now=clock(), in_line=True) == 0
    block(bucket, seconds=100, now=clock())
    assert draw(bucket, rate, now=clock(), in_line=True) >= 100
    clock.forward(seconds=500)
    assert draw(bucket, rate, now=clock(), in_line=False) == 0


def test_hosts_that_an_administrator_named_are_not_rationed() -> None:
    assert is_local("127.0.0.1:4711", frozenset({"127.0.0.1"}))
    assert is_local("127.0.0.1:4711", frozenset({"127.0.0.1:4711"}))
    assert not is_local("127.0.0.1:4712", frozenset({"127.0.0.1:4711"}))
    assert not is_local("news.google.com", frozenset({"127.0.0.1"}))
    assert service_of("googlenews", "127.0.0.1:1") == "googlenews"


def test_a_key_has_a_patience_of_its_own() -> None:
    host = "api.github.com"
    assert service_of("github", host, {"stackexchange"}) == service_of("github", host) == "github search"
    keyed = service_of("github", host, {"github"})
    assert RATES[keyed].every_s < RATES["github search"].every_s
    assert service_of("github_releases", "github.com", {"github_releases"}) == "github.com"  # a key gives nothing there


def test_a_server_that_a_person_names_has_its_own() -> None:
    assert service_of("mastodon", "mastodon.social") == "mastodon"
    assert service_of("mastodon", "piaille.fr") == "piaille.fr"


@pytest.mark.parametrize(
    ("host", "service"),
    [
        ("blog.example:8080", "blog.example"),
        ("www.reddit.com", "reddit.com"),
        ("old.reddit.com", "reddit.com"),
        ("feeds.bbc.co.uk", "bbc.co.uk"),
        ("A.B.Example.org.", "example.org"),
        # Each name of a platform is a site of its own, however deep it lies.
        ("maud.substack.com", "maud.substack.com"),
        ("maud.github.io", "maud.github.io"),
        ("www.maud.tumblr.com", "maud.tumblr.com"),
        ("tumblr.com", "tumblr.com"),
        ("127.0.0.1:4711", "127.0.0.1"),
        ("[::1]:80", "[::1]"),
        ("localhost", "localhost"),
    ],
)
def test_all_names_below_a_registered_one_share_its_patience(host: str, service: str) -> None:
    assert service_of("feed", host) == service


def test_nobody_is_blocked_for_more_than_a_day_whatever_a_service_says(runtime: Runtime, clock: Clock) -> None:
    with runtime.db.write() as session:
        block_service(session, "stackexchange", seconds=10**9, now=clock())
    assert take(runtime, "stackexchange") <= 86_400
