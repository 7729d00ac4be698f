# ruff: noqa: E501 - scripts and markup in long lines
"""The toolbar by its keys: the command, one stop a post, keys that the person chose, and what the inbox asks for."""

from __future__ import annotations

import pytest

from tests.extension import skeletons
from tests.extension.pages import (
    BLUESKY,
    HN,
    ToolbarBrowser,
    composer_bar,
    count_marks,
    marks,
    open_panel,
)
from tests.waiting import wait_for

pytestmark = pytest.mark.browser


def test_the_command_shows_the_suggestions_of_the_nearest_post_and_keys_do_the_rest(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    browser.set_state(keywords=[])
    browser.push({"push": "toolbar.focus"})
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("Escape")
    bar = page.locator(".float .bar")
    focused = "document.activeElement.shadowRoot.activeElement.textContent"
    assert page.evaluate(focused) == "Answer"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "Save"
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    wait_for(lambda: bar.count() == 0 or None, 5)
    assert "rest" in page.evaluate("document.activeElement.shadowRoot.activeElement.className")


def test_the_command_is_for_the_box_one_has_just_come_to_also_before_its_bar_is_there(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    page.locator("textarea").first.focus()
    browser.push({"push": "toolbar.focus"})
    page.locator("entregent-bar.over .panel .s").first.wait_for()
    page.keyboard.press("1")
    wait_for(lambda: page.locator("textarea").first.input_value() or None)


def test_a_post_is_one_tab_stop_and_the_mark_names_the_key_that_the_person_has(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    browser.set_state(keywords=[], keys={"reply": "Ctrl+Shift+7", "shorten": "", "choose": "123456789", "search": "/"})
    wait_for(lambda: marks(page).nth(1).get_attribute("title") == "Entregent (Ctrl+Shift+7)" or None, 5)
    where = """() => { const at = document.activeElement; const ours = at.shadowRoot?.activeElement;
      return [at.closest('.item')?.dataset.testid ?? '', ours ? ours.className || ours.ariaLabel : at.dataset.testid ?? at.localName]; }"""
    page.locator("[data-testid=replyBtn]").nth(1).focus()
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(where))
        if stops[-1][0].endswith("nadia.example"):
            break
    ours = [stop for stop in stops if stop[1] == "rest" or stop[1] in ("Answer", "Save", "on")]
    posts = [post for post, _ in ours]
    assert len(posts) == len(set(posts)), stops
    assert len(posts) >= 2
    # Into it by an arrow, along by arrows, and out by Tab: on in the page.
    while page.evaluate(where)[1] != "rest":
        page.keyboard.press("Tab")
    here = page.evaluate(where)[0]
    page.keyboard.press("ArrowRight")
    inside = "document.activeElement.shadowRoot?.activeElement?.ariaLabel"
    assert page.evaluate(inside) == "Answer"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(inside) == "Save"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") != "entregent-bar"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(where) == [here, "rest"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.localName") != "entregent-bar"


def test_the_panel_takes_the_keys_that_the_person_chose(browser: ToolbarBrowser) -> None:
    browser.set_state(keys={"reply": "", "shorten": "", "choose": "jkl", "search": "s"})
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    panel = open_panel(page, 0)
    assert panel.locator(".s kbd").all_inner_texts() == ["j", "k", "l"]
    assert "j–l inserts it." in panel.locator(".foot").inner_text()
    page.keyboard.press("3")
    page.keyboard.press("/")
    assert panel.locator(".search").is_hidden()
    page.keyboard.press("s")
    assert panel.locator(".search").is_visible()
    page.keyboard.press("Escape")
    open_panel(page, 0)
    page.keyboard.press("l")
    wait_for(lambda: page.locator("textarea").input_value() == "Thank you for thinking of us." or None, 5)


def test_what_is_typed_into_the_search_outdates_the_answer_that_is_on_its_way(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    browser.can(slow="suggest")
    marks(page).first.locator("button").first.click()
    page.locator(".panel").wait_for()
    browser.wait_asked("suggest")
    page.keyboard.press("/")
    page.keyboard.type("thank you for")
    page.keyboard.press("Enter")
    browser.worker.evaluate("release()")  # all three replies, of which the first is another
    wait_for(lambda: page.locator("textarea").input_value(), 5)
    assert page.locator("textarea").input_value() == "Thank you for thinking of us."


def test_an_answer_that_nothing_fits_takes_no_keys_out_of_the_search(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    nothing = {"id": "78", "language": "en", "nothing_fits": True, "items": []}
    browser.can(slow="suggest", suggestions=nothing)
    marks(page).first.locator("button").first.click()
    page.locator(".panel").wait_for()
    browser.wait_asked("suggest")
    page.keyboard.press("/")
    page.keyboard.type("chi")
    browser.worker.evaluate("release()")
    wait_for(lambda: len(browser.asked("suggest")) == 2, 5)  # by now the first answer is there
    page.keyboard.type("ldren")
    assert page.locator(".panel .search").input_value() == "children"


def test_the_shorten_key_takes_the_links_of_the_box_one_writes_in(browser: ToolbarBrowser) -> None:
    page = browser.open("https://forum.example/t/1", skeletons.forum())
    ask = lambda: browser.worker.evaluate("askPage('shorten')")  # noqa: E731
    # No box: the page's own address, by the background. Nothing is said before the page listens.
    assert wait_for(lambda: [said] if (said := ask()) is not None else None, 5) == [False]
    box = page.locator("#a")
    box.fill("See https://cafelumiere.example/menu?x=1")
    composer_bar(page)
    assert ask() is True
    wait_for(lambda: box.input_value() == "See https://lum.example/x1" or None, 6)


def test_the_inbox_can_ask_for_the_suggestions_of_a_post(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread(12))
    wait_for(lambda: marks(page).count() > 3 or None, 5)
    browser.push({"push": "toolbar.answer", "url": "https://news.ycombinator.com/item?id=910"})
    page.locator(".panel .s").first.wait_for()
    assert browser.wait_asked("suggest")["post"]["url"] == "https://news.ycombinator.com/item?id=910"


def test_a_bar_that_the_pointer_leaves_folds_and_the_keys_are_on_its_mark(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    open_panel(page, 1)
    page.keyboard.press("Escape")
    page.locator(".panel").wait_for(state="detached")
    page.mouse.move(3, 3)
    page.locator(".float").first.wait_for(state="detached")
    here = "document.activeElement.shadowRoot?.activeElement?.className"
    wait_for(lambda: page.evaluate(here) == "rest" or None, 3)
