"""Feeds that are broken, hostile, or gone: nothing is lost, nothing hangs, every error has its name."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backend.connectors.feed.parse import parse_feed
from backend.inbox.models import Mention, MentionPlace
from backend.infra.http import HttpClient
from backend.infra.jobs import lease_due
from backend.infra.runtime import Runtime
from backend.listening.feeds import poll_soon
from backend.listening.models import Feed, Item
from backend.listening.poll import poll_one
from tests.conftest import Clock
from tests.peers.feeds import FeedServer, Said, rss
from tests.peers.feeds import feeds as feeds
from tests.unit.listening.make import count, make_brand, make_source, only_feed, poll_due

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">' for n in range(1, 9))
    + "]><rss version='2.0'><channel><title>&lol8;</title></channel></rss>"
)
LOGIN = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"


def read_error(runtime: Runtime) -> tuple[str, str, int]:
    with runtime.db.read() as session:
        feed = only_feed(session)
        return feed.last_error, feed.state, feed.failures


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (BOMB, "application/rss+xml"),
        (LOGIN, "text/html"),
        (LOGIN, "application/rss+xml"),
        ("", "application/rss+xml"),
        ("{", "application/feed+json"),
        ("[" * 100_000, "application/feed+json"),
        ("<rss" + "<a>" * 20_000, "application/rss+xml"),
        ("\x00\x01\x02", "application/octet-stream"),
    ],
    ids=["entity bomb", "a page", "a log-in page", "nothing", "broken JSON", "deep JSON", "not closed", "binary"],
)
def test_what_is_no_feed_is_said_so_fast(
    sqlite_runtime: Runtime, feeds: FeedServer, body: str, content_type: str
) -> None:
    make_source(sqlite_runtime, make_brand(sqlite_runtime), feeds.put("/rss", body, content_type=content_type))
    parse_feed(b"<rss><channel/></rss>", url="https://a.example/")  # what is loaded once is loaded by now
    began = time.process_time()
    poll_due(sqlite_runtime)
    assert time.process_time() - began < 2
    error, state, failures = read_error(sqlite_runtime)
    assert (error, state, failures) in [("not_a_feed", "ok", 1), ("", "ok", 0)]
    with sqlite_runtime.db.read() as session:
        assert count(session, Item) == count(session, Mention) == 0


def test_a_feed_of_fifty_megabytes_is_left_after_five(sqlite_runtime: Runtime, feeds: FeedServer) -> None:
    url = feeds.put("/rss", b"<rss version='2.0'><channel>", endless=b"<item><title>x</title></item>" * 40_000)
    make_source(sqlite_runtime, make_brand(sqlite_runtime), url)
    poll_due(sqlite_runtime)
    assert read_error(sqlite_runtime)[0] == "too_large"


def test_a_feed_that_never_ends_is_left_at_the_deadline(sqlite_runtime: Runtime, feeds: FeedServer) -> None:
    url = feeds.put("/rss", b"<rss version='2.0'><channel>", endless=b" ", trickle_s=0.05)
    http = HttpClient(allow_private=sqlite_runtime.settings.allow_private_hosts, reading_s=0.6)
    runtime = replace(sqlite_runtime, http=http)
    make_source(runtime, make_brand(runtime), url)
    began = time.monotonic()
    poll_due(runtime)
    http.close()
    assert time.monotonic() - began < 5
    assert read_error(runtime)[0] == "timeout"


def test_redirects_in_a_circle_end(sqlite_runtime: Runtime, feeds: FeedServer) -> None:
    feeds.redirect("/b", "/a")
    make_source(sqlite_runtime, make_brand(sqlite_runtime), feeds.redirect("/a", "/b"))
    poll_due(sqlite_runtime)
    error, _, failures = read_error(sqlite_runtime)
    assert error
    assert failures == 1
    assert len(feeds.seen) <= 7
    with sqlite_runtime.db.read() as session:
        assert only_feed(session).address.endswith("/a")


def test_a_redirect_to_a_private_address_is_not_followed(runtime: Runtime, feeds: FeedServer) -> None:
    secret = feeds.feed("/secret", [Said("inside")]).replace("127.0.0.1", "localhost")
    url = feeds.redirect("/rss", secret)
    host = feeds.url.removeprefix("http://")
    runtime = replace(runtime, http=HttpClient(allow_private=frozenset({host})))
    make_source(runtime, make_brand(runtime), url)
    poll_due(runtime)
    runtime.http.close()
    assert read_error(runtime)[0] == "blocked"
    assert feeds.asked("/secret") == []


def test_encodings_are_read_as_they_are_and_not_as_they_say(sqlite_runtime: Runtime, feeds: FeedServer) -> None:
    said = Said("Café Lumière, été", url="https://a.example/1")
    text = rss([said]).decode()
    latin = text.replace("UTF-8", "ISO-8859-1").encode("latin-1")
    brand = make_brand(sqlite_runtime)
    for number, (body, kind) in enumerate(
        [
            (latin, "application/rss+xml"),
            (text.encode("utf-16"), "application/rss+xml"),
            (text.encode(), "text/xml; charset=us-ascii"),
            (text.replace("UTF-8", "utf-99").encode(), "application/rss+xml"),
            (b"\xef\xbb\xbf" + text.encode(), "application/rss+xml"),
        ]
    ):
        make_source(sqlite_runtime, brand, feeds.put(f"/{number}", body, content_type=kind))
    poll_due(sqlite_runtime)
    with sqlite_runtime.db.read() as session:
        assert list(session.scalars(select(Feed.last_error))) == [""] * 5
        assert set(session.scalars(select(Item.title))) == {"Café Lumière, été"}


def test_an_error_backs_off_doubling_and_success_forgets_it(
    sqlite_runtime: Runtime, feeds: FeedServer, clock: Clock, at: datetime
) -> None:
    url = feeds.put("/rss", status=500)
    make_source(sqlite_runtime, make_brand(sqlite_runtime), url)
    waits, states = [], []
    for _ in range(5):
        assert poll_due(sqlite_runtime) == 1
        with sqlite_runtime.db.read() as session:
            feed = only_feed(session)
            assert feed.due_at is not None
            waits.append((feed.due_at - clock()).total_seconds())
            states.append(feed.state)
            clock.at = feed.due_at
    assert [wait / 300 for wait in waits] == pytest.approx([1, 2, 4, 8, 16], rel=0.11)
    assert states == ["ok", "ok", "asleep", "asleep", "asleep"]
    feeds.feed("/rss", [Said("Enfin", url="https://a.example", at=at)])
    poll_due(sqlite_runtime)
    assert read_error(sqlite_runtime) == ("", "ok", 0)


def test_retry_after_is_obeyed_and_what_is_gone_rests_until_a_person_asks(
    sqlite_runtime: Runtime, feeds: FeedServer, clock: Clock
) -> None:
    url = feeds.put("/rss", status=429, headers={"Retry-After": "7200"})
    make_source(sqlite_runtime, make_brand(sqlite_runtime), url)
    poll_due(sqlite_runtime)
    with sqlite_runtime.db.read() as session:
        feed = only_feed(session)
        assert feed.last_error == "rate_limited"
        assert feed.due_at is not None
        assert feed.due_at >= clock() + timedelta(seconds=7200)
    feeds.put("/rss", status=410)
    clock.forward(hours=3)
    poll_due(sqlite_runtime)
    with sqlite_runtime.db.read() as session:
        feed = only_feed(session)
        assert (feed.state, feed.last_error) == ("gone", "gone")
        assert feed.due_at is None
        feed_id = feed.id
    feeds.feed("/rss", [])
    with sqlite_runtime.db.write() as session:
        poll_soon(session, feed_id, now=clock())
    poll_due(sqlite_runtime)
    assert read_error(sqlite_runtime) == ("", "ok", 0)


def test_an_error_keeps_the_validators(sqlite_runtime: Runtime, feeds: FeedServer, clock: Clock) -> None:
    make_source(sqlite_runtime, make_brand(sqlite_runtime), feeds.feed("/rss", [Said("Un", url="https://a.example")]))
    poll_due(sqlite_runtime)
    page = feeds.pages["/rss"]
    feeds.put("/rss", LOGIN, content_type="text/html")
    clock.forward(hours=6)
    poll_due(sqlite_runtime)
    assert read_error(sqlite_runtime)[0] == "not_a_feed"
    feeds.pages["/rss"] = page
    clock.forward(hours=6)
    poll_due(sqlite_runtime)
    assert feeds.asked("/rss")[-1].headers["if-none-match"] == page.etag
    assert read_error(sqlite_runtime) == ("", "ok", 0)


def test_two_workers_at_once_store_nothing_twice(runtime: Runtime, feeds: FeedServer, at: datetime) -> None:
    """Twenty feeds with the same forty articles, polled by four threads, for two brands."""
    said = [
        Said(f"Article numéro {n} du Café Lumière", url=f"https://journal.example/{n}", at=at - timedelta(minutes=n))
        for n in range(40)
    ]
    for brand in (make_brand(runtime, "Un"), make_brand(runtime, "Deux")):
        for number in range(20):
            make_source(runtime, brand, feeds.feed(f"/feed{number}", said[:: 1 if number % 2 else -1]))
    problems: list[BaseException] = []

    def work(name: str) -> None:
        try:
            while True:
                with runtime.db.write() as session:
                    leases = lease_due(session, Feed, now=runtime.clock(), lease_s=60, limit=3, worker=name)
                if not leases:
                    return
                for lease in leases:
                    poll_one(runtime, lease.ref, lease.fence)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert problems == []
    with runtime.db.read() as session:
        assert count(session, Item) == 20 * 40
        assert count(session, Mention) == 2 * 40
        assert count(session, MentionPlace) == 2 * 40 * 20
        assert list(session.scalars(select(Feed.last_error).distinct())) == [""]


def test_a_turn_that_dies_between_two_chunks_is_done_again_and_doubles_nothing(
    runtime: Runtime, feeds: FeedServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [Said(f"Numéro {n}", url=f"https://journal.example/{n}") for n in range(120)]
    make_source(runtime, make_brand(runtime), feeds.feed("/rss", said))
    from backend.listening import arrive

    real, calls = arrive.write_plan, []

    def die_at_the_second(*args: object, **kw: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **kw)  # type: ignore[arg-type]

    monkeypatch.setattr(arrive, "write_plan", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        poll_due(runtime)
    with runtime.db.read() as session:
        assert count(session, Item) == count(session, Mention) == 50
        assert only_feed(session).etag == ""
    clock.forward(seconds=61)
    poll_due(runtime)
    with runtime.db.read() as session:
        assert count(session, Item) == count(session, Mention) == 120
