"""What is said to a connected account comes into the inbox, is answered there once, and is then replied to.

Mastodon is mastodon-mock; Bluesky is a real PDS with a small AppView beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from backend import create_app
from backend.infra.runtime import Runtime
from backend.listening.accounts import find_conversation
from backend.listening.models import Feed
from backend.publishing.models import Delivery
from tests.factories import Api, make_owner
from tests.peers.servers import MastodonMock, Pds
from tests.unit.listening.make import poll_due
from tests.unit.publishing.make import sweep

_numbers = count(1)


@dataclass(frozen=True)
class Network:
    """One network as a test sees it: somebody who speaks to our account, and what stands on our account."""

    name: str
    credentials: dict[str, str]
    server: str
    #: (text, answered post | None) → {"id", "url"}
    speak: Callable[[str, str | None], dict[str, str]]
    #: texts of our own posts with what each answers
    ours: Callable[[], list[tuple[str, str]]]


def on_mastodon(server: MastodonMock) -> Network:
    def speak(text: str, answered: str | None) -> dict[str, str]:
        made = server.post(f"@alice {text}", "bob", **({"in_reply_to_id": answered} if answered else {}))
        return {"id": str(made["id"]), "url": made["url"]}

    def ours() -> list[tuple[str, str]]:
        return [(one["content"], str(one["in_reply_to_id"] or "")) for one in server.statuses("alice")]

    return Network("mastodon", {"access_token": "alice_token"}, server.url, speak, ours)


def on_bluesky(server: Pds) -> Network:
    us, them = (server.create_account(name) for name in ("lumiere", "maud"))
    login = {"identifier": them.handle, "password": them.password}
    token = server.call("com.atproto.server.createSession", login)["accessJwt"]

    def speak(text: str, answered: str | None) -> dict[str, str]:
        at = f"@{us.handle} "
        facet = {
            "index": {"byteStart": 0, "byteEnd": len(at) - 1},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": us.did}],
        }
        created_at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": at + text, "createdAt": created_at}
        record["facets"] = [facet]
        if answered:
            found = next(one for one in (*server.records(us), *server.records(them)) if one["uri"] == answered)
            ref = {"uri": found["uri"], "cid": found["cid"]}
            record["reply"] = {"root": ref, "parent": ref}
        body = {"repo": them.did, "collection": "app.bsky.feed.post", "record": record}
        made = server.call("com.atproto.repo.createRecord", body, token=token)
        key = made["uri"].rsplit("/", 1)[-1]
        return {"id": made["uri"], "url": f"https://bsky.app/profile/{them.handle}/post/{key}"}

    def ours() -> list[tuple[str, str]]:
        records = [record["value"] for record in server.records(us)]
        return [(one["text"], one.get("reply", {}).get("parent", {}).get("uri", "")) for one in records]

    credentials = {"identifier": us.handle, "app_password": us.app_password}
    return Network("bluesky", credentials, server.url, speak, ours)


@pytest.fixture(params=["mastodon", "bluesky"])
def network(request: pytest.FixtureRequest) -> Network:
    if request.param == "mastodon":
        return on_mastodon(request.getfixturevalue("mastodon_server"))
    return on_bluesky(request.getfixturevalue("pds_server"))


@pytest.fixture
def api(runtime: Runtime) -> Api:
    app = create_app(runtime)
    return Api(app, make_owner(app))


@pytest.fixture
def account(api: Api, brand: dict[str, Any], network: Network) -> dict[str, Any]:
    made = api.post(
        "/accounts",
        {
            "brand_id": brand["id"],
            "network": network.name,
            "server": network.server,
            "credentials": network.credentials,
        },
    )
    assert made.status == 201, made.json
    return dict(made.json)


@pytest.fixture
def heard(runtime: Runtime, api: Api, network: Network, account: dict[str, Any]) -> dict[str, Any]:
    """Somebody asked our account something, and it came in."""
    number = next(_numbers)
    said = network.speak(f"are you open on Sunday? {number}", None)
    poll_due(runtime)
    mention = next(one for one in mentions(api) if one["text"].endswith(f" {number}"))
    return {**mention, "said": said}


def mentions(api: Api, query: str = "") -> list[dict[str, Any]]:
    return list(api.get(f"/mentions?limit=200{query}").json["items"])


def test_what_is_said_to_a_connected_account_comes_in_by_itself(
    api: Api, account: dict[str, Any], heard: dict[str, Any], network: Network
) -> None:
    assert (heard["network"], heard["source_kind"]) == (network.name, f"{network.name}_account")
    assert (heard["addressed"], heard["account_id"], heard["url"]) == ("mention", account["id"], heard["said"]["url"])
    assert heard["author_handle"]
    (source,) = [one for one in api.get("/sources").json["items"] if one["kind"] == f"{network.name}_account"]
    assert (source["name"], source["take"], source["state"]) == (account["handle"], "all", "ok")


def test_an_answer_is_sent_once_and_then_the_mention_is_replied_to(
    runtime: Runtime, api: Api, heard: dict[str, Any], network: Network
) -> None:
    assert heard["id"] in [one["id"] for one in mentions(api, "&to_answer=true")]
    answered = api.post(f"/mentions/{heard['id']}/answer", {"text": f"Yes, from nine. {heard['id']}"})
    assert answered.status == 201, answered.json
    on_the_way = api.get(f"/mentions/{heard['id']}").json
    assert (on_the_way["status"], on_the_way["answer"]["state"]) == ("open", "scheduled")

    sweep(runtime)
    sweep(runtime)
    ours = [(text, parent) for text, parent in network.ours() if f"Yes, from nine. {heard['id']}" in text]
    assert [parent for _, parent in ours] == [heard["said"]["id"]]
    replied = api.get(f"/mentions/{heard['id']}").json
    assert (replied["status"], replied["answer"]["state"]) == ("replied", "published")
    assert replied["reply_url"] == replied["answer"]["url"] != ""
    assert (replied["replied_by"], replied["answer"]["by"]) == ("tests", "tests")
    assert replied["replied_at"]
    assert heard["id"] not in [one["id"] for one in mentions(api, "&to_answer=true")]
    # An answer stands in the inbox, not among the posts.
    assert answered.json["id"] not in [one["id"] for one in api.get("/posts").json["items"]]


def test_a_second_answer_to_the_same_post_asks_first(
    runtime: Runtime, api: Api, heard: dict[str, Any], network: Network
) -> None:
    path = f"/mentions/{heard['id']}/answer"
    assert api.post(path, {"text": "Yes."}).status == 201
    at_once = api.post(path, {"text": "Yes!"})
    assert (at_once.status, at_once.json["error"]["code"]) == (409, "answered_already")
    sweep(runtime)
    later = api.post(path, {"text": "Yes!"})
    assert (later.status, later.json["error"]["by"]) == (409, "tests")
    assert api.post(path, {"text": f"And bring friends. {heard['id']}", "again": True}).status == 201
    sweep(runtime)
    assert sum(f"And bring friends. {heard['id']}" in text for text, _ in network.ours()) == 1


def test_a_second_answer_asks_first_also_once_the_first_was_put_away_or_another_was_refused(
    runtime: Runtime, api: Api, heard: dict[str, Any], network: Network
) -> None:
    where = f"/mentions/{heard['id']}"
    seen = api.get(where).json
    put_away = api.patch(where, {"status": "replied", "version": seen["version"]}).json
    put_away = api.patch(where, {"status": "done", "version": put_away["version"]}).json
    at_once = api.post(f"{where}/answer", {"text": "Yes!"})
    assert (at_once.status, at_once.json["error"]["by"]) == (409, "tests")
    assert api.patch(where, {"status": "open", "version": put_away["version"]}).status == 200
    assert api.post(f"{where}/answer", {"text": f"Yes. {heard['id']}"}).status == 201
    second = api.post(f"{where}/answer", {"text": f"And more. {heard['id']}", "again": True})
    assert second.status == 201
    with runtime.db.write() as session:
        refused = session.scalars(select(Delivery).where(Delivery.post_id == int(second.json["id"]))).one()
        refused.state, refused.due_at = "rejected", None
    assert api.post(f"{where}/answer", {"text": "Yes!"}).json["error"]["code"] == "answered_already"


def test_the_same_click_twice_is_one_answer(
    runtime: Runtime, api: Api, heard: dict[str, Any], network: Network
) -> None:
    path, key = f"/mentions/{heard['id']}/answer", {"Idempotency-Key": "once"}
    text = f"Only once. {heard['id']}"
    answers = [api.post(path, {"text": text}, headers=key) for _ in range(2)]
    assert [one.status for one in answers] == [201, 201]
    assert answers[0].json["id"] == answers[1].json["id"]
    sweep(runtime)
    assert sum(text in one for one, _ in network.ours()) == 1


def test_the_conversation_shows_what_was_said_before(
    runtime: Runtime, api: Api, heard: dict[str, Any], network: Network
) -> None:
    api.post(f"/mentions/{heard['id']}/answer", {"text": f"From nine to six. {heard['id']}"})
    sweep(runtime)
    answer = api.get(f"/mentions/{heard['id']}").json["answer"]
    ours = next(one for one in api.get(f"/mentions/{heard['id']}/thread").json["items"] if one["ours"])
    remote_id = _remote_id(runtime, answer["post_id"])
    network.speak("and on Mondays?", remote_id)
    _due_again(runtime)
    poll_due(runtime)
    follow_up = next(one for one in mentions(api) if "and on Mondays?" in one["text"] and one["addressed"] == "reply")
    thread = api.get(f"/mentions/{follow_up['id']}/thread").json["items"]
    said = [(one["ours"], one["this_one"]) for one in thread]
    assert said == [(False, False), (True, False), (False, True)]
    assert "From nine to six." in ours["text"]
    assert "are you open on Sunday?" in thread[0]["text"]


def test_a_disconnected_account_is_no_longer_listened_to_and_comes_back_with_a_new_connection(
    api: Api, brand: dict[str, Any], account: dict[str, Any], network: Network, runtime: Runtime
) -> None:
    kind = f"{network.name}_account"
    assert api.delete(f"/accounts/{account['id']}").status == 200
    assert kind not in [one["kind"] for one in api.get("/sources").json["items"]]
    assert poll_due(runtime, kinds=(kind,)) == 0
    again = api.post(
        "/accounts",
        {
            "brand_id": brand["id"],
            "network": network.name,
            "server": network.server,
            "credentials": network.credentials,
        },
    )
    assert again.status == 201
    assert kind in [one["kind"] for one in api.get("/sources").json["items"]]


def test_nobody_can_listen_with_an_account_of_somebody_else(api: Api, account: dict[str, Any]) -> None:
    other = api.post("/brands", {"name": "Other", "languages": ["fr"]}).json
    kind = f"{account['network']}_account"
    asked = {
        "brand_id": other["id"],
        "kind": kind,
        "params": {"account_id": account["id"], "server": "https://x.example"},
    }
    assert api.post("/sources", asked).status == 422
    assert kind not in [one["kind"] for one in api.get("/sources/kinds").json["items"]]


def test_where_no_account_can_answer_the_page_is_named(api: Api, brand: dict[str, Any]) -> None:
    saved = api.post("/mentions", {"url": "https://forum.example/t/1", "text": "Open on Sunday?"}).json
    refused = api.post(f"/mentions/{saved['id']}/answer", {"text": "Yes"})
    assert (refused.status, refused.json["error"]["code"]) == (422, "no_voice")
    assert api.get(f"/mentions/{saved['id']}/voices").json == {"items": []}
    assert api.get(f"/mentions/{saved['id']}/thread").json == {"items": []}


def test_a_post_found_by_a_search_is_answered_with_the_brands_own_account(
    runtime: Runtime, api: Api, account: dict[str, Any], network: Network
) -> None:
    number = next(_numbers)
    said = network.speak(f"the terrace is lovely {number}", None)
    saved = api.post("/mentions", {"url": said["url"], "network": network.name, "text": f"the terrace {number}"}).json
    (voice,) = api.get(f"/mentions/{saved['id']}/voices").json["items"]
    assert voice["account_id"] == account["id"]
    assert api.post(f"/mentions/{saved['id']}/answer", {"text": f"Thank you. {number}"}).status == 201
    sweep(runtime)
    assert [parent for text, parent in network.ours() if f"Thank you. {number}" in text] == [said["id"]]


def test_the_thread_of_a_post_found_by_a_search_is_read_with_an_account(
    runtime: Runtime, api: Api, account: dict[str, Any], network: Network
) -> None:
    number = next(_numbers)
    asked = network.speak(f"where to eat on Sunday? {number}", None)
    said = network.speak(f"the terrace is lovely {number}", asked["id"])
    # mastodon-mock says of every post that it is on another host, and finds none by its address.
    url = f"{network.server}/@bob/{said['id']}" if network.name == "mastodon" else said["url"]
    saved = api.post("/mentions", {"url": url, "network": network.name, "text": f"the terrace {number}"}).json
    told = api.get(f"/mentions/{saved['id']}/thread")
    assert told.status == 200, told.json
    thread = told.json["items"]
    assert [one["this_one"] for one in thread] == [False, True], thread
    assert f"where to eat on Sunday? {number}" in thread[0]["text"]


def test_without_an_account_the_thread_is_asked_of_the_posts_own_server_as_anybody(
    runtime: Runtime, brand: dict[str, Any], mastodon_server: MastodonMock
) -> None:
    number = next(_numbers)
    asked = mastodon_server.post(f"where to eat on Sunday? {number}", "bob")
    said = mastodon_server.post(f"the terrace is lovely {number}", "bob", in_reply_to_id=str(asked["id"]))
    stood_in = replace(runtime.settings, endpoints={"mastodon_public": mastodon_server.url})
    url = f"https://mastodon.example/@bob/{said['id']}"
    found = find_conversation(replace(runtime, settings=stood_in), int(brand["id"]), "mastodon", url)
    assert found is not None
    assert found.remote_id == str(said["id"])
    assert [f"{number}" in one.text for one in found.said] == [True, True]
    assert find_conversation(runtime, int(brand["id"]), "mastodon", "https://mastodon.example/about") is None
    assert find_conversation(runtime, int(brand["id"]), "forum.example", url) is None


# --- only on Mastodon ---


def test_a_direct_message_is_answered_as_directly(
    runtime: Runtime, api: Api, brand: dict[str, Any], mastodon_server: MastodonMock
) -> None:
    number = next(_numbers)
    credentials = {"access_token": "charlie_token"}
    asked = {"network": "mastodon", "server": mastodon_server.url, "credentials": credentials}
    assert api.post("/accounts", asked).status == 201
    mastodon_server.post(f"@charlie my order {number} is lost", "bob", visibility="direct")
    poll_due(runtime)
    mention = next(one for one in mentions(api) if f"my order {number} is lost" in one["text"])
    assert mention["addressed"] == "direct"
    api.post(f"/mentions/{mention['id']}/answer", {"text": f"We look for {number}."})
    sweep(runtime)
    sent = next(one for one in mastodon_server.statuses("charlie") if f"We look for {number}" in one["content"])
    assert sent["visibility"] == "direct"
    assert [one["acct"] for one in sent["mentions"]] == ["bob"]


def test_replies_without_our_name_and_quotes_are_heard_on_mastodon(
    runtime: Runtime, api: Api, brand: dict[str, Any], mastodon_server: MastodonMock
) -> None:
    number = next(_numbers)
    old = mastodon_server.post(f"before {number}", "charlie")
    mastodon_server.post(f"old news {number}", "bob", in_reply_to_id=old["id"])
    credentials = {"access_token": "charlie_token"}
    asked = {"network": "mastodon", "server": mastodon_server.url, "credentials": credentials}
    assert api.post("/accounts", asked).status == 201
    poll_due(runtime)
    ours = mastodon_server.post(f"our new terrace {number}", "charlie")
    said = mastodon_server.post(f"lovely, but is it heated? {number}", "bob", in_reply_to_id=ours["id"])
    mastodon_server.post(f"it is not, I was there {number}", "alice", in_reply_to_id=said["id"])
    mastodon_server.post(f"thank you both {number}", "charlie", in_reply_to_id=said["id"])
    mastodon_server.post(f"look at this {number}", "bob", quoted_status_id=ours["id"])
    mastodon_server.post(f"I answer late {number}", "alice", in_reply_to_id=old["id"])

    def heard() -> dict[str, str]:
        _due_again(runtime)
        poll_due(runtime)
        return {one["text"]: one["addressed"] for one in mentions(api) if one["text"].endswith(f" {number}")}

    expected = {
        f"lovely, but is it heated? {number}": "reply",
        f"it is not, I was there {number}": "reply",
        f"look at this {number}": "quote",
        f"old news {number}": "reply",  # stood there before, and came with what was said below it later
        f"I answer late {number}": "reply",
    }
    assert heard() == expected
    with mastodon_server.fault(f"/api/v1/statuses/{ours['id']}/context", methods=("GET",), type="status", status=503):
        assert heard() == expected  # nothing new was said: no thread is read again
    mastodon_server.post(f"and dogs? {number}", "bob", in_reply_to_id=ours["id"])
    assert heard() == {**expected, f"and dogs? {number}": "reply"}
    mention = next(one for one in mentions(api) if one["text"] == f"and dogs? {number}")
    assert api.post(f"/mentions/{mention['id']}/answer", {"text": f"Dogs too. {number}"}).status == 201
    sweep(runtime)
    sent = next(one for one in mastodon_server.statuses("charlie") if f"Dogs too. {number}" in one["content"])
    assert [one["acct"] for one in sent["mentions"]] == ["bob"]


def test_a_token_that_may_not_read_posts_hears_its_notifications(
    runtime: Runtime, api: Api, brand: dict[str, Any], mastodon_server: MastodonMock
) -> None:
    number = next(_numbers)
    credentials = {"access_token": "charlie_token"}
    asked = {"network": "mastodon", "server": mastodon_server.url, "credentials": credentials}
    account = api.post("/accounts", asked).json
    mastodon_server.post(f"@charlie hello {number}", "bob")
    ours = mastodon_server.post(f"a post of ours {number}", "charlie")
    me = f"/api/v1/accounts/{ours['account']['id']}/statuses"
    with mastodon_server.fault(me, methods=("GET",), type="status", status=403):
        poll_due(runtime)
    assert any(f"hello {number}" in one["text"] for one in mentions(api))
    assert api.get(f"/accounts/{account['id']}").json["state"] == "ok"


def test_a_secret_that_is_refused_is_said_of_the_account(
    runtime: Runtime, api: Api, brand: dict[str, Any], mastodon_server: MastodonMock
) -> None:
    credentials = {"access_token": "bob_token"}
    asked = {"network": "mastodon", "server": mastodon_server.url, "credentials": credentials}
    account = api.post("/accounts", asked).json
    with mastodon_server.fault("/api/v1/notifications", methods=("GET",), type="status", status=401):
        poll_due(runtime)
    assert api.get(f"/accounts/{account['id']}").json["state"] == "unauthorized"


def _remote_id(runtime: Runtime, post_id: str) -> str:
    with runtime.db.read() as session:
        return session.scalars(select(Delivery.remote_id).where(Delivery.post_id == int(post_id))).one()


def _due_again(runtime: Runtime) -> None:
    with runtime.db.write() as session:
        for feed in session.scalars(select(Feed)):
            feed.due_at = runtime.clock()
