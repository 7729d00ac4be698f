"""mastodon-mock (PyPI, MIT; not a real Mastodon) on loopback. Prints one JSON line when it answers: {"url", "tokens"}.

Two things that a real Mastodon does are added: it tells somebody that they were quoted, and finds a post by its address
(docs.joinmastodon.org/entities/Notification, /methods/search).

Ends when its standard input ends, so that it cannot outlive the test that started it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from typing import Any

from mastodon_mock import services
from mastodon_mock.config import DatabaseConfig, MastodonMockConfig, SeedAccount, SeedConfig
from mastodon_mock.db.models import Status
from mastodon_mock.routers import search, statuses
from mastodon_mock.serializers.statuses import serialize_status_list
from mastodon_mock.testing.server import MockServer

PEOPLE = ("alice", "bob", "charlie")


def tell_of_quotes() -> None:
    attach = services.attach_mentions_and_tags

    def attach_and_tell(db: Any, status_id: int, account_id: int, text: str) -> Any:
        status = db.get(Status, status_id)
        quoted = db.get(Status, status.quoted_status_id) if status.quoted_status_id else None
        if quoted is not None and quoted.account_id != account_id:
            services.add_notification(
                db, recipient_id=quoted.account_id, from_account_id=account_id, type_="quote", status_id=status_id
            )
        return attach(db, status_id, account_id, text)

    setattr(statuses, "attach_mentions_and_tags", attach_and_tell)  # noqa: B010  # looked up there at each call


def find_by_address() -> None:
    look = search._do_search

    def look_or_resolve(db: Any, config: Any, viewer: Any, q: str, limit: int) -> Any:
        number = q.rsplit("/", 1)[-1]
        if not (q.startswith(("http://", "https://")) and number.isdigit()):
            return look(db, config, viewer, q, limit)
        found = db.get(Status, int(number))
        shown = serialize_status_list(db, [found] if found else [], config, viewer, filter_context="public")
        return [], [one for one in shown if q in (one["url"], one["uri"])], []

    setattr(search, "_do_search", look_or_resolve)  # noqa: B010


def serve() -> None:
    tell_of_quotes()
    find_by_address()
    seed = SeedConfig(
        accounts=[
            SeedAccount(username=name, display_name=name.title(), access_token=f"{name}_token") for name in PEOPLE
        ]
    )
    with tempfile.NamedTemporaryFile(suffix=".sqlite3") as file:
        config = MastodonMockConfig(database=DatabaseConfig(path=file.name), seed=seed)
        with MockServer(config=config, log_level="error") as server:
            ready = {"url": server.base_url, "tokens": {name: f"{name}_token" for name in PEOPLE}}
            sys.stdout.write(json.dumps(ready) + "\n")
            sys.stdout.flush()
            sys.stdin.read()


if __name__ == "__main__":
    serve()
