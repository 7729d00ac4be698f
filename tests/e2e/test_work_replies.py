"""Saved replies: the first dozen, writing, what is wrong said in words, doubles, delete and undo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.work import Work, take_pictures, violations, working


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("replies")) as found:
        found.remember()
        yield found


@pytest.fixture
def work(house: Work) -> Work:
    house.begin()
    return house


@pytest.fixture
def dozen(work: Work) -> list[dict[str, Any]]:
    """The first dozen, put there."""
    work.api("POST", "/replies/starters", {"brand_id": work.brand["id"]})
    return replies(work)


def replies(work: Work) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = work.api("GET", f"/replies?brand_id={work.brand['id']}&limit=200")["items"]
    return found


def test_an_empty_page_offers_a_first_dozen(work: Work) -> None:
    page = work.open("replies")
    expect(page.get_by_text("No saved reply yet")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Put the first dozen here").click()
    expect(page.locator(".replies-list li").first).to_be_visible()
    assert len(replies(work)) >= 12
    page.close()


def test_a_reply_is_written_previewed_and_saved(work: Work) -> None:
    page = work.open("replies?id=new")
    page.get_by_label("Text", exact=True).fill("Bonjour {{author.name}}, voici {{ask:numéro}} et {{nobody}}")
    expect(page.locator(".replies-preview mark")).to_have_text("[numéro]")
    expect(page.locator(".replies-preview .replies-wrong")).to_have_text("{{nobody}}")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("{{nobody}} is not known here")).to_be_visible()
    page.get_by_label("Text", exact=True).fill("Bonjour {{author.name}}, voici {{ask:numéro}}")
    page.get_by_role("button", name="Without a name").click()
    expect(page.locator(".replies-preview p").first).to_have_text("Bonjour, voici [numéro]")
    page.get_by_label("Title").fill("Numéro")
    page.get_by_label("Shortcut").fill("/numero")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“Numéro” is saved.")).to_be_visible()
    saved = next(one for one in replies(work) if one["title"] == "Numéro")
    assert (saved["shortcut"], saved["language"]) == ("numero", "fr")
    page.close()


def test_a_shortcut_or_a_text_that_is_there_already_is_said_before_saving(work: Work) -> None:
    work.api("POST", "/replies", {"brand_id": work.brand["id"], "title": "Once", "text": "The same words here, once."})
    page = work.open("replies?id=new")
    page.get_by_label("Text", exact=True).fill("the same words here once")
    expect(page.get_by_text("“Once” says the same already.")).to_be_visible()
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_label("Title")).to_have_value("Once")
    page.close()


@pytest.mark.usefixtures("dozen")
def test_what_was_typed_is_there_after_looking_at_another_one(work: Work) -> None:
    page = work.open("replies")
    rows = page.locator(".replies-list button")
    rows.nth(0).click()
    page.get_by_label("Text", exact=True).fill("half a thou")
    rows.nth(1).click()
    expect(rows.nth(0)).to_contain_text("not saved")
    rows.nth(0).click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("half a thou")
    page.close()


def test_somebody_elses_newer_text_is_not_overwritten_unseen(work: Work) -> None:
    made = work.api("POST", "/replies", {"brand_id": work.brand["id"], "title": "Shared", "text": "First words."})
    page = work.open(f"replies?id={made['id']}")
    page.get_by_label("Text", exact=True).fill("My words.")
    page.route("**/api/v1/changes*", lambda route: route.abort())
    work.api("PATCH", f"/replies/{made['id']}", {"text": "Their words.", "version": made["version"]})
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Somebody else changed this first")).to_be_visible()
    assert work.api("GET", f"/replies/{made['id']}")["text"] == "Their words."
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“Shared” is saved.")).to_be_visible()
    assert work.api("GET", f"/replies/{made['id']}")["text"] == "My words."
    page.close()


def test_a_deleted_reply_comes_back_by_undo(work: Work) -> None:
    made = work.api("POST", "/replies", {"brand_id": work.brand["id"], "title": "Gone soon", "text": "Bye for now."})
    page = work.open(f"replies?id={made['id']}")
    page.get_by_role("button", name="Delete this reply").click()
    expect(page.get_by_text("“Gone soon” is deleted.")).to_be_visible()
    assert made["id"] not in [one["id"] for one in replies(work)]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".replies-list").get_by_text("Gone soon")).to_be_visible()
    page.close()


@pytest.mark.usefixtures("dozen")
def test_search_finds_without_accents(work: Work) -> None:
    numero = {"brand_id": work.brand["id"], "title": "Numéro", "text": "Bonjour, voici votre numéro de table."}
    work.api("POST", "/replies", numero)
    page = work.open("replies")
    page.locator(".replies-list button").first.wait_for()
    page.keyboard.press("/")
    page.keyboard.type("numero voici")
    expect(page.locator(".replies-list b")).to_have_text(["Numéro"])
    page.close()


def test_pictures_of_saved_replies(work: Work, dozen: list[dict[str, Any]]) -> None:
    take_pictures(work, "replies", "replies", ".replies-list button")
    take_pictures(work, "reply", f"replies?id={dozen[1]['id']}", ".replies-preview")
