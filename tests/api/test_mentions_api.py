"""`/mentions` over HTTP."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from backend.accounts.models import IdempotencyKey
from tests.factories import Api, runtime_of

POST = {
    "url": "https://mastodon.example/@maud/1?utm_source=x",
    "network": "mastodon",
    "author": "Maud Delcroix",
    "author_url": "https://mastodon.example/@maud",
    "text": "Très déçue du Café Lumière hier soir, une heure d’attente",
    "published_at": "2026-11-22T18:00:00Z",
}


def save(api: Api, **fields: Any) -> dict[str, Any]:
    made = api.post("/mentions", {**POST, **fields})
    assert made.status == 201, made.json
    return dict(made.json)


def test_a_post_of_a_page_is_saved_once_and_joined_after_that(api: Api, brand: dict[str, Any]) -> None:
    first = save(api)
    assert first["status"] == "new"
    assert first["language"] == "fr"
    assert first["published_at"] == "2026-11-22T18:00:00.000Z"
    assert first["places"][0]["url"] == POST["url"]
    again = save(api, url="http://www.mastodon.example/@maud/1", text="", note="à rappeler", tags=["attente"])
    assert again["id"] == first["id"]
    assert (again["text"], again["note"], again["tags"]) == (POST["text"], "à rappeler", ["attente"])
    assert len(again["places"]) == 1
    assert len(api.get("/mentions").json["items"]) == 1


def test_the_same_key_saves_once_and_another_body_is_refused(api: Api, brand: dict[str, Any]) -> None:
    headers = {"Idempotency-Key": "one"}
    first = api.post("/mentions", POST, headers=headers)
    assert api.post("/mentions", POST, headers=headers).json["id"] == first.json["id"]
    assert api.post("/mentions", {**POST, "note": "x"}, headers=headers).status == 422


def test_what_is_told_once_is_not_kept_in_clear(api: Api, brand: dict[str, Any]) -> None:
    body, headers = {"name": "Karim", "brand_roles": {brand["id"]: "editor"}}, {"Idempotency-Key": "one"}
    first = api.post("/members", body, headers=headers).json
    once = first["login_link"].rpartition("/")[2]
    with runtime_of(api.app).db.write() as session:
        row = session.scalars(select(IdempotencyKey)).one()
        assert once not in row.response
    assert api.post("/members", body, headers=headers).json == first
    with runtime_of(api.app).db.write() as session:  # as an earlier release kept it
        session.scalars(select(IdempotencyKey)).one().response = json.dumps(first)
    assert api.post("/members", body, headers=headers).json == first


def test_a_change_takes_the_version_and_a_stale_one_gets_the_current_row(api: Api, brand: dict[str, Any]) -> None:
    mention = save(api)
    changed = api.patch(f"/mentions/{mention['id']}", {"status": "done", "version": mention["version"]})
    assert changed.status == 200
    assert (changed.json["status"], changed.json["version"]) == ("done", mention["version"] + 1)
    stale = api.patch(f"/mentions/{mention['id']}", {"status": "open", "version": mention["version"]})
    assert stale.status == 409
    assert stale.json["error"]["current"]["status"] == "done"
    undone = api.patch(f"/mentions/{mention['id']}", {"status": "new", "version": changed.json["version"]})
    assert undone.json["status"] == "new"
    events = api.get(f"/mentions/{mention['id']}/events").json["items"]
    assert [event["what"] for event in events] == ["created", "changed", "changed"]
    assert (events[1]["before"], events[1]["after"]) == ({"status": "new"}, {"status": "done"})


def test_what_cannot_be_set_says_which_field(api: Api, brand: dict[str, Any]) -> None:
    mention = save(api)
    path, version = f"/mentions/{mention['id']}", mention["version"]
    for field, value in (("status", "gone"), ("sentiment", "sad"), ("priority", 99), ("tags", ["x" * 61])):
        answer = api.patch(path, {field: value, "version": version})
        assert answer.status == 422, (field, answer.json)
        assert list(answer.json["error"]["fields"]) == [field]
    assert api.patch(path, {"url": "https://other.example", "version": version}).status == 422
    assert api.post("/mentions", {**POST, "url": "javascript:alert(1)"}).status == 422
    assert api.get("/mentions/999").status == 404
    assert api.get("/mentions/abc").status == 404


def test_lists_filter_and_page_newest_first(api: Api, brand: dict[str, Any]) -> None:
    for number in range(5):
        save(
            api,
            url=f"https://site.example/{number}",
            network="web" if number % 2 else "x",
            text=f"Le numéro {number} parle du café, vraiment",
            published_at=f"2026-11-2{number}T08:00:00Z" if number < 3 else f"2026-11-1{number}T08:00:00Z",
        )

    def urls(query: str) -> list[str]:
        answer = api.get(f"/mentions?{query}")
        assert answer.status == 200, answer.json
        return [item["url"][-1] for item in answer.json["items"]]

    assert urls("") == ["2", "1", "0", "4", "3"]
    assert urls("network=x") == ["2", "0", "4"]
    assert urls("since=2026-11-20&until=2026-11-22") == ["1", "0"]
    assert urls("q=cafe") == ["2", "1", "0", "4", "3"]
    assert urls('q="numero 1" OR "numero 3"') == ["1", "3"]
    assert urls("q=cafe -1 -2") == ["0", "4", "3"]
    assert urls("url=http://www.site.example/3%23top") == ["3"]
    assert urls("status=done") == []
    first = api.get("/mentions?limit=2").json
    second = api.get(f"/mentions?limit=2&cursor={first['next_cursor']}").json
    third = api.get(f"/mentions?limit=2&cursor={second['next_cursor']}").json
    assert [item["url"][-1] for page in (first, second, third) for item in page["items"]] == ["2", "1", "0", "4", "3"]
    assert third["next_cursor"] is None
    assert api.get("/mentions?cursor=abc").status == 400
    assert api.get("/mentions?colour=red").status == 422
    broken = api.get('/mentions?q="never closed')
    assert broken.status == 422
    assert broken.json["error"]["code"] == "query_syntax"


def test_what_is_put_off_leaves_new_until_then(api: Api, brand: dict[str, Any], clock: Any) -> None:
    mention = save(api)
    path = f"/mentions/{mention['id']}"
    later = api.patch(path, {"snoozed_until": "2026-11-24T08:00:00Z", "version": mention["version"]}).json
    assert later["snoozed_until"] == "2026-11-24T08:00:00.000Z"
    assert api.get("/mentions?status=new,open").json["items"] == []
    assert len(api.get("/mentions").json["items"]) == 1
    assert api.get("/mentions/stats?status=new").json["total"] == 0
    assert api.get("/mentions/stats").json["by_status"] == {"new": 1}
    assert api.get("/mentions/stats?awake=true").json["by_status"] == {}
    assert api.get("/mentions?awake=true").json["items"] == []
    clock.forward(days=1)
    assert len(api.get("/mentions?status=new,open").json["items"]) == 1
    assert api.get("/mentions/stats?awake=true").json["by_status"] == {"new": 1}


def test_many_are_changed_at_once_all_or_none(api: Api, brand: dict[str, Any]) -> None:
    ids = [save(api, url=f"https://site.example/{number}")["id"] for number in range(3)]
    assert api.post("/mentions/bulk", {"ids": [*ids, "999"], "set": {"status": "done"}}).status == 404
    assert api.get("/mentions/stats").json["by_status"] == {"new": 3}
    done = api.post("/mentions/bulk", {"ids": ids, "set": {"status": "spam"}})
    assert [item["status"] for item in done.json["items"]] == ["spam"] * 3
    assert api.get("/mentions").json["items"] == []
    assert len(api.get("/mentions?status=spam").json["items"]) == 3


def test_nothing_is_given_to_somebody_who_cannot_see_it(api: Api, brand: dict[str, Any]) -> None:
    other = api.post("/brands", {"name": "Elsewhere"}).json
    made = [
        api.post("/mentions", {"brand_id": one["id"], "url": "https://f.example/1", "text": "Hello"}).json
        for one in (brand, other)
    ]
    karim = api.post("/members", {"name": "Karim", "brand_roles": {brand["id"]: "editor"}}).json
    given = {"assignee_id": karim["id"], "version": 1}
    assert api.patch(f"/mentions/{made[0]['id']}", given).json["assignee_id"] == karim["id"]
    assert api.patch(f"/mentions/{made[1]['id']}", given).status == 404
    ids = [one["id"] for one in made]
    assert api.post("/mentions/bulk", {"ids": ids, "set": {"assignee_id": karim["id"]}}).status == 404
    assert api.get(f"/mentions/{made[1]['id']}").json["assignee_id"] is None


def test_nobody_sees_who_is_what_in_a_brand_of_others(api: Api, brand: dict[str, Any]) -> None:
    other = api.post("/brands", {"name": "Elsewhere"}).json
    roles = {brand["id"]: "editor", other["id"]: "viewer"}
    api.post("/members", {"name": "Karim", "brand_roles": roles})
    bob = api.as_role("viewer", brand)
    for who, seen in ((api, roles), (bob, {brand["id"]: "editor"})):
        (karim,) = (one for one in who.get("/members").json["items"] if one["name"] == "Karim")
        assert karim["brand_roles"] == seen


@pytest.mark.parametrize("act", ["rule:1", "answer:1", "answering:1"])
def test_no_click_takes_the_name_of_what_the_server_does(api: Api, brand: dict[str, Any], act: str) -> None:
    mention = save(api)
    path, ids = f"/mentions/{mention['id']}", [mention["id"]]
    answer = api.patch(path, {"status": "done", "version": 1, "act": act})
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, ["act"])
    assert api.post("/mentions/bulk", {"ids": ids, "set": {"status": "done"}, "act": act}).status == 422
    assert api.get(path).json["status"] == "new"


def test_figures_follow_the_filters(api: Api, brand: dict[str, Any]) -> None:
    save(api)
    save(api, url="https://x.com/a/status/2", network="x", published_at="2026-11-21T10:00:00Z")
    stats = api.get("/mentions/stats").json
    assert (stats["total"], stats["by_status"]) == (2, {"new": 2})
    assert stats["by_network"] == [{"key": "mastodon", "count": 1}, {"key": "x", "count": 1}]
    assert stats["by_day"] == [{"key": "2026-11-21", "count": 1}, {"key": "2026-11-22", "count": 1}]
    assert api.get("/mentions/stats?network=x").json["total"] == 1


def test_the_same_text_elsewhere_is_one_story_and_keeps_its_own_state(api: Api, brand: dict[str, Any]) -> None:
    first = save(api)
    second = save(api, url="https://x.com/maud/status/2", network="x")
    assert second["story_id"] == first["id"]
    assert second["story_size"] == 2
    api.patch(f"/mentions/{first['id']}", {"status": "done", "version": first["version"]})
    assert api.get(f"/mentions/{second['id']}").json["status"] == "new"
    grouped = api.get("/mentions?group=story").json["items"]
    assert [item["id"] for item in grouped] == [second["id"]]
    assert len(api.get(f"/mentions?story_id={first['id']}").json["items"]) == 2


def test_roles_hold(api: Api, brand: dict[str, Any]) -> None:
    mention = save(api)
    path, body = f"/mentions/{mention['id']}", {"status": "open", "version": mention["version"]}
    viewer, stranger = api.as_role("viewer", brand), api.as_role("viewer", None, "Charlie")
    assert viewer.get(path).status == 200
    assert viewer.patch(path, body).status == 403
    assert viewer.post("/mentions/bulk", {"ids": [mention["id"]], "set": {"status": "done"}}).status == 403
    assert stranger.get(path).status == 404
    assert stranger.patch(path, body).status == 404
    assert stranger.get("/mentions").json["items"] == []
    assert api.anybody().get(path).status == 401
    contributor = api.as_role("contributor", brand, "Bob")
    assigned = contributor.patch(path, {**body, "status": "replied", "assignee_id": "me"})
    assert assigned.json["replied_by"] == "Bob"
    assert contributor.get("/mentions?assignee=me").json["items"][0]["id"] == mention["id"]
    assert api.get(path).json["status"] == "replied"


def test_a_list_costs_the_same_number_of_queries_however_long(api: Api, brand: dict[str, Any]) -> None:
    from sqlalchemy import event

    from tests.factories import runtime_of

    engine = runtime_of(api.app).db._reader
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    def cost() -> int:
        seen.clear()
        api.get("/mentions")
        return len(seen)

    save(api)
    one = cost()
    for number in range(10):
        save(api, url=f"https://site.example/{number}")
    assert cost() == one


def test_at_fixture_is_the_moment_things_are_seen(api: Api, brand: dict[str, Any], at: datetime) -> None:
    assert save(api)["seen_at"] == "2026-11-23T09:00:00.000Z"


def test_facets_count_what_a_search_holds(api: Api, brand: dict[str, Any]) -> None:
    save(api, tags=["attente"])
    # Monday 2026-11-16 00:30 in Paris is Sunday evening in UTC.
    save(api, url="https://a.example/1", network="", text="Attente au café", published_at="2026-11-15T23:30:00Z")
    save(api, url="https://a.example/2", network="", text="Rien", published_at="2026-11-15T22:30:00Z")
    asked = "network,author,week,tag,status,assignee,keyword"
    found = api.get(f"/mentions/stats?q=attente+OR+site:a.example&facets={asked}").json
    facets = {one["name"]: [(pair["key"], pair["count"]) for pair in one["values"]] for one in found["facets"]}
    assert facets == {
        "network": [("web", 2), ("mastodon", 1)],
        "author": [("Maud Delcroix", 3)],
        "week": [("2026-11-16", 2), ("2026-11-09", 1)],
        "tag": [("attente", 1)],
        "status": [("new", 3)],
        "assignee": [],
        "keyword": [],
    }
    assert (found["total"], found["capped"], found["facets_of"], found["facets_capped"]) == (3, False, 3, False)
    assert api.get("/mentions/stats?facets=colour").status == 422


def test_a_search_says_where_its_words_stand(api: Api, brand: dict[str, Any]) -> None:
    save(api)
    (found,) = api.get("/mentions?q=lumière+author:maud+since:2026-11-22+-is:done").json["items"]
    lit = [
        (one["field"], {**POST, "title": ""}[one["field"]][one["start"] : one["end"]]) for one in found["highlights"]
    ]
    assert lit == [("text", "Lumière"), ("author", "Maud")]
    assert api.get("/mentions?q=lumière+since:2026-11-23").json["items"] == []
    refused = api.get("/mentions?q=lumière+is:openn").json["error"]
    assert (refused["code"], refused["position"]) == ("query_syntax", 11)


def test_a_list_is_read_around_above_and_below_a_mention_and_from_a_place(api: Api, brand: dict[str, Any]) -> None:
    for n in range(20):
        at = f"2026-11-22T18:{n:02}:00Z"
        save(api, url=f"https://a.example/{n}", text=f"Numéro {n} au Café Lumière", published_at=at)
    whole = [one["id"] for one in api.get("/mentions?limit=50").json["items"]]
    assert len(whole) == 20

    def part(asked: str) -> tuple[list[str], bool, bool]:
        told = api.get(f"/mentions?{asked}").json
        return [one["id"] for one in told["items"]], told["more_above"], told["next_cursor"] is not None

    assert part(f"around={whole[10]}&limit=6") == (whole[7:13], True, True)
    assert part(f"around={whole[1]}&limit=6") == (whole[0:4], False, True)
    assert part(f"around={whole[19]}&limit=6") == (whole[16:20], True, False)
    assert part(f"above={whole[10]}&limit=4") == (whole[6:10], True, True)
    assert part(f"above={whole[2]}&limit=4") == (whole[0:2], False, True)
    assert part(f"below={whole[10]}&limit=4") == (whole[11:15], True, True)
    assert part("skip=12&limit=5") == (whole[12:17], True, True)
    assert part("limit=5") == (whole[0:5], False, True)
    # What a cursor of such a part goes on with is what follows in the list.
    cursor = api.get(f"/mentions?around={whole[10]}&limit=6").json["next_cursor"]
    assert part(f"cursor={cursor}&limit=3")[0] == whole[13:16]
    # Around what the list does not hold: where it would stand.
    gone = api.get(f"/mentions/{whole[10]}").json
    api.patch(f"/mentions/{whole[10]}", {"status": "spam", "version": gone["version"]})
    assert part(f"around={whole[10]}&limit=4")[0] == [*whole[8:10], *whole[11:13]]
    assert api.get("/mentions?around=999999").status == 404


def test_the_log_names_what_takes_a_change_back_and_one_mention_of_many_can_be(api: Api, brand: dict[str, Any]) -> None:
    ids = [save(api, url=f"https://a.example/{n}", text=f"Numéro {n}")["id"] for n in range(2)]
    assert api.post("/mentions/bulk", {"ids": ids, "set": {"status": "done"}, "act": "click"}).status == 200
    event = api.get(f"/mentions/{ids[0]}/events").json["items"][-1]
    assert (event["what"], event["act"]) == ("changed", "click")
    undone = api.post("/mentions/undo", {"act": event["act"], "ids": [ids[0]]})
    assert [one["id"] for one in undone.json["items"]] == [ids[0]]
    assert [api.get(f"/mentions/{id}").json["status"] for id in ids] == ["new", "done"]
