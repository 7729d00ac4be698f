"""What a network or a service can do for us: small protocols, and the plain data that goes in and out.

A connector knows HTTP and the errors of its service. It never sees a session, a model or a clock:
dataclasses in, dataclasses out, `now` as a parameter. A package per network; each implements only
the protocols that its network allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from backend.infra.http import HttpClient
from backend.infra.text import storable

# --- listening ---------------------------------------------------------------------------------------------


def _keep_storable(read: object, names: Sequence[str]) -> None:
    """What services say may hold what no database takes: it ends here, for all that ask them."""
    for name in names:
        said = getattr(read, name)
        if said and (kept := storable(said)) is not said:
            object.__setattr__(read, name, kept)


@dataclass(frozen=True)
class Item:
    """One post or article as a service gave it. Text is plain (no markup), addresses are unwrapped where possible."""

    external_id: str
    url: str
    title: str = ""
    text: str = ""
    author: str = ""
    author_url: str = ""
    published_at: datetime | None = None
    language: str = ""  # as the service says (BCP 47 primary tag), "" when it does not
    type: str = ""  # post | comment | article | video, where the service says it
    publisher: str = ""  # who first published it, where a search names it (Google News)
    publisher_url: str = ""  # the publisher's site, where the article's own address is hidden
    remote_id: str = ""  # the network's own id of the post, where it can be answered there
    author_handle: str = ""  # as it is written in a post to speak to them, without @
    #: how it spoke to an account of ours: mention | reply | quote | direct (for nobody else's eyes); "" = not at all
    addressed: str = ""
    links: tuple[str, ...] = ()  # where the links of its text lead, unwrapped; what is written out is in the text

    _TEXTS: ClassVar = (
        *("external_id", "url", "title", "text", "author", "author_url", "language", "type", "publisher"),
        *("publisher_url", "remote_id", "author_handle", "addressed"),
    )

    def __post_init__(self) -> None:
        _keep_storable(self, self._TEXTS)
        if self.links:
            object.__setattr__(self, "links", tuple(map(storable, self.links)))


@dataclass(frozen=True)
class FetchState:
    """What the last poll left behind, for a conditional request."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    cursor: str = ""

    def __post_init__(self) -> None:
        _keep_storable(self, ("etag", "last_modified", "body_hash", "cursor"))


@dataclass(frozen=True)
class Wishes:
    """How often a service wants to be read. Hours (0 to 23) and days (0 = Monday) are those of UTC."""

    ttl_s: int | None = None  # not sooner than after so many seconds (ttl, sy:, max-age, Expires)
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Wishes:
        """Of JSON, as `dataclasses.asdict` gave it; what is none is left out."""
        ttl_s = values.get("ttl_s")
        hours, days = (tuple(n for n in values.get(name) or () if isinstance(n, int)) for name in cls._LISTS)
        return cls(ttl_s if isinstance(ttl_s, int) else None, hours, days)

    _LISTS: ClassVar = ("skip_hours", "skip_days")


@dataclass(frozen=True)
class Fetched:
    """The answer of one poll. `state` replaces the stored one; `not_modified` means: nothing to read."""

    items: Sequence[Item]
    state: FetchState
    not_modified: bool = False
    title: str = ""
    site_url: str = ""
    moved_to: str = ""  # set only by permanent redirects (301, 308)
    #: what the document itself wishes, None where it was not read (304): then what it said before counts on
    wishes: Wishes | None = None
    ttl_s: int | None = None  # the wish of this answer's headers, in seconds
    hub: str = ""  # who tells of news by itself, where the document names it (connectors/feed/hub.py)
    topic: str = ""  # what the hub knows the feed by
    pause_s: int | None = None  # the service says that nobody shall ask it for so long: its limit is reached
    #: of what an account could hear: what it may not (`messages_not_allowed`), what did not answer (`messages_away`)
    untold: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _keep_storable(self, ("title", "site_url", "moved_to", "hub", "topic"))


@dataclass(eq=False)  # not frozen: Python itself writes to an exception that passes a context manager
class PollFailed(Exception):
    """A poll that gave nothing. `code` is for the interface, `message` for logs; `retry_after_s` as the server asks."""

    #: unreachable | timeout | broken_answer | too_large | http_error | rate_limited | not_found | gone | not_a_feed |
    #: blocked | unauthorized | forbidden
    code: str
    message: str
    retry_after_s: int | None = None

    def __post_init__(self) -> None:
        _keep_storable(self, ("code", "message"))

    def __str__(self) -> str:
        return self.message


class Listener(Protocol):
    """A place that can be asked for new items."""

    @property
    def kind(self) -> str: ...

    def fetch(self, http: HttpClient, params: Mapping[str, str], state: FetchState, *, now: datetime) -> Fetched:
        """Ask once. Raises PollFailed."""
        ...


@dataclass(frozen=True)
class Said:
    """One post of a conversation, as plain text."""

    remote_id: str
    url: str
    author: str
    author_handle: str
    text: str
    published_at: datetime | None
    ours: bool  # by the account that asks


class AccountReader(Protocol):
    """A network that tells a connected account what was said to it. `credentials` as the account's manifest names."""

    network: str

    def read_addressed(
        self,
        http: HttpClient,
        account: AccountFacts,
        credentials: Mapping[str, str],
        state: FetchState,
    ) -> Fetched:
        """Mentions, replies, quotes and, where the network gives them, direct messages since `state.cursor`.

        Raises PollFailed (`unauthorized`: the secret is not accepted any more).
        """
        ...

    def read_thread(
        self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], remote_id: str
    ) -> Sequence[Said]:
        """What was said before a post, the post itself, and what was answered to it, in the order of reading. Without
        credentials: what anybody may read.

        Raises PollFailed (`gone`: the post is not there any more).
        """
        ...

    def find_post(self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], url: str) -> str:
        """The `remote_id` that `read_thread` of this account takes for the post at an address; "" where it has none.

        Raises PollFailed.
        """
        ...

    def anybody(self, url: str, endpoint: str) -> tuple[AccountFacts, str] | None:
        """How to read the thread of the post at an address with no account at all: as whom, and its `remote_id`; None
        where the network does not let. `endpoint` ("" = the network's own) stands in for its server."""
        ...


# --- publishing --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Media:
    """One file to attach: its bytes are read from `path` only while preparing."""

    path: str
    content_type: str
    alt: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Outgoing:
    """One post as it shall appear on one account."""

    text: str
    language: str = ""
    media: Sequence[Media] = ()
    in_reply_to: str = ""  # the network's own id or address of the post that is answered


@dataclass(frozen=True)
class AccountFacts:
    """What a check of an account tells. `limits` as the server gave them, in the names of the network's manifest."""

    remote_id: str
    handle: str
    display_name: str = ""
    avatar_url: str = ""
    server: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    remote_id: str
    remote_url: str


@dataclass(frozen=True)
class Rejected:
    """The network said no, and nothing was created: 4xx. `code` is for the interface."""

    code: str
    message: str


@dataclass(frozen=True)
class RetryLater:
    """Certainly not created: refused connection, DNS, TLS, 429. Try again, not before `after_s` where given."""

    message: str
    after_s: int | None = None


@dataclass(frozen=True)
class Unauthorized:
    """The secret is not accepted (any more); a person has to connect the account again."""

    message: str


@dataclass(frozen=True)
class Uncertain:
    """The request left and no clean answer came: it may exist. Never resend without reconciling."""

    message: str


Outcome = Published | Rejected | RetryLater | Unauthorized | Uncertain


@dataclass(frozen=True)
class NotThere:
    """Reconciling looked where the post would be, and it is certainly not there."""


class Publisher(Protocol):
    """A network that can be posted to. Payloads are JSON-serialisable dicts; once frozen they never change.

    The order is plan (pure, at freezing) → prepare (may upload media; repeatable) → [armed is committed] → commit
    (the one irreversible call, made at most once per arming) → reconcile (read only) when the outcome is unknown.
    """

    network: str

    def check(self, http: HttpClient, server: str, credentials: Mapping[str, str], *, now: datetime) -> AccountFacts:
        """Log in and tell who we are. Raises PublishFailed."""
        ...

    def plan(self, post: Outgoing, account: AccountFacts, *, key: str, now: datetime) -> dict[str, Any]:
        """Freeze everything the call will send, its idempotency key (`key`: 128 random bits, hex) included. Pure."""
        ...

    def prepare(
        self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], payload: dict[str, Any]
    ) -> dict[str, Any] | Rejected | RetryLater | Unauthorized:
        """Everything before the irreversible call (log-in, media upload). Gives the payload to commit."""
        ...

    def commit(
        self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], payload: dict[str, Any]
    ) -> Outcome: ...

    def reconcile(
        self,
        http: HttpClient,
        account: AccountFacts,
        credentials: Mapping[str, str],
        payload: dict[str, Any],
        *,
        armed_at: datetime,
        now: datetime,
    ) -> Published | NotThere | Uncertain | RetryLater | Unauthorized:
        """Is it there? `NotThere` only when that is certain or when committing again is harmless (a native key)."""
        ...


class PublishFailed(Exception):
    """A check of an account that failed, as one of the outcomes."""

    def __init__(self, outcome: Rejected | RetryLater | Unauthorized | Uncertain) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome
