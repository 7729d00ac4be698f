"""One delivery, one turn: the only place that sends a post.

1. begin     take the row up in whatever state it was left; held when it is late          (commit: leased)
2. plan      the payload, frozen with its keys; prepare it: log in, upload                 (network)
3. freeze    what was prepared is what will be sent                                        (commit: prepared)
4. arm       say that the call is about to be made                                         (commit: armed)
5. send      the one call that cannot be taken back                                        (network)
6. record    what became of it                                                             (commit: published, …)

A crash before 4 is committed has sent nothing. A crash after it leaves `armed`, and the next turn looks whether the
post is there before anything is sent again. Each write claims the row by its fence, so a worker that lost its lease
changes nothing; what it still learns is added to the history. No transaction is open over the network.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.accounts import networks as accounts
from backend.accounts.brands import brand_ids
from backend.config import Settings
from backend.connectors.base import (
    AccountFacts,
    NotThere,
    Outcome,
    Outgoing,
    Published,
    Publisher,
    Rejected,
    RetryLater,
    Unauthorized,
    Uncertain,
)
from backend.connectors.manifest import settle_for
from backend.connectors.networks import manifests, publishers
from backend.infra.crypto import SecretUnreadable
from backend.infra.jobs import Kind, claim
from backend.infra.runtime import Runtime
from backend.publishing import outbox
from backend.publishing.answers import note_sent
from backend.publishing.media import media_for_sending
from backend.publishing.models import Delivery, Post

trace = logging.getLogger("entregent.deliver")

#: an upload may take this long, and a lease must outlive it, in seconds per file
UPLOAD_S = 60.0


@dataclass(frozen=True)
class Job:
    """All that a turn needs to know outside of transactions."""

    ref: int
    fence: int
    work: str  # send | look
    revision: int
    key: str
    scheduled_for: datetime
    payload: dict[str, Any] | None
    maybe_sent_at: datetime | None
    post: Outgoing
    account_id: int
    network: str
    account: AccountFacts
    sealed: str
    not_these: list[str]


def deliver_one(runtime: Runtime, ref: int, fence: int) -> None:
    """Act on one leased delivery. Does nothing when the lease is not ours any more."""
    job = begin(runtime, ref, fence)
    if job is None:
        return
    publisher = publishers()[job.network]
    try:
        credentials = runtime.vault.open(job.sealed)
    except SecretUnreadable as problem:
        if job.work == "look":
            record_look(runtime, job, Unauthorized(str(problem)))
        else:
            record(runtime, job, Unauthorized(str(problem)))
        return
    if job.work == "look":
        record_look(runtime, job, look(runtime, publisher, job, credentials))
        return
    prepared = prepare(runtime, publisher, job, credentials)
    if not isinstance(prepared, dict):
        record(runtime, job, prepared)
        return
    if freeze(runtime, job, prepared) and arm(runtime, job):
        record(runtime, job, send(runtime, publisher, job, credentials, prepared))


# --- steps that write ------------------------------------------------------------------------------------------


def begin(runtime: Runtime, ref: int, fence: int) -> Job | None:
    """Claim the row, and read everything that is needed to act on it."""
    now = runtime.clock()
    with runtime.db.write() as session:
        delivery = claim(session, Delivery, ref, fence, now=now)
        if delivery is None:
            return None
        if delivery.state in ("scheduled", "retry_wait") and delivery.brand_id not in brand_ids(session):
            outbox.stop_for_a_person(session, delivery, "held", "brand_removed", "the brand was put away", now=now)
            return None
        post = session.get_one(Post, delivery.post_id)
        outgoing = outgoing_for(session, post, delivery.account_id, runtime.settings)
        lease_s = runtime.settings.lease_s + UPLOAD_S * len(outgoing.media)
        work = outbox.begin(
            session,
            delivery,
            lease_until=now + timedelta(seconds=lease_s),
            late_after_s=runtime.settings.late_after_s,
            settle_s=settle_for(manifests()[delivery.network], post.in_reply_to),
            now=now,
        )
        if work == "nothing":
            return None
        account = accounts.get_account_even_removed(session, delivery.account_id)
        job = Job(
            ref=ref,
            fence=fence,
            work=work,
            revision=delivery.revision,
            key=delivery.key,
            scheduled_for=delivery.scheduled_for,
            payload=delivery.payload,
            maybe_sent_at=delivery.maybe_sent_at,
            post=outgoing,
            account_id=account.id,
            network=delivery.network,
            account=accounts.facts_of(account),
            sealed=account.secret,
            not_these=outbox.remote_ids_of_others(session, delivery) if work == "look" else [],
        )
        if account.removed_at is not None or not account.secret:
            outcome = Unauthorized("the account was disconnected")
            if work == "send":
                outbox.record_outcome(session, delivery, outcome, settle_s=0, jitter=0, now=now)
            else:
                outbox.record_look(session, delivery, outcome, jitter=0, now=now)
            return None
        return job


def freeze(runtime: Runtime, job: Job, payload: dict[str, Any]) -> bool:
    """Commit `prepared`. False when the row is not ours any more, or the post was changed in the meantime."""
    now = runtime.clock()
    with runtime.db.write() as session:
        delivery = _claimed(session, job, "leased", now)
        if delivery is None or delivery.revision != job.revision:
            return False
        outbox.freeze(session, delivery, payload, now=now)
        return True


def arm(runtime: Runtime, job: Job) -> bool:
    """Commit `armed`. Only who gets True may send."""
    now = runtime.clock()
    with runtime.db.write() as session:
        delivery = _claimed(session, job, "prepared", now)
        if delivery is None:
            return False
        outbox.arm(session, delivery, lease_until=now + timedelta(seconds=runtime.settings.lease_s), now=now)
        return True


def record(runtime: Runtime, job: Job, outcome: Outcome) -> None:
    """Commit what became of it."""
    now, jitter = runtime.clock(), random.random()  # noqa: S311  # spreads retries, protects nothing
    with runtime.db.write() as session:
        delivery = claim(session, Delivery, job.ref, job.fence, now=now)
        if delivery is None or delivery.state not in ("leased", "armed"):
            _late_answer(session, job, outcome, now=now)
            return
        if isinstance(outcome, Unauthorized):
            accounts.note_unauthorized(session, job.account_id, outcome.message, now=now)
        settle_s = settle_for(manifests()[job.network], job.post.in_reply_to)
        outbox.record_outcome(session, delivery, outcome, settle_s=settle_s, jitter=jitter, now=now)
        note_sent(session, delivery, now=now)


def record_look(
    runtime: Runtime, job: Job, found: Published | NotThere | Uncertain | RetryLater | Unauthorized
) -> None:
    """Commit what looking gave."""
    now, jitter = runtime.clock(), random.random()  # noqa: S311  # spreads retries, protects nothing
    with runtime.db.write() as session:
        delivery = _claimed(session, job, "uncertain", now)
        if delivery is None:
            return
        if isinstance(found, Unauthorized):
            accounts.note_unauthorized(session, job.account_id, found.message, now=now)
        outbox.record_look(session, delivery, found, jitter=jitter, now=now)
        note_sent(session, delivery, now=now)


def _claimed(session: Session, job: Job, state: str, now: datetime) -> Delivery | None:
    delivery = claim(session, Delivery, job.ref, job.fence, now=now)
    return delivery if delivery is not None and delivery.state == state else None


def _late_answer(session: Session, job: Job, outcome: Outcome, *, now: datetime) -> None:
    # Somebody else has it by now and will look for itself. What we know is kept for whoever reads the history.
    delivery = session.get(Delivery, job.ref)
    if delivery is not None:
        outbox.log(session, delivery, "late answer", f"fence {job.fence}: {outcome}", now=now)


# --- steps over the network ------------------------------------------------------------------------------------


def prepare(
    runtime: Runtime, publisher: Publisher, job: Job, credentials: dict[str, str]
) -> dict[str, Any] | Rejected | RetryLater | Unauthorized:
    """The payload to send. A bug here has sent nothing: it is tried again like any failure."""
    try:
        payload = job.payload or publisher.plan(job.post, job.account, key=job.key, now=job.scheduled_for)
        return publisher.prepare(runtime.http, job.account, credentials, payload)
    except Exception as problem:
        trace.exception("delivery %s could not be prepared", job.ref)
        return RetryLater(f"{type(problem).__name__}: {problem}")


def send(
    runtime: Runtime, publisher: Publisher, job: Job, credentials: dict[str, str], payload: dict[str, Any]
) -> Outcome:
    """The one call. Whatever goes wrong in here, it may have arrived."""
    try:
        return publisher.commit(runtime.http, job.account, credentials, payload)
    except Exception as problem:
        trace.exception("delivery %s: the call went wrong", job.ref)
        return Uncertain(f"{type(problem).__name__}: {problem}")


def look(
    runtime: Runtime, publisher: Publisher, job: Job, credentials: dict[str, str]
) -> Published | NotThere | Uncertain | RetryLater | Unauthorized:
    """Is it there already?"""
    now = runtime.clock()
    payload = {**(job.payload or {}), "not_these": job.not_these}
    try:
        return publisher.reconcile(
            runtime.http, job.account, credentials, payload, armed_at=job.maybe_sent_at or now, now=now
        )
    except Exception as problem:
        trace.exception("delivery %s could not be looked for", job.ref)
        return RetryLater(f"{type(problem).__name__}: {problem}")


def outgoing_for(session: Session, post: Post, account_id: int, settings: Settings) -> Outgoing:
    """The post as it shall appear on one account."""
    variant = post.variants.get(str(account_id), {})
    media = variant.get("media") if variant.get("media") is not None else post.media
    return Outgoing(
        text=variant.get("text") if variant.get("text") is not None else post.text,
        language=post.language,
        media=media_for_sending(session, media or [], settings.data_dir),
        in_reply_to=post.in_reply_to,
    )


KIND = Kind(
    name="deliver",
    model=Delivery,
    turn=deliver_one,
    prompt=True,
    planned_by_us=Delivery.state.not_in(("scheduled", "held")),
)
