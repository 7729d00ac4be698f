"""`/sources` over HTTP: found from a page, kept, asked, put away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.infra.runtime import Runtime
from tests.factories import Api
from tests.peers.feeds import FeedServer, Said, rss
from tests.peers.feeds import feeds as feeds
from tests.unit.listening.make import poll_due

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAGE = "<!DOCTYPE html><html><head><title>Blog</title>{links}</head><body>…</body></html>"
LINK = '<link rel="alternate" type="application/rss+xml" title="RSS" href="{href}">'


def test_the_feed_is_found_from_a_page(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    feeds.feed("/blog/feed.xml", [Said("Un", url="https://blog.example/1")], title="Le blog")
    links = LINK.format(href="comments.xml") + LINK.format(href="feed.xml")
    url = feeds.put("/blog/post", PAGE.format(links=links), content_type="text/html")
    made = api.post("/sources", {"url": url})
    assert made.status == 201, made.json
    source = made.json
    assert (source["kind"], source["name"], source["take"], source["state"]) == ("feed", "Le blog", "all", "ok")
    assert (source["url"], source["feed_url"]) == (url, f"{feeds.url}/blog/feed.xml")
    assert source["next_poll_at"] is not None
    poll_due(sqlite_runtime)
    polled = api.get(f"/sources/{source['id']}").json
    assert (polled["last_polled_at"], polled["last_error"]) == ("2026-11-23T09:00:00.000Z", "")
    assert api.get("/mentions").json["items"][0]["source_id"] == source["id"]
    again = api.post("/sources", {"url": url}).json
    assert again["id"] == source["id"]


@pytest.mark.parametrize("path", ["/feed", "/rss.xml", "/atom.xml"])
def test_a_feed_that_a_page_does_not_name_is_found_where_feeds_usually_lie(
    api: Api, brand: dict[str, Any], feeds: FeedServer, path: str
) -> None:
    url = feeds.put("/", PAGE.format(links=""), content_type="text/html")
    feeds.feed(path, [Said("Un", url="https://blog.example/1")])
    assert api.post("/sources", {"url": url}).json["feed_url"] == feeds.url + path


def test_what_has_no_feed_says_so_in_the_field(api: Api, brand: dict[str, Any], feeds: FeedServer) -> None:
    url = feeds.put("/", PAGE.format(links=""), content_type="text/html")
    for asked, code in (
        (url, "no_feed"),
        (f"{feeds.url}/missing", "not_found"),
        ("https://www.google.com/alerts?hl=fr", "alerts_page"),
        ("http://10.0.0.1/feed", "blocked"),
        ("http://[::1]/feed", "blocked"),
        ("file:///etc/passwd", "not_web_address"),
    ):
        answer = api.post("/sources", {"url": asked})
        assert answer.status == 422, (asked, answer.json)
        assert answer.json["error"]["code"] == code, asked
        assert answer.json["error"]["fields"]["url"]
    assert len(feeds.seen) <= 14
    assert api.get("/sources").json["items"] == []


def test_an_address_that_is_the_feed_itself_is_asked_once(api: Api, brand: dict[str, Any], feeds: FeedServer) -> None:
    url = feeds.put("/atom", rss([Said("Un", url="https://a.example")]))
    assert api.post("/sources", {"url": url}).status == 201
    assert len(feeds.seen) == 1


def test_kind_and_params_make_a_source_of_a_service(api: Api, brand: dict[str, Any]) -> None:
    made = api.post("/sources", {"kind": "mastodon", "params": {"tag": "paris"}, "take": "all"})
    assert made.status == 201
    assert made.json["feed_url"] == "https://mastodon.social/tags/paris"
    assert api.post("/sources", {"kind": "mastodon", "params": {"tag": "two words"}}).status == 422
    assert api.post("/sources", {"kind": "mastodon", "params": {}}).status == 422
    assert api.post("/sources", {"kind": "gopher", "params": {}}).status == 422
    assert api.post("/sources", {}).status == 422


def test_a_source_has_the_purpose_of_its_kind_until_a_person_says_another(api: Api, brand: dict[str, Any]) -> None:
    tag = {"kind": "mastodon", "params": {"tag": "paris"}}
    made = api.post("/sources", tag).json
    assert made["purpose"] == "social"
    changed = api.patch(f"/sources/{made['id']}", {"purpose": "competitors", "version": 1})
    assert (changed.json["purpose"], changed.json["version"]) == ("competitors", 2)
    assert api.get(f"/sources/{made['id']}").json["purpose"] == "competitors"
    api.delete(f"/sources/{made['id']}")
    assert api.post("/sources", tag).json["purpose"] == "competitors"
    assert api.post("/sources", {**tag, "params": {"tag": "lyon"}, "purpose": "reviews"}).json["purpose"] == "reviews"
    assert api.post("/sources", {**tag, "purpose": "gossip"}).status == 422
    assert api.patch(f"/sources/{made['id']}", {"purpose": "gossip", "version": 3}).status == 422


def test_an_alert_of_google_is_known_by_its_address_and_taken_whole(api: Api, brand: dict[str, Any]) -> None:
    api.post("/keywords", {"query": "café"})
    url = "https://www.google.fr/alerts/feeds/0123/456/"
    made = api.post("/sources", {"url": url}).json
    assert (made["kind"], made["take"], made["url"]) == ("googlealerts", "all", url)
    assert made["feed_url"] == "https://www.google.com/alerts/feeds/0123/456"
    again = api.post("/sources", {"kind": "googlealerts", "params": {"user": "0123", "alert": "456"}}).json
    assert again["id"] == made["id"]
    assert api.post("/sources", {"kind": "googlealerts", "url": url}).json["id"] == made["id"]


def test_params_that_do_not_fit_are_named_with_what_does(api: Api, brand: dict[str, Any]) -> None:
    for kind, params, wrong in (
        ("mastodon", {"tag": "two words"}, {"params.tag": "one word without #"}),
        ("googlenews", {"query": "x"}, {"params.language": "is missing", "params.country": "is missing"}),
        ("feed", {"url": "gopher://x"}, {"params.url": "http:// or https://"}),
        ("hackernews", {"query": "x", "page": "2"}, {"params.page": "is not known here"}),
    ):
        answer = api.post("/sources", {"kind": kind, "params": params})
        assert (answer.status, answer.json["error"]["fields"]) == (422, wrong)


def test_a_source_is_changed_polled_put_away_and_brought_back(
    api: Api, brand: dict[str, Any], feeds: FeedServer
) -> None:
    url = feeds.feed("/rss", [Said("Un", url="https://a.example")])
    source = api.post("/sources", {"url": url}).json
    path = f"/sources/{source['id']}"
    changed = api.patch(path, {"name": "Mon blog", "take": "matching", "version": 1}).json
    assert (changed["name"], changed["take"], changed["version"]) == ("Mon blog", "matching", 2)
    assert api.patch(path, {"name": "x", "version": 1}).json["error"]["current"]["name"] == "Mon blog"
    assert api.post(f"{path}/poll").status == 202
    assert api.delete(path).status == 200
    assert api.get(path).status == 404
    assert api.post(f"{path}/restore").json["id"] == source["id"]
    assert api.as_role("contributor", brand).delete(path).status == 403
    assert api.as_role("viewer", None, "Charlie").get(path).status == 404


def test_kinds_say_what_can_and_what_cannot_be_asked(api: Api, brand: dict[str, Any]) -> None:
    kinds = {kind["kind"]: kind for kind in api.get("/sources/kinds").json["items"]}
    assert kinds["feed"]["needs"] == ["url"]
    assert (kinds["feed"]["purpose"], kinds["instagram"]["purpose"]) == ("press", None)
    tag, _server = kinds["mastodon"]["params"]
    assert tag == {
        "name": "tag",
        "label": "source_param_tag",
        "required": True,
        "example": "paris",
        "fits": "one word without #",
        "choices": [],
    }
    for kind in kinds.values():
        for url in kind["examples"]:
            assert api.post("/sources", {"url": url}).json["kind"] == kind["kind"]
    assert {kind for kind, row in kinds.items() if row["keyword_search"]} == {
        "googlenews", "bingnews", "hackernews", "mastodon", "reddit_search", "lobsters", "lobsters_comments", "github",
        "stackexchange", "wikipedia", "bluesky_search",
    }  # fmt: skip
    assert kinds["instagram"]["asked"] == "cannot"
    search = kinds["bluesky_search"]
    assert (search["asked"], search["why"], search["by_hand"]) == ("cannot", "account_needed", False)
    assert kinds["feed"]["by_hand"] is True
    assert kinds["instagram"]["why"] == "closed"


def test_a_second_brand_gets_what_a_feed_gave_before(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    url = feeds.feed("/rss", [Said("Un", url="https://a.example/1")])
    api.post("/sources", {"url": url, "brand_id": brand["id"]})
    poll_due(sqlite_runtime)
    other = api.post("/brands", {"name": "Autre"}).json
    api.post("/sources", {"url": url, "brand_id": other["id"], "take": "all"})
    assert len(api.get(f"/mentions?brand_id={other['id']}").json["items"]) == 1


def test_the_feed_of_a_source_that_lost_it_is_found_again_on_its_site(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    old = feeds.feed("/old.xml", [Said("Avant", url="https://a.example/1")])
    source = api.post("/sources", {"url": old}).json
    poll_due(sqlite_runtime)
    feeds.put("/old.xml", status=410)
    refused = api.post(f"/sources/{source['id']}/find")
    assert (refused.status, refused.json["error"]["code"]) == (422, "not_found")
    new = feeds.feed("/new.xml", [Said("Après", url="https://a.example/2")])
    feeds.put("/", f'<link rel="alternate" type="application/rss+xml" href="{new}">', content_type="text/html")
    found = api.post(f"/sources/{source['id']}/find")
    assert (found.status, found.json["feed_url"], found.json["id"]) == (200, new, source["id"])
    poll_due(sqlite_runtime)
    assert {one["title"] for one in api.get("/mentions").json["items"]} == {"Avant", "Après"}
    # A feed that the brand listens to by another source is not listened to twice.
    other = api.post("/sources", {"url": feeds.feed("/other.xml", [], title="Other")}).json
    feeds.put("/other.xml", status=404)
    assert api.post(f"/sources/{other['id']}/find").json["error"]["code"] == "already_there"
    # One that was put away comes back in its place.
    api.delete(f"/sources/{source['id']}")
    back = api.post(f"/sources/{other['id']}/find")
    assert (back.status, back.json["id"], back.json["name"]) == (200, source["id"], "Other")
    assert [one["id"] for one in api.get("/sources").json["items"]] == [source["id"]]


def test_a_source_says_how_much_it_gives(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    def weekly(path: str, *days: int) -> float | None:
        said = [
            Said(f"Article {day}", url=f"https://a.example{path}/{day}", at=NOW - timedelta(days=day)) for day in days
        ]
        source = api.post("/sources", {"url": feeds.feed(path, said)}).json
        assert source["items_per_week"] is None
        poll_due(sqlite_runtime)
        found: float | None = api.get(f"/sources/{source['id']}").json["items_per_week"]
        return found

    assert weekly("/slow", 3, 10, 400) == 0.5  # two in four weeks, and it was there before
    assert weekly("/young", 1, 2, 3) == 7  # nothing is known of the time before
    assert weekly("/silent", 300) == 0
    assert weekly("/empty") == 0
    never = api.post("/sources", {"kind": "feed", "params": {"url": f"{feeds.url}/nowhere"}}).json
    poll_due(sqlite_runtime)
    assert api.get(f"/sources/{never['id']}").json["items_per_week"] is None


def test_a_source_that_fails_says_exactly_why_and_when_it_answered_last(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    url = feeds.feed("/rss", [Said("Un", url="https://a.example/1")])
    path = f"/sources/{api.post('/sources', {'url': url}).json['id']}"
    poll_due(sqlite_runtime)
    assert api.get(path).json["answered_on"] is None
    feeds.put("/rss", status=503)
    api.post(f"{path}/poll")
    poll_due(sqlite_runtime)
    failing = api.get(path).json
    assert (failing["last_error"], failing["answered_on"]) == ("http_error", "2026-11-23")
    assert "503" in failing["last_error_text"]


def test_the_feed_of_a_podcast_is_found_again_too(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    old = feeds.put("/old.xml", status=404)
    source = api.post("/sources", {"kind": "podcast", "params": {"url": old}}).json
    new = feeds.feed("/new.xml", [Said("Un", url="https://a.example/1")])
    feeds.put("/", f'<link rel="alternate" type="application/rss+xml" href="{new}">', content_type="text/html")
    found = api.post(f"/sources/{source['id']}/find").json
    assert (found["id"], found["kind"], found["feed_url"]) == (source["id"], "podcast", new)
    lobsters = api.post("/sources", {"kind": "lobsters", "params": {"tag": "a"}}).json
    assert api.post(f"/sources/{lobsters['id']}/find").json["error"]["code"] == "no_feed"
