"""`/links/preview`: how an address will look in a post, asked for by a person's click."""

from __future__ import annotations

import base64

from apiflask import APIBlueprint
from pydantic import Field

from backend.api.base import In, Out, brand_of, make_blueprint, runtime
from backend.publishing import link_previews as domain


class PreviewIn(In):
    brand_id: str | None = None
    url: str = Field(max_length=8000)
    #: with the picture itself, so that nobody else has to ask for it
    image: bool = False


class PictureOut(Out):
    content_type: str
    width: int
    height: int
    data: str  # base64


class PreviewOut(Out):
    url: str
    title: str
    description: str
    image_url: str
    site_name: str
    large: bool
    image: PictureOut | None


def link_previews_blueprint() -> APIBlueprint:
    bp = make_blueprint("link_previews")

    @bp.post("/links/preview")
    @bp.input(PreviewIn)
    @bp.output(PreviewOut)
    @bp.doc(summary="What the page of an address says of itself; with `image`, its picture's bytes too")
    def post_preview(json_data: PreviewIn) -> PreviewOut:
        with runtime().db.read() as session:
            brand_of(session, json_data.brand_id, "contributor")
            url = domain.behind_short_link(session, json_data.url.strip())
        card = domain.read_card(runtime().http, url)
        picture = domain.read_picture(runtime().http, card.image_url) if json_data.image else None
        return PreviewOut(
            url=card.url,
            title=card.title,
            description=card.description,
            image_url=card.image_url,
            site_name=card.site_name,
            large=card.large,
            image=picture
            and PictureOut(
                content_type=picture.content_type,
                width=picture.width,
                height=picture.height,
                data=base64.b64encode(picture.content).decode(),
            ),
        )

    return bp
