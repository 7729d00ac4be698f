# ruff: noqa: E501 - scripts and markup in long lines
"""The toolbar on posts and at text boxes: saving, what it says, what stands behind ⋯, what comes later."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from tests.extension import skeletons
from tests.extension.axe import axe
from tests.extension.browser import screenshots_folder
from tests.extension.pages import (
    BLUESKY,
    HN,
    MASTODON,
    ToolbarBrowser,
    composer_bar,
    count_marks,
    marks,
    open_panel,
)
from tests.extension.skeletons import every
from tests.waiting import wait_for

pytestmark = pytest.mark.browser


# --- saving, ⋯, states ---


def test_save_says_saved_and_stays_unfolded(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    assert marks(page).nth(1).get_attribute("class") == "rest"
    marks(page).nth(1).hover()
    page.locator(".float .bar button", has_text="Save").click()
    wait_for(lambda: "bar" in (marks(page).nth(1).get_attribute("class") or "") or None, 5)
    assert marks(page).nth(1).locator("button[aria-label=Saved]").count() == 1
    assert page.locator(".float .bar").count() == 0, "once, not twice"


def test_keys_that_save_stay_on_the_button_that_says_saved(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    marks(page).nth(1).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    here = "[...document.querySelectorAll('entregent-bar')].map((bar) => bar.shadowRoot.activeElement?.ariaLabel).find(Boolean)"
    wait_for(lambda: page.evaluate(here) == "Saved" or None, 5)
    assert page.locator(".float .bar").count() == 0
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(here) == "Answer"


def test_a_post_in_the_inbox_says_who_replied(browser: ToolbarBrowser) -> None:
    url = "https://bsky.app/profile/jean.example/post/3kjean"
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    browser.set_state(mentions={url + "/": {"id": "3", "status": "replied", "intent": "praise", "replied_by": "Ana"}})
    bar = marks(page).nth(1)
    wait_for(lambda: "Replied by Ana" in (bar.text_content() or "") or None, 5)
    bar.locator("button").first.click()
    page.locator(".panel .chip", has_text="praise").wait_for()


def test_a_post_says_to_whom_it_is_assigned_until_somebody_replied(browser: ToolbarBrowser) -> None:
    url = "https://bsky.app/profile/jean.example/post/3kjean"
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    mention = {"id": "3", "status": "open", "intent": None, "replied_by": "", "assigned_to": "Karim"}
    browser.set_state(mentions={url: mention})
    bar = marks(page).nth(1)
    wait_for(lambda: "Assigned to Karim" in (bar.text_content() or "") or None, 5)
    browser.set_state(mentions={url: {**mention, "status": "replied", "replied_by": "Maud"}})
    wait_for(lambda: "Replied by Maud" in (bar.text_content() or "") or None, 5)
    assert "Karim" not in (bar.text_content() or "")


def test_a_post_is_saved_with_a_note_and_tags(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7

    def open_form() -> None:
        marks(page).nth(0).locator("button[aria-haspopup=menu]").click()
        page.get_by_role("menuitem", name="Save with a note and tags").click()
        page.locator(".panel textarea").wait_for()

    open_form()
    page.keyboard.type("Call her, she has two children")
    assert axe(page, "entregent-bar") == []
    page.screenshot(path=screenshots_folder() / "toolbar-save-form.png")
    page.keyboard.press("Escape")
    page.locator(".panel").wait_for(state="detached")
    assert browser.asked("mention.save") == []
    open_form()
    assert page.locator(".panel textarea").input_value() == "Call her, she has two children", "nothing typed is lost"
    page.keyboard.press("Tab")
    page.keyboard.type("family,  to call, family,")
    page.keyboard.press("Enter")
    saved = browser.wait_asked("mention.save")
    assert saved["post"]["url"] == "https://bsky.app/profile/maud.example/post/3kmaud"
    assert (saved["note"], saved["tags"]) == ("Call her, she has two children", ["family", "to call"])
    page.locator(".notice", has_text="Saved, with what you wrote.").wait_for()
    open_form()
    assert page.locator(".panel textarea").input_value() == ""


def test_what_stands_behind_the_dots(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    dots = marks(page).first.locator("button[aria-haspopup=menu]")
    dots.click()
    page.get_by_role("menuitem", name="Share").click()
    assert browser.wait_asked("share")["url"] == "https://bsky.app/profile/maud.example/post/3kmaud"
    dots.click()
    page.get_by_role("menuitem", name="Shorten its link").click()
    page.locator(".notice", has_text="https://lum.example/x1").wait_for()
    browser.can(shorten={"url": "https://bsky.app/x?utm_source=b", "public": False, "why": "notice_not_public"})
    dots.click()
    page.get_by_role("menuitem", name="Shorten its link").click()
    page.locator(".notice", has_text="not proved yet").wait_for()
    dots.click()
    browser.worker.evaluate("canned.state.hidden = true")
    page.get_by_role("menuitem", name="Hide on bsky.app").click()
    wait_for(lambda: marks(page).count() == 0 or None, 5)
    assert browser.wait_asked("site.hide") == {"host": "bsky.app", "scope": "site"}
    browser.set_state(hidden=False)
    assert count_marks(page, 7) == 7


def test_server_away_and_not_connected_are_said_in_words(browser: ToolbarBrowser) -> None:
    browser.can(
        errors={
            "suggest": {"code": "unreachable", "message": "", "queued": False},
            "mention.save": {"code": "queued", "message": "", "queued": True},
        }
    )
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    browser.set_state(reachable=False, keywords=[])
    mark = marks(page).nth(1)
    mark.hover()
    bar = page.locator(".float .bar")
    bar.filter(has_text="Server away").wait_for()
    bar.locator("button", has_text="Save").click()
    page.locator(".float .bar button", has_text="Will be saved").wait_for()
    page.locator(".float .bar button", has_text="Answer").click()
    page.locator(".panel .why", has_text="cannot be reached").wait_for()
    page.keyboard.type("Written by hand")
    page.keyboard.press("Control+Enter")
    wait_for(lambda: "Written by hand" in page.locator(".ProseMirror").inner_text() or None, 5)
    page.locator("[data-testid=composerPublishBtn]").click()
    browser.set_state(paired=False)
    marks(page).nth(2).hover()
    page.locator(".float .bar", has_text="Not connected").locator("button", has_text="Connect").click()
    assert browser.wait_asked("open.app") == {"page": "pair"}


def test_an_older_answer_that_comes_later_changes_nothing(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    browser.worker.evaluate(
        """() => {
            globalThis.real ??= answers["page.state"];
            const before = structuredClone(canned.state), late = new Promise((done) => { globalThis.letLate = done; });
            globalThis.turns = 0;
            answers["page.state"] = (page) => (turns++ ? real(page) : late.then(() => before));
        }"""
    )
    browser.push({"push": "page.state.changed"})
    wait_for(lambda: browser.worker.evaluate("turns"))
    browser.set_state(brand={"id": "1", "name": "Quai Nord"})
    wait_for(lambda: "Quai Nord" in (marks(page).first.text_content() or "") or None, 5)
    page.evaluate(
        """() => {
            globalThis.drawn = new Set();
            globalThis.frames = 0;
            (function look() {
                frames++;
                for (const one of document.querySelectorAll("entregent-bar")) drawn.add(one.shadowRoot.textContent);
                requestAnimationFrame(look);
            })();
        }"""
    )
    browser.worker.evaluate("letLate(), answers['page.state'] = real, 1")
    # What is told next comes behind it, and it had time to be drawn.
    before = page.evaluate("frames")
    wait_for(lambda: page.evaluate("frames") > before + 30)
    browser.set_state(reachable=False)
    wait_for(lambda: "Server away" in (marks(page).first.text_content() or "") or None, 5)
    assert not [words for words in page.evaluate("[...drawn]") if "Café Lumière" in words]


def test_french_is_french(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    browser.set_state(language="fr")
    wait_for(lambda: "Répondre" in (marks(page).first.text_content() or "") or None, 5)
    marks(page).first.locator("button").first.click()
    page.locator(".panel .s").first.wait_for()
    assert "3 qui conviennent, en anglais" in page.locator(".panel").inner_text()
    assert "toolbar_" not in page.locator("entregent-bar").first.evaluate("host => host.shadowRoot.textContent")


# --- text boxes ---


def distance(one: Locator, other: Locator) -> float:
    """Between the middles of two elements, downwards."""
    boxes = [found for found in (one.bounding_box(), other.bounding_box()) if found]
    middles = [found["y"] + found["height"] / 2 for found in boxes]
    return abs(middles[0] - middles[1]) if len(middles) == 2 else float("inf")


def test_saved_replies_at_the_caret_of_any_text_box(browser: ToolbarBrowser) -> None:
    page = browser.open("https://forum.example/t/1", skeletons.forum())
    box = page.locator("#a")
    box.fill("Dear  bye")
    box.evaluate("box => box.setSelectionRange(5, 5)")
    composer_bar(page).locator("button", has_text="Saved replies").click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("3")
    wait_for(lambda: box.input_value() == "Dear Thank you for thinking of us. bye" or None, 5)
    rich = page.locator("#b")
    rich.click()
    # The bar goes from the first box to this one.
    wait_for(lambda: distance(composer_bar(page), rich) < distance(composer_bar(page), box) or None, 5)
    composer_bar(page).locator("button", has_text="Saved replies").click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("2")
    wait_for(lambda: "could you tell us your number? [Order number]" in rich.inner_text() or None, 5)
    assert not browser.asked("mention.save"), "no post, no mention"


# --- accessibility ---


def test_axe_finds_nothing_in_toolbar_panel_menu_and_notice(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    assert axe(page, "entregent-bar") == []
    marks(page).nth(2).hover()
    page.locator(".float .bar").wait_for()
    assert axe(page, "entregent-bar") == []
    page.mouse.move(2, 2)
    wait_for(lambda: page.locator(".float .bar").count() == 0 or None, 5)
    open_panel(page, 0)
    assert axe(page, "entregent-bar") == []
    page.locator(".panel .own").click()
    page.locator(".panel textarea").wait_for()
    assert axe(page, "entregent-bar") == []
    page.keyboard.press("Escape")
    marks(page).first.locator("button[aria-haspopup=menu]").click()
    assert axe(page, "entregent-bar") == []
    page.get_by_role("menuitem", name="Shorten its link").click()
    page.locator(".notice").wait_for()
    page.locator("textarea").click()
    composer_bar(page)
    assert axe(page, "entregent-bar") == []


# --- the parts of our script ---


def brought(browser: ToolbarBrowser) -> list[str]:
    return [ask["part"] for ask in browser.asked("page.bring")]


def test_a_page_that_is_only_read_gets_the_part_that_draws_and_no_more(browser: ToolbarBrowser) -> None:
    page = browser.open(MASTODON, skeletons.mastodon_legacy())
    wait_for(lambda: marks(page).count() or None)
    page.mouse.wheel(0, 400)
    assert brought(browser) == ["drawing"]
    page.locator("form.compose-form textarea").first.focus()
    composer_bar(page)
    assert brought(browser) == ["drawing", "acting", "composing"]


def test_who_answers_at_a_post_gets_the_parts_for_that_and_no_more(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    open_panel(page, 1)
    page.keyboard.press("/")
    page.keyboard.type("order")  # in a field of ours, which is no box of the page
    browser.set_state(reachable=False)
    wait_for(lambda: len(browser.asked("page.state")) > 1 or None)
    assert brought(browser) == ["drawing", "acting"]


ONE_MORE = """(post) => { const feed = document.createElement('main'); feed.id = 'feed';
  feed.append(new DOMParser().parseFromString(post, 'text/html').querySelector('#feed').children[1].cloneNode(true)); document.body.append(feed); }"""


def test_a_page_with_nothing_for_us_gets_the_first_part_alone_until_a_post_comes(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, "<!doctype html><title>Settings</title><main><button>Dark</button></main>")
    browser.wait_asked("page.state")
    page.get_by_role("button").focus()
    browser.set_state(reachable=False)
    wait_for(lambda: len(browser.asked("page.state")) == 2 or None)
    page.evaluate("document.querySelector('main').append(document.createElement('p'))")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert brought(browser) == []
    page.evaluate(ONE_MORE, skeletons.bluesky_feed())
    assert count_marks(page, 1) == 1
    assert brought(browser) == ["drawing"]


def test_what_the_person_asks_for_brings_the_part_that_draws(browser: ToolbarBrowser) -> None:
    page = browser.open("https://forum.example/", "<!doctype html><title>Nothing</title><p>Nothing</p>")
    browser.wait_asked("page.state")
    browser.push({"push": "round", "view": None})
    browser.push({"push": "notice", "text": "Copied", "copy": ""})
    page.locator(".notice", has_text="Copied").wait_for()
    assert brought(browser) == ["drawing"]


def test_the_part_that_draws_is_asked_for_again_where_it_did_not_come(browser: ToolbarBrowser) -> None:
    browser.can(errors={"page.bring": {"code": "unavailable", "message": "", "queued": False}})
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    browser.wait_asked("page.bring")
    browser.can(errors={})
    assert count_marks(page, 7) == 7


def test_a_part_of_our_script_that_did_not_come_is_said_and_asked_for_again(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    browser.can(errors={"page.bring": {"code": "unavailable", "message": "", "queued": False}})
    marks(page).nth(1).hover()
    page.locator(".float .bar button", has_text="Answer").click()
    page.locator(".notice").first.wait_for()
    assert page.locator(".panel").count() == 0
    browser.can(errors={})
    open_panel(page, 1)


#: Marks of posts that are further from the window than marks are drawn.
FAR = """() => [...document.querySelectorAll('entregent-bar')].filter((bar) => {
  const { top, bottom } = bar.closest('#feed > *').getBoundingClientRect(); return bottom < -201 || top > innerHeight + 201; }).length"""


def test_marks_that_went_out_of_sight_go_also_where_nothing_else_comes(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed(60))
    wait_for(lambda: marks(page).count() or None)
    page.evaluate(
        "for (const post of [...document.querySelectorAll('#feed > *')].slice(-3)) post.style.marginTop = '3000px'"
    )
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    wait_for(lambda: page.evaluate(FAR) == 0 or None)
    assert marks(page).count() > 0
    page.evaluate("scrollTo(0, document.body.scrollHeight - 2000)")  # between two posts: nothing is drawn there
    wait_for(lambda: marks(page).count() == 0 or None)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    wait_for(lambda: marks(page).count() or None)


def test_the_bar_of_a_round_outlives_a_background_that_was_stopped_in_the_middle(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    round_ = {
        "brand_id": "1", "brand": "Café Lumière", "page_id": "5", "name": "Bluesky", "url": BLUESKY, "at": 1, "of": 2,
        "last_visited_at": None, "visited": False, "here": True, "address": page.url, "open": True, "place": None,
    }  # fmt: skip
    browser.can(round={**round_, "here": False, "address": page.url + "explore"})
    browser.push({"push": "round", "view": round_})
    bar = page.locator("entregent-bar .round")
    bar.get_by_role("button", name="Next").wait_for()
    browser.can(errors={"round.view": {"code": "unreachable", "message": "", "queued": False}})
    page.evaluate("history.pushState({}, '', '/explore')")
    browser.wait_asked("round.view")
    browser.can(errors={})
    bar.get_by_text("This is not the page of the round").wait_for()
    assert bar.get_by_role("button", name="Next").count() == 1


# --- where it stands ---


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_the_bar_unfolds_over_its_own_row_in_the_direction_of_the_page(
    browser: ToolbarBrowser, language: str, direction: str
) -> None:
    threads = next(one for one in every.skeletons(language) if one.id == "threads feed")
    page = browser.open(threads.url, threads.html)
    assert page.evaluate("getComputedStyle(document.documentElement).direction") == direction
    mark = page.locator("entregent-bar > .en > .rest").first
    mark.scroll_into_view_if_needed()
    at = mark.bounding_box()
    mark.hover()
    bar = page.locator(".float .bar")
    bar.wait_for()
    its = bar.bounding_box()
    assert at
    assert its
    assert abs(its["y"] + its["height"] / 2 - at["y"] - at["height"] / 2) <= 1, "in its row"
    if direction == "ltr":
        assert abs(its["x"] + 4 - at["x"]) <= 1
    else:
        assert abs(its["x"] + its["width"] - 4 - at["x"] - at["width"]) <= 1
    # The mark stays where it was, and the arrow that points into the bar goes there.
    drawn = bar.locator(".mark").bounding_box()
    assert drawn
    assert at["x"] <= drawn["x"] <= at["x"] + at["width"]
    mark.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight" if direction == "ltr" else "ArrowLeft")
    assert page.evaluate("document.activeElement.shadowRoot?.activeElement?.ariaLabel") == "Save"
