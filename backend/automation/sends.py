"""The state machine of a message on its way to one channel:

    waiting → sent | waiting (again, later) | dead → waiting (a person sends it again) | dropped

A message may come twice (a worker that dies between sending and writing that down) and never not at all; both copies
carry the same key. Functions here never commit and know neither clock nor network.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.automation.channels import note_outcome
from backend.automation.models import Channel, Message, MessageSend
from backend.automation.notify import channels_for, language_of, notify
from backend.connectors.notices.base import Outcome, Refused, Sent
from backend.infra.changes import record_change
from backend.infra.errors import Invalid, NotFound
from backend.infra.jobs import release
from backend.infra.words import say

FIRST_RETRY_S = 10.0
LONGEST_RETRY_S = 3600.0
JITTER = 0.25
#: silences in a row, some 21 hours, after which a person is asked
MOST_FAILURES = 30
#: whether a channel that rests is in use again
LOOK_AGAIN = timedelta(minutes=10)
#: what says something of one recipient and nothing of the channel, which serves others
OF_ONE_ADDRESS = frozenset({"address_later", "address_refused"})
#: turns that ended in no answer at all: the process died each time
MOST_ATTEMPTS = 200


def next_try_s(failures: int, after_s: int | None, jitter: float) -> float:
    """Seconds until the next try: doubling, 10 s to an hour, spread by `jitter` (0…1), not before the server asks."""
    wait = min(FIRST_RETRY_S * 2.0 ** min(max(failures - 1, 0), 20), LONGEST_RETRY_S)
    return max(wait * (1 - JITTER + 2 * JITTER * jitter), float(after_s or 0))


def begin(session: Session, send: MessageSend, channel: Channel, *, jitter: float, now: datetime) -> bool:
    """Take it up. False: there is nothing to send now."""
    if send.state != "waiting":
        release(send, due_at=None)
        return False
    if channel.removed_at is not None:
        _move(session, send, "dropped", now=now)
        return False
    if channel.kind == "email" and send.recipient not in channel.params.get("to", []):
        _move(session, send, "dropped", now=now)  # it left since
        return False
    if channel.paused:
        release(send, due_at=now + LOOK_AGAIN)
        return False
    if channel.wait_until is not None and channel.wait_until > now:
        release(send, due_at=channel.wait_until + timedelta(seconds=FIRST_RETRY_S * jitter))
        return False
    if send.attempts >= MOST_ATTEMPTS:
        end(session, send, channel, Refused("gave_up", "the worker stopped again and again"), jitter=jitter, now=now)
        return False
    send.attempts += 1
    return True


def end(
    session: Session, send: MessageSend, channel: Channel, outcome: Outcome, *, jitter: float, now: datetime
) -> None:
    """What became of it."""
    if isinstance(outcome, Sent):
        send.failures, send.error_code, send.error = 0, "", ""
        send.sent_at = now
        _move(session, send, "sent", now=now)
    else:
        send.failures += 1
        send.error_code, send.error = outcome.code, outcome.message[:500]
        if isinstance(outcome, Refused) or send.failures >= MOST_FAILURES:
            _move(session, send, "dead", now=now)
        else:
            due_at = now + timedelta(seconds=next_try_s(send.failures, outcome.after_s, jitter))
            if outcome.code not in OF_ONE_ADDRESS:
                channel.wait_until = due_at
            release(send, due_at=due_at)
    if not isinstance(outcome, Sent) and outcome.code in OF_ONE_ADDRESS:
        return
    if note_outcome(session, channel, outcome, failures=send.failures, now=now):
        _tell_others(session, channel, now=now)


def resend(session: Session, message_id: int, *, now: datetime) -> Message:
    """What did not arrive is sent again at once, under the same key. Raises NotFound, Invalid (nothing to send)."""
    message, sends = _sends_of(session, message_id, ("dead", "dropped"))
    if not sends:
        raise Invalid("Nothing of this waits to be sent again.", code="nothing_dead")
    for send in sends:
        send.fence += 1
        send.failures = send.attempts = 0
        send.state = "waiting"
        send.changed_at = now
        release(send, due_at=now)
        channel = session.get_one(Channel, send.channel_id)
        channel.wait_until = None
    _tell(session, message.id, message.brand_id, now)
    return message


def drop(session: Session, message_id: int, *, now: datetime) -> Message:
    """Given up by a person: what waits or did not arrive. Raises NotFound."""
    message, sends = _sends_of(session, message_id, ("dead", "waiting"))
    for send in sends:
        send.fence += 1  # whoever works on it loses it
        _move(session, send, "dropped", now=now)
    return message


def _tell_others(session: Session, channel: Channel, *, now: datetime) -> None:
    """Whoever relies on a channel that fails hears of it by those that do not."""
    others = [one.id for one in channels_for(session, channel.brand_id, "trouble") if one.id != channel.id]
    if not others:
        return
    language = language_of(session, channel.brand_id)
    notify(
        session,
        brand_id=channel.brand_id,
        kind="trouble",
        title=say(language, "today_channel_failing", name=channel.name),
        body=say(language, f"channel_said_{channel.error_code}") + (f"\n{channel.error}" if channel.error else ""),
        channel_ids=others,
        now=now,
    )


def _sends_of(session: Session, message_id: int, states: Collection[str]) -> tuple[Message, list[MessageSend]]:
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound("There is no such message.")
    query = select(MessageSend).where(MessageSend.message_id == message_id, MessageSend.state.in_(states))
    return message, list(session.scalars(query.order_by(MessageSend.id).with_for_update()))


def _move(session: Session, send: MessageSend, to: str, *, now: datetime) -> None:
    send.state, send.changed_at = to, now
    release(send, due_at=None)
    _tell(session, send.message_id, send.brand_id, now)


def _tell(session: Session, message_id: int, brand_id: int, now: datetime) -> None:
    record_change(session, kind="message.changed", ref=message_id, brand_id=brand_id, now=now)
