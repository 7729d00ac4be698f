"""`/rules`: when something happens to a mention, if something holds, then something is done, else something other."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from pydantic import ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from backend.api.base import (
    Empty,
    Id,
    In,
    MaybeId,
    MaybeMoment,
    Moment,
    Out,
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
    parse_moment,
    runtime,
)
from backend.automation.rules import book, runs
from backend.automation.rules.dry_run import dry_run
from backend.automation.rules.language import Do, If, RuleBody, When
from backend.automation.rules.models import Rule, RuleRun
from backend.automation.rules.ready import ready_rules
from backend.inbox.mentions import Actor
from backend.inbox.models import Mention
from backend.inbox.telling import read_mentions
from backend.infra.clock import rfc3339
from backend.infra.errors import Conflict, Invalid, Malformed

WORDS_SHOWN = 300


class RuleIn(RuleBody):
    brand_id: str | None = None
    name: Annotated[str, Field(min_length=1, max_length=book.MAX_NAME)]
    ready: Annotated[str, Field(max_length=40)] = Field(default="", description="the ready rule it was made from")
    enabled: bool = False


class RulePatch(In):
    """`when`, `if`, `then` and `else` are replaced as they are given; what is not given stays."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    version: int = Field(ge=1)
    name: Annotated[str, Field(min_length=1, max_length=book.MAX_NAME)] | None = None
    when: When | None = None
    if_: If | None = Field(default=None, alias="if")
    then: Do | None = None
    else_: Do | None = Field(default=None, alias="else")
    enabled: bool | None = None


class DryRunIn(RuleBody):
    brand_id: str | None = None


class OrderIn(In):
    brand_id: str | None = None
    ids: list[str] = Field(max_length=book.MOST_RULES)


class UndoIn(In):
    since: str = Field(max_length=40, description="all that it did from then on")


class RunQuery(PageQuery):
    rule_id: str | None = None


class BodyOut(Out):
    model_config = ConfigDict(from_attributes=True, serialize_by_alias=True, validate_by_name=True)

    when: When
    if_: If = Field(alias="if")
    then: Do
    else_: Do = Field(alias="else")


class RuleOut(BodyOut):
    id: Id
    brand_id: Id
    name: str
    ready: str
    place: int
    enabled: bool
    enabled_at: MaybeMoment
    error: str = Field(description="why it was switched off by itself: a code, or nothing")
    error_at: MaybeMoment
    version: int


class RuleList(Out):
    items: list[RuleOut]


class ReadyOut(BodyOut):
    key: str
    name: str
    needs: str = Field(description="member: whom it assigns to is to be chosen; or nothing")


class ReadyList(Out):
    items: list[ReadyOut]


class RuleMentionOut(Out):
    id: Id
    url: str
    author: str
    title: str
    text: str
    at: Moment


class RunOut(Out):
    id: Id
    brand_id: Id
    rule_id: Id
    rule_version: int
    mention_id: MaybeId
    mention: RuleMentionOut | None
    at: Moment
    event: Literal["arrives", "changes", "waited"]
    branch: Literal["then", "else"]
    before: dict[str, Any]
    after: dict[str, Any]
    said: bool
    undoable: bool
    undone_at: MaybeMoment
    undone_by: str
    kept: bool = Field(description="undone but for what somebody had changed since")


class RunList(Out):
    items: list[RunOut]
    next_cursor: str | None = None


class ExampleOut(Out):
    mention: RuleMentionOut
    branch: Literal["then", "else"]
    changes: dict[str, Any]


class DryRunOut(Out):
    looked_at: int
    more: bool
    then: int
    otherwise: int
    changed: int
    would: dict[str, int]
    examples: list[ExampleOut]


class TakenBackOut(Out):
    undone: int
    kept: int
    more: bool


def rule_out(rule: Rule) -> RuleOut:
    plain = {name: getattr(rule, name) for name in RuleOut.model_fields if hasattr(rule, name)}
    return RuleOut(**plain, **_parts(RuleBody.model_validate(rule.body)))


def _parts(body: RuleBody) -> dict[str, Any]:
    return {"when": body.when, "if_": body.if_, "then": body.then, "else_": body.else_}


def _body(given: RuleIn | DryRunIn) -> RuleBody:
    return RuleBody(**_parts(given))


def _mention_out(mention: Mention) -> RuleMentionOut:
    plain = {name: getattr(mention, name) for name in ("id", "url", "author", "title")}
    return RuleMentionOut(**plain, text=mention.text[:WORDS_SHOWN], at=mention.sorted_at)


def _changes_out(changes: Any) -> dict[str, Any]:
    return {name: rfc3339(value) if hasattr(value, "isoformat") else value for name, value in changes.items()}


def runs_out(session: Session, found: list[RuleRun]) -> list[RunOut]:
    ids = {run.mention_id for run in found if run.mention_id is not None}
    mentions = {mention.id: mention for mention in read_mentions(session, ids)}
    items = []
    for run in found:
        plain = {name: getattr(run, name) for name in RunOut.model_fields if hasattr(run, name)}
        mention = mentions.get(run.mention_id or 0)
        undoable = bool(run.act) and run.undone_at is None and mention is not None
        items.append(RunOut(**plain, mention=_mention_out(mention) if mention else None, undoable=undoable))
    return items


def rules_blueprint() -> APIBlueprint:
    bp = make_blueprint("rules")

    @bp.get("/rules")
    @bp.input(PageQuery, location="query")
    @bp.output(RuleList)
    def get_rules(query_data: PageQuery) -> RuleList:
        with runtime().db.read() as session:
            found = book.list_rules(session, brands_of(session, query_data.brand_id))
            return RuleList(items=[rule_out(rule) for rule in found])

    @bp.get("/rules/ready")
    @bp.input(PageQuery, location="query")
    @bp.output(ReadyList)
    @bp.doc(summary="Ten rules that are ready to be switched on, in the brand's language")
    def get_ready_rules(query_data: PageQuery) -> ReadyList:
        with runtime().db.read() as session:
            brand_id = brand_of(session, query_data.brand_id, "viewer")
            found = ready_rules(session, brand_id, member_id=caller().member_id)
            return ReadyList(
                items=[ReadyOut(key=one.key, name=one.name, needs=one.needs, **_parts(one.body)) for one in found]
            )

    @bp.get("/rules/<id>")
    @bp.output(RuleOut)
    def get_rule(id: str) -> RuleOut:
        with runtime().db.read() as session:
            return rule_out(_rule(session, id, "viewer"))

    @bp.post("/rules")
    @bp.input(RuleIn)
    @bp.output(RuleOut, status_code=201)
    def post_rule(json_data: RuleIn) -> object:
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")
            return create_once(session, json_data, lambda: rule_out(_create(session, brand_id, json_data)))

    @bp.patch("/rules/<id>")
    @bp.input(RulePatch)
    @bp.output(RuleOut)
    def patch_rule(id: str, json_data: RulePatch) -> RuleOut:
        with runtime().db.write() as session:
            rule = _rule(session, id, "editor")
            try:
                changed = book.change_rule(
                    session,
                    rule.id,
                    version=json_data.version,
                    name=json_data.name,
                    body=_patched(rule, json_data),
                    enabled=json_data.enabled,
                    now=now(),
                )
            except Conflict as conflict:
                current = rule_out(rule).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None
            return rule_out(changed)

    @bp.delete("/rules/<id>")
    @bp.output(Empty)
    def delete_rule(id: str) -> Empty:
        with runtime().db.write() as session:
            book.remove_rule(session, _rule(session, id, "editor").id, now=now())
        return Empty()

    @bp.post("/rules/<id>/restore")
    @bp.output(RuleOut)
    @bp.doc(summary="Bring back a rule that was put away; it comes back switched off")
    def restore_rule(id: str) -> RuleOut:
        with runtime().db.write() as session:
            rule = book.restore_rule(session, parse_id(id, "rule"), now=now())
            caller().need(rule.brand_id, "editor")  # refusing here undoes the transaction
            return rule_out(rule)

    @bp.post("/rules/<id>/undo")
    @bp.input(UndoIn)
    @bp.output(TakenBackOut)
    @bp.doc(summary="Take back all that a rule did since a time, the last first; call again while there is more")
    def undo_rule(id: str, json_data: UndoIn) -> TakenBackOut:
        since = parse_moment(json_data.since, "since")
        with runtime().db.write() as session:
            rule = book.get_rule(session, parse_id(id, "rule"), removed=True)
            caller().need(rule.brand_id, "editor")
            return TakenBackOut.model_validate(runs.undo_since(session, rule.id, since, by=_by(), now=now()))

    @bp.post("/rules/order")
    @bp.input(OrderIn)
    @bp.output(RuleList)
    def order_rules(json_data: OrderIn) -> RuleList:
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")
            ids = [parse_id(one, "rule") for one in json_data.ids]
            return RuleList(items=[rule_out(rule) for rule in book.order_rules(session, brand_id, ids, now=now())])

    @bp.post("/rules/dry-run")
    @bp.input(DryRunIn)
    @bp.output(DryRunOut)
    @bp.doc(summary="What this rule would have done in the last 30 days; nothing is changed")
    def post_dry_run(json_data: DryRunIn) -> DryRunOut:
        with runtime().db.read() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")
            found = dry_run(session, brand_id, _body(json_data), now=now())
            examples = [
                ExampleOut(mention=_mention_out(one.mention), branch=one.branch, changes=_changes_out(one.changes))
                for one in found.examples
            ]
            plain = {name: getattr(found, name) for name in DryRunOut.model_fields if name != "examples"}
            return DryRunOut(**plain, examples=examples)

    @bp.get("/rules/runs")
    @bp.input(RunQuery, location="query")
    @bp.output(RunList)
    @bp.doc(summary="What rules did, newest first")
    def get_runs(query_data: RunQuery) -> RunList:
        before = None
        if query_data.cursor:
            (before,) = decode_cursor(query_data.cursor, 1)
            if not isinstance(before, int) or abs(before) >= 2**62:
                raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"})
        rule_id = parse_id(query_data.rule_id, "rule") if query_data.rule_id else None
        with runtime().db.read() as session:
            brands = brands_of(session, query_data.brand_id)
            found = runs.list_runs(session, brands, rule_id=rule_id, before=before, limit=query_data.limit)
            full = len(found) == query_data.limit
            return RunList(
                items=runs_out(session, found), next_cursor=encode_cursor([found[-1].id]) if full and found else None
            )

    @bp.post("/rules/runs/<id>/undo")
    @bp.output(RunOut)
    @bp.doc(summary="Take back what one run changed; what somebody changed since stays")
    def undo_run(id: str) -> RunOut:
        with runtime().db.write() as session:
            run = runs.get_run(session, parse_id(id, "run"))
            caller().need(run.brand_id, "contributor")
            return runs_out(session, [runs.undo_run(session, run.id, by=_by(), now=now())])[0]

    return bp


def _by() -> Actor:
    return Actor(caller().member_id, caller().name, person=True)


def _create(session: Session, brand_id: int, given: RuleIn) -> Rule:
    return book.create_rule(
        session,
        brand_id,
        name=given.name,
        body=_body(given),
        enabled=given.enabled,
        ready=given.ready,
        now=now(),
    )


def _patched(rule: Rule, given: RulePatch) -> RuleBody | None:
    """The rule as it would be; None where its body is not touched. Raises Invalid."""
    parts = {"when": given.when, "if": given.if_, "then": given.then, "else": given.else_}
    new = {name: part.model_dump(mode="json", exclude_defaults=True) for name, part in parts.items() if part}
    if not new:
        return None
    try:
        return RuleBody.model_validate({**rule.body, **new})
    except ValidationError as problem:
        why = {".".join(map(str, one["loc"])) or "then": one["msg"] for one in problem.errors()}
        raise Invalid("This rule cannot be saved like this.", fields=why) from None


def _rule(session: Session, id: str, role: Literal["viewer", "editor"]) -> Rule:
    rule = book.get_rule(session, parse_id(id, "rule"))
    caller().need(rule.brand_id, role)
    return rule
