"""Whether it is our own network that is down: then nobody else is to blame for not answering.

A service that is silent is to blame when another one answered lately. Where none did, it may be us: that is believed
for a few tries, and for as long as others are silent too. Each process knows what it saw itself, and no more.
"""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta

LATELY = timedelta(minutes=5)
#: a service that is silent so often, and nobody else with it, is to blame
ALONE = 3
#: so many services that fall silent since the last answer are no coincidence
TOGETHER = 3
_MOST = 2_000


class Reach:
    """What answered and what was silent lately. Safe for several threads."""

    def __init__(self) -> None:
        self._seen: deque[tuple[datetime, str, bool]] = deque(maxlen=_MOST)
        self._lock = threading.Lock()
        self._since: datetime | None = None  # the last answer of anybody, else the first silence

    def answered(self, service: str, *, now: datetime) -> None:
        """Whatever it said: it was reached."""
        with self._lock:
            self._seen.append((now, service, True))
            self._since = now

    def is_ours(self, service: str, *, now: datetime) -> bool:
        """`service` could not be reached: whether that is our side."""
        with self._lock:
            self._seen.append((now, service, False))
            self._since = self._since or now
            lately = [one for one in self._seen if timedelta(0) <= now - one[0] <= LATELY]
        since = max((n for n, one in enumerate(lately) if one[2]), default=-1)
        silent = [name for _, name, _ in lately[since + 1 :]]
        if len(set(silent)) >= TOGETHER:
            return True
        if any(ok and name != service for _, name, ok in lately):
            return False
        return len(set(silent)) > 1 or silent.count(service) < ALONE

    def silent_s(self, *, now: datetime) -> float:
        """Seconds since anybody was reached."""
        return max(0.0, (now - self._since).total_seconds()) if self._since else 0.0
