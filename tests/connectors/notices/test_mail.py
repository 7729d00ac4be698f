"""Mail against a real mail server: encryption, log-in, what it refuses, and what a hostile mention cannot do."""

from __future__ import annotations

import dataclasses
import socket
import ssl
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.config import Settings
from backend.connectors.notices.base import Line, Notice, Refused, Sent, TryLater
from backend.connectors.notices.mail import Email, addresses, write_mail
from backend.connectors.notices.smtp import MailServer, deliver_mail
from backend.infra.errors import Invalid
from tests.peers.mailbox import Mailbox, open_mailbox

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMED = frozenset({"127.0.0.1"})
NOTICE = Notice(
    key="ab" * 16,
    kind="mentions",
    language="fr",
    zone="Europe/Paris",
    brand="Café Lumière",
    brand_id="1",
    title="Café Lumière : 2 nouveaux sujets",
    made_at=AT,
    sent_at=AT,
    body="2 sujets. 1 attend une réponse.",
    app_url="https://app.example/-/app/#/inbox",
    lines=[
        Line(
            title="<script>alert(1)</script>",
            text="Où est\u202ela terrasse ? \0 https://evil.example",
            author="<b>Alice</b>",
            network="mastodon",
            url='https://a.example/?q="><img src=x onerror=alert(1)>',
            at=AT,
            more=12,
            why="question",
            section="À répondre",
        ),
        Line(text="x", url="javascript:alert(1)", section="lumière"),
    ],
    recipient="eve@example.org",
    leave_url="https://app.example/-/unsubscribe/abc",
    manage_url="https://app.example/-/app/#/listening",
)
MAIL = write_mail(NOTICE, "alerts@cafe.example")


def server_at(box: Mailbox, security: str, **values: str) -> MailServer:
    return MailServer("127.0.0.1", box.port, security, values.get("username", "eve"), values.get("password", "lumiere"))


def trusting(box: Mailbox) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=box.certificate)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_arrives_encrypted_and_logged_in(tmp_path: Path, security: str) -> None:
    with open_mailbox(tmp_path, security=security) as box:
        sent = deliver_mail(server_at(box, security), MAIL, allow_private=NAMED, trust=trusting(box))
    assert sent == Sent()
    (mail,) = box.mails
    assert mail["Message-ID"] == f"<{'ab' * 16}@cafe.example>"
    assert mail["List-Unsubscribe"] == "<https://app.example/-/unsubscribe/abc>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Subject"] == "Café Lumière : 2 nouveaux sujets"
    assert box.recipients == [["eve@example.org"]]
    assert box.logins == ["eve"]


def test_a_mail_arrives_without_encryption_where_that_is_asked_for(tmp_path: Path) -> None:
    with open_mailbox(tmp_path, security="none", log_in=False) as box:
        assert deliver_mail(server_at(box, "none", username=""), MAIL, allow_private=NAMED) == Sent()


def test_a_certificate_that_nobody_believes_stops_everything_before_the_password(tmp_path: Path) -> None:
    for security in ("starttls", "tls"):
        with open_mailbox(tmp_path, security=security) as box:
            outcome = deliver_mail(server_at(box, security), MAIL, allow_private=NAMED)
            assert isinstance(outcome, Refused)
            assert outcome.code == "tls"
            assert box.logins == []


def test_a_server_without_starttls_gets_no_password(tmp_path: Path) -> None:
    with open_mailbox(tmp_path, security="none", log_in=False) as box:
        outcome = deliver_mail(server_at(box, "starttls"), MAIL, allow_private=NAMED)
    assert isinstance(outcome, Refused)
    assert outcome.code == "no_tls"


def test_a_wrong_password_is_said(tmp_path: Path) -> None:
    with open_mailbox(tmp_path) as box:
        for password in ("wrong", "pässword"):
            server = server_at(box, "starttls", password=password)
            outcome = deliver_mail(server, MAIL, allow_private=NAMED, trust=trusting(box))
            assert isinstance(outcome, Refused)
            assert outcome.code == "unauthorized"


@pytest.mark.parametrize(
    ("command", "words", "kind", "code"),
    [
        ("RCPT", "550 no such person", Refused, "address_refused"),
        ("RCPT", "451 come back later", TryLater, "address_later"),
        ("MAIL", "451 come back later", TryLater, "rate_limited"),
        ("MAIL", "553 not your address", Refused, "refused"),
        ("DATA", "554 spam", Refused, "refused"),
        ("DATA", "452 no room", TryLater, "rate_limited"),
    ],
)
def test_what_the_server_refuses_is_told_apart(tmp_path: Path, command: str, words: str, kind: type, code: str) -> None:
    with open_mailbox(tmp_path) as box:
        box.refuse[command] = words
        outcome = deliver_mail(server_at(box, "starttls"), MAIL, allow_private=NAMED, trust=trusting(box))
    assert isinstance(outcome, kind)
    assert isinstance(outcome, Refused | TryLater)
    assert outcome.code == code
    assert words in outcome.message


def test_a_server_that_is_away_or_private_is_told_apart() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        server = MailServer("127.0.0.1", held.getsockname()[1], "starttls")
        assert isinstance(deliver_mail(server, MAIL, allow_private=NAMED), TryLater)
        outcome = deliver_mail(server, MAIL)
        assert isinstance(outcome, Refused)
        assert outcome.code == "blocked"


def test_a_server_that_drips_is_cut_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()

        def drip() -> None:
            talk, _address = listening.accept()
            with talk:
                while not ended.wait(0.05):
                    try:
                        talk.sendall(b"220-wait\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        server = MailServer("127.0.0.1", listening.getsockname()[1], "none")
        outcome = deliver_mail(server, MAIL, allow_private=NAMED, deadline_s=0.5)
        ended.set()
        thread.join()
    assert isinstance(outcome, TryLater)


def test_nothing_from_outside_is_markup_and_nothing_is_loaded() -> None:
    html = MAIL.get_body(("html",))
    plain = MAIL.get_body(("plain",))
    assert html is not None
    assert plain is not None
    page: str = html.get_content()
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>Alice" not in page
    assert "javascript:" not in page
    assert "src=" not in page.replace("?q=&quot;&gt;&lt;img src=x onerror=alert(1)&gt;", "")
    assert "url(" not in page
    assert "@import" not in page
    assert "\u202e" not in page
    assert "\0" not in page
    assert "et 12 autres" in page
    assert "Ne plus recevoir" in plain.get_content()


def test_no_header_can_be_smuggled_in_by_a_title() -> None:
    mail = write_mail(
        dataclasses.replace(NOTICE, title="Hello\r\nBcc: mallory@example.org", brand="x\nFrom: y"),
        "alerts@cafe.example",
    )
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hello Bcc: mallory@example.org"
    assert len(mail.get_all("From", [])) == 1


def test_one_click_is_promised_only_over_https() -> None:
    mail = write_mail(dataclasses.replace(NOTICE, leave_url="http://127.0.0.1:8377/-/unsubscribe/a"), "a@b.example")
    assert mail["List-Unsubscribe"] == "<http://127.0.0.1:8377/-/unsubscribe/a>"
    assert mail["List-Unsubscribe-Post"] is None


def test_addresses_are_read_however_they_are_written() -> None:
    assert addresses("a@b.example, c@d.example;A@B.example\n e@f.example") == [
        "A@B.example",
        "c@d.example",
        "e@f.example",
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"host": "mail server"}, "host"),
        ({"port": 8025}, "port"),
        ({"port": "no"}, "port"),
        ({"security": "none"}, "security"),
        ({"security": "ssl"}, "security"),
        ({"sender": "not an address"}, "sender"),
        ({"sender": "a@b.example\nBcc: x@y.example"}, "sender"),
        ({"to": []}, "to"),
        ({"to": "a@b"}, "to"),
        ({"to": [f"a{n}@b.example" for n in range(31)]}, "to"),
    ],
)
def test_settings_that_cannot_work_are_refused(tmp_path: Path, wrong: dict[str, object], field: str) -> None:
    given = {"host": "mail.example.org", "port": 587, "sender": "a@b.example", "to": "c@d.example"}
    with pytest.raises(Invalid) as refused:
        Email().set_up({**given, **wrong}, Settings(data_dir=tmp_path))
    assert field in refused.value.fields


def test_the_password_is_a_secret_and_nothing_else(tmp_path: Path) -> None:
    given = {"host": "Mail.Example.org", "sender": "a@b.example", "to": "c@d.example", "password": "x"}
    setup = Email().set_up(given, Settings(data_dir=tmp_path))
    assert setup.secrets == {"password": "x"}
    assert "password" not in setup.params
    assert setup.params["host"] == "mail.example.org"
