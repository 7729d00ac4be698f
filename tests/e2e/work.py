"""The app in a plain browser tab, logged in, beside a real server: what the tests of the work pages begin with."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.e2e.server import Server, running_server
from tests.e2e.snapshot import Snapshot
from tests.extension.browser import ROOT, launch_chromium, screenshots_folder

AXE = ROOT / "tests" / "peers" / "node_modules" / "axe-core" / "axe.min.js"
FORGET = """() => new Promise((done) => {
    localStorage.clear();
    const asked = indexedDB.deleteDatabase("entregent");
    asked.onsuccess = asked.onerror = done;
})"""
_numbers = itertools.count(1)
#: at noon, so that all is of one day; no date, since rules are tried on the last 30 days
_BEGAN = (datetime.now(UTC) - timedelta(days=5)).replace(hour=12, minute=0, second=0, microsecond=0)


@dataclass
class Work:
    """One server, one brand, one browser without extension."""

    server: Server
    context: BrowserContext
    token: str
    brand: dict[str, Any]
    before: Snapshot | None = None

    def remember(self) -> None:
        """What is stored now is what each test of the module begins with."""
        self.before = Snapshot(self.server.database)

    def begin(self) -> None:
        """A test begins: no page is open, the browser remembers the login only, the data are those of `remember`."""
        blank = self.context.new_page()
        for page in self.context.pages:
            if page is not blank:
                page.close()
        self.context.unroute_all()
        blank.goto(f"{self.server.base}/healthz")
        blank.evaluate(FORGET)
        assert self.before, "remember() was never called"
        self.before.put_back()

    def api(self, method: str, path: str, body: Any = None) -> Any:
        return self.server.call(method, path, body, token=self.token)

    def open(
        self, route: str, *, width: int = 1280, height: int = 800, language: str = "en", dark: bool = False
    ) -> Page:
        """A page of the app: `inbox`, `compose?id=3`."""
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.add_init_script(f"localStorage.setItem('entregent.language', {json.dumps(json.dumps(language))})")
        # A colour on its way to another has neither's contrast.
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{self.server.base}/-/app/#/{route}")
        page.locator("main h1").first.wait_for(state="attached")
        return page

    def mention(self, text: str, *, author: str = "Maud Delcroix", network: str = "mastodon", **more: Any) -> Any:
        """A new mention, saved as from a page."""
        n = next(_numbers)
        body = {
            "brand_id": self.brand["id"],
            "url": f"https://{network}.example/@someone/{n}",
            "network": network,
            "author": author,
            "text": text,
            "published_at": (_BEGAN + timedelta(minutes=n)).isoformat(),
            **more,
        }
        return self.api("POST", "/mentions", body)


@contextmanager
def working(folder: Path, extra: dict[str, str] | None = None, *, port: int | None = None) -> Iterator[Work]:
    """A server with the brand Café Lumière, and a browser that is logged in to it."""
    with (
        running_server(folder / "server", extra or {}, port=port) as server,
        launch_chromium(folder / "profile", None) as browser,
    ):
        token = server.token()
        brand = server.call(
            "POST",
            "/brands",
            {"name": "Café Lumière", "languages": ["fr", "en"], "countries": ["FR"], "time_zone": "Europe/Paris"},
            token=token,
        )
        page = browser.context.new_page()
        page.goto(server.command("login"))
        page.close()
        browser.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield Work(server, browser.context, token, brand)


def violations(page: Page) -> list[str]:
    """What axe-core finds, one line each."""
    page.evaluate(AXE.read_text() + "; undefined")
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(({violations}) => violations)")
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def sticks_out(page: Page) -> bool:
    """True where the page is wider than the window."""
    wider: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    return wider


def take_pictures(work: Work, name: str, route: str, ready: str) -> None:
    """The four looks of a screen, each free of what axe-core minds and no wider than its window."""
    looks = (
        ("light-en-1280", {"width": 1280, "height": 800}),
        ("dark-fr-1280", {"width": 1280, "height": 800, "language": "fr", "dark": True}),
        ("light-fr-360", {"width": 360, "height": 740, "language": "fr"}),
        ("dark-en-360", {"width": 360, "height": 740, "dark": True}),
    )
    for look, options in looks:
        page = work.open(route, **options)
        page.locator(ready).first.wait_for()
        page.locator(".skeleton").first.wait_for(state="detached")
        page.screenshot(path=screenshots_folder() / f"{name}-{look}.png")
        found = violations(page)
        assert not found, (look, found)
        assert not sticks_out(page), look
        page.close()
