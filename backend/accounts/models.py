"""Brands, the people who work for them, and everything that lets a person or a program in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.infra.db import Base


class Brand(Base):
    """A brand, a place, a person or an institution: everything a person makes belongs to one."""

    __tablename__ = "brands"
    __table_args__ = (
        CheckConstraint("kind IN ('brand', 'place', 'person', 'institution')", name="kind"),
        CheckConstraint("address IN ('tu', 'vous')", name="address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20), default="brand")
    languages: Mapped[list[str]] = mapped_column(default=list)  # BCP 47 primary tags, first is the main one
    countries: Mapped[list[str]] = mapped_column(default=list)  # ISO 3166 alpha-2, capitals
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    voice: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(4), default="vous")
    handles: Mapped[dict[str, str]] = mapped_column(default=dict)  # network → "@cafelumiere, @cafelumiere_jobs"
    utm: Mapped[dict[str, str]] = mapped_column(default=dict)  # "source" → "{network}"
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Member(Base):
    """A person. An instance owner has the role of owner for every brand, those to come included."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    instance_owner: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class BrandRole(Base):
    __tablename__ = "brand_roles"
    __table_args__ = (CheckConstraint("role IN ('owner', 'editor', 'contributor', 'viewer')", name="role"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(12))


class Device(Base):
    """A paired browser, or a program with a token of its own. Only the hash of the token is kept."""

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(12))  # extension | token
    origin: Mapped[str] = mapped_column(String(200), default="")  # chrome-extension://…, bound at pairing
    role: Mapped[str] = mapped_column(String(12), default="")  # of a token without a member: for every brand
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginLink(Base):
    """A link that lets one member in, once."""

    __tablename__ = "login_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginSession(Base):
    """A browser that came in by a link: the hash of its cookie."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class PairingRequest(Base):
    """An extension that asks to be let in. `challenge` is base64url(SHA-256(verifier)), which the poll proves."""

    __tablename__ = "pairing_requests"
    __table_args__ = (CheckConstraint("status IN ('pending', 'approved', 'refused', 'done')", name="status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    code: Mapped[str] = mapped_column(String(12))
    client: Mapped[str] = mapped_column(String(120))
    challenge: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")  # who asked, for the limit; gone with the request
    status: Mapped[str] = mapped_column(String(10), default="pending")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class IdempotencyKey(Base):
    """What a creating request was answered, kept 14 days, written in the transaction that created."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("caller", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    caller: Mapped[str] = mapped_column(String(40))  # m12 or d34: keys of two callers never meet
    key: Mapped[str] = mapped_column(String(200))
    body_hash: Mapped[str] = mapped_column(String(64))
    response: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)


class TaughtAdapter(Base):
    """What somebody taught of one host's pages (`adapters.py`)."""

    __tablename__ = "taught_adapters"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    host: Mapped[str] = mapped_column(String(253))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as `adapter_shape.Adapter`
    created_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    approved_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
