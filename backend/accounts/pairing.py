"""Pairing: an extension asks, a person approves the same code in the app, the token is told once.

Only whoever sent the challenge can fetch the token: the poll must show the verifier whose SHA-256 it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backend.accounts.members import create_device
from backend.accounts.models import PairingRequest
from backend.infra.changes import record_change
from backend.infra.errors import Gone, Invalid, NotFound, RateLimited, Unauthorized

LIFE = timedelta(minutes=2)
MOST_OPEN = 3
MOST_PER_ADDRESS = 10  # requests from one address within LIFE_OF_COUNT
LIFE_OF_COUNT = timedelta(minutes=10)


def create_pairing(
    session: Session, *, code: str, client: str, challenge: str, origin: str, address: str, now: datetime
) -> PairingRequest:
    """Ask to be let in. Raises Invalid, RateLimited."""
    wrong = {}
    if not re.fullmatch(r"[0-9A-Z-]{4,12}", code):
        wrong["code"] = "4 to 12 digits or capitals"
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}", challenge):
        wrong["challenge"] = "base64url of a SHA-256, without ="
    if wrong:
        raise Invalid("This pairing request is not well made.", fields=wrong)
    session.execute(delete(PairingRequest).where(PairingRequest.created_at < now - LIFE_OF_COUNT))
    asked = session.scalar(select(func.count()).where(PairingRequest.address == address)) or 0
    if asked >= MOST_PER_ADDRESS:
        raise RateLimited("Too many pairing requests; wait some minutes.", retry_after_s=300)
    if len(list_pending(session, now=now)) >= MOST_OPEN:
        raise RateLimited(
            "Three pairing requests are open; approve or refuse one, or wait two minutes.",
            retry_after_s=int(LIFE.total_seconds()),
        )
    row = PairingRequest(
        public_id=secrets.token_urlsafe(12),
        code=code,
        client=client.strip()[:120] or "extension",
        challenge=challenge,
        origin=origin[:200],
        address=address[:64],
        created_at=now,
        expires_at=now + LIFE,
    )
    session.add(row)
    session.flush()
    record_change(session, kind="pairing.changed", ref=row.public_id, brand_id=None, now=now)
    return row


def list_pending(session: Session, *, now: datetime) -> list[PairingRequest]:
    query = select(PairingRequest).where(PairingRequest.status == "pending", PairingRequest.expires_at > now)
    return list(session.scalars(query.order_by(PairingRequest.id)))


def decide_pairing(session: Session, public_id: str, *, approve: bool, member_id: int, now: datetime) -> None:
    """Raises NotFound, Gone (too old, or already decided)."""
    row = _get(session, public_id)
    status = "approved" if approve else "refused"
    swapped = session.execute(
        update(PairingRequest)
        .where(PairingRequest.id == row.id, PairingRequest.status == "pending", PairingRequest.expires_at > now)
        .values(status=status, member_id=member_id, expires_at=now + LIFE)
        .returning(PairingRequest.id)
    ).first()
    if swapped is None:
        raise Gone("This request has ended. Ask again in the extension.", code="pairing_ended")
    record_change(session, kind="pairing.changed", ref=public_id, brand_id=None, now=now)


def poll_pairing(session: Session, public_id: str, verifier: str, *, origin: str, now: datetime) -> tuple[str, str]:
    """(status, token): the token is told once, at the first poll after the approval.

    Raises NotFound, Unauthorized (wrong verifier or another origin), Gone (too old, or the token was told).
    """
    row = _get(session, public_id)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    if len(verifier) < 22 or not hmac.compare_digest(digest, row.challenge) or (origin and origin != row.origin):
        raise Unauthorized("This is not who asked to be paired.", code="wrong_verifier")
    if row.status == "done" or row.expires_at <= now:
        raise Gone("This request has ended. Ask again.", code="pairing_ended")
    if row.status != "approved":
        return row.status, ""
    swapped = session.execute(
        update(PairingRequest)
        .where(PairingRequest.id == row.id, PairingRequest.status == "approved")
        .values(status="done")
        .returning(PairingRequest.id)
    ).first()
    if swapped is None:
        raise Gone("The token was told already. Ask again.", code="pairing_ended")
    _device, token = create_device(
        session, name=row.client, kind="extension", member_id=row.member_id, origin=row.origin, now=now
    )
    return "approved", token


def _get(session: Session, public_id: str) -> PairingRequest:
    row = session.scalar(select(PairingRequest).where(PairingRequest.public_id == public_id))
    if row is None:
        raise NotFound("There is no such pairing request.")
    return row
