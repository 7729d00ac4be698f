"""`/mentions`: the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from backend.accounts.brands import get_brand
from backend.api.base import (
    Id,
    In,
    MaybeId,
    Moment,
    Out,
    PageOf,
    as_utc,
    brand_of,
    brands_of,
    caller,
    create_once,
    encode_cursor,
    make_blueprint,
    now,
    parse_id,
    runtime,
)
from backend.api.mention_changes import actor, add_changes
from backend.api.mention_filters import MentionQuery, at_home, filter_of, find_stretch
from backend.api.mention_presence import add_presence
from backend.api.mention_shapes import HighlightOut, MentionOut, mention_out, mentions_out
from backend.api.mention_stats import add_stats
from backend.connectors.feed.parse import sane_moment
from backend.connectors.feed.plain import one_line, tidy
from backend.connectors.feed.unwrap import is_web_address, unwrap
from backend.inbox import mentions as domain
from backend.inbox.hints import Mind, Said, judge, read_mind
from backend.inbox.search import highlights_of
from backend.infra.errors import Invalid
from backend.understanding.language import detect_language


class MentionIn(In):
    """A post saved from a page. One that is in the inbox already is joined, not doubled."""

    brand_id: str | None = None
    url: str = Field(max_length=8_000)
    network: str = Field(default="", max_length=100)
    author: str = Field(default="", max_length=500)
    author_url: str = Field(default="", max_length=8_000)
    title: str = Field(default="", max_length=2_000)
    text: str = Field(default="", max_length=2_000_000, description="the first 20,000 characters are kept")
    published_at: datetime | None = None
    language: str | None = Field(default=None, max_length=12)
    note: str = Field(default="", max_length=10_000)
    tags: list[str] = Field(default_factory=list, max_length=30)


class MentionList(PageOf[MentionOut]):
    """Mentions, newest first. `more_above`: what `around`, `above` or `skip` gave is not the top of the list."""

    more_above: bool = False


class MentionEventOut(Out):
    id: Id
    at: Moment
    member_id: MaybeId
    who: str
    what: str
    act: str = Field(description='POST /mentions/undo takes it back; "": cannot be')
    before: dict[str, Any]
    after: dict[str, Any]


class MentionEventList(Out):
    items: list[MentionEventOut]
    next_cursor: str | None = None


def mentions_blueprint() -> APIBlueprint:
    bp = make_blueprint("mentions")

    @bp.get("/mentions")
    @bp.input(MentionQuery, location="query")
    @bp.output(MentionList)
    def get_mentions(query_data: MentionQuery) -> MentionList:
        wanted = filter_of(query_data, by_story=query_data.group == "story")
        with runtime().db.read() as session:
            brand_ids = brands_of(session, query_data.brand_id)
            wanted = at_home(session, brand_ids, wanted)
            stretch = find_stretch(session, brand_ids, wanted, query_data)
            page = stretch.mentions
            more = encode_cursor([page[-1].sorted_at, page[-1].id]) if stretch.below and page else None
            items = mentions_out(session, page)
            for item, mention in zip(items, page, strict=True):
                lit = highlights_of(mention, wanted, now=now())
                item.highlights = [HighlightOut.model_validate(one) for one in lit]
            return MentionList(items=items, next_cursor=more, more_above=stretch.above)

    @bp.get("/mentions/<id>")
    @bp.output(MentionOut)
    def get_mention(id: str) -> MentionOut:
        with runtime().db.read() as session:
            mention = domain.get_mention(session, parse_id(id, "mention"))
            caller().need(mention.brand_id, "viewer")
            return mention_out(session, mention)

    @bp.get("/mentions/<id>/events")
    @bp.output(MentionEventList)
    def get_mention_events(id: str) -> MentionEventList:
        with runtime().db.read() as session:
            mention = domain.get_mention(session, parse_id(id, "mention"))
            caller().need(mention.brand_id, "viewer")
            events = domain.list_events(session, mention.id)
            return MentionEventList(items=[MentionEventOut.model_validate(event) for event in events])

    @bp.post("/mentions")
    @bp.input(MentionIn)
    @bp.output(MentionOut, status_code=201)
    def post_mention(json_data: MentionIn) -> object:
        with runtime().db.read() as session:
            brand_id = brand_of(session, json_data.brand_id, "contributor")
            languages = get_brand(session, brand_id).languages
            mind = read_mind(session, brand_id)
        item = new_mention(json_data, languages, mind)
        with runtime().db.write() as session:

            def create() -> MentionOut:
                mention, _created = domain.add_mention(session, brand_id, item, now=now(), by=actor())
                return mention_out(session, mention)

            return create_once(session, json_data, create)

    add_stats(bp)
    add_presence(bp)
    add_changes(bp)
    return bp


def new_mention(given: MentionIn, languages: Sequence[str], mind: Mind) -> domain.NewMention:
    url = unwrap(given.url)
    if not is_web_address(url):
        raise Invalid("This is not a web address.", fields={"url": "http:// or https://"})
    text, title = tidy(given.text)[:20_000], one_line(given.title) if given.title else ""
    language = (given.language or detect_language(f"{title}\n{text}", languages)).lower().split("-")[0]
    published_at = sane_moment(given.published_at)
    checked = domain.check_values({"note": given.note, "tags": given.tags, "language": language})
    said = Said(text, title, url, checked["language"])
    return domain.NewMention(
        url=url,
        title=title,
        text=text,
        author=tidy(given.author)[:200],
        author_url=given.author_url if is_web_address(given.author_url) else "",
        network=tidy(given.network).lower(),
        published_at=as_utc(published_at, "published_at") if published_at else None,
        language=checked["language"],
        note=checked["note"],
        tags=checked["tags"],
        values=judge(mind, said, languages=languages),
    )
