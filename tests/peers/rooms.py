"""A local server in the place of webhooks, Slack, Discord, Telegram and ntfy: it keeps what came and answers as told.

By itself it answers as each of them does, by path: `/services/…` (Slack), `/api/webhooks/…` (Discord), `/bot…`
(Telegram), `/` (ntfy), anything else 204. `server.answers` holds other answers, each used once, in order.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Came:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """`silent`: read the request, then close without a word."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    silent: bool = False


@dataclass
class Rooms:
    url: str
    came: list[Came] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def usual(path: str) -> Answer:
    as_json = {"Content-Type": "application/json"}
    if path.startswith("/services/"):
        return Answer(200, b"ok", {"Content-Type": "text/plain"})
    if path.startswith("/bot"):
        return Answer(200, b'{"ok":true,"result":{"message_id":1}}', as_json)
    if path == "/":
        return Answer(200, b'{"id":"abc","event":"message"}', as_json)
    return Answer(204)


@contextmanager
def open_rooms() -> Iterator[Rooms]:
    rooms = Rooms("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            names = {name.lower(): value for name, value in self.headers.items()}
            rooms.came.append(Came(self.path, names, body))
            answer = rooms.answers.pop(0) if rooms.answers else usual(self.path)
            if answer.silent:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    rooms.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield rooms
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
