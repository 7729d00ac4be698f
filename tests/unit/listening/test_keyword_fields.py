"""Keywords may say where their words stand, who wrote them, on which site and in which language."""

from __future__ import annotations

import pytest

from backend.infra.errors import Invalid
from backend.listening.keywords import _checked
from backend.listening.matching import could_match
from backend.query.fields import About
from backend.query.grammar import parse_query
from backend.query.match import Matcher, match_one, read_text
from backend.query.translate import for_web, for_words, literals

TEXTS = {"title": "Le Café Lumière", "text": "On y mange bien"}
ABOUT = About(author="Maud Delcroix", url="https://www.lemonde.fr/a", network="news")


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("title:lumière", True),
        ("title:mange", False),
        ("mange -title:mange", True),
        ("mange author:maud", True),
        ("mange author:paul", False),
        ("maud", False),  # who wrote it counts only where it is asked for
        ("mange site:lemonde.fr", True),
        ("mange site:example.org", False),
        ("mange -site:lemonde", False),
        ("mange lang:fr", True),  # not known yet: it may be
        ("mange -lang:fr", True),
    ],
)
def test_a_keyword_with_fields_matches_what_it_says(query: str, matches: bool) -> None:
    parsed = parse_query(query)
    assert bool(match_one(parsed, TEXTS, ABOUT)) is matches
    assert bool(Matcher({1: parse_query("rien"), 2: parsed}).match(TEXTS, ABOUT)) is matches


def test_a_snippet_is_held_to_what_is_known_of_it() -> None:
    assert could_match(parse_query("absent site:lemonde.fr"), read_text(TEXTS, ABOUT))
    assert not could_match(parse_query("absent -site:lemonde.fr"), read_text(TEXTS, ABOUT))
    assert not could_match(parse_query("absent -author:maud"), read_text(TEXTS, ABOUT))
    assert could_match(parse_query("absent -author:mange"), read_text(TEXTS, ABOUT))


def test_a_keyword_cannot_ask_what_was_done_with_a_mention() -> None:
    for query in ("café is:open", "café tag:vip", "café since:7d", "lang:fr", "author:maud"):
        with pytest.raises(Invalid):
            _checked({"query": query})


def test_services_are_asked_for_at_least_as_much() -> None:
    query = parse_query('title:"café lumière" author:maud -title:bar site:lemonde.fr lang:fr')
    assert for_web(query) == '"café lumière"'
    assert for_words(query) == ['"café lumière"']
    assert literals(query) == []
    assert for_web(parse_query("café (bar OR author:maud)")) == "café"
