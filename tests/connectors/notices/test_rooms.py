"""Webhook, Slack, Discord, Telegram, ntfy against a local server: what is sent, what answers mean, what stays inert."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backend.config import Settings
from backend.connectors.notices import discord, ntfy, slack, telegram
from backend.connectors.notices.base import Line, Notice, Refused, Sent, TryLater, WayOut
from backend.connectors.notices.kinds import SENDERS
from backend.connectors.notices.text import tame, utf16_len
from backend.infra.errors import Invalid
from backend.infra.http import HttpClient
from tests.peers.rooms import Answer, Rooms, open_rooms

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOSTILE = "@everyone <!channel> <@U123> [x](https://evil.example) *b* _i_ `c` <script> \u202eoops\u0000 |~"
LONG = "Le café de la gare est ouvert. 😀 <&> \\" * 300
TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def notice(*lines: Line, **values: Any) -> Notice:
    made = Notice(
        key="cd" * 16,
        kind="mentions",
        language="en",
        zone="Europe/Paris",
        brand="Café Lumière",
        brand_id="1",
        title="Café Lumière: 2 new stories",
        made_at=AT,
        sent_at=AT,
        app_url="http://127.0.0.1:8377/-/app/#/inbox",
        lines=lines,
    )
    return dataclasses.replace(made, **values)


STORY = Line(title="The terrace", text="It is open again", author="Alice", network="web", url="https://a.example/1")
NASTY = Line(title=HOSTILE, text="So: " + HOSTILE, author=HOSTILE, network="web", url="https://a.example/|x>y?a=b&c")


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    with open_rooms() as opened:
        yield opened


@pytest.fixture
def way(rooms: Rooms, tmp_path: Path) -> Iterator[WayOut]:
    endpoints = dict.fromkeys(("slack", "discord", "telegram", "ntfy"), rooms.url)
    settings = Settings(data_dir=tmp_path, allow_private_hosts=frozenset({"127.0.0.1"}), endpoints=endpoints)
    http = HttpClient(allow_private=settings.allow_private_hosts)
    yield WayOut(http, settings)
    http.close()


def given(kind: str, rooms: Rooms) -> Mapping[str, Any]:
    return {
        "webhook": {"url": f"{rooms.url}/hook?key=secret"},
        "slack": {"url": "https://hooks.slack.com/services/T/B/secret"},
        "discord": {"url": "https://discord.com/api/webhooks/1/secret"},
        "telegram": {"token": TOKEN, "chat": "-100123"},
        "ntfy": {"topic": "cafe", "token": "tk_secret"},
    }[kind]


KINDS = ["webhook", "slack", "discord", "telegram", "ntfy"]


def send(kind: str, rooms: Rooms, way: WayOut, said: Notice) -> Any:
    return SENDERS[kind].send(way, SENDERS[kind].set_up(given(kind, rooms), way.settings), said)


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_arrives(kind: str, rooms: Rooms, way: WayOut) -> None:
    assert send(kind, rooms, way, notice(STORY, NASTY)) == Sent()
    assert "The terrace" in rooms.came[0].body.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_answer_means(kind: str, rooms: Rooms, way: WayOut) -> None:
    for answer, expected, code in [
        (Answer(500), TryLater, "http_error"),
        (Answer(503, headers={"Retry-After": "77"}), TryLater, "http_error"),
        (Answer(429, headers={"Retry-After": "77"}), TryLater, "rate_limited"),
        (Answer(silent=True), TryLater, "timeout"),
        (Answer(401), Refused, "unauthorized"),
        (Answer(400), Refused, "refused"),
        (Answer(404), Refused, "not_found"),
        (Answer(302, headers={"Location": "http://169.254.169.254/latest/"}), Refused, "moved"),
    ]:
        rooms.answers.append(answer)
        outcome = send(kind, rooms, way, notice(STORY))
        assert isinstance(outcome, expected), answer
        assert isinstance(outcome, TryLater | Refused)
        assert outcome.code == code
        assert "secret" not in outcome.message
        assert TOKEN not in outcome.message
        if "Retry-After" in answer.headers:
            assert isinstance(outcome, TryLater)
            assert outcome.after_s == 77
    assert len(rooms.came) == 8  # nothing followed a redirect


@pytest.mark.parametrize("kind", KINDS)
def test_a_web_page_that_answers_is_noticed(kind: str, rooms: Rooms, way: WayOut) -> None:
    rooms.answers.append(Answer(200, b"<html>log in", {"Content-Type": "text/html"}))
    outcome = send(kind, rooms, way, notice(STORY))
    if kind == "webhook":  # anybody may answer a program as they like
        assert outcome == Sent("a_page")
    else:
        assert isinstance(outcome, Refused)
        assert outcome.code == "not_this_service"


@pytest.mark.parametrize("kind", ["webhook", "ntfy"])
def test_a_private_address_is_refused_before_anything_leaves(kind: str, rooms: Rooms, way: WayOut) -> None:
    careful = HttpClient()
    setup = SENDERS[kind].set_up(given(kind, rooms), way.settings)
    outcome = SENDERS[kind].send(WayOut(careful, way.settings), setup, notice(STORY))
    careful.close()
    assert isinstance(outcome, Refused)
    assert outcome.code == "blocked"
    assert rooms.came == []


@pytest.mark.parametrize("kind", KINDS)
def test_secrets_stay_out_of_what_is_shown(kind: str, rooms: Rooms, way: WayOut) -> None:
    setup = SENDERS[kind].set_up(given(kind, rooms), way.settings)
    shown = json.dumps(dict(setup.params))
    assert "secret" not in shown
    assert TOKEN not in shown


def test_a_webhook_is_signed_so_that_others_can_check_it(rooms: Rooms, way: WayOut) -> None:
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    setup = SENDERS["webhook"].set_up({**given("webhook", rooms), "signing_secret": secret}, way.settings)
    SENDERS["webhook"].send(way, setup, notice(STORY))
    (came,) = rooms.came
    assert came.headers["webhook-id"] == "cd" * 16
    at = came.headers["webhook-timestamp"]
    assert at == str(int(AT.timestamp()))
    signed = f"{'cd' * 16}.{at}.".encode() + came.body
    expected = base64.b64encode(hmac.digest(b"k" * 32, signed, hashlib.sha256)).decode()
    assert came.headers["webhook-signature"] == f"v1,{expected}"
    assert came.json["type"] == "alert.mentions"
    assert came.json["data"]["mentions"][0]["title"] == "The terrace"


def test_slack_reads_nothing_in_hostile_text_as_an_order() -> None:
    said = slack.payload(notice(NASTY, title=HOSTILE, body=HOSTILE))
    texts = [block["text"]["text"] for block in said["blocks"] if "text" in block]
    texts += [element["text"] for block in said["blocks"] for element in block.get("elements", [])]
    for text in texts[1:]:
        for piece in text.split("<")[1:]:
            assert piece.startswith(("https://", "http://")), text
            assert piece.split(">")[0].count("|") == 1
    assert "<!channel>" not in said["text"]
    assert all(ch not in "".join(texts) for ch in "\u202e\0")


def test_slack_keeps_its_limits() -> None:
    lines = [Line(title=LONG, text=LONG + "x", author=LONG, url="https://a.example/") for _ in range(50)]
    said = slack.payload(notice(*lines, title=LONG, body=LONG))
    assert len(said["blocks"]) <= 50
    assert len(said["blocks"][0]["text"]["text"]) <= 150
    assert all(len(b["text"]["text"]) <= 3000 for b in said["blocks"] if "text" in b)
    assert "38 more stories" in json.dumps(said)


def test_discord_pings_nobody_and_reads_no_markdown() -> None:
    said = discord.payload(notice(NASTY, title=HOSTILE, body=HOSTILE))
    assert said["allowed_mentions"] == {"parse": []}
    for text in (said["content"], said["embeds"][0]["title"], said["embeds"][0]["description"]):
        assert "\\@everyone" in text
        assert "\\[x\\]\\(https\\://" in text
        assert "\u202e" not in text


def test_discord_keeps_its_limits() -> None:
    lines = [Line(title=LONG, text=LONG + "x", author=LONG, url="https://a.example/") for _ in range(50)]
    said = discord.payload(notice(*lines, title=LONG, body=LONG))
    assert len(said["content"]) <= 2000
    assert len(said["embeds"]) <= 10
    assert all(len(one["title"]) <= 256 and len(one["description"]) <= 4096 for one in said["embeds"])
    everything = sum(len(o["title"]) + len(o["description"]) + len(o["footer"]["text"]) for o in said["embeds"])
    assert everything <= 6000


def test_telegram_reads_hostile_text_as_text_and_pings_nobody() -> None:
    text = telegram.write(notice(NASTY, title=HOSTILE, body=HOSTILE))
    assert "<script" not in text
    assert "<!channel" not in text
    assert "@everyone" not in text  # a word joiner stands between
    assert text.count("<a ") == text.count("</a>")
    assert text.count("<b>") == text.count("</b>") == 1


def test_telegram_keeps_its_limit() -> None:
    lines = [Line(title=LONG, text=LONG + "x", author=LONG, url="https://a.example/" + "x" * 1500) for _ in range(50)]
    text = telegram.write(notice(*lines, title=LONG, body=LONG))
    assert utf16_len(text) <= 4096
    assert text.count("<a ") == text.count("</a>")


def test_telegram_says_in_its_own_words_what_is_wrong(rooms: Rooms, way: WayOut) -> None:
    as_json = {"Content-Type": "application/json"}
    rooms.answers += [
        Answer(400, b'{"ok":false,"description":"Bad Request: chat not found"}', as_json),
        Answer(404, b'{"ok":false,"description":"Not Found"}', as_json),
        Answer(429, b'{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":33}}', as_json),
    ]
    assert send("telegram", rooms, way, notice(STORY)).code == "chat_not_found"
    assert send("telegram", rooms, way, notice(STORY)).code == "unauthorized"
    assert send("telegram", rooms, way, notice(STORY)).after_s == 33


def test_ntfy_keeps_its_limit_and_wakes_for_complaints() -> None:
    lines = [Line(title=LONG, author=LONG, url="https://a.example/") for _ in range(50)]
    said = ntfy.payload(notice(*lines, title=LONG, body=LONG, kind="complaint_spike"))
    assert len(said["message"].encode()) <= 4096
    assert said["priority"] == 4
    assert said["click"].startswith("http://127.0.0.1")


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("webhook", {"url": "ftp://a.example"}, "url"),
        ("webhook", {"url": "http://a.example/hook"}, "url"),
        ("webhook", {"url": "https://user:pass@a.example/"}, "url"),
        ("webhook", {"url": "https://a.example/", "signing_secret": "short"}, "signing_secret"),
        ("webhook", {"url": "https://[::1"}, "url"),
        ("slack", {"url": "hooks.slack.com/x"}, "url"),
        ("discord", {"url": "https://evil.example/api/webhooks/1/x"}, "url"),
        ("telegram", {"token": "x", "chat": "1"}, "token"),
        ("telegram", {"token": TOKEN, "chat": "my room"}, "chat"),
        ("ntfy", {"topic": "a b"}, "topic"),
        ("ntfy", {"topic": "a", "server": "http://ntfy.example"}, "server"),
    ],
)
def test_settings_that_cannot_work_are_refused(kind: str, wrong: dict[str, Any], field: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        SENDERS[kind].set_up(wrong, Settings(data_dir=tmp_path))
    assert field in refused.value.fields


def test_tamed_text_keeps_what_people_need() -> None:
    assert tame("👩\u200d🚀 l’été\u202f: oui") == "👩\u200d🚀 l’été\u202f: oui"
    assert tame("a\u202eb\u200bc\x07d\n\ne") == "abc d e"
