"""Headers and log-ins of a source: sent to its site and nowhere else, sealed at rest, never shown again."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from sqlalchemy import select

from backend.infra.runtime import Runtime
from backend.listening.models import Feed, Source
from tests.factories import Api
from tests.peers.feeds import FeedServer, Said, Seen, feed_server, rss
from tests.unit.listening.make import poll_due

SECRET = "s3cr3t-k3y"
BODY = rss([Said("Pour les membres", url="https://club.example/1")], title="Le club")


def guarded(feeds: FeedServer, path: str, header: str, value: str) -> str:
    """A feed that answers who says the right thing, and gives others an empty one."""

    def answer(seen: Seen) -> bytes:
        return BODY if seen.headers.get(header) == value else rss([], title="Nothing for you")

    return feeds.put(path, answer)


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_a_source_is_read_with_its_own_header_and_shows_its_name_only(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    url = guarded(feeds, "/feed", "x-api-key", SECRET)
    made = api.post("/sources", {"url": url, "access": {"headers": {"X-Api-Key": SECRET}}})
    assert made.status == 201, made.json
    assert made.json["access"] == {"headers": ["X-Api-Key"], "log_in": False}
    assert made.json["name"] == "Le club"
    poll_due(sqlite_runtime)
    assert [one["title"] for one in api.get("/mentions").json["items"]] == ["Pour les membres"]
    for answer in (made, api.get("/sources"), api.get(f"/sources/{made.json['id']}")):
        assert SECRET not in answer.data.decode()
    with sqlite_runtime.db.read() as session:
        feed = session.scalars(select(Feed)).one()
        assert SECRET not in f"{feed.secret} {feed.params} {feed.secret_mark} {feed.secret_names} {feed.address}"


def test_two_brands_with_different_log_ins_have_two_feeds(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    other = api.post("/brands", {"name": "Librairie Lune", "kind": "place", "languages": ["fr"]}).json
    url = guarded(feeds, "/feed", "authorization", basic("maud", "é:1"))
    for brand_id, password in ((brand["id"], "é:1"), (other["id"], "wrong")):
        access = {"username": "maud", "password": password}
        made = api.post("/sources", {"brand_id": brand_id, "url": url, "access": access, "take": "all"})
        assert made.json["access"] == {"headers": [], "log_in": True}, made.json
    plain = api.post("/sources", {"brand_id": other["id"], "url": url}).json
    assert plain["access"] is None
    assert poll_due(sqlite_runtime) == 3
    assert len(api.get(f"/mentions?brand_id={brand['id']}").json["items"]) == 1
    assert api.get(f"/mentions?brand_id={other['id']}").json["items"] == []
    again = {"brand_id": brand["id"], "url": url, "access": {"username": "maud", "password": "é:1"}}
    assert api.post("/sources", again).status == 201
    with sqlite_runtime.db.read() as session:
        assert len(session.scalars(select(Feed)).all()) == 3


def test_a_patch_takes_the_place_of_what_is_kept(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime, clock: Any
) -> None:
    url = guarded(feeds, "/feed", "x-api-key", "new")
    source = api.post("/sources", {"url": url, "access": {"headers": {"X-Old": "old"}}}).json
    poll_due(sqlite_runtime)
    assert api.get("/mentions").json["items"] == []
    where = f"/sources/{source['id']}"
    changed = api.call("PATCH", where, {"version": 1, "access": {"headers": {"X-Api-Key": "new"}}})
    assert (changed.status, changed.json["access"]["headers"]) == (200, ["X-Api-Key"]), changed.json
    poll_due(sqlite_runtime)
    assert len(api.get("/mentions").json["items"]) == 1
    kept = api.call("PATCH", where, {"version": changed.json["version"], "name": "Le club"}).json
    assert kept["access"] == {"headers": ["X-Api-Key"], "log_in": False}
    gone = api.call("PATCH", where, {"version": kept["version"], "access": None}).json
    assert (gone["access"], gone["name"]) == (None, "Le club")
    clock.forward(hours=5)
    poll_due(sqlite_runtime)
    assert "x-api-key" not in feeds.seen[-1].headers
    stale = api.call("PATCH", where, {"version": 1, "access": {"headers": {"X-Api-Key": "x"}}})
    assert stale.status == 409


def test_a_secret_stays_on_its_site(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime
) -> None:
    with feed_server() as elsewhere:
        elsewhere.put("/feed", BODY)
        moved = feeds.redirect("/moved", f"{elsewhere.url}/feed", 302)
        page = f'<link rel="alternate" type="application/rss+xml" href="{elsewhere.url}/feed">'
        named = feeds.put("/page", page, content_type="text/html")
        for url in (moved, named):
            made = api.post("/sources", {"url": url, "access": {"headers": {"X-Api-Key": SECRET}}})
            assert made.status == 201, made.json
        poll_due(sqlite_runtime)
        assert len(elsewhere.asked("/feed")) >= 4
        assert [one for one in elsewhere.seen if "x-api-key" in one.headers] == []
    assert {one.headers.get("x-api-key") for one in feeds.seen} == {SECRET}


@pytest.mark.parametrize(
    ("url", "access", "field"),
    [
        ("http://blog.example/feed", {"headers": {"X-Api-Key": "a"}}, "access"),
        ("https://blog.example/feed", {}, "access"),
        ("https://blog.example/feed", {"headers": {"Cookie": "a=b"}}, "access.headers"),
        ("https://blog.example/feed", {"headers": {"User-Agent": "Mozilla"}}, "access.headers"),
        ("https://blog.example/feed", {"headers": {"Host": "localhost"}}, "access.headers"),
        ("https://blog.example/feed", {"headers": {"X-A": "a\r\nX-B: b"}}, "access.headers"),
        ("https://blog.example/feed", {"headers": {"X A": "a"}}, "access.headers"),
        ("https://blog.example/feed", {"headers": {"x-a": "a", "X-A": "b"}}, "access.headers"),
        ("https://blog.example/feed", {"headers": {"Authorization": "a"}, "username": "b"}, "access.headers"),
        ("https://blog.example/feed", {"username": "a:b", "password": "c"}, "access.username"),
    ],
)
def test_what_must_not_be_said_is_refused(
    api: Api, brand: dict[str, Any], url: str, access: dict[str, Any], field: str
) -> None:
    answer = api.post("/sources", {"kind": "feed", "params": {"url": url}, "access": access})
    assert (answer.status, answer.json["error"]["code"]) == (422, "bad_access"), answer.json
    assert list(answer.json["error"]["fields"]) == [field]


def test_kinds_say_whether_they_take_any(api: Api, brand: dict[str, Any]) -> None:
    kinds = {one["kind"]: one for one in api.get("/sources/kinds").json["items"]}
    assert {name for name, kind in kinds.items() if kind["own_access"]} >= {"feed", "page", "watch"}
    assert not kinds["hackernews"]["own_access"]
    body = {"kind": "hackernews", "params": {"query": "café"}, "access": {"headers": {"X-A": "b"}}}
    answer = api.post("/sources", body)
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, ["access"])


def test_a_password_in_an_address_is_sealed_and_kept_nowhere_else(
    api: Api, brand: dict[str, Any], feeds: FeedServer, sqlite_runtime: Runtime, clock: Any
) -> None:
    url = guarded(feeds, "/feed", "authorization", basic("maud", "s3cr3t@1"))
    inside = url.replace("//", "//maud:s3cr3t%401@")
    ways = (
        {"url": inside},
        {"kind": "feed", "params": {"url": inside}},
        {"kind": "feed", "url": inside},
    )
    for way in ways:
        made = api.post("/sources", way)
        assert made.status == 201, made.json
        assert made.json["access"] == {"headers": [], "log_in": True}
        assert (made.json["url"], made.json["feed_url"]) == (url, url)
    assert len({api.post("/sources", way).json["id"] for way in ways}) == 1
    poll_due(sqlite_runtime)
    assert [one["title"] for one in api.get("/mentions").json["items"]] == ["Pour les membres"]
    plain = api.post("/sources", {"url": feeds.feed("/open", [Said("Bon")])}).json
    changed = api.call("PATCH", f"/sources/{plain['id']}", {"version": 1, "params": {"url": inside + "?x=1"}})
    assert (changed.status, changed.json["access"]["log_in"]) == (200, True), changed.json
    with sqlite_runtime.db.read() as session:
        kept = [f"{one.params} {one.address} {one.site_url}" for one in session.scalars(select(Feed))]
        kept += session.scalars(select(Source.url))
        assert "s3cr3t" not in " ".join(kept)
    far = api.post("/sources", {"kind": "feed", "params": {"url": "http://maud:x@far.example/feed"}})
    assert (far.status, far.json["error"]["code"]) == (422, "bad_access")
    assert api.post("/sources", {"kind": "lobsters", "params": {"tag": "a"}, "url": inside}).status == 422
    asked = api.post("/discover", {"url": inside})
    assert (asked.status, asked.json["error"]["code"]) == (422, "password_in_address")
