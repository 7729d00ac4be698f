"""The app around the work: first steps, Today, listening, settings, in a plain tab beside the real server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.server import Server, running_server
from tests.e2e.work import Work, take_pictures, violations, working
from tests.extension.browser import Extension, launch_chromium
from tests.peers.feeds import FeedServer, Said, feed_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def places() -> Iterator[FeedServer]:
    with feed_server() as server:
        server.said += [
            Said(
                title="Les terrasses du quai rouvrent, Café Lumière en tête",
                publisher="La Voix du quartier",
                url="https://voix.example/terrasses",
            ),
            Said(title="Ten years on", text="We met at Café Lumière every Friday.", network="hackernews"),
        ]
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, places: FeedServer) -> Iterator[Work]:
    """A brand filled by `entregent demo`, and in use."""
    with working(tmp_path_factory.mktemp("demo"), places.environment()) as work:
        work.server.command("demo")
        brands = work.api("GET", "/brands")["items"]
        filled = next(brand for brand in brands if brand["id"] != work.brand["id"])
        chosen = json.dumps(json.dumps(filled["id"]))
        use = f"localStorage.getItem('entregent.brand_id') ?? localStorage.setItem('entregent.brand_id', {chosen})"
        work.context.add_init_script(use)
        work.remember()
        yield work


@pytest.fixture
def demo(house: Work) -> Work:
    house.begin()
    return house


@pytest.fixture
def fresh(tmp_path: Path, places: FeedServer) -> Iterator[tuple[Server, Extension]]:
    """A server that nobody has used yet, and a browser without extension."""
    with (
        running_server(tmp_path / "data", places.environment()) as server,
        launch_chromium(tmp_path / "profile", None) as browser,
    ):
        yield server, browser


def say(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_newcomer_is_led_from_a_brand_to_the_practice_page(fresh: tuple[Server, Extension]) -> None:
    server, browser = fresh
    page = browser.context.new_page()
    page.goto(server.login_url)
    expect(page.get_by_role("heading", name="Who is this for?")).to_be_visible()
    page.get_by_label("Name").fill("Café Lumière")
    say(page, "A place")
    say(page, "Go on")

    expect(page.get_by_role("heading", name="What shall be listened for?")).to_be_visible()
    expect(page.get_by_text("in the last 30 days")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("La Voix du quartier").first).to_be_visible()
    query = page.get_by_label("Words to listen for")
    query.fill('"Café Lumière" AND (')
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Listen for it")).to_be_disabled()
    query.fill('"Café Lumière"')
    expect(page.get_by_text("in the last 30 days")).to_be_visible(timeout=20_000)
    say(page, "Listen for it")

    expect(page.get_by_role("heading", name="A dozen replies to begin with")).to_be_visible()
    page.locator(".firstrun-card .btn.primary").first.click()
    expect(page.locator(".firstrun-replies li").nth(10)).to_be_visible()
    say(page, "Next")

    expect(page.get_by_role("heading", name="Bring it to your pages")).to_be_visible()
    expect(page.get_by_text("dist/chrome")).to_be_visible()
    page.get_by_role("tab", name="Firefox").click()
    expect(page.get_by_text("Firefox forgets an unsigned extension")).to_be_visible()
    say(page, "It is loaded")
    expect(page.get_by_role("heading", name="Pair this browser")).to_be_visible()
    say(page, "Skip")
    with browser.context.expect_page() as opened:
        page.get_by_role("link", name="Open the practice page").click()
    expect(opened.value.get_by_role("article").first).to_be_visible()
    page.locator(".firstrun-card footer .btn.primary").click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def test_every_step_can_be_skipped_and_found_again(fresh: tuple[Server, Extension]) -> None:
    server, browser = fresh
    page = browser.context.new_page()
    page.goto(server.login_url)
    for title in ("Who is this for?", "Bring it to your pages", "Pair this browser"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        say(page, "Skip")
    expect(page.get_by_role("heading", name="Try the toolbar")).to_be_visible()
    say(page, "Say who this is for")
    page.get_by_label("Name").fill("Café Lumière")
    say(page, "Go on")
    for title in ("What shall be listened for?", "A dozen replies to begin with"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        say(page, "Skip")
    expect(page.get_by_role("heading", name="Bring it to your pages")).to_be_visible()
    say(page, "To Today")
    page.get_by_role("link", name="First steps").click()
    page.locator(".firstrun-steps").get_by_role("button", name="Keyword").click()
    expect(page.get_by_role("heading", name="What shall be listened for?")).to_be_visible()


def test_whoever_is_not_logged_in_is_told_how(fresh: tuple[Server, Extension]) -> None:
    server, browser = fresh
    page = browser.context.new_page()
    page.goto(f"{server.base}/-/app/")
    expect(page.get_by_text("entregent login")).to_be_visible()


def test_today_shows_the_day_in_its_order(demo: Work) -> None:
    page = demo.open("today")
    expect(page.get_by_role("heading", level=2)).to_have_text(["To answer", "What changed", "Going out", "Needs care"])
    expect(page.locator(".today-row").first).to_be_visible()


def test_what_goes_out_next_stands_first(demo: Work) -> None:
    filled = next(brand["id"] for brand in demo.api("GET", "/brands")["items"] if brand["id"] != demo.brand["id"])
    targets = [account["id"] for account in demo.api("GET", f"/accounts?brand_id={filled}")["items"]]
    for day in (27, 24):
        schedule = {"when": "at", "at": f"{datetime.now(UTC).year + 1}-11-{day}T09:00", "zone": "Europe/Paris"}
        body = {"brand_id": filled, "text": f"Le {day}", "targets": targets, "schedule": schedule}
        demo.api("POST", "/posts", body)
    page = demo.open("today")
    expect(page.get_by_text("Le 24")).to_be_visible()
    shown = page.get_by_role("main").inner_text()
    assert shown.index("Le 24") < shown.index("Le 27")


def test_accounts_name_their_network(demo: Work) -> None:
    page = demo.open("settings?part=accounts")
    expect(page.locator(".settings-list").get_by_text("Bluesky", exact=True)).to_be_visible()


def test_on_a_narrow_screen_every_page_is_in_the_bar_or_behind_more(demo: Work) -> None:
    page = demo.open("today", width=360, height=740, language="fr")
    bar = page.locator(".nav")
    assert bar.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert bar.locator(".entry:visible").count() == 5
    bar.get_by_role("button", name="Plus de pages").click()
    assert violations(page) == []
    page.get_by_role("menuitem", name="Réglages").click()
    expect(page).to_have_url(re.compile("#/settings"))
    page.close()


def test_a_keyword_is_paused_removed_and_brought_back(demo: Work) -> None:
    page = demo.open("listening")
    page.get_by_role("button", name="New keyword").click()
    page.get_by_label("Words to listen for").fill("Lumière")
    say(page, "Listen for it")
    row = page.locator(".listening-list li").filter(has=page.get_by_text("Lumière", exact=True)).first
    row.get_by_role("button", name="Pause").click()
    expect(row.get_by_text("paused", exact=True)).to_be_visible()
    row.get_by_role("button", name="Remove").first.click()
    expect(row).to_have_count(0)
    say(page, "Undo")
    expect(row.get_by_text("paused", exact=True)).to_be_visible()


def test_a_second_member_gets_a_link_that_is_shown_once(demo: Work) -> None:
    page = demo.open("settings?part=people")
    page.get_by_label("Name").fill("Inès")
    say(page, "Add")
    expect(page.locator(".settings-secret")).to_contain_text("/-/login/")
    page.reload()
    expect(page.get_by_text("Inès")).to_be_visible()
    expect(page.locator(".settings-secret")).to_have_count(0)


def test_what_has_no_undo_asks_first(demo: Work) -> None:
    page = demo.open("settings?part=people")
    page.get_by_label("Name").fill("Awa")
    say(page, "Add")
    row = page.locator(".settings-list li", has_text="Awa")
    row.get_by_role("button", name="Remove").click()
    expect(row.get_by_role("button", name="Cancel")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(row.get_by_role("button", name="Remove")).to_be_focused()
    page.keyboard.press("Enter")
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    expect(page.locator(".settings-secret")).to_have_count(0)  # her link let nobody in any more


def test_the_language_and_the_theme_are_kept(demo: Work) -> None:
    page = demo.context.new_page()
    page.goto(f"{demo.server.base}/-/app/#/settings?part=look")
    page.get_by_label("Language").select_option("fr")
    expect(page.get_by_role("heading", name="Réglages")).to_be_visible()
    page.get_by_label("Thème").select_option("dark")
    page.reload()
    expect(page.get_by_role("heading", name="Réglages")).to_be_visible()
    assert page.evaluate("document.documentElement.style.colorScheme") == "dark"


@pytest.mark.parametrize(
    "route",
    [
        "today",
        "listening",
        "welcome?step=brand",
        "welcome?step=keyword",
        "welcome?step=replies",
        "welcome?step=extension",
        "welcome?step=pair",
        "welcome?step=practice",
        "settings?part=brand",
        "settings?part=accounts",
        "settings?part=people",
        "settings?part=devices",
        "settings?part=address",
        "settings?part=look",
        "settings?part=about",
    ],
)
def test_pictures_and_axe(demo: Work, route: str) -> None:
    name = "app-" + route.replace("?step=", "-").replace("?part=", "-")
    take_pictures(demo, name, route, ".today-card, .listening-list li, .firstrun-card, .settings-part")
