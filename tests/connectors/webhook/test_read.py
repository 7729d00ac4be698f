"""Deliveries in the shapes that programs are used to. No network."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from backend.connectors.webhook.read import MAX_ITEMS, NO_ADDRESS, Unreadable, read_delivery

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def read(value: Any, kind: str = "application/json") -> Any:
    body = value if isinstance(value, (bytes, str)) else json.dumps(value)
    return read_delivery(body.encode() if isinstance(body, str) else body, kind, now=NOW)


def test_plain_json_says_everything() -> None:
    (item,) = read(
        {
            "id": 42,
            "title": "Un avis",
            "text": "<p>Bon <b>café</b></p>",
            "url": "https://www.google.com/url?q=https://avis.example/42",
            "author": {"name": "Maud", "url": "https://avis.example/maud"},
            "published_at": "2026-11-22T10:00:00+01:00",
            "language": "fr-FR",
            "stars": 5,
        }
    ).items
    assert (item.external_id, item.title, item.text, item.author) == ("42", "Un avis", "Bon café", "Maud")
    assert (item.url, item.author_url) == ("https://avis.example/42", "https://avis.example/maud")
    assert (item.published_at, item.language) == (datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "fr")


@pytest.mark.parametrize(
    ("sent", "kind", "said"),
    [
        ([{"text": "Un"}, {"text": "Deux"}], "application/json", [("", "Un"), ("", "Deux")]),
        ({"items": [{"title": "Un"}]}, "application/json", [("Un", "")]),
        ({"text": "See <https://cafe.example|our café> now"}, "", [("", "See our café (https://cafe.example) now")]),
        (
            {"text": "Alert", "attachments": [{"title": "Down", "text": "since 9:00"}, {"fallback": "Up"}]},
            "application/json; charset=utf-8",
            [("Down", "since 9:00"), ("", "Alert")],
        ),
        ({"content": "Hi", "embeds": [{"title": "A review", "description": "Fine"}]}, "", [("A review", "Hi")]),
        (urlencode({"title": "Form", "body": "It works"}), "application/x-www-form-urlencoded", [("Form", "It works")]),
        (
            urlencode({"payload": json.dumps({"text": "As Slack"})}),
            "application/x-www-form-urlencoded",
            [("", "As Slack")],
        ),
        ("just <text>", "text/plain; charset=utf-8", [("", "just <text>")]),
        ("\ufeff" + json.dumps({"title": "BOM"}), "application/json", [("BOM", "")]),
    ],
)
def test_other_shapes_are_understood(sent: Any, kind: str, said: list[tuple[str, str]]) -> None:
    assert [(one.title, one.text) for one in read(sent, kind).items] == said


def test_a_json_feed_is_read_as_one() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Avis",
        "items": [{"id": "1", "url": "https://avis.example/1", "content_text": "Bon", "title": "Un"}],
    }
    (item,) = read(feed).items
    assert (item.external_id, item.url, item.title, item.text) == ("1", "https://avis.example/1", "Un", "Bon")


def test_without_an_id_the_content_says_which_it_is() -> None:
    one, other = read({"text": "Bon café"}).items[0], read({"text": "Bon thé"}).items[0]
    assert one.external_id == read({"text": "Bon café", "published_at": "2026-11-01T00:00:00Z"}).items[0].external_id
    assert one.external_id != other.external_id
    assert one.url != other.url
    assert one.url.startswith(NO_ADDRESS)
    assert read({"text": "x", "url": "javascript:alert(1)"}).items[0].url.startswith(NO_ADDRESS)


@pytest.mark.parametrize(
    ("at", "read_as"),
    [
        (1_795_000_000, "2026-11-18T11:06"),
        (1_795_000_000_123, "2026-11-18T11:06"),
        ("1795000000.5", "2026-11-18T11:06"),
        ("Sun, 22 Nov 2026 08:00:00 GMT", "2026-11-22T08:00"),
        ("2030-01-01T00:00:00Z", None),
        ("soon", None),
        ("0001-01-01T00:00:00Z", None),  # of programs written in Go
        (-5, None),
        (True, None),
        (1e300, None),
        ({"a": 1}, None),
    ],
)
def test_times_in_any_form(at: Any, read_as: str | None) -> None:
    (item,) = read({"text": "x", "published_at": at}).items
    assert (item.published_at.strftime("%Y-%m-%dT%H:%M") if item.published_at else None) == read_as


def test_what_says_nothing_is_named() -> None:
    delivery = read([{"title": ""}, 5, {"text": "  "}, {"text": "yes"}, None, {"text": ["list"]}])
    assert [(one.index, one.why) for one in delivery.refused] == [
        (0, "nothing_said"), (1, "not_an_object"), (2, "nothing_said"), (4, "not_an_object"), (5, "nothing_said"),
    ]  # fmt: skip
    assert [one.text for one in delivery.items] == ["yes"]
    many = read([{"text": str(n)} for n in range(MAX_ITEMS + 3)])
    assert len(many.items) == MAX_ITEMS
    assert {one.why for one in many.refused} == {"too_many"}


@pytest.mark.parametrize(
    "body",
    ["", "{", "5", '"text"', "null", "[" * 100_000, '{"a":' * 50_000],
)
def test_garbage_is_refused(body: str) -> None:
    with pytest.raises(Unreadable):
        read(body)


def test_strange_bytes_do_no_harm() -> None:
    for body in (b"\xff\xfe\x00", b'{"text": "\\ud800 \\u0000 x"}', b'{"text": "\xe9"}', b'{"id": 1e999, "text": "x"}'):
        try:
            delivery = read(body)
        except Unreadable:
            continue
        for item in delivery.items:
            (item.text + item.external_id).encode()
            assert "\0" not in item.text
    named = read('{"id": "a\\u0000\\ud800b", "text": "x", "url": "https://a.example/\\ud800"}').items[0]
    assert (named.external_id, named.url) == ("ab", "https://a.example/")
    assert read('{"id": "\\ud800", "text": "x"}').items[0].external_id.startswith("sha256:")
