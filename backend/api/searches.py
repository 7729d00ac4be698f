"""`/searches`: saved searches of the inbox."""

from __future__ import annotations

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from backend.api.base import (
    Empty,
    Id,
    In,
    MaybeId,
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
from backend.automation.alerts import check_search
from backend.inbox import searches as domain
from backend.inbox.models import SavedSearch
from backend.infra.errors import Conflict


class SearchQuery(Query):
    brand_id: str | None = None


class SearchFields(In):
    """`filters`: what the list was filtered by beside the query, names and texts as GET /mentions takes them."""

    name: str | None = Field(default=None, max_length=500)
    query: str | None = Field(default=None, max_length=4_000)
    filters: dict[str, str] | None = Field(default=None, max_length=20)
    position: int | None = Field(default=None, ge=0, le=10_000)


class SearchIn(SearchFields):
    brand_id: str | None = None
    name: str = Field(max_length=500)


class SearchPatch(SearchFields):
    version: int


class SearchOut(Out):
    id: Id
    brand_id: Id
    name: str
    query: str
    filters: dict[str, str]
    position: int
    created_by: MaybeId
    created_at: Moment
    version: int


class SearchItems(Out):
    """Saved searches in their order."""

    items: list[SearchOut]


def search_out(search: SavedSearch) -> SearchOut:
    return SearchOut.model_validate(search)


def searches_blueprint() -> APIBlueprint:
    bp = make_blueprint("searches")

    @bp.get("/searches")
    @bp.input(SearchQuery, location="query")
    @bp.output(SearchItems)
    def get_searches(query_data: SearchQuery) -> SearchItems:
        with runtime().db.read() as session:
            found = domain.list_searches(session, brands_of(session, query_data.brand_id))
            return SearchItems(items=[search_out(search) for search in found])

    @bp.get("/searches/<id>")
    @bp.output(SearchOut)
    def get_search(id: str) -> SearchOut:
        with runtime().db.read() as session:
            search = domain.read_search(session, parse_id(id, "saved search"))
            caller().need(search.brand_id, "viewer")
            return search_out(search)

    @bp.post("/searches")
    @bp.input(SearchIn)
    @bp.output(SearchOut, status_code=201)
    def post_search(json_data: SearchIn) -> object:
        values = json_data.model_dump(exclude={"brand_id"}, exclude_none=True)
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "contributor")

            def create() -> SearchOut:
                made = domain.create_search(session, brand_id, values, by=caller().member_id, now=now())
                return search_out(made)

            return create_once(session, json_data, create)

    @bp.patch("/searches/<id>")
    @bp.input(SearchPatch)
    @bp.output(SearchOut)
    def patch_search(id: str, json_data: SearchPatch) -> SearchOut:
        values = json_data.model_dump(exclude_unset=True, exclude={"version"}, exclude_none=True)
        with runtime().db.write() as session:
            search = _own_search(session, id)
            try:
                changed = domain.change_search(session, search.id, values, version=json_data.version, now=now())
            except Conflict as conflict:
                current = search_out(search).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None
            check_search(session, changed)  # refusing here undoes the transaction
            return search_out(changed)

    @bp.delete("/searches/<id>")
    @bp.output(Empty)
    def delete_search(id: str) -> Empty:
        with runtime().db.write() as session:
            domain.remove_search(session, _own_search(session, id).id, now=now())
        return Empty()

    @bp.post("/searches/<id>/restore")
    @bp.output(SearchOut)
    def restore_search(id: str) -> SearchOut:
        with runtime().db.write() as session:
            search = domain.restore_search(session, parse_id(id, "saved search"), now=now())
            caller().need(search.brand_id, "contributor")  # refusing here undoes the transaction
            return search_out(search)

    return bp


def _own_search(session: Session, id: str) -> SavedSearch:
    search = domain.read_search(session, parse_id(id, "saved search"))
    caller().need(search.brand_id, "contributor")
    return search
