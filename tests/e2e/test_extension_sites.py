"""Access site by site, on the very build the stores get: asked in a click, kept, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.paired import beside
from tests.e2e.seeding import seed_profile
from tests.extension.browser import STORE_CHROME, Extension, launch_chromium
from tests.waiting import wait_for

FORUM = "https://forum.example/t/1"
PAGE = "<!doctype html><html lang=en><title>A forum</title><label>Answer<textarea id=answer></textarea></label></html>"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    seed_profile(tmp_path / "profile")
    return tmp_path / "profile"


@pytest.fixture
def chromium(profile: Path) -> Iterator[Extension]:
    with launch_chromium(profile, STORE_CHROME) as running:
        serve_forum(running)
        yield running


def serve_forum(chromium: Extension) -> None:
    for pattern in ("https://forum.example/**", "https://other.example/**"):
        chromium.context.route(pattern, lambda route: route.fulfill(body=PAGE, content_type="text/html"))


def patterns(chromium: Extension) -> list[str]:
    """Where the content script is registered, besides the practice page."""
    scripts: list[dict[str, Any]] = chromium.worker().evaluate("chrome.scripting.getRegisteredContentScripts()")
    return sorted(match for script in scripts for match in script["matches"] if not match.endswith("/-/practice*"))


def grant(chromium: Extension, url: str) -> Page:
    """Click *Allow* on our own page that asks for one site."""
    page = chromium.context.new_page()
    page.goto(f"{chromium.address('allow/index.html')}?url={url}")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("status")).to_contain_text("The toolbar is on")
    return page


def bars(page: Page) -> int:
    return page.locator("entregent-bar").count()


def test_nothing_runs_anywhere_before_somebody_says_where(chromium: Extension) -> None:
    granted = chromium.worker().evaluate("chrome.permissions.getAll()")["origins"]
    assert sorted(granted) == ["http://127.0.0.1/*", "http://localhost/*"]
    assert patterns(chromium) == []
    forum = chromium.context.new_page()
    forum.goto(FORUM)
    forum.get_by_label("Answer").focus()
    assert bars(forum) == 0


def test_a_site_is_switched_on_in_the_open_tab_and_stays_on(profile: Path) -> None:
    with launch_chromium(profile, STORE_CHROME) as chromium:
        serve_forum(chromium)
        forum = chromium.context.new_page()
        forum.goto(FORUM)
        grant(chromium, FORUM)
        assert patterns(chromium) == ["https://forum.example/*"]
        forum.bring_to_front()
        forum.get_by_label("Answer").focus()
        wait_for(lambda: bars(forum) == 1)  # without a reload

        other = chromium.context.new_page()
        other.goto("https://other.example/")
        other.get_by_label("Answer").focus()
        assert bars(other) == 0, "one site was granted, not its neighbour"

    with launch_chromium(profile, STORE_CHROME) as chromium:  # the browser was closed and started again
        serve_forum(chromium)
        forum = chromium.context.new_page()
        forum.goto(FORUM)
        forum.get_by_label("Answer").focus()
        wait_for(lambda: bars(forum) == 1)


def test_switching_off_gives_the_access_back_and_takes_the_script_away(chromium: Extension) -> None:
    page = grant(chromium, FORUM)
    assert chromium.send(page, "site.state", {"url": FORUM})["on"]
    assert not chromium.send(page, "site.off", {"url": FORUM})["on"]
    assert patterns(chromium) == []
    assert "https://forum.example/*" not in chromium.worker().evaluate("chrome.permissions.getAll()")["origins"]


def test_access_taken_back_in_the_browsers_own_settings_is_noticed(chromium: Extension) -> None:
    grant(chromium, FORUM)
    chromium.worker().evaluate("chrome.permissions.remove({origins: ['https://forum.example/*']})")
    wait_for(lambda: patterns(chromium) == [])


def test_the_first_line_of_the_popup_switches_the_site_on(chromium: Extension) -> None:
    chromium.worker().evaluate("chrome.storage.local.set({token: 'entregent_none', server: 'http://127.0.0.1:9'})")
    forum = chromium.context.new_page()
    forum.goto(FORUM)
    popup = chromium.context.new_page()
    beside(popup, FORUM, "A forum")
    popup.goto(chromium.address("popup/index.html"))
    popup.get_by_role("button", name="Switch on here").click()
    expect(popup.get_by_text("The toolbar is on at forum.example")).to_be_visible()
    expect(popup.get_by_role("button", name="Switch on here")).to_have_count(0)
    assert patterns(chromium) == ["https://forum.example/*"]


def test_answering_on_a_site_that_is_off_asks_and_then_opens_the_page_once(chromium: Extension) -> None:
    def opened() -> int:
        tabs = chromium.worker().evaluate("chrome.tabs.query({})")
        return len([tab for tab in tabs if FORUM in (tab.get("url"), tab.get("pendingUrl"))])

    asking = chromium.context.new_page()
    asking.goto(f"{chromium.address('allow/index.html')}?url={FORUM}")
    pages = len(chromium.context.pages)
    assert chromium.send(asking, "mention.open", {"url": FORUM, "answer": True}) == {}
    assert len(chromium.context.pages) == pages, "not before the access is there"
    asking.get_by_role("button", name="Allow").click()
    wait_for(lambda: opened() == 1)
    asking.bring_to_front()
    expect(asking.get_by_role("status")).to_contain_text("The toolbar is on")
    assert opened() == 1


@pytest.mark.parametrize(
    "url", ["https://chromewebstore.google.com/detail/x", "chrome://settings/", "about:blank", "file:///etc/passwd"]
)
def test_where_nothing_may_run_nothing_is_offered(chromium: Extension, url: str) -> None:
    page = chromium.open("allow/index.html")
    assert chromium.send(page, "site.state", {"url": url})["possible"] is False
