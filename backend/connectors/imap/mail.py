"""One mail as items: an alert of Google as one for each link, any other as one thing said. Pure, but for the helper
that parses what strangers wrote in HTML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from urllib.parse import quote

from backend.connectors.base import Item, PollFailed
from backend.connectors.feed.identity import stable_id
from backend.connectors.feed.parse import sane_moment
from backend.connectors.feed.plain import one_line, plain_text, shorten, tidy
from backend.connectors.feed.unwrap import host_of, is_web_address, unwrap
from backend.connectors.page.child import Page, read_items
from backend.connectors.page.recipe import Recipe
from backend.infra.text import one_line as on_one_line

MAX_HEADER = 2_000  # characters that are read of one
MAX_PARTS = 50
GOOGLE_ALERTS = "googlealerts-noreply@google.com"
#: how Google marks the results of an alert (schema.org), and where it does not any more: all links through its counter
_RESULTS = (
    Recipe(
        '[itemtype*="schema.org/Article"]',
        title='[itemprop="url"] [itemprop="name"]',
        link='a[itemprop="url"]',
        author='[itemprop="publisher"] [itemprop="name"], [itemprop="publisher"]',
        text='[itemprop="description"]',
    ),
    Recipe('a[href*="google.com/url?"]'),
)


def read_mail(raw: bytes, *, now: datetime) -> list[Item]:
    """The items of a mail, which may have been cut off; [] for what says nothing."""
    try:
        return _items(raw, now)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return []  # written to break readers


def _items(raw: bytes, now: datetime) -> list[Item]:
    mail = message_from_bytes(raw)
    sender = parseaddr(_header(mail, "From"))
    text, markup = _bodies(mail)
    at = _date(mail, now)
    if sender[1].lower() == GOOGLE_ALERTS and (found := _results(markup, at, now)):
        return found
    subject = one_line(_plain(_header(mail, "Subject")))
    said = tidy(text) or plain_text(markup)
    if not subject and not said:
        return []
    own = _message_id(mail) or hashlib.sha256(raw).hexdigest()
    archived = _header(mail, "Archived-At").strip("<> ")
    return [
        Item(
            external_id=stable_id(own),
            # RFC 2392: what a mail is called where nobody published it
            url=archived if is_web_address(archived) else f"mid:{quote(own, safe='@.')}"[:2_000],
            title=subject,
            text=shorten(said, 10_000),
            author=shorten(one_line(_plain(sender[0] or sender[1])), 200),
            author_handle=sender[1][:300],
            published_at=at,
            publisher=shorten(one_line(_plain(_list_name(mail))), 200),
            type="post",
        )
    ]


def _results(markup: str, at: datetime | None, now: datetime) -> list[Item]:
    page = Page(markup.encode("utf-8", "replace"), "text/html; charset=utf-8", "https://www.google.com/alerts")
    for recipe in _RESULTS:
        try:
            read = read_items(page, recipe, now=now).items
        except PollFailed:
            return []
        found: dict[str, Item] = {}
        for item in read:
            url = unwrap(item.url.partition("#entry-")[0])
            if item.title and is_web_address(url) and not re.fullmatch(r"(?:\w+\.)?google\.[a-z.]+", host_of(url)):
                result = replace(item, external_id=stable_id(url), url=url, language="", type="article")
                found.setdefault(url, replace(result, published_at=at, author="", publisher=item.author))
        if found:
            return list(found.values())
    return []


def _bodies(mail: Message) -> tuple[str, str]:
    """Plain text, and HTML; attachments are left where they are."""
    text = markup = ""
    for part in _parts(mail):
        kind = part.get_content_type()
        if part.get_filename() or part.get_content_disposition() == "attachment":
            continue
        if kind == "text/plain" and not text:
            text = _decoded(part)
        elif kind == "text/html" and not markup:
            markup = _decoded(part)
    return text, markup


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= MAX_PARTS:
            return
        if not part.is_multipart():
            yield part


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        with suppress(LookupError, ValueError):
            return body.decode(charset, "replace").replace("\0", "")
    return ""


def _header(mail: Message, name: str) -> str:
    """Decoded, on one line, cut where it is endless; without what no database takes and no address can hold."""
    raw = str(mail.get(name) or "")[:MAX_HEADER]
    try:
        return on_one_line(str(make_header(decode_header(raw))))
    except (LookupError, ValueError, UnicodeError):
        return on_one_line(raw)


def _plain(text: str) -> str:
    """Text, not markup: what is between < and > stays."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _message_id(mail: Message) -> str:
    return _header(mail, "Message-ID").strip("<> ")


def _list_name(mail: Message) -> str:
    """`Alerts of the town <alerts.town.example>` → `Alerts of the town`, else what is between the brackets."""
    name, _, rest = _header(mail, "List-Id").partition("<")
    return name.strip(' "') or rest.strip("> ")


def _date(mail: Message, now: datetime) -> datetime | None:
    try:
        said = parsedate_to_datetime(_header(mail, "Date"))
        at = sane_moment(said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC))
    except (ValueError, TypeError, OverflowError):
        return None
    return at if at is not None and at <= now + timedelta(days=1) else None
