"""`redirect.*`: what a click costs, beside a bare WSGI function that redirects under the same gunicorn.

CPU is that of the server's processes alone, from /proc, until the rows of the clicks are stored. Rounds go bare, hot,
random, bare, hot, random…; a ratio is the median over rounds of neighbours.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from bench.links_data import count_stored, make_links
from bench.rows import Row, judge
from bench.web_servers import Running, running

LINKS = 100_000
ROUNDS = 15  # many: what else the machine does shall cost rounds, not the median
CALM_ROUNDS = 9
SECONDS = 2.0
CONNECTIONS = 8
STORED_AFTER_S = 1.0


def rows() -> Iterable[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = make_links(folder, LINKS)
        hot, every = folder / "hot.txt", folder / "every.txt"
        hot.write_text(paths[len(paths) // 2])
        every.write_text("\n".join(paths))
        with running("bare", folder) as bare, running("ours", folder) as ours:
            for server, what in ((bare, hot), (ours, hot), (ours, every)):
                server.load(1, CONNECTIONS, what)
            costs: dict[str, list[float]] = {"bare": [], "hot": [], "random": []}
            rates: list[float] = []
            for _ in range(ROUNDS):
                costs["bare"].append(cost_us(bare, hot)[0])
                cost, rate = cost_us(ours, hot)
                costs["hot"].append(cost)
                rates.append(rate)
                costs["random"].append(cost_us(ours, every)[0])
            most = statistics.median(rates)
            calm: dict[str, list[float]] = {"bare": [], "ours": []}
            for _ in range(CALM_ROUNDS):
                for kind, server in (("bare", bare), ("ours", ours)):
                    calm[kind].append(server.load(3, 32, every, rate=most / 2)["p99_ms"])
        stored = count_stored(folder)
    middle = {kind: statistics.median(values) for kind, values in costs.items()}
    baseline = f"bare WSGI 302, same gunicorn, {middle['bare']:.0f} us"
    for kind, goal in (("hot", "<=1.3"), ("random", "<=1.8")):
        ratios = [mine / theirs for mine, theirs in zip(costs[kind], costs["bare"], strict=True)]
        note = f"{middle[kind]:.0f} us a click, {stored} stored" + (f", {most:.0f} clicks/s" if kind == "hot" else "")
        name = f"redirect.{kind}.cpu_ratio"
        yield judge(name, statistics.median(ratios), "ratio", goal, baseline=baseline, note=note)
    note = f"{most / 2:.0f} clicks/s, random links; rounds: " + ", ".join(f"{one:.1f}" for one in calm["ours"])
    baseline = f"bare WSGI 302 at the same rate, {statistics.median(calm['bare']):.1f} ms"
    yield judge(
        "redirect.p99_ms_half_load", statistics.median(calm["ours"]), "ms", "<=25", baseline=baseline, note=note
    )


def cost_us(server: Running, paths: Path) -> tuple[float, float]:
    """CPU microseconds a click until it is stored, and clicks a second."""
    before = server.cpu_s()
    done = server.load(SECONDS, CONNECTIONS, paths)
    time.sleep(STORED_AFTER_S)
    if done["wrong"]:
        raise RuntimeError(f"{done['wrong']} answers were no redirect")
    return (server.cpu_s() - before) * 1e6 / done["answered"], done["answered"] / done["seconds"]
