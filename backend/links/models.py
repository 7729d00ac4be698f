"""Short links and what is kept of their clicks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.infra.db import Base


class Link(Base):
    """One short link. `url` is what the person gave, byte for byte; `utm` is appended where the visitor is sent."""

    __tablename__ = "links"
    __table_args__ = (
        # domain is '' for the default and never NULL: NULLs are all different to a unique index
        UniqueConstraint("domain", "code"),
        CheckConstraint("status_code IN (301, 302, 307, 308)", name="status_code"),
        Index("ix_links_brand_id_url_hash", "brand_id", "url_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id"))
    domain: Mapped[str] = mapped_column(String(253), default="")
    code: Mapped[str] = mapped_column(String(64))  # lower case
    url: Mapped[str] = mapped_column(Text)
    url_hash: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(300), default="")
    tags: Mapped[list[str]] = mapped_column(default=list)
    utm: Mapped[dict[str, str]] = mapped_column(default=dict)  # "source" → "newsletter"
    status_code: Mapped[int] = mapped_column(SmallInteger, default=302)
    forward_query: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime | None]
    max_clicks: Mapped[int | None]  # of people
    used: Mapped[int] = mapped_column(default=0)  # people so far; counted only where max_clicks is set
    fallback_url: Mapped[str] = mapped_column(Text, default="")  # where to once it has ended
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Click(Base):
    """One click, normalised: no address, no user agent. Ids are given in the order of storing, not of clicking."""

    __tablename__ = "clicks"
    # An id is never used twice: roll-ups go by it, and a table emptied on the way must not begin at 1 again.
    __table_args__ = (Index("ix_clicks_link_id_at_ms", "link_id", "at_ms"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"))
    at_ms: Mapped[int]  # milliseconds since 1970, UTC
    kind: Mapped[int] = mapped_column(SmallInteger)  # clicks.PERSON, PREVIEW, ROBOT, PREFETCH
    visitor: Mapped[bytes] = mapped_column(LargeBinary(8))  # keyed hash that means something for one day only
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("referrers.id"))


class Referrer(Base):
    """Hosts that people came from, each once."""

    __tablename__ = "referrers"

    id: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(String(253), unique=True)


class VisitorSalt(Base):
    """The key of one day's visitor hashes, the same for all processes. It is destroyed when the day is over, and with
    it any way back from a hash to a person."""

    __tablename__ = "visitor_salts"

    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # days since 1970, UTC
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class ClickHour(Base):
    """Clicks of one link, hour and kind: all clicks up to the watermark."""

    __tablename__ = "click_hours"

    link_id: Mapped[int] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # hours since 1970, UTC
    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    n: Mapped[int]


class ClickDay(Base):
    """People of one link and day by a dimension: `referrer` (key: id of the host, '' for none), `visitors` (key '')."""

    __tablename__ = "click_days"

    link_id: Mapped[int] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # days since 1970, UTC
    dim: Mapped[str] = mapped_column(String(12), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    n: Mapped[int]


class ClickVisitor(Base):
    """Who was already counted as a visitor of a link on a day; kept while that day can still get clicks."""

    __tablename__ = "click_visitors"

    link_id: Mapped[int] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    visitor: Mapped[bytes] = mapped_column(LargeBinary(8), primary_key=True)


class RolledUp(Base):
    """The watermark: every click with an id up to this one is in `click_hours` and `click_days`. One row."""

    __tablename__ = "rolled_up"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # always 1
    click_id: Mapped[int] = mapped_column(default=0)


class PublicAddress(Base):
    """The public address of short links as set, and whether it was proved to lead here. One row."""

    __tablename__ = "public_address"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # always 1
    url: Mapped[str] = mapped_column(String(500), default="")
    proved_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
