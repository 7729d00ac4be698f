"""Never as the wrong client: two windows with two accounts, one switched in the middle of a reply, the question."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.extension import skeletons
from tests.extension.axe import axe
from tests.extension.browser import screenshots_folder
from tests.extension.pages import BLUESKY, HN, ToolbarBrowser, composer_bar, count_marks, marks, open_panel
from tests.extension.test_practice import open_practice
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

THANKS = "Thank you for thinking of us."
CLIENTS = [
    {"id": str(n), "name": name, "handles": {"bluesky": f"client{n}.example", "practice": f"@client{n}"}}
    for n, name in enumerate(
        ["Café Lumière", "Bistrot du Port", "Ville de Rive", "Atelier Nord", "Musée", "Radio Quai", "Voiles", "Awa"], 1
    )
]
NOT_YET_READ_MS = 300  # a question takes no answer in its first moment


def bluesky(n: int | str) -> str:
    """A feed with somebody logged in."""
    nav = f'<nav><a id="me" href="/profile/client{n}.example">Profile</a></nav>'
    return skeletons.bluesky_feed().replace('<div id="root">', f'{nav}<div id="root">')


def switch(page: Page, handle: str) -> None:
    """Somebody else is logged in from now on, without a new page."""
    page.locator("#me").evaluate("(me, handle) => me.setAttribute('href', `/profile/${handle}`)", handle)


def question(page: Page) -> Locator:
    asked = page.locator(".ask")
    asked.wait_for()
    page.wait_for_timeout(NOT_YET_READ_MS)
    return asked


def label(page: Page, n: int = 1) -> str:
    """What the unfolded bar of the n-th post calls itself."""
    marks(page).nth(n).hover()
    return page.locator(".float .bar").get_attribute("aria-label") or ""


def inserted(page: Page, words: str = THANKS) -> bool:
    box = page.locator(".ProseMirror")
    return bool(wait_for(lambda: words in box.inner_text() or None, 5))


@pytest.fixture
def clients(browser: ToolbarBrowser) -> ToolbarBrowser:
    browser.can(brands=CLIENTS, known=[], settled={}, chosen="5")
    return browser


def test_two_windows_show_two_clients_whatever_the_popup_shows(clients: ToolbarBrowser) -> None:
    first = clients.open(BLUESKY, bluesky(1))
    second = clients.open(BLUESKY, bluesky(2))
    for page in (first, second):
        assert count_marks(page, 7) == 7
    for page, name, n in ((first, "Café Lumière", 1), (second, "Bistrot du Port", 2)):
        page.bring_to_front()
        assert label(page) == f"Entregent: {name} as client{n}.example"
        page.mouse.move(2, 2)
        page.locator(".float .bar").wait_for(state="detached")
        open_panel(page, 1)
        page.keyboard.press("3")
        assert inserted(page)
        assert page.locator(".ask").count() == 0
    assert [ask["brand_id"] for ask in clients.asked("suggest")] == ["1", "2"]
    saved = wait_for(lambda: (asks := clients.asked("mention.save")) and len(asks) == 2 and asks, 5)
    assert [ask["brand_id"] for ask in saved] == ["1", "2"]


def test_each_of_eight_accounts_is_its_own_client_in_one_window(clients: ToolbarBrowser) -> None:
    page = clients.open(BLUESKY, bluesky(1))
    assert count_marks(page, 7) == 7
    for n in range(1, 9):
        switch(page, f"client{n}.example")
        panel = open_panel(page, 1)
        assert f"{CLIENTS[n - 1]['name']} as client{n}.example" in panel.inner_text()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.mouse.move(2, 2)
        page.locator(".float").first.wait_for(state="detached")
    assert [ask["brand_id"] for ask in clients.asked("suggest")] == [str(n) for n in range(1, 9)]


def test_an_account_switched_in_the_middle_of_a_reply_makes_it_wait(clients: ToolbarBrowser) -> None:
    page = clients.open(BLUESKY, bluesky(1))
    assert count_marks(page, 7) == 7
    open_panel(page, 1)
    switch(page, "client2.example")
    page.keyboard.press("3")
    asked = question(page)
    assert "Insert as client2.example?" in asked.inner_text()
    assert "an account of Bistrot du Port. The reply is Café Lumière’s." in asked.inner_text()
    assert [one.inner_text() for one in asked.locator("button").all()] == ["Insert once", "Cancel"]
    assert THANKS not in page.locator(".ProseMirror").inner_text()
    page.keyboard.press("Escape")
    asked.wait_for(state="detached")
    notice = page.locator(".notice", has_text="Not inserted.")
    notice.wait_for()
    assert THANKS in notice.inner_text(), "what was chosen can still be copied"
    assert THANKS not in page.locator(".ProseMirror").inner_text()
    assert clients.asked("mention.save") == []
    assert clients.asked("suggestion.feedback") == []


def test_switching_back_while_the_question_stands_answers_it(clients: ToolbarBrowser) -> None:
    page = clients.open(BLUESKY, bluesky(1))
    assert count_marks(page, 7) == 7
    open_panel(page, 1)
    switch(page, "client2.example")
    page.keyboard.press("3")
    question(page)
    switch(page, "stranger.example")
    page.keyboard.press("Enter")
    wait_for(lambda: "stranger.example" in page.locator(".ask").inner_text() or None, 5)
    page.wait_for_timeout(NOT_YET_READ_MS)
    assert THANKS not in page.locator(".ProseMirror").inner_text(), "the answer was meant for another account"
    switch(page, "client1.example")
    page.keyboard.press("Enter")
    assert inserted(page)
    assert page.locator(".ask").count() == 0
    assert clients.wait_asked("mention.save")["brand_id"] == "1"


def test_an_unknown_account_is_said_plainly_and_inserting_once_asks_again(clients: ToolbarBrowser) -> None:
    page = clients.open(BLUESKY, bluesky("x"))
    assert count_marks(page, 7) == 7
    assert label(page) == "Entregent: as clientx.example: not an account of Musée"
    page.mouse.move(2, 2)
    for n in (1, 2):
        open_panel(page, n)
        page.keyboard.press("3")
        asked = question(page)
        assert "Insert as clientx.example?" in asked.inner_text()
        assert "The reply is Musée’s" in asked.inner_text()
        assert axe(page, "entregent-bar") == []
        page.keyboard.press("Enter")
        asked.wait_for(state="detached")
        assert inserted(page)
        page.locator("[data-testid=composerPublishBtn]").click()
    assert clients.asked("client.remember") == []


def test_an_account_is_remembered_and_that_can_be_undone(clients: ToolbarBrowser) -> None:
    page = clients.open(BLUESKY, bluesky("x"))
    assert count_marks(page, 7) == 7
    open_panel(page, 1)
    page.keyboard.press("3")
    question(page).locator("button", has_text="This is an account of Musée").click()
    assert inserted(page)
    asked = {"host": "bsky.app", "network": "bluesky", "account": "clientx.example", "brand_id": "5"}
    assert clients.wait_asked("client.remember") == asked
    notice = page.locator(".notice", has_text="clientx.example is an account of Musée from now on.")
    notice.wait_for()
    page.locator("[data-testid=composerPublishBtn]").click()
    open_panel(page, 2)
    page.keyboard.press("3")
    assert inserted(page)
    assert page.locator(".ask").count() == 0
    page.locator("[data-testid=composerPublishBtn]").click()
    notice.locator("button", has_text="Undo").click()
    wait_for(lambda: len(clients.asked("client.remember")) == 2 or None, 5)
    assert clients.asked("client.remember")[1]["undo"] is True
    open_panel(page, 3)
    page.keyboard.press("3")
    question(page)


def test_an_account_can_be_named_before_any_reply(clients: ToolbarBrowser) -> None:
    page = clients.open(BLUESKY, bluesky("x"))
    assert count_marks(page, 7) == 7
    marks(page).nth(0).locator("button[aria-haspopup=menu]").click()
    page.get_by_role("menuitem", name="This is an account of Musée").click()
    page.locator(".notice", has_text="clientx.example is an account of Musée from now on.").wait_for()
    assert label(page) == "Entregent: Musée as clientx.example"
    marks(page).nth(0).locator("button[aria-haspopup=menu]").click()
    page.get_by_role("menuitem", name="Hide on bsky.app").wait_for()
    assert page.get_by_role("menuitem", name="This is an account of Musée").count() == 0


def test_a_page_that_does_not_say_is_asked_about_once_where_there_are_several_brands(clients: ToolbarBrowser) -> None:
    page = clients.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    assert label(page) == "Entregent: Musée"
    page.mouse.move(2, 2)
    open_panel(page, 0)
    page.keyboard.press("3")
    asked = question(page)
    assert "Insert for Musée?" in asked.inner_text()
    page.keyboard.press("Enter")
    box = page.locator("textarea")
    wait_for(lambda: box.input_value() == THANKS or None, 5)
    assert clients.wait_asked("client.settle")["brand_id"] == "5"
    box.fill("")
    open_panel(page, 0)
    page.keyboard.press("3")
    wait_for(lambda: box.input_value() == THANKS or None, 5)
    assert page.locator(".ask").count() == 0


def test_where_a_page_does_not_say_it_is_asked_again_after_a_page_where_people_log_in(clients: ToolbarBrowser) -> None:
    def settled() -> list[str]:
        return [ask["brand_id"] for ask in clients.asked("client.settle")]

    page = clients.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    assert settled() == []
    page.evaluate("history.pushState({}, '', '/item?id=801')")
    page.evaluate("history.pushState({}, '', '/t/how-to-log-in-to-your-account/12')")
    page.evaluate("history.pushState({}, '', '/login?goto=item')")
    wait_for(lambda: settled() == [""] or None, 5)
    page.goto(HN, referer="https://news.ycombinator.com/logout?auth=1")
    wait_for(lambda: settled() == ["", ""] or None, 5)
    page.goto(HN, referer="https://accounts.google.com/v3/signin/identifier")
    wait_for(lambda: settled() == ["", "", ""] or None, 5)
    # A page that says who is logged in needs none of this.
    page = clients.open(BLUESKY, bluesky(1))
    assert count_marks(page, 7) == 7
    page.evaluate("history.pushState({}, '', '/settings/account')")
    assert label(page) == "Entregent: Café Lumière as client1.example"
    assert len(settled()) == 3


def test_who_has_one_brand_is_not_asked_where_the_page_does_not_say(browser: ToolbarBrowser) -> None:
    browser.can(brands=CLIENTS[:1], known=[], settled={}, chosen="")
    page = browser.open("https://forum.example/t/1", skeletons.forum())
    page.locator("#a").click()
    bar = composer_bar(page)
    assert "Café Lumière" in bar.inner_text()
    bar.locator("button", has_text="Saved replies").click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("3")
    wait_for(lambda: page.locator("#a").input_value() == THANKS or None, 5)
    assert page.locator(".ask").count() == 0


def test_the_caret_is_where_it_was_after_the_question(clients: ToolbarBrowser) -> None:
    page = clients.open("https://forum.example/t/1", skeletons.forum())
    box = page.locator("#a")
    box.fill("Dear  bye")
    box.evaluate("box => box.setSelectionRange(5, 5)")
    composer_bar(page).locator("button", has_text="Saved replies").click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("3")
    question(page)
    page.keyboard.press("Enter")
    wait_for(lambda: box.input_value() == f"Dear {THANKS} bye" or None, 5)


def test_an_account_of_several_brands_is_asked_about_before_anything_of_one_is_shown(clients: ToolbarBrowser) -> None:
    agency: dict[str, Any] = {"id": "9", "name": "Agence", "handles": {"bluesky": "client1.example"}}
    clients.can(brands=[*CLIENTS, agency])
    page = clients.open(BLUESKY, bluesky(1))
    assert count_marks(page, 7) == 7
    assert label(page) == "Entregent: client1.example: which brand?"
    page.locator(".float .bar button", has_text="Answer").click()
    asked = question(page)
    assert [one.inner_text() for one in asked.locator("button").all()] == ["Café Lumière", "Agence", "Cancel"]
    assert clients.asked("suggest") == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    panel = page.locator(".panel")
    panel.locator(".s").first.wait_for()
    assert "Agence as client1.example" in panel.inner_text()
    assert clients.wait_asked("suggest")["brand_id"] == "9"
    page.keyboard.press("3")
    assert inserted(page)


def test_a_key_held_from_the_choice_is_no_answer(clients: ToolbarBrowser) -> None:
    page = clients.open(BLUESKY, bluesky("x"))
    assert count_marks(page, 7) == 7
    open_panel(page, 1)
    page.keyboard.down("Enter")
    page.locator(".ask").wait_for()
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.wait_for_timeout(NOT_YET_READ_MS)
    assert page.locator(".ask").count() == 1
    assert THANKS not in page.locator(".ProseMirror").inner_text()
    order = []
    for _ in range(4):
        order.append(page.evaluate("document.activeElement.shadowRoot.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert order == ["Insert once", "This is an account of Musée", "Cancel", "Insert once"]


def test_the_account_of_the_practice_page_is_switched_in_the_page(clients: ToolbarBrowser) -> None:
    page = open_practice(clients, "?as=client3&lang=en")
    wait_for(lambda: marks(page).count() >= 5 or None, 5)
    panel = open_panel(page, 0)
    assert "Ville de Rive as @client3" in panel.inner_text()
    page.locator("#me").select_option("@cafelumiere")
    panel.locator(".s").nth(2).click()
    assert "Insert as @cafelumiere?" in question(page).inner_text()


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fr", "dark"), ("en", "dark"), ("fr", "light")])
def test_pictures_of_the_account_and_the_question(clients: ToolbarBrowser, language: str, theme: str) -> None:
    folder = screenshots_folder()
    clients.set_state(language=language)

    def dressed(html: str) -> str:
        rtl = html.replace('<html lang="en">', '<html lang="ar" dir="rtl">') if theme == "dark" else html
        dark = "<style>body,#root,.sheet{background:#161e27!important;color:#f1f3f5!important}</style></head>"
        return rtl.replace("</head>", dark, 1) if theme == "dark" else rtl

    def picture(page: Page, name: str) -> None:
        page.wait_for_timeout(NOT_YET_READ_MS)
        page.screenshot(path=folder / f"client-{name}-{language}-{theme}.png")

    for name, account in (("ours", "1"), ("other", "x")):
        page = clients.open(BLUESKY, dressed(bluesky(account)))
        assert count_marks(page, 7) == 7
        marks(page).nth(1).hover()
        page.locator(".float .bar").wait_for()
        picture(page, f"1-bar-{name}")
        page.mouse.move(2, 2)
        page.locator(".float .bar").wait_for(state="detached")
        marks(page).nth(1).hover()
        page.locator(".float .bar button").first.click()
        page.locator(".panel .s").first.wait_for()
        picture(page, f"2-panel-{name}")
        if name == "ours":
            switch(page, "client2.example")
        page.keyboard.press("3")
        page.locator(".ask").wait_for()
        picture(page, f"3-question-{name}")
        page.close()
    page = clients.open("https://forum.example/t/1", dressed(skeletons.forum()))
    page.locator("#a").click()
    composer_bar(page) if language == "en" else page.locator(".float .bar").wait_for()
    picture(page, "4-box")
    page.locator(".float .bar button").first.click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("3")
    page.locator(".ask").wait_for()
    picture(page, "5-question-unread")
    assert len(list(folder.glob(f"client-*-{language}-{theme}.png"))) >= 8
