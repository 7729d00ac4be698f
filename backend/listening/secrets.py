"""What a source is read with beside its address: sealed when a person gives it, opened only for a poll.

It is part of a feed's identity: two brands with different passwords for one address have two feeds. The mark by which
they are told apart is keyed, so that it says nothing to who finds the database.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from backend.connectors.access import Access, wrong_access
from backend.connectors.base import PollFailed
from backend.connectors.kind import Params, SourceKind, WrongParams, read_params
from backend.infra.crypto import SecretUnreadable, Vault
from backend.infra.errors import Invalid
from backend.infra.http import HttpClient
from backend.infra.runtime import Runtime
from backend.listening.kinds import KINDS


@dataclass(frozen=True)
class Sealed:
    """`names`: what may be shown: names of headers, of secrets of the kind, `""` for a log-in."""

    secret: str = ""
    mark: str = ""
    names: tuple[str, ...] = ()


NOTHING = Sealed()


def seal_access(vault: Vault, access: Access, *, plain_http: Collection[str]) -> Sealed:
    """Headers and a log-in for one origin. Raises Invalid."""
    if wrong := wrong_access(access, plain_http):
        raise Invalid("This cannot be sent to the site.", code="bad_access", fields=wrong)
    return _seal(vault, access.plain(), access.names())


def seal_secrets(vault: Vault, kind: SourceKind, given: Params) -> Sealed:
    """What a kind needs to be let in. Raises Invalid."""
    try:
        kept = read_params(kind, given, kind.secrets)
    except WrongParams as wrong:
        fields = {f"secrets.{name}": fits for name, fits in wrong.fields.items()}
        raise Invalid("This source cannot be saved like this.", fields=fields) from None
    return _seal(vault, kept, sorted(kept)) if kept else NOTHING


def http_of(runtime: Runtime, kind: str, secret: str) -> HttpClient:
    """Through what a feed is asked. Raises PollFailed where its secret cannot be read any more."""
    if not secret or KINDS[kind].secrets:
        return runtime.http
    access = Access.of(_open(runtime.vault, secret))
    return runtime.http.with_secret(access.origin, access.sent())


def credentials_of(runtime: Runtime, kind: str, secret: str) -> Mapping[str, str]:
    """What a kind is let in with. Raises PollFailed where it cannot be read any more."""
    return _open(runtime.vault, secret) if secret and KINDS[kind].secrets else {}


def _seal(vault: Vault, plain: Mapping[str, str], names: Collection[str]) -> Sealed:
    written = json.dumps(sorted(plain.items())).encode()
    mark = hmac.digest(vault.key("feed secrets"), written, "sha256").hex()
    return Sealed(vault.seal(plain), mark, tuple(names))


def _open(vault: Vault, secret: str) -> dict[str, str]:
    try:
        return vault.open(secret)
    except SecretUnreadable as problem:
        raise PollFailed("unauthorized", str(problem)) from problem
