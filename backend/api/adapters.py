"""`/adapters`: what is known of a site's pages beside what came with the extension, for the pages of who asks."""

from __future__ import annotations

from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Session

from backend.accounts import adapters
from backend.accounts.members import member_names
from backend.accounts.models import TaughtAdapter
from backend.api.base import (
    Id,
    In,
    MaybeMoment,
    Moment,
    Out,
    Query,
    brand_of,
    brands_of,
    caller,
    create_once,
    make_blueprint,
    now,
    parse_id,
    runtime,
)

Host = Annotated[str, StringConstraints(to_lower=True, max_length=253, pattern=r"^[A-Za-z0-9-]+(?:[.][A-Za-z0-9-]+)*$")]


class AdapterQuery(Query):
    brand_id: str | None = None
    host: str = Field(default="", max_length=253)


class AdapterIn(In):
    brand_id: str | None = None
    host: Host
    adapter: dict[str, Any]


class AdapterOut(Out):
    id: Id
    brand_id: Id
    host: str
    adapter: dict[str, Any]
    #: whether it reads the pages of who asks: approved ones everybody's, others their author's
    counts: bool
    own: bool
    by: str
    approved_by: str
    approved_at: MaybeMoment
    created_at: Moment
    version: int


class AdapterList(Out):
    """Taught ones, those that count first; and what the server's administrator serves to all."""

    items: list[AdapterOut]
    served: list[dict[str, Any]]


def adapters_blueprint() -> APIBlueprint:
    bp = make_blueprint("adapters")

    @bp.get("/adapters")
    @bp.input(AdapterQuery, location="query")
    @bp.output(AdapterList)
    def get_adapters(query_data: AdapterQuery) -> AdapterList:
        with runtime().db.read() as session:
            found = adapters.list_adapters(
                session, brands_of(session, query_data.brand_id), host=query_data.host.lower()
            )
            seen = [one for one in found if _may_see(one)]
            items = sorted((_out(session, one) for one in seen), key=lambda one: not one.counts)
        return AdapterList(items=items, served=adapters.read_served(runtime().settings.data_dir))

    @bp.post("/adapters")
    @bp.input(AdapterIn)
    @bp.output(AdapterOut, status_code=201)
    def post_adapter(json_data: AdapterIn) -> object:
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "contributor")

            def teach() -> AdapterOut:
                made = adapters.teach(
                    session, brand_id, json_data.host, json_data.adapter, by=caller().member_id, now=now()
                )
                return _out(session, made)

            return create_once(session, json_data, teach)

    @bp.post("/adapters/<id>/approve")
    @bp.output(AdapterOut)
    def approve_adapter(id: str) -> AdapterOut:
        with runtime().db.write() as session:
            adapter = adapters.get_adapter(session, parse_id(id, "adapter"))
            caller().need(adapter.brand_id, "owner")
            return _out(session, adapters.approve_adapter(session, adapter.id, by=caller().member_id, now=now()))

    @bp.post("/adapters/<id>/withdraw")
    @bp.output(AdapterOut)
    def withdraw_adapter(id: str) -> AdapterOut:
        with runtime().db.write() as session:
            adapter = adapters.get_adapter(session, parse_id(id, "adapter"))
            caller().need(adapter.brand_id, "owner")
            return _out(session, adapters.withdraw_adapter(session, adapter.id, now=now()))

    @bp.delete("/adapters/<id>")
    @bp.output(AdapterOut)
    def delete_adapter(id: str) -> AdapterOut:
        with runtime().db.write() as session:
            adapter = adapters.get_adapter(session, parse_id(id, "adapter"))
            _need_hand(adapter)
            return _out(session, adapters.remove_adapter(session, adapter.id, now=now()))

    @bp.post("/adapters/<id>/restore")
    @bp.output(AdapterOut)
    def restore_adapter(id: str) -> AdapterOut:
        with runtime().db.write() as session:
            adapter = adapters.restore_adapter(session, parse_id(id, "adapter"), now=now())
            _need_hand(adapter)  # refusing here undoes the transaction
            return _out(session, adapter)

    return bp


def _is_own(adapter: TaughtAdapter) -> bool:
    return adapter.created_by is not None and adapter.created_by == caller().member_id


def _may_see(adapter: TaughtAdapter) -> bool:
    """What counts for them; and owners everything, since they approve it."""
    return adapters.counts_for(adapter, caller().member_id) or caller().may(adapter.brand_id, "owner")


def _need_hand(adapter: TaughtAdapter) -> None:
    """Its author's to take away, and an owner's."""
    caller().need(adapter.brand_id, "contributor" if _is_own(adapter) else "owner")


def _out(session: Session, adapter: TaughtAdapter) -> AdapterOut:
    names = member_names(session, {one for one in (adapter.created_by, adapter.approved_by) if one is not None})
    return AdapterOut(
        id=str(adapter.id),
        brand_id=str(adapter.brand_id),
        host=adapter.host,
        adapter=adapter.data,
        counts=adapters.counts_for(adapter, caller().member_id),
        own=_is_own(adapter),
        by=names.get(adapter.created_by or 0, ""),
        approved_by=names.get(adapter.approved_by or 0, ""),
        approved_at=adapter.approved_at,
        created_at=adapter.created_at,
        version=adapter.version,
    )
