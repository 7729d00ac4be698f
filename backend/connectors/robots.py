"""What a site asks of robots (RFC 9309), read before a page of it is read.

Feeds are made for programs and need no asking; a page without a feed is not. Rules are kept for a day at most; a site
whose rules cannot be read (5xx) is left alone for an hour, unless we know what they were within the last week; 4xx
means that there are none. Crawl-delay is no part of the standard, but sites that write it mean it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from protego import Protego

from backend.connectors.base import PollFailed
from backend.connectors.headers import retry_after_s
from backend.infra.http import Blocked, BodyTooLarge, HttpClient, HttpFailed, HttpResponse, NotSent, OutcomeUnknown

AGENT = "Entregent"  # the product token of our User-Agent
KEPT = timedelta(hours=24)
KEPT_STALE = timedelta(days=7)
KEPT_AWAY = timedelta(hours=1)
MAX_READ = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB are read, what follows may be ignored
MAX_BYTES = 4_000_000
MAX_DELAY_S = 86_400.0
DEADLINE_S = 10.0
_MOST_SITES = 2_000


class Rules:
    """What one robots.txt says to us."""

    def __init__(self, body: bytes = b"") -> None:
        self._parsed = Protego.parse(body[:MAX_READ].decode("utf-8-sig", "replace")) if body.strip() else None

    def allow(self, url: str) -> bool:
        return self._parsed is None or bool(self._parsed.can_fetch(url, AGENT))

    @property
    def delay_s(self) -> float:
        """Seconds between two requests; 0.0 where it does not say."""
        delay = self._parsed.crawl_delay(AGENT) if self._parsed is not None else None
        return min(max(float(delay or 0), 0.0), MAX_DELAY_S)


@dataclass(frozen=True)
class _Page:
    rules: Rules
    read_at: datetime
    until: datetime


class RobotsBook:
    """The rules of the sites that one process asks. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pages: OrderedDict[str, _Page] = OrderedDict()
        self._away: OrderedDict[str, tuple[datetime, PollFailed]] = OrderedDict()

    def ask(self, http: HttpClient, url: str, *, now: datetime) -> float:
        """Seconds that the site wants between two requests. Raises PollFailed: `robots` (this page is not for
        programs), `robots_unread` (what it asks cannot be read), or as any request."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        rules = self._known(site, now) or self._read(http, site, now)
        if parts.path != "/robots.txt" and not rules.allow(url):
            raise PollFailed("robots", "the site asks programs to stay away from this page (robots.txt)")
        return rules.delay_s

    def _known(self, site: str, now: datetime) -> Rules | None:
        with self._lock:
            page = self._pages.get(site)
            if page is not None and page.read_at <= now < page.until:
                return page.rules
            away = self._away.get(site)
        if away is not None and now < away[0]:
            known = away[1]
            # One of its own: an exception that is raised again and again gathers traces.
            raise PollFailed(known.code, known.message, known.retry_after_s)
        return None

    def _read(self, http: HttpClient, site: str, now: datetime) -> Rules:
        try:
            answer = http.root.get(f"{site}/robots.txt", deadline_s=DEADLINE_S, max_bytes=MAX_BYTES, follow=5)
        except Blocked as error:
            raise PollFailed("blocked", str(error)) from error
        except NotSent as error:
            raise PollFailed("unreachable", str(error)) from error
        except BodyTooLarge:
            return self._keep_away(site, PollFailed("robots_unread", "its robots.txt is too large to be read"), now)
        except OutcomeUnknown as error:
            raise PollFailed("timeout", str(error)) from error
        except HttpFailed:  # redirected in circles: 2.3.1.2, as if there were none
            return self._keep(site, Rules(), now)
        return self._understand(site, answer, now)

    def _understand(self, site: str, answer: HttpResponse, now: datetime) -> Rules:
        if answer.status == 429:
            wait = retry_after_s(answer.headers.get("retry-after", ""), now)
            problem = PollFailed("rate_limited", "the server asks us to wait (HTTP 429 for its robots.txt)", wait)
            return self._keep_away(site, problem, now)
        if answer.status >= 500:
            why = f"its robots.txt cannot be read (HTTP {answer.status}), so the whole site is left alone"
            return self._keep_away(site, PollFailed("robots_unread", why), now)
        return self._keep(site, Rules(answer.body if 200 <= answer.status < 300 else b""), now)

    def _keep(self, site: str, rules: Rules, now: datetime) -> Rules:
        with self._lock:
            self._away.pop(site, None)
            self._pages[site] = _Page(rules, now, now + KEPT)
            self._pages.move_to_end(site)
            while len(self._pages) > _MOST_SITES:
                self._pages.popitem(last=False)
        return rules

    def _keep_away(self, site: str, problem: PollFailed, now: datetime) -> Rules:
        """What was read within the last week counts on; else raises the problem, for everybody, for a while."""
        with self._lock:
            page = self._pages.get(site)
            if page is not None and page.read_at <= now < page.read_at + KEPT_STALE:
                self._pages[site] = _Page(page.rules, page.read_at, now + KEPT_AWAY)
                return page.rules
            until = now + max(KEPT_AWAY, timedelta(seconds=problem.retry_after_s or 0))
            self._away[site] = until, problem
            while len(self._away) > _MOST_SITES:
                self._away.popitem(last=False)
        raise problem


_books: WeakKeyDictionary[HttpClient, RobotsBook] = WeakKeyDictionary()
_books_lock = Lock()


def book_of(http: HttpClient) -> RobotsBook:
    """The one book of everybody who asks through this client."""
    with _books_lock:
        return _books.setdefault(http.root, RobotsBook())
