"""Stands before the real server, as a proxy would, and can be slow, broken, or refuse, as a test says."""

from __future__ import annotations

import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: Where a walk in another process says what is to happen: `PUT {"breaks": {path: status}, "holds": [path]}`.
TOLD = "/between"
#: Headers of one connection, not of what is sent through it.
HOP = {"connection", "transfer-encoding", "keep-alive", "content-length", "host"}


@dataclass
class Between:
    base: str
    #: path below /api/v1 → the status that is answered instead
    breaks: dict[str, int] = field(default_factory=dict)
    #: path below /api/v1 → answered only when this is set
    holds: dict[str, threading.Event] = field(default_factory=dict)
    #: path below /api/v1 → its answer ends in the middle
    cuts: set[str] = field(default_factory=set)
    #: path below /api/v1 → so many rows are asked for, whatever the browser wanted
    rows: dict[str, int] = field(default_factory=dict)
    #: all that came, as "GET /me"
    asked: list[str] = field(default_factory=list)

    def tell(self, what: dict[str, Any]) -> None:
        """Nothing else breaks or is held from now on."""
        self.breaks = dict(what.get("breaks", {}))
        before, self.holds = self.holds, {path: threading.Event() for path in what.get("holds", [])}
        for hold in before.values():
            hold.set()


@contextmanager
def between(target: str) -> Iterator[Between]:
    """Stands before `target`."""

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                return  # who asked does not wait any more

        def forward(self) -> None:
            path = self.path.removeprefix("/api/v1").partition("?")[0]
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path == TOLD:
                made.tell(json.loads(body))
                self.give(204, {}, b"")
                return
            made.asked.append(f"{self.command} {path}")
            if path in made.holds:
                made.holds[path].wait(30)
            if path in made.breaks:
                status = made.breaks[path]
                code = "unauthorized" if status == 401 else "internal"
                self.give(
                    status,
                    {"Content-Type": "application/json"},
                    json.dumps({"error": {"code": code, "message": ""}}).encode(),
                )
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            address = re.sub(r"\blimit=\d+", f"limit={made.rows[path]}", self.path) if path in made.rows else self.path
            asked = urllib.request.Request(target + address, body or None, headers, method=self.command)
            opener = urllib.request.build_opener(Unmoved)
            try:
                with opener.open(asked, timeout=30) as answer:
                    self.give(answer.status, dict(answer.headers.items()), answer.read())
            except urllib.error.HTTPError as error:
                self.give(error.code, dict(error.headers.items()), error.read())

        def give(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.path.removeprefix("/api/v1").partition("?")[0] in made.cuts:
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
            else:
                self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = forward

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = Between(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        for hold in made.holds.values():
            hold.set()
        server.shutdown()
        server.server_close()


class Unmoved(urllib.request.HTTPRedirectHandler):
    """A redirect is for the browser to follow."""

    def redirect_request(self, *_: object) -> None:
        return None
