"""Google News, Bing News, Hacker News and Mastodon hashtags, over HTTP against their stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.hackernews.source import read_hit
from backend.connectors.kind import Asking
from backend.connectors.mastodon.statuses import newest_id, read_status
from backend.connectors.registry import source_kinds
from backend.infra.http import HttpClient
from tests.peers.feeds import FeedServer, Said

EDITION = {"query": "lumière", "language": "en", "country": "GB"}


@pytest.fixture
def http() -> Iterator[HttpClient]:
    client = HttpClient(allow_private=frozenset({"127.0.0.1"}))
    yield client
    client.close()


def fetch(
    feeds: FeedServer, kind: str, http: HttpClient, params: dict[str, str], at: datetime, **state: str
) -> Fetched:
    return source_kinds()[kind].fetch(Asking(http, feeds.url, at), params, FetchState(**state))


def test_google_news_gives_titles_without_publisher_and_an_id_that_lasts(
    feeds: FeedServer, http: HttpClient, at: datetime
) -> None:
    feeds.said = [Said("Lumière sur le café - un portrait", url="https://a.example/1", publisher="L’Écho", at=at)]
    first = fetch(feeds, "googlenews", http, EDITION, at)
    second = fetch(feeds, "googlenews", http, EDITION, at, cursor=first.state.cursor)
    (item,) = first.items
    assert item.title == "Lumière sur le café - un portrait"
    assert (item.publisher, item.publisher_url, item.author) == ("L’Écho", "https://a.example", "L’Écho")
    assert item.text == ""
    assert second.items[0].external_id == item.external_id
    assert second.items[0].url != item.url
    asked = feeds.seen[0].query
    assert (asked["hl"], asked["gl"], asked["ceid"]) == ("en-GB", "GB", "GB:en")
    assert first.moved_to == ""


def test_bing_news_gives_the_real_addresses(feeds: FeedServer, http: HttpClient, at: datetime) -> None:
    feeds.said = [Said("La lumière", text="dans le café", url="https://a.example/1?x=1&y=é", at=at)]
    (item,) = fetch(feeds, "bingnews", http, EDITION, at).items
    assert (item.url, item.text) == ("https://a.example/1?x=1&y=é", "dans le café")
    assert feeds.seen[0].query["mkt"] == "en-GB"
    assert feeds.seen[0].query["format"] == "rss"


def test_hacker_news_goes_on_where_it_stopped_and_looks_an_hour_back(
    feeds: FeedServer, http: HttpClient, at: datetime
) -> None:
    feeds.said = [
        Said("A café story", url="https://a.example/1", network="hackernews", at=at - timedelta(hours=3)),
        Said("Another story", text="I like this café <b>", network="hackernews", at=at - timedelta(hours=1)),
    ]
    kind = "hackernews"
    first = fetch(feeds, kind, http, {"query": "café"}, at)
    assert first.state.cursor == str(int((at - timedelta(hours=1)).timestamp()))
    story, comment = first.items
    assert (story.title, story.text) == ("A café story", "https://a.example/1")
    assert (comment.title, comment.text) == ("", "I like this café <b>")
    assert story.url.startswith("https://news.ycombinator.com/item?id=")
    second = fetch(feeds, kind, http, {"query": "café"}, at, cursor=first.state.cursor)
    assert second.state.cursor == first.state.cursor
    since = int(feeds.seen[1].query["numericFilters"].split(">")[1])
    assert since == int((at - timedelta(hours=2)).timestamp())
    asked = int(feeds.seen[0].query["numericFilters"].split(">")[1])
    assert asked == int((at - timedelta(days=30)).timestamp())


def test_mastodon_pages_from_its_cursor_without_a_gap(feeds: FeedServer, http: HttpClient, at: datetime) -> None:
    feeds.said = [
        Said(f"toot {n}", text=f"Numéro {n} du café", network="mastodon", at=at - timedelta(minutes=200 - n))
        for n in range(100)
    ]
    kind = "mastodon"
    first = fetch(feeds, kind, http, {"tag": "café"}, at)
    assert len(first.items) == 40
    assert feeds.seen[0].path == "/api/v1/timelines/tag/caf%C3%A9"
    rest = fetch(feeds, kind, http, {"tag": "café"}, at, cursor="10")
    assert len(rest.items) == 90
    assert rest.state.cursor == "100"
    item = rest.items[0]
    assert item.text.startswith("Numéro 49 du café")
    assert (item.author, item.language) == ("Maud", "fr")
    assert fetch(feeds, kind, http, {"tag": "café"}, at, cursor="100").items == []


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_service_that_says_no_is_a_named_failure(
    feeds: FeedServer, http: HttpClient, at: datetime, status: int
) -> None:
    feeds.down = dict.fromkeys(("googlenews", "bingnews", "hackernews", "mastodon"), status)
    for kind, params in (
        ("googlenews", EDITION),
        ("bingnews", EDITION),
        ("hackernews", {"query": "x"}),
        ("mastodon", {"tag": "x"}),
    ):
        with pytest.raises(PollFailed) as failed:
            fetch(feeds, kind, http, dict(params), at)
        assert failed.value.code == {429: "rate_limited", 403: "forbidden"}.get(status, "http_error")


@pytest.mark.parametrize(
    "body", ["", "null", "[]", "{}", '{"hits": 3}', '{"hits": [3, {}, {"objectID": "x"}]}', "<html>"]
)
def test_answers_in_another_shape_never_crash(feeds: FeedServer, http: HttpClient, at: datetime, body: str) -> None:
    feeds.put("/api/v1/search_by_date", body, content_type="application/json")
    feeds.put("/api/v1/timelines/tag/x", body, content_type="application/json")
    for kind, params in (
        ("hackernews", {"query": "x"}),
        ("mastodon", {"tag": "x"}),
    ):
        told: object = []
        try:
            told = fetch(feeds, kind, http, params, at).items
        except PollFailed as failed:
            told = failed.code
        assert told in ([], "not_a_feed")


def test_rows_of_services_are_read_with_care() -> None:
    assert read_hit({"objectID": "1", "title": "", "created_at_i": 1}) is None
    hit = read_hit({"objectID": "1", "title": "T", "url": "javascript:alert(1)", "created_at_i": "soon"})
    assert hit is not None
    assert (hit.text, hit.published_at) == ("", None)
    assert read_status({"id": "1", "url": "javascript:x", "content": "a"}) is None
    assert read_status({"id": "1", "url": "https://a.example/1", "content": "a", "reblog": {"id": "2"}}) is None
    status = read_status(
        {
            "id": "1",
            "url": "https://a.example/1",
            "spoiler_text": "CW",
            "content": "<p>Bon<br>jour <a href='x'>#<span>café</span></a></p>",
            "media_attachments": [{"description": "Une tasse"}, 3],
            "account": None,
            "created_at": "nope",
        }
    )
    assert status is not None
    assert status.text == "CW\nBon\njour #café\nUne tasse"
    assert newest_id(["9", "10", "x", ""]) == "10"
