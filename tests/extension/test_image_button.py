# ruff: noqa: E501 - markup in long lines
"""The button at images: off until it is switched on, for mouse and keyboard, and it moves nothing of the page."""

from __future__ import annotations

import pytest

from tests.extension import skeletons
from tests.extension.axe import axe
from tests.extension.browser import screenshots_folder
from tests.extension.pages import BLUESKY, ToolbarBrowser, composer_bar, marks, menu_item, page_of
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
FORUM = "https://forum.example/t/1"
IMAGES = '<main style="min-height:1500px"><img id="big" width="300" height="200" src="https://cdn.example/big.png" style="display:block"><div style="position:relative;width:300px;height:150px"><img id="under" width="300" height="150" src="https://cdn.example/under.png"><a href="#x" style="position:absolute;inset:0"></a></div><img id="small" width="100" height="100" src="https://cdn.example/small.png"><img width="300" height="150" src="data:,"></main>'


def test_the_button_at_images_is_off_until_it_is_switched_on(browser: ToolbarBrowser) -> None:
    page = browser.open(FORUM, page_of("<textarea></textarea>" + IMAGES))
    page.locator("#big").hover()
    page.locator("textarea").focus()
    composer_bar(page)
    page.locator("#big").hover()
    brought = ["drawing", "acting", "composing"]
    assert [ask["part"] for ask in browser.asked("page.bring")] == brought
    assert page.locator(".at-picture").count() == 0
    page.locator("textarea").focus()
    composer_bar(page)
    menu_item(page, "Button at images here")
    wait_for(lambda: [ask["part"] for ask in browser.asked("page.bring")] == [*brought, "pictures"] or None, 4)
    assert browser.asked("pictures.use") == [{"host": "forum.example", "on": True}]
    before = page.evaluate(
        "[document.documentElement.scrollHeight, ...document.querySelector('#big').getClientRects()[0].toJSON ? [JSON.stringify(document.querySelector('#big').getBoundingClientRect())] : []]"
    )
    page.mouse.move(900, 10)
    page.locator("#under").hover(force=True)
    share = page.locator(".at-picture button", has_text="Share this image")
    share.wait_for()
    assert axe(page, "entregent-bar") == []
    page.screenshot(path=str(screenshots_folder() / "composing-picture.png"))
    assert (
        page.evaluate(
            "[document.documentElement.scrollHeight, JSON.stringify(document.querySelector('#big').getBoundingClientRect())]"
        )
        == before
    )
    assert browser.asked("share") == []
    share.click()
    assert browser.wait_asked("share") == {
        "url": FORUM,
        "text": "",
        "images": ["https://cdn.example/under.png"],
        "brand_id": "1",
    }
    page.mouse.move(900, 300, steps=4)  # as people leave: not in one leap
    page.mouse.move(900, 10, steps=4)
    page.locator("#under").hover(force=True)
    page.locator(".at-picture button", has_text="Edit this image").click()
    wait_for(lambda: browser.asked("share")[-1].get("edit") is True or None, 4)
    for name in ("#small", "main > img:last-child"):
        page.locator(name).hover()
        page.locator("textarea").hover()
        assert page.locator(".at-picture").count() == 0, name
    page.locator("#big").hover()
    share.wait_for()
    browser.set_state(pictures=False)
    wait_for(lambda: page.locator(".at-picture").count() == 0 or None, 4)


def test_a_posts_menu_shares_its_image_for_the_keyboard(browser: ToolbarBrowser) -> None:
    browser.set_state(pictures=True)
    html = skeletons.bluesky_feed().replace(
        '<div class="row"', '<img width="200" height="150" src="https://cdn.example/post.jpg"><div class="row"'
    )
    page = browser.open(BLUESKY, html)
    # Posts with a picture are higher: fewer of them are on the screen.
    wait_for(lambda: marks(page).count() >= 2 or None, 8)
    marks(page).nth(1).focus()
    page.keyboard.press("Enter")
    page.locator(".float .bar button[aria-haspopup]").focus()
    page.keyboard.press("Enter")
    page.locator(".menu button", has_text="Share this image").focus()
    page.keyboard.press("Enter")
    shared = browser.wait_asked("share")
    assert shared["images"] == ["https://cdn.example/post.jpg"]
    assert "edit" not in shared
    assert shared["url"].startswith("https://bsky.app/profile/")
