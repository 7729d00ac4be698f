"""Lists and figures of the inbox: every filter of the API, newest first, by keyset; `q` speaks the query language."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from backend.inbox.asked import Asking, about_mention, stored_mentions, texts_of
from backend.inbox.fulltext import narrow_by_words
from backend.inbox.identity import url_key
from backend.inbox.models import Mention, MentionKey, MentionKeyword
from backend.query.grammar import Query
from backend.query.match import Highlight, match_one
from backend.query.sql import query_condition

ANSWERABLE = ("question", "complaint", "request")


@dataclass(frozen=True)
class Filter:
    """What a list shall hold. Empty means: does not matter; without a status, everything but spam."""

    statuses: Collection[str] = ()
    keyword_id: int | None = None
    source_kind: str = ""
    network: str = ""
    query: Query | None = None
    language: str = ""
    sentiment: str = ""
    intent: str = ""
    about_us: Collection[str] = ()
    assignee_id: int | None = None
    unassigned: bool = False
    tag: str = ""
    since: datetime | None = None
    until: datetime | None = None  # exclusive
    url: str = ""
    story_id: int | None = None
    to_answer: bool = False
    awake: bool = False  # without what is new or open and put off until later
    by_story: bool = False  # only the newest of each story
    zone: str = "UTC"  # what days in the query mean
    member_id: int | None = None  # who "mine" is in the query


def list_mentions(
    session: Session,
    brand_ids: Collection[int],
    wanted: Filter,
    *,
    after: tuple[datetime, int] | None = None,
    skip: int = 0,
    limit: int = 50,
    now: datetime,
) -> list[Mention]:
    """Newest first. `after`: (sorted_at, id) of the last one of the page before; `skip`: of those that follow it."""
    query = newest_rows(session, [Mention], brand_ids, wanted, limit=limit, now=now)
    if after is not None:
        query = query.where(_older(*after))
    return list(session.scalars(query.offset(skip) if skip else query))


def list_before(
    session: Session,
    brand_ids: Collection[int],
    wanted: Filter,
    before: tuple[datetime, int],
    *,
    limit: int,
    now: datetime,
) -> list[Mention]:
    """Those that stand right above a place in the list, newest first like the list itself."""
    at, first_id = before
    query = _rows(select(Mention), session, brand_ids, wanted, now).where(
        or_(Mention.sorted_at > at, and_(Mention.sorted_at == at, Mention.id > first_id))
    )
    found = list(session.scalars(query.order_by(Mention.sorted_at, Mention.id).limit(limit)))
    return found[::-1]


@dataclass(frozen=True)
class Stretch:
    """Part of a list, and whether there is more on either side."""

    mentions: Sequence[Mention]
    above: bool
    below: bool


def list_around(
    session: Session, brand_ids: Collection[int], wanted: Filter, mention: Mention, *, limit: int, now: datetime
) -> Stretch:
    """The rows on both sides of where a mention stands or would stand, itself among them where the filter holds it."""
    here = (mention.sorted_at, mention.id)
    half = limit // 2
    above = list_before(session, brand_ids, wanted, here, limit=half + 1, now=now)
    rest = (mention.sorted_at, mention.id + 1)
    below = list_mentions(session, brand_ids, wanted, after=rest, limit=limit - half + 1, now=now)
    return Stretch([*above[-half:], *below[: limit - half]], len(above) > half, len(below) > limit - half)


def _older(at: datetime, last_id: int) -> ColumnElement[bool]:
    return or_(Mention.sorted_at < at, and_(Mention.sorted_at == at, Mention.id < last_id))


def newest_rows(
    session: Session, columns: Sequence[Any], brand_ids: Collection[int], wanted: Filter, *, limit: int, now: datetime
) -> Select[Any]:
    """These columns of the newest mentions that a filter holds."""
    rows = _rows(select(*columns), session, brand_ids, wanted, now)
    return rows.order_by(Mention.sorted_at.desc(), Mention.id.desc()).limit(limit)


def highlights_of(mention: Mention, wanted: Filter, *, now: datetime) -> list[Highlight]:
    """Where the words of the search stand in this mention."""
    if wanted.query is None:
        return []
    found = match_one(wanted.query, texts_of(mention), about_mention(mention, asking_of(wanted, now)))
    return list(found.highlights) if found is not None else []


def asking_of(wanted: Filter, now: datetime) -> Asking:
    return Asking(now, wanted.zone, wanted.member_id)


def matches(session: Session, mention_ids: Collection[int], wanted: Filter, *, now: datetime) -> set[int]:
    """Which of these mentions a list with this filter would hold, of whatever brand: for alerts and rules."""
    alone = replace(wanted, by_story=False)
    found: set[int] = set()
    wanted_ids = sorted(set(mention_ids))
    for start in range(0, len(wanted_ids), 500):
        ids = wanted_ids[start : start + 500]
        brand_ids = set(session.scalars(select(Mention.brand_id).where(Mention.id.in_(ids))))
        conditions = conditions_of(session, brand_ids, alone, now)
        found.update(session.scalars(select(Mention.id).where(Mention.id.in_(ids), *conditions)))
    return found


@dataclass(frozen=True)
class Effect:
    """What an exclusion would have done: `hides` of `of` stored mentions of a keyword, `answered` of those by us."""

    hides: int
    of: int
    answered: int
    examples: Collection[Mention] = ()


def effect_of_exclusion(session: Session, keyword_id: int, words: Query) -> Effect:
    """Counts of the keyword's mentions that hold any of the words, the newest three of them as examples."""
    tied = (
        select(Mention)
        .join(MentionKeyword, MentionKeyword.mention_id == Mention.id)
        .where(MentionKeyword.keyword_id == keyword_id, Mention.status != "spam")
    )
    of = session.scalar(select(func.count()).select_from(tied.subquery())) or 0
    found = tied.where(query_condition(words, Mention.words))
    by_status = found.with_only_columns(Mention.status, func.count(), maintain_column_froms=True)
    counts: dict[str, int] = {row[0]: row[1] for row in session.execute(by_status.group_by(Mention.status))}
    newest = found.order_by(Mention.sorted_at.desc(), Mention.id.desc()).limit(3)
    return Effect(sum(counts.values()), of, counts.get("replied", 0), list(session.scalars(newest)))


def count_by_keyword(session: Session, keyword_ids: Collection[int]) -> dict[int, int]:
    """How many mentions each keyword found, spam apart."""
    query = (
        select(MentionKeyword.keyword_id, func.count())
        .join(Mention, Mention.id == MentionKeyword.mention_id)
        .where(MentionKeyword.keyword_id.in_(keyword_ids), Mention.status != "spam")
        .group_by(MentionKeyword.keyword_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _rows(
    query: Select[Any], session: Session, brand_ids: Collection[int], wanted: Filter, now: datetime
) -> Select[Any]:
    if wanted.query is not None:
        query = narrow_by_words(session, query, wanted.query)
    query = query.where(*conditions_of(session, brand_ids, wanted, now))
    if not wanted.by_story:
        return query
    # The newest of a story is what no newer one of it stands beside: asked row by row, along the order of the list.
    newer = aliased(Mention)
    beside = (
        select(literal(1))
        .where(
            newer.story_id == Mention.story_id,
            tuple_(newer.sorted_at, newer.id) > tuple_(Mention.sorted_at, Mention.id),
            *conditions_of(session, brand_ids, wanted, now, newer),
        )
        .correlate(Mention)
    )
    return query.where(~beside.exists())


def conditions_of(
    session: Session, brand_ids: Collection[int], wanted: Filter, now: datetime, one: type[Mention] = Mention
) -> list[ColumnElement[bool]]:
    """What a filter asks of a mention, or of an alias of it; not `by_story`, which asks of the others."""
    found: list[ColumnElement[bool]] = [one.brand_id.in_(brand_ids)]
    awake = or_(one.snoozed_until.is_(None), one.snoozed_until <= now)
    if wanted.statuses:
        found.append(one.status.in_(wanted.statuses))
    elif not wanted.url:
        found.append(one.status != "spam")
    if wanted.statuses or wanted.awake:
        # Put off until later: neither new nor open until then.
        found.append(or_(awake, one.status.not_in(("new", "open"))))
    if wanted.url:
        keys = select(MentionKey.mention_id).where(
            MentionKey.brand_id.in_(brand_ids), MentionKey.kind == "url", MentionKey.key == url_key(wanted.url)
        )
        found.append(one.id.in_(list(session.scalars(keys))))
    if wanted.keyword_id is not None:
        tied = select(MentionKeyword.mention_id).where(MentionKeyword.keyword_id == wanted.keyword_id)
        found.append(one.id.in_(tied))
    for column, value in (
        (one.source_kind, wanted.source_kind),
        (one.network, wanted.network),
        (one.language, wanted.language),
        (one.sentiment, wanted.sentiment),
        (one.intent, wanted.intent),
    ):
        if value:
            found.append(column == value)
    if wanted.about_us:
        found.append(one.about_us.in_(wanted.about_us))
    if wanted.tag:
        # Tags are a JSON list of strings on both databases, written by json.dumps.
        found.append(cast(one.tags, Text).contains(json.dumps(wanted.tag), autoescape=True))
    if wanted.unassigned:
        found.append(one.assignee_id.is_(None))
    if wanted.assignee_id is not None:
        found.append(one.assignee_id == wanted.assignee_id)
    if wanted.since is not None:
        found.append(one.sorted_at >= wanted.since)
    if wanted.until is not None:
        found.append(one.sorted_at < wanted.until)
    if wanted.story_id is not None:
        found.append(one.story_id == wanted.story_id)
    if wanted.to_answer:
        found += [
            one.status.in_(("new", "open")),
            or_(one.intent.in_(ANSWERABLE), one.addressed != ""),
            one.about_us == "yes",
            awake,
        ]
    if wanted.query is not None:
        found.append(query_condition(wanted.query, stored_mentions(asking_of(wanted, now), one)))
    return found
