from __future__ import annotations

from typing import Any

import pytest

from tests.factories import Api


def test_a_brand_is_made_read_changed_removed_and_restored(api: Api, brand: dict[str, Any]) -> None:
    where = f"/brands/{brand['id']}"
    assert api.get(where).json == brand
    changed = api.patch(where, {"version": 1, "address": "tu"})
    assert (changed.json["address"], changed.json["version"]) == ("tu", 2)
    assert api.delete(where).status == 200
    assert api.get("/brands").json["items"] == []
    assert api.get(where).status == 404
    assert api.post(where + "/restore").json["name"] == "Café Lumière"


def test_a_stale_change_answers_409_and_changes_nothing(api: Api, brand: dict[str, Any]) -> None:
    where = f"/brands/{brand['id']}"
    api.patch(where, {"version": 1, "voice": "warm"})
    stale = api.patch(where, {"version": 1, "voice": "cold"})
    assert stale.status == 409
    assert stale.json["error"]["current"]["voice"] == "warm"
    assert api.get(where).json["voice"] == "warm"


def test_the_same_idempotency_key_makes_one_brand(api: Api) -> None:
    key = {"Idempotency-Key": "k1"}
    first = api.post("/brands", {"name": "One"}, headers=key)
    again = api.post("/brands", {"name": "One"}, headers=key)
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert len(api.get("/brands").json["items"]) == 1
    other = api.post("/brands", {"name": "Two"}, headers=key)
    assert (other.status, other.json["error"]["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("contributor", 403), ("editor", 403), ("owner", 200)])
def test_only_an_owner_changes_a_brand(api: Api, brand: dict[str, Any], role: str, status: int) -> None:
    bob = api.as_role(role, brand)
    assert bob.get(f"/brands/{brand['id']}").status == 200
    assert bob.patch(f"/brands/{brand['id']}", {"version": 1, "voice": "x"}).status == status


def test_a_stranger_does_not_even_learn_that_a_brand_is_there(api: Api, brand: dict[str, Any]) -> None:
    charlie = api.as_role("viewer", None, name="Charlie")
    assert charlie.get(f"/brands/{brand['id']}").status == 404
    assert charlie.get("/brands").json["items"] == []
    assert charlie.get("/me").json["brands"] == []


def test_a_second_member_gets_a_link_and_logs_in_once(api: Api, brand: dict[str, Any]) -> None:
    made = api.post("/members", {"name": "Inès", "brand_roles": {brand["id"]: "editor"}})
    assert made.status == 201
    path = "/-/login/" + made.json["login_link"].rpartition("/")[2]
    browser = api.app.test_client()
    assert browser.get(path).status_code == 303
    me = browser.get("/api/v1/me").get_json()
    assert me["member"]["name"] == "Inès"
    assert [b["role"] for b in me["brands"]] == ["editor"]
    assert api.app.test_client().get(path).status_code == 410


def test_me_tells_a_device_who_it_is(api: Api, brand: dict[str, Any]) -> None:
    bob = api.as_role("viewer", brand)
    me = bob.get("/me").json
    assert me["member"]["name"] == "Bob"
    assert me["device"]["name"] == "Bob"
    assert me["server"]["admin"] is False


def test_a_device_is_revoked_by_its_member_or_an_owner_and_nobody_else(api: Api, brand: dict[str, Any]) -> None:
    bob, charlie = api.as_role("viewer", brand), api.as_role("viewer", brand, name="Charlie")
    device = bob.get("/devices").json["items"][0]
    assert device["this_one"]
    assert charlie.delete(f"/devices/{device['id']}").status == 404
    assert api.delete(f"/devices/{device['id']}").status == 200
    assert bob.get("/me").status == 401


def test_changes_tell_what_happened_and_nothing_of_other_brands(api: Api, brand: dict[str, Any]) -> None:
    last = api.get("/changes").json["last"]
    other = api.post("/brands", {"name": "Other"}).json
    bob = api.as_role("viewer", brand)
    mine = api.get(f"/changes?after={last}").json
    assert ("brand.created", other["id"]) in [(c["kind"], c["ref"]) for c in mine["items"]]
    assert "brand.created" not in [c["kind"] for c in bob.get(f"/changes?after={last}").json["items"]]


def test_a_brand_may_have_several_accounts_on_one_network(api: Api, brand: dict[str, Any]) -> None:
    where = f"/brands/{brand['id']}"
    typed = {" Mastodon ": "@cafe@mastodon.example,  @jobs ,@jobs,", "bluesky": " , ", "": "@nobody"}
    assert api.patch(where, {"version": 1, "handles": typed}).json["handles"] == {
        "mastodon": "@cafe@mastodon.example, @jobs"
    }
    ready = {one["key"]: one for one in api.get(f"/rules/ready?brand_id={brand['id']}").json["items"]}
    assert '"@jobs"' in str(ready).replace("'", '"')
    too_long = api.patch(where, {"version": 2, "handles": {"x": "@" + "a" * 2000}})
    assert too_long.status == 422
    assert "handles" in too_long.json["error"]["fields"]
