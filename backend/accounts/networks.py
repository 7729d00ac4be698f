"""Connected accounts: checked with the network before they are kept, their secrets sealed.

`check_account` goes over the network and touches no database; the others touch no network.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.network_models import NetworkAccount as NetworkAccount
from backend.connectors.base import AccountFacts, PublishFailed, Unauthorized
from backend.connectors.manifest import CountRules, Manifest, MediaRules, counting_for, media_for
from backend.connectors.networks import manifests, publishers
from backend.infra.changes import record_change
from backend.infra.crypto import SecretUnreadable
from backend.infra.errors import Invalid, NotFound
from backend.infra.runtime import Runtime


def get_manifest(network: str) -> Manifest:
    """Raises Invalid for a network that nobody knows."""
    found = manifests().get(network)
    if found is None:
        raise Invalid("There is no such network.", fields={"network": ", ".join(manifests())})
    return found


def check_account(
    runtime: Runtime, network: str, server: str, credentials: Mapping[str, str], *, now: datetime
) -> AccountFacts:
    """Log in at the network and tell who we are. Raises Invalid with the field that is wrong."""
    manifest = get_manifest(network)
    publisher = publishers().get(network)
    if publisher is None:
        why = "Posts go there through its own composer; no account is needed."
        raise Invalid(why, code="no_publishing", fields={"network": why})
    needed = {credential.name for credential in manifest.credentials}
    missing = {f"credentials.{name}": "This is needed." for name in needed if not credentials.get(name, "").strip()}
    if missing:
        raise Invalid("Something is missing.", fields=missing)
    given = {name: credentials[name].strip() for name in needed}
    default = runtime.settings.endpoint(network, manifest.default_server)
    address = server_address(server or default, runtime.settings.allow_private_hosts | {urlsplit(default).netloc})
    try:
        return publisher.check(runtime.http, address, given, now=now)
    except PublishFailed as failed:
        raise _refused(failed, manifest) from failed


def check_again(runtime: Runtime, account: NetworkAccount, *, now: datetime) -> AccountFacts:
    """Ask the network about a connected account. Raises Invalid like `check_account`."""
    try:
        credentials = runtime.vault.open(account.secret)
    except SecretUnreadable as problem:
        raise Invalid(str(problem), code="credentials_refused") from problem
    return check_account(runtime, account.network, account.server, credentials, now=now)


def server_address(text: str, plain_http: Collection[str]) -> str:
    """`mastodon.social`, `https://mastodon.social/@me` or `@me@mastodon.social` → `https://mastodon.social`.

    Plain http is kept for hosts in `plain_http` (host or host:port) only: a secret is never sent in the clear.
    """
    text = text.strip()
    if "://" not in text:
        text = "https://" + text.rsplit("@", 1)[-1]
    parts = urlsplit(text)
    host = parts.hostname or ""
    plain = parts.scheme == "http" and (host in plain_http or parts.netloc in plain_http)
    if not host or "@" in parts.netloc or not (parts.scheme == "https" or plain):
        raise Invalid("This is not the address of a server.", fields={"server": "mastodon.social, for example"})
    return f"{parts.scheme}://{parts.netloc.lower()}"


def save_account(
    session: Session, *, brand_id: int, network: str, facts: AccountFacts, sealed: str, now: datetime
) -> NetworkAccount:
    """Keep a checked account; the same account again (a new token, or after it was disconnected) is the same row."""
    account = session.scalar(
        select(NetworkAccount).where(
            NetworkAccount.brand_id == brand_id,
            NetworkAccount.network == network,
            NetworkAccount.server == facts.server,
            NetworkAccount.remote_id == facts.remote_id,
        )
    )
    if account is None:
        account = NetworkAccount(
            brand_id=brand_id,
            network=network,
            server=facts.server,
            remote_id=facts.remote_id,
            created_at=now,
            version=0,
        )
        session.add(account)
    account.secret, account.removed_at = sealed, None
    _note_facts(account, facts, now=now)
    session.flush()
    record_change(session, kind="account.changed", ref=account.id, brand_id=brand_id, now=now)
    return account


def list_accounts(session: Session, brand_ids: Collection[int]) -> list[NetworkAccount]:
    return list(
        session.scalars(
            select(NetworkAccount)
            .where(NetworkAccount.brand_id.in_(brand_ids), NetworkAccount.removed_at.is_(None))
            .order_by(NetworkAccount.brand_id, NetworkAccount.network, NetworkAccount.handle)
        )
    )


def get_account(session: Session, account_id: int) -> NetworkAccount:
    """Raises NotFound."""
    account = session.get(NetworkAccount, account_id)
    if account is None or account.removed_at is not None:
        raise NotFound("There is no such account.")
    return account


def get_account_even_removed(session: Session, account_id: int) -> NetworkAccount:
    """For what was queued before the account was disconnected."""
    return session.get_one(NetworkAccount, account_id)


def note_checked(session: Session, account_id: int, facts: AccountFacts, *, now: datetime) -> NetworkAccount:
    """A check went well: names and limits are what the network says today."""
    account = get_account(session, account_id)
    _note_facts(account, facts, now=now)
    record_change(session, kind="account.changed", ref=account.id, brand_id=account.brand_id, now=now)
    return account


def note_problem(
    session: Session, account_id: int, *, unauthorized: bool, message: str, now: datetime
) -> NetworkAccount:
    """A check went wrong."""
    account = get_account_even_removed(session, account_id)
    account.state = "unauthorized" if unauthorized else "unreachable"
    account.last_error, account.checked_at = message[:500], now
    account.version += 1
    record_change(session, kind="account.changed", ref=account.id, brand_id=account.brand_id, now=now)
    return account


def note_unauthorized(session: Session, account_id: int, message: str, *, now: datetime) -> None:
    """The network did not accept the secret any more: said once, not at every post."""
    account = get_account_even_removed(session, account_id)
    if account.state != "unauthorized":
        note_problem(session, account_id, unauthorized=True, message=message, now=now)


def disconnect_account(session: Session, account_id: int, *, now: datetime) -> None:
    """Forget the secret. Posts stay; what was still to be sent from here asks a person."""
    account = get_account(session, account_id)
    account.secret, account.removed_at = "", now
    account.version += 1
    record_change(session, kind="account.changed", ref=account.id, brand_id=account.brand_id, now=now)


def facts_of(account: NetworkAccount) -> AccountFacts:
    """The account as connectors know it."""
    return AccountFacts(
        remote_id=account.remote_id,
        handle=account.handle,
        display_name=account.display_name,
        avatar_url=account.avatar_url,
        server=account.server,
        limits=account.limits,
    )


def counting_of(account: NetworkAccount, in_reply_to: str = "") -> CountRules:
    """How this account's network counts, with the limits of its own server; answers to direct messages by theirs."""
    return counting_for(manifests()[account.network], account.limits, in_reply_to)


def media_of(account: NetworkAccount, in_reply_to: str = "") -> MediaRules:
    return media_for(manifests()[account.network], account.limits, in_reply_to)


def untold_of(account: NetworkAccount) -> list[str]:
    """What its network did not tell the last time it was asked, by code: see `Fetched.untold`."""
    return list(account.limits.get("untold", ()))


def note_untold(session: Session, account_id: int, untold: Collection[str], *, now: datetime) -> None:
    """Said once, and taken back once."""
    account = get_account_even_removed(session, account_id)
    if untold_of(account) == list(untold):
        return
    account.limits = {**account.limits, "untold": list(untold)}
    account.version += 1
    record_change(session, kind="account.changed", ref=account.id, brand_id=account.brand_id, now=now)


def _note_facts(account: NetworkAccount, facts: AccountFacts, *, now: datetime) -> None:
    account.handle, account.display_name = facts.handle, facts.display_name
    # What was not told stays so until it is asked for again.
    known = {"untold": account.limits["untold"]} if account.limits and "untold" in account.limits else {}
    account.avatar_url, account.limits = facts.avatar_url, {**facts.limits, **known}
    account.state, account.last_error, account.checked_at = "ok", "", now
    account.version += 1


def _refused(failed: PublishFailed, manifest: Manifest) -> Invalid:
    outcome = failed.outcome
    if isinstance(outcome, Unauthorized):
        secret = next(c.name for c in manifest.credentials if c.secret)
        why = f"{manifest.name} does not accept this."
        return Invalid(f"{why} ({outcome.message})", code="credentials_refused", fields={f"credentials.{secret}": why})
    why = f"This server could not be asked: {outcome.message}"
    return Invalid(why, code="server_unreachable", fields={"server": why})
