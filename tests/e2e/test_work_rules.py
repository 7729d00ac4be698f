"""Rules in the app: a ready one is tried and switched on, one is built, what they did is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.work import Work, take_pictures, violations, working
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("rules")) as found:
        found.mention("The terrace is lovely, thank you all.")
        found.mention(
            "La maison recrute : offre d’emploi en cuisine, pour la saison, logement possible, écrire au chef."
        )
        found.remember()
        yield found


@pytest.fixture
def work(house: Work) -> Work:
    house.begin()
    return house


def make_rule(work: Work, **values: Any) -> dict[str, Any]:
    body = {
        "brand_id": work.brand["id"],
        "name": "Terrace",
        "when": {"event": "arrives"},
        "if": {"query": "terrace"},
        "then": {"tag": ["terrace"], "priority": 4},
        "enabled": True,
        **values,
    }
    made: dict[str, Any] = work.api("POST", "/rules", body)
    return made


def test_a_ready_rule_shows_what_it_would_have_done_and_is_switched_on(work: Work) -> None:
    page = work.open("rules")
    expect(page.get_by_text("No rule yet")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Try it: Jobs and classifieds").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 mention would have matched")
    expect(dialog).to_contain_text("La maison recrute")
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    assert violations(page) == []
    dialog.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("The rule is on")).to_be_visible()
    expect(page.locator(".rules-list").first).to_contain_text("set it to done")
    (rule,) = work.api("GET", "/rules")["items"]
    assert (rule["ready"], rule["enabled"], rule["then"]["done"]) == ("jobs", True, True)
    page.close()


def test_a_rule_is_built_tried_and_saved_by_keyboard(work: Work) -> None:
    page = work.open("rules")
    expect(page.get_by_text("Ready rules")).to_be_visible()
    page.keyboard.press("n")
    page.get_by_label("Name").fill("Terrace")
    page.get_by_label("It says").fill("terrace OR garden")
    page.get_by_label("Add tags").first.fill("terrace, outside")
    page.get_by_label("Priority").first.fill("4")
    sentence = "When a mention arrives and it says terrace OR garden, then tag it “terrace” and “outside” and set its"
    expect(page.locator(".rules-sentence")).to_contain_text(sentence)
    page.get_by_role("button", name="Try it on the last 30 days").press("Enter")
    expect(page.locator(".rules-dry")).to_contain_text("1 mention would have matched of 2")
    assert violations(page) == []
    page.get_by_label("It says").press("Enter")
    expect(page.get_by_text("The rule is saved.")).to_be_visible()
    (rule,) = work.api("GET", "/rules")["items"]
    assert (rule["then"]["tag"], rule["enabled"]) == (["terrace", "outside"], True)
    page.close()


def test_what_is_wrong_is_said_at_its_field(work: Work) -> None:
    page = work.open("rules")
    page.get_by_role("button", name="New rule").click()
    page.get_by_label("Name").fill("Wrong")
    page.get_by_label("It says").fill("(terrace")
    page.get_by_label("Priority").first.fill("4")
    page.get_by_role("button", name="Save and switch on").click()
    expect(page.get_by_label("It says")).to_have_attribute("aria-invalid", "true")
    assert work.api("GET", "/rules")["items"] == []
    page.close()


def test_what_a_rule_did_is_looked_at_and_taken_back(work: Work) -> None:
    make_rule(work)
    mention = work.mention("The terrace was full.")

    def tags() -> list[str]:
        found: list[str] = work.api("GET", f"/mentions/{mention['id']}")["tags"]
        return found

    wait_for(lambda: tags() == ["terrace"], timeout_s=30)
    page = work.open("rules")
    page.get_by_role("button", name="What it did: Terrace").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Tags: terrace")
    assert violations(page) == []
    dialog.get_by_role("button", name="Undo", exact=True).click()
    expect(dialog).to_contain_text("undone by")
    assert tags() == []
    page.close()


def test_rules_are_switched_ordered_and_removed_with_undo(work: Work) -> None:
    make_rule(work, name="First")
    make_rule(work, name="Second")
    page = work.open("rules")
    page.get_by_role("button", name="Run earlier: Second").click()
    expect(page.locator(".rules-list").first.locator("b").first).to_have_text("Second")
    page.get_by_label("Second: on or off").click()
    expect(page.get_by_text("The rule is off.")).to_be_visible()
    page.get_by_role("button", name="Remove: First").click()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".rules-list").first).to_contain_text("First")
    assert [rule["enabled"] for rule in work.api("GET", "/rules")["items"]] == [False, False]
    page.close()


def test_pictures(work: Work) -> None:
    make_rule(work)
    make_rule(
        work,
        name="Night",
        enabled=False,
        **{"if": {"from_hour": 22, "until_hour": 7}, "then": {"snooze_until_hour": 9}},
    )
    take_pictures(work, "rules", "rules", ".rules-row")
