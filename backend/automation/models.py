"""What is said about a brand goes out to its people: alerts, channels, and messages on their way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.infra.db import Base
from backend.infra.jobs import Work

CHANNEL_KINDS = ("browser", "email", "webhook", "slack", "discord", "telegram", "ntfy")
#: what a message may be about; `test` only goes to the channel that is tested
MESSAGE_KINDS = ("mentions", "spike", "complaint_spike", "quiet", "rule", "trouble", "test")
RHYTHMS = ("at_once", "hourly", "daily", "weekly")
SEND_STATES = ("waiting", "sent", "dead", "dropped")


def _one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint("{} IN ({})".format(column, ", ".join(f"'{word}'" for word in words)), name=column)


class Channel(Base):
    """One way out to people: a mail box, a room of a chat, a program, the browsers that asked for it."""

    __tablename__ = "channels"
    __table_args__ = (_one_of("kind", CHANNEL_KINDS), _one_of("state", ("ok", "failing")))

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what may be shown
    secret: Mapped[str] = mapped_column(Text, default="")  # what may not, sealed by the vault
    takes: Mapped[list[str]] = mapped_column(default=list)  # kinds of message that come here unasked (MESSAGE_KINDS)
    paused: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(8), default="ok")
    error_code: Mapped[str] = mapped_column(String(40), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    failing_since: Mapped[datetime | None]
    wait_until: Mapped[datetime | None]  # it asked for rest, or does not answer: nobody tries before
    sent_at: Mapped[datetime | None]  # the last message that arrived
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Alert(Work, Base):
    """Who wants to hear of what, how soon. Neither keyword nor search: of all that is said about the brand."""

    __tablename__ = "alerts"
    __table_args__ = (_one_of("rhythm", RHYTHMS),)

    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    keyword_id: Mapped[int | None] = mapped_column(ForeignKey("keywords.id", ondelete="CASCADE"), index=True)
    search_id: Mapped[int | None] = mapped_column(index=True)
    rhythm: Mapped[str] = mapped_column(String(8), default="at_once")
    hour: Mapped[int] = mapped_column(default=8)  # daily and weekly, and the weekly proof: on the brand's clock
    weekday: Mapped[int] = mapped_column(default=0)  # 0 Monday
    quiet_from: Mapped[str] = mapped_column(String(5), default="")  # "22:00" on the brand's clock, "" never quiet
    quiet_until: Mapped[str] = mapped_column(String(5), default="")
    proof: Mapped[bool] = mapped_column(default=False)  # say once a week how much was heard, or that all was quiet
    channel_ids: Mapped[list[str]] = mapped_column(default=list)
    paused: Mapped[bool] = mapped_column(default=False)
    feed_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the secret in its feed's address
    feed_secret: Mapped[str] = mapped_column(Text, default="")  # the secret itself, sealed
    # `due_at` is the sooner of these two.
    round_at: Mapped[datetime | None]  # the next message of what was said
    proof_at: Mapped[datetime | None]  # the next weekly proof
    told_at: Mapped[datetime | None]  # the last message of what was said
    proved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class AlertStory(Base):
    """A story that an alert is to tell, or told. One row a story: what was told is not told again."""

    __tablename__ = "alert_stories"
    __table_args__ = (Index("ix_alert_stories_alert_id_told_at", "alert_id", "told_at"),)

    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True)
    story_id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(index=True)  # the one that is shown for it
    heard_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class Message(Base):
    """Something to say, as it was written. `ref` names what it is about: for one kind and ref it is said once."""

    __tablename__ = "messages"
    __table_args__ = (
        _one_of("kind", MESSAGE_KINDS),
        Index(
            "uq_messages_brand_id_kind_ref",
            "brand_id",
            "kind",
            "ref",
            unique=True,
            sqlite_where=text("ref <> ''"),
            postgresql_where=text("ref <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"), index=True)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8), default="en")
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(Text, default="")  # the post it is about, "" where there is none or many
    ref: Mapped[str] = mapped_column(String(100), default="")
    story_id: Mapped[int | None]
    mention_id: Mapped[int | None]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # content.Line as JSON
    created_at: Mapped[datetime] = mapped_column(index=True)


class MessageSend(Work, Base):
    """One message on its way to one recipient of one channel: at least once, always under the same `key`."""

    __tablename__ = "message_sends"
    __table_args__ = (
        _one_of("state", SEND_STATES),
        UniqueConstraint("message_id", "channel_id", "recipient"),
        Index("ix_message_sends_brand_id_state", "brand_id", "state", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"), index=True)
    recipient: Mapped[str] = mapped_column(String(320), default="")  # an address of mail, "" elsewhere
    key: Mapped[str] = mapped_column(String(32), unique=True)  # Message-ID, webhook-id
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    error_code: Mapped[str] = mapped_column(String(40), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class ChangeReader(Work, Base):
    """Who in this package reads `changes`, and how far: one row a reader, read by one worker at a time."""

    __tablename__ = "change_readers"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    place: Mapped[int] = mapped_column(default=0)  # as `read_changes` takes and gives it
