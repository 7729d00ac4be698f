"""The searches a keyword makes by itself: our query in each service's words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.listening.editions import editions_for
from backend.query.grammar import Query
from backend.query.translate import for_algolia, for_bing, for_google_news, single_words

MOST_TAGS = 5
MOST_QUERIES = 6
MAX_QUERY = 1_500  # characters; services cut or refuse what is longer


@dataclass(frozen=True)
class Search:
    """One feed of one kind. `take`: all where we only get snippets, matching where we get whole texts."""

    kind: str
    params: Mapping[str, str]
    take: str


def searches_for(query: Query, languages: Sequence[str], countries: Sequence[str]) -> list[Search]:
    """Everything that is asked for a keyword of a brand, in the order in which it is worth asking."""
    editions = [{"language": language, "country": country} for language, country in editions_for(languages, countries)]
    found: list[Search] = []
    if 0 < len(asked := for_google_news(query)) <= MAX_QUERY:
        found += [Search("googlenews", {"query": asked, **edition}, "all") for edition in editions]
    if 0 < len(asked := for_bing(query)) <= MAX_QUERY:
        found += [Search("bingnews", {"query": asked, **edition}, "all") for edition in editions]
    words = [text for text in for_algolia(query) if text and len(text) <= 500][:MOST_QUERIES]
    found += [Search("hackernews", {"query": text}, "matching") for text in words]
    found += [Search("mastodon", {"tag": tag}, "matching") for tag in single_words(query)[:MOST_TAGS]]
    return found
