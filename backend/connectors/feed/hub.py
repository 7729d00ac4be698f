"""Who tells of a feed's news by itself: the hub that it names (WebSub, https://www.w3.org/TR/websub/). Pure."""

from __future__ import annotations

import hmac
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

#: it takes subscriptions to YouTube's feeds, which do not name it
YOUTUBE = "https://pubsubhubbub.appspot.com/"
_YOUTUBE = re.compile(r"https://www\.youtube\.com/feeds/videos\.xml\?(?:channel|playlist)_id=[\w-]+", re.ASCII)
_HEAD_BYTES = 20_000  # links of the feed itself stand before its entries
_FIRST_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_LINK_TAG = re.compile(rb"<(?:[\w-]+:)?link\s([^<>]{1,2000})>")
_ATTRIBUTE = re.compile(rb"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LINK_HEADER = re.compile(r"""<([^<>]{1,2000})>((?:\s*;\s*[\w!#$&+^`|~-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)""")
_REL = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))""", re.IGNORECASE)
#: signatures that a hub may give; what is weaker proves nothing
_METHODS = ("sha1", "sha256", "sha384", "sha512")


@dataclass(frozen=True)
class Hub:
    """`topic` is the feed's own name for itself, which the hub knows it by."""

    url: str
    topic: str


def find_hub(url: str, headers: Mapping[str, str], body: bytes) -> Hub | None:
    """The hub of a document that came from `url`; headers go before what the document says."""
    links = _in_headers(headers.get("link", ""))
    for rel, target in _in_document(body):
        links.setdefault(rel, target)
    hub, topic = _absolute(url, links.get("hub", "")), _absolute(url, links.get("self", ""))
    if not hub and _YOUTUBE.fullmatch(url):
        hub, topic = YOUTUBE, url
    return Hub(hub, topic) if hub and topic else None


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether `X-Hub-Signature` (`sha256=…`) of a delivery was made with our secret."""
    method, equals, digest = signature.strip().partition("=")
    if not equals or method.lower() not in _METHODS:
        return False
    ours = hmac.digest(secret.encode(), body, method.lower()).hex()
    return hmac.compare_digest(ours.encode(), digest.strip().lower().encode("utf-8", "replace"))


def _in_headers(value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in _LINK_HEADER.finditer(value[:_HEAD_BYTES]):
        rel = _REL.search(link[2])
        for name in ((rel[1] or rel[2]) if rel else "").lower().split():
            found.setdefault(name, link[1].strip())
    return found


def _in_document(body: bytes) -> list[tuple[str, str]]:
    if body.lstrip()[:1] == b"{":
        return _in_json(body)
    head = body[:_HEAD_BYTES]
    if first := _FIRST_ENTRY.search(head):
        head = head[: first.start()]
    found = []
    for tag in _LINK_TAG.finditer(head):
        said = {name.lower(): one or other for name, one, other in _ATTRIBUTE.findall(tag[1])}
        target = html.unescape(said.get(b"href", b"").decode("utf-8", "replace"))
        found += [(rel, target) for rel in said.get(b"rel", b"").decode("ascii", "ignore").lower().split() if target]
    return found


def _in_json(body: bytes) -> list[tuple[str, str]]:
    """JSON Feed: `hubs` and `feed_url`."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        return []
    if not isinstance(feed, dict):
        return []
    found = [("self", feed["feed_url"])] if isinstance(feed.get("feed_url"), str) else []
    for hub in feed["hubs"] if isinstance(feed.get("hubs"), list) else []:
        if isinstance(hub, dict) and str(hub.get("type", "")).lower() == "websub" and isinstance(hub.get("url"), str):
            found.append(("hub", hub["url"]))
    return found


def _absolute(url: str, target: str) -> str:
    """The empty string for what is no web address."""
    try:
        whole = urljoin(url, target.strip()) if target else ""
        parts = urlsplit(whole)
    except ValueError:
        return ""
    return whole if parts.scheme in ("http", "https") and parts.hostname and len(whole) <= 2_000 else ""
