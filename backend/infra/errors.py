"""The errors that a person or a program can be shown, and the one shape they take.

Domain code raises these; the HTTP edge turns them into
`{"error": {"code", "message", "fields"?, …}}`; the command line prints the message.
`code` is the contract (the interface translates it); `message` is plain English for programs and logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class EntregentError(Exception):
    """Base of everything that is answered in the one error shape."""

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "internal"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fields: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.message = message
        self.fields = dict(fields or {})
        self.extra = dict(extra or {})

    def as_json(self) -> dict[str, Any]:
        """The one error shape; `extra` adds members beside `fields` (a query's `position`, a conflict's `current`)."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.fields:
            body["fields"] = self.fields
        body.update(self.extra)
        return {"error": body}


class Malformed(EntregentError):
    status = 400
    default_code = "malformed"


class Unauthorized(EntregentError):
    status = 401
    default_code = "unauthorized"


class Forbidden(EntregentError):
    status = 403
    default_code = "forbidden"


class NotFound(EntregentError):
    status = 404
    default_code = "not_found"


class Conflict(EntregentError):
    """Somebody else was faster. `extra["current"]` holds the row as it now is, where there is one."""

    status = 409
    default_code = "conflict"


class Gone(EntregentError):
    status = 410
    default_code = "gone"


class TooLarge(EntregentError):
    status = 413
    default_code = "too_large"


class Invalid(EntregentError):
    """Well formed, but not acceptable. `fields` says which field and why."""

    status = 422
    default_code = "invalid"


class RateLimited(EntregentError):
    status = 429
    default_code = "rate_limited"

    def __init__(self, message: str, *, retry_after_s: int, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class Unavailable(EntregentError):
    status = 503
    default_code = "unavailable"

    def __init__(self, message: str, *, retry_after_s: int = 5, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s
