"""A TCP gate in front of a real server, so that the network can fail at a chosen moment.

The gate listens on a port of its own and passes bytes on until it is told otherwise. Modes: `open`, `refuse` (nobody
listens), `drop_before` (closes as soon as the request arrives; the server never sees it), `drop_after` (the server gets
the request and answers; the answer is thrown away and the connection closed), `silent` (the server gets the request;
its answer never comes, the connection stays open), `slow` (each answer comes `delay_s` late), or an answer of our own
(`answer(status, headers, body)`).
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit


class Gate:
    """`url` stands in for the server's. `only` limits the trouble to requests whose first line contains a text."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._listener: socket.socket | None = None
        self._port = 0
        self._live: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.mode, self.only, self.times = "open", "", 0
        self.delay_s = 0.0
        self._canned = b""
        #: first lines of the requests that met trouble
        self.troubled: list[str] = []
        self._listen()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def set(self, mode: str, *, only: str = "", times: int = 0, delay_s: float = 0.0) -> None:
        """From now on. `times` 0: until told otherwise, else the trouble ends after so many requests."""
        self.mode, self.only, self.times, self.delay_s = mode, only, times, delay_s
        self._hang_up()
        if mode == "refuse":
            self._stop_listening()
        elif self._listener is None:
            self._listen()

    def answer(
        self, status: int, headers: Mapping[str, str] | None = None, body: Any = None, *, only: str = "", times: int = 0
    ) -> None:
        """Answer in the server's place."""
        content = json.dumps(body if body is not None else {"error": "gate"}).encode()
        lines = [f"HTTP/1.1 {status} Gate", f"Content-Length: {len(content)}", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self._canned = ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode() + content
        self.set("answer", only=only, times=times)

    def close(self) -> None:
        self._closing.set()
        self._stop_listening()
        self._hang_up()

    # --- inside --------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        listener.listen(64)
        self._port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _stop_listening(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            # shutdown wakes the thread that sits in accept(); close alone would leave it listening
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _hang_up(self) -> None:
        with self._lock:
            live, self._live = self._live, set()
        for one in live:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _serve(self, client: socket.socket) -> None:
        server = socket.create_connection(self._target)
        with self._lock:
            self._live |= {client, server}
        try:
            while True:
                request = _read_message(client)
                if not request or not self._pass_on(request, client, server):
                    return
        except OSError:
            pass
        finally:
            with self._lock:
                self._live -= {client, server}
            client.close()
            server.close()

    def _pass_on(self, request: bytes, client: socket.socket, server: socket.socket) -> bool:
        """One request and its answer. False: close both connections."""
        mode = self._mode_for(request)
        if mode == "drop_before":
            _reset(client)
            return False
        if mode == "answer":
            client.sendall(self._canned)
            return False
        server.sendall(request)
        answer = _read_message(server)
        if mode == "drop_after" or not answer:
            _reset(client)
            return False
        if mode == "silent":
            self._closing.wait(30)
            return False
        if mode == "slow":
            self._closing.wait(self.delay_s)
        client.sendall(answer)
        return True

    def _mode_for(self, request: bytes) -> str:
        first = request.split(b"\r\n", 1)[0].decode("latin-1")
        if self.mode == "open" or self.only not in first:
            return "open"
        mode = self.mode
        self.troubled.append(first)
        if self.times:
            self.times -= 1
            if not self.times:
                self.mode = "open"
        return mode


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _read_message(connection: socket.socket) -> bytes:
    """One whole HTTP message, b"" when the other side closed. Knows Content-Length and chunked bodies."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
    }
    done: Callable[[bytes], bool]
    if b"chunked" in headers.get(b"transfer-encoding", b""):
        done = lambda seen: seen.endswith(b"0\r\n\r\n")  # noqa: E731
    else:
        length = int(headers.get(b"content-length", b"0"))
        done = lambda seen: len(seen) >= length  # noqa: E731
    while not done(body):
        piece = connection.recv(65536)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


@contextmanager
def gate(target: str) -> Iterator[Gate]:
    """A gate in front of `target` (a base address)."""
    made = Gate(target)
    try:
        yield made
    finally:
        made.close()
