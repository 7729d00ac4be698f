"""Pages without a feed over the API: previewed, listened to, polled into mentions."""

from __future__ import annotations

from typing import Any

import pytest

from backend.infra.runtime import Runtime
from tests.connectors.page.pages import SCRIPTS, blog
from tests.connectors.page.test_pages_over_http import HTML
from tests.connectors.page.ways import as_json, way_to
from tests.factories import Api, make_token
from tests.peers.feeds import FeedServer
from tests.unit.listening.make import poll_due


def clicks_on(page: str, selector: str) -> list[Any]:
    from backend.connectors.page.recipe import pick
    from backend.connectors.page.tree import parse_page

    return [as_json(way_to(one)) for one in pick(parse_page(page.encode()), selector)[:2]]


def test_two_clicks_become_a_source_whose_items_are_mentions(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    page = blog("Un avis sur le café", "Deux tartes", "Trois fois rien")
    url = feeds.put("/blog", page, content_type=HTML)
    seen = api.post("/sources/page/preview", {"url": url, "clicks": clicks_on(page, "h2 a")})
    assert seen.status == 200, seen.json
    assert [one["title"] for one in seen.json["items"]] == ["Un avis sur le café", "Deux tartes", "Trois fois rien"]
    assert (seen.json["count"], seen.json["picked"], seen.json["reasons"]) == (3, 3, [])
    recipe = seen.json["recipe"]
    again = api.post("/sources/page/preview", {"url": url, "recipe": recipe}).json
    assert again["items"] == seen.json["items"]
    params = {"url": url, **{name: value for name, value in recipe.items() if value}}
    made = api.post("/sources", {"kind": "page", "params": params, "take": "all", "name": "Le blog"})
    assert made.status == 201, made.json
    assert (made.json["kind"], made.json["purpose"], made.json["feed_url"]) == ("page", "page", url)
    poll_due(sqlite_runtime)
    mentions = api.get("/mentions").json["items"]
    assert {one["title"] for one in mentions} == {"Un avis sur le café", "Deux tartes", "Trois fois rien"}
    assert {one["source_kind"] for one in mentions} == {"page"}
    polled = api.get(f"/sources/{made.json['id']}").json
    assert (polled["last_error"], polled["state"]) == ("", "ok")


def test_a_watched_page_becomes_mentions_of_its_changes(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime, clock: Any
) -> None:
    url = feeds.put("/carte", "<title>Carte</title><p>Soupe : 4,50 €</p>", content_type=HTML)
    seen = api.post("/sources/watch/preview", {"url": url}).json
    assert (seen["lines"], seen["restless"], seen["title"]) == (["Soupe : 4,50 €"], [], "Carte")
    made = api.post("/sources", {"kind": "watch", "params": {"url": url}})
    assert (made.status, made.json["take"]) == (201, "all"), made.json
    poll_due(sqlite_runtime)
    assert api.get("/mentions").json["items"] == []
    for price in ("5,20", "4,50"):
        feeds.put("/carte", f"<title>Carte</title><p>Soupe : {price} €</p>", content_type=HTML)
        clock.forward(hours=5)
        assert poll_due(sqlite_runtime) == 0  # every six hours, unless said otherwise
        clock.forward(hours=2)
        poll_due(sqlite_runtime)
    mentions = api.get("/mentions").json["items"]
    assert {one["text"] for one in mentions} == {
        "− Soupe : 4,50 €\n+ Soupe : 5,20 €",
        "− Soupe : 5,20 €\n+ Soupe : 4,50 €",
    }


def test_what_robots_may_not_read_is_refused_and_said(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    feeds.put("/robots.txt", "User-agent: *\nDisallow: /", content_type="text/plain")
    url = feeds.put("/blog", blog("Un"), content_type=HTML)
    answer = api.post("/sources/page/preview", {"url": url, "recipe": {"item": "article"}})
    assert (answer.status, answer.json["error"]["code"]) == (422, "robots")
    made = api.post("/sources", {"kind": "page", "params": {"url": url, "item": "article"}}).json
    poll_due(sqlite_runtime)
    assert api.get(f"/sources/{made['id']}").json["last_error"] == "robots"
    assert feeds.asked("/blog") == []


@pytest.mark.parametrize(
    ("body", "code"),
    [(SCRIPTS, "script_page"), (blog("Un"), "nothing_picked"), ("<ul><li></li></ul>" + "mot " * 40, "no_titles")],
)
def test_a_preview_that_finds_nothing_says_why(
    api: Api, brand: dict[str, Any], feeds: FeedServer, body: str, code: str
) -> None:
    url = feeds.put("/page", body, content_type=HTML)
    item = "li" if code == "no_titles" else "article.none"
    seen = api.post("/sources/page/preview", {"url": url, "recipe": {"item": item}})
    assert (seen.status, seen.json["items"]) == (200, [])
    assert [one["code"] for one in seen.json["reasons"]] == [code]


def test_what_cannot_be_meant_is_refused_with_its_field(api: Api, brand: dict[str, Any], app: Any) -> None:
    url = "https://cafe.example/"
    for body, field in (
        ({"url": "file:///etc/passwd", "recipe": {"item": "p"}}, "url"),
        ({"url": url, "recipe": {"item": "p["}}, "recipe.item"),
        ({"url": url, "recipe": {"item": "p", "title": "a >"}}, "recipe.title"),
        ({"url": url}, "_schema"),
        ({"url": url, "recipe": {"item": "p"}, "clicks": [[{"tag": "p"}], [{"tag": "p"}]]}, "_schema"),
        ({"url": url, "clicks": [[{"tag": "p"}]]}, "clicks"),
        ({"url": url, "clicks": [[{"tag": "P<"}], [{"tag": "p"}]]}, "clicks.0.0.tag"),
    ):
        answer = api.post("/sources/page/preview", body)
        assert answer.status == 422, (body, answer.json)
        assert field in answer.json["error"]["fields"] or field == "_schema", answer.json
    answer = api.post("/sources", {"kind": "page", "params": {"url": url, "item": "p["}})
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, ["params.item"])
    viewer = Api(app, make_token(app, "viewer"))
    assert viewer.post("/sources/page/preview", {"url": url, "recipe": {"item": "p"}}).status == 403
    assert viewer.post("/sources/watch/preview", {"url": url}).status == 403


def test_a_list_that_was_built_anew_is_picked_again(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime, clock: Any
) -> None:
    url = feeds.put("/blog", blog("Un", "Deux"), content_type=HTML)
    made = api.post("/sources", {"kind": "page", "params": {"url": url, "item": "article.post"}, "take": "all"}).json
    assert made["params"] == {"url": url, "item": "article.post"}
    poll_due(sqlite_runtime)
    feeds.put("/blog", blog("Un", "Deux", "Trois").replace("article", "section"), content_type=HTML)
    clock.forward(hours=7)
    poll_due(sqlite_runtime)
    where = f"/sources/{made['id']}"
    assert api.get(where).json["last_error"] == "nothing_picked"
    wrong = api.call("PATCH", where, {"version": 1, "params": {"url": url, "item": "section["}})
    assert (wrong.status, list(wrong.json["error"]["fields"])) == (422, ["params.item"])
    mended = api.call("PATCH", where, {"version": 1, "params": {"url": url, "item": "section.post"}})
    assert (mended.status, mended.json["params"]["item"], mended.json["id"]) == (200, "section.post", made["id"])
    poll_due(sqlite_runtime)
    assert api.get(where).json["last_error"] == ""
    assert len(api.get("/mentions").json["items"]) == 3  # those that were there are what they were


def test_what_comes_with_a_keyword_is_not_pointed_elsewhere(api: Api, brand: dict[str, Any]) -> None:
    api.post("/keywords", {"name": "café", "query": "café"})
    source = next(one for one in api.get("/sources").json["items"] if one["keyword_id"])
    answer = api.call("PATCH", f"/sources/{source['id']}", {"version": source["version"], "params": {"query": "x"}})
    assert (answer.status, answer.json["error"]["code"]) == (422, "not_its_own")


def test_a_page_is_watched_as_often_as_a_person_says(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    url = feeds.put("/carte", "<p>Soupe du jour</p>", content_type=HTML)
    for hours in ("1", "24"):
        params = {"url": url, "hours": hours}
        made = api.post("/sources", {"kind": "watch", "params": params}).json
        poll_due(sqlite_runtime)
        assert api.get(f"/sources/{made['id']}").json["interval_s"] == int(hours) * 3600
    refused = api.post("/sources", {"kind": "watch", "params": {"url": url, "hours": "2"}})
    assert (refused.status, list(refused.json["error"]["fields"])) == (422, ["params.hours"])
