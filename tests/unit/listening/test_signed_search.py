"""Bluesky answers a search only to who is logged in: keywords ask it with the account that their brand connected."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend import create_app
from backend.accounts.networks import get_account
from backend.connectors.base import FetchState, PollFailed
from backend.connectors.bluesky.search import fetch_search
from backend.connectors.kind import Asking
from backend.infra.runtime import Runtime
from backend.listening.models import Feed, Source
from tests.conftest import Clock
from tests.factories import Api, make_owner
from tests.peers.servers import Pds
from tests.unit.listening.make import all_mentions, poll_due

_numbers = itertools.count(1)


def say(server: Pds, who: Any, text: str, at: datetime) -> None:
    login = {"identifier": who.handle, "password": who.password}
    token = server.call("com.atproto.server.createSession", login)["accessJwt"]
    record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": f"{at:%Y-%m-%dT%H:%M:%S.000Z}"}
    body = {"repo": who.did, "collection": "app.bsky.feed.post", "record": record}
    server.call("com.atproto.repo.createRecord", body, token=token)


@pytest.fixture
def api(runtime: Runtime) -> Api:
    app = create_app(runtime)
    return Api(app, make_owner(app))


@pytest.fixture
def clock() -> Clock:
    """The servers of others have the time of this machine."""
    return Clock(datetime.now(UTC).replace(microsecond=0))


def connect(api: Api, server: Pds) -> tuple[dict[str, Any], Any]:
    us = server.create_account("searcher")
    credentials = {"identifier": us.handle, "app_password": us.app_password}
    made = api.post("/accounts", {"network": "bluesky", "server": server.url, "credentials": credentials})
    assert made.status == 201, made.json
    return made.json, us


def searches(runtime: Runtime) -> list[dict[str, str]]:
    with runtime.db.read() as session:
        live = select(Feed).join(Source).where(Feed.kind == "bluesky_search", Source.removed_at.is_(None))
        return [feed.params for feed in session.scalars(live)]


def kind(api: Api) -> dict[str, Any]:
    rows = api.get("/sources/kinds").json["items"]
    return next(row for row in rows if row["kind"] == "bluesky_search")


def test_keywords_ask_with_the_account_of_their_brand_and_rest_when_it_goes(
    api: Api, brand: dict[str, Any], runtime: Runtime, pds_server: Pds, clock: Clock
) -> None:
    word = f"zinguerie{next(_numbers)}"
    api.post("/keywords", {"query": word})
    assert searches(runtime) == []
    assert (kind(api)["asked"], kind(api)["why"]) == ("cannot", "account_needed")
    asked = api.post("/keywords/preview", {"query": word, "live": False}).json["asked"]
    assert asked == []
    account, _us = connect(api, pds_server)
    assert searches(runtime) == [{"query": word, "account_id": account["id"], "server": pds_server.url}]
    assert kind(api)["asked"] == "by itself"
    them = pds_server.create_account("maud")
    say(pds_server, them, f"La {word} du port", clock() - timedelta(hours=2))
    say(pds_server, them, f"Rien que {word}x", clock() - timedelta(hours=1))
    say(pds_server, them, f"Il y a longtemps, {word}", clock() - timedelta(days=40))
    poll_due(runtime, kinds=("bluesky_search",))
    with runtime.db.read() as session:
        (mention,) = all_mentions(session)
        assert (mention.text, mention.network, mention.source_kind) == (
            f"La {word} du port",
            "bluesky",
            "bluesky_search",
        )
        assert mention.url.startswith(f"https://bsky.app/profile/{them.handle}/post/")
        cursor = session.scalars(select(Feed.cursor).where(Feed.kind == "bluesky_search")).one()
    assert cursor
    by_hand = {"kind": "bluesky_search", "params": {"query": word, "account_id": account["id"]}}
    assert api.post("/sources", by_hand).status == 422
    assert api.delete(f"/accounts/{account['id']}").status == 200
    assert searches(runtime) == []
    assert poll_due(runtime, kinds=("bluesky_search",)) == 0 or searches(runtime) == []


def test_a_secret_that_is_refused_is_said_of_the_account(
    api: Api, brand: dict[str, Any], runtime: Runtime, pds_server: Pds
) -> None:
    account, us = connect(api, pds_server)
    api.post("/keywords", {"query": f"zinc{next(_numbers)}"})
    with runtime.db.write() as session:
        sealed = runtime.vault.seal({"identifier": us.handle, "app_password": "aaaa-bbbb-cccc-dddd"})
        get_account(session, int(account["id"])).secret = sealed
    poll_due(runtime, kinds=("bluesky_search",))
    assert api.get(f"/accounts/{account['id']}").json["state"] == "unauthorized"
    api.post("/keywords", {"query": f"autre{next(_numbers)}"})
    assert len(searches(runtime)) == 1  # nothing new is asked with it


def test_nobody_asks_without_an_account(runtime: Runtime, pds_server: Pds) -> None:
    asking = Asking(runtime.http, pds_server.url, runtime.clock())
    with pytest.raises(PollFailed) as failed:
        fetch_search(asking, {"query": "x"}, FetchState())
    assert failed.value.code == "unauthorized"
