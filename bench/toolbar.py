# ruff: noqa: E501 - scripts in long lines
"""Cost of the in-page toolbar: size of its script, script and layout per post, memory after thousands of posts.

The same scripted scroll through a synthetic feed runs in two browsers, with and without the extension, A B A B.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.rows import Row
from tests.extension import skeletons
from tests.extension.browser import Extension, launch_chromium
from tests.extension.pages import BLUESKY
from tests.extension.parts import Parts, build_parts
from tests.extension.test_hostile_pages import SOAK

RUNS = 5
POSTS = 200
RECYCLED = 5_000
BUNDLE_KB = 60
MS_PER_POST = 0.5
HEAP_MB = 2.0

# Posts come in and are scrolled through, as fast as frames are drawn.
SCROLL = """async (posts) => {
  const feed = document.querySelector('#feed'), model = feed.children[1].cloneNode(true);
  model.querySelectorAll('entregent-bar').forEach((node) => node.remove());
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let n = 0; n < posts; n++) {
    const made = model.cloneNode(true); made.innerHTML = made.innerHTML.replaceAll('3kjean', '3k' + n); feed.append(made);
    if (n % 4 === 3) { scrollTo(0, document.body.scrollHeight); await frame(); }
  }
  await frame(); await frame(); await frame();
  return document.querySelectorAll('entregent-bar').length;
}"""


def rows() -> list[Row]:
    """All rows of the group."""
    with tempfile.TemporaryDirectory() as folder:
        parts = build_parts(Path(folder) / "parts")
        found = [_bundle(parts)]
        with _browser(parts.toolbar, Path(folder) / "on") as on, _browser(None, Path(folder) / "off") as off:
            found.append(_per_post(on, off))
            found.append(_heap(on, off))
    return found


def _bundle(parts: Parts) -> Row:
    first, second, third = (size / 1024 for size in (parts.bundle_bytes, parts.acting_bytes, parts.round_bytes))
    kb = round(max(first, second, third), 1)
    note = (
        f"minified by esbuild (the store build is not): {first:.1f} run on every page, {second:.1f} come in when the "
        f"person acts, {third:.1f} on a round; words of one language, styles and what is known of the site come once per page, as data"
    )
    return Row("toolbar.bundle_kb", kb, "KB", "", f"<={BUNDLE_KB}", kb <= BUNDLE_KB, note)


def _per_post(on: Extension, off: Extension) -> Row:
    pairs = [(_scroll(on), _scroll(off)) for _ in range(RUNS)]
    value = round(statistics.median(with_it - without for with_it, without in pairs) / POSTS, 3)
    base = round(statistics.median(without for _, without in pairs) / POSTS, 3)
    note = (
        f"{POSTS} posts scrolled through, script + layout + style, on minus off; the page alone takes {base} ms a post"
    )
    return Row("toolbar.ms_per_post", value, "ms", "same page without", f"<={MS_PER_POST}", value <= MS_PER_POST, note)


def _heap(on: Extension, off: Extension) -> Row:
    growth = _heap_growth(on) - _heap_growth(off)
    value = round(growth / 1_000_000, 2)
    note = f"used JS heap after {RECYCLED} posts came and went, after a collection, on minus off"
    return Row("toolbar.heap_growth_mb_5k", value, "MB", "same page without", f"<={HEAP_MB}", value <= HEAP_MB, note)


@contextmanager
def _browser(extension: Path | None, profile: Path) -> Iterator[Extension]:
    with launch_chromium(profile, extension, viewport={"width": 1000, "height": 800}) as found:
        yield found


@contextmanager
def _feed(browser: Extension) -> Iterator[tuple[Any, Any]]:
    page = browser.context.new_page()
    page.set_default_timeout(120_000)
    html = skeletons.bluesky_feed()
    page.route(
        "**/*",
        lambda route, request: (
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            if request.resource_type == "document"
            else route.abort()
        ),
    )
    page.goto(BLUESKY)
    page.wait_for_timeout(500)
    cdp = browser.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # CPU time: other work on the machine does not count
    try:
        yield page, cdp
    finally:
        page.close()


def _metrics(cdp: Any) -> dict[str, float]:
    return {metric["name"]: metric["value"] for metric in cdp.send("Performance.getMetrics")["metrics"]}


def _scroll(browser: Extension) -> float:
    """Milliseconds of script, layout and style for one scroll."""
    with _feed(browser) as (page, cdp):
        before = _metrics(cdp)
        page.evaluate(SCROLL, POSTS)
        after = _metrics(cdp)
    names = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
    return 1000 * sum(after[name] - before[name] for name in names)


def _heap_growth(browser: Extension) -> float:
    """Bytes that stay after many posts were recycled."""
    with _feed(browser) as (page, cdp):
        page.evaluate(SOAK, {"posts": 200, "window": 30})
        cdp.send("HeapProfiler.collectGarbage")
        before = _metrics(cdp)["JSHeapUsedSize"]
        page.evaluate(SOAK, {"posts": RECYCLED, "window": 30})
        cdp.send("HeapProfiler.collectGarbage")
        return _metrics(cdp)["JSHeapUsedSize"] - before
