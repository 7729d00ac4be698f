"""What is polled, who asked for it, what it is searched for, and everything that was read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.infra.db import Base
from backend.infra.jobs import Work


class Feed(Work, Base):
    """What is polled: one address, once, however many brands listen to it. `due_at` NULL: nobody listens."""

    __tablename__ = "feeds"
    __table_args__ = (CheckConstraint("state IN ('ok', 'asleep', 'gone')", name="state"),)

    kind: Mapped[str] = mapped_column(String(20))
    params: Mapped[dict[str, str]] = mapped_column(default=dict)
    address: Mapped[str] = mapped_column(Text)  # as a person can open it
    address_hash: Mapped[str] = mapped_column(String(64), unique=True)
    etag: Mapped[str] = mapped_column(Text, default="")
    last_modified: Mapped[str] = mapped_column(Text, default="")
    body_hash: Mapped[str] = mapped_column(String(64), default="")
    cursor: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    site_url: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(8), default="ok")  # asleep: it failed several times, and is tried rarely
    last_polled_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(20), default="")  # a code, as PollFailed
    last_error_text: Mapped[str] = mapped_column(Text, default="")
    interval_s: Mapped[int] = mapped_column(default=900)
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    created_at: Mapped[datetime]


class Source(Base):
    """A brand's view of a feed. Those of a keyword are made and put away with it."""

    __tablename__ = "sources"
    __table_args__ = (
        CheckConstraint("take IN ('all', 'matching')", name="take"),
        UniqueConstraint("feed_id", "brand_id", "keyword_id"),
        # NULLs are all different to a unique constraint: one feed of a brand's own, once
        Index(
            "uq_sources_feed_id_brand_id_own",
            "feed_id",
            "brand_id",
            unique=True,
            sqlite_where=text("keyword_id IS NULL"),
            postgresql_where=text("keyword_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    keyword_id: Mapped[int | None] = mapped_column(ForeignKey("keywords.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    url: Mapped[str] = mapped_column(Text, default="")  # as the person gave it
    take: Mapped[str] = mapped_column(String(8), default="matching")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Keyword(Base):
    """What a brand listens for, in the query language."""

    __tablename__ = "keywords"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    query: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(default=list)  # empty: those of the brand
    paused: Mapped[bool] = mapped_column(default=False)
    notify: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Item(Base):
    """Everything that was read, once per feed: previews, back-fill and new keywords look here."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("feed_id", "external_id"),
        Index("ix_items_feed_id_seen_at", "feed_id", "seen_at"),
        Index("ix_items_feed_id_content_key", "feed_id", "content_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    external_id: Mapped[str] = mapped_column(String(200))
    #: what it is known by should its id change (inbox/identity.py); "" where only the id counts
    content_key: Mapped[str] = mapped_column(String(64), default="", server_default="")
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(200), default="")
    author_url: Mapped[str] = mapped_column(Text, default="")
    publisher: Mapped[str] = mapped_column(String(200), default="")
    publisher_url: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8), default="")  # as the service said, "" when it did not
    published_at: Mapped[datetime | None]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    words: Mapped[str] = mapped_column(Text, default=" ")  # folded column of title, text, author (query/words.py)


class Budget(Base):
    """How often a service or a host may be asked: one bucket of tokens for all workers.

    `per_s` and `burst` NULL: the defaults of `budgets.py`; an administrator may set them for a host.
    """

    __tablename__ = "budgets"

    service: Mapped[str] = mapped_column(String(255), primary_key=True)
    tokens: Mapped[float] = mapped_column(default=0.0)
    filled_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]  # Retry-After, for everybody
    per_s: Mapped[float | None]
    burst: Mapped[float | None]


class FeedDay(Base):
    """How often a feed was asked on one UTC day, and how often it did not answer: the proof that somebody listened."""

    __tablename__ = "feed_days"

    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)  # 2026-11-23
    asked: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
