"""Which branch of a rule a mention takes. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.automation.rules.language import If
from backend.inbox.models import Mention, MentionKeyword
from backend.inbox.search import Filter, matches
from backend.query.grammar import parse_search
from backend.query.words import fold_words

HOUR = timedelta(hours=1)
#: how many mentions there were in the hour before a moment
Counter = Callable[[datetime], int]


def filter_of_if(wanted: If, *, zone: str) -> Filter:
    """What the inbox can ask by itself. Spam is never a rule's business. Raises QuerySyntax."""
    return Filter(
        query=parse_search(wanted.query) if wanted.query else None,
        keyword_id=int(wanted.keyword_id) if wanted.keyword_id else None,
        network=wanted.network,
        sentiment=wanted.sentiment or "",
        intent=wanted.intents[0] if len(wanted.intents) == 1 else "",
        about_us=(wanted.about_us,) if wanted.about_us else (),
        zone=zone,
    )


def those_that_match(
    session: Session, mentions: Sequence[Mention], wanted: If, *, zone: str, count: Counter, now: datetime
) -> set[int]:
    """The ids for which everything holds now."""
    if wanted == If():
        return {mention.id for mention in mentions}
    holds = {mention.id for mention in mentions if rest_holds(mention, wanted, zone=zone, at=now)}
    if holds and wanted.more_than is not None and count(now) <= wanted.more_than:
        return set()
    return matches(session, holds, filter_of_if(wanted, zone=zone), now=now) if holds else set()


def rest_holds(mention: Mention, wanted: If, *, zone: str, at: datetime) -> bool:
    """What is not the inbox's to ask, but for the count: who, and when on the brand's clock."""
    if wanted.intents and mention.intent not in wanted.intents:
        return False
    if wanted.authors and not is_author(mention, wanted.authors):
        return False
    there = at.astimezone(ZoneInfo(zone))
    if wanted.weekdays and there.weekday() not in wanted.weekdays:
        return False
    if wanted.from_hour is None or wanted.until_hour is None:
        return True
    if wanted.from_hour < wanted.until_hour:
        return wanted.from_hour <= there.hour < wanted.until_hour
    return there.hour >= wanted.from_hour or there.hour < wanted.until_hour


def is_author(mention: Mention, authors: Collection[str]) -> bool:
    """`@cafe` and `Cafe` name one account; a handle with its server is another than one without."""
    named = {_bare(name) for name in authors} - {""}
    return bool({_bare(mention.author), _bare(mention.author_handle)} & named)


def _bare(name: str) -> str:
    return fold_words(name.strip().lstrip("@"))


def counter(session: Session, brand_id: int, wanted: If) -> Counter:
    """Counts by the index, each moment once."""
    known: dict[datetime, int] = {}

    def count(at: datetime) -> int:
        if at not in known:
            query = select(func.count()).select_from(Mention)
            if wanted.keyword_id:
                query = query.join(MentionKeyword, MentionKeyword.mention_id == Mention.id)
                query = query.where(MentionKeyword.keyword_id == int(wanted.keyword_id))
            query = query.where(
                Mention.brand_id == brand_id,
                Mention.seen_at > at - HOUR,
                Mention.seen_at <= at,
                Mention.about_us == "yes",
                Mention.status != "spam",
            )
            known[at] = session.scalar(query) or 0
        return known[at]

    return count
