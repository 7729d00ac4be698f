"""What the way out sends, follows and reads when servers behave."""

from __future__ import annotations

import gzip
import json
import socket
import zlib
from collections.abc import Iterator, Sequence
from ipaddress import ip_address

import pytest

import backend
from backend.infra import net
from backend.infra.http import Blocked, HttpClient, HttpFailed, NotSent
from tests.unit.infra.raw_server import raw_server, reply

LOOPBACK = frozenset({"127.0.0.1"})


@pytest.fixture
def http() -> Iterator[HttpClient]:
    client = HttpClient(allow_private=LOOPBACK, contact="https://lum.example/contact")
    yield client
    client.close()


def test_a_request_says_who_asks_and_brings_nothing_else(http: HttpClient) -> None:
    with raw_server(reply(body=b"hello", Content_Type="text/plain; charset=utf-8", Set_Cookie="a=b")) as server:
        answer = http.get(server.url, params={"q": "café crème"})
        http.get(server.url)
    assert (answer.status, answer.text()) == (200, "hello")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    first = server.requests[0].decode().lower()
    assert first.startswith("get /?q=caf%c3%a9+cr%c3%a8me http/1.1\r\n")
    assert f"user-agent: entregent/{backend.__version__} (+https://lum.example/contact)\r\n" in first
    assert "cookie" not in server.requests[1].decode().lower()


def test_json_goes_out_and_comes_back(http: HttpClient) -> None:
    with raw_server(reply(body=b'{"id": 1}')) as server:
        assert http.post(server.url, json={"text": "é"}).json() == {"id": 1}
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert json.loads(body) == {"text": "é"}
    assert b"application/json" in head


def test_a_file_is_sent_as_multipart(http: HttpClient) -> None:
    with raw_server(reply(body=b"{}")) as server:
        http.post(server.url, data={"alt": "A cup"}, files={"file": ("cup.png", b"\x89PNG", "image/png")})
    assert b'filename="cup.png"' in server.requests[0]
    assert b"A cup" in server.requests[0]


def test_errors_of_the_server_are_answers(http: HttpClient) -> None:
    with raw_server(reply("503 Service Unavailable", b"no", Retry_After="7")) as server:
        answer = http.get(server.url)
    assert (answer.status, answer.headers["retry-after"]) == (503, "7")


def test_json_that_is_none_is_a_value_error_however_deep(http: HttpClient) -> None:
    for body in (b"<html>", b"\xff\xfe\x00", b"[" * 200_000):
        with raw_server(reply(body=body)) as server, pytest.raises(ValueError, match=r"."):
            http.get(server.url).json()


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"caf\xe9", "café"),
        ('text/html; charset="utf-8"', "café".encode(), "café"),
        ("text/html", b"caf\xe9", "caf\ufffd"),
        ("text/html; charset=no-such-thing", "café".encode(), "café"),
        ("text/html; charset=hex", b"41", "41"),
    ],
)
def test_text_is_read_by_its_charset(http: HttpClient, content_type: str, body: bytes, text: str) -> None:
    with raw_server(reply(body=body, Content_Type=content_type)) as server:
        assert http.get(server.url).text() == text


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"hello " * 100, mtime=0)),
        ("gzip", gzip.compress(b"hello " * 50, mtime=0) + gzip.compress(b"hello " * 50, mtime=0)),
        ("x-gzip", gzip.compress(b"hello " * 100, mtime=0)),
        ("deflate", zlib.compress(b"hello " * 100)),
        ("deflate", zlib.compress(b"hello " * 100)[2:-4]),
        ("identity", b"hello " * 100),
    ],
)
def test_packed_bodies_are_unpacked(http: HttpClient, encoding: str, packed: bytes) -> None:
    with raw_server(reply(body=packed, Content_Encoding=encoding)) as server:
        assert http.get(server.url).body == b"hello " * 100


def test_redirects_are_followed_and_told_in_order(http: HttpClient) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        path = request.split(b" ")[1]
        steps = {b"/": ("301 Moved Permanently", "/two"), b"/two": ("302 Found", "three?x=é y")}
        if path in steps:
            reply(steps[path][0], Location=steps[path][1])(connection, request)
        else:
            reply(body=path)(connection, request)

    with raw_server(answer) as server:
        found = http.get(server.url, headers={"Authorization": "Bearer x"})
    assert found.body == b"/three?x=%C3%A9%20y"
    assert [status for status, _ in found.redirects] == [301, 302]
    assert found.redirects[0][1] == server.url + "two"
    assert found.url == server.url + "three?x=%C3%A9%20y"
    assert b"bearer x" in server.requests[2].lower()


def test_a_secret_is_not_carried_to_another_origin(http: HttpClient) -> None:
    with raw_server(reply(body=b"here")) as second, raw_server(reply("302 Found", Location=second.url)) as first:
        http.get(first.url, headers={"Authorization": "Bearer secret", "Cookie": "a=b", "X-Plain": "kept"})
    sent = second.requests[0].lower()
    assert b"secret" not in sent
    assert b"cookie" not in sent
    assert b"x-plain" in sent


def test_what_creates_is_never_sent_on(http: HttpClient) -> None:
    with raw_server(reply("307 Temporary Redirect", Location="/again")) as server:
        answer = http.post(server.url, json={})
    assert (answer.status, answer.redirects, len(server.requests)) == (307, (), 1)


def test_follow_0_gives_the_redirect_itself(http: HttpClient) -> None:
    with raw_server(reply("302 Found", Location="https://example.org/")) as server:
        answer = http.get(server.url, follow=0)
    assert (answer.status, answer.headers["location"]) == (302, "https://example.org/")


def test_a_circle_of_redirects_ends(http: HttpClient) -> None:
    with raw_server(reply("302 Found", Location="/")) as server:
        with pytest.raises(HttpFailed, match="redirects"):
            http.get(server.url, follow=3)
        assert len(server.requests) == 4


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://10.0.0.1/",
        "http://localhost/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_",
        "http://user@example.org/",
        "http://example.org:22/",
        "http:\\\\example.org/",
        "http://[::1/",
    ],
)
def test_a_redirect_to_where_we_do_not_go_is_blocked(http: HttpClient, location: str) -> None:
    with raw_server(reply("302 Found", Location=location)) as server, pytest.raises(Blocked):
        http.get(server.url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1./",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[::127.0.0.1]/",
        "http://100.64.0.1/",
        "http://127。0。0。1/",
        "http://①②⑦.0.0.1/",
        "http://256.256.256.256/",
        "https://127.0.0.1/",
        "http://example.org:8080/",
        "http://example.org:0/",
        "http://example.org:99999/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "data:text/html,hello",
        "javascript:alert(1)",
        "//example.org/",
        "example.org",
        "http:///path",
        "http://",
        "",
        "http://user:pw@example.org/",
        "http://@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://exam ple.org/",
        "http://example.org/\r\nX: y",
        "http://example.org/\x00",
        " http://example.org/",
        "http://[fe80::1%25lo]/",
        "http://exa%6dple.org/",
        "http://" + "a" * 20_000,
        "http://" + "a" * 300 + ".example/",
    ],
)
def test_addresses_that_are_not_for_us_are_never_asked(url: str) -> None:
    def nobody(_host: str, _port: int) -> Sequence[net.Address]:
        return [ip_address("127.0.0.1")]

    client = HttpClient(ask=nobody)
    with pytest.raises(NotSent):
        client.get(url)
    client.close()


def test_the_port_of_an_allowed_host_is_allowed_and_no_other() -> None:
    with raw_server(reply(body=b"ok")) as server, raw_server(reply()) as other:
        client = HttpClient(allow_private=frozenset({f"127.0.0.1:{server.port}"}))
        assert client.get(server.url).body == b"ok"
        with pytest.raises(Blocked):
            client.get(other.url)
        client.close()


def test_a_name_that_changes_its_address_between_two_requests_is_judged_again() -> None:
    """DNS rebinding: the first answer is allowed by its name, the next client must not profit from it."""
    asked: list[str] = []

    def to_loopback(host: str, _port: int) -> Sequence[net.Address]:
        asked.append(host)
        return [ip_address("127.0.0.1")]

    with raw_server(reply(body=b"secret")) as server:
        url = f"http://rebinding.example:{server.port}/"
        named = HttpClient(allow_private=frozenset({"rebinding.example"}), ask=to_loopback)
        assert named.get(url).body == b"secret"
        assert asked == ["rebinding.example"]
        assert b"host: rebinding.example" in server.requests[0].lower()
        named.close()
        stranger = HttpClient(allow_private=frozenset({f"127.0.0.1:{server.port}"}), ask=to_loopback)
        with pytest.raises(Blocked):
            stranger.get(url)
        with pytest.raises(Blocked):
            stranger.get("http://rebinding.example/")
        stranger.close()
        assert len(server.requests) == 1


def test_reading_keeps_its_connection_and_changing_does_not(http: HttpClient) -> None:
    with raw_server(reply(body=b"ok"), keep=True) as server:
        for _ in range(3):
            http.get(server.url)
        assert server.connections == 1
        for _ in range(2):
            http.post(server.url, json={})
        assert server.connections == 3


def test_an_idle_connection_does_not_skip_the_gate(http: HttpClient) -> None:
    """The pool knows an origin; what is asked of it is judged each time."""
    with raw_server(reply(body=b"ok"), keep=True) as server:
        http.get(server.url)
        for url in (server.url.replace("127", "u@127"), server.url + "\\", server.url + "\n"):
            with pytest.raises(Blocked):
                http.get(url)
        assert len(server.requests) == 1


def test_the_environment_gives_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(reply(body=b"direct")) as server, raw_server(reply(body=b"proxied")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        client = HttpClient(allow_private=LOOPBACK)
        assert client.get(server.url).body == b"direct"
        assert proxy.requests == []
        client.close()


def test_a_head_has_no_body(http: HttpClient) -> None:
    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\nContent-Encoding: br\r\n\r\n")

    with raw_server(answer) as server:
        found = http.request("HEAD", server.url)
    assert (found.status, found.body) == (200, b"")


def test_a_secret_is_said_to_its_own_origin_and_nowhere_else(http: HttpClient) -> None:
    with raw_server(reply(body=b"secret things")) as other:

        def lead_away(connection: socket.socket, request: bytes) -> None:
            target = "/second" if b"/first" in request else f"{other.url}there"
            reply("302 Found", Location=target)(connection, request)

        with raw_server(lead_away) as server:
            view = http.with_secret(server.url, {"X-Api-Key": "s3cret", "Authorization": "Basic Zm9v"})
            assert view.get(f"{server.url}first").body == b"secret things"
            http.get(f"{server.url}second")
        said = [b"x-api-key: s3cret" in asked.lower() for asked in server.requests]
        assert said == [True, True, False]
    assert b"s3cret" not in other.requests[0]
    assert b"authorization" not in other.requests[0].lower()
