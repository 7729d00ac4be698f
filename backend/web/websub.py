"""Where hubs find us (WebSub): they ask whether we meant it, and bring what is new. The address is the right."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, abort, current_app, request

from backend.infra.errors import NotFound, RateLimited
from backend.infra.runtime import Runtime
from backend.listening.push import MAX_BYTES, confirm, take_news


def websub_blueprint() -> APIBlueprint:
    bp = APIBlueprint("websub", "websub", enable_openapi=False)

    @bp.get("/-/websub/<key>")
    def asked_back(key: str) -> Response:
        """§5.3: the challenge where we want this, 404 where we do not."""
        said = request.args
        try:
            wanted = confirm(
                _runtime(),
                key,
                mode=said.get("hub.mode", ""),
                topic=said.get("hub.topic", ""),
                lease_s=said.get("hub.lease_seconds", ""),
                reason=said.get("hub.reason", ""),
            )
        except NotFound:
            wanted = False
        return _plain(said.get("hub.challenge", "")) if wanted else abort(404)

    @bp.post("/-/websub/<key>")
    def brought(key: str) -> Response:
        """§7 and §8: whatever becomes of it, the hub learns that it arrived; 410 ends what nobody wants any more."""
        announced = request.content_length or 0
        body = request.stream.read(MAX_BYTES + 1) if announced <= MAX_BYTES else b""
        if announced > MAX_BYTES or len(body) > MAX_BYTES:
            abort(413)
        signature = request.headers.get("X-Hub-Signature", "")
        try:
            take_news(_runtime(), key, body, request.headers.get("Content-Type", ""), signature)
        except NotFound:
            abort(410)
        except RateLimited as error:
            return Response(status=429, headers={"Retry-After": str(error.retry_after_s)})
        return Response(status=202)

    return bp


def _runtime() -> Runtime:
    runtime: Runtime = current_app.extensions["entregent"]
    return runtime


def _plain(text: str) -> Response:
    """Never as a page: what a stranger sends is not to be shown by a browser as ours."""
    answer = Response(text, mimetype="text/plain")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
