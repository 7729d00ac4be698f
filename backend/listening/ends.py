"""How polls end: the feeds' new state, when they are due again, and who hears of it; of several in one transaction."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from backend.connectors.base import Fetched, FetchState, PollFailed, Wishes
from backend.infra.changes import record_changes
from backend.infra.jobs import Lease, still_ours
from backend.infra.runtime import Runtime
from backend.listening.accounts import note_failure
from backend.listening.budgets import block_service, is_local, service_of
from backend.listening.feeds import get_feed, listeners_of, note_move
from backend.listening.heard import count_polls
from backend.listening.ingest import Audience, Written
from backend.listening.kinds import KINDS, asked_host
from backend.listening.models import Feed, Item
from backend.listening.when import MAYBE_OURS, Rhythm, Standing, after_answer, after_failure

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
        rows: list[dict[str, Any]] = []
        told: list[int] = []
        for answer in answers:
            feed, service = feeds[answer.turn.feed_id], services[answer.turn.feed_id]
            if isinstance(answer.said, PollFailed):
                row = _after_failure(feed, answer.said, service, now)
            else:
                row = _after_answer(session, feed, answer.said, answer.written, now)
            if row["due_at"] is not None and feed.id not in live and not isinstance(answer.said, PollFailed):
                row["due_at"] = None
            rows.append({"ref": feed.id, **row})
            if service.outage_s is None and _is_news(feed, row, answer.written):
                told.append(feed.id)
        if rows:
            session.connection().execute(_UPDATE, rows)
        counted = [one for one in answers if services[one.turn.feed_id].outage_s is None]
        count_polls(session, {a.turn.feed_id: isinstance(a.said, PollFailed) for a in counted}, now=now)
        for answer in answers:
            _note_the_rest(session, answer, feeds[answer.turn.feed_id], services[answer.turn.feed_id], now)
        if refs := [one for feed_id in told for one in live.get(feed_id, ())]:
            record_changes(session, kind="source.changed", refs=refs, now=now)


def _heard_of(runtime: Runtime, answer: Answer, now: datetime) -> _Service:
    """Whether anybody was reached, and whose fault it is if not."""
    turn, said = answer.turn, answer.said
    host = asked_host(turn.kind, turn.params, runtime.settings)
    if is_local(host, runtime.settings.allow_private_hosts):
        return _Service("")
    name = service_of(turn.kind, host)
    if isinstance(said, PollFailed) and said.code in MAYBE_OURS:
        ours = runtime.reach.is_ours(name, now=now)
        return _Service(name, runtime.reach.silent_s(now=now) if ours else None)
    if not isinstance(said, PollFailed) or said.code != "blocked":
        runtime.reach.answered(name, now=now)
    return _Service(name)


# Columns that a poll may change; each is written, whatever came, so that one statement serves all.
_CHANGED = (
    *("etag", "last_modified", "body_hash", "cursor", "title", "site_url", "wishes", "latest", "state", "failures"),
    *("interval_s", "last_error", "last_error_text", "last_polled_at", "urgent", "lease_until", "due_at"),
)
_TABLE = Feed.metadata.tables[Feed.__tablename__]
_UPDATE = update(_TABLE).where(_TABLE.c.id == bindparam("ref")).values({name: bindparam(name) for name in _CHANGED})


def _as_it_stands(feed: Feed) -> dict[str, Any]:
    return {name: getattr(feed, name) for name in _CHANGED} | {"lease_until": None, "urgent": False}


def _after_answer(session: Session, feed: Feed, fetched: Fetched, written: Written, now: datetime) -> dict[str, Any]:
    kind = KINDS[feed.kind]
    wishes = feed.wishes if fetched.wishes is None else asdict(fetched.wishes)
    # What the document said counts on while it does not change.
    said = Wishes.from_plain(wishes)
    wanted = replace(said, ttl_s=max(filter(None, (said.ttl_s, fetched.ttl_s)), default=None))
    latest = _latest(session, feed.id) if written.items or not feed.latest else feed.latest
    published = [datetime.fromtimestamp(at, UTC) for at in latest]
    chance = random.random()  # noqa: S311  # no secret
    standing = after_answer(published, Rhythm(kind.least_s, kind.most_s), wanted, now=now, chance=chance)
    return _as_it_stands(feed) | {
        "etag": fetched.state.etag,
        "last_modified": fetched.state.last_modified,
        "body_hash": fetched.state.body_hash,
        "cursor": fetched.state.cursor,
        "title": fetched.title[:200] or feed.title,
        "site_url": fetched.site_url or feed.site_url,
        "wishes": wishes,
        "latest": latest,
        "last_error": "",
        "last_error_text": "",
        "last_polled_at": now,
        "due_at": standing.due_at,
        **_stand(standing),
    }


def _after_failure(feed: Feed, error: PollFailed, service: _Service, now: datetime) -> dict[str, Any]:
    """Validators stay as they are; where our own network is down nothing else changes either."""
    chance = random.random()  # noqa: S311  # no secret
    standing = Standing(feed.state, feed.failures, feed.interval_s)
    after = after_failure(standing, error, outage_s=service.outage_s, now=now, chance=chance)
    row = _as_it_stands(feed) | {"due_at": after.due_at}
    if service.outage_s is not None:
        return row
    return row | {
        "last_error": error.code[:20],
        "last_error_text": error.message[:500],
        "last_polled_at": now,
        **_stand(after),
    }


def _stand(standing: Standing) -> dict[str, Any]:
    return {"state": standing.state, "failures": standing.failures, "interval_s": standing.interval_s}


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
    if turn.kind == "feed" and (said.moved_to or feed.moved_to):
        note_move(session, get_feed(session, feed.id), said.moved_to, now=now)


def _latest(session: Session, feed_id: int) -> list[int]:
    """When the latest items of a feed were published, or seen where they do not say; in seconds since 1970."""
    at = func.coalesce(Item.published_at, Item.seen_at)
    recent = select(Item.published_at, Item.seen_at).where(Item.feed_id == feed_id)
    rows = session.execute(recent.order_by(at.desc()).limit(ITEMS_WEIGHED))
    return [int((published or seen).timestamp()) for published, seen in rows]
