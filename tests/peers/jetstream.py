"""A local Jetstream (websockets' own server): it replays from a cursor, tells what is said, and breaks off at will."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve


@dataclass
class Asked:
    """A connection that came in."""

    path: str
    cursor: int | None
    collections: list[str]
    user_agent: str


@dataclass
class Jetstream:
    """`say` tells all who listen, and keeps it for those who come later. `clock` says when."""

    clock: Callable[[], datetime]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    refuse: bool = False  # who comes is sent away at once
    _events: list[tuple[int, str]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _open: set[ServerConnection] = field(default_factory=set)
    _count: int = 0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def listening(self) -> int:
        with self._changed:
            return len(self._open)

    def say(self, text: str, *, did: str = "did:plc:maud", rkey: str = "", **record: Any) -> str:
        """A new post; gives its id."""
        with self._changed:
            rkey = rkey or f"3k{self._count:06}"
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": self._now(), "langs": ["fr"], **record}
        self._commit("create", did, rkey, record=record, cid="bafy")
        return f"at://{did}/app.bsky.feed.post/{rkey}"

    def take_back(self, uri: str) -> None:
        did, _, rkey = uri.removeprefix("at://").split("/")
        self._commit("delete", did, rkey)

    def tell(self, message: str) -> None:
        """Whatever it is."""
        self._add(message)

    def break_off(self) -> None:
        """Without a good-bye."""
        with self._changed:
            for one in list(self._open):
                with contextlib.suppress(OSError):
                    one.socket.shutdown(2)

    def _commit(self, operation: str, did: str, rkey: str, **values: Any) -> None:
        commit = {"rev": "3k", "operation": operation, "collection": "app.bsky.feed.post", "rkey": rkey, **values}
        with self._changed:
            time_us = self._next_us()
            event = {"did": did, "time_us": time_us, "kind": "commit", "commit": commit}
            self._events.append((time_us, json.dumps(event)))
            self._changed.notify_all()

    def _add(self, message: str) -> None:
        with self._changed:
            self._events.append((self._next_us(), message))
            self._changed.notify_all()

    def _next_us(self) -> int:
        self._count += 1
        return int(self.clock().timestamp() * 1_000_000) + self._count

    def _now(self) -> str:
        return self.clock().isoformat().replace("+00:00", "Z")

    def serve_one(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        parts = urlsplit(connection.request.path)
        query = parse_qs(parts.query)
        cursor = int(query["cursor"][0]) if "cursor" in query else None
        agent = connection.request.headers.get("User-Agent", "")
        with self._changed:
            self.asked.append(Asked(parts.path, cursor, query.get("wantedCollections", []), agent))
            if self.refuse:
                return
            self._open.add(connection)
            place = len(self._events) if cursor is None else 0
        try:
            while True:
                with self._changed:
                    if len(self._events) == place:
                        self._changed.wait(0.1)
                    waiting, place = self._events[place:], len(self._events)
                for time_us, message in waiting:
                    if cursor is None or time_us > cursor:
                        connection.send(message)
                with contextlib.suppress(TimeoutError):
                    connection.recv(timeout=0)
        except ConnectionClosed:
            pass
        finally:
            with self._changed:
                self._open.discard(connection)


@contextmanager
def jetstream_server(clock: Callable[[], datetime]) -> Iterator[Jetstream]:
    stream = Jetstream(clock)
    server: Server = serve(stream.serve_one, "127.0.0.1", 0, close_timeout=1)
    stream.port = server.socket.getsockname()[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stream
    finally:
        stream.break_off()
        server.shutdown()
        thread.join(5)
