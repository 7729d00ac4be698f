"""Sites whose posts nobody saw yet: boxes only, until the person saw our marks fall on the right posts; and reports."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.extension.pages import ToolbarBrowser, bars, composer_bar, count_marks, marks
from tests.extension.skeletons.base import Skeleton
from tests.extension.skeletons.every import adapter, skeletons
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
ALL = skeletons("en")


def one_of(site: str) -> Skeleton:
    return next(one for one in ALL if one.site == site)


def page_says(browser: ToolbarBrowser, inquiry: str) -> Any:
    return browser.worker.evaluate("inquiry => askPage(inquiry)", inquiry)


def frames(page: Page) -> Any:
    return page.locator(".frame")


def begin(browser: ToolbarBrowser, page: Page) -> None:
    browser.push({"push": "page.show", "what": "check"})
    page.locator(".card").wait_for()


@pytest.fixture
def nobody_looked(browser: ToolbarBrowser) -> ToolbarBrowser:
    browser.worker.evaluate("() => { canned.state.confirmed = false }")
    return browser


@pytest.mark.parametrize("site", ["linkedin", "facebook", "discourse", "youtube"])
def test_posts_that_nobody_checked_have_no_mark_until_the_person_saw_the_frames(
    nobody_looked: ToolbarBrowser, site: str
) -> None:
    skeleton = one_of(site)
    page = nobody_looked.open(skeleton.url, skeleton.html)
    page.set_viewport_size({"width": 1000, "height": 3000})
    status = wait_for(lambda: page_says(nobody_looked, "status"))
    assert (status["on"], status["tier"]) == ("unchecked", "unchecked")
    assert marks(page).count() == 0
    begin(nobody_looked, page)
    wanted = len(skeleton.posts)
    assert count_marks(page, wanted) == wanted, "the marks are there while one looks"
    expect(frames(page)).to_have_count(wanted)
    expect(page.locator(".card p")).to_contain_text(f"{wanted} post")
    for n, post in enumerate(skeleton.posts):
        expect(frames(page).nth(n)).to_contain_text(post.author)
    inside = page.evaluate(
        """() => [...document.querySelectorAll('[data-test-quote], [data-test-ad]')].map((one) => {
          const box = one.getBoundingClientRect()
          const frames = [...document.querySelectorAll('entregent-bar')]
            .flatMap((bar) => [...bar.shadowRoot.querySelectorAll('.frame')])
          return frames.some((frame) => {
            const it = frame.getBoundingClientRect()
            return Math.abs(it.top - box.top) < 1 && Math.abs(it.height - box.height) < 1
          })
        })"""
    )
    assert True not in inside, "no frame around a quote or advertising"
    page.locator(".card button", has_text="Yes, use them").click()
    host = re.sub(r"^https?://|/.*$", "", skeleton.url)
    assert nobody_looked.wait_asked("site.confirm") == {"host": host, "network": site, "on": True}
    expect(frames(page)).to_have_count(0)
    assert count_marks(page, wanted) == wanted
    assert page_says(nobody_looked, "status")["on"] == "posts"
    page.locator(".notice button", has_text="Undo").click()
    wait_for(lambda: marks(page).count() == 0)
    assert page_says(nobody_looked, "status")["on"] == "unchecked"


def test_no_leaves_the_boxes_and_offers_a_report(nobody_looked: ToolbarBrowser) -> None:
    skeleton = one_of("linkedin")
    page = nobody_looked.open(skeleton.url, skeleton.html)
    wait_for(lambda: page_says(nobody_looked, "status"))
    begin(nobody_looked, page)
    page.locator(".card button", has_text="No").click()
    expect(page.locator(".notice")).to_contain_text("no text and no name is in it")
    wait_for(lambda: marks(page).count() == 0)
    assert frames(page).count() == 0
    page.locator(".notice button", has_text="Copy a report").click()
    expect(page.locator(".notice").last).to_contain_text("report")


def test_the_check_is_done_by_keyboard_and_escape_leaves_all_as_it_was(nobody_looked: ToolbarBrowser) -> None:
    skeleton = one_of("linkedin")
    page = nobody_looked.open(skeleton.url, skeleton.html)
    wait_for(lambda: page_says(nobody_looked, "status"))
    begin(nobody_looked, page)
    expect(page.locator(".card button", has_text="Yes")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".card button", has_text="No")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".card")).to_have_count(0)
    wait_for(lambda: marks(page).count() == 0)
    assert nobody_looked.asked("site.confirm") == []


def test_the_menu_at_a_box_says_why_there_is_no_toolbar_on_the_posts_and_checks(nobody_looked: ToolbarBrowser) -> None:
    skeleton = one_of("xenforo")
    page = nobody_looked.open(skeleton.url, skeleton.html)
    box = page.locator("textarea, [contenteditable]").first
    box.focus()
    composer_bar(page).get_by_role("button", name="More").click()
    expect(page.locator(".menu")).to_contain_text("have not been checked here yet")
    page.set_viewport_size({"width": 1000, "height": 3000})
    page.get_by_role("menuitem", name="Check this page").click()
    expect(page.locator(".card")).to_be_visible()
    assert count_marks(page, len(skeleton.posts)) == len(skeleton.posts)


def test_a_page_without_posts_says_so(nobody_looked: ToolbarBrowser) -> None:
    page = nobody_looked.open("https://www.linkedin.com/feed/", "<!doctype html><main><p>Nothing yet</p></main>")
    wait_for(lambda: page_says(nobody_looked, "status"))
    begin(nobody_looked, page)
    expect(page.locator(".card p")).to_have_text(re.compile("No post of www.linkedin.com was found"))


@pytest.mark.parametrize("skeleton", ALL, ids=lambda one: one.id)
def test_a_report_holds_no_name_and_no_word_of_anybody(browser: ToolbarBrowser, skeleton: Skeleton) -> None:
    browser.open(skeleton.url, skeleton.html)
    wait_for(lambda: page_says(browser, "status"))
    report = page_says(browser, "report")["text"].lower()
    assert f"adapter {skeleton.site} of" in report
    said = [post.author for post in skeleton.posts] + [post.text for post in skeleton.posts]
    said += [skeleton.account, skeleton.account_name, *[post.author_url.rpartition("/")[2] for post in skeleton.posts]]
    ours = str(adapter(skeleton.site)).lower()
    words = {word for one in said for word in re.findall(r"\w{5,}", one.lower()) if word not in ours}
    told = set(re.findall(r"\w+", report))
    assert words & told == set()
    assert len(report) > 300 or not skeleton.posts


def test_one_kind_of_post_that_changed_leaves_the_others_their_toolbar(browser: ToolbarBrowser) -> None:
    feed, thread = (next(one for one in ALL if one.id == f"reddit old {name}") for name in ("feed", "thread"))
    comments = thread.html.partition("<body")[2].partition(">")[2].partition("</body>")[0]
    page = browser.open(feed.url, feed.html.replace("data-author", "data-by").replace("</body>", f"{comments}</body>"))
    page.set_viewport_size({"width": 1000, "height": 5000})
    wanted = len(thread.posts) - 1  # its head is a post as those of the feed
    assert count_marks(page, wanted) == wanted
    status = page_says(browser, "status")
    assert (status["on"], status["missing"]) == ("posts", "old-post: author")


def test_nothing_of_ours_is_left_when_the_page_is_checked_twice(nobody_looked: ToolbarBrowser) -> None:
    skeleton = one_of("linkedin")
    page = nobody_looked.open(skeleton.url, skeleton.html)
    wait_for(lambda: page_says(nobody_looked, "status"))
    begin(nobody_looked, page)
    begin(nobody_looked, page)
    expect(page.locator(".card")).to_have_count(1)
    expect(frames(page)).to_have_count(len(skeleton.posts))
    page.keyboard.press("Escape")
    wait_for(lambda: bars(page).count() == 0)
