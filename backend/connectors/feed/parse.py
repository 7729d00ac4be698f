"""A feed's bytes as items: RSS 0.9x, 1.0, 2.0, Atom, JSON Feed. Pure; nothing here touches the network.

1. What declares entities is refused before any parser sees it (a 558-byte bomb costs expat seconds).
2. What is not a feed by its first element is refused too, so that a log-in page costs nothing.
3. A reader gives raw entries: `xml` (lxml) for what is well formed, `child` (feedparser, in a helper with limits) for
   the rest, `json_feed`. Everything after them (cleaning, dates, addresses, ids) is the same for all and stands here.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

from backend.connectors.base import Item, Wishes
from backend.connectors.feed.child import read_in_child
from backend.connectors.feed.dates import read_numbers
from backend.connectors.feed.identity import identify_items
from backend.connectors.feed.json_feed import read_json
from backend.connectors.feed.plain import one_line, read_markup
from backend.connectors.feed.raw import MAX_ENTRIES, NotAFeed, RawEntry, RawFeed
from backend.connectors.feed.unwrap import is_plain_address, is_web_address, unwrap
from backend.connectors.feed.xml import NotOurs, read_xml

__all__ = ["NotAFeed", "Parsed", "parse_feed", "sniff"]

#: at once, in a process: a document may take many times its size while it is read
_parsing = threading.BoundedSemaphore(2)
_HEAD_BYTES = 65_536
MAX_ATTRIBUTES = 500
_LONG = 6_000
_LONG_TAG = re.compile(rb"<[^<>]{%d,}" % _LONG)
_NAME = re.compile(rb"<\s*(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_ROOTS = {b"rss", b"rdf", b"feed", b"channel"}
_BLANK_HEAD = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True)
class Parsed:
    items: list[Item]
    title: str = ""
    site_url: str = ""
    wishes: Wishes = field(default_factory=Wishes)
    language: str = ""


def parse_feed(body: bytes, *, url: str, content_type: str = "") -> Parsed:
    """Items newest first as the feed gives them, each once. `url` is the feed's own, for relative addresses.

    Raises NotAFeed.
    """
    return clean_feed(read_raw(body, content_type), url=url)


def read_raw(
    body: bytes, content_type: str = "", *, otherwise: Callable[[bytes, str], RawFeed] = read_in_child
) -> RawFeed:
    """Step 1 to 3: by the reader that can. `otherwise` is asked where ours cannot. Raises NotAFeed."""
    kind = sniff(body)
    with suppress(NotOurs), _parsing:
        return read_json(body) if kind == "json" else read_xml(body, content_type)
    return otherwise(body, content_type)  # a helper of its own, which others shall not wait for


def clean_feed(raw: RawFeed, *, url: str) -> Parsed:
    """Items of what any reader gave."""
    site_url = _join(url, raw.link)
    cleaned = [_clean(entry, base=url, site_url=site_url, language=raw.language) for entry in raw.entries[:MAX_ENTRIES]]
    items = identify_items([item for item in cleaned if item is not None], homes=[site_url, url])
    return Parsed(items, one_line(raw.title, limit=200), site_url, raw.wishes, raw.language)


def sniff(body: bytes) -> str:
    """`xml` or `json` by the first bytes. Raises NotAFeed for anything else, entity declarations included."""
    if not body.strip():
        raise NotAFeed("the answer is empty")
    if body.lstrip(_BLANK_HEAD)[:1] == b"{":
        return "json"
    head = body[:_HEAD_BYTES]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00<" in head[:8] or b"<\x00" in head[:8]:
        head = head.replace(b"\x00", b"")  # UTF-16 and UTF-32: enough to read ASCII names
    if re.search(rb"<!\s*ENTITY", head, re.IGNORECASE):
        raise NotAFeed("the document declares entities, which no honest feed needs")
    for tag in _LONG_TAG.finditer(body) if _may_hold_long_tag(body) else ():  # the pattern walks through everything
        if tag[0].count(b"=") > MAX_ATTRIBUTES:  # XML readers take quadratic time over them
            raise NotAFeed("a tag in it has too many attributes")
    name = _first_element(head)
    if not name:
        raise NotAFeed("there is no XML or JSON in it")
    if name not in _ROOTS:
        raise NotAFeed(f"it begins with <{name.decode('ascii', 'replace')}>", page=name in (b"html", b"head", b"body"))
    return "xml"


def _may_hold_long_tag(body: bytes) -> bool:
    """Whether so many bytes stand anywhere without a `>` among them. Leaps from one to the farthest within reach."""
    at = 0
    while at + _LONG <= len(body):
        last = body.rfind(b">", at, at + _LONG)
        if last < 0:
            return True
        at = last + 1
    return False


def _first_element(head: bytes) -> bytes:
    """The name of the first element in lower case, behind comments, instructions and a DOCTYPE. Reads each byte once:
    a search by pattern would take minutes over `<!--<!--<!--…`."""
    at = 0
    while (at := head.find(b"<", at)) >= 0:
        if head.startswith(b"<!--", at):
            end, skip = head.find(b"-->", at + 4), 3
        elif head.startswith(b"<?", at):
            end, skip = head.find(b"?>", at + 2), 2
        elif head.startswith(b"<!", at):
            end, skip = head.find(b">", at), 1
            subset = head.find(b"[", at, end)
            if subset >= 0:
                end = head.find(b">", head.find(b"]", subset)) if head.find(b"]", subset) >= 0 else -1
        elif found := _NAME.match(head, at):
            return found[1].lower()
        else:
            end, skip = at, 1
        if end < 0:
            return b""
        at = end + skip
    return b""


# --- what all formats share --------------------------------------------------------------------------------


def _clean(raw: RawEntry, *, base: str, site_url: str, language: str) -> Item | None:
    """An item whose id may still be another's; None for an entry that says nothing at all."""
    guid = " ".join(raw.guid.split())
    link = _join(base, raw.link)
    if not link and (raw.guid_is_link or guid.startswith("http")):
        link = _join(base, guid)
    title, (text, links) = one_line(raw.title), read_markup(raw.body)
    if not (title or text) or not (link or site_url):
        return None
    return Item(
        external_id=guid or link or f"{title}\n{text}".strip(),
        url=unwrap(link) if link else site_url,  # `identify_items` gives it an address of its own
        title=title,
        text="" if text == title else text,
        author=one_line(_author_name(raw.author), limit=200) if raw.author else "",
        author_url=_join(base, raw.author_url),
        published_at=sane_moment(raw.at or read_numbers(raw.undated, raw.language or language)),
        language=raw.language or language,
        publisher=one_line(raw.publisher, limit=200) if raw.publisher else "",
        publisher_url=_join(base, raw.publisher_url),
        links=_links(links, link or base),
    )


def _links(links: Sequence[str], base: str) -> tuple[str, ...]:
    """Absolute, without the counters of services in between, each once."""
    return tuple(dict.fromkeys(unwrap(link) for link in (_join(base, link) for link in links) if link))


def sane_moment(at: datetime | None) -> datetime | None:
    """Dates before the web, and of year 9999, are mistakes of whoever wrote them."""
    return at if at is not None and 1990 <= at.year < 2200 else None


_MAIL_AND_NAME = re.compile(r"\S+@\S+\s+\((.+)\)")
_NAME_AND_MAIL = re.compile(r"(.+?)\s+[(<]\S+@\S+[)>]")


def _author_name(author: str) -> str:
    """RSS 2.0 writes `mail@example.org (Name)`, others `Name <mail@example.org>`; the address is nobody's business."""
    author = author.strip()
    if "@" not in author or len(author) > 500:
        return author
    found = _MAIL_AND_NAME.fullmatch(author) or _NAME_AND_MAIL.fullmatch(author)
    if found:
        return found[1]
    return author.split("@")[0] if re.fullmatch(r"\S+@\S+\.\w+", author) else author


def _join(base: str, link: str) -> str:
    """An absolute http(s) address, "" for anything else (`javascript:`, `mailto:`, garbage)."""
    if is_plain_address(link):  # most
        return link
    link = link.strip()
    if not link:
        return ""
    try:
        if not link.startswith(("https://", "http://")):
            link = urljoin(base, link)
    except ValueError:
        return ""
    joined = link.replace(" ", "%20")
    return joined if is_web_address(joined) else ""
