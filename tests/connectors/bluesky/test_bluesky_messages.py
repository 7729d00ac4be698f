"""Direct messages of Bluesky: heard, shown with what was said before, answered once and only there.

A real PDS passes the calls on to a chat service of ours that holds them to the network's lexicons (peers/chat.mjs).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.accounts.networks import check_account
from backend.connectors.base import (
    AccountFacts,
    Fetched,
    FetchState,
    Item,
    Media,
    NotThere,
    Outgoing,
    PollFailed,
    Published,
    Rejected,
    RetryLater,
    Uncertain,
)
from backend.connectors.bluesky.account import READER
from backend.connectors.bluesky.chat import MessageId, is_direct, read_message
from backend.connectors.bluesky.manifest import MANIFESTS
from backend.connectors.bluesky.publish import PUBLISHER
from backend.connectors.manifest import counting_for, media_for, settle_for
from backend.inbox.identity import url_key
from backend.infra.runtime import Runtime
from tests.peers.gate import Gate, gate
from tests.peers.servers import BlueskyAccount, Chat, Pds

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"
LISTED, SENT, READ = "convo.listConvos", "convo.sendMessage", "convo.getMessages"


@dataclass
class Ours:
    """Our account behind a gate, and Maud, who writes to it."""

    runtime: Runtime
    facts: AccountFacts
    credentials: dict[str, str]
    gate: Gate
    person: BlueskyAccount
    own: Chat
    maud: Chat
    convo: str
    posts: Callable[[], list[str]]

    def hear(self, state: FetchState | None = None) -> Fetched:
        return READER.read_addressed(self.runtime.http, self.facts, self.credentials, state or FetchState())

    def thread(self, remote_id: str) -> list[tuple[str, bool]]:
        said = READER.read_thread(self.runtime.http, self.facts, self.credentials, remote_id)
        return [(one.text, one.ours) for one in said]

    def prepared(self, text: str, message: str, **more: Any) -> Any:
        post = Outgoing(text, in_reply_to=f"chat:{self.convo}/{message}", **more)
        payload = PUBLISHER.plan(post, self.facts, key=KEY, now=self.runtime.clock())
        return PUBLISHER.prepare(self.runtime.http, self.facts, self.credentials, payload)

    def send(self, payload: dict[str, Any]) -> Any:
        return PUBLISHER.commit(self.runtime.http, self.facts, self.credentials, payload)

    def look(self, payload: dict[str, Any]) -> Any:
        now = self.runtime.clock()
        return PUBLISHER.reconcile(self.runtime.http, self.facts, self.credentials, payload, armed_at=now, now=now)


def make_ours(runtime: Runtime, pds: Pds, way: Gate, *, ticked: bool = True) -> Ours:
    person, maud = pds.create_account(messages=ticked), pds.create_account()
    credentials = {"identifier": person.handle, "app_password": person.app_password}
    facts = check_account(runtime, "bluesky", way.url, credentials, now=runtime.clock())
    theirs = pds.chat(maud)
    convo = theirs.convo_with(person)
    own = pds.chat(person)
    return Ours(runtime, facts, credentials, way, person, own, theirs, convo, lambda: pds.texts(person))


@pytest.fixture
def way(pds_server: Pds) -> Iterator[Gate]:
    with gate(pds_server.url) as made:
        yield made


@pytest.fixture
def ours(sqlite_runtime: Runtime, pds_server: Pds, way: Gate) -> Ours:
    return make_ours(sqlite_runtime, pds_server, way)


def texts(fetched: Fetched) -> list[str]:
    return [one.text for one in fetched.items]


# --- hearing ---


def test_a_message_comes_in_with_all_that_an_answer_needs(ours: Ours, pds_server: Pds) -> None:
    number = ours.maud.say(ours.convo, "My order is lost.")
    heard = ours.hear()
    (item,) = heard.items
    maud = ours.maud.ask("getConvo", convoId=ours.convo)["convo"]["members"][0]
    sent = ours.maud.messages(ours.convo)[0]
    assert item.published_at is not None
    assert item == Item(
        external_id=f"chat:{ours.convo}/{number}",
        url=f"https://bsky.app/messages/{ours.convo}#/{number}",
        text="My order is lost.",
        author=maud["displayName"],
        author_url=f"https://bsky.app/profile/{maud['handle']}",
        published_at=item.published_at,
        remote_id=f"chat:{ours.convo}/{number}",
        author_handle=maud["handle"],
        addressed="direct",
    )
    assert item.published_at.isoformat(timespec="milliseconds").replace("+00:00", "Z") == sent["sentAt"]
    assert heard.untold == ()


def test_what_came_since_is_read_whole_and_nothing_of_ours(ours: Ours) -> None:
    assert ours.hear().items == []
    first = ours.hear().state
    for text in ("Hello?", "My order is lost.", "It is number 12."):
        ours.maud.say(ours.convo, text)
    ours.own.say(ours.convo, "We look for it.")
    heard = ours.hear(first)
    assert sorted(texts(heard)) == sorted(["Hello?", "My order is lost.", "It is number 12."])
    assert texts(ours.hear(heard.state)) == []
    ours.maud.say(ours.convo, "Thank you.")
    assert texts(ours.hear(heard.state)) == ["Thank you."]


def test_at_first_only_what_a_conversation_ends_with_and_is_not_ours(ours: Ours, pds_server: Pds) -> None:
    ours.maud.say(ours.convo, "Are you open?")
    ours.own.say(ours.convo, "From nine.")
    other = pds_server.chat(pds_server.create_account())
    theirs = other.convo_with(ours.person)
    other.say(theirs, "An old word.")
    other.say(theirs, "Do you deliver?")
    assert texts(ours.hear()) == ["Do you deliver?"]


def test_groups_and_deleted_messages_are_left_out(ours: Ours, pds_server: Pds) -> None:
    state = ours.hear().state
    third = pds_server.create_account()
    group = ours.maud.group_with(ours.person, third)
    ours.maud.say(group, "Who comes on Sunday?")
    gone = ours.maud.say(ours.convo, "Forget this.")
    ours.own.delete(ours.convo, gone)
    ours.maud.say(ours.convo, "Are you open?")
    assert texts(ours.hear(state)) == ["Are you open?"]


def test_a_quiet_poll_asks_once_and_a_busy_one_stays_bounded(
    ours: Ours, pds_server: Pds, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours.maud.say(ours.convo, "Are you open?")
    state = ours.hear(ours.hear().state).state
    ours.gate.set("slow", only="chat.bsky")
    ours.hear(state)
    assert len(ours.gate.troubled) == 1
    monkeypatch.setattr("backend.connectors.bluesky.messages.MOST_READ", 1)
    for _ in range(3):
        other = pds_server.chat(pds_server.create_account())
        convo = other.convo_with(ours.person)
        other.say(convo, "Hello.")
        other.say(convo, "Do you deliver?")
    ours.gate.troubled.clear()
    heard = texts(ours.hear(state))
    assert sum(READ in line for line in ours.gate.troubled) == 1
    assert heard.count("Do you deliver?") == 3  # the last word of each comes, whatever is left for the thread
    assert heard.count("Hello.") == 1


def test_more_conversations_and_messages_than_one_page_holds_are_read(
    ours: Ours, pds_server: Pds, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = ours.hear().state
    monkeypatch.setattr("backend.connectors.bluesky.messages.CONVOS", 1)
    monkeypatch.setattr("backend.connectors.bluesky.messages.MESSAGES", 2)
    for number in range(5):
        ours.maud.say(ours.convo, f"Word {number}.")
    other = pds_server.chat(pds_server.create_account())
    other.say(other.convo_with(ours.person), "Do you deliver?")
    assert sorted(texts(ours.hear(state))) == ["Do you deliver?", *(f"Word {number}." for number in range(5))]


def test_the_messages_of_one_conversation_are_not_taken_for_one_page(ours: Ours) -> None:
    state = ours.hear().state
    ours.maud.say(ours.convo, "Hello?")
    ours.maud.say(ours.convo, "Anybody there?")
    assert len({url_key(one.url) for one in ours.hear(state).items}) == 2


def test_without_the_tick_the_rest_is_heard_and_it_is_said(sqlite_runtime: Runtime, pds_server: Pds, way: Gate) -> None:
    ours = make_ours(sqlite_runtime, pds_server, way, ticked=False)
    ours.maud.say(ours.convo, "Are you open?")
    way.set("slow", only="createSession")
    heard = ours.hear()
    assert (texts(heard), heard.untold) == ([], ("messages_not_allowed",))
    ours.hear(heard.state)
    assert way.troubled == []  # log-ins are counted: none is spent on what no log-in changes
    with pytest.raises(PollFailed, match="may not read"):
        ours.thread(f"chat:{ours.convo}/x")
    assert ours.prepared("Yes.", "x") == Rejected(
        "messages_not_allowed", "This app password may not write direct messages."
    )


@pytest.mark.parametrize(
    ("status", "headers", "body", "pause_s"),
    [
        (429, {"Retry-After": "77"}, None, 77),
        (401, {}, None, None),
        (502, {}, None, None),
        (200, {}, {"convos": "none"}, None),
        (200, {}, ["garbage"], None),
    ],
)
def test_while_the_chat_service_is_away_the_rest_is_heard_and_nothing_is_lost(
    ours: Ours, status: int, headers: dict[str, str], body: Any, pause_s: int | None
) -> None:
    state = ours.hear().state
    ours.maud.say(ours.convo, "Are you open?")
    ours.gate.answer(status, headers, body, only=LISTED)
    heard = ours.hear(state)
    assert (heard.untold, heard.pause_s, heard.state) == (("messages_away",), pause_s, state)
    ours.gate.set("open")
    assert texts(ours.hear(heard.state)) == ["Are you open?"]


def test_garbage_among_conversations_and_messages_is_left_out(ours: Ours) -> None:
    told = {
        "convos": [
            7,
            {},
            {"id": "a"},
            {"id": 3, "members": "none", "lastMessage": {"id": "m"}},
            {
                "id": "b",
                "members": [{"did": 1}],
                "lastMessage": {"id": "m", "sentAt": "soon", "text": "?", "sender": {}},
            },
            {
                "id": "not/an id",
                "members": [],
                "lastMessage": {"id": "m", "sentAt": "2026-11-20T10:00:00Z", "text": "?", "sender": {"did": "did:x"}},
            },
            {
                "id": "c",
                "members": [None],
                "lastMessage": {
                    "id": "m",
                    "sentAt": "2026-11-20T10:00:00Z",
                    "text": "Hello",
                    "sender": {"did": "did:x"},
                },
            },
        ]
    }
    ours.gate.answer(200, body=told, only=LISTED)
    (item,) = ours.hear().items
    assert (item.remote_id, item.author, item.text) == ("chat:c/m", "did:x", "Hello")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(
    st.sampled_from(["$type", "id", "text", "sender", "did", "sentAt", "embed", "record", "uri", "kind", "members"]),
    inner | st.lists(inner),
)))  # fmt: skip
def test_whatever_the_service_says_reading_does_not_stumble(told: Any) -> None:
    view = told if isinstance(told, dict) else {}
    read_message(view)
    is_direct(view)


def test_a_shared_post_is_read_as_its_address() -> None:
    message = read_message(
        {
            "$type": "chat.bsky.convo.defs#messageView",
            "id": "m",
            "sender": {"did": "did:plc:abc"},
            "sentAt": "2026-11-20T10:00:00Z",
            "text": "",
            "embed": {"record": {"uri": "at://did:plc:abc/app.bsky.feed.post/3k"}},
        }
    )
    assert message is not None
    assert message.text == "https://bsky.app/profile/did:plc:abc/post/3k"


# --- the conversation ---


def test_a_message_is_shown_with_what_was_said_before_and_after(ours: Ours) -> None:
    ours.maud.say(ours.convo, "Are you open?")
    ours.own.say(ours.convo, "From nine.")
    gone = ours.maud.say(ours.convo, "Forget this.")
    ours.own.delete(ours.convo, gone)
    number = ours.maud.say(ours.convo, "And on Sunday?")
    ours.own.say(ours.convo, "On Sunday too.")
    assert ours.thread(f"chat:{ours.convo}/{number}") == [
        ("Are you open?", False),
        ("From nine.", True),
        ("And on Sunday?", False),
        ("On Sunday too.", True),
    ]
    for away in (f"chat:{ours.convo}/{gone}", f"chat:{ours.convo}/x", "chat:nowhere/x"):
        with pytest.raises(PollFailed) as failed:
            ours.thread(away)
        assert failed.value.code == "gone"


def test_a_page_of_messages_is_nothing_that_anybody_could_read(ours: Ours) -> None:
    url = MessageId(ours.convo, "x").url
    assert READER.find_post(ours.runtime.http, ours.facts, ours.credentials, url) == ""
    assert READER.anybody(url, "") is None


# --- answering ---


def test_an_answer_is_one_message_there_and_nothing_public(ours: Ours) -> None:
    number = ours.maud.say(ours.convo, "Where is the menu?")
    payload = ours.prepared("Here: https://cafe.example/é", number)
    sent = ours.send(payload)
    assert isinstance(sent, Published)
    last = ours.maud.messages(ours.convo)[-1]
    assert (last["text"], last["sender"]["did"]) == ("Here: https://cafe.example/é", ours.person.did)
    assert last["facets"][0]["index"] == {"byteStart": 6, "byteEnd": 29}
    assert sent == Published(f"chat:{ours.convo}/{last['id']}", f"https://bsky.app/messages/{ours.convo}#/{last['id']}")
    assert ours.posts() == []


def test_nothing_in_the_payload_of_a_message_could_be_sent_as_a_post() -> None:
    facts = AccountFacts("did:plc:abc", "@cafe.test", server="http://127.0.0.1:1")
    post = Outgoing("Between us. @alice.test #secret", "en", in_reply_to="chat:c/m")
    payload = PUBLISHER.plan(post, facts, key=KEY, now=AT)
    assert payload == {
        "message": {"body": {"convoId": "c", "message": {"text": "Between us. @alice.test #secret"}}, "media": 0}
    }


@pytest.mark.parametrize(
    "odd", ["chat:", "chat:c", "chat:c/", "chat:c/m/x", "chat:c d/m", "https://bsky.app/messages/c#/m"]
)
def test_an_odd_name_of_a_message_becomes_no_public_post(ours: Ours, odd: str) -> None:
    payload = PUBLISHER.plan(Outgoing("Between us.", in_reply_to=odd), ours.facts, key=KEY, now=ours.runtime.clock())
    prepared = PUBLISHER.prepare(ours.runtime.http, ours.facts, ours.credentials, payload)
    assert isinstance(prepared, Rejected)
    assert prepared.code == "reply_gone"
    assert ours.posts() == []


def test_a_conversation_of_others_is_refused_before_anything_is_sent(ours: Ours, pds_server: Pds) -> None:
    third = pds_server.create_account()
    theirs = replace(ours, convo=ours.maud.convo_with(third))
    refused = theirs.prepared("Hello", "x")
    assert isinstance(refused, Rejected)
    assert refused.code == "reply_gone"
    assert isinstance(ours.prepared("Hello", "x", media=[Media("/nowhere.png", "image/png", "")]), Rejected)


def test_the_limits_are_those_of_messages_and_the_service_knows_them_too(ours: Ours) -> None:
    (manifest,) = MANIFESTS
    rules = counting_for(manifest, {"limit": 300}, "chat:c/m")
    assert (rules.limit, rules.max_bytes, media_for(manifest, {}, "chat:c/m").images) == (1000, 10_000, 0)
    assert counting_for(manifest, {}, "at://x/app.bsky.feed.post/y").limit == 300
    assert settle_for(manifest, "chat:c/m") >= 60 > settle_for(manifest, "") == 0
    number = ours.maud.say(ours.convo, "Tell me all.")
    family = "👨‍👩‍👧‍👦"
    assert isinstance(ours.send(ours.prepared(family * 300 + "é" * 700, number)), Published)
    refused = ours.send(ours.prepared("x" * 1001, number))
    assert isinstance(refused, Rejected)


@pytest.mark.parametrize(
    ("trouble", "there"), [("drop_before", NotThere), ("drop_after", Published), ("silent", Published)]
)
def test_an_unclear_outcome_is_told_by_reading_the_conversation(
    ours: Ours, monkeypatch: pytest.MonkeyPatch, trouble: str, there: type
) -> None:
    monkeypatch.setattr("backend.connectors.bluesky.client.COMMIT_S", 1.0)
    number = ours.maud.say(ours.convo, "Are you open?")
    ours.own.say(ours.convo, "From nine.")  # the same words, sent before and by hand
    payload = ours.prepared("From nine.", number)
    ours.gate.set(trouble, only=SENT, times=1)
    assert isinstance(ours.send(payload), Uncertain)
    found = ours.look(payload)
    assert isinstance(found, there)
    if isinstance(found, Published):
        assert found.remote_id == f"chat:{ours.convo}/{ours.own.messages(ours.convo)[-1]['id']}"
    assert ours.own.texts(ours.convo).count("From nine.") == (1 if there is NotThere else 2)


def test_what_cannot_be_told_apart_is_left_to_a_person(ours: Ours) -> None:
    number = ours.maud.say(ours.convo, "Are you open?")
    payload = ours.prepared("From nine.", number)
    ours.send(payload)
    by_hand = ours.own.say(ours.convo, "From  nine.")
    assert isinstance(ours.look(payload), Uncertain)
    assert isinstance(ours.look({**payload, "not_these": [f"chat:{ours.convo}/{by_hand}", "at://x/y/z"]}), Published)
    for one in ours.own.messages(ours.convo)[-2:]:
        ours.own.delete(ours.convo, one["id"])
    assert isinstance(ours.look(payload), Uncertain)


def test_the_first_look_around_is_kept_for_every_later_call(ours: Ours) -> None:
    number = ours.maud.say(ours.convo, "Are you open?")
    payload = ours.prepared("From nine.", number)
    ours.send(payload)
    again = PUBLISHER.prepare(ours.runtime.http, ours.facts, ours.credentials, payload)
    assert again == payload
    assert isinstance(ours.look(payload), Published)


def test_while_it_cannot_be_read_nothing_is_said_about_it(ours: Ours) -> None:
    payload = ours.prepared("From nine.", ours.maud.say(ours.convo, "Are you open?"))
    for status, body in ((429, None), (500, None), (200, {"messages": 3})):
        ours.gate.answer(status, {}, body, only=READ)
        assert isinstance(ours.look(payload), RetryLater)
    ours.gate.set("refuse")
    assert isinstance(ours.look(payload), RetryLater)


def test_a_busy_conversation_is_looked_through_and_no_further_than_it_may(
    ours: Ours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.connectors.bluesky.sending.PAGE", 2)
    payload = ours.prepared("From nine.", ours.maud.say(ours.convo, "Are you open?"))
    ours.send(payload)
    for number in range(7):
        ours.maud.say(ours.convo, f"Word {number}.")
    assert isinstance(ours.look(payload), Published)
    monkeypatch.setattr("backend.connectors.bluesky.sending.MOST_PAGES", 2)
    assert isinstance(ours.look(payload), Uncertain)
