"""Posts, deliveries, accounts, media and counts over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from backend.connectors.base import Uncertain
from backend.infra.runtime import Runtime
from tests.factories import Api, runtime_of
from tests.peers.servers import BlueskyAccount, MastodonMock, Pds
from tests.unit.publishing.make import ToldNetwork, make_account, sweep, told_network
from tests.unit.publishing.pictures import gif, png


@pytest.fixture
def network() -> Iterator[ToldNetwork]:
    with told_network() as told:
        yield told


@pytest.fixture
def account(api: Api, brand: dict[str, Any], network: ToldNetwork) -> str:
    return str(make_account(runtime_of(api.app), int(brand["id"]), "told"))


@pytest.fixture
def runtime_here(api: Api) -> Runtime:
    return runtime_of(api.app)


def upload(api: Api, content: bytes, **fields: str) -> Any:
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts.append(b'name="file"; filename="x.bin"\r\n\r\n' + content)
    body = b"".join(b"--cut\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--cut--\r\n"
    return api.post("/media", data=body, content_type="multipart/form-data; boundary=cut")


# --- writing -----------------------------------------------------------------------------------------------------


def test_a_post_for_a_wall_time_is_kept_as_it_was_meant(api: Api, brand: dict[str, Any], account: str) -> None:
    schedule = {"when": "at", "at": "2026-12-01T09:00", "zone": "Europe/Paris"}
    made = api.post("/posts", {"brand_id": brand["id"], "text": "Bonjour", "targets": [account], "schedule": schedule})
    assert made.status == 201, made.json
    post = made.json
    assert post["schedule"] == schedule
    assert post["scheduled_for"] == "2026-12-01T08:00:00.000Z"
    assert post["status"] == "scheduled"
    (delivery,) = post["deliveries"]
    assert (delivery["state"], delivery["due_at"], delivery["account_id"]) == (
        "scheduled", "2026-12-01T08:00:00.000Z", account
    )  # fmt: skip
    assert (delivery["attempts"], delivery["error"], delivery["remote_url"]) == (0, None, "")
    assert api.get(f"/posts/{post['id']}").json == post
    changes = api.get("/changes?after=0").json["items"]
    assert {"delivery.changed", "post.changed"} <= {one["kind"] for one in changes}


def test_a_post_without_a_schedule_is_a_draft_and_may_be_too_long(
    api: Api, brand: dict[str, Any], account: str, runtime_here: Runtime
) -> None:
    made = api.post("/posts", {"text": "x" * 600, "targets": [account]})
    assert (made.status, made.json["status"], made.json["deliveries"]) == (201, "draft", [])
    assert sweep(runtime_here) == 0
    refused = api.patch(f"/posts/{made.json['id']}", {"version": 1, "schedule": {"when": "now"}})
    assert refused.status == 422
    assert "100 too many" in refused.json["error"]["fields"]["text"]


def test_a_draft_becomes_a_post_when_it_gets_a_time(
    api: Api, brand: dict[str, Any], account: str, network: ToldNetwork, runtime_here: Runtime
) -> None:
    draft = api.post("/posts", {"text": "Bonjour", "targets": [account]}).json
    post = api.patch(f"/posts/{draft['id']}", {"version": draft["version"], "schedule": {"when": "now"}}).json
    assert len(post["deliveries"]) == 1
    sweep(runtime_here)
    after = api.get(f"/posts/{post['id']}").json
    assert (after["status"], after["deliveries"][0]["state"]) == ("published", "published")
    assert after["deliveries"][0]["remote_url"].startswith("https://told.example/")
    back_to_draft = api.patch(f"/posts/{post['id']}", {"version": post["version"], "schedule": None})
    assert (back_to_draft.status, back_to_draft.json["error"]["code"]) == (409, "already_sent")


def test_variants_are_what_each_account_gets(
    api: Api, brand: dict[str, Any], account: str, network: ToldNetwork, runtime_here: Runtime
) -> None:
    other = str(make_account(runtime_here, int(brand["id"]), "told"))
    body = {
        "text": "Pour tous",
        "targets": [account, other],
        "variants": {other: {"text": "  Pour l’autre\r\nseul  "}},
        "schedule": {"when": "now"},
    }
    made = api.post("/posts", body)
    assert made.status == 201, made.json
    sweep(runtime_here)
    assert sorted(network.there.values()) == ["  Pour l’autre\nseul  ", "Pour tous"]


def test_the_same_idempotency_key_makes_one_post(api: Api, brand: dict[str, Any], account: str) -> None:
    body = {"text": "Bonjour", "targets": [account], "schedule": {"when": "now"}}
    answers = [api.post("/posts", body, headers={"Idempotency-Key": "k1"}) for _ in range(3)]
    assert [one.status for one in answers] == [201, 201, 201]
    assert len({one.json["id"] for one in answers}) == 1
    assert len(api.get("/posts").json["items"]) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n "}, "text"),
        ({"text": "é" * 501}, "text"),
        ({"targets": []}, "targets"),
        ({"targets": ["99999"]}, "targets"),
        ({"variants": {"7777": {"text": "x"}}}, "variants.7777"),
        ({"media": ["99999"]}, "media"),
        ({"media": [{"id": "x"}]}, "media"),
        ({"schedule": {"when": "at", "at": "2026-11-20T09:00", "zone": "Europe/Paris"}}, "schedule.at"),
        ({"schedule": {"when": "at", "at": "soon", "zone": "Europe/Paris"}}, "schedule.at"),
        ({"schedule": {"when": "at", "at": "2026-12-01T09:00", "zone": "Mars/Base"}}, "schedule.zone"),
        ({"schedule": {"when": "at", "at": "2099-12-01T09:00", "zone": "UTC"}}, "schedule.at"),
        ({"schedule": {"when": "at", "at": "2026-12-01T09:00"}}, "schedule.zone"),
        ({"schedule": {"when": "queue"}}, "schedule.when"),
        ({"schedule": {"when": "whenever"}}, "schedule"),
        ({"typo": 1}, "typo"),
    ],
)
def test_what_cannot_be_posted_is_refused_field_by_field(
    api: Api, brand: dict[str, Any], account: str, change: dict[str, Any], field: str
) -> None:
    body = {"text": "Bonjour", "targets": [account], "schedule": {"when": "now"}, **change}
    refused = api.post("/posts", body)
    assert refused.status == 422, refused.json
    assert field in refused.json["error"]["fields"]
    assert api.get("/posts").json["items"] == []


def test_an_account_of_another_brand_is_no_target(api: Api, brand: dict[str, Any], account: str) -> None:
    other = api.post("/brands", {"name": "Autre"}).json
    refused = api.post(
        "/posts", {"brand_id": other["id"], "text": "x", "targets": [account], "schedule": {"when": "now"}}
    )
    assert refused.status == 422


def test_roles_decide_who_drafts_and_who_publishes(api: Api, brand: dict[str, Any], account: str) -> None:
    draft, post = {"text": "x", "targets": [account]}, {"text": "x", "targets": [account], "schedule": {"when": "now"}}
    assert api.as_role("viewer", brand).post("/posts", draft).status == 403
    bob = api.as_role("contributor", brand)
    made = bob.post("/posts", draft)
    assert made.status == 201
    assert made.json["created_by"] == "Bob"
    assert bob.post("/posts", post).status == 403
    assert bob.patch(f"/posts/{made.json['id']}", {"version": 1, "schedule": {"when": "now"}}).status == 403
    assert api.as_role("editor", brand).post("/posts", post).status == 201
    stranger = api.as_role("viewer", None)
    assert stranger.get(f"/posts/{made.json['id']}").status == 404
    assert stranger.get("/posts").json["items"] == []


# --- changing ----------------------------------------------------------------------------------------------------


def test_a_change_before_it_leaves_is_what_is_sent(
    api: Api, brand: dict[str, Any], account: str, network: ToldNetwork, runtime_here: Runtime
) -> None:
    post = api.post("/posts", {"text": "Fautte", "targets": [account], "schedule": {"when": "now"}}).json
    changed = api.patch(f"/posts/{post['id']}", {"version": post["version"], "text": "Sans faute"})
    assert changed.status == 200
    assert changed.json["schedule"] == post["schedule"]
    stale = api.patch(f"/posts/{post['id']}", {"version": post["version"], "text": "Trop tard"})
    assert stale.status == 409
    assert stale.json["error"]["current"]["text"] == "Sans faute"
    sweep(runtime_here)
    assert list(network.there.values()) == ["Sans faute"]


def test_a_removed_post_comes_back_with_undo(
    api: Api, brand: dict[str, Any], account: str, network: ToldNetwork, runtime_here: Runtime
) -> None:
    post = api.post("/posts", {"text": "Bonjour", "targets": [account], "schedule": {"when": "now"}}).json
    assert api.delete(f"/posts/{post['id']}").status == 200
    assert api.get(f"/posts/{post['id']}").status == 404
    assert sweep(runtime_here) == 0
    back = api.post(f"/posts/{post['id']}/restore")
    assert (back.status, back.json["deliveries"][0]["state"]) == (200, "scheduled")
    sweep(runtime_here)
    assert len(network.there) == 1


def test_lists_are_filtered_and_paged(api: Api, brand: dict[str, Any], account: str, runtime_here: Runtime) -> None:
    for day in range(1, 6):
        schedule = {"when": "at", "at": f"2026-12-0{day}T09:00", "zone": "Europe/Paris"}
        api.post("/posts", {"text": f"Jour {day}", "targets": [account], "schedule": schedule})
    api.post("/posts", {"text": "Brouillon", "targets": [account]})
    first = api.get("/posts?status=scheduled&limit=3").json
    assert [one["text"] for one in first["items"]] == ["Jour 5", "Jour 4", "Jour 3"]
    second = api.get(f"/posts?status=scheduled&limit=3&cursor={first['next_cursor']}").json
    assert [one["text"] for one in second["items"]] == ["Jour 2", "Jour 1"]
    assert second["next_cursor"] is None
    between = api.get("/posts?from=2026-12-02&to=2026-12-04T00:00:00Z").json
    assert [one["text"] for one in between["items"]] == ["Jour 3", "Jour 2"]
    assert [one["text"] for one in api.get("/posts?status=draft").json["items"]] == ["Brouillon"]
    assert api.get("/posts?status=unheard").status == 422
    assert api.get("/posts?stauts=draft").status == 422


# --- deliveries --------------------------------------------------------------------------------------------------


def test_what_was_missed_is_asked_about_and_can_be_published_moved_or_dropped(
    api: Api, brand: dict[str, Any], account: str, network: ToldNetwork, runtime_here: Runtime, clock: Any
) -> None:
    for number in range(3):
        api.post("/posts", {"text": f"Numéro {number}", "targets": [account], "schedule": {"when": "now"}})
    clock.forward(hours=5)
    sweep(runtime_here)
    held = api.get("/posts?status=held").json["items"]
    assert len(held) == 3
    assert {one["status"] for one in held} == {"attention"}
    assert held[0]["deliveries"][0]["error"]["code"] == "late"
    ids = [one["deliveries"][0]["id"] for one in held]
    assert api.post(f"/deliveries/{ids[0]}/publish").json["state"] == "scheduled"
    moved = api.post(
        f"/deliveries/{ids[1]}/move", {"schedule": {"when": "at", "at": "2026-11-24T09:00", "zone": "Europe/Paris"}}
    )
    assert moved.json["due_at"] == "2026-11-24T08:00:00.000Z"
    assert api.post(f"/deliveries/{ids[2]}/drop").json["state"] == "dropped"
    sweep(runtime_here)
    assert len(network.there) == 1
    clock.at += timedelta(hours=18)
    sweep(runtime_here)
    assert len(network.there) == 2


def test_a_dropped_delivery_comes_back_once_and_is_asked_about_where_its_time_is_long_past(
    api: Api, brand: dict[str, Any], account: str, network: ToldNetwork, runtime_here: Runtime, clock: Any
) -> None:
    later = {"when": "at", "at": "2026-11-23T18:00", "zone": "Europe/Paris"}
    post = api.post("/posts", {"text": "Ce soir", "targets": [account], "schedule": later}).json
    ref = post["deliveries"][0]["id"]
    assert api.post(f"/deliveries/{ref}/restore").json["error"]["code"] == "wrong_state"
    assert api.post(f"/deliveries/{ref}/drop").json["state"] == "dropped"
    back = api.post(f"/deliveries/{ref}/restore").json
    assert (back["state"], back["due_at"]) == ("scheduled", "2026-11-23T17:00:00.000Z")
    api.post(f"/deliveries/{ref}/drop")
    clock.forward(hours=20)
    api.post(f"/deliveries/{ref}/restore")
    sweep(runtime_here)
    assert api.get(f"/deliveries/{ref}").json["state"] == "held"
    assert len(network.there) == 0


def test_a_person_says_what_became_of_an_unclear_delivery(
    api: Api, brand: dict[str, Any], account: str, network: ToldNetwork, runtime_here: Runtime
) -> None:
    network.on_commit, network.on_reconcile = [Uncertain("time-out")], [Uncertain("cannot tell")]
    post = api.post("/posts", {"text": "Bonjour", "targets": [account], "schedule": {"when": "now"}}).json
    sweep(runtime_here)
    sweep(runtime_here)
    ref = post["deliveries"][0]["id"]
    shown = api.get(f"/deliveries/{ref}").json
    assert (shown["state"], shown["error"]["code"]) == ("needs_you", "unknown")
    assert [one["event"] for one in shown["history"]] == ["armed", "uncertain", "needs_you"]
    assert api.post(f"/deliveries/{ref}/confirm", {"url": "javascript:alert(1)"}).status == 422
    assert api.post(f"/deliveries/{ref}/publish").status in (200, 409)
    confirmed = api.post(f"/deliveries/{ref}/drop")
    assert confirmed.json["state"] == "dropped"
    wrong = api.post(f"/deliveries/{ref}/confirm", {"url": "https://told.example/1"})
    assert (wrong.status, wrong.json["error"]["code"]) == (409, "wrong_state")
    assert api.as_role("contributor", brand).post(f"/deliveries/{ref}/drop").status == 403
    assert api.get("/deliveries/12345678").status == 404


# --- media -------------------------------------------------------------------------------------------------------


def test_an_image_is_uploaded_described_attached_and_shown(
    api: Api, brand: dict[str, Any], account: str, network: ToldNetwork
) -> None:
    made = upload(api, png(40, 30), alt="Une tasse")
    assert made.status == 201, made.json
    media = made.json
    assert (media["kind"], media["content_type"], media["width"], media["height"], media["alt"]) == (
        "image", "image/png", 40, 30, "Une tasse"
    )  # fmt: skip
    file = api.get(media["url"].removeprefix("/api/v1"))
    assert file.data == png(40, 30)
    assert (file.headers["Content-Type"], file.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert api.patch(f"/media/{media['id']}", {"alt": "Une tasse de café"}).json["alt"] == "Une tasse de café"
    body = {"text": "", "media": [media["id"]], "targets": [account], "schedule": {"when": "now"}}
    post = api.post("/posts", body)
    assert post.status == 201, post.json
    assert post.json["media"][0]["id"] == media["id"]
    stranger = api.as_role("viewer", None)
    assert stranger.get(f"/media/{media['id']}/file").status == 404
    assert api.anybody().get(f"/media/{media['id']}/file").status == 401


def test_what_is_no_image_or_too_much_is_refused(
    api: Api, brand: dict[str, Any], account: str, network: ToldNetwork
) -> None:
    assert upload(api, b"<svg onload=alert(1)>").json["error"]["code"] == "not_an_image"
    assert upload(api, png() + b"\x00" * 10_000_000).status == 413
    assert api.post("/media", data={}, content_type="multipart/form-data").status == 422
    ids = [upload(api, png(3, 2, shade)).json["id"] for shade in range(5)]
    body = {"text": "x", "media": ids, "targets": [account], "schedule": {"when": "now"}}
    assert "At most 4" in api.post("/posts", body).json["error"]["fields"]["media"]
    other = api.post("/brands", {"name": "Autre"}).json
    foreign = upload(api, gif(), brand_id=other["id"]).json["id"]
    refused = api.post("/posts", {**body, "brand_id": brand["id"], "media": [foreign]})
    assert refused.status == 422


# --- networks and counts -----------------------------------------------------------------------------------------


def test_networks_are_told_with_their_limits_and_composers(api: Api) -> None:
    items = {one["network"]: one for one in api.get("/networks").json["items"]}
    assert items["bluesky"]["counting"] == {
        "unit": "graphemes", "limit": 300, "url_length": None, "local_mentions": False, "max_bytes": 3000
    }  # fmt: skip
    assert items["mastodon"]["publish"] is True
    assert items["x"]["publish"] is False
    assert items["x"]["share_intent"]["template"].startswith("https://x.com/intent/tweet?")
    assert {"threads", "facebook", "linkedin", "reddit", "whatsapp", "telegram"} < set(items)


def test_texts_are_counted_for_networks_and_accounts(api: Api, brand: dict[str, Any], account: str) -> None:
    text = "👨‍👩‍👧‍👦 https://example.org/a/very/long/path/indeed"
    body = {"text": text, "networks": ["x", "mastodon", "bluesky"], "account_ids": [account]}
    items = api.post("/texts/count", body).json["items"]
    assert [(one["network"], one["used"], one["left"]) for one in items] == [
        ("x", 26, 254), ("mastodon", 25, 475), ("bluesky", 45, 255), ("told", 25, 475)
    ]  # fmt: skip
    assert items[3]["account_id"] == account
    assert api.post("/texts/count", {"text": "x", "networks": ["myspace"]}).status == 422
    assert api.post("/texts/count", {"text": "x"}).status == 422


# --- accounts ----------------------------------------------------------------------------------------------------


def test_a_mastodon_account_is_connected_with_its_servers_limits(
    api: Api, brand: dict[str, Any], mastodon_server: MastodonMock
) -> None:
    body = {"network": "mastodon", "server": mastodon_server.url, "credentials": {"access_token": "alice_token"}}
    made = api.post("/accounts", body)
    assert made.status == 201, made.json
    account = made.json
    assert account["handle"].startswith("@alice@")
    assert (account["state"], account["counting"]["limit"], account["media"]["image_bytes"]) == ("ok", 500, 10_485_760)
    assert "alice_token" not in made.data.decode()
    assert "alice_token" not in api.get("/accounts").data.decode()
    again = api.post("/accounts", body).json
    assert again["id"] == account["id"]
    assert api.post(f"/accounts/{account['id']}/check").json["state"] == "ok"
    assert api.delete(f"/accounts/{account['id']}").status == 200
    assert api.get("/accounts").json["items"] == []
    assert api.post("/accounts", body).json["id"] == account["id"]


def test_a_bluesky_account_is_connected_with_an_app_password(
    api: Api, brand: dict[str, Any], pds_server: Pds, bluesky_account: BlueskyAccount
) -> None:
    credentials = {"identifier": bluesky_account.handle, "app_password": bluesky_account.app_password}
    made = api.post("/accounts", {"network": "bluesky", "server": pds_server.url, "credentials": credentials})
    assert made.status == 201, made.json
    assert (made.json["handle"], made.json["counting"]["max_bytes"]) == (f"@{bluesky_account.handle}", 3000)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"network": "myspace"}, "invalid", "network"),
        ({"network": "x"}, "no_publishing", "network"),
        ({"credentials": {}}, "invalid", "credentials.access_token"),
        ({"credentials": {"access_token": "wrong"}}, "credentials_refused", "credentials.access_token"),
        ({"server": "http://example.org"}, "invalid", "server"),
        ({"server": "https://10.0.0.1"}, "server_unreachable", "server"),
        ({"server": "file:///etc/passwd"}, "invalid", "server"),
        ({"server": "http://127.0.0.1:9"}, "server_unreachable", "server"),
        ({"server": ""}, "invalid", "server"),
    ],
)
def test_an_account_that_cannot_be_connected_says_why(
    api: Api, brand: dict[str, Any], mastodon_server: MastodonMock, change: dict[str, Any], code: str, field: str
) -> None:
    body = {"network": "mastodon", "server": mastodon_server.url, "credentials": {"access_token": "alice_token"}}
    refused = api.post("/accounts", {**body, **change})
    assert refused.status == 422, refused.json
    assert refused.json["error"]["code"] == code
    assert field in refused.json["error"]["fields"]


def test_only_owners_connect_accounts(api: Api, brand: dict[str, Any], mastodon_server: MastodonMock) -> None:
    body = {"network": "mastodon", "server": mastodon_server.url, "credentials": {"access_token": "alice_token"}}
    assert api.as_role("editor", brand).post("/accounts", body).status == 403
    assert api.as_role("owner", brand).post("/accounts", body).status == 201


def test_a_check_that_fails_marks_the_account_and_says_so(
    api: Api, brand: dict[str, Any], mastodon_server: MastodonMock
) -> None:
    body = {"network": "mastodon", "server": mastodon_server.url, "credentials": {"access_token": "bob_token"}}
    account = api.post("/accounts", body).json
    with mastodon_server.fault("/api/v1/accounts/verify_credentials", methods=["GET"], status=401):
        assert api.post(f"/accounts/{account['id']}/check").json["state"] == "unauthorized"
    with mastodon_server.fault("/api/v1/accounts/verify_credentials", methods=["GET"], status=503):
        assert api.post(f"/accounts/{account['id']}/check").json["state"] == "unreachable"
    assert api.post(f"/accounts/{account['id']}/check").json["state"] == "ok"
