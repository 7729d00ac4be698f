"""What a visitor of a short link may see instead of being sent on: where it leads (`/{code}+`), that it is unknown, or
has ended. And the proof that the public address leads here. Plain HTML: no script, nothing loaded, nothing counted."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, abort, current_app, request
from markupsafe import Markup, escape

from backend.infra.runtime import Runtime
from backend.infra.words import best_language, say
from backend.links.links import clean_url, find_by_code, has_ended
from backend.links.lookup import code_in
from backend.links.public_address import answer_proof
from backend.links.targets import host_of, shown_host

STATIC = Path(__file__).parent / "static"
MARK = Markup(
    '<svg viewBox="0 0 64 64" aria-hidden="true"><rect width="64" height="64" rx="15"/>'
    '<path d="M18 33h29.5A15.5 15.5 0 1 0 43 44M21.5 43.5 18 52l9.5-3.6"/></svg>'
)


def preview_blueprint() -> APIBlueprint:
    bp = APIBlueprint("preview", "preview", enable_openapi=False)

    @bp.get("/-/proof/<nonce>")
    def proof(nonce: str) -> Response:
        answer = answer_proof(_runtime(), nonce)
        if answer is None:
            abort(404)
        return Response(answer + "\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})

    @bp.get("/<code>+")
    def preview(code: str) -> Response:
        return _preview(code)

    @bp.get("/<code>")
    @bp.get("/<code>/")
    def without_link(code: str) -> Response:
        """A code that the redirect left to us: unknown, or at its end."""
        if code_in("/" + code) is None:
            abort(404)
        runtime = _runtime()
        with runtime.db.read() as session:
            link = find_by_code(session, code)
        return _unknown() if link is None else _ended()

    return bp


def _preview(code: str) -> Response:
    runtime = _runtime()
    with runtime.db.read() as session:
        link = find_by_code(session, code) if code_in("/" + code) else None
    if link is None:
        return _unknown()
    if link.removed_at is not None:  # where it led is no longer for everybody
        return _ended()
    url, host = clean_url(link), shown_host(link.url)
    ended = has_ended(link, now=runtime.clock())

    def body(say: Say) -> Markup:
        if ended:
            go = _text(say("link_preview_ended"))
        else:
            words = say("link_preview_continue")
            go = Markup('<a href="/{}" rel="noreferrer nofollow">{}</a>').format(link.code, words)
        made = say("link_preview_since", date=f"{link.created_at:%Y-%m-%d}")
        return (
            Markup('<p class="host">{}</p>').format(say("link_preview_to", host=host))
            + Markup('<p class="url" tabindex="0">{}</p>').format(url.replace(host_of(url), host, 1))
            + go
            + Markup('<p class="muted">{}. {}</p>').format(made, say("link_preview_note"))
        )

    return _page(200, "link_preview_title", body)


class Say:
    """The words in the visitor's language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)


Body = Callable[[Say], Markup]


def _text(words: str) -> Markup:
    return Markup("<p>{}</p>").format(words)


def _unknown() -> Response:
    return _page(404, "link_unknown_title", lambda say: _text(say("link_unknown_text")))


def _ended() -> Response:
    return _page(410, "link_ended_title", lambda say: _text(say("link_ended_text")))


def _page(status: int, title_key: str, body: Body) -> Response:
    words = Say(best_language(request.headers.get("Accept-Language", "")))
    style, policy = _style()
    title = escape(words(title_key))
    html = (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{title}</title><style>{style}</style></head>"
        f"<body><main>{MARK}<h1>{title}</h1>{body(words)}</main></body></html>"
    )
    response = Response(html, status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Accept-Language"
    return response


@lru_cache(maxsize=1)
def _style() -> tuple[str, str]:
    """The style of these pages, and the policy that lets it in and nothing else."""
    style = "".join((STATIC / name).read_text("utf-8") for name in ("tokens.css", "link.css"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return style, f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"


def _runtime() -> Runtime:
    found: Runtime = current_app.extensions["entregent"]
    return found
