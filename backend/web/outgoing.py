"""What goes out and is fetched without a log-in: feeds at secret addresses, and the end of mails."""

from __future__ import annotations

from collections.abc import Callable

from apiflask import APIBlueprint
from flask import Response, abort, current_app, request
from markupsafe import Markup

from backend.automation.alerts import find_by_feed
from backend.automation.channels import come_back, is_among, leave_channel
from backend.automation.content import read_leave
from backend.automation.feeds import Feed, atom, json_feed
from backend.automation.looking import read_feed
from backend.infra.errors import NotFound
from backend.infra.runtime import Runtime
from backend.web.plain import Say, paragraph, plain_page


def outgoing_blueprint() -> APIBlueprint:
    bp = APIBlueprint("outgoing", "outgoing", enable_openapi=False)

    @bp.get("/-/feeds/<secret>.atom")
    def atom_feed(secret: str) -> Response:
        return _feed(secret, "atom", atom, "application/atom+xml; charset=utf-8")

    @bp.get("/-/feeds/<secret>.json")
    def json_feed_(secret: str) -> Response:
        return _feed(secret, "json", json_feed, "application/feed+json")

    @bp.get("/-/unsubscribe/<signed>")
    def leave_page(signed: str) -> Response:
        """Asks. Programs that look at every link in a mail must not end it."""
        channel_id, recipient = _read(signed)
        with _runtime().db.read() as session:
            still = is_among(session, channel_id, recipient)
        return _ask(recipient) if still else _left(recipient)

    @bp.post("/-/unsubscribe/<signed>")
    def leave(signed: str) -> Response:
        """RFC 8058: one POST, no question, no redirect. With `back` in it, the undo."""
        channel_id, recipient = _read(signed)
        runtime = _runtime()
        with runtime.db.write() as session:
            if request.form.get("back"):
                come_back(session, channel_id, recipient, now=runtime.clock())
                return _ask(recipient)
            leave_channel(session, channel_id, recipient, now=runtime.clock())
        return _left(recipient)

    return bp


def _feed(secret: str, ending: str, write: Callable[[Feed], bytes], kind: str) -> Response:
    runtime = _runtime()
    with runtime.db.read() as session:
        alert = find_by_feed(session, secret)
        if alert is None:
            abort(404)
        url = f"{runtime.settings.outside_url}/-/feeds/{secret}.{ending}"
        try:
            feed = read_feed(session, alert, url, runtime.settings, now=runtime.clock())
        except NotFound:
            abort(404)
    response = Response(write(feed), content_type=kind)
    response.headers["Cache-Control"] = "private, max-age=60"
    response.headers["X-Robots-Tag"] = "noindex"
    response.last_modified = feed.updated
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # the same one


def _read(signed: str) -> tuple[int, str]:
    found = read_leave(_runtime().vault, signed)
    if found is None:
        abort(404)
    return found


def _ask(recipient: str) -> Response:
    def body(say: Say) -> Markup:
        button = Markup('<form method="post"><button>{}</button></form>').format(say("leave_do"))
        return paragraph(say("leave_text", address=recipient)) + button

    return plain_page(200, "leave_title", body)


def _left(recipient: str) -> Response:
    def body(say: Say) -> Markup:
        form = Markup('<form method="post"><button name="back" value="1">{}</button></form>')
        return paragraph(say("left_text", address=recipient)) + form.format(say("leave_undo"))

    return plain_page(200, "left_title", body)


def _runtime() -> Runtime:
    found: Runtime = current_app.extensions["entregent"]
    return found
