"""Who has which mention open now."""

from __future__ import annotations

from typing import Literal

from apiflask import APIBlueprint
from pydantic import Field

from backend.api.base import Id, In, MaybeId, Moment, Out, Query, brands_of, caller, now, parse_id, runtime
from backend.api.mention_changes import actor
from backend.inbox import mentions as domain
from backend.inbox.presence import list_presences, note_presence


class PresenceIn(In):
    """`window`: one name for one view, made up by it; `left` when it shows this mention no more."""

    window: str = Field(min_length=8, max_length=40)
    doing: Literal["open", "answering", "left"]


class PresenceQuery(Query):
    brand_id: str | None = None


class PresenceOut(Out):
    mention_id: Id
    window: str
    member_id: MaybeId
    who: str
    doing: str
    at: Moment


class PresenceItems(Out):
    """Who has which mention open now."""

    items: list[PresenceOut]


def add_presence(bp: APIBlueprint) -> None:
    @bp.put("/mentions/<id>/presence")
    @bp.input(PresenceIn)
    @bp.output(PresenceItems)
    def put_mention_presence(id: str, json_data: PresenceIn) -> PresenceItems:
        with runtime().db.write() as session:
            mention = domain.get_mention(session, parse_id(id, "mention"))
            caller().need(mention.brand_id, "viewer")
            note_presence(session, mention, window=json_data.window, doing=json_data.doing, by=actor(), now=now())
            found = list_presences(session, [mention.brand_id], now=now())
            return PresenceItems(items=[PresenceOut.model_validate(one) for one in found])

    @bp.get("/presence")
    @bp.input(PresenceQuery, location="query")
    @bp.output(PresenceItems)
    def get_presence(query_data: PresenceQuery) -> PresenceItems:
        with runtime().db.read() as session:
            found = list_presences(session, brands_of(session, query_data.brand_id), now=now())
            return PresenceItems(items=[PresenceOut.model_validate(one) for one in found])
