"""An incoming webhook: other programs post to an address of ours, and nobody is asked."""

from __future__ import annotations

from backend.connectors.base import Fetched, PollFailed
from backend.connectors.kind import Param, SourceKind
from backend.connectors.params import read_match


def ask_nobody(*_: object) -> Fetched:
    raise PollFailed("comes_by_itself", "what it says comes by itself")


KINDS = (
    SourceKind(
        "webhook",
        "Incoming webhook",
        "page",
        ask_nobody,
        lambda params: f"urn:entregent:hook:{params['hook']}",
        params=(Param("hook", read_match("[0-9a-f]{16}"), "drawn by the server", drawn=True),),
        pushed=True,
        take="all",
        rank=30,
    ),
)
