"""What a kind of source is, as data: what a person says, whom it asks and how often, what it gives, how it is read.

Each kind is one small file `backend/connectors/<package>/source.py` with its `KINDS`; `registry.py` collects them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args
from urllib.parse import urlsplit

from backend.connectors.base import AccountFacts, Fetched, FetchState, PollFailed
from backend.connectors.seen import SeenPage
from backend.infra.http import HttpClient

#: `SourceKind.takes_s` of what turns some pages in one poll
SOME_PAGES_S = 150

#: what a person listens to a source for; a kind has its usual one, a source may have another (competitors)
Purpose = Literal["press", "reviews", "forums", "social", "competitors", "video", "page", "accounts"]
PURPOSES: Sequence[Purpose] = get_args(Purpose)

Params = Mapping[str, str]


@dataclass(frozen=True)
class Rate:
    """`burst` requests at once, then one each `every_s` seconds."""

    every_s: float
    burst: float


@dataclass(frozen=True)
class Asking:
    """One question to a place: through what, at which base address (no slash at its end), with which key, when."""

    http: HttpClient
    base: str
    now: datetime
    key: str = ""  # the administrator's own for this kind; "" = none, and none is needed
    account: AccountFacts | None = None  # whose log-in is used, where the kind is `signed`
    credentials: Mapping[str, str] = field(default_factory=dict)
    #: whether one more page may be asked for within this poll: each takes from the service's patience as well
    may_go_on: Callable[[], bool] = lambda: False


#: Ask once. Raises PollFailed.
Fetch = Callable[[Asking, Params, FetchState], Fetched]


@dataclass(frozen=True)
class Param:
    """One thing that a person says of a source.

    `read` gives it as it is kept, None for what cannot be; `fits` says in words what can. Its label in the interface is
    `source_param_<name>`.
    """

    name: str
    read: Callable[[str], str | None]
    fits: str
    example: str = ""
    choices: tuple[str, ...] = ()
    optional: bool = False
    drawn: bool = False  # by us, 16 hexadecimal signs: nobody says it, so that nobody takes another's place


@dataclass(frozen=True)
class Joint:
    """Several sources asked by one request: their values of `param`, each in `wrap`, with `glue` between them.

    At most `most` of them, and `longest` characters. `part_of`: to which value an item belongs, by its address; None
    where that does not matter, since the matcher finds whose it is.
    """

    param: str
    glue: str
    most: int
    longest: int
    wrap: str = "{}"
    part_of: Callable[[str], str] | None = None


class WrongParams(Exception):
    """`fields`: by the name of the param, what would fit."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True)
class SourceKind:
    """`snippets`: what a search gives is only a piece, so each item carries its keyword and our words may be missing.
    `article`: what it gives may stand elsewhere too, under other ids and addresses.
    `least_s`, `most_s`: how often one feed is polled, in seconds.
    """

    kind: str
    name: str
    purpose: Purpose
    fetch: Fetch
    #: what a person can open to see the same; the feed's identity too, so it names no endpoint setting
    address: Callable[[Params], str]
    params: tuple[Param, ...] = ()
    #: what a person says so that it lets us in: kept sealed, handed to `fetch` as `Asking.credentials`, never shown
    secrets: tuple[Param, ...] = ()
    own_access: bool = False  # a person may give it headers, or a name and a password (access.py)
    base: str = ""  # whom it asks, where the param `place` names no address
    place: str = ""
    service: str = ""  # whose patience asking `base` takes; "" = that of the registered name of its host
    rate: Rate | None = None  # of the service; None = that of any host
    rate_with_key: Rate | None = None
    network: str = ""  # of its mentions; "" = by their address
    type: str = ""  # of its mentions, where neither the item nor its address says it
    #: how keywords ask it by themselves: web (OR, -, quotes), words (quotes only), tags; all: it gives everything, and
    #: what is meant is found here; "" = they do not
    asks: Literal["", "web", "words", "tags", "all"] = ""
    asked_by: str = "query"  # the param that takes the words
    editions: tuple[str, ...] = ()  # params asked once for each of a brand's languages and countries
    most_asked: int = 40  # searches of one keyword, where a service takes no OR: what fits into its budget
    joint: Joint | None = None  # several sources are asked as one feed
    rank: int = 50  # smaller: asked and shown first
    snippets: bool = False
    article: bool = False
    pushed: bool = False  # it comes by itself: never polled
    #: one worker listens to it without a break (listening/streams.py): far more than anybody reads, so that only what
    #: matches a keyword is taken
    streamed: bool = False
    signed: str = ""  # the network with whose connected account it is asked; nobody makes a source of it by hand
    account: bool = False  # what was said to a connected account: comes and goes with it
    take: Literal["", "all", "matching"] = ""  # what a source takes unless said otherwise; "" = by the brand
    #: the params that an address a person pastes stands for, None where it is no such address
    recognise: Callable[[str], Params | None] | None = None
    examples: tuple[str, ...] = ()  # addresses that `recognise` knows
    #: the params that a page which somebody points at stands for, but for `query`: what is asked is the person's
    sees: Callable[[SeenPage], Iterable[Params]] | None = None
    least_s: int = 15 * 60
    most_s: int = 4 * 3600
    takes_s: float = 30  # how long one poll may take at worst: for so long a feed is nobody else's

    @property
    def keyword_search(self) -> bool:
        return bool(self.asks)

    @property
    def needs(self) -> tuple[str, ...]:
        """The params that must be said."""
        return tuple(one.name for one in self.params if not one.optional and not one.drawn)


def come_by_itself(*_: object) -> Fetched:
    """The `fetch` of what is `pushed`: nobody is asked."""
    raise PollFailed("comes_by_itself", "what it says comes by itself")


def draw_params(kind: SourceKind, given: Params) -> dict[str, str]:
    """With what is drawn by us. Raises WrongParams where somebody says it."""
    drawn = [one.name for one in kind.params if one.drawn]
    if wrong := {name: "is drawn by the server" for name in drawn if name in given}:
        raise WrongParams(wrong)
    return {**given, **{name: secrets.token_hex(8) for name in drawn}}


def read_params(kind: SourceKind, given: Params, params: Sequence[Param] | None = None) -> dict[str, str]:
    """Each param as it is kept; `params`: others than the kind's own. Raises WrongParams."""
    params = kind.params if params is None else params
    known = {one.name: one for one in params}
    wrong = {name: "is not known here" for name in given if name not in known}
    kept: dict[str, str] = {}
    for param in params:
        said = given.get(param.name, "").strip()
        if param.optional and not said:
            continue
        value = param.read(said) if said else None
        if value is None:
            wrong[param.name] = param.fits if said else "is missing"
        elif param.choices and value not in param.choices:
            wrong[param.name] = ", ".join(param.choices)
        elif param.name != kind.place or value != kind.base:  # said or not, the usual place is the same place
            kept[param.name] = value
    if wrong:
        raise WrongParams(wrong)
    return kept


def base_of(kind: SourceKind, params: Params) -> str:
    """The address that a poll asks, where no setting names another; without a slash at its end. Params may stand in
    `base`: `https://{language}.wikipedia.org`."""
    return (params.get(kind.place) or kind.base.format_map(params)).rstrip("/")


def host_of_base(url: str) -> str:
    """`host` or `host:port`, "" where there is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
