"""The kinds of places that can be listened to, and those that cannot; where and through whom a feed of one is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.config import Settings
from backend.connectors.base import AccountFacts, Fetched, FetchState, Listener
from backend.connectors.kind import Asking, Params, SourceKind, base_of, host_of_base
from backend.connectors.registry import source_kinds
from backend.infra.http import HttpClient

KINDS: Mapping[str, SourceKind] = source_kinds()

#: places that no machine of ours can ask for words, with a note (a code: `sources_note_<code>` in the interface)
CANNOT_BE_ASKED: Sequence[tuple[str, str, str]] = (
    ("x", "X", "paid_only"),
    ("instagram", "Instagram", "closed"),
    ("facebook", "Facebook", "closed"),
    ("linkedin", "LinkedIn", "closed"),
    ("threads", "Threads", "closed"),
    ("tiktok", "TikTok", "closed"),
    ("youtube_search", "YouTube", "key_needed"),
    ("google_reviews", "Google reviews", "closed"),
    ("tripadvisor", "TripAdvisor", "closed"),
    ("trustpilot", "Trustpilot", "closed"),
)


@dataclass(frozen=True)
class KindListener:
    """A kind that is asked, by this server's settings, as a `Listener`."""

    of: SourceKind
    settings: Settings
    account: AccountFacts | None = None
    credentials: Mapping[str, str] = field(default_factory=dict)
    may_go_on: Callable[[], bool] = lambda: False  # to one more page (`Asking`)

    @property
    def kind(self) -> str:
        return self.of.kind

    def fetch(self, http: HttpClient, params: Params, state: FetchState, *, now: datetime) -> Fetched:
        """Raises PollFailed."""
        base = self.settings.endpoint(self.kind, base_of(self.of, params))
        key = self.settings.keys.get(self.kind, "")
        asking = Asking(http, base, now, key, self.account, self.credentials, self.may_go_on)
        return self.of.fetch(asking, params, state)


def listener_of(kind: str, settings: Settings, credentials: Mapping[str, str] | None = None) -> Listener:
    """Who asks for feeds of a kind, at the base address that the settings name, with the feed's own secrets."""
    return KindListener(KINDS[kind], settings, credentials=credentials or {})


def asked_host(kind: str, params: Params, settings: Settings) -> str:
    """`host` or `host:port` that a poll of this feed really goes to."""
    return host_of_base(settings.endpoint(kind, base_of(KINDS[kind], params)))


def address_of(kind: str, params: Params) -> str:
    """What a person can open to see the same. It is the feed's identity too, so it names no endpoint setting."""
    return KINDS[kind].address(params)


def usual_title(kind: str, params: Params) -> str:
    """A name for a source until its place says one: `Reddit: paris`; "" where an address says more."""
    known = KINDS[kind]
    said = [
        params[one.name] for one in known.params if one.name in params and one.name not in (known.place, "language")
    ]
    if known.place == "url":
        return ""
    place = host_of_base(params.get(known.place, ""))
    return f"{known.name}: {(said or [place])[0]}" if said or place else known.name


def params_of_address(kind: str, url: str) -> Params:
    """What an address says of a source of this kind: what its pattern holds, else the address of its place."""
    known = KINDS.get(kind)
    if known is None:
        return {}
    if known.recognise is not None and (params := known.recognise(url.strip())) is not None:
        return params
    return {known.place: url} if known.place else {}


def recognise(url: str) -> tuple[SourceKind, Params] | None:
    """The kind and its params that an address a person pastes stands for, None where no kind knows it."""
    for kind in KINDS.values():
        if kind.recognise is not None and (params := kind.recognise(url.strip())) is not None:
            return kind, params
    return None
