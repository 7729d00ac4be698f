"""What was said to an account on Bluesky: its notifications, and the conversation around a post.

app.bsky.notification.listNotifications and app.bsky.feed.getPostThread, asked of the account's own PDS, which passes
them on to its AppView. Direct messages are in another service (`messages.py`) that an app password may not read unless
the person said so; without them, or while that service is away, the rest is heard all the same.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from backend.connectors.base import AccountFacts, Fetched, FetchState, Item, PollFailed, Said
from backend.connectors.bluesky.chat import MessageId, MessagesWithheld
from backend.connectors.bluesky.client import BlueskyClient, BlueskyForAnybody, LoginRefused, Sessions
from backend.connectors.bluesky.messages import read_conversation, read_new_messages
from backend.connectors.bluesky.posts import read_post
from backend.connectors.bluesky.publish import PUBLISHER
from backend.connectors.outcomes import polled
from backend.infra.http import HttpClient

log = logging.getLogger("entregent.listening")

PAGE = 50
MAX_PAGES = 5  # after a long sleep; what lies further back is not fetched
MOST_SAID = 60
SPEAKS_TO_US = ("mention", "reply", "quote")


@dataclass(frozen=True)
class BlueskyAccountReader:
    """See `AccountReader` in connectors/base.py. The cursor is the time of the newest notification seen, and behind it
    that of the newest direct message: `2026-11-23T09:00:00.000Z | 2026-11-22T18:00:00.000Z`."""

    network: str = "bluesky"
    sessions: Sessions = field(default_factory=lambda: PUBLISHER.sessions)

    def read_addressed(
        self,
        http: HttpClient,
        account: AccountFacts,
        credentials: Mapping[str, str],
        state: FetchState,
    ) -> Fetched:
        """Newest first, page by page, until what the last poll saw. Raises PollFailed."""
        client = BlueskyClient(http, account.server, self.sessions, credentials)
        items: dict[str, Item] = {}
        seen, _, seen_messages = (one.strip() for one in state.cursor.partition("|"))
        newest, page_cursor = seen, ""
        for _ in range(MAX_PAGES if seen else 1):
            asked = {"limit": str(PAGE)} | ({"cursor": page_cursor} if page_cursor else {})
            told = read_xrpc(client, "app.bsky.notification.listNotifications", asked)
            page = [one for one in told.get("notifications") or [] if isinstance(one, dict)]
            fresh = [one for one in page if str(one.get("indexedAt") or "") >= seen]
            for one in fresh:
                if one.get("reason") in SPEAKS_TO_US and (item := read_post(one, str(one["reason"]))) is not None:
                    items[item.external_id] = item
            newest = max([newest, *(str(one.get("indexedAt") or "") for one in fresh)])
            page_cursor = str(told.get("cursor") or "")
            if not page_cursor or len(fresh) < len(page) or not page:
                break
        untold: tuple[str, ...] = ()
        pause_s = None
        try:
            messages, seen_messages = read_new_messages(client, account, seen_messages)
            items |= {item.external_id: item for item in messages}
        except MessagesWithheld:
            untold = ("messages_not_allowed",)
        except PollFailed as failed:
            log.info("direct messages of %s: %s", account.handle, failed)
            untold, pause_s = ("messages_away",), failed.retry_after_s
        return Fetched(
            list(items.values()),
            replace(state, cursor=f"{newest} | {seen_messages}" if seen_messages else newest),
            untold=untold,
            pause_s=pause_s,
            title=account.handle,
            site_url="https://bsky.app/notifications",
        )

    def read_thread(
        self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], remote_id: str
    ) -> Sequence[Said]:
        """Raises PollFailed."""
        if (message := MessageId.of(remote_id)) is not None:
            return read_conversation(BlueskyClient(http, account.server, self.sessions, credentials), account, message)
        own = BlueskyClient(http, account.server, self.sessions, credentials)
        client = own if credentials else BlueskyForAnybody(http, account.server)
        asked = {"uri": remote_id, "depth": "4", "parentHeight": "30"}
        try:
            thread = read_xrpc(client, "app.bsky.feed.getPostThread", asked).get("thread")
        except PollFailed as failed:
            if "NotFound" in failed.message:  # XRPC answers 400 and names it
                raise PollFailed("gone", failed.message) from failed
            raise
        if not isinstance(thread, dict) or not isinstance(thread.get("post"), dict):
            raise PollFailed("gone", "the post is not there any more")
        posts = [*reversed(list(_parents(thread))), thread["post"], *_replies(thread)]
        said = [_said(post, account) for post in posts[-MOST_SAID:]]
        return [one for one in said if one is not None]

    def find_post(self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], url: str) -> str:
        """Raises PollFailed."""
        match = _POST_URL.match(url)
        if match is None:
            return ""
        who = match[1]
        if not who.startswith("did:"):
            client = BlueskyClient(http, account.server, self.sessions, credentials)
            who = str(read_xrpc(client, "com.atproto.identity.resolveHandle", {"handle": who}).get("did") or "")
        return f"at://{who}/app.bsky.feed.post/{match[2]}" if who else ""

    def anybody(self, url: str, endpoint: str) -> tuple[AccountFacts, str] | None:
        match = _POST_URL.match(url)
        if match is None:
            return None
        facts = AccountFacts(remote_id="", handle="", server=endpoint or PUBLIC)
        return facts, f"at://{match[1]}/app.bsky.feed.post/{match[2]}"


PUBLIC = "https://public.api.bsky.app"
_POST_URL = re.compile(r"https://bsky\.app/profile/([^/?#]+)/post/([^/?#]+)")


def _said(post: Mapping[str, Any], account: AccountFacts) -> Said | None:
    item = read_post(post, "")
    if item is None:
        return None
    return Said(
        remote_id=item.remote_id,
        url=item.url,
        author=item.author,
        author_handle=item.author_handle,
        text=item.text,
        published_at=item.published_at,
        ours=str((post.get("author") or {}).get("did") or "") == account.remote_id,
    )


def _parents(thread: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """From the nearest up."""
    parent = thread.get("parent")
    while isinstance(parent, dict) and isinstance(parent.get("post"), dict):
        yield parent["post"]
        parent = parent.get("parent")


def _replies(thread: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for reply in thread.get("replies") or []:
        if isinstance(reply, dict) and isinstance(reply.get("post"), dict):
            yield reply["post"]
            yield from _replies(reply)


def read_xrpc(client: BlueskyClient | BlueskyForAnybody, name: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """Raises PollFailed."""
    try:
        body = polled(lambda: client.read(name, asked))
    except LoginRefused as refused:
        code = "unauthorized" if refused.answer.status in (400, 401) else "http_error"
        raise PollFailed(code, f"the log-in was refused (HTTP {refused.answer.status})") from refused
    if not isinstance(body, dict):
        raise PollFailed("not_a_feed", "the answer is not what Bluesky gives")
    return body


READER = BlueskyAccountReader()
