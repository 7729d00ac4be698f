"""Direct messages as Bluesky's chat service gives them (lexicons chat.bsky.convo.*), and what they are known by.

The service is asked through the account's own PDS, which passes a call on to whom the header `atproto-proxy` names. An
app password may do that only where its maker ticked so: the PDS refuses it otherwise, and only that (tried on PDS
0.4.217: 400, InvalidToken, "Bad token method").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backend.connectors.base import PollFailed
from backend.connectors.bluesky.client import BlueskyClient, LoginRefused, is_withheld
from backend.connectors.feed.plain import tidy
from backend.connectors.outcomes import polled
from backend.connectors.reading import part, read_moment, whole
from backend.infra.http import HttpResponse

SERVICE = "did:web:api.bsky.chat#bsky_chat"
#: what `in_reply_to` and `remote_id` of a message begin with; those of posts are `at://…` or `https://…`
PREFIX = "chat:"
_ID = re.compile(r"chat:([\w.:-]{1,200})/([\w.:-]{1,200})", re.ASCII)


class MessagesWithheld(Exception):
    """The app password may not read or write direct messages."""


@dataclass(frozen=True)
class MessageId:
    """One message; `chat:CONVERSATION/MESSAGE` where it is kept as text."""

    convo: str
    message: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.convo}/{self.message}"

    @property
    def url(self) -> str:
        """The page of its conversation. What is behind `#` tells its messages apart; the page itself ignores it."""
        return f"https://bsky.app/messages/{self.convo}#/{self.message}"

    @classmethod
    def of(cls, text: str) -> MessageId | None:
        match = _ID.fullmatch(text)
        return cls(match[1], match[2]) if match else None


@dataclass(frozen=True)
class Message:
    """A message as it stands in its conversation. `text` is "" for one that was deleted."""

    id: str
    sender: str  # a DID
    sent_at: datetime
    text: str
    deleted: bool


def ask(client: BlueskyClient, name: str, params: Mapping[str, str]) -> dict[str, Any]:
    """A query `chat.bsky.convo.NAME`. Raises MessagesWithheld, PollFailed (`gone`: no such conversation)."""

    def call() -> HttpResponse:
        answer = client.read(f"chat.bsky.convo.{name}", params, proxy=SERVICE)
        if is_withheld(answer):
            raise MessagesWithheld
        return answer

    try:
        body = polled(call)
    except LoginRefused as refused:
        code = "unauthorized" if refused.answer.status in (400, 401) else "http_error"
        raise PollFailed(code, f"the log-in was refused (HTTP {refused.answer.status})") from refused
    except PollFailed as failed:
        if "Convo not found" in failed.message or "InvalidConvo" in failed.message:
            raise PollFailed("gone", failed.message) from failed
        raise
    if not isinstance(body, dict):
        raise PollFailed("not_a_feed", "the answer is not what Bluesky's chat gives")
    return body


def rows(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list in an answer. Raises PollFailed where there is no list."""
    found = body.get(name)
    if not isinstance(found, list):
        raise PollFailed("not_a_feed", "the answer is not what Bluesky's chat gives")
    return [one for one in found if isinstance(one, dict)]


def read_message(view: Mapping[str, Any]) -> Message | None:
    """None for what is neither a message nor a deleted one: notices of the service, what cannot be read.

    A post that is shared in a message is its address, below the words.
    """
    kind = whole(view.get("$type")).rpartition("#")[2]
    number, sender = whole(view.get("id")), whole(part(view, "sender").get("did"))
    sent_at = _moment(whole(view.get("sentAt")))
    if kind not in ("", "messageView", "deletedMessageView") or not number or not sender or sent_at is None:
        return None
    deleted = kind == "deletedMessageView" or not isinstance(view.get("text"), str)
    text = "" if deleted else tidy("\n".join(filter(None, (whole(view.get("text")), _shared(view)))))
    return Message(number, sender, sent_at, text, deleted)


def _moment(text: str) -> datetime | None:
    """To the millisecond, which `read_moment` does not keep: conversations are followed by it."""
    if read_moment(text) is None:  # no date at all, or none of these times
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_direct(convo: Mapping[str, Any]) -> bool:
    """Between two; older services say no kind."""
    kind = whole(part(convo, "kind").get("$type")).rpartition("#")[2]
    members = convo.get("members")
    return kind == "directConvo" or (not kind and isinstance(members, list) and len(members) <= 2)


def names_in(convo: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """(handle, name) of a conversation's members by their DID."""
    members = convo.get("members")
    found = {}
    for one in members if isinstance(members, list) else []:
        if isinstance(one, dict) and whole(one.get("did")):
            handle = whole(one.get("handle"))
            found[whole(one["did"])] = (handle, whole(one.get("displayName")) or handle)
    return found


def _shared(view: Mapping[str, Any]) -> str:
    record = part(part(view, "embed"), "record")
    match = re.fullmatch(r"at://([^/]+)/app\.bsky\.feed\.post/([^/?#]+)", whole(record.get("uri")))
    return f"https://bsky.app/profile/{match[1]}/post/{match[2]}" if match else ""
