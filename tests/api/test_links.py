from __future__ import annotations

from typing import Any

import pytest

from backend.infra.runtime import Runtime
from backend.links.redirect import make_redirect
from tests.factories import Api
from tests.unit.links.make import Visit
from tests.unit.links.test_link_targets import REFUSED

URL = "https://example.org/menu?table=4#wine"


@pytest.fixture
def link(api: Api, brand: dict[str, Any]) -> dict[str, Any]:
    made = api.post("/links", {"brand_id": brand["id"], "url": URL, "code": "Menu"})
    assert made.status == 201, made.json
    return dict(made.json)


def test_a_link_is_made_read_changed_removed_and_restored(
    api: Api, brand: dict[str, Any], link: dict[str, Any]
) -> None:
    assert (link["url"], link["code"], link["status_code"], link["version"]) == (URL, "menu", 302, 1)
    assert link["short_url"] == "http://127.0.0.1:8377/menu"
    assert (link["public"], link["clean_url"], link["people"]) == (False, URL, 0)
    where = f"/links/{link['id']}"
    assert api.get(where).json == link
    changed = api.patch(where, {"version": 1, "title": "Carte", "tags": ["menu", "menu"], "max_clicks": 5}).json
    assert (changed["title"], changed["tags"], changed["max_clicks"], changed["version"]) == ("Carte", ["menu"], 5, 2)
    assert changed["url"] == URL
    assert api.patch(where, {"version": 2, "max_clicks": None}).json["max_clicks"] is None
    assert api.delete(where).status == 200
    assert (api.get(where).status, api.get("/links").json["items"]) == (404, [])
    assert api.post(where + "/restore").json["title"] == "Carte"
    assert [one["id"] for one in api.get("/links").json["items"]] == [link["id"]]


def test_brand_and_code_may_be_left_out(api: Api, brand: dict[str, Any]) -> None:
    made = api.post("/links", {"url": URL})
    assert made.status == 201
    assert len(made.json["code"]) == 7
    assert made.json["brand_id"] == brand["id"]


# Our own hosts need settings; half a character never gets past the JSON.
REFUSED_HERE = [row for row in REFUSED if row[1] != "link_own" and "\ud800" not in row[0]]


@pytest.mark.parametrize(("url", "code"), REFUSED_HERE)
def test_a_target_that_harms_somebody_answers_422(api: Api, brand: dict[str, Any], url: str, code: str) -> None:
    refused = api.post("/links", {"url": url})
    assert (refused.status, refused.json["error"]["code"]) == (422, code)
    assert "url" in refused.json["error"]["fields"]


def test_half_a_character_is_no_500(api: Api, brand: dict[str, Any]) -> None:
    for url in (
        "https://example.org/\ud800",
        "https://example.org/" + "x" * 8000,
        "https://example.org/" + "x" * 200_000,
    ):
        assert api.post("/links", {"url": url}).status == 422


def test_what_a_later_release_will_do_is_refused_and_not_ignored(api: Api, brand: dict[str, Any]) -> None:
    for later in ({"password": "x"}, {"rules": [{}]}, {"campaign_id": "1"}, {"domain": "x.example"}):
        refused = api.post("/links", {"url": URL, **later})
        assert (refused.status, refused.json["error"]["code"]) == (422, "not_yet")
        assert set(refused.json["error"]["fields"]) == set(later)
    fine = {"password": None, "rules": None, "campaign_id": None, "domain": None, "code": None, "utm": None}
    assert api.post("/links", {"url": URL, **fine}).status == 201


@pytest.mark.parametrize(
    "bad",
    [{"status_code": 200}, {"max_clicks": 0}, {"expires_at": "tomorrow"}, {"expires_at": "2026-12-01T09:00:00"},
     {"tags": "x"}, {"utm": {"x": "y"}}, {"fallback_url": "http://localhost/"}, {"nonsense": 1}, {"url": 7},
     {"url": None}, {"code": "a b"}, {"code": "api"}],
)  # fmt: skip
def test_bad_fields_answer_422_and_name_themselves(api: Api, brand: dict[str, Any], bad: dict[str, Any]) -> None:
    refused = api.post("/links", {"url": URL, **bad})
    assert refused.status == 422
    assert set(refused.json["error"]["fields"]) & {next(iter(bad)), "utm"}


def test_a_taken_code_answers_409(api: Api, link: dict[str, Any]) -> None:
    taken = api.post("/links", {"url": URL, "code": "MENU"})
    assert (taken.status, taken.json["error"]["code"]) == (409, "code_taken")
    assert len(api.get("/links").json["items"]) == 1


def test_a_stale_change_answers_409_with_the_link_as_it_is(api: Api, link: dict[str, Any]) -> None:
    where = f"/links/{link['id']}"
    api.patch(where, {"version": 1, "title": "new"})
    stale = api.patch(where, {"version": 1, "title": "old"})
    assert (stale.status, stale.json["error"]["current"]["title"]) == (409, "new")


def test_a_change_is_checked_like_a_new_link(api: Api, link: dict[str, Any]) -> None:
    where = f"/links/{link['id']}"
    for bad in ({"url": "http://localhost/"}, {"url": ""}, {"code": "other"}, {"password": "x"}, {}):
        assert api.patch(where, {"version": 1, **bad}).status == (422 if bad else 200)


def test_the_same_idempotency_key_makes_one_link(api: Api, brand: dict[str, Any]) -> None:
    key = {"Idempotency-Key": "k1"}
    first, again = (api.post("/links", {"url": URL}, headers=key) for _ in range(2))
    assert first.json == again.json
    assert len(api.get("/links").json["items"]) == 1


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("contributor", 403), ("editor", 201), ("owner", 201)])
def test_editors_make_links_and_viewers_read_them(
    api: Api, brand: dict[str, Any], link: dict[str, Any], role: str, status: int
) -> None:
    bob = api.as_role(role, brand)
    assert bob.post("/links", {"url": URL, "brand_id": brand["id"]}).status == status
    where = f"/links/{link['id']}"
    assert (bob.get(where).status, bob.get(where + "/stats").status) == (200, 200)
    assert bob.patch(where, {"version": 1, "title": "x"}).status == (200 if status == 201 else 403)
    assert bob.delete(where).status == (200 if status == 201 else 403)


def test_a_stranger_learns_nothing_of_a_link(api: Api, brand: dict[str, Any], link: dict[str, Any]) -> None:
    charlie = api.as_role("owner", None)
    where = f"/links/{link['id']}"
    assert charlie.get("/links").json["items"] == []
    assert [charlie.get(where).status, charlie.get(where + "/stats").status, charlie.delete(where).status] == [404] * 3
    assert charlie.post(where + "/restore").status == 404
    assert api.anybody().get(where).status == 401


def test_lists_go_by_page_by_address_and_by_text(api: Api, brand: dict[str, Any]) -> None:
    made = [
        api.post("/links", {"url": f"https://example.org/{n}", "title": f"Terrasse {n}"}).json["id"] for n in range(5)
    ]
    first = api.get("/links?limit=3").json
    assert [one["id"] for one in first["items"]] == made[:1:-1]
    rest = api.get(f"/links?limit=3&cursor={first['next_cursor']}").json
    assert ([one["id"] for one in rest["items"]], rest["next_cursor"]) == (made[1::-1], None)
    assert [one["id"] for one in api.get("/links?url=https://example.org/3&limit=1").json["items"]] == [made[3]]
    assert [one["id"] for one in api.get("/links?q=terrasse%204").json["items"]] == [made[4]]
    assert api.get("/links?cursor=rubbish").status == 400
    assert api.get("/links?typo=1").status == 422


def test_statistics_of_a_link(api: Api, sqlite_runtime: Runtime, link: dict[str, Any]) -> None:
    redirect = make_redirect(sqlite_runtime)
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        Visit(redirect, "/menu", address=address, referer="https://news.example/")
    Visit(redirect, "/menu", agent="Twitterbot/1.0")
    Visit(redirect, "/menu", method="HEAD")
    where = f"/links/{link['id']}"
    day = {"at": "2026-11-23T00:00:00.000Z", "people": 3, "previews": 1, "robots": 1}
    counts = {"people": 3, "previews": 1, "robots": 1, "visitors": 2}
    assert api.get(where + "/stats").json == {**counts, "series": [day], "by": []}
    found = api.get(where + "/stats?by=hour&dimension=referrer&from=2026-11-23&to=2026-11-24").json
    assert found["series"] == [{**day, "at": "2026-11-23T09:00:00.000Z"}]
    assert found["by"] == [{"key": "news.example", "people": 3}]
    assert api.get(where + "/stats?from=2026-11-20&to=2026-11-21").json["people"] == 0
    assert api.get(where + "/stats?dimension=kind").json["by"][0] == {"key": "people", "people": 3}
    assert api.get(where).json["people"] == 3
    for bad in ("by=year", "from=x", "dimension=colour", "from=2026-11-23&to=2026-11-20"):
        assert api.get(f"{where}/stats?{bad}").status == 422
    assert ("clicks", link["id"]) in [(c["kind"], c["ref"]) for c in api.get("/changes?after=0").json["items"]]
