"""`/changes` and its hints."""

from __future__ import annotations

from typing import Any

from tests.factories import Api


def test_asking_only_for_the_head_of_a_stream_leaves_none_open(api: Api, brand: dict[str, Any]) -> None:
    most = api.app.extensions["entregent.streams"]._most
    for _ in range(most + 1):
        assert api.call("HEAD", "/events").status == 200
    assert api.app.extensions["entregent.streams"]._open == 0
