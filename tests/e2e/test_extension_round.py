"""The round with the real server: pages opened in one tab, read at a click and not before, once each, new ones told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.databases import free_port
from tests.e2e.paired import Person, pair, stop_worker
from tests.e2e.round_pages import BLUESKY, FACEBOOK, INSTAGRAM, POST_PX, TIKTOK, Web
from tests.e2e.server import Server, running_server
from tests.e2e.snapshot import Snapshot
from tests.extension.browser import Extension, launch_chromium, screenshots_folder
from tests.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
#: nobody outside is asked: nothing listens at this port
NOWHERE = {
    f"ENTREGENT_ENDPOINT_{kind}": "http://127.0.0.1:9" for kind in ("GOOGLENEWS", "BINGNEWS", "HACKERNEWS", "MASTODON")
}
#: what a page may say of itself before anybody clicks: nothing of its posts
QUIET = {"page.kit", "page.state", "page.bring", "round.view"}
LISTEN = """() => {
  if (globalThis.heard) return
  globalThis.heard = []
  chrome.runtime.onMessage.addListener((message, sender) => {
    if (message.request && !sender.url?.startsWith('chrome-extension:')) heard.push(message)
  })
}"""


@dataclass
class Desk:
    """A browser with a round: a checked network, an unchecked one, one only to look at, one without access."""

    server: Server
    chromium: Extension
    token: str
    brand: dict[str, Any]
    pages: list[dict[str, Any]]
    web: Web = field(default_factory=Web)

    def mentions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.server.call("GET", "/mentions?limit=200", token=self.token)["items"]
        return found

    def page(self, n: int) -> Any:
        return self.server.call("GET", f"/round/{self.pages[n]['id']}", token=self.token)

    def panel(self) -> Page:
        """The side panel, in a tab."""
        return self.chromium.open("sidepanel/index.html", width=420, height=760)

    def listen(self) -> None:
        self.chromium.worker().evaluate(LISTEN)

    def heard(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.chromium.worker().evaluate("globalThis.heard")
        return found


def bar(page: Page) -> Locator:
    return page.locator("entregent-bar .round")


def press(page: Page, words: str) -> None:
    bar(page).get_by_role("button", name=words).click()


def said(page: Page) -> Locator:
    return bar(page).locator(".said")


def fill_round(server: Server, token: str) -> list[dict[str, Any]]:
    made = []
    for url, name in (
        (BLUESKY, "Bluesky: café"),
        (INSTAGRAM, "Instagram: @cafelumiere"),
        (TIKTOK, "TikTok: @cafelumiere"),
        (FACEBOOK, "Facebook: reviews"),
    ):
        made.append(server.call("POST", "/round", {"url": url, "name": name}, token=token))
    return made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Snapshot]]:
    folder = tmp_path_factory.mktemp("round")
    with (
        running_server(folder / "server", NOWHERE) as server,
        launch_chromium(folder / "profile", reduced_motion="reduce") as chromium,
    ):
        pair(server, chromium)
        token = server.token()
        brand = server.call("GET", "/brands", token=token)["items"][0]
        server.call("POST", "/keywords", {"name": "café", "query": "café"}, token=token)
        found = Desk(server, chromium, token, brand, fill_round(server, token))
        found.web.serve(chromium.context)
        yield found, Snapshot(server.database)


@pytest.fixture
def desk(shared: tuple[Desk, Snapshot]) -> Desk:
    """Nothing was visited, no round runs, and no page is open."""
    found, before = shared
    blank = found.chromium.context.new_page()
    for page in found.chromium.context.pages:
        if page is not blank:
            page.close()
    before.put_back()
    found.chromium.worker().evaluate("chrome.storage.session.remove(['rounds', 'round_place'])")
    found.web.hidden, found.web.posts = True, ()
    found.web.requests.clear()
    return found


def start(panel: Page, words: str = "Start the round") -> Page:
    with panel.context.expect_page() as opened:
        panel.get_by_role("button", name=words).click()
    page = opened.value
    page.set_viewport_size({"width": 1000, "height": 800})
    page.set_default_timeout(15_000)
    return page


def test_a_round_from_its_first_page_to_its_last(desk: Desk) -> None:
    desk.web.posts = range(12, 0, -1)
    panel = desk.panel()
    expect(panel.get_by_text("Round: 4 of 4 pages left today")).to_be_visible()
    expect(panel.get_by_text("The toolbar is not on at facebook.com")).to_be_visible()
    panel.screenshot(path=screenshots_folder() / "round-panel-start.png")
    desk.listen()
    page = start(panel)
    expect(bar(page)).to_contain_text("Bluesky: café")
    expect(bar(page)).to_contain_text("1 of 4")
    page.screenshot(path=screenshots_folder() / "round-bar-light-en.png")

    # Nothing is read, sent or scrolled by itself, nor by a key that the page made.
    page.evaluate(
        """() => dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyC', key: 'c', altKey: true, bubbles: true}))"""
    )
    before = page.evaluate("[scrollY, scrolls, [...document.querySelectorAll('.post')].map(p => p.offsetTop).join()]")
    assert before[:2] == [0, 0]
    assert {one["request"] for one in desk.heard()} <= QUIET
    assert "Message number" not in str(desk.heard())
    assert desk.mentions() == []
    assert desk.page(0)["last_visited_at"] is None
    under = bar(page).evaluate(
        """(bar) => { const {left, top, right, bottom} = bar.getBoundingClientRect()
        return [...document.querySelectorAll('button, a[href]')].filter((one) => {
          const it = one.getBoundingClientRect()
          return it.width && it.left < right && it.right > left && it.top < bottom && it.bottom > top }).length }"""
    )
    assert under == 0, "our bar lies over a button of the page"

    # What is in sight, and nothing below it; hidden posts never.
    press(page, "Collect this page")
    expect(said(page)).to_have_text("4 posts, 4 new.")
    assert [one["url"][-3:] for one in desk.mentions()] == ["k9", "k10", "k11", "k12"] or {
        one["text"].split(":")[0] for one in desk.mentions()
    } == {f"Message number {n}" for n in (12, 11, 10, 9)}
    assert {(one["source_kind"], one["network"], one["keywords"][0]["name"]) for one in desk.mentions()} == {
        ("round", "bluesky", "café")
    }
    after = page.evaluate("[scrollY, scrolls, [...document.querySelectorAll('.post')].map(p => p.offsetTop).join()]")
    assert after == before, "nothing moved"
    expect(panel.get_by_text("Round, 1 of 4: Bluesky: café")).to_be_visible()
    assert desk.page(0)["left"] is False

    # Once each, and undo takes the new ones away again.
    press(page, "Collect again")
    expect(said(page)).to_contain_text("4 posts, 0 new.")
    assert len(desk.mentions()) == 4
    page.mouse.move(500, 300)
    page.mouse.wheel(0, 20_000)
    wait_for(lambda: page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2"))
    page.keyboard.press("Alt+c")
    expect(said(page)).to_contain_text("12 posts, 8 new.")
    assert len(desk.mentions()) == 12
    press(page, "Undo")
    expect(said(page)).to_have_text("8 posts were taken back.")
    assert len(desk.mentions()) == 4
    # What the clicks before brought stays, and so the page is visited.
    expect(bar(page).get_by_role("button", name="Collect again")).to_be_visible()
    expect(bar(page).get_by_role("button", name="Mark as seen")).to_have_count(0)
    expect(panel.get_by_text("Round, 1 of 4: Bluesky: café")).to_be_visible()
    rounds = desk.chromium.worker().evaluate("chrome.storage.session.get('rounds').then(({rounds}) => rounds)")
    assert len(rounds[desk.brand["id"]]["stops"][0]["acts"]) == 2
    press(page, "Collect")
    expect(said(page)).to_contain_text("12 posts, 8 new.")

    # On, by the keyboard; to a network whose posts nobody checked: that comes first.
    page.keyboard.press("Alt+n")
    page.wait_for_url(INSTAGRAM)
    expect(bar(page)).to_contain_text("2 of 4")
    press(page, "Collect this page")
    page.locator(".card button", has_text="Yes, use them").click()
    expect(said(page)).to_have_text("3 posts, 3 new.")
    assert len(desk.mentions()) == 15

    # The site leads elsewhere: said, and back in a click; also by a worker that has just begun.
    page.evaluate("location.assign('/accounts/login/?next=/cafelumiere/')")
    expect(said(page)).to_contain_text("This is not the page of the round")
    expect(bar(page).get_by_role("button", name="Collect")).to_have_count(0)
    page.screenshot(path=screenshots_folder() / "round-elsewhere.png")
    stop_worker(desk.chromium)
    press(page, "Go back to it")
    page.wait_for_url(INSTAGRAM)
    expect(said(page)).to_have_text("Visited already on this round.")
    page.evaluate("history.pushState({}, '', '/explore/')")
    expect(said(page)).to_contain_text("This is not the page of the round")
    press(page, "It is this page")
    expect(bar(page).get_by_role("button", name="Collect this page")).to_be_visible()

    # Where nothing can be collected one looks and says so.
    stop_worker(desk.chromium)
    press(page, "Next")
    page.wait_for_url(TIKTOK)
    expect(said(page)).to_contain_text("On TikTok nothing can be collected")
    press(page, "Mark as seen")
    expect(said(page)).to_have_text("Marked as seen.")
    press(page, "Undo")
    wait_for(lambda: desk.page(2)["last_visited_at"] is None)
    press(page, "Mark as seen")
    wait_for(lambda: desk.page(2)["last_visited_at"])

    # Where our bar may not stand, the panel has the buttons.
    press(page, "Next")
    page.wait_for_url(FACEBOOK)
    assert bar(page).count() == 0
    expect(panel.get_by_text("this page can only be looked at")).to_be_visible()
    panel.screenshot(path=screenshots_folder() / "round-panel-look.png")
    panel.get_by_role("button", name="Mark as seen").click()
    wait_for(lambda: desk.page(3)["last_visited_at"])
    panel.locator(".toast", has_text="Marked as seen").get_by_role("button", name="Undo").click()
    wait_for(lambda: desk.page(3)["last_visited_at"] is None)
    panel.get_by_role("button", name="Mark as seen").click()
    wait_for(lambda: desk.page(3)["last_visited_at"])
    panel.get_by_role("button", name="Finish").click()
    expect(panel.locator(".toast", has_text="Marked as seen")).to_have_count(0)  # it would be about no page
    expect(panel.get_by_text("Facebook: reviews")).to_have_count(0)
    expect(panel.get_by_text("left today")).to_have_count(0)
    # Nothing but the pages themselves was asked for.
    assert set(desk.web.requests) <= {BLUESKY, INSTAGRAM, TIKTOK, FACEBOOK, *(
        one for one in desk.web.requests if "/accounts/login" in one or "favicon" in one
    )}  # fmt: skip
    page.close()
    panel.close()


def visit(desk: Desk, panel: Page, n: int) -> Page:
    """A round of one page, in a tab of its own."""
    with desk.chromium.context.expect_page() as opened:
        desk.chromium.send(panel, "round.start", {"page_id": desk.pages[n]["id"]})
    page = opened.value
    page.set_viewport_size({"width": 1000, "height": 800})
    bar(page).wait_for()
    return page


def test_word_of_an_address_that_the_page_has_left_is_none_of_where_it_is_now(desk: Desk) -> None:
    panel = desk.panel()
    page = start(panel)
    expect(bar(page).get_by_role("button", name="Collect this page")).to_be_visible()
    before = desk.chromium.send(panel, "round.state")["view"]
    assert before["here"]
    page.evaluate("history.pushState({}, '', '/somewhere/else')")
    expect(said(page)).to_contain_text("This is not the page of the round")
    tell = """async (view) => {
      const [tab] = (await chrome.tabs.query({})).filter(({url}) => url?.endsWith('/somewhere/else'))
      await chrome.tabs.sendMessage(tab.id, {push: 'round', view})
    }"""
    panel.evaluate(tell, before)
    expect(bar(page)).to_contain_text("1 of 4")
    expect(said(page)).to_contain_text("This is not the page of the round")
    press(page, "It is this page")
    expect(bar(page).get_by_role("button", name="Collect this page")).to_be_visible()


def test_a_line_stands_above_what_was_known_and_a_mark_beside_what_is_new(desk: Desk) -> None:
    panel = desk.panel()
    desk.web.posts = range(52, 49, -1)
    page = visit(desk, panel, 0)
    press(page, "Collect this page")
    expect(said(page)).to_have_text("3 posts, 3 new.")
    expect(page.locator(".known")).to_have_count(0)  # everything is new: there is no line to draw
    expect(page.locator(".fresh")).to_have_count(3)
    press(page, "Finish")
    expect(said(page)).to_have_text("1 of 1 pages were visited.")
    press(page, "Close")
    expect(bar(page)).to_have_count(0)
    page.close()

    for look, language in (("light", "en"), ("dark", "fr")):
        desk.chromium.send(panel, "language.use", {"language": language})
        # One that is pinned above what is new was known too.
        new = (54, 53) if look == "light" else (56, 55)
        desk.web.posts = [50, *new, *range(new[-1] - 1, 49, -1)][:6]
        desk.web.hidden = False
        page = visit(desk, panel, 0)
        page.emulate_media(color_scheme=look)  # type: ignore[arg-type]  # a Literal to mypy
        tops = page.evaluate("[...document.querySelectorAll('.post')].map(p => p.getBoundingClientRect().top)")
        bar(page).locator(".btn").first.click()
        expect(page.locator(".known")).to_have_count(1)
        expect(page.locator(".fresh")).to_have_count(2)
        line = page.locator(".known").bounding_box()
        assert line
        assert abs(line["y"] + 1 - tops[3]) <= 1.5, "below the last new one, above the first known one after it"
        marks = sorted(round(page.locator(".fresh").nth(n).bounding_box()["y"]) for n in range(2))  # type: ignore[index]
        assert marks == [round(top) for top in tops[1:3]]
        page.screenshot(path=screenshots_folder() / f"round-line-{look}-{language}.png")
        # It goes with its posts, and away with another page.
        page.mouse.move(500, 300)
        page.mouse.wheel(0, POST_PX)
        wait_for(lambda page=page, line=line: abs(page.locator(".known").bounding_box()["y"] - line["y"] + POST_PX) < 2)  # type: ignore[misc]
        page.close()
        desk.chromium.send(panel, "round.end")
    desk.chromium.send(panel, "language.use", {"language": "en"})
    panel.close()


def test_a_round_whose_tab_was_closed_waits_and_goes_on_where_it_was(desk: Desk) -> None:
    panel = desk.panel()
    page = visit(desk, panel, 1)
    expect(panel.get_by_text("Round, 1 of 1: Instagram")).to_be_visible()
    page.close()
    expect(panel.get_by_text("Round paused at 1 of 1")).to_be_visible()
    stop_worker(desk.chromium)
    page = start(panel, "Go on")
    page.wait_for_url(INSTAGRAM)
    bar(page).wait_for()
    # A second window shows the same round and no second tab.
    other = desk.panel()
    tabs = len(desk.chromium.context.pages)
    other.get_by_role("button", name="Show its tab").click()
    desk.chromium.send(other, "round.start")
    assert len(desk.chromium.context.pages) == tabs
    # Other tabs, also of pages of the round, have no bar.
    second = desk.chromium.context.new_page()
    desk.web.posts = range(3, 0, -1)
    second.goto(BLUESKY)
    second.locator("entregent-bar").first.wait_for(state="attached")
    assert bar(second).count() == 0
    second.close()
    other.get_by_role("button", name="End", exact=True).click()
    expect(bar(page)).to_have_count(0)
    for one in (page, other, panel):
        one.close()


def test_the_bar_is_worked_and_moved_by_keys_alone(desk: Desk) -> None:
    panel = desk.panel()
    desk.web.posts = range(74, 70, -1)
    page = visit(desk, panel, 0)
    before = bar(page).bounding_box()
    bar(page).locator(".grip").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    moved = bar(page).bounding_box()
    assert before
    assert moved
    assert (round(moved["x"] - before["x"]), round(moved["y"] - before["y"])) == (-24, -24)
    page.keyboard.press("Tab")
    expect(bar(page).get_by_role("button", name="Collect this page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("4 new.")
    expect(bar(page).get_by_role("button", name="Finish")).to_be_focused()  # Enter once more goes on
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    expect(bar(page).get_by_role("button", name="End")).to_be_focused()
    # While one writes, Alt and a letter are the page's.
    page.evaluate("document.querySelector('#feed').prepend(document.createElement('textarea'))")
    page.locator("#feed textarea").focus()
    page.keyboard.press("Alt+n")
    assert bar(page).is_visible()
    # It stands where it was put, also on the next page.
    place = bar(page).bounding_box()
    page.reload()
    bar(page).wait_for()
    wait_for(lambda: bar(page).bounding_box() and abs(bar(page).bounding_box()["x"] - place["x"]) < 60)  # type: ignore[index]
    page.close()
    desk.chromium.send(panel, "round.end")
    panel.close()


def test_a_page_joins_the_round_from_the_popup_and_by_a_right_click(desk: Desk) -> None:
    panel = desk.panel()
    added = desk.chromium.send(panel, "round.add", {"url": "https://forum.example/t/9", "title": "A forum"})
    assert added["name"] == "A forum"
    info = {"menuItemId": "round.add", "pageUrl": "https://forum.example/t/10", "editable": False}
    tab = {"id": 1, "url": info["pageUrl"], "title": "Another thread"}
    worker = desk.chromium.worker()
    worker.evaluate("([info, tab]) => chrome.contextMenus.onClicked.dispatch(info, tab)", [info, tab])
    names = wait_for(
        lambda: [
            one["name"]
            for one in desk.server.call("GET", "/round", token=desk.token)["items"]
            if one["name"] == "Another thread"
        ]
    )
    assert names == ["Another thread"]
    panel.close()


def test_what_is_collected_while_the_server_is_away_is_not_lost_and_not_doubled(tmp_path: Path) -> None:
    port = free_port()
    web = Web(posts=range(4, 0, -1))
    with launch_chromium(tmp_path / "profile") as chromium:
        web.serve(chromium.context)
        with running_server(tmp_path / "server", port=port) as server:
            pair(server, chromium)
            token = server.token()
            fill_round(server, token)
            panel = chromium.open("sidepanel/index.html")
            page = start(panel)
            bar(page).wait_for()
        press(page, "Collect this page")
        expect(said(page)).to_contain_text("4 posts are kept here until the server answers.")
        page.screenshot(path=screenshots_folder() / "round-queued.png")
        press(page, "Undo")
        expect(said(page)).to_have_text("Taken back.")
        press(page, "Collect")
        expect(said(page)).to_contain_text("4 posts are kept here")
        press(page, "Next")
        page.wait_for_url(INSTAGRAM)
        stop_worker(chromium)
        with running_server(tmp_path / "server", port=port) as server:
            person = Person(server, chromium)
            chromium.send(panel, "queue.flush")
            wait_for(lambda: len(person.get("/mentions")["items"]) == 4, 30)
            wait_for(lambda: not [one for one in chromium.stored().get("queue", []) if one["state"] == "waiting"])
            assert person.get("/round")["items"][0]["left"] is False
            chromium.send(panel, "queue.flush")
            assert len(person.get("/mentions")["items"]) == 4
