"""How a link will look in a post: what its page says of itself (Open Graph, Twitter cards, else title and description).

One request for the page and one for its picture, made by the server when a person asks, never by itself: the page at
the other end learns of the server, not of the person. What comes back is plain text and the picture's bytes, told by
themselves; nothing of the markup goes any further. Network: never in a transaction.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree
from sqlalchemy.orm import Session

from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.feed.unwrap import is_web_address
from backend.infra.errors import Invalid
from backend.infra.http import Blocked, BodyTooLarge, HttpClient, HttpFailed, HttpResponse, NotSent
from backend.links.links import find_by_code
from backend.links.public_address import own_hosts_of
from backend.publishing.images import read_image

DEADLINE_S = 8.0
MAX_PAGE = 3_000_000  # bytes that a page may have
MAX_READ = 1_000_000  # bytes of it that are read: what it says of itself stands in its head
MAX_IMAGE = 1_500_000  # bytes
MAX_PIXELS = 40_000_000  # what a browser unpacks without a thought
MAX_TAGS = 3_000  # of meta, in one page
LONGEST_TITLE = 300
LONGEST_DESCRIPTION = 500

_WORDS = {
    "blocked": "This address may not be reached from here: it is private, or not http or https.",
    "unreachable": "This site cannot be reached.",
    "timeout": "This site did not answer in time.",
    "too_large": "This page is too large to look into.",
    "no_page": "There is no page at this address: it has no card.",
    "http_error": "The site answers with an error.",
}
_CHARSET = re.compile(rb"charset\s*=", re.IGNORECASE)
_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


@dataclass(frozen=True)
class Card:
    """`url` is where the page was found after redirects. `large`: the page asks for the wide picture."""

    url: str
    title: str
    description: str
    image_url: str
    site_name: str
    large: bool


@dataclass(frozen=True)
class Picture:
    content_type: str
    width: int
    height: int
    content: bytes


def behind_short_link(session: Session, url: str) -> str:
    """The target of a short link of ours, so that looking at it is no click; any other address as it is."""
    parts = urlsplit(url)
    code = parts.path.strip("/")
    if (parts.hostname or "") not in own_hosts_of(session) or not code or "/" in code:
        return url
    link = find_by_code(session, code)
    return link.url if link is not None and link.removed_at is None else url


def read_card(http: HttpClient, url: str) -> Card:
    """Raises Invalid with the reason as its code."""
    if not is_web_address(url):
        raise Invalid("This is not a web address.", code="not_web_address", fields={"url": "http:// or https://"})
    answer = _get(http, url, "text/html, application/xhtml+xml;q=0.9", MAX_PAGE)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("", "text/html", "application/xhtml+xml"):
        raise _no("no_page")
    said, title = read_head(answer.body[:MAX_READ], charset_of(answer.headers.get("content-type", "")))
    image = next((said[name] for name in _IMAGES if said.get(name)), "")
    return Card(
        url=answer.url,
        title=one_line(_first(said, _TITLES) or title, limit=LONGEST_TITLE),
        description=one_line(_first(said, _DESCRIPTIONS), limit=LONGEST_DESCRIPTION),
        image_url=_address(answer.url, image),
        site_name=one_line(said.get("og:site_name", ""), limit=100) or _host(answer.url),
        large=said.get("twitter:card", "") == "summary_large_image",
    )


def read_picture(http: HttpClient, url: str) -> Picture | None:
    """The picture of a card; None where there is none that can be shown."""
    if not url:
        return None
    try:
        answer = _get(http, url, "image/webp, image/png, image/jpeg, image/gif;q=0.8", MAX_IMAGE)
    except Invalid:
        return None
    image = read_image(answer.body)
    if image is None or image.width * image.height > MAX_PIXELS:
        return None
    return Picture(image.content_type, image.width, image.height, answer.body)


def _get(http: HttpClient, url: str, accept: str, most: int) -> HttpResponse:
    try:
        answer = http.get(url, headers={"Accept": accept}, deadline_s=DEADLINE_S, max_bytes=most, follow=5)
    except Blocked as error:
        raise _no("blocked") from error
    except NotSent as error:
        raise _no("unreachable") from error
    except BodyTooLarge as error:
        raise _no("too_large") from error
    except HttpFailed as error:
        raise _no("timeout") from error
    if answer.status >= 300:
        raise _no("http_error")
    return answer


def _no(code: str) -> Invalid:
    return Invalid(_WORDS[code], code=code, fields={"url": _WORDS[code]})


def charset_of(content_type: str) -> str:
    """What the header says and Python knows; "" = it says nothing of use."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            try:
                return codecs.lookup(value.strip().strip("\"'")).name
            except (LookupError, ValueError):
                return ""
    return ""


def read_head(page: bytes, charset: str = "") -> tuple[Mapping[str, str], str]:
    """What a page's meta elements say (the first of each name), and its title."""
    if not charset and not _CHARSET.search(page[:4096]):
        charset = "utf-8"  # the parser would take Latin-1
    head = _Head()
    try:
        parser = etree.HTMLParser(target=head, encoding=charset or None, recover=True, no_network=True)
    except LookupError:  # Python knows it, the parser does not
        parser = etree.HTMLParser(target=head, recover=True, no_network=True)
    try:
        parser.feed(page)
        parser.close()
    except (etree.XMLSyntaxError, etree.ParserError, AssertionError):
        pass  # what was read so far counts
    return head.said, head.title


class _Head:
    """Hears of the elements one after the other: no tree of somebody's page is ever built."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self.title = ""
        self._depth_of_title = 0
        self._tags = 0
        self._has_title = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "title" and not self._has_title:
            self._depth_of_title += 1
        elif tag == "meta" and self._tags < MAX_TAGS:
            self._tags += 1
            name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
            value = attributes.get("content", "").strip()
            if name and value and len(name) <= 60 and name not in self.said:
                self.said[name] = value[:8_000]
        elif tag == "svg":
            self._has_title = True  # from here on a title is a picture's

    def end(self, tag: str) -> None:
        if tag == "title" and self._depth_of_title:
            self._depth_of_title -= 1
            self._has_title = True

    def data(self, data: str) -> None:
        if self._depth_of_title and len(self.title) < 8_000:
            self.title += data

    def close(self) -> None:
        """The parser wants one."""


def _first(said: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first of these that is there once it is plain."""
    return next((words for name in names if (words := plain_text(said.get(name, "")))), "")


def _address(page: str, image: str) -> str:
    try:
        found = urljoin(page, image.strip().replace(" ", "%20")) if image else ""
    except ValueError:
        return ""
    return found if found and is_web_address(found) else ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
