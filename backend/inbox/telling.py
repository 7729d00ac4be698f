"""What alerts ask of the inbox: mentions by their ids, and whether one is worth a word to a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inbox.models import Mention
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
