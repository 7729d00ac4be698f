"""One walk through a page, done in Chromium and in Firefox alike: steps as data, and what was noted on the way.

`("until", expression, note)` waits until an expression of the page is true, `("note", expression, note)` only reads it,
`("hover" | "click", css, words)` moves the mouse to something of ours, `("away",)` into the page's corner,
`("press", key)`, `("type", text)`, and `("settle",)` lets a moment pass, as people do. In expressions `ours(css)` gives
all of ours that match.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.extension.browser import find_firefox
from tests.extension.pages import ToolbarBrowser
from tests.extension.parts import HERE, NODE
from tests.waiting import wait_for

#: All of ours that match, through our open roots.
OURS = """const ours = (css) => [...document.querySelectorAll("entregent-bar")]
    .flatMap((bar) => [...(bar.shadowRoot?.querySelectorAll(css) ?? [])]);"""
#: The middle of the first that is seen and holds these words.
PLACE = f"""(css, words) => {{
    {OURS}
    const found = ours(css).find((one) => one.checkVisibility({{visibilityProperty: true}})
        && `${{one.textContent}} ${{one.getAttribute("aria-label") ?? ""}}`.includes(words));
    if (!found) return null;
    found.scrollIntoView({{block: "nearest", behavior: "instant"}});
    const {{x, y, width, height}} = found.getBoundingClientRect();
    return width && height ? {{x: x + width / 2, y: y + height / 2}} : null;
}}"""
SETTLE_MS = 250
LIMIT_S = 8.0

Step = tuple[str, ...]


@dataclass(frozen=True)
class Walk:
    name: str
    url: str
    html: str
    steps: tuple[Step, ...]
    headers: dict[str, str] = field(default_factory=dict)
    #: documents of frames by their addresses
    frames: dict[str, str] = field(default_factory=dict)
    #: of the window: posts are read when they are near it
    height: int = 800
    width: int = 1000


def _in_page(expression: str) -> str:
    return f"(() => {{ {OURS} return {expression}; }})()"


def _as_data(step: Step) -> list[str]:
    if step[0] in ("until", "note"):
        return [step[0], _in_page(step[1]), step[2] if len(step) > 2 else ""]
    return list(step)


def walk_in_chromium(browser: ToolbarBrowser, walk: Walk) -> dict[str, Any]:
    def body(url: str) -> str:
        return walk.html if url == walk.url else walk.frames[url]

    page = browser.open(walk.url, body, walk.headers)
    if (walk.width, walk.height) != (Walk.width, Walk.height):
        page.set_viewport_size({"width": walk.width, "height": walk.height})
    noted: dict[str, Any] = {}

    def place(css: str, words: str = "") -> tuple[float, float]:
        at: dict[str, float] = wait_for(
            lambda: page.evaluate(f"({PLACE})({json.dumps(css)}, {json.dumps(words)})"), LIMIT_S
        )
        return at["x"], at["y"]

    def until(look: str) -> Any:
        try:
            return wait_for(lambda: page.evaluate(look), LIMIT_S)
        except AssertionError as error:
            raise AssertionError(f"never true: {look}") from error

    for step in walk.steps:
        kind, *words = _as_data(step)
        if kind == "until":
            noted[words[1]] = until(words[0])
        elif kind == "note":
            noted[words[1]] = page.evaluate(words[0])
        elif kind == "settle":
            page.wait_for_timeout(SETTLE_MS)
        elif kind == "away":
            page.mouse.move(3, 3)
        elif kind == "press":
            page.keyboard.press(words[0])
        elif kind == "type":
            page.keyboard.type(words[0])
        elif kind == "click":
            page.mouse.click(*place(*words))
        else:
            page.mouse.move(*place(*words))
    noted.pop("", None)
    page.close()
    return noted


def walk_in_firefox(
    extension: Path, walks: list[Walk], folder: Path, prefs: dict[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    """All walks in one session. `prefs`: of the browser (about:config)."""
    jobs = [{**walk.__dict__, "steps": [_as_data(step) for step in walk.steps]} for walk in walks]
    asked = {"prefs": prefs or {}, "jobs": jobs, "ours": PLACE, "limit_ms": LIMIT_S * 1000, "settle_ms": SETTLE_MS}
    file = folder / "walks.json"
    file.write_text(json.dumps(asked), "utf-8")
    done = subprocess.run(
        [NODE, str(HERE / "walks" / "firefox.mjs"), str(find_firefox()), str(extension), str(file)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return seen
