"""A local server in the place of feeds and of all services that keywords ask by themselves.

Over real HTTP: conditional GET, redirects, and everything that can go wrong with a feed. `server.url` is the base
address for all of them; point ENTREGENT_ENDPOINT_GOOGLENEWS and its like to it and allow 127.0.0.1. What the services
know is in `server.said`; each gives what holds a word of the query, in its own format.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

from backend.connectors.registry import source_kinds


@dataclass(frozen=True)
class Said:
    """Something that was said, as any of the services would know it."""

    title: str
    text: str = ""
    url: str = ""
    author: str = ""
    publisher: str = ""
    publisher_url: str = ""
    at: datetime | None = None
    guid: str = ""
    language: str = ""
    network: str = "press"  # press | hackernews | mastodon | reddit | lobsters | github | stackexchange | wikipedia

    @property
    def number(self) -> int:
        return int(hashlib.sha256(f"{self.title}{self.text}{self.url}".encode()).hexdigest()[:12], 16)


@dataclass
class Seen:
    """A request that came in."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass
class Page:
    """What a path answers. `body` may be a function of the request. `trickle_s`: a pause before each piece."""

    body: bytes | Callable[[Seen], bytes] = b""
    content_type: str = "application/rss+xml"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    last_modified: str = ""
    endless: bytes = b""  # sent again and again until the other side has had enough
    trickle_s: float = 0.0


class FeedServer:
    """`put` gives a path its answer; `seen` holds every request; `said` is what the search services know."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.said: list[Said] = []
        self.down: dict[str, int] = {}  # kind → HTTP status while its service fails
        self.slow_s: dict[str, float] = {}  # service → seconds before it answers
        self.pages: dict[str, Page] = {}
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
                seen = Seen(parts.path, query, {name.lower(): value for name, value in self.headers.items()})
                with server._lock:
                    server.seen.append(seen)
                try:
                    server._answer(self, seen)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def endpoints(self) -> dict[str, str]:
        """For Settings.endpoints."""
        return {kind.kind: self.url for kind in source_kinds().values() if kind.asks and not kind.signed}

    def environment(self) -> dict[str, str]:
        """The same for a process."""
        return {f"ENTREGENT_ENDPOINT_{kind.upper()}": base for kind, base in self.endpoints().items()} | {
            "ENTREGENT_ALLOW_PRIVATE_HOSTS": "127.0.0.1"
        }

    def close(self) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def asked(self, path: str) -> list[Seen]:
        with self._lock:
            return [one for one in self.seen if one.path == path]

    # --- what tests put there ------------------------------------------------------------------------------

    def put(self, path: str, body: bytes | str | Callable[[Seen], bytes] = b"", **fields: Any) -> str:
        """The answer of a path from now on; gives its address."""
        self.pages[path] = Page(body.encode() if isinstance(body, str) else body, **fields)
        return self.url + path

    def feed(
        self, path: str, said: Sequence[Said], *, title: str = "A feed", validators: bool = True, **kw: Any
    ) -> str:
        """An RSS feed with the validators of its content."""
        body = rss(said, title=title, link=f"{self.url}/")
        digest = hashlib.sha256(body).hexdigest()[:16]
        if validators:
            kw = {"etag": f'"{digest}"', "last_modified": "Mon, 23 Nov 2026 08:00:00 GMT", **kw}
        return self.put(path, body, **kw)

    def redirect(self, path: str, to: str, status: int = 301) -> str:
        return self.put(path, status=status, headers={"Location": to})

    # --- answering -----------------------------------------------------------------------------------------

    def _answer(self, handler: BaseHTTPRequestHandler, seen: Seen) -> None:
        page = self.pages.get(seen.path) or self._service(seen)
        if page is None:
            page = Page(b"<!DOCTYPE html><title>Not here</title>", "text/html", 404)
        unchanged = page.status == 200 and (
            (page.etag and seen.headers.get("if-none-match") == page.etag)
            or (not page.etag and page.last_modified and seen.headers.get("if-modified-since") == page.last_modified)
        )
        body = b"" if unchanged else page.body(seen) if callable(page.body) else page.body
        handler.send_response(304 if unchanged else page.status)
        if not unchanged:
            handler.send_header("Content-Type", page.content_type)
        for name, value in (("ETag", page.etag), ("Last-Modified", page.last_modified), *page.headers.items()):
            if value:
                handler.send_header(name, value)
        if page.endless:
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.wfile.write(body)
            while not self.stopping.is_set():
                if page.trickle_s:
                    self.stopping.wait(page.trickle_s)
                handler.wfile.write(page.endless)
            handler.close_connection = True
            return
        if not unchanged:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _service(self, seen: Seen) -> Page | None:
        found = {
            "/rss/search": ("googlenews", self._google_news),
            "/news/search": ("bingnews", self._bing_news),
            "/api/v1/search_by_date": ("hackernews", self._hacker_news),
            "/search.rss": ("reddit_search", self._reddit),
            "/newest.rss": ("lobsters", lambda _: self._lobsters()),
            "/comments.rss": ("lobsters_comments", lambda _: Page(rss([]))),
            "/search/issues": ("github", self._github),
            "/2.3/search/advanced": ("stackexchange", self._stack_exchange),
            "/w/api.php": ("wikipedia", self._wikipedia),
        }.get(seen.path)
        if found is None and seen.path.startswith("/api/v1/timelines/tag/"):
            found = ("mastodon", self._mastodon)
        if found is None:
            return None
        service, answer = found
        if wait_s := self.slow_s.get(service, 0):
            self.stopping.wait(wait_s)
        if status := self.down.get(service):
            return Page(b"no", "text/plain", status)
        return answer(seen)

    def _known(self, query: str, *networks: str) -> list[Said]:
        words = _words(re.sub(r"-\S+|when:\S+|\b(OR|AND)\b", " ", query))
        return [one for one in self.said if one.network in networks and words & _words(f"{one.title} {one.text}")]

    def _google_news(self, seen: Seen) -> Page:
        """Opaque links, changing guids, the publisher behind the title: as Google gives them."""
        asked = len(self.asked(seen.path))
        items = [
            Said(
                f"{one.title} - {one.publisher or 'Le Journal'}",
                text=f'<a href="https://news.google.com/rss/articles/{one.number:x}">{html.escape(one.title)}</a>',
                url=f"https://news.google.com/rss/articles/{one.number:x}{asked}?oc=5",
                publisher=one.publisher or "Le Journal",
                publisher_url=one.publisher_url or _site(one.url),
                at=one.at,
                guid=f"CBMi{one.number:x}{asked}",
            )
            for one in self._known(seen.query.get("q", ""), "press")
        ]
        return Page(rss(items, title="Google News", link="https://news.google.com/"), "application/xml; charset=utf-8")

    def _bing_news(self, seen: Seen) -> Page:
        items = [
            Said(
                one.title,
                text=one.text[:120],
                url=f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url={quote(one.url, safe='')}&c=1",
                at=one.at,
                publisher=one.publisher,
            )
            for one in self._known(seen.query.get("q", ""), "press")
        ]
        return Page(rss(items, title="Bing News", link="https://www.bing.com/"), "text/xml; charset=utf-8")

    def _hacker_news(self, seen: Seen) -> Page:
        since = int(re.sub(r"\D", "", seen.query.get("numericFilters", "0")) or 0)
        hits = []
        for one in self._known(seen.query.get("query", ""), "hackernews"):
            at = int((one.at or _now()).timestamp())
            if at <= since:
                continue
            hit: dict[str, Any] = {"objectID": str(one.number), "created_at_i": at, "author": one.author or "pg"}
            if one.text:
                hit |= {"comment_text": f"<p>{html.escape(one.text)}", "story_title": one.title}
            else:
                hit |= {"title": one.title, "url": one.url}
            hits.append(hit)
        return Page(json.dumps({"hits": hits, "nbHits": len(hits)}).encode(), "application/json")

    def _mastodon(self, seen: Seen) -> Page:
        tag = unquote(seen.path.rpartition("/")[2])
        after = int(seen.query.get("min_id", "0"))
        known = sorted(self._known(tag, "mastodon"), key=lambda one: one.at or _now())
        statuses = [
            {
                "id": str(index + 1),
                "url": one.url or f"{self.url}/@maud/{index + 1}",
                "created_at": (one.at or _now()).isoformat().replace("+00:00", "Z"),
                "content": f"<p>{html.escape(one.text or one.title)} <a href='#'>#{html.escape(tag)}</a></p>",
                "language": one.language or "fr",
                "reblog": None,
                "account": {"display_name": one.author or "Maud", "acct": "maud", "url": f"{self.url}/@maud"},
                "media_attachments": [],
            }
            for index, one in enumerate(known)
            if index + 1 > after
        ]
        return Page(json.dumps(statuses[:40][::-1]).encode(), "application/json")

    def _reddit(self, seen: Seen) -> Page:
        known = self._known(seen.query.get("q", ""), "reddit")
        return Page(rss(known, title="reddit.com: search results", link="https://www.reddit.com/search/"))

    def _lobsters(self) -> Page:
        return Page(rss([one for one in self.said if one.network == "lobsters"], title="Lobsters"))

    def _github(self, seen: Seen) -> Page:
        rows = [
            {
                "id": one.number,
                "html_url": one.url,
                "title": one.title,
                "body": one.text,
                "user": {"login": one.author or "maud"},
                "created_at": (one.at or _now()).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            for one in self._known(re.sub(r"\b(is|created):\S+", " ", seen.query.get("q", "")), "github")
        ]
        return Page(json.dumps({"total_count": len(rows), "items": rows}).encode(), "application/json")

    def _stack_exchange(self, seen: Seen) -> Page:
        rows = [
            {
                "question_id": one.number,
                "link": one.url,
                "title": html.escape(one.title),
                "body": f"<p>{html.escape(one.text)}</p>",
                "owner": {"display_name": one.author or "maud"},
                "creation_date": int((one.at or _now()).timestamp()),
            }
            for one in self._known(seen.query.get("q", ""), "stackexchange")
        ]
        return Page(json.dumps({"items": rows, "has_more": False, "quota_remaining": 99}).encode(), "application/json")

    def _wikipedia(self, seen: Seen) -> Page:
        rows = [
            {
                "pageid": one.number,
                "title": one.title,
                "snippet": html.escape(one.text),
                "timestamp": "2026-11-23T06:00:00Z",
            }
            for one in self._known(seen.query.get("srsearch", ""), "wikipedia")
        ]
        return Page(json.dumps({"query": {"search": rows}}).encode(), "application/json")


def rss(said: Sequence[Said], *, title: str = "A feed", link: str = "https://example.org/") -> bytes:
    """RSS 2.0."""
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{html.escape(title)}</title>']
    parts.append(f"<link>{html.escape(link)}</link>")
    for one in said:
        at = format_datetime(one.at.astimezone(UTC)) if one.at else ""
        source = f'<source url="{html.escape(one.publisher_url)}">{html.escape(one.publisher)}</source>'
        parts.append(
            "<item>"
            f"<title>{html.escape(one.title)}</title>"
            + (f"<link>{html.escape(one.url)}</link>" if one.url else "")
            + f'<guid isPermaLink="false">{html.escape(one.guid or one.url or one.title)}</guid>'
            + (f"<pubDate>{at}</pubDate>" if at else "")
            + (f"<author>{html.escape(one.author)}</author>" if one.author else "")
            + f"<description>{html.escape(one.text)}</description>"
            + (source if one.publisher else "")
            + "</item>"
        )
    return ("".join(parts) + "</channel></rss>").encode()


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return set(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _now() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=time.monotonic() % 1)


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    server = FeedServer()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def feeds() -> Iterator[FeedServer]:
    """An empty one for each test."""
    with feed_server() as server:
        yield server
