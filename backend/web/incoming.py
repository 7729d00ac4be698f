"""What other programs send us: `POST /-/hook/<secret>`, without a log-in; the address is the right."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue

from backend.infra.errors import EntregentError, RateLimited, TooLarge
from backend.infra.runtime import Runtime
from backend.listening.webhooks import MAX_BYTES, SIGNATURE_HEADERS, take_delivery


def incoming_blueprint() -> APIBlueprint:
    bp = APIBlueprint("incoming", "incoming", enable_openapi=False)

    @bp.post("/-/hook/<secret>")
    def take(secret: str) -> ResponseReturnValue:
        """What was taken: `{"taken", "known", "refused": [{"index", "why"}]}`; 422 where nothing can be."""
        runtime: Runtime = current_app.extensions["entregent"]
        signature = next((request.headers[name] for name in SIGNATURE_HEADERS if name in request.headers), "")
        try:
            taken = take_delivery(runtime, secret, _body(), request.headers.get("Content-Type", ""), signature)
        except EntregentError as error:
            headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, RateLimited) else {}
            return error.as_json(), error.status, headers
        refused = [{"index": one.index, "why": one.why} for one in taken.delivery.refused]
        answer = jsonify(taken=taken.new, known=taken.known, refused=refused)
        return answer, 422 if refused and not taken.delivery.items else 200

    return bp


def _body() -> bytes:
    """Raises TooLarge. With an end also where no length was announced."""
    announced = request.content_length or 0
    body = request.stream.read(MAX_BYTES + 1) if announced <= MAX_BYTES else b""
    if announced > MAX_BYTES or len(body) > MAX_BYTES:
        raise TooLarge(f"A delivery has at most {MAX_BYTES} bytes.")
    return body
