"""Our query as other services understand it: never narrower than ours."""

from __future__ import annotations

import pytest

from backend.query.grammar import parse_query
from backend.query.translate import for_algolia, for_bing, for_google_news, literals, single_words


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("café lumière", "café lumière"),
        ('"café lumière"', '"café lumière"'),
        ("café OR thé", "(café OR thé)"),
        ("café (bar OR «au soleil») -pub", 'café (bar OR "au soleil") -pub'),
        ("café OR (bar -pub)", "(café OR (bar -pub))"),
        ("café -(bar OR pub)", "café -bar -pub"),
        ("café -(bar pub)", "café"),
        ("café (bar OR -pub)", "café"),
        ("café (thé OR (-pub -bar))", "café"),
        ("C++ l’été", '"C++" "l’été"'),
        ('"OR" café', '"OR" café'),
    ],
)
def test_search_engines_get_their_own_syntax(query: str, asked: str) -> None:
    assert for_google_news(parse_query(query)) == asked
    assert for_bing(parse_query(query)) == asked


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("café lumière -bar", ["café lumière"]),
        ("café OR thé", ["café", "thé"]),
        ('café (bar OR "au soleil")', ["café bar", 'café "au soleil"']),
        ("café (bar OR -pub)", ["café"]),
        ("(a OR b) (c OR d) (e OR f) (g OR h)", ["a", "b"]),
        (" OR ".join(f"w{n}" for n in range(60)), [f"w{n}" for n in range(60)]),
    ],
)
def test_a_service_without_or_is_asked_several_times(query: str, asked: list[str]) -> None:
    assert for_algolia(parse_query(query)) == asked


@pytest.mark.parametrize(
    ("query", "tags"),
    [
        ("café OR Lumière", ["café", "lumière"]),
        ('"café lumière"', []),
        ("café de la gare -bar", ["café", "gare"]),
        ("le thé", ["thé"]),
        ("#CafeLumiere C++ 2026", ["cafelumiere"]),
        ("café OR cafe", ["café"]),
    ],
)
def test_only_single_words_are_asked_for_as_hashtags(query: str, tags: list[str]) -> None:
    assert single_words(parse_query(query)) == tags


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("café", [["cafe"]]),
        ('café (bar OR "au soleil")', [["cafe", "bar"], ["cafe", "au soleil"]]),
        ("café OR café", [["cafe"]]),
        ("café -bar", []),
        ("(a OR b) (c OR d) (e OR f) (g OR h) (i OR j) (k OR l)", []),
    ],
)
def test_literals_are_alternatives_of_phrases_that_must_all_be_there(query: str, said: list[list[str]]) -> None:
    assert literals(parse_query(query)) == said
