"""A simulated year of polling, as `make soak` runs it: `python -m bench.year [--feeds 2000] [--seed 1]`.

Ends with a traceback where a service was asked more than its budget, or a feed was silent for no reason.
"""

from __future__ import annotations

import argparse
import time

from tests.unit.listening.year import live_a_year


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=2_000)
    parser.add_argument("--days", type=float, default=365)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.process_time()
    year = live_a_year(asked.feeds, days=asked.days, seed=asked.seed)
    print(
        f"{asked.feeds} feeds, {asked.days:g} days: {year.polls} polls of {len(year.requests)} services, "
        f"{year.answers} answers, {year.put_off} waits for a budget, {sum(year.failures.values())} failures "
        f"({year.ours} our own network's), {time.process_time() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
