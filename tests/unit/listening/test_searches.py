"""A keyword in the words of each service."""

from __future__ import annotations

import pytest

from backend.listening.editions import editions_for
from backend.listening.kinds import KINDS
from backend.listening.matching import could_match
from backend.listening.searches import never_asked, searches_for
from backend.query.grammar import parse_query
from backend.query.match import read_text


@pytest.mark.parametrize(
    ("languages", "countries", "expected"),
    [
        (["fr"], ["FR"], [("fr", "FR")]),
        (["fr", "en"], ["FR"], [("fr", "FR"), ("en", "US")]),
        (["fr"], ["FR", "BE", "DE"], [("fr", "FR"), ("fr", "BE")]),
        (["en"], ["GB", "IE"], [("en", "GB"), ("en", "IE")]),
        ([], ["DE"], [("de", "DE")]),
        ([], [], [("en", "US")]),
        (["xx"], ["FR"], [("en", "US")]),
    ],
)
def test_editions_fit_languages_and_countries(
    languages: list[str], countries: list[str], expected: list[tuple[str, str]]
) -> None:
    assert editions_for(languages, countries) == expected


def asked(query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for search in searches_for(parse_query(query), ["fr"], ["FR"]):
        found.setdefault(search.kind, []).append(search.params.get("query") or search.params.get("tag", ""))
    return found


def test_each_service_is_asked_in_its_own_words() -> None:
    assert asked('"café lumière" -bar') == {
        "googlenews": ['"café lumière" -bar'],
        "bingnews": ['"café lumière" -bar'],
        "reddit_search": ['"café lumière" -bar'],
        "hackernews": ['"café lumière"'],
        "github": ['"café lumière"'],
        "stackexchange": ['"café lumière"'],
        "wikipedia": ['"café lumière"'],
        "lobsters": [""],  # read whole
        "lobsters_comments": [""],
    }
    assert asked("bistrot OR troquet")["mastodon"] == ["bistrot", "troquet"]
    assert asked("bistrot OR troquet")["hackernews"] == ["bistrot", "troquet"]


def test_a_place_that_gives_pieces_is_asked_only_what_can_match() -> None:
    many = " ".join(f"({letter}un OR {letter}deux)" for letter in "abcd")
    assert asked(many)["hackernews"] == ["aun", "adeux"]  # wider, and filtered here
    assert "wikipedia" not in asked(many)
    assert asked("un OR deux")["wikipedia"] == ["un", "deux"]


def test_each_alternative_is_asked_wherever_there_is_no_or() -> None:
    words = [f"mot{n}" for n in range(15)]
    found = asked(" OR ".join(words))
    for kind in ("hackernews", "github", "stackexchange", "wikipedia", "mastodon"):
        assert found[kind] == words


def test_what_one_keyword_may_not_ask_is_said() -> None:
    words, long = [f"mot{n}" for n in range(18)], f'"{"mot " * 200}fin"'
    query = parse_query(" OR ".join([long, *words]))
    assert asked(query.text)["stackexchange"] == words[:15]
    assert never_asked(KINDS["stackexchange"], query) == [long, *words[15:]]
    assert never_asked(KINDS["mastodon"], query) == never_asked(KINDS["lobsters"], query) == []


def test_each_language_is_asked_once_where_countries_do_not_matter() -> None:
    searches = searches_for(parse_query("café"), ["fr", "en"], ["FR", "BE", "US"])
    assert [one.params["language"] for one in searches if one.kind == "wikipedia"] == ["fr", "en"]
    assert len([one for one in searches if one.kind == "googlenews"]) == 3


@pytest.mark.parametrize(
    ("query", "text", "may"),
    [
        ("café -bar", "la terrasse", True),
        ("café -bar", "la terrasse du Bar", False),
        ('café -"au soleil"', "au soleil", False),
        ("café -(bar tabac)", "bar", True),
        ("café -(bar tabac)", "bar tabac", False),
        ("(café -bar) OR bistrot", "le bar", True),
        ("café -(bar OR -tabac)", "bar", False),
    ],
)
def test_a_snippet_is_refused_only_for_what_it_surely_holds(query: str, text: str, may: bool) -> None:
    assert could_match(parse_query(query), read_text({"title": "", "text": text})) is may
