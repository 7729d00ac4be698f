"""Saying something: one message to the channels that want it, in the transaction of whatever has something to say.

Nothing is sent here. Each channel's message is a row that the worker takes up (deliver.py); browsers hear of it by
`message.created` in `changes`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.automation.models import Channel, Message, MessageSend
from backend.infra.changes import record_change
from backend.infra.text import storable
from backend.infra.words import first_spoken

MAX_TITLE = 300
MAX_BODY = 20_000


def notify(
    session: Session,
    *,
    brand_id: int,
    kind: str,
    title: str,
    body: str = "",
    url: str = "",
    ref: str = "",
    story_id: int | None = None,
    mention_id: int | None = None,
    alert_id: int | None = None,
    lines: Sequence[Mapping[str, Any]] = (),
    channel_ids: Sequence[int] | None = None,
    not_before: datetime | None = None,
    now: datetime,
) -> Message | None:
    """Queue one message. `title` and `body` are plain text, in `language_of(session, brand_id)`.

    `kind`: one of MESSAGE_KINDS. `ref`: what it is about ("spike 12 2026-11-23T11"); the same brand, kind and ref is
    said once, then None. `mention_id`: opened by a click on it. `channel_ids`: None means every channel of the brand
    that takes this kind. Raises NotFound where the brand is not there (any more).
    """
    language = language_of(session, brand_id)
    message = _insert_once(
        session,
        brand_id=brand_id,
        alert_id=alert_id,
        kind=kind,
        language=language,
        # The blanks of French punctuation stay.
        title=re.sub(r"[ \t-\r\x85\u2028\u2029]+", " ", storable(title)).strip()[:MAX_TITLE],
        body=storable(body)[:MAX_BODY],
        url=url,
        ref=ref[:100],
        story_id=story_id,
        mention_id=mention_id,
        lines=[dict(line) for line in lines],
        created_at=now,
    )
    if message is None:
        return None
    for channel in channels_for(session, brand_id, kind, channel_ids):
        for recipient in recipients_of(channel):
            queue_send(session, message, channel, recipient, at=not_before or now, now=now)
    session.flush()
    record_change(session, kind="message.created", ref=message.id, brand_id=brand_id, now=now)
    return message


def language_of(session: Session, brand_id: int) -> str:
    """The language that messages of a brand are written in. Raises NotFound."""
    return first_spoken(get_brand(session, brand_id).languages)


def channels_for(session: Session, brand_id: int, kind: str, channel_ids: Sequence[int] | None = None) -> list[Channel]:
    """The channels a message goes to: those named, else those that take its kind; never one that rests."""
    query = select(Channel).where(Channel.brand_id == brand_id, Channel.removed_at.is_(None), Channel.paused.is_(False))
    if channel_ids is not None:
        return list(session.scalars(query.where(Channel.id.in_(channel_ids)).order_by(Channel.id)))
    return [channel for channel in session.scalars(query.order_by(Channel.id)) if kind in channel.takes]


def recipients_of(channel: Channel) -> Sequence[str]:
    """Mail goes to each address apart, so that each can leave by itself."""
    return list(channel.params.get("to", [])) if channel.kind == "email" else [""]


def queue_send(
    session: Session, message: Message, channel: Channel, recipient: str, *, at: datetime, now: datetime
) -> MessageSend:
    """One row of work. What browsers fetch by themselves has arrived as soon as it is written down."""
    fetched = channel.kind == "browser"
    send = MessageSend(
        brand_id=message.brand_id,
        message_id=message.id,
        channel_id=channel.id,
        recipient=recipient,
        key=secrets.token_hex(16),
        state="sent" if fetched else "waiting",
        sent_at=now if fetched else None,
        due_at=None if fetched else at,
        changed_at=now,
        fence=0,
        attempts=0,
        worker="",
        failures=0,
        error_code="",
        error="",
    )
    session.add(send)
    return send


def _insert_once(session: Session, **values: Any) -> Message | None:
    """None where this was said before, whoever says it at the same moment."""
    if not values["ref"]:
        message = Message(**values)
        session.add(message)
        session.flush()
        return message
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    where = Message.__table__.c.ref != ""
    statement = (
        dialect.insert(Message)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["brand_id", "kind", "ref"], index_where=where)
        .returning(Message.id)
    )
    message_id = session.scalar(statement)
    return session.get_one(Message, message_id) if message_id is not None else None
