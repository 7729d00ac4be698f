"""`/sources/page/preview` and `/sources/watch/preview`: what a page without a feed would give."""

from __future__ import annotations

from typing import Annotated

from apiflask import APIBlueprint
from pydantic import Field, model_validator

from backend.api.base import In, MaybeMoment, Out, brand_of, make_blueprint, now, runtime
from backend.connectors.page.derive import MOST_STEPS
from backend.listening.pages import look_at_changes, look_at_list

MOST_SHOWN = 50
Selector = Annotated[str, Field(max_length=300)]


class RecipeIn(In):
    """CSS selectors: `item` for each item of the list, the others inside of one; left out: what is usual."""

    item: Selector = Field(min_length=1)
    title: Selector = ""
    link: Selector = ""
    date: Selector = ""
    author: Selector = ""
    text: Selector = ""


class StepIn(In):
    """One element on the way from the root of the page (`html`) to what was clicked."""

    tag: str = Field(max_length=60, pattern=r"^[a-z][a-z0-9-]*$")
    nth: int = Field(default=1, ge=1, le=100_000, description="among its siblings of the same tag, from 1")
    id: str = Field(default="", max_length=200)
    classes: list[Annotated[str, Field(max_length=200)]] = Field(default_factory=list, max_length=60)
    attributes: dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=500)]] = Field(
        default_factory=dict, max_length=40
    )


Way = Annotated[list[StepIn], Field(min_length=1, max_length=MOST_STEPS)]


class PagePreviewIn(In):
    """A `recipe`, or two `clicks` on the same part of two items, from which one is made."""

    brand_id: str | None = None
    url: str = Field(min_length=1, max_length=8_000)
    recipe: RecipeIn | None = None
    clicks: list[Way] | None = Field(default=None, min_length=2, max_length=2)

    @model_validator(mode="after")
    def _one_of_both(self) -> PagePreviewIn:
        if (self.recipe is None) == (self.clicks is None):
            raise ValueError("give a recipe, or two clicks")
        return self


class RecipeOut(Out):
    item: str
    title: str
    link: str
    date: str
    author: str
    text: str


class PageItemOut(Out):
    title: str
    url: str
    author: str
    text: str
    published_at: MaybeMoment


class ReasonOut(Out):
    """Why something is missing; words for `code` are `listening_note_<code>`. `part`: of the recipe, empty: all."""

    code: str
    part: str


class PagePreviewOut(Out):
    """`picked`: how many elements the item's selector picks; `items`: the first of those that could be read."""

    title: str
    recipe: RecipeOut | None
    picked: int
    count: int
    items: list[PageItemOut]
    reasons: list[ReasonOut]


class WatchPreviewIn(In):
    """`ignore`: parts of lines that do not count, one a line."""

    brand_id: str | None = None
    url: str = Field(min_length=1, max_length=8_000)
    selector: Selector = ""
    ignore: str = Field(default="", max_length=2_000)


class WatchPreviewOut(Out):
    """`restless`: lines that two looks in a row found changing by themselves; they are left out."""

    title: str
    lines: list[str]
    restless: list[str]
    reasons: list[ReasonOut]


def pages_preview_blueprint() -> APIBlueprint:
    bp = make_blueprint("page_previews")

    @bp.post("/sources/page/preview")
    @bp.input(PagePreviewIn)
    @bp.output(PagePreviewOut)
    def preview_page(json_data: PagePreviewIn) -> PagePreviewOut:
        _may_add(json_data.brand_id)
        given = json_data.recipe.model_dump(exclude_defaults=True) if json_data.recipe else None
        ways = [[step.model_dump() for step in way] for way in json_data.clicks or ()]
        recipe, reading = look_at_list(runtime().http, json_data.url, given, ways, now=now())
        return PagePreviewOut(
            title=reading.title,
            recipe=RecipeOut.model_validate(recipe) if recipe is not None else None,
            picked=reading.picked,
            count=len(reading.items),
            items=[PageItemOut.model_validate(item) for item in reading.items[:MOST_SHOWN]],
            reasons=[ReasonOut(code=one.code, part=one.part) for one in reading.reasons],
        )

    @bp.post("/sources/watch/preview")
    @bp.input(WatchPreviewIn)
    @bp.output(WatchPreviewOut)
    def preview_watched_page(json_data: WatchPreviewIn) -> WatchPreviewOut:
        _may_add(json_data.brand_id)
        params = json_data.model_dump(exclude={"brand_id"}, exclude_defaults=True)
        seen = look_at_changes(runtime().http, params, now=now())
        return WatchPreviewOut(
            title=seen.title,
            lines=list(seen.lines),
            restless=list(seen.restless),
            reasons=[ReasonOut(code=code, part="") for code in seen.reasons],
        )

    return bp


def _may_add(brand_id: str | None) -> None:
    """Whoever may add a source may look at what it would give: both ask somebody else's server."""
    with runtime().db.read() as session:
        brand_of(session, brand_id, "editor")
