"""Feeds that were leased, and one turn with them: several together, so that what is unchanged costs next to nothing.

1. Read each feed's state, who listens and what for (one read for all).
2. Ask the services, in lanes (`infra/lanes.py`), so that one that is slow keeps nobody else waiting. No transaction is
   open.
3. As answers come: match, fold, detect languages. No transaction is open.
4. Write items, mentions and changes in chunks; each chunk first proves that the fence is still ours and keeps the
   lease longer.
5. Write the feeds' new state and when they are due again, of all that are ready in one transaction (`ends.py`).
A crash between two chunks loses nothing: validators are written last, so everything is asked and read again, and what
is stored already is known by its id. Tokens of the services' budgets were taken with the leases (`leasing.py`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, true
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.infra.jobs import Kind, Lease, give_back, keep
from backend.infra.runtime import Runtime
from backend.listening.accounts import listener_for
from backend.listening.arrive import store_items
from backend.listening.asking import ask_all
from backend.listening.budgets import may_ask, set_back_budgets
from backend.listening.ends import Answer, Turn, end_turns
from backend.listening.feeds import listeners_of
from backend.listening.ingest import Written, read_audiences
from backend.listening.kinds import KINDS, KindListener
from backend.listening.leasing import MOST_HELD, lease_feeds
from backend.listening.models import Feed
from backend.listening.secrets import http_of

#: One at a time in a process: two that work out what to store take the processor from each other, and above all from
#: the one that is writing, for which everybody waits.
_storing = threading.Lock()
log = logging.getLogger("entregent.poll")

LOOK_AGAIN = timedelta(hours=6)
TOGETHER = 25  # feeds of one turn


def poll_one(runtime: Runtime, ref: int, fence: int) -> None:
    """Poll one feed if the lease is still ours. Every error of the other side ends in a later due time."""
    for turn in begin_turns(runtime, [Lease(ref, fence)]):
        if (said := _ask(runtime, turn)) is not None:
            _end(runtime, [Answer(turn, said)])


def poll_many(runtime: Runtime, leases: Sequence[Lease]) -> None:
    """Poll each feed whose lease is still ours. Returns before services that are slow have answered: their polls end by
    themselves."""
    turns = begin_turns(runtime, leases)
    ask_all(runtime, turns, ask=lambda turn: _ask(runtime, turn), end=lambda answers: _end(runtime, answers))


def begin_turns(runtime: Runtime, leases: Sequence[Lease]) -> list[Turn]:
    """Those that are still ours, and that somebody listens to."""
    now = runtime.clock()
    with runtime.db.read() as session:
        rows = _read_feeds(session, leases, now)
        audiences = read_audiences(session, {row.id: (row.kind, row.params) for row in rows})
    turns: list[Turn] = []
    idle: list[Turn] = []
    for row in rows:
        state = FetchState(row.etag, row.last_modified, row.body_hash, row.cursor)
        turn = Turn(
            row.id, row.fence, row.kind, dict(row.params), row.secret, state, audiences[row.id], row.lease_until or now
        )
        (turns if turn.audience.sources else idle).append(turn)
    if idle:
        with runtime.db.write() as session:
            # Listeners whose brand was put away may come back with it; nobody tells us then.
            live = listeners_of(session, [turn.feed_id for turn in idle])
            for turn in idle:
                due_at = now + LOOK_AGAIN if turn.feed_id in live else None
                give_back(session, Feed, Lease(turn.feed_id, turn.fence), due_at=due_at)
    return turns


def _read_feeds(session: Session, leases: Sequence[Lease], now: datetime) -> list[Feed]:
    fences = {lease.ref: lease.fence for lease in leases}
    rows = session.scalars(select(Feed).where(Feed.id.in_(fences), Feed.lease_until > now))
    ours = {row.id: row for row in rows if row.fence == fences[row.id]}
    return [ours[lease.ref] for lease in leases if lease.ref in ours]


def _ask(runtime: Runtime, turn: Turn) -> Fetched | PollFailed | None:
    """Step 2. None, and nobody is asked, where it waited in its lane for longer than it is ours."""
    if not _is_ours_long_enough(runtime, turn):
        return None
    try:
        listener = listener_for(runtime, turn.kind, turn.params, turn.secret)
        if isinstance(listener, KindListener):
            listener = replace(listener, may_go_on=partial(may_ask, runtime, turn.kind, turn.params))
        http = http_of(runtime, turn.kind, turn.secret)
        return listener.fetch(http, turn.params, turn.state, now=runtime.clock())
    except PollFailed as error:
        return error
    except Exception as error:  # a parser that stumbles over what somebody publishes must not stumble every minute
        log.exception("feed %s could not be read", turn.feed_id)
        return _unread(error)


def _is_ours_long_enough(runtime: Runtime, turn: Turn) -> bool:
    """Whether it is ours for as long as asking may take: made so where it is not, at the price of a write."""
    now, takes_s = runtime.clock(), KINDS[turn.kind].takes_s
    if turn.lease_until <= now:
        return False
    if turn.lease_until >= now + timedelta(seconds=takes_s):
        return True
    until = now + timedelta(seconds=max(runtime.settings.lease_s, takes_s))
    try:
        with runtime.db.write() as session:
            return keep(session, Feed, Lease(turn.feed_id, turn.fence), until=until, now=now)
    except SQLAlchemyError:
        log.exception("feed %s could not be kept for long enough", turn.feed_id)
        return False


def _end(runtime: Runtime, answers: Sequence[Answer]) -> None:
    """Steps 3 to 5. Feeds that are no longer ours are left alone. What one of them stumbles over is that one's."""
    ready = [stored for answer in answers if (stored := _stored(runtime, answer)) is not None]
    try:
        end_turns(runtime, ready)
    except Exception:
        log.exception("%s polls could not be ended together", len(ready))
        for answer in ready:
            _end_alone(runtime, answer)


def _stored(runtime: Runtime, answer: Answer) -> Answer | None:
    """Steps 3 and 4 of one. None: it is no longer ours, or the database does not let us; then its lease runs out."""
    if not isinstance(answer.said, Fetched) or not answer.said.items or answer.said.not_modified:
        return answer
    try:
        written = _store_items(runtime, answer.turn, answer.said)
    except (OperationalError, InterfaceError):  # ours, and no fault of what was read
        log.exception("what feed %s said could not be stored now", answer.turn.feed_id)
        return None
    except Exception as error:
        log.exception("what feed %s said could not be stored", answer.turn.feed_id)
        return Answer(answer.turn, _unread(error))
    return None if written is None else Answer(answer.turn, answer.said, written)


def _end_alone(runtime: Runtime, answer: Answer) -> None:
    try:
        end_turns(runtime, [answer])
    except (OperationalError, InterfaceError):
        log.exception("the poll of feed %s could not be ended now", answer.turn.feed_id)
    except Exception as error:
        log.exception("the poll of feed %s could not be ended", answer.turn.feed_id)
        end_turns(runtime, [Answer(answer.turn, _unread(error))])


def _unread(error: Exception) -> PollFailed:
    return PollFailed("not_a_feed", f"it could not be read ({type(error).__name__})")


def _store_items(runtime: Runtime, turn: Turn, fetched: Fetched) -> Written | None:
    """Steps 3 and 4. None when the feed is no longer ours."""

    def keep_on(session: Session, now: datetime) -> bool:
        until = now + timedelta(seconds=runtime.settings.lease_s)
        return keep(session, Feed, Lease(turn.feed_id, turn.fence), until=until, now=now)

    with _storing:
        return store_items(runtime, turn.feed_id, fetched.items, turn.audience, keep=keep_on)


KIND = Kind(
    name="poll",
    model=Feed,
    turn=poll_one,
    turns=poll_many,
    together=TOGETHER,
    lease=lease_feeds,
    batch=MOST_HELD,
    set_back_too=set_back_budgets,
    planned_by_us=true(),
)
