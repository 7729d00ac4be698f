"""Threads that wait for others: many, and never all of them for the same one.

Each piece of work names its lane (the service that it asks). At most so many of one lane run at once; the others of
that lane wait without a thread, and lanes take turns. So a service that drips holds its own lane and nobody else's.
This module knows no domain.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable

log = logging.getLogger("entregent.lanes")

Work = Callable[[], None]


class Lanes:
    """`threads` at most, begun as they are needed; `narrow` of one lane at once, `wide` of one that may have more."""

    def __init__(self, *, threads: int, narrow: int, wide: int, name: str) -> None:
        self._threads, self._narrow, self._wide, self._name = threads, narrow, wide, name
        self._waiting: OrderedDict[tuple[str, int], deque[Work]] = OrderedDict()
        self._running: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._begun = self._idle = self._open = 0

    def submit(self, lane: str, work: Work, *, wide: bool = False) -> None:
        """Do it as soon as there is a thread and room in its lane. What it raises is logged."""
        with self._changed:
            self._waiting.setdefault((lane, self._wide if wide else self._narrow), deque()).append(work)
            self._open += 1
            if self._open > self._idle and self._begun < self._threads:
                self._begun += 1
                # Daemons: what waits for a network shall not keep a process from ending.
                threading.Thread(target=self._work, name=f"{self._name}-{self._begun}", daemon=True).start()
            self._changed.notify()

    def _work(self) -> None:
        while True:
            lane, work = self._next()
            try:
                work()
            except Exception:
                log.exception("work in the lane of %s failed", lane)
            finally:
                with self._changed:
                    self._running[lane] -= 1
                    if not self._running[lane]:
                        del self._running[lane]
                    self._changed.notify()

    def _next(self) -> tuple[str, Work]:
        with self._changed:
            while True:
                for key, works in self._waiting.items():
                    lane, most = key
                    if self._running[lane] < most:
                        work = works.popleft()
                        if works:
                            self._waiting.move_to_end(key)
                        else:
                            del self._waiting[key]
                        self._running[lane] += 1
                        self._open -= 1
                        return lane, work
                self._idle += 1
                self._changed.wait()
                self._idle -= 1
