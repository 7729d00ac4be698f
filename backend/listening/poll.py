"""One feed, one turn.

1. Read the feed's state, who listens and what for (a read).
2. Take a token of the service's budget; where there is none, the feed is due when there will be one.
3. Ask the service. No transaction is open.
4. Match, fold, detect languages. No transaction is open.
5. Write items, mentions and changes in chunks; each chunk first proves that the fence is still ours and keeps the
   lease longer.
6. Write the feed's new state and when it is due again.
A crash between two chunks loses nothing: validators are written last, so everything is asked and read again, and what
is stored already is known by its id.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from backend.connectors.base import Fetched, FetchState, PollFailed, Wishes
from backend.infra.changes import record_change
from backend.infra.jobs import Kind, claim, extend_lease, release
from backend.infra.runtime import Runtime
from backend.listening.accounts import listener_for, note_failure
from backend.listening.budgets import block_service, is_local, service_of, take_token
from backend.listening.feeds import live_sources, note_move
from backend.listening.heard import count_poll
from backend.listening.ingest import (
    CHUNK,
    Audience,
    Written,
    plan_items,
    read_audience,
    write_edited,
    write_plan,
)
from backend.listening.kinds import KINDS, asked_host
from backend.listening.known import sort_items
from backend.listening.models import Feed, Item
from backend.listening.secrets import http_of
from backend.listening.when import MAYBE_OURS, Rhythm, Standing, after_answer, after_failure, not_before

log = logging.getLogger("entregent.poll")

LOOK_AGAIN = timedelta(hours=6)
ITEMS_WEIGHED = 20  # latest items that say how often a feed publishes


@dataclass(frozen=True)
class _Turn:
    """What a turn knows when it begins."""

    feed_id: int
    fence: int
    kind: str
    params: Mapping[str, str]
    secret: str  # sealed
    state: FetchState
    audience: Audience


def poll_one(runtime: Runtime, ref: int, fence: int) -> None:
    """Poll one feed if the lease is still ours. Every error of the other side ends in a later due time."""
    turn = _begin(runtime, ref, fence)
    if turn is None:
        return
    try:
        listener = listener_for(runtime, turn.kind, turn.params, turn.secret)
        http = http_of(runtime, turn.kind, turn.secret)
        fetched = listener.fetch(http, turn.params, turn.state, now=runtime.clock())
    except PollFailed as error:
        _end_failed(runtime, turn, error)
        return
    except Exception as error:  # a parser that stumbles over what somebody publishes must not stumble every minute
        log.exception("feed %s could not be read", ref)
        _end_failed(runtime, turn, PollFailed("not_a_feed", f"it could not be read ({type(error).__name__})"))
        return
    written = _store_items(runtime, turn, fetched)
    if written is not None:
        _end_read(runtime, turn, fetched, written)


def _begin(runtime: Runtime, ref: int, fence: int) -> _Turn | None:
    """Steps 1 and 2. None: not ours (any more), nobody listens, or it is not its turn yet."""
    now = runtime.clock()
    with runtime.db.read() as session:
        feed = session.get(Feed, ref)
        if feed is None or feed.fence != fence or feed.lease_until is None or feed.lease_until <= now:
            return None
        state = FetchState(feed.etag, feed.last_modified, feed.body_hash, feed.cursor)
        turn = _Turn(
            ref, fence, feed.kind, dict(feed.params), feed.secret, state, read_audience(session, ref, feed.kind)
        )
    host = asked_host(turn.kind, turn.params, runtime.settings)
    free = is_local(host, runtime.settings.allow_private_hosts)
    if turn.audience.sources and free:
        return turn
    with runtime.db.write() as session:
        mine = claim(session, Feed, ref, fence, now=now)
        if mine is None:
            return None
        if not turn.audience.sources:
            # Listeners whose brand was put away may come back with it; nobody tells us then.
            release(mine, due_at=now + LOOK_AGAIN if live_sources(session, ref) else None)
            return None
        wait_s = take_token(session, service_of(turn.kind, host), now=now)
        if wait_s > 0:
            release(mine, due_at=not_before(wait_s, now=now, chance=random.random()))  # noqa: S311  # no secret
            return None
    return turn


def _store_items(runtime: Runtime, turn: _Turn, fetched: Fetched) -> Written | None:
    """Steps 4 and 5. None when the feed is no longer ours."""
    if fetched.not_modified or not fetched.items:
        return Written()
    with runtime.db.read() as session:
        found = sort_items(session, turn.feed_id, fetched.items, articles=KINDS[turn.kind].article)
    parts = [(write_plan, found.fresh[start : start + CHUNK]) for start in range(0, len(found.fresh), CHUNK)]
    parts += [(write_edited, found.edited[start : start + CHUNK]) for start in range(0, len(found.edited), CHUNK)]
    items = mentions = 0
    for write, part in parts:
        now = runtime.clock()
        planned = plan_items(turn.feed_id, part, turn.audience, now=now)
        with runtime.db.write() as session:
            if claim(session, Feed, turn.feed_id, turn.fence, now=now) is None:
                return None
            until = now + timedelta(seconds=runtime.settings.lease_s)
            extend_lease(session, Feed, turn.feed_id, turn.fence, until=until)
            written = write(session, planned, now=now)
        items, mentions = items + written.items, mentions + written.mentions
    return Written(items, mentions)


def _end_read(runtime: Runtime, turn: _Turn, fetched: Fetched, written: Written) -> None:
    """Step 6 after an answer."""
    now, chance = runtime.clock(), random.random()  # noqa: S311  # no secret
    kind = KINDS[turn.kind]
    host = asked_host(turn.kind, turn.params, runtime.settings)
    rationed = not is_local(host, runtime.settings.allow_private_hosts)
    if rationed:
        runtime.reach.answered(service_of(turn.kind, host), now=now)
    with runtime.db.write() as session:
        feed = claim(session, Feed, turn.feed_id, turn.fence, now=now)
        if feed is None:
            return
        count_poll(session, feed.id, failed=False, now=now)
        told = feed.last_polled_at is None or feed.state != "ok" or feed.last_error != "" or written.items > 0
        state = fetched.state
        feed.etag, feed.last_modified = state.etag, state.last_modified
        feed.body_hash, feed.cursor = state.body_hash, state.cursor
        feed.title = fetched.title[:200] or feed.title
        feed.site_url = fetched.site_url or feed.site_url
        if fetched.wishes is not None:
            feed.wishes = asdict(fetched.wishes)
        # What the document said counts on while it does not change.
        said = Wishes.from_plain(feed.wishes)
        wishes = replace(said, ttl_s=max(filter(None, (said.ttl_s, fetched.ttl_s)), default=None))
        rhythm = Rhythm(kind.least_s, kind.most_s)
        standing = after_answer(_latest(session, feed.id), rhythm, wishes, now=now, chance=chance)
        feed.last_error, feed.last_error_text, feed.last_polled_at = "", "", now
        _stand(feed, standing)
        if turn.kind == "feed":
            note_move(session, feed, fetched.moved_to, now=now)
        release(feed, due_at=standing.due_at if live_sources(session, feed.id) else None)
        if fetched.pause_s and rationed:
            block_service(session, service_of(turn.kind, host), seconds=fetched.pause_s, now=now)
        if told:
            _tell(session, feed, now)


def _end_failed(runtime: Runtime, turn: _Turn, error: PollFailed) -> None:
    """Step 6 after an error: validators stay as they are."""
    now, chance = runtime.clock(), random.random()  # noqa: S311  # no secret
    host = asked_host(turn.kind, turn.params, runtime.settings)
    rationed = not is_local(host, runtime.settings.allow_private_hosts)
    outage_s = None
    if rationed and error.code in MAYBE_OURS:
        if runtime.reach.is_ours(service_of(turn.kind, host), now=now):
            outage_s = runtime.reach.silent_s(now=now)
    elif rationed and error.code != "blocked":
        runtime.reach.answered(service_of(turn.kind, host), now=now)
    with runtime.db.write() as session:
        feed = claim(session, Feed, turn.feed_id, turn.fence, now=now)
        if feed is None:
            return
        standing = Standing(feed.state, feed.failures, feed.interval_s)
        after = after_failure(standing, error, outage_s=outage_s, now=now, chance=chance)
        release(feed, due_at=after.due_at)
        if outage_s is not None:
            return
        count_poll(session, feed.id, failed=True, now=now)
        before = (feed.state, feed.last_error)
        feed.last_error, feed.last_error_text, feed.last_polled_at = error.code[:20], error.message[:500], now
        _stand(feed, after)
        if error.retry_after_s and rationed:
            block_service(session, service_of(turn.kind, host), seconds=error.retry_after_s, now=now)
        note_failure(session, turn.kind, turn.params, error, now=now)
        if before != (feed.state, feed.last_error):
            _tell(session, feed, now)


def _stand(feed: Feed, standing: Standing) -> None:
    feed.state, feed.failures, feed.interval_s = standing.state, standing.failures, standing.interval_s


def _latest(session: Session, feed_id: int) -> list[datetime]:
    """When the latest items of a feed were published, or seen where they do not say."""
    at = func.coalesce(Item.published_at, Item.seen_at)
    recent = select(Item.published_at, Item.seen_at).where(Item.feed_id == feed_id)
    rows = session.execute(recent.order_by(at.desc()).limit(ITEMS_WEIGHED))
    return [published or seen for published, seen in rows]


def _tell(session: Session, feed: Feed, now: datetime) -> None:
    """Browsers hear of it once for each source."""
    for source in live_sources(session, feed.id):
        record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)


KIND = Kind(name="poll", model=Feed, turn=poll_one, planned_by_us=true())
