"""The inbox: what was said about a brand, where, by which keywords it was found, and what was done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.infra.db import Base
from backend.query.index import make_with


class Mention(Base):
    """One post or article at one permalink, for one brand: the unit of state."""

    __tablename__ = "mentions"
    __table_args__ = (
        CheckConstraint("status IN ('new', 'open', 'replied', 'done', 'spam')", name="status"),
        CheckConstraint("about_us IN ('yes', 'probably_not', 'no')", name="about_us"),
        Index("ix_mentions_brand_id_sorted_at", "brand_id", "sorted_at", "id"),
        CheckConstraint("addressed IN ('', 'mention', 'reply', 'quote', 'direct')", name="addressed"),
        Index("ix_mentions_brand_id_status", "brand_id", "status", "sorted_at", "id"),
        Index("ix_mentions_story_id", "story_id", "sorted_at", "id"),
        Index("ix_mentions_brand_id_seen_at", "brand_id", "seen_at"),
        Index("ix_mentions_brand_id_snoozed_until", "brand_id", "snoozed_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    network: Mapped[str] = mapped_column(String(100), default="web")  # "mastodon", "news", "web", or a host name
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="SET NULL"), index=True)
    source_kind: Mapped[str] = mapped_column(String(20), default="page")  # how it came: "feed", "googlenews", "page"…
    type: Mapped[str] = mapped_column(String(8), default="page")  # post | comment | article | video | page (`types.py`)
    author: Mapped[str] = mapped_column(String(200), default="")
    author_url: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    sorted_at: Mapped[datetime]  # published, else seen: the order of lists
    language: Mapped[str] = mapped_column(String(8), default="und")
    sentiment: Mapped[str | None] = mapped_column(String(10))  # positive | neutral | negative
    intent: Mapped[str | None] = mapped_column(String(12))  # question | complaint | praise | request | advertising
    about_us: Mapped[str] = mapped_column(String(12), default="yes")
    # Who says so: "machine", "person", "" = nobody judged.
    sentiment_by: Mapped[str] = mapped_column(String(8), default="")
    intent_by: Mapped[str] = mapped_column(String(8), default="")
    about_us_by: Mapped[str] = mapped_column(String(8), default="")
    # What was guessed with which chance, sure enough to be shown or not (`hints.py`).
    guesses: Mapped[dict[str, Any]] = mapped_column(default=dict)
    rude: Mapped[list[str]] = mapped_column(default=list)  # offensive words as they stand in title and text
    priority: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(8), default="new")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    replied_by: Mapped[str] = mapped_column(String(120), default="")  # the name of whoever set it to replied
    replied_at: Mapped[datetime | None]
    reply_url: Mapped[str] = mapped_column(Text, default="")  # where our answer stands, where we know it
    # What was said to a connected account: to which, how, and how to answer it there (connectors/base.py, `Item`).
    account_id: Mapped[int | None] = mapped_column(ForeignKey("network_accounts.id", ondelete="SET NULL"), index=True)
    addressed: Mapped[str] = mapped_column(String(8), default="")
    remote_id: Mapped[str] = mapped_column(Text, default="")
    author_handle: Mapped[str] = mapped_column(String(300), default="")
    tags: Mapped[list[str]] = mapped_column(default=list)
    story_id: Mapped[int | None]  # the first mention that said the same
    snoozed_until: Mapped[datetime | None]
    # Folded column of title, text, author (query/words.py). Searched, and hardly ever read: as long as the text itself.
    words: Mapped[str] = mapped_column(Text, default=" ", deferred=True)
    version: Mapped[int] = mapped_column(default=1)


class MentionKey(Base):
    """What a mention is known by: `url` its canonical address, `article` host, title and day, `story` what it says.

    A key outlives its mention (`mention_id` NULL): what was deleted does not come back by itself.
    """

    __tablename__ = "mention_keys"
    __table_args__ = (UniqueConstraint("brand_id", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(64))
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id", ondelete="SET NULL"), index=True)


class MentionPlace(Base):
    """Where a mention was seen, each place once: a feed and an address, or a search service as a whole."""

    __tablename__ = "mention_places"
    __table_args__ = (UniqueConstraint("mention_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))  # hash of what makes it one place
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="SET NULL"), index=True)
    url: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime]


class MentionBand(Base):
    """A piece of what a text says, for some days: those that share one may say nearly the same (`similar`)."""

    __tablename__ = "mention_bands"
    __table_args__ = (
        Index("ix_mention_bands_brand_id_band", "brand_id", "band"),
        Index("ix_mention_bands_seen_at", "seen_at"),
    )

    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime]


class MentionKeyword(Base):
    """A keyword that found the mention. No highlights where its words are not in what we were given."""

    __tablename__ = "mention_keywords"
    __table_args__ = (Index("ix_mention_keywords_keyword_id", "keyword_id", "mention_id"),)

    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True)
    keyword_id: Mapped[int] = mapped_column(ForeignKey("keywords.id", ondelete="CASCADE"), primary_key=True)
    highlights: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # [{"field", "start", "end"}], code points


class MentionEvent(Base):
    """The log: who changed what, when, and what it was before, so that an undo can be exact."""

    __tablename__ = "mention_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    who: Mapped[str] = mapped_column(String(120), default="")  # the name as it was then, "" for the machine
    what: Mapped[str] = mapped_column(String(12))  # created | changed | merged | undone
    act: Mapped[str] = mapped_column(String(40), default="", index=True)  # one click, however many mentions it changed
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Judgement(Base):
    """What a person said of a mention, beside what had been guessed of it: what the hints learn from."""

    __tablename__ = "judgements"
    __table_args__ = (
        UniqueConstraint("mention_id", "aspect"),
        CheckConstraint("aspect IN ('mood', 'intent', 'about_us')", name="aspect"),
        Index("ix_judgements_brand_id_aspect", "brand_id", "aspect", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"))
    aspect: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(12), default="")  # "" = none of them
    at: Mapped[datetime]


class BrandMind(Base):
    """What was learned of mood and intent for one brand: heads, mean vectors, judgements counted (`learning.py`)."""

    __tablename__ = "brand_minds"

    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[str] = mapped_column(String(16), default="")  # another one whenever something was learned
    learned: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stale: Mapped[bool] = mapped_column(default=True, index=True)  # judgements came since
    learned_at: Mapped[datetime | None]


class KeywordMind(Base):
    """What was learned of one keyword: which of what it finds means the brand, and what could be excluded."""

    __tablename__ = "keyword_minds"

    keyword_id: Mapped[int] = mapped_column(ForeignKey("keywords.id", ondelete="CASCADE"), primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    revision: Mapped[str] = mapped_column(String(16), default="")
    learned: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {} = too few marks
    proposal: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"words": […], "hides": n, "of": n}, {} = none
    refused: Mapped[list[str]] = mapped_column(default=list)  # words that a person does not want excluded
    marks: Mapped[int] = mapped_column(default=0)  # posts marked as not about us
    stale: Mapped[bool] = mapped_column(default=True, index=True)
    learned_at: Mapped[datetime | None]


class Presence(Base):
    """Somebody has a mention open, in one window, since a moment ago. Nothing of it is kept."""

    __tablename__ = "presences"

    window: Mapped[str] = mapped_column(String(40), primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    who: Mapped[str] = mapped_column(String(120), default="")
    doing: Mapped[str] = mapped_column(String(10), default="open")  # open | answering
    at: Mapped[datetime]


class SavedSearch(Base):
    """A search with a name: what was typed, and the list's other filters as they were chosen (`searches.py`)."""

    __tablename__ = "saved_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    query: Mapped[str] = mapped_column(Text, default="")
    filters: Mapped[dict[str, str]] = mapped_column(default=dict)  # names and values as of GET /mentions
    position: Mapped[int] = mapped_column(default=0)  # order in lists, smallest first
    created_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


# The full-text index over `words` (`fulltext.py`); `alembic` and `create_all` make the same.
make_with(Mention.__table__)
