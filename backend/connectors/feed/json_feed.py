"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from backend.connectors.feed.raw import MAX_ENTRIES, NotAFeed, RawEntry, RawFeed, primary_language
from backend.infra.text import storable


def read_json(body: bytes) -> RawFeed:
    """Raises NotAFeed."""
    try:
        found = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"the JSON in it is broken ({type(error).__name__})") from None
    if not isinstance(found, dict) or "jsonfeed.org" not in str(found.get("version", "")):
        raise NotAFeed("it is JSON, but not a JSON Feed")
    items = found.get("items")
    items = items[:MAX_ENTRIES] if isinstance(items, list) else []
    return RawFeed(
        title=_string(found.get("title")),
        link=_string(found.get("home_page_url")),
        language=primary_language(_string(found.get("language"))),
        entries=[_entry(entry) for entry in items if isinstance(entry, dict)],
    )


def _entry(entry: Mapping[str, Any]) -> RawEntry:
    authors = entry.get("authors") or [entry.get("author") or {}]
    author = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    text = _string(entry.get("content_text"))
    return RawEntry(
        guid=_string(entry.get("id")),
        link=_string(entry.get("url")) or _string(entry.get("external_url")),
        title=_string(entry.get("title")),
        # what is text already must not be read as markup: "1 < 2" stays
        body=text.replace("&", "&amp;").replace("<", "&lt;")
        if text
        else _string(entry.get("content_html")) or _string(entry.get("summary")),
        author=_string(author.get("name")),
        author_url=_string(author.get("url")),
        at=_iso(_string(entry.get("date_published")) or _string(entry.get("date_modified"))),
        language=primary_language(_string(entry.get("language"))),
    )


def _string(value: object) -> str:
    try:
        return storable(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    except ValueError:  # an integer of more digits than Python writes
        return ""


def _iso(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
