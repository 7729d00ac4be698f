"""Rows `inbox.scroll_frame_p95_ms` and `inbox.key_p95_ms`: 100,000 mentions in Chromium, beside a real server.

The whole list is gone through once to its end, so that every row was read; then it is scrolled by the wheel at several
places, up and down, reading again what was let go on the way. A frame is what Chromium itself says that it needed to
make one (`BeginMainFrame` of its trace: handlers, style, layout, paint). Then `j` is held down: from key to drawn row.
"""

from __future__ import annotations

import itertools
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import CDPSession, Page

from backend.config import Settings
from backend.infra.db import Database
from backend.infra.runtime import open_runtime
from bench.inbox import _bare, _mentions
from bench.rows import Row, judge
from tests.e2e.work import Work, working
from tests.waiting import wait_for

ROWS = 100_000
PLACES = (0.02, 0.25, 0.5, 0.75, 0.97)
GESTURE_PX, SPEED_PX_S = 6_000, 3_000
KEYS = 120


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, working(Path(folder)) as work:
        _fill(work)
        page = work.open("inbox")
        page.locator(".inbox-row").first.wait_for()
        session = work.context.new_cdp_session(page)
        count = _go_to_the_end(page)
        frames = [one for place in PLACES for one in _scroll(page, session, place)]
        keys = _hold_j(page)
        drawn = page.locator(".inbox-row").count()
    note = f"{count:,} rows, {len(frames)} frames, {drawn} rows drawn"
    assert count >= ROWS, count
    return [
        judge("inbox.scroll_frame_p95_ms", _p95(frames), "ms", "<=16.7", note=note),
        judge("inbox.key_p95_ms", _p95(keys), "ms", "<=33", note="j held down, from key to drawn row"),
    ]


def _fill(work: Work) -> None:
    place = f"sqlite:///{work.server.database}"
    runtime = open_runtime(Settings(data_dir=work.server.data_dir, database_url=place, web_workers=1))
    try:
        database: Database = runtime.db
        mentions = itertools.islice(_mentions(int(work.brand["id"])), ROWS)
        while batch := list(itertools.islice(mentions, 5_000)):
            for row in batch:
                row.update(status="new", about_us="yes", story_id=row["id"])
            with database.engine.begin() as connection:
                connection.execute(sa.insert(_bare("mentions", batch[0])), batch)
        database.refresh_statistics()
    finally:
        runtime.close()


def _go_to_the_end(page: Page) -> int:
    """Everything is read once; gives how many rows the list has then."""
    step = """async () => {
        const box = document.querySelector(".inbox-scroll");
        const grid = document.querySelector("[role=grid]");
        const before = grid.offsetHeight;
        box.scrollTop = box.scrollHeight;
        for (let n = 0; n < 200 && grid.offsetHeight === before; n++) await new Promise((done) => setTimeout(done, 10));
        return [Math.round(grid.offsetHeight / 52), grid.offsetHeight === before];
    }"""
    while True:
        count, ended = page.evaluate(step)
        if ended:
            return int(count)


def _scroll(page: Page, session: CDPSession, place: float) -> list[float]:
    """What each frame took, in ms, while the wheel goes down and up again."""
    page.evaluate(
        "(place) => { const box = document.querySelector('.inbox-scroll'); box.scrollTop = box.scrollHeight * place }",
        place,
    )
    # Not `wait_for_function`: it calls eval in the page, which the app's policy forbids.
    wait_for(lambda: page.evaluate("document.querySelectorAll('.inbox-row:not(.unread)').length > 5"), 30)
    events: list[dict[str, Any]] = []
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    ended: list[bool] = []
    session.once("Tracing.tracingComplete", lambda _told: ended.append(True))
    session.send("Tracing.start", {"categories": "cc,devtools.timeline", "transferMode": "ReportEvents"})
    for distance in (-GESTURE_PX, GESTURE_PX):
        gesture = {"x": 500, "y": 400, "yDistance": distance, "speed": SPEED_PX_S, "gestureSourceType": "mouse"}
        session.send("Input.synthesizeScrollGesture", gesture)
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(20)
    return [one["dur"] / 1000 for one in events if "BeginMainFrame" in one["name"] and one.get("dur")]


def _hold_j(page: Page) -> list[float]:
    hold = """async (keys) => {
        const grid = document.querySelector("[role=grid]");
        grid.focus();
        const took = [];
        for (let n = 0; n < keys; n++) {
            const since = performance.now();
            grid.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
            took.push(performance.now() - since);
        }
        return took;
    }"""
    found: list[float] = page.evaluate(hold, KEYS)
    return found


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    for row in rows():
        print(json.dumps(row.__dict__, ensure_ascii=False))
