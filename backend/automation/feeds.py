"""What an alert listens for, as a feed: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org). Pure.

Every text from outside is plain text in both; the serialisers escape it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as Xml

from backend.connectors.notices.base import Line
from backend.connectors.notices.letter import is_web
from backend.connectors.notices.text import headline, tame, tame_lines
from backend.infra.clock import rfc3339

ATOM = "http://www.w3.org/2005/Atom"
MOST = 50
_NAMES = uuid.UUID("0d0c3a3e-6a53-5f6e-9f0b-6d8f3d2f7a11")  # drawn once, for the ids of entries


@dataclass(frozen=True)
class Feed:
    """`key` names the feed for ever; `updated`: the newest entry, or when the feed was made."""

    key: str
    title: str
    url: str
    home_url: str
    language: str
    updated: datetime
    lines: Sequence[Line]


def atom(feed: Feed) -> bytes:
    Xml.register_namespace("", ATOM)
    root = Xml.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _text(root, "id", _urn(feed.key))
    _text(root, "title", tame(feed.title))
    _text(root, "updated", rfc3339(feed.updated))
    _link(root, "self", feed.url, "application/atom+xml")
    _link(root, "alternate", feed.home_url, "text/html")
    _text(root, "generator", "Entregent")
    for line in feed.lines:
        entry = Xml.SubElement(root, f"{{{ATOM}}}entry")
        _text(entry, "id", _urn(feed.key, line.mention_id))
        _text(entry, "title", headline(line))
        at = rfc3339(line.at or feed.updated)
        _text(entry, "updated", at)
        _text(entry, "published", at)
        author = Xml.SubElement(entry, f"{{{ATOM}}}author")
        _text(author, "name", tame(line.author) or tame(line.network) or "?")
        _link(entry, "alternate", line.url if is_web(line.url) else line.app_url, "text/html")
        if line.app_url:
            _link(entry, "related", line.app_url, "text/html")
        if line.text:
            _text(entry, "summary", tame_lines(line.text))
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def json_feed(feed: Feed) -> bytes:
    items = []
    for line in feed.lines:
        url = line.url if is_web(line.url) else line.app_url
        item = {
            "id": _urn(feed.key, line.mention_id),
            "url": url,
            "title": headline(line),
            "content_text": tame_lines(line.text) or headline(line),
            "date_published": rfc3339(line.at or feed.updated),
        }
        if line.author:
            item["authors"] = [{"name": tame(line.author)}]  # type: ignore[assignment]  # one value is a list
        items.append(item)
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": tame(feed.title),
        "home_page_url": feed.home_url,
        "feed_url": feed.url,
        "language": feed.language,
        "items": items,
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def _urn(*names: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMES, ' '.join(names))}"


def _text(parent: Xml.Element, name: str, words: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}{name}").text = words


def _link(parent: Xml.Element, rel: str, href: str, kind: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": tame(href), "type": kind})
