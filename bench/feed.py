"""Rows `feed.*`: what it costs to read feeds. CPU time of this process and of its helper, so that other load counts
little; feedparser alone in the same run, in turn (A B A B), medians."""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import httpx

from backend.connectors.base import FetchState
from backend.connectors.feed import child
from backend.connectors.feed.parse import parse_feed
from backend.connectors.feed.source import fetch as fetch_feed
from backend.connectors.kind import Asking
from backend.infra.http import HttpClient
from bench.feed_data import ITEMS, make_feed
from bench.rows import Row, judge

ROUNDS = 5
DOCUMENTS = 20  # in one of them ampersands stand bare, the commonest fault there is
ON_SERVER = 2_000
OF_FEEDPARSER = 60  # it takes a sixth of a second for each
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def rows() -> list[Row]:
    documents = [make_feed(number, broken=number == 0) for number in range(DOCUMENTS)]
    ours, theirs = [], []
    _read_all(documents)  # the helper is there, patterns are compiled
    for _ in range(ROUNDS):
        ours.append(_cpu_s(lambda: _read_all(documents)))
        theirs.append(_cpu_s(lambda: _parse_all(documents)))
    size = statistics.mean(map(len, documents)) / 1000
    ours_ms, theirs_ms = (statistics.median(one) * 1000 / DOCUMENTS for one in (ours, theirs))
    helped_ms = _helped_ms()
    speedup = judge(
        "feed.parse_speedup",
        theirs_ms / ours_ms,
        "ratio",
        ">=10",
        baseline="feedparser.parse alone, same documents, same run",
        note=f"{ITEMS} items, {size:.0f} kB: {ours_ms:.1f} ms, {theirs_ms:.0f} ms; by the helper {helped_ms:.0f}",
    )
    return [speedup, *_on_a_server()]


def _helped_ms() -> float:
    """What a document costs that ends in the middle, which only feedparser reads."""
    document = make_feed(1)[:-40]
    parse_feed(document, url="https://paper.example/feed")
    return statistics.median(_cpu_s(lambda: _read_all([document])) * 1000 for _ in range(3))


def _read_all(documents: Sequence[bytes]) -> None:
    for document in documents:
        assert len(parse_feed(document, url="https://paper.example/feed").items) == ITEMS


def _parse_all(documents: Sequence[bytes]) -> None:
    for document in documents:
        assert len(feedparser.parse(io.BytesIO(document)).entries) == ITEMS


def _cpu_s(do: Callable[[], None]) -> float:
    began, helped = time.process_time(), _helper_cpu_s()
    do()
    return time.process_time() - began + _helper_cpu_s() - helped


def _helper_cpu_s() -> float:
    """What the helper has used so far. /proc counts it in hundredths of a second, enough for a round."""
    pid = child.helper_pid()
    if pid is None:
        return 0.0
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def _feedparser_on_a_server(base: str) -> float:
    """Feeds a second that feedparser reads of the same server."""
    with httpx.Client() as client:
        began = time.process_time()
        for number in range(OF_FEEDPARSER):
            body = client.get(f"{base}/0/{number}").content
            assert len(feedparser.parse(io.BytesIO(body)).entries) == ITEMS
        return OF_FEEDPARSER / (time.process_time() - began)


def _on_a_server() -> list[Row]:
    """Over HTTP from a server in a process of its own: the whole turn of a connector, changed and unchanged."""
    server = subprocess.Popen([sys.executable, "-m", "bench.feed_server"], stdout=subprocess.PIPE)
    http = HttpClient(allow_private=frozenset({"127.0.0.1"}))
    try:
        assert server.stdout is not None
        base = f"http://127.0.0.1:{int(server.stdout.readline())}"
        asking = Asking(http, base, AT)
        states = {number: FetchState() for number in range(ON_SERVER)}
        rates = []
        for expected in (ITEMS, 0):
            began, helped = time.process_time(), _helper_cpu_s()
            for number, state in states.items():
                fetched = fetch_feed(asking, {"url": f"{base}/0/{number}"}, state)
                assert len(fetched.items) == expected
                states[number] = fetched.state
            rates.append(ON_SERVER / (time.process_time() - began + _helper_cpu_s() - helped))
        changed, unchanged = rates
        alone = _feedparser_on_a_server(base)
        note = f"feeds of {ITEMS} items a second and core, {ON_SERVER} feeds on a local server"
        baseline = f"httpx and feedparser, same server, same run: {alone:.1f} feeds/s"
        return [
            judge("feed.per_s_changed", changed, "1/s", ">=20", baseline=baseline, note=note),
            judge("feed.speedup_on_server", changed / alone, "ratio", ">=10", baseline=baseline),
            judge("feed.per_s_unchanged", unchanged, "1/s", ">=500", note=note + ", 304"),
        ]
    finally:
        http.close()
        server.terminate()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()
