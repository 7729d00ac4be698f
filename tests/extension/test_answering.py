"""From *Answer* to the site's own box: which box, what stays in it, who sends, and the panel that one chooses in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension import skeletons
from tests.extension.pages import (
    BLUESKY,
    HN,
    MASTODON,
    ToolbarBrowser,
    count_marks,
    marks,
    open_panel,
)
from tests.waiting import wait_for

pytestmark = pytest.mark.browser


# --- answering ---


def test_a_suggestion_goes_into_the_box_that_the_site_opens_and_is_not_sent(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    open_panel(page, 1)
    page.keyboard.press("1")
    box = page.locator(".ProseMirror")
    box.wait_for()
    wait_for(lambda: "the terrace has 30 seats" in box.inner_text() or None, 5)
    assert page.evaluate("window.published") is None
    assert browser.wait_asked("suggest")["post"]["author"] == "Jean Rivage"
    assert browser.wait_asked("suggestion.feedback") == {"id": "77", "reply_id": "1", "outcome": "inserted"}
    assert browser.wait_asked("mention.save")["post"]["url"] == "https://bsky.app/profile/jean.example/post/3kjean"
    assert browser.wait_asked("mention.status") == {
        "url": "https://bsky.app/profile/jean.example/post/3kjean",
        "status": "open",
        "brand_id": "1",
    }
    assert page.evaluate("window.opened") == []


def test_a_reply_that_was_sent_makes_the_mention_replied(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    browser.set_state(handle="@cafelumiere.example")
    open_panel(page, 0)
    page.keyboard.press("3")
    browser.wait_asked("mention.status")
    assert not [ask for ask in browser.asked("mention.status") if ask["status"] == "replied"]
    page.locator("[data-testid=composerPublishBtn]").click()
    replied = wait_for(lambda: [ask for ask in browser.asked("mention.status") if ask["status"] == "replied"], 5)
    assert replied == [
        {
            "url": "https://bsky.app/profile/maud.example/post/3kmaud",
            "status": "replied",
            "reply_url": "https://bsky.app/profile/cafelumiere.example/post/3knew",
            "brand_id": "1",
        }
    ]
    sent = wait_for(lambda: [ask for ask in browser.asked("suggestion.feedback") if ask["outcome"] == "sent"], 5)
    assert sent[0]["final_text"].strip() == "Thank you for thinking of us."


def test_somebody_elses_post_with_the_same_words_is_not_our_reply(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    browser.set_state(handle="@another.example")
    open_panel(page, 0)
    page.keyboard.press("3")
    browser.wait_asked("mention.status")
    page.locator("[data-testid=composerPublishBtn]").click()
    assert count_marks(page, 8) == 8
    assert not [ask for ask in browser.asked("mention.status") if ask["status"] == "replied"]


def test_mastodons_own_handle_stays_in_front_of_the_reply(browser: ToolbarBrowser) -> None:
    page = browser.open(MASTODON, skeletons.mastodon_legacy())
    assert count_marks(page, 6) == 6
    open_panel(page, 1)
    page.keyboard.press("2")
    box = page.locator(".compose-form textarea")
    wanted = "@jean Hello Maud,\ncould you tell us your number? [Order number]\n\nThank you."
    wait_for(lambda: box.input_value() == wanted or None, 5)
    selected = wait_for(lambda: box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)"), 5)
    assert selected == "[Order number]"
    browser.wait_asked("mention.status")
    page.keyboard.type("3071")
    page.locator(".compose-form button[type=submit]").click()
    replied = wait_for(lambda: [ask for ask in browser.asked("mention.status") if ask["status"] == "replied"], 5)
    assert replied[0]["url"] == "https://mastodon.social/@jean/3001"


@pytest.mark.parametrize("page_of", [skeletons.mastodon_redesign, skeletons.mastodon_opened])
def test_both_generations_of_mastodon_take_a_reply(browser: ToolbarBrowser, page_of: Any) -> None:
    page = browser.open("https://mastodon.social/@maud/3000", page_of())
    wait_for(lambda: marks(page).count() > 2 or None, 5)
    open_panel(page, 0)
    page.keyboard.press("Enter")
    box = page.locator(".compose-form textarea")
    wait_for(lambda: box.input_value().startswith("@maud Hello Maud, yes") or None, 5)


def test_hacker_news_answers_a_story_in_the_box_of_the_page(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    page.locator("textarea").fill("My own words. ")
    open_panel(page, 0)
    page.keyboard.press("3")
    wait_for(lambda: page.locator("textarea").input_value() == "My own words. Thank you for thinking of us." or None, 5)


def test_hacker_news_answers_a_comment_on_the_page_behind_its_reply_link(browser: ToolbarBrowser) -> None:
    def pages(url: str) -> str:
        return skeletons.hackernews_reply(1, 900) if "/reply?" in url else skeletons.hackernews_thread()

    page = browser.open(HN, pages)
    assert count_marks(page, 7) == 7
    open_panel(page, 1)
    page.keyboard.press("3")
    page.wait_for_url("**/reply?id=900**")
    wait_for(lambda: page.locator("textarea").input_value() == "Thank you for thinking of us." or None, 6)
    assert browser.wait_asked("mention.status") == {
        "url": "https://news.ycombinator.com/item?id=900",
        "status": "open",
        "brand_id": "1",
    }


def test_a_reply_sent_by_a_form_that_loads_a_page_is_seen_there(browser: ToolbarBrowser) -> None:
    reply = (
        skeletons.hackernews_comment(0, 990)
        .replace(skeletons.TEXTS[0], "Thank you for thinking of us.")
        .replace("<p>A second paragraph.", "")
    )
    after = skeletons.hackernews_thread().replace(
        "</tbody></table></td></tr></tbody></table></center>",
        f"{reply}</tbody></table></td></tr></tbody></table></center>",
    )
    page = browser.open(HN, lambda url: after if "/comment" in url else skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    open_panel(page, 0)
    page.keyboard.press("3")
    wait_for(lambda: page.locator("textarea").input_value() or None, 5)
    browser.set_state(handle="")
    browser.wait_asked("mention.status")
    page.locator("input[type=submit]").click()
    page.wait_for_url("**/comment")
    replied = wait_for(lambda: [ask for ask in browser.asked("mention.status") if ask["status"] == "replied"], 6)
    assert replied[0]["url"] == HN
    assert replied[0]["reply_url"] == "https://news.ycombinator.com/item?id=990"


def test_without_a_box_the_text_can_be_copied(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed().replace("document.body.append(modal)", "return"))
    assert count_marks(page, 7) == 7
    open_panel(page, 0)
    page.keyboard.press("3")
    notice = page.locator(".notice")
    notice.wait_for(timeout=9000)
    assert "No reply box was found" in notice.inner_text()
    assert "Thank you for thinking of us." in notice.inner_text()
    browser.context.grant_permissions(["clipboard-read", "clipboard-write"])
    notice.locator("button", has_text="Copy").click()
    notice.locator("button", has_text="Copied").wait_for()


# --- the panel ---


def test_when_nothing_fits_what_one_writes_is_inserted_and_kept(browser: ToolbarBrowser) -> None:
    browser.can(suggestions={"id": "5", "language": "en", "nothing_fits": True, "items": []})
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    panel = open_panel(page, 0)
    assert "No reply fits yet. Write it, I keep it." in panel.inner_text()
    page.keyboard.type("We open at nine on Sundays.")
    page.keyboard.press("Escape")
    wait_for(lambda: panel.count() == 0 or None, 5)
    panel = open_panel(page, 0)
    assert panel.locator("textarea").input_value() == "We open at nine on Sundays.", "a closed panel loses nothing"
    page.keyboard.press("Control+Enter")
    wait_for(lambda: page.locator("textarea[name=text]").input_value() == "We open at nine on Sundays." or None, 5)
    kept = browser.wait_asked("reply.save")
    assert (kept["text"], kept["title"]) == ("We open at nine on Sundays.", "We open at nine on Sundays.")
    assert kept["post"]["url"] == HN


def test_the_keys_of_the_panel(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    panel = open_panel(page, 0)
    chosen = panel.locator(".s[aria-selected=true]")
    assert "terrace" in chosen.inner_text()
    page.keyboard.press("ArrowDown")
    assert "Order number" in chosen.inner_text()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert "thinking of us" in chosen.inner_text()
    page.keyboard.press("/")
    page.keyboard.type("number 1")
    panel.locator("text=No saved reply holds these words.").wait_for()
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    wait_for(lambda: panel.locator(".s").count() == 1 or None, 5)
    page.keyboard.press("Enter")
    wait_for(lambda: "could you tell us" in page.locator("textarea").input_value() or None, 5)
    assert browser.asked("suggest")[-1]["query"] == "number"


def test_a_key_pressed_while_the_replies_load_is_not_lost(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    browser.can(slow="suggest")
    marks(page).first.locator("button").first.click()
    page.locator(".panel .bones").wait_for()
    page.keyboard.press("2")
    browser.wait_asked("suggest")
    browser.worker.evaluate("release()")
    wait_for(lambda: "could you tell us" in page.locator("textarea").input_value() or None, 5)


def test_enter_takes_what_was_searched_for_not_what_stood_there_before(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    panel = open_panel(page, 0)
    browser.can(slow="suggest")
    page.keyboard.press("/")
    page.keyboard.type("thinking")
    page.keyboard.press("Enter")
    wait_for(lambda: len(browser.asked("suggest")) == 2 or None, 5)
    assert panel.locator(".s").count() == 3
    browser.worker.evaluate("release()")
    wait_for(lambda: page.locator("textarea").input_value() == "Thank you for thinking of us." or None, 5)
