"""Somebody asks our account something on a network, and our answers there."""

from __future__ import annotations

from typing import Any

from tests.peers.servers import MastodonMock
from tests.waiting import wait_for


def connect(api: Any, brand_id: str, mastodon: MastodonMock) -> None:
    credentials = {"access_token": mastodon.tokens["alice"]}
    account = {"network": "mastodon", "server": mastodon.url, "credentials": credentials}
    api("POST", "/accounts", {"brand_id": brand_id, **account})


def hear(api: Any, mastodon: MastodonMock, words: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Bob asks our account something, and it has come in: the status there, the mention here."""
    status = mastodon.post(f"@alice {words}", "bob")
    (source,) = [one for one in api("GET", "/sources")["items"] if one["kind"] == "mastodon_account"]
    api("POST", f"/sources/{source['id']}/poll")

    def found() -> dict[str, Any] | None:
        return next((one for one in api("GET", "/mentions")["items"] if words in one["text"]), None)

    return status, wait_for(found, 45)


def answers(mastodon: MastodonMock, words: str) -> list[dict[str, Any]]:
    return [one for one in mastodon.statuses("alice") if words in one["content"]]
