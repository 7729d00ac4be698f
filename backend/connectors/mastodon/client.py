"""The few calls of Mastodon's API that publishing needs (docs.joinmastodon.org/methods)."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import regex

from backend.infra.http import HttpClient, HttpResponse

READ_S = 15.0
#: the one call that cannot be taken back; well below a lease, so that nobody takes over while it runs
COMMIT_S = 20.0
UPLOAD_S = 60.0


@dataclass(frozen=True)
class MastodonClient:
    """One account on one server; without a token, anybody. Answers are given as they come, HttpFailed where there is
    none."""

    http: HttpClient
    server: str
    token: str

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str, params: Mapping[str, str] | None = None) -> HttpResponse:
        return self.http.get(self.server + path, headers=self._headers(), params=params, deadline_s=READ_S, follow=0)

    def create_status(self, body: Mapping[str, Any], key: str) -> HttpResponse:
        """POST /api/v1/statuses. The same `key` within an hour gives the status that was made the first time."""
        headers = {**self._headers(), "Idempotency-Key": key}
        return self.http.post(
            self.server + "/api/v1/statuses", headers=headers, json=dict(body), deadline_s=COMMIT_S, follow=0
        )

    def upload(self, name: str, content: bytes, content_type: str, description: str) -> HttpResponse:
        """POST /api/v2/media: 200 when ready, 202 while the server still works on it."""
        return self.http.post(
            self.server + "/api/v2/media",
            headers=self._headers(),
            data={"description": description} if description else {},
            files={"file": (name, content, content_type)},
            deadline_s=UPLOAD_S,
            follow=0,
        )


def parsed(answer: HttpResponse) -> Any:
    """The JSON of an answer, {} where it is none."""
    try:
        return answer.json()
    except (ValueError, json.JSONDecodeError):
        return {}


def plain_text(content: str) -> str:
    """A status's HTML as text: paragraphs and breaks become line ends, everything else only loses its tags."""
    content = regex.sub(r"(?i)<br\s*/?>|</p>\s*<p[^>]*>", "\n", content)
    return html.unescape(regex.sub(r"<[^>]*>", "", content))


def fingerprint(text: str) -> str:
    """Letters and digits alone: the same for what we sent and for what the server made of it.

    Servers shorten mentions to the local part, change quotes and spaces, and render some marks as markup.
    """
    local = regex.sub(r"@([\w.-]*\w)@[\w.-]+\w", r"@\1", text)
    return regex.sub(r"[^\p{L}\p{N}\p{So}]+", "", local).casefold()
