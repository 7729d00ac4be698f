"""`/round` over HTTP: the list, visits, what is collected and taken back, who may do what, and what is heard by it."""

from __future__ import annotations

from typing import Any

from tests.conftest import Clock
from tests.factories import Api

PAGE = {"url": "https://www.instagram.com/cafelumiere/", "name": "Instagram: @cafelumiere"}
POST = {"url": "https://www.instagram.com/p/1/", "network": "instagram", "author": "maud", "text": "Très bon café"}


def posts(*numbers: int) -> list[dict[str, str]]:
    return [{**POST, "url": f"https://www.instagram.com/p/{n}/", "text": f"Message {n}"} for n in numbers]


def collect(api: Api, page: dict[str, Any], *numbers: int, visit: str = "v1", act: str = "a1", **more: Any) -> Any:
    body = {"visit": visit, "act": act, "posts": posts(*numbers)}
    return api.post(f"/round/{page['id']}/collect", body, **more)


def test_a_page_is_added_renamed_moved_removed_and_brought_back(api: Api, brand: dict[str, Any]) -> None:
    first = api.post("/round", PAGE)
    assert first.status == 201
    assert first.json["network"] == "instagram"
    assert (first.json["left"], first.json["last_visited_at"], first.json["per_visit"]) == (True, None, 0.0)
    second = api.post("/round", {"url": "forum.example/t/1"}).json
    assert (second["url"], second["name"], second["network"]) == ("https://forum.example/t/1", "forum.example", "web")
    assert api.post("/round", PAGE).json["id"] == first.json["id"], "the same page once"
    path = f"/round/{second['id']}"
    changed = api.patch(path, {"name": " The\nforum ", "remind_days": 0, "version": 1}).json
    assert (changed["name"], changed["remind_days"], changed["version"]) == ("The forum", 0, 2)
    assert api.patch(path, {"name": "x", "version": 1}).json["error"]["current"] == changed
    assert api.patch(path, {"url": PAGE["url"], "version": 2}).json["error"]["code"] == "page_there"
    assert api.patch(path, {"remind_days": 400, "version": 2}).status == 422
    ordered = api.post("/round/order", {"ids": [second["id"], first.json["id"]]}).json["items"]
    assert [one["id"] for one in ordered] == [second["id"], first.json["id"]]
    assert api.delete(path).status == 200
    assert api.get(path).status == 404
    assert [one["id"] for one in api.get("/round").json["items"]] == [first.json["id"]]
    assert api.post(f"{path}/restore").json["name"] == "The forum"
    assert [one["id"] for one in api.get("/round").json["items"]] == [second["id"], first.json["id"]]
    for wrong in ("javascript:alert(1)", "https://", "https://a b.example", ""):
        assert api.post("/round", {"url": wrong}).status == 422, wrong


def test_viewers_read_contributors_visit_editors_change_the_list(api: Api, brand: dict[str, Any]) -> None:
    page = api.post("/round", PAGE).json
    path = f"/round/{page['id']}"
    viewer, contributor = api.as_role("viewer", brand), api.as_role("contributor", brand, name="Awa")
    editor, stranger = api.as_role("editor", brand, name="Ed"), api.as_role("viewer", None, name="Charlie")
    assert viewer.get("/round").json["items"][0]["id"] == page["id"]
    assert viewer.get("/round/offers").status == 200
    for refused in (
        collect(viewer, page, 1),
        viewer.post(f"{path}/visited", {"visit": "v"}),
        viewer.post(f"{path}/visited/undo", {"visit": "v"}),
        viewer.post(f"{path}/collect/undo", {"act": "a"}),
        contributor.post("/round", {"url": "https://a.example"}),
        contributor.patch(path, {"name": "x", "version": 1}),
        contributor.delete(path),
        contributor.post(f"{path}/restore"),
        contributor.post("/round/order", {"ids": []}),
    ):
        assert refused.status == 403, refused.json
    assert collect(contributor, page, 1).status == 200
    assert contributor.post(f"{path}/visited", {"visit": "v1"}).json["left"] is False
    assert editor.patch(path, {"name": "x", "version": 1}).status == 200
    assert stranger.get("/round").json["items"] == []
    for refused in (stranger.get(path), collect(stranger, page, 1), stranger.post(f"{path}/restore")):
        assert refused.status in (403, 404)


def test_seen_is_taken_back_and_what_was_collected_stays(api: Api, brand: dict[str, Any]) -> None:
    page = api.post("/round", {"url": "https://www.instagram.com/cafe/", "brand_id": brand["id"]}).json
    path = f"/round/{page['id']}"
    assert api.post(f"{path}/visited", {"visit": "w"}).json["left"] is False
    undone = api.post(f"{path}/visited/undo", {"visit": "w"})
    assert (undone.json["left"], undone.json["last_visited_at"]) == (True, None)
    assert api.post(f"{path}/visited/undo", {"visit": "never"}).status == 404
    assert collect(api, page, 2, visit="w").status == 200
    assert api.post(f"{path}/visited", {"visit": "w"}).json["left"] is False
    assert api.post(f"{path}/visited/undo", {"visit": "w"}).json["left"] is False, "it was visited: posts were taken"


def test_collecting_says_of_each_post_what_became_of_it_and_is_taken_back(
    api: Api, brand: dict[str, Any], clock: Clock
) -> None:
    api.post("/keywords", {"query": "message"})
    page = api.post("/round", PAGE).json
    saved = api.post("/mentions", posts(2)[0]).json
    clock.forward(hours=1)
    body = {"visit": "v1", "act": "a1", "posts": [*posts(1, 2, 3, 1), {"url": "mailto:x@y.example"}]}
    answer = api.post(f"/round/{page['id']}/collect", body)
    assert answer.status == 200
    told = [(one["outcome"], one["fresh"]) for one in answer.json["items"]]
    assert told == [("created", True), ("known", False), ("created", True), ("known", True), ("refused", False)]
    assert (answer.json["created"], answer.json["known"], answer.json["refused"]) == (2, 2, 1)
    assert answer.json["items"][1]["mention_id"] == saved["id"]
    now_so = answer.json["page"]
    assert (now_so["left"], now_so["visits"], now_so["last_posts"], now_so["last_fresh"]) == (False, 1, 3, 2)
    found = api.get("/mentions?source_kind=round").json["items"]
    assert {one["text"] for one in found} == {"Message 1", "Message 3"}
    assert all(one["keywords"][0]["highlights"] for one in found)
    assert (api.get("/status").json["round"], len(api.get("/mentions").json["items"])) == (
        {"pages": 1, "left": 0, "overdue": 0}, 3,
    )  # fmt: skip
    undone = api.post(f"/round/{page['id']}/collect/undo", {"act": "a1"}).json
    assert (undone["removed"], undone["kept"], undone["page"]["left"]) == (2, 0, True)
    assert [one["id"] for one in api.get("/mentions").json["items"]] == [saved["id"]]
    assert api.post(f"/round/{page['id']}/collect/undo", {"act": "a1"}).status == 404


def test_a_click_that_is_sent_twice_counts_once_with_and_without_a_key(api: Api, brand: dict[str, Any]) -> None:
    page = api.post("/round", PAGE).json
    key = {"Idempotency-Key": "k1"}
    first = collect(api, page, 1, 2, headers=key)
    assert collect(api, page, 1, 2, headers=key).json == first.json
    assert collect(api, page, 1, 2).json["created"] == 2, "told as it was, by its act"
    assert collect(api, page, 1, 2, act="a2").json["known"] == 2
    reused = collect(api, page, 3, headers=key)
    assert reused.json["error"]["code"] == "idempotency_key_reused"
    assert len(api.get("/mentions").json["items"]) == 2, "what was refused left nothing behind"


def test_hostile_posts_and_calls_break_nothing(api: Api, brand: dict[str, Any]) -> None:
    page = api.post("/round", PAGE).json
    hostile = [
        {
            "url": "https://a.example/1",
            "text": "\0<img src=x onerror=alert(1)>",
            "published_at": "0001-01-01T00:00:00Z",
        },
        {"url": "https://a.example/2", "text": "x" * 100_000, "published_at": "9999-12-31T23:59:59-14:00"},
        {"url": "https://a.example/3", "author": "\ud800", "network": "\u202e", "author_url": "data:text/html,x"},
        {"url": "//no.scheme", "text": "x"},
    ]
    answer = api.post(f"/round/{page['id']}/collect", {"visit": "v", "act": "a", "posts": hostile})
    assert answer.status in (200, 400, 422)
    if answer.status == 200:
        assert answer.json["refused"] == 1
    assert api.get("/mentions?limit=200").status == 200
    many = {"visit": "v", "act": "a", "posts": posts(*range(201))}
    assert api.post(f"/round/{page['id']}/collect", many).status == 422
    assert api.post(f"/round/{page['id']}/collect", {"visit": "", "act": "a", "posts": []}).status == 422
    assert api.post("/round/999/collect", {"visit": "v", "act": "a", "posts": []}).status == 404


def test_what_is_heard_by_the_round_is_said_so(api: Api, brand: dict[str, Any]) -> None:
    def asked(path: str = "/sources/kinds") -> dict[str, str]:
        return {kind["kind"]: kind["asked"] for kind in api.get(path).json["items"]}

    def in_preview() -> set[str]:
        preview = api.post("/keywords/preview", {"query": "café", "brand_id": brand["id"], "live": True}).json
        return {one["kind"] for one in preview["asked"] if one["round"]}

    assert (asked()["instagram"], asked()["feed"]) == ("cannot", "by itself")
    page = api.post("/round", PAGE).json
    other = api.post("/brands", {"name": "Autre"}).json
    assert asked(f"/sources/kinds?brand_id={brand['id']}")["instagram"] == "by the round"
    assert asked(f"/sources/kinds?brand_id={other['id']}")["instagram"] == "cannot"
    assert in_preview() == {"instagram"}
    api.delete(f"/round/{page['id']}")
    assert asked(f"/sources/kinds?brand_id={brand['id']}")["instagram"] == "cannot"


def test_offers_leave_out_what_is_in_the_round(api: Api, brand: dict[str, Any]) -> None:
    version = api.get(f"/brands/{brand['id']}").json["version"]
    api.patch(f"/brands/{brand['id']}", {"handles": {"instagram": "@cafelumiere"}, "version": version})
    offered = [one["url"] for one in api.get("/round/offers").json["items"]]
    assert PAGE["url"] in offered
    api.post("/round", PAGE)
    assert PAGE["url"] not in [one["url"] for one in api.get("/round/offers").json["items"]]
    found = api.get("/round/offers?term=brunch").json["items"]
    assert {one["what"] for one in found} >= {"search", "tag"}
    assert all("brunch" in one["url"] for one in found)
