"""The popup: a mention appears by itself, everything has a name, it works at 320 px; and pictures of every state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.paired import Person, beside, pair, stop_worker
from tests.e2e.server import Server, running_server
from tests.extension.browser import ROOT, Extension, launch_chromium, screenshots_folder
from tests.waiting import wait_for

AXE = ROOT / "tests" / "peers" / "node_modules" / "axe-core" / "axe.min.js"
POSTS = [
    ("Maud Delcroix", "mastodon", "Quelqu’un a testé le brunch de Café Lumière dimanche ? On y va à quatre"),
    ("Tom Bauer", "bluesky", "Waited 40 minutes at Café Lumière and the order was wrong. Lovely"),
    ("akari_k", "reddit", "Coin calme pour travailler l’après-midi ? J’ai vu Café Lumière"),
    ("La Voix du quartier", "lavoix.example", "Les terrasses du quai rouvrent samedi : Café Lumière, Le Ponton"),
    ("sfink_", "hackernews", "Their ordering page is one static file. cafelumiere[.]example, view source"),
]
QUEUE = [
    {"id": "1", "key": "1", "at": "2026-11-23T09:00:00Z", "task": "shorten", "about": "https://guide.example/brunch",
     "ask": {}, "state": "done", "error": "", "copy": "https://lum.example/k7f3"},
    {"id": "2", "key": "2", "at": "2026-11-23T09:01:00Z", "task": "reply.save", "about": "Merci pour votre message",
     "ask": {}, "state": "waiting", "error": "", "copy": ""},
    {"id": "3", "key": "3", "at": "2026-11-23T09:02:00Z", "task": "watch.site", "about": "https://guide.example/",
     "ask": {}, "state": "failed", "error": "forbidden", "copy": ""},
]  # fmt: skip


@dataclass
class Day:
    server: Server
    chromium: Extension
    person: Person
    token: str
    brand_id: str

    def mention(self, n: int, author: str, network: str, text: str) -> None:
        body = {
            "brand_id": self.brand_id, "url": f"https://{network}.example/@x/{n}", "network": network, "author": author,
            "author_url": f"https://{network}.example/@x", "text": text, "published_at": f"2026-11-23T0{n}:30:00Z",
        }  # fmt: skip
        self.server.call("POST", "/mentions", body, token=self.token)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder: Path = tmp_path_factory.mktemp("day")
    with running_server(folder / "server") as server, launch_chromium(folder / "profile") as chromium:
        person = pair(server, chromium)
        day = Day(server, chromium, person, server.token(), person.get("/brands")["items"][0]["id"])
        for n, post in enumerate(POSTS):
            day.mention(n, *post)
        yield day


def open_popup(day: Day, *, width: int = 400, scheme: str = "light", language: str = "en") -> Page:
    day.chromium.worker().evaluate("(language) => chrome.storage.local.set({language})", language)
    page = day.chromium.context.new_page()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    beside(page, "https://other.example/t/1", "Dix adresses pour un brunch au soleil")
    page.set_viewport_size({"width": width, "height": 600})
    page.goto(day.chromium.address("popup/index.html"))
    page.locator(".bar").wait_for()
    return page


def violations(page: Page) -> list[str]:
    """What axe-core finds, one line each."""
    page.evaluate(AXE.read_text() + "; undefined")
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(({violations}) => violations)")
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def overflows(page: Page) -> list[str]:
    """Elements that stick out of the window to the right."""
    found: list[str] = page.evaluate(
        """() => {
            const out = (one) => one.getBoundingClientRect().right > innerWidth + 1;
            // What is cut on purpose ends in an ellipsis or scrolls; a control may not be cut at all.
            const clipped = (one) => {
                if (one.matches("button, a, input")) return false;
                for (let up = one.parentElement; up && up !== document.body; up = up.parentElement)
                    if (getComputedStyle(up).overflowX !== "visible" && !out(up)) return true;
                return false;
            };
            return [...document.querySelectorAll("body *")].filter((one) =>
                one.getBoundingClientRect().width > 0 && out(one) && !clipped(one)
                && !one.closest("[role=tablist], .visually-hidden")
            ).map((one) => `${one.tagName} ${one.getAttribute("class")} ${one.textContent}`);
        }"""
    )
    return found


def test_a_new_mention_appears_in_the_open_popup_and_on_the_badge(day: Day) -> None:
    page = open_popup(day)
    expect(page.get_by_text("Maud Delcroix").first).to_be_visible()
    day.mention(7, "Léa N.", "mastodon", "Merci pour l’accueil de samedi, Café Lumière")
    expect(page.get_by_text("Léa N.").first).to_be_visible()
    new = day.person.get(f"/mentions/stats?brand_id={day.brand_id}")["by_status"]["new"]
    badge = "chrome.action.getBadgeText({})"
    wait_for(lambda: day.chromium.worker().evaluate(badge) == str(new))
    page.close()


def test_an_open_popup_goes_on_hearing_after_the_worker_was_stopped(day: Day) -> None:
    page = open_popup(day)
    expect(page.get_by_text("Maud Delcroix").first).to_be_visible()
    stop_worker(day.chromium)
    day.mention(8, "Paul Verne", "mastodon", "Belle terrasse au Café Lumière ce matin")
    expect(page.get_by_text("Paul Verne").first).to_be_visible(timeout=15_000)
    page.close()


def test_the_side_panel_shows_the_same_list(day: Day) -> None:
    panel = day.chromium.open("sidepanel/index.html", width=360, height=900)
    expect(panel.get_by_text("Maud Delcroix").first).to_be_visible()
    assert violations(panel) == []
    panel.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 320])
def test_axe_finds_nothing_in_the_popup(day: Day, width: int, scheme: str) -> None:
    page = open_popup(day, width=width, scheme=scheme)
    expect(page.get_by_text("Maud Delcroix").first).to_be_visible()
    assert violations(page) == []
    assert overflows(page) == []
    page.close()
    french = open_popup(day, width=width, scheme=scheme, language="fr")
    expect(french.get_by_text("Maud Delcroix").first).to_be_visible()
    assert overflows(french) == []
    french.close()
    page = open_popup(day, width=width, scheme=scheme)
    expect(page.get_by_text("Maud Delcroix").first).to_be_visible()
    for item in ("Shorten this page", "Save a reply", "Watch a term"):
        page.get_by_role("button", name="Add", exact=True).click()
        assert violations(page) == []
        page.get_by_role("menuitem", name=item).click()
        page.get_by_role("heading", name=item).wait_for()
        assert violations(page) == []
        assert overflows(page) == []
        page.get_by_role("button", name="Back").click()
    page.close()


@pytest.mark.parametrize("width", [400, 320])
def test_axe_finds_nothing_while_connecting(day: Day, width: int, tmp_path: Path) -> None:
    with launch_chromium(tmp_path / "profile") as chromium:
        page = chromium.open(width=width)
        page.get_by_text("The server is elsewhere").click()
        assert violations(page) == []
        assert overflows(page) == []


def test_menus_work_with_the_keyboard_alone(day: Day) -> None:
    page = open_popup(day)
    add = page.get_by_role("button", name="Add", exact=True)
    add.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    expect(page.get_by_role("menuitem", name="Listen")).to_be_focused()
    for name in ("Shorten", "Save a reply"):
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("menuitem", name=name)).to_be_focused()
    page.keyboard.press("Escape")
    expect(add).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("w")
    expect(page.get_by_role("menuitem", name="Watch a term")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Words to watch")).to_be_focused()
    page.keyboard.type("j k e u ?")  # letters are text here, not keys of the list
    expect(page.get_by_label("Words to watch")).to_have_value("j k e u ?")
    page.close()


def test_the_short_link_of_a_page_shows_people_apart_from_previews_and_robots(day: Day) -> None:
    page = open_popup(day)
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("menuitem", name="Shorten this page").click()
    page.get_by_role("button", name="Shorten", exact=True).click()
    expect(page.get_by_text("This is the clean address.")).to_be_visible()
    for figure in ("people", "previews", "robots"):
        expect(page.locator(".figures").get_by_text(figure, exact=True)).to_be_visible()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("menuitem", name="Shorten this page").click()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()  # the same link is found again
    page.close()


def test_a_refused_address_is_said_in_the_language_of_the_reader(day: Day) -> None:
    page = open_popup(day, language="fr")
    page.evaluate("""() => {
        const send = chrome.runtime.sendMessage.bind(chrome.runtime);
        const refused = {error: {code: "link_private", message: "Private.", fields: {url: "Private."}}};
        chrome.runtime.sendMessage = async (message) => {
            if (!message.ask?.path?.startsWith("/links")) return send(message);
            const made = message.ask.method === "POST";
            return {ok: true, value: made ? {status: 422, body: refused} : {status: 200, body: {items: []}}};
        };
    }""")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    page.get_by_role("menuitem", name="Raccourcir cette page").click()
    page.locator(".sheet .btn.primary").click()
    expect(page.get_by_role("alert")).to_contain_text("C’est une adresse privée")
    page.close()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_every_state(day: Day, scheme: str, language: str) -> None:
    folder, tail = screenshots_folder(), f"{language}-{scheme}.png"
    page = open_popup(day, scheme=scheme, language=language)
    expect(page.get_by_text("Maud Delcroix").first).to_be_visible()
    page.screenshot(path=folder / f"popup-inbox-{tail}")
    for index, name in enumerate(("link", "reply", "term")):
        page.locator(".bar .square").first.click()
        if index == 0:
            page.screenshot(path=folder / f"popup-add-{tail}")
        page.get_by_role("menuitem").nth(index).click()
        page.locator(".sheet h1").wait_for()
        page.wait_for_timeout(150)
        page.screenshot(path=folder / f"popup-{name}-{tail}")
        page.locator(".sheet header button").click()
    page.locator(".bar .who").click()
    page.screenshot(path=folder / f"popup-brand-{tail}")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 320, "height": 600})
    page.screenshot(path=folder / f"popup-inbox-320-{tail}")
    page.set_viewport_size({"width": 400, "height": 600})
    # Away: at an address where nobody is, for this picture only.
    day.chromium.worker().evaluate("(queue) => chrome.storage.local.set({queue, server: 'http://127.0.0.1:9'})", QUEUE)
    page.reload()
    page.locator(".line.warn .btn.square").click()
    page.screenshot(path=folder / f"popup-away-{tail}")
    day.chromium.worker().evaluate("(server) => chrome.storage.local.set({queue: [], server})", day.server.base)
    day.chromium.send(page, "queue.flush")
    wait_for(lambda: day.chromium.send(page, "state")["reachable"])
    page.close()


def test_a_reply_seen_in_a_page_is_kept_with_its_address(day: Day) -> None:
    day.mention(9, "Awa Lindqvist", "bluesky", "Une table pour dix, Café Lumière ?")
    popup = day.chromium.open()
    said = {"url": "https://bluesky.example/@x/9", "status": "replied", "reply_url": "https://bluesky.example/@us/10"}
    day.chromium.send(popup, "mention.status", said)
    (mention,) = day.person.get(f"/mentions?brand_id={day.brand_id}&url={said['url']}")["items"]
    assert (mention["status"], mention["reply_url"]) == ("replied", said["reply_url"])
    popup.close()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_connecting(day: Day, scheme: str, language: str, tmp_path: Path) -> None:
    folder, tail = screenshots_folder(), f"{language}-{scheme}.png"
    with launch_chromium(tmp_path / "profile", language=language, dark=scheme == "dark") as chromium:
        page = chromium.open()
        page.locator(".pair .btn").first.wait_for()
        page.screenshot(path=folder / f"popup-connect-{tail}")
        page.locator("details.more summary").click()
        page.locator("details.more input").fill(day.server.base)
        page.screenshot(path=folder / f"popup-elsewhere-{tail}")
        page.locator("details.more .btn").click()
        page.locator("output.code").wait_for()
        page.screenshot(path=folder / f"popup-code-{tail}")
        chromium.send(page, "pair.cancel")
        asked = day.person.pending()
        day.person.post(f"/pairing/requests/{asked['id']}/refuse")
        allow = chromium.open("allow/index.html?url=https://forum.example/t/1", width=700)
        allow.locator(".allow-card").wait_for()
        allow.screenshot(path=folder / f"allow-{tail}")
