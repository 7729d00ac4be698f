"""One error shape for everything: our own errors, the framework's, a full disk, a bug."""

from __future__ import annotations

import logging
import re
from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from backend.infra.errors import EntregentError, RateLimited, Unavailable

log = logging.getLogger("entregent.api")

CODES = {
    400: "malformed",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    410: "gone",
    413: "too_large",
    415: "malformed",
    422: "invalid",
    429: "rate_limited",
    503: "unavailable",
}


def register_errors(app: APIFlask) -> None:
    @app.error_processor
    def frameworks_own(error: HTTPError) -> Any:
        body: dict[str, Any] = {"code": CODES.get(error.status_code, "error"), "message": error.message}
        fields = flatten_fields(error.detail)
        if fields:
            body["fields"] = fields
            body["message"] = "Some fields are not acceptable."
        if error.status_code == 400:
            body["message"] = "The body is not the JSON that was expected."
        if error.status_code == 404:
            body["message"] = "There is nothing here."
        return {"error": body}, error.status_code, error.headers

    @app.errorhandler(EntregentError)
    def ours(error: EntregentError) -> ResponseReturnValue:
        response = jsonify(error.as_json())
        if isinstance(error, RateLimited | Unavailable):
            response.headers["Retry-After"] = str(error.retry_after_s)
        return response, error.status

    @app.errorhandler(OperationalError)
    def database_away(error: OperationalError) -> ResponseReturnValue:
        # Locked for over 5 s, disk full, server gone: nothing was saved, and trying again is right.
        log.error("database: %s", error)
        full = "full" in str(error.orig)
        words = "The disk of the server is full. Nothing was changed." if full else "The database does not answer."
        return ours(Unavailable(words, code="disk_full" if full else "database_away", retry_after_s=5))

    @app.errorhandler(Exception)
    def a_bug(error: Exception) -> ResponseReturnValue:
        log.exception("unexpected error", exc_info=error)
        return jsonify(EntregentError("Something broke on the server. Nothing was changed.").as_json()), 500


def flatten_fields(detail: Any) -> dict[str, str]:
    """`{"json": {"schedule.at.zone": ["Field required"]}}` → `{"schedule.zone": "Field required"}`.

    pydantic puts the tag of a union into the path; a client knows the field without it.
    """
    fields: dict[str, str] = {}
    if isinstance(detail, dict):
        for place in detail.values():
            if isinstance(place, dict):
                for path, messages in place.items():
                    name = re.sub(r"^(schedule)\.(now|queue|at)(?=\.)", r"\1", str(path))
                    fields[name] = str(messages[0] if isinstance(messages, list) and messages else messages)
    return fields
