# ruff: noqa: E501 - scripts and markup in long lines
"""The toolbar beside a text box: room left, links, campaign, card, blanks, scheduling, pictures."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from backend.connectors.networks import manifests
from tests.extension import skeletons
from tests.extension.axe import axe
from tests.extension.browser import screenshots_folder
from tests.extension.pages import BLUESKY, MASTODON, ToolbarBrowser, composer_bar, count_marks, menu_item, page_of
from tests.extension.parts import Parts
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
FORUM = "https://forum.example/t/1"
A, AB = "https://cafe.example/a", "https://cafe.example/a/b"


def counting(network: str, **change: Any) -> dict[str, Any]:
    """The rules as the server's manifest has them."""
    rules = manifests()[network].counting
    names = ("unit", "limit", "url_length", "local_mentions", "max_bytes")
    return {name: getattr(rules, name) for name in names} | change


def about(browser: ToolbarBrowser, **change: Any) -> None:
    browser.can(about={"counting": None, "campaign": "", "campaigns": []} | change)


# --- room left ---


def test_what_is_left_is_counted_as_the_network_counts_and_said_once(browser: ToolbarBrowser) -> None:
    about(browser, counting=counting("bluesky"))
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    page.locator("[data-testid=replyBtn]").first.click()
    composer_bar(page)
    count, said = page.locator(".bar .count > [aria-hidden]"), page.locator(".bar .count .vh")
    wait_for(lambda: count.inner_text() == "300" or None, 5)
    assert browser.asked("box.about")[-1] == {"host": "bsky.app", "limit": "bluesky", "brand_id": "1"}
    page.keyboard.insert_text("👨‍👩‍👧" * 10)
    wait_for(lambda: count.inner_text() == "290" or None, 5)
    assert said.inner_text() == "", "nobody needs to hear it yet"
    page.keyboard.insert_text("é" * 270)
    wait_for(lambda: "20 signs left" in said.inner_text() or None, 5)
    assert "near" in (page.locator(".bar .count").get_attribute("class") or "")
    page.keyboard.insert_text("long")
    assert said.inner_text() == "20 signs left", "not at every key"
    page.keyboard.insert_text("x" * 30)
    wait_for(lambda: count.inner_text() == "14 too many" or None, 5)
    wait_for(lambda: said.inner_text() == "14 too many" or None, 5)
    assert axe(page, "entregent-bar") == []


def test_each_paragraph_of_an_editor_ends_with_one_sign(browser: ToolbarBrowser) -> None:
    about(browser, counting=counting("linkedin", limit=100))
    page = browser.open(FORUM, page_of('<div contenteditable="true"><p>one</p><p><br></p><p>two <b>b</b></p>end</div>'))
    page.locator("[contenteditable]").click()
    composer_bar(page)
    wait_for(
        lambda: page.locator(".bar .count > [aria-hidden]").inner_text() == str(100 - len("one\n\ntwo b\nend")) or None,
        5,
    )


def test_a_server_with_a_limit_of_its_own_says_itself_what_is_left_and_no_limit_shows_nothing(
    browser: ToolbarBrowser,
) -> None:
    about(browser, counting=counting("mastodon"))
    html = skeletons.mastodon_legacy().replace(
        '<div class="compose-form__footer">',
        '<div class="compose-form__footer"><span class="character-counter">4321</span>',
    )
    page = browser.open(MASTODON, html)
    page.locator("form.compose-form textarea").focus()
    composer_bar(page)
    wait_for(lambda: page.locator(".bar .count > [aria-hidden]").inner_text() == "4321" or None, 5)
    about(browser)
    other = browser.open(FORUM, page_of("<textarea></textarea>"))
    other.locator("textarea").fill("Words without a limit")
    composer_bar(other)
    browser.wait_asked("box.about")
    assert not other.locator(".bar .count").is_visible()


# --- links ---


def test_all_links_are_shortened_at_once_and_one_undo_brings_all_back(browser: ToolbarBrowser) -> None:
    text = f"See {AB}, ({A}) and {A}.\nBy http://127.0.0.1/x too"
    browser.can(short={"http://127.0.0.1/x": {"url": "http://127.0.0.1/x", "error": "link_private", "message": "x"}})
    page = browser.open(FORUM, page_of("<textarea></textarea>"))
    box = page.locator("textarea")
    box.fill(text)
    box.evaluate("box => box.setSelectionRange(4, 4)")
    composer_bar(page).locator("button", has_text="Shorten links").click()
    s = "https://lum.example/x"
    wanted = f"See {s}1, ({s}2) and {s}2.\nBy http://127.0.0.1/x too"
    wait_for(lambda: box.input_value() == wanted or None, 6)
    assert browser.asked("links.shorten") == [{"urls": [AB, A, "http://127.0.0.1/x"], "network": "", "brand_id": "1"}]
    notice = page.locator(".notice", has_text="3 links shortened")
    notice.wait_for()
    assert "1 address stays as it is: This is a private address" in notice.inner_text()
    assert box.evaluate("box => box.selectionStart") == 4, "the caret stays"
    page.keyboard.press("Control+z")
    wait_for(lambda: box.input_value() == text or None, 3)


def test_what_stands_between_links_stays_and_markup_is_none_of_ours(browser: ToolbarBrowser) -> None:
    mention = '<span contenteditable="false" data-id="7">@maud</span>'
    html = f'<div contenteditable="true">{A} for {mention} &lt;b&gt; <b>{AB}</b></div>'
    page = browser.open(FORUM, page_of(html))
    box = page.locator("[contenteditable=true]")
    box.click()
    composer_bar(page).locator("button", has_text="Shorten links").click()
    wait_for(lambda: "lum.example/x2" in box.inner_text() or None, 6)
    assert box.inner_text().replace("\u00a0", " ") == "https://lum.example/x1 for @maud <b> https://lum.example/x2"
    assert page.locator('[data-id="7"]').count() == 1
    page.keyboard.press("Control+z")
    wait_for(lambda: box.inner_text().replace("\u00a0", " ") == f"{A} for @maud <b> {AB}" or None, 3)


def test_a_slow_server_is_seen_and_an_unproved_address_is_said(browser: ToolbarBrowser) -> None:
    browser.can(
        slow="links.shorten", short={A: {"url": A + "?utm_medium=social", "public": False, "why": "notice_not_public"}}
    )
    page = browser.open(FORUM, page_of("<textarea></textarea>"))
    page.locator("textarea").fill(A)
    bar = composer_bar(page)
    bar.locator("button", has_text="Shorten links").click()
    busy = bar.locator("button[aria-busy=true]", has_text="Shortening…")
    busy.wait_for()
    busy.click()
    browser.worker.evaluate("release()")
    wait_for(lambda: page.locator("textarea").input_value() == A + "?utm_medium=social" or None, 5)
    assert len(browser.asked("links.shorten")) == 1
    page.locator(".notice").first.wait_for()
    assert "links shortened" not in page.locator(".notice").first.inner_text()


def test_a_campaign_is_named_once_for_the_links_of_the_brand(browser: ToolbarBrowser) -> None:
    about(browser, campaigns=["Rentrée"])
    page = browser.open(FORUM, page_of("<textarea></textarea>"))
    page.locator("textarea").fill("Words")
    composer_bar(page)
    menu_item(page, "Campaign of links")
    form = page.locator(".campaign")
    assert form.locator("input").evaluate("box => box.getRootNode().activeElement === box")
    assert axe(page, "entregent-bar") == []
    page.keyboard.type("Noël 2026")
    page.keyboard.press("Enter")
    assert browser.wait_asked("campaign.use") == {"name": "Noël 2026", "brand_id": "1"}
    page.keyboard.type("!")
    assert page.locator("textarea").input_value() == "Words!", "the keys are back where they were"
    menu_item(page, "Campaign of links: Noël 2026")
    form.locator("button", has_text="Rentrée").wait_for()
    form.locator("button", has_text="No campaign").click()
    wait_for(lambda: browser.asked("campaign.use")[-1]["name"] == "" or None, 3)


# --- the card of a link ---

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def test_a_links_card_comes_with_a_click_and_its_picture_is_painted_not_asked_for(browser: ToolbarBrowser) -> None:
    picture = {"content_type": "image/png", "width": 1, "height": 1, "data": PIXEL}
    card = {
        "url": "https://www.cafe.example/a",
        "title": "The <b>terrace</b>",
        "description": "",
        "site_name": "x",
        "large": True,
    }
    browser.can(card=card | {"image": picture})
    page = browser.open(
        FORUM,
        page_of("<textarea></textarea>"),
        {"content-security-policy": "img-src 'none'; default-src 'unsafe-inline'"},
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("textarea").fill(f"First {AB} then {A}")
    composer_bar(page)
    assert browser.asked("links.preview") == []
    menu_item(page, "See the link as a card")
    shown = page.locator(".link-card .shown")
    shown.wait_for()
    assert browser.wait_asked("links.preview") == {"url": A, "brand_id": "1"}, "the last one"
    assert shown.locator(".says-so > span").all_inner_texts() == ["cafe.example", "The <b>terrace</b>"]
    paints = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 1, 1).data][3]"
    wait_for(lambda: shown.locator("canvas").evaluate(paints) == 127 or None, 3)
    assert axe(page, "entregent-bar") == []
    assert asked == []
    page.keyboard.press("Escape")
    assert page.locator(".link-card").count() == 0
    browser.can(errors={"links.preview": {"code": "blocked", "message": "", "queued": False}})
    menu_item(page, "See the link as a card")
    page.locator(".link-card .none", has_text="may not be reached").wait_for()


# --- blanks ---


def test_tab_goes_through_the_blanks_and_every_other_tab_is_the_pages(browser: ToolbarBrowser) -> None:
    text = "Dear [Name], your [Order number] comes on [Day]."
    reply = {
        "reply_id": "1",
        "title": "Order",
        "text": text,
        "blanks": ["Name", "Order number", "Day"],
        "score": 0.9,
        "because": {"code": "words", "words": []},
    }
    browser.can(suggestions={"id": "7", "language": "en", "nothing_fits": False, "items": [reply]})
    html = page_of(
        '<textarea></textarea><input id="next"><script>window.escapes = 0; addEventListener("keydown", (e) => { if (e.key === "Escape") window.escapes++ })</script>'
    )
    page = browser.open(FORUM, html)
    box = page.locator("textarea")
    box.focus()
    composer_bar(page).locator("button", has_text="Saved replies").click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("1")

    def selected(wanted: str) -> None:
        wait_for(
            lambda: box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == wanted or None, 4
        )

    selected("[Name]")
    page.keyboard.press("Shift+Tab")
    selected("[Day]")
    page.keyboard.press("Tab")
    selected("[Name]")
    page.keyboard.type("Maud")
    page.keyboard.press("Tab")
    selected("[Order number]")
    page.keyboard.press("Tab")
    selected("[Day]")
    page.keyboard.type("Friday")
    page.locator("#next").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA", "outside the box Tab is the page's"
    page.keyboard.press("Tab")
    selected("[Order number]")
    page.keyboard.type("3071")
    assert box.input_value() == "Dear Maud, your 3071 comes on Friday."
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "next", "none is left"
    box.fill("")
    composer_bar(page).locator("button", has_text="Saved replies").click()
    page.locator(".panel .s").first.wait_for()
    page.keyboard.press("1")
    selected("[Name]")
    page.keyboard.press("Escape")
    assert page.evaluate("window.escapes") == 0, "the page's dialog stays"
    page.keyboard.press("Escape")
    assert page.evaluate("window.escapes") == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "next"


# --- scheduling, pictures, keyboard ---


def test_schedule_hands_over_what_is_written_and_leaves_the_box_alone(browser: ToolbarBrowser) -> None:
    browser.set_state(handle="@cafelumiere.example")
    page = browser.open(BLUESKY, skeletons.bluesky_feed())
    assert count_marks(page, 7) == 7
    page.locator("[data-testid=replyBtn]").first.click()
    composer_bar(page)
    page.evaluate(
        """() => { const box = document.querySelector('.ProseMirror'), made = document.createElement('div');
        made.innerHTML = '<div><div data-testid="altTextButton"><svg><path d="M256 80c"/></svg></div><div data-testid="selectedPhotoImage"><img src="https://cdn.example/1.jpg"><img src="blob:x"></div></div>';
        box.after(made); window.described = 0; made.querySelector('[data-testid=altTextButton]').onclick = () => window.described++ }"""
    )
    page.keyboard.type("One ")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    # The picture came where the bar stood: it rests in the box's corner, and tells there what is missing.
    mark = page.locator(".float .rest.warn")
    mark.wait_for()
    assert mark.get_attribute("aria-label") == "Saved replies. 1 image, 1 without a description"
    assert axe(page, "entregent-bar") == []
    bare = composer_bar(page).locator("button", has_text="1 image, 1 without a description")
    bare.wait_for()
    assert axe(page, "entregent-bar") == []
    page.locator(".bar button[aria-label='Schedule instead']").click()
    shared = browser.wait_asked("share")
    assert shared["text"].replace("\u00a0", " ").strip() == "One \ntwo"
    del shared["text"]
    assert shared == {
        "url": "", "images": ["https://cdn.example/1.jpg"], "schedule": True, "network": "bluesky",
        "account": "@cafelumiere.example", "brand_id": "1",
    }  # fmt: skip
    assert "two" in page.locator(".ProseMirror").inner_text()
    bare.click()
    assert page.evaluate("window.described") == 1
    page.evaluate("document.querySelector('[data-testid=selectedPhotoImage]').parentElement.remove()")
    wait_for(lambda: not bare.is_visible() or None, 4)


def test_the_keyboard_comes_into_the_toolbar_of_a_box_and_back(browser: ToolbarBrowser) -> None:
    page = browser.open(FORUM, page_of("<textarea></textarea>"))
    box = page.locator("textarea")
    box.fill("Some words")
    box.evaluate("box => box.setSelectionRange(4, 4)")
    composer_bar(page)
    page.keyboard.press("Alt+F10")
    here = "document.activeElement.shadowRoot?.activeElement?.textContent ?? ''"
    assert page.evaluate(here) == "Saved replies"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(here) == "Shorten links"
    page.keyboard.press("Escape")
    page.keyboard.type("X")
    assert box.input_value() == "SomeX words", "the caret is where it was"
    sizes = page.locator(".bar button:visible").evaluate_all(
        "all => all.map((one) => [one.offsetWidth, one.offsetHeight])"
    )
    assert all(min(size) >= 24 for size in sizes), sizes


# --- what it costs, how it looks ---


def test_each_part_is_small(parts: Parts) -> None:
    assert max(parts.bytes.values()) <= 60 * 1024
    assert parts.bytes["pictures"] <= 6 * 1024


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("look", ["light", "dark", "rtl"])
def test_it_is_looked_at(browser: ToolbarBrowser, language: str, look: str) -> None:
    """Screenshots: the bar over the limit with a picture, the menu, the card, the campaign."""
    folder = screenshots_folder()
    about(browser, counting=counting("bluesky", limit=60), campaign="Noël 2026", campaigns=["Noël 2026", "Rentrée"])
    picture = {"content_type": "image/png", "width": 600, "height": 315, "data": terrace()}
    said = {
        "en": ("The terrace is open until midnight", "Thirty seats, a corner for children."),
        "fr": ("La terrasse est ouverte jusqu’à minuit", "Trente places, un coin pour les enfants."),
    }[language]
    browser.can(
        card={
            "url": "https://cafelumiere.example/menu",
            "title": said[0],
            "description": said[1],
            "site_name": "Café Lumière",
            "large": True,
            "image": picture,
        }
    )
    browser.set_state(language=language, pictures=True)
    html = skeletons.bluesky_feed()
    if look == "dark":
        html = html.replace("<body", '<body style="background:#161e27;color:#fff"')
        html = html.replace(".sheet{background:#fff", ".sheet{background:#161e27")
    if look == "rtl":
        html = html.replace("<html ", '<html dir="rtl" ')
    page = browser.open(BLUESKY, html)
    assert count_marks(page, 7) == 7
    page.locator("[data-testid=replyBtn]").first.click()
    page.keyboard.insert_text("Yes, the terrace is open: https://cafelumiere.example/menu?table=4")
    # There was room beside the box before the picture came.
    bar = page.locator(".float .bar")
    bar.wait_for()
    page.evaluate(
        """(picture) => { const made = document.createElement('div'); made.innerHTML = `<div><div data-testid="altTextButton"><svg width="10" height="10"><path d="M256 80c"/></svg></div><div data-testid="selectedPhotoImage"><img width="130" height="130" src="${picture}"></div></div>`; document.querySelector('.ProseMirror').after(made) }""",
        f"data:image/png;base64,{picture['data']}",
    )
    page.locator(".rest.warn").wait_for()
    page.screenshot(path=str(folder / f"composing-{look}-{language}-mark.png"))
    page.locator(".rest.warn").hover()
    page.locator(".bar button.bare:visible").wait_for()
    page.locator(".count.over").wait_for()
    assert bar.evaluate("one => one.closest('.en').matches('.dark')") == (look == "dark")
    name = f"composing-{look}-{language}"
    page.screenshot(path=str(folder / f"{name}-bar.png"))
    more = page.locator(".float .bar button[aria-haspopup]")
    more.click()
    page.locator(".menu").wait_for()
    page.screenshot(path=str(folder / f"{name}-menu.png"))
    page.locator(".menu button").nth(0).click()
    page.locator(".link-card .shown").wait_for()
    assert axe(page, "entregent-bar") == []
    page.screenshot(path=str(folder / f"{name}-card.png"))
    page.keyboard.press("Escape")
    # The pointer is not on it any more: it may have folded, or does so right now.
    page.locator(".float .bar, .float .rest").first.hover()
    more.click()
    page.locator(".menu button").nth(1).click()
    page.locator(".campaign").wait_for()
    page.screenshot(path=str(folder / f"{name}-campaign.png"))
    box = page.locator(".float").evaluate_all(
        "all => all.map((one) => one.firstElementChild.getBoundingClientRect()).every(({left, right}) => left >= 0 && right <= innerWidth)"
    )
    assert box, "all of it is inside the window"


def terrace() -> str:
    """A picture of our own: a sky over stones."""
    import struct
    import zlib

    rows = b"".join(
        b"\0" + bytes((120 - y // 6, 170 - y // 8, 200 - y // 5)) * 600
        if y < 210
        else b"\0" + bytes((190, 160, 130)) * 600
        for y in range(315)
    )

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 600, 315, 8, 2, 0, 0, 0)
    return base64.b64encode(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    ).decode()
