"""The kinds of places that can be listened to, as data: what each gives, how often it is asked, what it cannot do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from backend.config import Settings
from backend.connectors.base import Listener
from backend.connectors.bingnews import client as bingnews
from backend.connectors.feed.client import FeedListener
from backend.connectors.googlenews import client as googlenews
from backend.connectors.hackernews import client as hackernews
from backend.connectors.mastodon import listen as mastodon
from backend.connectors.networks import account_readers, manifests


@dataclass(frozen=True)
class SourceKind:
    """`snippets`: what a search gives is only a piece, so each item carries its keyword and our words may be missing.
    `least_s`, `most_s`: how often one feed is polled, in seconds."""

    kind: str
    name: str
    network: str = ""  # of its mentions; "" = by their address
    needs: tuple[str, ...] = ()  # params a person gives
    keyword_search: bool = False
    snippets: bool = False
    article: bool = False
    account: bool = False  # what was said to a connected account: comes and goes with it
    least_s: int = 15 * 60
    most_s: int = 4 * 3600


FEED = SourceKind("feed", "RSS, Atom, JSON Feed", needs=("url",), article=True)
GOOGLE_NEWS = SourceKind(
    "googlenews", "Google News", network="news", keyword_search=True, snippets=True, article=True,
    least_s=20 * 60, most_s=2 * 3600,
)  # fmt: skip
BING_NEWS = SourceKind(
    "bingnews", "Bing News", network="news", keyword_search=True, snippets=True, article=True,
    least_s=20 * 60, most_s=2 * 3600,
)  # fmt: skip
HACKER_NEWS = SourceKind(
    "hackernews", "Hacker News", network="hackernews", keyword_search=True, least_s=5 * 60, most_s=3600
)
MASTODON = SourceKind("mastodon", "Mastodon", network="mastodon", keyword_search=True, least_s=5 * 60, most_s=3600)

ACCOUNTS = tuple(
    SourceKind(f"{name}_account", manifests()[name].name, network=name, account=True, least_s=60, most_s=5 * 60)
    for name in account_readers()
)

KINDS: Mapping[str, SourceKind] = {
    kind.kind: kind for kind in (FEED, GOOGLE_NEWS, BING_NEWS, HACKER_NEWS, MASTODON, *ACCOUNTS)
}

#: places that no machine of ours can ask for words, with a note (a code: `sources_note_<code>` in the interface)
CANNOT_BE_ASKED: Sequence[tuple[str, str, str]] = (
    ("reddit", "Reddit", "few_requests"),
    ("x", "X", "paid_only"),
    ("instagram", "Instagram", "closed"),
    ("facebook", "Facebook", "closed"),
    ("linkedin", "LinkedIn", "closed"),
    ("threads", "Threads", "closed"),
    ("tiktok", "TikTok", "closed"),
    ("youtube", "YouTube", "key_needed"),
    ("google_reviews", "Google reviews", "closed"),
    ("tripadvisor", "TripAdvisor", "closed"),
    ("trustpilot", "Trustpilot", "closed"),
)


def listener_of(kind: str, settings: Settings) -> Listener:
    """The connector of a kind, pointed to the base address the settings name."""
    match kind:
        case "googlenews":
            return googlenews.GoogleNewsListener(settings.endpoint(kind, googlenews.BASE))
        case "bingnews":
            return bingnews.BingNewsListener(settings.endpoint(kind, bingnews.BASE))
        case "hackernews":
            return hackernews.HackerNewsListener(settings.endpoint(kind, hackernews.BASE))
        case "mastodon":
            return mastodon.MastodonTagListener(settings.endpoint(kind, mastodon.BASE))
        case _:
            return FeedListener()


def asked_host(kind: str, params: Mapping[str, str], settings: Settings) -> str:
    """`host` or `host:port` that a poll of this feed really goes to."""
    bases = {
        "googlenews": googlenews.BASE,
        "bingnews": bingnews.BASE,
        "hackernews": hackernews.BASE,
        "mastodon": mastodon.BASE,
    }
    url = settings.endpoint(kind, bases[kind]) if kind in bases else params.get("url", params.get("server", ""))
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def address_of(kind: str, params: Mapping[str, str]) -> str:
    """What a person can open to see the same. It is the feed's identity too, so it names no endpoint setting."""
    match kind:
        case "feed":
            return params["url"]
        case "googlenews":
            return googlenews.BASE + googlenews.search_path(params, "")
        case "bingnews":
            return bingnews.BASE + bingnews.search_path(params)
        case "hackernews":
            return "https://hn.algolia.com/?" + urlencode({"query": params["query"], "sort": "byDate", "type": "all"})
        case "mastodon":
            return f"{mastodon.BASE}/tags/{quote(params['tag'], safe='')}"
    if KINDS[kind].account:
        return f"{params['server']}/#account-{params['account_id']}"
    raise KeyError(kind)
