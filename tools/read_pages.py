"""Reads the pages of a folder with our adapters, in a real Chromium, and prints what is read of each.

    python -m tools.read_pages FOLDER [--all]

Pages are files that a browser saved; where one stands for an address it says so itself (`og:url`, a canonical link,
the browser's own comment), or the address stands in a file beside it, `NAME.url`. Nothing is fetched from anywhere.
`--all` prints every post, not only the counts.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.extension.pages import ToolbarBrowser, toolbar_browser
from tests.extension.parts import build_parts
from tests.waiting import wait_for

SAYS = (
    r'property="og:url"[^>]*content="(https?://[^"]+)"',
    r'content="(https?://[^"]+)"[^>]*property="og:url"',
    r'<link[^>]*rel="canonical"[^>]*href="(https?://[^"]+)"',
    r"saved from url=\(\d+\)(https?://\S+)",
)
#: What a page without an address of its own is likely to be.
HINTS = {'data-testid="tweet"': "https://x.com/home", 'class="athing': "https://news.ycombinator.com/item?id=1"}
READ = """() => new Promise((done, fail) => {
  addEventListener('was-read', (event) => done(JSON.parse(event.detail)), {once: true});
  setTimeout(fail, 5000, new Error('the page was not read'));
  dispatchEvent(new Event('read'));
})"""


def address_of(file: Path, html: str) -> str:
    beside = file.with_suffix(".url")
    if beside.exists():
        return beside.read_text("utf-8").strip()
    for pattern in SAYS:
        if found := re.search(pattern, html):
            return found[1]
    return next((address for hint, address in HINTS.items() if hint in html), "")


def read_page(browser: ToolbarBrowser, address: str, html: str) -> dict[str, Any] | None:
    """What our adapter reads; None where there is none for this address."""
    page = browser.open(address, html)
    wait_for(lambda: page.evaluate("document.documentElement.dataset.reader"), 10)
    found: dict[str, Any] | None = page.evaluate(READ)
    page.close()
    return found


def main(arguments: list[str]) -> None:
    folders = [one for one in arguments if not one.startswith("--")]
    if len(folders) != 1:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        parts = build_parts(Path(scratch) / "parts")
        with toolbar_browser(parts, Path(scratch) / "profile", adapters=True) as browser:
            head = ("page", "site", "posts", "authors", "links", "texts", "boxes", "misses")
            print("{:<28} {:<14} {:>6} {:>8} {:>6} {:>6} {:>6} {:>7}".format(*head))
            for file in sorted(Path(folders[0]).glob("*.htm*")):
                html = file.read_text("utf-8", errors="replace")
                address = address_of(file, html)
                seen = read_page(browser, address, html) if address else None
                if seen is None:
                    print(f"{file.name:<28} {'not known' if address else 'no address'}")
                    continue
                posts = seen["posts"]
                counts = [sum(bool(post[name]) for post in posts) for name in ("author", "url", "text")]
                misses = sum(len(post["misses"]) for post in posts)
                numbers = (len(posts), *counts, len(seen["boxes"]), misses)
                print("{:<28} {:<14} {:>6} {:>8} {:>6} {:>6} {:>6} {:>7}".format(file.name, seen["site"], *numbers))
                if "--all" in arguments:
                    for post in posts:
                        print("   ", json.dumps({name: post[name] for name in ("author", "url")}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
