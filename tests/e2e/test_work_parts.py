"""The sums behind the work pages: marks, the window on long lists, merged pages, wall times, variables, intents."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from backend.publishing.wall_time import resolve_wall_time
from backend.replies.variables import Values, fill
from tests.peers.servers import find_node

PARTS = Path(__file__).parent / "work_parts.mjs"


def call(*calls: tuple[str, str, list[Any]]) -> list[Any]:
    """Each (part, function, arguments) → its value."""
    given = [{"part": part, "name": name, "args": args} for part, name, args in calls]
    done = subprocess.run(
        [find_node(), str(PARTS)], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    values: list[Any] = json.loads(done.stdout)
    return values


def mention(text: str, *ranges: tuple[int, int], title: str = "", **rest: Any) -> dict[str, Any]:
    highlights = [{"field": "text", "start": start, "end": end} for start, end in ranges]
    return {"title": title, "text": text, "keywords": [{"id": "1", "name": "k", "highlights": highlights}], **rest}


def lit(pieces: list[dict[str, Any]]) -> list[str]:
    return [piece["text"] for piece in pieces if piece["lit"]]


def test_highlights_are_counted_in_code_points_and_not_in_utf16() -> None:
    text = "🥐👨‍👩‍👧 Café Lumière"
    start = text.index("Café")
    [pieces] = call(("inbox/highlight", "piecesOf", [mention(text, (start, start + 12)), "text"]))
    assert lit(pieces) == ["Café Lumière"]
    assert "".join(piece["text"] for piece in pieces) == text


def test_highlights_that_overlap_or_lie_outside_are_harmless() -> None:
    wild = mention("abcdef", (1, 3), (2, 5), (4, 99), (-3, 2), (50, 60), (3, 3))
    [pieces] = call(("inbox/highlight", "piecesOf", [wild, "text"]))
    assert lit(pieces) == ["bcdef"]
    assert "".join(piece["text"] for piece in pieces) == "abcdef"


def test_a_row_begins_near_its_first_match() -> None:
    text = "mot " * 60 + "brunch dimanche"
    at = text.index("brunch")
    [pieces] = call(("inbox/highlight", "lineOf", [mention(text, (at, at + 6))]))
    line = "".join(piece["text"] for piece in pieces)
    assert line.startswith("… mot")
    assert line.index("brunch") < 40


def test_the_window_draws_what_is_seen_of_a_hundred_thousand_rows() -> None:
    heights = {"count": 100_000, "unfolded": 10, "unfolded_px": 152}
    span, total, top, row = call(
        ("inbox/window", "spanAt", [52 * 50_000 + 100, 600, heights]),
        ("inbox/window", "totalPx", [heights]),
        ("inbox/window", "topOf", [50_000, heights]),
        ("inbox/window", "rowAt", [52 * 50_000 + 100, heights]),
    )
    assert row == 50_000
    assert top == 52 * 50_000 + 100
    assert total == 52 * 100_000 + 100
    assert span[0] <= 50_000 < span[1]
    assert span[1] - span[0] < 40


def test_scrolling_to_a_row_moves_only_as_far_as_needed() -> None:
    heights = {"count": 100, "unfolded": 20, "unfolded_px": 200}
    seen, below, above = call(
        ("inbox/window", "scrollFor", [20, 800, 600, heights]),
        ("inbox/window", "scrollFor", [20, 500, 600, heights]),
        ("inbox/window", "scrollFor", [3, 800, 600, heights]),
    )
    assert (seen, below, above) == (800, 20 * 52 + 200 - 600, 3 * 52)


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
def test_wall_times_mean_here_what_they_mean_on_the_server(zone: str) -> None:
    nights = ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04", "2026-12-01"]
    walls = [
        f"{night}T{hour:02}:{minute}" for night in nights for hour in (0, 1, 2, 3, 9, 23) for minute in ("00", "30")
    ]
    here = call(*(("compose/wall", "resolveWall", [wall, zone]) for wall in walls))
    for wall, found in zip(walls, here, strict=True):
        there = resolve_wall_time(wall, zone)
        assert found == {"utc": there.utc.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "odd": there.odd}, (wall, zone)


def test_what_is_no_wall_time_gives_none() -> None:
    assert call(
        ("compose/wall", "resolveWall", ["2026-12-01", "Europe/Paris"]),
        ("compose/wall", "resolveWall", ["T09:00", "Europe/Paris"]),
        ("compose/wall", "resolveWall", ["2026-12-01T09:00", "Europe/Nowhere"]),
    ) == [None, None, None]


@pytest.mark.parametrize("author", ["Maud", ""])
def test_the_preview_of_a_reply_reads_as_the_server_fills_it(author: str) -> None:
    texts = [
        "Bonjour {{author.name}}, merci !",
        "{{author.name}}, merci beaucoup.",
        "Merci {{author.name|à vous}}. {{ author.name }}, à bientôt au {{brand.name}}.",
        "Voici : {{link:https://cafe.example/menu}} et {{ask:Numéro de commande}}, {{ask: Jour }}.",
        "Rien ici",
        "Bonjour {{AUTHOR.NAME}} !\n{{author.name}}; deux.",
    ]
    found = call(*(("replies/variables", "fillSample", [text, {"author": author, "brand": "Café"}]) for text in texts))
    filled = ["".join(part["text"] for part in parts) for parts in found]
    assert filled == [fill(text, Values(brand_name="Café", author=author)).text for text in texts]


def test_the_preview_marks_what_the_server_will_refuse() -> None:
    wrong = ["{{nobody}}", "{{ask:}}", "{{link:ftp://x}}", "{{author.name", "{{ask:a[b]}}"]
    for parts in call(*(("replies/variables", "fillSample", [text, {"author": "", "brand": ""}]) for text in wrong)):
        assert "wrong" in {part["kind"] for part in parts}, parts


def test_intents_carry_text_and_address_where_each_network_takes_them() -> None:
    def network(name: str, template: str, *carries: str) -> dict[str, Any]:
        return {"network": name, "name": name, "share_intent": {"template": template, "carries": carries}}

    networks = [
        network("x", "https://x.com/intent/tweet?text={text}&url={url}", "text", "url"),
        network("facebook", "https://www.facebook.com/sharer/sharer.php?u={url}", "url"),
        network("whatsapp", "https://wa.me/?text={text}", "text"),
        network("mastodon", "{server}/share?text={text}", "text"),
        network("bad", "javascript:alert({text})", "text"),
    ]
    text = "Samedi & dimanche https://cafe.example/a?b=1."
    full, bare = call(
        ("compose/share", "intentsFor", [networks, text]), ("compose/share", "intentsFor", [networks, "Oui"])
    )
    addresses = {one["network"]: one["url"] for one in full}
    assert addresses == {
        "x": "https://x.com/intent/tweet?text=Samedi%20%26%20dimanche%20.&url=https%3A%2F%2Fcafe.example%2Fa%3Fb%3D1",
        "facebook": "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fcafe.example%2Fa%3Fb%3D1",
        "whatsapp": "https://wa.me/?text=Samedi%20%26%20dimanche%20https%3A%2F%2Fcafe.example%2Fa%3Fb%3D1.",
    }
    assert [one["network"] for one in full if one["needs_paste"]] == ["facebook"]
    assert {one["network"]: one["url"] for one in bare} == {
        "x": "https://x.com/intent/tweet?text=Oui",
        "whatsapp": "https://wa.me/?text=Oui",
    }


def rows(*ids: int) -> list[dict[str, Any]]:
    return [{"id": str(one), "version": 1} for one in ids]


def test_a_fresh_first_page_keeps_what_was_read_below() -> None:
    page = {"items": rows(9, 8, 6), "next_cursor": "c"}
    [merged] = call(("inbox/merge", "mergeFirstPage", [rows(8, 7, 6, 5, 4), page, {"$ids": []}]))
    assert [one["id"] for one in merged["items"]] == ["9", "8", "6", "5", "4"]
    assert merged["cut"] is False


def test_a_first_page_that_does_not_meet_the_old_rows_stands_alone() -> None:
    page = {"items": rows(20, 19, 18), "next_cursor": "c"}
    [merged] = call(("inbox/merge", "mergeFirstPage", [rows(8, 7), page, {"$ids": []}]))
    assert [one["id"] for one in merged["items"]] == ["20", "19", "18"]
    assert merged["cut"] is True


def test_what_we_took_away_stays_away_while_the_server_still_has_it() -> None:
    page = {"items": rows(9, 8, 7), "next_cursor": None}
    [merged] = call(("inbox/merge", "mergeFirstPage", [rows(9, 7), page, {"$ids": ["8", "7"]}]))
    assert [one["id"] for one in merged["items"]] == ["9", "7"]


def test_a_link_without_clicks_has_a_bar_of_nothing_for_every_day() -> None:
    stats = {"people": 3, "previews": 1, "robots": 0, "visitors": 2, "by": []}
    series = [{"at": "2026-11-20T00:00:00Z", "people": 3, "previews": 1, "robots": 0}]
    buckets, *tops = call(
        ("links/series", "bucketsOf", [{**stats, "series": series}, "week", {"$date": "2026-11-23T09:00:00Z"}]),
        *(("links/series", "niceTop", [n]) for n in (0, 3, 5, 41, 702)),
    )
    assert len(buckets) == 7
    assert [one["people"] for one in buckets] == [0, 0, 0, 3, 0, 0, 0]
    assert tops == [4, 4, 5, 50, 1000]


def test_when_to_put_off_until_is_said_on_the_brands_wall() -> None:
    def choices(now: str, zone: str = "Europe/Paris") -> dict[str, str]:
        [found] = call(("inbox/when", "whenChoices", [zone, {"$date": now}]))
        return {one["name"]: one["until"] for one in found}

    tuesday = choices("2026-11-24T13:20:00Z")  # 14:20 in Paris
    assert tuesday == {
        "today": "2026-11-24T17:00:00.000Z",
        "tomorrow": "2026-11-25T08:00:00.000Z",
        "monday": "2026-11-30T08:00:00.000Z",
        "week": "2026-12-01T08:00:00.000Z",
    }
    # Sunday: Monday is tomorrow. Monday: the next one is in a week. Late: today is over.
    assert list(choices("2026-11-29T09:00:00Z")) == ["today", "tomorrow", "week"]
    assert list(choices("2026-11-30T09:00:00Z")) == ["today", "tomorrow", "monday"]
    assert "today" not in choices("2026-11-24T19:30:00Z")
    # Nine stays nine over the change of the clocks, and the day is the brand's: it is Wednesday in Auckland already.
    assert choices("2026-10-24T10:00:00Z")["tomorrow"] == "2026-10-25T08:00:00.000Z"
    assert choices("2026-11-24T13:20:00Z", "Pacific/Auckland")["tomorrow"] == "2026-11-25T20:00:00.000Z"


def test_a_stretch_read_again_takes_the_place_of_what_it_was() -> None:
    old = rows(20, 19, 18, 17, 16, 15, 14)
    middle = {"items": rows(18, 170, 16), "more_above": True, "next_cursor": "c"}
    top = {"items": rows(21, 20), "more_above": False, "next_cursor": "c"}
    elsewhere = {"items": rows(3, 2), "more_above": True, "next_cursor": "c"}
    [first, second, third, stale] = call(
        ("inbox/merge", "mergeStretch", [old, middle, {"$ids": []}]),
        ("inbox/merge", "mergeStretch", [old, top, {"$ids": []}]),
        ("inbox/merge", "mergeStretch", [old, elsewhere, {"$ids": []}]),
        ("inbox/merge", "mergeStretch", [rows(20, 18, 16), middle, {"$ids": ["170"]}]),
    )
    assert [one["id"] for one in first] == ["20", "19", "18", "170", "16", "15", "14"]
    assert [one["id"] for one in second] == ["21", "20", "19", "18", "17", "16", "15", "14"]
    assert [one["id"] for one in third] == ["20", "19", "18", "17", "16", "15", "14"]
    assert [one["id"] for one in stale] == ["20", "18", "16"]


def test_to_answer_lets_go_what_is_being_answered_and_keeps_what_could_not_be() -> None:
    states = ("scheduled", "armed", "uncertain", "retry_wait", "published", "rejected", "needs_you", "held")
    row = {"status": "open", "about_us": "yes", "snoozed_until": None, "story_id": None}
    shown = call(
        *(
            ("inbox/belongs", "belongs", [{**row, "answer": {"state": state}}, {"tab": "to_answer"}])
            for state in states
        ),
        ("inbox/belongs", "belongs", [{**row, "answer": None}, {"tab": "to_answer"}]),
    )
    assert shown == [False] * 5 + [True] * 4
