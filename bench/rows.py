"""One line of the benchmark table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`row` is a fixed name (`redirect.hot.cpu_ratio`), `goal` what `ok` was judged by (`<=1.3`)."""

    row: str
    value: float
    unit: str
    baseline: str
    goal: str
    ok: bool
    note: str = ""


def judge(row: str, value: float, unit: str, goal: str, *, baseline: str = "", note: str = "") -> Row:
    """A row whose goal is `<=N`, `>=N` or `==N`."""
    limit = float(goal.lstrip("<>="))
    ok = value <= limit if goal.startswith("<=") else value >= limit if goal.startswith(">=") else value == limit
    return Row(row, round(value, 4), unit, baseline, goal, ok, note)
