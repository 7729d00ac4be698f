"""`/replies` over HTTP: the whole life of a saved reply, roles, and bad input."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import Api

Brand = dict[str, Any]


def save(api: Api, brand: Brand, text: str = "Merci, à bientôt.", **values: Any) -> dict[str, Any]:
    made = api.post("/replies", {"brand_id": brand["id"], "text": text, **values})
    assert made.status == 201, made.json
    return dict(made.json)


def test_a_reply_is_saved_listed_changed_removed_and_brought_back(api: Api, brand: Brand) -> None:
    reply = save(api, brand, "Nous sommes ouverts le lundi et le mardi.", shortcut="/horaires", tags=["heures"])
    assert reply == {
        "id": reply["id"],
        "brand_id": brand["id"],
        "title": "Nous sommes ouverts le lundi et le mardi.",
        "shortcut": "horaires",
        "text": "Nous sommes ouverts le lundi et le mardi.",
        "language": "fr",
        "tags": ["heures"],
        "uses": 0,
        "version": 1,
        "created_at": "2026-11-23T09:00:00.000Z",
        "updated_at": "2026-11-23T09:00:00.000Z",
        "used_at": None,
    }
    assert api.get(f"/replies?brand_id={brand['id']}&q=HEUR").json == {"items": [reply], "next_cursor": None}
    assert api.get("/replies?q=absent").json["items"] == []
    assert api.get("/replies?language=en").json["items"] == []

    changed = api.patch(f"/replies/{reply['id']}", {"title": "Horaires", "version": 1})
    assert (changed.status, changed.json["version"], changed.json["text"]) == (200, 2, reply["text"])
    stale = api.patch(f"/replies/{reply['id']}", {"title": "Autre", "version": 1})
    assert (stale.status, stale.json["error"]["current"]) == (409, changed.json)

    assert api.delete(f"/replies/{reply['id']}").status == 200
    assert api.get(f"/replies/{reply['id']}").status == 404
    assert api.get("/replies").json["items"] == []
    back = api.post(f"/replies/{reply['id']}/restore")
    assert (back.status, back.json["title"]) == (200, "Horaires")
    assert [item["id"] for item in api.get("/replies").json["items"]] == [reply["id"]]


def test_pages_follow_each_other_without_gap_or_repeat(api: Api, brand: Brand) -> None:
    saved = [save(api, brand, f"Réponse {number}")["id"] for number in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = api.get(f"/replies?limit=2{cursor}").json
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == saved


def test_starters_come_in_the_languages_and_address_of_the_brand_once(api: Api, brand: Brand) -> None:
    made = api.post("/replies/starters", {"brand_id": brand["id"]})
    assert made.status == 201
    assert {item["language"] for item in made.json["items"]} == {"fr", "en"}
    assert len(made.json["items"]) >= 24
    assert api.post("/replies/starters", {"languages": ["fr"], "address": "tu"}).json["items"] == []


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "text"),
        ({"text": ""}, 422, "text"),
        ({"text": 3}, 422, "text"),
        ({"text": "Merci", "colour": "red"}, 422, "colour"),
        ({"text": "Merci", "tags": "a"}, 422, "tags"),
        ({"text": "Merci", "shortcut": "a b"}, 422, "shortcut"),
        ({"text": "Bonjour {{prenom}}"}, 422, "text"),
        ({"text": "Merci", "brand_id": "999"}, 404, None),
        ({"text": "Merci", "brand_id": "abc"}, 404, None),
    ],
)
def test_bad_input_is_answered_in_the_one_shape(
    api: Api, brand: Brand, body: dict[str, Any], status: int, field: str | None
) -> None:
    answer = api.post("/replies", body)
    assert answer.status == status, answer.json
    if field:
        assert field in answer.json["error"]["fields"]


def test_an_unknown_variable_is_named(api: Api, brand: Brand) -> None:
    error = api.post("/replies", {"text": "Bonjour {{prenom}}"}).json["error"]
    assert (error["code"], error["variable"]) == ("variable", "{{prenom}}")


def test_a_cursor_of_somebody_else_is_refused(api: Api, brand: Brand) -> None:
    for cursor in ("x", "W10", "WyJhIiwiYiJd", "WzFlMzAwLDFd", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OSwxXQ"):
        assert api.get(f"/replies?cursor={cursor}").status == 400, cursor


def test_the_same_key_saves_once(api: Api, brand: Brand) -> None:
    key = {"Idempotency-Key": "k1"}
    first = api.post("/replies", {"text": "Merci"}, headers=key)
    assert api.post("/replies", {"text": "Merci"}, headers=key).json == first.json
    assert len(api.get("/replies").json["items"]) == 1


def test_roles_and_strangers(api: Api, brand: Brand) -> None:
    reply = save(api, brand)
    viewer, stranger = api.as_role("viewer", brand), api.as_role("owner", None)
    one = f"/replies/{reply['id']}"
    assert viewer.get(one).status == 200
    for answer in (
        viewer.post("/replies", {"brand_id": brand["id"], "text": "x"}),
        viewer.patch(one, {"text": "x", "version": 1}),
        viewer.delete(one),
        viewer.post(f"{one}/restore"),
        viewer.post("/replies/starters", {"brand_id": brand["id"]}),
    ):
        assert answer.status == 403
    for answer in (
        stranger.get(one),
        stranger.patch(one, {"text": "x", "version": 1}),
        stranger.delete(one),
        stranger.post(f"{one}/restore"),
        stranger.post("/replies", {"brand_id": brand["id"], "text": "x"}),
    ):
        assert answer.status == 404
    assert stranger.get("/replies").json["items"] == []
    assert api.anybody().get(one).status == 401
    assert api.get(one).json["version"] == 1
