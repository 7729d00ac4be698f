"""A mail folder read from a real IMAP server, over STARTTLS and TLS; and servers that are none."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.imap import client
from backend.connectors.imap.client import MAX_MAIL, MOST_MAILS, fetch
from backend.connectors.kind import Asking
from backend.infra.http import HttpClient
from tests.connectors.imap.mails import google_alert, mail
from tests.peers.imap import PASSWORD, USER, ImapServer, imap_server

NOW = datetime.now(UTC)  # the server dates what it takes by its own clock


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapServer]:
    with imap_server(tmp_path_factory.mktemp("imap")) as running:
        yield running


@pytest.fixture
def http(server: ImapServer) -> Iterator[HttpClient]:
    client = HttpClient(allow_private=frozenset({"127.0.0.1"}), trust=server.trust())
    yield client
    client.close()


def read(http: HttpClient, url: str, state: FetchState | None = None, **values: str) -> Fetched:
    password = values.pop("password", PASSWORD)
    params = {"server": url, "login": USER, **values}
    return fetch(Asking(http, url, NOW, credentials={"password": password}), params, state or FetchState())


def failure(*args: Any, **kw: Any) -> PollFailed:
    with pytest.raises(PollFailed) as failed:
        read(*args, **kw)
    return failed.value


@pytest.mark.parametrize("door", ["url", "tls_url"])
def test_what_is_new_is_read_and_stays_unread(server: ImapServer, http: HttpClient, door: str) -> None:
    folder = f"Été & alertes {door}"
    server.put(mail("Un", "Bon café"), google_alert([("Deux", "https://journal.example/2", "J", "…")]), folder=folder)
    url = getattr(server, door)
    first = read(http, url, folder=folder)
    assert [one.title for one in first.items] == ["Un", "Deux"]
    assert b"Seen" not in server.flags(folder)
    again = read(http, url, first.state, folder=folder)
    assert (list(again.items), again.state.cursor) == ([], first.state.cursor)
    server.put(mail("Trois"), folder=folder)
    later = read(http, url, again.state, folder=folder)
    assert [one.title for one in later.items] == ["Trois"]


def test_mails_are_marked_where_a_person_wants_it(server: ImapServer, http: HttpClient) -> None:
    server.put(mail("Lu"), folder="Marked")
    read(http, server.url, folder="Marked", mark="read")
    assert b"Seen" in server.flags("Marked")


def test_a_folder_that_was_made_anew_is_read_from_its_beginning(server: ImapServer, http: HttpClient) -> None:
    server.put(mail("Avant", "a"), folder="Anew")
    state = read(http, server.url, folder="Anew").state
    server.make_anew("Anew")
    server.put(mail("Avant", "a"), mail("Après"), folder="Anew")
    items = read(http, server.url, state, folder="Anew").items
    assert [one.title for one in items] == ["Avant", "Après"]  # the first is known by its Message-ID


def test_a_full_folder_is_read_in_parts_and_large_mails_to_their_limit(server: ImapServer, http: HttpClient) -> None:
    server.put(*(mail(f"Lettre {n}") for n in range(3)), folder="Full")
    state = read(http, server.url, folder="Full").state
    server.put(*(mail(f"Autre {n}") for n in range(MOST_MAILS + 5)), folder="Full")
    server.put(mail("Grande", "mot " * (MAX_MAIL // 3)), folder="Full")
    first = read(http, server.url, state, folder="Full")
    second = read(http, server.url, first.state, folder="Full")
    assert len(first.items) == MOST_MAILS
    assert [one.title for one in second.items] == [*(f"Autre {MOST_MAILS + n}" for n in range(5)), "Grande"]
    assert 9_900 < len(second.items[-1].text) <= 10_000


def test_what_goes_wrong_is_named(server: ImapServer, http: HttpClient) -> None:
    assert failure(http, server.url, password="wrong").code == "unauthorized"
    assert failure(http, server.url, folder="Nowhere").code == "not_found"
    assert failure(http, "imaps://127.0.0.1:9").code == "unreachable"
    assert failure(http, "imaps://10.0.0.1:993").code == "blocked"
    stranger = HttpClient(allow_private=frozenset({"127.0.0.1"}), trust=ssl.create_default_context())
    for url in (server.url, server.tls_url):
        assert failure(stranger, url).code == "tls"  # nobody believes its certificate
    stranger.close()
    narrow = HttpClient(allow_private=frozenset({"127.0.0.1:143"}), trust=server.trust())
    assert failure(narrow, server.url).code == "blocked"  # another port than the administrator named
    narrow.close()


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (b"* BYE busy\r\n", {"http_error", "tls"}),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", {"http_error", "tls"}),
        (b"* OK " + b"x" * 2_000_000, {"http_error"}),
        (b"* OK hello\r\n* X {999999999}\r\n", {"http_error"}),
        (b"\0" * 100, {"http_error"}),
        (b"", {"http_error"}),
    ],
)
def test_servers_that_speak_something_else_do_no_harm(http: HttpClient, said: bytes, codes: set[str]) -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def speak() -> None:
        opened, _ = listening.accept()
        with opened, contextlib.suppress(OSError):
            opened.sendall(said)
            opened.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    assert failure(http, f"imap://127.0.0.1:{listening.getsockname()[1]}").code in codes | {"unreachable"}
    thread.join(10)
    listening.close()


def test_a_server_that_drips_is_cut_off_under_tls_too(
    server: ImapServer, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "DEADLINE_S", 1.0)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate)
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        opened, _ = listening.accept()
        with opened, contextlib.suppress(OSError), context.wrap_socket(opened, server_side=True) as secure:
            for _ in range(600):  # a minute: without a deadline as long
                secure.sendall(b"x")
                if over.wait(0.1):
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    began = time.monotonic()
    assert failure(http, f"imaps://127.0.0.1:{listening.getsockname()[1]}").code == "timeout"
    assert time.monotonic() - began < 30
    over.set()
    thread.join(10)
    listening.close()
