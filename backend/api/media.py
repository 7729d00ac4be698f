"""`/media`: images to attach, sent as multipart; the bytes come back at their `url`."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from backend.api.base import Id, In, Out, brand_of, caller, create_once, make_blueprint, now, parse_id, runtime
from backend.infra.errors import Invalid, TooLarge
from backend.publishing import media as domain
from backend.publishing.models import Media

#: the parts around the file in a multipart body
ENVELOPE_BYTES = 20_000


class MediaFields(In):
    """Beside the part named `file`."""

    brand_id: str | None = None
    alt: str = Field(default="", max_length=5000)
    digest: str = ""  # of the file, so that an Idempotency-Key covers it; what a client says here is ignored


class MediaAt(In):
    """An image that lies somewhere: the server reads it there, once."""

    brand_id: str | None = None
    url: str = Field(max_length=8000)
    alt: str = Field(default="", max_length=5000)


class MediaPatch(In):
    alt: str = Field(max_length=5000)


class MediaOut(Out):
    id: Id
    brand_id: Id
    kind: str
    content_type: str
    width: int
    height: int
    size_bytes: int
    alt: str
    url: str


def media_out(media: Media) -> MediaOut:
    return MediaOut(
        id=str(media.id),
        brand_id=str(media.brand_id),
        kind=media.kind,
        content_type=media.content_type,
        width=media.width,
        height=media.height,
        size_bytes=media.size_bytes,
        alt=media.alt,
        url=f"/api/v1/media/{media.id}/file",
    )


def media_blueprint() -> APIBlueprint:
    bp = make_blueprint("media")

    @bp.post("/media")
    @bp.output(MediaOut, status_code=201)
    @bp.doc(summary="Upload an image", description="multipart/form-data: `file`, and optionally `brand_id`, `alt`.")
    def post_media() -> object:
        if (request.content_length or 0) > domain.MOST_BYTES + ENVELOPE_BYTES:
            raise TooLarge("An image may have 10 MB at most.", fields={"file": "At most 10 MB."})
        file = request.files.get("file")
        if file is None:
            raise Invalid("There is no file.", fields={"file": "multipart/form-data with a part named file"})
        brand_id, alt = request.form.get("brand_id") or None, request.form.get("alt", "").strip()
        if len(alt) > 5000:
            raise Invalid("This description is too long.", fields={"alt": "At most 5,000 characters."})
        with runtime().db.read() as session:
            brand = brand_of(session, brand_id, "contributor")
        stored = domain.store_file(runtime().settings.data_dir, file.stream.read(domain.MOST_BYTES + 1))
        fields = MediaFields(brand_id=brand_id, alt=alt, digest=stored.digest)
        with runtime().db.write() as session:
            return create_once(
                session,
                fields,
                lambda: media_out(domain.add_media(session, brand, stored, alt=alt, now=now())),
            )

    @bp.post("/media/fetch")
    @bp.input(MediaAt)
    @bp.output(MediaOut, status_code=201)
    @bp.doc(summary="Take in the image at an address")
    def fetch_media(json_data: MediaAt) -> object:
        with runtime().db.read() as session:
            brand = brand_of(session, json_data.brand_id, "contributor")
        stored = domain.store_file(runtime().settings.data_dir, domain.fetch_file(runtime().http, json_data.url))
        with runtime().db.write() as session:
            return create_once(
                session,
                json_data,
                lambda: media_out(domain.add_media(session, brand, stored, alt=json_data.alt.strip(), now=now())),
            )

    @bp.get("/media/<id>")
    @bp.output(MediaOut)
    def get_media(id: str) -> MediaOut:
        with runtime().db.read() as session:
            media = domain.get_media(session, parse_id(id, "file"))
            caller().need(media.brand_id, "viewer")
            return media_out(media)

    @bp.patch("/media/<id>")
    @bp.input(MediaPatch)
    @bp.output(MediaOut)
    def patch_media(id: str, json_data: MediaPatch) -> MediaOut:
        with runtime().db.write() as session:
            media = domain.get_media(session, parse_id(id, "file"))
            caller().need(media.brand_id, "contributor")
            return media_out(domain.describe_media(session, media.id, json_data.alt))

    @bp.get("/media/<id>/file")
    @bp.doc(summary="The image itself")
    def get_file(id: str) -> ResponseReturnValue:
        with runtime().db.read() as session:
            media = domain.get_media(session, parse_id(id, "file"))
        caller().need(media.brand_id, "viewer")
        path = domain.file_path(runtime().settings.data_dir, media.digest, media.content_type)
        response = Response(path.read_bytes(), mimetype=media.content_type)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.set_etag(media.digest)
        return response.make_conditional(request)

    return bp
