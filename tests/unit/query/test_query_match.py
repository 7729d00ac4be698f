"""The matcher: which queries a text matches, and where."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import Column, MetaData, Table, Text, create_engine, insert, select

from backend.query.grammar import parse_query
from backend.query.match import MAX_HIGHLIGHTS, Matcher, match_one, required_spellings
from backend.query.sql import query_condition
from backend.query.words import fold_column

YES_NO = [
    ("café", "Un CAFÉ, svp", True),
    ("cafe", "Un café, svp", True),
    ("café", "Les cafés", False),
    ("lumiere", "Les Lumières", False),
    ("C", "We write C++ here", False),
    ("C++", "We write C++, mostly", True),
    ("C++", "We write C here", False),
    ("C#", "C# and F#", True),
    ("coeur", "le cœur", True),
    ("strasse", "Schöne Straße", True),
    ("first", "the ﬁrst", True),
    ("orsted", "Ørsted A/S", True),
    ("地震", "東京都で地震があった", True),
    ("震地", "東京都で地震があった", False),
    ('"café lumière"', "Café — Lumière", True),
    ('"café lumière"', "Lumière du Café", False),
    ('"café lumière"', "Vu sur #CafeLumiere", True),
    ('"café lumière"', "merci @cafelumiere", True),
    ('"café lumière"', "https://www.cafelumiere.example/carte", True),
    ('"café lumière"', "cafelumiere sans signe", False),
    ("lumière", "Vu sur #CafeLumière", True),
    ("cafelumiere", "Vu sur #CafeLumiere", True),
    ("#cafelumiere", "Vu sur #CafeLumiere", True),
    ("cafelumiere.example", "allez sur shop.cafelumiere[.]example", True),
    ("cafelumiere.example", "cafelumiere.test", False),
    ("Disney", "Disney+ arrive", True),
    ("Disney+", "Disney arrive", False),
    ("SNCF", "Merci la S.N.C.F. !", True),
    ("l’été", "vive l'été", True),
    ("week-end", "ce week end", True),
    ("café -bar", "café bar", False),
    ("café -bar", "café", True),
    ("café -(bar OR pub)", "café pub", False),
    ("café -(bar pub)", "café pub", True),
    ("café (bar OR pub)", "café pub", True),
    ("café (bar OR pub)", "café club", False),
    ("café (bar OR -pub)", "café", True),
    ("café (bar OR -pub)", "café pub", False),
    ('"a b"', "a. b", True),
]


@pytest.mark.parametrize(("query", "text", "matches"), YES_NO)
def test_a_text_matches_or_not(query: str, text: str, matches: bool) -> None:
    assert bool(match_one(parse_query(query), {"text": text})) is matches


def test_sql_says_the_same_as_the_matcher() -> None:
    table = Table("items", MetaData(), Column("words", Text))
    engine = create_engine("sqlite://")
    table.create(engine)
    with engine.begin() as connection:
        for query, text, matches in YES_NO:
            connection.execute(table.delete())
            connection.execute(insert(table).values(words=fold_column("", text)))
            found = connection.scalars(select(table.c.words).where(query_condition(parse_query(query), table.c.words)))
            assert bool(list(found)) is matches, (query, text)
    engine.dispose()


def lit(query: str, texts: Mapping[str, str]) -> list[str]:
    match = match_one(parse_query(query), texts)
    assert match is not None
    return [texts[one.field][one.start : one.end] for one in match.highlights]


def test_highlights_are_code_points_of_the_text_as_it_came() -> None:
    texts = {"title": "Ouvert l’ÉTÉ 😀 au Cafe\u0301 Lumière", "text": "Straße : œufs, #CafeLumière"}
    assert lit('"café lumière" strasse ete oeufs', texts) == [
        "ÉTÉ",
        "Cafe\u0301 Lumière",
        "Straße",
        "œufs",
        "CafeLumière",
    ]


def test_highlights_are_merged_sorted_and_never_of_excluded_or_failed_parts() -> None:
    assert lit('lumière OR "café lumière" OR (paris absent) -bar', {"text": "paris café lumière, lumière"}) == [
        "café lumière",
        "lumière",
    ]


def test_words_of_one_query_may_stand_in_different_fields_but_a_phrase_may_not() -> None:
    texts = {"title": "Café", "text": "Lumière"}
    assert match_one(parse_query("café lumière"), texts)
    assert match_one(parse_query('"café lumière"'), texts) is None


def test_a_named_field_only_looks_there() -> None:
    query = parse_query("title:café", {"title"})
    assert match_one(query, {"title": "café", "text": ""})
    assert match_one(query, {"title": "", "text": "café"}) is None


def test_many_queries_are_answered_by_their_keys() -> None:
    matcher = Matcher({3: parse_query("café"), 1: parse_query("lumière -nuit"), 2: parse_query("thé")})
    assert [match.key for match in matcher.match({"text": "Café Lumière"})] == [1, 3]
    assert [match.key for match in matcher.match({"text": "Café Lumière de nuit"})] == [3]
    assert matcher.match({"text": ""}) == []
    assert Matcher({}).match({"text": "café"}) == []


def test_a_text_full_of_the_word_gives_a_bounded_list() -> None:
    match = match_one(parse_query("café"), {"text": "café, " * 10_000})
    assert match is not None
    assert len(match.highlights) == MAX_HIGHLIGHTS


def test_the_rarest_part_decides_which_queries_are_looked_at() -> None:
    assert required_spellings(parse_query("le (a OR b) photosynthèse -x").tree) == {"photosynthese"}
    assert required_spellings(parse_query("thé OR (le café)").tree) == {"the", "cafe"}
