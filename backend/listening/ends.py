"""How polls end: the feeds' new state, when they are due again, and who hears of it; of several in one transaction."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.feed.hub import Hub
from backend.infra.changes import record_changes
from backend.infra.jobs import Lease, still_ours
from backend.infra.runtime import Runtime
from backend.listening.accounts import note_failure, note_untold
from backend.listening.budgets import block_service, is_local, service_of
from backend.listening.feeds import get_feed, listeners_of, note_move
from backend.listening.heard import count_polls
from backend.listening.ingest import Audience, Written
from backend.listening.kinds import KINDS, asked_host
from backend.listening.models import Feed, Item
from backend.listening.outcome import CHANGED, row_after_answer, row_after_failure
from backend.listening.push import PUSHED, note_hub, note_missed, pull_anyway, working_pushes
from backend.listening.when import MAYBE_OURS

ITEMS_WEIGHED = 20  # latest items that say how often a feed publishes
_NOTHING = Written()


@dataclass(frozen=True)
class Turn:
    """What a turn knows of a feed when it begins."""

    feed_id: int
    fence: int
    kind: str
    params: Mapping[str, str]
    secret: str  # sealed
    state: FetchState
    audience: Audience
    lease_until: datetime


@dataclass(frozen=True)
class Answer:
    """What came of asking, and what was made of it."""

    turn: Turn
    said: Fetched | PollFailed
    written: Written = _NOTHING


@dataclass(frozen=True)
class _Service:
    """Whom a feed asks. `name` "" for a host that an administrator named: it is not rationed, and says nothing about
    the Internet."""

    name: str
    outage_s: float | None = None  # our own network has been down for so long: nobody is to blame


def end_turns(runtime: Runtime, answers: Sequence[Answer]) -> None:
    """Write down what came of some polls. Those whose lease is no longer ours are left alone."""
    if not answers:
        return
    now = runtime.clock()
    services = {answer.turn.feed_id: _heard_of(runtime, answer, now) for answer in answers}
    with runtime.db.write() as session:
        leases = [Lease(answer.turn.feed_id, answer.turn.fence) for answer in answers]
        feeds = {feed.id: feed for feed in still_ours(session, Feed, leases, now=now)}
        answers = [answer for answer in answers if answer.turn.feed_id in feeds]
        live = listeners_of(session, list(feeds))
        pushes = working_pushes(session, list(feeds), now=now)
        rows: list[dict[str, Any]] = []
        told: list[int] = []
        for answer in answers:
            feed, service = feeds[answer.turn.feed_id], services[answer.turn.feed_id]
            chance = random.random()  # noqa: S311  # no secret
            if isinstance(answer.said, PollFailed):
                row = row_after_failure(feed, answer.said, outage_s=service.outage_s, now=now, chance=chance)
            else:
                latest = _latest(session, feed.id, now) if answer.written.items or not feed.latest else feed.latest
                row = row_after_answer(feed, answer.said, latest, now=now, chance=chance)
            if row["due_at"] is not None and feed.id not in live and not isinstance(answer.said, PollFailed):
                row["due_at"] = None
            elif (push := pushes.get(feed.id)) is not None and not isinstance(answer.said, PollFailed):
                if answer.written.items and note_missed(session, feed, push, now=now):
                    told.append(feed.id)
                else:
                    row["due_at"] = max(row["due_at"], pull_anyway(now=now, chance=chance))
            rows.append({"ref": feed.id, **row})
            if service.outage_s is None and _is_news(feed, row, answer.written):
                told.append(feed.id)
        if rows:
            session.connection().execute(_UPDATE, rows)
        counted = [one for one in answers if services[one.turn.feed_id].outage_s is None]
        count_polls(session, {a.turn.feed_id: isinstance(a.said, PollFailed) for a in counted}, now=now)
        for answer in answers:
            _note_the_rest(session, answer, feeds[answer.turn.feed_id], services[answer.turn.feed_id], now)
        if refs := [one for feed_id in dict.fromkeys(told) for one in live.get(feed_id, ())]:
            record_changes(session, kind="source.changed", refs=refs, now=now)


def _heard_of(runtime: Runtime, answer: Answer, now: datetime) -> _Service:
    """Whether anybody was reached, and whose fault it is if not."""
    turn, said = answer.turn, answer.said
    host = asked_host(turn.kind, turn.params, runtime.settings)
    if is_local(host, runtime.settings.allow_private_hosts):
        return _Service("")
    name = service_of(turn.kind, host, runtime.settings.keys)
    if isinstance(said, PollFailed) and said.code in MAYBE_OURS:
        ours = runtime.reach.is_ours(name, now=now)
        return _Service(name, runtime.reach.silent_s(now=now) if ours else None)
    if not isinstance(said, PollFailed) or said.code != "blocked":
        runtime.reach.answered(name, now=now)
    return _Service(name)


_TABLE = Feed.metadata.tables[Feed.__tablename__]
_UPDATE = update(_TABLE).where(_TABLE.c.id == bindparam("ref")).values({name: bindparam(name) for name in CHANGED})


def _is_news(feed: Feed, row: Mapping[str, Any], written: Written) -> bool:
    """Whether browsers hear of it: the state is another one, or something came."""
    changed = (feed.state, feed.last_error) != (row["state"], row["last_error"])
    return changed or feed.last_polled_at is None or written.items > 0


def _note_the_rest(session: Session, answer: Answer, feed: Feed, service: _Service, now: datetime) -> None:
    """What concerns more than the feed's own row: its service's patience, its account, its address."""
    said, turn = answer.said, answer.turn
    if isinstance(said, PollFailed):
        if service.outage_s is None:
            if said.retry_after_s and service.name:
                block_service(session, service.name, seconds=said.retry_after_s, now=now)
            note_failure(session, turn.kind, turn.params, said, now=now)
        return
    if said.pause_s and service.name:
        block_service(session, service.name, seconds=said.pause_s, now=now)
    note_untold(session, turn.kind, turn.params, said.untold, now=now)
    if said.hub and turn.kind in PUSHED and not turn.secret:  # what is read with a secret is nobody else's to bring
        note_hub(session, feed, Hub(said.hub, said.topic), now=now)
    if KINDS[turn.kind].place == "url" and (said.moved_to or feed.moved_to):
        note_move(session, get_feed(session, feed.id), said.moved_to, now=now)


def _latest(session: Session, feed_id: int, now: datetime) -> list[int]:
    """When the latest items of a feed were published, or seen where they do not say; in seconds since 1970. Dates to
    come (of events, of mistakes) say nothing of its rhythm."""
    at = func.coalesce(Item.published_at, Item.seen_at)
    recent = select(Item.published_at, Item.seen_at).where(Item.feed_id == feed_id, at <= now)
    rows = session.execute(recent.order_by(at.desc()).limit(ITEMS_WEIGHED))
    return [int((published or seen).timestamp()) for published, seen in rows]
