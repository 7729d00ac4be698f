"""The searches of boards: what they say to visitors who may not search, to robots, and to who keeps no cookies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from backend.config import Settings
from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.infra.http import HttpClient
from backend.listening.kinds import listener_of
from tests.connectors.kinds.table import TABLE
from tests.peers.feeds import FeedServer
from tests.peers.feeds import feeds as feeds

WORDS = {"query": "lumière", "site": "https://board.example"}


@pytest.fixture
def http() -> Iterator[HttpClient]:
    client = HttpClient(allow_private=frozenset({"127.0.0.1"}))
    yield client
    client.close()


def ask(kind: str, feeds: FeedServer, http: HttpClient, settings: Settings, at: datetime) -> Fetched:
    there = replace(settings, endpoints={kind: feeds.url})
    return listener_of(kind, there).fetch(http, WORDS, FetchState(), now=at)


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("phpbb_search", '<body id="phpbb"><form id="login" method="post"></form></body>'),
        ("vanilla_search", '<body id="vanilla_entry_signin"></body>'),
        (
            "vbulletin_search",
            '<head><meta name="generator" content="vBulletin 4.2.5"></head><body><p class="standard_error"></body>',
        ),
    ],
)
def test_a_search_that_only_members_may_use_is_said_to_want_a_log_in(
    feeds: FeedServer, http: HttpClient, settings: Settings, at: datetime, kind: str, page: str
) -> None:
    feeds.put(TABLE[kind].path, f"<html>{page}</html>", content_type="text/html")
    with pytest.raises(PollFailed) as failed:
        ask(kind, feeds, http, settings, at)
    assert failed.value.code == "unauthorized"


@pytest.mark.parametrize("kind", ["phpbb_search", "xenforo_search", "vanilla_search", "vbulletin_search"])
def test_a_page_of_something_else_is_no_empty_result(
    feeds: FeedServer, http: HttpClient, settings: Settings, at: datetime, kind: str
) -> None:
    feeds.put(TABLE[kind].path, "<html><body><h1>Are you a robot?</h1></body></html>", content_type="text/html")
    with pytest.raises(PollFailed) as failed:
        ask(kind, feeds, http, settings, at)
    assert failed.value.code == "not_a_feed"


def test_a_board_that_asks_robots_to_leave_its_search_alone_is_not_searched(
    feeds: FeedServer, http: HttpClient, settings: Settings, at: datetime
) -> None:
    feeds.put("/robots.txt", "User-agent: *\nDisallow: /search/\n", content_type="text/plain")
    feeds.put("/search/search", TABLE["xenforo_search"].body, content_type="text/html")
    with pytest.raises(PollFailed) as failed:
        ask("xenforo_search", feeds, http, settings, at)
    assert failed.value.code == "robots"
    assert feeds.asked("/search/search") == []


def test_results_that_stand_at_an_address_of_their_own_are_followed_to_it(
    feeds: FeedServer, http: HttpClient, settings: Settings, at: datetime
) -> None:
    feeds.put("/search/search", b"", status=303, headers={"Location": "/search/41/?q=lumi%C3%A8re&o=date"})
    feeds.put("/search/41/", TABLE["xenforo_search"].body, content_type="text/html; charset=utf-8")
    fetched = ask("xenforo_search", feeds, http, settings, at)
    assert [item.author for item in fetched.items] == ["maud"]
    assert fetched.moved_to == ""
