"""`/keywords` over HTTP, with the services stood in by a local server."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend import create_app
from backend.infra.runtime import Runtime
from tests.factories import Api, make_owner
from tests.peers.feeds import FeedServer, Said
from tests.peers.feeds import feeds as feeds
from tests.unit.listening.make import poll_due


@pytest.fixture
def listening(sqlite_runtime: Runtime, feeds: FeedServer) -> Runtime:
    return replace(sqlite_runtime, settings=replace(sqlite_runtime.settings, endpoints=feeds.endpoints()))


@pytest.fixture
def app(listening: Runtime) -> Any:
    return create_app(listening)


@pytest.fixture
def api(app: Any) -> Api:
    return Api(app, make_owner(app))


def test_saving_a_keyword_makes_its_searches_and_they_are_polled(
    api: Api, brand: dict[str, Any], listening: Runtime, feeds: FeedServer, at: datetime
) -> None:
    feeds.said = [Said("Le Café Lumière ouvre une terrasse", url="https://journal.example/1", publisher="Le J", at=at)]
    made = api.post("/keywords", {"query": '"café lumière"'})
    assert made.status == 201, made.json
    keyword = made.json
    assert (keyword["name"], keyword["literals"], keyword["version"]) == ("café lumière", [["cafe lumiere"]], 1)
    kinds = sorted(source["kind"] for source in keyword["sources"])
    assert kinds == sorted(
        ["bingnews", "bingnews", "googlenews", "googlenews", "hackernews", "reddit_search", "lobsters",
         "lobsters_comments", "github", "stackexchange", "wikipedia", "wikipedia"]
    )  # fmt: skip
    assert {source["last_polled_at"] for source in keyword["sources"]} == {None}
    poll_due(listening)
    keyword = api.get(f"/keywords/{keyword['id']}").json
    assert keyword["mentions"] == 1
    assert all(source["last_polled_at"] for source in keyword["sources"])
    (mention,) = api.get(f"/mentions?keyword_id={keyword['id']}").json["items"]
    assert mention["keywords"] == [
        {"id": keyword["id"], "name": "café lumière", "highlights": [{"field": "title", "start": 3, "end": 15}]}
    ]
    assert len(mention["places"]) == 2  # Google News and Bing News, however many editions
    status = api.get("/status").json["sources"]
    assert (status["total"], status["asleep"]) == (len(kinds), 0)


def test_a_query_that_does_not_parse_says_where(api: Api, brand: dict[str, Any]) -> None:
    for path in ("/keywords", "/keywords/preview"):
        answer = api.post(path, {"query": 'café "lumière'})
        assert answer.status == 422
        error = answer.json["error"]
        assert (error["code"], error["position"], list(error["fields"])) == ("query_syntax", 5, ["query"])


def test_a_change_takes_the_version_and_another_query_makes_other_searches(api: Api, brand: dict[str, Any]) -> None:
    keyword = api.post("/keywords", {"query": "lumière"}).json
    path = f"/keywords/{keyword['id']}"
    changed = api.patch(path, {"query": "ombre", "version": 1})
    assert changed.status == 200
    before, after = ({(s["kind"], s["id"]) for s in one["sources"]} for one in (keyword, changed.json))
    # What is read whole is read whole for any words; of what is asked together its part changes.
    assert {kind for kind, _ in before & after} == {"lobsters", "lobsters_comments", "reddit_search"}
    stale = api.patch(path, {"name": "x", "version": 1})
    assert stale.status == 409
    assert stale.json["error"]["current"]["query"] == "ombre"
    paused = api.patch(path, {"paused": True, "version": 2}).json
    assert {source["state"] for source in paused["sources"]} == {"paused"}
    assert api.get("/status").json["sources"]["total"] == 0


def test_a_place_that_a_keyword_shall_not_ask_is_asked_no_more_whatever_its_words(
    api: Api, brand: dict[str, Any]
) -> None:
    keyword = api.post("/keywords", {"query": "lumière"}).json
    path = f"/keywords/{keyword['id']}"

    def asked() -> set[str]:
        return {source["kind"] for source in api.get(path).json["sources"]}

    everywhere = asked()
    github = next(source["id"] for source in keyword["sources"] if source["kind"] == "github")
    assert api.delete(f"/sources/{github}").status == 200
    assert asked() == everywhere - {"github"}
    assert api.get(path).json["not_asked"] == ["github"]
    changed = api.patch(path, {"query": "ombre", "version": 2})
    assert changed.status == 200, changed.json
    assert asked() == everywhere - {"github"}
    api.patch(path, {"not_asked": ["github", "reddit_search"], "version": 3})
    assert asked() == everywhere - {"github", "reddit_search"}
    assert api.post(f"/sources/{github}/restore").status == 200
    assert asked() == everywhere - {"reddit_search"}
    assert api.patch(path, {"not_asked": ["gopher"], "version": 5}).status == 422
    assert api.post("/keywords", {"query": "x", "not_asked": ["lobsters"]}).json["not_asked"] == ["lobsters"]


def test_a_removed_keyword_goes_with_its_searches_and_comes_back(api: Api, brand: dict[str, Any]) -> None:
    keyword = api.post("/keywords", {"query": "lumière"}).json
    path = f"/keywords/{keyword['id']}"
    assert api.delete(path).status == 200
    assert api.get(path).status == 404
    assert api.get("/keywords").json["items"] == []
    assert api.get("/sources").json["items"] == []
    back = api.post(f"{path}/restore")
    assert len(back.json["sources"]) == len(keyword["sources"])
    assert len(api.get("/sources").json["items"]) == len(keyword["sources"])


def test_a_preview_asks_the_searches_and_stores_nothing(
    api: Api, brand: dict[str, Any], feeds: FeedServer, at: datetime
) -> None:
    feeds.said = [
        Said("Le Café Lumière ouvre une terrasse", url="https://j.example/1", publisher="J", at=at - timedelta(days=2)),
        Said("Ask HN: Café Lumière?", url="https://hn.example", network="hackernews", at=at - timedelta(days=1)),
        Said("toot", text="Un café au Lumière", network="mastodon", at=at - timedelta(hours=1)),
        Said("toot", text="La lumière du matin", network="mastodon", at=at),
    ]
    feeds.down["bingnews"] = 503
    preview = api.post("/keywords/preview", {"query": "café lumière", "live": True}).json
    assert preview["count"] == 3
    assert [item["network"] for item in preview["items"]] == ["mastodon", "hackernews", "news"]
    assert preview["items"][1]["keywords"][0]["highlights"] == [
        {"field": "title", "start": 8, "end": 12},
        {"field": "title", "start": 13, "end": 20},
    ]
    asked = {one["kind"]: (one["asked"], one["count"], one["note"]) for one in preview["asked"]}
    assert asked["googlenews"] == (True, 2, "")
    assert asked["bingnews"] == (False, 0, "http_error")
    assert asked["hackernews"] == (True, 1, "")
    assert asked["mastodon"][0] is True
    assert asked["instagram"] == (False, 0, "closed")
    assert api.get("/mentions").json["items"] == []
    assert api.get("/sources").json["items"] == []


def test_a_preview_waits_for_nobody(
    api: Api, brand: dict[str, Any], feeds: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.listening.preview.DEADLINE_S", 2.0)
    feeds.slow_s["googlenews"] = 9.0
    asked = api.post("/keywords/preview", {"query": '"café lumière"', "live": True}).json["asked"]
    notes = {one["kind"]: (one["asked"], one["note"]) for one in asked}
    assert notes["googlenews"] == (False, "timeout")
    assert notes["hackernews"] == (True, "")
    assert notes["mastodon"] == (False, "not_this_query")


def test_a_new_keyword_finds_what_was_read_before(
    api: Api, brand: dict[str, Any], listening: Runtime, feeds: FeedServer, at: datetime
) -> None:
    url = feeds.feed(
        "/rss",
        [Said("Le Café Lumière ouvre", url="https://j.example/1", at=at), Said("Autre", url="https://j.example/2")],
    )
    api.post("/sources", {"kind": "feed", "params": {"url": url}, "take": "matching"})
    poll_due(listening, kinds=("feed",))
    assert api.get("/mentions").json["items"] == []
    stored = api.post("/keywords/preview", {"query": "lumière"}).json
    assert (stored["count"], stored["asked"]) == (1, [])
    keyword = api.post("/keywords", {"query": "lumière"}).json
    assert keyword["mentions"] == 1
    (mention,) = api.get("/mentions").json["items"]
    assert mention["keywords"][0]["id"] == keyword["id"]


def test_a_preview_counts_what_the_keyword_will_have_once_it_is_saved(
    api: Api, brand: dict[str, Any], listening: Runtime, feeds: FeedServer, at: datetime
) -> None:
    said = [
        ("Le Café Lumière ouvre une nouvelle terrasse au soleil à Lyon", 1),
        ("The Lumière opens a new terrace in the sun, and the coffee is good", 2),
        ("La Lumière ferme sa terrasse pour tout l’hiver, dit le patron", 3),
    ]
    items = [Said(title, url=f"https://j.example/{n}", at=at) for title, n in said]
    api.post("/sources", {"kind": "feed", "params": {"url": feeds.feed("/rss", items)}, "take": "matching"})
    poll_due(listening, kinds=("feed",))
    for values in ({"query": "lumière lang:fr"}, {"query": "lumière", "languages": ["fr"]}):
        assert api.post("/keywords/preview", values).json["count"] == 2
        assert api.post("/keywords", values).json["mentions"] == 2
        assert api.post("/keywords/preview", values).json["count"] == 2  # now of mentions


def test_a_keyword_that_hears_other_things_again_looks_at_what_came_meanwhile(
    api: Api, brand: dict[str, Any], listening: Runtime, feeds: FeedServer, at: datetime
) -> None:
    keyword = api.post("/keywords", {"query": "lumière", "languages": ["en"]}).json
    path = f"/keywords/{keyword['id']}"
    said = [Said("Le Café Lumière ouvre une nouvelle terrasse au soleil à Lyon", url="https://j.example/1", at=at)]
    api.post("/sources", {"kind": "feed", "params": {"url": feeds.feed("/rss", said)}, "take": "matching"})
    poll_due(listening, kinds=("feed",))
    assert api.get(path).json["mentions"] == 0
    assert api.patch(path, {"languages": [], "paused": True, "version": 1}).json["mentions"] == 0
    assert api.patch(path, {"paused": False, "version": 2}).json["mentions"] == 1
    other = api.post("/keywords", {"query": "terrasse", "languages": ["en"]}).json
    assert api.patch(f"/keywords/{other['id']}", {"languages": ["fr"], "version": 1}).json["mentions"] == 1
    third = api.post("/keywords", {"query": "soleil -lumière"}).json
    api.delete(f"/keywords/{third['id']}")
    more = [Said("Un soleil de plomb sur la place de la mairie", url="https://j.example/2", at=at), *said]
    feeds.feed("/rss2", more)
    api.post("/sources", {"kind": "feed", "params": {"url": f"{feeds.url}/rss2"}, "take": "matching"})
    poll_due(listening, kinds=("feed",))
    assert api.post(f"/keywords/{third['id']}/restore").json["mentions"] == 1


def test_roles_hold_for_keywords(api: Api, brand: dict[str, Any]) -> None:
    keyword = api.post("/keywords", {"query": "lumière"}).json
    viewer, contributor = api.as_role("viewer", brand), api.as_role("contributor", brand)
    assert viewer.get("/keywords").json["items"][0]["id"] == keyword["id"]
    assert viewer.post("/keywords/preview", {"query": "x"}).status == 200
    assert contributor.post("/keywords", {"query": "x"}).status == 403
    assert contributor.delete(f"/keywords/{keyword['id']}").status == 403
    stranger = api.as_role("owner", None, "Charlie")
    assert stranger.get(f"/keywords/{keyword['id']}").status == 404


def test_another_language_of_the_brand_asks_in_other_editions(api: Api, brand: dict[str, Any]) -> None:
    keyword = api.post("/keywords", {"query": '"café lumière"'}).json
    api.patch(f"/brands/{brand['id']}", {"languages": ["fr"], "countries": ["FR", "BE"], "version": brand["version"]})
    urls = [source["feed_url"] for source in api.get("/sources").json["items"] if source["kind"] == "googlenews"]
    assert ["ceid=BE%3Afr" in url or "ceid=FR%3Afr" in url for url in urls] == [True, True]
    kinds = [source["kind"] for source in api.get(f"/keywords/{keyword['id']}").json["sources"]]
    assert (kinds.count("googlenews"), kinds.count("bingnews"), kinds.count("wikipedia")) == (2, 2, 1)


def test_a_new_keyword_says_how_many_mentions_it_has_at_once_also_those_that_were_there(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    said = [Said("Regates du port", url="https://port.example/1"), Said("Le marche", url="https://port.example/2")]
    api.post("/sources", {"url": feeds.feed("/port", said)})
    poll_due(sqlite_runtime)
    assert len(api.get("/mentions").json["items"]) == 2
    assert api.post("/keywords", {"query": "regates"}).json["mentions"] == 1


def test_a_preview_says_what_of_the_query_a_place_cannot_be_asked(
    api: Api, brand: dict[str, Any], feeds: FeedServer
) -> None:
    found = api.post("/keywords/preview", {"query": "regates title:port", "live": True}).json
    asked = {one["kind"]: one["left_out"] for one in found["asked"]}
    assert asked["hackernews"] == ["title:port"]
    many = " OR ".join(f"mot{n}" for n in range(17))
    found = api.post("/keywords/preview", {"query": many, "live": True}).json
    asked = {one["kind"]: one["too_many"] for one in found["asked"]}
    assert (asked["hackernews"], asked["stackexchange"]) == ([], ["mot15", "mot16"])
