"""`/sources`: what a brand listens to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Literal, cast

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from backend.accounts.networks import list_accounts
from backend.api.base import (
    Empty,
    Id,
    In,
    MaybeId,
    MaybeMoment,
    Out,
    PageOf,
    PageQuery,
    Query,
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
from backend.api.source_access import (
    AccessIn,
    AccessOut,
    access_out,
    http_for,
    http_with,
    seal,
    secret_names,
    without_login,
)
from backend.connectors.kind import Param, Purpose, SourceKind
from backend.infra.errors import Conflict, Invalid, Malformed
from backend.listening import sources as domain
from backend.listening.activity import items_per_week, last_answers
from backend.listening.backfill import backfill_source
from backend.listening.discover import READ_AS_FEEDS, find_again, find_best
from backend.listening.kinds import CANNOT_BE_ASKED, KINDS, params_of_address
from backend.listening.models import Source
from backend.listening.push import push_states
from backend.listening.round import networks_in_round


class SourceIn(In):
    """An address (the feed is found from it), or a kind with its params."""

    brand_id: str | None = None
    url: str = Field(default="", max_length=8_000)
    kind: str = Field(default="", max_length=20)
    params: dict[str, str] = Field(default_factory=dict, max_length=10)
    name: str = Field(default="", max_length=200)
    take: Literal["", "all", "matching"] = Field(
        default="",
        description="all: every item is a mention; matching: those with a keyword. Left out: all for Google Alerts and "
        "where the brand has no keyword yet, else matching",
    )
    purpose: Purpose | None = Field(default=None, description="what it is listened to for; left out: its kind's")
    access: AccessIn | None = None
    secrets: dict[str, str] = Field(
        default_factory=dict, max_length=10, description="what lets us in: see `secrets` of the kind"
    )


class SourcePatch(In):
    """`access` and `secrets` take the place of what is kept; null takes it away. `params`: all of them; what they name
    is listened to from then on."""

    name: str | None = Field(default=None, max_length=200)
    take: Literal["all", "matching"] | None = None
    purpose: Purpose | None = None
    params: dict[str, str] | None = Field(default=None, max_length=10)
    access: AccessIn | None = None
    secrets: dict[str, str] | None = Field(default=None, max_length=10)
    version: int


class SourceOut(Out):
    id: Id
    brand_id: Id
    kind: str
    url: str
    feed_url: str
    params: dict[str, str]
    name: str
    take: str
    purpose: Purpose
    keyword_id: MaybeId
    state: str
    next_poll_at: MaybeMoment
    last_polled_at: MaybeMoment
    listening_since: MaybeMoment = Field(description="of what is listened to without a break, while it is")
    last_error: str
    last_error_text: str = Field(description="what exactly happened, in English: for those who mend it")
    answered_on: str | None = Field(description="where the last poll failed: the UTC day of the last one that did not")
    interval_s: int
    push: str = Field(
        description="whether a hub tells of its news by itself: working, asked, refused, broken (it missed something); "
        "empty where it names none"
    )
    access: AccessOut | None
    secrets: list[str] = Field(description="names of what is kept sealed, of those its kind has")
    items_per_week: float | None = Field(description="over the last four weeks; null before the first answer")
    version: int


class SourceList(PageOf[SourceOut]):
    """Sources, in the order in which they were made."""


class SourceKindQuery(Query):
    brand_id: str | None = None


class SourceParamOut(Out):
    """One thing a person says of a source of this kind."""

    name: str
    label: str = Field(description="the key of its label in the words of the interface")
    required: bool
    example: str
    fits: str = Field(description="what can be said, in words")
    choices: list[str]


class SourceKindOut(Out):
    """`asked`: heard by itself; by the round, where the brand's has a page of it (of one of the brands, where none is
    named); or not at all, and then `why`. `needs`: names of the required params."""

    kind: str
    name: str
    purpose: Purpose | None = Field(description="what it is usually listened to for; null where it cannot be asked")
    params: list[SourceParamOut]
    secrets: list[SourceParamOut] = Field(description="what is kept sealed, and never shown again")
    own_access: bool = Field(description="whether headers or a log-in of its own may be given")
    needs: list[str]
    examples: list[str] = Field(description="addresses that may be pasted as `url` instead of params")
    take: str = Field(description="what its sources take unless said otherwise; empty: by the brand")
    keyword_search: bool
    by_hand: bool = Field(description="whether a person can make a source of it; else it comes with a keyword")
    asked: Literal["by itself", "by the round", "cannot"]
    why: str


class SourceKindList(Out):
    items: list[SourceKindOut]
    next_cursor: str | None = None


def sources_out(session: Session, sources: Sequence[Source]) -> list[SourceOut]:
    """In five queries however many there are."""
    found = domain.read_sources(session, sources)
    feeds = {facts.feed.id: facts.feed for facts in found}
    weekly = items_per_week(session, feeds.values(), now=now())
    answered = last_answers(session, [feed.id for feed in feeds.values() if feed.last_error])
    for feed_id in [feed.id for feed in feeds.values() if feed.last_error and feed.id not in answered]:
        weekly.pop(feed_id, None)  # it may say much that nobody has heard yet
    pushed = push_states(session, list(feeds), now=now())
    return [
        _source_out(facts, weekly.get(facts.feed.id), answered.get(facts.feed.id), pushed.get(facts.feed.id, ""))
        for facts in found
    ]


def _source_out(facts: domain.SourceFacts, weekly: float | None, answered_on: str | None, pushed: str) -> SourceOut:
    source, feed = facts.source, facts.feed
    return SourceOut(
        id=str(source.id),
        brand_id=str(source.brand_id),
        kind=feed.kind,
        url=source.url,
        feed_url=feed.address,
        params=domain.said_params(source, feed),
        name=source.name or feed.title,
        take=source.take,
        purpose=cast(Purpose, source.purpose),
        keyword_id=str(source.keyword_id) if source.keyword_id is not None else None,
        state=facts.state,
        next_poll_at=feed.due_at,
        last_polled_at=feed.last_polled_at,
        listening_since=domain.listening_since(feed, now=now()),
        last_error=feed.last_error,
        last_error_text=feed.last_error_text,
        answered_on=answered_on,
        interval_s=feed.interval_s,
        push=pushed,
        access=access_out(feed),
        secrets=secret_names(feed),
        items_per_week=weekly,
        version=source.version,
    )


def sources_blueprint() -> APIBlueprint:
    bp = make_blueprint("sources")

    @bp.get("/sources")
    @bp.input(PageQuery, location="query")
    @bp.output(SourceList)
    def get_sources(query_data: PageQuery) -> SourceList:
        after = _read_cursor(query_data.cursor)
        with runtime().db.read() as session:
            brand_ids = brands_of(session, query_data.brand_id)
            found = domain.list_sources(session, brand_ids, after=after, limit=query_data.limit + 1)
            page = found[: query_data.limit]
            more = encode_cursor([page[-1].id]) if len(found) > len(page) else None
            return SourceList(items=sources_out(session, page), next_cursor=more)

    @bp.get("/sources/kinds")
    @bp.input(SourceKindQuery, location="query")
    @bp.output(SourceKindList)
    def get_source_kinds(query_data: SourceKindQuery) -> SourceKindList:
        with runtime().db.read() as session:
            brand_ids = brands_of(session, query_data.brand_id)
            visited = networks_in_round(session, brand_ids)
            connected = {account.network for account in list_accounts(session, brand_ids)}
        can = [_kind_out(kind, connected) for kind in KINDS.values() if not kind.account]
        cannot = [
            SourceKindOut(
                kind=kind,
                name=name,
                purpose=None,
                params=[],
                secrets=[],
                own_access=False,
                needs=[],
                examples=[],
                take="",
                keyword_search=False,
                by_hand=False,
                asked="by the round" if kind.removesuffix("_search") in visited else "cannot",
                why=why,
            )
            for kind, name, why in CANNOT_BE_ASKED
        ]
        return SourceKindList(items=[*can, *cannot])

    @bp.get("/sources/<id>")
    @bp.output(SourceOut)
    def get_source(id: str) -> SourceOut:
        with runtime().db.read() as session:
            return _out(session, _visible(session, id))

    @bp.post("/sources")
    @bp.input(SourceIn)
    @bp.output(SourceOut, status_code=201)
    def post_source(json_data: SourceIn) -> object:
        with runtime().db.read() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")
        kind, title = json_data.kind or "feed", ""
        url, params, access = without_login(kind, json_data.url, json_data.params, json_data.access)
        if url and not json_data.kind:
            through = replace(runtime(), http=http_with(access, url))
            can = [name for name, one in KINDS.items() if one.own_access or access is None]
            found = find_best(through, url, kinds=can)
            kind, params, title = found.kind, dict(found.params), found.title
        elif not json_data.kind:
            raise Invalid("What shall be listened to?", fields={"url": "an address, or a kind with its params"})
        elif url:
            params = {**params_of_address(kind, url), **params}
        site = url or params.get(KINDS[kind].place, "") if kind in KINDS else ""
        sealed = seal(kind, site, access, json_data.secrets)
        with runtime().db.write() as session:

            def create() -> SourceOut:
                source = domain.create_source(
                    session,
                    brand_id,
                    kind,
                    params,
                    url=url,
                    name=json_data.name,
                    title=title,
                    take=json_data.take,
                    purpose=json_data.purpose or "",
                    sealed=sealed,
                    now=now(),
                )
                return _out(session, source)

            made = create_once(session, json_data, create)
        backfill_source(runtime(), int(_id_of(made)))
        return made

    @bp.patch("/sources/<id>")
    @bp.input(SourcePatch)
    @bp.output(SourceOut)
    def patch_source(id: str, json_data: SourcePatch) -> SourceOut:
        apart = {"version", "params", "access", "secrets"}
        values = json_data.model_dump(exclude_unset=True, exclude=apart, exclude_none=True)
        sealed, params = None, json_data.params
        with runtime().db.read() as session:
            source = _own(session, id)
            feed = domain.feed_of(session, source)
        access = json_data.access
        if params is not None:
            _, params, access = without_login(feed.kind, "", params, access)
        if json_data.model_fields_set & {"access", "secrets"} or access is not None:
            site = (params or {}).get(KINDS[feed.kind].place, "") or source.url
            sealed = seal(feed.kind, site, access, json_data.secrets or {})
        with runtime().db.write() as session:
            source = _own(session, id)
            try:
                changed = domain.change_source(session, source.id, values, version=json_data.version, now=now())
                if sealed is not None or params is not None:
                    changed = domain.point_source(session, source.id, params, sealed=sealed, now=now())
            except Conflict as conflict:
                current = _out(session, source).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None
            return _out(session, changed)

    @bp.post("/sources/<id>/poll")
    @bp.output(SourceOut, status_code=202)
    def poll_source(id: str) -> SourceOut:
        with runtime().db.write() as session:
            source = _visible(session, id)
            caller().need(source.brand_id, "contributor")
            return _out(session, domain.poll_source(session, source.id, now=now()))

    @bp.post("/sources/<id>/find")
    @bp.output(SourceOut)
    def find_source(id: str) -> SourceOut:
        """Where its address leads to no feed any more: look for the feed on its site, and listen to that one."""
        with runtime().db.read() as session:
            facts = domain.read_sources(session, [_own(session, id)])[0]
        if facts.feed.kind not in READ_AS_FEEDS:
            raise Invalid("This has no address of its own.", code="no_feed")
        found = find_again(replace(runtime(), http=http_for(facts.feed)), facts)
        with runtime().db.write() as session:
            source = _own(session, id)
            params, title = found.params, found.title
            return _out(session, domain.point_source(session, source.id, params, title=title, now=now()))

    @bp.delete("/sources/<id>")
    @bp.output(Empty)
    def delete_source(id: str) -> Empty:
        with runtime().db.write() as session:
            domain.remove_source(session, _own(session, id).id, now=now())
        return Empty()

    @bp.post("/sources/<id>/restore")
    @bp.output(SourceOut)
    def restore_source(id: str) -> SourceOut:
        with runtime().db.write() as session:
            source = domain.restore_source(session, parse_id(id, "source"), now=now())
            caller().need(source.brand_id, "editor")  # refusing here undoes the transaction
            return _out(session, source)

    return bp


def _params_out(params: Sequence[Param]) -> list[SourceParamOut]:
    return [
        SourceParamOut(
            name=one.name,
            label=f"source_param_{one.name}",
            required=not one.optional,
            example=one.example,
            fits=one.fits,
            choices=list(one.choices),
        )
        for one in params
        if not one.drawn
    ]


def _kind_out(kind: SourceKind, connected: Collection[str]) -> SourceKindOut:
    closed = kind.signed and kind.signed not in connected
    return SourceKindOut(
        kind=kind.kind,
        name=kind.name,
        purpose=kind.purpose,
        params=_params_out(kind.params),
        secrets=_params_out(kind.secrets),
        own_access=kind.own_access,
        needs=list(kind.needs),
        examples=list(kind.examples),
        take=kind.take,
        keyword_search=kind.keyword_search,
        by_hand=not kind.signed,
        asked="cannot" if closed else "by itself",
        why="account_needed" if closed else "",
    )


def _out(session: Session, source: Source) -> SourceOut:
    return sources_out(session, [source])[0]


def _visible(session: Session, id: str) -> Source:
    source = domain.get_source(session, parse_id(id, "source"))
    caller().need(source.brand_id, "viewer")
    return source


def _own(session: Session, id: str) -> Source:
    source = domain.get_source(session, parse_id(id, "source"))
    caller().need(source.brand_id, "editor")
    return source


def _id_of(made: SourceOut | dict[str, Any]) -> str:
    return str(made["id"]) if isinstance(made, dict) else made.id


def _read_cursor(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    (last_id,) = decode_cursor(cursor, 1)
    if not isinstance(last_id, int) or not 0 <= last_id < 2**62:
        raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"})
    return last_id
