"""Whatever is sent to whatever route: an answer in the one error shape, and never a fault of ours.

Routes and fields are read from the OpenAPI document, so that a new one is tried without being named here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend import create_app
from backend.infra.runtime import Runtime
from tests.factories import Answer, Api, make_owner
from tests.unit.publishing.make import make_account, told_network

# In every field, whatever it should hold.
WRONG: list[Any] = [
    None, True, -1, 2**31, 2**70, 1e300, "", "\0", "a\0b", "\ud800", "x" * 9_000, "9" * 18, "2026-13-45T99:99",
    [], [None], ["\0"], [[]], {}, {"\0": "\ud800"}, {"1": None}, [{"\0": -1}],
]  # fmt: skip
WRONG_BODIES: list[bytes] = [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"3", b'"x"', b"[]", b'{"nope": 1}']
# In the place of an id, and of any parameter.
WRONG_WORDS = ["", "0", "-1", "x", "9" * 18, "9" * 40, "%00", "%FF", "%ED%A0%80", "%C2%B2", "1e3", "../x"]

CAFE = {"name": "Café", "kind": "place", "languages": ["fr", "en"], "time_zone": "Europe/Paris"}
RULE: dict[str, Any] = {
    "name": "Café",
    "when": {"event": "arrives"},
    "if": {"query": "café"},
    "then": {"priority": 1},
}
ROOT = Path(__file__).resolve().parents[2]
ADAPTER = json.loads((ROOT / "extension" / "sites" / "xenforo.json").read_text("utf-8"))
# What each route accepts: with one field wrong, that one is what is tried.
GOOD: dict[str, dict[str, Any]] = {
    "/adapters": {
        "host": "forum.example",
        "adapter": {**ADAPTER, "tier": "taught", "checked": ["Taught."], "hosts": ["forum.example"], "test": None},
    },
    "/brands": CAFE,
    "/keywords": {"query": "café"},
    "/keywords/preview": {"query": "café", "live": False},
    "/links": {"url": "https://cafe.example/menu"},
    "/members": {"name": "Awa", "brand_roles": {"1": "editor"}},
    "/mentions": {"url": "https://forum.example/1", "text": "Au café", "network": "forum", "author": "Awa"},
    "/mentions/bulk": {"ids": ["1"], "set": {"status": "open"}},
    "/pairing/requests": {"challenge": "a" * 43, "client": {"name": "x", "browser": "y"}, "code": "4827"},
    "/posts": {"text": "Bonjour", "targets": ["1"], "schedule": None},
    "/replies": {"text": "Merci", "title": "Merci"},
    "/round": {"url": "https://www.instagram.com/cafelumiere/", "name": "Instagram"},
    "/round/order": {"ids": []},
    "/round/{id}/collect": {"visit": "v", "act": "a", "posts": [{"url": "https://forum.example/1", "text": "Au café"}]},
    "/round/{id}/collect/undo": {"act": "a"},
    "/round/{id}/visited": {"visit": "v"},
    "/round/{id}/visited/undo": {"visit": "v"},
    "/rules": RULE,
    "/rules/dry-run": {name: RULE[name] for name in ("when", "if", "then")},
    "/searches": {"name": "Café", "query": "café", "filters": {"status": "new"}},
    "/sources": {"kind": "feed", "url": "http://127.0.0.1:9/feed"},
    "/suggestions": {"text": "Avez-vous une terrasse ?"},
    "/suggestions/{id}/feedback": {"reply_id": "1", "outcome": "inserted"},
    "/texts/count": {"text": "Bonjour", "networks": ["bluesky"]},
}
# `events` does not end; a preview that is live asks the world.
LEFT_OUT = {("GET", "/events")}


@pytest.fixture
def filled(runtime: Runtime) -> Iterator[Api]:
    """Somebody who may do everything, with one row of each kind."""
    app = create_app(runtime)
    api = Api(app, make_owner(app))
    with told_network():
        for path in (
            "/brands",
            "/adapters",
            "/keywords",
            "/links",
            "/mentions",
            "/replies",
            "/round",
            "/rules",
            "/searches",
            "/suggestions",
        ):
            made = api.post(path, GOOD[path])
            assert made.status == 201, made.json
        make_account(runtime, 1, "told")
        assert api.post("/posts", GOOD["/posts"]).status == 201
        yield api


class Tried:
    def __init__(self, api: Api) -> None:
        self.api, self.faults, self.accepted = api, list[str](), set[str]()

    def call(self, route: str, path: str, **sent: Any) -> Answer:
        method = route.partition(" ")[0]
        answer = self.api.call(method, path, **sent)
        in_shape = answer.status < 400 or (answer.json or {}).get("error", {}).get("code")
        if answer.status >= 500 or not in_shape:
            self.faults.append(f"{method} {path} {str(sent)[:200]}: {answer.status} {answer.data[:200]!r}")
        if answer.status < 300:
            self.accepted.add(route)
        return answer


#: These take what is good, so that what is wrong is known to get past the front door.
CHANGED = ("brands", "posts", "links", "mentions")
ACCEPTED = {*(f"POST {path}" for path in GOOD), *(f"PATCH /{name}/{{id}}" for name in CHANGED)}
PARTS = 4  # thousands of calls: no test shall take minutes


@pytest.mark.parametrize("part", range(PARTS))
def test_no_input_of_any_route_is_a_fault_of_ours(filled: Api, part: int) -> None:
    document = filled.get("/openapi.json").json
    tried = Tried(filled)
    # What is undone was done before: the routes of one resource stay together.
    resources = list(dict.fromkeys(path.split("/")[1] for _, path, _ in _operations(document)))[part::PARTS]
    operations = [one for one in _operations(document) if one[1].split("/")[1] in resources]
    for method, path, operation in operations:
        _try_route(tried, document, method, path, operation)
    assert not tried.faults, "\n".join(tried.faults)
    assert ACCEPTED & {f"{method} {path}" for method, path, _ in operations} <= tried.accepted


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            short = path.removeprefix("/api/v1")
            if (method.upper(), short) not in LEFT_OUT:
                yield method.upper(), short, operation


def _try_route(tried: Tried, document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> None:
    route = f"{method} {path}"
    first = path.replace("{id}", "1").replace("{code}", "x")
    if first != path:
        for word in WRONG_WORDS:
            tried.call(route, path.replace("{id}", word).replace("{code}", word), body=None if method == "GET" else {})
    for part in operation.get("parameters", []):
        if part["in"] == "query":
            for word in WRONG_WORDS:
                tried.call(route, f"{first}?{part['name']}={word}")
    if method not in ("POST", "PATCH", "PUT"):
        return
    for body in WRONG_BODIES:
        for content_type in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
            tried.call(route, first, data=body, content_type=content_type)
    fields = _fields_of(document, operation)
    good = {**({"brand_id": "1"} if "brand_id" in fields else {}), **GOOD.get(path, {})}
    tried.call(route, first, body=good)
    for name in fields:
        for value in WRONG:
            if method == "PATCH":
                good["version"] = tried.api.get(first).json.get("version")
            tried.call(route, first, body={**good, name: value})


def _fields_of(document: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    named = document["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
    return list(named.get("properties", {}))
