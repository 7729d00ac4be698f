"""Connecting a browser: the code, the yes in the app, what can go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.databases import free_port
from tests.e2e.paired import Person, pair, start_pairing, stop_worker
from tests.e2e.server import Server, running_server
from tests.e2e.snapshot import Snapshot
from tests.extension.browser import Extension, launch_chromium
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Snapshot]]:
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running, Snapshot(running.database)


@pytest.fixture
def server(house: tuple[Server, Snapshot]) -> Server:
    """A server that nobody has asked to pair yet."""
    running, before = house
    before.put_back()
    return running


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Extension]:
    with launch_chromium(tmp_path / "profile") as running:
        yield running


def test_a_browser_is_connected_by_approving_the_code_it_shows(server: Server, chromium: Extension) -> None:
    person = Person(server, chromium)
    person.post("/brands", {"name": "Café Lumière"})
    popup = chromium.open()
    code = start_pairing(popup, server)

    asked = person.pending()
    assert code == asked["code"].replace("-", " ")
    assert asked["client"] == "Chrome (Linux)"
    assert asked["origin"] == f"chrome-extension://{chromium.id}"

    person.approve()
    expect(popup.get_by_role("button", name="Brand: Café Lumière")).to_be_visible()
    stored = chromium.stored()
    assert stored["server"] == server.base
    assert stored["token"].startswith("entregent_")
    assert stored["pairing"] is None, "the verifier is not kept"


def test_a_refusal_is_said_and_another_code_can_be_had(server: Server, chromium: Extension) -> None:
    person = Person(server, chromium)
    popup = chromium.open()
    first = start_pairing(popup, server)
    person.post(f"/pairing/requests/{person.pending()['id']}/refuse")
    expect(popup.get_by_text("This was refused in the app.")).to_be_visible()
    assert start_pairing(popup, server) != first
    popup.get_by_role("button", name="Cancel").click()
    expect(popup.get_by_role("heading", name="Connect this browser")).to_be_visible()


def test_pairing_goes_on_after_the_worker_was_stopped(server: Server, chromium: Extension) -> None:
    person = Person(server, chromium)
    popup = chromium.open()
    start_pairing(popup, server)
    stop_worker(chromium)
    person.approve()
    wait_for(lambda: chromium.send(popup, "state")["paired"])


def test_a_server_that_is_not_there_is_said_in_words(chromium: Extension) -> None:
    popup = chromium.open()
    popup.get_by_text("The server is elsewhere").click()
    address = f"127.0.0.1:{free_port()}"
    popup.get_by_label("Address of the server").fill(address)
    popup.locator("form").get_by_role("button", name="Connect").click()
    expect(popup.get_by_text(f"Nothing answers at {address}.")).to_be_visible()


def test_a_revoked_browser_is_asked_to_connect_again(server: Server, chromium: Extension) -> None:
    person = pair(server, chromium)
    popup = chromium.open()
    expect(popup.get_by_role("button", name="Brand: Café Lumière")).to_be_visible()
    mine = [device for device in person.get("/devices")["items"] if device["origin"].endswith(chromium.id)]
    for device in mine:
        person.delete(f"/devices/{device['id']}")
    expect(popup.get_by_role("heading", name="Connect this browser")).to_be_visible()
    stored = chromium.stored()
    assert stored["token"] == ""
    assert stored["cache"]["mentions"] == []


def test_only_pages_of_ours_may_use_the_api(server: Server, chromium: Extension) -> None:
    """A content script that somebody took over still cannot call the API: the background looks at who sends."""
    pair(server, chromium)
    worker = chromium.worker()
    page = chromium.context.new_page()
    page.goto(f"{server.base}/-/practice/")
    worker.evaluate(
        """async (url) => {
            const [tab] = await chrome.tabs.query({url});
            await chrome.scripting.executeScript({target: {tabId: tab.id}, func: async () => {
                const ask = (request, ask) => chrome.runtime.sendMessage({request, ask});
                document.documentElement.dataset.heard = JSON.stringify([
                    await ask("api", {method: "GET", path: "/me"}),
                    await ask("state", {}),
                    await ask("page.state", {host: "bank.example", network: "practice", account: ""}),
                ]);
            }});
        }""",
        f"{server.base}/*",
    )
    api, state, allowed = page.evaluate("JSON.parse(document.documentElement.dataset.heard)")
    assert (api["ok"], api["error"]["code"]) == (False, "forbidden")
    assert (state["ok"], state["error"]["code"]) == (False, "forbidden")
    assert allowed["ok"]
    assert "token" not in str(allowed)
