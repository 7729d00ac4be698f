"""Rules over the API: who may what, what is refused, dry run, runs and their undo."""

from __future__ import annotations

from typing import Any

import pytest

from backend.automation.models import ChangeReader
from backend.automation.readers import plan_readers, read_on
from backend.automation.rules.book import MOST_RULES
from backend.infra.jobs import lease_due
from tests.factories import Api, runtime_of

GOOD: dict[str, Any] = {
    "name": "Terrace",
    "when": {"event": "arrives"},
    "if": {"query": "terrace"},
    "then": {"tag": ["terrace"], "priority": 4},
}


def say(api: Api, number: int, text: str = "The terrace is open") -> str:
    made = api.post("/mentions", {"url": f"https://forum.example/{number}", "network": "forum", "text": text})
    assert made.status == 201, made.json
    return str(made.json["id"])


def work(api: Api) -> None:
    runtime = runtime_of(api.app)
    now = runtime.clock.forward(seconds=6)  # type: ignore[attr-defined]  # the clock of a test
    with runtime.db.write() as session:
        leases = lease_due(session, ChangeReader, now=now, lease_s=60, limit=9, worker="t")
    for lease in leases:
        read_on(runtime, lease.ref, lease.fence)


@pytest.fixture(autouse=True)
def _readers(api: Api, brand: dict[str, Any]) -> None:
    runtime = runtime_of(api.app)
    with runtime.db.write() as session:
        plan_readers(session, now=runtime.clock())


def test_a_rule_is_made_switched_on_and_runs(api: Api) -> None:
    made = api.post("/rules", GOOD)
    assert made.status == 201, made.json
    assert (made.json["if"]["query"], made.json["enabled"], made.json["else"]["done"]) == ("terrace", False, False)
    say(api, 1)
    work(api)
    assert api.get("/rules/runs").json["items"] == []
    on = api.patch(f"/rules/{made.json['id']}", {"enabled": True, "version": made.json["version"]})
    assert on.json["enabled"]
    mention_id = say(api, 2)
    work(api)
    assert api.get(f"/mentions/{mention_id}").json["tags"] == ["terrace"]
    (run,) = api.get("/rules/runs").json["items"]
    assert (run["mention"]["id"], run["undoable"], run["before"]) == (mention_id, True, {"tags": [], "priority": 0})
    undone = api.post(f"/rules/runs/{run['id']}/undo")
    assert (undone.json["undoable"], undone.json["undone_by"]) == (False, "tests")
    assert api.get(f"/mentions/{mention_id}").json["tags"] == []


def test_all_of_a_rule_is_taken_back_even_when_it_is_removed(api: Api) -> None:
    rule = api.post("/rules", {**GOOD, "enabled": True}).json
    ids = [say(api, number) for number in range(3)]
    work(api)
    assert api.delete(f"/rules/{rule['id']}").status == 200
    assert api.get("/rules").json["items"] == []
    back = api.post(f"/rules/{rule['id']}/undo", {"since": "2026-01-01"})
    assert back.json == {"undone": 3, "kept": 0, "more": False}
    assert all(api.get(f"/mentions/{one}").json["tags"] == [] for one in ids)
    restored = api.post(f"/rules/{rule['id']}/restore")
    assert (restored.status, restored.json["enabled"]) == (200, False)


def test_a_dry_run_changes_nothing(api: Api) -> None:
    mention_id = say(api, 1)
    say(api, 2, "The kitchen")
    dry = api.post("/rules/dry-run", {name: GOOD[name] for name in ("when", "if", "then")})
    assert dry.status == 200, dry.json
    assert (dry.json["looked_at"], dry.json["then"], dry.json["would"]) == (2, 1, {"tags": 1, "priority": 1})
    (example,) = dry.json["examples"]
    assert (example["mention"]["id"], example["changes"]) == (mention_id, {"tags": ["terrace"], "priority": 4})
    assert api.get(f"/mentions/{mention_id}").json["version"] == 1


def test_the_ten_ready_rules_are_rules(api: Api, brand: dict[str, Any]) -> None:
    ready = api.get("/rules/ready").json["items"]
    assert len(ready) == 10
    assert ready[0]["name"].startswith("Les réclamations")  # the brand's first language
    for one in ready:
        body = {name: one[name] for name in ("when", "if", "then", "else")}
        if one["needs"] == "member":
            member = api.post("/members", {"name": "Awa", "brand_roles": {brand["id"]: "editor"}}).json
            body["then"]["assign"] = member["id"]
        assert api.post("/rules/dry-run", body).status == 200, one
        assert api.post("/rules", {**body, "name": one["name"], "ready": one["key"], "enabled": True}).status == 201


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"when": {"event": "sings"}}, "when.event"),
        ({"when": {"event": "waited"}}, "when"),
        ({"when": {"event": "waited", "hours": 0}}, "when.hours"),
        ({"when": {"event": "waited", "hours": "4"}}, "when.hours"),
        ({"when": {"event": "arrives", "hours": 4}}, "when"),
        ({"if": {"query": "(terrace"}}, "if.query"),
        ({"if": {"querry": "terrace"}}, "if.querry"),
        ({"if": {"keyword_id": "77"}}, "if.keyword_id"),
        ({"if": {"from_hour": 22}}, "if"),
        ({"if": {"weekdays": [7]}}, "if.weekdays.0"),
        ({"then": {}}, "then"),
        ({"then": {"done": True, "spam": True}}, "then"),
        ({"then": {"done": "yes"}}, "then.done"),
        ({"then": {"tag": ["a", "a"]}}, "then.tag"),
        ({"then": {"tag": ["x" * 61]}}, "then.tag.0"),
        ({"then": {"assign": "77"}}, "then.assign"),
        ({"if": {"query": "terrace is:mine"}}, "if.query"),
        ({"then": {"webhook": "77"}}, "then.webhook"),
        ({"then": {"priority": 1e300}}, "then.priority"),
        ({"then": {"run": "rm"}}, "then.run"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_no_rule_is_refused_field_by_field(api: Api, wrong: dict[str, Any], field: str) -> None:
    answer = api.post("/rules", {**GOOD, **wrong})
    assert answer.status == 422, answer.json
    assert field in answer.json["error"]["fields"], answer.json


def test_a_change_is_refused_as_a_whole_and_somebody_elses_is_kept(api: Api) -> None:
    rule = api.post("/rules", GOOD).json
    wrong = api.patch(f"/rules/{rule['id']}", {"then": {}, "version": 1})
    assert wrong.status == 422, wrong.json
    changed = api.patch(f"/rules/{rule['id']}", {"if": {"query": "garden"}, "version": 1})
    assert (changed.json["if"]["query"], changed.json["then"]["priority"]) == ("garden", 4)
    late = api.patch(f"/rules/{rule['id']}", {"name": "Other", "version": 1})
    assert (late.status, late.json["error"]["current"]["if"]["query"]) == (409, "garden")


def test_rules_are_put_in_order(api: Api) -> None:
    ids = [api.post("/rules", {**GOOD, "name": name}).json["id"] for name in "abc"]
    ordered = api.post("/rules/order", {"ids": [ids[2], ids[0]]}).json["items"]
    assert [rule["name"] for rule in ordered] == ["c", "a", "b"]
    assert api.post("/rules/order", {"ids": [ids[0], ids[0]]}).status == 422


def test_there_is_an_end_to_rules(api: Api) -> None:
    for _ in range(MOST_RULES):
        assert api.post("/rules", GOOD).status == 201
    assert api.post("/rules", GOOD).json["error"]["code"] == "too_many_rules"


def test_viewers_read_contributors_undo_editors_write_and_strangers_see_nothing(
    api: Api, brand: dict[str, Any]
) -> None:
    rule = api.post("/rules", {**GOOD, "enabled": True}).json
    say(api, 1)
    work(api)
    run = api.get("/rules/runs").json["items"][0]
    viewer, contributor = api.as_role("viewer", brand), api.as_role("contributor", brand)
    stranger = api.as_role("viewer", None)
    path = f"/rules/{rule['id']}"
    assert (viewer.get(path).status, stranger.get(path).status, api.anybody().get(path).status) == (200, 404, 401)
    assert stranger.get("/rules/runs").json["items"] == []
    assert contributor.patch(path, {"enabled": False, "version": 1}).status == 403
    assert contributor.post("/rules", {**GOOD, "brand_id": brand["id"]}).status == 403
    assert viewer.post(f"/rules/runs/{run['id']}/undo").status == 403
    assert contributor.post(f"/rules/runs/{run['id']}/undo").status == 200
