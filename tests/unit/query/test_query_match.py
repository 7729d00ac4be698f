"""The matcher: which queries a text matches, and where."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import Column, MetaData, Table, Text, create_engine, insert, select

from backend.query.fields import About
from backend.query.grammar import parse_query
from backend.query.match import MAX_HIGHLIGHTS, Matcher, match_one, required_patterns
from backend.query.sql import Stored, query_condition
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
    ("कॉफ़ी", "मुझे कॉफ़ी पसंद है", True),
    ("दिल्ली", "दिल्ली, भारत", True),
    ("दिल्ल", "दिल्ली, भारत", False),
    ("दिल्ली*", "दिल्लीवाले", True),
    ("চা", "এক কাপ চা।", True),
    ("காபி", "நல்ல காபி!", True),
    ("สวัสดี", "สวัสดีครับ", True),
    ("(চা!)", "এক কাপ চা।", True),
    ("cafe\u0301…", "Un café, svp", True),
    ("merci❤\ufe0f", "Merci !", True),
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
    ("lumi*", "Une LUMIÈRE douce", True),
    ("lumi*", "il illumine", False),
    ("lumi*", "Vu sur #CafeLumiere", True),
    ("disn*", "Disney+ arrive", True),
    ('"café lumi*"', "au café lumineux", True),
    ('"café lumi*"', "au café si lumineux", False),
    ('"café lumi*"', "Vu sur #CafeLumiere", True),
    ("東*", "東京都", True),
    ('"café terrasse"~2', "la terrasse du grand café", True),
    ('"café terrasse"~1', "la terrasse du grand café", False),
    ("café NEAR/1 (bar OR terrasse)", "café, terrasse", True),
    ("café NEAR/9 #lumiere", "bar café / #lumiere", True),
    ("café NEAR/2 café", "un café", False),
    ("café NEAR/2 café", "café, café", True),
    ("C++ NEAR/2 lumi*", "C++ et lumières", True),
    ("`Apple`", "an Apple a day", True),
    ("`Apple`", "an apple a day", False),
    ("`C++ (2024)!`", "C++ (2024)! is out", True),
    ("`C++ (2024)!`", "C++ 2024 is out", False),
    ("`ump`", "Trump", False),
    ("`US`", "give us a USB stick", False),
    ("`US`", "give us a USB stick, US-made", True),
    ("`US`", "give us the #US_market", True),
    ("`-US-`", "us, a-US-b", True),
    ("`Été`", "été, MonÉté", False),
    ("`E\u0301te\u0301`", "Un Été", True),
    ("`東京`", "東京都", True),
    ("`दिल्`", "दिल् दिल्ली", True),
    ("lemonde.fr", "lu sur blog.lemonde[.]fr", True),
    ("lemonde.fr", "lu dans lemonde, fr", False),
    ("www.lemonde.fr", "lu sur LeMonde.fr.", True),
    ("lemonde.fr", "lu sur https://www.lemonde.fr/a?b", True),
    ("lemonde.fr", "écrit à maud@lemonde.fr, lemonde.fr-style", True),
    ("cafe-lumiere.fr", "Voir Café-Lumière.fr", True),
    ("lemonde.fr", "vu sur #LemondeFr", True),
    ("example.com", "see example.com.au", False),
    ("example.com", "see example[.]com[.]au", False),
    ("example.com", "for example. Com on!", False),
    ("example.com", "see my-example.com", False),
    ("example.com", "see example.community", False),
    ("www.fr", "lemonde.fr", False),
    ("café-lumière.fr", "Voir cafe lumiere fr", True),
]


@pytest.mark.parametrize(("query", "text", "matches"), YES_NO)
def test_a_text_matches_or_not(query: str, text: str, matches: bool) -> None:
    assert bool(match_one(parse_query(query), {"text": text})) is matches


def test_sql_says_the_same_as_the_matcher() -> None:
    table = Table("items", MetaData(), Column("words", Text), Column("text", Text))
    engine = create_engine("sqlite://")
    table.create(engine)
    with engine.begin() as connection:
        for query, text, matches in YES_NO:
            connection.execute(table.delete())
            connection.execute(insert(table).values(words=fold_column("", text), text=text))
            found = connection.scalars(
                select(table.c.words).where(
                    query_condition(parse_query(query), Stored(table.c.words, text=table.c.text))
                )
            )
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


def test_a_host_is_lit_where_it_is_written_as_one() -> None:
    text = "An example. Com on: Example[.]com, blog.example.com/x, example.com.au"
    assert lit("www.example.com", {"text": text}) == ["Example[.]com", "example.com"]


def test_highlights_are_merged_sorted_and_never_of_excluded_or_failed_parts() -> None:
    assert lit('lumière OR "café lumière" OR (paris absent) -bar', {"text": "paris café lumière, lumière"}) == [
        "café lumière",
        "lumière",
    ]


def test_beginnings_distances_and_literals_are_lit_where_they_stand() -> None:
    texts = {"title": "Terrasse du grand Café", "text": "Une Lumière : “Le Café”, le café"}
    assert lit("lumi* café NEAR/2 terrasse", texts) == ["Terrasse", "Café", "Lumière"]
    assert lit("`Le Café`", texts) == ["Le Café"]
    assert lit("`US`", {"text": "US, USB, us, US"}) == ["US", "US"]


@pytest.mark.parametrize(
    ("url", "is_there"),
    [
        ("https://lemonde.fr/a", True),
        ("https://blog.LeMonde.fr:8080/b", True),
        ("https://notlemonde.fr/", False),
        ("https://a.example/lemonde.fr", False),
    ],
)
def test_a_domain_is_also_what_stands_on_that_site(url: str, is_there: bool) -> None:
    query = parse_query("lemonde.fr")
    texts, about = {"title": "", "text": "rien"}, About(url=url)
    assert bool(match_one(query, texts, about)) is is_there
    assert bool(Matcher({1: query, 2: parse_query("x")}).match(texts, about)) is is_there
    assert match_one(query, texts) is None  # an address that is not known is no reason


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
    assert required_patterns(parse_query("le (a OR b) photosynthèse -x").tree) == {" photosynthese "}
    assert required_patterns(parse_query("entreprise NEAR/5 lu").tree) == {" entreprise "}
    assert required_patterns(parse_query("les `Xylo` lumi*").tree) == {" xylo "}
    assert required_patterns(parse_query("lemonde.fr").tree) >= {" lemonde fr ", "://lemonde.fr"}
    assert required_patterns(parse_query("thé OR (le café)").tree) == {" the ", " cafe "}
