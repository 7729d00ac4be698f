"""What a source is read with beside its address: taken in, sealed, and shown by its names only."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from backend.api.base import In, Out, runtime
from backend.connectors.access import MAX_HEADERS, Access, origin_of, split_login
from backend.connectors.base import PollFailed
from backend.infra.errors import Invalid
from backend.infra.http import HttpClient
from backend.listening.kinds import KINDS
from backend.listening.models import Feed
from backend.listening.secrets import NOTHING, Sealed, http_of, seal_access, seal_secrets


class AccessIn(In):
    """Headers of its own, or a name and a password (Basic authentication), that a source is read with: kept sealed,
    sent to its site over https and to no other, never shown again."""

    headers: dict[str, str] = Field(default_factory=dict, max_length=MAX_HEADERS)
    username: str = Field(default="", max_length=500)
    password: str = Field(default="", max_length=2_000)


def without_login(
    kind: str, url: str, params: Mapping[str, str], access: AccessIn | None
) -> tuple[str, dict[str, str], AccessIn | None]:
    """The same, where an address holds a name and a password: these become the access, unless another one is given."""
    place = KINDS[kind].place if kind in KINDS else "url"
    url, *login = split_login(url)
    kept = dict(params)
    if place in kept:
        kept[place], *inside = split_login(kept[place])
        login = inside if any(inside) else login
    if any(login) and access is None:
        access = AccessIn(username=login[0], password=login[1])
    return url, kept, access


class AccessOut(Out):
    """What is kept, by name only."""

    headers: list[str]
    log_in: bool


def access_out(feed: Feed) -> AccessOut | None:
    if KINDS[feed.kind].secrets or not feed.secret:
        return None
    return AccessOut(headers=[name for name in feed.secret_names if name], log_in="" in feed.secret_names)


def secret_names(feed: Feed) -> list[str]:
    """Of the secrets of its kind."""
    return list(feed.secret_names) if KINDS[feed.kind].secrets else []


def seal(kind: str, url: str, access: AccessIn | None, secrets: Mapping[str, str]) -> Sealed:
    """What a source of a kind is read with. `url`: on the site that access is for. Raises Invalid."""
    known = KINDS.get(kind)
    if known is None:
        return NOTHING  # said later
    if known.secrets or secrets:
        return seal_secrets(runtime().vault, known, secrets)
    if access is None:
        return NOTHING
    if not known.own_access:
        raise Invalid("Sources of this kind take no headers and no log-in.", fields={"access": "not for this kind"})
    return seal_access(runtime().vault, _access(access, url), plain_http=runtime().settings.allow_private_hosts)


def http_with(access: AccessIn | None, url: str) -> HttpClient:
    """Through what an address is looked at before it is a source. Raises Invalid."""
    if access is None:
        return runtime().http
    given = _access(access, url)
    seal_access(runtime().vault, given, plain_http=runtime().settings.allow_private_hosts)  # refuses what is not to be
    return runtime().http.with_secret(given.origin, given.sent())


def http_for(feed: Feed) -> HttpClient:
    """Through what a feed that is there is looked for. Raises Invalid."""
    try:
        return http_of(runtime(), feed.kind, feed.secret)
    except PollFailed as error:
        raise Invalid(error.message, code="bad_access", fields={"access": error.message}) from error


def _access(access: AccessIn, url: str) -> Access:
    return Access(
        origin_of(url if "://" in url else f"https://{url}"), access.headers, access.username, access.password
    )
