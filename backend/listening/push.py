"""Feeds whose news come by themselves: a hub is asked to tell us (WebSub, https://www.w3.org/TR/websub/).

1. A poll finds the hub that a feed names (`note_hub`). Only where our public address was proved is the hub asked.
2. `subscribe_one` asks it to tell at an address of our own, with a secret; the hub asks back whether we meant it
   (`confirm`), and says for how long. Well before the end it is asked again.
3. What the hub then brings (`take_news`) counts if it is signed with the secret, and is stored as a poll would.
4. While that works the feed is polled once a day. A poll that finds something the hub should have told shows that it
   does not work (`note_missed`): the feed is polled as before, and the hub gets another chance a week later.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from backend.connectors.feed.hub import Hub, is_signed
from backend.connectors.feed.parse import NotAFeed, parse_feed
from backend.connectors.kind import Rate
from backend.infra.changes import record_changes
from backend.infra.errors import NotFound, RateLimited
from backend.infra.http import HttpFailed
from backend.infra.jobs import Kind, claim, release
from backend.infra.runtime import Runtime
from backend.infra.tables import PROVED_URL, insert_or_ignore, recall
from backend.listening.arrive import read_who_listens, take_items
from backend.listening.budgets import take_token
from backend.listening.feeds import get_feed, listeners_of
from backend.listening.models import Feed, Item, Push
from backend.listening.when import not_before

log = logging.getLogger("entregent.push")

PATH = "/-/websub/"
#: kinds whose documents say the same whoever brings them
PUSHED = ("feed", "podcast", "youtube", "youtube_playlist")
MAX_BYTES = 5_000_000
_PULL_ANYWAY_S = 22 * 3_600  # however well a hub works: within a day, whatever chance adds
ASK_AGAIN = timedelta(days=7)  # what did not work
WAIT_FOR_HUB = timedelta(minutes=15)  # between asking it and its asking back
LEASE_S = 10 * 86_400
_LEAST_LEASE_S, _MOST_LEASE_S = 300, 30 * 86_400
GRACE = timedelta(minutes=30)  # hubs are late now and then
NEWS = Rate(every_s=5, burst=30)  # deliveries of one feed
_DEADLINE_S = 20.0
_KEY = re.compile(r"(\d{1,18})-([A-Za-z0-9_-]{32})")
_PURPOSE, _SECRET = "address of a hub", "secret of a hub"


def note_hub(session: Session, feed: Feed, hub: Hub, *, now: datetime) -> None:
    """A feed names its hub: it is asked at the next occasion."""
    push = session.scalar(select(Push).where(Push.feed_id == feed.id))
    if push is None:
        insert_or_ignore(
            session, Push, feed_id=feed.id, hub=hub.url, topic=hub.topic, state="asked", error="", due_at=now,
            fence=0, attempts=0, worker="",
        )  # fmt: skip
    elif (push.hub, push.topic) != (hub.url, hub.topic):
        push.hub, push.topic, push.state, push.error = hub.url, hub.topic, "asked", ""
        push.until = push.working_since = None
        push.due_at = now


def subscribe_one(runtime: Runtime, ref: int, fence: int) -> None:
    """Ask one hub to tell us, or to go on. A turn."""
    now = runtime.clock()
    with runtime.db.read() as session:
        push = session.get(Push, ref)
        if push is None or push.fence != fence or push.lease_until is None or push.lease_until <= now:
            return
        base = recall(session, PROVED_URL)
        wanted = push.feed_id in listeners_of(session, [push.feed_id])
        hub, topic, feed_id = push.hub, push.topic, push.feed_id
    error, refused = "", False
    if base and wanted:
        error, refused = _ask(runtime, hub, topic, base + address_of(runtime, feed_id), feed_id)
    now = runtime.clock()
    with runtime.db.write() as session:
        mine = claim(session, Push, ref, fence, now=now)
        if mine is None:
            return
        if not base or not wanted:
            release(mine, due_at=now + (timedelta(hours=1) if wanted else ASK_AGAIN))
            return
        # The hub asks back while we still wait for its answer: what it confirmed meanwhile stands.
        mine.error = error[:500]
        if error:
            mine.attempts += 1
            wait = min(ASK_AGAIN, timedelta(hours=1) * 2 ** min(mine.attempts, 10))
            if mine.state == "asked" and refused:
                mine.state = "refused"
            release(mine, due_at=now + (ASK_AGAIN if refused else wait))
        elif mine.due_at is not None and mine.due_at > now:
            release(mine, due_at=mine.due_at)
        else:
            mine.attempts += 1
            release(mine, due_at=now + WAIT_FOR_HUB * 2 ** min(mine.attempts, 9))


def _ask(runtime: Runtime, hub: str, topic: str, callback: str, feed_id: int) -> tuple[str, bool]:
    """Why it did not take it ("" when it did), and whether that is its last word."""
    form = {
        "hub.mode": "subscribe",
        "hub.topic": topic,
        "hub.callback": callback,
        "hub.secret": secret_of(runtime, feed_id),
        "hub.lease_seconds": str(LEASE_S),
    }
    try:
        answer = runtime.http.post(hub, data=form, deadline_s=_DEADLINE_S, max_bytes=100_000)
    except HttpFailed as failure:
        return failure.message, False
    if 200 <= answer.status < 300:
        return "", False
    return f"HTTP {answer.status}: {answer.text()[:200]}", 400 <= answer.status < 500 and answer.status != 429


def address_of(runtime: Runtime, feed_id: int) -> str:
    """Where the hub of a feed finds us; nobody else can guess it."""
    return f"{PATH}{feed_id}-{runtime.vault.sign(_PURPOSE, str(feed_id))}"


def secret_of(runtime: Runtime, feed_id: int) -> str:
    return runtime.vault.sign(_SECRET, str(feed_id))


def _feed_of(runtime: Runtime, key: str) -> int:
    """Raises NotFound."""
    found = _KEY.fullmatch(key)
    if found is None or not runtime.vault.signed(_PURPOSE, found[1], found[2]):
        raise NotFound("Nobody listens at this address.")
    return int(found[1])


def confirm(runtime: Runtime, key: str, *, mode: str, topic: str, lease_s: str, reason: str = "") -> bool:
    """A hub asks whether we want what it was asked for (or says that it will not). Whether we do. Raises NotFound."""
    feed_id, now = _feed_of(runtime, key), runtime.clock()
    with runtime.db.write() as session:
        push = session.scalar(select(Push).where(Push.feed_id == feed_id).with_for_update())
        wanted = push is not None and push.topic == topic and feed_id in listeners_of(session, [feed_id])
        if push is None or not wanted:
            return mode == "unsubscribe"
        if mode == "denied":
            push.state, push.error, push.until = "refused", f"denied: {reason}"[:500], None
            push.working_since, push.due_at = None, now + ASK_AGAIN
            return True
        if mode != "subscribe":
            return False
        asked_s = int(lease_s) if lease_s.isdecimal() and len(lease_s) < 12 else LEASE_S
        lasts = min(max(asked_s, _LEAST_LEASE_S), _MOST_LEASE_S)
        if push.state != "working" or push.until is None or push.until < now:
            push.working_since = now
        push.state, push.error, push.attempts = "working", "", 0
        push.until = now + timedelta(seconds=lasts)
        push.due_at = now + timedelta(seconds=lasts * 0.8)
        _tell(session, feed_id, now)
        return True


def take_news(runtime: Runtime, key: str, body: bytes, content_type: str, signature: str) -> int:
    """What a hub brings; gives how many items are new. What is not signed with our secret is not looked at, and the hub
    is not told so (§7 of the specification). Raises NotFound, RateLimited."""
    feed_id, now = _feed_of(runtime, key), runtime.clock()
    with runtime.db.read() as session:
        push = session.scalar(select(Push).where(Push.feed_id == feed_id))
        if push is None or feed_id not in listeners_of(session, [feed_id]):
            raise NotFound("Nobody listens at this address (any more).")
        feed = get_feed(session, feed_id)
        kind, url = feed.kind, feed.address
    if not is_signed(secret_of(runtime, feed_id), body, signature):
        log.info("what a hub brought for feed %s is not signed by it", feed_id)
        return 0
    with runtime.db.write() as session:
        wait_s = take_token(session, f"push:{feed_id}", now=now, rate=NEWS)
    if wait_s > 0:
        raise RateLimited("Too many deliveries at once.", retry_after_s=int(wait_s) + 1)
    try:
        items = parse_feed(body, url=url, content_type=content_type).items
    except NotAFeed as error:
        log.info("what a hub brought for feed %s cannot be read: %s", feed_id, error)
        return 0
    written = take_items(runtime, feed_id, items, read_who_listens(runtime, feed_id, kind))
    now = runtime.clock()
    with runtime.db.write() as session:
        push = session.scalar(select(Push).where(Push.feed_id == feed_id).with_for_update())
        if push is not None:
            push.last_at = now
        if written.items:
            get_feed(session, feed_id).latest = []  # looked up at the next poll
            _tell(session, feed_id, now)
    return written.items


def working_pushes(session: Session, feed_ids: list[int], *, now: datetime) -> dict[int, Push]:
    """Of these feeds, those whose hub tells."""
    rows = select(Push).where(Push.feed_id.in_(feed_ids), Push.state == "working", Push.until > now)
    return {push.feed_id: push for push in session.scalars(rows)}


def push_states(session: Session, feed_ids: list[int], *, now: datetime) -> dict[int, str]:
    """How it stands with the hubs of these feeds, as words for programs; "asked" too where its time has run out."""
    rows = session.execute(select(Push.feed_id, Push.state, Push.until).where(Push.feed_id.in_(feed_ids)))
    return {
        feed_id: "asked" if state == "working" and (until is None or until <= now) else state
        for feed_id, state, until in rows
    }


def pull_anyway(*, now: datetime, chance: float) -> datetime:
    """When a feed is polled next whose hub tells."""
    return not_before(_PULL_ANYWAY_S, now=now, chance=chance)


def note_missed(session: Session, feed: Feed, push: Push, *, now: datetime) -> bool:
    """A poll brought something new (seen at `now` or a little before): whether the hub should have told of it before,
    and is no longer believed."""
    since = push.working_since or now
    lately = now - timedelta(minutes=5)
    fresh = select(func.count()).select_from(Item).where(Item.feed_id == feed.id, Item.seen_at > lately)
    dated = Item.published_at.between(since, now - GRACE)
    # What has no date was there at a poll after the hub began to tell, and not at the one before.
    undated = Item.published_at.is_(None) if feed.last_polled_at is not None and feed.last_polled_at >= since else None
    missed = session.scalar(fresh.where(dated if undated is None else dated | undated)) or 0
    if not missed:
        return False
    push.state, push.error = "broken", f"a poll found {missed} that the hub had not told of"
    push.working_since, push.due_at, push.attempts = None, now + ASK_AGAIN, 0
    return True


def _tell(session: Session, feed_id: int, now: datetime) -> None:
    if refs := listeners_of(session, [feed_id]).get(feed_id, []):
        record_changes(session, kind="source.changed", refs=refs, now=now)


KIND = Kind(name="push", model=Push, turn=subscribe_one, planned_by_us=true())
