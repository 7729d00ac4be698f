"""First steps and listening, in the app beside a real server: what is typed, what goes wrong, what is remembered."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.work import Work, sticks_out, violations, working
from tests.extension.browser import EXTENSION_ID, screenshots_folder
from tests.peers.feeds import FeedServer, Said, feed_server
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

LOOKS: tuple[dict[str, Any], ...] = (
    {"width": 1280},
    {"width": 1280, "language": "fr", "dark": True},
    {"width": 360, "language": "fr"},
    {"width": 360, "dark": True},
)
VERIFIER = "v" * 43


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
    with working(tmp_path_factory.mktemp("firstrun"), places.environment()) as work:
        work.remember()
        yield work


@pytest.fixture
def work(house: Work) -> Work:
    """The server as after the brand, the browser as if it had never been here, but logged in."""
    house.begin()
    return house


@pytest.fixture
def page(work: Work) -> Page:
    return work.open("settings")


def go(page: Page, work: Work, route: str) -> None:
    page.goto("about:blank")
    page.goto(f"{work.server.base}/-/app/#/{route}")
    page.locator("main h1").first.wait_for()


def add_keyword(work: Work, query: str) -> dict[str, Any]:
    keyword: dict[str, Any] = work.api("POST", "/keywords", {"brand_id": work.brand["id"], "query": query})
    return keyword


def add_source(work: Work, url: str) -> dict[str, Any]:
    source: dict[str, Any] = work.api("POST", "/sources", {"brand_id": work.brand["id"], "url": url})
    return source


def show(work: Work, name: str, route: str, ready: str, act: Any = None) -> None:
    """The looks of a screen in a state that only `act` brings about."""
    for number, look in enumerate(LOOKS):
        page = work.open(route, **look)
        if act:
            act(page)
        page.locator(ready).first.wait_for()
        found = violations(page)
        assert not found, (look, found)
        assert not sticks_out(page), look
        # Last, since a picture of the whole page changes the window for a while.
        page.screenshot(path=screenshots_folder() / f"{name}-{number}.png", full_page=True)
        page.close()


def test_a_skipped_step_stays_skipped_and_can_be_found_again(page: Page, work: Work) -> None:
    go(page, work, "welcome")
    expect(page.get_by_role("heading", name="What shall be listened for?")).to_be_visible()
    page.get_by_role("button", name="Skip", exact=True).click()
    expect(page.get_by_role("heading", name="A dozen replies to begin with")).to_be_visible()
    go(page, work, "welcome")
    expect(page.get_by_role("heading", name="A dozen replies to begin with")).to_be_visible()
    page.locator(".firstrun-steps").get_by_role("button", name="Keyword").click()
    expect(page.get_by_role("heading", name="What shall be listened for?")).to_be_visible()


def test_countries_and_the_time_zone_are_chosen_by_name(page: Page, work: Work) -> None:
    go(page, work, "welcome?step=brand")
    page.get_by_label("Countries").select_option(label="Belgium")
    page.get_by_label("Time zone").select_option("Europe/Brussels")
    page.get_by_role("button", name="Take France away").click()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="What shall be listened for?")).to_be_visible()
    brand = work.api("GET", f"/brands/{work.brand['id']}")
    assert (brand["countries"], brand["time_zone"]) == (["BE"], "Europe/Brussels")


def test_the_first_feed_is_found_from_its_page_and_taken_back(page: Page, work: Work, places: FeedServer) -> None:
    feed = places.feed("/premier.xml", [Said("Au quai", url="https://quai.example/1")], title="La Gazette du quai")
    link = f'<link rel="alternate" type="application/rss+xml" href="{feed}">'
    url = places.put("/premier", f"<title>La Gazette</title>{link}", content_type="text/html")
    go(page, work, "welcome?step=keyword")
    page.locator(".firstrun-feed summary").click()
    address = page.get_by_label("Any address, profile, forum or podcast")
    expect(address).to_be_focused()
    address.fill(url)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Listen to it: La Gazette du quai").click()
    have = page.locator(".firstrun-feed .firstrun-have")
    expect(have).to_contain_text("La Gazette du quai")
    assert violations(page) == []
    assert not sticks_out(page)
    page.get_by_role("button", name="Undo").click()
    expect(have.locator("li")).to_have_count(0)


def test_typing_goes_on_while_slow_places_are_asked(page: Page, work: Work, places: FeedServer) -> None:
    places.slow_s["hackernews"] = 3
    try:
        go(page, work, "welcome?step=keyword")
        expect(page.get_by_text("Asking the places themselves")).to_be_visible()
        query = page.get_by_label("Words to listen for")
        query.press_sequentially(" OR terrasse")
        expect(query).to_have_value('"Café Lumière" OR terrasse')
        said = page.locator(".preview-said")
        expect(said).to_contain_text("2 in the last 30 days")
        expect(said).to_contain_text("1 on Hacker News")
    finally:
        places.slow_s.clear()


def test_a_place_that_fails_now_is_told_apart_from_one_that_never_answers(
    page: Page, work: Work, places: FeedServer
) -> None:
    places.down["hackernews"] = 503
    try:
        go(page, work, "listening?query=lumi%C3%A8re")
        expect(page.get_by_label("Words to listen for")).to_have_value("lumière")
        expect(page.get_by_text("Hacker News: answered with an error")).to_be_visible()
        cannot = page.locator(".preview summary")
        expect(cannot).to_contain_text("Instagram")
        expect(cannot).not_to_contain_text("Hacker News")
        cannot.click()
        expect(page.locator(".preview-deaf")).to_contain_text("sells its access")
    finally:
        places.down.clear()


def test_the_editor_of_a_query_lights_it_says_it_warns_and_mends(page: Page, work: Work) -> None:
    go(page, work, "listening")
    page.get_by_role("button", name="New keyword").click()
    field = page.get_by_label("Words to listen for")
    for query, marked in (
        ('"Café" AND', "AND"),
        ("café (quai", "("),
        ("📣 OR OR x", "📣"),
        ("café is:open", "is:open"),
    ):
        field.fill(query)
        expect(page.locator(".find-bad mark")).to_have_text(marked)
        expect(page.get_by_role("button", name="Listen for it")).to_be_disabled()
        field.press("Enter")
        expect(page.locator(".listening-list")).to_have_count(0)
    field.fill("café lu*")
    page.get_by_role("button", name="Take * away").click()
    expect(field).to_have_value("café lu")
    field.fill('title:café ("au soleil" OU lumi*) -bar')
    expect(page.locator(".query-said p").first).to_have_text(
        "Finds mentions with “café” in the title, with “au soleil” or anything that begins with “lumi”, without “bar”."
    )
    expect(page.locator(".query-lit .q-field")).to_have_text("title:")
    expect(page.locator(".query-lit .q-out.q-word")).to_have_text("bar")
    # The lit text lies exactly on the field's own.
    same = "(one) => { const r = one.getBoundingClientRect(); return [r.x, r.y, r.width, r.height].map(Math.round) }"
    assert page.locator(".query-lit").evaluate(same) == field.evaluate(same)
    field.fill("café -café")
    expect(page.locator(".query-advice")).to_contain_text("This can find nothing: café and café")
    field.fill("le")
    expect(page.locator(".query-advice")).to_contain_text("nearly every text")
    field.fill("`Nirgendwo Quux`")
    page.get_by_role("button", name="`Nirgendwo Quux` in any case").click()
    expect(field).to_have_value('"Nirgendwo Quux"')


def test_the_editor_of_a_query_in_both_languages_and_in_the_dark(work: Work) -> None:
    def write(page: Page) -> None:
        page.get_by_role("button", name=re.compile("New keyword|Nouveau mot")).click()
        field = page.locator(".query-field textarea")
        field.fill('title:café ("au soleil" OU lumi*) `Quai Nord` -bar -café lang:fr')
        page.locator(".query-advice").wait_for()
        page.locator(".preview-asked").wait_for()

    show(work, "query-editor", "listening", ".query-said", write)

    def mistake(page: Page) -> None:
        page.get_by_role("button", name=re.compile("New keyword|Nouveau mot")).click()
        page.locator(".query-field textarea").fill("café is:open terrasse")

    show(work, "query-wrong", "listening", ".find-fault .find-bad", mistake)


def test_the_code_is_shown_large_and_approving_it_pairs(page: Page, work: Work) -> None:
    origin = {"Origin": f"chrome-extension://{EXTENSION_ID}"}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    go(page, work, "welcome?step=pair")
    asked = work.server.call(
        "POST",
        "/pairing/requests",
        {"code": "482-913", "client": "Chromium on Linux", "challenge": challenge},
        token=work.token,
        headers=origin,
    )
    code = page.locator(".firstrun-code")
    expect(code).to_have_text("482 913")
    assert code.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 28
    show(work, "firstrun-code", "welcome?step=pair", ".firstrun-code")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved. The extension fetches its key")).to_be_visible()
    work.server.call(
        "POST", f"/pairing/requests/{asked['id']}/poll", {"verifier": VERIFIER}, token=work.token, headers=origin
    )
    expect(page.get_by_text("Chromium on Linux is paired.")).to_be_visible()
    expect(page.locator(".firstrun-steps").get_by_role("button", name="Pair (done)")).to_be_visible()


def test_starter_replies_come_in_the_chosen_form_and_are_changed_in_place(page: Page, work: Work) -> None:
    show(work, "firstrun-starters", "welcome?step=replies", ".choices")
    go(page, work, "welcome?step=replies")
    page.get_by_role("button", name="tu (familiar)").click()
    page.get_by_role("button", name="English", exact=True).click()  # French only
    page.locator(".firstrun-card .btn.primary").first.click()
    cards = page.locator(".firstrun-replies li")
    expect(cards.nth(10)).to_be_visible()
    replies = work.api("GET", f"/replies?brand_id={work.brand['id']}&limit=100")["items"]
    assert {reply["language"] for reply in replies} == {"fr"}
    words = " ".join(reply["text"].lower() for reply in replies)
    assert " vous " not in words

    box = cards.first.locator("textarea")
    title = cards.first.locator("b").inner_text()
    box.fill("Merci, à très vite.")
    box.blur()
    expect(page.get_by_text(title).last).to_be_visible()
    wait_for(
        lambda: any(
            reply["text"] == "Merci, à très vite."
            for reply in work.api("GET", f"/replies?brand_id={work.brand['id']}&limit=100")["items"]
        )
    )
    count = cards.count()
    cards.nth(1).get_by_role("button", name="Remove").click()
    expect(cards).to_have_count(count - 1)
    page.get_by_role("button", name="Undo").click()
    expect(cards).to_have_count(count)


def test_an_address_without_a_feed_is_refused_in_words(page: Page, work: Work, places: FeedServer) -> None:
    bare = places.put("/bare", "<h1>Nothing here</h1>", content_type="text/html")
    go(page, work, "sources?add=")
    address = page.get_by_label("Any address, profile, forum or podcast")
    address.fill(bare)
    look = page.locator("form", has=address).get_by_role("button", name="Look")
    look.click()
    expect(page.get_by_text("This page names no feed")).to_be_visible()
    # The page itself can be listened to.
    page.get_by_role("button", name="Watch this page for changes").click()
    wait_for(lambda: [one["kind"] for one in work.api("GET", "/sources")["items"]] == ["watch"])
    page.get_by_role("button", name="Undo").click()
    wait_for(lambda: not work.api("GET", "/sources")["items"])
    address.fill("javascript:alert(1)")
    expect(page.get_by_text("This page names no feed")).to_have_count(0)
    look.click()
    expect(page.locator(".field .wrong")).to_be_visible()
    address.fill("https://www.google.com/alerts?hl=fr")
    look.click()
    expect(page.locator(".field .wrong")).to_contain_text("This is the page where Google Alerts are managed.")


def test_a_source_that_fails_says_so_and_sleeps(page: Page, work: Work, places: FeedServer, tmp_path: Path) -> None:
    add_keyword(work, '"Café Lumière"')
    good = places.feed("/good.xml", [Said(title="Nouvelles du port")], title="Guide du port")
    add_source(work, good)
    sick = places.feed("/sick.xml", [Said(title="Au marché")], title="Journal des halles")
    source = add_source(work, sick)
    places.put("/sick.xml", "", status=500)

    def state() -> bool:
        work.api("POST", f"/sources/{source['id']}/poll")
        return bool(work.api("GET", f"/sources/{source['id']}")["state"] == "asleep")

    wait_for(state, 60)
    go(page, work, "sources")
    row = page.locator("li.source").filter(has_text="Journal des halles")
    expect(row.get_by_text("asleep", exact=True)).to_be_visible()
    expect(row).to_contain_text("answered with an error")
    expect(row).to_contain_text("last try")
    expect(row).to_contain_text("next try")
    row.locator(".source-line").click()
    row.get_by_label("What is taken").select_option("all")
    wait_for(lambda: work.api("GET", f"/sources/{source['id']}")["take"] == "all")

    def unfold(page: Page) -> None:
        page.locator(".listening-row summary").first.click()
        page.locator(".coverage > summary").click()

    show(work, "listening-full", "listening", ".coverage table", unfold)


def test_saving_a_keyword_says_what_was_there_already_and_what_a_place_cannot_be_asked(
    page: Page, work: Work, places: FeedServer
) -> None:
    add_source(work, places.feed("/port.xml", [Said(title="Regates du port", url="https://port.example/1")]))
    wait_for(lambda: work.api("GET", f"/mentions?brand_id={work.brand['id']}")["items"], 60)
    go(page, work, "listening?query=regates+title%3Aport")
    expect(page.locator(".preview-partly")).to_contain_text("Filtered here, since it cannot be asked: title:port (")
    page.get_by_role("button", name="Listen for it").click()
    toast = page.locator(".toast", has_text="is listened for now")
    expect(toast).to_contain_text("1 that was there already is in the inbox.")
    toast.get_by_role("button", name="See them").click()
    expect(page.get_by_text("Regates du port").first).to_be_visible()
