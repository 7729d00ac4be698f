"""From the path of a request to its link: a cache in the process, kept true by the changes that others record."""

from __future__ import annotations

import gc
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.infra.changes import Change, newest_id
from backend.infra.db import Database
from backend.links.codes import LONGEST, RESERVED
from backend.links.models import Link
from backend.links.targets import with_utm

MOST_KNOWN = 200_000  # paths, some 60 MB
READ_AT_START = 100_000  # newest links
UNKNOWN_FOR_S = 5.0
MOST_UNKNOWN = 10_000
# PostgreSQL gives ids before transactions commit: a change may appear below the last one seen. So many are read again.
OVERLAP = 1000
CODE = re.compile(rf"/([A-Za-z0-9][A-Za-z0-9_-]{{0,{LONGEST - 1}}})/?")
COLUMNS = (
    Link.id, Link.brand_id, Link.code, Link.url, Link.utm, Link.status_code, Link.forward_query, Link.expires_at,
    Link.max_clicks, Link.used, Link.fallback_url, Link.removed_at,
)  # fmt: skip


class Target:
    """Where one link leads, ready to be sent. `plain`: nothing to think about, as with nearly all links."""

    __slots__ = (
        "_expires_at", "_removed", "brand_id", "fallback", "forward_query", "header", "link_id", "location",
        "max_clicks", "paths", "plain", "status", "used",
    )  # fmt: skip

    def __init__(self, row: Any) -> None:
        self.link_id: int = row.id
        self.brand_id: int = row.brand_id
        self.location: str = with_utm(row.url, row.utm)
        self.header = as_header(self.location)
        self.status = STATUS_LINES[row.status_code]
        self.forward_query: bool = row.forward_query
        self.fallback: str = row.fallback_url
        self.max_clicks: int | None = row.max_clicks
        self.used: int = row.used
        self.paths: tuple[str, ...] = ()
        self._expires_at: datetime | None = row.expires_at
        self._removed: bool = row.removed_at is not None
        ends = self._expires_at is not None or self.max_clicks is not None or self._removed
        self.plain = not ends and not self.forward_query

    def has_ended(self, now: datetime) -> bool:
        return self._removed or (self._expires_at is not None and self._expires_at <= now)


class LinkCache:
    """`known` is read by the redirect itself; everything else is for the rare cases."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self.known: dict[str, Target] = {}
        self._by_id: dict[int, Target] = {}
        self._unknown: dict[str, float] = {}
        self._lock = threading.Lock()
        self._generation = 0  # moves with every change seen: what was read before it may be old
        self._last: int | None = None
        self._overlap = OVERLAP if db.dialect == "postgresql" else 0
        self._handled: frozenset[int] = frozenset()  # changes in the overlap that were followed already

    def find(self, path: str) -> Target | None:
        """The link of a path that is not in `known`, put away ones included; None when there is none."""
        code = code_in(path)
        if code is None:
            return None
        until = self._unknown.get(code)
        if until is not None and until > time.monotonic():
            return None
        generation = self._generation
        with self._db.read() as session:
            row = session.execute(select(*COLUMNS).where(Link.domain == "", Link.code == code)).one_or_none()
        with self._lock:
            if row is None:
                if len(self._unknown) >= MOST_UNKNOWN:
                    self._unknown.clear()
                if generation == self._generation:
                    self._unknown[code] = time.monotonic() + UNKNOWN_FOR_S
                return None
            target = self._by_id.get(row.id) or Target(row)
            if generation == self._generation:
                self._keep(path, target)
            return target

    def _keep(self, path: str, target: Target) -> None:
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
            self._by_id.clear()
        self.known[path] = target
        self._by_id[target.link_id] = target
        target.paths += (path,)

    def follow_changes(self) -> None:
        """Forget what changed since the last call; the first call reads the newest links."""
        if self._last is None:
            self._read_newest()
            return
        with self._db.read() as session:
            last = newest_id(session)
            if last == self._last:
                return
            changes = _link_changes(session, self._last - self._overlap)
        refs = [int(ref) for number, ref in changes.items() if number not in self._handled]
        if refs:
            self._forget(refs)
        self._handled, self._last = frozenset(changes), last

    def _forget(self, link_ids: list[int]) -> None:
        with self._lock:
            self._generation += 1
            self._unknown.clear()
            for link_id in link_ids:
                target = self._by_id.pop(link_id, None)
                for path in target.paths if target else ():
                    self.known.pop(path, None)

    def _read_newest(self) -> None:
        with self._db.read() as session:
            last = newest_id(session)
            handled = frozenset(_link_changes(session, last - self._overlap))
        query = select(*COLUMNS).where(Link.domain == "").order_by(Link.id.desc()).limit(READ_AT_START)
        with no_collection_of_garbage(), self._db.read() as session:
            for rows in session.execute(query.execution_options(yield_per=1000)).partitions():
                with self._lock:
                    for row in rows:
                        if row.id not in self._by_id:
                            self._keep("/" + row.code, Target(row))
        self._handled, self._last = handled, last


def _link_changes(session: Session, after: int) -> dict[int, str]:
    """Id of the change → id of the link."""
    query = select(Change.id, Change.ref).where(Change.id > after, Change.kind == "link.changed")
    return dict(iter(session.execute(query)))


@contextmanager
def no_collection_of_garbage() -> Iterator[None]:
    """What is made in here stays. Looking through 100,000 links for garbage, again and again while they are read and
    at each full collection ever after, would stop all clicks for a tenth of a second each time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def code_in(path: str) -> str | None:
    """The code that a path could be, None for all other paths."""
    match = CODE.fullmatch(path)
    if match is None:
        return None
    code = match[1].lower()
    return None if code in RESERVED else code


STATUS_LINES = {code: f"{code} {HTTPStatus(code).phrase}" for code in (301, 302, 307, 308)}


def as_header(url: str) -> str:
    """An address as WSGI wants it in a header: its own bytes, one character each. ASCII stays the same object."""
    return url if url.isascii() else url.encode().decode("latin-1")
