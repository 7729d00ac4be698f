"""What was said to an account on Mastodon: its notifications, what stands below its own posts, and the conversation
around a post.

docs.joinmastodon.org/methods/notifications, /methods/statuses/#context. Direct messages are statuses of visibility
`direct`; they come as mentions like any other, and an answer keeps their visibility (see publish.py). Quotes are told
since Mastodon 4.5; an older server leaves a type that it does not know out.

Mastodon tells nobody of a reply that does not name them: many people take the handle out, and whoever answers an
answer names only that. So the newest own posts are looked through, and below each whose count of replies grew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from backend.connectors.base import AccountFacts, Fetched, FetchState, Item, PollFailed, Said
from backend.connectors.mastodon.client import MastodonClient
from backend.connectors.mastodon.statuses import newest_id, read_status
from backend.connectors.outcomes import polled
from backend.infra.http import HttpClient

PAGE = 40
MAX_PAGES = 5  # after a long sleep; what lies further back is not fetched
MOST_SAID = 60
TYPES = ("mention", "quote")
OWN_POSTS = 20  # the newest are looked at, one request a poll
MOST_THREADS = 3  # are read in one poll; the others' turn comes with the next


@dataclass(frozen=True)
class MastodonAccountReader:
    """See `AccountReader` in connectors/base.py.

    The cursor is the id of the newest notification seen, and behind it how many replies own posts had:
    `1234 | 77:2 81:1`. What stood below them before the account was connected is only counted.
    """

    network: str = "mastodon"

    def read_addressed(
        self,
        http: HttpClient,
        account: AccountFacts,
        credentials: Mapping[str, str],
        state: FetchState,
    ) -> Fetched:
        """Raises PollFailed. `min_id` gives what comes right after it, so pages follow without a gap."""
        client = MastodonClient(http, account.server, credentials.get("access_token", ""))
        items: dict[str, Item] = {}
        cursor, counted = _read_cursor(state.cursor)
        for _ in range(MAX_PAGES if cursor else 1):
            asked = [*(("types[]", one) for one in TYPES), ("limit", str(PAGE))] + (
                [("min_id", cursor)] if cursor else []
            )
            told = _read(client, f"/api/v1/notifications?{urlencode(asked)}")
            if not isinstance(told, list):
                raise PollFailed("not_a_feed", "the answer is not what Mastodon gives")
            for one in told:
                if (item := _addressed(one, account)) is not None:
                    items[item.external_id] = item
            cursor = newest_id([cursor, *(str(one.get("id") or "") for one in told if isinstance(one, dict))])
            if len(told) < PAGE:
                break
        below, counted = _below_own_posts(client, account, counted)
        for item in below:
            items.setdefault(item.external_id, item)
        return Fetched(
            list(items.values()),
            replace(state, cursor=_write_cursor(cursor, counted)),
            title=account.handle,
            site_url=f"{account.server}/notifications",
        )

    def read_thread(
        self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], remote_id: str
    ) -> Sequence[Said]:
        """Raises PollFailed."""
        client = MastodonClient(http, account.server, credentials.get("access_token", ""))
        path = f"/api/v1/statuses/{quote(remote_id, safe='')}"
        status = _read(client, path, missing="gone")
        around = _read(client, f"{path}/context", missing="gone")
        before = around.get("ancestors") or [] if isinstance(around, dict) else []
        after = around.get("descendants") or [] if isinstance(around, dict) else []
        said = [_said(one, account) for one in (*before[-MOST_SAID:], status, *after[:MOST_SAID])]
        return [one for one in said if one is not None]

    def find_post(self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], url: str) -> str:
        """Raises PollFailed."""
        client = MastodonClient(http, account.server, credentials.get("access_token", ""))
        if url.startswith(account.server + "/") and (own := _STATUS.match(url)):
            return own["id"]
        asked = {"q": url, "resolve": "true", "type": "statuses", "limit": "1"}
        told = polled(lambda: client.get("/api/v2/search", asked))
        found = told.get("statuses") if isinstance(told, dict) else None
        return str(found[0].get("id") or "") if found and isinstance(found[0], dict) else ""

    def anybody(self, url: str, endpoint: str) -> tuple[AccountFacts, str] | None:
        """Most servers tell what is public to anybody who asks them for their own posts."""
        if not (match := _STATUS.match(url)):
            return None
        server = endpoint or f"https://{match['host']}"
        return AccountFacts(remote_id="", handle=f"@{match['host']}", server=server), match["id"]


#: `https://server/@name/123` and `https://server/users/name/statuses/123`, on the server the post is from
_STATUS = re.compile(r"https?://(?P<host>[^/@?#]+)/(?:@[^/@]+|users/[^/]+/statuses)/(?P<id>\d+)/?$")


def _below_own_posts(
    client: MastodonClient, account: AccountFacts, counted: Mapping[str, int] | None
) -> tuple[list[Item], dict[str, int]]:
    """What others said below the newest own posts where more was said than `counted`; and the counts as they are now.

    None: count only. A post that was not there before counts from nothing. Deeper replies are in the same thread, but
    raise the count of the post they answer only; they are seen when a thread is read, and as notifications where they
    name us. A token that may not read posts hears its notifications all the same.
    """
    query = urlencode({"limit": OWN_POSTS, "exclude_reblogs": "true"})
    try:
        own = _read(client, f"/api/v1/accounts/{quote(account.remote_id, safe='')}/statuses?{query}")
    except PollFailed as failed:
        if failed.code not in ("unauthorized", "http_error"):
            raise
        return [], dict(counted or {})
    items: list[Item] = []
    known: dict[str, int] = {}
    read = 0
    for status in own if isinstance(own, list) else []:
        if not isinstance(status, dict) or not str(status.get("id") or "").isdigit():
            continue
        number, replies = str(status["id"]), status.get("replies_count")
        if not isinstance(replies, int):
            continue
        seen = replies if counted is None else counted.get(number, 0)
        known[number] = min(seen, replies)
        if replies <= seen or read >= MOST_THREADS:
            continue
        read += 1
        try:
            around = _read(client, f"/api/v1/statuses/{number}/context", missing="gone")
        except PollFailed as failed:
            if failed.code != "gone":
                raise
            continue  # taken away since
        said = around.get("descendants") if isinstance(around, dict) else None
        for one in said if isinstance(said, list) else []:
            if (item := _as_item(one, account, "reply")) is not None:
                items.append(item)
        known[number] = replies
    return items, {number: replies for number, replies in known.items() if replies}


def _read_cursor(cursor: str) -> tuple[str, dict[str, int] | None]:
    newest, bar, rest = cursor.partition("|")
    pairs = (pair.partition(":") for pair in rest.split())
    counted = {number: int(replies) for number, _, replies in pairs if replies.isdecimal()}
    newest = newest.strip()
    return (newest if newest.isdigit() else ""), (counted if bar else None)


def _write_cursor(newest: str, counted: Mapping[str, int]) -> str:
    return " ".join([newest, "|", *(f"{number}:{replies}" for number, replies in counted.items())]).strip()


def _addressed(told: Any, account: AccountFacts) -> Item | None:
    if not isinstance(told, dict) or told.get("type") not in TYPES:
        return None
    return _as_item(told.get("status"), account, str(told["type"]))


def _as_item(status: Any, account: AccountFacts, how: str) -> Item | None:
    """`how` it speaks to us unless it shows itself: a direct message, an answer to us. None for our own."""
    item = read_status(status) if isinstance(status, dict) else None
    if item is None or not isinstance(status, dict):
        return None
    if str((status.get("account") or {}).get("id") or "") == account.remote_id:
        return None
    if status.get("visibility") == "direct":
        how = "direct"
    elif str(status.get("in_reply_to_account_id") or "") == account.remote_id:
        how = "reply"
    handle = full_handle(status.get("account"), account)
    return replace(item, remote_id=str(status["id"]), author_handle=handle, addressed=how)


def _said(status: Any, account: AccountFacts) -> Said | None:
    item = read_status(status) if isinstance(status, dict) else None
    if item is None:
        return None
    who = status.get("account") or {}
    return Said(
        remote_id=str(status["id"]),
        url=item.url,
        author=item.author,
        author_handle=full_handle(who, account),
        text=item.text,
        published_at=item.published_at,
        ours=str(who.get("id") or "") == account.remote_id,
    )


def full_handle(who: Any, ours: AccountFacts) -> str:
    """`bob@mastodon.social`, also for those of our own server, whose name alone would mean somebody else elsewhere."""
    acct = str(who.get("acct") or "") if isinstance(who, dict) else ""
    domain = ours.handle.rpartition("@")[2]  # a server's name is not always the host it answers at
    return acct if not acct or "@" in acct else f"{acct}@{domain}"


def _read(client: MastodonClient, path: str, *, missing: str = "http_error") -> Any:
    return polled(lambda: client.get(path), missing=missing)


READER = MastodonAccountReader()
