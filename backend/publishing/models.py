"""Posts, what is attached to them, and their deliveries: one row for each account that a post goes to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.infra.db import Base
from backend.infra.jobs import Work

STATES = (
    "scheduled",
    "leased",
    "prepared",
    "armed",
    "published",
    "rejected",
    "retry_wait",
    "uncertain",
    "held",
    "needs_you",
    "handed_over",
    "dropped",
)


class Media(Base):
    """One uploaded file. Its bytes lie in `media/` of the data folder under their own hash."""

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # image
    content_type: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class Post(Base):
    """One text as a person wrote it, for several accounts. Without a schedule it is a draft and has no deliveries."""

    __tablename__ = "posts"
    __table_args__ = (CheckConstraint("schedule_when IN ('', 'now', 'at')", name="schedule_when"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10), default="")
    media: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # {"id": "12", "alt": "…"}
    targets: Mapped[list[str]] = mapped_column(default=list)  # ids of accounts, in the order the person gave
    variants: Mapped[dict[str, Any]] = mapped_column(default=dict)  # account id → {"text"?, "media"?}
    in_reply_to: Mapped[str] = mapped_column(Text, default="")
    schedule_when: Mapped[str] = mapped_column(String(8), default="")
    schedule_at: Mapped[str] = mapped_column(String(32), default="")  # wall time, and
    schedule_zone: Mapped[str] = mapped_column(String(64), default="")  # its zone: what the person meant
    scheduled_for: Mapped[datetime | None] = mapped_column(index=True)  # what that was in UTC when it was said
    revision: Mapped[int] = mapped_column(default=1)  # of what will be sent
    version: Mapped[int] = mapped_column(default=1)  # of the row
    created_by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    deliveries: Mapped[list[Delivery]] = relationship(order_by="Delivery.id", lazy="raise")


class Delivery(Work, Base):
    """One post on its way to one account: the outbox. `outbox.MOVES` says which state may follow which."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in STATES)), name="state"),
        Index("ix_deliveries_account_remote", "account_id", "remote_id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("network_accounts.id"))
    network: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="scheduled")
    revision: Mapped[int]  # of the post, as it shall be sent
    scheduled_for: Mapped[datetime]
    # Idempotency key: random, made when the post is queued, so that even a power cut that takes back the last commits
    # cannot give the same post another key.
    key: Mapped[str] = mapped_column(String(32))
    # What the call sends. Frozen before arming; thrown away only while it is certain that it never arrived.
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # The first call that may have created something, until it is known that none did.
    maybe_sent_at: Mapped[datetime | None]
    armed_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # answers that were no success, in a row; crashes do not count
    unclear: Mapped[int] = mapped_column(default=0)  # of those, answers to the call that left it open
    remote_id: Mapped[str] = mapped_column(String(300), default="")
    remote_url: Mapped[str] = mapped_column(Text, default="")
    error_code: Mapped[str] = mapped_column(String(40), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class Answer(Base):
    """A post that answers a mention. Once it is published the mention is replied to."""

    __tablename__ = "answers"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"), index=True)


class DeliveryAttempt(Base):
    """What happened to a delivery, in order. Only ever added to."""

    __tablename__ = "delivery_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    fence: Mapped[int]
    worker: Mapped[str] = mapped_column(String(80))
    event: Mapped[str] = mapped_column(String(20))  # armed | the outcome | reconciled | late answer | by a person
    detail: Mapped[str] = mapped_column(Text, default="")
