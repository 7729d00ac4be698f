"""`/changes` is the truth; `/events` only hints that it holds more."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress

from apiflask import APIBlueprint
from flask import Response, current_app, request
from pydantic import Field

from backend.accounts.brands import brand_ids
from backend.api.base import Id, MaybeId, Out, Query, caller, make_blueprint, runtime
from backend.api.streams import Streams
from backend.infra.changes import last_change, read_changes


class ChangesQuery(Query):
    after: int | None = Field(default=None, ge=0, le=2**62, description="Left out: nothing but `last`, to start from.")
    limit: int = Field(default=500, ge=1, le=1000)


class ChangeOut(Out):
    id: Id
    kind: str
    ref: str
    brand_id: MaybeId


class ChangesOut(Out):
    items: list[ChangeOut]
    last: int


def _has_left(client: socket.socket | None) -> Callable[[], bool]:
    """Whether the other side has closed: what writing would tell at the next sign of life, many seconds later."""

    def is_gone() -> bool:
        if client is None:
            return False
        try:
            return client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True

    return is_gone


def changes_blueprint() -> APIBlueprint:
    bp = make_blueprint("changes")

    @bp.get("/changes")
    @bp.input(ChangesQuery, location="query")
    @bp.output(ChangesOut)
    def get_changes(query_data: ChangesQuery) -> ChangesOut:
        with runtime().db.read() as session:
            if query_data.after is None:
                return ChangesOut(items=[], last=last_change(session))
            mine = caller().brand_ids(brand_ids(session))
            rows, last = read_changes(session, after=query_data.after, brand_ids=mine, limit=query_data.limit)
            return ChangesOut(items=[ChangeOut.model_validate(row) for row in rows], last=last)

    @bp.get("/events")
    @bp.doc(responses={200: "A stream of `event: change` with `{last}`."})
    def get_events() -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        if request.method == "HEAD":  # nobody reads on, nor says that nobody does
            return Response(mimetype="text/event-stream", headers=headers)
        streams: Streams = current_app.extensions["entregent.streams"]
        client: socket.socket | None = request.environ.get("gunicorn.socket")
        stream = streams.open(_has_left(client))  # raises Unavailable where the process has its fill

        def events() -> Iterator[str]:
            try:
                for last in stream:
                    yield ": still here\n\n" if last is None else f'event: change\ndata: {{"last": {last}}}\n\n'
            finally:
                stream.close()
                if client is not None:
                    # Not kept alive for another request: at a stop gunicorn waits two seconds for such connections.
                    with suppress(OSError):
                        client.shutdown(socket.SHUT_RDWR)

        response = Response(events(), mimetype="text/event-stream", headers=headers)
        response.call_on_close(stream.close)  # who leaves before the first word never comes to `finally`
        return response

    return bp
