"""What is known after a failure: nothing was sent, or nobody can tell. And nothing runs on for ever."""

from __future__ import annotations

import gzip
import itertools
import socket
import ssl
import struct
import threading
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from backend.infra.http import BodyTooLarge, HttpClient, NotSent, OutcomeUnknown
from tests.unit.infra.raw_server import raw_server, reply

pause = threading.Event()  # never set: a server that takes its time
HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def http() -> Iterator[HttpClient]:
    client = HttpClient(allow_private=frozenset({"127.0.0.1", "localhost"}))
    yield client
    client.close()


def reset(connection: socket.socket) -> None:
    """End with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_nothing_was_sent_when_nobody_listens(http: HttpClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotSent):
        http.post(f"http://127.0.0.1:{port}/", json={})


def test_nothing_was_sent_when_the_name_is_unknown() -> None:
    def unknown(_host: str, _port: int) -> list[object]:
        raise OSError("Name or service not known")

    client = HttpClient(ask=unknown)  # type: ignore[arg-type]
    with pytest.raises(NotSent, match=r"nowhere\.example"):
        client.post("http://nowhere.example/", json={})
    client.close()


def test_nothing_was_sent_when_tls_fails(http: HttpClient) -> None:
    with raw_server(reply(body=b"I speak no TLS")) as server, pytest.raises(NotSent):
        http.post(f"https://127.0.0.1:{server.port}/", json={}, deadline_s=3)


def test_nothing_was_sent_when_tls_never_answers(http: HttpClient) -> None:
    """Connected, but the handshake hangs: the deadline covers it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(NotSent):
            http.post(f"https://127.0.0.1:{silent.getsockname()[1]}/", json={}, deadline_s=0.4)
        assert time.monotonic() - began < 10


def test_nothing_was_sent_when_a_header_cannot_be_written(http: HttpClient) -> None:
    with raw_server(reply()) as server:
        with pytest.raises(NotSent):
            http.post(server.url, json={}, headers={"X-Bad": "a\r\nb: c"})
        assert server.requests == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_drop_before_the_headers_leaves_the_outcome_unknown(http: HttpClient, method: str) -> None:
    with raw_server(lambda connection, _request: reset(connection)) as server:
        with pytest.raises(OutcomeUnknown):
            http.request(method, server.url, content=b"x" if method == "POST" else None)
        assert len(server.requests) == 1


@pytest.mark.parametrize("sent", [HEAD, HEAD + b"Content-Length: 10\r\n\r\nhal", b"", b"nonsense\r\n\r\n",
                                  HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
                                  HEAD + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\nxx",
                                  HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx",
                                  HEAD + b"X: " + b"y" * 200_000 + b"\r\n\r\n"])  # fmt: skip
def test_an_answer_that_is_none_leaves_the_outcome_unknown(http: HttpClient, sent: bytes) -> None:
    with raw_server(lambda connection, _request: connection.sendall(sent)) as server, pytest.raises(OutcomeUnknown):
        http.post(server.url, json={}, deadline_s=5)


def test_a_silent_server_costs_the_deadline_and_leaves_the_outcome_unknown(http: HttpClient) -> None:
    end = threading.Event()
    with raw_server(lambda _connection, _request: end.wait(20)) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown, match="deadline"):
            http.post(server.url, json={}, deadline_s=0.4)
        assert time.monotonic() - began < 10
        end.set()


@pytest.mark.parametrize("start", [b"", HEAD, HEAD + b"Content-Length: 100000\r\n\r\n"])
def test_a_slow_drip_does_not_stretch_the_deadline(http: HttpClient, start: bytes) -> None:
    def drip(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(start)
        for letter in itertools.cycle(b"x"):
            connection.sendall(bytes([letter]))
            pause.wait(0.02)

    with raw_server(drip) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown, match="deadline"):
            http.get(server.url, deadline_s=0.5)
        assert time.monotonic() - began < 10


def test_slow_redirects_share_one_deadline(http: HttpClient) -> None:
    def slowly(connection: socket.socket, request: bytes) -> None:
        pause.wait(0.2)
        reply("302 Found", Location="/")(connection, request)

    with raw_server(slowly) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            http.get(server.url, deadline_s=0.5, follow=200)
        assert time.monotonic() - began < 10


def test_a_body_that_never_ends_is_cut_at_its_cap(http: HttpClient) -> None:
    def forever(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(HEAD + b"Content-Type: application/rss+xml\r\n\r\n")
        while True:
            connection.sendall(b"<item>" * 10_000)

    with raw_server(forever) as server, pytest.raises(BodyTooLarge):
        http.get(server.url, max_bytes=1_000_000)


def test_50_mb_are_refused_before_they_are_read(http: HttpClient) -> None:
    read = []

    def large(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(HEAD + b"Content-Length: 50000000\r\n\r\n")
        for _ in range(50):
            connection.sendall(b"x" * 1_000_000)
            read.append(1)

    with raw_server(large) as server, pytest.raises(BodyTooLarge):
        http.get(server.url)
    assert len(read) < 45


def test_a_gzip_bomb_is_never_unpacked(http: HttpClient) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, compresslevel=9)
    assert len(bomb) < 250_000
    with raw_server(reply(body=bomb, Content_Encoding="gzip")) as server:
        tracemalloc.start()
        with pytest.raises(BodyTooLarge):
            http.get(server.url, max_bytes=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 12_000_000


def test_a_body_of_exactly_the_cap_is_fine(http: HttpClient) -> None:
    with raw_server(reply(body=b"x" * 1000)) as server:
        assert len(http.get(server.url, max_bytes=1000).body) == 1000
    packed = gzip.compress(b"x" * 1001)
    with raw_server(reply(body=packed, Content_Encoding="gzip")) as server, pytest.raises(BodyTooLarge):
        http.get(server.url, max_bytes=1000)


def test_an_idle_connection_that_died_is_replaced_without_a_word(http: HttpClient) -> None:
    """The server ends the connection at the very moment it is used again."""
    answers = iter([reply(body=b"one"), lambda connection, _request: reset(connection), reply(body=b"two")])

    def answer(connection: socket.socket, request: bytes) -> None:
        next(answers)(connection, request)

    with raw_server(answer, keep=True) as server:
        assert http.get(server.url).body == b"one"
        assert http.get(server.url).body == b"two"
        assert server.connections == 2


def test_a_failed_exchange_leaves_the_client_usable(http: HttpClient) -> None:
    with raw_server(lambda connection, _request: reset(connection)) as bad, raw_server(reply(body=b"ok")) as good:
        for _ in range(20):
            with pytest.raises(OutcomeUnknown):
                http.get(bad.url)
        assert http.get(good.url).body == b"ok"


def test_the_certificate_must_name_the_host(http: HttpClient, tmp_path: object) -> None:
    """A self-signed certificate is no certificate."""
    context = self_signed(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            try:
                context.wrap_socket(connection, server_side=True).close()
            except (OSError, ssl.SSLError):
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(NotSent, match=r"(?i)certificate"):
            http.post(f"https://localhost:{listening.getsockname()[1]}/", json={}, deadline_s=5)
        thread.join()


def self_signed(folder: object) -> ssl.SSLContext:
    from datetime import UTC, datetime, timedelta
    from pathlib import Path

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = Path(str(folder)) / "both.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
