"""Trying out codes: whoever asks for many that do not exist is stopped for a while. In memory, coarse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from backend.infra.net import is_public

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

UNKNOWN_PER_MINUTE = 60
MOST_ADDRESSES = 20_000


class ScanGuard:
    """Counts unknown codes per address and minute, in this process.

    An address over the limit gets 429 for unknown codes; a public one for all codes, else the answers would still tell
    which exist. A private address may be a proxy with everybody behind it: its visitors keep their links.
    """

    def __init__(self) -> None:
        self._minute = -1
        self._counts: dict[str, int] = {}
        self.blocked: set[str] = set()

    def missed(self, address: str, now: datetime) -> bool:
        """Count an unknown code; True when that is enough."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute or len(self._counts) > MOST_ADDRESSES:
            self._minute = minute
            self._counts, self.blocked = {}, set()
        who = network_of(address)
        self._counts[who] = count = self._counts.get(who, 0) + 1
        if count <= UNKNOWN_PER_MINUTE:
            return False
        if _is_public(address):
            self.blocked.add(address)
        return True

    def is_blocked(self, address: str, now: datetime) -> bool:
        return address in self.blocked and int(now.timestamp() // 60) == self._minute

    def refuse(self, start_response: StartResponse) -> Iterable[bytes]:
        body = b"Too many unknown links were asked for. Try again in a minute.\n"
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response("429 Too Many Requests", [*headers, ("Retry-After", "60"), ("Cache-Control", "no-store")])
        return [body]


def network_of(address: str) -> str:
    """An IPv6 address counts as its /64: a household has that many addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(int(parsed) >> 64) if isinstance(parsed, IPv6Address) else address


def _is_public(address: str) -> bool:
    try:
        return is_public(ip_address(address))
    except ValueError:
        return False
