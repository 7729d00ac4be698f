"""What a rule would have done in the last 30 days. Reads only, and looks at no more than it can quickly."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.automation.rules.book import check_body
from backend.automation.rules.conditions import HOUR, filter_of_if, rest_holds
from backend.automation.rules.effects import values_for
from backend.automation.rules.language import Do, If, RuleBody
from backend.inbox.models import Mention, MentionKeyword
from backend.inbox.search import Filter, list_mentions, matches

DAYS = 30
MOST = 2_000  # mentions read, the newest first
MOST_MOMENTS = 200_000
EXAMPLES = 5
_PAGE = 500


@dataclass(frozen=True)
class Example:
    """A mention that would have been touched: by which branch, and which fields would be other now."""

    mention: Mention
    branch: str
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class DryRun:
    """`looked_at` mentions of the last `DAYS` days that the rule would have met; `more`: not all were read. `would`:
    what would have been done to how many (`tags`, `assignee_id`, `status`, `priority`, `snoozed_until`, `alert`,
    `webhook`)."""

    looked_at: int
    more: bool
    then: int
    otherwise: int
    changed: int
    would: Mapping[str, int]
    examples: Sequence[Example]


def dry_run(session: Session, brand_id: int, body: RuleBody, *, now: datetime) -> DryRun:
    """Each mention as it is today, at the moment it came (or had waited). Raises Invalid, QuerySyntax."""
    check_body(session, brand_id, body)
    zone = get_brand(session, brand_id).time_zone
    moments = _moments(session, brand_id, body.if_, now) if body.if_.more_than is not None else []
    tally, would, examples, looked, changed = Tally[str](), Tally[str](), list[Example](), 0, 0
    read = 0  # also what the rule would not have met: it costs as much
    after: tuple[datetime, int] | None = None
    since = Filter(since=now - timedelta(days=DAYS))
    more = False
    while True:
        page = list_mentions(session, [brand_id], since, after=after, limit=_PAGE, now=now)
        read += len(page)
        for mention, at, hit in _decide(session, body, page, moments, zone=zone, now=now):
            looked += 1
            branch, do = ("then", body.then) if hit else ("else", body.else_)
            tally[branch] += 1
            changes = values_for(mention, do, zone=zone, now=at)
            would.update(changes.keys())
            would.update(name for name, said in (("alert", do.alert), ("webhook", do.webhook)) if said)
            changed += bool(changes)
            if len(examples) < EXAMPLES and (changes or _says(do)):
                examples.append(Example(mention, branch, changes))
        if len(page) < _PAGE:
            break
        after = (page[-1].sorted_at, page[-1].id)
        if read >= MOST:
            more = True
            break
    return DryRun(looked, more, tally["then"], tally["else"], changed, dict(would), examples)


def _says(do: Do) -> bool:
    return do.alert or do.webhook is not None


def _decide(
    session: Session, body: RuleBody, page: Sequence[Mention], moments: Sequence[datetime], *, zone: str, now: datetime
) -> list[tuple[Mention, datetime, bool]]:
    """(mention, when the rule would have met it, whether `if` holds) for those that it would have met at all."""
    met = [(mention, at) for mention in page if (at := _met_at(mention, body, now)) is not None]
    ids = {mention.id for mention, at in met if rest_holds(mention, body.if_, zone=zone, at=at)}
    if moments or body.if_.more_than is not None:
        most = body.if_.more_than or 0
        ids &= {m.id for m, at in met if bisect_right(moments, at) - bisect_right(moments, at - HOUR) > most}
    if ids and body.if_ != If():
        ids = matches(session, ids, filter_of_if(body.if_, zone=zone), now=now)
    return [(mention, at, mention.id in ids) for mention, at in met]


def _met_at(mention: Mention, body: RuleBody, now: datetime) -> datetime | None:
    if body.when.event == "arrives":
        return mention.seen_at
    if body.when.event == "changes":
        return mention.seen_at if mention.version > 1 else None
    due = mention.seen_at + timedelta(hours=body.when.hours or 0)
    dealt_with = mention.replied_at if mention.status == "replied" else None
    if mention.status not in ("new", "open") and (dealt_with is None or dealt_with < due):
        return None
    return due if due <= now else None


def _moments(session: Session, brand_id: int, wanted: If, now: datetime) -> list[datetime]:
    """When each mention came that the count counts, in order."""
    query = select(Mention.seen_at)
    if wanted.keyword_id:
        query = query.join(MentionKeyword, MentionKeyword.mention_id == Mention.id)
        query = query.where(MentionKeyword.keyword_id == int(wanted.keyword_id))
    since = now - timedelta(days=DAYS) - HOUR
    query = query.where(
        Mention.brand_id == brand_id, Mention.seen_at >= since, Mention.about_us == "yes", Mention.status != "spam"
    )
    found = list(session.scalars(query.order_by(Mention.seen_at.desc()).limit(MOST_MOMENTS)))
    return found[::-1]
