"""A browser that a person connected to a server: what most tests of the extension begin with."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import APIRequestContext, Page

from tests.e2e.server import Server
from tests.extension.browser import Extension
from tests.waiting import wait_for

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}  # what a browser says by itself for a call of the app


class Person:
    """Somebody logged in to the app, by its one-time link; shares the browser's cookies."""

    def __init__(self, server: Server, extension: Extension) -> None:
        self.base = f"{server.base}/api/v1"
        self._request: APIRequestContext = extension.context.request
        self._request.get(server.command("login"))

    def get(self, path: str) -> Any:
        response = self._request.get(self.base + path)
        assert response.ok, response.text()
        return response.json()

    def post(self, path: str, body: Any = None) -> Any:
        response = self._request.post(self.base + path, headers=SAME_ORIGIN, data=body or {})
        assert response.ok, response.text()
        return response.json()

    def delete(self, path: str) -> None:
        response = self._request.delete(self.base + path, headers=SAME_ORIGIN)
        assert response.ok, response.text()

    def pending(self) -> dict[str, Any]:
        """The one pairing request that waits."""
        found: list[dict[str, Any]] = wait_for(lambda: self.get("/pairing/requests")["items"])
        assert len(found) == 1, found
        return found[0]

    def approve(self) -> None:
        self.post(f"/pairing/requests/{self.pending()['id']}/approve")


def start_pairing(page: Page, server: Server) -> str:
    """Type the server's address into the popup; gives the code it shows then."""
    page.get_by_text("The server is elsewhere").click()
    page.get_by_label("Address of the server").fill(server.base)
    page.locator("form").get_by_role("button", name="Connect").click()
    return page.locator("output.code").inner_text()


def pair(server: Server, extension: Extension, brand: str = "Café Lumière") -> Person:
    """A brand, and this browser connected; the popup is closed again."""
    person = Person(server, extension)
    if brand and not person.get("/brands")["items"]:
        person.post("/brands", {"name": brand, "languages": ["fr", "en"], "countries": ["FR"]})
    page = extension.open()
    start_pairing(page, server)
    person.approve()
    wait_for(lambda: extension.send(page, "state")["paired"])
    wait_for(lambda: extension.send(page, "state")["brands"])
    page.close()
    return person


def beside(popup: Page, url: str, title: str, tab_id: int = 1) -> None:
    """Say which tab stands beside a popup that a test opens in a tab of its own, where no click on our icon did."""
    tab = json.dumps([{"id": tab_id, "url": url, "title": title}])
    popup.add_init_script(
        f"""const query = chrome.tabs.query.bind(chrome.tabs);
        chrome.tabs.query = async (what) => what.active ? {tab} : query(what);"""
    )


def stop_worker(extension: Extension) -> None:
    """What the browser does to an idle service worker, at once."""
    session = extension.context.new_cdp_session(extension.context.pages[0])
    told: list[str] = []

    # Heard of, not looked for: what a page asks meanwhile starts the next one at once. Nor is the worker asked, which
    # would wait until something wakes it.
    def hear(event: dict[str, Any]) -> None:
        told.extend(one["runningStatus"] for one in event["versions"] if extension.id in one["scriptURL"])

    session.on("ServiceWorker.workerVersionUpdated", hear)
    session.send("ServiceWorker.enable")
    for target in session.send("Target.getTargets")["targetInfos"]:
        if target["type"] == "service_worker" and extension.id in target["url"]:
            session.send("Target.closeTarget", {"targetId": target["targetId"]})
    wait_for(lambda: session.send("Target.getTargets") and "stopped" in told)
    session.detach()
