"""How many mentions a list holds, and how they divide: by state, network, language, hint, keyword, author, week, tag…

It stays quick over a million: the newest `MOST_LOOKED_AT` of each state are looked at and up to `MOST_COUNTED` counted,
and how they divide is told of the newest `MOST_READ`; who shows it says so ("1,000+", "of the newest 2,000").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from backend.inbox.fulltext import newest_hits
from backend.inbox.models import Mention, MentionKeyword
from backend.inbox.search import Filter, conditions_of
from backend.query.fields import STATUSES

MOST_COUNTED = 1_000
MOST_READ = 2_000
MOST_LOOKED_AT = 5_000  # of the newest, for those that are meant
MOST_VALUES = 20  # of each facet, the most frequent
FACETS = ("status", "network", "language", "sentiment", "intent", "keyword", "author", "week", "tag", "assignee")
_COLUMNS: Mapping[str, str] = {
    "status": "status",
    "network": "network",
    "language": "language",
    "sentiment": "sentiment",
    "intent": "intent",
    "author": "author",
    "tag": "tags",
    "assignee": "assignee_id",
}


@dataclass(frozen=True)
class Judged:
    """Of `of` mentions, how many were judged at all, and how many of those by a person."""

    of: int = 0
    judged: int = 0
    by_person: int = 0


@dataclass(frozen=True)
class Counts:
    """Counts under a filter. `capped`: states that may hold more than was counted; `total` is then the least there are.

    How they divide is told of the newest `of` of them, `of_capped` where there are more: `facets` by name, most
    frequent first, values as texts, a week as its Monday, weeks the newest first; `days` are UTC days, `YYYY-MM-DD`.
    """

    total: int
    capped: Collection[str]
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
    names = [name for name in _COLUMNS if name in facets]
    one, of_capped = _newest(session, brand_ids, wanted, now)
    columns = [one.id, one.sorted_at, one.sentiment_by, one.intent_by, one.status]
    read = (
        select(*columns, *(getattr(one, _COLUMNS[name]) for name in names))
        .where(*conditions_of(session, brand_ids, wanted, now, one))
        .order_by(one.sorted_at.desc(), one.id.desc())
        .limit(MOST_READ + 1)
    )
    rows = session.execute(read).all()
    of_capped = of_capped or len(rows) > MOST_READ
    newest = rows[:MOST_READ]
    ids, moments, sentiments_by, intents_by, states, *values = zip(*newest, strict=True) if newest else ((),) * 5
    if of_capped and wanted.query is None:
        statuses, capped = _count_statuses(session, brand_ids, wanted, now)
    else:
        statuses, capped = dict(Counter(states)), set(STATUSES if of_capped else ())
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
        of_capped=of_capped,
        facets=divided,
        days={day.isoformat(): count for day, count in sorted(Counter(_days(moments, UTC)).items())},
        sentiment=_judged(sentiments_by),
        intent=_judged(intents_by),
    )


def _newest(session: Session, brand_ids: Collection[int], wanted: Filter, now: datetime) -> tuple[type[Mention], bool]:
    """The newest mentions that may be meant, as an alias; whether there are more."""
    newest = newest_hits(session, brand_ids, wanted.query, most=MOST_LOOKED_AT) if wanted.query is not None else None
    if newest is None:
        newest = _newest_of(session, brand_ids, wanted, now)
    return aliased(Mention, newest.subquery()), _may_be_more(session, newest, wanted)


def _newest_of(session: Session, brand_ids: Collection[int], wanted: Filter, now: datetime) -> Select[Any]:
    """By what an index knows, so that what is old but rare is among them."""
    known = Filter(
        statuses=wanted.statuses or (("new", "open") if wanted.to_answer else ()),
        since=wanted.since,
        until=wanted.until,
        url=wanted.url,
        story_id=wanted.story_id,
        assignee_id=wanted.assignee_id,
    )
    newest = select(Mention).where(*conditions_of(session, brand_ids, known, now))
    if wanted.keyword_id is not None:
        newest = newest.where(Mention.id.in_(_tied(wanted.keyword_id)))
    return newest.order_by(Mention.sorted_at.desc(), Mention.id.desc()).limit(MOST_LOOKED_AT)


def _tied(keyword_id: int) -> Select[Any]:
    """What was stored last of what a keyword found."""
    tied = select(MentionKeyword.mention_id).where(MentionKeyword.keyword_id == keyword_id)
    return tied.order_by(MentionKeyword.mention_id.desc()).limit(MOST_LOOKED_AT)


def _may_be_more(session: Session, newest: Select[Any], wanted: Filter) -> bool:
    looked_at = [newest.with_only_columns(Mention.id)]
    if wanted.keyword_id is not None:
        looked_at.append(_tied(wanted.keyword_id))
    return any(session.execute(one.limit(1).offset(MOST_LOOKED_AT - 1)).first() is not None for one in looked_at)


def _count_statuses(
    session: Session, brand_ids: Collection[int], wanted: Filter, now: datetime
) -> tuple[dict[str, int], set[str]]:
    """Each state apart, so that a rare one is not hidden behind many of another; and of which there are more."""
    found: dict[str, int] = {}
    more: set[str] = set()
    for status in STATUSES:
        if wanted.statuses and status not in wanted.statuses:
            continue
        newest = _newest_of(session, brand_ids, replace(wanted, statuses=[status]), now)
        one = aliased(Mention, newest.subquery())
        alike = select(one.id).where(*conditions_of(session, brand_ids, wanted, now, one)).limit(MOST_COUNTED + 1)
        count = session.scalar(select(func.count()).select_from(alike.subquery())) or 0
        if count:
            found[status] = min(count, MOST_COUNTED)
        if count > MOST_COUNTED or _may_be_more(session, newest, wanted):
            more.add(status)
    return found, more


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
    for at in moments:
        with suppress(OverflowError):  # a moment of year 1 has no day west of Greenwich
            yield at.astimezone(zone).date()


def _judged(by: Sequence[str]) -> Judged:
    return Judged(len(by), sum(one != "" for one in by), sum(one == "person" for one in by))
