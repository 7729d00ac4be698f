"""At work beside the real server: the keys of commands, keys that the person changed, replies and who is at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.paired import Person, pair
from tests.e2e.server import Server, running_server
from tests.e2e.work import sticks_out, violations
from tests.extension.browser import Extension, launch_chromium, screenshots_folder
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
PAGE = "<!doctype html><html lang=en><title>Ten addresses</title><body><p>Brunch</p></body></html>"
ARTICLE = "https://forum.example/t/1"


@dataclass
class Desk:
    server: Server
    chromium: Extension
    person: Person
    token: str
    brand_id: str
    popup: Page

    def mention(self, url: str, **more: Any) -> dict[str, Any]:
        said = {"brand_id": self.brand_id, "url": url, "text": "Seen at Café Lumière", **more}
        found: dict[str, Any] = self.server.call("POST", "/mentions", said, token=self.token)
        return found

    def read(self, mention: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.server.call("GET", f"/mentions/{mention['id']}", token=self.token)
        return found

    def ask(self, request: str, **ask: Any) -> Any:
        return self.chromium.send(self.popup, request, ask)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("desk")
    with running_server(folder / "server") as server, launch_chromium(folder / "profile") as chromium:
        chromium.context.grant_permissions(["clipboard-read", "clipboard-write"])
        chromium.context.route(
            "https://forum.example/**", lambda route: route.fulfill(body=PAGE, content_type="text/html")
        )
        person = pair(server, chromium)
        popup = chromium.open()
        brand_id = person.get("/brands")["items"][0]["id"]
        yield Desk(server, chromium, person, server.token(), brand_id, popup)


def test_the_shorten_key_takes_the_pages_address_where_nobody_writes(desk: Desk) -> None:
    page = desk.chromium.context.new_page()
    page.goto(ARTICLE)
    keys = desk.chromium.worker().evaluate(
        "chrome.commands.getAll().then((all) => Object.fromEntries(all.map((one) => [one.name, one.shortcut])))"
    )
    assert (keys["reply"], keys["shorten"]) == ("Alt+R", "Alt+S")
    desk.chromium.worker().evaluate(
        """async (url) => {
            const [tab] = await chrome.tabs.query({url});
            chrome.commands.onCommand.dispatch('shorten', tab);
        }""",
        ARTICLE,
    )
    page.bring_to_front()
    wait_for(lambda: page.evaluate("navigator.clipboard.readText()") == ARTICLE or None)
    wait_for(lambda: [link["url"] for link in desk.person.get("/links")["items"]] == [ARTICLE] or None)
    page.close()


def test_the_address_of_a_reply_is_kept_also_where_somebody_said_replied_before(desk: Desk) -> None:
    url = "https://mastodon.example/@maud/1"
    mention = desk.mention(url)
    desk.ask("mention.status", url=url, status="replied", brand_id=desk.brand_id)
    assert (desk.read(mention)["status"], desk.read(mention)["reply_url"]) == ("replied", "")
    reply = "https://mastodon.example/@cafelumiere/2"
    desk.ask("mention.status", url=url, status="replied", reply_url=reply, brand_id=desk.brand_id)
    assert desk.read(mention)["reply_url"] == reply
    # What is known already is not written over by a second one.
    desk.ask("mention.status", url=url, status="replied", reply_url=f"{reply}3", brand_id=desk.brand_id)
    assert desk.read(mention)["reply_url"] == reply


def test_who_answers_in_a_page_is_seen_by_the_others_and_hears_of_them(desk: Desk) -> None:
    mention = desk.mention("https://mastodon.example/@maud/7")
    path = f"/mentions/{mention['id']}/presence"
    desk.server.call("PUT", path, {"window": "karims-window", "doing": "answering"}, token=desk.token)
    told = desk.ask("mention.at", id=mention["id"], doing="answering", brand_id=desk.brand_id)
    assert told["replied"] is None
    assert len(told["others"]) == 1

    def windows() -> dict[str, str]:
        items = desk.server.call("GET", "/presence", token=desk.token)["items"]
        return {one["window"]: one["doing"] for one in items}

    [ours] = [window for window in windows() if window.startswith("page-")]
    assert windows()[ours] == "answering"
    desk.ask("mention.at", id=mention["id"], doing="left", brand_id=desk.brand_id)
    assert ours not in windows()
    desk.server.call("PUT", path, {"window": "karims-window", "doing": "left"}, token=desk.token)
    url = mention["url"]
    desk.ask("mention.status", url=url, status="replied", brand_id=desk.brand_id)
    told = desk.ask("mention.at", id=mention["id"], doing="answering", brand_id=desk.brand_id)
    assert told["others"] == []
    assert told["replied"]["at"]


def test_every_key_of_the_toolbar_is_listed_and_those_of_the_panel_are_changed(desk: Desk) -> None:
    page = desk.chromium.open("app/index.html#/settings?part=keys", width=1000, height=900)
    page.emulate_media(reduced_motion="reduce")
    expect(page.get_by_text("Alt+R", exact=True)).to_be_visible()
    expect(page.get_by_text("Alt+S", exact=True)).to_be_visible()
    box = page.get_by_label("Keys that insert a reply")
    box.fill("j k l")
    page.get_by_label("Key that searches").fill("k")
    expect(page.get_by_text("cannot insert too")).to_be_visible()
    page.get_by_label("Key that searches").fill("s")
    page.get_by_role("button", name="Keep these keys").click()
    wait_for(lambda: desk.chromium.stored().get("panel_keys") == {"choose": "jkl", "search": "s"} or None)
    here = {"host": "forum.example", "network": "forum.example", "account": ""}
    assert desk.ask("page.state", **here)["keys"] == {
        "reply": "Alt+R",
        "shorten": "Alt+S",
        "choose": "jkl",
        "search": "s",
    }
    assert violations(page) == []
    with desk.chromium.context.expect_page() as opened:
        page.get_by_role("button", name="Change these in the browser").click()
    assert opened.value.url.startswith("chrome://extensions/shortcuts")
    opened.value.close()
    for language, dark, width in (("en", False, 1000), ("fr", True, 1000), ("fr", False, 360)):
        desk.ask("language.use", language=language)
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()
        page.locator(".settings-keys").first.wait_for()
        page.screenshot(
            path=screenshots_folder() / f"settings-keys-{language}-{'dark' if dark else 'light'}-{width}.png"
        )
        assert not sticks_out(page)
    desk.ask("language.use", language="en")
    page.reload()
    page.get_by_role("button", name="The usual ones").click()
    wait_for(lambda: desk.chromium.stored()["panel_keys"]["search"] == "/" or None)
    page.close()
