"""Rules of a brand, and what each of their runs did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.infra.db import Base


class Rule(Base):
    """`spec`: when, if, then, else as JSON (spec.py). Applied in the order of `position`."""

    __tablename__ = "rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    spec: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ready: Mapped[str] = mapped_column(String(40), default="")  # the ready rule it was made from
    enabled: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    waited_until: Mapped[datetime | None]  # of "has waited": what fell due until then was looked at
    error: Mapped[str] = mapped_column(Text, default="")  # why it was switched off by itself
    failed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class RuleRun(Base):
    """One turn in which a rule did something. `act`: what `undo_act` of the inbox takes back."""

    __tablename__ = "rule_runs"
    __table_args__ = (Index("ix_rule_runs_rule_id_id", "rule_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("rules.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(40))
    matched: Mapped[int] = mapped_column(default=0)  # mentions that the if was true of
    otherwise: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)  # mentions that are another way now
    told: Mapped[int] = mapped_column(default=0)  # messages that went out
    mention_ids: Mapped[list[str]] = mapped_column(default=list)  # the first of them
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str] = mapped_column(String(120), default="")
