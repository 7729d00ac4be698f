"""Places that are listened to without a break: one thread in each worker, of which one at a time does it.

1. Is anybody listening, and are we the ones (a lease, as of the sweep)? Else look again in a few seconds.
2. Connect where the stored cursor says, a little before it: what comes twice is known by its id.
3. Gather what is said for some seconds. What was taken back meanwhile is forgotten.
4. Match; keep only what some brand's keyword finds; ask who wrote it. No transaction is open.
5. Store it as a poll does, then the cursor and the lease in one transaction. A crash before that loses nothing.
A connection that breaks is made again, ever more slowly, at the service's next door; what was said meanwhile is heard
from the cursor on, up to `MOST_BEHIND`.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend.connectors.base import Item, PollFailed
from backend.connectors.bluesky.account import PUBLIC
from backend.connectors.bluesky.jetstream import INSTANCES, People, Stream, subscribe
from backend.infra.changes import record_change
from backend.infra.runtime import Runtime
from backend.infra.tables import lead
from backend.listening.arrive import read_who_listens, take_items
from backend.listening.feeds import live_sources
from backend.listening.heard import count_polls
from backend.listening.ingest import mentions_of
from backend.listening.models import Feed

log = logging.getLogger("entregent.streams")

KIND = "jetstream"
REWIND_US = 5_000_000
#: of what was missed no more is heard: at fifty a second a day of it keeps a core busy for some five minutes
MOST_BEHIND = timedelta(hours=24)
MOST_GATHERED = 1_000  # posts
SILENT_S = 60.0  # a stream of fifty a second that says nothing for so long is dead
MOST_GARBAGE = 200  # messages in a row that are none
MOST_BACK_OFF_S = 60.0
ASLEEP_AFTER = 3  # failures in a row
NO_WAY_ON = 3  # times in a row that the same thing is too large: it is passed over, with what came since


@dataclass(frozen=True)
class Pace:
    """Seconds between two looks at whether we are wanted, between two writes, after the first failure; and how long we
    lead without a sign of life."""

    look_s: float = 5.0
    gather_s: float = 5.0
    back_off_s: float = 1.0
    lead_s: float = 20.0


class StreamKeeper:
    """`start()` returns at once, `stop()` when the thread has ended."""

    def __init__(self, runtime: Runtime, name: str, pace: Pace | None = None) -> None:
        self._runtime, self._name, self._pace = runtime, name, pace or Pace()
        self._stopping = threading.Event()
        self._people = People()
        self._failures = 0  # in a row
        self._stuck = 0  # times in a row that something too large ended the connection
        self._thread = threading.Thread(target=self._keep, name="streams", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, within_s: float = 2.0) -> None:
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(within_s)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            pause_s = self._pace.look_s
            try:
                feed_id = self._wanted()
                if feed_id is not None:
                    self._listen(feed_id)
            except SQLAlchemyError as error:
                log.warning("a stream met a database that does not answer: %s", error)
            except Exception:
                log.exception("a stream stumbled")
            else:
                if self._failures:
                    doubled = self._pace.back_off_s * 2 ** min(self._failures - 1, 10)
                    pause_s = min(doubled, MOST_BACK_OFF_S) * (0.75 + random.random() / 2)  # noqa: S311  # no secret
            self._stopping.wait(pause_s)

    def _wanted(self) -> int | None:
        """The feed that somebody listens to, where it is ours to do."""
        with self._runtime.db.read() as session:
            feed_id = session.scalar(select(Feed.id).where(Feed.kind == KIND))
            if feed_id is None or not live_sources(session, feed_id):
                return None
        now = self._runtime.clock()
        with self._runtime.db.write() as session:
            mine = lead(session, f"stream {KIND}", self._name, for_s=self._pace.lead_s, now=now)
        return feed_id if mine else None

    def _listen(self, feed_id: int) -> None:
        """Until it breaks, nobody listens any more, or another worker does it."""
        endpoint = self._runtime.settings.endpoint(KIND, "")
        base = endpoint or INSTANCES[self._failures % len(INSTANCES)]
        try:
            with subscribe(self._runtime.http, base, self._cursor(feed_id)) as stream:
                self._begin(feed_id)
                self._gather(feed_id, stream)
            self._end(feed_id, None)
        except PollFailed as failed:
            log.info("%s: %s", base, failed)
            self._failures += 1
            self._stuck += failed.code == "too_large"
            self._end(feed_id, failed)

    def _cursor(self, feed_id: int) -> int | None:
        """Where to begin, in microseconds; None: now."""
        with self._runtime.db.read() as session:
            stored = session.get_one(Feed, feed_id).cursor
        if not stored.isdigit() or self._stuck >= NO_WAY_ON:
            return None
        oldest = int((self._runtime.clock() - MOST_BEHIND).timestamp() * 1_000_000)
        return max(int(stored) - REWIND_US, oldest)

    def _gather(self, feed_id: int, stream: Stream) -> None:
        gathered: dict[str, Item] = {}
        latest_us = garbage = 0
        heard = written = time.monotonic()
        try:
            while not self._stopping.is_set():
                with suppress(TimeoutError):
                    told = stream.hear(min(0.5, self._pace.gather_s))
                    limit_us = (self._runtime.clock() + timedelta(hours=1)).timestamp() * 1_000_000
                    if told is None or told.time_us > limit_us:
                        garbage += 1
                        if garbage > MOST_GARBAGE:
                            raise PollFailed("not_a_feed", "what is said there is no stream of posts")
                    else:
                        garbage, heard = 0, time.monotonic()
                        latest_us = max(latest_us, told.time_us)
                        gathered.pop(told.gone, None)
                        if told.item is not None:
                            gathered[told.item.external_id] = told.item
                now = time.monotonic()
                if now - heard > SILENT_S:
                    raise PollFailed("timeout", "nothing was said for a minute")
                if len(gathered) >= MOST_GATHERED or now - written >= self._pace.gather_s:
                    if not self._take(feed_id, gathered, latest_us):
                        return
                    gathered, written = {}, time.monotonic()
        except PollFailed:
            self._take(feed_id, gathered, latest_us)
            raise
        self._take(feed_id, gathered, latest_us)

    def _take(self, feed_id: int, gathered: Mapping[str, Item], latest_us: int) -> bool:
        """Steps 4 and 5. False: nobody listens any more, or it is another worker's."""
        runtime = self._runtime
        audience = read_who_listens(runtime, feed_id, KIND)
        if not audience.sources:
            return False
        now = runtime.clock()
        found = [item for item in gathered.values() if mentions_of(item, audience, audience.sources, now=now)]
        if found:
            base = runtime.settings.endpoints.get("bluesky_public", PUBLIC)
            # Newest first, as feeds give theirs.
            take_items(runtime, feed_id, self._people.name(runtime.http, base, found[::-1], now=now), audience)
        now = runtime.clock()
        with runtime.db.write() as session:
            if not lead(session, f"stream {KIND}", self._name, for_s=self._pace.lead_s, now=now):
                return False
            feed = session.get_one(Feed, feed_id)
            feed.last_polled_at = now
            # What is only said again is no progress: a door that breaks each time is knocked at ever more slowly.
            if latest_us > int(feed.cursor or 0):
                feed.cursor = str(latest_us)
                self._failures = self._stuck = 0
                back = feed.last_error != "" or feed.state != "ok"
                feed.last_error, feed.last_error_text, feed.state, feed.failures = "", "", "ok", 0
                if back:
                    _tell(runtime, feed_id, session)
        return True

    def _begin(self, feed_id: int) -> None:
        runtime = self._runtime
        now = runtime.clock()
        with runtime.db.write() as session:
            feed = session.get_one(Feed, feed_id)
            feed.listening_since = feed.last_polled_at = now
            count_polls(session, {feed_id: False}, now=now)
            _tell(runtime, feed_id, session)

    def _end(self, feed_id: int, failed: PollFailed | None) -> None:
        runtime = self._runtime
        now = runtime.clock()
        with runtime.db.write() as session:
            feed = session.get_one(Feed, feed_id)
            feed.listening_since = None
            if failed is not None:
                feed.failures = self._failures
                feed.state = "asleep" if self._failures >= ASLEEP_AFTER else "ok"
                feed.last_error, feed.last_error_text = failed.code[:20], failed.message[:500]
                count_polls(session, {feed_id: True}, now=now)
            _tell(runtime, feed_id, session)


def _tell(runtime: Runtime, feed_id: int, session: Session) -> None:
    now = runtime.clock()
    for source in live_sources(session, feed_id):
        record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)
