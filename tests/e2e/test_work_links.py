"""Links: made, held back until the address is proved, changed, deleted and restored, counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.databases import free_port
from tests.e2e.work import Work, take_pictures, violations, working
from tests.waiting import wait_for

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("links")) as found:
        found.remember()
        yield found


@pytest.fixture
def work(house: Work) -> Work:
    house.begin()
    return house


def links(work: Work) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = work.api("GET", f"/links?brand_id={work.brand['id']}")["items"]
    return found


def click(url: str, agent: str = BROWSER) -> None:
    headers = {"User-Agent": agent, "Referer": "https://mastodon.social/"}
    answer = httpx.get(url, headers=headers, follow_redirects=False, trust_env=False)
    assert answer.is_redirect


def test_while_the_public_address_is_not_proved_the_clean_address_is_given_and_why_is_said(work: Work) -> None:
    page = work.open("links")
    expect(page.get_by_text("Short links are held back")).to_be_visible()
    expect(page.get_by_text("No link yet")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Address to shorten").fill("https://cafe.example/menu?a=1")
    page.keyboard.press("Enter")
    expect(page.locator(".links-made output")).to_contain_text("cafe.example/menu?a=1")
    assert "127.0.0.1" not in page.locator("main").inner_text().replace(work.server.base, "")
    page.locator(".links-made").get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("https://cafe.example/menu?a=1")
    page.close()


def test_bad_addresses_and_taken_endings_are_refused_in_words(work: Work) -> None:
    page = work.open("links")
    refused = {
        "javascript:alert(1)": "Only http and https addresses",
        "http://127.0.0.1/x": "This is a private address",
        "https://user:pw@cafe.example/": "hides its site behind a user name",
    }
    for bad, words in refused.items():
        page.get_by_label("Address to shorten").fill(bad)
        page.get_by_role("button", name="Shorten", exact=True).click()
        expect(page.get_by_text(words)).to_be_visible()
    page.get_by_role("button", name="More").click()
    for _ in range(2):
        page.get_by_label("Address to shorten").fill("https://cafe.example/brunch")
        page.get_by_label("Its ending").fill("brunch")
        page.get_by_label("Title").fill("Brunch")
        page.get_by_label("Campaign").fill("automne")
        page.get_by_role("button", name="Shorten", exact=True).click()
        expect(page.locator(".links-made")).to_be_visible()
    expect(page.get_by_text("This ending is taken.")).to_be_visible()
    [made] = [one for one in links(work) if one["code"] == "brunch"]
    assert made["utm"]["campaign"] == "automne"
    page.close()


def clicked(work: Work) -> dict[str, Any]:
    """A link that three people, a preview and a robot followed."""
    body = {"brand_id": work.brand["id"], "url": "https://cafe.example/x", "title": "Clicked"}
    made: dict[str, Any] = work.api("POST", "/links", body)
    for _ in range(3):
        click(f"{work.server.base}/{made['code']}")
    click(f"{work.server.base}/{made['code']}", "Mastodon/4.3 (http.rb/5.2; +https://mastodon.social/)")
    click(f"{work.server.base}/{made['code']}", "Googlebot/2.1 (+http://www.google.com/bot.html)")
    wait_for(lambda: work.api("GET", f"/links/{made['id']}/stats")["people"] == 3)
    return made


def test_clicks_of_people_previews_and_robots_are_shown_apart(work: Work) -> None:
    made = clicked(work)
    page = work.open(f"links?id={made['id']}")
    expect(page.locator(".links-totals dd").first).to_have_text("3")
    expect(page.locator(".links-chart p").first).to_contain_text("3 clicks by people in 30 days")
    page.keyboard.press("t")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator(".links-from")).to_contain_text("mastodon.social")
    assert violations(page) == []
    page.get_by_role("tab", name="24 hours").click()
    expect(page.locator(".links-chart p").first).to_contain_text("in 24 hours")
    page.close()


def test_a_link_leads_elsewhere_after_its_target_was_changed(work: Work) -> None:
    made = work.api("POST", "/links", {"brand_id": work.brand["id"], "url": "https://cafe.example/old"})
    page = work.open(f"links?id={made['id']}")
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Where it leads").fill("https://cafe.example/new")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It leads there from now on.")).to_be_visible()
    assert work.api("GET", f"/links/{made['id']}")["url"] == "https://cafe.example/new"
    page.close()


def test_a_deleted_link_comes_back_by_undo(work: Work) -> None:
    made = work.api(
        "POST", "/links", {"brand_id": work.brand["id"], "url": "https://cafe.example/u", "title": "Undo me"}
    )
    page = work.open("links")
    page.get_by_role("button", name="Delete the link to Undo me").click()
    expect(page.get_by_text("“Undo me” is deleted")).to_be_visible()
    wait_for(lambda: made["id"] not in [one["id"] for one in links(work)])
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".links-list").get_by_text("Undo me")).to_be_visible()
    page.close()


def test_once_proved_short_links_are_given(tmp_path_factory: pytest.TempPathFactory) -> None:
    port = free_port()
    extra = {"ENTREGENT_PUBLIC_URL": f"http://localhost:{port}"}
    with working(tmp_path_factory.mktemp("proved"), extra, port=port) as work:
        page = work.open("links")
        if not work.api("GET", "/public-address")["proved_at"]:
            page.get_by_role("button", name="Check now").click()
        wait_for(lambda: work.api("GET", "/public-address")["proved_at"])
        expect(page.get_by_text("Short links are held back")).to_be_hidden()
        page.get_by_label("Address to shorten").fill("https://cafe.example/menu")
        page.keyboard.press("Enter")
        expect(page.locator(".links-made output")).to_contain_text(f"localhost:{port}/")
        page.close()


def test_pictures_of_links(work: Work) -> None:
    made = clicked(work)
    take_pictures(work, "links", "links", ".links-list")
    take_pictures(work, "link-statistics", f"links?id={made['id']}", ".links-bars")
