"""Asking many services at once, and ending what is ready while others still think.

Whoever holds the turn waits for answers and ends them together, several in one transaction. Once nothing has come for
`PATIENCE_S`, it goes its way: a service that drips holds a thread of its lane until its deadline, and then the poll
ends in that thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import cache

from backend.connectors.base import Fetched, PollFailed
from backend.infra.lanes import Lanes
from backend.infra.runtime import Runtime
from backend.listening.budgets import is_local, service_of
from backend.listening.ends import Answer, Turn
from backend.listening.kinds import asked_host

THREADS = 16  # of a process, that wait for answers
OF_ONE_SERVICE = 4  # of them
OF_OUR_OWN = 12  # of them, for a host that an administrator named
PATIENCE_S = 2.0


def ask_all(
    runtime: Runtime,
    turns: Sequence[Turn],
    *,
    ask: Callable[[Turn], Fetched | PollFailed | None],
    end: Callable[[Sequence[Answer]], None],
) -> None:
    """Ask for all of `turns` and `end` them as answers come, each once; `ask` gives None for one that is let go."""
    waiting = _Waiting(len(turns), end)
    for turn in turns:
        host = asked_host(turn.kind, turn.params, runtime.settings)
        local = is_local(host, runtime.settings.allow_private_hosts)
        lane = host if local else service_of(turn.kind, host, runtime.settings.keys)
        _lanes().submit(lane, lambda turn=turn: waiting.bring(turn, ask(turn)), wide=local)  # type: ignore[misc]
    waiting.end_what_comes()


@cache
def _lanes() -> Lanes:
    return Lanes(threads=THREADS, narrow=OF_ONE_SERVICE, wide=OF_OUR_OWN, name="ask")


class _Waiting:
    """The answers of one turn, between those who bring them and the one who ends them."""

    def __init__(self, left: int, end: Callable[[Sequence[Answer]], None]) -> None:
        self._left, self._end = left, end
        self._ready: list[Answer] = []
        self._attended = True
        self._came = threading.Condition()

    def bring(self, turn: Turn, said: Fetched | PollFailed | None) -> None:
        """None: it is let go, and nothing is to end."""
        with self._came:
            self._left -= 1
            if self._attended:
                if said is not None:
                    self._ready.append(Answer(turn, said))
                self._came.notify()
                return
        if said is not None:
            self._end([Answer(turn, said)])

    def end_what_comes(self) -> None:
        try:
            while (answers := self._next()) is not None:
                self._end(answers)
        finally:  # should ending stumble, what has come and what comes later ends all the same
            with self._came:
                self._attended = False
                left, self._ready = self._ready, []
            if left:
                self._end(left)

    def _next(self) -> Sequence[Answer] | None:
        """What is ready; None when all has come, or nothing more for a while."""
        until = time.monotonic() + PATIENCE_S
        with self._came:
            while not self._ready and self._left and (wait_s := until - time.monotonic()) > 0:
                self._came.wait(wait_s)
            ready, self._ready = self._ready, []
            if not ready:
                self._attended = False
                return None
            return ready
