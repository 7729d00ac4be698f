"""Bluesky's posts as they come: Jetstream, a websocket of JSON (github.com/bluesky-social/jetstream, v1, /subscribe).

It needs no account and tells every post, some fifty a second, which we match here. A cursor in microseconds lets it
begin where we were, up to a day and a half back. It names people by their DID only: those of the few posts that matter
to us are looked up in the public AppView.
"""

from __future__ import annotations

import json
import ssl
import time
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets import CloseCode
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_websocket

from backend.connectors.base import Item, PollFailed
from backend.connectors.bluesky.posts import post_url
from backend.connectors.feed.client import request
from backend.connectors.feed.plain import one_line, tidy
from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.reading import read_moment
from backend.infra import net
from backend.infra.http import HttpClient

#: instances of Bluesky itself; a cursor is a moment, so that each goes on where another stopped
INSTANCES = (
    "wss://jetstream2.us-east.bsky.network",
    "wss://jetstream1.us-east.bsky.network",
    "wss://jetstream2.us-west.bsky.network",
    "wss://jetstream1.us-west.bsky.network",
)
COLLECTION = "app.bsky.feed.post"
MAX_MESSAGE = 200_000  # bytes; a post has 3,000, with what belongs to it some 20,000
CONNECT_S = 20.0
PORTS = frozenset({80, 443})
NAMED_WITHIN_S = 10.0  # all who wrote what was gathered: who leads a stream has to say so again before long
_MOST_LINKS = 20
_PROFILES_AT_ONCE = 25  # app.bsky.actor.getProfiles
_CREATED_MAY_DIFFER = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """One message. `item` where it is a post with words; `gone`: the id of one that was taken back."""

    time_us: int
    item: Item | None = None
    gone: str = ""


def read_message(message: str | bytes) -> Told | None:
    """None for what is none."""
    try:
        event = json.loads(message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict):
        return None
    at, did, commit = event.get("time_us"), event.get("did"), event.get("commit")
    if isinstance(at, bool) or not isinstance(at, int) or not 0 < at < 4_102_444_800_000_000:
        return None
    if not (isinstance(did, str) and did.startswith("did:") and len(did) <= 200 and isinstance(commit, dict)):
        return Told(at)  # of an account, an identity: all of them come whatever we ask for
    rkey = commit.get("rkey")
    if commit.get("collection") != COLLECTION or not isinstance(rkey, str) or not 0 < len(rkey) <= 100:
        return Told(at)
    uri = f"at://{did}/{COLLECTION}/{rkey}"
    if commit.get("operation") == "delete":
        return Told(at, gone=uri[:200])
    record = commit.get("record")
    if commit.get("operation") != "create" or not isinstance(record, dict):
        return Told(at)  # Bluesky has no edits; other clients' are not ours to follow
    return Told(at, _read_post(did, uri, record, at))


def _read_post(did: str, uri: str, record: Mapping[str, Any], time_us: int) -> Item | None:
    text = record.get("text")
    text = tidy(text.encode("utf-8", "replace").decode()) if isinstance(text, str) else ""
    if not text:
        return None
    heard = datetime.fromtimestamp(time_us / 1_000_000, UTC)
    created = read_moment(record.get("createdAt"))
    # The client says when it was written, and may say anything.
    at = created if created is not None and abs(created - heard) < _CREATED_MAY_DIFFER else heard
    languages = record.get("langs")
    language = languages[0] if isinstance(languages, list) and languages and isinstance(languages[0], str) else ""
    return Item(
        external_id=uri[:200],
        url=post_url(did, uri),
        text=text[:10_000],
        author=did,
        author_url=f"https://bsky.app/profile/{did}",
        published_at=at,
        language=language.lower().split("-")[0][:3],
        remote_id=uri,
        author_handle=did,
        links=tuple(_links(record)),
    )


def _links(record: Mapping[str, Any]) -> Iterator[str]:
    """Where its links lead: those of its words, and the one it shows as a card."""
    found: list[object] = []
    facets = record.get("facets")
    for facet in facets[:_MOST_LINKS] if isinstance(facets, list) else ():
        features = facet.get("features") if isinstance(facet, dict) else None
        found += [one.get("uri") for one in features or () if isinstance(one, dict)] if _is_list(features) else []
    embed = record.get("embed")
    external = embed.get("external") if isinstance(embed, dict) else None
    found.append(external.get("uri") if isinstance(external, dict) else None)
    for link in dict.fromkeys(one for one in found if isinstance(one, str)):
        if len(link) <= 2_000 and is_web_address(link):
            yield link


def _is_list(value: object) -> bool:
    return isinstance(value, list)


class Stream:
    """An open connection."""

    def __init__(self, websocket: ClientConnection) -> None:
        self._websocket = websocket

    def hear(self, timeout_s: float) -> Told | None:
        """The next message; None for what is none. Raises TimeoutError, and PollFailed where the connection broke."""
        try:
            return read_message(self._websocket.recv(timeout=timeout_s))
        except ConnectionClosed as error:
            if error.sent is not None and error.sent.code == CloseCode.MESSAGE_TOO_BIG:
                raise PollFailed("too_large", "it said something larger than any post") from error
            raise PollFailed("unreachable", f"it broke off: {error}"[:300]) from error


@contextmanager
def subscribe(http: HttpClient, base: str, cursor_us: int | None) -> Iterator[Stream]:
    """`cursor_us`: begin there; None: now. Raises PollFailed."""
    parts = urlsplit(base)
    asked = {"wantedCollections": COLLECTION, "maxMessageSizeBytes": str(MAX_MESSAGE)}
    if cursor_us is not None:
        asked["cursor"] = str(cursor_us)
    secure = parts.scheme in ("wss", "https")
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    url = f"{'wss' if secure else 'ws'}://{parts.netloc}{parts.path.rstrip('/')}/subscribe?{urlencode(asked)}"
    try:
        opened = http.connect(host, port, ports=PORTS, timeout_s=CONNECT_S)
        opened.settimeout(None)  # from here on websockets keeps the time
        websocket = open_websocket(
            url,
            sock=opened,
            ssl=http.tls if secure else None,
            server_hostname=host if secure else None,
            proxy=None,
            user_agent_header=http.agent,
            open_timeout=CONNECT_S,
            close_timeout=1,
            ping_interval=20,
            ping_timeout=20,
            max_size=MAX_MESSAGE + 50_000,
        )
    except net.Refused as error:
        raise PollFailed("blocked", str(error)) from error
    except ssl.SSLError as error:
        raise PollFailed("tls", f"no secure connection: {error.reason or error}") from error
    except TimeoutError as error:
        raise PollFailed("timeout", str(error) or "no answer in time") from error
    except OSError as error:
        raise PollFailed("unreachable", str(error) or type(error).__name__) from error
    except (WebSocketException, ValueError) as error:  # ValueError: a redirect, which is not followed
        raise PollFailed("not_a_feed", f"no websocket is there: {error}"[:300]) from error
    with websocket:
        yield Stream(websocket)


class People:
    """Names and handles of the last people we needed. For one thread."""

    def __init__(self, most: int = 5_000) -> None:
        self._known: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._most = most

    def name(self, http: HttpClient, base: str, items: Sequence[Item], *, now: datetime) -> list[Item]:
        """The same posts under the names of who wrote them, at the address that other ways to Bluesky give them too.
        Whom nobody can name, or not within `NAMED_WITHIN_S`, keeps their DID."""
        wanted = list(dict.fromkeys(item.author_handle for item in items if item.author_handle not in self._known))
        until = time.monotonic() + NAMED_WITHIN_S
        for start in range(0, len(wanted), _PROFILES_AT_ONCE):
            left_s = until - time.monotonic()
            if left_s <= 0 or not self._look_up(http, base, wanted[start : start + _PROFILES_AT_ONCE], left_s, now):
                break
        return [self._named(item) for item in items]

    def _look_up(self, http: HttpClient, base: str, dids: Collection[str], left_s: float, now: datetime) -> bool:
        """Whether there was an answer."""
        query = urlencode([("actors", did) for did in dids])
        try:
            url = f"{base}/xrpc/app.bsky.actor.getProfiles?{query}"
            answer = request(http, url, now=now, deadline_s=left_s).json()
            profiles = answer.get("profiles") if isinstance(answer, dict) else None
        except (PollFailed, ValueError):
            return False
        for profile in profiles if isinstance(profiles, list) else ():
            if not isinstance(profile, dict):
                continue
            did, handle = str(profile.get("did", "")), str(profile.get("handle", ""))
            if did in dids and 0 < len(handle) <= 253 and handle != "handle.invalid":
                self._known[did] = handle, one_line(str(profile.get("displayName") or handle), limit=200)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return True

    def _named(self, item: Item) -> Item:
        known = self._known.get(item.author_handle)
        if known is None:
            return item
        handle, name = known
        profile = f"https://bsky.app/profile/{handle}"
        url = post_url(handle, item.remote_id)
        return replace(item, url=url, author=name, author_url=profile, author_handle=handle)
