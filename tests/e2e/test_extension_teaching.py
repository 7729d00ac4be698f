# ruff: noqa: E501 - markup in long lines
"""Taught sites with the real server and the real extension: one's own at once, everybody's when approved, as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.paired import beside, pair
from tests.e2e.seeding import seed_profile
from tests.e2e.server import Server, running_server
from tests.e2e.work import violations
from tests.extension.browser import ROOT, TEST_CHROME, Extension, launch_chromium, screenshots_folder
from tests.extension.skeletons.every import skeletons
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
POSTS = "".join(
    f"""<article class="topic-post"><a class="poster-name" href="/people/{who}">{who}</a>
    <a class="post-link" href="/talk/12#p{n}"><time datetime="2026-11-20T09:0{n}:00Z">3 hours ago</time></a>
    <div class="post-body"><p>{words}</p></div><div class="acts"><button>Like</button><button>Reply</button></div></article>"""
    for n, (who, words) in enumerate(
        [
            ("Ines", "Is there a terrace? We would be six."),
            ("Karl", "The brunch was cold."),
            ("Omar", "See you there then!"),
        ]
    )
)
FORUM = "https://talk.quai.example/talk/12"
PAGE = f"<!doctype html><html lang=en><title>Talk</title><body>{POSTS}<textarea name=message></textarea></html>"


@dataclass
class Team:
    server: Server
    token: str
    brand: dict[str, Any]
    chromium: Extension

    def adapters(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.server.call("GET", "/adapters", token=self.token)["items"]
        return found


def open_at(chromium: Extension, url: str, html: str) -> Page:
    """A page of a site that the person has switched on."""
    asking = chromium.context.new_page()
    asking.goto(f"{chromium.address('allow/index.html')}?url={url}")
    asking.get_by_role("button", name="Allow").click()
    expect(asking.get_by_role("status")).to_contain_text("The toolbar is on")
    asking.close()
    chromium.context.route(url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page = chromium.context.new_page()
    page.goto(url)
    return page


def popup_at(chromium: Extension, page: Page) -> Page:
    """The popup as it is beside this tab."""
    popup = chromium.context.new_page()
    tab = chromium.worker().evaluate("url => chrome.tabs.query({url}).then(([one]) => one.id)", page.url)
    beside(popup, page.url, "Talk", tab)
    popup.goto(chromium.address("popup/index.html"))
    return popup


def marks(page: Page) -> Any:
    return page.locator("entregent-bar > .en > .rest, entregent-bar > .en > .bar")


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("teaching")
    seed_profile(folder / "profile", TEST_CHROME)
    with running_server(folder / "server") as server, launch_chromium(folder / "profile") as chromium:
        pair(server, chromium)
        token = server.token()
        (brand,) = server.call("GET", "/brands", token=token)["items"]
        yield Team(server, token, brand, chromium)


def test_a_site_is_taught_from_the_popup_and_approved_for_the_colleague(team: Team, tmp_path: Path) -> None:
    page = open_at(team.chromium, FORUM, PAGE)
    popup = popup_at(team.chromium, page)
    expect(popup.get_by_text("On talk.quai.example the toolbar stands at text boxes.")).to_be_visible()
    assert violations(popup) == []
    popup.get_by_role("button", name="Teach this site").click()
    page.bring_to_front()
    card = page.locator(".card")
    for place in (".post-body p >> nth=1", ".poster-name >> nth=1", ".post-body p >> nth=1", "textarea"):
        page.locator(place).click()
        card.get_by_role("button", name="Next").click()
    card.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Entregent knows talk.quai.example now")).to_be_visible()
    wait_for(lambda: marks(page).count() == 3)
    (kept,) = [one for one in team.adapters() if one["host"] == "talk.quai.example"]  # other tests keep theirs
    assert (kept["approved_at"], kept["adapter"]["tier"]) == (None, "taught")

    seed_profile(tmp_path / "colleague", TEST_CHROME)
    with launch_chromium(tmp_path / "colleague") as second:
        second.context.request.get(invite(team, "Léa", "contributor"))
        pair_as(team, second)
        theirs = open_at(second, FORUM, PAGE)
        theirs.locator("textarea").focus()
        theirs.locator("entregent-bar").first.wait_for(state="attached")
        assert marks(theirs).count() == 0, "nobody approved it yet"
        team.server.call("POST", f"/adapters/{kept['id']}/approve", token=team.token)
        # Heard by itself, in the page that is open.
        wait_for(lambda: marks(theirs).count() == 3, 45)


def invite(team: Team, name: str, role: str) -> str:
    body = {"name": name, "brand_roles": {team.brand["id"]: role}}
    link: str = team.server.call("POST", "/members", body, token=team.token)["login_link"]
    return link


def pair_as(team: Team, chromium: Extension) -> None:
    """Connect this browser for whoever is logged in in it."""
    page = chromium.open()
    page.get_by_text("The server is elsewhere").click()
    page.get_by_label("Address of the server").fill(team.server.base)
    page.locator("form").get_by_role("button", name="Connect").click()
    page.locator("output.code").wait_for()
    request = chromium.context.request
    base = f"{team.server.base}/api/v1/pairing/requests"
    (asked,) = request.get(base).json()["items"]
    request.post(f"{base}/{asked['id']}/approve", headers={"Sec-Fetch-Site": "same-origin"}, data={})
    wait_for(lambda: chromium.send(page, "state")["paired"])
    page.close()


def test_a_newer_adapter_of_the_administrator_mends_a_page_that_changed(team: Team) -> None:
    hackernews = next(one for one in skeletons("en") if one.id == "hackernews comments")
    broken = hackernews.html.replace("commtext", "said")
    page = open_at(team.chromium, hackernews.url, broken)
    popup = popup_at(team.chromium, page)
    expect(popup.get_by_text("news.ycombinator.com has changed (comment: no text on its posts)")).to_be_visible()
    assert marks(page).count() == 0
    popup.get_by_role("button", name="Copy a report").click()
    expect(popup.get_by_text("All texts and names in it are masked")).to_be_visible()

    adapter = (ROOT / "extension" / "sites" / "hackernews.json").read_text("utf-8").replace("commtext", "said")
    folder = team.server.data_dir / "adapters"
    folder.mkdir(exist_ok=True)
    (folder / "hackernews.json").write_text(json.dumps(json.loads(adapter) | {"version": "2027-01-01"}), "utf-8")
    team.chromium.worker().evaluate("chrome.storage.local.set({adapters_at: 0})")  # six hours later
    team.chromium.send(popup, "queue.flush")  # asks for changes now
    page.bring_to_front()
    wait_for(lambda: marks(page).count() == len(hackernews.posts), 20)
    popup.close()


@pytest.mark.parametrize(("language", "look"), [("en", "light"), ("fr", "dark")])
def test_taught_sites_are_listed_shared_as_a_file_and_taken_away_with_undo(
    team: Team, tmp_path: Path, language: str, look: Any
) -> None:
    words = {
        "en": ("Export", "Remove", "Undo", "Import a site", "for you", "is removed"),
        "fr": ("Exporter", "Supprimer", "Annuler", "Importer un site", "pour vous", "est supprimé"),
    }[language]
    adapter = json.loads((ROOT / "extension" / "sites" / "xenforo.json").read_text("utf-8"))
    host = f"{language}.forum.example"
    adapter |= {"id": host, "tier": "taught", "checked": ["Taught."], "hosts": [host], "test": None}
    file = tmp_path / "shared.json"
    file.write_text(json.dumps(adapter), "utf-8")
    page = team.chromium.context.new_page()
    page.add_init_script(f"localStorage.setItem('entregent.language', {json.dumps(json.dumps(language))})")
    page.emulate_media(color_scheme=look, reduced_motion="reduce")
    page.goto(f"{team.server.base}/-/app/#/settings?part=sites")
    page.get_by_label(words[3]).set_input_files(file)
    row = page.locator(".settings-list li", has_text=host)
    expect(row.get_by_text(words[4])).to_be_visible()
    assert violations(page) == []
    page.screenshot(path=screenshots_folder() / f"settings-sites-{language}-{look}.png")
    with page.expect_download() as download:
        row.get_by_role("button", name=words[0]).click()
    assert download.value.suggested_filename == f"{host}.entregent.json"
    assert json.loads(Path(download.value.path()).read_text("utf-8")) == adapter
    row.get_by_role("button", name=words[1]).click()
    expect(page.get_by_text(words[5])).to_be_visible()
    expect(row).to_have_count(0)
    page.get_by_role("button", name=words[2]).click()
    expect(row).to_have_count(1)
    page.get_by_label(words[3]).set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"{}"})
    expect(page.get_by_text("x.json")).to_be_visible()
    page.close()
