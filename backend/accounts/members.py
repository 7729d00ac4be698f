"""The people of an installation, their roles, and their devices."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.accounts.models import BrandRole, Device, LoginSession, Member
from backend.accounts.roles import Caller, check_role
from backend.infra.changes import record_change
from backend.infra.crypto import hash_token, new_token
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.text import one_line

TOKEN_PREFIX = "entregent_"  # noqa: S105  # so that a leaked token is recognised by scanners
LAST_USED_GRAIN = timedelta(minutes=5)  # `last_used_at` is written at most this often


def list_members(session: Session) -> list[Member]:
    return list(session.scalars(select(Member).where(Member.removed_at.is_(None)).order_by(Member.name, Member.id)))


def get_member(session: Session, member_id: int) -> Member:
    """Raises NotFound."""
    member = session.get(Member, member_id)
    if member is None or member.removed_at is not None:
        raise NotFound("There is no such member.")
    return member


def assignable(session: Session, member_id: int, brand_id: int) -> Member:
    """The member, if mentions of this brand can be theirs: they must see them. Raises NotFound."""
    member = get_member(session, member_id)
    if not member.instance_owner and brand_id not in roles_of(session, member_id):
        raise NotFound("There is no such member.")
    return member


def roles_of(session: Session, member_id: int) -> dict[int, str]:
    rows = session.scalars(select(BrandRole).where(BrandRole.member_id == member_id))
    return {row.brand_id: row.role for row in rows}


def all_roles(session: Session) -> dict[int, dict[int, str]]:
    """Of every member: the role for each brand."""
    found: dict[int, dict[int, str]] = {}
    for row in session.scalars(select(BrandRole)):
        found.setdefault(row.member_id, {})[row.brand_id] = row.role
    return found


def member_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Who they are, removed ones too: what they did stays theirs."""
    found = session.execute(select(Member.id, Member.name).where(Member.id.in_(ids)))
    return {row.id: row.name for row in found}


def first_owner(session: Session, *, now: datetime, name: str = "Owner") -> Member:
    """The instance owner; made when there is none yet."""
    query = select(Member).where(Member.instance_owner, Member.removed_at.is_(None)).order_by(Member.id).limit(1)
    owner = session.scalar(query)
    if owner is None:
        owner = Member(name=name, instance_owner=True, created_at=now)
        session.add(owner)
        session.flush()
    return owner


def create_member(session: Session, *, name: str, brand_roles: Mapping[int, str], now: datetime) -> Member:
    """Raises Invalid."""
    name = one_line(name)
    if not name or len(name) > 120:
        raise Invalid("A member needs a name.", fields={"name": "1 to 120 characters"})
    member = Member(name=name, created_at=now)
    session.add(member)
    session.flush()
    set_roles(session, member.id, brand_roles)
    record_change(session, kind="member.changed", ref=member.id, brand_id=None, now=now)
    return member


def set_roles(session: Session, member_id: int, brand_roles: Mapping[int, str]) -> None:
    """Replace a member's roles. Raises Invalid."""
    session.execute(delete(BrandRole).where(BrandRole.member_id == member_id))
    for brand_id, role in brand_roles.items():
        session.add(BrandRole(member_id=member_id, brand_id=brand_id, role=check_role(role)))
    session.flush()


def remove_member(session: Session, member_id: int, *, now: datetime) -> None:
    """The member and all its devices and log-ins lose access at once. Raises Conflict for the last owner."""
    member = get_member(session, member_id)
    if member.instance_owner:
        owners = select(Member.id).where(Member.instance_owner, Member.removed_at.is_(None), Member.id != member_id)
        if session.scalar(owners.limit(1)) is None:
            raise Conflict("The last owner cannot be removed.", code="last_owner")
    member.removed_at = now
    session.execute(update(Device).where(Device.member_id == member_id).values(revoked_at=now))
    session.execute(delete(LoginSession).where(LoginSession.member_id == member_id))
    record_change(session, kind="member.changed", ref=member_id, brand_id=None, now=now)


# --- devices -----------------------------------------------------------------------------------------------


def create_device(
    session: Session,
    *,
    name: str,
    kind: str,
    now: datetime,
    member_id: int | None = None,
    origin: str = "",
    role: str = "",
) -> tuple[Device, str]:
    """A device and its token, which is told here once and never again."""
    token = new_token(TOKEN_PREFIX)
    device = Device(
        member_id=member_id,
        name=name[:120],
        kind=kind,
        origin=origin,
        role=check_role(role) if role else "",
        token_hash=hash_token(token),
        created_at=now,
    )
    session.add(device)
    session.flush()
    record_change(session, kind="device.changed", ref=device.id, brand_id=None, now=now)
    return device, token


def list_devices(session: Session, member_id: int | None) -> list[Device]:
    """Devices that are let in, newest first; all of them when `member_id` is None."""
    query = select(Device).where(Device.revoked_at.is_(None)).order_by(Device.id.desc())
    if member_id is not None:
        query = query.where(Device.member_id == member_id)
    return list(session.scalars(query))


def get_device(session: Session, device_id: int) -> Device:
    """Raises NotFound, also for one that was revoked."""
    device = session.get(Device, device_id)
    if device is None or device.revoked_at is not None:
        raise NotFound("There is no such device.")
    return device


def revoke_device(session: Session, device_id: int, *, now: datetime) -> None:
    get_device(session, device_id).revoked_at = now
    record_change(session, kind="device.changed", ref=device_id, brand_id=None, now=now)


def paired_origins(session: Session) -> list[str]:
    """Origins of the extensions that are let in: the exact list for CORS."""
    query = select(Device.origin).where(Device.revoked_at.is_(None), Device.origin != "").distinct()
    return list(session.scalars(query))


def caller_of_token(session: Session, token: str) -> tuple[Caller, Device] | None:
    """Who holds this bearer token; None when nobody does (any more)."""
    device = session.scalar(select(Device).where(Device.token_hash == hash_token(token)))
    if device is None or device.revoked_at is not None:
        return None
    if device.member_id is None:
        return Caller(name=device.name, device_id=device.id, role_everywhere=device.role), device
    member = session.get(Member, device.member_id)
    if member is None or member.removed_at is not None:
        return None
    return caller_of_member(session, member, device_id=device.id), device


def caller_of_member(session: Session, member: Member, *, device_id: int | None = None) -> Caller:
    if member.instance_owner:
        return Caller(name=member.name, member_id=member.id, device_id=device_id, role_everywhere="owner")
    return Caller(name=member.name, member_id=member.id, device_id=device_id, roles=roles_of(session, member.id))


def touch_device(session: Session, device_id: int, *, now: datetime) -> None:
    session.execute(update(Device).where(Device.id == device_id).values(last_used_at=now))
