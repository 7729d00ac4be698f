"""`/posts`: one text for several accounts, as a draft, now, or at a wall time in a zone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from pydantic import BeforeValidator, Field

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
    moment_of,
    now,
    parse_id,
    parse_moment,
    runtime,
)
from backend.api.deliveries import DeliveryOut, delivery_out
from backend.infra.errors import Conflict, Invalid, Malformed
from backend.publishing import posts as domain
from backend.publishing.checks import MOST_CHARACTERS
from backend.publishing.models import STATES, Post

STATUSES = ("draft", "scheduled", "attention", "published")


class MediaRef(In):
    """An uploaded file, and what it shows where this post says it otherwise. A bare id will do."""

    id: str
    alt: str = Field(default="", max_length=5000)


Attached = Annotated[MediaRef, BeforeValidator(lambda value: {"id": value} if isinstance(value, str) else value)]


class VariantIn(In):
    model_config = In.model_config | {"str_strip_whitespace": False}

    text: str | None = Field(default=None, max_length=MOST_CHARACTERS)
    media: list[Attached] | None = Field(default=None, max_length=20)


class ScheduleNow(In):
    when: Literal["now"]


class ScheduleQueue(In):
    when: Literal["queue"]


class ScheduleAt(In):
    when: Literal["at"]
    at: str = Field(max_length=40)
    zone: str = Field(max_length=64)


ScheduleIn = Annotated[ScheduleNow | ScheduleQueue | ScheduleAt, Field(discriminator="when")]


class PostFields(In):
    # a text keeps the blanks and lines its author gave it
    model_config = In.model_config | {"str_strip_whitespace": False}

    text: str = Field(default="", max_length=MOST_CHARACTERS)
    language: str = Field(default="", max_length=10, pattern=r"^[A-Za-z0-9-]*$")
    media: list[Attached] = Field(default_factory=list, max_length=20)
    targets: list[str] = Field(default_factory=list, max_length=domain.MOST_TARGETS)
    variants: dict[str, VariantIn] = Field(default_factory=dict, max_length=domain.MOST_TARGETS)
    schedule: ScheduleIn | None = None


class PostIn(PostFields):
    brand_id: str | None = None


class PostPatch(PostFields):
    version: int


class PostsQuery(PageQuery):
    since: str | None = Field(default=None, alias="from")
    until: str | None = Field(default=None, alias="to")
    status: str | None = None


class ScheduleOut(Out):
    when: str
    at: str | None = None
    zone: str | None = None


class PostMediaOut(Out):
    id: str
    alt: str = ""
    url: str


class VariantOut(Out):
    text: str | None = None
    media: list[PostMediaOut] | None = None


class PostOut(Out):
    id: Id
    brand_id: Id
    text: str
    language: str
    media: list[PostMediaOut]
    targets: list[str]
    variants: dict[str, VariantOut]
    schedule: ScheduleOut | None
    scheduled_for: MaybeMoment
    status: str
    deliveries: list[DeliveryOut]
    created_by: str
    created_at: Moment
    version: int


def post_out(post: Post) -> PostOut:
    schedule = None
    if post.schedule_when:
        schedule = ScheduleOut(when=post.schedule_when, at=post.schedule_at or None, zone=post.schedule_zone or None)
    return PostOut(
        id=str(post.id),
        brand_id=str(post.brand_id),
        text=post.text,
        language=post.language,
        media=[_media_out(one) for one in post.media],
        targets=post.targets,
        variants={
            key: VariantOut(
                text=variant.get("text"),
                media=[_media_out(one) for one in variant["media"]] if "media" in variant else None,
            )
            for key, variant in post.variants.items()
        },
        schedule=schedule,
        scheduled_for=post.scheduled_for,
        status=domain.status_of(post),
        deliveries=[delivery_out(one) for one in post.deliveries],
        created_by=post.created_by,
        created_at=post.created_at,
        version=post.version,
    )


def _media_out(ref: dict[str, Any]) -> PostMediaOut:
    return PostMediaOut(id=str(ref["id"]), alt=ref.get("alt", ""), url=f"/api/v1/media/{ref['id']}/file")


def schedule_in(given: ScheduleNow | ScheduleQueue | ScheduleAt | None) -> domain.Schedule | None:
    """What was sent as the domain knows it. Raises Invalid for the queue, which does not exist yet."""
    if given is None:
        return None
    if isinstance(given, ScheduleQueue):
        why = "Queue slots do not exist yet: say now, or a time."
        raise Invalid(why, code="not_yet", fields={"schedule.when": why})
    if isinstance(given, ScheduleAt):
        return domain.Schedule("at", given.at, given.zone)
    return domain.Schedule("now")


def new_post(given: PostFields, *, keep_schedule: bool = False) -> domain.NewPost:
    """What was sent as the domain knows it. Raises Invalid."""
    return domain.NewPost(
        text=given.text,
        targets=[parse_id(target, "account") for target in given.targets],
        media=[one.model_dump() for one in given.media],
        variants={key: variant.model_dump(exclude_none=True) for key, variant in given.variants.items()},
        schedule=schedule_in(given.schedule),
        keep_schedule=keep_schedule,
        language=given.language,
    )


def _patched(post: Post, patch: PostPatch) -> PostFields:
    """The post as it stands, with what the patch names in its place."""
    current: dict[str, Any] = {
        "text": post.text,
        "language": post.language,
        "media": post.media,
        "targets": post.targets,
        "variants": post.variants,
    }
    return PostFields.model_validate({**current, **patch.model_dump(exclude_unset=True, exclude={"version"})})


def posts_blueprint() -> APIBlueprint:
    bp = make_blueprint("posts")

    @bp.get("/posts")
    @bp.input(PostsQuery, location="query")
    @bp.output(PageOf[PostOut])
    def get_posts(query_data: PostsQuery) -> PageOf[PostOut]:
        q = query_data
        if q.status is not None and q.status not in (*STATUSES, *STATES):
            raise Invalid("There is no such status.", fields={"status": ", ".join((*STATUSES, *STATES))})
        before = None
        if q.cursor:
            micros, last_id = decode_cursor(q.cursor, 2)
            if not (isinstance(micros, int) and isinstance(last_id, int) and 0 <= last_id < 2**62):
                raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"})
            before = (moment_of(micros), last_id)
        with runtime().db.read() as session:
            found = domain.list_posts(
                session,
                brands_of(session, q.brand_id),
                since=parse_moment(q.since, "from") if q.since else None,
                until=parse_moment(q.until, "to") if q.until else None,
                status=q.status if q.status in STATUSES else None,
                state=q.status if q.status not in STATUSES else None,
                before=before,
                limit=q.limit + 1,
            )
            items, more = found[: q.limit], len(found) > q.limit
            return PageOf[PostOut](
                items=[post_out(one) for one in items],
                next_cursor=encode_cursor(domain.place_of(items[-1])) if more else None,
            )

    @bp.get("/posts/<id>")
    @bp.output(PostOut)
    def get_post(id: str) -> PostOut:
        with runtime().db.read() as session:
            post = domain.load_post(session, parse_id(id, "post"))
            caller().need(post.brand_id, "viewer")
            return post_out(post)

    @bp.post("/posts")
    @bp.input(PostIn)
    @bp.output(PostOut, status_code=201)
    def post_post(json_data: PostIn) -> object:
        role: Literal["editor", "contributor"] = "editor" if json_data.schedule else "contributor"
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, role)
            new = new_post(json_data)
            return create_once(
                session,
                json_data,
                lambda: post_out(domain.create_post(session, brand_id, new, created_by=caller().name, now=now())),
            )

    @bp.patch("/posts/<id>")
    @bp.input(PostPatch)
    @bp.output(PostOut)
    def patch_post(id: str, json_data: PostPatch) -> PostOut:
        with runtime().db.write() as session:
            post = domain.load_post(session, parse_id(id, "post"))
            publishes = post.scheduled_for is not None or json_data.schedule is not None
            caller().need(post.brand_id, "editor" if publishes else "contributor")
            if post.version != json_data.version:
                current = post_out(post).model_dump(mode="json")
                raise Conflict("Somebody else changed this post in the meantime.", extra={"current": current})
            keep = "schedule" not in json_data.model_fields_set
            new = new_post(_patched(post, json_data), keep_schedule=keep)
            return post_out(domain.change_post(session, post.id, new, version=json_data.version, now=now()))

    @bp.delete("/posts/<id>")
    @bp.output(Empty)
    def delete_post(id: str) -> Empty:
        with runtime().db.write() as session:
            post = domain.load_post(session, parse_id(id, "post"))
            caller().need(post.brand_id, "contributor" if not post.deliveries else "editor")
            domain.remove_post(session, post.id, now=now())
        return Empty()

    @bp.post("/posts/<id>/restore")
    @bp.output(PostOut)
    def restore_post(id: str) -> PostOut:
        with runtime().db.write() as session:
            post = domain.load_post(session, parse_id(id, "post"), even_removed=True)
            caller().need(post.brand_id, "contributor" if not post.deliveries else "editor")
            return post_out(domain.restore_post(session, post.id, now=now()))

    return bp
