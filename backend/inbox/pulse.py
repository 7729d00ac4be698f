"""When how much was said, keyword by keyword: what spikes are found in. Not what is spam or not about us."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, undefer

from backend.inbox.models import Mention, MentionKeyword

COMPLAINT = "complaint"


@dataclass(frozen=True)
class Beat:
    """One post of a keyword: when it was published (else seen), and whether it complains."""

    at: datetime
    complains: bool


def recent_by_keyword(
    session: Session, brand_ids: Collection[int], *, since: datetime, until: datetime
) -> dict[int, tuple[int, int]]:
    """keyword → (posts, complaints); keywords with nothing are not there. `until` exclusive."""
    complaints = func.sum(case((Mention.intent == COMPLAINT, 1), else_=0))
    query = (
        select(MentionKeyword.keyword_id, func.count(), complaints)
        .join(Mention, Mention.id == MentionKeyword.mention_id)
        .where(Mention.brand_id.in_(brand_ids), *_counts(since, until))
        .group_by(MentionKeyword.keyword_id)
    )
    return {row[0]: (row[1], int(row[2])) for row in session.execute(query)}


def beats_of_keyword(session: Session, keyword_id: int, *, since: datetime, until: datetime) -> list[Beat]:
    query = (
        select(Mention.sorted_at, Mention.intent)
        .join(MentionKeyword, MentionKeyword.mention_id == Mention.id)
        .where(MentionKeyword.keyword_id == keyword_id, *_counts(since, until))
    )
    return [Beat(at, intent == COMPLAINT) for at, intent in session.execute(query)]


def posts_of_keyword(
    session: Session, keyword_id: int, *, since: datetime, until: datetime, complaints: bool = False, limit: int
) -> list[Mention]:
    """Newest first, with their folded words."""
    query = (
        select(Mention)
        .options(undefer(Mention.words))
        .join(MentionKeyword, MentionKeyword.mention_id == Mention.id)
        .where(MentionKeyword.keyword_id == keyword_id, *_counts(since, until))
    )
    if complaints:
        query = query.where(Mention.intent == COMPLAINT)
    return list(session.scalars(query.order_by(Mention.sorted_at.desc(), Mention.id.desc()).limit(limit)))


def first_of_story(session: Session, story_id: int) -> Mention | None:
    """Where a story was seen first."""
    query = select(Mention).where(Mention.story_id == story_id, Mention.status != "spam")
    return session.scalar(query.order_by(Mention.sorted_at, Mention.id).limit(1))


def _counts(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Mention.sorted_at >= since,
        Mention.sorted_at < until,
        Mention.status != "spam",
        Mention.about_us == "yes",
    )
