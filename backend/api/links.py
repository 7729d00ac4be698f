"""`/links`: short links and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field, StringConstraints
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.api.base import (
    Empty,
    Id,
    In,
    MaybeMoment,
    Moment,
    Out,
    PageQuery,
    Query,
    brand_of,
    brands_of,
    caller,
    create_once,
    decode_cursor,
    encode_cursor,
    make_blueprint,
    now,
    parse_id,
    parse_moment,
    runtime,
)
from backend.infra.errors import Conflict, Invalid
from backend.links import links as domain
from backend.links.models import Link
from backend.links.public_address import base_address, own_hosts, short_url
from backend.links.stats import count_clicks, count_people
from backend.links.targets import shown_host

# Byte for byte: the blanks that other fields lose are an error here.
Address = Annotated[str, StringConstraints(strip_whitespace=False, max_length=100_000)]
StatusCode = Literal[301, 302, 307, 308]
#: more addresses no post has
MOST_AT_ONCE = 50


class LinkFields(In):
    title: str = Field(default="", max_length=1000)
    tags: list[str] = Field(default_factory=list, max_length=50)
    utm: dict[str, str] | None = None
    expires_at: AwareDatetime | None = None
    max_clicks: int | None = Field(default=None, ge=1, le=10**12)
    fallback_url: Address | None = None
    status_code: StatusCode = 302
    forward_query: bool = False
    # Named in the contract, made by a later release: refused rather than ignored.
    campaign_id: str | None = None
    password: str | None = None
    rules: list[Any] | None = None


class LinkIn(LinkFields):
    brand_id: str | None = None
    url: Address
    code: str | None = None
    domain: str | None = None


class LinksIn(In):
    """Addresses of one text. UTM: the brand's, with the network they are written on and the campaign filled in."""

    brand_id: str | None = None
    urls: list[Address] = Field(min_length=1, max_length=MOST_AT_ONCE)
    network: str = Field(default="", max_length=40)
    campaign: str = Field(default="", max_length=200)


class LinkPatch(LinkFields):
    url: Address = ""
    version: int


class LinkQuery(PageQuery):
    url: str | None = None
    tag: str | None = None
    q: str | None = Field(default=None, max_length=200)


class LinkStatsQuery(Query):
    since: str | None = Field(default=None, alias="from")
    until: str | None = Field(default=None, alias="to")
    by: Literal["hour", "day"] = "day"
    dimension: Literal["referrer", "kind"] | None = None


class LinkOut(Out):
    id: Id
    brand_id: Id
    code: str
    domain: str
    url: str
    clean_url: str
    short_url: str
    public: bool
    host: str
    title: str
    tags: list[str]
    utm: dict[str, str]
    status_code: int
    forward_query: bool
    expires_at: MaybeMoment
    max_clicks: int | None
    fallback_url: str | None
    people: int
    created_at: Moment
    version: int


class LinkList(Out):
    items: list[LinkOut]
    next_cursor: str | None = None


class WhyNot(Out):
    code: str
    message: str


class LinkOrWhyNot(Out):
    """One of the addresses: its link, or why it stays as it is."""

    url: str
    link: LinkOut | None
    error: WhyNot | None


class LinksMade(Out):
    items: list[LinkOrWhyNot]


class ClickPoint(Out):
    at: Moment
    people: int
    previews: int
    robots: int


class ClickShare(Out):
    key: str
    people: int


class LinkStatsOut(Out):
    people: int
    previews: int
    robots: int
    visitors: int
    series: list[ClickPoint]
    by: list[ClickShare]


def links_out(session: Session, links: list[Link]) -> list[LinkOut]:
    """Links as JSON: with their people, and with the address they have for the world."""
    base, public = base_address(session, runtime().settings)
    people = count_people(session, [link.id for link in links])
    return [
        LinkOut(
            id=str(link.id),
            brand_id=str(link.brand_id),
            code=link.code,
            domain=link.domain,
            url=link.url,
            clean_url=domain.clean_url(link),
            short_url=short_url(base, link),
            public=public,
            host=shown_host(link.url),
            title=link.title,
            tags=link.tags,
            utm=link.utm,
            status_code=link.status_code,
            forward_query=link.forward_query,
            expires_at=link.expires_at,
            max_clicks=link.max_clicks,
            fallback_url=link.fallback_url or None,
            people=people.get(link.id, 0),
            created_at=link.created_at,
            version=link.version,
        )
        for link in links
    ]


def link_out(session: Session, link: Link) -> LinkOut:
    return links_out(session, [link])[0]


def links_blueprint() -> APIBlueprint:
    bp = make_blueprint("links")

    @bp.post("/links")
    @bp.input(LinkIn)
    @bp.output(LinkOut, status_code=201)
    def post_link(json_data: LinkIn) -> object:
        values = wanted_values(json_data)
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")

            def create() -> LinkOut:
                own = own_hosts(runtime().settings)
                link = domain.create_link(session, brand_id=brand_id, own_hosts=own, now=now(), **values)
                return link_out(session, link)

            return create_once(session, json_data, create)

    @bp.post("/links/bulk")
    @bp.input(LinksIn)
    @bp.output(LinksMade, status_code=201)
    @bp.doc(summary="A link for each address of a text; what cannot be shortened says why and stops nothing")
    def post_links(json_data: LinksIn) -> object:
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")
            of_brand = get_brand(session, brand_id).utm
            utm = domain.utm_in(of_brand, network=json_data.network, campaign=json_data.campaign)

            def create() -> LinksMade:
                own = own_hosts(runtime().settings)
                found = domain.link_each(session, brand_id, json_data.urls, utm=utm, own_hosts=own, now=now())
                made = {link.id: link for link in found if isinstance(link, Link)}
                shown = dict(zip(made, links_out(session, list(made.values())), strict=True))
                return LinksMade(
                    items=[one_of_many(url, one, shown) for url, one in zip(json_data.urls, found, strict=True)]
                )

            return create_once(session, json_data, create)

    @bp.get("/links")
    @bp.input(LinkQuery, location="query")
    @bp.output(LinkList)
    def get_links(query_data: LinkQuery) -> LinkList:
        before = int(decode_cursor(query_data.cursor, 1)[0]) if query_data.cursor else None
        limit = query_data.limit
        with runtime().db.read() as session:
            found = domain.list_links(
                session,
                brands_of(session, query_data.brand_id),
                url=query_data.url,
                tag=query_data.tag,
                text=query_data.q,
                before_id=before,
                limit=limit + 1,
            )
            more = encode_cursor([found[limit - 1].id]) if len(found) > limit else None
            return LinkList(items=links_out(session, found[:limit]), next_cursor=more)

    @bp.get("/links/<id>")
    @bp.output(LinkOut)
    def get_link(id: str) -> LinkOut:
        with runtime().db.read() as session:
            return link_out(session, readable_link(session, id))

    @bp.patch("/links/<id>")
    @bp.input(LinkPatch)
    @bp.output(LinkOut)
    def patch_link(id: str, json_data: LinkPatch) -> LinkOut:
        values = wanted_values(json_data)
        with runtime().db.write() as session:
            link = readable_link(session, id)
            caller().need(link.brand_id, "editor")
            try:
                own = own_hosts(runtime().settings)
                domain.change_link(session, link.id, values, version=json_data.version, own_hosts=own, now=now())
            except Conflict as conflict:
                current = link_out(session, link).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None
            return link_out(session, link)

    @bp.delete("/links/<id>")
    @bp.output(Empty)
    def delete_link(id: str) -> Empty:
        with runtime().db.write() as session:
            link = readable_link(session, id)
            caller().need(link.brand_id, "editor")
            domain.remove_link(session, link.id, now=now())
        return Empty()

    @bp.post("/links/<id>/restore")
    @bp.output(LinkOut)
    def restore_link(id: str) -> LinkOut:
        with runtime().db.write() as session:
            link = domain.find_link(session, parse_id(id, "link"))
            caller().need(link.brand_id, "editor")
            return link_out(session, domain.restore_link(session, link.id, now=now()))

    @bp.get("/links/<id>/stats")
    @bp.input(LinkStatsQuery, location="query")
    @bp.output(LinkStatsOut)
    def get_link_stats(id: str, query_data: LinkStatsQuery) -> LinkStatsOut:
        since, until = moment_or_none(query_data.since, "from"), moment_or_none(query_data.until, "to")
        if since and until and since > until:
            raise Invalid("The range ends before it begins.", fields={"from": "before to"})
        with runtime().db.read() as session:
            link = readable_link(session, id)
            dimension = query_data.dimension
            found = count_clicks(
                session, link.id, since=since, until=until, by=query_data.by, dimension=dimension, now=now()
            )
        return LinkStatsOut(
            people=found.people,
            previews=found.previews,
            robots=found.robots,
            visitors=found.visitors,
            series=[ClickPoint.model_validate(point) for point in found.series],
            by=[ClickShare(key=key, people=n) for key, n in found.by],
        )

    return bp


def one_of_many(url: str, found: Link | Invalid, shown: dict[int, LinkOut]) -> LinkOrWhyNot:
    if isinstance(found, Link):
        return LinkOrWhyNot(url=url, link=shown[found.id], error=None)
    return LinkOrWhyNot(url=url, link=None, error=WhyNot(code=found.code, message=found.message))


def readable_link(session: Session, id: str) -> Link:
    """Raises NotFound, also for a link of a brand that the caller does not know."""
    link = domain.get_link(session, parse_id(id, "link"))
    caller().need(link.brand_id, "viewer")
    return link


def moment_or_none(value: str | None, field: str) -> datetime | None:
    return parse_moment(value, field) if value else None


def wanted_values(body: LinkIn | LinkPatch) -> dict[str, Any]:
    """What was sent, as the domain takes it. Raises Invalid for what is not there yet."""
    values = body.model_dump(exclude_unset=True, exclude={"version", "brand_id"})
    later = {name: "not there yet" for name in ("password", "rules", "campaign_id", "domain") if values.pop(name, None)}
    if later:
        raise Invalid("Some of this cannot be done yet.", code="not_yet", fields=later)
    if values.get("fallback_url", "") is None:
        values["fallback_url"] = ""
    return values
