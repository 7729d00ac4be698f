"""`/alerts`: who wants to hear of what, how soon and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from backend.api.base import (
    Empty,
    Id,
    In,
    MaybeId,
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
from backend.automation import alerts as domain
from backend.automation.looking import preview_alert
from backend.automation.models import Alert
from backend.automation.subject import alert_name
from backend.connectors.notices.letter import html_letter, text_letter
from backend.infra.crypto import SecretUnreadable
from backend.infra.errors import Conflict


class AlertFields(In):
    """Neither keyword nor search: all that is said about the brand."""

    keyword_id: str | None = None
    search_id: str | None = None
    rhythm: Literal["at_once", "hourly", "daily", "weekly"] = "at_once"
    hour: int = Field(default=8, ge=0, le=23)
    weekday: int = Field(default=0, ge=0, le=6, description="0 is Monday.")
    quiet_from: str = Field(default="", max_length=5)
    quiet_until: str = Field(default="", max_length=5)
    proof: bool = False
    channel_ids: list[str] = Field(default_factory=list, max_length=20)
    paused: bool = False


class AlertIn(AlertFields):
    brand_id: str | None = None


class AlertPatch(AlertFields):
    version: int


class FeedAddressOut(Out):
    atom: str
    json_feed: str


class AlertOut(Out):
    """`feed`: its secret addresses, for those who may change alerts. `waiting`: stories of the next message."""

    id: Id
    brand_id: Id
    keyword_id: MaybeId
    search_id: MaybeId
    name: str
    rhythm: str
    hour: int
    weekday: int
    quiet_from: str
    quiet_until: str
    proof: bool
    channel_ids: list[str]
    paused: bool
    has_feed: bool
    feed: FeedAddressOut | None
    waiting: int
    next_at: MaybeMoment
    told_at: MaybeMoment
    version: int


class AlertList(Out):
    items: list[AlertOut]
    next_cursor: str | None = None


class AlertPreviewOut(Out):
    """The next message as it would be now; all empty where nothing waits."""

    title: str
    body: str
    html: str
    text: str
    stories: int
    posts: int
    next_at: MaybeMoment


def alerts_out(session: Session, alerts: Sequence[Alert]) -> list[AlertOut]:
    waiting = domain.count_waiting(session, [alert.id for alert in alerts])
    return [
        AlertOut(
            id=str(alert.id),
            brand_id=str(alert.brand_id),
            keyword_id=alert.keyword_id,
            search_id=alert.search_id,
            name=alert_name(session, alert),
            rhythm=alert.rhythm,
            hour=alert.hour,
            weekday=alert.weekday,
            quiet_from=alert.quiet_from,
            quiet_until=alert.quiet_until,
            proof=alert.proof,
            channel_ids=alert.channel_ids,
            paused=alert.paused,
            has_feed=alert.feed_hash is not None,
            feed=_feed_of(alert),
            waiting=waiting.get(alert.id, 0),
            next_at=alert.due_at,
            told_at=alert.told_at,
            version=alert.version,
        )
        for alert in alerts
    ]


def alert_out(session: Session, alert: Alert) -> AlertOut:
    return alerts_out(session, [alert])[0]


def _feed_of(alert: Alert) -> FeedAddressOut | None:
    if not alert.feed_secret or not caller().may(alert.brand_id, "editor"):
        return None
    try:
        secret = runtime().vault.open(alert.feed_secret)["feed"]
    except SecretUnreadable:
        return None  # moved without its key: the feed goes on, its address can be made anew
    base = f"{runtime().settings.outside_url}/-/feeds/{secret}"
    return FeedAddressOut(atom=f"{base}.atom", json_feed=f"{base}.json")


def alerts_blueprint() -> APIBlueprint:
    bp = make_blueprint("alerts")

    @bp.get("/alerts")
    @bp.input(PageQuery, location="query")
    @bp.output(AlertList)
    def get_alerts(query_data: PageQuery) -> AlertList:
        with runtime().db.read() as session:
            found = domain.list_alerts(session, brands_of(session, query_data.brand_id))
            return AlertList(items=alerts_out(session, found))

    @bp.get("/alerts/<id>")
    @bp.output(AlertOut)
    def get_alert(id: str) -> AlertOut:
        with runtime().db.read() as session:
            return alert_out(session, _alert(session, id, "viewer"))

    @bp.get("/alerts/<id>/preview")
    @bp.output(AlertPreviewOut)
    def get_alert_preview(id: str) -> AlertPreviewOut:
        with runtime().db.read() as session:
            alert = _alert(session, id, "viewer")
            found = preview_alert(session, alert, runtime().settings, now=now())
        if found is None:
            return AlertPreviewOut(title="", body="", html="", text="", stories=0, posts=0, next_at=alert.due_at)
        digest, notice = found
        return AlertPreviewOut(
            title=notice.title,
            body=notice.body,
            html=html_letter(notice),
            text=text_letter(notice),
            stories=digest.stories,
            posts=digest.posts,
            next_at=alert.due_at,
        )

    @bp.post("/alerts")
    @bp.input(AlertIn)
    @bp.output(AlertOut, status_code=201)
    def post_alert(json_data: AlertIn) -> object:
        values = _values(json_data.model_dump(exclude={"brand_id"}))
        with runtime().db.write() as session:
            brand_id = brand_of(session, json_data.brand_id, "editor")
            return create_once(
                session,
                json_data,
                lambda: alert_out(session, domain.create_alert(session, brand_id, values, now=now())),
            )

    @bp.patch("/alerts/<id>")
    @bp.input(AlertPatch)
    @bp.output(AlertOut)
    def patch_alert(id: str, json_data: AlertPatch) -> AlertOut:
        values = _values(json_data.model_dump(exclude_unset=True, exclude={"version"}))
        with runtime().db.write() as session:
            alert = _alert(session, id, "editor")
            try:
                changed = domain.change_alert(session, alert.id, values, version=json_data.version, now=now())
            except Conflict as conflict:
                current = alert_out(session, alert).model_dump(mode="json")
                raise Conflict(conflict.message, extra={"current": current}) from None
            return alert_out(session, changed)

    @bp.delete("/alerts/<id>")
    @bp.output(Empty)
    def delete_alert(id: str) -> Empty:
        with runtime().db.write() as session:
            domain.remove_alert(session, _alert(session, id, "editor").id, now=now())
        return Empty()

    @bp.post("/alerts/<id>/restore")
    @bp.output(AlertOut)
    def restore_alert(id: str) -> AlertOut:
        with runtime().db.write() as session:
            alert = domain.restore_alert(session, parse_id(id, "alert"), now=now())
            caller().need(alert.brand_id, "editor")  # refusing here undoes the transaction
            return alert_out(session, alert)

    @bp.post("/alerts/<id>/feed")
    @bp.output(AlertOut)
    @bp.doc(summary="Give it a feed at a new secret address; an earlier address ends")
    def post_alert_feed(id: str) -> AlertOut:
        with runtime().db.write() as session:
            alert = _alert(session, id, "editor")
            return alert_out(session, domain.open_feed(session, alert.id, runtime().vault, now=now()))

    @bp.delete("/alerts/<id>/feed")
    @bp.output(AlertOut)
    def delete_alert_feed(id: str) -> AlertOut:
        with runtime().db.write() as session:
            alert = _alert(session, id, "editor")
            return alert_out(session, domain.close_feed(session, alert.id, now=now()))

    return bp


def _values(values: dict[str, Any]) -> dict[str, Any]:
    for name, what in (("keyword_id", "keyword"), ("search_id", "saved search")):
        if values.get(name) is not None:
            values[name] = parse_id(values[name], what)
    return values


def _alert(session: Session, id: str, role: Literal["viewer", "editor"]) -> Alert:
    alert = domain.get_alert(session, parse_id(id, "alert"))
    caller().need(alert.brand_id, role)
    return alert
