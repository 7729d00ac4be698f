"""One mail as items. No network."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.connectors.imap.mail import read_mail
from backend.connectors.imap.source import read_server
from tests.connectors.imap.mails import google_alert, mail

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FOUND = [
    ("Un <b>café</b> rouvre", "https://journal.example/a?id=1", "Le Journal", "Rue des Lilas, le <b>café</b> Lumière…"),
    ("Les terrasses", "https://gazette.example/b", "La Gazette", "Cet été…"),
]


def test_a_mail_is_one_thing_said() -> None:
    (item,) = read_mail(
        mail("Bewertung für Café Lumière", "Sehr gut!\n\n-- \nMaud", List_Id="Avis de la ville <avis.ville.example>"),
        now=NOW,
    )
    assert (item.title, item.text) == ("Bewertung für Café Lumière", "Sehr gut!\n\n--\nMaud")
    assert (item.author, item.author_handle) == ("Maud Müller", "maud@alerts.example")
    assert (item.publisher, item.type) == ("Avis de la ville", "post")
    assert item.url.startswith("mid:")
    assert item.published_at == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def test_html_is_read_where_there_is_no_text_and_archives_are_the_address() -> None:
    (item,) = read_mail(
        mail("X", markup="<p>Bon <b>café</b></p><script>no</script>", Archived_At="<https://lists.example/m/1>"),
        now=NOW,
    )
    assert (item.text, item.url) == ("Bon café", "https://lists.example/m/1")


@pytest.mark.parametrize("marked", [True, False])
def test_an_alert_of_google_is_one_item_for_each_link(marked: bool) -> None:
    items = read_mail(google_alert(FOUND, marked=marked), now=NOW)
    assert [(one.title, one.url) for one in items] == [
        ("Un café rouvre", "https://journal.example/a?id=1"),
        ("Les terrasses", "https://gazette.example/b"),
    ]
    assert {one.type for one in items} == {"article"}
    if marked:
        assert (items[0].publisher, items[0].text) == ("Le Journal", "Rue des Lilas, le café Lumière…")


def test_who_only_calls_themselves_google_is_not() -> None:
    forged = google_alert(FOUND).replace(b"googlealerts-noreply@google.com", b"googlealerts-noreply@evil.example")
    (item,) = read_mail(forged, now=NOW)
    assert item.title == "Alerte Google – café lumière"
    (empty,) = read_mail(google_alert([]), now=NOW)  # a mail from there that is no alert is still said
    assert empty.title.startswith("Alerte Google")


def test_the_same_mail_is_known_by_its_id_and_what_has_none_by_its_bytes() -> None:
    one, other = mail("A", "b", Message_ID="<1@x>"), mail("A, again", "c", Message_ID="<1@x>")
    assert read_mail(one, now=NOW)[0].external_id == read_mail(other, now=NOW)[0].external_id == "1@x"
    bare = b"Subject: A\r\n\r\nb"
    assert read_mail(bare, now=NOW)[0].external_id == read_mail(bare, now=NOW)[0].external_id
    assert read_mail(bare, now=NOW)[0].external_id != read_mail(bare + b"c", now=NOW)[0].external_id


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 1_000,
        b"Subject: =?utf-8?B?" + b"/" * 100_000 + b"?=\r\n\r\nx",
        b"Subject: =?nonsense?Q?caf=E9?=\r\nFrom: =?x?= <\r\nDate: yesterday\r\n\r\nx",
        b"From: " + b"(" * 50_000 + b"\r\nSubject: x\r\n\r\ny",
        b"From: " + b"a@b," * 50_000 + b"\r\nSubject: x\r\n\r\ny",
        b"Content-Type: multipart/mixed; boundary=a\r\nSubject: x\r\n\r\n" + b"--a\r\n\r\n" * 50_000,
        b"Subject: x\r\n" + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 3_000,
        b"Content-Type: text/plain; charset=nonsense\r\n\r\ncaf\xe9",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
        b"Message-ID: <=?utf-7?q?+2AA-?=@x>\r\nSubject: x\r\n\r\ny",
        b"Message-ID: <a\0b@x>\r\nFrom: a <\0=?utf-7?q?+2AA-?=@x>\r\nSubject: x\r\n\r\ny",
        b"Date: Mon, 01 Jan 0001 00:00:00 +1400\r\nSubject: x\r\n\r\n",
        b"Date: Mon, 99 Nov 99999999999 08:00:00 +9999\r\nSubject: x\r\n\r\n",
        mail("cut", markup="<p>half of a")[:-20],
    ],
)
def test_mails_that_are_written_to_break_readers_do_not(raw: bytes) -> None:
    for item in read_mail(raw, now=NOW):
        f"{item.title}{item.text}{item.author}{item.author_handle}{item.url}{item.external_id}".encode()
        assert "\0" not in f"{item.external_id}{item.author_handle}"
        assert item.published_at is None or item.published_at.year > 1980
        assert len(item.url) <= 2_000
        assert len(item.text) <= 10_000


def test_the_address_of_a_server_is_read_as_people_write_it() -> None:
    said = {
        "imap.example.org": "imaps://imap.example.org:993",
        "IMAP.Example.org:1993": "imaps://imap.example.org:1993",
        "imap.example.org:143": "imap://imap.example.org:143",
        "imap://imap.example.org": "imap://imap.example.org:143",
        "imaps://[2001:db8::1]/": "imaps://[2001:db8::1]:993",
        "https://imap.example.org": None,
        "imaps://me:pass@imap.example.org": None,
        "imap.example.org:x": None,
        "": None,
    }
    assert {text: read_server(text) for text in said} == said
