"""`/searches` over HTTP, and what saved searches find."""

from __future__ import annotations

from typing import Any

from backend.inbox.search import matches
from backend.inbox.searches import filter_of, read_search
from tests.api.test_mentions_api import save
from tests.factories import Api, runtime_of

COMPLAINTS = {"name": "Waiting", "query": "attente -merci", "filters": {"status": "new,open", "network": "mastodon"}}


def test_a_search_is_saved_renamed_moved_removed_and_brought_back(api: Api, brand: dict[str, Any]) -> None:
    first = api.post("/searches", COMPLAINTS).json
    second = api.post("/searches", {"name": "  All\nof it ", "query": "café"}).json
    assert (first["filters"], second["name"]) == (COMPLAINTS["filters"], "All of it")
    changed = api.patch(f"/searches/{second['id']}", {"name": "Cafés", "position": 0, "version": 1}).json
    assert (changed["name"], changed["query"], changed["version"]) == ("Cafés", "café", 2)
    api.patch(f"/searches/{first['id']}", {"position": 1, "version": 1})
    assert [one["name"] for one in api.get("/searches").json["items"]] == ["Cafés", "Waiting"]
    assert api.patch(f"/searches/{second['id']}", {"name": "x", "version": 1}).json["error"]["current"] == changed
    assert api.delete(f"/searches/{second['id']}").status == 200
    assert api.get(f"/searches/{second['id']}").status == 404
    assert api.post(f"/searches/{second['id']}/restore").json["name"] == "Cafés"
    assert len(api.get("/searches").json["items"]) == 2


def test_a_search_that_cannot_be_read_or_says_nothing_is_not_saved(api: Api, brand: dict[str, Any]) -> None:
    assert api.post("/searches", {"name": "x", "query": '"café'}).json["error"]["code"] == "query_syntax"
    assert api.post("/searches", {"name": "x"}).status == 422
    assert api.post("/searches", {"name": " ", "query": "café"}).status == 422
    assert api.post("/searches", {"name": "x", "filters": {"colour": "red"}}).status == 422
    assert api.post("/searches", {"name": "x", "filters": {"status": "lost"}}).status == 422
    for name, value in (("sentiment", "angry"), ("intent", "poetry"), ("about_us", "yes,perhaps")):
        assert api.post("/searches", {"name": "x", "filters": {name: value}}).status == 422
    assert (
        api.post("/searches", {"name": "x", "filters": {"sentiment": "negative", "about_us": "yes,no"}}).status == 201
    )
    made = api.post("/searches", {"name": "x", "query": "café"}).json
    assert api.patch(f"/searches/{made['id']}", {"query": "", "version": 1}).status == 422


def test_searches_are_made_by_those_who_work_with_mentions(api: Api, brand: dict[str, Any]) -> None:
    made = api.post("/searches", COMPLAINTS).json
    bob = api.as_role("viewer", brand)
    assert bob.get("/searches").json["items"] == [made]
    assert bob.post("/searches", {**COMPLAINTS, "brand_id": brand["id"]}).status == 403
    assert bob.delete(f"/searches/{made['id']}").status == 403
    stranger = api.as_role("viewer", None, name="Charlie")
    assert stranger.get(f"/searches/{made['id']}").status in (403, 404)


def test_a_saved_search_says_of_single_mentions_whether_it_holds_them(api: Api, brand: dict[str, Any]) -> None:
    runtime = runtime_of(api.app)
    made = api.post("/searches", COMPLAINTS).json
    wanted = save(api)
    save(api, url="https://mastodon.example/@maud/2", text="Merci pour l’attente")
    save(api, url="https://forum.example/3", network="forum")
    with runtime.db.read() as session:
        asked = filter_of(read_search(session, int(made["id"])))
        assert matches(session, [1, 2, 3, 99], asked, now=runtime.clock()) == {int(wanted["id"])}
    api.patch(f"/mentions/{wanted['id']}", {"status": "done", "version": wanted["version"]})
    with runtime.db.read() as session:
        assert matches(session, [1, 2, 3], asked, now=runtime.clock()) == set()
