"""`/spikes`: when much more was said than usual, and why."""

from __future__ import annotations

from typing import Literal

from apiflask import APIBlueprint
from pydantic import Field

from backend.api.base import (
    Id,
    MaybeMoment,
    Moment,
    Out,
    Query,
    brands_of,
    make_blueprint,
    parse_moment,
    runtime,
)
from backend.automation.spikes.watch import list_spikes
from backend.listening.keywords import keyword_names


class SpikesQuery(Query):
    brand_id: str | None = None
    since: str | None = Field(default=None, description="Only those that began then or later, and those that last.")
    limit: int = Field(default=50, ge=1, le=200)


class ReasonOut(Out):
    """`n` of `of` posts share it. `where`: where the story was seen first, or the network; `who`: the author."""

    why: Literal["story", "author", "network", "words", ""]
    n: int
    of: int
    where: str
    who: str
    words: list[str]


class SpikeOut(Out):
    """`count` posts in `hours` hours when it was told, where `expected` were usual; `peak`: posts an hour at the most.
    `ended_at` null: it lasts."""

    id: Id
    brand_id: Id
    keyword_id: Id
    keyword: str
    kind: Literal["mentions", "complaints"]
    began_at: Moment
    ended_at: MaybeMoment
    told_at: Moment
    count: int
    hours: int
    expected: float
    peak: float
    reason: ReasonOut


class SpikeList(Out):
    items: list[SpikeOut]
    next_cursor: str | None = None


def spikes_blueprint() -> APIBlueprint:
    bp = make_blueprint("spikes")

    @bp.get("/spikes")
    @bp.input(SpikesQuery, location="query")
    @bp.output(SpikeList)
    def get_spikes(query_data: SpikesQuery) -> SpikeList:
        since = parse_moment(query_data.since, "since") if query_data.since else None
        with runtime().db.read() as session:
            found = list_spikes(session, brands_of(session, query_data.brand_id), since=since, limit=query_data.limit)
            names = keyword_names(session, {spike.keyword_id for spike in found})
            return SpikeList(
                items=[
                    SpikeOut(
                        id=str(spike.id),
                        brand_id=str(spike.brand_id),
                        keyword_id=str(spike.keyword_id),
                        keyword=names.get(spike.keyword_id, ""),
                        kind="complaints" if spike.kind == "complaints" else "mentions",
                        began_at=spike.began_at,
                        ended_at=spike.ended_at,
                        told_at=spike.told_at,
                        count=spike.count,
                        hours=spike.hours,
                        expected=round(spike.expected, 1),
                        peak=round(spike.peak, 1),
                        reason=ReasonOut.model_validate(spike.reason),
                    )
                    for spike in found
                ]
            )

    return bp
