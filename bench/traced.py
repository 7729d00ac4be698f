"""What Chromium itself says of our script in a page: each call of it in a trace, with its time and its layouts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline"
CALLS = {"FunctionCall", "EvaluateScript", "v8.compile"}
LAYOUTS = {"Layout"}


@dataclass
class Calls:
    """Calls into our script, outermost ones only: milliseconds of its thread, and the layouts each made necessary."""

    ms: list[float] = field(default_factory=list)
    layouts: list[int] = field(default_factory=list)

    @property
    def longest(self) -> float:
        return max(self.ms, default=0.0)


def ours(event: dict[str, Any], extension_id: str) -> bool:
    data = event.get("args", {}).get("data", {})
    url = data.get("url") or event.get("args", {}).get("fileName") or ""
    return event["name"] in CALLS and f"chrome-extension://{extension_id}/" in str(url)


@contextmanager
def traced(cdp: Any, extension_id: str) -> Iterator[Calls]:
    """What happens inside is traced; the calls are known when it is left."""
    events: list[dict[str, Any]] = []
    ended: list[bool] = []

    def collect(data: dict[str, Any]) -> None:
        events.extend(data["value"])

    def end(_: Any) -> None:
        ended.append(True)

    cdp.on("Tracing.dataCollected", collect)
    cdp.on("Tracing.tracingComplete", end)
    cdp.send(
        "Tracing.start", {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": CATEGORIES.split(",")}}
    )
    found = Calls()
    try:
        yield found
    finally:
        cdp.send("Tracing.end")
        while not ended:
            cdp.send("Target.getTargetInfo")  # lets the driver hand over what came
    whole = [event for event in events if event.get("ph") == "X"]
    for thread in {(event["pid"], event["tid"]) for event in whole}:
        there = sorted((one for one in whole if (one["pid"], one["tid"]) == thread), key=lambda one: float(one["ts"]))
        layouts = [float(one["ts"]) for one in there if one["name"] in LAYOUTS]
        until = 0.0
        for event in there:
            start, length = float(event["ts"]), float(event.get("dur", 0))
            if start < until or not ours(event, extension_id):
                continue
            until = start + length
            found.ms.append(float(event.get("tdur", length)) / 1000)
            found.layouts.append(sum(start <= at < until for at in layouts))
