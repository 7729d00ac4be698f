"""Brands, accounts and posts for tests of publishing, and a network that does as it is told."""

# ruff: noqa: ARG002  # the parameters are the protocol's

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest

from backend.accounts import networks as accounts
from backend.accounts.brands import create_brand
from backend.connectors import networks as registry
from backend.connectors.base import AccountFacts, NotThere, Outgoing, Published
from backend.connectors.manifest import Manifest
from backend.infra.http import HttpClient
from backend.infra.jobs import lease_due
from backend.infra.runtime import Runtime
from backend.publishing.deliver import deliver_one
from backend.publishing.models import Delivery, Post
from backend.publishing.posts import NewPost, Schedule, create_post, load_post
from tests.peers.servers import BlueskyAccount, MastodonMock

_names = itertools.count(1)


def make_brand(runtime: Runtime, name: str = "Café Lumière") -> int:
    with runtime.db.write() as session:
        return create_brand(session, {"name": f"{name} {next(_names)}"}, now=runtime.clock()).id


def make_account(
    runtime: Runtime,
    brand_id: int,
    network: str = "bluesky",
    *,
    facts: AccountFacts | None = None,
    credentials: Mapping[str, str] | None = None,
) -> int:
    number = next(_names)
    facts = facts or AccountFacts(f"did:plc:{number}", f"@cafe{number}.test", server="http://127.0.0.1:9")
    with runtime.db.write() as session:
        sealed = runtime.vault.seal(credentials or {"identifier": "cafe", "app_password": "x", "access_token": "x"})
        return accounts.save_account(
            session, brand_id=brand_id, network=network, facts=facts, sealed=sealed, now=runtime.clock()
        ).id


def connect_bluesky(runtime: Runtime, brand_id: int, account: BlueskyAccount, server: str) -> int:
    """As the API does it: checked with the real server first."""
    given = {"identifier": account.handle, "app_password": account.app_password}
    facts = accounts.check_account(runtime, "bluesky", server, given, now=runtime.clock())
    return make_account(runtime, brand_id, "bluesky", facts=facts, credentials=given)


def connect_mastodon(
    runtime: Runtime, brand_id: int, mock: MastodonMock, server: str = "", person: str = "alice"
) -> int:
    given = {"access_token": mock.tokens[person]}
    facts = accounts.check_account(runtime, "mastodon", server or mock.url, given, now=runtime.clock())
    return make_account(runtime, brand_id, "mastodon", facts=facts, credentials=given)


def make_post(
    runtime: Runtime, brand_id: int, targets: list[int], text: str = "Nous ouvrons à 8 h.", **fields: Any
) -> int:
    fields.setdefault("schedule", Schedule("now"))
    with runtime.db.write() as session:
        return create_post(session, brand_id, NewPost(text=text, targets=targets, **fields), now=runtime.clock()).id


def get_post(runtime: Runtime, post_id: int) -> Post:
    with runtime.db.read() as session:
        return load_post(session, post_id, even_removed=True)


def delivery_of(runtime: Runtime, post_id: int) -> Delivery:
    """The only delivery of a post."""
    (delivery,) = get_post(runtime, post_id).deliveries
    return delivery


def lease_all(runtime: Runtime, *, at: datetime | None = None, limit: int = 100) -> list[tuple[int, int]]:
    """What the sweep does: (ref, fence) of everything that is due."""
    now = at or runtime.clock()
    with runtime.db.write() as session:
        leases = lease_due(session, Delivery, now=now, lease_s=runtime.settings.lease_s, limit=limit, worker="tests")
    return [(lease.ref, lease.fence) for lease in leases]


def sweep(runtime: Runtime) -> int:
    """One sweep, and every turn it hands out. Gives their number."""
    leases = lease_all(runtime)
    for ref, fence in leases:
        deliver_one(runtime, ref, fence)
    return len(leases)


@dataclass
class ToldNetwork:
    """A publisher of tests: posts exist in `there`, and each step does what the next entry of its list says."""

    network: str = "told"
    there: dict[str, str] = field(default_factory=dict)  # key → text
    calls: list[str] = field(default_factory=list)
    on_prepare: list[Any] = field(default_factory=list)
    #: an outcome to give; `("arrives", outcome)` posts all the same; a callable is called in the middle of the call
    on_commit: list[Any] = field(default_factory=list)
    on_reconcile: list[Any] = field(default_factory=list)

    def check(self, http: HttpClient, server: str, credentials: Mapping[str, str], *, now: datetime) -> AccountFacts:
        return AccountFacts("1", "@told", server=server)

    def plan(self, post: Outgoing, account: AccountFacts, *, key: str, now: datetime) -> dict[str, Any]:
        return {"key": key, "text": post.text, "at": now.isoformat()}

    def prepare(self, http: HttpClient, account: AccountFacts, credentials: Any, payload: dict[str, Any]) -> Any:
        self.calls.append("prepare")
        return self._next(self.on_prepare) or payload

    def commit(self, http: HttpClient, account: AccountFacts, credentials: Any, payload: dict[str, Any]) -> Any:
        self.calls.append("commit")
        told = self._next(self.on_commit)
        if isinstance(told, tuple):
            self.there[payload["key"]] = payload["text"]
            return told[1]
        if told is not None:
            return told
        self.there[payload["key"]] = payload["text"]
        return Published(payload["key"], f"https://told.example/{payload['key']}")

    def reconcile(
        self, http: HttpClient, account: AccountFacts, credentials: Any, payload: dict[str, Any], **when: datetime
    ) -> Any:
        self.calls.append("reconcile")
        told = self._next(self.on_reconcile)
        if told is not None:
            return told
        if payload["key"] in self.there:
            return Published(payload["key"], f"https://told.example/{payload['key']}")
        return NotThere()

    @staticmethod
    def _next(script: list[Any]) -> Any:
        told = script.pop(0) if script else None
        return told() if callable(told) else told


@contextmanager
def told_network(manifest: Manifest | None = None) -> Iterator[ToldNetwork]:
    """Register a network `told` for the time of a test."""
    network = ToldNetwork()
    base = registry.manifests()["mastodon"]
    told = manifest or replace(base, network="told", name="Told", settle_s=0.0)
    patch = pytest.MonkeyPatch()
    known, posting = dict(registry.manifests()), dict(registry.publishers())
    for module in ("backend.connectors.networks", "backend.publishing.deliver", "backend.accounts.networks",
                   "backend.publishing.checks", "backend.publishing.posts"):  # fmt: skip
        loaded = importlib.import_module(module)
        if hasattr(loaded, "manifests"):
            patch.setattr(loaded, "manifests", lambda: {**known, "told": told})
        if hasattr(loaded, "publishers"):
            patch.setattr(loaded, "publishers", lambda: {**posting, "told": network})
    try:
        yield network
    finally:
        patch.undo()
