"""Somebody asks our account something on a network, and our answers there."""

from __future__ import annotations

from typing import Any

from tests.peers.servers import MastodonMock
from tests.waiting import wait_for


def connect(api: Any, brand_id: str, mastodon: MastodonMock) -> None:
    """Our account, alice, to whom nobody said anything yet: all tests share her server."""
    mastodon.forget_said()
    credentials = {"access_token": mastodon.tokens["alice"]}
    account = {"network": "mastodon", "server": mastodon.url, "credentials": credentials}
    api("POST", "/accounts", {"brand_id": brand_id, **account})


def hear(api: Any, mastodon: MastodonMock, words: str, **fields: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Bob asks our account something, and it has come in: the status there, the mention here."""
    status = mastodon.post(f"@alice {words}", "bob", **fields)
    (source,) = [one for one in api("GET", "/sources")["items"] if one["kind"] == "mastodon_account"]

    def found() -> dict[str, Any] | None:
        return next((one for one in api("GET", "/mentions")["items"] if words in one["text"]), None)

    for last in (False, False, True):
        api("POST", f"/sources/{source['id']}/poll")
        try:
            return status, wait_for(found, 15)
        except AssertionError:  # it was being polled already, and that read before the post was there
            if last:
                raise
    raise AssertionError("never")


def answers(mastodon: MastodonMock, words: str) -> list[dict[str, Any]]:
    return [one for one in mastodon.statuses("alice") if words in one["content"]]
