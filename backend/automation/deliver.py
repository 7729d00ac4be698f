"""One message to one channel, one turn.

1. begin    take the row up, read all that is needed                                       (commit)
2. send     the call; no transaction is open                                               (network)
3. record   what became of it, if the lease is still ours                                  (commit)

A crash between 2 and 3 sends it a second time, under the same key (Message-ID, webhook-id), so that whoever receives it
can tell. Two workers never send one row at the same moment: the fence.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.automation import sends
from backend.automation.channels import note_outcome, open_setup
from backend.automation.content import alerts_url, inbox_url, leave_url, line_from_json, mention_url
from backend.automation.models import Channel, Message, MessageSend
from backend.config import Settings
from backend.connectors.notices.base import Notice, Outcome, Refused, Setup, TryLater, WayOut
from backend.connectors.notices.kinds import SENDERS
from backend.infra.crypto import SecretUnreadable, Vault
from backend.infra.errors import NotFound
from backend.infra.jobs import Kind, claim
from backend.infra.runtime import Runtime
from backend.infra.words import say

log = logging.getLogger("entregent.alerts")


@dataclass(frozen=True)
class Job:
    """All that a turn needs to know outside of transactions."""

    ref: int
    fence: int
    channel_kind: str
    setup: Setup
    notice: Notice


def send_one(runtime: Runtime, ref: int, fence: int) -> None:
    """Act on one leased row. Does nothing when the lease is not ours any more."""
    job = begin(runtime, ref, fence)
    if job is not None:
        record(runtime, job, call(runtime, job.channel_kind, job.setup, job.notice))


def begin(runtime: Runtime, ref: int, fence: int) -> Job | None:
    now, jitter = runtime.clock(), random.random()  # noqa: S311  # spreads tries, protects nothing
    with runtime.db.write() as session:
        send = claim(session, MessageSend, ref, fence, now=now)
        if send is None:
            return None
        channel = session.get_one(Channel, send.channel_id)
        if not sends.begin(session, send, channel, jitter=jitter, now=now):
            return None
        try:
            setup = open_setup(channel, runtime.vault)
        except SecretUnreadable as problem:
            sends.end(session, send, channel, Refused("secret_lost", str(problem)), jitter=jitter, now=now)
            return None
        try:
            message = session.get_one(Message, send.message_id)
            notice = write_notice(session, message, channel, send, runtime.settings, runtime.vault, now=now)
        except NotFound as gone:
            sends.end(session, send, channel, Refused("brand_removed", gone.message), jitter=jitter, now=now)
            return None
        return Job(ref, fence, channel.kind, setup, notice)


def call(runtime: Runtime, kind: str, setup: Setup, notice: Notice) -> Outcome:
    """The one call. A fault of ours in here is tried again like any silence."""
    try:
        return SENDERS[kind].send(WayOut(runtime.http, runtime.settings), setup, notice)
    except Exception as problem:
        log.exception("a message by %s went wrong", kind)
        return TryLater("internal", f"{type(problem).__name__}: {problem}")


def record(runtime: Runtime, job: Job, outcome: Outcome) -> None:
    now, jitter = runtime.clock(), random.random()  # noqa: S311  # spreads tries, protects nothing
    with runtime.db.write() as session:
        send = claim(session, MessageSend, job.ref, job.fence, now=now)
        if send is None or send.state != "waiting":
            return
        channel = session.get_one(Channel, send.channel_id, with_for_update=True)
        sends.end(session, send, channel, outcome, jitter=jitter, now=now)


def write_notice(
    session: Session,
    message: Message,
    channel: Channel,
    send: MessageSend,
    settings: Settings,
    vault: Vault,
    *,
    now: datetime,
) -> Notice:
    """A stored message as channels take it. Raises NotFound where its brand was put away."""
    brand = get_brand(session, message.brand_id)
    if message.mention_id is not None:
        app_url = mention_url(settings, brand.id, message.mention_id)
    else:
        app_url = inbox_url(settings, brand.id)
    return Notice(
        key=send.key,
        kind=message.kind,
        language=message.language,
        zone=brand.time_zone,
        brand=brand.name,
        brand_id=str(brand.id),
        title=message.title,
        body=message.body,
        url=message.url,
        app_url=app_url,
        lines=[line_from_json(line, settings, brand.id) for line in message.lines],
        made_at=message.created_at,
        sent_at=now,
        recipient=send.recipient,
        leave_url=leave_url(settings, vault, channel.id, send.recipient) if send.recipient else "",
        manage_url=alerts_url(settings, brand.id),
    )


def try_channel(runtime: Runtime, channel_id: int, *, key: str) -> Outcome:
    """Send a test now and say what happened. To the first address of a mail channel. Raises NotFound."""
    now = runtime.clock()
    with runtime.db.read() as session:
        channel = session.get_one(Channel, channel_id)
        brand = get_brand(session, channel.brand_id)
        language = next((tag for tag in brand.languages if tag in ("en", "fr")), "en")
        message = Message(
            brand_id=brand.id,
            kind="test",
            language=language,
            title=say(language, "alert_test_title", brand=brand.name),
            body=say(language, "alert_test_body"),
            url="",
            lines=[],
            created_at=now,
        )
        recipient = next(iter(channel.params.get("to", [])), "")
        send = MessageSend(key=key, recipient=recipient)
        notice = write_notice(session, message, channel, send, runtime.settings, runtime.vault, now=now)
    try:
        outcome = call(runtime, channel.kind, open_setup(channel, runtime.vault), replace(notice, url=""))
    except SecretUnreadable as problem:
        outcome = Refused("secret_lost", str(problem))
    with runtime.db.write() as session:
        mine = session.get_one(Channel, channel_id, with_for_update=True)
        note_outcome(session, mine, outcome, failures=SURE, now=runtime.clock())
    return outcome


SURE = 99  # a person looks: one silence is enough to be called failing

KIND = Kind(
    name="message",
    model=MessageSend,
    turn=send_one,
    # A first try may wait for a time that somebody chose; later ones are ours.
    planned_by_us=MessageSend.failures > 0,
)
