"""What more than one page holds since the last poll: none of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from backend.connectors.base import Fetched, FetchState
from backend.connectors.kind import Asking
from backend.connectors.registry import source_kinds
from backend.infra.http import HttpClient
from tests.peers.feeds import FeedServer, Seen


@pytest.fixture
def http() -> Iterator[HttpClient]:
    client = HttpClient(allow_private=frozenset({"127.0.0.1"}))
    yield client
    client.close()


def fetch(
    feeds: FeedServer, kind: str, http: HttpClient, params: dict[str, str], at: datetime, **state: str
) -> Fetched:
    return source_kinds()[kind].fetch(Asking(http, feeds.url, at), params, FetchState(**state))


def test_what_was_said_on_telegram_behind_a_page_of_pictures_is_found(
    feeds: FeedServer, http: HttpClient, at: datetime
) -> None:
    def page(seen: Seen) -> bytes:
        before = int(seen.query.get("before", "61"))
        shown = "".join(
            f"<div class='tgme_widget_message' data-post='cafe/{number}'>"
            + ("" if number > 40 else f"<div class='tgme_widget_message_text'>Said {number}</div>")
            + "</div>"
            for number in range(before - 20, before)
        )
        return f"<html><body class='tgme_widget'>{shown}</body></html>".encode()

    feeds.put("/s/cafe", page, content_type="text/html")
    fetched = fetch(feeds, "telegram", http, {"channel": "cafe"}, at, cursor="35")
    assert {item.text for item in fetched.items} >= {f"Said {number}" for number in range(36, 41)}
    assert fetched.state.cursor == "60"
    assert len(feeds.asked("/s/cafe")) == 2
