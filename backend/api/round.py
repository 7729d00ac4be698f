"""`/round`: the pages that people look at because no machine may, and what was collected from them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from backend.api.base import (
    Empty,
    Id,
    In,
    MaybeId,
    MaybeMoment,
    Out,
    Query,
    answered_before,
    as_utc,
    brand_of,
    brands_of,
    caller,
    create_once,
    make_blueprint,
    now,
    parse_id,
    runtime,
)
from backend.api.mention_changes import actor
from backend.connectors.feed.parse import sane_moment
from backend.infra.errors import Conflict
from backend.listening import collecting
from backend.listening import round as domain
from backend.listening.models import RoundPage

NAME = Field(min_length=1, max_length=40)


class RoundQuery(Query):
    brand_id: str | None = None


class OfferQuery(RoundQuery):
    term: str = Field(default="", max_length=200, description="only searches and hashtags for it")


class RoundPageIn(In):
    brand_id: str | None = None
    url: str = Field(max_length=8_000)
    name: str = Field(default="", max_length=500)
    remind_days: int = Field(default=7, description="without a visit, until Today says so; 0 = never")


class RoundPagePatch(In):
    url: str | None = Field(default=None, max_length=8_000)
    name: str | None = Field(default=None, max_length=500)
    remind_days: int | None = None
    version: int


class RoundOrder(In):
    brand_id: str | None = None
    ids: list[str] = Field(max_length=domain.MOST_PAGES)


class CollectedPost(In):
    url: str = Field(max_length=8_000)
    network: str = Field(default="", max_length=100)
    author: str = Field(default="", max_length=500)
    author_url: str = Field(default="", max_length=8_000)
    text: str = Field(default="", max_length=100_000)
    published_at: datetime | None = None


class CollectIn(In):
    """`visit` names one look at the page, `act` one click on Collect: drawn by whoever asks, so that what is sent twice
    counts once."""

    visit: str = NAME
    act: str = NAME
    posts: list[CollectedPost] = Field(max_length=collecting.MOST_POSTS)


class VisitIn(In):
    visit: str = NAME


class ActIn(In):
    act: str = NAME


class RoundPageOut(Out):
    """`per_visit`: posts, of the last ten visits. `left`: not visited today, by the brand's clock."""

    id: Id
    brand_id: Id
    url: str
    name: str
    network: str
    position: int
    remind_days: int
    last_visited_at: MaybeMoment
    left: bool
    overdue: bool
    visits: int
    last_posts: int
    last_fresh: int
    per_visit: float
    version: int


class RoundPageItems(Out):
    """All pages, in the order in which they are opened."""

    items: list[RoundPageOut]
    next_cursor: str | None = None


class OfferOut(Out):
    network: str
    place: str
    what: str
    name: str
    url: str
    ticked: bool


class OfferItems(Out):
    items: list[OfferOut]


class TookOut(Out):
    """A post: `fresh` where nobody knew it before this visit. In the order in which posts were sent."""

    outcome: Literal["created", "known", "refused"]
    mention_id: MaybeId
    fresh: bool


class CollectedOut(Out):
    items: list[TookOut]
    created: int
    known: int
    refused: int
    page: RoundPageOut


class UncollectedOut(Out):
    """`kept`: somebody worked on them since, and they stay."""

    removed: int
    kept: int
    page: RoundPageOut


def round_blueprint() -> APIBlueprint:
    bp = make_blueprint("round")

    @bp.get("/round")
    @bp.input(RoundQuery, location="query")
    @bp.output(RoundPageItems)
    def get_round(query_data: RoundQuery) -> RoundPageItems:
        with runtime().db.read() as session:
            pages = domain.list_pages(session, brands_of(session, query_data.brand_id))
            return RoundPageItems(items=_pages_out(session, pages))

    @bp.get("/round/offers")
    @bp.input(OfferQuery, location="query")
    @bp.output(OfferItems)
    def get_round_offers(query_data: OfferQuery) -> OfferItems:
        with runtime().db.read() as session:
            brand_id = brand_of(session, query_data.brand_id, "viewer")
            offers = domain.offers_for(session, brand_id, term=query_data.term)
            return OfferItems(items=[OfferOut.model_validate(offer) for offer in offers])

    @bp.get("/round/<id>")
    @bp.output(RoundPageOut)
    def get_round_page(id: str) -> RoundPageOut:
        with runtime().db.read() as session:
            return _page_out(session, _page(session, id, "viewer"))

    @bp.post("/round")
    @bp.input(RoundPageIn)
    @bp.output(RoundPageOut, status_code=201)
    def post_round_page(json_data: RoundPageIn) -> object:
        values = json_data.model_dump(exclude={"brand_id"})
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")

            def create() -> RoundPageOut:
                return _page_out(session, domain.create_page(session, brand_id, **values, now=now()))

            return create_once(session, json_data, create)

    @bp.patch("/round/<id>")
    @bp.input(RoundPagePatch)
    @bp.output(RoundPageOut)
    def patch_round_page(id: str, json_data: RoundPagePatch) -> RoundPageOut:
        values = json_data.model_dump(exclude_unset=True, exclude={"version"}, exclude_none=True)
        with runtime().db.write() as session:
            page = _page(session, id, "editor")
            try:
                changed = domain.change_page(session, page.id, values, version=json_data.version, now=now())
            except Conflict as conflict:
                current = _page_out(session, page).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None
            return _page_out(session, changed)

    @bp.post("/round/order")
    @bp.input(RoundOrder)
    @bp.output(RoundPageItems)
    def post_round_order(json_data: RoundOrder) -> RoundPageItems:
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")
            ids = [parse_id(id, "page in the round") for id in json_data.ids]
            return RoundPageItems(items=_pages_out(session, domain.order_pages(session, brand_id, ids, now=now())))

    @bp.delete("/round/<id>")
    @bp.output(Empty)
    def delete_round_page(id: str) -> Empty:
        with runtime().db.write() as session:
            domain.remove_page(session, _page(session, id, "editor").id, now=now())
        return Empty()

    @bp.post("/round/<id>/restore")
    @bp.output(RoundPageOut)
    def restore_round_page(id: str) -> RoundPageOut:
        with runtime().db.write() as session:
            page = domain.restore_page(session, parse_id(id, "page in the round"), now=now())
            caller().need(page.brand_id, "editor")  # refusing here undoes the transaction
            return _page_out(session, page)

    @bp.post("/round/<id>/collect")
    @bp.input(CollectIn)
    @bp.output(CollectedOut)
    def post_round_collect(id: str, json_data: CollectIn) -> object:
        with runtime().db.read() as session:
            page_id = _page(session, id, "contributor").id
            if (stored := answered_before(session, json_data)) is not None:
                return stored
        posts = [_seen(post) for post in json_data.posts]
        took = collecting.collect_posts(runtime(), page_id, posts, visit=json_data.visit, act=json_data.act, by=actor())
        outcomes = [one.outcome for one in took]
        with runtime().db.write() as session:

            def answer() -> CollectedOut:
                return CollectedOut(
                    items=[TookOut.model_validate(one) for one in took],
                    created=outcomes.count("created"),
                    known=outcomes.count("known"),
                    refused=outcomes.count("refused"),
                    page=_page_out(session, domain.read_page(session, page_id)),
                )

            return create_once(session, json_data, answer)

    @bp.post("/round/<id>/collect/undo")
    @bp.input(ActIn)
    @bp.output(UncollectedOut)
    def post_round_collect_undo(id: str, json_data: ActIn) -> UncollectedOut:
        with runtime().db.read() as session:
            page_id = _page(session, id, "contributor").id
        removed, kept = collecting.undo_posts(runtime(), page_id, act=json_data.act)
        with runtime().db.read() as session:
            page = domain.read_page(session, page_id)
            return UncollectedOut(removed=removed, kept=kept, page=_page_out(session, page))

    @bp.post("/round/<id>/visited")
    @bp.input(VisitIn)
    @bp.output(RoundPageOut)
    def post_round_visited(id: str, json_data: VisitIn) -> RoundPageOut:
        with runtime().db.write() as session:
            page = _page(session, id, "contributor")
            visit = json_data.visit
            collecting.finish_visit(session, page.id, visit=visit, by=actor(), now=now(), seen=True)
            return _page_out(session, page)

    @bp.post("/round/<id>/visited/undo")
    @bp.input(VisitIn)
    @bp.output(RoundPageOut)
    def post_round_visited_undo(id: str, json_data: VisitIn) -> RoundPageOut:
        with runtime().db.write() as session:
            page = _page(session, id, "contributor")
            return _page_out(session, collecting.unsee_visit(session, page.id, visit=json_data.visit, now=now()))

    return bp


def _page(session: Session, id: str, role: Literal["viewer", "contributor", "editor"]) -> RoundPage:
    page = domain.read_page(session, parse_id(id, "page in the round"))
    caller().need(page.brand_id, role)
    return page


def _page_out(session: Session, page: RoundPage) -> RoundPageOut:
    return _pages_out(session, [page])[0]


def _pages_out(session: Session, pages: list[RoundPage]) -> list[RoundPageOut]:
    return [
        RoundPageOut(
            id=str(facts.page.id),
            brand_id=str(facts.page.brand_id),
            url=facts.page.url,
            name=facts.page.name,
            network=facts.page.network,
            position=facts.page.position,
            remind_days=facts.page.remind_days,
            last_visited_at=facts.page.last_visited_at,
            left=not facts.visited_today,
            overdue=facts.overdue,
            visits=facts.visits,
            last_posts=facts.last_posts,
            last_fresh=facts.last_fresh,
            per_visit=facts.per_visit,
            version=facts.page.version,
        )
        for facts in domain.read_facts(session, pages, now=now())
    ]


def _seen(post: CollectedPost) -> collecting.Seen:
    at = sane_moment(post.published_at)
    return collecting.Seen(
        url=post.url,
        network=post.network,
        author=post.author,
        author_url=post.author_url,
        text=post.text,
        published_at=as_utc(at, "published_at") if at else None,
    )
