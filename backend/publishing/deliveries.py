"""What a person may do with one delivery: say that it is there, send it again, now or later, or give it up."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.infra.errors import Conflict, Invalid, NotFound
from backend.publishing import outbox
from backend.publishing.answers import note_sent
from backend.publishing.models import Delivery, DeliveryAttempt
from backend.publishing.posts import Schedule, note_time, resolve_schedule

WAITING = {"held", "scheduled", "retry_wait", "needs_you", "dropped"}


def get_delivery(session: Session, delivery_id: int) -> Delivery:
    """Raises NotFound."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound("There is no such delivery.")
    return delivery


def list_attempts(session: Session, delivery_id: int) -> list[DeliveryAttempt]:
    """The delivery's history, oldest first."""
    query = select(DeliveryAttempt).where(DeliveryAttempt.delivery_id == delivery_id).order_by(DeliveryAttempt.id)
    return list(session.scalars(query))


def confirm_delivery(session: Session, delivery_id: int, url: str, *, now: datetime) -> Delivery:
    """ "It is there": published, at that address. Raises Invalid, NotFound, Conflict."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 2000:
        raise Invalid("This is not the address of a post.", fields={"url": "https://…"})
    delivery = _hold(session, delivery_id, {"needs_you", "uncertain", "handed_over"})
    outbox.confirm(session, delivery, url, now=now)
    note_sent(session, delivery, now=now)
    return delivery


def resend_delivery(session: Session, delivery_id: int, *, now: datetime) -> Delivery:
    """ "It is not there, send it again", or after what was refused was mended. What may have arrived keeps its key."""
    delivery = _hold(session, delivery_id, {"needs_you", "rejected"})
    outbox.requeue(session, delivery, at=now, now=now)
    return delivery


def publish_delivery(session: Session, delivery_id: int, *, now: datetime) -> Delivery:
    """Send it now, whatever its time was."""
    delivery = _hold(session, delivery_id, WAITING)
    outbox.requeue(session, delivery, at=now, now=now)
    note_time(session, delivery.post_id)
    return delivery


def move_delivery(session: Session, delivery_id: int, schedule: Schedule, *, now: datetime) -> Delivery:
    """Send it at another time. Raises Invalid for a time that has passed."""
    at = resolve_schedule(schedule, now=now)
    delivery = _hold(session, delivery_id, WAITING | {"leased", "prepared"})
    outbox.requeue(session, delivery, at=at, now=now)
    note_time(session, delivery.post_id)
    return delivery


def drop_delivery(session: Session, delivery_id: int, *, now: datetime) -> Delivery:
    """Give it up. What may have arrived stays where it is."""
    allowed = {state for state, after in outbox.MOVES.items() if "dropped" in after}
    delivery = _hold(session, delivery_id, allowed)
    outbox.drop(session, delivery, now=now)
    return delivery


def restore_delivery(session: Session, delivery_id: int, *, now: datetime) -> Delivery:
    """Undo `drop_delivery`: queued again for its old time (and held by the worker if that is long past)."""
    delivery = _hold(session, delivery_id, {"dropped"})
    outbox.requeue(session, delivery, at=delivery.scheduled_for, now=now)
    return delivery


def _hold(session: Session, delivery_id: int, allowed: set[str]) -> Delivery:
    delivery = session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None:
        raise NotFound("There is no such delivery.")
    if delivery.state not in allowed:
        raise Conflict(f"This cannot be done while it is {delivery.state}.", code="wrong_state")
    return delivery
