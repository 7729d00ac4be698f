"""Answers that come late, in another order, cut off or not at all: nothing that is known is lost by them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.between import Between, between
from tests.e2e.paired import pair
from tests.e2e.server import Server, running_server
from tests.extension import skeletons
from tests.extension.browser import Extension, launch_chromium
from tests.extension.pages import HN
from tests.waiting import wait_for

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    """A browser, what stands between it and its server, and a page of ours that asks."""

    server: Server
    between: Between
    chromium: Extension
    page: Page
    token: str
    brand_id: str
    numbers: Iterator[int] = field(default_factory=count)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Straight to the server."""
        return self.server.call(method, path, body, token=self.token)

    def mention(self) -> dict[str, Any]:
        """A new one in the inbox, and known to the browser."""
        url = f"https://mastodon.example/@maud/{next(self.numbers)}"
        said = {"brand_id": self.brand_id, "url": url, "text": "Seen at Café Lumière"}
        made: dict[str, Any] = self.call("POST", "/mentions", said)
        self.look()
        assert self.known(made)
        return made

    def change(self, mention: dict[str, Any], **values: Any) -> None:
        path = f"/mentions/{mention['id']}"
        self.call("PATCH", path, {**values, "version": self.call("GET", path)["version"]})

    def known(self, mention: dict[str, Any]) -> str:
        """The status that the browser knows of; "" = it does not know the mention."""
        found: list[dict[str, Any]] = self.chromium.stored()["cache"]["mentions"]
        return next((one["status"] for one in found if one["id"] == mention["id"]), "")

    def ask(self, request: str, **ask: Any) -> Any:
        return self.chromium.send(self.page, request, ask)

    def ask_later(self, request: str, **ask: Any) -> None:
        """Asked without waiting for the answer."""
        self.page.evaluate("([request, ask]) => void chrome.runtime.sendMessage({request, ask})", [request, ask])

    def look(self) -> None:
        """Ask for changes now."""
        self.ask("queue.flush")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("late")
    with (
        running_server(folder / "server") as server,
        between(server.base) as stands,
        launch_chromium(folder / "profile") as chromium,
    ):
        person = pair(replace(server, base=stands.base), chromium)
        brand_id = person.get("/brands")["items"][0]["id"]
        # A page of ours that asks nothing by itself.
        page = chromium.open("allow/index.html")
        yield Desk(server, stands, chromium, page, server.token(), brand_id)


@pytest.fixture
def desk(house: Desk) -> Iterator[Desk]:
    house.look()
    yield house
    for hold in house.between.holds.values():
        hold.set()
    for page in house.chromium.context.pages[1:]:
        if page != house.page:
            page.close()
    house.between.holds.clear()
    house.between.breaks.clear()
    house.between.cuts.clear()
    house.between.rows.clear()
    house.between.asked.clear()


def test_a_mention_that_cannot_be_read_this_moment_stays_known_and_is_read_later(desk: Desk) -> None:
    mention = desk.mention()
    path = f"/mentions/{mention['id']}"
    desk.change(mention, status="open")
    desk.look()
    assert desk.known(mention) == "open"
    before = desk.chromium.stored()["last_change"]
    desk.between.breaks[path] = 503
    desk.change(mention, status="replied")
    desk.look()
    assert desk.known(mention) == "open", "what was known stays"
    assert desk.chromium.stored()["last_change"] == before, "not noted as heard"
    # What is refused for good does not keep the rest from being heard.
    desk.between.breaks[path] = 500
    desk.look()
    assert desk.chromium.stored()["last_change"] > before
    desk.between.breaks.clear()
    desk.change(mention, status="done")
    desk.look()
    assert desk.known(mention) == "done"


def test_an_open_popup_shows_what_came_while_the_background_still_reads_it(desk: Desk) -> None:
    popup = desk.chromium.open()
    expect(popup.get_by_role("tab", name="New", selected=True)).to_be_visible()
    desk.look()
    changes = desk.between.holds["/changes"] = threading.Event()
    desk.between.asked.clear()
    wait_for(lambda: "GET /changes" in desk.between.asked)
    # Both are in the answer to this one question; the keyword is what the background waits for.
    desk.call("POST", "/keywords", {"brand_id": desk.brand_id, "name": "quay", "query": "quay"})
    body = {"brand_id": desk.brand_id, "url": "https://forum.example/late", "author": "Maud", "text": "Seen just now"}
    desk.call("POST", "/mentions", body)
    keywords = desk.between.holds["/keywords"] = threading.Event()
    changes.set()
    expect(popup.get_by_role("row").filter(has_text="Seen just now")).to_be_visible(timeout=10_000)
    assert "GET /keywords" in desk.between.asked
    assert not keywords.is_set()


def test_figures_that_are_slow_to_come_leave_connections_to_the_list(desk: Desk) -> None:
    hold = desk.between.holds["/mentions/stats"] = threading.Event()
    desk.between.asked.clear()
    popup = desk.chromium.open()
    for n in range(4):  # each is counted anew
        said = {
            "brand_id": desk.brand_id,
            "url": f"https://forum.example/slow/{n}",
            "author": "Maud",
            "text": f"Number {n}",
        }
        desk.call("POST", "/mentions", said)
        expect(popup.get_by_role("row").filter(has_text=f"Number {n}")).to_be_visible(timeout=10_000)
    asked = desk.between.asked.count("GET /mentions/stats")
    hold.set()
    assert asked <= 3  # tabs, rows, and the badge
    expect(popup.get_by_role("tab", name="New")).to_contain_text(re.compile(r"\d"))


def test_a_full_reading_that_failed_is_done_again(desk: Desk) -> None:
    mention = desk.mention()
    desk.between.breaks["/keywords"] = 503
    desk.chromium.worker().evaluate("chrome.storage.local.set({last_change: -1})")
    desk.look()
    assert desk.chromium.stored()["last_change"] == -1
    assert desk.known(mention) == "new", "what could be read is there"
    desk.between.breaks.clear()
    desk.look()
    assert desk.chromium.stored()["last_change"] >= 0


def test_an_answer_that_ends_in_the_middle_is_none(desk: Desk) -> None:
    mention = desk.mention()
    path = f"/mentions/{mention['id']}"
    desk.between.cuts.add(path)
    answer = desk.ask("api", method="GET", path=path)
    assert (answer["status"], answer["body"]["error"]["code"]) == (0, "unreachable")


def test_one_slow_call_does_not_make_the_server_away(desk: Desk) -> None:
    reachable = "chrome.storage.session.get('reachable').then(({reachable}) => reachable ?? true)"
    mention = desk.mention()
    path = f"/mentions/{mention['id']}"
    desk.between.cuts.add(path)
    hold = desk.between.holds[path] = threading.Event()
    desk.between.asked.clear()
    desk.page.evaluate(
        """(path) => { globalThis.slow = chrome.runtime.sendMessage({request: "api", ask: {method: "GET", path}}); }""",
        path,
    )
    wait_for(lambda: f"GET {path}" in desk.between.asked)
    assert desk.ask("api", method="GET", path="/me")["status"] == 200
    hold.set()
    assert desk.page.evaluate("slow.then(({value}) => value.status)") == 0
    assert desk.chromium.worker().evaluate(reachable), "others were answered meanwhile"
    # A later one that nobody answers says so.
    desk.ask("api", method="GET", path=path)
    assert not desk.chromium.worker().evaluate(reachable)
    desk.ask("api", method="GET", path="/me")
    assert desk.chromium.worker().evaluate(reachable)


def test_what_waits_of_a_post_is_done_before_what_is_asked_of_it_later(desk: Desk) -> None:
    mention = desk.mention()
    path = f"/mentions/{mention['id']}"
    said = {"url": mention["url"], "brand_id": desk.brand_id}

    def states() -> list[str]:
        return [one["state"] for one in desk.chromium.stored().get("queue", [])]

    desk.between.breaks[path] = 503
    with pytest.raises(AssertionError, match="queued"):
        desk.ask("mention.status", status="replied", **said)
    # Still broken: it joins what waits. What is about something else does not wait for it.
    with pytest.raises(AssertionError, match="queued"):
        desk.ask("mention.status", status="open", **said)
    assert states() == ["waiting", "waiting"]
    assert desk.ask("reply.save", text="We open at nine", title="Hours", post=None)["id"]
    desk.between.breaks.clear()
    desk.ask("mention.status", status="done", **said)
    wait_for(lambda: states() == [])
    assert desk.call("GET", path)["status"] == "done"


def test_who_leaves_at_once_is_told_after_they_came(desk: Desk) -> None:
    mention = desk.mention()
    path = f"/mentions/{mention['id']}/presence"
    hold = desk.between.holds[path] = threading.Event()
    for doing in ("answering", "left"):
        desk.ask_later("mention.at", id=mention["id"], doing=doing, brand_id=desk.brand_id)
    wait_for(lambda: f"PUT {path}" in desk.between.asked)
    desk.ask("api", method="GET", path="/me")  # time for the other, had it been sent
    assert desk.between.asked.count(f"PUT {path}") == 1
    hold.set()
    wait_for(lambda: desk.between.asked.count(f"PUT {path}") == 2)
    wait_for(lambda: desk.call("GET", "/presence")["items"] == [])


def test_two_posts_opened_at_once_are_both_unfolded(desk: Desk) -> None:
    urls = [HN, HN.replace("800", "801")]
    thread = skeletons.hackernews_thread()
    desk.chromium.context.route(
        "https://news.ycombinator.com/**",
        lambda route: route.fulfill(
            body=thread.replace("800", route.request.url.rpartition("=")[2]), content_type="text/html"
        ),
    )
    before = set(desk.chromium.context.pages)
    desk.page.evaluate(
        """(urls) => Promise.all(urls.map((url) =>
            chrome.runtime.sendMessage({request: "mention.open", ask: {url, answer: true}})))""",
        urls,
    )

    def opened() -> list[Page]:
        desk.chromium.stored()  # pages are heard of while something is asked
        return [page for page in desk.chromium.context.pages if page not in before]

    wait_for(lambda: len(opened()) == 2)
    for page in opened():
        page.bring_to_front()
        wait_for(lambda page=page: page.evaluate("location.href") != "about:blank")  # type: ignore[misc]
        if page.url not in urls:  # a first try came before the stand-in of the site was heard of
            page.reload()
        page.locator(".panel").wait_for()
    for page in opened():
        page.close()


def test_what_is_kept_at_the_same_moment_is_all_kept(desk: Desk) -> None:
    hosts = [f"forum{n}.example" for n in range(8)]
    desk.page.evaluate(
        """(hosts) => Promise.all(hosts.flatMap((host) => [
            {request: "site.confirm", ask: {host, network: "discourse", on: true}},
            {request: "site.hide", ask: {host, scope: "site"}},
            {request: "pictures.use", ask: {host, on: true}},
        ]).map((message) => chrome.runtime.sendMessage(message)))""",
        hosts,
    )
    kept = desk.chromium.stored()
    assert kept["confirmed"] == [f"discourse@{host}" for host in hosts]
    assert sorted(kept["hidden_hosts"]) == hosts
    assert sorted(kept["picture_hosts"]) == hosts


def test_all_keywords_of_a_brand_are_known_to_its_pages(desk: Desk) -> None:
    desk.between.rows["/keywords"] = 2
    words = {f"word{n}" for n in range(5)}
    for word in words:
        desk.call("POST", "/keywords", {"brand_id": desk.brand_id, "name": word, "query": word})
    desk.look()
    assert {said for [said] in desk.chromium.stored()["cache"]["keywords"]} >= words


def test_what_waits_without_a_name_is_listed_by_its_address(desk: Desk) -> None:
    desk.between.breaks["/sources"] = 503
    url = "https://forum.example/t/1"
    for request in ("watch.site", "watch.page"):
        with pytest.raises(AssertionError, match="queued"):
            desk.ask(request, url=url, title="")
    assert [one["about"] for one in desk.chromium.stored()["queue"]] == [url, url]
    for one in desk.chromium.stored()["queue"]:
        desk.ask("queue.drop", id=one["id"])


def test_a_server_that_does_not_answer_is_said_where_access_was_asked_for(desk: Desk) -> None:
    page = desk.chromium.context.new_page()
    page.goto(f"{desk.chromium.address('allow/index.html')}?server=http://127.0.0.1:9")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing answers at 127.0.0.1:9")
    page.close()
