"""A mail folder as a source: its password sealed, its mails mentions, one feed for each log-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.infra.http import HttpClient
from backend.infra.runtime import Runtime
from backend.listening.models import Feed
from tests.connectors.imap.mails import google_alert, mail
from tests.factories import Api
from tests.peers.imap import PASSWORD, USER, ImapServer, imap_server
from tests.unit.listening.make import poll_due


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ImapServer]:
    with imap_server(tmp_path) as running:
        yield running


@pytest.fixture
def trusting(server: ImapServer, sqlite_runtime: Runtime) -> Iterator[Runtime]:
    http = HttpClient(allow_private=frozenset({"127.0.0.1"}), trust=server.trust())
    yield replace(sqlite_runtime, http=http)
    http.close()


def test_alerts_in_a_mailbox_become_mentions(
    api: Api, brand: dict[str, Any], server: ImapServer, trusting: Runtime, clock: Any
) -> None:
    clock.at = clock.at.now(clock.at.tzinfo)  # the server dates what it takes by its own clock
    alert = google_alert([("Le café rouvre", "https://journal.example/1", "Le Journal", "Rue des Lilas…")])
    server.put(alert, mail("Un avis", "Très bon"), folder="Alertes")
    params = {"server": server.url, "login": USER, "folder": "Alertes"}
    wrong = api.post("/sources", {"kind": "imap", "params": params})
    assert (wrong.status, list(wrong.json["error"]["fields"])) == (422, ["secrets.password"])
    made = api.post("/sources", {"kind": "imap", "params": params, "secrets": {"password": "old"}, "name": "Alertes"})
    assert (made.status, made.json["secrets"], made.json["access"]) == (201, ["password"], None), made.json
    poll_due(trusting)
    assert api.get(f"/sources/{made.json['id']}").json["last_error"] == "unauthorized"
    changed = api.call("PATCH", f"/sources/{made.json['id']}", {"version": 1, "secrets": {"password": PASSWORD}})
    assert changed.status == 200, changed.json
    assert PASSWORD not in changed.data.decode()
    poll_due(trusting)
    mentions = {one["title"]: one for one in api.get("/mentions").json["items"]}
    assert set(mentions) == {"Le café rouvre", "Un avis"}
    assert mentions["Le café rouvre"]["url"] == "https://journal.example/1"
    assert (mentions["Un avis"]["author"], mentions["Un avis"]["source_kind"]) == ("Maud Müller", "imap")
    with trusting.db.read() as session:
        kept = [f"{feed.secret} {feed.params} {feed.address}" for feed in session.scalars(select(Feed))]
    assert all(PASSWORD not in text for text in kept)
    clock.forward(hours=1)
    server.put(mail("Un avis", "Très bon"), folder="Alertes")  # the same Message-ID
    poll_due(trusting)
    assert len(api.get("/mentions").json["items"]) == 2


def test_kinds_say_what_is_kept_sealed(api: Api, brand: dict[str, Any]) -> None:
    kinds = {one["kind"]: one for one in api.get("/sources/kinds").json["items"]}
    assert [one["name"] for one in kinds["imap"]["secrets"]] == ["password"]
    assert [one["name"] for one in kinds["imap"]["params"]] == ["server", "login", "folder", "mark"]
    refused = api.post("/sources", {"kind": "feed", "params": {"url": "https://a.example/"}, "secrets": {"x": "y"}})
    assert (refused.status, list(refused.json["error"]["fields"])) == (422, ["secrets.x"])
