"""The right-click menu: what each entry does, what lies in the clipboard, what is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.databases import free_port
from tests.e2e.paired import Person, pair
from tests.e2e.server import Server, running_server
from tests.e2e.snapshot import Snapshot
from tests.extension.browser import Extension, launch_chromium
from tests.waiting import wait_for

ARTICLE = "https://forum.example/t/1"
PAGE = """<!doctype html><html lang=en><title>Dix adresses</title>
<body><p>Un brunch au soleil</p><a href="https://guide.example/brunch?b=2&a=1">guide</a></body></html>"""


@dataclass
class Day:
    server: Server
    chromium: Extension
    person: Person
    page: Page


@pytest.fixture(scope="module")
def paired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Extension, Person, Snapshot]]:
    folder: Path = tmp_path_factory.mktemp("day")
    with running_server(folder / "server") as server, launch_chromium(folder / "profile") as chromium:
        chromium.context.grant_permissions(["clipboard-read", "clipboard-write"])
        chromium.context.route(
            "https://forum.example/**", lambda route: route.fulfill(body=PAGE, content_type="text/html")
        )
        person = pair(server, chromium)
        yield server, chromium, person, Snapshot(server.database)


@pytest.fixture
def day(paired: tuple[Server, Extension, Person, Snapshot]) -> Iterator[Day]:
    """The article in a tab of its own, and nothing made before."""
    server, chromium, person, before = paired
    before.put_back()
    page = chromium.context.new_page()
    page.goto(ARTICLE)
    yield Day(server, chromium, person, page)
    page.close()


def right_click(day: Day, item: str, **info: Any) -> None:
    """What the browser tells the extension after a click in its menu, on the article's tab."""
    day.page.bring_to_front()
    day.chromium.worker().evaluate(
        """async ([info, url]) => {
            const [tab] = await chrome.tabs.query({url});
            chrome.contextMenus.onClicked.dispatch(info, tab);
        }""",
        [{"menuItemId": item, "pageUrl": ARTICLE, "editable": False, **info}, ARTICLE],
    )


def notice(day: Day, words: str) -> None:
    """The notice on the page, whoever draws it: the content script, or the background where there is none."""
    expect(day.page.get_by_text(words).first).to_be_visible()


def test_shorten_on_a_link_leaves_an_address_in_the_clipboard_and_says_so(day: Day) -> None:
    right_click(day, "shorten", linkUrl="https://guide.example/brunch?b=2&a=1")
    # The public address is not proved: nothing of ours is copied as a short link, and the notice says why.
    notice(day, "public address for short links is not set or not proved")
    copied = day.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("https://guide.example/brunch?b=2&a=1")
    assert "127.0.0.1" not in copied
    [link] = day.person.get("/links")["items"]
    assert link["url"] == "https://guide.example/brunch?b=2&a=1"


def test_shorten_on_the_page_takes_the_page_and_its_title(day: Day) -> None:
    right_click(day, "shorten")
    wait_for(lambda: day.page.evaluate("navigator.clipboard.readText()") == ARTICLE)
    [link] = day.person.get("/links")["items"]
    assert (link["url"], link["title"]) == (ARTICLE, "Dix adresses")


def test_shorten_on_an_image_and_on_a_selected_address(day: Day) -> None:
    def copied() -> str:
        found: str = day.page.evaluate("navigator.clipboard.readText()")
        return found

    right_click(day, "shorten", mediaType="image", srcUrl="https://forum.example/terrasse.jpg")
    wait_for(lambda: copied() == "https://forum.example/terrasse.jpg")
    right_click(day, "shorten", selectionText=" https://guide.example/selected ")
    wait_for(lambda: copied() == "https://guide.example/selected")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "http://127.0.0.1/admin", "https://a@b.example/"]
)
def test_what_may_not_be_shortened_is_said_and_nothing_is_copied(day: Day, url: str) -> None:
    day.page.evaluate("navigator.clipboard.writeText('as it was')")
    right_click(day, "shorten", linkUrl=url)
    wait_for(lambda: day.page.locator("entregent-notice, entregent-bar").count())
    assert day.person.get("/links")["items"] == []
    assert day.page.evaluate("navigator.clipboard.readText()") == "as it was"


def test_share_opens_the_composer_filled_in(day: Day) -> None:
    with day.chromium.context.expect_page() as opened:
        right_click(day, "share", selectionText="Un brunch au soleil")
    address = urlsplit(opened.value.url)
    assert address.path.endswith("/app/index.html")
    route, _, query = unquote(address.fragment, errors="strict").partition("?")
    assert route == "/compose"
    assert parse_qs(urlsplit(f"?{address.fragment.partition('?')[2]}").query) == {
        "url": [ARTICLE],
        "text": ["Un brunch au soleil"],
    }, query
    opened.value.close()


def test_sharing_an_image_keeps_the_page_it_stands_on(day: Day) -> None:
    with day.chromium.context.expect_page() as opened:
        right_click(day, "share", mediaType="image", srcUrl="https://forum.example/terrasse.jpg")
    given = parse_qs(urlsplit(opened.value.url).fragment.partition("?")[2])
    assert given["image0"] == ["https://forum.example/terrasse.jpg"]
    assert given["url"] == [ARTICLE]
    opened.value.close()


def test_schedule_opens_the_composer_where_one_says_when_and_its_page_hears_of_it(day: Day) -> None:
    with day.chromium.context.expect_page() as opened:
        right_click(day, "schedule", selectionText="Un brunch au soleil")
    composer = opened.value
    given = parse_qs(urlsplit(composer.url).fragment.partition("?")[2])
    assert (given["text"], given["url"], given["when"]) == (["Un brunch au soleil"], [ARTICLE], ["at"])
    composer.locator("input[type=date]").wait_for()
    assert composer.locator("textarea").first.input_value() == f"Un brunch au soleil\n{ARTICLE}"
    # As the composer says it once the server has taken the post.
    said = {"from": given["from"][0], "moment": "Tuesday 1 December, 09:00"}
    day.chromium.send(composer, "compose.scheduled", said)
    notice(day, "Scheduled for Tuesday 1 December, 09:00")
    composer.close()


def test_watch_this_term_makes_a_keyword_of_exactly_these_words(day: Day) -> None:
    right_click(day, "watch.term", selectionText='  Café "Lumière"\nOR soleil ')
    notice(day, "from now on")
    keyword = wait_for(lambda: day.person.get("/keywords")["items"])[0]
    assert keyword["query"] == '"Café Lumière OR soleil"'


def test_what_is_asked_while_the_server_is_away_ends_in_a_notice_with_copy(tmp_path: Path) -> None:
    port = free_port()
    with launch_chromium(tmp_path / "profile") as chromium:
        chromium.context.grant_permissions(["clipboard-read", "clipboard-write"])
        chromium.context.route(
            "https://forum.example/**", lambda route: route.fulfill(body=PAGE, content_type="text/html")
        )
        with running_server(tmp_path / "server", port=port) as server:
            person = pair(server, chromium)
            page = chromium.context.new_page()
            page.goto(ARTICLE)
        away = Day(server, chromium, person, page)
        page.evaluate("navigator.clipboard.writeText('as it was')")
        right_click(away, "shorten", linkUrl="https://guide.example/later")
        notice(away, "kept and done when it is back")
        with running_server(tmp_path / "server", port=port) as server:
            person = Person(server, chromium)
            chromium.worker().evaluate(
                "chrome.alarms.onAlarm.dispatch({name: 'queue', scheduledTime: Date.now(), periodInMinutes: 0.5})"
            )
            wait_for(lambda: person.get("/links")["items"], 20)
            expect(page.get_by_role("button", name="Copy")).to_be_visible()
            assert page.evaluate("navigator.clipboard.readText()") == "as it was", "never in the clipboard later"


def test_titles_of_the_menu_follow_the_chosen_language(day: Day) -> None:
    worker = day.chromium.worker()
    worker.evaluate(
        """() => {
            const create = chrome.contextMenus.create.bind(chrome.contextMenus);
            globalThis.titles = [];
            chrome.contextMenus.create = (item, done) => { titles.push(item.title); return create(item, done); };
            return chrome.storage.local.set({language: "fr"});
        }"""
    )
    # In English first, where the menu was still being made.
    french: list[str] = wait_for(
        lambda: found if len(found := worker.evaluate("titles.slice(-8)")) == 8 and found[0] == "Raccourcir" else None
    )
    worker.evaluate("chrome.storage.local.set({language: 'en'})")
    assert french == [
        "Raccourcir",
        "Partager…",
        "Programmer…",
        "Suivre «\u202f%s\u202f»",
        "Suivre ce mot-dièse",
        "Suivre ce site",
        "Suivre les changements de cette page",
        "Ajouter cette page à la tournée",
    ]
