"""The few XRPC calls that publishing needs. Sessions are kept per process: Bluesky allows some 300 log-ins a day."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.infra.http import HttpClient, HttpResponse

READ_S = 15.0
#: the one call that cannot be taken back; well below a lease, so that nobody takes over while it runs
COMMIT_S = 20.0
UPLOAD_S = 60.0


@dataclass(frozen=True)
class Session:
    did: str
    handle: str
    token: str


@dataclass(frozen=True)
class LoginRefused(Exception):
    """createSession was answered by something else than 200."""

    answer: HttpResponse


class Sessions:
    """Access tokens by server, identifier and password. A process that restarts logs in again."""

    def __init__(self) -> None:
        self._kept: dict[str, Session] = {}
        self._lock = threading.Lock()

    def open(self, http: HttpClient, server: str, credentials: Mapping[str, str], *, fresh: bool = False) -> Session:
        """A session, kept or new. Raises LoginRefused, HttpFailed."""
        key = _key(server, credentials)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and not fresh:
            return kept
        body = {"identifier": credentials.get("identifier", ""), "password": credentials.get("app_password", "")}
        answer = http.post(f"{server}/xrpc/com.atproto.server.createSession", json=body, deadline_s=READ_S, follow=0)
        made = parsed(answer)
        if answer.status != 200 or not made.get("accessJwt"):
            self.forget(server, credentials)
            raise LoginRefused(answer)
        session = Session(str(made["did"]), str(made.get("handle", "")), str(made["accessJwt"]))
        with self._lock:
            self._kept[key] = session
        return session

    def forget(self, server: str, credentials: Mapping[str, str]) -> None:
        with self._lock:
            self._kept.pop(_key(server, credentials), None)


@dataclass(frozen=True)
class BlueskyClient:
    """One account on one PDS. Answers are given as they come; HttpFailed where there is none."""

    http: HttpClient
    server: str
    sessions: Sessions
    credentials: Mapping[str, str]

    def session(self) -> Session:
        """Raises LoginRefused, HttpFailed."""
        return self.sessions.open(self.http, self.server, self.credentials)

    def read(self, name: str, params: Mapping[str, str], *, proxy: str = "") -> HttpResponse:
        """A query. `proxy` ("did#service"): whom the PDS shall pass it on to, where that is not its AppView."""
        return self._with_token(
            lambda headers: self.http.get(
                f"{self.server}/xrpc/{name}", headers=headers, params=params, deadline_s=READ_S, follow=0
            ),
            proxy,
        )

    def send(self, name: str, body: Mapping[str, Any], *, proxy: str) -> HttpResponse:
        """A procedure of a service behind the PDS, which may not be called twice."""
        return self._with_token(
            lambda headers: self.http.post(
                f"{self.server}/xrpc/{name}", headers=headers, json=dict(body), deadline_s=COMMIT_S, follow=0
            ),
            proxy,
        )

    def put_record(self, body: Mapping[str, Any]) -> HttpResponse:
        """com.atproto.repo.putRecord: with `swapRecord: null` and bytes we sent before it changes nothing."""
        return self._with_token(
            lambda headers: self.http.post(
                f"{self.server}/xrpc/com.atproto.repo.putRecord",
                headers=headers,
                json=dict(body),
                deadline_s=COMMIT_S,
                follow=0,
            )
        )

    def upload(self, content: bytes, content_type: str) -> HttpResponse:
        return self._with_token(
            lambda headers: self.http.post(
                f"{self.server}/xrpc/com.atproto.repo.uploadBlob",
                headers={**headers, "Content-Type": content_type},
                content=content,
                deadline_s=UPLOAD_S,
                follow=0,
            )
        )

    def _with_token(self, call: Any, proxy: str = "") -> HttpResponse:
        """Call; when the token has run out, log in once more and call again (a refused token creates nothing).

        Not where it is good and may not do this, nor where a service behind the PDS says 401 to the PDS's own token: a
        new log-in changes nothing, and log-ins are counted.
        """
        headers = {"atproto-proxy": proxy} if proxy else {}
        answer: HttpResponse = call({"Authorization": f"Bearer {self.session().token}", **headers})
        run_out = error_name(answer) in {"ExpiredToken", "InvalidToken"} and not is_withheld(answer)
        if run_out or (answer.status == 401 and not proxy):
            token = self.sessions.open(self.http, self.server, self.credentials, fresh=True).token
            answer = call({"Authorization": f"Bearer {token}", **headers})
        return answer


@dataclass(frozen=True)
class BlueskyForAnybody:
    """What the network tells without a log-in."""

    http: HttpClient
    server: str

    def read(self, name: str, params: Mapping[str, str]) -> HttpResponse:
        return self.http.get(f"{self.server}/xrpc/{name}", params=params, deadline_s=READ_S, follow=0)


def parsed(answer: HttpResponse) -> dict[str, Any]:
    """The JSON object of an answer, {} where it is none."""
    try:
        body = answer.json()
    except (ValueError, json.JSONDecodeError):
        return {}
    return body if isinstance(body, dict) else {}


def error_name(answer: HttpResponse) -> str:
    """XRPC's own name of an error: `RecordNotFound`, `InvalidSwap`, `ExpiredToken`…"""
    return str(parsed(answer).get("error", "")) if answer.status >= 400 else ""


def is_withheld(answer: HttpResponse) -> bool:
    """The PDS knows the token, and it may not do what was asked: the app password was made without that tick."""
    return error_name(answer) == "InvalidToken" and str(parsed(answer).get("message", "")).startswith(
        ("Bad token method", "Bad token scope")
    )


def _key(server: str, credentials: Mapping[str, str]) -> str:
    # A hash, so that no secret lies around as a key of a dictionary.
    parts = json.dumps([server, credentials.get("identifier"), credentials.get("app_password")])
    return base64.b64encode(hashlib.sha256(parts.encode()).digest()).decode()
