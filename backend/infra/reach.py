"""Whether it is our own network that is down: then nobody else is to blame for not answering.

A service that is silent is to blame when another one answered lately. Where none did, it may be us: that is believed
for a few tries, and for as long as others are silent too. Each process knows what it saw itself, and no more.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
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
            silent: Counter[str] = Counter()  # since the last answer of anybody
            answered = False
            for at, name, ok in reversed(self._seen):
                if now - at > LATELY:
                    break
                if at > now:
                    continue
                answered = answered or ok
                if ok and name != service:
                    return False
                if not answered:
                    silent[name] += 1
                    if len(silent) >= TOGETHER:
                        return True
        return len(silent) > 1 or silent[service] < ALONE

    def silent_s(self, *, now: datetime) -> float:
        """Seconds since anybody was reached."""
        return max(0.0, (now - self._since).total_seconds()) if self._since else 0.0
