"""What happens to the extension while a person is in the middle of something: its worker stops, its server fails, it is
updated, its access is taken back, a second tab and a private window."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.between import Between, between
from tests.e2e.paired import Person, pair, stop_worker
from tests.e2e.server import Server, running_server
from tests.extension.browser import EXTENSION_ID, Extension, launch_chromium
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
REPLY = "Yes, there is room for children outside."
OTHER = "Yes, there is room outside, and the terrace is warm."


@dataclass
class Desk:
    """A browser at work, and what stands between it and its server."""

    server: Server
    between: Between
    chromium: Extension
    person: Person

    def practice(self) -> Page:
        page = self.chromium.context.new_page()
        page.set_viewport_size({"width": 1000, "height": 800})
        page.goto(f"{self.between.base}/-/practice/?lang=en")
        marks(page).nth(3).wait_for()
        return page

    def statuses(self) -> list[str]:
        return [one["status"] for one in self.person.get("/mentions?limit=50")["items"]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with (
        running_server(tmp_path / "server") as server,
        between(server.base) as stands,
        launch_chromium(tmp_path / "profile", viewport={"width": 1000, "height": 800}) as chromium,
    ):
        person = pair(replace(server, base=stands.base), chromium)
        brand = person.get("/brands")["items"][0]
        for title, text in (("Room", REPLY), ("Terrace", OTHER)):
            person.post("/replies", {"brand_id": brand["id"], "title": title, "text": text})
        yield Desk(server, stands, chromium, person)


def marks(page: Page) -> Locator:
    return page.locator("entregent-bar > .en > .rest, entregent-bar > .en > .bar")


def answer(page: Page, n: int = 0) -> Locator:
    """Press *Answer* on a post; gives the panel."""
    mark = marks(page).nth(n)
    mark.scroll_into_view_if_needed()
    if "rest" in (mark.get_attribute("class") or ""):
        mark.click()
        page.locator(".float .bar button", has_text="Answer").click()
    else:
        mark.locator("button", has_text="Answer").click()
    panel = page.locator(".panel")
    panel.wait_for()
    return panel


def test_a_worker_stopped_between_answer_and_choice_and_between_choice_and_sending(desk: Desk) -> None:
    page = desk.practice()
    panel = answer(page)
    expect(panel.locator(".s")).to_have_count(2)
    page.keyboard.press("/")
    page.keyboard.type("children")
    expect(panel.locator(".s")).to_have_count(1)  # the answer to the search, and not what stood there before it
    stop_worker(desk.chromium)
    page.keyboard.press("Enter")
    box = page.locator(".reply-box textarea")
    expect(box).to_have_value(REPLY)
    wait_for(lambda: desk.statuses() == ["open"])
    stop_worker(desk.chromium)
    page.locator(".reply-box button[type=submit]").click()
    wait_for(lambda: desk.statuses() == ["replied"])


def test_a_server_that_is_slow_or_broken_or_refuses_is_said_in_words_and_nothing_is_lost(desk: Desk) -> None:
    page = desk.practice()
    # Slow: the person is told that we look, and a key pressed meanwhile counts.
    hold = desk.between.holds["/suggestions"] = threading.Event()
    panel = answer(page)
    expect(panel.get_by_role("status")).to_have_text("Looking")
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)
    hold.set()
    desk.between.holds.clear()

    # Broken: one can write all the same, and what was written stays while the panel is closed.
    desk.between.breaks["/suggestions"] = 500
    panel = answer(page)
    expect(panel.get_by_role("alert")).to_contain_text("Something broke")
    page.keyboard.type("We open at nine.")
    page.keyboard.press("Escape")
    panel = answer(page)
    expect(panel.get_by_role("alert")).to_be_visible()
    expect(panel.locator("textarea")).to_have_value("We open at nine.")

    # Nor is it lost where the server breaks at saving what was chosen: it is in the site's box.
    desk.between.breaks.update({"/mentions": 500, "/replies": 500})
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reply-box textarea")).to_have_value("We open at nine.")
    expect(page.locator(".notice").first).to_be_visible()

    # Refused for good: nothing is offered that cannot be done, the words say what to do.
    desk.between.breaks.clear()
    desk.between.breaks["/suggestions"] = 401
    page.mouse.move(3, 3)
    panel = answer(page, 1)
    expect(page.locator(".bar", has_text="Not connected").first).to_be_visible()
    expect(page.locator(".reply-box textarea")).to_have_value("We open at nine.")


def test_an_update_under_an_open_tab_goes_on_with_the_new_script(desk: Desk) -> None:
    page = desk.practice()
    there = marks(page).count()
    page.evaluate("for (const one of document.querySelectorAll('entregent-bar')) one.dataset.before = '1'")
    desk.chromium.worker().evaluate("setTimeout(() => chrome.runtime.reload(), 50)")
    expect(page.locator("entregent-bar[data-before]")).to_have_count(0, timeout=20_000)
    expect(marks(page)).to_have_count(there, timeout=20_000)
    # What was there before stops at the first sign of life, and does not ask for anything.
    page.mouse.wheel(0, 40)
    page.mouse.wheel(0, -40)
    marks(page).nth(1).hover()
    page.wait_for_timeout(3_500)
    assert page.locator(".notice").count() == 0
    assert marks(page).count() == there
    answer(page, 1)


def test_what_a_successor_took_away_is_not_put_back_by_a_timer_of_before(desk: Desk) -> None:
    page = desk.practice()
    session = desk.chromium.context.new_cdp_session(page)
    worlds: list[dict[str, Any]] = []
    session.on("Runtime.executionContextCreated", lambda told: worlds.append(told["context"]))
    session.send("Runtime.enable")
    ours = wait_for(lambda: page.evaluate("1") and [one for one in worlds if desk.chromium.id in one["origin"]])[0]
    # Something was looked at and will be again soon; before that, all is as after an update of the extension.
    page.evaluate("document.querySelector('.post').append(document.createElement('i'))")
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    updated = """for (const api of [globalThis.browser, chrome])
        if (api) Object.defineProperty(api, "runtime", {value: {}})
      document.querySelectorAll("entregent-bar").forEach((one) => one.remove())"""
    told = session.send("Runtime.evaluate", {"expression": updated, "contextId": ours["id"]})
    assert "exceptionDetails" not in told, told
    page.wait_for_timeout(800)
    assert marks(page).count() == 0


def test_an_extension_that_was_removed_takes_its_things_away_and_says_so(desk: Desk) -> None:
    page = desk.practice()
    desk.chromium.worker().evaluate("setTimeout(() => chrome.management.uninstallSelf({showConfirmDialog: false}), 50)")

    def noticed() -> bool:
        if marks(page).count() > 1:
            marks(page).nth(1).hover()
        page.mouse.wheel(0, 40)
        page.mouse.wheel(0, -40)
        return page.locator(".notice button", has_text="Reload").count() > 0

    wait_for(noticed, 20)
    assert marks(page).count() == 0
    page.locator(".notice button", has_text="Reload").click()
    page.locator("article").first.wait_for()
    assert page.locator("entregent-bar").count() == 0


def test_a_page_that_hangs_keeps_no_news_from_the_others(desk: Desk) -> None:
    page = desk.practice()
    popup = desk.chromium.open()
    page.evaluate("void setTimeout(() => { for (const end = Date.now() + 20_000; Date.now() < end; ); })")
    brand = desk.person.get("/brands")["items"][0]["id"]
    for n in range(2):
        said = {"url": f"https://forum.example/t/{n}", "network": "forum.example", "author": f"Maud {n}", "text": "Hi"}
        desk.person.post("/mentions", {"brand_id": brand, **said})
        expect(popup.get_by_role("row").filter(has_text=f"Maud {n}")).to_be_visible(timeout=6_000)


def test_two_tabs_tell_the_same(desk: Desk) -> None:
    first, second = desk.practice(), desk.practice()
    first.bring_to_front()
    marks(first).nth(1).click()
    first.locator(".float .bar button", has_text="Save").click()
    wait_for(lambda: desk.statuses() == ["new"])
    popup = desk.chromium.open()
    desk.chromium.send(popup, "queue.flush")  # asks for changes now
    popup.close()
    second.bring_to_front()
    expect(second.locator("entregent-bar > .en > .bar", has_text="Saved").first).to_be_visible()


def test_a_private_window_where_the_person_allowed_it_has_the_toolbar(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with running_server(tmp_path / "server") as server:
        with launch_chromium(profile) as chromium:
            pair(server, chromium)
        preferences = profile / "Default" / "Preferences"
        data = json.loads(preferences.read_text())
        data["extensions"]["settings"][EXTENSION_ID]["incognito"] = True  # what its switch in the settings writes
        preferences.write_text(json.dumps(data))
        with launch_chromium(profile) as chromium:
            worker = chromium.worker()
            assert worker.evaluate("chrome.extension.isAllowedIncognitoAccess()")
            address = f"{server.base}/-/practice/?lang=en"
            made = worker.evaluate("url => chrome.windows.create({incognito: true, url})", address)
            tab = made["tabs"][0]["id"]
            count = "() => document.querySelectorAll('entregent-bar').length"
            look = f"""tabId => chrome.scripting.executeScript({{target: {{tabId}}, func: {count}}})
                .then(([{{result}}]) => result ?? 0, () => 0)"""
            assert wait_for(lambda: worker.evaluate(look, tab) >= 4, 15)
            assert worker.evaluate("id => chrome.tabs.get(id).then(({incognito}) => incognito)", tab)
