"""What becomes of a feed's row when it was asked: pure; the time and chance are parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from backend.connectors.base import Fetched, PollFailed, Wishes
from backend.listening.kinds import KINDS
from backend.listening.models import Feed
from backend.listening.when import Rhythm, Standing, after_answer, after_failure

#: columns that a poll may change; each is written, whatever came, so that one statement serves all
CHANGED = (
    *("etag", "last_modified", "body_hash", "cursor", "title", "site_url", "wishes", "latest", "state", "failures"),
    *("interval_s", "last_error", "last_error_text", "last_polled_at", "urgent", "in_line", "lease_until", "due_at"),
)


def row_after_answer(
    feed: Feed, fetched: Fetched, latest: Sequence[int], *, now: datetime, chance: float
) -> dict[str, Any]:
    """`latest`: when its latest items were published, in seconds since 1970."""
    kind = KINDS[feed.kind]
    wishes = feed.wishes if fetched.wishes is None else asdict(fetched.wishes)
    # What the document said counts on while it does not change.
    said = Wishes.from_plain(wishes)
    wanted = replace(said, ttl_s=max(filter(None, (said.ttl_s, fetched.ttl_s)), default=None))
    published = [datetime.fromtimestamp(at, UTC) for at in latest]
    standing = after_answer(published, Rhythm(kind.least_s, kind.most_s), wanted, now=now, chance=chance)
    return _as_it_stands(feed) | {
        "etag": fetched.state.etag,
        "last_modified": fetched.state.last_modified,
        "body_hash": fetched.state.body_hash,
        "cursor": fetched.state.cursor,
        "title": fetched.title[:200] or feed.title,
        "site_url": fetched.site_url or feed.site_url,
        "wishes": wishes,
        "latest": list(latest),
        "last_error": "",
        "last_error_text": "",
        "last_polled_at": now,
        "due_at": standing.due_at,
        **_stand(standing),
    }


def row_after_failure(
    feed: Feed, error: PollFailed, *, outage_s: float | None, now: datetime, chance: float
) -> dict[str, Any]:
    """Validators stay as they are; where our own network has been down (`outage_s`) nothing else changes either."""
    standing = Standing(feed.state, feed.failures, feed.interval_s)
    after = after_failure(standing, error, outage_s=outage_s, now=now, chance=chance)
    row = _as_it_stands(feed) | {"due_at": after.due_at}
    if outage_s is not None:
        return row
    return row | {
        "last_error": error.code[:20],
        "last_error_text": error.message[:500],
        "last_polled_at": now,
        **_stand(after),
    }


def _as_it_stands(feed: Feed) -> dict[str, Any]:
    return {name: getattr(feed, name) for name in CHANGED} | {"lease_until": None, "urgent": False, "in_line": False}


def _stand(standing: Standing) -> dict[str, Any]:
    return {"state": standing.state, "failures": standing.failures, "interval_s": standing.interval_s}
