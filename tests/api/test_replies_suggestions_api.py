"""`/suggestions` over HTTP: what is offered under a post, and feedback."""

from __future__ import annotations

from typing import Any

import pytest

from backend.inbox.adding import add_mention
from backend.inbox.drafts import NewMention
from backend.infra.runtime import Runtime
from tests.api.test_links_public import signer, with_public_url
from tests.factories import Api, runtime_of

Brand = dict[str, Any]


@pytest.fixture
def starters(api: Api, brand: Brand) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.post("/replies/starters", {"brand_id": brand["id"]}).json["items"]
    return items


def test_a_post_gets_the_reply_that_fits_filled_in(api: Api, brand: Brand, starters: list[dict[str, Any]]) -> None:
    answer = api.post(
        "/suggestions",
        {
            "text": "Bonjour @cafelumiere, quels sont vos horaires le dimanche ?",
            "author": "Camille Durand",
            "url": "https://social.example/@camille/1",
            "network": "mastodon",
        },
    )
    assert answer.status == 201
    assert (answer.json["language"], answer.json["nothing_fits"]) == ("fr", False)
    first = answer.json["items"][0]
    assert first["title"] == "Horaires d’ouverture"
    assert first["text"].startswith("Bonjour Camille, nous sommes ouverts [jours et heures].")
    assert first["blanks"] == ["jours et heures"]
    assert first["origin"] == "saved"
    assert 0 < first["score"] <= 1
    assert first["because"] == {"code": "words", "words": ["horaires", "dimanche"], "uses": 0}
    assert first["why"] == "horaires, dimanche"
    assert 1 <= len(answer.json["items"]) <= 3


def test_a_link_in_a_reply_is_offered_clean_until_the_public_address_is_proved_then_short_and_one_for_all(
    sqlite_runtime: Runtime, brand: Brand
) -> None:
    asked = {"text": "Où est la carte des desserts ?", "author": "Camille Durand"}
    reply = {"brand_id": brand["id"], "text": "La carte des desserts : {{link:https://example.org/menu}}"}
    with with_public_url(sqlite_runtime, signer(sqlite_runtime.vault)) as (api, _runtime, server):
        api.post("/replies", reply)
        assert api.post("/suggestions", asked).json["items"][0]["text"].endswith(": https://example.org/menu")
        assert api.get("/links").json["items"] == []
        api.post("/public-address/check")
        first, second = (api.post("/suggestions", asked).json["items"][0]["text"] for _ in range(2))
        [link] = api.get("/links").json["items"]
        assert first == second == f"La carte des desserts : {server.url}{link['code']}"
        assert link["url"] == "https://example.org/menu"


def test_where_nothing_fits_it_says_so(api: Api, brand: Brand, starters: list[dict[str, Any]]) -> None:
    answer = api.post("/suggestions", {"text": "Le temps est magnifique à Lyon", "author": "x"}).json
    assert (answer["nothing_fits"], answer["items"]) == (True, [])
    assert answer["id"]


def test_asking_changes_nothing_but_its_own_log(api: Api, brand: Brand, starters: list[dict[str, Any]]) -> None:
    before = api.get("/replies?limit=200").json, api.get("/changes?after=0").json["last"]
    api.post("/suggestions", {"text": "Vos horaires ?", "language": "fr-FR"})
    assert (api.get("/replies?limit=200").json, api.get("/changes?after=0").json["last"]) == before


def test_inserting_is_counted_once_and_heard_of(api: Api, brand: Brand, starters: list[dict[str, Any]]) -> None:
    asked = api.post("/suggestions", {"text": "Vos horaires le dimanche ?"}).json
    reply_id = asked["items"][0]["reply_id"]
    path = f"/suggestions/{asked['id']}/feedback"
    for outcome in ("inserted", "inserted", "edited", "sent"):
        assert api.post(path, {"reply_id": reply_id, "outcome": outcome, "final_text": "Oui"}).status == 200
    assert api.get(f"/replies/{reply_id}").json["uses"] == 1
    assert api.get("/replies").json["items"][0]["id"] == reply_id
    again = api.post("/suggestions", {"text": "Vos horaires le dimanche ?"}).json["items"][0]
    assert again["because"]["uses"] == 1


def test_replies_can_be_searched_by_hand_and_come_filled(
    api: Api, brand: Brand, starters: list[dict[str, Any]]
) -> None:
    answer = api.post("/suggestions", {"text": "Mon chat dort", "author": "Zoé", "query": "rembours"}).json
    assert [item["because"]["code"] for item in answer["items"]] == ["searched"]
    assert answer["items"][0]["text"].startswith("Bonjour Zoé,")
    feedback = {"reply_id": answer["items"][0]["reply_id"], "outcome": "inserted"}
    assert api.post(f"/suggestions/{answer['id']}/feedback", feedback).status == 200


def save_mention(api: Api, brand: Brand, text: str) -> str:
    runtime = runtime_of(api.app)
    item = NewMention(url="https://social.example/@zoe/7", text=text, author="Zoé Martin", network="mastodon")
    with runtime.db.write() as session:
        mention, _created = add_mention(session, int(brand["id"]), item, now=runtime.clock())
        return str(mention.id)


def test_a_mention_of_the_inbox_can_be_named_instead_of_its_text(
    api: Api, brand: Brand, starters: list[dict[str, Any]]
) -> None:
    mention_id = save_mention(api, brand, "Bonjour, quels sont vos horaires le dimanche ?")
    answer = api.post("/suggestions", {"mention_id": mention_id})
    assert (answer.status, answer.json["language"]) == (201, "fr")
    assert answer.json["items"][0]["text"].startswith("Bonjour Zoé, nous sommes ouverts")
    other = api.post("/suggestions", {"mention_id": mention_id, "text": "I lost my scarf", "author": "Ann"}).json
    assert other["items"][0]["title"] == "Lost item"
    assert api.as_role("owner", None).post("/suggestions", {"mention_id": mention_id}).status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": "   "}, 422),
        ({"text": "x", "limit": 0}, 422),
        ({"text": "x", "language": "français"}, 422),
        ({"text": "x", "surprise": 1}, 422),
        ({"mention_id": "999"}, 404),
        ({"mention_id": "abc"}, 404),
        ({"text": "x", "brand_id": "999"}, 404),
        ({"text": "Mer\u0000ci", "url": "\u0000", "author": "\u0000", "network": "\u0000"}, 201),
        ({"text": "\ud800"}, 422),
        ({"text": "horaires " * 10_000}, 201),
    ],
)
def test_bad_questions_are_answered_in_the_one_shape(
    api: Api, brand: Brand, starters: list[dict[str, Any]], body: dict[str, Any], status: int
) -> None:
    assert api.post("/suggestions", body).status == status


def test_feedback_needs_a_known_reply_outcome_and_suggestion(
    api: Api, brand: Brand, starters: list[dict[str, Any]]
) -> None:
    asked = api.post("/suggestions", {"text": "Vos horaires ?"}).json
    path, reply_id = f"/suggestions/{asked['id']}/feedback", starters[0]["id"]
    assert api.post(path, {"reply_id": reply_id, "outcome": "loved"}).status == 422
    assert api.post(path, {"outcome": "sent"}).status == 422
    assert api.post(path, {"reply_id": "99999", "outcome": "sent"}).status == 422
    assert api.post(path, {"reply_id": "abc", "outcome": "sent"}).status == 404
    assert api.post("/suggestions/99999/feedback", {"reply_id": reply_id, "outcome": "sent"}).status == 404


def test_who_may_ask(api: Api, brand: Brand, starters: list[dict[str, Any]]) -> None:
    body = {"brand_id": brand["id"], "text": "Vos horaires ?"}
    asked = api.as_role("contributor", brand).post("/suggestions", body)
    assert asked.status == 201
    path = f"/suggestions/{asked.json['id']}/feedback"
    said = {"reply_id": starters[0]["id"], "outcome": "sent"}
    assert api.as_role("viewer", brand).post("/suggestions", body).status == 403
    assert api.as_role("viewer", brand, "Eve").post(path, said).status == 403
    assert api.as_role("owner", None, "Charlie").post("/suggestions", body).status == 404
    assert api.as_role("owner", None, "Dora").post(path, said).status == 404
    assert api.anybody().post("/suggestions", body).status == 401
