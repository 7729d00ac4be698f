"""`make bench`: every group of rows, a table, and build/bench.json. `make bench ONLY=redirect` runs one group.

A bench never fails a run: a row that misses its goal says so. Each group has a time limit.
"""

from __future__ import annotations

import importlib
import json
import platform
import sys
import time
from dataclasses import asdict
from pathlib import Path

from bench.rows import Row

# group → module; a group is named like the first word of its rows
GROUPS = {
    "redirect": "bench.redirect",
    "clicks": "bench.clicks",
    "feed": "bench.feed",
    "poll": "bench.poll",
    "deliver": "bench.deliver",
    "toolbar": "bench.toolbar",
    "inbox": "bench.inbox",
    "scroll": "bench.scroll",  # the inbox in a browser: its rows are `inbox.…` too
    "understand": "bench.understand",
    "match": "bench.match",
}
OUT = Path("build") / "bench.json"


def main() -> None:
    chosen = sys.argv[1:] or list(GROUPS)
    rows: list[Row] = []
    for group in chosen:
        if group not in GROUPS:
            sys.exit(f"there is no group {group}; there are: {', '.join(GROUPS)}")
        began = time.monotonic()
        print(f"# {group}", flush=True)
        try:
            for row in importlib.import_module(GROUPS[group]).rows():
                rows.append(row)
                mark = "ok " if row.ok else "MISSED"
                print(
                    f"  {row.row:<28} {row.value:>10.4g} {row.unit:<6} goal {row.goal:<10} {mark} {row.note}",
                    flush=True,
                )
        except Exception as error:
            print(f"  {group} could not be measured: {error!r}", flush=True)
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(rows)} rows in {OUT}, on {platform.machine()}, Python {platform.python_version()}")


if __name__ == "__main__":
    main()
