"""Connected accounts as sources: what was said to them comes in like any feed, with the account's own secret.

Such a source comes with its account and goes with it (`listen_to`, `stop_listening_to`); nobody can ask for one by
hand, since its feed reads with somebody's secret.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts import networks as accounts
from backend.accounts.networks import NetworkAccount
from backend.connectors.base import AccountFacts, AccountReader, Fetched, FetchState, Listener, PollFailed, Said
from backend.connectors.networks import account_readers
from backend.infra.changes import record_change
from backend.infra.crypto import SecretUnreadable
from backend.infra.errors import NotFound
from backend.infra.http import HttpClient
from backend.infra.runtime import Runtime
from backend.listening.feeds import get_or_create_feed, poll_soon, settle_feed
from backend.listening.keywords import remake_searches
from backend.listening.kinds import KINDS, KindListener, listener_of
from backend.listening.models import Source
from backend.listening.secrets import credentials_of
from backend.listening.signing import NETWORKS

log = logging.getLogger("entregent.listening")


@dataclass(frozen=True)
class AccountListener:
    """A reader with the account it reads for, as a `Listener`."""

    kind: str
    reader: AccountReader
    account: AccountFacts
    credentials: Mapping[str, str]

    def fetch(self, http: HttpClient, params: Mapping[str, str], state: FetchState, *, now: datetime) -> Fetched:  # noqa: ARG002  # the protocol's
        """Raises PollFailed."""
        return self.reader.read_addressed(http, self.account, self.credentials, state)


def listen_to(session: Session, account: NetworkAccount, *, now: datetime) -> Source | None:
    """The source of an account that was just connected; None where its network tells nothing. The same account again
    gives the same source, back where it was removed."""
    if account.network not in account_readers():
        return None
    feed = get_or_create_feed(session, kind_of(account), _params(account), title=account.handle, now=now)
    source = session.scalar(select(Source).where(Source.feed_id == feed.id, Source.brand_id == account.brand_id))
    if source is None:
        source = Source(
            brand_id=account.brand_id,
            feed_id=feed.id,
            name=account.handle[:200],
            url=feed.address,
            take="all",
            purpose=KINDS[feed.kind].purpose,
            created_at=now,
        )
        session.add(source)
    elif source.removed_at is not None:
        source.removed_at = None
        source.version += 1
    session.flush()
    poll_soon(session, feed.id, now=now)  # also where an old secret had put it to sleep
    if account.network in NETWORKS:
        remake_searches(session, account.brand_id, now=now)
    record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)
    return source


def stop_listening_to(session: Session, account: NetworkAccount, *, now: datetime) -> None:
    """What it brought stays."""
    if account.network not in account_readers():
        return
    feed = get_or_create_feed(session, kind_of(account), _params(account), now=now)
    live = select(Source).where(Source.feed_id == feed.id, Source.removed_at.is_(None))
    for source in session.scalars(live):
        source.removed_at = now
        source.version += 1
        record_change(session, kind="source.changed", ref=source.id, brand_id=source.brand_id, now=now)
    session.flush()
    settle_feed(session, feed.id, now=now)
    if account.network in NETWORKS:
        remake_searches(session, account.brand_id, now=now)


def kind_of(account: NetworkAccount) -> str:
    return f"{account.network}_account"


def listener_for(runtime: Runtime, kind: str, params: Mapping[str, str], secret: str = "") -> Listener:
    """Who asks for a feed of this kind. `secret`: the feed's own, sealed. Raises PollFailed where a secret is not to be
    had."""
    of = KINDS[kind]
    if not of.account and not of.signed:
        return listener_of(kind, runtime.settings, credentials_of(runtime, kind, secret))
    with runtime.db.read() as session:
        try:
            account = accounts.get_account(session, int(params["account_id"]))
        except NotFound as gone:
            raise PollFailed("unauthorized", "the account was disconnected") from gone
        facts, sealed, network = accounts.facts_of(account), account.secret, account.network
    try:
        credentials = runtime.vault.open(sealed)
    except SecretUnreadable as problem:
        raise PollFailed("unauthorized", str(problem)) from problem
    if of.signed:
        return KindListener(of, runtime.settings, facts, credentials)
    return AccountListener(kind, account_readers()[network], facts, credentials)


def read_conversation(runtime: Runtime, account_id: int, remote_id: str) -> Sequence[Said]:
    """What was said around a post that spoke to an account, asked of its network. Raises PollFailed."""
    with runtime.db.read() as session:
        account = accounts.get_account_even_removed(session, account_id)
        kind, params = kind_of(account), _params(account)
    listener = listener_for(runtime, kind, params)
    if not isinstance(listener, AccountListener):
        raise PollFailed("unreachable", "the network tells nothing")
    return listener.reader.read_thread(runtime.http, listener.account, listener.credentials, remote_id)


@dataclass(frozen=True)
class Conversation:
    """What was said around a post, which is `remote_id` there."""

    said: Sequence[Said]
    remote_id: str


def find_conversation(runtime: Runtime, brand_id: int, network: str, url: str) -> Conversation | None:
    """What was said around a post that no account of ours heard of itself: asked with any of the brand's accounts of
    that network, else as anybody where the network lets; None where nobody can ask. Raises PollFailed."""
    reader = account_readers().get(network)
    if reader is None:
        return None
    with runtime.db.read() as session:
        ours = [one for one in accounts.list_accounts(session, [brand_id]) if one.network == network]
        known = [(kind_of(one), _params(one)) for one in ours]
    for kind, params in known:
        try:
            listener = listener_for(runtime, kind, params)
            if not isinstance(listener, AccountListener):
                continue
            account, credentials = listener.account, listener.credentials
            remote_id = reader.find_post(runtime.http, account, credentials, url)
            if remote_id:
                return Conversation(reader.read_thread(runtime.http, account, credentials, remote_id), remote_id)
        except PollFailed as failed:
            if failed.code == "gone":
                raise
            log.info("an account cannot read what is around %s: %s", url, failed)
    public = reader.anybody(url, runtime.settings.endpoints.get(f"{network}_public", ""))
    if public is None:
        return None
    facts, remote_id = public
    try:
        return Conversation(reader.read_thread(runtime.http, facts, {}, remote_id), remote_id)
    except PollFailed as failed:
        if failed.code in ("unauthorized", "forbidden"):
            return None  # this server tells nobody
        raise


def note_failure(session: Session, kind: str, params: Mapping[str, str], error: PollFailed, *, now: datetime) -> None:
    """A secret that is not accepted any more is said of the account, so that a person connects it again."""
    if (KINDS[kind].account or KINDS[kind].signed) and error.code == "unauthorized":
        accounts.note_unauthorized(session, int(params["account_id"]), error.message, now=now)


def note_untold(
    session: Session, kind: str, params: Mapping[str, str], untold: Sequence[str], *, now: datetime
) -> None:
    """What a network did not tell an account, although the rest of it came."""
    if KINDS[kind].account:
        accounts.note_untold(session, int(params["account_id"]), untold, now=now)


def _params(account: NetworkAccount) -> dict[str, str]:
    return {"account_id": str(account.id), "server": account.server}
