"""Places that answer only who is logged in, asked with an account that a brand has connected."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from backend.accounts.networks import list_accounts
from backend.connectors.kind import Params
from backend.listening.kinds import KINDS

NETWORKS = frozenset(kind.signed for kind in KINDS.values() if kind.signed)


def accounts_that_ask(session: Session, brand_id: int) -> Mapping[str, Params]:
    """By network, the account of a brand with which its searches are asked there: the first that is accepted."""
    found: dict[str, Params] = {}
    for account in list_accounts(session, [brand_id]):
        if account.network in NETWORKS and account.state != "unauthorized":
            found.setdefault(account.network, {"account_id": str(account.id), "server": account.server})
    return found
