"""Webhooks: an address is made, programs post to it, mentions come of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from backend.infra.runtime import Runtime
from backend.listening.models import Feed, Webhook
from backend.listening.webhooks import MAX_BYTES, RATE, sign
from tests.factories import Answer, Api, make_token
from tests.unit.listening.make import poll_due


@pytest.fixture
def hook(api: Api, brand: dict[str, Any]) -> dict[str, Any]:
    source = api.post("/sources", {"kind": "webhook", "name": "Avis"}).json
    address = api.post(f"/sources/{source['id']}/hook")
    assert address.status == 201, address.json
    return {**source, **address.json, "path": address.json["url"].partition("/-/hook/")[2]}


def deliver(api: Api, hook: dict[str, Any], value: Any, **headers: str) -> Answer:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    kind = headers.pop("content_type", "application/json")
    named = {name.replace("_", "-"): said for name, said in headers.items()}
    return Api(api.app, None).call("POST", f"/-/hook/{hook['path']}", data=body, content_type=kind, headers=named)


def test_a_delivery_becomes_mentions_once(api: Api, hook: dict[str, Any], sqlite_runtime: Runtime, clock: Any) -> None:
    assert (hook["kind"], hook["take"], hook["next_poll_at"]) == ("webhook", "all", None)
    said = [{"id": 1, "title": "Un", "url": "https://avis.example/1", "author": "Maud"}, {"text": "Bon café"}, {}]
    first = deliver(api, hook, said)
    assert (first.status, first.json) == (
        200,
        {"taken": 2, "known": 0, "refused": [{"index": 2, "why": "nothing_said"}]},
    )
    again = deliver(api, hook, [{"id": 1, "title": "Un, corrigé"}, {"text": "Bon café"}])
    assert again.json == {"taken": 0, "known": 2, "refused": []}
    mentions = {one["title"] or one["text"]: one for one in api.get("/mentions").json["items"]}
    assert set(mentions) == {"Un", "Bon café"}
    assert (mentions["Un"]["author"], mentions["Un"]["source_kind"]) == ("Maud", "webhook")
    clock.forward(days=3)
    assert poll_due(sqlite_runtime) == 0  # it comes by itself
    source = api.get(f"/sources/{hook['id']}").json
    assert (source["last_polled_at"], source["last_error"], source["next_poll_at"]) == (
        "2026-11-23T09:00:00.000Z", "", None,
    )  # fmt: skip
    assert api.post(f"/sources/{hook['id']}/poll").json["next_poll_at"] is None
    facts = api.get(f"/sources/{hook['id']}/hook").json
    assert (facts["taken"], facts["signed"]) == (2, False)


def test_keywords_choose_where_the_source_takes_what_matches(api: Api, hook: dict[str, Any]) -> None:
    api.post("/keywords", {"name": "café", "query": "café"})
    api.call("PATCH", f"/sources/{hook['id']}", {"version": hook["version"], "take": "matching"})
    assert deliver(api, hook, [{"text": "Un bon café"}, {"text": "Un bon thé"}]).json["taken"] == 2
    (mention,) = api.get("/mentions").json["items"]
    assert (mention["text"], [one["name"] for one in mention["keywords"]]) == ("Un bon café", ["café"])


def test_the_address_is_told_once_and_a_new_one_ends_the_old(
    api: Api, hook: dict[str, Any], sqlite_runtime: Runtime
) -> None:
    with sqlite_runtime.db.read() as session:
        row = session.scalars(select(Webhook)).one()
        feed = session.get_one(Feed, row.feed_id)
        assert hook["path"] not in f"{row.secret_hash} {row.signing} {feed.params} {feed.address}"
    assert hook["path"] not in api.get(f"/sources/{hook['id']}").data.decode()
    renewed = api.post(f"/sources/{hook['id']}/hook").json
    assert deliver(api, hook, {"text": "old"}).status == 404
    new = {**hook, "path": renewed["url"].partition("/-/hook/")[2]}
    assert deliver(api, new, {"text": "new"}).json["taken"] == 1
    api.call("DELETE", f"/sources/{hook['id']}")
    assert deliver(api, new, {"text": "gone"}).status == 404
    assert deliver(api, {"path": "x" * 43}, {"text": "none"}).status == 404


def test_a_signed_address_takes_what_is_signed(api: Api, hook: dict[str, Any]) -> None:
    renewed = api.post(f"/sources/{hook['id']}/hook", {"sign": True}).json
    hook = {**hook, "path": renewed["url"].partition("/-/hook/")[2]}
    body = json.dumps({"text": "Signé"}).encode()
    assert api.get(f"/sources/{hook['id']}/hook").json["signed"] is True
    for signature in ("", "sha256=00", sign("another key", body), sign(renewed["signing_key"], body + b" "), "é"):
        answer = deliver(api, hook, body, X_Hub_Signature_256=signature)
        assert (answer.status, answer.json["error"]["code"]) == (401, "bad_signature")
    good = sign(renewed["signing_key"], body)
    assert deliver(api, hook, body, X_Hub_Signature_256=good).json["taken"] == 1
    assert deliver(api, hook, body, X_Signature=good).json["known"] == 1


def test_too_much_and_too_many_are_refused(api: Api, hook: dict[str, Any], clock: Any) -> None:
    assert deliver(api, hook, b'{"text": "' + b"x" * MAX_BYTES + b'"}').status == 413
    assert deliver(api, hook, b"{").json["error"]["code"] == "bad_delivery"
    assert deliver(api, hook, [{}]).status == 422
    for number in range(int(RATE.burst) - 2):
        assert deliver(api, hook, {"id": number, "text": "x"}).status == 200
    late = deliver(api, hook, {"text": "y"})
    assert (late.status, late.headers["Retry-After"]) == (429, "2")
    clock.forward(seconds=2)
    assert deliver(api, hook, {"text": "y"}).status == 200


def test_nobody_makes_an_address_for_what_is_not_theirs(
    api: Api, hook: dict[str, Any], app: Any, sqlite_runtime: Runtime
) -> None:
    with sqlite_runtime.db.read() as session:
        drawn = session.scalars(select(Feed.params)).one()["hook"]
    taken = api.post("/sources", {"kind": "webhook", "params": {"hook": drawn}})
    assert (taken.status, list(taken.json["error"]["fields"])) == (422, ["params.hook"])
    viewer = Api(app, make_token(app, "viewer"))
    assert viewer.post(f"/sources/{hook['id']}/hook").status == 403
    assert viewer.get(f"/sources/{hook['id']}/hook").status == 200
    page = api.post("/sources", {"kind": "watch", "params": {"url": "https://cafe.example/"}}).json
    assert api.post(f"/sources/{page['id']}/hook").json["error"]["code"] == "no_hook"
    kinds = {one["kind"]: one for one in api.get("/sources/kinds").json["items"]}
    assert (kinds["webhook"]["params"], kinds["webhook"]["needs"]) == ([], [])
