"""Our query as other services understand it: never narrower than ours."""

from __future__ import annotations

import pytest

from backend.query.grammar import parse_query
from backend.query.translate import for_web, for_words, left_out, literals, single_words


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
        ("lumi* café", "café"),
        ("lumi*", ""),
        ("lumi* OR café", ""),
        ('"café lumi*"', '"café"'),
        ('café NEAR/5 "au soleil"', 'café "au soleil"'),
        ("(café NEAR/5 bar) OR thé", "((café bar) OR thé)"),
        ("`C++ (2024)`", '"C++ (2024)"'),
        ("café -`Bar` -lumi* -(a NEAR b) -pub", "café -pub"),
        ("lemonde.fr type:post", '"lemonde.fr"'),
    ],
)
def test_search_engines_get_their_own_syntax(query: str, asked: str) -> None:
    assert for_web(parse_query(query)) == asked


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
    assert for_words(parse_query(query)) == asked


@pytest.mark.parametrize(
    ("query", "asks", "left"),
    [
        ("café (bar OR thé) -pub", "web", []),
        ("café -pub", "words", ["-pub"]),
        ('café "au soleil" -pub', "tags", ['"au soleil"', "-pub"]),
        (
            "lumi* café -`Bar` lang:fr title:x author:y",
            "web",
            ["lumi*", "-`Bar`", "lang:fr", "title:x", "author:y"],
        ),
        ("café NEAR/5 bar lemonde.fr", "web", ["café NEAR/5 bar"]),
    ],
)
def test_what_a_service_cannot_be_asked_is_named(query: str, asks: str, left: list[str]) -> None:
    assert left_out(parse_query(query), asks) == left


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
        ("lumi*", []),
        ("café NEAR bar", []),
        ("`Café`", []),
        ("(a OR b) (c OR d) (e OR f) (g OR h) (i OR j) (k OR l)", []),
    ],
)
def test_literals_are_alternatives_of_phrases_that_must_all_be_there(query: str, said: list[list[str]]) -> None:
    assert literals(parse_query(query)) == said
