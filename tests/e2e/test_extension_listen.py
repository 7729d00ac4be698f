"""Listening from a page: its feeds and what they would have brought, a list picked with two clicks, hashtags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.paired import Person, beside, pair, stop_worker
from tests.e2e.server import Server, running_server
from tests.e2e.snapshot import Snapshot
from tests.e2e.test_extension_popup import violations
from tests.extension.browser import Extension, launch_chromium, screenshots_folder
from tests.peers.feeds import FeedServer, Said, feed_server
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

NEWS = """<!doctype html><html lang=en><meta charset=utf-8><title>Quai Nord</title>
<body><h1>News of the quay</h1><nav><a href=/about>About</a></nav>
<main>{items}</main><script>addEventListener("click", () => {{ document.title = "heard"; }})</script></body></html>"""
ITEM = """<article class="news-item"><h2><a href="/news/{n}">{title}</a></h2>
<time datetime="2026-11-{day}">{day} Nov</time><p>What happened on the quay.</p></article>"""
TITLES = ("Café Lumière opens its terrace", "The market moves", "A regatta on Sunday", "The bridge is closed")


@dataclass
class Day:
    server: Server
    chromium: Extension
    person: Person
    places: FeedServer

    def sources(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.person.get("/sources?limit=200")["items"]
        return [one for one in found if one["keyword_id"] is None]

    def tab_of(self, page: Page) -> int:
        found: int = self.chromium.worker().evaluate(
            "async (url) => (await chrome.tabs.query({})).find((tab) => tab.url === url).id", page.url
        )
        return found

    def popup(self, page: Page, **look: Any) -> Page:
        """The popup beside a page."""
        popup = self.chromium.context.new_page()
        popup.emulate_media(color_scheme=look.get("scheme", "light"))
        beside(popup, page.url, page.title(), self.tab_of(page))
        popup.set_viewport_size({"width": look.get("width", 400), "height": 600})
        popup.goto(self.chromium.address("popup/index.html"))
        popup.locator(".bar").wait_for()
        return popup


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Day, Snapshot]]:
    folder: Path = tmp_path_factory.mktemp("listen")
    with (
        feed_server() as places,
        running_server(folder / "server", places.environment()) as server,
        launch_chromium(folder / "profile") as chromium,
    ):
        person = pair(server, chromium)
        person.post("/keywords", {"query": '"Café Lumière"'})
        items = "".join(ITEM.format(n=n, day=20 + n, title=title) for n, title in enumerate(TITLES))
        places.put("/news", NEWS.format(items=items), content_type="text/html")
        yield Day(server, chromium, person, places), Snapshot(server.database)


@pytest.fixture
def day(house: tuple[Day, Snapshot]) -> Iterator[Day]:
    found, before = house
    before.put_back()
    yield found
    for page in found.chromium.context.pages[1:]:
        page.close()


def open_news(day: Day) -> Page:
    page = day.chromium.context.new_page()
    page.goto(f"{day.places.url}/news")
    return page


def start_picking(day: Day, page: Page) -> None:
    popup = day.popup(page)
    page.bring_to_front()
    day.chromium.send(popup, "pick.start", {"tab": day.tab_of(page)})
    popup.close()
    page.bring_to_front()


def card(page: Page) -> Any:
    return page.get_by_role("dialog", name="Pick a list on this page")


def test_a_list_is_picked_with_two_clicks_shown_and_listened_to(day: Day) -> None:
    page = open_news(day)
    start_picking(day, page)
    expect(card(page)).to_contain_text("Click the title of one item.")
    page.get_by_role("link", name=TITLES[0]).click()
    expect(card(page)).to_contain_text("Now the same part of another item.")
    page.get_by_role("link", name=TITLES[0]).click()
    expect(card(page)).to_contain_text("That is the same one.")
    page.get_by_role("link", name=TITLES[2]).click()
    expect(card(page)).to_contain_text("4 items found: “Café Lumière opens its terrace”, “The market moves”")
    # No link was followed, and the page heard of nothing.
    assert page.url == f"{day.places.url}/news"
    assert page.title() == "Quai Nord"
    page.screenshot(path=screenshots_folder() / "pick-found.png")
    assert not day.sources()
    card(page).get_by_role("button", name="Listen to it").click()
    expect(page.get_by_text("Quai Nord is listened to from now on.")).to_be_visible()
    (source,) = day.sources()
    assert (source["kind"], source["url"], source["name"]) == ("page", f"{day.places.url}/news", "Quai Nord")
    wait_for(lambda: day.person.get("/mentions")["items"], 60)
    assert day.person.get("/mentions")["items"][0]["title"] == TITLES[0]


def test_a_picked_list_is_taken_back_from_its_page_also_by_another_worker_and_from_no_other(day: Day) -> None:
    ours = day.chromium.open()  # before the notice is there, which does not stay for ever
    page = open_news(day)
    start_picking(day, page)
    page.get_by_role("link", name=TITLES[0]).click()
    page.get_by_role("link", name=TITLES[2]).click()
    card(page).get_by_role("button", name="Listen to it").click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    undo.hover()
    (source,) = day.sources()
    # What a page asks for that is another one, or ours, is not done.
    with pytest.raises(AssertionError, match="not_found"):
        day.chromium.send(ours, "pick.undo", {"id": source["id"]})
    stop_worker(day.chromium)
    undo.click()
    expect(page.get_by_text("It is not listened to any more.")).to_be_visible()
    assert not day.sources()


def test_a_list_is_picked_by_keys_and_left_with_escape(day: Day) -> None:
    page = open_news(day)
    start_picking(day, page)
    card(page).get_by_role("button", name="Use the keys").click()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    page.get_by_role("heading", name="News of the quay").click()
    assert page.title() == "heard", "the page hears again"


def test_where_no_list_is_the_reason_is_said_and_the_page_can_be_watched(day: Day) -> None:
    page = open_news(day)
    start_picking(day, page)
    page.get_by_role("heading", name="News of the quay").click()
    page.get_by_role("link", name="About").click()
    expect(card(page)).to_contain_text("The server finds no list here. What you clicked has nothing in common")
    card(page).get_by_role("button", name="Watch the page for changes").click()
    expect(page.get_by_text("Quai Nord is watched for changes from now on.")).to_be_visible()
    assert [one["kind"] for one in day.sources()] == ["watch"]


def test_the_popup_shows_the_feeds_of_the_page_and_what_they_would_have_brought(day: Day) -> None:
    said = [Said(TITLES[0], url="https://quai.example/1"), Said("Rain", url="https://quai.example/2")]
    feed = day.places.feed("/in-brief", said, title="The quay in brief")
    day.places.put(
        "/blog",
        f'<title>Blog</title><link rel="alternate" type="application/rss+xml" href="{feed}"><p>Hello</p>',
        content_type="text/html",
    )
    page = day.chromium.context.new_page()
    page.goto(f"{day.places.url}/blog")
    popup = day.popup(page)
    popup.get_by_role("button", name="Add", exact=True).click()
    popup.get_by_role("menuitem", name="Listen to this page").click()
    found = popup.get_by_role("list", name="What can be listened to here")
    expect(found).to_contain_text("The quay in brief")
    expect(found).to_contain_text("1 of 2 would have matched.")
    expect(found).to_contain_text(TITLES[0])
    assert not violations(popup)
    popup.screenshot(path=screenshots_folder() / "popup-listen.png")
    found.get_by_role("button", name="Listen to it: The quay in brief").click()
    expect(found).to_contain_text("listened to")
    assert [one["feed_url"] for one in day.sources()] == [feed]
    popup.get_by_role("button", name="Undo").click()
    expect(found.get_by_role("button", name="Listen to it: The quay in brief")).to_be_visible()
    assert not day.sources()


def test_the_popup_says_so_where_a_page_has_no_feed_and_offers_what_is_left(day: Day) -> None:
    page = open_news(day)
    for look in ({}, {"scheme": "dark", "width": 320}):
        popup = day.popup(page, **look)
        popup.get_by_role("button", name="Add", exact=True).click()
        popup.get_by_role("menuitem", name="Listen to this page").click()
        expect(popup.get_by_text("This page has no feed.")).to_be_visible()
        assert not violations(popup)
        popup.screenshot(path=screenshots_folder() / f"popup-listen-none-{look.get('width', 400)}.png")
        if look:
            popup.get_by_role("button", name="Watch this page for changes").click()
            expect(popup.get_by_text("Watching Quai Nord for changes from now on")).to_be_visible()
        popup.close()
    assert [one["kind"] for one in day.sources()] == ["watch"]


def right_click(day: Day, page: Page, item: str, **info: Any) -> None:
    day.chromium.worker().evaluate(
        """async ([info, url]) => {
            const [tab] = (await chrome.tabs.query({})).filter((one) => one.url === url);
            chrome.contextMenus.onClicked.dispatch(info, tab);
        }""",
        [{"menuItemId": item, "pageUrl": page.url, "editable": False, **info}, page.url],
    )


def test_hashtags_and_pages_are_watched_from_the_right_click_menu(day: Day) -> None:
    page = open_news(day)
    right_click(day, page, "watch.tag", linkUrl="https://piaille.fr/tags/CafeLumiere")
    wait_for(day.sources)
    right_click(day, page, "watch.tag", linkUrl="https://www.instagram.com/explore/tags/quainord/")
    wait_for(lambda: len(day.sources()) == 2)
    right_click(day, page, "watch.term", selectionText=" #marché ")
    wait_for(lambda: len(day.sources()) == 3)
    right_click(day, page, "watch.page")
    wait_for(lambda: len(day.sources()) == 4)
    assert [(one["kind"], one["feed_url"]) for one in day.sources()] == [
        ("mastodon", "https://piaille.fr/tags/CafeLumiere"),
        ("mastodon", "https://mastodon.social/tags/quainord"),
        ("mastodon", "https://mastodon.social/tags/march%C3%A9"),
        ("watch", f"{day.places.url}/news"),
    ]


def test_a_site_is_watched_from_the_right_click_menu_by_its_feed_and_so_is_one_that_a_link_leads_to(day: Day) -> None:
    said = [Said(title, url=f"{day.places.url}/news/{n}") for n, title in enumerate(TITLES)]
    head = '<link rel=alternate type="application/rss+xml" href="{}">'
    page_of = f"<!doctype html><html lang=en><head><title>Quai Sud</title>{head}</head><body>Ships</body></html>"
    day.places.put("/quay", page_of.format(day.places.feed("/quay.xml", said)), content_type="text/html")
    day.places.put("/port", page_of.format(day.places.feed("/port.xml", said)), content_type="text/html")
    page = day.chromium.context.new_page()
    page.goto(f"{day.places.url}/quay")
    right_click(day, page, "watch.site")
    expect(page.get_by_text("Watching 127.0.0.1 from now on")).to_be_visible()
    assert len(day.sources()) == 1
    right_click(day, page, "watch.site", linkUrl=f"{day.places.url}/port")
    wait_for(lambda: len(day.sources()) == 2)
    assert [(one["kind"], one["feed_url"]) for one in day.sources()] == [
        ("feed", f"{day.places.url}/quay.xml"),
        ("feed", f"{day.places.url}/port.xml"),
    ]
