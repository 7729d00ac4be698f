# ruff: noqa: E501 - styles in long lines
"""Pictures of the toolbar on every skeleton page, light, dark and from right to left, in build/pictures.

    python -m tools.pictures [light] [dark] [rtl]

Beside them one contact sheet for each look: `sheet-light.png`, `sheet-dark.png`, `sheet-rtl.png`.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error, Page

from tests.extension.browser import ROOT
from tests.extension.pages import ToolbarBrowser, marks, toolbar_browser
from tests.extension.parts import build_parts
from tests.extension.skeletons.base import Skeleton
from tests.extension.skeletons.every import skeletons

FOLDER = ROOT / "build" / "pictures"
SIZE = {"width": 760, "height": 560}
#: Skeletons are light: this makes one as a site's dark look does.
DARK = "<style>html, body, body :not(svg, svg *, entregent-bar) { background-color: #15202b !important; color: #e7e9ea !important }</style>"
COLUMNS = 4


def take(browser: ToolbarBrowser, skeleton: Skeleton, look: str) -> Path:
    html = skeleton.html.replace("</head>", f"{DARK}</head>") if look == "dark" else skeleton.html
    page = browser.open(skeleton.url, html)
    with suppress(Error):
        marks(page).first.wait_for(timeout=3000)
        rest = page.locator("entregent-bar > .en > .rest")
        if rest.count() > 1:
            rest.nth(1).hover()
            page.locator(".float .bar").wait_for(timeout=2000)
    if not skeleton.posts:
        with suppress(Error):
            page.locator("textarea, [contenteditable=true]").last.click(timeout=2000)
            page.locator(".float .bar, .float .rest").first.wait_for(timeout=2000)
    page.wait_for_timeout(200)
    path = FOLDER / f"{skeleton.id.replace(' ', '-')}-{look}.png"
    page.screenshot(path=path)
    page.close()
    return path


def sheet(page: Page, look: str, pictures: list[Path]) -> None:
    cells = "".join(
        f'<figure><img src="data:image/png;base64,{base64.b64encode(one.read_bytes()).decode()}"><figcaption>{one.stem}</figcaption></figure>'
        for one in pictures
    )
    style = f"body{{margin:8px;display:grid;grid-template-columns:repeat({COLUMNS},1fr);gap:8px;font:14px sans-serif}}figure{{margin:0}}img{{width:100%;border:1px solid #888}}"
    page.set_viewport_size({"width": COLUMNS * 480, "height": 900})
    page.set_content(f"<style>{style}</style>{cells}")
    page.screenshot(path=FOLDER / f"sheet-{look}.png", full_page=True)


LOOKS = {"light": "en", "dark": "en", "rtl": "ar"}


def main(chosen: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        parts = build_parts(Path(scratch) / "parts")
        with toolbar_browser(parts, Path(scratch) / "profile", viewport=SIZE, reduced_motion="reduce") as browser:
            for look in chosen or LOOKS:
                pictures = [take(browser, one, look) for one in skeletons(LOOKS[look])]
                page = browser.context.new_page()
                sheet(page, look, pictures)
                page.close()
                print(f"{len(pictures)} pictures, {look}: {FOLDER / f'sheet-{look}.png'}")


if __name__ == "__main__":
    main(sys.argv[1:])
