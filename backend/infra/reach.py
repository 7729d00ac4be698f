"""Whether it is our own network that is down: then nobody else is to blame for not answering.

A service that is silent is to blame when another one answered lately. Where none did, it may be us: that is believed
for a few tries, and for as long as others are silent too. Each process knows what it saw itself, and no more.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

LATELY = timedelta(minutes=5)
#: a service that is silent so often, and nobody else with it, is to blame
ALONE = 3
#: so many services that fall silent since the last answer are no coincidence
TOGETHER = 3


class Reach:
    """What answered lately, and what was silent since. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered: dict[str, datetime] = {}  # lately, by service: when it did so last, the latest at the end
        self._silent: Counter[str] = Counter()  # since the last answer of anybody, however long ago that is
        self._since: datetime | None = None  # the first of these silences

    def answered(self, service: str, *, now: datetime) -> None:
        """Whatever it said: it was reached."""
        with self._lock:
            self._answered.pop(service, None)
            self._answered[service] = now
            self._forget(now)
            self._silent.clear()
            self._since = None

    def is_ours(self, service: str, *, now: datetime) -> bool:
        """`service` could not be reached: whether that is our side."""
        with self._lock:
            self._silent[service] += 1
            self._since = self._since or now
            self._forget(now)
            if (
                any(name != service and at <= now for name, at in self._answered.items())
                and len(self._silent) < TOGETHER
            ):
                return False
            return len(self._silent) > 1 or self._silent[service] < ALONE

    def silent_s(self, *, now: datetime) -> float:
        """Seconds since somebody was not reached and nobody was after that."""
        with self._lock:
            return max(0.0, (now - self._since).total_seconds()) if self._since else 0.0

    def _forget(self, now: datetime) -> None:
        """Answers that are not of lately; nor of a time to come, where a clock was wrong."""
        while self._answered:
            name = next(iter(self._answered))
            if timedelta(0) <= now - self._answered[name] <= LATELY:
                return
            del self._answered[name]
