"""Accounts on networks that a brand posts from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

import backend.accounts.models  # noqa: F401  # the table of brands, wherever this is imported alone
from backend.infra.db import Base


class NetworkAccount(Base):
    """One account of one brand. The secret is sealed by the vault and never leaves the server."""

    __tablename__ = "network_accounts"
    __table_args__ = (
        UniqueConstraint("brand_id", "network", "server", "remote_id"),
        CheckConstraint("state IN ('ok', 'unauthorized', 'unreachable')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id"), index=True)
    network: Mapped[str] = mapped_column(String(20))
    server: Mapped[str] = mapped_column(String(300))
    handle: Mapped[str] = mapped_column(String(300))
    display_name: Mapped[str] = mapped_column(String(300), default="")
    avatar_url: Mapped[str] = mapped_column(Text, default="")
    remote_id: Mapped[str] = mapped_column(String(300))
    #: as the server gave them, in our manifests' names; and `untold`, what it did not tell the last time (networks.py)
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    secret: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(12), default="ok")
    checked_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
