"""Which mentions a rule is about: its query and filters by the database, the rest by `decide`. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.automation.rules.decide import Seen, holds_for
from backend.automation.rules.spec import Spec
from backend.inbox.search import matches
from backend.inbox.searches import read_filter
from backend.inbox.telling import ids_between, read_mentions

if TYPE_CHECKING:
    from backend.inbox.models import Mention

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Judged:
    """Mentions the condition is true of, and the others."""

    matched: Sequence[Mention]
    otherwise: Sequence[Mention]
    zone: str


def judge_mentions(
    session: Session, brand_id: int, spec: Spec, mention_ids: Collection[int], *, now: datetime
) -> Judged:
    """Spam is left alone: it is in neither. Raises NotFound (the brand), QuerySyntax."""
    brand = get_brand(session, brand_id)
    condition = spec.condition
    mentions = [one for one in read_mentions(session, mention_ids) if one.brand_id == brand_id and one.status != "spam"]
    passed = by_query(session, spec, [one.id for one in mentions], zone=brand.time_zone, now=now)
    own = list(brand.handles.values())
    if condition.at_least is not None and passed:
        lately = ids_between(session, brand_id, since=now - HOUR, until=now)
        if len(by_query(session, spec, lately, zone=brand.time_zone, now=now)) < condition.at_least:
            passed = set()
    matched: list[Mention] = []
    otherwise: list[Mention] = []
    for one in mentions:
        holds = one.id in passed and holds_for(condition, seen_of(one), own_handles=own, zone=brand.time_zone)
        (matched if holds else otherwise).append(one)
    return Judged(matched, otherwise, brand.time_zone)


def by_query(session: Session, spec: Spec, mention_ids: Collection[int], *, zone: str, now: datetime) -> set[int]:
    """Those that its query and filters hold."""
    condition = spec.condition
    if not condition.query and not condition.filters:
        return set(mention_ids)
    wanted = read_filter(condition.query, condition.filters, zone=zone)
    return matches(session, mention_ids, wanted, now=now)


def seen_of(mention: Mention) -> Seen:
    return Seen(mention.author, mention.author_handle, mention.seen_at)
