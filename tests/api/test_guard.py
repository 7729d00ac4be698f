"""Default deny, one error shape, cookies only from our own pages, tokens only from their own origin."""

from __future__ import annotations

import re
from typing import Any

import pytest

from backend.accounts.login import cookie_name, create_login_link
from backend.accounts.members import create_device, first_owner
from backend.api.guard import OPEN_ENDPOINTS
from tests.factories import Api, make_token, runtime_of

ORIGIN = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"


def log_in(app: Any) -> Any:
    """A browser that came in by a one-time link."""
    runtime = runtime_of(app)
    with runtime.db.write() as session:
        link = create_login_link(session, first_owner(session, now=runtime.clock()).id, now=runtime.clock())
    client = app.test_client()
    answer = client.get(f"/-/login/{link}")
    assert answer.status_code == 303
    return client


def test_every_route_but_the_listed_ones_answers_401_without_a_token(app: Any) -> None:
    client = app.test_client()
    walked = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_ENDPOINTS:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            answer = client.open(path, method=method, json={})
            assert answer.status_code == 401, f"{method} {path} answered {answer.status_code}"
            assert answer.get_json()["error"]["code"] == "unauthorized"
            walked += 1
    assert walked > 20


def test_every_open_endpoint_exists(app: Any) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints >= OPEN_ENDPOINTS


@pytest.mark.parametrize("token", ["wrong", "", "entregent_" + "x" * 43, "é"])
def test_a_wrong_token_is_refused_in_words(app: Any, token: str) -> None:
    answer = Api(app, token or " ").get("/me")
    assert answer.status == 401
    assert answer.json["error"]["message"]


def test_a_paired_token_is_bound_to_its_origin(app: Any) -> None:
    runtime = runtime_of(app)
    with runtime.db.write() as session:
        owner = first_owner(session, now=runtime.clock())
        _device, token = create_device(
            session, name="x", kind="extension", member_id=owner.id, origin=ORIGIN, now=runtime.clock()
        )
    api = Api(app, token)
    assert api.get("/me", headers={"Origin": ORIGIN}).status == 200
    assert api.get("/me").status == 200, "browsers send no Origin on GET from an extension with host permission"
    assert api.get("/me", headers={"Origin": "https://evil.example"}).status == 401


def test_cors_names_the_exact_origin_of_a_paired_device_and_nobody_else(app: Any) -> None:
    runtime = runtime_of(app)
    with runtime.db.write() as session:
        owner = first_owner(session, now=runtime.clock())
        create_device(session, name="x", kind="extension", member_id=owner.id, origin=ORIGIN, now=runtime.clock())
    client = app.test_client()
    ours = client.options("/api/v1/me", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "GET"})
    assert ours.headers["Access-Control-Allow-Origin"] == ORIGIN
    for other in ("https://evil.example", ORIGIN + ".evil.example", "null"):
        theirs = client.options("/api/v1/me", headers={"Origin": other, "Access-Control-Request-Method": "GET"})
        assert "Access-Control-Allow-Origin" not in theirs.headers


def test_a_cookie_reads_and_changes_only_from_our_own_pages(app: Any) -> None:
    client = log_in(app)
    body = {"name": "Café"}
    assert client.get("/api/v1/me").status_code == 200
    assert client.post("/api/v1/brands", json=body).status_code == 403, "no Origin, no Sec-Fetch-Site"
    for site in ("cross-site", "same-site", "none"):
        answer = client.post("/api/v1/brands", json=body, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
        assert answer.get_json()["error"]["code"] == "cross_site"
    assert client.post("/api/v1/brands", json=body, headers={"Origin": "http://localhost:1"}).status_code == 403
    assert client.post("/api/v1/brands", json=body, headers={"Origin": "http://localhost"}).status_code == 201
    assert client.post("/api/v1/brands", json=body, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 201


def test_a_page_of_one_person_does_nothing_once_another_is_logged_in(app: Any) -> None:
    client = log_in(app)
    here = client.get("/api/v1/me").get_json()["member"]["id"]
    for said in ({}, {"X-Entregent-Member": ""}, {"X-Entregent-Member": here}):
        assert client.get("/api/v1/me", headers=said).status_code == 200
    for other in (f"{here}0", "0", "nobody"):
        said = {"X-Entregent-Member": other, "Sec-Fetch-Site": "same-origin"}
        for answer in (
            client.get("/api/v1/me", headers=said),
            client.post("/api/v1/brands", json={"name": "Café"}, headers=said),
        ):
            assert answer.status_code == 403
            assert answer.get_json()["error"]["code"] == "another_person"
    assert client.get("/api/v1/brands").get_json()["items"] == []


def test_the_cookie_is_for_this_instance_hidden_from_scripts_and_strict(app: Any) -> None:
    client = log_in(app)
    cookie = client.get_cookie(cookie_name(runtime_of(app).settings))
    assert cookie.http_only
    assert cookie.same_site == "Strict"


def test_a_used_login_link_says_what_to_do(app: Any) -> None:
    answer = app.test_client().get("/-/login/nonsense", headers={"Accept-Language": "fr-FR,fr;q=0.9"})
    assert answer.status_code == 410
    assert "entregent login" in answer.text
    assert "Rien n’est perdu" in answer.text


def test_only_a_person_who_logged_in_may_pair_not_a_token(app: Any) -> None:
    assert Api(app, make_token(app, "owner")).get("/pairing/requests").status == 403
    assert log_in(app).get("/api/v1/pairing/requests").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "kwargs", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", {}, 404, "not_found"),
        ("PUT", "/api/v1/brands", {"json": {}}, 405, "method_not_allowed"),
        ("POST", "/api/v1/brands", {"data": "{broken", "content_type": "application/json"}, 400, "malformed"),
        ("POST", "/api/v1/brands", {"data": "x=1"}, 400, "malformed"),
        ("POST", "/api/v1/brands", {"json": {}}, 422, "invalid"),
        ("POST", "/api/v1/brands", {"json": {"name": "x", "nonsense": 1}}, 422, "invalid"),
        ("GET", "/api/v1/brands/999", {}, 404, "not_found"),
        ("GET", "/api/v1/brands/abc", {}, 404, "not_found"),
        ("GET", "/api/v1/brands/99999999999999999999999", {}, 404, "not_found"),
    ],
)
def test_every_error_has_the_one_shape(
    api: Api, method: str, path: str, kwargs: dict[str, Any], status: int, code: str
) -> None:
    answer = api.call(method, path, **kwargs)
    assert answer.status == status
    assert set(answer.json) == {"error"}
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["message"]


def test_an_invalid_field_is_named(api: Api) -> None:
    answer = api.post("/brands", {"name": "x", "time_zone": "Mars/Olympus"})
    assert answer.json["error"]["fields"] == {"time_zone": "A zone such as Europe/Paris."}


def test_a_body_that_is_too_large_is_refused_without_reading_it(api: Api) -> None:
    answer = api.call("POST", "/brands", data=b"x" * (13 * 1024 * 1024), content_type="application/json")
    assert answer.status == 413
    assert answer.json["error"]["code"] == "too_large"
