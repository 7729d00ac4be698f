"""What fields of a query ask of a mention (`tag: is: since: until:`), once for the matcher and once as SQL.

Both must say the same of every mention; `tests/properties` holds them to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, cast, func, not_, or_

from backend.inbox.models import Mention
from backend.query.fields import INTENTS, MOODS, STATUSES, About, moments_of, tag_spellings
from backend.query.grammar import Fact
from backend.query.sql import Stored


@dataclass(frozen=True)
class Asking:
    """Who asks, when and where: what `is:mine` and `since:yesterday` mean."""

    now: datetime
    zone: str = "UTC"
    member_id: int | None = None


def about_mention(mention: Mention, asking: Asking) -> About:
    return About(
        author=mention.author,
        url=mention.url,
        network=mention.network,
        language=mention.language,
        tags=mention.tags,
        states=frozenset(_states(mention, asking)),
        at=mention.sorted_at,
        now=asking.now,
        zone=asking.zone,
    )


def texts_of(mention: Mention) -> dict[str, str]:
    """The fields of the folded column."""
    return {"title": mention.title, "text": mention.text, "author": mention.author}


def stored_mentions(asking: Asking) -> Stored:
    """Where mentions keep what queries ask for."""
    return Stored(
        words=Mention.words,
        url=Mention.url,
        network=Mention.network,
        language=Mention.language,
        fact=lambda fact: _fact_condition(fact, asking),
    )


def _fact_condition(fact: Fact, asking: Asking) -> ColumnElement[bool]:
    match fact.field:
        case "tag":
            # A JSON list of strings on both databases, written by json.dumps: other letters than ASCII are escaped.
            tags = func.lower(cast(Mention.tags, Text))
            return or_(*(tags.contains(one, autoescape=True) for one in tag_spellings(fact.value)))
        case "since":
            return Mention.sorted_at >= moments_of(fact.value, asking.now, asking.zone)[0]
        case "until":
            return Mention.sorted_at < moments_of(fact.value, asking.now, asking.zone)[1]
        case _:
            return _state_condition(fact.value, asking)


_ANSWERED = or_(Mention.status == "replied", Mention.reply_url != "")
_CONDITIONS: Mapping[str, Callable[[Asking], ColumnElement[bool]]] = {
    "addressed": lambda _: Mention.addressed != "",
    "private": lambda _: Mention.addressed == "direct",
    "answered": lambda _: _ANSWERED,
    "unanswered": lambda _: not_(_ANSWERED),
    "assigned": lambda _: Mention.assignee_id.is_not(None),
    "unassigned": lambda _: Mention.assignee_id.is_(None),
    "mine": lambda asking: func.coalesce(Mention.assignee_id, 0) == (asking.member_id or -1),
    "snoozed": lambda asking: and_(Mention.snoozed_until.is_not(None), Mention.snoozed_until > asking.now),
    "probably-not": lambda _: Mention.about_us == "probably_not",
    "not-us": lambda _: Mention.about_us == "no",
}


def _state_condition(state: str, asking: Asking) -> ColumnElement[bool]:
    if state in STATUSES:
        return Mention.status == state
    if state in INTENTS:
        return func.coalesce(Mention.intent, "") == state  # NULL would be neither so nor not so
    if state in MOODS:
        return func.coalesce(Mention.sentiment, "") == state
    return _CONDITIONS[state](asking)


def _states(mention: Mention, asking: Asking) -> set[str]:
    answered = mention.status == "replied" or mention.reply_url != ""
    assigned = mention.assignee_id is not None
    snoozed = mention.snoozed_until is not None and mention.snoozed_until > asking.now
    found = {mention.status, mention.sentiment or "", mention.intent or ""}
    found |= {"answered" if answered else "unanswered", "assigned" if assigned else "unassigned"}
    for state, holds in (
        ("addressed", mention.addressed != ""),
        ("private", mention.addressed == "direct"),
        ("mine", assigned and mention.assignee_id == asking.member_id),
        ("snoozed", snoozed),
        ("probably-not", mention.about_us == "probably_not"),
        ("not-us", mention.about_us == "no"),
    ):
        if holds:
            found.add(state)
    return found - {""}
