"""Secret addresses that other programs post to, and what comes of a delivery."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.connectors.kind import Rate
from backend.connectors.webhook.read import Delivery, Unreadable, read_delivery
from backend.infra.changes import record_change
from backend.infra.crypto import SecretUnreadable, Vault, hash_token, new_token
from backend.infra.errors import Invalid, NotFound, RateLimited, Unauthorized
from backend.infra.runtime import Runtime
from backend.listening.arrive import read_who_listens, take_items
from backend.listening.budgets import take_token
from backend.listening.feeds import get_feed, live_sources
from backend.listening.heard import count_polls
from backend.listening.models import Feed, Source, Webhook

PATH = "/-/hook/"
MAX_BYTES = 1_000_000
RATE = Rate(every_s=1, burst=60)
SIGNATURE_HEADERS = ("X-Hub-Signature-256", "X-Signature-256", "X-Signature")


@dataclass(frozen=True)
class Address:
    """`secret`: the end of the address; `signing`: the key of its deliveries, "" where they are not signed. Neither is
    told again."""

    secret: str
    signing: str


@dataclass(frozen=True)
class Taken:
    """`known`: how many had come before."""

    delivery: Delivery
    new: int
    known: int


def renew_address(session: Session, vault: Vault, source: Source, *, sign: bool, now: datetime) -> Address:
    """An address of this webhook; the one before stops at once. Raises Invalid."""
    feed = _hook_feed(session, source)
    secret, signing = new_token(), new_token() if sign else ""
    hook = session.get(Webhook, feed.id)
    if hook is None:
        hook = Webhook(feed_id=feed.id, secret_hash="", made_at=now)
        session.add(hook)
    hook.secret_hash, hook.made_at, hook.taken = hash_token(secret), now, 0
    hook.signing = vault.seal({"key": signing}) if sign else ""
    record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)
    session.flush()
    return Address(secret, signing)


def get_hook(session: Session, source: Source) -> Webhook | None:
    """None until it has an address. Raises Invalid for a source that is no webhook."""
    return session.get(Webhook, _hook_feed(session, source).id)


def take_delivery(runtime: Runtime, secret: str, body: bytes, content_type: str, signature: str) -> Taken:
    """One turn. `signature`: the first of SIGNATURE_HEADERS that came. Raises NotFound, RateLimited, Unauthorized,
    Invalid (nothing of it can be read)."""
    now = runtime.clock()
    with runtime.db.read() as session:
        hook = session.scalar(select(Webhook).where(Webhook.secret_hash == hash_token(secret)))
        if hook is None or not live_sources(session, hook.feed_id):
            raise NotFound("Nobody listens at this address (any more).")
        feed_id, signing, kind = hook.feed_id, hook.signing, get_feed(session, hook.feed_id).kind
    _check_signature(runtime.vault, signing, body, signature)
    with runtime.db.write() as session:
        wait_s = take_token(session, f"hook:{feed_id}", now=now, rate=RATE)
    if wait_s > 0:
        raise RateLimited("Too many deliveries at once.", retry_after_s=int(wait_s) + 1)
    try:
        delivery = read_delivery(body, content_type, now=now)
    except Unreadable as error:
        raise Invalid(f"This delivery cannot be read: {error}.", code="bad_delivery") from error
    written = take_items(runtime, feed_id, delivery.items, read_who_listens(runtime, feed_id, kind))
    _note_delivery(runtime, feed_id, written.items)
    return Taken(delivery, written.items, len(delivery.items) - written.items)


def sign(key: str, body: bytes) -> str:
    """The signature of a delivery as it is sent: `sha256=…`, HMAC in hexadecimal, as GitHub signs."""
    return "sha256=" + hmac.digest(key.encode(), body, "sha256").hex()


def _check_signature(vault: Vault, signing: str, body: bytes, signature: str) -> None:
    if not signing:
        return
    try:
        key = vault.open(signing)["key"]
    except SecretUnreadable as problem:
        raise Unauthorized("The key of this address cannot be read any more: make a new address.") from problem
    if not hmac.compare_digest(sign(key, body).encode(), signature.strip().encode("utf-8", "replace")):
        raise Unauthorized("This delivery is not signed with the key of its address.", code="bad_signature")


def _note_delivery(runtime: Runtime, feed_id: int, new: int) -> None:
    now = runtime.clock()
    with runtime.db.write() as session:
        feed = get_feed(session, feed_id)
        told = feed.last_polled_at is None or new > 0
        feed.last_polled_at, feed.last_error, feed.last_error_text = now, "", ""
        counted = {"last_at": now, "taken": Webhook.taken + new}
        session.execute(update(Webhook).where(Webhook.feed_id == feed_id).values(**counted))
        count_polls(session, {feed_id: False}, now=now)
        if told:
            for source in live_sources(session, feed_id):
                record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)


def _hook_feed(session: Session, source: Source) -> Feed:
    feed = get_feed(session, source.feed_id)
    if feed.kind != "webhook":
        raise Invalid("This source is no webhook.", code="no_hook")
    return feed
