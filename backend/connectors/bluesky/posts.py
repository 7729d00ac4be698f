"""Posts as Bluesky's API gives them (app.bsky.feed.defs#postView), as items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.connectors.base import Item
from backend.connectors.feed.plain import one_line, tidy
from backend.connectors.reading import read_moment


def read_post(post: Mapping[str, Any], addressed: str = "") -> Item | None:
    """A post view (or a notification, which looks like one); None for what has no text of its own."""
    record, author = post.get("record"), post.get("author")
    uri = str(post.get("uri") or "")
    if not isinstance(record, dict) or not isinstance(author, dict) or "/app.bsky.feed.post/" not in uri:
        return None
    text = tidy(str(record.get("text") or ""))
    handle = str(author.get("handle") or "")
    if not text or not handle:
        return None
    languages = record.get("langs") or []
    return Item(
        external_id=uri[:200],
        url=post_url(handle, uri),
        text=text,
        author=one_line(str(author.get("displayName") or handle), limit=200),
        author_url=f"https://bsky.app/profile/{handle}",
        published_at=read_moment(record.get("createdAt")),
        language=str(languages[0]).lower().split("-")[0][:3] if languages else "",
        remote_id=uri,
        author_handle=handle,
        addressed=addressed,
    )


def post_url(handle: str, uri: str) -> str:
    """`at://did/app.bsky.feed.post/3k…` → the address that people open."""
    return f"https://bsky.app/profile/{handle}/post/{uri.rsplit('/', 1)[-1]}"
