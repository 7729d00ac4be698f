# ruff: noqa: E501 - scripts and markup in long lines
"""The toolbar on posts and at text boxes: answering, saving, what it says, what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension import skeletons
from tests.extension.browser import ROOT, screenshots_folder
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
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
AXE = ROOT / "tests" / "peers" / "node_modules" / "axe-core" / "axe.min.js"


def axe(page: Any, *within: str) -> list[str]:
    """What axe-core finds in these elements, shadow roots included."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        """async (within) => (await axe.run({include: within}, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: {region: {enabled: false}}}))
            .violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html + ' ' + n.failureSummary).join(' | ')}`)""",
        [[one] for one in within],
    )
    return list(found)


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


# --- saving, ⋯, states ---


def test_save_says_saved_and_stays_unfolded(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    assert marks(page).nth(1).get_attribute("class") == "rest"
    marks(page).nth(1).hover()
    page.locator(".float .bar button", has_text="Save").click()
    wait_for(lambda: "bar" in (marks(page).nth(1).get_attribute("class") or "") or None, 5)
    assert marks(page).nth(1).locator("button[aria-label=Saved]").count() == 1


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
    assert "Server away" in (bar.text_content() or "")
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


def test_french_is_french(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    browser.set_state(language="fr")
    wait_for(lambda: "Répondre" in (marks(page).first.text_content() or "") or None, 5)
    marks(page).first.locator("button").first.click()
    page.locator(".panel .s").first.wait_for()
    assert "3 qui conviennent, en anglais" in page.locator(".panel").inner_text()
    assert "toolbar_" not in page.locator("entregent-bar").first.evaluate("host => host.shadowRoot.textContent")


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


def test_the_shorten_key_takes_the_links_of_the_box_one_writes_in(browser: ToolbarBrowser) -> None:
    page = browser.open("https://forum.example/t/1", skeletons.forum())
    assert browser.worker.evaluate("askPage('shorten')") is False, "no box: the page's own address, by the background"
    box = page.locator("#a")
    box.fill("See https://cafelumiere.example/menu?x=1")
    composer_bar(page)
    assert browser.worker.evaluate("askPage('shorten')") is True
    wait_for(lambda: box.input_value() == "See https://lum.example/x1" or None, 6)


def test_the_inbox_can_ask_for_the_suggestions_of_a_post(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread(12))
    wait_for(lambda: marks(page).count() > 3 or None, 5)
    browser.push({"push": "toolbar.answer", "url": "https://news.ycombinator.com/item?id=910"})
    page.locator(".panel .s").first.wait_for()
    assert browser.wait_asked("suggest")["post"]["url"] == "https://news.ycombinator.com/item?id=910"


# --- text boxes ---


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
    page.wait_for_timeout(300)
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


def test_a_page_that_is_only_read_gets_the_first_part_of_our_script(browser: ToolbarBrowser) -> None:
    page = browser.open(MASTODON, skeletons.mastodon_legacy())
    wait_for(lambda: marks(page).count() or None)
    page.mouse.wheel(0, 400)
    assert browser.asked("page.bring") == []
    page.locator("form.compose-form textarea").first.focus()
    composer_bar(page)
    assert len(browser.asked("page.bring")) == 1


def test_a_part_of_our_script_that_did_not_come_is_said_and_asked_for_again(browser: ToolbarBrowser) -> None:
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    browser.can(errors={"page.bring": {"code": "unavailable", "message": "", "queued": False}})
    marks(page).nth(1).hover()
    page.locator(".float .bar button", has_text="Answer").click()
    page.locator(".notice").first.wait_for()
    assert page.locator(".panel").count() == 0
    browser.can(errors={})
    open_panel(page, 1)
