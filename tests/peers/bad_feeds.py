"""A server that behaves badly in every way that servers of feeds do, byte by byte; and well, for comparison.

`BEHAVIOURS` names each of them, with what must become of a poll: the code of its error, "" for a feed that is read all
the same. Each has a loopback address of its own (`127.0.1.N`), so that to us it is a host of its own.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import socket
import socketserver
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Seen:
    """A request: which one it is of its path (from 1), and its headers."""

    number: int
    headers: dict[str, str]
    base: str  # of good feeds
    stopping: threading.Event


Behaviour = Callable[[Seen], Iterator[bytes]]


@dataclass(frozen=True)
class Bad:
    """What must become of a poll. `items` None: it does not matter how many."""

    behave: Behaviour
    error: str
    items: int | None = None


def document(items: bytes, *, declaration: bytes = b"<?xml version='1.0' encoding='UTF-8'?>") -> bytes:
    return declaration + b"<rss version='2.0'><channel><title>x</title>" + items + b"</channel></rss>"


def item(number: int, inside: bytes = b"", *, guid: str | None = None) -> bytes:
    known = guid if guid is not None else f"id {number}"
    return (
        f"<item><title>Article {number}</title><link>https://a.example/{number}</link><guid isPermaLink='false'>{known}"
        "</guid>"
    ).encode() + inside + b"</item>"  # fmt: skip


GOOD = document(b"".join(map(item, range(3))))


def answer(
    body: bytes = GOOD, *headers: str, status: str = "200 OK", length: int | None = None, kind: str = "text/xml"
) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body) if length is None else length}",
    ]
    return "\r\n".join([*lines, "Connection: close", *headers, "", ""]).encode() + body


def plain(*parts: bytes) -> Behaviour:
    """The same whoever asks."""
    return lambda _seen: iter(parts)


def redirect(to: str, status: str = "301 Moved Permanently") -> Behaviour:
    return lambda seen: iter([answer(b"", f"Location: {to.format(base=seen.base)}", status=status)])


def slowly(head: bytes, piece: bytes, pause_s: float) -> Behaviour:
    """One piece after the other, without end."""

    def behave(seen: Seen) -> Iterator[bytes]:
        yield head
        while not seen.stopping.wait(pause_s):
            yield piece

    return behave


def _without_end(head: bytes, piece: bytes) -> Behaviour:
    return lambda _seen: itertools.chain([head], itertools.repeat(piece))


def _in_turn(*answers: bytes) -> Behaviour:
    return lambda seen: iter([answers[(seen.number - 1) % len(answers)]])


def _changing_ids(seen: Seen) -> Iterator[bytes]:
    yield answer(document(b"".join(item(n, guid=f"{seen.number}-{n}") for n in range(3))))


def _changing_etag(seen: Seen) -> Iterator[bytes]:
    yield answer(GOOD, f'ETag: "{seen.number}"')


def _cookies(seen: Seen) -> Iterator[bytes]:
    told = "cookie" in seen.headers
    yield answer(b"", status="500 You told me a cookie") if told else answer(GOOD, "Set-Cookie: me=1; Path=/")


def _unasked_304(_seen: Seen) -> Iterator[bytes]:
    yield answer(b"", status="304 Not Modified")


def _stands_still(seen: Seen) -> Iterator[bytes]:
    seen.stopping.wait(60)
    yield from ()


class Reset(Exception):
    """The connection is torn down."""


def _reset(_seen: Seen) -> Iterator[bytes]:
    yield answer(GOOD, length=len(GOOD) * 2)[:300]
    raise Reset


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n"
_BOMB = b"<!DOCTYPE rss [<!ENTITY a 'lol'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]>"  # fmt: skip
_HALVES = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "x\ud800", "home_page_url": "https://a.example/\ud800\0",
    "items": [
        {"id": f"{bad}{n}", "url": f"https://a.example/{n}{bad}", "title": f"Article {n}", "content_html":
         f"<a href='https://b.example/{bad}'>{bad}</a>", "author": {"name": bad, "url": f"https://c.example/{bad}"}}
        for n, bad in enumerate(["\ud800", "\0"])
    ],
})  # fmt: skip
_NOISE = random.Random(4).randbytes(3_000)  # noqa: S311  # no secret
_ZIPPED = gzip.compress(GOOD)
_ACCENTS = "<item><title>Été à l'œuvre</title><link>https://a.example/1</link></item>"
_YEARS = b"".join(
    item(n, b"<pubDate>%s</pubDate>" % date)
    for n, date in enumerate([b"Mon, 01 Jan 30000 00:00:00 GMT", b"30000-01-01T00:00:00Z", b"0000-00-00", b"demain"])
)

BEHAVIOURS: dict[str, Bad] = {
    "a hundred megabytes, announced": Bad(plain(answer(GOOD, length=100_000_000)), "too_large"),
    "a feed without end": Bad(_without_end(_HEAD + b"\r\n", item(1) * 500), "too_large"),
    "a gzip bomb": Bad(
        plain(answer(gzip.compress(b" " * 60_000_000), "Content-Encoding: gzip")), "too_large"
    ),
    "an entity bomb": Bad(
        plain(answer(_BOMB + document(b"<item><title>&j;</title></item>", declaration=b""))), "not_a_feed"
    ),
    "an entity that is a file of ours": Bad(
        plain(answer(b"<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
                     + document(b"<item><title>&a;</title></item>", declaration=b""))), "not_a_feed",
    ),
    "a byte now and then": Bad(slowly(_HEAD + b"\r\n", b"<", 0.1), "timeout"),
    "a header now and then": Bad(slowly(_HEAD, b"X-More: 1\r\n", 0.1), "timeout"),
    "headers without end": Bad(_without_end(_HEAD, b"X-More: 1\r\n" * 500), "broken_answer"),
    "a header of a megabyte": Bad(plain(_HEAD + b"X: " + b"x" * 1_000_000 + b"\r\n\r\n" + GOOD), "broken_answer"),
    "no answer at all": Bad(_stands_still, "timeout"),
    "gone without a word": Bad(plain(), "broken_answer"),
    "a connection reset in the middle": Bad(_reset, "broken_answer"),
    "more promised than sent": Bad(plain(answer(GOOD, length=len(GOOD) + 1_000)), "broken_answer"),
    "less promised than sent": Bad(plain(answer(GOOD, length=40)), "not_a_feed"),
    "a length and no body": Bad(plain(answer(b"", length=4_000)), "broken_answer"),
    "an empty body": Bad(plain(answer(b"")), "not_a_feed"),
    "a status line of nonsense": Bad(plain(b"SPAM 200 eggs\r\n\r\n" + GOOD), "broken_answer"),
    "chunks that lie": Bad(plain(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzzz\r\n" + GOOD), "broken_answer"),
    "TLS of noise": Bad(plain(_NOISE), "unreachable"),
    "gzip that breaks off": Bad(plain(answer(_ZIPPED[:-20], "Content-Encoding: gzip")), "broken_answer"),
    "gzip that is none": Bad(plain(answer(GOOD, "Content-Encoding: gzip")), "broken_answer"),
    "brotli that nobody asked for": Bad(plain(answer(_NOISE, "Content-Encoding: br")), "broken_answer"),
    "another character set than it says": Bad(
        plain(answer(document(_ACCENTS.encode("cp1252")), kind="text/xml; charset=utf-8")), "", 1
    ),
    "a character set that does not exist": Bad(
        plain(answer(document(_ACCENTS.encode(), declaration=b"<?xml version='1.0' encoding='klingon'?>"))), "", 1
    ),
    "UTF-16 without its mark": Bad(
        plain(answer(document(_ACCENTS.encode(), declaration=b"").decode().encode("utf-16-le"))), "not_a_feed", 0
    ),
    "XML that is none": Bad(plain(answer(GOOD.replace(b"</link>", b"</lnk>&oops", 1))), ""),
    "NUL bytes": Bad(plain(answer(document(item(1, b"<description>a\0b\0</description>")))), "", 1),
    "NUL and half a character in JSON": Bad(plain(answer(_HALVES.encode(), kind="application/feed+json")), "", 2),
    "ten thousand elements inside each other": Bad(plain(answer(document(item(1, b"<a>" * 10_000)))), ""),
    "JSON of ten thousand brackets": Bad(plain(answer(b"[" * 10_000, kind="application/feed+json")), "not_a_feed"),
    "dates in the year 30000": Bad(plain(answer(document(_YEARS))), "", 4),
    "one id for all": Bad(plain(answer(document(b"".join(item(n, guid="same") for n in range(4))))), "", 4),
    "ids that change each time": Bad(_changing_ids, "", 3),
    "fifty thousand items": Bad(plain(answer(document(b"".join(map(item, range(38_000))))), ), "", 1_000),
    "an ETag that changes each time": Bad(_changing_etag, "", 3),
    "cookies": Bad(_cookies, "", 3),
    "304 to who did not ask": Bad(_unasked_304, "http_error"),
    "a page instead": Bad(plain(answer(b"<!DOCTYPE html><title>Sign in</title>", kind="text/html")), "not_a_feed"),
    "an error and none in turn": Bad(_in_turn(answer(b"no", status="502 Bad Gateway"), answer()), "http_error"),
    "404": Bad(plain(answer(b"no", status="404 Not Found")), "not_found"),
    "410": Bad(plain(answer(b"no", status="410 Gone")), "gone"),
    "401": Bad(plain(answer(b"no", "WWW-Authenticate: Basic", status="401 Unauthorized")), "unauthorized"),
    "403": Bad(plain(answer(b"no", status="403 Forbidden")), "forbidden"),
    "429 without a word": Bad(plain(answer(b"no", status="429 Too Many Requests")), "rate_limited"),
    "429 for three hundred years": Bad(
        plain(answer(b"no", "Retry-After: 9999999999", status="429 Too Many Requests")), "rate_limited"
    ),
    "503 until soon": Bad(plain(answer(b"no", "Retry-After: soon", status="503 Unavailable")), "http_error"),
    "a redirect to itself": Bad(lambda seen: redirect(seen.headers["x-own"])(seen), "http_error"),
    "a redirect into the house": Bad(redirect("http://10.0.0.1/feed"), "blocked"),
    "a redirect to a file": Bad(redirect("file:///etc/passwd"), "blocked"),
    "a redirect to nowhere": Bad(redirect("http://[::bad/"), "blocked"),
    "a redirect to a good feed": Bad(redirect("{base}/0", "302 Found"), "", 3),
}  # fmt: skip


@dataclass
class BadServer:
    """`url(name)` of a behaviour, `good(n)` of a good feed; `asked` counts requests by path."""

    port: int
    stopping: threading.Event = field(default_factory=threading.Event)
    asked: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, name: str) -> str:
        number = list(BEHAVIOURS).index(name)
        scheme = "https" if name.startswith("TLS") else "http"
        return f"{scheme}://127.0.1.{number + 1}:{self.port}/{number}"

    def good(self, number: int) -> str:
        return f"{self.base}/{number}"

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def hosts(self) -> list[str]:
        return ["127.0.0.1", *(f"127.0.1.{number + 1}" for number in range(len(BEHAVIOURS)))]

    def behave(self, host: str, path: str, headers: dict[str, str]) -> Iterator[bytes]:
        with self.lock:
            self.asked[f"{host}{path}"] += 1
            number = self.asked[f"{host}{path}"]
        if host == "127.0.0.1":
            mine = int(path.strip("/") or 0)
            etag = f'"{mine}"'
            if headers.get("if-none-match") == etag:
                return iter([answer(b"", f"ETag: {etag}", status="304 Not Modified", length=0)])
            body = document(b"".join(item(mine * 10 + n) for n in range(3)))
            return iter([answer(body, f"ETag: {etag}")])
        name = list(BEHAVIOURS)[int(host.rpartition(".")[2]) - 1]
        seen = Seen(number, {**headers, "x-own": self.url(name)}, self.base, self.stopping)
        return BEHAVIOURS[name].behave(seen)


@contextmanager
def bad_server() -> Iterator[BadServer]:
    """A thread a connection; ends when the block does."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.request.settimeout(30)
                head = _read_head(self.request)
                lines = head.decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1] if lines[0].startswith("GET ") else "/"
                headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
                try:
                    for piece in server.behave(self.request.getsockname()[0], path, headers):
                        self.request.sendall(piece)
                except Reset:
                    self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 256

    with Threads(("0.0.0.0", 0), Handler) as threads:  # every loopback address is one of its hosts
        server = BadServer(threads.server_address[1])
        thread = threading.Thread(target=threads.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            threads.shutdown()
            thread.join(5)


def _read_head(opened: socket.socket) -> bytes:
    """To the end of the headers, or whatever a client that speaks TLS says first."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = opened.recv(65_536)
        head += piece
        if not piece or not head.startswith(b"GET"[: len(head)]):
            break
    return head
