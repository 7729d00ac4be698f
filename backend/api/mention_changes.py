"""What a person changes of mentions: what a call may set, one, many at once, and taking it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from pydantic import AfterValidator, Field
from sqlalchemy.orm import Session

from backend.accounts.members import assignable, get_member
from backend.api.base import In, Out, as_utc, brands_of, caller, encode_cursor, now, parse_id, runtime
from backend.api.mention_filters import MentionFilterQuery, at_home, filter_of, read_cursor
from backend.api.mention_shapes import MentionOut, mention_out, mentions_out
from backend.inbox import mentions as domain
from backend.inbox.mentions import Actor
from backend.infra.errors import Conflict, Invalid

UNDONE_AT_ONCE = 200
MOST_IN_BULK = domain.MOST_IN_BULK
Status = Literal["new", "open", "replied", "done", "spam"]


class MentionChanges(In):
    status: Status | None = None
    assignee_id: str | None = None
    tags: list[str] | None = None
    note: str | None = None
    sentiment: Literal["positive", "neutral", "negative"] | None = None
    intent: Literal["question", "complaint", "praise", "request", "advertising"] | None = None
    language: str | None = None
    priority: int | None = Field(default=None, ge=-9, le=9)
    snoozed_until: datetime | None = None
    about_us: Literal["yes", "probably_not", "no"] | None = None
    reply_url: str | None = Field(default=None, max_length=8_000, description="where our answer stands")


ACT = Field(default="", max_length=40, description="one name for one click; POST /mentions/undo takes it back")
OURS = ("rule:", "answer:", "answering:")  # what the server calls what it does by itself


def _of_a_person(act: str) -> str:
    if act.startswith(OURS):
        raise ValueError(f"no name of a click begins with {', '.join(OURS)}")
    return act


Act = Annotated[str, AfterValidator(_of_a_person)]


class MentionPatch(MentionChanges):
    version: int
    act: Act = ACT


class MentionBulk(In):
    """Some mentions by their ids, or all that match a list's filter: 500 at a time, on from `cursor`."""

    ids: list[str] = Field(default_factory=list, max_length=500)
    where: MentionFilterQuery | None = None
    cursor: str | None = None
    set: MentionChanges
    act: Act = ACT


class MentionUndo(In):
    act: str = Field(min_length=1, max_length=40)
    ids: list[str] = Field(default_factory=list, max_length=200, description="in these mentions only; none: in all")


class MentionItems(Out):
    """What was changed. `items` is empty where all that match were asked for; `next_cursor`: there are more."""

    items: list[MentionOut]
    changed: int
    next_cursor: str | None = None


class UndoneOut(Out):
    """`kept`: what somebody changed since, and stays so. `more`: ask again for the rest."""

    items: list[MentionOut]
    kept: list[MentionOut]
    more: bool


def add_changes(bp: APIBlueprint) -> None:
    @bp.patch("/mentions/<id>")
    @bp.input(MentionPatch)
    @bp.output(MentionOut)
    def patch_mention(id: str, json_data: MentionPatch) -> MentionOut:
        with runtime().db.write() as session:
            mention = domain.get_mention(session, parse_id(id, "mention"))
            caller().need(mention.brand_id, "contributor")
            values = changes_of(session, json_data)
            _need_assignable(session, values, {mention.brand_id})
            try:
                changed = domain.change_mention(
                    session,
                    mention.id,
                    values,
                    version=json_data.version,
                    by=actor(),
                    now=now(),
                    act=json_data.act,
                )
            except Conflict as conflict:
                current = mention_out(session, mention).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None
            return mention_out(session, changed)

    @bp.post("/mentions/bulk")
    @bp.input(MentionBulk)
    @bp.output(MentionItems)
    def post_mentions_bulk(json_data: MentionBulk) -> MentionItems:
        if bool(json_data.ids) == (json_data.where is not None):
            raise Invalid("Either some mentions, or all that match.", fields={"ids": "ids or where"})
        with runtime().db.write() as session:
            values = changes_of(session, json_data.set)
            if not values:
                raise Invalid("Nothing to change.", fields={"set": "at least one field"})
            ids, more = _bulk_ids(session, json_data)
            mentions = domain.change_mentions(session, ids, values, by=actor(), now=now(), act=json_data.act)
            brand_ids = {mention.brand_id for mention in mentions}
            for brand_id in brand_ids:
                caller().need(brand_id, "contributor")  # refusing here undoes the transaction
            _need_assignable(session, values, brand_ids)
            items = mentions_out(session, mentions) if json_data.ids else []
            return MentionItems(items=items, changed=len(mentions), next_cursor=more)

    @bp.post("/mentions/undo")
    @bp.input(MentionUndo)
    @bp.output(UndoneOut)
    def post_mentions_undo(json_data: MentionUndo) -> UndoneOut:
        with runtime().db.write() as session:
            undone = domain.undo_act(
                session,
                brands_of(session, None),
                json_data.act,
                mention_ids=[parse_id(id, "mention") for id in json_data.ids],
                by=actor(),
                now=now(),
                limit=UNDONE_AT_ONCE,
            )
            for brand_id in {mention.brand_id for mention in (*undone.mentions, *undone.kept)}:
                caller().need(brand_id, "contributor")
            return UndoneOut(
                items=mentions_out(session, undone.mentions), kept=mentions_out(session, undone.kept), more=undone.more
            )


def _need_assignable(session: Session, values: dict[str, Any], brand_ids: Collection[int]) -> None:
    """Raises NotFound where a mention would be given to somebody who cannot see it."""
    if values.get("assignee_id") is not None:
        for brand_id in brand_ids:
            assignable(session, values["assignee_id"], brand_id)


def actor() -> Actor:
    return Actor(caller().member_id, caller().name, person=True)


def _bulk_ids(session: Session, asked: MentionBulk) -> tuple[list[int], str | None]:
    """The next mentions to change, and where to go on. What is changed may leave the list: places, not pages, count."""
    if asked.where is None:
        return [parse_id(id, "mention") for id in dict.fromkeys(asked.ids)], None
    brand_ids = brands_of(session, asked.where.brand_id)
    wanted = at_home(session, brand_ids, filter_of(asked.where))
    found = domain.list_mentions(
        session, brand_ids, wanted, after=read_cursor(asked.cursor), limit=MOST_IN_BULK + 1, now=now()
    )
    page = found[:MOST_IN_BULK]
    more = encode_cursor([page[-1].sorted_at, page[-1].id]) if len(found) > MOST_IN_BULK else None
    return [mention.id for mention in page], more


def changes_of(session: Session, given: MentionChanges) -> dict[str, Any]:
    """What was really sent; an id as a number, a time in UTC. Raises NotFound for an assignee that is not there."""
    values = given.model_dump(exclude_unset=True, exclude={"version"})
    if (member_id := values.get("assignee_id")) is not None:
        mine = member_id == "me"
        values["assignee_id"] = caller().member_id if mine else get_member(session, parse_id(member_id, "member")).id
    if (until := values.get("snoozed_until")) is not None:
        values["snoozed_until"] = as_utc(until, "snoozed_until")
    if "status" in values and values["status"] is None:
        del values["status"]
    if "about_us" in values and values["about_us"] is None:
        values["about_us"] = "yes"
    if "reply_url" in values and values["reply_url"] is None:
        values["reply_url"] = ""
    return values
