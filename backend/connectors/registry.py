"""Which kinds of sources there are: every package below `backend.connectors` with a `source` module; no central list.

`source.KINDS` is a tuple of `SourceKind`. A network that tells a connected account what was said to it is one more.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache

from backend.connectors.base import Fetched, PollFailed
from backend.connectors.kind import PURPOSES, SOME_PAGES_S, SourceKind
from backend.connectors.networks import account_readers, manifests, packages_with


@cache
def source_kinds() -> Mapping[str, SourceKind]:
    """All by their name, in the order of purposes, and of `rank` within one."""
    found: list[SourceKind] = []
    for package in packages_with("source"):
        found += importlib.import_module(f"backend.connectors.{package}.source").KINDS
    found += [_of_account(network) for network in account_readers()]
    found.sort(key=lambda one: (PURPOSES.index(one.purpose), one.rank, one.name.lower()))
    return {one.kind: one for one in found}


def _of_account(network: str) -> SourceKind:
    return SourceKind(
        f"{network}_account",
        manifests()[network].name,
        "accounts",
        _ask_nobody,
        lambda params: f"{params['server']}/#account-{params['account_id']}",
        place="server",
        network=network,
        type="post",
        account=True,
        take="all",
        takes_s=SOME_PAGES_S,
        least_s=60,
        most_s=5 * 60,
    )


def _ask_nobody(*_: object) -> Fetched:
    raise PollFailed("unauthorized", "only the account's own secret reads what was said to it")
