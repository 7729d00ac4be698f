# ruff: noqa: E501 - scripts in long lines
"""Cost of the in-page toolbar: size of its script, script and layout per post, memory after thousands of posts.

The same scripted scroll through a synthetic feed runs in two browsers, with and without the extension, A B A B.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from bench.rows import Row, judge
from bench.traced import traced
from tests.e2e.paired import pair
from tests.e2e.server import running_server
from tests.extension import skeletons
from tests.extension.browser import Extension, launch_chromium
from tests.extension.pages import BLUESKY
from tests.extension.parts import Parts, build_parts
from tests.extension.test_hostile_pages import SOAK

RUNS = 5
POSTS = 200
RECYCLED = 5_000
REPLIES = 1_000
LONG_MS = 50

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


def rows() -> Iterator[Row]:
    """All rows of the group, each as soon as it is measured."""
    with tempfile.TemporaryDirectory() as folder:
        parts = build_parts(Path(folder) / "parts")
        yield _bundle(parts)
        with _browser(parts.toolbar, Path(folder) / "on") as on, _browser(None, Path(folder) / "off") as off:
            yield _start(on)
            yield from _calls(on)
            yield from _page(on, off)
            yield _hidden(on)
            yield _per_post(on, off)
            yield from _recycled(on, off)
        yield _suggestions(Path(folder))


def _bundle(parts: Parts) -> Row:
    kb = {name: size / 1024 for name, size in parts.bytes.items()}
    read = kb["content"] + kb["drawing"]
    note = (
        f"the most that comes at once, minified by esbuild (the store build is not): {kb['content']:.1f} in a page with "
        f"nothing for us, {read:.1f} in one that is read, {kb['acting']:.1f} more where one acts and "
        f"{kb['composing']:.1f} where one writes; "
        + ", ".join(f"{name} {kb[name]:.1f}" for name in ("teaching", "round", "pictures"))
        + "; words of one language, styles and what is known of the site come once per page, as data"
    )
    largest = max(read, *(size for name, size in kb.items()))
    return judge("toolbar.bundle_kb", round(largest, 1), "KB", "<=60", note=note)


def _per_post(on: Extension, off: Extension) -> Row:
    pairs = [(_scroll(on), _scroll(off)) for _ in range(RUNS)]
    value = statistics.median(with_it - without for with_it, without in pairs) / POSTS
    base = round(statistics.median(without for _, without in pairs) / POSTS, 3)
    note = (
        f"{POSTS} posts scrolled through, script + layout + style, on minus off; the page alone takes {base} ms a post"
    )
    return judge("toolbar.ms_per_post", value, "ms", "<=0.5", baseline="same page without", note=note)


def _recycled(on: Extension, off: Extension) -> list[Row]:
    with_it, seen = _heap_growth(on)
    without, _ = _heap_growth(off)
    value = round((with_it - without) / 1_000_000, 2)
    note = f"used JS heap after {RECYCLED} posts came and went, after a collection, on minus off"
    after = f"after {RECYCLED} posts that came, went and were used again"
    return [
        judge("toolbar.heap_growth_mb_5k", value, "MB", "<=2", baseline="same page without", note=note),
        judge("toolbar.doubled_5k", seen["doubled"], "posts", "==0", note=f"with two toolbars, {after}"),
        judge("toolbar.left_behind_5k", seen["left"], "hosts", "==0", note=f"outside a post, or in none, {after}"),
    ]


def _start(on: Extension) -> Row:
    """Everything our script does in a page that holds no post, until it rests."""
    taken = []
    for _ in range(RUNS):
        with _opened(on, "https://forum.example/", "<!doctype html><title>Nothing</title><p>Nothing</p>", go=False) as (
            page,
            cdp,
        ):
            with traced(cdp, on.id) as calls:
                page.goto("https://forum.example/")
                page.wait_for_timeout(500)
            taken.append(sum(calls.ms))
    note = "all calls of our script from load to rest in a page without posts, compiling included, from a trace"
    return judge("toolbar.start_ms", statistics.median(taken), "ms", "<=5", note=note)


def _calls(on: Extension) -> list[Row]:
    longest, layouts, long = [], [], 0
    for _ in range(RUNS):
        with _feed(on) as (page, cdp):
            with traced(cdp, on.id) as calls:
                page.evaluate(SCROLL, POSTS)
            assert calls.ms, "the trace holds no call of our script"
            longest.append(calls.longest)
            layouts.append(max(calls.layouts))
            long += sum(ms > LONG_MS for ms in calls.ms)
    calls_note = f"of the calls of our script while {POSTS} posts are scrolled through, from a trace"
    return [
        judge(
            "toolbar.flush_max_ms",
            statistics.median(longest),
            "ms",
            "<=8",
            note=f"the longest {calls_note}, {RUNS} runs",
        ),
        judge(
            "toolbar.layouts_per_flush", statistics.median(layouts), "layouts", "<=1", note=f"most in one {calls_note}"
        ),
        judge("toolbar.long_tasks", long, "tasks", "==0", note=f"over {LONG_MS} ms, {calls_note}, all of {RUNS} runs"),
    ]


SHIFTS = """() => new Promise((done) => { let sum = 0; const seen = new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; });
  seen.observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 300); })"""


def _page(on: Extension, off: Extension) -> list[Row]:
    """What a page sees of us while it is read: things that move, requests to anybody."""
    shifts, asked = [], []
    for browser in (on, off):
        requests: list[str] = []
        with _opened(browser, BLUESKY, skeletons.bluesky_feed(60), go=False) as (page, _):
            page.on("request", lambda request, requests=requests: requests.append(request.url))
            page.goto(BLUESKY)
            page.wait_for_timeout(500)
            for _ in range(20):
                page.mouse.wheel(0, 300)
                page.wait_for_timeout(30)
            shifts.append(page.evaluate(SHIFTS))
            asked.append(len(requests))
    return [
        judge("toolbar.layout_shift", shifts[0] - shifts[1], "score", "==0", baseline="same page without"),
        judge("toolbar.page_requests", asked[0] - asked[1], "requests", "==0", baseline="same page without"),
    ]


def _hidden(on: Extension) -> Row:
    """Posts come in while the tab is hidden, as far as our script can see: headless tabs are always shown."""
    with _opened(on, BLUESKY, skeletons.bluesky_feed(), go=False) as (page, cdp):
        worlds: list[int] = []

        def heard(event: dict[str, Any]) -> None:
            if str(event["context"]["origin"]).startswith("chrome-extension://"):
                worlds.append(int(event["context"]["id"]))

        cdp.on("Runtime.executionContextCreated", heard)
        cdp.send("Runtime.enable")
        page.goto(BLUESKY)
        page.wait_for_timeout(1000)
        cdp.send("Runtime.evaluate", {"expression": HIDE, "contextId": worlds[-1]})
        cdp.send("Runtime.disable")
        with traced(cdp, on.id) as calls:
            page.evaluate(ADD, POSTS)
            page.wait_for_timeout(1500)
    note = (
        f"script of ours while {POSTS} posts come into a tab that our script takes for hidden; noting them is allowed"
    )
    return judge("toolbar.hidden_ms", sum(calls.ms), "ms", "<=0.5", note=note)


HIDE = """for (const [name, value] of [['hidden', true], ['visibilityState', 'hidden']]) Object.defineProperty(document, name, {value, configurable: true});
document.dispatchEvent(new Event('visibilitychange'));"""
ADD = """(posts) => { const feed = document.querySelector('#feed'), model = feed.children[1].cloneNode(true);
  model.querySelectorAll('entregent-bar').forEach((node) => node.remove());
  for (let n = 0; n < posts; n++) { const made = model.cloneNode(true); made.innerHTML = made.innerHTML.replaceAll('3kjean', '3kh' + n); feed.append(made); } }"""

# From the press on *Answer* to suggestions that are drawn.
VISIBLE = """() => new Promise((done) => {
  const ours = (css) => [...document.querySelectorAll('entregent-bar')].flatMap((bar) => [...bar.shadowRoot.querySelectorAll(css)]);
  addEventListener('pointerup', () => { const began = performance.now();
    const look = () => ours('.panel .s').length ? requestAnimationFrame(() => done(performance.now() - began)) : requestAnimationFrame(look); look(); }, {capture: true, once: true});
  window.ready = true;
})"""


def _suggestions(folder: Path) -> Row:
    """The real server with many saved replies, the real extension, the practice page."""
    taken: list[float] = []
    with (
        running_server(folder / "server") as server,
        launch_chromium(folder / "real", viewport={"width": 1000, "height": 800}) as chromium,
    ):
        person = pair(server, chromium)
        brand_id = person.get("/brands")["items"][0]["id"]
        for n in range(REPLIES):
            text = f"{skeletons.TEXTS[n % len(skeletons.TEXTS)]} Reply {n}: there is room for children outside."
            person.post("/replies", {"brand_id": brand_id, "title": f"Room {n}", "text": text})
        page = chromium.context.new_page()
        page.goto(f"{server.base}/-/practice/?lang=en")
        mark = page.locator("entregent-bar > .en > .rest").first
        for _ in range(RUNS + 3):
            mark.click()
            button = page.locator(".float .bar button", has_text="Answer")
            button.wait_for()
            page.evaluate(f"void (window.shown = ({VISIBLE})())")
            button.click()
            taken.append(page.evaluate("window.shown"))
            page.keyboard.press("Escape")
            page.mouse.move(3, 3)
            page.locator(".float").first.wait_for(state="detached")
    note = f"from *Answer* to suggestions on screen, real server with {REPLIES} replies, after the first three"
    return judge("toolbar.suggest_visible_ms", statistics.median(taken[3:]), "ms", "<=150", note=note)


@contextmanager
def _browser(extension: Path | None, profile: Path) -> Iterator[Extension]:
    with launch_chromium(profile, extension, viewport={"width": 1000, "height": 800}) as found:
        yield found


@contextmanager
def _opened(browser: Extension, url: str, html: str, *, go: bool = True) -> Iterator[tuple[Any, Any]]:
    page = browser.context.new_page()
    page.set_default_timeout(120_000)
    page.route(
        "**/*",
        lambda route, request: (
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            if request.resource_type == "document"
            else route.abort()
        ),
    )
    cdp = browser.context.new_cdp_session(page)
    if go:
        page.goto(url)
        page.wait_for_timeout(500)
        cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # CPU time: other work does not count
    try:
        yield page, cdp
    finally:
        page.close()


def _feed(browser: Extension) -> AbstractContextManager[tuple[Any, Any]]:
    return _opened(browser, BLUESKY, skeletons.bluesky_feed())


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


def _heap_growth(browser: Extension) -> tuple[float, dict[str, int]]:
    """Bytes that stay after many posts were recycled, and toolbars that are doubled or left behind."""
    with _feed(browser) as (page, cdp):
        page.evaluate(SOAK, {"posts": 200, "window": 30})
        cdp.send("HeapProfiler.collectGarbage")
        before = _metrics(cdp)["JSHeapUsedSize"]
        seen = page.evaluate(SOAK, {"posts": RECYCLED, "window": 30})
        cdp.send("HeapProfiler.collectGarbage")
        growth = _metrics(cdp)["JSHeapUsedSize"] - before
        page.evaluate("document.querySelector('#feed').replaceChildren()")
        page.wait_for_timeout(500)
        left = page.locator("entregent-bar").count()
    return growth, {"doubled": seen["doubled"], "left": left + seen["stray"]}
