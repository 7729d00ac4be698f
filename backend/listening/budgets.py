"""How often a service may be asked, by all workers together: a bucket of tokens per service or host, as a row.

Google News, Reddit and their kind shut out who asks too often, and all feeds of one service share its patience. A
feed's lease takes a token; where there is none the feed is due when there will be one. What a service says by
Retry-After blocks the whole bucket. Hosts in ENTREGENT_ALLOW_PRIVATE_HOSTS are ours: nothing is counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from publicsuffixlist import PublicSuffixList
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.connectors.headers import MOST_S
from backend.connectors.kind import Params, Rate, host_of_base
from backend.infra.net import is_allowed
from backend.infra.runtime import Runtime
from backend.infra.tables import insert_new, insert_or_ignore
from backend.listening.kinds import KINDS, asked_host
from backend.listening.models import Budget

#: by service, or by host; what is not here is a host like any other
RATES: dict[str, Rate] = {
    "reddit.com": Rate(every_s=65, burst=1),  # since June 2026 about one a minute and address
    "youtube.com": Rate(every_s=1, burst=20),
} | {kind.service: kind.rate for kind in KINDS.values() if kind.rate is not None}
_WITH_KEY = "{} with key"  # a key has a patience of its own
RATES |= {
    _WITH_KEY.format(kind.service): kind.rate_with_key for kind in KINDS.values() if kind.rate_with_key is not None
}
#: each name below them is a site of somebody else; the public suffix list knows others (github.io, blogspot.com)
PLATFORMS = ("tumblr.com", "substack.com", "wordpress.com", "medium.com", "livejournal.com", "over-blog.com")
ANY_HOST = Rate(every_s=2, burst=5)
_WAIT_AT_LEAST_S = 0.5
_ROWS_PER_QUERY = 500


def service_of(kind: str, host: str, keys: Collection[str] = ()) -> str:
    """Whose patience a poll takes: that of a service we know, else of all that belongs to one registered name. `keys`:
    kinds for which the administrator has a key."""
    known = KINDS[kind]
    if not known.service or (known.place and host != host_of_base(known.base)):
        return registered_name(host)
    return _WITH_KEY.format(known.service) if known.rate_with_key is not None and kind in keys else known.service


def registered_name(host: str) -> str:
    """`blog.example.co.uk:8080` → `example.co.uk`; where a platform gives each user a name of its own, that one."""
    name = re.sub(r"(?<=[^:]):\d+$", "", host).lower().rstrip(".")
    if name.startswith("[") or name.replace(".", "").isdigit():
        return name  # an address
    labels = name.split(".")
    for platform in PLATFORMS:
        own = platform.split(".")
        if labels[-len(own) :] == own:
            return ".".join(labels[-len(own) - 1 :])
    return str(_suffixes().privatesuffix(name) or name)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def is_local(host: str, allow_private: frozenset[str]) -> bool:
    """Whether an administrator named this `host` or `host:port`: then it is not rationed."""
    name, colon, port = host.rpartition(":")
    if not colon or not port.isdigit():
        name, port = host, "80"
    return is_allowed(name, int(port), allow_private)


class Bucket(Protocol):
    """What `Budget` is, to whoever draws from it."""

    tokens: float
    filled_at: datetime
    blocked_until: datetime | None
    reserved_until: datetime | None
    per_s: float | None
    burst: float | None


def draw(bucket: Bucket, rate: Rate, *, now: datetime, in_line: bool) -> float:
    """0.0 when a token was taken, else the seconds to wait. Pure but for the bucket.

    Who is refused has a place in line: it is to come again when its token is there (`in_line`), and whoever comes
    meanwhile stands behind it, so that of many who share a service none is passed over for ever.
    """
    every_s = 1 / bucket.per_s if bucket.per_s else rate.every_s
    passed_s = max(0.0, (now - bucket.filled_at).total_seconds())
    bucket.tokens = min(bucket.burst or rate.burst, bucket.tokens + passed_s / every_s)
    bucket.filled_at = now
    line_s = (bucket.reserved_until - now).total_seconds() if bucket.reserved_until else 0.0
    blocked_s = (bucket.blocked_until - now).total_seconds() if bucket.blocked_until else 0.0
    if blocked_s <= 0 and bucket.tokens >= 1 and (in_line or line_s <= 0):
        bucket.tokens -= 1
        return 0.0
    wait_s = max(_WAIT_AT_LEAST_S, blocked_s, (1 - bucket.tokens) * every_s)
    if in_line and blocked_s <= 0:
        return wait_s  # it was a little early
    wait_s = max(wait_s, line_s + every_s) if line_s > 0 else wait_s
    bucket.reserved_until = now + timedelta(seconds=wait_s)
    return wait_s


def block(bucket: Bucket, *, seconds: float, now: datetime) -> None:
    """The service asked everybody to wait; for a day at most, whatever it says."""
    until = now + timedelta(seconds=min(seconds, MOST_S))
    bucket.blocked_until = max(until, bucket.blocked_until or until)


class Buckets:
    """The buckets of several services, read together in one transaction; `save` writes back what was taken.

    Their rows are locked meanwhile, so that two workers count one after the other (SQLite has one writer anyway).
    """

    def __init__(
        self, session: Session, services: Collection[str], *, now: datetime, rates: Mapping[str, Rate] | None = None
    ) -> None:
        self._session, self._now, self._rates = session, now, rates or {}
        self._rows = self._read(services)
        if missing := sorted(set(services) - self._rows.keys()):
            insert_new(
                session,
                Budget,
                [{"service": name, "tokens": self._rate(name).burst, "filled_at": now} for name in missing],
                unique=["service"],
                returning=["service"],
            )
            self._rows |= self._read(missing)

    def take(self, service: str, *, in_line: bool) -> float:
        """As `draw`."""
        return draw(self._rows[service], self._rate(service), now=self._now, in_line=in_line)

    def _rate(self, service: str) -> Rate:
        return self._rates.get(service) or _rate(service)

    def save(self) -> None:
        self._session.flush()

    def _read(self, services: Collection[str]) -> dict[str, Budget]:
        found: dict[str, Budget] = {}
        names = sorted(services)
        for start in range(0, len(names), _ROWS_PER_QUERY):
            rows = select(Budget).where(Budget.service.in_(names[start : start + _ROWS_PER_QUERY]))
            # In one order, so that two who need the same ones never wait in a circle.
            rows = rows.order_by(Budget.service).with_for_update()
            found.update((row.service, row) for row in self._session.scalars(rows))
        return found


def take_token(session: Session, service: str, *, now: datetime, rate: Rate | None = None) -> float:
    """0.0 when one was taken, else the seconds until there will be one. Nobody stands in line here: a person waits.
    `rate`: of what is no service we know."""
    buckets = Buckets(session, [service], now=now, rates={service: rate} if rate else {})
    wait_s = buckets.take(service, in_line=True)
    buckets.save()
    return wait_s


def may_ask(runtime: Runtime, kind: str, params: Params) -> bool:
    """Takes a token of whom a feed of this kind asks, in a transaction of its own; False where there is none now."""
    host = asked_host(kind, params, runtime.settings)
    if is_local(host, runtime.settings.allow_private_hosts):
        return True
    with runtime.db.write() as session:
        return take_token(session, service_of(kind, host, runtime.settings.keys), now=runtime.clock()) <= 0


def _rate(service: str) -> Rate:
    return RATES.get(service, ANY_HOST)


def block_service(session: Session, service: str, *, seconds: float, now: datetime) -> None:
    """The service asked everybody to wait."""
    insert_or_ignore(session, Budget, service=service, tokens=_rate(service).burst, filled_at=now)
    row = session.scalars(select(Budget).where(Budget.service == service).with_for_update()).one()
    block(row, seconds=seconds, now=now)


def set_back_budgets(session: Session, by: timedelta, now: datetime) -> None:
    """The clock was that much ahead until now: else a service would seem shut, or its line as long, for as much."""
    rows = select(Budget).where(or_(Budget.blocked_until > now, Budget.reserved_until > now)).with_for_update()
    for row in session.scalars(rows):
        row.blocked_until = row.blocked_until - by if row.blocked_until else None
        row.reserved_until = row.reserved_until - by if row.reserved_until else None


def set_rate(session: Session, service: str, *, per_s: float, burst: float, now: datetime) -> None:
    """An administrator's own rate for a service or a host."""
    insert_or_ignore(session, Budget, service=service, tokens=burst, filled_at=now)
    row = session.scalars(select(Budget).where(Budget.service == service).with_for_update()).one()
    row.per_s, row.burst = per_s, burst
