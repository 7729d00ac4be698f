"""Alerts as notifications of the browser: asked for only when switched on, shown once, and they lead to the mention."""

from __future__ import annotations

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


class Alerted:
    """A paired browser, and an alert for all that is said about its brand."""

    def __init__(self, server: Server, chromium: Extension) -> None:
        self.server, self.chromium = server, chromium
        self.person: Person = pair(server, chromium)
        self.token = server.token()
        self.brand_id = self.person.get("/brands")["items"][0]["id"]
        channel = self.call("POST", "/channels", {"brand_id": self.brand_id, "kind": "browser"})
        self.channel_id = channel["id"]
        self.call("POST", "/alerts", {"brand_id": self.brand_id, "channel_ids": [channel["id"]]})

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.server.call(method, path, body, token=self.token)

    def said(self, number: int, text: str) -> str:
        body = {"brand_id": self.brand_id, "url": f"https://a.example/{number}", "network": "web", "text": text}
        made: dict[str, Any] = self.call("POST", "/mentions", body)
        return str(made["id"])

    def worker(self, script: str) -> Any:
        return self.chromium.worker().evaluate(script)

    def shown(self) -> list[str]:
        return sorted(self.worker("chrome.notifications.getAll()"))


@pytest.fixture(scope="module")
def alerted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alerted]:
    folder: Path = tmp_path_factory.mktemp("alerted")
    seed_profile(folder / "profile")
    with running_server(folder / "server") as server, launch_chromium(folder / "profile") as chromium:
        yield Alerted(server, chromium)


def test_nothing_is_asked_for_or_shown_before_it_is_switched_on(alerted: Alerted) -> None:
    assert "notifications" not in alerted.worker("chrome.permissions.getAll()")["permissions"]
    alerted.call("POST", f"/channels/{alerted.channel_id}/test")
    assert alerted.call("GET", "/messages")["items"]
    page = open_alerts(alerted)
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("This browser shows notifications.")).to_be_visible()
    assert "notifications" in alerted.worker("chrome.permissions.getAll()")["permissions"]
    wait_for(lambda: alerted.worker("chrome.storage.local.get('last_message')").get("last_message"))
    assert alerted.shown() == []
    page.close()


def test_an_alert_is_one_notification_however_many_windows_are_open(alerted: Alerted) -> None:
    pages = [open_alerts(alerted), open_alerts(alerted)]
    mention_id = alerted.said(2, "Where is the terrace of this lovely place, and does it open on Sundays?")
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
    for page in [*pages, opened.value]:
        page.close()


def open_alerts(alerted: Alerted) -> Page:
    page = alerted.chromium.context.new_page()
    page.goto(alerted.chromium.address("app/index.html#/alerts"))
    page.locator("h1").first.wait_for()
    return page
