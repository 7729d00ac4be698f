"""`/brands` and `/me`."""

from __future__ import annotations

from typing import Literal

from apiflask import APIBlueprint
from pydantic import Field

from backend.accounts import brands as domain
from backend.accounts.members import get_device
from backend.accounts.models import Brand
from backend.api.base import (
    Empty,
    Id,
    In,
    Out,
    caller,
    create_once,
    make_blueprint,
    now,
    parse_id,
    runtime,
)
from backend.config import VERSION
from backend.infra.errors import Conflict
from backend.listening.keywords import remake_searches


class BrandFields(In):
    kind: Literal["brand", "place", "person", "institution"] = "brand"
    languages: list[str] = Field(default_factory=list, max_length=12)
    countries: list[str] = Field(default_factory=list, max_length=30)
    time_zone: str = "UTC"
    voice: str = Field(default="", max_length=5000)
    address: Literal["tu", "vous"] = "vous"
    handles: dict[str, str] = Field(default_factory=dict)
    utm: dict[str, str] = Field(default_factory=dict)


class BrandIn(BrandFields):
    name: str


class BrandPatch(BrandFields):
    name: str = ""
    version: int


class BrandOut(Out):
    id: Id
    name: str
    kind: str
    languages: list[str]
    countries: list[str]
    time_zone: str
    voice: str
    address: str
    handles: dict[str, str]
    utm: dict[str, str]
    version: int
    role: str = ""


class BrandList(Out):
    items: list[BrandOut]
    next_cursor: str | None = None


class NameOut(Out):
    id: Id
    name: str


class ServerOut(Out):
    version: str
    admin: bool


class MeOut(Out):
    member: NameOut | None
    device: NameOut | None
    brands: list[BrandOut]
    server: ServerOut


def brand_out(brand: Brand) -> BrandOut:
    out = BrandOut.model_validate(brand)
    out.role = caller().role(brand.id)
    return out


def brands_blueprint() -> APIBlueprint:
    bp = make_blueprint("brands")

    @bp.get("/me")
    @bp.output(MeOut)
    def get_me() -> MeOut:
        me = caller()
        with runtime().db.read() as session:
            brands = [brand_out(b) for b in domain.list_brands(session) if me.may(b.id, "viewer")]
            device = NameOut.model_validate(get_device(session, me.device_id)) if me.device_id else None
        member = NameOut(id=str(me.member_id), name=me.name) if me.member_id else None
        server = ServerOut(version=VERSION, admin=me.role_everywhere == "owner")
        return MeOut(member=member, device=device, brands=brands, server=server)

    @bp.get("/brands")
    @bp.output(BrandList)
    def get_brands() -> BrandList:
        with runtime().db.read() as session:
            brands = domain.list_brands(session)
            return BrandList(items=[brand_out(b) for b in brands if caller().may(b.id, "viewer")])

    @bp.get("/brands/<id>")
    @bp.output(BrandOut)
    def get_brand(id: str) -> BrandOut:
        brand_id = parse_id(id, "brand")
        caller().need(brand_id, "viewer")
        with runtime().db.read() as session:
            return brand_out(domain.get_brand(session, brand_id))

    @bp.post("/brands")
    @bp.input(BrandIn)
    @bp.output(BrandOut, status_code=201)
    def post_brand(json_data: BrandIn) -> object:
        caller().need_everywhere("owner")
        with runtime().db.write() as session:
            return create_once(
                session,
                json_data,
                lambda: brand_out(domain.create_brand(session, json_data.model_dump(), now=now())),
            )

    @bp.patch("/brands/<id>")
    @bp.input(BrandPatch)
    @bp.output(BrandOut)
    def patch_brand(id: str, json_data: BrandPatch) -> BrandOut:
        brand_id = parse_id(id, "brand")
        caller().need(brand_id, "owner")
        values = json_data.model_dump(exclude_unset=True, exclude={"version"})
        with runtime().db.write() as session:
            try:
                brand = domain.change_brand(session, brand_id, values, version=json_data.version, now=now())
                if "languages" in values or "countries" in values:
                    remake_searches(session, brand_id, now=now())  # the same keywords, asked in other editions
            except Conflict as conflict:
                current = brand_out(domain.get_brand(session, brand_id)).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None
            return brand_out(brand)

    @bp.delete("/brands/<id>")
    @bp.output(Empty)
    def delete_brand(id: str) -> Empty:
        brand_id = parse_id(id, "brand")
        caller().need(brand_id, "owner")
        with runtime().db.write() as session:
            domain.remove_brand(session, brand_id, now=now())
        return Empty()

    @bp.post("/brands/<id>/restore")
    @bp.output(BrandOut)
    def restore_brand(id: str) -> BrandOut:
        brand_id = parse_id(id, "brand")
        caller().need(brand_id, "owner")
        with runtime().db.write() as session:
            return brand_out(domain.restore_brand(session, brand_id, now=now()))

    return bp
