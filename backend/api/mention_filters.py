"""Which mentions a list, its figures or a change of many is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from pydantic import Field
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.api.base import Query, caller, decode_cursor, moment_of, now, parse_id, parse_moment
from backend.inbox import mentions as domain
from backend.inbox.mentions import Filter
from backend.infra.errors import Invalid, Malformed
from backend.query.grammar import parse_search


class MentionFilterQuery(Query):
    """Filters of lists and figures; several statuses are separated by commas; without one, all but spam."""

    brand_id: str | None = None
    status: str = Field(default="", description="new, open, replied, done, spam; several separated by commas")
    keyword_id: str = ""
    source_kind: str = Field(default="", max_length=20)
    network: str = Field(default="", max_length=100)
    q: str = Field(default="", description="in the query language")
    language: str = Field(default="", max_length=8)
    sentiment: str = Field(default="", max_length=10)
    intent: str = Field(default="", max_length=12)
    about_us: str = Field(default="", max_length=30, description="yes, probably_not, no; several separated by commas")
    assignee: str = Field(default="", description="a member's id, me, or none")
    tag: str = Field(default="", max_length=60)
    since: str = ""
    until: str = ""
    url: str = Field(default="", max_length=8_000)
    story_id: str = ""
    to_answer: bool = False
    awake: bool = Field(default=False, description="without what is put off; so it is where status is named")


class MentionQuery(MentionFilterQuery):
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = None
    group: Literal["", "story"] = ""
    around: str = Field(default="", description="a mention's id: the rows on both sides of it, to come back to a place")
    above: str = Field(default="", description="a mention's id: the rows right above it")
    below: str = Field(default="", description="a mention's id: the rows right below it")
    skip: int = Field(default=0, ge=0, le=10_000, description="so many rows from the top, to jump to a place")


def filter_of(asked: MentionFilterQuery, *, by_story: bool = False) -> Filter:
    statuses = tuple(part.strip() for part in asked.status.split(",") if part.strip())
    if wrong := [status for status in statuses if status not in domain.STATUSES]:
        raise Invalid("There is no such status.", fields={"status": ", ".join(wrong)})
    member_id = None
    if asked.assignee == "me":
        member_id = caller().member_id or 0
    elif asked.assignee not in ("", "none"):
        member_id = parse_id(asked.assignee, "member")
    return Filter(
        statuses=statuses,
        keyword_id=parse_id(asked.keyword_id, "keyword") if asked.keyword_id else None,
        source_kind=asked.source_kind,
        network=asked.network,
        query=parse_search(asked.q) if asked.q else None,
        language=asked.language,
        sentiment=asked.sentiment,
        intent=asked.intent,
        about_us=tuple(part.strip() for part in asked.about_us.split(",") if part.strip()),
        assignee_id=member_id,
        unassigned=asked.assignee == "none",
        tag=asked.tag,
        since=parse_moment(asked.since, "since") if asked.since else None,
        until=parse_moment(asked.until, "until") if asked.until else None,
        url=asked.url,
        story_id=parse_id(asked.story_id, "story") if asked.story_id else None,
        to_answer=asked.to_answer,
        awake=asked.awake,
        by_story=by_story,
        member_id=caller().member_id,
    )


def at_home(session: Session, brand_ids: Sequence[int], wanted: Filter) -> Filter:
    """Days and weeks are days where the brand is; of several brands, where the first one is."""
    if not brand_ids:
        return wanted
    return replace(wanted, zone=get_brand(session, brand_ids[0]).time_zone)


def find_stretch(session: Session, brand_ids: Sequence[int], wanted: Filter, asked: MentionQuery) -> domain.Stretch:
    """The part of the list that is asked for: on from a cursor, or around, above or below a mention."""
    limit = asked.limit
    if (id := asked.around or asked.above or asked.below) != "":
        place = domain.get_mention(session, parse_id(id, "mention"))
        caller().need(place.brand_id, "viewer")
        if asked.around:
            return domain.list_around(session, brand_ids, wanted, place, limit=limit, now=now())
        here = (place.sorted_at, place.id)
        if asked.above:
            found = domain.list_before(session, brand_ids, wanted, here, limit=limit + 1, now=now())
            return domain.Stretch(found[-limit:], above=len(found) > limit, below=True)
        found = domain.list_mentions(session, brand_ids, wanted, after=here, limit=limit + 1, now=now())
        return domain.Stretch(found[:limit], above=True, below=len(found) > limit)
    after, skip = read_cursor(asked.cursor), asked.skip
    found = domain.list_mentions(session, brand_ids, wanted, after=after, skip=skip, limit=limit + 1, now=now())
    return domain.Stretch(found[:limit], above=after is not None or skip > 0, below=len(found) > limit)


def read_cursor(cursor: str | None) -> tuple[datetime, int] | None:
    if cursor is None:
        return None
    at, last_id = decode_cursor(cursor, 2)
    if not (isinstance(at, int) and isinstance(last_id, int) and 0 <= last_id < 2**62):
        raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"})
    return moment_of(at), last_id
