"""Feeds that no strict reader takes, by feedparser. It is slow and reads what strangers wrote in pure Python, so it
runs in a helper with limits (`child.py`); nothing else imports this.

Its sanitising and its work on addresses are off: both are ours, at a fifth of the cost.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import feedparser

from backend.connectors.feed.dates import read_first
from backend.connectors.feed.raw import MAX_ENTRIES, NotAFeed, RawEntry, RawFeed, primary_language, read_wishes


def read_loosely(body: bytes, content_type: str) -> RawFeed:
    """Raises NotAFeed."""
    headers = {"content-type": content_type} if content_type else {}
    found = feedparser.parse(
        io.BytesIO(body), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
    )
    if not found.get("version") and not found.entries:
        raise NotAFeed(f"no feed could be read in it ({found.get('bozo_exception') or 'no entries'})")
    feed = found.feed
    return RawFeed(
        title=_text(feed, "title"),
        link=_text(feed, "link"),
        wishes=read_wishes({name: _text(feed, name) for name in ("ttl", "sy_updateperiod", "sy_updatefrequency")}),
        language=primary_language(_text(feed, "language")),
        entries=[_entry(entry) for entry in found.entries[:MAX_ENTRIES]],
    )


def _entry(entry: Mapping[str, Any]) -> RawEntry:
    source = _raw(entry, "source") or {}
    detail = _raw(entry, "author_detail") or {}
    author = _text(entry, "author")
    at, undated = read_first(_text(entry, name) for name in ("published", "updated", "created"))
    return RawEntry(
        guid=_text(entry, "id"),
        guid_is_link=bool(_raw(entry, "guidislink")),
        link=_text(entry, "feedburner_origlink") or _alternate(entry) or _text(entry, "link"),
        title=_text(entry, "title"),
        body=_longest(entry),
        # feedparser takes "mail@host (Name)" apart by a list of top-level domains, and misses the newer ones
        author=author if "@" in author else _text(detail, "name") or author,
        author_url=_text(detail, "href"),
        at=at,
        undated=undated,
        language=primary_language(_text(entry, "language")),
        publisher=_text(source, "title"),
        publisher_url=_text(source, "href") or _text(source, "link"),
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    found = _raw(values, name)
    return found if isinstance(found, str) else ""


def _raw(values: Mapping[str, Any], name: str) -> Any:
    """feedparser's own lookup answers one key with another, and warns about it; this one does not."""
    return dict.get(values, name) if isinstance(values, dict) else None


def _alternate(entry: Mapping[str, Any]) -> str:
    """Atom may hold several links; the page is the `alternate` one."""
    for link in _raw(entry, "links") or []:
        if link.get("rel", "alternate") == "alternate" and "html" in (link.get("type") or "html"):
            return str(link.get("href") or "")
    return ""


def _longest(entry: Mapping[str, Any]) -> str:
    """The whole text where the feed gives it, else the summary."""
    bodies = [part.get("value") or "" for part in _raw(entry, "content") or []]
    return max([*bodies, _text(entry, "summary")], key=len, default="")
