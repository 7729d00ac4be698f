"""The browsers of the tests: found (CHROMIUM, FIREFOX, the system's, Playwright's own), started with the extension."""

from __future__ import annotations

import atexit
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, Worker, expect, sync_playwright

from tests.waiting import wait_for

expect.set_options(timeout=20_000)  # for all tests with a browser: machines do much else at once

ROOT = Path(__file__).resolve().parent.parent.parent
TEST_CHROME = ROOT / "dist" / "test-chrome"
STORE_CHROME = ROOT / "dist" / "chrome"
#: by the `key` in manifest.json
EXTENSION_ID = "cdkdkoomkllockebbdkjgkgmkkfjjahg"
MOST_SAID = 4000  # characters that tell why a test failed


class NoBrowser(Exception):
    """A browser that is missing is a failure, never a silent skip."""


def find_chromium() -> Path:
    """Raises NoBrowser."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named)
    for name in ("chromium", "chromium-browser"):
        found = shutil.which(name)
        if found:
            return Path(found)
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True):
        return path
    raise NoBrowser("Chromium was not found: install it, or set CHROMIUM to its program.")


def find_firefox() -> Path:
    """Raises NoBrowser."""
    named = os.environ.get("FIREFOX")
    if named:
        return Path(named)
    for name in ("firefox", "firefox-esr"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise NoBrowser("Firefox was not found: install it, or set FIREFOX to its program.")


_driver: list[Playwright] = []


def playwright() -> Playwright:
    """The one driver of this process: Playwright takes no second one beside it, and a browser may need another."""
    if not _driver:
        manager = sync_playwright()
        _driver.append(manager.start())
        atexit.register(_driver[0].stop)
    return _driver[0]


@dataclass
class Extension:
    """A running Chromium with the extension in it."""

    context: BrowserContext
    id: str

    def address(self, path: str) -> str:
        """`popup/index.html` → its address in the extension."""
        return f"chrome-extension://{self.id}/extension/build/{path}"

    def worker(self) -> Worker:
        """The service worker; started by a message where it sleeps."""
        for worker in self.context.service_workers:
            if self.id in worker.url:
                return worker
        return self.context.wait_for_event("serviceworker", timeout=10_000)

    def open(self, path: str = "popup/index.html", *, width: int = 400, height: int = 600) -> Page:
        page = self.context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.goto(self.address(path))
        return page

    def send(self, page: Page, request: str, ask: dict[str, Any] | None = None) -> Any:
        """A message to the background, as a page of ours sends it; gives its value. Raises AssertionError."""
        reply = page.evaluate("([request, ask]) => chrome.runtime.sendMessage({request, ask})", [request, ask or {}])
        assert reply, f"nobody answered {request}"
        assert reply["ok"], reply
        return reply["value"]

    def stored(self) -> dict[str, Any]:
        """All of storage.local."""
        found: dict[str, Any] = self.worker().evaluate("chrome.storage.local.get()")
        return found


def _launch(profile: Path, extension: Path | None, options: dict[str, Any]) -> BrowserContext:
    """A browser, ready when the extension's worker is there. Raises AssertionError.

    On a busy machine the driver may miss that worker's start, for as long as the browser lives: then a new one begins.
    """
    used = profile.exists() and any(profile.iterdir())
    for attempts_left in (2, 1, 0):
        if extension is not None and not used:
            # Without it an unpacked extension does not come back from an update of itself.
            (profile / "Default").mkdir(parents=True)
            settings = {"extensions": {"ui": {"developer_mode": True}}}
            (profile / "Default" / "Preferences").write_text(json.dumps(settings), "utf-8")
        context = playwright().chromium.launch_persistent_context(str(profile), headless=False, **options)
        if extension is None:
            break
        try:
            wait_for(lambda context=context: context.service_workers)  # type: ignore[misc]
            break
        except AssertionError:
            context.close()
            if not attempts_left:
                raise
            if not used:
                shutil.rmtree(profile)
    return context


@contextmanager
def launch_chromium(
    profile: Path, extension: Path | None = TEST_CHROME, *, language: str = "en", dark: bool = False, **options: Any
) -> Iterator[Extension]:
    """Chromium with an unpacked extension (None: without). `profile` is its data folder."""
    if extension is not None and not (extension / "manifest.json").exists():
        raise AssertionError(f"{extension} has not been built: run `make setup`.")
    arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--lang={language}"]
    if extension is not None:
        arguments += [f"--disable-extensions-except={extension}", f"--load-extension={extension}"]
    options |= {
        "executable_path": str(find_chromium()),
        "args": arguments,
        "locale": language,
        "color_scheme": "dark" if dark else "light",
    }
    context = _launch(profile, extension, options)
    found = Extension(context, EXTENSION_ID)
    try:
        if extension is not None:
            found.id = context.service_workers[0].url.split("/")[2]
        yield found
    except Exception as failure:
        with suppress(Error):  # of the browser, which may be gone
            short = {name: value for name, value in found.stored().items() if len(json.dumps(value)) < MOST_SAID / 10}
            failure.add_note(f"the extension kept: {short}")
        raise
    finally:
        context.close()


def screenshots_folder() -> Path:
    """Where screenshots of the run go: ENTREGENT_SCREENSHOTS, else build/screenshots."""
    folder = Path(os.environ.get("ENTREGENT_SCREENSHOTS") or ROOT / "build" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
