"""`/replies`: saved replies, and the first set of them."""

from __future__ import annotations

from typing import Literal

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.api.base import (
    Empty,
    Id,
    In,
    MaybeMoment,
    Moment,
    Out,
    PageOf,
    PageQuery,
    brand_of,
    brands_of,
    caller,
    create_once,
    decode_cursor,
    encode_cursor,
    make_blueprint,
    now,
    parse_id,
    runtime,
)
from backend.infra.errors import Conflict, Malformed
from backend.replies import saved
from backend.replies.models import SavedReply
from backend.replies.variables import plain_words
from backend.understanding.language import detect_language


class ReplyQuery(PageQuery):
    q: str = Field(default="", max_length=200)
    language: str = Field(default="", max_length=8)


class ReplyFields(In):
    title: str = Field(default="", max_length=1000)
    shortcut: str = Field(default="", max_length=100)
    language: str | None = Field(default=None, max_length=12)
    tags: list[str] = Field(default_factory=list, max_length=50)


class ReplyIn(ReplyFields):
    brand_id: str | None = None
    text: str


class ReplyPatch(ReplyFields):
    text: str = ""
    version: int


class StartersIn(In):
    brand_id: str | None = None
    languages: list[str] | None = Field(default=None, max_length=12)
    address: Literal["tu", "vous"] | None = None


class ReplyOut(Out):
    id: Id
    brand_id: Id
    title: str
    shortcut: str
    text: str
    language: str
    tags: list[str]
    uses: int
    version: int
    created_at: Moment
    updated_at: Moment
    used_at: MaybeMoment


class ReplyList(PageOf[ReplyOut]):
    """Saved replies, the most used first."""


def reply_out(reply: SavedReply) -> ReplyOut:
    return ReplyOut.model_validate(reply)


def replies_blueprint() -> APIBlueprint:
    bp = make_blueprint("replies")

    @bp.get("/replies")
    @bp.input(ReplyQuery, location="query")
    @bp.output(ReplyList)
    def get_replies(query_data: ReplyQuery) -> ReplyList:
        after = _read_cursor(query_data.cursor)
        with runtime().db.read() as session:
            found = saved.list_replies(
                session,
                brands_of(session, query_data.brand_id),
                q=query_data.q,
                language=query_data.language.lower().split("-")[0],
                after=after,
                limit=query_data.limit + 1,
            )
            page = found[: query_data.limit]
            more = encode_cursor([page[-1].uses, page[-1].id]) if len(found) > len(page) else None
            return ReplyList(items=[reply_out(reply) for reply in page], next_cursor=more)

    @bp.get("/replies/<id>")
    @bp.output(ReplyOut)
    def get_reply(id: str) -> ReplyOut:
        with runtime().db.read() as session:
            reply = saved.get_reply(session, parse_id(id, "saved reply"))
            caller().need(reply.brand_id, "viewer")
            return reply_out(reply)

    @bp.post("/replies")
    @bp.input(ReplyIn)
    @bp.output(ReplyOut, status_code=201)
    def post_reply(json_data: ReplyIn) -> object:
        with runtime().db.read() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")
            languages = get_brand(session, brand_id).languages
        values = json_data.model_dump(exclude={"brand_id"})
        if values["language"] is None:
            values["language"] = detect_language(plain_words(json_data.text), languages)
        with runtime().db.write() as session:
            return create_once(
                session,
                json_data,
                lambda: reply_out(saved.create_reply(session, brand_id, values, now=now())),
            )

    @bp.patch("/replies/<id>")
    @bp.input(ReplyPatch)
    @bp.output(ReplyOut)
    def patch_reply(id: str, json_data: ReplyPatch) -> ReplyOut:
        values = json_data.model_dump(exclude_unset=True, exclude={"version"}, exclude_none=True)
        with runtime().db.write() as session:
            reply = _own_reply(session, id)
            try:
                changed = saved.change_reply(session, reply.id, values, version=json_data.version, now=now())
            except Conflict as conflict:
                current = reply_out(reply).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None
            return reply_out(changed)

    @bp.delete("/replies/<id>")
    @bp.output(Empty)
    def delete_reply(id: str) -> Empty:
        with runtime().db.write() as session:
            saved.remove_reply(session, _own_reply(session, id).id, now=now())
        return Empty()

    @bp.post("/replies/<id>/restore")
    @bp.output(ReplyOut)
    def restore_reply(id: str) -> ReplyOut:
        with runtime().db.write() as session:
            reply = saved.restore_reply(session, parse_id(id, "saved reply"), now=now())
            caller().need(reply.brand_id, "editor")  # refusing here undoes the transaction
            return reply_out(reply)

    @bp.post("/replies/starters")
    @bp.input(StartersIn)
    @bp.output(ReplyList, status_code=201)
    def post_starters(json_data: StartersIn) -> object:
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")
            brand = get_brand(session, brand_id)
            languages = brand.languages if json_data.languages is None else json_data.languages
            address = json_data.address or brand.address

            def create() -> ReplyList:
                made = saved.create_starters(session, brand_id, languages, address, now=now())
                return ReplyList(items=[reply_out(reply) for reply in made])

            return create_once(session, json_data, create)

    return bp


def _own_reply(session: Session, id: str) -> SavedReply:
    reply = saved.get_reply(session, parse_id(id, "saved reply"))
    caller().need(reply.brand_id, "editor")
    return reply


def _read_cursor(cursor: str | None) -> tuple[int, int] | None:
    if cursor is None:
        return None
    uses, last_id = decode_cursor(cursor, 2)
    if not all(isinstance(value, int) and 0 <= value < 2**62 for value in (uses, last_id)):
        raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"})
    return uses, last_id
