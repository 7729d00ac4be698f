"""What comes, by itself or because it was asked for, written down: matched outside of transactions, stored in chunks.

What comes by itself has no lease: what two bring at once is stored once by its id, and a crash in between loses nothing
that is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.connectors.base import Item as ReadItem
from backend.infra.runtime import Runtime
from backend.listening.ingest import (
    CHUNK,
    Audience,
    Written,
    as_of_now,
    plan_items,
    read_audience,
    write_edited,
    write_plan,
)
from backend.listening.kinds import KINDS
from backend.listening.known import sort_items


def read_who_listens(runtime: Runtime, feed_id: int, kind: str) -> Audience:
    with runtime.db.read() as session:
        return read_audience(session, feed_id, kind)


def take_items(runtime: Runtime, feed_id: int, items: Sequence[ReadItem], audience: Audience) -> Written:
    """Store what this feed has not brought before. Gives how many items and mentions are new."""
    return store_items(runtime, feed_id, items, audience, keep=lambda _session, _now: True) or Written()


def store_items(
    runtime: Runtime,
    feed_id: int,
    items: Sequence[ReadItem],
    audience: Audience,
    *,
    keep: Callable[[Session, datetime], bool],
) -> Written | None:
    """As `take_items`. `keep`: whether it is ours to do still, asked in each transaction; None: it is not any more.

    Who begins to listen while this goes on looks at what is stored by then (`backfill.py`), so what is stored after
    that is for them as well: each chunk asks once more who listens. It is planned again within its transaction then,
    which is slow and seldom.
    """
    if not items:
        return Written()
    with runtime.db.read() as session:
        found = sort_items(session, feed_id, items, articles=KINDS[audience.kind].article)
    stored = mentions = 0
    for write, part in ((write_plan, found.fresh), (write_edited, found.edited)):
        for start in range(0, len(part), CHUNK):
            chunk = part[start : start + CHUNK]
            with runtime.db.read() as session:
                audience = as_of_now(session, feed_id, audience)
            now = runtime.clock()
            planned = plan_items(feed_id, chunk, audience, now=now)
            with runtime.db.write() as session:
                if not keep(session, now):
                    return None
                current = as_of_now(session, feed_id, audience)
                if current is not audience:
                    audience, planned = current, plan_items(feed_id, chunk, current, now=now)
                written = write(session, planned, now=now)
            stored, mentions = stored + written.items, mentions + written.mentions
    return Written(stored, mentions)
