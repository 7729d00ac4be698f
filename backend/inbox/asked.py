"""What fields of a query ask of a mention (`tag: is: since: until:`), once for the matcher and once as SQL.

Both must say the same of every mention; `tests/properties` holds them to it.
"""

from __future__ import annotations

from collections.abc import Mapping
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
        type=mention.type,
        source=mention.source_kind,
        tags=mention.tags,
        states=frozenset(_states(mention, asking)),
        at=mention.sorted_at,
        now=asking.now,
        zone=asking.zone,
    )


def texts_of(mention: Mention) -> dict[str, str]:
    """The fields of the folded column."""
    return {"title": mention.title, "text": mention.text, "author": mention.author}


def stored_mentions(asking: Asking, one: type[Mention] = Mention) -> Stored:
    """Where mentions, or an alias of them, keep what queries ask for."""
    return Stored(
        words=one.words,
        url=one.url,
        network=one.network,
        language=one.language,
        type=one.type,
        source=one.source_kind,
        title=one.title,
        text=one.text,
        author=one.author,
        fact=lambda fact: _fact_condition(fact, asking, one),
    )


def _fact_condition(fact: Fact, asking: Asking, one: type[Mention]) -> ColumnElement[bool]:
    match fact.field:
        case "tag":
            # A JSON list of strings on both databases, written by json.dumps: other letters than ASCII are escaped.
            tags = func.lower(cast(one.tags, Text))
            return or_(*(tags.contains(spelling, autoescape=True) for spelling in tag_spellings(fact.value)))
        case "since":
            return one.sorted_at >= moments_of(fact.value, asking.now, asking.zone)[0]
        case "until":
            return one.sorted_at < moments_of(fact.value, asking.now, asking.zone)[1]
        case _:
            return _state_condition(fact.value, asking, one)


def _state_condition(state: str, asking: Asking, one: type[Mention]) -> ColumnElement[bool]:
    if state in STATUSES:
        return one.status == state
    if state in INTENTS:
        return func.coalesce(one.intent, "") == state  # NULL would be neither so nor not so
    if state in MOODS:
        return func.coalesce(one.sentiment, "") == state
    answered = or_(one.status == "replied", one.reply_url != "")
    conditions: Mapping[str, ColumnElement[bool]] = {
        "addressed": one.addressed != "",
        "private": one.addressed == "direct",
        "answered": answered,
        "unanswered": not_(answered),
        "assigned": one.assignee_id.is_not(None),
        "unassigned": one.assignee_id.is_(None),
        "mine": func.coalesce(one.assignee_id, 0) == (asking.member_id or -1),
        "snoozed": and_(one.snoozed_until.is_not(None), one.snoozed_until > asking.now),
        "probably-not": one.about_us == "probably_not",
        "not-us": one.about_us == "no",
    }
    return conditions[state]


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
