"""Event streams of one process: one thread watches the table of changes for all of them.

They are capped, because each holds a thread of the server, and closed first when the process stops: gunicorn
waits for running requests (measured: 30 s with eight open streams).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

from sqlalchemy.exc import SQLAlchemyError

from backend.infra.changes import last_change
from backend.infra.db import Database
from backend.infra.errors import Unavailable

log = logging.getLogger("entregent.streams")

LOOK_EVERY_S = 0.5
PING_EVERY_S = 15.0
#: how soon a stream learns that nobody reads it any more and gives its thread back
GONE_AFTER_S = 1.0


class Stream:
    """Gives the newest change id whenever it grew, None as a sign of life; ends when the process stops or `is_gone`."""

    def __init__(self, streams: Streams, is_gone: Callable[[], bool]) -> None:
        self._streams, self._is_gone = streams, is_gone
        self._closed = False

    def __iter__(self) -> Iterator[int | None]:
        seen = self._streams.last
        yield seen
        told = time.monotonic()
        while not self._closed:
            last = self._streams.wait(seen, GONE_AFTER_S)
            if last is None or self._is_gone():
                return
            if last > seen or time.monotonic() - told >= PING_EVERY_S:
                yield last if last > seen else None
                seen, told = max(seen, last), time.monotonic()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._streams.release()


class Streams:
    def __init__(self, db: Database, *, most: int) -> None:
        self.last = 0
        self._db, self._most = db, most
        self._open = 0
        self._stopped = False
        self._more = threading.Condition()
        self._thread: threading.Thread | None = None

    def open(self, is_gone: Callable[[], bool] = lambda: False) -> Stream:
        """`is_gone`: whether the reader has left.

        Raises Unavailable when this process has as many as it can carry: the client polls instead.
        """
        with self._more:
            if self._stopped or self._open >= self._most:
                raise Unavailable("Enough streams are open here; ask /changes instead.", retry_after_s=30)
            self._open += 1
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="changes", daemon=True)
                self._thread.start()
        return Stream(self, is_gone)

    def release(self) -> None:
        with self._more:
            self._open -= 1

    def wait(self, seen: int, timeout_s: float) -> int | None:
        """The newest id once it is above `seen`, or after the time-out; None when the process stops."""
        with self._more:
            self._more.wait_for(lambda: self._stopped or self.last > seen, timeout_s)
            return None if self._stopped else self.last

    def stop(self) -> None:
        """End every stream now."""
        with self._more:
            self._stopped = True
            self._more.notify_all()

    def _watch(self) -> None:
        while not self._stopped:
            try:
                with self._db.read() as session:
                    last = last_change(session)
            except SQLAlchemyError as error:
                log.warning("changes cannot be read: %s", error)
                time.sleep(PING_EVERY_S / 3)
                continue
            with self._more:
                if last > self.last:
                    self.last = last
                    self._more.notify_all()
                if self._open == 0:
                    self._thread = None
                    return
                self._more.wait_for(lambda: self._stopped, LOOK_EVERY_S)
