"""Every post of Bluesky, without a break: a real websocket server that breaks off, replays and talks rubbish."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.connectors.base import Item as ReadItem
from backend.connectors.bluesky.jetstream import People
from backend.inbox.models import Mention
from backend.infra.changes import Change
from backend.infra.errors import Invalid
from backend.infra.runtime import Runtime
from backend.infra.tables import lead
from backend.listening.models import Feed, Item, Source
from backend.listening.sources import change_source, create_source, listening_since, remove_source
from backend.listening.streams import MOST_GARBAGE, Pace, StreamKeeper
from backend.worker import Worker
from tests.peers.feeds import FeedServer, Seen
from tests.peers.jetstream import Jetstream, jetstream_server
from tests.unit.listening.make import all_mentions, count, make_brand, make_keyword, only_feed
from tests.waiting import wait_for

QUICK = Pace(look_s=0.05, gather_s=0.05, back_off_s=0.05)
PEOPLE = {"did:plc:maud": ("maud.example", "Maud"), "did:plc:ines": ("ines.example", "Inès")}


@pytest.fixture
def stream(clock: Any) -> Iterator[Jetstream]:
    with jetstream_server(clock) as running:
        yield running


def profiles(seen: Seen) -> bytes:
    known = [{"did": did, "handle": handle, "displayName": name} for did, (handle, name) in PEOPLE.items()]
    return json.dumps({"profiles": known}).encode()


@pytest.fixture
def runtime(sqlite_runtime: Runtime, stream: Jetstream, feeds: FeedServer) -> Runtime:
    feeds.put("/xrpc/app.bsky.actor.getProfiles", profiles, content_type="application/json")
    endpoints = {"jetstream": stream.url, "bluesky_public": feeds.url}
    return replace(sqlite_runtime, settings=replace(sqlite_runtime.settings, endpoints=endpoints))


@pytest.fixture
def brand_id(runtime: Runtime) -> int:
    brand_id = make_brand(runtime)
    make_keyword(runtime, brand_id, "café lumière")
    return brand_id


@pytest.fixture
def source_id(runtime: Runtime, brand_id: int) -> int:
    return listen(runtime, brand_id)


@pytest.fixture
def keeper(runtime: Runtime, source_id: int) -> Iterator[StreamKeeper]:
    running = StreamKeeper(runtime, "tests", QUICK)
    running.start()
    yield running
    running.stop(10)


def listen(runtime: Runtime, brand_id: int) -> int:
    with runtime.db.write() as session:
        return create_source(session, brand_id, "jetstream", {}, now=runtime.clock()).id


def texts(runtime: Runtime) -> list[str]:
    with runtime.db.read() as session:
        return [one.text for one in all_mentions(session)]


def feed_of(runtime: Runtime) -> Feed:
    with runtime.db.read() as session:
        return only_feed(session, "jetstream")


def heard(stream: Jetstream) -> bool:
    return wait_for(lambda: stream.listening == 1)


def test_what_names_the_brand_is_kept_and_nothing_else(
    runtime: Runtime, stream: Jetstream, keeper: StreamKeeper, clock: Any
) -> None:
    heard(stream)
    uri = stream.say("Le Café Lumière rouvre !", langs=["fr-FR"])
    for n in range(200):
        stream.say(f"Autre chose {n}", did="did:plc:other")
    stream.say("Vu au café lumière", did="did:plc:ines", reply={"root": {}, "parent": {}})
    stream.say("", did="did:plc:quiet")
    wait_for(lambda: len(texts(runtime)) == 2)
    with runtime.db.read() as session:
        mention = all_mentions(session)[0]
        assert (mention.text, mention.author, mention.network) == ("Le Café Lumière rouvre !", "Maud", "bluesky")
        assert mention.url == f"https://bsky.app/profile/maud.example/post/{uri.rsplit('/', 1)[1]}"
        assert (mention.author_url, mention.source_kind) == ("https://bsky.app/profile/maud.example", "jetstream")
        assert mention.language == "fr"
        assert count(session, Item) == 2
    (asked,) = stream.asked
    assert (asked.path, asked.cursor, asked.collections) == ("/subscribe", None, ["app.bsky.feed.post"])
    assert asked.user_agent.startswith("Entregent/")


def test_it_says_since_when_it_listens(runtime: Runtime, stream: Jetstream, keeper: StreamKeeper, clock: Any) -> None:
    heard(stream)
    stream.say("bonjour")
    wait_for(lambda: feed_of(runtime).cursor)
    feed = feed_of(runtime)
    assert listening_since(feed, now=clock()) == clock()
    assert (feed.due_at, feed.state, feed.last_error) == (None, "ok", "")
    assert listening_since(feed, now=clock() + timedelta(minutes=2)) is None  # killed: no sign of life
    keeper.stop(10)
    assert feed_of(runtime).listening_since is None


def test_after_a_break_it_goes_on_where_it_was_and_says_nothing_twice(
    runtime: Runtime, stream: Jetstream, keeper: StreamKeeper
) -> None:
    heard(stream)
    stream.say("Café Lumière, un")
    wait_for(lambda: len(texts(runtime)) == 1)
    cursor = int(wait_for(lambda: feed_of(runtime).cursor))
    stream.refuse = True
    stream.break_off()
    wait_for(lambda: len(stream.asked) >= 4)
    assert feed_of(runtime).last_error != ""
    stream.say("Café Lumière, deux")  # said while nobody listened
    stream.refuse = False
    wait_for(lambda: len(texts(runtime)) == 2)
    assert texts(runtime) == ["Café Lumière, un", "Café Lumière, deux"]
    assert stream.asked[1].cursor == cursor - 5_000_000
    wait_for(lambda: feed_of(runtime).last_error == "")
    assert feed_of(runtime).state == "ok"


def test_a_new_worker_begins_at_the_stored_place_and_not_too_far_back(
    runtime: Runtime, stream: Jetstream, source_id: int, clock: Any
) -> None:
    first = StreamKeeper(runtime, "first", QUICK)
    first.start()
    heard(stream)
    stream.say("Café Lumière, un")
    wait_for(lambda: len(texts(runtime)) == 1)
    first.stop(10)
    stream.say("Café Lumière, deux")
    clock.forward(days=3)
    stream.say("Café Lumière, trois")
    second = StreamKeeper(runtime, "second", QUICK)
    second.start()
    wait_for(lambda: "Café Lumière, trois" in texts(runtime))
    second.stop(10)
    assert texts(runtime) == ["Café Lumière, un", "Café Lumière, trois"]
    assert stream.asked[-1].cursor == int((clock() - timedelta(hours=24)).timestamp() * 1_000_000)


def test_one_worker_listens_and_another_takes_over(
    runtime: Runtime, stream: Jetstream, source_id: int, clock: Any
) -> None:
    with runtime.db.write() as session:
        assert lead(session, "stream jetstream", "elsewhere", for_s=20, now=clock())
    keeper = StreamKeeper(runtime, "here", QUICK)
    keeper.start()
    other = StreamKeeper(runtime, "there", QUICK)
    other.start()
    try:
        wait_for(lambda: keeper._thread.is_alive() and other._thread.is_alive())
        assert stream.asked == []
        clock.forward(seconds=21)  # whoever it was gave no sign of life
        heard(stream)
        stream.say("Café Lumière")
        wait_for(lambda: len(texts(runtime)) == 1)
        assert len(stream.asked) == 1
    finally:
        keeper.stop(10)
        other.stop(10)


def test_what_is_taken_back_at_once_is_not_brought_and_a_mention_stays(
    runtime: Runtime, stream: Jetstream, source_id: int
) -> None:
    keeper = StreamKeeper(runtime, "tests", replace(QUICK, gather_s=1.0))
    keeper.start()
    heard(stream)
    stream.take_back(stream.say("Café Lumière, oups"))
    kept = stream.say("Café Lumière, vrai")
    wait_for(lambda: len(texts(runtime)) == 1)
    stream.take_back(kept)
    cursor = feed_of(runtime).cursor
    wait_for(lambda: feed_of(runtime).cursor != cursor)
    keeper.stop(10)
    assert texts(runtime) == ["Café Lumière, vrai"]


def test_rubbish_is_left_out_and_nothing_but_rubbish_is_no_stream(
    runtime: Runtime, stream: Jetstream, keeper: StreamKeeper, clock: Any
) -> None:
    heard(stream)
    far = int((clock() + timedelta(days=900)).timestamp() * 1_000_000)
    for message in (
        "", "{", "null", "[]", '"x"', "[" * 5_000, '{"time_us": "x"}', '{"time_us": true}', f'{{"time_us": {far}}}',
        json.dumps({"time_us": 1, "did": 5, "kind": "identity"}),
        json.dumps({"time_us": 2, "did": "did:plc:x", "commit": {"collection": "app.bsky.feed.post", "rkey": 5}}),
        json.dumps({"time_us": 3, "did": "did:plc:x", "commit": {"operation": "create", "rkey": "a", "record": []}}),
    ):  # fmt: skip
        stream.tell(message)
    stream.say("Café Lumière \ud800 \x00 vrai", facets=[5, {"features": "x"}], embed=7)
    wait_for(lambda: len(texts(runtime)) == 1)
    assert int(wait_for(lambda: feed_of(runtime).cursor)) < far
    for _ in range(MOST_GARBAGE + 1):
        stream.tell("rubbish")
    wait_for(lambda: feed_of(runtime).last_error == "not_a_feed")


def test_what_cannot_be_passed_is_passed_over(runtime: Runtime, stream: Jetstream, keeper: StreamKeeper) -> None:
    heard(stream)
    stream.say("Café Lumière, un")
    wait_for(lambda: feed_of(runtime).cursor)
    stream.tell("x" * 400_000)  # larger than any post: the connection ends
    wait_for(lambda: any(one.cursor is None for one in stream.asked[1:]))
    heard(stream)
    stream.say("Café Lumière, deux")
    wait_for(lambda: len(texts(runtime)) == 2)


def test_it_listens_for_whom_it_was_switched_on_only(runtime: Runtime, stream: Jetstream, brand_id: int) -> None:
    keeper = StreamKeeper(runtime, "tests", QUICK)
    keeper.start()
    try:
        other = make_brand(runtime, "Librairie Lune")
        make_keyword(runtime, other, "lumière")
        source_id = listen(runtime, brand_id)
        heard(stream)
        stream.say("La lumière du soir")
        stream.say("Café Lumière")  # said last: once it is there, nothing of before is still to come
        wait_for(lambda: len(texts(runtime)) == 1)
        listen(runtime, other)
        stream.say("Encore la lumière")
        wait_for(lambda: len(texts(runtime)) == 2)
        with runtime.db.read() as session:
            assert session.scalars(select(Mention.brand_id).order_by(Mention.id)).all() == [brand_id, other]
            sources = list(session.scalars(select(Source.id).where(Source.keyword_id.is_(None))))
        with runtime.db.write() as session:
            for one in sources:
                if session.get_one(Source, one).removed_at is None:  # one search of a keyword takes its like along
                    remove_source(session, one, now=runtime.clock())
        wait_for(lambda: stream.listening == 0)
        assert source_id in sources
    finally:
        keeper.stop(10)


def test_nobody_takes_all_of_it(runtime: Runtime, brand_id: int, source_id: int) -> None:
    with runtime.db.read() as session:
        assert session.get_one(Source, source_id).take == "matching"
        version = session.get_one(Source, source_id).version
    for attempt in (
        lambda session: create_source(session, brand_id, "jetstream", {}, take="all", now=runtime.clock()),
        lambda session: change_source(session, source_id, {"take": "all"}, version=version, now=runtime.clock()),
    ):
        with pytest.raises(Invalid, match="only what matches"), runtime.db.write() as session:
            attempt(session)


def test_who_cannot_be_named_keeps_their_did(
    runtime: Runtime, stream: Jetstream, keeper: StreamKeeper, feeds: FeedServer
) -> None:
    feeds.put("/xrpc/app.bsky.actor.getProfiles", "no", status=500)
    heard(stream)
    uri = stream.say("Café Lumière")
    wait_for(lambda: len(texts(runtime)) == 1)
    with runtime.db.read() as session:
        mention = all_mentions(session)[0]
        assert mention.author == "did:plc:maud"
        assert mention.url == f"https://bsky.app/profile/did:plc:maud/post/{uri.rsplit('/', 1)[1]}"
        assert session.scalars(select(Change.kind).where(Change.kind == "source.changed")).first() is not None


@pytest.mark.parametrize(
    ("status", "headers"),
    [(302, {"Location": "http://10.0.0.1/"}), (301, {"Location": "ws://[bad"}), (200, {}), (403, {}), (503, {})],
)
def test_what_is_no_stream_is_said_and_no_redirect_is_followed(
    runtime: Runtime, feeds: FeedServer, source_id: int, status: int, headers: dict[str, str]
) -> None:
    feeds.put("/subscribe", "no stream here", status=status, headers=headers)
    endpoints = {**runtime.settings.endpoints, "jetstream": feeds.url}
    elsewhere = replace(runtime, settings=replace(runtime.settings, endpoints=endpoints))
    keeper = StreamKeeper(elsewhere, "tests", QUICK)
    keeper.start()
    wait_for(lambda: feed_of(runtime).last_error == "not_a_feed")
    wait_for(lambda: feed_of(runtime).state == "asleep")
    keeper.stop(10)
    assert len(feeds.asked("/subscribe")) >= 3


def test_an_address_that_is_not_for_us_is_not_connected_to(runtime: Runtime, source_id: int) -> None:
    for address, code in (("ws://10.0.0.1:443", "blocked"), ("ws://127.0.0.1:9", "unreachable")):
        endpoints = {**runtime.settings.endpoints, "jetstream": address}
        keeper = StreamKeeper(replace(runtime, settings=replace(runtime.settings, endpoints=endpoints)), "tests", QUICK)
        keeper.start()
        wait_for(lambda code=code: feed_of(runtime).last_error == code)
        keeper.stop(10)


def test_a_worker_listens_and_stops_at_once(runtime: Runtime, stream: Jetstream, source_id: int) -> None:
    worker = Worker(runtime, {})
    worker.start()
    heard(stream)
    began = time.monotonic()
    worker.stop()
    assert time.monotonic() - began < 5
    wait_for(lambda: stream.listening == 0)
    wait_for(lambda: feed_of(runtime).listening_since is None)


def test_where_one_question_for_names_is_not_answered_no_other_is_asked(runtime: Runtime, feeds: FeedServer) -> None:
    feeds.put("/xrpc/app.bsky.actor.getProfiles", "no", status=500)
    posts = [ReadItem(f"{n}", "https://bsky.app/", author=f"did:{n}", author_handle=f"did:{n}") for n in range(90)]
    named = People().name(runtime.http, feeds.url, posts, now=runtime.clock())
    assert [one.author for one in named] == [one.author for one in posts]
    assert len(feeds.asked("/xrpc/app.bsky.actor.getProfiles")) == 1
