"""Pages outside the API. All are static but for the log-in, which turns a one-time link into a cookie."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, abort, current_app, redirect, request, send_from_directory
from markupsafe import escape
from werkzeug.wrappers import Response as AnyResponse

from backend.accounts.login import cookie_name, end_login, use_login_link
from backend.infra.built import built_files
from backend.infra.runtime import Runtime
from backend.infra.words import best_language, say

PRACTICE = Path(__file__).parent / "practice"

# Scripts, styles and pictures of our own, calls to our own API; nothing else, and nobody may frame us.
APP_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
PRACTICE_CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'"


def pages_blueprint() -> APIBlueprint:
    bp = APIBlueprint("pages", "pages", enable_openapi=False)

    @bp.get("/")
    def root() -> AnyResponse:
        return redirect("/-/app/")

    @bp.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")

    @bp.get("/-/app/")
    def app_shell() -> Response:
        return _app_file("index.html")

    @bp.get("/-/app/<path:name>")
    def app_file(name: str) -> Response:
        return _app_file(name)

    @bp.get("/-/practice")
    @bp.get("/-/practice/")
    def practice() -> AnyResponse:
        if not request.path.endswith("/"):
            return redirect("/-/practice/?" + request.query_string.decode("ascii", "ignore"))
        return _with_csp(send_from_directory(PRACTICE, "index.html"), PRACTICE_CSP)

    @bp.get("/-/practice/<path:name>")
    def practice_file(name: str) -> Response:
        return _with_csp(send_from_directory(PRACTICE, name), PRACTICE_CSP)

    @bp.get("/-/login/<token>")
    def login(token: str) -> AnyResponse:
        runtime: Runtime = current_app.extensions["entregent"]
        with runtime.db.write() as session:
            cookie = use_login_link(session, token, now=runtime.clock())
        if cookie is None:
            return _link_has_ended()
        # 303 to a page of our own, so that the one-time secret does not stay in the address bar or in Referer.
        response = redirect("/-/app/", code=303)
        name = cookie_name(runtime.settings)
        secure = request.scheme == "https" or name.startswith("__Host-")  # browsers take such a name only so
        response.set_cookie(name, cookie, httponly=True, samesite="Strict", secure=secure)
        response.headers["Cache-Control"] = "no-store"
        return response

    @bp.post("/-/logout")
    def logout() -> AnyResponse:
        runtime: Runtime = current_app.extensions["entregent"]
        name = cookie_name(runtime.settings)
        with runtime.db.write() as session:
            end_login(session, request.cookies.get(name, ""))
        response = redirect("/-/app/", code=303)
        response.delete_cookie(name)
        return response

    return bp


def _app_file(name: str) -> Response:
    built = built_files()
    if built is None:
        return Response("The app has not been built here: run `make setup`.\n", status=503, mimetype="text/plain")
    if name in {"entregent-chrome.zip", "entregent-firefox.zip"}:
        path = built.chrome_zip if "chrome" in name else built.firefox_zip
        if not path.exists():
            abort(404)
        return send_from_directory(path.parent, path.name, as_attachment=True)
    response = _with_csp(send_from_directory(built.app, name), APP_CSP)
    # Revalidated each time (304 by ETag), so that an update is seen at the next opening.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _with_csp(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    return response


def _link_has_ended() -> Response:
    language = best_language(request.headers.get("Accept-Language", ""))
    title, text = say(language, "login_ended_title"), say(language, "login_ended_text")
    body = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{escape(title)}</title><style>body{{font:15px/1.5 system-ui;'
        "max-width:34em;margin:15vh auto;padding:0 1em;color-scheme:light dark}</style>"
        f"<main><h1>{escape(title)}</h1><p>{escape(text)}</p></main></html>"
    )
    response = Response(body, status=410, mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return response
