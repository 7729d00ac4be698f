"""Rules, and what each did to which mention."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.infra.db import Base
from backend.infra.jobs import Work


class Rule(Work, Base):
    """When, if, then, else (`language.RuleBody`). Work only where it waits: `due_at` is when it looks next."""

    __tablename__ = "rules"

    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ready: Mapped[str] = mapped_column(String(40), default="")  # the ready rule it was made from
    place: Mapped[int] = mapped_column(default=0)  # rules run from the first to the last
    enabled: Mapped[bool] = mapped_column(default=False)
    enabled_at: Mapped[datetime | None]  # what came before is not its business
    error: Mapped[str] = mapped_column(Text, default="")  # why it was switched off by itself
    error_at: Mapped[datetime | None]
    # Where a rule that waits has got to: what has waited since this moment, up to this mention.
    waited_to: Mapped[datetime | None]
    waited_id: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class RuleRun(Base):
    """One rule did something with one mention. `act` is what the inbox takes back, "" where it only said something."""

    __tablename__ = "rule_runs"
    __table_args__ = (
        CheckConstraint("branch IN ('then', 'else')", name="branch"),
        Index("ix_rule_runs_brand_id_id", "brand_id", "id"),
        Index("ix_rule_runs_rule_id_id", "rule_id", "id"),
        Index("ix_rule_runs_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("rules.id", ondelete="CASCADE"))
    rule_version: Mapped[int]
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(8))
    branch: Mapped[str] = mapped_column(String(4))
    act: Mapped[str] = mapped_column(String(40), default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    said: Mapped[bool] = mapped_column(default=False)  # an alert or a webhook went out
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(120), default="")
    kept: Mapped[bool] = mapped_column(default=False)  # undone but for what somebody had changed since
