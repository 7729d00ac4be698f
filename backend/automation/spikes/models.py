"""Spikes that were seen: one row from when one begins until it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.infra.db import Base

KINDS = ("mentions", "complaints")


class Spike(Base):
    """Much more is said by a keyword than usual. `ended_at` NULL: it lasts, and there is one of its kind at a time."""

    __tablename__ = "spikes"
    __table_args__ = (
        CheckConstraint("kind IN ('mentions', 'complaints')", name="kind"),
        Index("ix_spikes_brand_id_began_at", "brand_id", "began_at"),
        Index(
            "uq_spikes_keyword_id_kind_lasting",
            "keyword_id",
            "kind",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    keyword_id: Mapped[int] = mapped_column(ForeignKey("keywords.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    began_at: Mapped[datetime]
    loud_at: Mapped[datetime]  # when there was last more than usual
    ended_at: Mapped[datetime | None]
    told_at: Mapped[datetime]
    told: Mapped[float]  # posts an hour when it was told
    told_times: Mapped[int] = mapped_column(default=1)
    say_at: Mapped[datetime | None] = mapped_column(index=True)  # the end of the quiet hours that it waits for
    peak: Mapped[float]  # posts an hour, at the most
    # As it was told: so many posts in so many hours, where so many are usual, and why.
    count: Mapped[int]
    hours: Mapped[int]
    expected: Mapped[float]
    mention_id: Mapped[int | None]  # the latest of them, opened by a click
    reason: Mapped[dict[str, Any]] = mapped_column(default=dict)  # Reason (reason.py) as JSON
