"""The public address: proved by our own request, and what depends on it. And the pages that visitors see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from backend import create_app
from backend.infra.crypto import Vault
from backend.infra.runtime import Runtime
from backend.links.public_address import BELIEVED_FOR, PROVE_AGAIN_AFTER, prove_when_due
from backend.links.redirect import make_redirect
from backend.web.hosts import guard_hosts
from tests.factories import Api, make_owner
from tests.unit.infra.raw_server import RawServer, raw_server, reply

URL = "https://example.org/menu"


def signer(vault: Vault) -> Callable[[Any, bytes], None]:
    def answer(connection: Any, request: bytes) -> None:
        nonce = request.split(b" ")[1].decode().rpartition("/")[2]
        reply(body=vault.sign("proof of the public address", nonce).encode() + b"\n")(connection, request)

    return answer


@contextmanager
def with_public_url(runtime: Runtime, answer: Callable[[Any, bytes], Any]) -> Iterator[tuple[Api, Runtime, RawServer]]:
    """An API whose public address is a server that answers like this."""
    with raw_server(answer) as server:
        changed = replace(runtime, settings=replace(runtime.settings, public_url=server.url.rstrip("/")))
        app = create_app(changed)
        yield Api(app, make_owner(app)), changed, server


def test_without_a_public_address_links_are_not_for_the_world(api: Api, brand: dict[str, Any]) -> None:
    assert api.get("/public-address").json == {
        "url": "", "proved_at": None, "checked_at": None, "error": "", "waiting": ["not_set"],
    }  # fmt: skip
    assert api.post("/public-address/check").json["waiting"] == ["not_set"]
    assert api.post("/links", {"url": URL}).json["public"] is False


def test_an_address_that_leads_here_is_proved_and_links_become_public(
    sqlite_runtime: Runtime, brand: dict[str, Any]
) -> None:
    with with_public_url(sqlite_runtime, signer(sqlite_runtime.vault)) as (api, _runtime, server):
        made = api.post("/links", {"url": URL, "utm": {"source": "x"}}).json
        assert (made["public"], made["clean_url"]) == (False, URL + "?utm_source=x")
        assert api.get("/public-address").json["waiting"] == ["not_checked"]
        proved = api.post("/public-address/check").json
        assert (proved["proved_at"], proved["waiting"]) == ("2026-11-23T09:00:00.000Z", [])
        link = api.get(f"/links/{made['id']}").json
        assert (link["public"], link["short_url"]) == (True, f"{server.url}{made['code']}")
        assert api.post("/links", {"url": server.url.replace("127.0.0.1", "127.1")}).status == 422
        assert "public_address.changed" in [c["kind"] for c in api.get("/changes?after=0").json["items"]]


def test_the_server_answers_its_own_proof(api: Api, sqlite_runtime: Runtime) -> None:
    nonce = "n" * 32
    answer = api.anybody().get(f"/-/proof/{nonce}")
    assert answer.data.decode().strip() == sqlite_runtime.vault.sign("proof of the public address", nonce)
    for other in ("short", "n" * 65, "n" * 30 + "é"):
        assert api.anybody().get(f"/-/proof/{other}").status == 404


@pytest.mark.parametrize(
    "answer",
    [
        reply(body=b"hello"),
        reply("404 Not Found"),
        reply(body="ünïcode".encode()),
        reply("302 Found", Location="/elsewhere"),
        signer(Vault(b"another server's key material 32")),
    ],
)
def test_somebody_else_at_that_address_proves_nothing(
    sqlite_runtime: Runtime, brand: dict[str, Any], answer: Callable[[Any, bytes], Any]
) -> None:
    with with_public_url(sqlite_runtime, answer) as (api, _runtime, server):
        checked = api.post("/public-address/check").json
        assert (checked["proved_at"], checked["waiting"]) == (None, ["not_proved"])
        assert server.url.rstrip("/") in checked["error"]
        assert api.post("/links", {"url": URL}).json["public"] is False


def test_a_private_public_address_is_proved_only_where_it_is_allowed(sqlite_runtime: Runtime) -> None:
    settings = replace(sqlite_runtime.settings, public_url="http://10.1.2.3")
    app = create_app(replace(sqlite_runtime, settings=settings))
    checked = Api(app, make_owner(app)).post("/public-address/check").json
    assert checked["proved_at"] is None
    assert "10.1.2.3" in checked["error"]


def test_a_proof_is_asked_for_again_each_day_and_outlives_a_short_outage(sqlite_runtime: Runtime, clock: Any) -> None:
    mood = [signer(sqlite_runtime.vault)]
    with with_public_url(sqlite_runtime, lambda c, r: mood[0](c, r)) as (api, runtime, server):

        def proved() -> bool:
            prove_when_due(runtime, clock())
            return api.get("/public-address").json["proved_at"] is not None

        assert proved()
        assert proved()
        assert len(server.requests) == 1
        clock.forward(seconds=PROVE_AGAIN_AFTER.total_seconds())
        mood[0] = lambda connection, _request: connection.close()
        assert proved()
        assert len(server.requests) == 2
        clock.forward(seconds=(BELIEVED_FOR - timedelta(days=1)).total_seconds() + 1)
        assert not proved()
        mood[0] = signer(sqlite_runtime.vault)
        clock.forward(minutes=5)
        assert proved()
        clock.forward(days=1)
        mood[0] = reply(body=b"parked domain")
        assert not proved()


def test_another_address_has_its_own_proof_to_give(sqlite_runtime: Runtime, clock: Any) -> None:
    with with_public_url(sqlite_runtime, signer(sqlite_runtime.vault)) as (api, runtime, _server):
        prove_when_due(runtime, clock())
        moved = replace(runtime, settings=replace(runtime.settings, public_url="https://moved.invalid"))
        other = Api(create_app(moved), api.token)
        assert other.get("/public-address").json["proved_at"] is None
        prove_when_due(replace(moved, settings=replace(moved.settings, public_url="")), clock())
        assert api.get("/public-address").json["waiting"] == ["not_checked"]


# --- pages -------------------------------------------------------------------------------------------------


class Browser:
    """Asks the whole WSGI application: Host check, redirect, app."""

    def __init__(self, runtime: Runtime) -> None:
        settings = replace(runtime.settings, public_url="https://lum.example")
        runtime = replace(runtime, settings=settings)
        self._client = Client(guard_hosts(create_app(runtime).wsgi_app, make_redirect(runtime), settings))

    def get(self, path: str, language: str = "en", host: str = "lum.example") -> Any:
        return self._client.get(path, headers={"Host": host, "Accept-Language": language})


@pytest.fixture
def browser(sqlite_runtime: Runtime) -> Browser:
    return Browser(sqlite_runtime)


def test_the_preview_shows_where_a_link_leads_and_counts_nothing(
    api: Api, brand: dict[str, Any], browser: Browser
) -> None:
    made = api.post("/links", {"url": "http://раypal.com/<b>&x", "code": "go"}).json
    for host in ("lum.example", "127.0.0.1"):
        page = browser.get("/GO+", host=host)
        assert page.status_code == 200
        assert '<p class="host">It leads to xn--ypal-43d9g.com</p>' in page.text
        assert "http://xn--ypal-43d9g.com/&lt;b&gt;&amp;x" in page.text
        assert "<b>" not in page.text
        assert "<script" not in page.text
        assert 'href="/go"' in page.text
        assert page.headers["Cache-Control"] == "private, no-store"
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert api.get(f"/links/{made['id']}/stats").json["people"] == 0


def test_unknown_and_ended_links_have_a_page_in_the_visitors_language(
    api: Api, brand: dict[str, Any], browser: Browser
) -> None:
    api.post("/links", {"url": URL, "code": "old", "expires_at": "2026-11-22T00:00:00Z"})
    gone = api.post("/links", {"url": URL, "code": "gone"}).json
    api.delete(f"/links/{gone['id']}")
    assert browser.get("/none77").status_code == browser.get("/none77+").status_code == 404
    assert (
        browser.get("/old").status_code == browser.get("/gone").status_code == browser.get("/gone+").status_code == 410
    )
    assert "Ce lien est terminé" in browser.get("/old", language="fr-FR,fr;q=0.9").text
    assert "It has ended" in browser.get("/old+").text
    assert "example.org" not in browser.get("/gone+").text


def test_a_link_domain_shows_nothing_but_links_and_public_pages(
    api: Api, brand: dict[str, Any], browser: Browser
) -> None:
    api.post("/links", {"url": URL, "code": "go"})
    assert browser.get("/go").headers["Location"] == URL
    assert browser.get("/-/proof/" + "n" * 32).status_code == 200
    for path in ("/", "/api/v1/me", "/-/app/", "/-/practice", "/healthz", "/metrics", "/wp-login.php", "/a/b"):
        assert browser.get(path).status_code == 404, path
    assert browser.get("/go", host="evil.example").status_code == 421


def test_the_pages_look_like_the_app() -> None:
    root = Path(__file__).parents[2]
    ours = (root / "backend/web/static/tokens.css").read_text("utf-8")
    assert ours == (root / "extension/shared/tokens.css").read_text("utf-8"), "copy extension/shared/tokens.css"
    style = (root / "backend/web/static/link.css").read_text("utf-8")
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", style)) <= set(re.findall(r"(--[a-z0-9-]+):", ours))
