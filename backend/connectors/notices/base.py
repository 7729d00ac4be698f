"""What every way out to people shares: what it is given, what it answers, what it asks a person for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from backend.config import Settings
from backend.connectors.outcomes import retry_after_s, said
from backend.infra.errors import Invalid
from backend.infra.http import Blocked, BodyTooLarge, HttpClient, HttpFailed, HttpResponse, NotSent


@dataclass(frozen=True)
class Line:
    """One story in a message. All texts are what somebody out there wrote: hostile until escaped."""

    title: str = ""
    text: str = ""
    author: str = ""
    network: str = ""
    url: str = ""  # the post
    app_url: str = ""  # the same in Entregent
    at: datetime | None = None
    more: int = 0  # how many others say the same
    why: str = ""  # question | complaint | request | addressed: what waits for an answer
    section: str = ""  # under which heading it stands
    mention_id: str = ""


@dataclass(frozen=True)
class Notice:
    """One message, ready to be written in the way of any channel. `key` never changes: a second copy has the same."""

    key: str
    kind: str
    language: str
    zone: str
    brand: str
    brand_id: str
    title: str
    made_at: datetime
    sent_at: datetime  # this try
    body: str = ""
    url: str = ""
    app_url: str = ""
    lines: Sequence[Line] = ()
    recipient: str = ""
    leave_url: str = ""  # where this recipient ends these mails
    manage_url: str = ""


@dataclass(frozen=True)
class Sent:
    """It arrived. `note` is a code where something about the answer is odd (`a_page`: a web page answered)."""

    note: str = ""


@dataclass(frozen=True)
class TryLater:
    """It may have arrived or not; the same notice is sent again."""

    code: str
    message: str
    after_s: int | None = None


@dataclass(frozen=True)
class Refused:
    """It did not arrive, and would not next time either: a person has to look."""

    code: str
    message: str


Outcome = Sent | TryLater | Refused


@dataclass(frozen=True)
class Field:
    """What a person fills in. `secret`: sealed, and never shown again."""

    name: str
    secret: bool = False
    needed: bool = True
    kind: Literal["text", "number", "choice", "list"] = "text"
    default: str = ""
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class WayOut:
    """What a channel may send with."""

    http: HttpClient
    settings: Settings


@dataclass(frozen=True)
class Setup:
    """A channel's settings, checked: what may be shown, and what may not."""

    params: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict)


class NoticeChannel(Protocol):
    @property
    def kind(self) -> str: ...

    @property
    def fields(self) -> Sequence[Field]: ...

    def set_up(self, given: Mapping[str, Any], settings: Settings) -> Setup:
        """Raises Invalid with the field that is wrong."""

    def send(self, way: WayOut, setup: Setup, notice: Notice) -> Outcome:
        """The one call over the network. Never raises for what the other side does."""


def checked_address(given: str, name: str, settings: Settings, hosts: Collection[str] = ()) -> str:
    """An https address, or plain http to a host that the administrator named. `hosts`: where it must lead.

    Raises Invalid.
    """
    url = given.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    plain = host in settings.allow_private_hosts or f"{host}:{port}" in settings.allow_private_hosts
    if not host or "@" in parts.netloc or not (parts.scheme == "https" or (parts.scheme == "http" and plain)):
        raise Invalid("This is not an address that can be used.", fields={name: "An address that begins with https://"})
    if hosts and host not in hosts and not plain:
        raise Invalid("This is another service's address.", fields={name: f"An address at {sorted(hosts)[0]}"})
    return url


def shown_address(url: str) -> str:
    """What may be shown of an address that holds a secret: where it leads."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…"


def moved_to(url: str, settings: Settings, kind: str) -> str:
    """The same address at `ENTREGENT_ENDPOINT_<KIND>` where that is set."""
    base = settings.endpoints.get(kind, "").rstrip("/")
    if not base:
        return url
    parts = urlsplit(url)
    return base + parts.path + (f"?{parts.query}" if parts.query else "")


def post_notice(
    call: Callable[[], HttpResponse], *, is_ours: Callable[[HttpResponse], bool] = lambda _answer: True
) -> Outcome:
    """Make the call and tell what became of it. `is_ours`: whether a 2xx really comes from that service."""
    try:
        answer = call()
    except Blocked as error:
        return Refused("blocked", error.message)
    except NotSent as error:
        return TryLater("unreachable", error.message)
    except BodyTooLarge as error:
        return Refused("not_this_service", error.message)
    except HttpFailed as error:
        return TryLater("timeout", error.message)
    return outcome_of(answer, is_ours=is_ours)


def outcome_of(answer: HttpResponse, *, is_ours: Callable[[HttpResponse], bool] = lambda _answer: True) -> Outcome:
    """What an answer means for a message that may come twice and must come once."""
    if 200 <= answer.status < 300:
        if not is_ours(answer):
            return Refused("not_this_service", "something else than that service answered")
        return Sent("a_page" if is_page(answer) else "")
    words = said(answer)
    if 300 <= answer.status < 400:
        # A POST does not follow: whoever wants it elsewhere says so in the settings.
        return Refused("moved", f"the address leads to {answer.headers.get('location', 'nowhere')[:200]}")
    if answer.status == 429:
        return TryLater("rate_limited", words, retry_after_s(answer))
    if answer.status in (408, 425) or answer.status >= 500:
        return TryLater("http_error", words, retry_after_s(answer))
    codes = {401: "unauthorized", 403: "unauthorized", 404: "not_found", 410: "not_found", 413: "too_large"}
    return Refused(codes.get(answer.status, "refused"), words)


def is_page(answer: HttpResponse) -> bool:
    return "html" in answer.headers.get("content-type", "").lower()
