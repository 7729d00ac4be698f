# ruff: noqa: E501 - styles in long lines
"""The practice page and pictures of the toolbar on each site, in both languages and themes."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route

from tests.extension import skeletons
from tests.extension.browser import ROOT, screenshots_folder
from tests.extension.pages import (
    BLUESKY,
    HN,
    MASTODON,
    ToolbarBrowser,
    count_marks,
    marks,
    open_panel,
    toolbar_browser,
)
from tests.extension.parts import Parts
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
FOLDER = ROOT / "backend" / "web" / "practice"
ADDRESS = "http://127.0.0.1:8377/-/practice/"
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'"


def holds(box: Locator, words: str) -> bool:
    return words in box.evaluate("box => box.value ?? box.innerText")


def open_practice(browser: ToolbarBrowser, query: str) -> Page:
    """The page as the server sends it, with its CSP."""
    page = browser.context.new_page()
    page.set_default_timeout(8000)

    def answer(route: Route) -> None:
        name = urlsplit(route.request.url).path.removeprefix("/-/practice/") or "index.html"
        kind = mimetypes.guess_type(name)[0] or "text/html"
        route.fulfill(
            body=(FOLDER / name).read_text("utf-8"),
            headers={"content-type": f"{kind}; charset=utf-8", "content-security-policy": CSP},
        )

    page.route("http://127.0.0.1:8377/**", answer)
    page.goto(ADDRESS + query)
    return page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_reply_is_inserted_sent_by_the_person_and_seen(browser: ToolbarBrowser, language: str) -> None:
    page = open_practice(browser, f"?lang={language}")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    assert page.evaluate("document.documentElement.lang") == language
    wait_for(lambda: marks(page).count() >= 5 or None, 5)
    assert page.locator("blockquote entregent-bar, .promoted entregent-bar").count() == 0
    open_panel(page, 0)
    page.keyboard.press("3")
    box = page.locator(".reply-box textarea")
    wait_for(lambda: box.input_value() == "Thank you for thinking of us." or None, 5)
    assert page.locator(".replies .post").count() == 0
    browser.wait_asked("mention.status")
    page.locator(".reply-box button[type=submit]").click()
    assert page.locator(".replies .post-text").inner_text() == "Thank you for thinking of us."
    replied = wait_for(lambda: [ask for ask in browser.asked("mention.status") if ask["status"] == "replied"], 5)
    assert replied[0]["url"] == ADDRESS + "?post=9107"
    assert browser.wait_asked("mention.save")["post"]["network"] == "practice"
    assert errors == []


def test_the_practice_page_speaks_the_language_of_the_browser_and_calls_nobody(browser: ToolbarBrowser) -> None:
    page = browser.context.new_page()
    page.close()
    page = open_practice(browser, "")
    assert page.title() == "The Quay"
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator(".post-actions [data-act=like]").first.click()
    page.locator(".post-actions [data-act=reply]").first.click()
    page.locator(".reply-box textarea").fill("Hello")
    page.locator(".reply-box button[type=submit]").click()
    assert page.locator(".replies .post").count() == 1
    assert requests == []
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1000, "height": 800})


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fr", "dark"), ("en", "dark"), ("fr", "light")])
def test_pictures_of_the_toolbar_on_each_site(parts: Parts, tmp_path: Path, language: str, theme: str) -> None:
    folder = screenshots_folder()
    size = {"width": 1000, "height": 760}
    with toolbar_browser(
        parts, tmp_path, viewport=size, dark=theme == "dark", language=language, reduced_motion="reduce"
    ) as browser:
        browser.set_state(language=language)
        url = "https://bsky.app/profile/maud.example/post/3kmaud"
        inbox = {
            url: {"id": "1", "status": "new", "intent": "question", "replied_by": ""},
            "https://mastodon.social/@theo/3003": {"id": "2", "status": "replied", "intent": None, "replied_by": "Ana"},
        }
        browser.set_state(mentions=inbox)

        def picture(page: Page, name: str) -> None:
            page.wait_for_timeout(150)
            page.screenshot(path=folder / f"toolbar-{name}-{language}-{theme}.png")

        def dark(html: str) -> str:
            """Sites without a dark theme in their skeleton get one here, so that both are seen."""
            if theme == "light":
                return html
            return html.replace(
                "</style>",
                "body,#root,.sheet{background:#161e27!important;color:#f1f3f5!important}#hnmain{background:#1c1c1c!important}td,.commtext,.title a{color:#ccc!important}</style>",
                1,
            )

        sites: dict[str, Callable[[], Page]] = {
            "bluesky": lambda: browser.open(BLUESKY, dark(skeletons.bluesky_feed())),
            "mastodon": lambda: browser.open(MASTODON, skeletons.mastodon_legacy()),
            "hackernews": lambda: browser.open(HN, dark(skeletons.hackernews_thread())),
            "practice": lambda: open_practice(browser, f"?lang={language}"),
        }
        for name, opened in sites.items():
            page = opened()
            marks(page).nth(3).wait_for()
            picture(page, f"{name}-1-resting")
            marks(page).nth(1).hover()
            page.locator(".float .bar").wait_for()
            picture(page, f"{name}-2-unfolded")
            page.mouse.move(3, 3)
            page.locator(".float .bar").wait_for(state="detached")
            marks(page).first.locator("button").first.click()
            page.locator(".panel .s").first.wait_for()
            picture(page, f"{name}-3-panel")
            page.keyboard.press("1")
            boxes = ".ProseMirror, .compose-form textarea, textarea[name=text], .reply-box textarea"
            box = page.locator(boxes).first
            box.wait_for()
            wait_for(partial(holds, box, "30 seats"), 5)
            page.wait_for_timeout(500)
            picture(page, f"{name}-4-composer")
            page.close()
        suggestions = {"id": "1", "language": "en", "nothing_fits": True, "items": []}
        browser.can(suggestions=suggestions)
        page = open_practice(browser, f"?lang={language}")
        wait_for(lambda: marks(page).count() >= 4 or None, 5)
        marks(page).first.locator("button").first.click()
        page.locator(".panel .write").wait_for()
        picture(page, "practice-5-nothing-fits")
        page.keyboard.press("Escape")
        marks(page).first.locator("button[aria-haspopup=menu]").click()
        picture(page, "practice-6-menu")
        page.keyboard.press("Escape")
        browser.set_state(reachable=False)
        browser.can(errors={"suggest": {"code": "unreachable", "message": "", "queued": False}})
        marks(page).first.locator("button").first.click()
        page.locator(".panel .write").wait_for()
        browser.push({"push": "notice", "text": "Short link:", "copy": "https://lum.example/b7kd"})
        page.locator(".notice").wait_for()
        picture(page, "practice-7-away-and-notice")
        page.keyboard.press("Escape")
        browser.set_state(paired=False, reachable=True)
        marks(page).nth(1).hover()
        page.locator(".float .bar").wait_for()
        picture(page, "practice-8-not-connected")
        browser.set_state(paired=True)
        page = browser.open("https://forum.example/", skeletons.forum())
        page.locator("#a").click()
        wait_for(lambda: page.locator(".float .bar, .float .rest").count() or None, 5)
        picture(page, "forum-9-text-box")
    assert len(list(folder.glob(f"toolbar-*-{language}-{theme}.png"))) >= 20


def test_every_site_counts_its_posts_as_its_hooks_say(browser: ToolbarBrowser) -> None:
    page = open_practice(browser, "?post=9107&lang=en")
    assert count_marks(page, 1) == 1
