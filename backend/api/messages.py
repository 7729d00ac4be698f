"""`/messages`: what was said to people, whether it arrived, and what to do where it did not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from backend.api.base import (
    Id,
    MaybeId,
    MaybeMoment,
    Moment,
    Out,
    PageOf,
    PageQuery,
    brands_of,
    caller,
    decode_cursor,
    encode_cursor,
    make_blueprint,
    now,
    parse_id,
    runtime,
)
from backend.automation import messages as domain
from backend.automation import sends
from backend.automation.models import Message
from backend.infra.errors import Malformed


class MessageQuery(PageQuery):
    """`after`: an id; then the oldest first above it, as a browser that shows notifications wants them."""

    state: Literal["", "waiting", "sent", "dead", "dropped"] = ""
    channel_kind: str = Field(default="", max_length=20)
    after: str | None = Field(default=None, max_length=20)


class SendOut(Out):
    id: Id
    channel_id: Id
    channel_kind: str
    channel_name: str
    recipient: str
    state: str
    attempts: int
    error_code: str
    error: str
    next_try_at: MaybeMoment
    sent_at: MaybeMoment


class MessageOut(Out):
    id: Id
    brand_id: Id
    alert_id: MaybeId
    kind: str
    title: str
    body: str
    url: str
    mention_id: MaybeId
    lines: list[dict[str, Any]]
    sends: list[SendOut]
    created_at: Moment


class MessageList(PageOf[MessageOut]):
    """Messages, newest first."""


def messages_out(session: Session, messages: Sequence[Message]) -> list[MessageOut]:
    went = domain.sends_of(session, messages)
    return [
        MessageOut(
            id=str(message.id),
            brand_id=str(message.brand_id),
            alert_id=message.alert_id,
            kind=message.kind,
            title=message.title,
            body=message.body,
            url=message.url,
            mention_id=message.mention_id,
            lines=message.lines,
            sends=[
                SendOut(
                    id=str(send.id),
                    channel_id=str(channel.id),
                    channel_kind=channel.kind,
                    channel_name=channel.name,
                    recipient=send.recipient,
                    state=send.state,
                    attempts=send.attempts,
                    error_code=send.error_code,
                    error=send.error,
                    next_try_at=send.due_at if send.state == "waiting" else None,
                    sent_at=send.sent_at,
                )
                for send, channel in went[message.id]
            ],
            created_at=message.created_at,
        )
        for message in messages
    ]


def messages_blueprint() -> APIBlueprint:
    bp = make_blueprint("messages")

    @bp.get("/messages")
    @bp.input(MessageQuery, location="query")
    @bp.output(MessageList)
    def get_messages(query_data: MessageQuery) -> MessageList:
        with runtime().db.read() as session:
            found = domain.list_messages(
                session,
                brands_of(session, query_data.brand_id),
                state=query_data.state,
                channel_kind=query_data.channel_kind,
                before=_read_cursor(query_data.cursor),
                after=parse_id(query_data.after, "message") if query_data.after is not None else None,
                limit=query_data.limit + 1,
            )
            page = found[: query_data.limit]
            more = encode_cursor([page[-1].id]) if len(found) > len(page) and query_data.after is None else None
            return MessageList(items=messages_out(session, page), next_cursor=more)

    @bp.get("/messages/<id>")
    @bp.output(MessageOut)
    def get_message(id: str) -> MessageOut:
        with runtime().db.read() as session:
            message = domain.get_message(session, parse_id(id, "message"))
            caller().need(message.brand_id, "viewer")
            return messages_out(session, [message])[0]

    @bp.post("/messages/<id>/resend")
    @bp.output(MessageOut)
    def resend_message(id: str) -> MessageOut:
        with runtime().db.write() as session:
            return messages_out(session, [sends.resend(session, _own(session, id), now=now())])[0]

    @bp.post("/messages/<id>/drop")
    @bp.output(MessageOut)
    def drop_message(id: str) -> MessageOut:
        with runtime().db.write() as session:
            return messages_out(session, [sends.drop(session, _own(session, id), now=now())])[0]

    return bp


def _own(session: Session, id: str) -> int:
    message = domain.get_message(session, parse_id(id, "message"))
    caller().need(message.brand_id, "editor")
    return message.id


def _read_cursor(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    (last,) = decode_cursor(cursor, 1)
    if not isinstance(last, int) or isinstance(last, bool):
        raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"})
    return last
