"""Default deny: every route needs a caller, but for the ones written here. Order: origin, caller, then the handler.

The Host check comes before all this, outside Flask (`backend.web.hosts`).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from apiflask import APIFlask
from flask import Response, g, request
from flask_cors.core import get_cors_options, set_cors_headers

from backend.accounts.login import SESSION_GRAIN, SESSION_LIFE, caller_of_cookie, cookie_name, prolong_login
from backend.accounts.members import LAST_USED_GRAIN, caller_of_token, paired_origins, touch_device
from backend.api.base import now, runtime
from backend.infra.errors import Forbidden, Unauthorized

# Endpoints that may be called by anybody. A test walks all routes and holds this list.
OPEN_ENDPOINTS = frozenset(
    {
        "pairing.post_pairing",
        "pairing.poll_pairing_request",
        "system.healthz",
        "system.readyz",
        "system.metrics",
        "system.openapi",
        "pages.root",
        "pages.robots",
        "pages.login",
        "pages.app_shell",
        "pages.app_file",
        "pages.practice",
        "pages.practice_file",
        "pages.logout",
        "incoming.take",
        "outgoing.atom_feed",
        "outgoing.json_feed_",
        "outgoing.leave_page",
        "outgoing.leave",
        "preview.preview",
        "preview.proof",
        "preview.without_link",
        "websub.asked_back",
        "websub.brought",
    }
)
CORS_HEADERS = ["Authorization", "Content-Type", "Idempotency-Key", "X-Entregent-Api"]
# Who the page of the app is for, as it believes: several people may share a browser, and so its cookie.
PERSON_HEADER = "X-Entregent-Member"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def register_guard(app: APIFlask) -> None:
    @app.before_request
    def guard() -> None:
        if request.method == "OPTIONS":
            return
        if request.endpoint is None:
            return  # 404 or 405: the router answers, and says nothing of us
        authorization = request.headers.get("Authorization", "")
        if request.endpoint in OPEN_ENDPOINTS:
            return
        if authorization:
            _let_in_by_token(authorization)
        else:
            _let_in_by_cookie()
        _check_person()

    @app.after_request
    def allow_paired_origins(response: Response) -> Response:
        # Exact origins of paired devices, read at each such request, so that a pairing and a revocation count at once.
        # With its host permission an extension does not need this; one page of it without the permission does.
        if request.path.startswith("/api/") and request.headers.get("Origin"):
            with runtime().db.read() as session:
                origins = paired_origins(session)
            options = get_cors_options(app, {"origins": origins or ["null.invalid"], "allow_headers": CORS_HEADERS})
            set_cors_headers(response, options)
        return response

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _let_in_by_token(authorization: str) -> None:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("Authorization takes the form: Bearer <token>.")
    with runtime().db.read() as session:
        found = caller_of_token(session, token.strip())
    if found is None:
        raise Unauthorized("This token is not known (any more). Pair again.")
    caller, device = found
    origin = request.headers.get("Origin", "")
    if origin and device.origin and origin != device.origin and not _same_origin(origin):
        raise Unauthorized("This token belongs to another origin.", code="wrong_origin")
    g.caller = caller
    at = now()
    if device.last_used_at is None or at - device.last_used_at > LAST_USED_GRAIN:
        with runtime().db.write() as session:
            touch_device(session, device.id, now=at)


def _let_in_by_cookie() -> None:
    cookie = request.cookies.get(cookie_name(runtime().settings), "")
    if not cookie:
        raise Unauthorized("Log in first: `entregent login` prints a link, or pair the extension.")
    at = now()
    with runtime().db.read() as session:
        found = caller_of_cookie(session, cookie, now=at)
    if found is None:
        raise Unauthorized("This log-in has ended. `entregent login` prints a new link.", code="login_ended")
    if request.method not in SAFE_METHODS:
        check_same_origin()
    g.caller, login = found
    if login.expires_at - at < SESSION_LIFE - SESSION_GRAIN:
        with runtime().db.write() as session:
            prolong_login(session, login.id, now=at)


def _check_person() -> None:
    """A page that one person opened does nothing as another who logged in since. Raises Forbidden."""
    believed = request.headers.get(PERSON_HEADER, "")
    if believed and believed != str(g.caller.member_id or ""):
        raise Forbidden("Somebody else is logged in in this browser now.", code="another_person")


def check_same_origin() -> None:
    """A call that changes something and comes with a cookie must come from our own pages. Raises Forbidden.

    Browsers say so in Sec-Fetch-Site; over plain http off loopback they send none, and then the exact Origin decides.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            raise Forbidden("This call did not come from the app.", code="cross_site")
        return
    if not _same_origin(request.headers.get("Origin", "")):
        raise Forbidden("This call did not come from the app.", code="cross_site")


def _same_origin(origin: str) -> bool:
    parts = urlsplit(origin)
    return parts.scheme == request.scheme and parts.netloc == request.host
