"""What a query is warned of, and how it could find more."""

from __future__ import annotations

from random import Random

import pytest

from backend.query.advise import advise
from backend.query.grammar import Term, facts_of, parse_query, parse_search
from backend.query.match import Reading, match_reading, read_text
from backend.query.widen import WAYS, widen
from tests.properties.test_search_properties import some_mention, some_query


def some_readings(chance: Random) -> list[Reading]:
    said = [some_mention(chance) for _ in range(50)]
    return [read_text({name: one[name] for name in ("title", "text", "author")}) for one in said]


@pytest.mark.parametrize(
    ("text", "key", "about"),
    [
        ("a -a", "nothing", ("a", "a")),
        ("café -CAFE", "nothing", ("café", "CAFE")),
        ("title:a -a", "nothing", ("title:a", "a")),
        ("lumière -lumi*", "nothing", ("lumière", "lumi*")),
        ("`Café` -café", "nothing", ("`Café`", "café")),
        ("a NEAR/3 b -b", "nothing", ("a NEAR/3 b", "b")),
        ("lang:fr lang:en", "nothing", ("lang:fr", "lang:en")),
        ("is:open is:done", "nothing", ("is:open", "is:done")),
        ("is:answered is:unanswered", "nothing", ("is:answered", "is:unanswered")),
        ("site:a.example site:b.example", "nothing", ("site:a.example", "site:b.example")),
        ("site:blog.a.example -site:a.example", "nothing", ("site:blog.a.example", "site:a.example")),
        ("site:a.example/x site:a.example/y", "nothing", ('site:"a.example/x"', 'site:"a.example/y"')),
        ("site:a.example/x/y -site:a.example/x", "nothing", ('site:"a.example/x/y"', 'site:"a.example/x"')),
        ("is:mine is:unassigned", "nothing", ("is:mine", "is:unassigned")),
        ("is:mine -is:assigned", "nothing", ("is:mine", "is:assigned")),
        ("since:2026-11-20 until:2026-11-19", "nothing", ("since:2026-11-20", "until:2026-11-19")),
        ("until:2025 since:2026-01", "nothing", ("until:2025", "since:2026-01")),
        ("since:7d until:30d", "nothing", ("since:7d", "until:30d")),
        ("since:today until:yesterday", "nothing", ("since:today", "until:yesterday")),
        ("since:today until:2d", "nothing", ("since:today", "until:2d")),
        ("b OR (a -a)", "part", ("a", "a")),
        ("a OR -a", "everything", ()),
        ("-lang:fr OR -lang:en", "everything", ()),
        ("le", "common", ("le",)),
        ("the OR rare", "common", ("the",)),
        ("the le", "common", ("the", "le")),
    ],
)
def test_a_query_that_finds_nothing_or_everything_is_warned_of(text: str, key: str, about: tuple[str, ...]) -> None:
    (one,) = advise(parse_search(text))
    assert (one.key, one.texts) == (f"query_advice_{key}", about)
    assert 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "café", "xo -b", "cafés -café", "caf* -café", '"a b" -b', "author:a -a", "lang:fr -lang:en",
        "is:open is:complaint", "site:lemonde site:blog.lemonde.fr", "le café", "le lang:fr", '"le la"', "a.example -a",
        "since:2026-11-20 until:2026-11-20", "since:2026-11 until:2026", "since:30d until:7d", "since:today until:5h",
        "since:yesterday until:30h", "since:7d until:2026-11-20", "since:2026 until:9999d", "since:9999y",
        "xo OR b", "title:a -title:b", "site:a.example/x site:blog.a.example", "site:a.example/x site:a.example/x?y=1",
        "site:a.example/xy -site:a.example/x", "is:mine is:assigned",
    ],
)  # fmt: skip
def test_a_query_that_may_find_something_is_left_alone(text: str) -> None:
    assert advise(parse_search(text)) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("xo source:mastodn", [("query_advice_source_like", "source:mastodn", "source:mastodon")]),
        ('xo -source:"Hacker News"', []),
        ("xo (source:gopher OR b)", [("query_advice_source", "source:gopher")]),
    ],
)
def test_a_source_that_there_is_not_is_warned_of(text: str, told: list[tuple[str, ...]]) -> None:
    found = advise(parse_search(text), sources=["feed", "hackernews", "mastodon"])
    assert [(one.key, *one.texts) for one in found] == told
    assert all(text[one.start : one.end] == one.texts[0] for one in found)
    assert advise(parse_search(text)) == []  # where it is not known what there is


def test_how_common_a_word_is_can_be_counted() -> None:
    assert [one.key for one in advise(parse_query("terrasse"), {"terrasse": 0.4}.get)] == ["query_advice_common"]  # type: ignore[arg-type]


def test_what_is_warned_of_is_so_for_5000_random_pairs() -> None:
    chance = Random("advice")  # noqa: S311
    readings = some_readings(chance)
    said = 0
    for _ in range(900):
        query = parse_search(f"{some_query(chance, 1)} {chance.choice(('', '-'))}({some_query(chance, 1)})")
        keys = {one.key for one in advise(query)}
        matched = [match_reading(query, reading) is not None for reading in readings]
        if "query_advice_nothing" in keys and not any(facts_of(query.tree)):  # nothing is known of these texts
            assert not any(matched), query.text
            said += 1
        if "query_advice_everything" in keys:
            assert all(matched), query.text
    assert said > 3


@pytest.mark.parametrize(
    ("text", "wider"),
    [
        ('"café lumière"', ["café NEAR/5 lumière", "café lumière", "café OR lumière"]),
        ('"a b c d e"', ["a b c d e", "a OR b OR c OR d OR e"]),
        ("terrasse OR café", ["terrass* OR café*"]),
        ("plugins*", ["plugi*"]),
        ("plu*", []),
        ("東京", ["東*"]),
        ('"東京都"', ["東京*"]),
        ("week-end", ["week-end*"]),
        ("C++", []),
        ("xo", []),
        ("blog.example.co.uk", ["blog.example.co.uk OR example"]),
        ("-bar lemonde.fr", ["-bar (lemonde.fr OR lemonde)", "lemonde.fr"]),
        ("`Café` lang:fr", ["Café lang:fr", "`Café`"]),
        ("café terrasses", ["café", "café OR terrasses", "café terrass*"]),
        ("a NEAR/3 b -pub", ["a NEAR/9 b -pub", "a b -pub", "a NEAR/3 b"]),
        ("title:lumière", ["lumière", "title:lumièr*"]),
        ("Œuvres", ["oeuvr*"]),
        ("café", ["café*"]),
        ("bar", ["bar*"]),
    ],
)
def test_three_ways_at_most_to_find_more(text: str, wider: list[str]) -> None:
    found = [one.query for one in widen(parse_query(text))]
    assert found == wider
    assert len(found) <= WAYS


def test_each_way_finds_at_least_as_much() -> None:
    chance = Random("wider")  # noqa: S311
    readings = some_readings(chance)
    more = 0
    for _ in range(300):
        query = parse_search(some_query(chance, 2))
        before = {at for at, reading in enumerate(readings) if match_reading(query, reading)}
        for way in widen(query):
            of_phrase = way.key == "query_widen_words" or (way.key == "query_widen_far" and "NEAR" not in way.text)
            if of_phrase or isinstance(query.tree, Term):
                continue  # a phrase is also found joined in a tag
            after = {at for at, reading in enumerate(readings) if match_reading(parse_search(way.query), reading)}
            assert before <= after, (query.text, way)
            more += after > before
    assert more > 50
