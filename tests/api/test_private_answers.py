"""Direct messages of Bluesky in the inbox: private there, answered in their conversation once, never before others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from backend.infra.runtime import Runtime
from backend.listening.models import Feed
from tests.conftest import Clock
from tests.factories import Api
from tests.peers.gate import Gate, gate
from tests.peers.servers import BlueskyAccount, Chat, Pds
from tests.unit.listening.make import poll_due
from tests.unit.publishing.make import sweep

SENT = "convo.sendMessage"
_numbers = count(1)


@dataclass
class Talk:
    """Maud's conversation with our connected account."""

    person: BlueskyAccount
    maud: Chat
    convo: str
    gate: Gate
    account: dict[str, Any]


def connect(api: Api, way: Gate, person: BlueskyAccount) -> dict[str, Any]:
    given = {"identifier": person.handle, "app_password": person.app_password}
    made = api.post("/accounts", {"network": "bluesky", "server": way.url, "credentials": given})
    assert made.status == 201, made.json
    return dict(made.json)


@pytest.fixture
def way(pds_server: Pds) -> Iterator[Gate]:
    with gate(pds_server.url) as made:
        yield made


@pytest.fixture
def talk(api: Api, brand: dict[str, Any], pds_server: Pds, way: Gate) -> Talk:
    person = pds_server.create_account(messages=True)
    maud = pds_server.chat(pds_server.create_account())
    return Talk(person, maud, maud.convo_with(person), way, connect(api, way, person))


@pytest.fixture
def heard(api: Api, sqlite_runtime: Runtime, talk: Talk) -> dict[str, Any]:
    return hear(api, sqlite_runtime, talk, f"My order {next(_numbers)} is lost. Where is it?")


def hear(api: Api, runtime: Runtime, talk: Talk, text: str) -> dict[str, Any]:
    talk.maud.say(talk.convo, text)
    poll_again(runtime)
    return next(one for one in mentions(api) if one["text"] == text)


def mentions(api: Api) -> list[dict[str, Any]]:
    return list(api.get("/mentions?limit=200").json["items"])


def poll_again(runtime: Runtime) -> None:
    with runtime.db.write() as session:
        for feed in session.scalars(select(Feed)):
            feed.due_at = runtime.clock()
    poll_due(runtime)


def test_a_direct_message_is_private_and_answered_in_its_conversation(
    api: Api, sqlite_runtime: Runtime, pds_server: Pds, talk: Talk, heard: dict[str, Any]
) -> None:
    assert (heard["addressed"], heard["account_id"], heard["network"]) == ("direct", talk.account["id"], "bluesky")
    (voice,) = api.get(f"/mentions/{heard['id']}/voices").json["items"]
    assert (voice["counting"]["limit"], voice["counting"]["max_bytes"], voice["opening"]) == (1000, 10_000, "")
    text = "We look for it. " + "Please wait. " * 30  # no post could be as long
    assert api.post(f"/mentions/{heard['id']}/answer", {"text": text}).status == 201
    sweep(sqlite_runtime)
    sweep(sqlite_runtime)
    assert talk.maud.texts(talk.convo) == [heard["text"], text]
    assert pds_server.texts(talk.person) == []
    replied = api.get(f"/mentions/{heard['id']}").json
    assert (replied["status"], replied["answer"]["state"]) == ("replied", "published")
    assert replied["reply_url"].startswith(f"https://bsky.app/messages/{talk.convo}#/")

    follow_up = hear(api, sqlite_runtime, talk, "It is here, thank you!")
    assert len(mentions(api)) == 2
    thread = api.get(f"/mentions/{follow_up['id']}/thread").json["items"]
    said = [(one["text"], one["ours"], one["this_one"]) for one in thread]
    assert said == [(heard["text"], False, False), (text.strip(), True, False), (follow_up["text"], False, True)]


def test_what_is_too_long_for_a_message_is_refused_before_it_is_queued(api: Api, heard: dict[str, Any]) -> None:
    refused = api.post(f"/mentions/{heard['id']}/answer", {"text": "x" * 1001})
    assert (refused.status, list(refused.json["error"]["fields"])) == (422, ["text"])
    assert "1000 are allowed" in refused.json["error"]["fields"]["text"]


def test_another_account_of_the_brand_cannot_answer_it(
    api: Api, pds_server: Pds, talk: Talk, heard: dict[str, Any]
) -> None:
    other = connect(api, talk.gate, pds_server.create_account(messages=True))
    refused = api.post(f"/mentions/{heard['id']}/answer", {"text": "Hello", "account_id": other["id"]})
    assert (refused.status, refused.json["error"]["code"]) == (422, "no_voice")


@pytest.mark.parametrize("trouble", ["drop_before", "drop_after", "silent"])
def test_a_call_without_an_answer_ends_with_one_message(
    api: Api,
    sqlite_runtime: Runtime,
    clock: Clock,
    pds_server: Pds,
    talk: Talk,
    heard: dict[str, Any],
    trouble: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("backend.connectors.bluesky.client.COMMIT_S", 1.0)
    talk.gate.set(trouble, only=SENT, times=1)
    api.post(f"/mentions/{heard['id']}/answer", {"text": "We look for it."})

    def state() -> str:
        sweep(sqlite_runtime)
        return str(api.get(f"/mentions/{heard['id']}").json["answer"]["state"])

    assert state() == "uncertain"
    clock.forward(seconds=50)
    assert state() == "uncertain"  # it may still be on its way in: an absence would not be believed
    for _ in range(3):
        clock.forward(seconds=20)
        state()
    assert state() == "published"
    assert talk.maud.texts(talk.convo).count("We look for it.") == 1
    assert pds_server.texts(talk.person) == []


def test_the_same_words_twice_ask_a_person(
    api: Api, sqlite_runtime: Runtime, clock: Clock, pds_server: Pds, talk: Talk, heard: dict[str, Any]
) -> None:
    talk.gate.set("drop_after", only=SENT, times=1)
    api.post(f"/mentions/{heard['id']}/answer", {"text": "We look for it."})
    sweep(sqlite_runtime)
    pds_server.chat(talk.person).say(talk.convo, "We look for it.")
    clock.forward(seconds=61)
    sweep(sqlite_runtime)
    answer = api.get(f"/mentions/{heard['id']}").json["answer"]
    assert answer["state"] == "needs_you"
    assert talk.maud.texts(talk.convo).count("We look for it.") == 2


def test_without_the_tick_the_account_says_so_until_it_has_one(
    api: Api, sqlite_runtime: Runtime, brand: dict[str, Any], pds_server: Pds, way: Gate
) -> None:
    person = pds_server.create_account()
    maud = pds_server.chat(pds_server.create_account())
    maud.say(maud.convo_with(person), "Are you open?")
    account = connect(api, way, person)

    def line() -> tuple[str, list[str], int]:
        told = api.get(f"/accounts/{account['id']}").json
        return told["state"], told["untold"], told["version"]

    poll_again(sqlite_runtime)
    said = line()
    assert said[:2] == ("ok", ["messages_not_allowed"])
    poll_again(sqlite_runtime)
    assert line() == said  # once
    (source,) = [one for one in api.get("/sources").json["items"] if one["kind"] == "bluesky_account"]
    assert (source["state"], source["last_error"]) == ("ok", "")
    api.post(f"/accounts/{account['id']}/check")
    assert line()[:2] == ("ok", ["messages_not_allowed"])

    token = pds_server.call(
        "com.atproto.server.createSession", {"identifier": person.handle, "password": person.password}
    )["accessJwt"]
    ticked = pds_server.call(
        "com.atproto.server.createAppPassword", {"name": "with messages", "privileged": True}, token=token
    )["password"]
    given = {"identifier": person.handle, "app_password": ticked}
    again = api.post("/accounts", {"network": "bluesky", "server": way.url, "credentials": given})
    assert again.json["id"] == account["id"]
    poll_again(sqlite_runtime)
    assert line()[:2] == ("ok", [])
    assert [(one["text"], one["addressed"]) for one in mentions(api)] == [("Are you open?", "direct")]


def test_a_password_that_lost_its_tick_refuses_the_answer_and_keeps_the_account(
    api: Api, sqlite_runtime: Runtime, talk: Talk, heard: dict[str, Any]
) -> None:
    body = {"error": "InvalidToken", "message": "Bad token method"}
    talk.gate.answer(400, {}, body, only="chat.bsky.convo")
    api.post(f"/mentions/{heard['id']}/answer", {"text": "We look for it."})
    sweep(sqlite_runtime)
    post = api.get(f"/mentions/{heard['id']}").json["answer"]["post_id"]
    (delivery,) = api.get(f"/posts/{post}").json["deliveries"]
    assert (delivery["state"], delivery["error"]["code"]) == ("rejected", "messages_not_allowed")
    assert api.get(f"/accounts/{talk.account['id']}").json["state"] == "ok"
