"""A page that somebody pointed at, looked through for what can be listened to: by patterns that read each byte about
once (the standard library's HTML parser raises on `<![`, and a tree is not needed for a head)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from backend.connectors.feed.unwrap import is_web_address

MAX_PAGE = 300_000  # bytes in which signs are looked for
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_TAG = re.compile(r"<(link|meta)\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![A-Za-z-])([A-Za-z-]++)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'=]++)""")
_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{1,1000})", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """`rel`: words in lower case."""

    rel: tuple[str, ...]
    type: str
    url: str
    title: str = ""


@dataclass(frozen=True)
class SeenPage:
    """`url`: where it came from, after redirects; `text`: its beginning."""

    url: str
    text: str

    @classmethod
    def of(cls, url: str, body: bytes) -> SeenPage:
        return cls(url, body[:MAX_PAGE].decode("utf-8", "replace"))

    @cached_property
    def _tags(self) -> list[tuple[str, dict[str, str]]]:
        return [
            (
                tag[1].lower(),
                {name.lower(): html.unescape(value.strip("\"'")).strip() for name, value in _ATTRIBUTE.findall(tag[2])},
            )
            for tag in _TAG.finditer(self.text)
        ]

    @cached_property
    def links(self) -> list[Link]:
        """Its `<link>` elements that lead to the web."""
        found = []
        for tag, values in self._tags:
            try:
                url = urljoin(self.url, values.get("href", "")) if tag == "link" and values.get("href") else ""
            except ValueError:
                url = ""
            if is_web_address(url):
                rel = tuple(values.get("rel", "").lower().split())
                kind = values.get("type", "").lower().split(";")[0].strip()
                found.append(Link(rel, kind, url, values.get("title", "")))
        return found

    @cached_property
    def title(self) -> str:
        found = _TITLE.search(self.text)
        return " ".join(html.unescape(found[1]).split())[:200] if found else ""

    @cached_property
    def generator(self) -> str:
        """What made it, in lower case: `discourse 3.5.0`."""
        return self.meta("generator").lower()

    def meta(self, name: str) -> str:
        """The content of the first `<meta>` of this name, property or itemprop."""
        for tag, values in self._tags:
            if tag == "meta" and name in (values.get("name"), values.get("property"), values.get("itemprop")):
                return values.get("content", "")
        return ""

    def feeds(self) -> Iterator[Link]:
        """What it names as its feeds, those of comments last. WordPress names its JSON interface with
        application/json: that is none."""
        found = [link for link in self.links if "alternate" in link.rel and link.type in FEED_TYPES]
        yield from sorted(found, key=is_of_comments)

    def says(self, pattern: str) -> bool:
        return re.search(pattern, self.text, re.IGNORECASE) is not None

    def root(self, *sections: str) -> str:
        """The address of the software that serves it: what stands before one of its sections in the path, else the
        folder of the page."""
        parts = urlsplit(self.url)
        inside = re.search(rf"/(?:{'|'.join(sections)})(?:[/.]|$)", parts.path) if sections else None
        path = parts.path[: inside.start()] if inside else parts.path.rpartition("/")[0]
        return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}"

    def path_after(self, root: str) -> str:
        return self.url.partition("?")[0].removeprefix(root)


def is_of_comments(link: Link) -> bool:
    return bool(re.search(r"comment", f"{link.title} {urlsplit(link.url).path}", re.IGNORECASE))
