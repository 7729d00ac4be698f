"""Alerts as notifications of the browser: asked for only when switched on, shown once, and they lead to the mention."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.paired import Person, pair
from tests.e2e.seeding import seed_profile
from tests.e2e.server import Server, running_server
from tests.extension.browser import Extension, launch_chromium
from tests.waiting import wait_for

CLEAR = """chrome.notifications?.getAll().then(
    (all) => Promise.all(Object.keys(all).map((id) => chrome.notifications.clear(id))))"""
#: the object of which the extension's code takes what the browser offers
OFFERED = "(globalThis.browser ?? chrome)"


class Alerted:
    """A paired browser, and an alert for all that is said about its brand."""

    def __init__(self, server: Server, chromium: Extension) -> None:
        self.server, self.chromium = server, chromium
        self.person: Person = pair(server, chromium)
        self.token = server.token()
        self.brand_id = self.person.get("/brands")["items"][0]["id"]
        channel = self.call("POST", "/channels", {"brand_id": self.brand_id, "kind": "browser"})
        self.channel_id = channel["id"]
        self.alert_id = ""
        self._numbers = itertools.count(1)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.server.call(method, path, body, token=self.token)

    def said(self, text: str) -> str:
        body = {
            "brand_id": self.brand_id,
            "url": f"https://a.example/{next(self._numbers)}",
            "network": "web",
            "text": text,
        }
        made: dict[str, Any] = self.call("POST", "/mentions", body)
        return str(made["id"])

    def worker(self, script: str) -> Any:
        return self.chromium.worker().evaluate(script)

    def begin(self) -> None:
        """A test begins: no page is open, and this browser was never asked for notifications."""
        blank = self.chromium.context.new_page()
        for page in self.chromium.context.pages:
            if page is not blank:
                page.close()
        # A new alert each time: one alert speaks once a minute.
        if self.alert_id:
            self.call("DELETE", f"/alerts/{self.alert_id}")
        body = {"brand_id": self.brand_id, "channel_ids": [self.channel_id]}
        self.alert_id = self.call("POST", "/alerts", body)["id"]
        self.worker(CLEAR)
        self.worker("chrome.storage.local.set({notices: false, last_message: '', messages_due: false})")
        self.worker("chrome.permissions.remove({permissions: ['notifications']})")

    def switch_on(self) -> None:
        """As a person does it; what is said from here on is shown."""
        page = open_alerts(self)
        page.get_by_role("button", name="Switch on").click()
        expect(page.get_by_text("This browser shows notifications.")).to_be_visible()
        wait_for(lambda: self.kept("last_message"))
        page.close()

    def kept(self, name: str) -> Any:
        return self.worker(f"chrome.storage.local.get('{name}')").get(name)

    def shown(self) -> list[str]:
        return sorted(self.worker("chrome.notifications.getAll()"))


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alerted]:
    folder: Path = tmp_path_factory.mktemp("alerted")
    seed_profile(folder / "profile")
    with running_server(folder / "server") as server, launch_chromium(folder / "profile") as chromium:
        yield Alerted(server, chromium)


@pytest.fixture
def alerted(together: Alerted) -> Alerted:
    together.begin()
    return together


def test_nothing_is_asked_for_or_shown_before_it_is_switched_on(alerted: Alerted) -> None:
    assert "notifications" not in alerted.worker("chrome.permissions.getAll()")["permissions"]
    alerted.call("POST", f"/channels/{alerted.channel_id}/test")
    assert alerted.call("GET", "/messages")["items"]
    alerted.switch_on()
    assert "notifications" in alerted.worker("chrome.permissions.getAll()")["permissions"]
    assert alerted.shown() == []


def test_an_alert_is_one_notification_however_many_windows_are_open(alerted: Alerted) -> None:
    alerted.switch_on()
    pages = [open_alerts(alerted), open_alerts(alerted)]
    mention_id = alerted.said("Where is the terrace of this lovely place, and does it open on Sundays?")
    (shown,) = wait_for(alerted.shown, 30)
    assert shown.split(".")[1] == mention_id
    alerted.worker(f"chrome.notifications.clear({shown!r})")
    for page in pages:
        page.reload()
        page.locator("h1").first.wait_for()
    wait_for(lambda: pages[0].locator(".alerts-list").count())
    assert alerted.shown() == []
    with alerted.chromium.context.expect_page() as opened:
        alerted.worker(f"chrome.notifications.onClicked.dispatch({shown!r})")
    expect(opened.value.locator(".inbox-page")).to_contain_text("Where is the terrace")


#: what stands in the way, and how it goes away again
LATE = {
    "the server fails": (
        """globalThis.real = fetch;
        globalThis.fetch = (url, how) => url.includes("/messages") ? real(url + "/none", how) : real(url, how)""",
        "globalThis.fetch = real",
    ),
    "the browser gives notifications late": (
        f"""globalThis.real = {OFFERED}.notifications;
        Object.defineProperty({OFFERED}, "notifications", {{ value: undefined, configurable: true }})""",
        f'Object.defineProperty({OFFERED}, "notifications", {{ value: real, configurable: true }})',
    ),
}


@pytest.mark.parametrize("way", LATE)
def test_what_cannot_be_shown_at_once_is_shown_later(alerted: Alerted, way: str) -> None:
    hinder, release = LATE[way]
    alerted.switch_on()
    page = open_alerts(alerted)
    alerted.worker(f"(() => {{ {hinder} }})()")
    try:
        alerted.call("POST", f"/channels/{alerted.channel_id}/test")
        wait_for(lambda: alerted.kept("messages_due"), 30)
        seen = alerted.kept("last_change")
        # Another change is taken in meanwhile: that a message came is noted apart from the place reached.
        alerted.call("POST", "/keywords", {"brand_id": alerted.brand_id, "name": way, "query": "soup"})
        wait_for(lambda: alerted.kept("last_change") > seen, 30)
        assert alerted.kept("messages_due")
    finally:
        alerted.worker(f"(() => {{ {release} }})()")
    (shown,) = wait_for(alerted.shown, 30)
    newest = alerted.call("GET", "/messages")["items"][0]
    assert shown == f"message-{alerted.brand_id}..{newest['id']}"
    wait_for(lambda: not alerted.kept("messages_due"))
    page.close()


def open_alerts(alerted: Alerted) -> Page:
    page = alerted.chromium.context.new_page()
    page.goto(alerted.chromium.address("app/index.html#/alerts"))
    page.locator("h1").first.wait_for()
    return page
