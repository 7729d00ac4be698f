"""Saved replies, what was suggested, and what people did with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.infra.db import Base

_LIVE_SHORTCUT = text("removed_at IS NULL AND shortcut <> ''")


class SavedReply(Base):
    """An answer that a brand gives more than once. Variables in its text: see `variables`."""

    __tablename__ = "saved_replies"
    __table_args__ = (
        # Two live replies of a brand never share a shortcut; removed ones keep theirs in case they come back.
        Index(
            "uq_saved_replies_live_shortcut",
            "brand_id",
            "shortcut",
            unique=True,
            sqlite_where=_LIVE_SHORTCUT,
            postgresql_where=_LIVE_SHORTCUT,
        ),
        Index("ix_saved_replies_brand_id_uses", "brand_id", "uses"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    shortcut: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8), default="und")  # BCP 47 primary tag; "und": fits any
    tags: Mapped[list[str]] = mapped_column(default=list)
    uses: Mapped[int] = mapped_column(default=0)
    # Folded (query/words): title, shortcut and tags; and these with the text. For search and suggestions.
    head_words: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class Suggestion(Base):
    """One question "what could be answered here", and what was offered. Its words teach which reply fits."""

    __tablename__ = "suggestions"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id", ondelete="SET NULL"), index=True)
    url: Mapped[str] = mapped_column(Text, default="")
    network: Mapped[str] = mapped_column(String(100), default="")
    language: Mapped[str] = mapped_column(String(8), default="und")
    words: Mapped[str] = mapped_column(Text, default="")  # folded words of the post, no author
    items: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # [{"reply_id": 3, "score": 0.7}]
    nothing_fits: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(index=True)


class SuggestionFeedback(Base):
    """What a person did with an offered reply. Said twice, it counts once."""

    __tablename__ = "suggestion_feedback"
    __table_args__ = (
        UniqueConstraint("suggestion_id", "reply_id", "outcome"),
        CheckConstraint("outcome IN ('inserted', 'edited', 'sent', 'rejected')", name="outcome"),
        Index("ix_suggestion_feedback_brand_id_id", "brand_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestions.id", ondelete="CASCADE"))
    reply_id: Mapped[int] = mapped_column(ForeignKey("saved_replies.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str] = mapped_column(String(10))
    final_text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
