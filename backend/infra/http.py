"""The one way out: every request that this server makes to anybody goes through `HttpClient`.

What it holds: http and https only, ports 80 and 443 and those the administrator named; addresses judged when the
connection is made (`net`); every redirect judged anew; no proxy or certificate taken from the environment, no
cookies; a cap on the body counted after decompression; one deadline for the whole exchange, name resolution, TLS
and drip-feeding included. And it says what is known after a failure: `NotSent` (nothing can have arrived) or
`OutcomeUnknown` (bytes left, the answer did not come), which is what publishing exactly once stands on.
"""

from __future__ import annotations

import copy
import json as jsonlib
import select
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from backend.config import VERSION
from backend.infra import net

LONGEST_URL = 16_000
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Names of who we are to one server are not for another.
PRIVATE_HEADERS = ("authorization", "cookie", "proxy-authorization", "dpop")
IDLE_S = 5.0
READING_S = 60.0


class HttpFailed(Exception):
    """No answer that can be used."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotSent(HttpFailed):
    """Certainly nothing arrived: the name is unknown, the connection or TLS failed, or we refused to ask."""


class Blocked(NotSent):
    """Our own gate said no: scheme, port, private address, user-info, backslash…"""


class OutcomeUnknown(HttpFailed):
    """Bytes may have arrived, but no whole answer came: time-out, dropped connection, unreadable answer."""


class TooLate(OutcomeUnknown):
    """Bytes may have arrived, and no whole answer came before the deadline."""


class BodyTooLarge(HttpFailed):
    """The answer is larger than `max_bytes`, counted after decompression."""


@dataclass(frozen=True)
class HttpResponse:
    """A whole answer. `url` is where it came from after redirects; `redirects` holds (status, absolute location)."""

    status: int
    url: str
    headers: Mapping[str, str]  # lower-case names
    body: bytes
    redirects: tuple[tuple[int, str], ...] = ()

    def json(self) -> Any:
        """Raises ValueError."""
        try:
            return jsonlib.loads(self.body)
        except RecursionError:
            raise ValueError("JSON is nested too deeply") from None

    def text(self) -> str:
        """By the charset of the header, else UTF-8; what cannot be read becomes U+FFFD."""
        charset = "utf-8"
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                charset = value.strip().strip("\"'") or charset
        try:
            return self.body.decode(charset, "replace")
        except (LookupError, ValueError):  # a charset that does not exist, or is no text encoding
            return self.body.decode("utf-8", "replace")


class _Exchange:
    """What one call of `request` may still do, and what it has done. One per thread at a time."""

    def __init__(self, deadline_s: float) -> None:
        self.until = time.monotonic() + deadline_s
        self.connected = False  # a new connection was made, not an idle one used again
        self.sent = False  # bytes of a request left this machine

    def left_s(self) -> float:
        return max(0.0, self.until - time.monotonic())


class HttpClient:
    """Safe for several threads.

    `allow_private` holds `host` or `host:port` that may be reached although private; a host named there may be reached
    on any port (`host`) or on that one (`host:port`). `reading_s`: no GET takes longer, whatever its own deadline.
    """

    def __init__(
        self,
        *,
        allow_private: frozenset[str] = frozenset(),
        contact: str = "",
        reading_s: float = READING_S,
        ask: net.Resolver = net.ask_system,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`trust`: whose certificates are believed; None: those that browsers believe (certifi)."""
        self._reading_s = reading_s
        self._allow = frozenset(host.lower() for host in allow_private)
        #: the client that was opened, of which `with_secret` gives views
        self.root = self
        self._secret_origin, self._secret = ("", ""), dict[str, str]()
        agent = f"Entregent/{VERSION}" + (f" (+{contact})" if contact else "")
        self.agent = agent
        self._headers = {"User-Agent": agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        self._now = threading.local()
        self.tls = tls = trust or httpx.create_ssl_context(trust_env=False)
        self._ask = ask
        wires = _Wires(self._now, self._allow, ask)
        # Reading may use an idle connection again. What changes something gets a new one: an idle connection that the
        # server drops at that very moment would leave us not knowing whether the request arrived.
        self._reading = httpcore.ConnectionPool(
            tls, max_connections=200, max_keepalive_connections=40, keepalive_expiry=IDLE_S, network_backend=wires
        )
        self._changing = httpcore.ConnectionPool(
            tls, max_connections=200, max_keepalive_connections=0, network_backend=wires
        )

    def get(self, url: str, **kw: Any) -> HttpResponse:
        return self.request("GET", url, **kw)

    def post(self, url: str, **kw: Any) -> HttpResponse:
        return self.request("POST", url, **kw)

    def close(self) -> None:
        self._reading.close()
        self._changing.close()

    def connect(self, host: str, port: int, *, ports: Collection[int], timeout_s: float) -> socket.socket:
        """A connection for what is not HTTP: judged as all others are. `ports`: those of the protocol; any other must
        be named by the administrator, as host:port. Raises net.Refused, NameUnknown, TimeoutError, OSError."""
        allowed = net.is_allowed(host, port, self._allow)
        if port not in ports and not allowed:
            raise net.Refused(f"port {port} is not for us")
        return net.connect(host, port, timeout_s=timeout_s, allowed=allowed, ask=self._ask)

    def with_secret(self, origin: str, headers: Mapping[str, str]) -> HttpClient:
        """The same client, which says these headers too, to this origin and to no other: not behind a redirect that
        leads elsewhere, whatever their names. `origin`: an address on it."""
        view = copy.copy(self)
        view._secret_origin, view._secret = _origin(origin), dict(headers)
        return view

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        content: bytes | str | None = None,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        deadline_s: float = 15.0,
        max_bytes: int = 5_000_000,
        follow: int = 5,
    ) -> HttpResponse:
        """Ask and read the whole answer; 4xx and 5xx are answers, not errors.

        Only GET and HEAD follow redirects, at most `follow`; anything else gets the 3xx itself. Raises NotSent
        (Blocked), OutcomeUnknown, BodyTooLarge; plain HttpFailed for too many redirects.
        """
        method = method.upper()
        reading = method in ("GET", "HEAD")
        exchange = _Exchange(min(deadline_s, self._reading_s) if reading else deadline_s)
        sent_headers = {**self._headers, **(headers or {})}
        redirects: list[tuple[int, str]] = []
        while True:
            self._check_url(url)
            secret = self._secret if _origin(url) == self._secret_origin else {}
            request = _build(method, url, {**sent_headers, **secret}, params, json, content, data, files)
            # Parameters belong to the first address; a redirect's location is complete.
            url, params = str(request.url), None
            status, answer_headers, body = self._exchange_once(request, exchange, max_bytes, reading)
            location = answer_headers.get("location")
            if status not in REDIRECTS or location is None or not reading or follow == 0:
                return HttpResponse(status, url, answer_headers, body, tuple(redirects))
            if len(redirects) >= follow:
                raise HttpFailed(f"more than {follow} redirects, the last one to {location[:200]!r}")
            target = self._join(url, location)
            redirects.append((status, target))
            if _origin(target) != _origin(url):
                sent_headers = {k: v for k, v in sent_headers.items() if k.lower() not in PRIVATE_HEADERS}
            url = target

    def _exchange_once(
        self, request: httpx.Request, exchange: _Exchange, max_bytes: int, reading: bool
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request, one answer. An idle connection that turned out dead is replaced once where nothing changes."""
        self._now.exchange = exchange
        exchange.connected = False
        for last_try in (not reading, True):
            try:
                return self._send(request, exchange, max_bytes)
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
                if not last_try and not exchange.connected and exchange.left_s() > 0:
                    continue
                late = exchange.left_s() <= 0
                what = "no whole answer before the deadline" if late else str(error) or type(error).__name__
                kind = NotSent if not exchange.sent else TooLate if late else OutcomeUnknown
                raise kind(f"{request.url.host}: {what}") from error
            except net.Refused as error:
                raise Blocked(str(error)) from error
            finally:
                if last_try:
                    self._now.exchange = None
        raise AssertionError("not reached")

    def _send(
        self, request: httpx.Request, exchange: _Exchange, max_bytes: int
    ) -> tuple[int, Mapping[str, str], bytes]:
        core_request = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions={"timeout": {"pool": exchange.left_s()}},
        )
        pool = self._reading if request.method in ("GET", "HEAD") else self._changing
        response = pool.handle_request(core_request)
        try:
            headers = dict(httpx.Headers(response.headers))
            assert isinstance(response.stream, Iterable)  # noqa: S101  # narrows the type: ours is the sync pool
            body = _read_body(response.stream, headers, max_bytes, empty=request.method == "HEAD")
            return response.status, headers, body
        finally:
            response.close()

    def _check_url(self, url: str) -> None:
        """Raises Blocked. Two parsers must agree on the host: where they differ, one of them can be fooled."""
        if len(url) > LONGEST_URL:
            raise Blocked("the address is too long")
        if "\\" in url or any(ch <= " " or ch == "\x7f" for ch in url):
            raise Blocked("the address holds a blank, a control character or a backslash")
        try:
            parts, parsed = urlsplit(url), httpx.URL(url)
            host, port = parts.hostname or "", parts.port
        except (ValueError, httpx.InvalidURL) as error:
            raise Blocked(f"the address cannot be understood: {error}") from None
        if parts.scheme not in ("http", "https"):
            raise Blocked(f"only http and https, not {parts.scheme or 'nothing'}")
        if "@" in parts.netloc:
            raise Blocked("the address holds a user name")
        if not host or parsed.scheme != parts.scheme or host not in (parsed.host.lower(), _ascii(parsed)):
            raise Blocked("the address has no clear host")
        port = port or (443 if parts.scheme == "https" else 80)
        if port not in (80, 443) and not net.is_allowed(_ascii(parsed), port, self._allow):
            raise Blocked(f"port {port} is not for us")

    def _join(self, url: str, location: str) -> str:
        """An absolute location. Raises Blocked."""
        with suppress(UnicodeError):  # header bytes were read as Latin-1 where they were no ASCII; most mean UTF-8
            location = location.encode("latin-1").decode("utf-8")
        try:
            # Blanks inside are common in the wild and harmless once encoded; at the ends they mean nothing.
            return urljoin(url, location.strip().replace(" ", "%20"))
        except ValueError as error:
            raise Blocked(f"redirected to an address that cannot be understood: {error}") from None


def _ascii(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").lower()


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _build(
    method: str,
    url: str,
    headers: Mapping[str, str],
    params: Mapping[str, Any] | None,
    json: Any,
    content: bytes | str | None,
    data: Mapping[str, Any] | None,
    files: Any,
) -> httpx.Request:
    try:
        request = httpx.Request(
            method, url, headers=dict(headers), params=params, json=json, content=content, data=data, files=files
        )
    except (httpx.InvalidURL, UnicodeError) as error:
        raise Blocked(f"the request cannot be written down: {error}") from None
    return request


def _read_body(stream: Iterable[bytes], headers: Mapping[str, str], max_bytes: int, *, empty: bool) -> bytes:
    """The body, decompressed piece by piece so that a bomb is never unpacked. Raises BodyTooLarge, ProtocolError."""
    encoding = "" if empty else headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity") and headers.get("content-length", "0").isdigit() and not empty:
        announced = int(headers.get("content-length", "0")[:18])
        if announced > max_bytes:
            raise BodyTooLarge(f"the answer announces {announced} bytes, more than {max_bytes}")
    unpack = None if encoding in ("", "identity") else _Unpacker(encoding)
    body = bytearray()
    for chunk in stream:
        if empty:
            continue
        body += chunk if unpack is None else unpack(chunk, max_bytes + 1 - len(body))
        if len(body) > max_bytes:
            raise BodyTooLarge(f"the answer is larger than {max_bytes} bytes")
    if unpack is not None and not unpack.whole:
        raise httpcore.RemoteProtocolError("the compressed answer was cut off")
    return bytes(body)


class _Unpacker:
    """gzip and deflate (with or without zlib's header), several members in a row, never more than there is room for."""

    def __init__(self, encoding: str) -> None:
        if encoding not in ("gzip", "x-gzip", "deflate"):
            raise httpcore.RemoteProtocolError(f"an answer in an encoding we did not ask for: {encoding[:40]!r}")
        self._bits = 47  # zlib's own: gzip or zlib, told by the header
        self._inflate = zlib.decompressobj(self._bits)
        self._fresh = True

    @property
    def whole(self) -> bool:
        return self._fresh or self._inflate.eof

    def __call__(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        try:
            while data and len(out) < room:
                if self._inflate.eof:
                    self._inflate = zlib.decompressobj(self._bits)
                out += self._unpack(data, room - len(out))
                data = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        except zlib.error as error:
            raise httpcore.RemoteProtocolError(f"the answer cannot be decompressed: {error}") from error
        return bytes(out)

    def _unpack(self, data: bytes, room: int) -> bytes:
        try:
            return self._inflate.decompress(data, room)
        except zlib.error:
            if not self._fresh:
                raise
            self._bits = -15  # bare deflate, as some servers send it
            self._inflate = zlib.decompressobj(self._bits)
            return self._inflate.decompress(data, room)
        finally:
            self._fresh = False


class _Wires(httpcore.NetworkBackend):
    """Connects through `net`, within what is left of the exchange that runs in this thread."""

    def __init__(self, now: threading.local, allow: frozenset[str], ask: net.Resolver) -> None:
        self._now, self._allow, self._ask = now, allow, ask

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # the exchange's own clock rules, here and below
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Any = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        exchange: _Exchange = self._now.exchange
        exchange.connected = True
        allowed = net.is_allowed(host, port, self._allow)
        try:
            opened = net.connect(host, port, timeout_s=exchange.left_s(), allowed=allowed, ask=self._ask)
        except net.Refused:
            raise
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error) or "no connection in time") from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return _Wire(opened, self._now)


class _Wire(httpcore.NetworkStream):
    """A connection whose every step fits into what is left of the exchange that uses it at the moment."""

    def __init__(self, opened: socket.socket, now: threading.local) -> None:
        self._socket, self._now = opened, now

    def _arm(self) -> None:
        left = self._now.exchange.left_s()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        self._socket.settimeout(left)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        try:
            self._arm()
            return self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        try:
            while buffer:
                self._arm()
                self._now.exchange.sent = True
                buffer = buffer[self._socket.send(buffer) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        try:
            self._arm()
            return _Wire(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname), self._now)
        except TimeoutError as error:
            self.close()
            raise httpcore.ConnectTimeout(str(error)) from error
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError; ValueError: a name no certificate can have
            self.close()
            raise httpcore.ConnectError(str(error)) from error

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # asked before an idle connection is used again: readable means closed
            return _is_readable(self._socket)
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        return None


def _is_readable(opened: socket.socket) -> bool:
    if opened.fileno() < 0:
        return True
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(opened, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([opened], [], [], 0)[0])
