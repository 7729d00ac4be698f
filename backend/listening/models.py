"""What is polled, who asked for it, what it is searched for, and everything that was read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.infra.db import Base
from backend.infra.jobs import Work
from backend.query.index import make_with


class Feed(Work, Base):
    """What is polled: one address, once, however many brands listen to it. `due_at` NULL: nobody listens."""

    __tablename__ = "feeds"
    __table_args__ = (
        CheckConstraint("state IN ('ok', 'asleep', 'gone')", name="state"),
        Index("ix_feeds_urgent", "urgent", "due_at"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    params: Mapped[dict[str, str]] = mapped_column(default=dict)
    address: Mapped[str] = mapped_column(Text)  # as a person can open it
    address_hash: Mapped[str] = mapped_column(String(64), unique=True)  # of the secret's mark too
    secret: Mapped[str] = mapped_column(Text, default="")  # sealed (secrets.py)
    secret_mark: Mapped[str] = mapped_column(String(64), default="")
    secret_names: Mapped[list[str]] = mapped_column(default=list)  # what of it may be shown
    etag: Mapped[str] = mapped_column(Text, default="")
    last_modified: Mapped[str] = mapped_column(Text, default="")
    body_hash: Mapped[str] = mapped_column(String(64), default="")
    cursor: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    site_url: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(8), default="ok")  # asleep: it failed several times, and is tried rarely
    last_polled_at: Mapped[datetime | None]
    listening_since: Mapped[datetime | None]  # of what is listened to without a break, while it is
    last_error: Mapped[str] = mapped_column(String(20), default="")  # a code, as PollFailed
    last_error_text: Mapped[str] = mapped_column(Text, default="")
    interval_s: Mapped[int] = mapped_column(default=900)
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    wishes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # Wishes (connectors/base.py) as JSON
    moved_to: Mapped[str] = mapped_column(Text, default="")  # where it says that it is now, for good
    moved_times: Mapped[int] = mapped_column(default=0)  # how often in a row it said so
    #: when its latest items were published, in seconds since 1970; [] = not known: they are looked up
    latest: Mapped[list[int]] = mapped_column(default=list)
    in_line: Mapped[bool] = mapped_column(default=False)  # it waits for its service's budget until `due_at`
    urgent: Mapped[bool] = mapped_column(default=False)  # a person waits for it: it goes before the others
    created_at: Mapped[datetime]


class Webhook(Base):
    """The secret address of a feed that comes by itself. Of the address only the hash is kept: it is shown once."""

    __tablename__ = "webhooks"

    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    signing: Mapped[str] = mapped_column(Text, default="")  # sealed; "" = deliveries are not signed
    made_at: Mapped[datetime]
    last_at: Mapped[datetime | None]  # of the last delivery that was taken
    taken: Mapped[int] = mapped_column(default=0)  # items, since it was made


class Push(Work, Base):
    """A hub that tells of a feed's news by itself (`push.py`). `due_at`: when it is asked to, or to go on doing so."""

    __tablename__ = "pushes"
    __table_args__ = (CheckConstraint("state IN ('asked', 'working', 'broken', 'refused')", name="state"),)

    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), unique=True)
    hub: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text)  # what the hub knows the feed by
    state: Mapped[str] = mapped_column(String(8), default="asked")
    working_since: Mapped[datetime | None]  # without a gap
    until: Mapped[datetime | None]  # the hub tells until then
    last_at: Mapped[datetime | None]  # it told something
    error: Mapped[str] = mapped_column(Text, default="")  # why it does not, in words for logs


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
            "part",
            unique=True,
            sqlite_where=text("keyword_id IS NULL"),
            postgresql_where=text("keyword_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    keyword_id: Mapped[int | None] = mapped_column(ForeignKey("keywords.id", ondelete="CASCADE"), index=True)
    #: what of a feed it is for, where several sources are asked as one (joined.py); "" = all of it
    part: Mapped[str] = mapped_column(String(1500), default="", server_default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    url: Mapped[str] = mapped_column(Text, default="")  # as the person gave it
    take: Mapped[str] = mapped_column(String(8), default="matching")
    purpose: Mapped[str] = mapped_column(String(12), default="press")  # what it is listened to for (connectors/kind.py)
    import_id: Mapped[int | None] = mapped_column(index=True)  # the list that brought it, or brought it back
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class SourceImport(Work, Base):
    """A list of sources that was handed in: checked whole, then taken over in chunks, and all undone by its id.

    `entries`: what is to be made, in order, as JSON (`imports.py`); `applied` of them are; those that cannot be stand
    in `problems`. Becomes due when a person says so.
    """

    __tablename__ = "source_imports"
    __table_args__ = (CheckConstraint("state IN ('staged', 'running', 'done', 'undoing', 'undone')", name="state"),)

    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="staged")
    entries: Mapped[list[dict[str, Any]]] = mapped_column(default=list, deferred=True)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    known: Mapped[int] = mapped_column(default=0)  # listened to already
    twice: Mapped[int] = mapped_column(default=0)  # named more than once in the list
    mended: Mapped[int] = mapped_column(default=0)  # line from which it was read by guessing, 0 = it is well formed
    applied: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class Keyword(Base):
    """What a brand listens for, in the query language."""

    __tablename__ = "keywords"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    query: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(default=list)  # empty: those of the brand
    not_asked: Mapped[list[str]] = mapped_column(default=list)  # kinds of places that it shall not ask
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
    type: Mapped[str] = mapped_column(String(8), default="")  # as mentions have it, "" = by network and address
    language: Mapped[str] = mapped_column(String(8), default="")  # as the service said, "" when it did not
    published_at: Mapped[datetime | None]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    words: Mapped[str] = mapped_column(Text, default=" ")  # folded column of title, text, author (query/words.py)


# The full-text index over `words`; `alembic` and `create_all` make the same.
make_with(Item.__table__)


class Budget(Base):
    """How often a service or a host may be asked: one bucket of tokens for all workers.

    `per_s` and `burst` NULL: the defaults of `budgets.py`; an administrator may set them for a host.
    """

    __tablename__ = "budgets"

    service: Mapped[str] = mapped_column(String(255), primary_key=True)
    tokens: Mapped[float] = mapped_column(default=0.0)
    filled_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]  # Retry-After, for everybody
    reserved_until: Mapped[datetime | None]  # the last of those who stand in line comes then
    per_s: Mapped[float | None]
    burst: Mapped[float | None]


class FeedDay(Base):
    """How often a feed was asked on one UTC day, and how often it did not answer: the proof that somebody listened."""

    __tablename__ = "feed_days"

    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)  # 2026-11-23
    asked: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)


class RoundPage(Base):
    """A page of a brand's round: what no machine may read and a person looks at in a browser (`round.py`)."""

    __tablename__ = "round_pages"
    __table_args__ = (UniqueConstraint("brand_id", "url_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    url_key: Mapped[str] = mapped_column(String(64))  # hash of its canonical form: the same page once
    network: Mapped[str] = mapped_column(String(100), default="web")
    name: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)  # order in which they are opened, smallest first
    remind_days: Mapped[int] = mapped_column(default=7)  # without a visit, until it is said; 0 = never
    last_visited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class RoundVisit(Base):
    """One look at a page of the round by one person. Begun by collecting or by saying that it was seen."""

    __tablename__ = "round_visits"
    __table_args__ = (
        UniqueConstraint("page_id", "key"),
        Index("ix_round_visits_page_id_finished_at", "page_id", "finished_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("round_pages.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))  # whoever visits draws it: what is told twice is one visit
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    seen: Mapped[bool] = mapped_column(default=False)  # said to be seen, whether or not anything was collected
    finished_at: Mapped[datetime | None]  # NULL: what was collected was taken back
    posts: Mapped[int] = mapped_column(default=0)
    fresh: Mapped[int] = mapped_column(default=0)  # of these, not known to anybody before


class RoundFind(Base):
    """A mention that stood on a page of the round at a visit."""

    __tablename__ = "round_finds"

    visit_id: Mapped[int] = mapped_column(ForeignKey("round_visits.id", ondelete="CASCADE"), primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True, index=True)
    act: Mapped[str] = mapped_column(String(40), index=True)  # one click on *Collect*
    fresh: Mapped[bool] = mapped_column(default=False)  # it became a mention by this visit
