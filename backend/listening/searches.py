"""The searches a keyword makes by itself: our query in each service's words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.connectors.params import MAX_QUERY
from backend.listening.editions import editions_for
from backend.listening.kinds import KINDS
from backend.query.grammar import Query
from backend.query.translate import for_web, for_words, single_words

MOST_TAGS = 5
MOST_QUERIES = 6
MAX_WORDS = 500  # characters


@dataclass(frozen=True)
class Search:
    """One feed of one kind. `take`: all where we only get snippets, matching where we get whole texts."""

    kind: str
    params: Mapping[str, str]
    take: str


def searches_for(query: Query, languages: Sequence[str], countries: Sequence[str]) -> list[Search]:
    """Everything that is asked for a keyword of a brand, in the order in which it is worth asking."""
    editions = [{"language": language, "country": country} for language, country in editions_for(languages, countries)]
    said = {"web": _web(query), "words": _words(query), "tags": single_words(query)[:MOST_TAGS]}
    return [
        Search(kind.kind, {kind.asked_by: asked, **edition}, "all" if kind.snippets else "matching")
        for kind in KINDS.values()
        if kind.asks
        for asked in said[kind.asks]
        for edition in (editions if kind.editions else [{}])
    ]


def _web(query: Query) -> list[str]:
    asked = for_web(query)
    return [asked] if 0 < len(asked) <= MAX_QUERY else []


def _words(query: Query) -> list[str]:
    return [text for text in for_words(query) if text and len(text) <= MAX_WORDS][:MOST_QUERIES]
