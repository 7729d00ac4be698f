# ruff: noqa: E501 - scripts in long lines
"""When our script works in a page, and when it rests: pages that change all the time, tabs that nobody sees."""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession, Page

from tests.extension import skeletons
from tests.extension.pages import BLUESKY, HN, ToolbarBrowser, count_marks, marks
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

FLUSHES = "performance.getEntriesByName('entregent:flush', 'measure').length"
TICK = """async (frames) => {
  const ticker = document.body.appendChild(document.createElement('div'));
  for (let n = 0; n < frames; n++) { ticker.replaceChildren(document.createElement('i')); await new Promise(requestAnimationFrame); }
}"""
MORE = """() => { const feed = document.querySelector('#feed'); const made = feed.firstElementChild.cloneNode(true);
  made.querySelectorAll('entregent-bar').forEach((bar) => bar.remove());
  made.innerHTML = made.innerHTML.replaceAll('3kmaud', '3knew' + feed.childElementCount); feed.prepend(made); scrollTo(0, 0); }"""


class World:
    """Our script's own world in a page, to count what it does."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        found: list[int] = []

        def heard(event: dict[str, object]) -> None:
            context = event["context"]
            assert isinstance(context, dict)
            if str(context["origin"]).startswith("chrome-extension://"):
                found.append(int(context["id"]))

        self._session.on("Runtime.executionContextCreated", heard)
        self._session.send("Runtime.enable")
        self._id = wait_for(lambda: found)[-1]

    def hide(self, hidden: bool) -> None:
        """Headless tabs are always "visible", also behind others: to our script, and only to it, this one is not."""
        state = "hidden" if hidden else "visible"
        script = f"""Object.defineProperty(document, 'visibilityState', {{value: '{state}', configurable: true}});
          document.dispatchEvent(new Event('visibilitychange'))"""
        self._session.send("Runtime.evaluate", {"expression": script, "contextId": self._id})

    def count(self, expression: str) -> int:
        asked = {"expression": expression, "contextId": self._id, "returnByValue": True}
        return int(self._session.send("Runtime.evaluate", asked)["result"]["value"])


def test_a_page_that_ticks_costs_little_and_its_new_posts_get_marks_all_the_same(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    world = World(page)
    before = world.count(FLUSHES)
    page.set_default_timeout(60_000)
    page.evaluate(TICK, 240)
    assert world.count(FLUSHES) - before < 80, "the pauses grow"
    page.evaluate(MORE)
    wait_for(lambda: marks(page).count() == 8 or None, 5)


#: our script's long pauses never end by themselves from now on: what is done all the same was not waited for
NEVER = """globalThis.paused = 0, globalThis.setTimeout = ((real) => (run, ms, ...more) =>
  ms >= 500 && ms <= 2000 ? (paused++, -1) : real(run, ms, ...more))(setTimeout), 1"""


@pytest.mark.parametrize("act", ["comes back", "scrolls"])
def test_a_page_that_ticked_for_long_is_awake_at_once_when_the_person(browser: ToolbarBrowser, act: str) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    page.set_default_timeout(60_000)
    page.evaluate("""() => { const ticker = document.body.appendChild(document.createElement('div'));
      let n = 0; (function tick() { if (n++ < 5000) { ticker.replaceChildren(document.createElement('i')); requestAnimationFrame(tick); } })(); }""")
    world = World(page)
    before = world.count(FLUSHES)
    wait_for(lambda: world.count(FLUSHES) - before > 45 or None, 30)  # pauses of half a second and more by now
    world.count(NEVER)
    wait_for(lambda: world.count("paused") > 0 or None)
    page.evaluate(MORE)
    if act == "scrolls":
        page.mouse.move(300, 300)
        page.mouse.wheel(0, 60)
    else:
        page.evaluate("dispatchEvent(new Event('focus'))")
    wait_for(lambda: marks(page).count() == 8 or None, 5)


def test_a_tab_that_nobody_sees_does_nothing_and_catches_up_once(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    world = World(page)
    world.hide(True)
    asked = len(browser.asked("page.state"))
    flushed = world.count(FLUSHES)
    nodes = page.evaluate("document.querySelectorAll('entregent-bar').length")
    for name in ("Musée", "Quai", "Café Lumière 2"):
        browser.set_state(brand={"id": "1", "name": name})
    page.evaluate("document.querySelector('#hnmain').after(document.querySelector('#hnmain').cloneNode(true))")
    page.wait_for_timeout(400)
    assert len(browser.asked("page.state")) == asked
    assert world.count(FLUSHES) == flushed
    assert page.evaluate("document.querySelectorAll('entregent-bar').length") == nodes * 2, "only the page's own copies"
    world.hide(False)
    wait_for(lambda: "Café Lumière 2" in (marks(page).first.text_content() or "") or None, 5)
    assert len(browser.asked("page.state")) == asked + 1
    wait_for(lambda: world.count(FLUSHES) > flushed or None, 5)
