"""The state machine of a delivery: which move is allowed, what it writes, and when to come back.

    scheduled → leased → prepared → armed → published | rejected | retry_wait | uncertain | needs_you

`armed` is committed before the one call that cannot be taken back. A worker that dies before it has sent nothing; one
that dies after it leaves `armed` behind, which becomes `uncertain` and is looked up. Functions here never commit and
know neither clock nor network.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.connectors.base import NotThere, Outcome, Published, Rejected, RetryLater, Unauthorized, Uncertain
from backend.infra.changes import record_change
from backend.infra.jobs import release
from backend.publishing.models import Delivery, DeliveryAttempt

#: From each state, where it may go. Who may make the move is said beside it: (w)orker or (p)erson.
MOVES: Mapping[str, frozenset[str]] = {
    "scheduled": frozenset({"leased", "held", "needs_you", "scheduled", "dropped"}),  # w w w p p
    "leased": frozenset({"prepared", "rejected", "retry_wait", "needs_you", "scheduled", "dropped"}),  # w…, w/p, p
    "prepared": frozenset({"armed", "scheduled", "dropped"}),  # w, w/p, p
    "armed": frozenset({"published", "rejected", "retry_wait", "needs_you", "uncertain"}),  # w
    "uncertain": frozenset({"published", "scheduled", "needs_you", "uncertain", "dropped"}),  # w…, p
    "retry_wait": frozenset({"leased", "held", "needs_you", "scheduled", "dropped"}),  # w w w p p
    "held": frozenset({"scheduled", "dropped"}),  # p
    "needs_you": frozenset({"published", "scheduled", "dropped"}),  # p
    "rejected": frozenset({"scheduled", "dropped"}),  # p
    "handed_over": frozenset({"published", "dropped"}),  # p
    "dropped": frozenset({"scheduled"}),  # p: the undo of a removed post
    "published": frozenset(),
}
#: Nothing has left in these states; what a person wants comes first.
BEFORE_THE_CALL = frozenset({"scheduled", "leased", "prepared", "retry_wait", "held", "rejected"})
WAITING = frozenset({"scheduled", "retry_wait", "uncertain"})

FIRST_RETRY_S = 2.0
LONGEST_RETRY_S = 900.0
JITTER = 0.25
#: clean refusals and unclear answers in a row after which a person is asked
MOST_FAILURES = 40
MOST_UNCLEAR = 8
#: turns that ended in no answer at all: the process died each time
MOST_ATTEMPTS = 200


class ImpossibleMove(Exception):
    """A bug: no code path may ask for this."""


def next_try_s(failures: int, after_s: int | None, jitter: float) -> float:
    """Seconds until the next try: doubling, 2 s to 15 min, spread by `jitter` (0…1), not before the server asks."""
    wait = min(FIRST_RETRY_S * 2.0 ** min(max(failures - 1, 0), 20), LONGEST_RETRY_S)
    wait *= 1 - JITTER + 2 * JITTER * jitter
    return max(wait, float(after_s or 0))


def move(session: Session, delivery: Delivery, to: str, *, now: datetime) -> None:
    """Change the state and let browsers hear of it. Raises ImpossibleMove."""
    if to not in MOVES[delivery.state]:
        raise ImpossibleMove(f"delivery {delivery.id}: {delivery.state} → {to}")
    delivery.state, delivery.changed_at = to, now
    record_change(session, kind="delivery.changed", ref=delivery.id, brand_id=delivery.brand_id, now=now)


def log(session: Session, delivery: Delivery, event: str, detail: str = "", *, now: datetime) -> None:
    """Add a line to the delivery's history."""
    session.add(
        DeliveryAttempt(
            delivery_id=delivery.id,
            at=now,
            fence=delivery.fence,
            worker=delivery.worker,
            event=event,
            detail=detail[:500],
        )
    )


def new_key() -> str:
    """128 random bits, hex."""
    return secrets.token_hex(16)


def queue_delivery(
    session: Session,
    *,
    brand_id: int,
    post_id: int,
    account_id: int,
    network: str,
    revision: int,
    at: datetime,
    now: datetime,
) -> Delivery:
    """Put one post in the outbox for one account, in the transaction that schedules it."""
    delivery = Delivery(
        brand_id=brand_id,
        post_id=post_id,
        account_id=account_id,
        network=network,
        state="scheduled",
        revision=revision,
        scheduled_for=at,
        due_at=at,
        key=new_key(),
        changed_at=now,
        fence=0,
        attempts=0,
        failures=0,
        unclear=0,
        worker="",
        remote_id="",
        remote_url="",
        error_code="",
        error="",
    )
    session.add(delivery)
    session.flush()
    record_change(session, kind="delivery.changed", ref=delivery.id, brand_id=brand_id, now=now)
    return delivery


# --- the worker's moves: the caller holds the row by `claim` --------------------------------------------------


def begin(
    session: Session,
    delivery: Delivery,
    *,
    lease_until: datetime,
    late_after_s: float,
    settle_s: float,
    now: datetime,
) -> Literal["send", "look", "nothing"]:
    """Take up a delivery in whatever state it was left. Says what to do: send it, look whether it is there, nothing."""
    if delivery.state == "armed":
        # Its worker died, or slept through its lease: the call may have been made.
        move(session, delivery, "uncertain", now=now)
        log(session, delivery, "uncertain", "the worker stopped between arming and the answer", now=now)
    if delivery.state == "uncertain":
        settled_at = (delivery.armed_at or now) + timedelta(seconds=settle_s)
        if now < settled_at:
            release(delivery, due_at=settled_at)  # the call may still be on its way in
            return "nothing"
        delivery.lease_until = lease_until
        return "look"
    if delivery.state in ("leased", "prepared"):
        move(session, delivery, "scheduled", now=now)  # its worker died before anything left
    if delivery.state not in ("scheduled", "retry_wait"):
        release(delivery, due_at=None)
        return "nothing"
    if (now - delivery.scheduled_for).total_seconds() > late_after_s:
        stop_for_a_person(session, delivery, "held", "late", "it was not sent in time", now=now)
        return "nothing"
    if delivery.attempts >= MOST_ATTEMPTS:
        stop_for_a_person(session, delivery, "needs_you", "gave_up", "the worker stopped again and again", now=now)
        return "nothing"
    move(session, delivery, "leased", now=now)
    delivery.attempts += 1
    delivery.lease_until = lease_until
    return "send"


def freeze(session: Session, delivery: Delivery, payload: dict[str, object], *, now: datetime) -> None:
    """leased → prepared: from here on these bytes, and no others, are what is sent."""
    delivery.payload = payload
    move(session, delivery, "prepared", now=now)


def arm(session: Session, delivery: Delivery, *, lease_until: datetime, now: datetime) -> None:
    """prepared → armed. Must be committed before the call is made."""
    move(session, delivery, "armed", now=now)
    delivery.armed_at = now
    if delivery.maybe_sent_at is None:
        delivery.maybe_sent_at = now
    delivery.lease_until = lease_until
    log(session, delivery, "armed", now=now)


def record_outcome(
    session: Session, delivery: Delivery, outcome: Outcome, *, settle_s: float, jitter: float, now: datetime
) -> None:
    """What became of the call (state armed), or of the preparation before it (state leased)."""
    sent = delivery.state == "armed"
    if isinstance(outcome, Published):
        _publish(session, delivery, outcome, "published", now=now)
        return
    if isinstance(outcome, Uncertain):
        delivery.failures += 1
        delivery.unclear += 1
        _set_error(delivery, "unknown", outcome.message)
        move(session, delivery, "uncertain", now=now)
        release(delivery, due_at=now + timedelta(seconds=settle_s))
        log(session, delivery, "uncertain", outcome.message, now=now)
        return
    if sent and delivery.maybe_sent_at == delivery.armed_at:
        delivery.maybe_sent_at = None  # a clean no: this call created nothing, and there was none before it
    delivery.failures += 1
    if isinstance(outcome, RetryLater) and delivery.failures < MOST_FAILURES:
        _set_error(delivery, "unreachable", outcome.message)
        move(session, delivery, "retry_wait", now=now)
        release(delivery, due_at=now + timedelta(seconds=next_try_s(delivery.failures, outcome.after_s, jitter)))
        log(session, delivery, "retry_wait", outcome.message, now=now)
    elif isinstance(outcome, Rejected):
        stop_for_a_person(session, delivery, "rejected", outcome.code, outcome.message, now=now)
    else:
        code = "unauthorized" if isinstance(outcome, Unauthorized) else "gave_up"
        stop_for_a_person(session, delivery, "needs_you", code, outcome.message, now=now)


def record_look(
    session: Session,
    delivery: Delivery,
    found: Published | NotThere | Uncertain | RetryLater | Unauthorized,
    *,
    jitter: float,
    now: datetime,
) -> None:
    """What looking for an uncertain delivery gave: published, scheduled again, a person is asked, or look later."""
    if isinstance(found, Published):
        _publish(session, delivery, found, "found there", now=now)
        return
    if isinstance(found, NotThere):
        delivery.failures = delivery.unclear
        if delivery.unclear >= MOST_UNCLEAR:
            stop_for_a_person(session, delivery, "needs_you", "gave_up", "unclear answers, again and again", now=now)
            return
        move(session, delivery, "scheduled", now=now)
        wait = next_try_s(delivery.unclear, None, jitter) if delivery.unclear > 1 else 0.0
        release(delivery, due_at=now + timedelta(seconds=wait))
        log(session, delivery, "not there", now=now)
        return
    if isinstance(found, RetryLater):
        delivery.failures += 1
        if delivery.failures < MOST_FAILURES:
            move(session, delivery, "uncertain", now=now)
            release(delivery, due_at=now + timedelta(seconds=next_try_s(delivery.failures, found.after_s, jitter)))
            log(session, delivery, "cannot look", found.message, now=now)
            return
    code = "unauthorized" if isinstance(found, Unauthorized) else "unknown"
    stop_for_a_person(session, delivery, "needs_you", code, found.message, now=now)


def stop_for_a_person(session: Session, delivery: Delivery, to: str, code: str, message: str, *, now: datetime) -> None:
    """Nothing more happens by itself."""
    _set_error(delivery, code, message)
    move(session, delivery, to, now=now)
    release(delivery, due_at=None)
    log(session, delivery, to, f"{code}: {message}", now=now)


def remote_ids_of_others(session: Session, delivery: Delivery) -> list[str]:
    """Posts on this account that are known to belong to other deliveries: the newest 200."""
    query = (
        select(Delivery.remote_id)
        .where(Delivery.account_id == delivery.account_id, Delivery.id != delivery.id, Delivery.remote_id != "")
        .order_by(Delivery.id.desc())
        .limit(200)
    )
    return list(session.scalars(query))


# --- a person's moves -----------------------------------------------------------------------------------------


def take_back(delivery: Delivery) -> None:
    """Whoever works on it loses it: every later write names the fence."""
    delivery.fence += 1
    delivery.lease_until = None


def requeue(session: Session, delivery: Delivery, *, at: datetime, revision: int | None = None, now: datetime) -> None:
    """Back to `scheduled`, due at `at`. What may have arrived keeps its bytes and its key; else it is planned anew."""
    take_back(delivery)
    move(session, delivery, "scheduled", now=now)
    if delivery.maybe_sent_at is None:
        delivery.payload, delivery.key = None, new_key()
        delivery.revision = revision or delivery.revision
    delivery.scheduled_for = at
    delivery.failures = delivery.unclear = 0
    _set_error(delivery, "", "")
    release(delivery, due_at=at)


def drop(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """Given up by a person."""
    take_back(delivery)
    move(session, delivery, "dropped", now=now)
    release(delivery, due_at=None)
    log(session, delivery, "dropped", now=now)


def confirm(session: Session, delivery: Delivery, url: str, *, now: datetime) -> None:
    """A person saw it there."""
    take_back(delivery)
    _publish(session, delivery, Published("", url), "confirmed", now=now)


def _publish(session: Session, delivery: Delivery, found: Published, event: str, *, now: datetime) -> None:
    delivery.remote_id, delivery.remote_url = found.remote_id, found.remote_url
    delivery.published_at = now
    delivery.failures = delivery.unclear = 0
    _set_error(delivery, "", "")
    move(session, delivery, "published", now=now)
    release(delivery, due_at=None)
    log(session, delivery, event, found.remote_url, now=now)


def _set_error(delivery: Delivery, code: str, message: str) -> None:
    delivery.error_code, delivery.error = code, message[:500]
