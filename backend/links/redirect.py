"""The way of a click, as short as it can be: look up, remember, send on.

`make_redirect(runtime)` is asked before the app for every path that could be a code. What it leaves to the app (the
preview page, and the pages that say that a link is unknown or has ended) it names in `environ["entregent.link"]`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from backend.infra.runtime import Runtime
from backend.links.clicks import ClickWriter, Seen
from backend.links.ends import hit_the_end
from backend.links.lookup import STATUS_LINES, LinkCache, Target, as_header, code_in
from backend.links.scans import ScanGuard
from backend.links.targets import with_query
from backend.links.visitors import PERSON, Proxies, kind_of_agent

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger("entregent.redirect")

TICK_S = 0.5  # how long a click stays in memory, and a change of a link goes unseen
LEFT_TO_APP = "entregent.link"  # "unknown", "ended" or "preview"
# Not even a 301 is cached: a cached redirect loses clicks and outlives every change of the link.
NOT_CACHED = ("Cache-Control", "private, no-store")
NO_BODY = ("Content-Length", "0")
EMPTY: tuple[bytes, ...] = ()


class Redirect:
    """Short links of one process. Call `start()` once in each worker process and `stop()` before it goes."""

    def __init__(self, runtime: Runtime) -> None:
        self._clock = runtime.clock
        self._db = runtime.db
        self._proxies = Proxies(runtime.settings.trusted_proxies)
        self._direct = not runtime.settings.trusted_proxies
        self._scans = ScanGuard()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.links = LinkCache(runtime.db, runtime.clock)
        self.clicks = ClickWriter(runtime.db)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes] | None:
        """The answer to a click, None where the app shall answer."""
        path = environ["PATH_INFO"]
        target = self.links.known.get(path)
        if target is None:
            target = self.links.find(path)
            if target is None:
                return self._no_target(path, environ, start_response)
        method = environ["REQUEST_METHOD"]
        if method != "GET" and method != "HEAD":
            return None
        address = environ.get("REMOTE_ADDR", "") if self._direct else self._proxies.address_of(environ)
        now = self._clock()
        if self._scans.blocked and self._scans.is_blocked(address, now):
            return self._scans.refuse(start_response)
        agent = environ.get("HTTP_USER_AGENT", "")
        machine = method == "HEAD" or "HTTP_SEC_PURPOSE" in environ or "HTTP_PURPOSE" in environ
        location = target.header
        if not target.plain:
            person = not machine and kind_of_agent(agent) == PERSON
            if target.has_ended(now) or hit_the_end(self._db, target, person, now=now):
                return self._ended(target, environ, start_response)
            if target.forward_query and environ.get("QUERY_STRING"):
                location = as_header(with_query(target.location, environ["QUERY_STRING"]))
        referrer = environ.get("HTTP_REFERER", "")
        self.clicks.add(Seen(target.link_id, target.brand_id, now, address, agent, referrer, machine))
        start_response(target.status, [("Location", location), NOT_CACHED, NO_BODY])
        return EMPTY

    def _no_target(self, path: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes] | None:
        if code_in(path.removesuffix("+")) is None:
            return None
        if path.endswith("+") and self.links.find(path[:-1]) is not None:
            environ[LEFT_TO_APP] = "preview"
            return None
        environ[LEFT_TO_APP] = "unknown"
        address = self._proxies.address_of(environ)
        return self._scans.refuse(start_response) if self._scans.missed(address, self._clock()) else None

    def _ended(self, target: Target, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes] | None:
        if not target.fallback:
            environ[LEFT_TO_APP] = "ended"
            return None
        start_response(STATUS_LINES[302], [("Location", as_header(target.fallback)), NOT_CACHED, NO_BODY])
        return EMPTY

    def start(self) -> None:
        """Begin to write clicks in batches and to follow changes."""
        if self._thread is None:
            self.clicks.alive = True
            self._thread = threading.Thread(target=self._run, name="clicks", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Write what is still in memory. Tried again for a while, since a writer elsewhere may hold the database."""
        self._stop.set()
        self.clicks.full.set()
        if self._thread is not None:
            self._thread.join(10)
            self._thread = None
        self.clicks.alive = False
        for attempt in range(3):
            try:
                self.clicks.flush()
                return
            except SQLAlchemyError as error:
                log.error("clicks could not be written at the stop, attempt %d: %s", attempt + 1, error)

    def _run(self) -> None:
        follow_at = 0.0
        try:
            while not self._stop.is_set():
                try:
                    if time.monotonic() >= follow_at:
                        self.links.follow_changes()
                        follow_at = time.monotonic() + TICK_S
                    self.clicks.flush()
                except SQLAlchemyError as error:
                    log.warning("clicks wait, the database does not answer: %s", error)
                    self._stop.wait(TICK_S)
                self.clicks.full.wait(TICK_S)
                self.clicks.full.clear()
        except BaseException:
            log.exception("the writer of clicks has died; each click is written where it happens from now on")
        finally:
            self.clicks.alive = False


def make_redirect(runtime: Runtime) -> Redirect:
    """A callable `(environ, start_response) -> iterable | None` with `start()` and `stop()`."""
    return Redirect(runtime)
