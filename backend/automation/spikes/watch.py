"""The worker's look at spikes, every five minutes: reads much, writes little.

1. One query says which keywords had something in the last hours; only those, and spikes that last, are looked at.
2. For each the times of its posts are read and judged; no transaction is open for writing meanwhile.
3. What began, grew or ended is written and told in one short transaction each.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from backend.accounts.brands import list_brands
from backend.automation.alerts import quiet_until
from backend.automation.notify import language_of, notify
from backend.automation.spikes.course import Course, step
from backend.automation.spikes.models import KINDS, Spike
from backend.automation.spikes.reason import Post, Reason, find_reason
from backend.automation.spikes.telling import body_of, title_of
from backend.automation.spikes.usual import REACH, Times
from backend.automation.spikes.verdict import SILENCE, STRETCHES, Verdict, judge
from backend.inbox.addresses import host_of
from backend.inbox.pulse import beats_of_keyword, first_of_story, posts_of_keyword, recent_by_keyword
from backend.infra.changes import record_change
from backend.infra.runtime import Runtime
from backend.listening.keywords import get_keyword, live_keywords
from backend.query.grammar import parse_query, positive_terms

if TYPE_CHECKING:
    from backend.inbox.models import Mention

MOST_POSTS = 500
_HOUR = timedelta(hours=1)


def look_for_spikes(runtime: Runtime, now: datetime) -> None:
    """One look at all keywords that stirred."""
    with runtime.db.read() as session:
        zones = {brand.id: brand.time_zone for brand in list_brands(session)}
        since = now - max(STRETCHES) * _HOUR
        recent = recent_by_keyword(session, zones, since=since, until=now)
        lasting = {(row.keyword_id, row.kind) for row in session.scalars(_lasting())}
        stirred = {keyword_id for keyword_id, (posts, _complaints) in recent.items() if posts >= SILENCE}
        stirred |= {keyword_id for keyword_id, _kind in lasting}
        live = live_keywords(session, stirred)
        brands = {keyword_id: get_keyword(session, keyword_id).brand_id for keyword_id in live}
    for keyword_id in sorted(stirred):
        zone = zones.get(brands.get(keyword_id, 0))
        for kind, count in zip(KINDS, recent.get(keyword_id, (0, 0)), strict=True):
            if count >= SILENCE or (keyword_id, kind) in lasting:
                look_at(runtime, keyword_id, kind, zone=zone, now=now)
    say_what_waited(runtime, now)


def look_at(runtime: Runtime, keyword_id: int, kind: str, *, zone: str | None, now: datetime) -> None:
    """`zone` None: nobody listens any more; what lasts is over."""
    with runtime.db.read() as session:
        row = session.scalar(_lasting().where(Spike.keyword_id == keyword_id, Spike.kind == kind))
        before = course_of(row) if row is not None else None
        if zone is None:
            verdict, after, event = None, None, "ended" if before else ""
        else:
            verdict = _judge(session, keyword_id, kind, zone=zone, now=now)
            after, event = step(before, verdict, now=now)
    if after == before and not event:
        return
    with runtime.db.write() as session:
        row = session.scalar(_lasting().where(Spike.keyword_id == keyword_id, Spike.kind == kind))
        if (course_of(row) if row is not None else None) != before:
            return  # another worker looked meanwhile
        if row is not None:
            _follow(row, after, now=now)
            if event == "ended":
                record_change(session, kind="spike.changed", ref=row.id, brand_id=row.brand_id, now=now)
        if verdict is not None and after is not None and event in ("began", "grew"):
            row = row or _begin(session, keyword_id, kind, after)
            tell(session, row, verdict, now=now)


def say_what_waited(runtime: Runtime, now: datetime) -> None:
    """Quiet hours ended: what happened in them is said now, whether it still lasts or not."""
    with runtime.db.read() as session:
        if session.scalar(select(Spike.id).where(Spike.say_at <= now).limit(1)) is None:
            return
    with runtime.db.write() as session:
        zones = {brand.id: brand.time_zone for brand in list_brands(session)}
        for row in session.scalars(select(Spike).where(Spike.say_at <= now).with_for_update()):
            row.say_at = None
            if row.brand_id in zones and live_keywords(session, {row.keyword_id}):
                _say(session, row, late_in=zones[row.brand_id], now=now)


def tell(session: Session, row: Spike, verdict: Verdict, *, now: datetime) -> None:
    """Note it with its reason, and say it to whoever wants to hear of it: at once, but for what is no complaint in the
    quiet hours of its keyword."""
    posts = posts_of_keyword(
        session,
        row.keyword_id,
        since=now - verdict.hours * _HOUR,
        until=now,
        complaints=row.kind == "complaints",
        limit=MOST_POSTS,
    )
    before = posts_of_keyword(session, row.keyword_id, since=now - REACH, until=row.began_at, limit=MOST_POSTS)
    keyword = get_keyword(session, row.keyword_id)
    own = {word for term in positive_terms(parse_query(keyword.query).tree) for word in term.words}
    reason = find_reason([_post(one) for one in posts], [_post(one) for one in before], own)
    if reason.why == "story":
        reason = _where_first(session, reason)
    row.count, row.hours, row.expected, row.told_at = verdict.count, verdict.hours, verdict.expected, now
    row.reason = reason.as_json()
    row.mention_id = posts[0].id if posts else None
    if row.kind == "mentions":
        row.say_at = quiet_until(session, row.brand_id, row.keyword_id, now=now)
    session.flush()
    if row.say_at is None:
        _say(session, row, now=now)
    record_change(session, kind="spike.changed", ref=row.id, brand_id=row.brand_id, now=now)


def _say(session: Session, row: Spike, *, late_in: str = "", now: datetime) -> None:
    language = language_of(session, row.brand_id)
    notify(
        session,
        brand_id=row.brand_id,
        kind="spike" if row.kind == "mentions" else "complaint_spike",
        title=title_of(row, get_keyword(session, row.keyword_id).name, language),
        body=body_of(row, language, late_in=late_in),
        ref=f"spike {row.id} {row.told_times}",
        story_id=row.reason.get("story") or None,
        mention_id=row.mention_id,
        now=now,
    )


def course_of(row: Spike) -> Course:
    return Course(row.began_at, row.told_at, row.loud_at, row.peak, row.told, row.told_times)


def _judge(session: Session, keyword_id: int, kind: str, *, zone: str, now: datetime) -> Verdict:
    beats = beats_of_keyword(session, keyword_id, since=now - REACH, until=now)
    moments = [beat.at for beat in beats if kind == "mentions" or beat.complains]
    # Of complaints too the past begins with the first post: before that nobody listened.
    born_at = min([get_keyword(session, keyword_id).created_at, *(beat.at for beat in beats)])
    return judge(Times(moments), born_at=born_at, zone=zone, now=now)


def _begin(session: Session, keyword_id: int, kind: str, course: Course) -> Spike:
    row = Spike(brand_id=get_keyword(session, keyword_id).brand_id, keyword_id=keyword_id, kind=kind)
    row.began_at, row.told_at, row.loud_at = course.began_at, course.told_at, course.loud_at
    row.peak, row.told, row.told_times = course.peak, course.told, course.told_times
    row.count, row.hours, row.expected = 0, 1, 0.0
    session.add(row)
    return row


def _follow(row: Spike, course: Course | None, *, now: datetime) -> None:
    if course is None:
        row.ended_at = now
    else:
        row.loud_at, row.peak = course.loud_at, course.peak
        row.told, row.told_times, row.told_at = course.told, course.told_times, course.told_at


def _where_first(session: Session, reason: Reason) -> Reason:
    first = first_of_story(session, reason.story)
    if first is None:
        return reason
    return replace(reason, where=host_of(first.url) or first.network, who=first.author)


def _post(mention: Mention) -> Post:
    return Post(mention.story_id or mention.id, mention.author, mention.network, mention.words)


def _lasting() -> Select[Spike]:
    return select(Spike).where(Spike.ended_at.is_(None))


def list_spikes(session: Session, brand_ids: Collection[int], *, since: datetime | None, limit: int) -> list[Spike]:
    """Newest first; with `since` only those that began then or later, or last."""
    query = select(Spike).where(Spike.brand_id.in_(brand_ids))
    if since is not None:
        query = query.where(or_(Spike.began_at >= since, Spike.ended_at.is_(None)))
    return list(session.scalars(query.order_by(Spike.began_at.desc(), Spike.id.desc()).limit(limit)))
