"""Feeds whose hub tells of news: before a real hub and the real web application."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from backend import create_app
from backend.infra.jobs import lease_due
from backend.infra.runtime import Runtime
from backend.infra.tables import PROVED_URL, remember
from backend.listening import ends
from backend.listening.feeds import poll_soon
from backend.listening.models import Feed, Item, Push
from backend.listening.push import address_of, subscribe_one
from backend.listening.sources import remove_source
from tests.conftest import Clock
from tests.peers.feeds import FeedServer, Said, rss
from tests.peers.hub import Hub, Subscription, running_hub
from tests.unit.listening.make import all_mentions, count, make_brand, make_source, only_feed, poll_due
from tests.waiting import wait_for


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as running:
        yield running


@pytest.fixture
def base(sqlite_runtime: Runtime) -> Iterator[str]:
    """Our own address, proved."""
    server = make_server("127.0.0.1", 0, create_app(sqlite_runtime), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    with sqlite_runtime.db.write() as session:
        remember(session, PROVED_URL, url)
    yield url
    server.shutdown()
    thread.join(5)


def article(number: int, at: datetime | None) -> Said:
    return Said(f"Article {number}", text="Une phrase.", url=f"https://a.example/{number}", at=at)


def publish(feeds: FeedServer, hub: Hub, *said: Said) -> str:
    """The feed as it is now, with its hub; gives its address."""
    url = f"{feeds.url}/rss"
    links = {"Link": f'<{hub.url}>; rel="hub", <{url}>; rel="self"'}
    feeds.put("/rss", rss(said), headers=links, etag=f'"{len(said)}-{said[0].title if said else ""}"')
    return url


def subscribe_due(runtime: Runtime) -> int:
    with runtime.db.write() as session:
        leases = lease_due(session, Push, now=runtime.clock(), lease_s=60, limit=9, worker="test")
    for lease in leases:
        subscribe_one(runtime, lease.ref, lease.fence)
    return len(leases)


def push_of(runtime: Runtime) -> Push:
    with runtime.db.read() as session:
        return session.scalars(select(Push)).one()


def working(runtime: Runtime, feeds: FeedServer, hub: Hub, at: datetime) -> str:
    """A feed with one article, whose hub tells."""
    url = publish(feeds, hub, article(1, at - timedelta(hours=5)))
    make_source(runtime, make_brand(runtime), url)
    poll_due(runtime)
    assert subscribe_due(runtime) == 1
    wait_for(lambda: url in hub.subscribed)
    return url


def hours_to_next(runtime: Runtime) -> float:
    with runtime.db.read() as session:
        due_at = only_feed(session).due_at
        assert due_at is not None
        return (due_at - runtime.clock()).total_seconds() / 3_600


def test_news_come_by_themselves_and_the_feed_is_polled_once_a_day(
    sqlite_runtime: Runtime, feeds: FeedServer, hub: Hub, base: str, at: datetime, clock: Clock
) -> None:
    url = working(sqlite_runtime, feeds, hub, at)
    assert hub.asked[0]["hub.callback"].startswith(f"{base}/-/websub/")
    assert push_of(sqlite_runtime).state == "working"
    clock.forward(hours=4)
    poll_due(sqlite_runtime)
    assert 21.9 < hours_to_next(sqlite_runtime) < 24.3
    said = [article(2, clock()), article(1, at - timedelta(hours=5))]
    publish(feeds, hub, *said)
    assert hub.bring(url, rss(said)) == 202
    with sqlite_runtime.db.read() as session:
        assert [mention.title for mention in all_mentions(session)] == ["Article 1", "Article 2"]
    # The poll of the next day finds nothing that was not told.
    clock.forward(hours=25)
    poll_due(sqlite_runtime)
    assert push_of(sqlite_runtime).state == "working"
    assert hours_to_next(sqlite_runtime) > 21.9
    assert len(feeds.asked("/rss")) == 3


def test_a_hub_that_missed_something_is_not_believed_and_the_feed_is_polled_as_before(
    sqlite_runtime: Runtime, feeds: FeedServer, hub: Hub, base: str, at: datetime, clock: Clock
) -> None:
    working(sqlite_runtime, feeds, hub, at)
    clock.forward(hours=4)
    poll_due(sqlite_runtime)
    clock.forward(hours=23)
    publish(feeds, hub, article(2, clock() - timedelta(hours=9)), article(1, at - timedelta(hours=5)))
    clock.forward(hours=2)
    poll_due(sqlite_runtime)
    broken = push_of(sqlite_runtime)
    assert broken.state == "broken"
    assert "1" in broken.error
    assert hours_to_next(sqlite_runtime) < 5
    # A week later it gets another chance.
    assert subscribe_due(sqlite_runtime) == 0
    clock.forward(days=7, minutes=1)
    assert subscribe_due(sqlite_runtime) == 1
    wait_for(lambda: push_of(sqlite_runtime).state == "working")


def test_what_was_published_a_moment_ago_may_still_come(
    sqlite_runtime: Runtime, feeds: FeedServer, hub: Hub, base: str, at: datetime, clock: Clock
) -> None:
    working(sqlite_runtime, feeds, hub, at)
    clock.forward(hours=4)
    publish(feeds, hub, article(2, clock() - timedelta(minutes=5)), article(1, at - timedelta(hours=5)))
    poll_due(sqlite_runtime)
    assert push_of(sqlite_runtime).state == "working"


def test_what_is_not_signed_with_our_secret_is_not_read(
    sqlite_runtime: Runtime, feeds: FeedServer, hub: Hub, base: str, at: datetime
) -> None:
    url = working(sqlite_runtime, feeds, hub, at)
    # The hub is not told (§7), and nothing is stored.
    assert hub.bring(url, rss([article(2, at)]), secret="guessed") == 202
    hub.method = "md5"
    assert hub.bring(url, rss([article(2, at)])) == 202
    hub.method = "sha1"
    with sqlite_runtime.db.read() as session:
        assert count(session, Item) == 1
    assert hub.bring(url, rss([article(2, at)])) == 202
    assert hub.bring(url, b"<html>no feed") == 202
    with sqlite_runtime.db.read() as session:
        assert count(session, Item) == 2


def test_only_what_we_asked_for_is_confirmed(
    sqlite_runtime: Runtime, feeds: FeedServer, hub: Hub, base: str, at: datetime
) -> None:
    url = working(sqlite_runtime, feeds, hub, at)
    real = hub.subscribed[url]
    guessed = Subscription(url, f"{base}/-/websub/1-{'A' * 32}", "", 60)
    assert hub.ask_back(real, topic="https://other.example/feed") == 404
    assert hub.ask_back(guessed) == 404
    assert hub.ask_back(real, mode="unsubscribe") == 404  # nobody of us asked for it
    with sqlite_runtime.db.write() as session:
        remove_source(session, 1, now=sqlite_runtime.clock())
        assert session.scalars(select(Feed.due_at)).one() is None
    assert hub.ask_back(real) == 404
    assert hub.bring(url, rss([article(3, at)])) == 410


def test_it_is_renewed_well_before_it_ends_and_asked_again_where_it_was_not(
    sqlite_runtime: Runtime, feeds: FeedServer, hub: Hub, base: str, at: datetime, clock: Clock
) -> None:
    hub.lease_s = 86_400
    working(sqlite_runtime, feeds, hub, at)
    wait_for(lambda: push_of(sqlite_runtime).lease_until is None)
    clock.forward(hours=18)
    assert subscribe_due(sqlite_runtime) == 0
    clock.forward(hours=2)
    assert subscribe_due(sqlite_runtime) == 1
    wait_for(lambda: len(hub.answers) == 2)
    assert push_of(sqlite_runtime).until == clock() + timedelta(days=1)
    # Silence of the hub: its time ends, and the feed is polled in its own rhythm.
    hub.refuse = 503
    clock.forward(days=2)
    assert subscribe_due(sqlite_runtime) == 1
    poll_due(sqlite_runtime)
    assert hours_to_next(sqlite_runtime) < 5
    assert "503" in push_of(sqlite_runtime).error
    hub.refuse = 403
    clock.forward(days=1)
    subscribe_due(sqlite_runtime)
    assert push_of(sqlite_runtime).due_at == clock() + timedelta(days=7)


def test_nobody_is_asked_where_our_address_was_not_proved(
    sqlite_runtime: Runtime, feeds: FeedServer, hub: Hub, clock: Clock
) -> None:
    make_source(sqlite_runtime, make_brand(sqlite_runtime), publish(feeds, hub, article(1, None)))
    poll_due(sqlite_runtime)
    subscribe_due(sqlite_runtime)
    assert hub.asked == []
    assert push_of(sqlite_runtime).due_at is not None
    assert len(address_of(sqlite_runtime, 1)) > 40
    with sqlite_runtime.db.write() as session:
        assert poll_soon(session, 1, now=clock()).urgent


def test_an_outage_of_our_own_puts_no_pushed_feed_off_for_a_day(
    sqlite_runtime: Runtime,
    feeds: FeedServer,
    hub: Hub,
    base: str,
    at: datetime,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    working(sqlite_runtime, feeds, hub, at)
    clock.forward(hours=4)
    feeds.put("/rss", "no", status=500)
    monkeypatch.setattr(ends, "_heard_of", lambda *_: ends._Service("a.example", 30.0))
    poll_due(sqlite_runtime)
    assert hours_to_next(sqlite_runtime) < 0.1
