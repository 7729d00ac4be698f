"""Messages as people look back at them: what was said, and whether it arrived."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.automation.models import Channel, Message, MessageSend
from backend.infra.errors import NotFound


def list_messages(
    session: Session,
    brand_ids: Collection[int],
    *,
    state: str = "",
    channel_kind: str = "",
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[Message]:
    """Newest first, below the id `before`; with `after` the oldest first, above it. `state`, `channel_kind`: with a
    send like that."""
    query = select(Message).where(Message.brand_id.in_(brand_ids))
    if state or channel_kind:
        sends = select(MessageSend.message_id)
        if state:
            sends = sends.where(MessageSend.state == state)
        if channel_kind:
            sends = sends.join(Channel, Channel.id == MessageSend.channel_id).where(Channel.kind == channel_kind)
        query = query.where(Message.id.in_(sends))
    if before is not None:
        query = query.where(Message.id < before)
    if after is not None:
        return list(session.scalars(query.where(Message.id > after).order_by(Message.id).limit(limit)))
    return list(session.scalars(query.order_by(Message.id.desc()).limit(limit)))


def get_message(session: Session, message_id: int) -> Message:
    """Raises NotFound."""
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound("There is no such message.")
    return message


def sends_of(session: Session, messages: Sequence[Message]) -> dict[int, list[tuple[MessageSend, Channel]]]:
    """Where each went, in one query."""
    found: dict[int, list[tuple[MessageSend, Channel]]] = {message.id: [] for message in messages}
    query = (
        select(MessageSend, Channel)
        .join(Channel, Channel.id == MessageSend.channel_id)
        .where(MessageSend.message_id.in_(found))
        .order_by(MessageSend.id)
    )
    for send, channel in session.execute(query):
        found[send.message_id].append((send, channel))
    return found
