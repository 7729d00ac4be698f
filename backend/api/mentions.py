"""`/mentions`: the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.accounts.members import get_member
from backend.api.base import (
    Id,
    In,
    MaybeId,
    MaybeMoment,
    Moment,
    Out,
    PageOf,
    Query,
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
from backend.connectors.feed.plain import one_line, tidy
from backend.connectors.feed.unwrap import is_web_address, unwrap
from backend.inbox import mentions as domain
from backend.inbox.counting import FACETS, count_mentions
from backend.inbox.hints import Mind, Said, judge, read_mind
from backend.inbox.mentions import Actor, Facts, Filter
from backend.inbox.models import Mention
from backend.inbox.presence import list_presences, note_presence
from backend.inbox.search import highlights_of
from backend.infra.errors import Conflict, Invalid, Malformed
from backend.listening.keywords import keyword_names
from backend.publishing.answers import AnswerFacts, read_answers
from backend.query.grammar import parse_search
from backend.understanding.language import detect_language

UNDONE_AT_ONCE = 200
MOST_IN_BULK = domain.MOST_IN_BULK
Status = Literal["new", "open", "replied", "done", "spam"]


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


class MentionStatsQuery(MentionFilterQuery):
    facets: str = Field(
        default="", max_length=200, description="more counts, separated by commas: " + ", ".join(FACETS)
    )


class MentionQuery(MentionFilterQuery):
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = None
    group: Literal["", "story"] = ""
    around: str = Field(default="", description="a mention's id: the rows on both sides of it, to come back to a place")
    above: str = Field(default="", description="a mention's id: the rows right above it")
    below: str = Field(default="", description="a mention's id: the rows right below it")
    skip: int = Field(default=0, ge=0, le=10_000, description="so many rows from the top, to jump to a place")


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


class MentionPatch(MentionChanges):
    version: int
    act: str = ACT


class MentionBulk(In):
    """Some mentions by their ids, or all that match a list's filter: 500 at a time, on from `cursor`."""

    ids: list[str] = Field(default_factory=list, max_length=500)
    where: MentionFilterQuery | None = None
    cursor: str | None = None
    set: MentionChanges
    act: str = ACT


class MentionUndo(In):
    act: str = Field(min_length=1, max_length=40)
    ids: list[str] = Field(default_factory=list, max_length=200, description="in these mentions only; none: in all")


class HighlightOut(Out):
    field: str
    start: int
    end: int


class MentionKeywordOut(Out):
    id: Id
    name: str
    highlights: list[HighlightOut]


class PlaceOut(Out):
    source_id: MaybeId
    url: str
    seen_at: Moment


class AnswerOut(Out):
    """The newest answer from the inbox; `state` is its delivery's."""

    post_id: Id
    state: str
    url: str
    by: str
    at: Moment


class MentionOut(Out):
    id: Id
    brand_id: Id
    url: str
    network: str
    source_id: MaybeId
    source_kind: str
    author: str
    author_url: str
    title: str
    text: str
    published_at: MaybeMoment
    seen_at: Moment
    language: str
    sentiment: str | None
    intent: str | None
    about_us: str
    sentiment_by: str
    intent_by: str
    about_us_by: str
    rude: list[str]
    priority: int
    note: str
    status: str
    assignee_id: MaybeId
    replied_by: str
    replied_at: MaybeMoment
    reply_url: str
    account_id: MaybeId
    addressed: str
    author_handle: str
    answer: AnswerOut | None
    tags: list[str]
    keywords: list[MentionKeywordOut]
    highlights: list[HighlightOut] = Field(default_factory=list, description="where the words of `q` stand")
    places: list[PlaceOut]
    story_id: MaybeId
    story_size: int
    snoozed_until: MaybeMoment
    version: int


class MentionList(PageOf[MentionOut]):
    """Mentions, newest first. `more_above`: what `around`, `above` or `skip` gave is not the top of the list."""

    more_above: bool = False


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


class KeyCountOut(Out):
    key: str
    count: int


class FacetOut(Out):
    name: str
    values: list[KeyCountOut]


class JudgedOut(Out):
    """Of `of` mentions, how many were judged at all, and how many of those by a person."""

    of: int
    judged: int
    by_person: int


_ALWAYS = ("network", "keyword", "language", "sentiment")


class MentionStatsOut(Out):
    """Counts under the same filters as the list. `capped`: there may be more of `capped_statuses` than was counted.
    How they divide is told of the newest `facets_of`; days are UTC. `facets`: those that were asked for; weeks begin on
    Monday where the brand is."""

    total: int
    capped: bool
    capped_statuses: list[str]
    facets: list[FacetOut]
    facets_of: int
    facets_capped: bool
    by_status: dict[str, int]
    by_network: list[KeyCountOut]
    by_keyword: list[KeyCountOut]
    by_language: list[KeyCountOut]
    by_sentiment: list[KeyCountOut]
    by_day: list[KeyCountOut]
    sentiment_judged: JudgedOut
    intent_judged: JudgedOut


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


def mentions_out(session: Session, mentions: Sequence[Mention]) -> list[MentionOut]:
    """Mentions with what stands beside them: five queries, however many there are."""
    facts = domain.read_facts(session, mentions)
    named = {hit.keyword_id for one in facts.values() for hit in one.keywords}
    names = keyword_names(session, named) if named else {}
    answers = read_answers(session, [mention.id for mention in mentions])
    return [_mention_out(mention, facts[mention.id], names, answers.get(mention.id)) for mention in mentions]


def mention_out(session: Session, mention: Mention) -> MentionOut:
    return mentions_out(session, [mention])[0]


def _mention_out(mention: Mention, facts: Facts, names: dict[int, str], answer: AnswerFacts | None) -> MentionOut:
    plain = {name: getattr(mention, name) for name in MentionOut.model_fields if hasattr(mention, name)}
    return MentionOut(
        **plain,
        keywords=[
            MentionKeywordOut(
                id=str(hit.keyword_id),
                name=names.get(hit.keyword_id, ""),
                highlights=[HighlightOut(**one) for one in hit.highlights],
            )
            for hit in facts.keywords
        ],
        places=[PlaceOut.model_validate(place) for place in facts.places],
        story_size=facts.story_size,
        answer=AnswerOut.model_validate(answer) if answer else None,
    )


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


def mentions_blueprint() -> APIBlueprint:
    bp = make_blueprint("mentions")

    @bp.get("/mentions")
    @bp.input(MentionQuery, location="query")
    @bp.output(MentionList)
    def get_mentions(query_data: MentionQuery) -> MentionList:
        wanted = _filter(query_data, by_story=query_data.group == "story")
        with runtime().db.read() as session:
            brand_ids = brands_of(session, query_data.brand_id)
            wanted = _at_home(session, brand_ids, wanted)
            stretch = _stretch(session, brand_ids, wanted, query_data)
            page = stretch.mentions
            more = encode_cursor([page[-1].sorted_at, page[-1].id]) if stretch.below and page else None
            items = mentions_out(session, page)
            for item, mention in zip(items, page, strict=True):
                lit = highlights_of(mention, wanted, now=now())
                item.highlights = [HighlightOut.model_validate(one) for one in lit]
            return MentionList(items=items, next_cursor=more, more_above=stretch.above)

    @bp.get("/mentions/stats")
    @bp.input(MentionStatsQuery, location="query")
    @bp.output(MentionStatsOut)
    def get_mention_stats(query_data: MentionStatsQuery) -> MentionStatsOut:
        wanted, names = _filter(query_data), _facet_names(query_data.facets)
        with runtime().db.read() as session:
            brand_ids = brands_of(session, query_data.brand_id)
            wanted = _at_home(session, brand_ids, wanted)
            counts = count_mentions(session, brand_ids, wanted, facets={*names, *_ALWAYS}, now=now())
        return MentionStatsOut(
            total=counts.total,
            capped=bool(counts.capped),
            capped_statuses=[status for status in domain.STATUSES if status in counts.capped],
            facets=[FacetOut(name=name, values=_keyed(counts.facets[name])) for name in names],
            facets_of=counts.of,
            facets_capped=counts.of_capped,
            by_status=dict(counts.statuses),
            by_network=_keyed(counts.facets["network"]),
            by_keyword=_keyed(counts.facets["keyword"]),
            by_language=_keyed(counts.facets["language"]),
            by_sentiment=_keyed(counts.facets["sentiment"]),
            by_day=_keyed(counts.days.items()),
            sentiment_judged=JudgedOut.model_validate(counts.sentiment),
            intent_judged=JudgedOut.model_validate(counts.intent),
        )

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

    @bp.post("/mentions")
    @bp.input(MentionIn)
    @bp.output(MentionOut, status_code=201)
    def post_mention(json_data: MentionIn) -> object:
        with runtime().db.read() as session:
            brand_id = brand_of(session, json_data.brand_id, "contributor")
            languages = get_brand(session, brand_id).languages
            mind = read_mind(session, brand_id)
        item = _new_mention(json_data, languages, mind)
        with runtime().db.write() as session:

            def create() -> MentionOut:
                mention, _created = domain.add_mention(session, brand_id, item, now=now(), by=actor())
                return mention_out(session, mention)

            return create_once(session, json_data, create)

    @bp.patch("/mentions/<id>")
    @bp.input(MentionPatch)
    @bp.output(MentionOut)
    def patch_mention(id: str, json_data: MentionPatch) -> MentionOut:
        with runtime().db.write() as session:
            mention = domain.get_mention(session, parse_id(id, "mention"))
            caller().need(mention.brand_id, "contributor")
            values = _changes(session, json_data)
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
            values = _changes(session, json_data.set)
            if not values:
                raise Invalid("Nothing to change.", fields={"set": "at least one field"})
            ids, more = _bulk_ids(session, json_data)
            mentions = domain.change_mentions(session, ids, values, by=actor(), now=now(), act=json_data.act)
            for brand_id in {mention.brand_id for mention in mentions}:
                caller().need(brand_id, "contributor")  # refusing here undoes the transaction
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

    return bp


def _stretch(session: Session, brand_ids: Sequence[int], wanted: Filter, asked: MentionQuery) -> domain.Stretch:
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
    after, skip = _read_cursor(asked.cursor), asked.skip
    found = domain.list_mentions(session, brand_ids, wanted, after=after, skip=skip, limit=limit + 1, now=now())
    return domain.Stretch(found[:limit], above=after is not None or skip > 0, below=len(found) > limit)


def actor() -> Actor:
    return Actor(caller().member_id, caller().name, person=True)


def _bulk_ids(session: Session, asked: MentionBulk) -> tuple[list[int], str | None]:
    """The next mentions to change, and where to go on. What is changed may leave the list: places, not pages, count."""
    if asked.where is None:
        return [parse_id(id, "mention") for id in dict.fromkeys(asked.ids)], None
    brand_ids = brands_of(session, asked.where.brand_id)
    wanted = _at_home(session, brand_ids, _filter(asked.where))
    found = domain.list_mentions(
        session, brand_ids, wanted, after=_read_cursor(asked.cursor), limit=MOST_IN_BULK + 1, now=now()
    )
    page = found[:MOST_IN_BULK]
    more = encode_cursor([page[-1].sorted_at, page[-1].id]) if len(found) > MOST_IN_BULK else None
    return [mention.id for mention in page], more


def _changes(session: Session, given: MentionChanges) -> dict[str, Any]:
    """What was really sent; an id as a number, a time in UTC. Raises NotFound for an assignee that is not there."""
    values = given.model_dump(exclude_unset=True, exclude={"version"})
    if (member_id := values.get("assignee_id")) is not None:
        mine = member_id == "me"
        values["assignee_id"] = caller().member_id if mine else get_member(session, parse_id(member_id, "member")).id
    if (until := values.get("snoozed_until")) is not None:
        values["snoozed_until"] = _utc(until)
    if "status" in values and values["status"] is None:
        del values["status"]
    if "about_us" in values and values["about_us"] is None:
        values["about_us"] = "yes"
    if "reply_url" in values and values["reply_url"] is None:
        values["reply_url"] = ""
    return values


def _new_mention(given: MentionIn, languages: Sequence[str], mind: Mind) -> domain.NewMention:
    url = unwrap(given.url)
    if not is_web_address(url):
        raise Invalid("This is not a web address.", fields={"url": "http:// or https://"})
    text, title = tidy(given.text)[:20_000], one_line(given.title) if given.title else ""
    language = (given.language or detect_language(f"{title}\n{text}", languages)).lower().split("-")[0]
    checked = domain.check_values({"note": given.note, "tags": given.tags, "language": language})
    said = Said(text, title, url, checked["language"])
    return domain.NewMention(
        url=url,
        title=title,
        text=text,
        author=tidy(given.author)[:200],
        author_url=given.author_url if is_web_address(given.author_url) else "",
        network=tidy(given.network).lower(),
        published_at=_utc(given.published_at) if given.published_at else None,
        language=checked["language"],
        note=checked["note"],
        tags=checked["tags"],
        values=judge(mind, said, languages=languages),
    )


def _filter(asked: MentionFilterQuery, *, by_story: bool = False) -> Filter:
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
        by_story=by_story,
        member_id=caller().member_id,
    )


def _facet_names(asked: str) -> list[str]:
    names = list(dict.fromkeys(part.strip() for part in asked.split(",") if part.strip()))
    if wrong := [name for name in names if name not in FACETS]:
        raise Invalid("There is no such facet.", fields={"facets": ", ".join(wrong)[:200]})
    return names


def _at_home(session: Session, brand_ids: Sequence[int], wanted: Filter) -> Filter:
    """Days and weeks are days where the brand is; of several brands, where the first one is."""
    if not brand_ids:
        return wanted
    return replace(wanted, zone=get_brand(session, brand_ids[0]).time_zone)


def _read_cursor(cursor: str | None) -> tuple[datetime, int] | None:
    if cursor is None:
        return None
    at, last_id = decode_cursor(cursor, 2)
    if not (isinstance(at, int) and isinstance(last_id, int) and 0 <= last_id < 2**62):
        raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"})
    return moment_of(at), last_id


def _keyed(counts: Iterable[tuple[str, int]]) -> list[KeyCountOut]:
    return [KeyCountOut(key=key, count=count) for key, count in counts]


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
