"""What more than one page holds since the last poll: none of it is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.kind import Asking
from backend.connectors.registry import source_kinds
from backend.infra.http import HttpClient
from tests.peers.feeds import FeedServer, Seen


@pytest.fixture
def http() -> Iterator[HttpClient]:
    client = HttpClient(allow_private=frozenset({"127.0.0.1"}))
    yield client
    client.close()


def fetch(
    feeds: FeedServer, kind: str, http: HttpClient, params: dict[str, str], at: datetime, **state: str
) -> Fetched:
    asking = Asking(http, feeds.url, at, may_go_on=lambda: True)
    return source_kinds()[kind].fetch(asking, params, FetchState(**state))


def test_what_was_said_on_telegram_behind_a_page_of_pictures_is_found(
    feeds: FeedServer, http: HttpClient, at: datetime
) -> None:
    def page(seen: Seen) -> bytes:
        before = int(seen.query.get("before", "61"))
        shown = "".join(
            f"<div class='tgme_widget_message' data-post='cafe/{number}'>"
            + ("" if number > 40 else f"<div class='tgme_widget_message_text'>Said {number}</div>")
            + "</div>"
            for number in range(before - 20, before)
        )
        return f"<html><body class='tgme_widget'>{shown}</body></html>".encode()

    feeds.put("/s/cafe", page, content_type="text/html")
    fetched = fetch(feeds, "telegram", http, {"channel": "cafe"}, at, cursor="35")
    assert {item.text for item in fetched.items} >= {f"Said {number}" for number in range(36, 41)}
    assert fetched.state.cursor == "60"
    assert len(feeds.asked("/s/cafe")) == 2


def test_telegram_is_left_alone_where_it_asks_robots_to_stay_away(
    feeds: FeedServer, http: HttpClient, at: datetime
) -> None:
    feeds.put("/robots.txt", "User-agent: *\nDisallow: /s/", content_type="text/plain")
    with pytest.raises(PollFailed) as failed:
        fetch(feeds, "telegram", http, {"channel": "cafe"}, at)
    assert failed.value.code == "robots"
    assert feeds.asked("/s/cafe") == []


def behind(at: datetime, number: int) -> datetime:
    """When the post of this number was written, from the newest (0) on."""
    return at - timedelta(minutes=10 * number)


def iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def hackernews(seen: Seen, at: datetime) -> Mapping[str, Any]:
    until = int(seen.query["numericFilters"].partition("<=")[2] or 2**40)
    hits = [
        {"objectID": str(n), "title": f"Said {n}", "created_at_i": int(behind(at, n).timestamp())} for n in range(POSTS)
    ]
    return {"hits": [hit for hit in hits if hit["created_at_i"] <= until][: int(seen.query["hitsPerPage"])]}


def github(seen: Seen, at: datetime) -> Mapping[str, Any]:
    size, page = int(seen.query["per_page"]), int(seen.query["page"])
    rows = [
        {
            "id": n,
            "html_url": f"https://github.com/a/b/issues/{n}",
            "title": f"Said {n}",
            "created_at": iso(behind(at, n)),
        }
        for n in range(POSTS)
    ]
    return {"items": rows[size * (page - 1) : size * page]}


def stackexchange(seen: Seen, at: datetime) -> Mapping[str, Any]:
    size, page = int(seen.query["pagesize"]), int(seen.query["page"])
    rows = [
        {"question_id": n + 1, "link": f"https://stackoverflow.com/q/{n}", "title": f"Said {n}",
         "creation_date": int(behind(at, n).timestamp())}
        for n in range(POSTS)
    ]  # fmt: skip
    return {"items": rows[size * (page - 1) : size * page]}


def lemmy(seen: Seen, at: datetime) -> Mapping[str, Any]:
    size, page = int(seen.query["limit"]), int(seen.query["page"])
    rows = [
        {
            "comment": {
                "ap_id": f"https://lemmy.example/comment/{n}",
                "content": f"Said {n}",
                "published": iso(behind(at, n)),
            }
        }
        for n in range(POSTS)
    ]
    old = {"post": {"ap_id": "https://lemmy.example/post/1", "name": "Old", "published": "2020-01-01T00:00:00Z"}}
    return {"posts": [old] if page == 1 else [], "comments": rows[size * (page - 1) : size * page]}


def discourse(seen: Seen, at: datetime) -> Mapping[str, Any]:
    page = int(seen.query["page"])
    rows = [
        {"id": n, "topic_id": n, "post_number": 1, "blurb": f"Said {n}", "created_at": iso(behind(at, n))}
        for n in range(POSTS)
    ]
    more = {"grouped_search_result": {"more_full_page_results": 50 * page < POSTS}}
    return {"posts": rows[50 * (page - 1) : 50 * page], **more}


def wikipedia(seen: Seen, at: datetime) -> Mapping[str, Any]:
    size, start = int(seen.query["srlimit"]), int(seen.query["sroffset"])
    rows = [{"pageid": n + 1, "title": f"Said {n}", "timestamp": iso(behind(at, n))} for n in range(POSTS)]
    return {"query": {"search": rows[start : start + size]}}


POSTS = 1_000  # of ten minutes each: a week
FORUM = {"query": "café", "site": "https://forum.example"}
SEARCHES: Mapping[str, tuple[str, dict[str, str], Callable[[Seen, datetime], Mapping[str, Any]], int]] = {
    # its address, its params, who answers, how many stand on a page
    "hackernews": ("/api/v1/search_by_date", {"query": "café"}, hackernews, 500),
    "github": ("/search/issues", {"query": "café"}, github, 50),
    "stackexchange": ("/2.3/search/advanced", {"query": "café"}, stackexchange, 100),
    "lemmy_search": ("/api/v3/search", FORUM, lemmy, 50),
    "discourse_search": ("/search.json", FORUM, discourse, 50),
    "wikipedia": ("/w/api.php", {"query": "café", "language": "fr"}, wikipedia, 50),
}


@pytest.mark.parametrize("kind", SEARCHES)
def test_pages_of_a_search_are_turned_until_what_was_seen_before(
    kind: str, feeds: FeedServer, http: HttpClient, at: datetime
) -> None:
    path, params, answers, size = SEARCHES[kind]
    feeds.put(path, lambda seen: json.dumps(answers(seen, at)).encode(), content_type="application/json")
    first = fetch(feeds, kind, http, params, at)
    assert len(feeds.asked(path)) == 1
    assert first.state.cursor  # newest of all
    seen = behind(at, int(size * 1.4))  # on the second page
    cursor = iso(seen) if kind not in ("hackernews", "stackexchange") else str(int(seen.timestamp()))
    later = fetch(feeds, kind, http, params, at, cursor=cursor)
    said = {f"{item.title}{item.text}".split()[-1] for item in later.items}
    assert said >= {str(n) for n in range(int(size * 1.4))}
    assert len({item.external_id for item in later.items}) == len(later.items)
    assert later.state.cursor == first.state.cursor
    assert len(feeds.asked(path)) <= 1 + 5  # what overlaps is read again
    # Where its service has no patience left, the cursor stays, and the same is asked again later.
    asking = Asking(http, feeds.url, at)
    cut = source_kinds()[kind].fetch(asking, params, FetchState(cursor=cursor))
    assert (len(cut.items) <= size + 1, cut.state.cursor) == (True, cursor)


def test_no_more_than_five_pages_are_turned(feeds: FeedServer, http: HttpClient, at: datetime) -> None:
    path, params, answers, size = SEARCHES["wikipedia"]
    feeds.put(path, lambda seen: json.dumps(answers(seen, at)).encode(), content_type="application/json")
    fetched = fetch(feeds, "wikipedia", http, params, at, cursor=iso(behind(at, 900)))
    assert (len(feeds.asked(path)), len(fetched.items)) == (5, 5 * size)
    assert fetched.state.cursor == iso(at)
