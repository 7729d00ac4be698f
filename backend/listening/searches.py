"""The searches a keyword makes by itself: our query in each service's words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.connectors.kind import Params, SourceKind
from backend.connectors.params import MAX_QUERY
from backend.listening.editions import editions_for
from backend.listening.kinds import KINDS
from backend.query.grammar import Query
from backend.query.translate import for_web, for_words, single_words

MAX_WORDS = 500  # characters


@dataclass(frozen=True)
class Search:
    """One feed of one kind. `take`: all where we only get snippets, matching where we get whole texts."""

    kind: str
    params: Mapping[str, str]
    take: str


def searches_for(
    query: Query, languages: Sequence[str], countries: Sequence[str], accounts: Mapping[str, Params] | None = None
) -> list[Search]:
    """Everything that is asked for a keyword of a brand, in the order in which it is worth asking. `accounts`: with
    which of its accounts it asks, by network (signing.py)."""
    accounts = accounts or {}
    editions = [{"language": language, "country": country} for language, country in editions_for(languages, countries)]
    asked: list[Search] = []
    for kind in KINDS.values():
        if kind.signed and kind.signed not in accounts:
            continue
        signed = accounts.get(kind.signed, {})
        take = "all" if kind.snippets else "matching"
        for params in _params(kind, query):
            for edition in _once({name: edition[name] for name in kind.editions} for edition in editions):
                asked.append(Search(kind.kind, {**params, **edition, **signed}, take))
    return asked


def never_asked(kind: SourceKind, query: Query) -> list[str]:
    """Searches that a kind of place would need beside those it is asked: too many for one keyword, or too long."""
    asked = {search[kind.asked_by] for search in _params(kind, query)} if kind.asks in ("words", "tags") else set()
    return [text for text in _texts(kind, query) if text not in asked]


def _params(kind: SourceKind, query: Query) -> list[dict[str, str]]:
    """What of the words each feed of a kind is asked. Each search is a feed, and all of a service wait in one line for
    their turn (budgets.py), so that many are asked more rarely, and none never."""
    match kind.asks:
        case "web":
            return [{kind.asked_by: asked} for asked in _web(query)]
        case "words" | "tags":
            texts = [text for text in _texts(kind, query) if len(text) <= MAX_WORDS]
            return [{kind.asked_by: text} for text in texts[: kind.most_asked]]
        case "all":
            return [{}]
        case _:
            return []


def _texts(kind: SourceKind, query: Query) -> list[str]:
    """All that would have to be asked where there is no OR."""
    match kind.asks:
        case "words":
            return [text for text in for_words(query, exactly=kind.snippets) if text]
        case "tags":
            return single_words(query)
        case _:
            return []


def _once(editions: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [dict(one) for one in dict.fromkeys(tuple(edition.items()) for edition in editions)]


def _web(query: Query) -> list[str]:
    asked = for_web(query)
    return [asked] if 0 < len(asked) <= MAX_QUERY else []
