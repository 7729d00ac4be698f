"""`/channels`: where messages go out. Secrets go in and never come back."""

from __future__ import annotations

import secrets as random_secrets
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
    PageQuery,
    brand_of,
    brands_of,
    caller,
    create_once,
    make_blueprint,
    now,
    parse_id,
    runtime,
)
from backend.automation import channels as domain
from backend.automation.deliver import try_channel
from backend.automation.models import CHANNEL_KINDS, Channel
from backend.automation.notify import language_of, notify
from backend.connectors.notices.base import Refused, Sent, Setup, TryLater
from backend.connectors.notices.kinds import SENDERS
from backend.infra.crypto import SecretUnreadable
from backend.infra.errors import Conflict
from backend.infra.words import say

SetupIn = dict[str, str | int | list[str]]


class ChannelIn(In):
    brand_id: str | None = None
    kind: str
    name: str = Field(default="", max_length=400)
    setup: SetupIn = Field(default_factory=dict, max_length=20)
    takes: list[str] | None = Field(default=None, max_length=20)
    like: str | None = Field(default=None, description="A channel of the same kind whose settings are taken over.")


class ChannelPatch(In):
    name: str | None = Field(default=None, max_length=400)
    setup: SetupIn | None = Field(default=None, max_length=20)
    takes: list[str] | None = Field(default=None, max_length=20)
    paused: bool | None = None
    version: int


class ChannelOut(Out):
    """`setup`: what may be shown. `signing_secret`: of a webhook, once, in the answer that made it."""

    id: Id
    brand_id: Id
    kind: str
    name: str
    setup: dict[str, Any]
    secrets: list[str]
    takes: list[str]
    paused: bool
    state: str
    error_code: str
    error: str
    failing_since: MaybeMoment
    sent_at: MaybeMoment
    signing_secret: str | None = None
    version: int


class ChannelList(Out):
    items: list[ChannelOut]
    next_cursor: str | None = None


class FieldOut(Out):
    name: str
    secret: bool
    needed: bool
    kind: str
    default: str
    choices: list[str]


class ChannelKindOut(Out):
    kind: str
    fields: list[FieldOut]


class ChannelKindList(Out):
    items: list[ChannelKindOut]


class TestOut(Out):
    """`ok`: the other side took it. `code` says what happened, `message` in the other side's words."""

    ok: bool
    code: str
    message: str
    channel: ChannelOut


def channel_out(channel: Channel) -> ChannelOut:
    secret = [field.name for field in SENDERS[channel.kind].fields if field.secret] if channel.kind in SENDERS else []
    return ChannelOut(
        id=str(channel.id),
        brand_id=str(channel.brand_id),
        kind=channel.kind,
        name=channel.name,
        setup=channel.params,
        secrets=secret if channel.secret else [],
        takes=channel.takes,
        paused=channel.paused,
        state=channel.state,
        error_code=channel.error_code,
        error=channel.error,
        failing_since=channel.failing_since,
        sent_at=channel.sent_at,
        version=channel.version,
    )


def channels_blueprint() -> APIBlueprint:
    bp = make_blueprint("channels")

    @bp.get("/channels")
    @bp.input(PageQuery, location="query")
    @bp.output(ChannelList)
    def get_channels(query_data: PageQuery) -> ChannelList:
        with runtime().db.read() as session:
            found = domain.list_channels(session, brands_of(session, query_data.brand_id))
            return ChannelList(items=[channel_out(one) for one in found])

    @bp.get("/channels/kinds")
    @bp.output(ChannelKindList)
    def get_channel_kinds() -> ChannelKindList:
        kinds = [
            ChannelKindOut(
                kind=kind,
                fields=[FieldOut.model_validate(field) for field in SENDERS[kind].fields] if kind in SENDERS else [],
            )
            for kind in CHANNEL_KINDS
        ]
        return ChannelKindList(items=kinds)

    @bp.get("/channels/<id>")
    @bp.output(ChannelOut)
    def get_channel(id: str) -> ChannelOut:
        with runtime().db.read() as session:
            channel = domain.get_channel(session, parse_id(id, "channel"))
            caller().need(channel.brand_id, "viewer")
            return channel_out(channel)

    @bp.post("/channels")
    @bp.input(ChannelIn)
    @bp.output(ChannelOut, status_code=201)
    def post_channel(json_data: ChannelIn) -> object:
        outside = json_data.kind != "browser"
        with runtime().db.read() as session:
            brand_id = brand_of(session, json_data.brand_id, "owner" if outside else "editor")
            known = _settings_like(session, json_data.like, json_data.kind)
        setup = domain.check_setup(json_data.kind, {**known, **_filled(json_data.setup)}, runtime().settings)
        given = bool(json_data.setup.get("signing_secret"))
        with runtime().db.write() as session:

            def create() -> ChannelOut:
                if not outside:
                    return channel_out(domain.browser_channel(session, brand_id, now=now()))
                made = domain.create_channel(
                    session,
                    brand_id,
                    json_data.kind,
                    setup,
                    _sealed(setup),
                    name=json_data.name,
                    takes=json_data.takes,
                    now=now(),
                )
                once = None if given else setup.secrets.get("signing_secret")
                return channel_out(made).model_copy(update={"signing_secret": once})

            return create_once(session, json_data, create)

    @bp.patch("/channels/<id>")
    @bp.input(ChannelPatch)
    @bp.output(ChannelOut)
    def patch_channel(id: str, json_data: ChannelPatch) -> ChannelOut:
        with runtime().db.read() as session:
            channel = _own(session, id)
            changed: tuple[Setup, str] | None = None
            if json_data.setup is not None:
                known = domain.known_values(channel.kind, _opened(channel))
                setup = domain.check_setup(channel.kind, {**known, **_filled(json_data.setup)}, runtime().settings)
                left = {"left": channel.params["left"]} if "left" in channel.params else {}
                changed = (Setup({**setup.params, **left}, setup.secrets), _sealed(setup))
        with runtime().db.write() as session:
            channel = _own(session, id)
            try:
                return channel_out(
                    domain.change_channel(
                        session,
                        channel.id,
                        version=json_data.version,
                        name=json_data.name,
                        takes=json_data.takes,
                        paused=json_data.paused,
                        setup=changed,
                        now=now(),
                    )
                )
            except Conflict as conflict:
                current = channel_out(channel).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None

    @bp.delete("/channels/<id>")
    @bp.output(Empty)
    def delete_channel(id: str) -> Empty:
        with runtime().db.write() as session:
            domain.remove_channel(session, _own(session, id).id, now=now())
        return Empty()

    @bp.post("/channels/<id>/restore")
    @bp.output(ChannelOut)
    def restore_channel(id: str) -> ChannelOut:
        with runtime().db.write() as session:
            channel = domain.restore_channel(session, parse_id(id, "channel"), now=now())
            _need(channel)  # refusing here undoes the transaction
            return channel_out(channel)

    @bp.post("/channels/<id>/test")
    @bp.output(TestOut)
    def test_channel(id: str) -> TestOut:
        with runtime().db.read() as session:
            channel = _own(session, id)
        if channel.kind == "browser":
            _say_in_browsers(channel)
            return TestOut(ok=True, code="sent", message="", channel=channel_out(channel))
        outcome = try_channel(runtime(), channel.id, key=random_secrets.token_hex(16))
        with runtime().db.read() as session:
            after = channel_out(domain.get_channel(session, channel.id))
        match outcome:
            case Sent(note):
                return TestOut(ok=True, code=note or "sent", message="", channel=after)
            case TryLater(code, message) | Refused(code, message):
                return TestOut(ok=False, code=code, message=message, channel=after)

    return bp


def _say_in_browsers(channel: Channel) -> None:
    with runtime().db.write() as session:
        language = language_of(session, channel.brand_id)
        notify(
            session,
            brand_id=channel.brand_id,
            kind="test",
            title=say(language, "alert_test_title", brand=channel.name),
            body=say(language, "alert_test_body"),
            channel_ids=[channel.id],
            now=now(),
        )


def _filled(setup: SetupIn) -> dict[str, Any]:
    """An empty secret keeps what is there; an empty list or text that is no secret is an answer."""
    secret = {field.name for sender in SENDERS.values() for field in sender.fields if field.secret}
    return {name: value for name, value in setup.items() if value != "" or name not in secret}


def _settings_like(session: Session, like: str | None, kind: str) -> dict[str, Any]:
    if like is None:
        return {}
    other = domain.get_channel(session, parse_id(like, "channel"))
    caller().need(other.brand_id, "owner")
    return domain.known_values(kind, _opened(other)) if other.kind == kind else {}


def _opened(channel: Channel) -> Setup:
    try:
        return domain.open_setup(channel, runtime().vault)
    except SecretUnreadable:
        return Setup(channel.params)  # the fields that are missing will say so


def _sealed(setup: Setup) -> str:
    return runtime().vault.seal(setup.secrets) if setup.secrets else ""


def _own(session: Session, id: str) -> Channel:
    channel = domain.get_channel(session, parse_id(id, "channel"))
    _need(channel)
    return channel


def _need(channel: Channel) -> None:
    caller().need(channel.brand_id, "editor" if channel.kind == "browser" else "owner")
