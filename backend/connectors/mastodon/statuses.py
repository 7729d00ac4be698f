"""Posts as Mastodon's API gives them (docs.joinmastodon.org/entities/Status), as items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.connectors.base import Item
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.reading import read_moment


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
        published_at=read_moment(status.get("created_at")),
        language=str(status.get("language") or "").lower().split("-")[0][:3],
    )


def newest_id(ids: list[str]) -> str:
    """Ids are numbers that grow; compared as numbers, since they outgrow their length one day."""
    numbers = [number for number in ids if number.isdigit()]
    return max(numbers, key=lambda number: (len(number), number), default="")
