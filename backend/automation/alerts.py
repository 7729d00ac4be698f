"""Alerts: made, changed, put away; when each is due."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.automation.channels import browser_channel
from backend.automation.models import RHYTHMS, Alert, AlertStory, Channel
from backend.automation.subject import with_subject
from backend.automation.times import GATHER, next_hour_of_week, next_round, quiet_end
from backend.inbox.models import SavedSearch
from backend.inbox.searches import is_of_one_person, read_search
from backend.infra.changes import record_change
from backend.infra.crypto import Vault, hash_token, new_token
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.listening.keywords import get_keyword, set_notify

FIELDS = (
    "keyword_id", "search_id", "rhythm", "hour", "weekday", "quiet_from", "quiet_until", "proof", "channel_ids",
    "paused",
)  # fmt: skip
_FOR_NOBODY = "An alert looks for nobody in particular: name who it is instead of “me” or is:mine."
_ID = re.compile("[0-9]{1,18}")
_WALL = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def list_alerts(session: Session, brand_ids: Collection[int]) -> list[Alert]:
    query = select(Alert).where(Alert.brand_id.in_(brand_ids), Alert.removed_at.is_(None))
    return with_subject(session, list(session.scalars(query.order_by(Alert.brand_id, Alert.id))))


def get_alert(session: Session, alert_id: int, *, lock: bool = False) -> Alert:
    """Raises NotFound."""
    alert = lock_row(session, Alert, alert_id) if lock else session.get(Alert, alert_id)
    if alert is None or alert.removed_at is not None:
        raise NotFound("There is no such alert.")
    return alert


def create_alert(session: Session, brand_id: int, values: Mapping[str, Any], *, now: datetime) -> Alert:
    """`values`: FIELDS where given. Raises Invalid, NotFound."""
    alert = Alert(
        brand_id=brand_id,
        rhythm="at_once",
        hour=8,
        weekday=0,
        quiet_from="",
        quiet_until="",
        proof=False,
        channel_ids=[],
        paused=False,
        feed_secret="",
        fence=0,
        attempts=0,
        worker="",
        created_at=now,
    )
    _set(session, alert, values)
    session.add(alert)
    session.flush()
    return _touched(session, alert, now)


def change_alert(session: Session, alert_id: int, values: Mapping[str, Any], *, version: int, now: datetime) -> Alert:
    """Raises NotFound, Invalid, Conflict (somebody changed it since `version`)."""
    alert = get_alert(session, alert_id, lock=True)
    if alert.version != version:
        raise Conflict("Somebody else changed this alert in the meantime.")
    before = alert.keyword_id
    _set(session, alert, values)
    if before is not None and before != alert.keyword_id:
        _mark_keyword(session, before, now)
    return _touched(session, alert, now)


def remove_alert(session: Session, alert_id: int, *, now: datetime) -> Alert:
    alert = get_alert(session, alert_id)
    alert.removed_at = now
    return _touched(session, alert, now)


def restore_alert(session: Session, alert_id: int, *, now: datetime) -> Alert:
    """Raises NotFound."""
    alert = session.get(Alert, alert_id)
    if alert is None:
        raise NotFound("There is no such alert.")
    alert.removed_at = None
    return _touched(session, alert, now)


def watch_keyword(session: Session, keyword_id: int, wanted: bool, *, now: datetime) -> None:
    """What a keyword's own `notify` means: an alert at once in the browser. Alerts that are there are kept or ended."""
    keyword = get_keyword(session, keyword_id)
    there = list(
        session.scalars(
            select(Alert).where(Alert.keyword_id == keyword_id, Alert.removed_at.is_(None)).order_by(Alert.id)
        )
    )
    if wanted and not any(not alert.paused for alert in there):
        if there:
            there[0].paused = False
            _touched(session, there[0], now)
        else:
            channel = browser_channel(session, keyword.brand_id, now=now)
            values = {"keyword_id": keyword_id, "channel_ids": [str(channel.id)]}
            create_alert(session, keyword.brand_id, values, now=now)
    if not wanted:
        for alert in there:
            alert.paused = True
            _touched(session, alert, now)


def count_waiting(session: Session, alert_ids: Collection[int]) -> dict[int, int]:
    """Stories of the next message of each."""
    query = (
        select(AlertStory.alert_id, func.count())
        .where(AlertStory.alert_id.in_(alert_ids), AlertStory.told_at.is_(None))
        .group_by(AlertStory.alert_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def plan(session: Session, alert: Alert, *, now: datetime) -> None:
    """When it is due next. A round that is planned already stays, unless it is later than the very next one can be."""
    if alert.removed_at is not None or alert.paused:
        alert.round_at = alert.proof_at = alert.due_at = None
        return
    zone = get_brand(session, alert.brand_id).time_zone
    soonest = next_round(alert.rhythm, hour=alert.hour, weekday=alert.weekday, zone=zone, now=now)
    if soonest is not None and (alert.round_at is None or alert.round_at > soonest):
        alert.round_at = soonest
    if soonest is None and alert.round_at is not None:
        quiet = quiet_end(alert.quiet_from, alert.quiet_until, zone, now=now)
        alert.round_at = min(alert.round_at, quiet or now + GATHER)
    if not alert.proof or alert.rhythm == "weekly":
        alert.proof_at = None
    else:
        next_proof = next_hour_of_week(alert.weekday, alert.hour, zone, now=now)
        alert.proof_at = min(alert.proof_at or next_proof, next_proof)
    alert.due_at = min((at for at in (alert.round_at, alert.proof_at) if at is not None), default=None)


def alerts_of_brand(session: Session, brand_id: int) -> list[Alert]:
    """Those that want to hear."""
    query = select(Alert).where(Alert.brand_id == brand_id, Alert.removed_at.is_(None), Alert.paused.is_(False))
    return list(session.scalars(query.order_by(Alert.id)))


def quiet_until(session: Session, brand_id: int, keyword_id: int, *, now: datetime) -> datetime | None:
    """When a keyword may be spoken of again: the soonest end of the quiet hours of its alerts, or of those for all that
    comes. None where one of them is not quiet now, or there is none."""
    mine = [one for one in alerts_of_brand(session, brand_id) if one.search_id is None]
    mine = [one for one in mine if one.keyword_id == keyword_id] or [one for one in mine if one.keyword_id is None]
    zone = get_brand(session, brand_id).time_zone
    ends = [quiet_end(one.quiet_from, one.quiet_until, zone, now=now) for one in mine]
    return None if None in ends else min((end for end in ends if end is not None), default=None)


def open_feed(session: Session, alert_id: int, vault: Vault, *, now: datetime) -> Alert:
    """Give it a feed at a new secret address; an address it had before ends."""
    alert = get_alert(session, alert_id)
    secret = new_token()
    alert.feed_hash, alert.feed_secret = hash_token(secret), vault.seal({"feed": secret})
    return _touched(session, alert, now)


def close_feed(session: Session, alert_id: int, *, now: datetime) -> Alert:
    alert = get_alert(session, alert_id)
    alert.feed_hash, alert.feed_secret = None, ""
    return _touched(session, alert, now)


def find_by_feed(session: Session, secret: str) -> Alert | None:
    """The alert whose feed has this secret in its address."""
    return session.scalar(select(Alert).where(Alert.feed_hash == hash_token(secret), Alert.removed_at.is_(None)))


def check_search(session: Session, search: SavedSearch) -> None:
    """A search was changed. Raises Invalid where an alert listens for it that could find nothing by it any more."""
    query = select(Alert.id).where(Alert.search_id == search.id, Alert.removed_at.is_(None)).limit(1)
    if is_of_one_person(search) and session.scalar(query) is not None:
        raise Invalid(_FOR_NOBODY, code="search_of_one_person", fields={"query": _FOR_NOBODY})


def something_waits(session: Session, alert: Alert) -> bool:
    """Whether a story is still to be told."""
    query = select(AlertStory.story_id).where(AlertStory.alert_id == alert.id, AlertStory.told_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def _set(session: Session, alert: Alert, values: Mapping[str, Any]) -> None:
    wrong: dict[str, str] = {}
    given = {name: value for name, value in values.items() if name in FIELDS}
    if given.get("rhythm", "at_once") not in RHYTHMS:
        wrong["rhythm"] = ", ".join(RHYTHMS)
    if not 0 <= given.get("hour", 0) <= 23:
        wrong["hour"] = "0 to 23"
    if not 0 <= given.get("weekday", 0) <= 6:
        wrong["weekday"] = "0 (Monday) to 6"
    for name in ("quiet_from", "quiet_until"):
        if given.get(name) and not _WALL.fullmatch(given[name]):
            wrong[name] = "A time such as 22:00."
    if given.get("search_id"):
        search = read_search(session, given["search_id"])
        if search.brand_id != alert.brand_id:
            wrong["search_id"] = "A search of this brand."
        elif is_of_one_person(search):
            raise Invalid(_FOR_NOBODY, code="search_of_one_person", fields={"search_id": _FOR_NOBODY})
    if (given.get("keyword_id", alert.keyword_id) or 0) and (given.get("search_id", alert.search_id) or 0):
        wrong["search_id"] = "A keyword or a search, not both."
    if given.get("keyword_id") and get_keyword(session, given["keyword_id"]).brand_id != alert.brand_id:
        wrong["keyword_id"] = "A keyword of this brand."
    if "channel_ids" in given:
        ids = [int(one) for one in dict.fromkeys(given["channel_ids"]) if _ID.fullmatch(one)]
        query = select(Channel.id).where(
            Channel.id.in_(ids), Channel.brand_id == alert.brand_id, Channel.removed_at.is_(None)
        )
        there = set(session.scalars(query))
        if len(there) != len(given["channel_ids"]):
            wrong["channel_ids"] = "Channels of this brand, each once."
        given["channel_ids"] = [str(one) for one in ids]
    if wrong:
        raise Invalid("This alert cannot be saved like this.", fields=wrong)
    spoke = (alert.rhythm, alert.hour, alert.weekday)
    for name, value in given.items():
        setattr(alert, name, value)
    if spoke != (alert.rhythm, alert.hour, alert.weekday):
        alert.round_at = alert.proof_at = None


def _touched(session: Session, alert: Alert, now: datetime) -> Alert:
    alert.version = (alert.version or 0) + 1
    if alert.rhythm == "at_once" and alert.round_at is None and something_waits(session, alert):
        alert.round_at = now
    plan(session, alert, now=now)
    session.flush()
    if alert.keyword_id is not None:
        _mark_keyword(session, alert.keyword_id, now)
    record_change(session, kind="alert.changed", ref=alert.id, brand_id=alert.brand_id, now=now)
    return alert


def _mark_keyword(session: Session, keyword_id: int, now: datetime) -> None:
    """The keyword's `notify` says whether an alert listens for it."""
    query = select(Alert.id).where(Alert.keyword_id == keyword_id, Alert.removed_at.is_(None), Alert.paused.is_(False))
    set_notify(session, keyword_id, session.scalar(query.limit(1)) is not None, now=now)
