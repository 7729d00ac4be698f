"""How what a list holds divides: by network, language, hint, keyword, author, week, tag and assignee.

Counted among the newest `MOST` of them, so that it stays quick over a million; who shows it says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inbox.models import Mention, MentionKeyword
from backend.inbox.search import Filter, newest_rows

MOST = 2_000
MOST_VALUES = 20  # of each facet, the most frequent
FACETS = ("status", "network", "language", "sentiment", "intent", "keyword", "author", "week", "tag", "assignee")
_COLUMNS: Mapping[str, Any] = {
    "status": Mention.status,
    "network": Mention.network,
    "language": Mention.language,
    "sentiment": Mention.sentiment,
    "intent": Mention.intent,
    "author": Mention.author,
    "week": Mention.sorted_at,
    "tag": Mention.tags,
    "assignee": Mention.assignee_id,
}


@dataclass(frozen=True)
class Facets:
    """`of` mentions were counted; `capped`: there are more. Values as texts; a week is its Monday, `YYYY-MM-DD`."""

    of: int
    capped: bool
    counts: Mapping[str, Sequence[tuple[str, int]]]


def count_facets(
    session: Session, brand_ids: Collection[int], wanted: Filter, names: Collection[str], *, now: datetime
) -> Facets:
    """Counts for each of `names` (of `FACETS`), the most frequent first, weeks the newest first."""
    columns = [name for name in _COLUMNS if name in names]
    query = newest_rows(
        session, [Mention.id, *(_COLUMNS[name] for name in columns)], brand_ids, wanted, limit=MOST + 1, now=now
    )
    rows = session.execute(query).all()
    counted = rows[:MOST]
    counts: dict[str, list[tuple[str, int]]] = {}
    for place, name in enumerate(columns, 1):
        values: Counter[Any] = Counter()
        for row in counted:
            values.update(row[place] if name == "tag" else (row[place],))
        counts[name] = _weeks(values, wanted.zone) if name == "week" else _most(values)
    if "keyword" in names:
        ids = [row[0] for row in counted]
        hits: Counter[int] = Counter()
        for start in range(0, len(ids), 1000):
            tied = select(MentionKeyword.keyword_id).where(MentionKeyword.mention_id.in_(ids[start : start + 1000]))
            hits.update(session.scalars(tied))
        counts["keyword"] = _most(hits)
    return Facets(len(counted), len(rows) > MOST, counts)


def _most(values: Counter[Any]) -> list[tuple[str, int]]:
    named = ((str(value), count) for value, count in values.items() if value not in (None, ""))
    return sorted(named, key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]


def _weeks(moments: Counter[datetime], zone: str) -> list[tuple[str, int]]:
    here = ZoneInfo(zone)
    weeks: Counter[str] = Counter()
    for at, count in moments.items():
        day = at.astimezone(here).date()
        weeks[(day - timedelta(days=day.weekday())).isoformat()] += count
    return sorted(weeks.items(), reverse=True)[:MOST_VALUES]
