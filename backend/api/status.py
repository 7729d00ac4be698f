"""`/status`: whether the house works: the worker's sign of life, how listening does, the public address."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.api.base import MaybeMoment, Out, Query, brands_of, make_blueprint, now, runtime
from backend.infra.tables import last_seen
from backend.links.public_address import current_address
from backend.listening.round import stand_of
from backend.listening.sources import count_sources


class StatusQuery(Query):
    brand_id: str | None = None


class ListeningOut(Out):
    total: int
    asleep: int
    next_poll_at: MaybeMoment


class StatusAddressOut(Out):
    url: str
    proved_at: MaybeMoment


class RoundOut(Out):
    """`left`: not visited today, by the brand's own clock; `overdue`: not for longer than they should be."""

    pages: int
    left: int
    overdue: int


class StatusOut(Out):
    worker_seen_at: MaybeMoment
    sources: ListeningOut
    round: RoundOut
    public_address: StatusAddressOut


def status_blueprint() -> APIBlueprint:
    bp = make_blueprint("status")

    @bp.get("/status")
    @bp.input(StatusQuery, location="query")
    @bp.output(StatusOut)
    def get_status(query_data: StatusQuery) -> StatusOut:
        with runtime().db.read() as session:
            brand_ids = brands_of(session, query_data.brand_id)
            listening = count_sources(session, brand_ids)
            address = current_address(session)
            proved = address.proved_at if address and address.url == runtime().settings.public_url else None
            return StatusOut(
                worker_seen_at=last_seen(session, "sweep"),
                sources=ListeningOut.model_validate(listening),
                round=RoundOut.model_validate(stand_of(session, brand_ids, now=now())),
                public_address=StatusAddressOut(url=runtime().settings.public_url, proved_at=proved),
            )

    return bp
