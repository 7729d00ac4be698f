"""A page of a network under its real address, with our toolbar on it: what tests of the toolbar do and look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Route, Worker

from tests.extension.browser import Extension, launch_chromium
from tests.extension.parts import Parts
from tests.waiting import wait_for

HN = "https://news.ycombinator.com/item?id=800"
MASTODON = "https://mastodon.social/home"
BLUESKY = "https://bsky.app/"

#: The page's first box takes nothing that is put into it; another one beside it is free to paste into.
REFUSING = """() => { const box = document.querySelector('textarea');
  box.addEventListener('beforeinput', (event) => event.preventDefault());
  box.addEventListener('input', () => { box.value = ''; });
  const free = document.createElement('textarea'); free.id = 'free'; box.form.append(free); }"""


class ToolbarBrowser:
    """A Chromium whose extension is our content script and a background with canned answers."""

    def __init__(self, extension: Extension) -> None:
        self.extension = extension
        self.context = extension.context
        self.worker: Worker = extension.worker()
        self.start_state = self.worker.evaluate("structuredClone(canned)")

    def reset(self) -> None:
        for page in self.context.pages[1:]:
            page.close()
        self.worker.evaluate("start => { asked.length = 0; Object.assign(canned, start) }", self.start_state)

    def open(
        self,
        url: str,
        html: str | Callable[[str], str],
        headers: dict[str, str] | None = None,
        heard: Callable[[ConsoleMessage], None] | None = None,
    ) -> Page:
        """A page whose documents are `html` (or what it gives for an address), and nothing else."""
        page = self.context.new_page()
        if heard:
            page.on("console", heard)
        page.set_default_timeout(8000)

        def answer(route: Route) -> None:
            if route.request.resource_type != "document":
                route.abort()
                return
            body = html if isinstance(html, str) else html(route.request.url)
            route.fulfill(body=body, headers={"content-type": "text/html; charset=utf-8", **(headers or {})})

        page.route("**/*", answer)
        page.goto(url)
        return page

    def set_state(self, **change: Any) -> None:
        """What pages are told from now on (PageState)."""
        self.worker.evaluate("change => setState(change)", change)

    def can(self, **answers: Any) -> None:
        """Other canned answers: suggestions, shorten, errors."""
        self.worker.evaluate("change => { Object.assign(canned, change) }", answers)

    def push(self, push: dict[str, Any]) -> None:
        self.worker.evaluate("message => push(message)", push)

    def asked(self, request: str) -> list[dict[str, Any]]:
        """What the page asked of the background under this name."""
        found: list[dict[str, Any]] = self.worker.evaluate(
            "name => asked.filter(({request}) => request === name).map(({ask}) => ask)", request
        )
        return found

    def wait_asked(self, request: str) -> dict[str, Any]:
        """The first such question, once it is there."""
        return wait_for(lambda: self.asked(request), 8)[0]


@contextmanager
def toolbar_browser(parts: Parts, profile: Path, *, adapters: bool = False, **options: Any) -> Iterator[ToolbarBrowser]:
    """`adapters`: with our reading of the page beside the toolbar (adapters/reader.ts)."""
    with launch_chromium(profile, parts.adapters if adapters else parts.toolbar, **options) as extension:
        yield ToolbarBrowser(extension)


def bars(page: Page) -> Locator:
    """All hosts of ours."""
    return page.locator("entregent-bar")


def marks(page: Page) -> Locator:
    """Resting marks and unfolded bars in rows, one per post."""
    return page.locator("entregent-bar > .en > .rest, entregent-bar > .en > .bar")


def count_marks(page: Page, wanted: int) -> int:
    """How many posts have a toolbar, once it is as many as wanted or time is up."""
    with suppress(AssertionError):
        wait_for(lambda: marks(page).count() == wanted, 5)
    return marks(page).count()


def open_panel(page: Page, n: int = 0) -> Locator:
    """Press *Answer* on the n-th toolbar of the page and wait for the panel."""
    mark = marks(page).nth(n)
    mark.scroll_into_view_if_needed()
    if "rest" in (mark.get_attribute("class") or ""):
        mark.hover()
        page.locator(".float .bar").wait_for()
        page.locator(".float .bar button", has_text="Answer").click()
    else:
        mark.locator("button").first.click()
    panel = page.locator(".panel")
    panel.wait_for()
    panel.locator(".s, .write").first.wait_for()
    return panel


def composer_bar(page: Page) -> Locator:
    """The bar beside the focused text box; where it rests as a mark in the box's corner it is unfolded."""
    resting = page.locator(".float .rest")
    bar = page.locator(".float .bar", has_text="Saved replies")
    wait_for(lambda: resting.count() or bar.count() or None, 5)
    if resting.count():
        resting.hover()
    bar.wait_for()
    return bar


def menu_item(page: Page, words: str) -> None:
    """Choose one of what stands behind the three dots of the unfolded bar."""
    page.locator(".float .bar button[aria-haspopup]").click()
    page.locator(".menu button", has_text=words).click()


def page_of(body: str) -> str:
    """A page of a site that nobody knows, with boxes of a usual size."""
    box = "display:block;width:640px;min-height:90px;border:1px solid #999;padding:6px;box-sizing:border-box"
    style = f"body{{font:16px/1.5 sans-serif;margin:24px 24px 300px}}textarea,[contenteditable=true]{{{box}}}"
    head = f'<head><meta charset="utf-8"><title>Forum</title><style>{style}</style></head>'
    return f'<!doctype html><html lang="en">{head}<body>{body}</body></html>'
