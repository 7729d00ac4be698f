"""The Host check, before everything: which host may reach what.

Admin hosts (loopback, and the host of `ENTREGENT_ADMIN_URL`) serve app, API, health and codes. A host that is only a
link domain answers codes and public pages and nothing else. Any other host is refused, so that a foreign page cannot
reach the server by rebinding its name to 127.0.0.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from backend.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
# What a pure link domain serves beside codes.
PUBLIC_PREFIXES = ("/-/proof/", "/-/static/", "/-/feeds/", "/-/unsubscribe/", "/-/hook/", "/-/websub/")

Redirect = Callable[["WSGIEnvironment", "StartResponse"], Iterable[bytes] | None]


def host_name(host: str) -> str:
    """`Example.org:8377` → `example.org`; brackets of IPv6 stay."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def admin_hosts(settings: Settings) -> frozenset[str]:
    extra = set()
    if settings.admin_url:
        extra.add(host_name(urlsplit(settings.admin_url).netloc))
    if settings.host not in {"0.0.0.0", "::", ""}:  # noqa: S104  # compared, not bound
        extra.add(host_name(f"[{settings.host}]" if ":" in settings.host else settings.host))
    return LOOPBACK | extra


def link_hosts(settings: Settings) -> frozenset[str]:
    return frozenset({host_name(urlsplit(settings.public_url).netloc)} if settings.public_url else set())


def guard_hosts(app: WSGIApplication, redirect: Redirect, settings: Settings) -> WSGIApplication:
    """The whole server as one WSGI application: Host check, then codes, then the app."""
    admin, links = admin_hosts(settings), link_hosts(settings)
    kinds: dict[str, str] = {}  # as sent, port included → kind; the hot path is one look-up

    def kind_of(host: str) -> str:
        name = host_name(host)
        kind = "admin" if name in admin else "link" if name in links else ""
        if len(kinds) < 256:
            kinds[host] = kind
        return kind

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        kind = kinds.get(host)
        if kind is None:
            kind = kind_of(host)
        if not kind:
            return _plain(start_response, "421 Misdirected Request", b"This server does not answer under that name.\n")
        path = environ.get("PATH_INFO", "/")
        if not path.startswith("/-/") and not path.startswith("/api/"):
            answer = redirect(environ, start_response)
            if answer is not None:
                return answer
        # "entregent.link": the path is a code's, and a page of ours (preview, unknown, ended) answers it
        public = "entregent.link" in environ or path.startswith(PUBLIC_PREFIXES) or path == "/robots.txt"
        if kind == "link" and not public:
            return _plain(start_response, "404 Not Found", b"There is nothing here.\n")
        return app(environ, start_response)

    return serve


def _plain(start_response: Any, status: str, body: bytes) -> Iterable[bytes]:
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response(status, [*headers, ("Cache-Control", "no-store")])
    return [body]
