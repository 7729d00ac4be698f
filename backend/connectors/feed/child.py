"""feedparser in a helper with limits, one in each process that reads feeds, started when first needed."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from backend.connectors.base import Wishes
from backend.connectors.feed.raw import MAX_ENTRIES, NotAFeed, RawEntry, RawFeed
from backend.infra.child import Child, ChildFailed, Limits, serve

LIMITS = Limits()
_helper = Child("backend.connectors.feed.child", LIMITS)
_ENTRY_ENDS = re.compile(rb"</(?:[A-Za-z][\w.-]{0,40}:)?(?:item|entry)\s*>", re.IGNORECASE)
_TEXTS = tuple(one.name for one in fields(RawEntry) if one.name not in ("at", "guid_is_link"))


def read_in_child(body: bytes, content_type: str) -> RawFeed:
    """As `loose.read_loosely`, elsewhere. Raises NotAFeed, also for what takes more than the helper has."""
    question = json.dumps({"content_type": content_type[:200]}).encode() + b"\n" + first_entries(body)
    try:
        answer = json.loads(_helper.ask(question))
    except (ChildFailed, ValueError, RecursionError) as error:
        raise NotAFeed(f"it could not be read: {error}") from error
    if "not_a_feed" in answer:
        raise NotAFeed(str(answer["not_a_feed"]))
    return RawFeed(
        title=str(answer.get("title", "")),
        link=str(answer.get("link", "")),
        wishes=Wishes.from_plain(answer.get("wishes", {})),
        language=str(answer.get("language", "")),
        entries=[_entry(entry) for entry in answer.get("entries", [])[:MAX_ENTRIES]],
    )


def first_entries(body: bytes) -> bytes:
    """The bytes up to the end of the last entry that is kept: feedparser would read all of them."""
    for count, end in enumerate(_ENTRY_ENDS.finditer(body), 1):
        if count == MAX_ENTRIES:
            return body[: end.end()]
    return body


def stop_helper() -> None:
    """End the helper of this process, if one runs; the next feed that needs one starts another."""
    _helper.close()


def helper_pid() -> int | None:
    """Of the helper of this process, None where none runs."""
    return _helper.pid


def _entry(values: dict[str, Any]) -> RawEntry:
    at = values.get("at")
    return RawEntry(
        **{name: str(values.get(name, "")) for name in _TEXTS},
        guid_is_link=bool(values.get("guid_is_link")),
        at=datetime.fromtimestamp(at, UTC) if isinstance(at, (int, float)) else None,
    )


# --- in the helper -----------------------------------------------------------------------------------------


def _answer(question: bytes) -> bytes:
    from backend.connectors.feed.loose import read_loosely

    head, _, body = question.partition(b"\n")
    try:
        feed = read_loosely(body, str(json.loads(head)["content_type"]))
    except NotAFeed as error:
        return json.dumps({"not_a_feed": str(error)[:300]}).encode()
    values = asdict(feed)
    for entry in values["entries"]:
        entry["at"] = entry["at"].timestamp() if entry["at"] is not None else None
    return json.dumps(values).encode()


if __name__ == "__main__":
    # Before limits are set, and before anybody waits.
    import backend.connectors.feed.loose  # noqa: F401  # imported to be there already

    serve(_answer)
