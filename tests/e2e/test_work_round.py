"""The round in the app: filled from what is known of the brand, kept in order, and told of wherever coverage is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.work import Work, take_pictures, working
from tests.waiting import wait_for

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    # Nobody outside is asked: nothing listens at this port.
    nowhere = {
        f"ENTREGENT_ENDPOINT_{kind}": "http://127.0.0.1:9"
        for kind in ("GOOGLENEWS", "BINGNEWS", "HACKERNEWS", "MASTODON")
    }
    with working(tmp_path_factory.mktemp("round"), nowhere) as work:
        handles = {"handles": {"instagram": "@cafelumiere"}, "version": work.brand["version"]}
        work.api("PATCH", f"/brands/{work.brand['id']}", handles)
        work.remember()
        yield work


@pytest.fixture
def work(desk: Work) -> Work:
    desk.begin()
    return desk


def pages(work: Work) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = work.api("GET", "/round")["items"]
    return found


def rows(page: Page) -> Any:
    return page.locator("#round .listening-row")


def test_a_round_is_filled_ordered_renamed_and_emptied_with_undo(work: Work) -> None:
    page = work.open("listening?show=round")
    expect(page.locator("#round")).to_contain_text("No page is in the round yet.")
    expect(page.get_by_role("checkbox", name="@cafelumiere own page")).to_be_checked()
    ticked = page.locator("#round").get_by_role("checkbox", checked=True).count()
    page.get_by_role("button", name=f"Add {ticked} pages").click()
    expect(rows(page)).to_have_count(ticked)
    page.get_by_label("Add any page").fill("forum.example/quartier")
    page.get_by_label("Add any page").press("Enter")
    expect(rows(page)).to_have_count(ticked + 1)
    page.get_by_label("Add any page").fill("javascript:alert(1)")
    page.get_by_label("Add any page").press("Enter")
    expect(page.locator("#round .wrong")).to_be_visible()

    last = rows(page).nth(ticked)
    expect(last).to_contain_text("never visited")
    last.get_by_role("button", name="Rename").click()
    page.get_by_label("Name", exact=True).fill("The quarter")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(rows(page).nth(ticked)).to_contain_text("The quarter")
    rows(page).nth(ticked).get_by_role("button", name="Move up").click()
    wait_for(lambda: [one["name"] for one in pages(work)][-2] == "The quarter")
    moved = rows(page).nth(ticked - 1)
    expect(moved).to_contain_text("The quarter")
    moved.get_by_role("combobox").select_option("30 days")
    wait_for(lambda: pages(work)[-2]["remind_days"] == 30)
    moved.get_by_role("button", name="Remove").click()
    expect(rows(page)).to_have_count(ticked)
    page.get_by_role("button", name="Undo").click()
    expect(rows(page).nth(ticked - 1)).to_contain_text("The quarter")

    # What a visit brought is told.
    posts = [{"url": f"https://forum.example/{n}", "text": f"Message {n}"} for n in range(3)]
    body = {"visit": "v", "act": "a", "posts": posts}
    work.api("POST", f"/round/{pages(work)[-2]['id']}/collect", body)
    expect(rows(page).nth(ticked - 1)).to_contain_text("about 3 posts a visit · 3 new at the last one")
    expect(rows(page).nth(ticked - 1)).to_contain_text("seen today")
    expect(page.locator("#round header")).to_contain_text(f"{ticked} of {ticked + 1} pages left today")


def test_coverage_says_by_the_round_and_a_keyword_adds_what_it_cannot_ask(work: Work) -> None:
    page = work.open("today")
    line = page.locator(".today-heard")
    expect(line).to_contain_text(", X, Instagram, Facebook")
    line.click()
    table = page.locator(".coverage table")
    expect(table.locator("tr", has_text="Instagram")).to_contain_text("Not at all")
    work.api("POST", "/round", {"url": "https://www.instagram.com/cafelumiere/"})
    expect(table.locator("tr", has_text="Instagram")).to_contain_text("By the round")
    expect(table.locator("tr", has_text="Instagram")).to_contain_text("1 page, visited by you")

    page.get_by_role("button", name="New keyword").click()
    page.get_by_label("Words to listen for").fill('"café lumière" OR cafelumiere')
    asked = page.locator(".preview-asked")
    asked.locator("summary").click()
    expect(asked.locator("li", has_text="Instagram")).to_contain_text("by the round")
    asked.get_by_role("button", name="Add to the round: LinkedIn").click()
    expect(asked.locator("li", has_text="LinkedIn")).to_contain_text("by the round")
    added = pages(work)[-1]
    assert added["url"].startswith("https://www.linkedin.com/search/results/content/?keywords=caf%C3%A9%20lumi%C3%A8re")
    page.get_by_role("button", name="Undo").click()
    wait_for(lambda: len(pages(work)) == 1)


def test_pages_that_nobody_saw_are_named_on_today(work: Work) -> None:
    work.api("POST", "/round", {"url": "https://www.instagram.com/cafelumiere/", "name": "Our Instagram"})
    with sqlite3.connect(work.server.database, timeout=30) as database:
        database.execute("UPDATE round_pages SET created_at = '2026-01-01 00:00:00.000000'")
    page = work.open("today")
    card = page.locator(".today-card", has_text="Needs care")
    expect(card).to_contain_text("1 page of the round waits for a visit")
    expect(card).to_contain_text("Our Instagram")
    card.locator(".today-row", has_text="round").get_by_role("button").click()
    expect(rows(page)).to_contain_text("overdue")


def test_pictures_of_the_round(work: Work) -> None:
    take_pictures(work, "round-first", "listening?show=round", "#round .round-places")
    for offer in work.api("GET", "/round/offers")["items"][:6]:
        work.api("POST", "/round", {"url": offer["url"], "name": offer["name"]})
    first = pages(work)[0]
    posts = [{"url": f"https://www.instagram.com/p/{n}/", "text": f"Message {n}"} for n in range(12)]
    work.api("POST", f"/round/{first['id']}/collect", {"visit": "v", "act": "a", "posts": posts})
    take_pictures(work, "round-list", "listening?show=round", "#round .listening-row")
    take_pictures(work, "round-coverage", "listening?show=coverage", ".coverage table")
