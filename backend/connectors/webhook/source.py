"""An incoming webhook: other programs post to an address of ours, and nobody is asked."""

from __future__ import annotations

from backend.connectors.kind import Param, SourceKind, come_by_itself
from backend.connectors.params import read_match

KINDS = (
    SourceKind(
        "webhook",
        "Incoming webhook",
        "page",
        come_by_itself,
        lambda params: f"urn:entregent:hook:{params['hook']}",
        params=(Param("hook", read_match("[0-9a-f]{16}"), "drawn by the server", drawn=True),),
        pushed=True,
        take="all",
        rank=30,
    ),
)
