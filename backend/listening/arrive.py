"""What comes by itself, written as a poll writes what it asked for: matched outside of transactions, stored in chunks.

There is no lease: what two bring at once is stored once by its id, and a crash in between loses nothing that is sent
again.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.connectors.base import Item as ReadItem
from backend.infra.runtime import Runtime
from backend.listening.ingest import CHUNK, Audience, Written, plan_items, read_audience, write_edited, write_plan
from backend.listening.kinds import KINDS
from backend.listening.known import sort_items


def read_who_listens(runtime: Runtime, feed_id: int, kind: str) -> Audience:
    with runtime.db.read() as session:
        return read_audience(session, feed_id, kind)


def take_items(runtime: Runtime, feed_id: int, items: Sequence[ReadItem], audience: Audience) -> Written:
    """Store what this feed has not brought before. Gives how many items and mentions are new."""
    if not items:
        return Written()
    with runtime.db.read() as session:
        found = sort_items(session, feed_id, items, articles=KINDS[audience.kind].article)
    stored = mentions = 0
    for write, part in ((write_plan, found.fresh), (write_edited, found.edited)):
        for start in range(0, len(part), CHUNK):
            now = runtime.clock()
            planned = plan_items(feed_id, part[start : start + CHUNK], audience, now=now)
            with runtime.db.write() as session:
                written = write(session, planned, now=now)
            stored, mentions = stored + written.items, mentions + written.mentions
    return Written(stored, mentions)
