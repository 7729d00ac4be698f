"""What Bluesky gets from us: frozen bytes, facets by byte offsets, images, replies; all on a real PDS."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.accounts.networks import check_account
from backend.connectors.base import (
    AccountFacts,
    Media,
    NotThere,
    Outgoing,
    Published,
    Rejected,
    Unauthorized,
    Uncertain,
)
from backend.connectors.bluesky.publish import PUBLISHER, BlueskyPublisher
from backend.connectors.bluesky.tid import ALPHABET, make_tid
from backend.connectors.entities import find_tags, find_urls
from backend.infra.runtime import Runtime
from tests.peers.servers import PEERS, BlueskyAccount, Pds, find_node
from tests.unit.publishing.pictures import png

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"
FACTS = AccountFacts("did:plc:abc", "@cafe.test", server="http://127.0.0.1:1")


@pytest.fixture
def account(sqlite_runtime: Runtime, pds_server: Pds, bluesky_account: BlueskyAccount) -> AccountFacts:
    given = {"identifier": bluesky_account.handle, "app_password": bluesky_account.app_password}
    return check_account(sqlite_runtime, "bluesky", pds_server.url, given, now=AT)


@pytest.fixture
def credentials(bluesky_account: BlueskyAccount) -> dict[str, str]:
    return {"identifier": bluesky_account.handle, "app_password": bluesky_account.app_password}


def send(runtime: Runtime, account: AccountFacts, credentials: dict[str, str], post: Outgoing, key: str = KEY) -> Any:
    payload = PUBLISHER.plan(post, account, key=key, now=AT)
    prepared = PUBLISHER.prepare(runtime.http, account, credentials, payload)
    assert isinstance(prepared, dict), prepared
    return PUBLISHER.commit(runtime.http, account, credentials, prepared)


def test_a_plan_is_these_bytes_and_no_others() -> None:
    text = "Café ☕ ouvert : https://cafe.example/menu?x=1, #lumière @alice.test"
    assert PUBLISHER.plan(Outgoing(text, "fr"), FACTS, key=KEY, now=AT) == {
        "repo": "did:plc:abc",
        "rkey": make_tid(AT, KEY),
        "record": {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": "2026-11-23T09:00:00.000Z",
            "langs": ["fr"],
            "facets": [
                {
                    "index": {"byteStart": 19, "byteEnd": 48},
                    "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://cafe.example/menu?x=1"}],
                },
                {
                    "index": {"byteStart": 50, "byteEnd": 59},
                    "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "lumière"}],
                },
            ],
        },
        "mentions": [
            {
                "handle": "alice.test",
                "facet": {
                    "index": {"byteStart": 60, "byteEnd": 71},
                    "features": [{"$type": "app.bsky.richtext.facet#mention"}],
                },
            }
        ],
        "in_reply_to": "",
        "media": [],
    }


def test_a_plan_of_a_plain_text_has_nothing_to_spare() -> None:
    record = PUBLISHER.plan(Outgoing("Bonjour"), FACTS, key=KEY, now=AT)["record"]
    assert record == {"$type": "app.bsky.feed.post", "text": "Bonjour", "createdAt": "2026-11-23T09:00:00.000Z"}


@given(st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)), st.binary(min_size=16, max_size=16))  # noqa: DTZ001
def test_a_record_key_is_a_tid_of_its_moment(at: datetime, key: bytes) -> None:
    moment = at.replace(tzinfo=UTC)
    tid = make_tid(moment, key.hex())
    assert len(tid) == 13
    assert set(tid) <= set(ALPHABET)
    assert tid == make_tid(moment, key.hex())
    assert tid < make_tid(moment + timedelta(seconds=2), key.hex())


def test_posts_of_one_moment_have_keys_of_their_own() -> None:
    keys = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(2000)]
    assert len({make_tid(AT, key) for key in keys}) == 2000


def test_facets_are_those_that_blueskys_own_client_finds() -> None:
    texts = [
        "Café ☕ ouvert : https://cafe.example/menu?x=1, #lumière",
        "#a #b-c #1 #2nd #été! (#nope) x#nope ##no #fin.",
        "(voir https://cafe.example/a_b) https://cafe.example.",
        "👨‍👩‍👧‍👦 https://cafe.example/👍 #👍",
        "# #, #日本語 ＃全角",
    ]
    script = f"""
        import {{ RichText }} from {json.dumps(str(PEERS / "node_modules/@atproto/api/dist/index.js"))};
        const texts = JSON.parse((await import("node:fs")).readFileSync(0, "utf8"));
        console.log(JSON.stringify(texts.map((text) => {{
          const rich = new RichText({{ text }});
          rich.detectFacetsWithoutResolution();
          return (rich.facets ?? []).map((one) => one.features[0]).map((one) => one.uri ?? one.tag).filter(Boolean);
        }})));
    """
    done = subprocess.run(
        [find_node(), "--input-type=module", "-e", script],
        input=json.dumps(texts), capture_output=True, text=True, check=True,
    )  # fmt: skip
    ours = [[one.value for one in find_urls(text)] + [one.value for one in find_tags(text)] for text in texts]
    assert [sorted(one) for one in json.loads(done.stdout)] == [sorted(one) for one in ours]


def test_a_post_with_an_image_a_mention_and_a_link_is_taken_by_the_server(
    sqlite_runtime: Runtime, pds_server: Pds, bluesky_account: BlueskyAccount, account: AccountFacts,
    credentials: dict[str, str], tmp_path: Path,
) -> None:  # fmt: skip
    path = tmp_path / "cup.png"
    path.write_bytes(png(40, 30))
    text = f"Merci @{bluesky_account.handle} et @nobody.invalid ☕ https://cafe.example/"
    media = (Media(str(path), "image/png", "Une tasse", 40, 30),)
    outcome = send(sqlite_runtime, account, credentials, Outgoing(text, "fr", media))
    assert isinstance(outcome, Published), outcome
    (record,) = pds_server.records(bluesky_account)
    assert record["uri"] == outcome.remote_id
    (image,) = record["value"]["embed"]["images"]
    assert (image["alt"], image["aspectRatio"]) == ("Une tasse", {"width": 40, "height": 30})
    facets = {one["features"][0]["$type"].split("#")[1]: one for one in record["value"]["facets"]}
    assert set(facets) == {"link", "mention"}
    assert facets["mention"]["features"][0]["did"] == bluesky_account.did
    start, end = facets["mention"]["index"]["byteStart"], facets["mention"]["index"]["byteEnd"]
    assert text.encode()[start:end].decode() == f"@{bluesky_account.handle}"


def test_sending_the_same_bytes_again_changes_nothing_and_other_bytes_are_refused(
    sqlite_runtime: Runtime, pds_server: Pds, bluesky_account: BlueskyAccount, account: AccountFacts,
    credentials: dict[str, str],
) -> None:  # fmt: skip
    for _ in range(3):
        assert isinstance(send(sqlite_runtime, account, credentials, Outgoing("Bonjour")), Published)
    other = send(sqlite_runtime, account, credentials, Outgoing("Bonsoir"))
    assert isinstance(other, Uncertain)
    assert pds_server.texts(bluesky_account) == ["Bonjour"]


def test_a_lost_answer_is_found_by_its_key(
    sqlite_runtime: Runtime, account: AccountFacts, credentials: dict[str, str]
) -> None:
    payload = PUBLISHER.plan(Outgoing("Bonjour"), account, key=KEY, now=AT)
    look = {"armed_at": AT, "now": AT}
    assert PUBLISHER.reconcile(sqlite_runtime.http, account, credentials, payload, **look) == NotThere()
    send(sqlite_runtime, account, credentials, Outgoing("Bonjour"))
    found = PUBLISHER.reconcile(sqlite_runtime.http, account, credentials, payload, **look)
    assert isinstance(found, Published)
    assert found.remote_url == f"https://bsky.app/profile/{account.handle[1:]}/post/{payload['rkey']}"


def test_a_reply_names_its_parent_and_the_root_of_the_thread(
    sqlite_runtime: Runtime, pds_server: Pds, bluesky_account: BlueskyAccount, account: AccountFacts,
    credentials: dict[str, str],
) -> None:  # fmt: skip
    root = send(sqlite_runtime, account, credentials, Outgoing("Question"), "1" * 32)
    first = send(sqlite_runtime, account, credentials, Outgoing("Réponse", in_reply_to=root.remote_url), "2" * 32)
    second = send(sqlite_runtime, account, credentials, Outgoing("Merci", in_reply_to=first.remote_id), "3" * 32)
    values = {one["uri"]: one["value"] for one in pds_server.records(bluesky_account)}
    assert values[first.remote_id]["reply"]["parent"]["uri"] == root.remote_id
    assert values[second.remote_id]["reply"]["parent"]["uri"] == first.remote_id
    assert values[second.remote_id]["reply"]["root"]["uri"] == root.remote_id
    gone = PUBLISHER.plan(Outgoing("?", in_reply_to=root.remote_url[:-3] + "zzz"), account, key=KEY, now=AT)
    assert isinstance(PUBLISHER.prepare(sqlite_runtime.http, account, credentials, gone), Rejected)


def test_what_is_too_long_for_the_server_is_a_clean_no(
    sqlite_runtime: Runtime, account: AccountFacts, credentials: dict[str, str]
) -> None:
    outcome = send(sqlite_runtime, account, credentials, Outgoing("a" * 301))
    assert isinstance(outcome, Rejected)
    assert "grapheme" in outcome.message


def test_an_expired_token_is_renewed_and_a_revoked_password_is_told(
    sqlite_runtime: Runtime, pds_server: Pds, bluesky_account: BlueskyAccount, account: AccountFacts,
    credentials: dict[str, str],
) -> None:  # fmt: skip
    publisher = BlueskyPublisher()
    session = publisher.sessions.open(sqlite_runtime.http, account.server, credentials)
    for key in list(publisher.sessions._kept):
        publisher.sessions._kept[key] = replace(session, token=session.token[:-4] + "AAAA")
    payload = publisher.plan(Outgoing("Bonjour"), account, key=KEY, now=AT)
    assert isinstance(publisher.commit(sqlite_runtime.http, account, credentials, payload), Published)
    login = {"identifier": bluesky_account.handle, "password": bluesky_account.password}
    owner = pds_server.call("com.atproto.server.createSession", login)
    pds_server.call("com.atproto.server.revokeAppPassword", {"name": "entregent"}, token=owner["accessJwt"])
    # A token that was given out lives on for its two hours; a new log-in does not come through.
    outcome = BlueskyPublisher().commit(sqlite_runtime.http, account, credentials, payload)
    assert isinstance(outcome, Unauthorized), outcome


def test_a_process_logs_in_once(
    sqlite_runtime: Runtime, account: AccountFacts, credentials: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher, logins = BlueskyPublisher(), []
    real = sqlite_runtime.http.post

    def spy(url: str, **words: Any) -> Any:
        logins.append(url.rsplit(".", 1)[-1])
        return real(url, **words)

    monkeypatch.setattr(sqlite_runtime.http, "post", spy)
    for number in range(3):
        payload = publisher.plan(Outgoing(f"Numéro {number}"), account, key=f"{number:032x}", now=AT)
        prepared = publisher.prepare(sqlite_runtime.http, account, credentials, payload)
        assert isinstance(prepared, dict)
        publisher.commit(sqlite_runtime.http, account, credentials, prepared)
    assert logins == ["createSession", "putRecord", "putRecord", "putRecord"]


def test_a_file_that_is_gone_is_said(
    sqlite_runtime: Runtime, account: AccountFacts, credentials: dict[str, str], tmp_path: Path
) -> None:
    post = Outgoing("x", media=(Media(str(tmp_path / "gone.png"), "image/png", ""),))
    payload = PUBLISHER.plan(post, account, key=KEY, now=AT)
    outcome = PUBLISHER.prepare(sqlite_runtime.http, account, credentials, payload)
    assert isinstance(outcome, Rejected)
    assert outcome.code == "media_missing"
