"""A stream over the API: a switch, that says since when it listens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.infra.runtime import Runtime
from backend.listening.models import Feed
from tests.factories import Api


def test_a_stream_is_switched_on_for_a_brand_and_takes_what_matches(
    api: Api, brand: dict[str, Any], sqlite_runtime: Runtime, clock: Any
) -> None:
    kinds = {one["kind"]: one for one in api.get("/sources/kinds").json["items"]}
    assert (kinds["jetstream"]["take"], kinds["jetstream"]["params"]) == ("matching", [])
    all_of_it = api.post("/sources", {"kind": "jetstream", "take": "all"})
    assert (all_of_it.status, all_of_it.json["error"]["code"]) == (422, "too_much_to_take")
    made = api.post("/sources", {"kind": "jetstream"})
    assert (made.status, made.json["take"], made.json["next_poll_at"]) == (201, "matching", None), made.json
    assert made.json["listening_since"] is None
    with sqlite_runtime.db.write() as session:  # as the worker that listens writes it
        feed = session.scalars(select(Feed)).one()
        feed.listening_since, feed.last_polled_at = clock() - timedelta(hours=1), clock()
    where = f"/sources/{made.json['id']}"
    assert api.get(where).json["listening_since"] == "2026-11-23T08:00:00.000Z"
    clock.forward(minutes=2)
    assert api.get(where).json["listening_since"] is None
    changed = api.call("PATCH", where, {"version": 1, "take": "all"})
    assert (changed.status, list(changed.json["error"]["fields"])) == (422, ["take"])
