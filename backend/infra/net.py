"""Which addresses of the network may be reached, and the only way to connect to one.

The check is made where it cannot be gone round: a name is resolved once, every address it gave is judged, and the
connection goes to one of those very addresses. A name that answers something else a moment later (DNS rebinding)
gains nothing. What CPython's `is_global` lets through (6to4, NAT64, IPv4-compatible…) is unwrapped or refused here.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
#: host and port → the addresses of that host, in the order to try them; raises OSError
Resolver = Callable[[str, int], Sequence[Address]]

# Beside what `ipaddress` knows. IANA special-purpose registries, RFC 6890 and those that came after it.
REFUSED: tuple[Network, ...] = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers (CGNAT), RFC 6598
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "198.18.0.0/15",  # benchmarks
        "240.0.0.0/4",
        "::/96",  # IPv4-compatible, long dead: nobody serves anything there, but systems may still route it
        "64:ff9b:1::/48",  # local NAT64, RFC 8215: inside a network by definition
        "100::/64",
        "2001::/23",  # Teredo (2001::/32), benchmarks, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4: 2002:7f00:1:: is 127.0.0.1
        "3fff::/20",  # documentation, RFC 9637
        "5f00::/16",  # segment routing, RFC 9602
        "fec0::/10",  # site-local
    )
)
NAT64 = IPv6Network("64:ff9b::/96")
ISATAP = (0x00005EFE, 0x02005EFE)


class Refused(OSError):
    """A host that may not be reached: it is, or leads to, an address that is not public."""


class NameUnknown(OSError):
    """A host that could not be resolved."""


def is_public(address: Address) -> bool:
    """Whether anybody on the Internet could reach this address too.

    IPv4-mapped and well-known NAT64 addresses (which DNS64 resolvers really give) are judged by the IPv4 address in
    them; the dead transition forms are refused whole.
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if (int(address) >> 32) & 0xFFFFFFFF in ISATAP and not is_public(IPv4Address(int(address) & 0xFFFFFFFF)):
            return False
        if address.scope_id is not None:
            return False
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_private:
        return False
    return not any(address in network for network in REFUSED if network.version == address.version)


def literal_address(host: str) -> Address | None:
    """The address that a host string *is*, in any form that resolvers and browsers take; None for a name.

    Decimal, hexadecimal, octal and short forms of IPv4 included (`2130706433`, `0x7f.1`, `0177.0.0.1`), as the URL
    standard says (https://url.spec.whatwg.org/#concept-ipv4-parser). Raises ValueError for a host whose last label is
    a number but which is no address: it can be nothing else.
    """
    host = host.strip("[]") if host.startswith("[") else host
    if ":" in host:
        try:
            return IPv6Address(host)
        except AddressValueError:
            raise ValueError(f"{host!r} is not an address") from None
    labels = host.split(".")
    if labels[-1] == "" and len(labels) > 1:
        labels.pop()
    if not _is_number(labels[-1]):
        return None
    if len(labels) > 4:
        raise ValueError(f"{host!r} is not an address")
    numbers = [_number(label) for label in labels]
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        raise ValueError(f"{host!r} is not an address")
    value = numbers[-1]
    for place, number in enumerate(numbers[:-1]):
        value += number << (8 * (3 - place))
    return IPv4Address(value)


def _is_number(label: str) -> bool:
    return (label.isascii() and label.isdigit()) or label[:2].lower() == "0x"


def _number(label: str) -> int:
    if label[:2].lower() == "0x":
        return int(label[2:] or "0", 16)
    return int(label, 8) if len(label) > 1 and label.startswith("0") else int(label)


def ask_system(host: str, port: int) -> Sequence[Address]:
    """All addresses of a name as the system gives them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(entry[4][0])) for entry in found))


def resolve(host: str, port: int, *, allowed: bool, timeout_s: float, ask: Resolver = ask_system) -> Sequence[Address]:
    """The addresses that may be connected to. One bad address among them condemns the name.

    `allowed`: the administrator named this host, so private addresses are meant.
    Raises Refused, NameUnknown, TimeoutError.
    """
    try:
        literal = literal_address(host)
    except ValueError as error:
        raise Refused(str(error)) from None
    addresses = [literal] if literal is not None else _ask_within(host, port, timeout_s, ask)
    if not addresses:
        raise NameUnknown(f"{host} has no address")
    if not allowed:
        for address in addresses:
            if not is_public(address):
                raise Refused(f"{host} leads to {address}, which is not a public address")
    return addresses


def _ask_within(host: str, port: int, timeout_s: float, ask: Resolver) -> Sequence[Address]:
    """Ask in a thread of its own: the system's resolver takes no time limit."""
    answer: queue.SimpleQueue[Sequence[Address] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            answer.put(ask(host, port))
        except Exception as error:
            answer.put(error)

    threading.Thread(target=work, name="resolve", daemon=True).start()
    try:
        result = answer.get(timeout=max(timeout_s, 0))
    except queue.Empty:
        raise TimeoutError(f"{host} could not be resolved in time") from None
    if isinstance(result, Exception):
        raise NameUnknown(f"{host} could not be resolved: {result}") from result
    return result


def connect(
    host: str, port: int, *, timeout_s: float, allowed: bool = False, ask: Resolver = ask_system
) -> socket.socket:
    """A connected TCP socket to one of the checked addresses of `host`; each gets its share of the time.

    Raises Refused (nothing was sent), NameUnknown, TimeoutError, OSError.
    """
    until = time.monotonic() + timeout_s
    addresses = resolve(host, port, allowed=allowed, timeout_s=timeout_s, ask=ask)
    problem: OSError = TimeoutError(f"{host} did not answer in time")
    for tried, address in enumerate(addresses):
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return open_socket(address, port, left / (len(addresses) - tried))
        except OSError as error:
            problem = error
    raise problem


def open_socket(address: Address, port: int, timeout_s: float) -> socket.socket:
    """Connect to an address, never to a name."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.settimeout(timeout_s)
        opened.connect((str(address), port))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        with contextlib.suppress(OSError):
            opened.close()
        raise
    return opened


def plain_host(host: str) -> str:
    """`[::1]` → `::1`, `Example.ORG.` → `example.org`."""
    return host.strip("[]").rstrip(".").lower()


def is_allowed(host: str, port: int, allow_private: frozenset[str]) -> bool:
    """Whether the administrator named this host, alone or with this port (`host`, `host:port`, `[::1]:port`)."""
    name = plain_host(host)
    bracketed = f"[{name}]" if ":" in name else name
    return not allow_private.isdisjoint({name, bracketed, f"{bracketed}:{port}"})
