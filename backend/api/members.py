"""`/members` and `/devices`: people, and what they let in."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request
from pydantic import Field

from backend.accounts import login, members
from backend.accounts.brands import brand_ids, get_brand
from backend.accounts.models import Device, Member
from backend.api.base import (
    Empty,
    Id,
    In,
    MaybeId,
    MaybeMoment,
    Moment,
    Out,
    caller,
    create_once,
    make_blueprint,
    now,
    parse_id,
    runtime,
)
from backend.infra.errors import NotFound


class MemberIn(In):
    name: str
    brand_roles: dict[str, str] = Field(default_factory=dict)


class MemberOut(Out):
    id: Id
    name: str
    instance_owner: bool
    brand_roles: dict[str, str] = Field(default_factory=dict)
    login_link: str | None = None  # told once, when the member is made or asks again


class MemberList(Out):
    items: list[MemberOut]
    next_cursor: str | None = None


class DeviceOut(Out):
    id: Id
    name: str
    kind: str
    member_id: MaybeId
    origin: str
    created_at: Moment
    last_used_at: MaybeMoment
    this_one: bool = False


class DeviceList(Out):
    items: list[DeviceOut]
    next_cursor: str | None = None


def members_blueprint() -> APIBlueprint:
    bp = make_blueprint("members")

    @bp.get("/members")
    @bp.output(MemberList)
    def get_members() -> MemberList:
        with runtime().db.read() as session:
            mine = caller().brand_ids(brand_ids(session))
            roles = members.all_roles(session)
            seen = {
                row: {brand_id: role for brand_id, role in roles.get(row.id, {}).items() if brand_id in mine}
                for row in members.list_members(session)
            }
            return MemberList(items=[_member_out(row, theirs) for row, theirs in seen.items()])

    @bp.post("/members")
    @bp.input(MemberIn)
    @bp.output(MemberOut, status_code=201)
    def post_member(json_data: MemberIn) -> object:
        roles = {parse_id(brand, "brand"): role for brand, role in json_data.brand_roles.items()}
        _may_grant(list(roles))
        with runtime().db.write() as session:
            for brand_id in roles:
                get_brand(session, brand_id)

            def create() -> MemberOut:
                member = members.create_member(session, name=json_data.name, brand_roles=roles, now=now())
                token = login.create_login_link(session, member.id, now=now(), life=login.INVITATION_LIFE)
                return _member_out(member, roles, _login_url(token))

            return create_once(session, json_data, create)

    @bp.post("/members/<id>/login-link")
    @bp.output(MemberOut, status_code=201)
    def post_login_link(id: str) -> MemberOut:
        caller().need_everywhere("owner")
        with runtime().db.write() as session:
            member = members.get_member(session, parse_id(id, "member"))
            token = login.create_login_link(session, member.id, now=now(), life=login.INVITATION_LIFE)
            return _member_out(member, members.roles_of(session, member.id), _login_url(token))

    @bp.delete("/members/<id>")
    @bp.output(Empty)
    def delete_member(id: str) -> Empty:
        caller().need_everywhere("owner")
        with runtime().db.write() as session:
            members.remove_member(session, parse_id(id, "member"), now=now())
        return Empty()

    @bp.get("/devices")
    @bp.output(DeviceList)
    def get_devices() -> DeviceList:
        me = caller()
        everybody = me.role_everywhere == "owner"
        with runtime().db.read() as session:
            rows = members.list_devices(session, None if everybody else (me.member_id or 0))
            return DeviceList(items=[_device_out(row, me.device_id) for row in rows])

    @bp.delete("/devices/<id>")
    @bp.output(Empty)
    def delete_device(id: str) -> Empty:
        me, device_id = caller(), parse_id(id, "device")
        with runtime().db.write() as session:
            device = members.get_device(session, device_id)
            if me.role_everywhere != "owner" and (me.member_id is None or device.member_id != me.member_id):
                raise NotFound("There is no such device.")
            members.revoke_device(session, device_id, now=now())
        return Empty()

    return bp


def _may_grant(granted: list[int]) -> None:
    """An owner of a brand may let people into it; letting somebody in nowhere needs an owner of the server."""
    if not granted:
        caller().need_everywhere("owner")
    for brand_id in granted:
        caller().need(brand_id, "owner")


def _member_out(member: Member, roles: dict[int, str], login_link: str | None = None) -> MemberOut:
    return MemberOut(
        id=str(member.id),
        name=member.name,
        instance_owner=member.instance_owner,
        brand_roles={str(brand_id): role for brand_id, role in roles.items()},
        login_link=login_link,
    )


def _device_out(device: Device, mine: int | None) -> DeviceOut:
    out = DeviceOut.model_validate(device)
    out.this_one = device.id == mine
    return out


def _login_url(token: str) -> str:
    base = runtime().settings.admin_url or request.host_url.rstrip("/")
    return f"{base}/-/login/{token}"
