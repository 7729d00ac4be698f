"""Public posts with a hashtag, as one Mastodon server sees them (docs.joinmastodon.org/methods/timelines/#tag).

No account is needed unless the server closed its public preview; 300 requests in five minutes. Hashtags are single
words, so only single-word terms can be listened to here; the posts are whole and the matcher has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.feed.client import request
from backend.connectors.feed.parse import sane_moment
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.feed.unwrap import is_web_address
from backend.infra.http import HttpClient

BASE = "https://mastodon.social"
PAGE = 40
MAX_PAGES = 5  # after a long sleep; what lies further back is not fetched


@dataclass(frozen=True)
class MastodonTagListener:
    """`params`: `{"tag": word without #}`. The cursor is the id of the newest post seen."""

    base: str = BASE
    kind: str = "mastodon"

    def fetch(self, http: HttpClient, params: Mapping[str, str], state: FetchState, *, now: datetime) -> Fetched:
        """Raises PollFailed. `min_id` gives what comes right after it, so pages follow without a gap."""
        url = f"{self.base}/api/v1/timelines/tag/{quote(params['tag'], safe='')}"
        items: dict[str, Item] = {}
        cursor = state.cursor if state.cursor.isdigit() else ""
        for _ in range(MAX_PAGES if cursor else 1):
            asked = {"limit": str(PAGE)} | ({"min_id": cursor} if cursor else {})
            statuses = self._read(http, url, asked, now=now)
            for status in statuses:
                if (item := read_status(status)) is not None:
                    items[item.external_id] = item
            ids = [str(status.get("id") or "") for status in statuses]
            cursor = newest_id([cursor, *ids])
            if len(statuses) < PAGE:
                break
        host = urlsplit(self.base).hostname or ""
        return Fetched(
            list(items.values()),
            replace(state, cursor=cursor),
            title=f"#{params['tag']}",
            site_url=f"{self.base}/tags/{quote(params['tag'], safe='')}" if host else "",
        )

    def _read(self, http: HttpClient, url: str, asked: Mapping[str, str], *, now: datetime) -> list[dict[str, Any]]:
        answer = request(http, url, params=asked, now=now)
        try:
            statuses = answer.json()
        except ValueError as error:
            raise PollFailed("not_a_feed", "the answer is not what Mastodon gives") from error
        if not isinstance(statuses, list):
            raise PollFailed("not_a_feed", "the answer is not what Mastodon gives")
        return [status for status in statuses if isinstance(status, dict)]


def read_status(status: Mapping[str, Any]) -> Item | None:
    """A post; None for one that has no address of its own, or is a boost."""
    number, url = str(status.get("id") or ""), str(status.get("url") or status.get("uri") or "")
    if not number or status.get("reblog") or not is_web_address(url):
        return None
    named = status.get("account")
    account: Mapping[str, Any] = named if isinstance(named, dict) else {}
    warning, body = one_line(str(status.get("spoiler_text") or "")), plain_text(str(status.get("content") or ""))
    described = [
        plain_text(str(media.get("description") or ""), limit=1_500)
        for media in status.get("media_attachments") or []
        if isinstance(media, dict)
    ]
    text = "\n".join(part for part in (warning, body, *described) if part)
    if not text:
        return None
    author_url = str(account.get("url") or "")
    return Item(
        external_id=url if len(url) <= 190 else number,
        url=url,
        text=text,
        author=one_line(str(account.get("display_name") or account.get("acct") or ""), limit=200),
        author_url=author_url if is_web_address(author_url) else "",
        published_at=_moment(str(status.get("created_at") or "")),
        language=str(status.get("language") or "").lower().split("-")[0][:3],
    )


def newest_id(ids: list[str]) -> str:
    """Ids are numbers that grow; compared as numbers, since they outgrow their length one day."""
    numbers = [number for number in ids if number.isdigit()]
    return max(numbers, key=lambda number: (len(number), number), default="")


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return sane_moment((at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC))
