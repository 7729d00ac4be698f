"""The public address of short links: set by the administrator, believed once it was proved to lead here.

The proof is our own request, through the one way out, for `/-/proof/<nonce>` at that address: only this server (or
one that shares its key) can sign the nonce. Until then no interface gives a short link away, so that nothing dead
goes out under a brand's name.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from backend.config import Settings
from backend.infra.changes import record_change
from backend.infra.http import HttpFailed
from backend.infra.runtime import Runtime
from backend.infra.tables import PROVED_URL, insert_or_ignore, remember
from backend.links.models import Link, PublicAddress

PURPOSE = "proof of the public address"
NONCE = re.compile(r"[A-Za-z0-9_-]{22,64}")
PROVE_AGAIN_AFTER = timedelta(days=1)
# An address that nobody could reach for this long is no longer believed; one that answers wrongly is not at once.
BELIEVED_FOR = timedelta(days=3)
RETRY_AFTER = timedelta(minutes=5)
DEADLINE_S = 10.0


def answer_proof(runtime: Runtime, nonce: str) -> str | None:
    """What `/-/proof/<nonce>` answers; None for what we would never ask."""
    return runtime.vault.sign(PURPOSE, nonce) if NONCE.fullmatch(nonce) else None


def current_address(session: Session) -> PublicAddress | None:
    """The address in force, None when none is set. Its `proved_at` is None while it is not proved."""
    row = session.get(PublicAddress, 1)
    return row if row is not None and row.url else None


def own_hosts_of(session: Session) -> Collection[str]:
    """The host of the public address: a link to it would be a link to a link."""
    row = current_address(session)
    return {urlsplit(row.url).hostname or ""} - {""} if row else set()


def own_hosts(settings: Settings) -> frozenset[str]:
    """All hosts that the settings say are ours."""
    hosts = {urlsplit(url).hostname for url in (settings.public_url, settings.admin_url) if url}
    return frozenset(host for host in hosts if host)


def short_url(base: str, link: Link) -> str:
    """The address of a link: `base` is the public address, or where the server listens while there is none."""
    return f"{base.rstrip('/')}/{link.code}"


def base_address(session: Session, settings: Settings) -> tuple[str, bool]:
    """Where short links begin, and whether that may be shown to the world."""
    row = current_address(session)
    if row is not None and row.url == settings.public_url:
        return row.url, row.proved_at is not None
    if settings.public_url:
        return settings.public_url, False
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104  # compared, not bound
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}", False


def adopt_setting(session: Session, url: str) -> PublicAddress:
    """The one row, about the address that is set now: another address has its own proof to give."""
    insert_or_ignore(session, PublicAddress, id=1, url="", error="")
    row = session.get(PublicAddress, 1, populate_existing=True)
    assert row is not None  # noqa: S101  # inserted above
    if row.url != url:
        row.url, row.proved_at, row.checked_at, row.error = url, None, None, ""
        remember(session, PROVED_URL, "")
    return row


def is_due(row: PublicAddress, *, now: datetime) -> bool:
    """Whether it is time to ask for a proof again."""
    if not row.url:
        return False
    if row.checked_at is None:
        return True
    settled = row.proved_at is not None and not row.error
    return now - row.checked_at >= (PROVE_AGAIN_AFTER if settled else RETRY_AFTER)


def prove_when_due(runtime: Runtime, now: datetime) -> None:
    """The chore: follow the setting, prove what is due."""
    url = runtime.settings.public_url
    with runtime.db.read() as session:
        row = session.get(PublicAddress, 1)
        known = row is not None and row.url == url
        due = is_due(row, now=now) if row is not None and known else True
    if not known:
        with runtime.db.write() as session:
            adopt_setting(session, url)
    if due and url:
        prove(runtime, now=now)


def prove(runtime: Runtime, *, now: datetime) -> None:
    """Ask our own public address for a proof and keep the outcome. A turn: commits."""
    url = runtime.settings.public_url
    with runtime.db.write() as session:
        adopt_setting(session, url)
    if not url:
        return
    error, wrong = _ask(runtime, url)
    with runtime.db.write() as session:
        row = adopt_setting(session, url)
        before = row.proved_at is not None
        row.checked_at, row.error = now, error
        if not error:
            row.proved_at = now
        elif wrong or (row.proved_at is not None and now - row.proved_at > BELIEVED_FOR):
            row.proved_at = None
        remember(session, PROVED_URL, url if row.proved_at is not None else "")
        if before != (row.proved_at is not None):
            record_change(session, kind="public_address.changed", ref="1", brand_id=None, now=now)


def _ask(runtime: Runtime, url: str) -> tuple[str, bool]:
    """Why it is not proved ("" when it is), and whether something else answered there."""
    nonce = secrets.token_urlsafe(24)
    try:
        answer = runtime.http.get(f"{url}/-/proof/{nonce}", deadline_s=DEADLINE_S, max_bytes=10_000, follow=0)
    except HttpFailed as failure:
        return failure.message, False
    if answer.status >= 500:
        return f"{url} answered {answer.status}", False
    signature = answer.text().strip()
    if answer.status != 200 or not signature.isascii() or not runtime.vault.signed(PURPOSE, nonce, signature):
        return f"something else answered at {url} (status {answer.status})", True
    return "", False
