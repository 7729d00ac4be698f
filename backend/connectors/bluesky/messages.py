"""What was said to an account in direct messages: one item for each, and its conversation.

Requests (conversations that nobody has accepted yet) are read like the others; groups are not: what is said there is
said to many, and nobody waits for the account's answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from backend.connectors.base import AccountFacts, Item, PollFailed, Said
from backend.connectors.bluesky.chat import (
    Message,
    MessageId,
    MessagesWithheld,
    ask,
    is_direct,
    names_in,
    read_message,
    rows,
)
from backend.connectors.bluesky.client import BlueskyClient
from backend.connectors.feed.plain import one_line
from backend.connectors.reading import part, whole

CONVOS = 50  # of one page, those with the newest message first
MOST_PAGES = 3
MOST_READ = 20  # conversations that are read in one poll; of the others' news the last message is taken
MESSAGES = 100
MOST_MESSAGE_PAGES = 3
SAID_BEFORE, SAID_AFTER = 40, 20
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def read_new_messages(client: BlueskyClient, account: AccountFacts, since: str) -> tuple[list[Item], str]:
    """What others wrote from `since` on (RFC 3339), and the `since` of the next time: when the newest message was sent.

    "": the first time; what a conversation ends with where the last word was not ours, of the newest `CONVOS`. What
    was sent in the very moment `since` comes again, and is known by its id. Raises MessagesWithheld, PollFailed.
    """
    first, seen = since == "", _moment(since)
    newest, items, read, cursor = seen, [], 0, ""
    for _ in range(1 if first else MOST_PAGES):
        asked = {"limit": str(CONVOS)} | ({"cursor": cursor} if cursor else {})
        told = ask(client, "listConvos", asked)
        fresh = 0
        for convo in rows(told, "convos"):
            last = read_message(part(convo, "lastMessage"))
            if not is_direct(convo) or not whole(convo.get("id")) or last is None or last.sent_at < seen:
                continue
            fresh += 1
            newest = max(newest, last.sent_at)
            if first or last.sent_at == seen or read >= MOST_READ:
                messages: Sequence[Message] = [last]
            else:
                read += 1
                messages = _since(client, whole(convo["id"]), seen)
            items += [item for one in messages if (item := _item(one, convo, account)) is not None]
        cursor = whole(told.get("cursor"))
        if not cursor or not fresh:
            break
    return items, newest.isoformat().replace("+00:00", "Z")


def read_conversation(client: BlueskyClient, account: AccountFacts, wanted: MessageId) -> list[Said]:
    """What was said before a message, the message, what was said after it. Raises PollFailed."""
    try:
        convo = part(ask(client, "getConvo", {"convoId": wanted.convo}), "convo")
        newest_first: list[Message] = []
        cursor = ""
        for _ in range(MOST_MESSAGE_PAGES):
            page, cursor = _page(client, wanted.convo, cursor)
            newest_first += page
            place = next((at for at, one in enumerate(newest_first) if one.id == wanted.message), None)
            if not cursor or (place is not None and len(newest_first) > place + SAID_BEFORE):
                break
    except MessagesWithheld as withheld:
        raise PollFailed("forbidden", "the app password may not read direct messages") from withheld
    if place is None or newest_first[place].deleted:
        raise PollFailed("gone", "the message is not there any more, or lies far back")
    around = newest_first[max(0, place - SAID_AFTER) : place + SAID_BEFORE + 1]
    names = names_in(convo)
    return [_said(one, names, account, wanted.convo) for one in reversed(around) if one.text]


def _since(client: BlueskyClient, convo: str, seen: datetime) -> list[Message]:
    found: list[Message] = []
    cursor = ""
    for _ in range(MOST_MESSAGE_PAGES):
        page, cursor = _page(client, convo, cursor)
        fresh = [one for one in page if one.sent_at >= seen]
        found += fresh
        if not cursor or len(fresh) < len(page):
            break
    return found


def _page(client: BlueskyClient, convo: str, cursor: str) -> tuple[list[Message], str]:
    """Messages, newest first, and where the older ones begin."""
    asked = {"convoId": convo, "limit": str(MESSAGES)} | ({"cursor": cursor} if cursor else {})
    told = ask(client, "getMessages", asked)
    read = (read_message(one) for one in rows(told, "messages"))
    return [one for one in read if one is not None], whole(told.get("cursor"))


def _item(message: Message, convo: Mapping[str, Any], account: AccountFacts) -> Item | None:
    """None for our own and for what has no words (any more)."""
    number = MessageId.of(str(MessageId(whole(convo["id"]), message.id)))
    if number is None or message.sender == account.remote_id or not message.text:
        return None
    handle, name = names_in(convo).get(message.sender, ("", ""))
    return Item(
        external_id=str(number)[:200],
        url=number.url,
        text=message.text,
        author=one_line(name or message.sender, limit=200),
        author_url=f"https://bsky.app/profile/{handle or message.sender}",
        published_at=message.sent_at,
        remote_id=str(number),
        author_handle=handle,
        addressed="direct",
    )


def _said(message: Message, names: Mapping[str, tuple[str, str]], account: AccountFacts, convo: str) -> Said:
    handle, name = names.get(message.sender, ("", message.sender))
    number = MessageId(convo, message.id)
    return Said(
        remote_id=str(number),
        url=number.url,
        author=one_line(name, limit=200),
        author_handle=handle,
        text=message.text,
        published_at=message.sent_at,
        ours=message.sender == account.remote_id,
    )


def _moment(since: str) -> datetime:
    try:
        return datetime.fromisoformat(since)
    except ValueError:
        return _EVER
