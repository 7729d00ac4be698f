# ruff: noqa: E501 - scripts in long lines
"""Answered in the page: replies written by hand count, a second answer asks first, colleagues hear of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.extension import skeletons
from tests.extension.browser import screenshots_folder
from tests.extension.pages import (
    BLUESKY,
    HN,
    MASTODON,
    REFUSING,
    ToolbarBrowser,
    composer_bar,
    count_marks,
    marks,
    open_panel,
)
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

JEAN = "https://bsky.app/profile/jean.example/post/3kjean"
MAUD = "https://bsky.app/profile/maud.example/post/3kmaud"
#: the site's box comes so late that we looked meanwhile whether anything is open
SLOW = """(button) => button.addEventListener('click', (event) => { event.stopPropagation();
  setTimeout(() => button.click(), 1500); }, { once: true })"""
WORDS = "We have a corner for children and we open at nine."
NEW: dict[str, Any] = {"id": "31", "status": "new", "intent": "question", "replied_by": "", "assigned_to": ""}


def replied(browser: ToolbarBrowser) -> list[dict[str, Any]]:
    return [ask for ask in browser.asked("mention.status") if ask["status"] == "replied"]


def told(browser: ToolbarBrowser) -> list[tuple[str, str]]:
    return [(ask["id"], ask["doing"]) for ask in browser.asked("mention.at")]


# --- written by hand ---


def on_bluesky(page: Page) -> None:
    page.locator("[data-testid=replyBtn]").nth(1).click()
    page.locator(".ProseMirror").click()
    page.keyboard.type(WORDS)
    page.locator("[data-testid=composerPublishBtn]").click()


def on_mastodon(page: Page) -> None:
    page.locator("[data-act=reply]").nth(1).click()
    page.keyboard.type(WORDS)
    page.locator(".compose-form button[type=submit]").click()


CASES: list[tuple[str, Callable[[], str], str, Callable[[Page], None], str, str]] = [
    (BLUESKY, skeletons.bluesky_feed, JEAN, on_bluesky, "@cafelumiere.example", "https://bsky.app/profile/cafelumiere.example/post/3knew"),
    (MASTODON, skeletons.mastodon_legacy, "https://mastodon.social/@jean/3001", on_mastodon, "@cafelumiere", "https://mastodon.social/@cafelumiere/7777"),
    (MASTODON, skeletons.mastodon_redesign, "https://mastodon.social/@jean/3001", on_mastodon, "@cafelumiere", "https://mastodon.social/@cafelumiere/7777"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "html", "post", "write", "handle", "reply"), CASES, ids=["bluesky", "mastodon", "mastodon redesign"]
)
def test_a_reply_written_by_hand_to_a_post_of_the_inbox_makes_it_replied(
    browser: ToolbarBrowser,
    url: str,
    html: Callable[[], str],
    post: str,
    write: Callable[[Page], None],
    handle: str,
    reply: str,
) -> None:
    browser.set_state(handle=handle, mentions={post: NEW})
    page = browser.open(url, html())
    wait_for(lambda: marks(page).count() > 2 or None)
    write(page)
    wait_for(lambda: replied(browser), 8)
    assert replied(browser) == [{"url": post, "status": "replied", "reply_url": reply, "brand_id": "1"}]
    assert browser.asked("suggestion.feedback") == []
    assert browser.asked("mention.save") == []


def test_of_a_reply_by_hand_to_any_other_post_nothing_leaves(browser: ToolbarBrowser) -> None:
    browser.set_state(handle="@cafelumiere.example", mentions={MAUD: NEW})
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    on_bluesky(page)
    assert count_marks(page, 8) == 8
    asked = set(browser.worker.evaluate("asked.map(({request}) => request)"))
    # How this site counts (box.about) is read from what the browser keeps: host and brand, no word of the page.
    assert asked <= {"page.kit", "page.state", "page.bring", "box.about"}
    for ask in browser.asked("box.about"):  # none where one sends before the bar is there
        assert set(ask) == {"host", "limit", "brand_id"}


def test_a_page_that_presses_send_by_itself_answers_nothing(browser: ToolbarBrowser) -> None:
    browser.set_state(handle="", mentions={JEAN: NEW})
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    page.locator("[data-testid=replyBtn]").nth(1).click()
    page.locator(".ProseMirror").click()
    wait_for(lambda: told(browser), 5)
    page.wait_for_timeout(1100)  # the person's own click is over
    page.evaluate(
        f"document.querySelector('.ProseMirror').innerText = {WORDS!r}; document.querySelector('[data-testid=composerPublishBtn]').click()"
    )
    assert count_marks(page, 8) == 8
    assert replied(browser) == []


def test_a_reply_by_hand_in_a_form_that_loads_a_page_is_seen_there(browser: ToolbarBrowser) -> None:
    comment = (
        skeletons.hackernews_comment(0, 990)
        .replace(skeletons.TEXTS[0], WORDS)
        .replace("<p>A second paragraph.</p>", "")
    )
    after = skeletons.hackernews_thread().replace(
        "</tbody></table></td></tr></tbody></table></center>",
        f"{comment}</tbody></table></td></tr></tbody></table></center>",
    )
    browser.set_state(handle="", mentions={HN: NEW})
    page = browser.open(HN, lambda url: after if "/comment" in url else skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    page.locator("textarea").click()
    page.keyboard.type(WORDS)
    page.locator("input[type=submit]").click()
    page.wait_for_url("**/comment")
    wait_for(lambda: replied(browser), 8)
    assert replied(browser)[0]["reply_url"] == "https://news.ycombinator.com/item?id=990"


# --- a second answer ---


def test_a_second_answer_asks_first_with_who_and_when(browser: ToolbarBrowser) -> None:
    browser.set_state(mentions={JEAN: {**NEW, "status": "replied", "replied_by": "Ana"}})
    browser.can(at={"replied": {"by": "Ana", "at": "2026-11-20T09:00:00Z", "url": ""}, "others": []})
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    bar = marks(page).nth(1)
    bar.locator("button").first.click()
    question = page.locator(".ask")
    question.wait_for()
    assert "Ana replied to this (20 Nov" in question.inner_text()
    page.screenshot(path=screenshots_folder() / "toolbar-second-answer.png")
    assert page.locator(".panel").count() == 0
    page.keyboard.press("Escape")
    question.wait_for(state="detached")
    assert page.locator(".panel").count() == 0
    wait_for(lambda: told(browser)[-1:] == [("31", "left")] or None, 5)
    assert browser.asked("suggest") == []
    bar.locator("button").first.click()
    question.wait_for()
    page.wait_for_timeout(300)  # a question takes no answer in its first moment
    question.locator("button", has_text="Answer").click()
    page.locator(".panel .s").first.wait_for()


def test_saved_replies_in_a_box_ask_first_too(browser: ToolbarBrowser) -> None:
    browser.set_state(mentions={JEAN: {**NEW, "status": "replied", "replied_by": "Ana"}})
    browser.can(at={"replied": {"by": "Ana", "at": "2026-11-20T09:00:00Z", "url": ""}, "others": []})
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    page.locator("[data-testid=replyBtn]").nth(1).click()
    page.locator(".ProseMirror").click()
    composer_bar(page).locator("button", has_text="Saved replies").click()
    question = page.locator(".ask")
    question.wait_for()
    assert "Ana replied to this" in question.inner_text()
    assert page.locator(".panel").count() == 0
    page.wait_for_timeout(300)  # a question takes no answer in its first moment
    question.locator("button", has_text="Answer").click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("1")
    page.locator(".ProseMirror", has_text="the terrace has 30 seats").wait_for()


def test_an_answer_asks_first_while_a_colleague_is_answering(browser: ToolbarBrowser) -> None:
    browser.set_state(mentions={JEAN: NEW})
    browser.can(at={"replied": None, "others": [{"who": "Karim", "own": False}]})
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    marks(page).nth(1).locator("button").first.click()
    question = page.locator(".ask")
    question.wait_for()
    assert "Karim is answering this right now." in question.inner_text()
    browser.set_state(language="fr")
    page.keyboard.press("Escape")
    marks(page).nth(1).locator("button").first.click()
    wait_for(lambda: "Karim y répond en ce moment." in question.inner_text() or None, 5)
    page.screenshot(path=screenshots_folder() / "toolbar-second-answer-fr.png")


def test_who_answers_a_mention_in_its_page_is_told_until_it_is_over(browser: ToolbarBrowser) -> None:
    browser.set_state(mentions={JEAN: NEW})
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    # Of a post that is in no inbox nothing is told.
    marks(page).nth(2).hover()
    page.locator(".float .bar button", has_text="Answer").click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("Escape")
    assert told(browser) == []
    marks(page).nth(1).locator("button").first.click()
    page.locator(".panel .s").first.wait_for()
    assert told(browser) == [("31", "answering")]
    page.keyboard.press("3")
    box = page.locator(".ProseMirror")
    wait_for(lambda: "thinking of us" in box.inner_text() or None, 5)
    assert ("31", "left") not in told(browser)
    page.locator("[data-testid=composerPublishBtn]").click()
    wait_for(lambda: told(browser)[-1:] == [("31", "left")] or None, 5)
    # The site's own button and a box written in by hand count as much.
    page.locator("[data-testid=replyBtn]").nth(1).click()
    wait_for(lambda: told(browser)[-1:] == [("31", "answering")] or None, 5)
    page.goto("about:blank")
    wait_for(lambda: told(browser)[-1:] == [("31", "left")] or None, 5)


def test_who_goes_on_to_another_post_has_left_the_first(browser: ToolbarBrowser) -> None:
    browser.set_state(mentions={MAUD: {**NEW, "id": "32"}, JEAN: NEW})
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    open_panel(page, 1)
    assert told(browser) == [("31", "answering")]
    marks(page).nth(0).locator("button").first.click()
    wait_for(lambda: told(browser) == [("31", "answering"), ("31", "left"), ("32", "answering")] or None, 5)


def test_a_reply_on_its_way_into_a_box_that_opens_late_is_still_an_answer(browser: ToolbarBrowser) -> None:
    browser.set_state(mentions={JEAN: NEW})
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    page.locator("[data-testid=replyBtn]").nth(1).evaluate(SLOW)
    open_panel(page, 1)
    page.keyboard.press("3")
    wait_for(lambda: "thinking of us" in page.locator(".ProseMirror").inner_text() or None, 8)
    assert ("31", "left") not in told(browser)


def test_a_server_that_does_not_answer_keeps_nobody_from_answering(browser: ToolbarBrowser) -> None:
    browser.set_state(mentions={JEAN: NEW})
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    browser.can(slow="mention.at")
    marks(page).nth(1).locator("button").first.click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("Escape")
    browser.worker.evaluate("release()")
    browser.can(errors={"mention.at": {"code": "unreachable", "message": "", "queued": False}})
    browser.set_state(mentions={JEAN: {**NEW, "status": "replied", "replied_by": "Ana"}})
    marks(page).nth(1).locator("button").first.click()
    wait_for(lambda: "Ana replied to this already." in page.locator(".ask").inner_text() or None, 5)


# --- an editor that takes nothing ---


def test_what_an_editor_refuses_is_in_the_clipboard(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    page.evaluate(REFUSING)
    marks(page).first.locator("button").first.click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("3")
    notice = page.locator(".notice")
    notice.wait_for()
    assert "press Ctrl+V" in notice.inner_text()
    assert page.evaluate("document.activeElement.name") == "text", "the keys are in the box"
    page.locator("#free").click()
    page.keyboard.press("Control+v")
    wait_for(lambda: page.locator("#free").input_value() == "Thank you for thinking of us." or None, 5)
    page.screenshot(path=screenshots_folder() / "toolbar-clipboard.png")
