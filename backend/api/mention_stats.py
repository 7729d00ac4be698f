"""`/mentions/stats`: counts under the filters of the list."""

from __future__ import annotations

from collections.abc import Iterable

from apiflask import APIBlueprint
from pydantic import Field

from backend.api.base import Out, brands_of, now, runtime
from backend.api.mention_filters import MentionFilterQuery, at_home, filter_of
from backend.inbox import mentions as domain
from backend.inbox.counting import FACETS, count_mentions
from backend.infra.errors import Invalid


class MentionStatsQuery(MentionFilterQuery):
    facets: str = Field(
        default="", max_length=200, description="more counts, separated by commas: " + ", ".join(FACETS)
    )


class KeyCountOut(Out):
    key: str
    count: int


class FacetOut(Out):
    name: str
    values: list[KeyCountOut]


class JudgedOut(Out):
    """Of `of` mentions, how many were judged at all, and how many of those by a person."""

    of: int
    judged: int
    by_person: int


_ALWAYS = ("network", "keyword", "language", "sentiment")


class MentionStatsOut(Out):
    """Counts under the same filters as the list. `capped`: there may be more of `capped_statuses` than was counted.
    How they divide is told of the newest `facets_of`; days are UTC. `facets`: those that were asked for; weeks begin on
    Monday where the brand is."""

    total: int
    capped: bool
    capped_statuses: list[str]
    facets: list[FacetOut]
    facets_of: int
    facets_capped: bool
    by_status: dict[str, int]
    by_network: list[KeyCountOut]
    by_keyword: list[KeyCountOut]
    by_language: list[KeyCountOut]
    by_sentiment: list[KeyCountOut]
    by_day: list[KeyCountOut]
    sentiment_judged: JudgedOut
    intent_judged: JudgedOut


def add_stats(bp: APIBlueprint) -> None:
    @bp.get("/mentions/stats")
    @bp.input(MentionStatsQuery, location="query")
    @bp.output(MentionStatsOut)
    def get_mention_stats(query_data: MentionStatsQuery) -> MentionStatsOut:
        wanted, names = filter_of(query_data), _facet_names(query_data.facets)
        with runtime().db.read() as session:
            brand_ids = brands_of(session, query_data.brand_id)
            wanted = at_home(session, brand_ids, wanted)
            counts = count_mentions(session, brand_ids, wanted, facets={*names, *_ALWAYS}, now=now())
        return MentionStatsOut(
            total=counts.total,
            capped=bool(counts.capped),
            capped_statuses=[status for status in domain.STATUSES if status in counts.capped],
            facets=[FacetOut(name=name, values=_keyed(counts.facets[name])) for name in names],
            facets_of=counts.of,
            facets_capped=counts.of_capped,
            by_status=dict(counts.statuses),
            by_network=_keyed(counts.facets["network"]),
            by_keyword=_keyed(counts.facets["keyword"]),
            by_language=_keyed(counts.facets["language"]),
            by_sentiment=_keyed(counts.facets["sentiment"]),
            by_day=_keyed(counts.days.items()),
            sentiment_judged=JudgedOut.model_validate(counts.sentiment),
            intent_judged=JudgedOut.model_validate(counts.intent),
        )


def _facet_names(asked: str) -> list[str]:
    names = list(dict.fromkeys(part.strip() for part in asked.split(",") if part.strip()))
    if wrong := [name for name in names if name not in FACETS]:
        raise Invalid("There is no such facet.", fields={"facets": ", ".join(wrong)[:200]})
    return names


def _keyed(counts: Iterable[tuple[str, int]]) -> list[KeyCountOut]:
    return [KeyCountOut(key=key, count=count) for key, count in counts]
