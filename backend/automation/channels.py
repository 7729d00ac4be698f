"""Channels: set up, changed, put away; how they do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.automation.models import CHANNEL_KINDS, MESSAGE_KINDS, Channel
from backend.config import Settings
from backend.connectors.notices.base import Outcome, Refused, Sent, Setup
from backend.connectors.notices.kinds import SENDERS
from backend.infra.changes import record_change
from backend.infra.crypto import Vault
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.text import one_line

#: what a channel gets unasked where nobody said otherwise
DEFAULT_TAKES = tuple(kind for kind in MESSAGE_KINDS if kind not in ("mentions", "test"))
MAX_NAME = 120


def list_channels(session: Session, brand_ids: Collection[int]) -> list[Channel]:
    query = select(Channel).where(Channel.brand_id.in_(brand_ids), Channel.removed_at.is_(None))
    return list(session.scalars(query.order_by(Channel.brand_id, Channel.id)))


def get_channel(session: Session, channel_id: int, *, lock: bool = False) -> Channel:
    """Raises NotFound."""
    channel = lock_row(session, Channel, channel_id) if lock else session.get(Channel, channel_id)
    if channel is None or channel.removed_at is not None:
        raise NotFound("There is no such channel.")
    return channel


def check_setup(kind: str, given: Mapping[str, Any], settings: Settings) -> Setup:
    """Raises Invalid with the field that is wrong, as `setup.<name>`."""
    if kind not in CHANNEL_KINDS:
        raise Invalid("There is no such kind of channel.", fields={"kind": ", ".join(CHANNEL_KINDS)})
    known = {field.name for field in SENDERS[kind].fields} if kind in SENDERS else set()
    if strange := sorted(set(given) - known):
        raise Invalid("This is no setting of such a channel.", fields={f"setup.{strange[0]}": ", ".join(known)})
    if kind not in SENDERS:
        return Setup({})
    try:
        return SENDERS[kind].set_up(given, settings)
    except Invalid as wrong:
        fields = {f"setup.{name}": why for name, why in wrong.fields.items()}
        raise Invalid(wrong.message, code=wrong.code, fields=fields) from None


def open_setup(channel: Channel, vault: Vault) -> Setup:
    """Raises SecretUnreadable."""
    return Setup(channel.params, vault.open(channel.secret) if channel.secret else {})


def known_values(kind: str, setup: Setup) -> dict[str, Any]:
    """What was filled in before: an empty field of a change keeps it."""
    names = {field.name for field in SENDERS[kind].fields} if kind in SENDERS else set()
    return {name: value for name, value in {**setup.params, **setup.secrets}.items() if name in names}


def create_channel(
    session: Session,
    brand_id: int,
    kind: str,
    setup: Setup,
    sealed: str,
    *,
    name: str = "",
    takes: Sequence[str] | None = None,
    now: datetime,
) -> Channel:
    """Raises Invalid."""
    channel = Channel(
        brand_id=brand_id,
        kind=kind,
        name=_checked_name(name) or kind,
        params=dict(setup.params),
        secret=sealed,
        takes=_checked_takes(DEFAULT_TAKES if takes is None else takes),
        created_at=now,
    )
    session.add(channel)
    session.flush()
    return _touched(session, channel, now)


def browser_channel(session: Session, brand_id: int, *, now: datetime) -> Channel:
    """The one channel of a brand that browsers fetch; made where there is none."""
    query = select(Channel).where(Channel.brand_id == brand_id, Channel.kind == "browser", Channel.removed_at.is_(None))
    found = session.scalars(query.order_by(Channel.id)).first()
    return found or create_channel(session, brand_id, "browser", Setup({}), "", now=now)


def change_channel(
    session: Session,
    channel_id: int,
    *,
    version: int,
    name: str | None = None,
    takes: Sequence[str] | None = None,
    paused: bool | None = None,
    setup: tuple[Setup, str] | None = None,
    now: datetime,
) -> Channel:
    """`setup`: the checked settings and the sealed secrets. Raises NotFound, Invalid, Conflict."""
    channel = get_channel(session, channel_id, lock=True)
    if channel.version != version:
        raise Conflict("Somebody else changed this channel in the meantime.")
    if name is not None:
        channel.name = _checked_name(name) or channel.name
    if takes is not None:
        channel.takes = _checked_takes(takes)
    if paused is not None:
        channel.paused = paused
    if setup is not None:
        checked, sealed = setup
        channel.params, channel.secret = dict(checked.params), sealed
        _recovered(channel)  # what failed with the old settings says nothing of the new ones
    return _touched(session, channel, now)


def remove_channel(session: Session, channel_id: int, *, now: datetime) -> Channel:
    """Put it away; what waits for it is dropped when its turn comes."""
    channel = get_channel(session, channel_id)
    channel.removed_at = now
    return _touched(session, channel, now)


def restore_channel(session: Session, channel_id: int, *, now: datetime) -> Channel:
    """Raises NotFound."""
    channel = session.get(Channel, channel_id)
    if channel is None:
        raise NotFound("There is no such channel.")
    channel.removed_at = None
    return _touched(session, channel, now)


def is_among(session: Session, channel_id: int, recipient: str) -> bool:
    """Whether mails of this channel go to this address."""
    channel = session.get(Channel, channel_id)
    return channel is not None and channel.removed_at is None and recipient in channel.params.get("to", [])


def leave_channel(session: Session, channel_id: int, recipient: str, *, now: datetime) -> bool:
    """One address ends its mails. Whether it was among them."""
    return _move_address(session, channel_id, recipient, "to", "left", now=now)


def come_back(session: Session, channel_id: int, recipient: str, *, now: datetime) -> bool:
    """The undo of it, only for an address that left."""
    return _move_address(session, channel_id, recipient, "left", "to", now=now)


def _move_address(session: Session, channel_id: int, recipient: str, source: str, to: str, *, now: datetime) -> bool:
    channel = lock_row(session, Channel, channel_id)
    if channel is None or channel.kind != "email" or recipient not in channel.params.get(source, []):
        return False
    rest = [address for address in channel.params[source] if address != recipient]
    channel.params = {**channel.params, source: rest, to: [*channel.params.get(to, []), recipient]}
    _touched(session, channel, now)
    return True


def note_outcome(session: Session, channel: Channel, outcome: Outcome, *, failures: int, now: datetime) -> bool:
    """How a channel does, from one try: failing at a clear no, or a third silence in a row. True when that is new."""
    before = channel.state
    if isinstance(outcome, Sent):
        _recovered(channel)
        channel.sent_at = now
    elif isinstance(outcome, Refused) or failures >= SILENCES:
        channel.state, channel.error_code, channel.error = "failing", outcome.code, outcome.message[:500]
        channel.failing_since = channel.failing_since or now
    if channel.state != before:
        record_change(session, kind="channel.changed", ref=channel.id, brand_id=channel.brand_id, now=now)
    return channel.state != before and channel.state == "failing"


SILENCES = 3


def _recovered(channel: Channel) -> None:
    channel.state, channel.error_code, channel.error = "ok", "", ""
    channel.failing_since = channel.wait_until = None


def _touched(session: Session, channel: Channel, now: datetime) -> Channel:
    channel.version = (channel.version or 0) + 1
    session.flush()
    record_change(session, kind="channel.changed", ref=channel.id, brand_id=channel.brand_id, now=now)
    return channel


def _checked_name(name: str) -> str:
    name = one_line(name)
    if len(name) > MAX_NAME:
        raise Invalid("This name is too long.", fields={"name": f"At most {MAX_NAME} characters."})
    return name


def _checked_takes(takes: Sequence[str]) -> list[str]:
    if strange := [kind for kind in takes if kind not in MESSAGE_KINDS]:
        raise Invalid(f"There is no such message: {strange[0]}.", fields={"takes": ", ".join(MESSAGE_KINDS)})
    return list(dict.fromkeys(takes))
