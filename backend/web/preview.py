"""What a visitor of a short link may see instead of being sent on: where it leads (`/{code}+`), that it is unknown, or
has ended. And the proof that the public address leads here. Plain HTML: no script, nothing loaded, nothing counted."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, abort, current_app
from markupsafe import Markup

from backend.infra.runtime import Runtime
from backend.links.links import clean_url, find_by_code, has_ended
from backend.links.lookup import code_in
from backend.links.public_address import answer_proof
from backend.links.targets import host_of, shown_host
from backend.web.plain import Say, paragraph, plain_page


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
            go = paragraph(say("link_preview_ended"))
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

    return plain_page(200, "link_preview_title", body)


def _unknown() -> Response:
    return plain_page(404, "link_unknown_title", lambda say: paragraph(say("link_unknown_text")))


def _ended() -> Response:
    return plain_page(410, "link_ended_title", lambda say: paragraph(say("link_ended_text")))


def _runtime() -> Runtime:
    found: Runtime = current_app.extensions["entregent"]
    return found
