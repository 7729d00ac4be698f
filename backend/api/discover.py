"""`/discover`: what can be listened to behind an address, a name or words; nothing is stored."""

from __future__ import annotations

from apiflask import APIBlueprint
from pydantic import Field

from backend.api.base import Id, In, MaybeId, MaybeMoment, Out, brand_of, make_blueprint, runtime
from backend.connectors.kind import Purpose
from backend.listening.candidates import Candidate, Sampled, find_candidates
from backend.listening.kinds import KINDS, usual_title

MOST_TEXT = 400  # characters of an item


class DiscoverIn(In):
    brand_id: str | None = None
    url: str = Field(
        min_length=1,
        max_length=8_000,
        description="an address, `@name@server`, `!community@server`, `r/name`, or words: a podcast of that name",
    )


class DiscoveredItemOut(Out):
    url: str
    title: str
    text: str
    author: str
    published_at: MaybeMoment
    matches: bool = Field(description="whether a keyword of the brand is in it")


class CandidateOut(Out):
    """What POST `/sources` takes: `kind` and `params`. `count` and `matching`: of what it gives at once. `note`: why it
    could not be looked at (a code of a poll, or later: its service is asked rarely); empty where it was."""

    kind: str
    kind_name: str
    purpose: Purpose
    params: dict[str, str]
    name: str
    url: str
    gives: str = Field(description="article, post, comment, video, page, or search")
    note: str
    count: int
    matching: int
    items: list[DiscoveredItemOut] = Field(description="at most five, those first that match")
    source_id: MaybeId = Field(description="the brand listens to it already")


class CandidateList(Out):
    brand_id: Id
    items: list[CandidateOut]
    next_cursor: str | None = None


def discover_blueprint() -> APIBlueprint:
    bp = make_blueprint("discover")

    @bp.post("/discover")
    @bp.input(DiscoverIn)
    @bp.output(CandidateList)
    def discover(json_data: DiscoverIn) -> CandidateList:
        """Best first. Asks the place, and each source that may be there once, side by side."""
        with runtime().db.read() as session:
            brand_id = brand_of(session, json_data.brand_id, "contributor")
        found = find_candidates(runtime(), brand_id, json_data.url)
        return CandidateList(brand_id=str(brand_id), items=[_candidate_out(one) for one in found])

    return bp


def _candidate_out(one: Candidate) -> CandidateOut:
    proposal = one.proposal
    kind = KINDS[proposal.kind]
    return CandidateOut(
        kind=kind.kind,
        kind_name=kind.name,
        purpose=kind.purpose,
        params=dict(proposal.params),
        name=proposal.title or usual_title(kind.kind, proposal.params),
        url=one.address,
        gives=proposal.gives,
        note=one.note,
        count=one.count,
        matching=one.matching,
        items=[_item_out(sampled) for sampled in one.items],
        source_id=str(one.source_id) if one.source_id is not None else None,
    )


def _item_out(sampled: Sampled) -> DiscoveredItemOut:
    item = sampled.item
    return DiscoveredItemOut(
        url=item.url,
        title=item.title,
        text=item.text[:MOST_TEXT],
        author=item.author,
        published_at=item.published_at,
        matches=sampled.matches,
    )
