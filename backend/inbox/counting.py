"""How many mentions a list holds, and how they divide: by state, network, language, hint, keyword, author, week, tag…

It stays quick over a million: of each state up to `MOST_COUNTED` are counted, and how they divide is told of the newest
`MOST_READ`; who shows it says so ("1,000+", "of the newest 2,000").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.inbox.models import Mention, MentionKeyword
from backend.inbox.search import Filter, newest_rows
from backend.query.fields import STATUSES

MOST_COUNTED = 1_000
MOST_READ = 2_000
MOST_VALUES = 20  # of each facet, the most frequent
FACETS = ("status", "network", "language", "sentiment", "intent", "keyword", "author", "week", "tag", "assignee")
_COLUMNS: Mapping[str, Any] = {
    "status": Mention.status,
    "network": Mention.network,
    "language": Mention.language,
    "sentiment": Mention.sentiment,
    "intent": Mention.intent,
    "author": Mention.author,
    "tag": Mention.tags,
    "assignee": Mention.assignee_id,
}


@dataclass(frozen=True)
class Judged:
    """Of `of` mentions, how many were judged at all, and how many of those by a person."""

    of: int = 0
    judged: int = 0
    by_person: int = 0


@dataclass(frozen=True)
class Counts:
    """Counts under a filter. `capped`: a state holds more than `MOST_COUNTED`, and `total` more than it says.

    How they divide is told of the newest `of` of them, `of_capped` where there are more: `facets` by name, most
    frequent first, values as texts, a week as its Monday, weeks the newest first; `days` are UTC days, `YYYY-MM-DD`.
    """

    total: int
    capped: bool
    statuses: Mapping[str, int]
    of: int
    of_capped: bool
    facets: Mapping[str, Sequence[tuple[str, int]]]
    days: Mapping[str, int]
    sentiment: Judged
    intent: Judged


def count_mentions(
    session: Session, brand_ids: Collection[int], wanted: Filter, *, facets: Collection[str], now: datetime
) -> Counts:
    """`facets`: which of `FACETS` are asked for."""
    statuses, capped = _count_statuses(session, brand_ids, wanted, now)
    names = [name for name in _COLUMNS if name in facets]
    columns = [Mention.id, Mention.sorted_at, Mention.sentiment_by, Mention.intent_by]
    read = newest_rows(
        session, [*columns, *(_COLUMNS[name] for name in names)], brand_ids, wanted, limit=MOST_READ + 1, now=now
    )
    rows = session.execute(read).all()
    newest = rows[:MOST_READ]
    ids, moments, sentiments_by, intents_by, *values = zip(*newest, strict=True) if newest else ((),) * 4
    divided = {name: _most(_each(name, column)) for name, column in zip(names, values, strict=False)}
    divided |= {name: [] for name in facets if name not in divided}
    if "week" in facets:
        divided["week"] = _weeks(moments, wanted.zone)
    if "keyword" in facets:
        divided["keyword"] = _most(_keywords_of(session, ids))
    return Counts(
        total=sum(statuses.values()),
        capped=capped,
        statuses=statuses,
        of=len(newest),
        of_capped=len(rows) > MOST_READ,
        facets=divided,
        days={day.isoformat(): count for day, count in sorted(Counter(_days(moments, UTC)).items())},
        sentiment=_judged(sentiments_by),
        intent=_judged(intents_by),
    )


def _count_statuses(
    session: Session, brand_ids: Collection[int], wanted: Filter, now: datetime
) -> tuple[dict[str, int], bool]:
    """Each state apart, so that a rare one is not hidden behind many of another."""
    found: dict[str, int] = {}
    capped = False
    for status in STATUSES:
        if wanted.statuses and status not in wanted.statuses:
            continue
        alike = newest_rows(session, [Mention.id], brand_ids, wanted, limit=MOST_COUNTED + 1, now=now)
        alike = alike.where(Mention.status == status)
        count = session.scalar(select(func.count()).select_from(alike.subquery())) or 0
        capped = capped or count > MOST_COUNTED
        if count:
            found[status] = min(count, MOST_COUNTED)
    return found, capped


def _keywords_of(session: Session, ids: Sequence[int]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(ids), 1000):
        tied = select(MentionKeyword.keyword_id).where(MentionKeyword.mention_id.in_(ids[start : start + 1000]))
        found += session.scalars(tied)
    return found


def _each(name: str, column: Iterable[Any]) -> Iterable[Any]:
    return (tag for tags in column for tag in tags) if name == "tag" else column


def _most(values: Iterable[Any]) -> list[tuple[str, int]]:
    counted = Counter(value for value in values if value not in (None, ""))
    named = ((str(value), count) for value, count in counted.items())
    return sorted(named, key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]


def _weeks(moments: Iterable[datetime], zone: str) -> list[tuple[str, int]]:
    weeks: Counter[str] = Counter()
    for day, count in Counter(_days(moments, ZoneInfo(zone))).items():
        weeks[(day - timedelta(days=day.weekday())).isoformat()] += count
    return sorted(weeks.items(), reverse=True)[:MOST_VALUES]


def _days(moments: Iterable[datetime], zone: Any) -> Iterable[date]:
    return (at.astimezone(zone).date() for at in moments)


def _judged(by: Sequence[str]) -> Judged:
    return Judged(len(by), sum(one != "" for one in by), sum(one == "person" for one in by))
