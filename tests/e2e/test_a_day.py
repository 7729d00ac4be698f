"""One day of a community manager, in the real parts: server processes, the built extension in Chromium, a real PDS.

From an empty data folder: pairing, a keyword, a mention in the popup, the page opened with the toolbar, a suggestion
in the site's own editor, a short link clicked and counted, a post scheduled and found on the PDS exactly once. Only
the pages of the network are skeletons, served under their real host name.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.databases import free_port
from tests.e2e.paired import pair
from tests.e2e.server import Server, running_server
from tests.extension import skeletons
from tests.extension.browser import ROOT, launch_chromium, screenshots_folder
from tests.peers.feeds import FeedServer, Said
from tests.peers.servers import BlueskyAccount, Pds
from tests.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

POST = "https://mastodon.social/@maud/3000"
ANSWER = "yes, there is room outside for thirty, and a corner for children."
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"


def spend_the_day(
    data: Path,
    feeds: FeedServer,
    pds: Pds,
    account: BlueskyAccount,
    extra: Mapping[str, str],
    *,
    python: str = sys.executable,
) -> dict[str, Any]:
    """Everything from the empty folder to the evening; gives what was seen, for the assertions."""
    port = free_port()
    environment = {**feeds.environment(), "ENTREGENT_PUBLIC_URL": f"http://127.0.0.1:{port}", **extra}
    seen: dict[str, Any] = {}
    with (
        running_server(data, environment, port=port, python=python) as server,
        launch_chromium(data / "profile") as chromium,
    ):
        chromium.context.route(
            "https://mastodon.social/**",
            lambda route: route.fulfill(body=skeletons.mastodon_opened(2), content_type="text/html"),
        )
        person = pair(server, chromium)
        brand = person.get("/brands")["items"][0]
        person.post(
            "/replies",
            {
                "brand_id": brand["id"],
                "title": "Room outside",
                "text": "Hello {{author.name|there}}, " + ANSWER,
                "language": "en",
                "tags": ["outside", "children", "brunch"],
            },
        )
        text = skeletons.post(0)[1]
        feeds.said.append(
            Said(title="", text=f"{text} #lumiere", url=POST, author="Maud Delcroix", language="en", network="mastodon")
        )
        person.post("/keywords", {"brand_id": brand["id"], "name": "Lumière", "query": "Lumière"})

        # morning: the popup
        popup = chromium.open()
        row = popup.get_by_role("row").or_(popup.get_by_role("option")).filter(has_text="Maud Delcroix").first
        expect(row).to_be_visible(timeout=30_000)
        seen["mention"] = person.get("/mentions")["items"][0]
        popup.screenshot(path=screenshots_folder() / "day-popup.png")

        # on the page: r opens it with the suggestions, 1 puts the first into the site's own box
        row.click()
        with chromium.context.expect_page() as opened:
            popup.keyboard.press("r")
        page = opened.value
        page.bring_to_front()
        # the first time on this site: are its posts read right?
        yes = page.get_by_role("button", name="Yes, use them")
        expect(yes).to_be_focused(timeout=20_000)
        page.keyboard.press("Enter")
        expect(page.get_by_text("there is room outside for thirty")).to_be_visible(timeout=20_000)
        page.screenshot(path=screenshots_folder() / "day-toolbar.png")
        page.keyboard.press("1")
        box = page.locator("form.compose-form textarea").first
        expect(box).to_have_value("@maud Hello Maud, " + ANSWER, timeout=10_000)
        seen["sent by itself"] = page.evaluate("window.submitted === true")
        wait_for(lambda: person.get(f"/mentions/{seen['mention']['id']}")["status"] == "open", 10)

        # a short link, clicked by a person and by a robot
        person.post("/public-address/check")
        link = person.post("/links", {"brand_id": brand["id"], "url": "https://example.org/carte?x=1"})
        assert link["public"], "the address was proved"
        for agent in (BROWSER, "Googlebot/2.1 (+http://www.google.com/bot.html)"):
            answer = chromium.context.request.get(link["short_url"], max_redirects=0, headers={"User-Agent": agent})
            assert answer.status == 302
            assert answer.headers["location"] == "https://example.org/carte?x=1"

        def counts() -> tuple[int, int]:
            stats = person.get(f"/links/{link['id']}/stats")
            return stats["people"], stats["robots"]

        wait_for(lambda: counts() == (1, 1), 2.5)

        # noon: a post for two seconds from now, in the brand's own time
        connected = person.post(
            "/accounts",
            {
                "brand_id": brand["id"],
                "network": "bluesky",
                "server": pds.url,
                "credentials": {"identifier": account.handle, "app_password": account.app_password},
            },
        )
        at = (datetime.now(UTC) + timedelta(seconds=3)).replace(tzinfo=None).isoformat(timespec="seconds")
        made = person.post(
            "/posts",
            {
                "brand_id": brand["id"],
                "text": "Samedi, la terrasse rouvre.",
                "targets": [connected["id"]],
                "schedule": {"when": "at", "at": at, "zone": "UTC"},
            },
        )

        def state() -> str:
            return str(person.get(f"/posts/{made['id']}")["deliveries"][0]["state"])

        wait_for(lambda: state() == "published", 30)
        seen["on the PDS"] = pds.texts(account)
        seen["extension"] = person.get("/extension")
        seen["output"] = server.output.read_text()
        stop_cleanly(server)
    return seen


def stop_cleanly(server: Server) -> None:
    children = server.children()
    assert server.stop() == 0
    wait_for(lambda: not [pid for pid in children if Path(f"/proc/{pid}").exists()], 3)


def test_a_day_on_sqlite(tmp_path: Path, feeds: FeedServer, pds_server: Pds, bluesky_account: BlueskyAccount) -> None:
    seen = spend_the_day(tmp_path / "data", feeds, pds_server, bluesky_account, {})
    assert seen["mention"]["keywords"][0]["highlights"]
    assert seen["sent by itself"] is False, "nothing is ever sent without the person's click"
    assert seen["on the PDS"] == ["Samedi, la terrasse rouvre."], "exactly once"
    assert "Traceback" not in seen["output"]


def test_a_day_on_postgresql(
    tmp_path: Path, postgres_url: str, feeds: FeedServer, pds_server: Pds, bluesky_account: BlueskyAccount
) -> None:
    extra = {"ENTREGENT_DATABASE_URL": postgres_url, "ENTREGENT_QUEUE_URL": "postgres"}
    seen = spend_the_day(tmp_path / "data", feeds, pds_server, bluesky_account, extra)
    assert seen["on the PDS"] == ["Samedi, la terrasse rouvre."]
    assert "Traceback" not in seen["output"]


@pytest.mark.timeout(600)
def test_a_day_from_the_wheel_without_make_node_or_a_home(
    tmp_path: Path, feeds: FeedServer, pds_server: Pds, bluesky_account: BlueskyAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = build_wheel(tmp_path / "wheel")
    home = tmp_path / "home"
    home.mkdir()
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    install(python, wheel)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", f"{tmp_path / 'venv' / 'bin'}:/usr/bin:/bin")
    seen = spend_the_day(tmp_path / "data", feeds, pds_server, bluesky_account, {}, python=str(python))
    assert seen["on the PDS"] == ["Samedi, la terrasse rouvre."]
    assert "Traceback" not in seen["output"]
    assert seen["extension"]["folder"].startswith(str(tmp_path / "venv")), "app and extension come from the wheel"
    assert (Path(seen["extension"]["folder"]) / "manifest.json").exists()


def build_wheel(folder: Path) -> Path:
    """What `make package` builds, in a folder of its own."""
    folder.mkdir()
    subprocess.run([sys.executable, ROOT / "tools" / "package.py", "--to", folder], check=True, cwd=ROOT)
    return next(folder.glob("entregent-*.whl"))


def install(python: Path, wheel: Path) -> None:
    """The pinned packages of the lock file, then the wheel alone, so that nothing newer slips in."""
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    lock = ROOT / "requirements" / "run.txt"
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True, cwd=python.parent)
    subprocess.run([*pip, wheel], check=True, cwd=python.parent)
