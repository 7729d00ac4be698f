"""Which addresses may be reached: every form of writing one, every network that is not the public Internet."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, ip_address

import pytest

from backend.infra import net

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:100.64.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%lo",
    "2606:4700::5efe:127.0.0.1",
    "2606:4700::200:5efe:10.0.0.1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "::ffff:8.8.8.8",
          "64:ff9b::808:808", "2a01:e0a::1"]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not net.is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_anybody_can_reach_is_public(address: str) -> None:
    assert net.is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1.", "2130706433", "0x7f000001", "0x7F.0.0.1", "0177.0.0.1", "017700000001", "127.1",
     "127.0.1", "0x7f.1", "0177.0.0x0.1"],
)  # fmt: skip
def test_every_way_to_write_loopback_is_seen_through(host: str) -> None:
    assert net.literal_address(host) == IPv4Address("127.0.0.1")


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example", "1e100.net", "0x.example", "a.b", "3com.de"])
def test_a_name_is_no_address(host: str) -> None:
    assert net.literal_address(host) is None


@pytest.mark.parametrize(
    "host", ["256.1.1.1", "1.2.3.4.5", "127.0.0.256", "4294967296", "08.1.1.1", "1.2.3.4:5", "[::g]", "foo.1", "0xg"]
)
def test_what_ends_in_a_number_and_is_no_address_is_nothing(host: str) -> None:
    with pytest.raises(ValueError, match=r"not an address|invalid"):
        net.literal_address(host)


def answers(*addresses: str) -> net.Resolver:
    def ask(_host: str, _port: int) -> Sequence[net.Address]:
        return [ip_address(address) for address in addresses]

    return ask


def test_one_private_address_among_several_condemns_the_name() -> None:
    with pytest.raises(net.Refused, match=r"10\.0\.0\.7"):
        net.resolve("mixed.example", 80, allowed=False, timeout_s=5, ask=answers("8.8.8.8", "10.0.0.7"))


def test_a_name_of_public_addresses_is_given_as_it_is() -> None:
    found = net.resolve("fine.example", 80, allowed=False, timeout_s=5, ask=answers("8.8.8.8", "2606:4700::1111"))
    assert [str(a) for a in found] == ["8.8.8.8", "2606:4700::1111"]


def test_a_host_that_the_administrator_named_may_be_private() -> None:
    assert net.resolve("nas.lan", 80, allowed=True, timeout_s=5, ask=answers("192.168.1.4"))


def test_a_resolver_that_hangs_costs_its_time_limit_and_no_more() -> None:
    never = threading.Event()

    def hang(_host: str, _port: int) -> Sequence[net.Address]:
        never.wait(20)
        return []

    with pytest.raises(TimeoutError):
        net.resolve("slow.example", 80, allowed=False, timeout_s=0.1, ask=hang)
    never.set()


def test_a_name_that_nobody_knows_says_so() -> None:
    def unknown(_host: str, _port: int) -> Sequence[net.Address]:
        raise OSError("Name or service not known")

    with pytest.raises(net.NameUnknown, match=r"nowhere\.example"):
        net.resolve("nowhere.example", 80, allowed=False, timeout_s=5, ask=unknown)


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    opened: list[tuple[str, int]] = []

    def rebinding(host: str, _port: int) -> Sequence[net.Address]:
        asked.append(host)
        return [ip_address("8.8.8.8" if len(asked) == 1 else "127.0.0.1")]

    def note(address: net.Address, port: int, _timeout_s: float) -> object:
        opened.append((str(address), port))
        raise ConnectionRefusedError

    monkeypatch.setattr(net, "open_socket", note)
    with pytest.raises(ConnectionRefusedError):
        net.connect("rebinding.example", 80, timeout_s=5, ask=rebinding)
    assert opened == [("8.8.8.8", 80)]
    assert asked == ["rebinding.example"]
    with pytest.raises(net.Refused):
        net.connect("rebinding.example", 80, timeout_s=5, ask=rebinding)
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("host", "port", "allowed", "fine"),
    [
        ("127.0.0.1", 4711, {"127.0.0.1"}, True),
        ("127.0.0.1", 4711, {"127.0.0.1:4711"}, True),
        ("127.0.0.1", 4712, {"127.0.0.1:4711"}, False),
        ("::1", 80, {"[::1]"}, True),
        ("::1", 80, {"::1"}, True),
        ("::1", 81, {"[::1]:80"}, False),
        ("NAS.lan.", 80, {"nas.lan"}, True),
        ("evil.example", 80, {"nas.lan"}, False),
    ],
)
def test_allowed_hosts_are_named_with_or_without_a_port(host: str, port: int, allowed: set[str], fine: bool) -> None:
    assert net.is_allowed(host, port, frozenset(allowed)) is fine
