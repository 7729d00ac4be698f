"""What alerts and rules ask of the inbox: mentions by their ids, and whether one is worth a word to a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.inbox.models import Mention, MentionEvent
from backend.inbox.search import ANSWERABLE

_AT_ONCE = 500


def read_mentions(session: Session, mention_ids: Collection[int]) -> list[Mention]:
    """Those that are there, by id."""
    wanted, found = sorted(set(mention_ids)), list[Mention]()
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        found += session.scalars(select(Mention).where(Mention.id.in_(part)).order_by(Mention.id))
    return found


def is_tellable(mention: Mention, *, oldest: datetime) -> bool:
    """Nothing that is not about us or spam, and nothing that was said before `oldest`."""
    return mention.about_us == "yes" and mention.status != "spam" and mention.sorted_at >= oldest


def why_answer(mention: Mention) -> str:
    """Why it waits for an answer: question, complaint, request, addressed (it speaks to an account of ours); or ""."""
    if mention.status not in ("new", "open"):
        return ""
    if mention.intent in ANSWERABLE:
        return mention.intent or ""
    return "addressed" if mention.addressed else ""


def ids_between(
    session: Session, brand_id: int, *, since: datetime, until: datetime, limit: int | None = None
) -> list[int]:
    """Mentions published (else seen) after `since` and at `until` or before, spam apart; newest first."""
    query = select(Mention.id).where(
        Mention.brand_id == brand_id, Mention.sorted_at > since, Mention.sorted_at <= until, Mention.status != "spam"
    )
    return list(session.scalars(query.order_by(Mention.sorted_at.desc(), Mention.id.desc()).limit(limit)))


def waiting_ids(
    session: Session, brand_id: int, *, since: datetime, until: datetime, now: datetime, limit: int
) -> tuple[list[int], datetime]:
    """What came in after `since` and at `until` or before, and nobody dealt with; and up to when that is all of it.

    Some `limit` of them: those that came at one moment come together.
    """
    awake = or_(Mention.snoozed_until.is_(None), Mention.snoozed_until <= now)
    waits = (Mention.brand_id == brand_id, Mention.status.in_(("new", "open")), awake, Mention.seen_at > since)
    moments = select(Mention.seen_at).where(*waits, Mention.seen_at <= until).order_by(Mention.seen_at)
    last = session.scalar(moments.offset(limit - 1).limit(1))
    if last is not None:
        until = min(until, last)
    return list(session.scalars(select(Mention.id).where(*waits, Mention.seen_at <= until).order_by(Mention.id))), until


def last_acts(session: Session, moments: Collection[tuple[int, datetime]]) -> dict[tuple[int, datetime], str]:
    """(mention, when) → the act of what was logged of it last at that moment, "" for no act."""
    found: dict[tuple[int, datetime], str] = {}
    wanted = sorted({mention_id for mention_id, _at in moments})
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(MentionEvent.mention_id, MentionEvent.at, MentionEvent.act).where(
            MentionEvent.mention_id.in_(wanted[start : start + _AT_ONCE]),
            MentionEvent.at >= min(at for _id, at in moments),
        )
        for mention_id, at, act in session.execute(query.order_by(MentionEvent.id)):
            found[(mention_id, at)] = act
    return found
