"""What a site asks of robots, read over HTTP from a local server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from backend.connectors.base import PollFailed
from backend.connectors.robots import MAX_READ, RobotsBook, Rules, book_of
from backend.infra.http import HttpClient
from tests.peers.feeds import FeedServer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def http() -> Iterator[HttpClient]:
    client = HttpClient(allow_private=frozenset({"127.0.0.1"}), contact="https://lum.example/contact")
    yield client
    client.close()


def failure(book: RobotsBook, http: HttpClient, url: str, now: datetime = NOW) -> str:
    with pytest.raises(PollFailed) as failed:
        book.ask(http, url, now=now)
    return failed.value.code


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /private", "/private/page", False),
        ("User-agent: *\nDisallow: /private", "/news", True),
        ("User-agent: *\nDisallow: /\nUser-agent: Entregent\nAllow: /", "/news", True),
        ("User-agent: entregent\nDisallow: /", "/news", False),
        ("User-agent: OtherBot\nDisallow: /", "/news", True),
        ("User-agent: *\nDisallow: /\nAllow: /news", "/news/1", True),  # the longest rule decides
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?page=2", True),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        ("\ufeffUser-agent: *\nDisallow: /x", "/x", False),
        ("User-agent: *\nDisallow:", "/x", True),
        ("<!DOCTYPE html><p>no rules here</p>", "/x", True),
        ("", "/x", True),
    ],
)
def test_rules_are_read_as_the_standard_says(robots: str, path: str, allowed: bool) -> None:
    assert Rules(robots.encode()).allow(f"https://cafe.example{path}") is allowed


def test_a_delay_is_seconds_and_nonsense_is_none() -> None:
    said = {b"10": 10.0, b"0.5": 0.5, b"": 0.0, b"soon": 0.0, b"-3": 0.0, b"nan": 0.0, b"999999999": 86_400.0}
    for words, seconds in said.items():
        assert Rules(b"User-agent: *\nCrawl-delay: " + words).delay_s == seconds, words


def test_what_is_endless_costs_little(http: HttpClient, feeds: FeedServer) -> None:
    assert Rules(b"User-agent: *\nDisallow: /" + b"*a" * 200_000).allow("https://cafe.example/" + "a" * 5_000)
    assert Rules(b"# \n" * MAX_READ + b"User-agent: *\nDisallow: /").allow("https://cafe.example/")
    feeds.put("/robots.txt", endless=b"Disallow: /no\n" * 5_000, content_type="text/plain")
    assert failure(RobotsBook(), http, f"{feeds.url}/news") == "robots_unread"


def test_the_site_is_asked_once_a_day_by_name_and_without_secrets(http: HttpClient, feeds: FeedServer) -> None:
    feeds.put("/robots.txt", "User-agent: *\nDisallow: /private\nCrawl-delay: 7", content_type="text/plain")
    book, secret = RobotsBook(), http.with_secret(feeds.url, {"Authorization": "Basic c2VjcmV0"})
    for path in ("/news", "/other", "/news"):
        assert book.ask(secret, feeds.url + path, now=NOW) == 7.0
    assert failure(book, http, f"{feeds.url}/private/1") == "robots"
    (asked,) = feeds.asked("/robots.txt")
    assert asked.headers["user-agent"].startswith("Entregent/")
    assert "https://lum.example/contact" in asked.headers["user-agent"]
    assert {"cookie", "authorization"}.isdisjoint(asked.headers)
    feeds.put("/robots.txt", "User-agent: *\nDisallow: /news", content_type="text/plain")
    book.ask(http, f"{feeds.url}/news", now=NOW + timedelta(hours=23))
    assert failure(book, http, f"{feeds.url}/news", NOW + timedelta(hours=25)) == "robots"
    assert len(feeds.asked("/robots.txt")) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_rules_where_there_is_no_file(http: HttpClient, feeds: FeedServer, status: int) -> None:
    feeds.put("/robots.txt", "User-agent: *\nDisallow: /", status=status)
    assert RobotsBook().ask(http, f"{feeds.url}/news", now=NOW) == 0.0


def test_a_site_that_cannot_say_is_left_alone_for_an_hour(http: HttpClient, feeds: FeedServer) -> None:
    feeds.put("/robots.txt", status=503)
    book = RobotsBook()
    assert failure(book, http, f"{feeds.url}/news") == "robots_unread"
    assert failure(book, http, f"{feeds.url}/news", NOW + timedelta(minutes=59)) == "robots_unread"
    assert len(feeds.asked("/robots.txt")) == 1
    feeds.put("/robots.txt", "User-agent: *\nAllow: /", content_type="text/plain")
    book.ask(http, f"{feeds.url}/news", now=NOW + timedelta(minutes=61))


def test_what_a_site_said_last_week_counts_while_it_cannot_say(http: HttpClient, feeds: FeedServer) -> None:
    feeds.put("/robots.txt", "User-agent: *\nDisallow: /private", content_type="text/plain")
    book = RobotsBook()
    book.ask(http, f"{feeds.url}/news", now=NOW)
    feeds.put("/robots.txt", status=500)
    later = NOW + timedelta(days=2)
    book.ask(http, f"{feeds.url}/news", now=later)
    assert failure(book, http, f"{feeds.url}/private", later) == "robots"
    assert failure(book, http, f"{feeds.url}/news", NOW + timedelta(days=8)) == "robots_unread"


def test_rules_are_found_behind_redirects_and_circles_are_no_rules(http: HttpClient, feeds: FeedServer) -> None:
    feeds.redirect("/robots.txt", "/real.txt")
    feeds.put("/real.txt", "User-agent: *\nDisallow: /news", content_type="text/plain")
    assert failure(RobotsBook(), http, f"{feeds.url}/news") == "robots"
    feeds.redirect("/robots.txt", "/robots.txt")
    RobotsBook().ask(http, f"{feeds.url}/news", now=NOW)


def test_a_site_that_asks_to_wait_is_waited_for(http: HttpClient, feeds: FeedServer) -> None:
    feeds.put("/robots.txt", status=429, headers={"Retry-After": "7200"})
    book = RobotsBook()
    with pytest.raises(PollFailed) as failed:
        book.ask(http, f"{feeds.url}/news", now=NOW)
    assert (failed.value.code, failed.value.retry_after_s) == ("rate_limited", 7200)
    assert failure(book, http, f"{feeds.url}/news", NOW + timedelta(minutes=119)) == "rate_limited"
    assert len(feeds.asked("/robots.txt")) == 1


def test_a_site_that_is_away_or_not_for_us_says_so(http: HttpClient) -> None:
    assert failure(RobotsBook(), http, "http://127.0.0.1:9/news") == "unreachable"
    assert failure(RobotsBook(), http, "http://10.0.0.1/news") == "blocked"


def test_one_book_for_each_client(http: HttpClient) -> None:
    other = HttpClient()
    assert book_of(http) is book_of(http.with_secret("https://cafe.example", {}))
    assert book_of(http) is not book_of(other)
    other.close()
