"""What hostile people say is stored, found, and shown as text; it never breaks a list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from backend.inbox.mentions import Filter, list_mentions
from backend.inbox.models import Mention
from backend.infra.runtime import Runtime
from tests.factories import Api, runtime_of
from tests.peers.feeds import FeedServer
from tests.unit.listening.make import make_brand, make_source, poll_due

HOSTILE = {
    "script": "<script>alert(1)</script>Bonjour <img src=x onerror=alert(2)>",
    "turned": "avant \u202edercne\u202c après \u2066isolé",
    "invisible": "Ca\u200bfé\u2060 Lu\u00admière\ufeff",
    "zalgo": "C" + "\u0301" * 400 + "afé",
    "long": "très long " * 9_000,
    "nul": "avant\x00après",
    "halves": "moitié \ud83d seule",
    "emoji": "👩‍👩‍👧‍👦" * 300,
    "numbers": "9" * 5_000,
    "one word": "a" * 20_000,
    "markup": "]]> --> ' \" ; DROP TABLE mentions; %s {0} ${x} {{author.name}}",
}
FAR = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "2026-11-23T09:00:00+14:00"]


def save(api: Api, n: int, **fields: Any) -> Any:
    body = {"url": f"https://forum.example/{n}", "network": "forum", "author": "Awa", "text": "Au café", **fields}
    return api.post("/mentions", body)


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_text_in_any_field_is_stored_as_text_and_listed(api: Api, brand: dict[str, Any], name: str) -> None:
    text = HOSTILE[name]
    for n, fields in enumerate(
        (
            {"text": text},
            {"title": text[:2_000]},
            {"author": text[:500]},
            {"note": text[:10_000]},
            {"tags": [text[:60]]},
        )
    ):
        made = save(api, n, **fields)
        assert made.status in (201, 400, 422), (fields.keys(), made.json)
    listed = api.get("/mentions?limit=200")
    assert listed.status == 200
    for one in listed.json["items"]:
        assert "\0" not in str(one)
    assert api.get("/mentions/stats").status == 200
    assert api.get("/mentions?q=café").status == 200
    # What was said stays what was said: the interface shows it as text, tags and all.
    if name == "script":
        assert any(one["text"] == text for one in listed.json["items"])


def test_dates_far_off_neither_break_the_order_nor_stand_above_what_is_new(api: Api, brand: dict[str, Any]) -> None:
    for n, at in enumerate(FAR):
        assert save(api, n, published_at=at).status == 201, at
    assert save(api, 99, text="just now").status == 201
    first, *_ = page = api.get("/mentions").json["items"]
    assert len(page) == 5
    assert first["seen_at"] >= page[-1]["seen_at"]
    assert all((one["published_at"] or "") <= "2026-11-23T09:00:00.000Z" for one in page)
    cursor, seen = None, []
    while True:
        answer = api.get(f"/mentions?limit=1{f'&cursor={cursor}' if cursor else ''}").json
        seen += [one["id"] for one in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert seen == [one["id"] for one in page]


@pytest.mark.parametrize("moment", [*FAR, "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_date_far_off_breaks_neither_stories_nor_figures_in_any_zone(
    api: Api, brand: dict[str, Any], moment: str
) -> None:
    changed = api.patch(f"/brands/{brand['id']}", {"time_zone": "America/New_York", "version": 1})
    assert changed.status == 200
    made = save(api, 1, text="The terrace by the quay is open again this week", published_at=moment)
    assert made.status == 201, made.json
    stats = api.get("/mentions/stats?facets=week")
    assert (stats.status, stats.json["total"]) == (200, 1)
    quoted = moment.replace("+", "%2B")
    assert api.get(f"/mentions?since={quoted}").status in (200, 422)
    assert api.get(f"/mentions?until={quoted}").status in (200, 422)
    where = f"/mentions/{made.json['id']}"
    assert api.patch(where, {"snoozed_until": moment, "version": 1}).status in (200, 422)
    assert api.get("/mentions").status == 200


def test_figures_pass_over_a_moment_that_a_zone_does_not_have(api: Api, brand: dict[str, Any]) -> None:
    api.patch(f"/brands/{brand['id']}", {"time_zone": "America/New_York", "version": 1})
    made = save(api, 1)
    runtime = runtime_of(api.app)
    with runtime.db.write() as session:  # as an earlier release stored it
        session.get_one(Mention, int(made.json["id"])).sorted_at = datetime(1, 1, 1, tzinfo=UTC)
    stats = api.get("/mentions/stats?facets=week")
    assert (stats.status, stats.json["total"]) == (200, 1)


@pytest.mark.parametrize("text", ["x" * 1_100_000, "Au café, encore. " * 65_000, "\u202e<b>\n" * 180_000])
def test_of_a_megabyte_the_beginning_is_kept_and_the_list_holds(api: Api, brand: dict[str, Any], text: str) -> None:
    made = save(api, 2, text=text)
    assert made.status == 201, made.json
    (listed,) = api.get("/mentions").json["items"]
    assert listed["text"]
    assert text.startswith(listed["text"][:10_000])
    assert len(listed["text"]) <= 20_000
    assert api.get("/mentions?q=caf*").status == 200


def test_what_no_post_can_be_is_refused_by_name_and_nothing_is_lost(api: Api, brand: dict[str, Any]) -> None:
    kept = save(api, 1)
    refused = save(api, 2, text="x" * 2_100_000)
    assert (refused.status, list(refused.json["error"]["fields"])) == (422, ["text"])
    assert [one["id"] for one in api.get("/mentions").json["items"]] == [kept.json["id"]]


def test_a_hostile_feed_becomes_plain_mentions(runtime: Runtime, feeds: FeedServer) -> None:
    items = "".join(
        f"<item><guid>{n}</guid><link>https://evil.example/{n}</link>"
        f"<title>&lt;script&gt;alert({n})&lt;/script&gt;Café {name} numéro {n} du quai des orfèvres</title>"
        f"<author>&lt;b&gt;{name}</author><pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>"
        f"<description>{'&lt;div&gt;' * 200}Café {name} \u202e turned</description></item>"
        for n, name in enumerate(("un", "deux", "trois"))
    )
    document = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"
    url = feeds.put("/evil.xml", document)
    brand_id = make_brand(runtime)
    make_source(runtime, brand_id, url)
    poll_due(runtime)
    with runtime.db.read() as session:
        found = list_mentions(session, [brand_id], Filter(), now=runtime.clock())
    assert len(found) == 3
    for mention in found:
        assert "<" not in mention.title + mention.text
        assert "alert" not in mention.title
