"""One delivery to a webhook as items: plain JSON, a list, JSON Feed, what Slack and Discord take, forms, text. Pure."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from backend.connectors.base import Item
from backend.connectors.feed.dates import read_date
from backend.connectors.feed.identity import identify_items, stable_id
from backend.connectors.feed.parse import NotAFeed, parse_feed, sane_moment
from backend.connectors.feed.plain import one_line, plain_text, shorten
from backend.connectors.feed.unwrap import is_web_address, unwrap
from backend.infra.text import storable

MAX_ITEMS = 200
#: a thing that has no address of its own; no browser opens it
NO_ADDRESS = "urn:entregent:hook:"

_TITLE = ("title", "subject", "headline", "name")
_TEXT = ("text", "body", "content_text", "content", "content_html", "message", "description", "summary", "fallback")
_URL = ("url", "link", "permalink", "title_link", "external_url", "href")
_AUTHOR = ("author", "author_name", "from", "user", "username", "sender")
_AT = ("published_at", "published", "date_published", "date", "created_at", "timestamp", "time", "ts")
_ID = ("id", "guid", "external_id", "uuid", "message_id")
_SLACK_LINK = re.compile(r"<((?:https?|mailto):[^<>|\s]{1,2000})(?:\|([^<>]{0,500}))?>")


class Unreadable(Exception):
    """The whole delivery is none; the message says why."""


@dataclass(frozen=True)
class Refused:
    """`index`: which one of the delivery. `why`: not_an_object | nothing_said | too_many."""

    index: int
    why: str


@dataclass(frozen=True)
class Delivery:
    items: Sequence[Item]
    refused: Sequence[Refused] = ()


def read_delivery(body: bytes, content_type: str, *, now: datetime) -> Delivery:
    """Raises Unreadable."""
    kind = content_type.split(";")[0].strip().lower()
    text = body.decode("utf-8-sig", "replace")
    if kind == "application/x-www-form-urlencoded":
        return _read_form(text, now)
    if kind == "text/plain":
        return _read_all([{"text": html.escape(text, quote=False)}], now)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("this is no JSON") from None
    if isinstance(value, dict) and str(value.get("version", "")).startswith("https://jsonfeed.org/"):
        try:
            feed = parse_feed(body, url="", content_type="application/feed+json")
        except NotAFeed as error:
            raise Unreadable(f"this JSON Feed cannot be read: {error}") from error
        return Delivery(feed.items[:MAX_ITEMS], _too_many(len(feed.items)))
    return _read_all(list(_things(value)), now)


def _read_form(text: str, now: datetime) -> Delivery:
    try:
        fields = dict(parse_qsl(text, max_num_fields=100))
    except ValueError:
        raise Unreadable("this form has too many fields") from None
    if "payload" in fields:  # as Slack took it first
        return read_delivery(fields["payload"].encode(), "application/json", now=now)
    return _read_all([fields], now)


def _things(value: Any) -> Iterator[Any]:
    """What a delivery says, one thing after the other."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        several = next((value[name] for name in ("items", "entries", "messages") if _is_list(value.get(name))), None)
        if several is not None:
            yield from several
        elif _is_list(value.get("embeds")):  # Discord
            for embed in value["embeds"]:
                yield {"content": value.get("content", ""), "username": value.get("username", ""), **embed}
        elif _is_list(value.get("attachments")) and not value.get("title"):  # Slack
            said = {name: value[name] for name in ("text", "username") if value.get(name)}
            for attachment in value["attachments"]:
                yield {**said, **attachment}
        else:
            yield value
    else:
        raise Unreadable("this is neither an object nor a list of them")


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _read_all(things: Sequence[Any], now: datetime) -> Delivery:
    items: list[Item] = []
    refused: list[Refused] = []
    for index, thing in enumerate(things[:MAX_ITEMS]):
        if not isinstance(thing, dict):
            refused.append(Refused(index, "not_an_object"))
        elif (item := _read_one(thing, now)) is None:
            refused.append(Refused(index, "nothing_said"))
        else:
            items.append(item)
    return Delivery(identify_items(items, homes=()), [*refused, *_too_many(len(things))])


def _too_many(count: int) -> list[Refused]:
    return [Refused(index, "too_many") for index in range(MAX_ITEMS, min(count, MAX_ITEMS * 2))]


def _read_one(thing: Mapping[str, Any], now: datetime) -> Item | None:
    title, text = one_line(_slack(_said(thing, _TITLE))), plain_text(_slack(_said(thing, _TEXT)))
    if not title and not text:
        return None
    author, author_url = _author(thing)
    url = unwrap(_said(thing, _URL).strip())
    content = hashlib.sha256("\n".join((title, text, url, author)).encode("utf-8", "replace")).hexdigest()
    own = _said(thing, _ID).strip()
    external_id = stable_id(own) if own else f"sha256:{content}"
    digest = hashlib.sha256(external_id.encode("utf-8", "replace")).hexdigest()[:32]
    return Item(
        external_id=external_id,
        url=url if is_web_address(url) else NO_ADDRESS + digest,
        title=title,
        text=text if text != title else "",
        author=author,
        author_url=author_url,
        published_at=_moment(next((thing[name] for name in _AT if thing.get(name)), None), now),
        language=_language(thing.get("language") or thing.get("lang")),
    )


def _said(thing: Mapping[str, Any], names: Sequence[str]) -> str:
    """The first of these that says something."""
    for name in names:
        value = thing.get(name)
        if isinstance(value, str) and (kept := storable(value)).strip():
            return kept
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def _author(thing: Mapping[str, Any]) -> tuple[str, str]:
    about = next((thing[name] for name in _AUTHOR if thing.get(name)), "")
    if isinstance(about, list) and about:
        about = about[0]
    if isinstance(about, dict):
        name, url = _said(about, ("name", "login", "username", "id")), _said(about, ("url", "html_url", "link"))
    else:
        name, url = str(about), _said(thing, ("author_url", "author_link"))
    return shorten(one_line(name), 200), url if is_web_address(url) else ""


def _slack(text: str) -> str:
    """`<https://cafe.example|our café>` → `our café (https://cafe.example)`."""
    return _SLACK_LINK.sub(lambda found: f"{found[2]} ({found[1]})" if found[2] else found[1], text)


def _moment(value: Any, now: datetime) -> datetime | None:
    """RFC 3339, RFC 822, seconds or milliseconds since 1970; None for what is no time, or a day ahead."""
    at: datetime | None = None
    if isinstance(value, str) and re.fullmatch(r"\d{9,13}(?:\.\d{1,9})?", value.strip()):
        value = float(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e14:
        at = datetime.fromtimestamp(value / 1_000 if value > 1e11 else value, UTC)
    elif isinstance(value, str):
        at = read_date(value)
    at = sane_moment(at)  # programs written in Go say the year 1 where they know none
    return at if at is not None and at <= now + timedelta(days=1) else None


def _language(value: Any) -> str:
    tag = str(value or "").split("-")[0].split("_")[0].lower()
    return tag if tag.isalpha() and tag.isascii() and len(tag) in (2, 3) else ""
