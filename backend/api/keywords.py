"""`/keywords`: what is listened for, and what a query would find before it is saved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from backend.api.base import (
    Empty,
    Id,
    In,
    MaybeMoment,
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
from backend.api.mention_shapes import HighlightOut, MentionKeywordOut, MentionOut, PlaceOut, mentions_out
from backend.api.mention_stats import KeyCountOut
from backend.automation.alerts import watch_keyword
from backend.inbox.learning import read_proposal, refuse_words
from backend.inbox.mentions import count_by_keyword, effect_of_exclusion
from backend.infra.errors import Conflict, Malformed
from backend.listening import keywords as domain
from backend.listening.backfill import backfill_keyword
from backend.listening.models import Keyword
from backend.listening.preview import Preview, Previewed, preview_keyword
from backend.listening.round import networks_in_round
from backend.listening.sources import SourceFacts, sources_of_keywords
from backend.query.explain import exclude_words
from backend.query.grammar import parse_query
from backend.query.translate import literals


class KeywordFields(In):
    name: str = Field(default="", max_length=400)
    languages: list[str] = Field(default_factory=list, max_length=12)
    not_asked: list[str] = Field(
        default_factory=list, max_length=50, description="kinds of places that it shall not ask by itself"
    )
    paused: bool = False
    notify: bool = False


class KeywordIn(KeywordFields):
    brand_id: str | None = None
    query: str = Field(max_length=10_000)


class KeywordPatch(KeywordFields):
    query: str = Field(default="", max_length=10_000)
    version: int


class KeywordPreviewIn(In):
    brand_id: str | None = None
    query: str = Field(max_length=10_000)
    languages: list[str] = Field(default_factory=list, max_length=12)
    live: bool = False


class KeywordSourceOut(Out):
    id: Id
    kind: str
    state: str
    last_polled_at: MaybeMoment
    last_error: str


class KeywordOut(Out):
    id: Id
    brand_id: Id
    name: str
    query: str
    languages: list[str]
    not_asked: list[str]
    paused: bool
    notify: bool
    literals: list[list[str]]
    sources: list[KeywordSourceOut]
    mentions: int
    version: int


class KeywordList(PageOf[KeywordOut]):
    """Keywords by name."""


class AskedOut(Out):
    """`note`: why a place was not asked, or did not answer: later (budget), timeout, rate_limited, unreachable,
    http_error, not_a_feed, blocked, too_large, not_this_query, account_needed; closed, paid_only, key_needed for good.
    `round`: heard by the brand's round. `left_out`: parts of the query that it cannot be asked, filtered here.
    `too_many`: searches that it is never asked, since it knows no OR and one keyword may ask only so many."""

    kind: str
    name: str
    asked: bool
    round: bool = False
    count: int
    note: str
    left_out: list[str] = Field(default_factory=list)
    too_many: list[str] = Field(default_factory=list)


class KeywordPreviewOut(Out):
    """`count` of the last 30 days; `items` the newest of them, each as the mention it would be."""

    count: int
    items: list[MentionOut]
    asked: list[AskedOut]
    by_network: list[KeyCountOut]


class ExclusionOut(Out):
    """Words that stand in what was marked *Not us* and never in what is ours; `words` empty = nothing to propose.

    `query`: the keyword's with the words excluded; of `of` stored mentions it would have kept `hides` away,
    of which `answered` were answered.
    """

    words: list[str]
    marks: int
    query: str
    hides: int
    of: int
    answered: int
    examples: list[MentionOut]


class ExclusionRefusal(In):
    words: list[str] = Field(min_length=1, max_length=10)


def keywords_out(session: Session, keywords: Sequence[Keyword]) -> list[KeywordOut]:
    ids = [keyword.id for keyword in keywords]
    sources = sources_of_keywords(session, ids)
    counts = count_by_keyword(session, ids)
    return [
        KeywordOut(
            id=str(keyword.id),
            brand_id=str(keyword.brand_id),
            name=keyword.name,
            query=keyword.query,
            languages=keyword.languages,
            not_asked=keyword.not_asked,
            paused=keyword.paused,
            notify=keyword.notify,
            literals=literals(parse_query(keyword.query)),
            sources=[_source_out(facts) for facts in sources[keyword.id]],
            mentions=counts.get(keyword.id, 0),
            version=keyword.version,
        )
        for keyword in keywords
    ]


def keyword_out(session: Session, keyword: Keyword) -> KeywordOut:
    return keywords_out(session, [keyword])[0]


def _source_out(facts: SourceFacts) -> KeywordSourceOut:
    return KeywordSourceOut(
        id=str(facts.source.id),
        kind=facts.feed.kind,
        state=facts.state,
        last_polled_at=facts.feed.last_polled_at,
        last_error=facts.feed.last_error,
    )


def keywords_blueprint() -> APIBlueprint:
    bp = make_blueprint("keywords")

    @bp.get("/keywords")
    @bp.input(PageQuery, location="query")
    @bp.output(KeywordList)
    def get_keywords(query_data: PageQuery) -> KeywordList:
        after = _read_cursor(query_data.cursor)
        with runtime().db.read() as session:
            brand_ids = brands_of(session, query_data.brand_id)
            found = domain.list_keywords(session, brand_ids, after=after, limit=query_data.limit + 1)
            page = found[: query_data.limit]
            more = encode_cursor([page[-1].name, page[-1].id]) if len(found) > len(page) else None
            return KeywordList(items=keywords_out(session, page), next_cursor=more)

    @bp.get("/keywords/<id>")
    @bp.output(KeywordOut)
    def get_keyword(id: str) -> KeywordOut:
        with runtime().db.read() as session:
            keyword = domain.get_keyword(session, parse_id(id, "keyword"))
            caller().need(keyword.brand_id, "viewer")
            return keyword_out(session, keyword)

    @bp.post("/keywords")
    @bp.input(KeywordIn)
    @bp.output(KeywordOut, status_code=201)
    def post_keyword(json_data: KeywordIn) -> object:
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")

            def create() -> KeywordOut:
                values = json_data.model_dump(exclude={"brand_id"})
                keyword = domain.create_keyword(session, brand_id, values, now=now())
                if json_data.notify:
                    watch_keyword(session, keyword.id, True, now=now())
                return keyword_out(session, keyword)

            made = create_once(session, json_data, create)
        return _backfilled(made)

    @bp.get("/keywords/<id>/exclusion")
    @bp.output(ExclusionOut)
    def get_keyword_exclusion(id: str) -> ExclusionOut:
        with runtime().db.read() as session:
            keyword = domain.get_keyword(session, parse_id(id, "keyword"))
            caller().need(keyword.brand_id, "viewer")
            words, marks = read_proposal(session, keyword.id)
            if not words:
                return ExclusionOut(words=[], marks=marks, query=keyword.query, hides=0, of=0, answered=0, examples=[])
            effect = effect_of_exclusion(session, keyword.id, parse_query(" OR ".join(f'"{word}"' for word in words)))
            return ExclusionOut(
                words=words,
                marks=marks,
                query=exclude_words(parse_query(keyword.query), words),
                hides=effect.hides,
                of=effect.of,
                answered=effect.answered,
                examples=mentions_out(session, list(effect.examples)),
            )

    @bp.post("/keywords/<id>/exclusion/refuse")
    @bp.input(ExclusionRefusal)
    @bp.output(ExclusionOut)
    def refuse_keyword_exclusion(id: str, json_data: ExclusionRefusal) -> ExclusionOut:
        with runtime().db.write() as session:
            keyword = _own(session, id)
            refuse_words(session, keyword.id, json_data.words)
            return ExclusionOut(words=[], marks=0, query=keyword.query, hides=0, of=0, answered=0, examples=[])

    @bp.patch("/keywords/<id>")
    @bp.input(KeywordPatch)
    @bp.output(KeywordOut)
    def patch_keyword(id: str, json_data: KeywordPatch) -> object:
        values = json_data.model_dump(exclude_unset=True, exclude={"version"})
        with runtime().db.write() as session:
            keyword = _own(session, id)
            try:
                changed = domain.change_keyword(session, keyword.id, values, version=json_data.version, now=now())
            except Conflict as conflict:
                current = keyword_out(session, keyword).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None
            if "notify" in values:
                watch_keyword(session, keyword.id, json_data.notify, now=now())
            made = keyword_out(session, changed)
        return _backfilled(made) if values.keys() & _HEARS_OTHERS else made

    @bp.delete("/keywords/<id>")
    @bp.output(Empty)
    def delete_keyword(id: str) -> Empty:
        with runtime().db.write() as session:
            domain.remove_keyword(session, _own(session, id).id, now=now())
        return Empty()

    @bp.post("/keywords/<id>/restore")
    @bp.output(KeywordOut)
    def restore_keyword(id: str) -> object:
        with runtime().db.write() as session:
            keyword = domain.restore_keyword(session, parse_id(id, "keyword"), now=now())
            caller().need(keyword.brand_id, "editor")  # refusing here undoes the transaction
            made = keyword_out(session, keyword)
        return _backfilled(made)

    @bp.post("/keywords/preview")
    @bp.input(KeywordPreviewIn)
    @bp.output(KeywordPreviewOut)
    def post_keyword_preview(json_data: KeywordPreviewIn) -> KeywordPreviewOut:
        with runtime().db.read() as session:
            brand_id = brand_of(session, json_data.brand_id, "viewer")
            visited = networks_in_round(session, [brand_id])
        languages = [tag.lower().split("-")[0] for tag in json_data.languages]
        preview = preview_keyword(runtime(), brand_id, json_data.query, languages=languages, live=json_data.live)
        return _preview_out(preview, brand_id, visited)

    return bp


#: of what is changed in a keyword, what makes it match other things
_HEARS_OTHERS = frozenset({"query", "languages", "not_asked", "paused"})


def _backfilled(made: KeywordOut | dict[str, Any]) -> KeywordOut | dict[str, Any]:
    """What is stored already is looked through in a turn of its own, and counted in the answer."""
    keyword_id = int(made["id"] if isinstance(made, dict) else made.id)
    backfill_keyword(runtime(), keyword_id)
    if isinstance(made, dict):
        return made
    with runtime().db.read() as session:
        return keyword_out(session, domain.get_keyword(session, keyword_id))


def _own(session: Session, id: str) -> Keyword:
    keyword = domain.get_keyword(session, parse_id(id, "keyword"))
    caller().need(keyword.brand_id, "editor")
    return keyword


def _preview_out(preview: Preview, brand_id: int, visited: Collection[str]) -> KeywordPreviewOut:
    return KeywordPreviewOut(
        count=preview.count,
        items=[_previewed_out(one, brand_id, number) for number, one in enumerate(preview.items)],
        asked=[
            AskedOut(
                kind=one.kind,
                name=one.name,
                asked=one.asked,
                round=one.kind in visited,
                count=one.count,
                note=one.note,
                left_out=list(one.left_out),
                too_many=list(one.too_many),
            )
            for one in preview.asked
        ],
        by_network=[
            KeyCountOut(key=key, count=count)
            for key, count in sorted(preview.networks.items(), key=lambda pair: -pair[1])
        ],
    )


def _previewed_out(one: Previewed, brand_id: int, number: int) -> MentionOut:
    """As a mention that does not exist yet: its id names nothing, its version is 0."""
    seen_at = now()
    return MentionOut(
        id=str(one.mention_id) if one.mention_id is not None else f"preview-{number}",
        brand_id=str(brand_id),
        url=one.url,
        network=one.network,
        source_id=None,
        source_kind=one.source_kind,
        author=one.author,
        author_url=one.author_url,
        title=one.title,
        text=one.text,
        published_at=one.published_at,
        seen_at=seen_at,
        language=one.language or "und",
        sentiment=None,
        intent=None,
        about_us="yes",
        sentiment_by="",
        intent_by="",
        about_us_by="",
        rude=[],
        priority=0,
        note="",
        status="new",
        assignee_id=None,
        replied_at=None,
        reply_url="",
        account_id=None,
        addressed="",
        author_handle="",
        answer=None,
        replied_by="",
        tags=[],
        keywords=[
            MentionKeywordOut(id="", name="", highlights=[HighlightOut(**dict(lit)) for lit in one.hit.highlights])
        ],
        places=[PlaceOut(source_id=None, url=one.url, seen_at=seen_at)],
        story_id=None,
        story_size=1,
        snoozed_until=None,
        version=0,
    )


def _read_cursor(cursor: str | None) -> tuple[str, int] | None:
    if cursor is None:
        return None
    name, last_id = decode_cursor(cursor, 2)
    if not isinstance(name, str) or not isinstance(last_id, int) or not 0 <= last_id < 2**62:
        raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"})
    return name, last_id
