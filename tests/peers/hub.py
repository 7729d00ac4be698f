"""A real WebSub hub on loopback: takes subscriptions, asks back as the specification says, brings signed news.

It is strict: a subscription counts only once the callback gave the challenge back.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode


@dataclass
class Subscription:
    topic: str
    callback: str
    secret: str
    lease_s: int


@dataclass
class Hub:
    """`subscribed` by topic; `asked` holds every request's form; `refuse`: the status it answers instead."""

    url: str = ""
    lease_s: int = 0  # 0: what was asked for
    refuse: int = 0
    method: str = "sha256"
    subscribed: dict[str, Subscription] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)  # statuses of asking back

    def take(self, form: dict[str, str]) -> int:
        self.asked.append(form)
        if self.refuse:
            return self.refuse
        lease_s = self.lease_s or int(form.get("hub.lease_seconds", "864000"))
        one = Subscription(form["hub.topic"], form["hub.callback"], form.get("hub.secret", ""), lease_s)
        threading.Thread(target=self.ask_back, args=(one,), daemon=True).start()
        return 202

    def ask_back(self, one: Subscription, mode: str = "subscribe", topic: str = "") -> int:
        """Gives the status of the callback."""
        challenge = secrets.token_urlsafe(20)
        asked = {
            "hub.mode": mode,
            "hub.topic": topic or one.topic,
            "hub.challenge": challenge,
            "hub.lease_seconds": str(one.lease_s),
        }
        try:
            with urllib.request.urlopen(f"{one.callback}?{urlencode(asked)}", timeout=30) as answer:
                status = answer.status
                if answer.read().decode() == challenge and mode == "subscribe":
                    self.subscribed[one.topic] = one
        except urllib.error.HTTPError as error:
            status = error.code
        self.answers.append(status)
        return status

    def bring(self, topic: str, body: bytes, *, secret: str | None = None) -> int:
        """News to whoever subscribed; gives the status. `secret`: another one than was agreed."""
        one = self.subscribed[topic]
        digest = hmac.digest((one.secret if secret is None else secret).encode(), body, self.method).hex()
        headers = {"Content-Type": "application/rss+xml", "X-Hub-Signature": f"{self.method}={digest}"}
        request = urllib.request.Request(one.callback, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@contextmanager
def running_hub() -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status = hub.take({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
