"""One alert, one turn: what waits becomes one message, and once a week the proof. One transaction, no network.

1. In quiet hours nothing is said: the round is put off to their end, and what comes until then is said once.
2. What waits is written into one message for the alert's channels, and noted as told.
3. The next round is planned.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, true, update
from sqlalchemy.orm import Session

from backend.accounts.brands import brand_ids, get_brand
from backend.automation.alerts import plan, something_waits
from backend.automation.content import line_as_json
from backend.automation.digest import MOST_WAITING, Digest, write_digest
from backend.automation.models import Alert, AlertStory
from backend.automation.notify import language_of, notify
from backend.automation.quiet import listened, write_proof
from backend.automation.subject import with_subject
from backend.automation.times import GATHER, quiet_end
from backend.infra.jobs import Kind, claim, release
from backend.infra.runtime import Runtime
from backend.listening.heard import heard_since

LOOK_AGAIN = timedelta(hours=6)
WEEK = timedelta(days=7)


def alert_one(runtime: Runtime, ref: int, fence: int) -> None:
    """Act on one leased alert."""
    now = runtime.clock()
    with runtime.db.write() as session:
        alert = claim(session, Alert, ref, fence, now=now)
        if alert is None:
            return
        if alert.brand_id not in brand_ids(session) or not with_subject(session, [alert]):
            release(alert, due_at=now + LOOK_AGAIN)  # put away; it may come back
            return
        speak(session, alert, now=now)
        plan(session, alert, now=now)
        release(alert, due_at=alert.due_at)


def speak(session: Session, alert: Alert, *, now: datetime) -> None:
    """Say what is due to be said."""
    if alert.paused or alert.removed_at is not None:
        return
    zone = get_brand(session, alert.brand_id).time_zone
    ends = quiet_end(alert.quiet_from, alert.quiet_until, zone, now=now)
    if alert.round_at is not None and alert.round_at <= now:
        if ends is not None:
            alert.round_at = ends
        else:
            _tell(session, alert, now=now)
            more = alert.rhythm == "at_once" and something_waits(session, alert)
            alert.round_at = now + GATHER if more else None
    if alert.proof_at is not None and alert.proof_at <= now:
        if ends is not None:
            alert.proof_at = ends
        else:
            _prove(session, alert, now=now)
            alert.proof_at = None


def _tell(session: Session, alert: Alert, *, now: datetime) -> None:
    digest = write_digest(session, alert, now=now)
    if digest is not None and digest.stale:
        gone = delete(AlertStory).where(AlertStory.alert_id == alert.id, AlertStory.story_id.in_(digest.stale))
        session.execute(gone.execution_options(synchronize_session=False))
    if digest is None or digest.stories == 0:
        if alert.rhythm == "weekly" and alert.proof:
            _prove(session, alert, now=now)
        return
    only = digest.lines[0] if digest.stories == 1 else None
    notify(
        session,
        brand_id=alert.brand_id,
        kind="mentions",
        title=digest.title,
        body=_with_proof(session, alert, digest, now=now),
        url=only.url if only else "",
        mention_id=int(only.mention_id) if only else None,
        alert_id=alert.id,
        lines=[line_as_json(line) for line in digest.lines],
        channel_ids=[int(one) for one in alert.channel_ids],
        now=now,
    )
    alert.told_at = now
    for start in range(0, len(digest.told), MOST_WAITING):
        these = AlertStory.story_id.in_(digest.told[start : start + MOST_WAITING])
        told = update(AlertStory).where(AlertStory.alert_id == alert.id, these).values(told_at=now)
        session.execute(told.execution_options(synchronize_session=False))


def _with_proof(session: Session, alert: Alert, digest: Digest, *, now: datetime) -> str:
    """A weekly digest that shall prove itself says how much was listened, too."""
    if not (alert.proof and alert.rhythm == "weekly"):
        return digest.body
    heard = heard_since(session, alert.brand_id, keyword_id=alert.keyword_id, since=now - WEEK, now=now)
    return f"{digest.body} {listened(heard, language_of(session, alert.brand_id))}".strip()


def _prove(session: Session, alert: Alert, *, now: datetime) -> None:
    proof = write_proof(session, alert, now=now)
    notify(
        session,
        brand_id=alert.brand_id,
        kind="quiet",
        title=proof.title,
        body=proof.body,
        alert_id=alert.id,
        channel_ids=[int(one) for one in alert.channel_ids],
        now=now,
    )
    alert.proved_at = now


# `plan` finds the next round anew whenever it is asked: a turn that comes too early costs nothing.
KIND = Kind(name="alert", model=Alert, turn=alert_one, planned_by_us=true())
