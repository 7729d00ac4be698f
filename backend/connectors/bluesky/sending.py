"""An answer to a direct message: one more message in the same conversation, sent once.

The service takes no key of ours. So what stands in the conversation before the call is frozen with the payload, and an
unclear outcome is told by reading it again: what we wrote there since, in the same words, is this answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.connectors.base import (
    NotThere,
    Outcome,
    Outgoing,
    PollFailed,
    Published,
    Rejected,
    RetryLater,
    Unauthorized,
    Uncertain,
)
from backend.connectors.bluesky.chat import (
    SERVICE,
    Message,
    MessageId,
    MessagesWithheld,
    ask,
    read_message,
    rows,
)
from backend.connectors.bluesky.client import BlueskyClient, LoginRefused, error_name, is_withheld, parsed
from backend.connectors.bluesky.facets import link_facets
from backend.connectors.outcomes import read_failed, read_refused, write_failed, write_refused
from backend.connectors.reading import whole
from backend.infra.http import HttpFailed

PAGE = 50
MOST_PAGES = 5
WITHHELD = Rejected("messages_not_allowed", "This app password may not write direct messages.")
GONE = Rejected("reply_gone", "The conversation that is answered cannot be found.")


def plan(post: Outgoing, answered: MessageId) -> dict[str, Any]:
    """Frozen: the conversation and the words. Nothing in it could be sent as a post."""
    message: dict[str, Any] = {"text": post.text}
    if facets := link_facets(post.text):
        message["facets"] = facets
    return {"body": {"convoId": answered.convo, "message": message}, "media": len(post.media)}


def prepare(client: BlueskyClient, payload: dict[str, Any]) -> dict[str, Any] | Rejected | RetryLater | Unauthorized:
    """What stands there before anything was sent; what was frozen for an earlier call stays."""
    if payload["media"]:
        return Rejected("refused", "A direct message carries no images.")
    if "before" in payload:
        return payload
    try:
        told = ask(client, "getMessages", {"convoId": payload["body"]["convoId"], "limit": str(PAGE)})
        newest = [one for row in rows(told, "messages") if (one := read_message(row)) is not None]
    except MessagesWithheld:
        return WITHHELD
    except PollFailed as failed:
        return _unread(failed)
    after = newest[0].sent_at.isoformat() if newest else ""
    return {**payload, "before": [one.id for one in newest], "after": after}


def commit(client: BlueskyClient, payload: Mapping[str, Any]) -> Outcome:
    """The one call that creates."""
    try:
        client.session()  # a log-in that fails here has created nothing
    except HttpFailed as error:
        return read_failed(error)
    except LoginRefused as refused:
        return read_refused(refused.answer)
    try:
        answer = client.send("chat.bsky.convo.sendMessage", payload["body"], proxy=SERVICE)
    except HttpFailed as error:
        return write_failed(error)
    except LoginRefused as refused:
        return read_refused(refused.answer)
    if answer.status == 200:
        number = whole(parsed(answer).get("id"))
        if not number:
            return Uncertain("the service said yes, in words that cannot be read")
        return _published(payload, number)
    if is_withheld(answer):
        return WITHHELD
    return GONE if error_name(answer) == "InvalidConvo" else write_refused(answer)


def reconcile(
    client: BlueskyClient, payload: Mapping[str, Any], own: str
) -> Published | NotThere | Uncertain | RetryLater | Unauthorized:
    """Read what came into the conversation since. `own`: our DID. Never NotThere while anything of ours could be it."""
    try:
        since = _since(client, payload)
    except MessagesWithheld:
        return Unauthorized(WITHHELD.message)
    except PollFailed as failed:
        unread = _unread(failed)
        return Uncertain(unread.message) if isinstance(unread, Rejected) else unread
    if since is None:
        return Uncertain("too many messages since then to look through")
    known = {MessageId.of(one) for one in payload.get("not_these", ())}
    convo = payload["body"]["convoId"]
    ours = [one for one in since if one.sender == own and MessageId(convo, one.id) not in known]
    wanted = _words(payload["body"]["message"]["text"])
    same = [one for one in ours if _words(one.text) == wanted]
    if len(same) == 1:
        return _published(payload, same[0].id)
    if same:
        return Uncertain("the same words stand there more than once")
    if any(one.deleted for one in ours):
        return Uncertain("a message of ours was deleted there since")
    return NotThere()


def _since(client: BlueskyClient, payload: Mapping[str, Any]) -> list[Message] | None:
    """Newest first; None where they are too many."""
    before, cursor = set(payload["before"]), ""
    found: list[Message] = []
    for _ in range(MOST_PAGES):
        asked = {"convoId": payload["body"]["convoId"], "limit": str(PAGE)} | ({"cursor": cursor} if cursor else {})
        told = ask(client, "getMessages", asked)
        for row in rows(told, "messages"):
            one = read_message(row)
            if one is None:
                continue
            if one.id in before or one.sent_at.isoformat() < payload["after"]:
                return found
            found.append(one)
        cursor = whole(told.get("cursor"))
        if not cursor:
            return found
    return None


def _unread(failed: PollFailed) -> Rejected | RetryLater | Unauthorized:
    """The conversation could not be read: nothing was created."""
    if failed.code == "gone":
        return GONE
    if failed.code == "unauthorized":
        return Unauthorized(failed.message)
    if failed.code == "blocked":
        return Rejected("blocked", failed.message)
    return RetryLater(failed.message, failed.retry_after_s)


def _words(text: str) -> str:
    return " ".join(text.split())


def _published(payload: Mapping[str, Any], number: str) -> Published:
    made = MessageId(payload["body"]["convoId"], number)
    return Published(str(made), made.url)
