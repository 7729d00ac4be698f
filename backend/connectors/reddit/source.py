"""Subreddits, and posts that hold words, by their feeds: Reddit has closed all else to who is not logged in.

Since June 2026 about one request a minute and address, then 429 or a plain 403 (NetNewsWire#5328, FreshRSS#8928): both
mean "later", and all that is asked of Reddit shares one patience.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, urlencode

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.kind import Asking, Fetch, Joint, Param, Params, Rate, SourceKind
from backend.connectors.params import QUERY, read_match
from backend.connectors.reading import feed_at, like

BASE = "https://www.reddit.com"
RATE = Rate(every_s=65, burst=1)
SUB = Param("sub", read_match(r"(?:/?r/)?(\w{2,21})", lower=True), "the name behind r/", "paris")
_BELOW = re.compile(r"\s*submitted by\s+/u/\S+(?:\s+to\s+r/\S+)?(?:\s*\[(?:link|comments)\])*\s*$")


def _mend(item: Item, params: Params) -> Item:  # noqa: ARG001  # of all that `feed_at` mends
    """Without the line that Reddit puts below each text."""
    return replace(item, text=_BELOW.sub("", item.text), author=item.author.removeprefix("/u/"))


def sub_of(url: str) -> str:
    """In which subreddit a post is, in lower case."""
    found = re.match(r"https://(?:\w+\.)?reddit\.com/r/(\w+)/", url)
    return found[1].lower() if found else ""


def patient(path: Callable[[Params], str]) -> Fetch:
    read = feed_at(path, _mend)

    def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
        try:
            return read(asking, params, state)
        except PollFailed as failed:
            if failed.code == "forbidden":
                raise PollFailed("rate_limited", failed.message, failed.retry_after_s) from failed
            raise

    return fetch


KINDS = (
    SourceKind(
        "reddit",
        "Reddit",
        "social",
        patient(lambda params: f"/r/{params['sub']}/new/.rss?limit=100"),
        lambda params: f"{BASE}/r/{params['sub']}/new/",
        params=(SUB,),
        base=BASE,
        service="reddit.com",
        rate=RATE,
        network="reddit",
        type="post",
        recognise=like(
            r"(?:old\.|new\.)?reddit\.com/r/(?P<sub>\w{2,21})(?:/(?:new|hot|top|rising))?(?:/?\.rss)?",
            r"/?r/(?P<sub>\w{2,21})",
        ),
        examples=("https://www.reddit.com/r/paris", "r/paris"),
        joint=Joint("sub", "+", most=20, longest=400, part_of=sub_of),
        least_s=10 * 60,
        rank=30,
    ),
    SourceKind(
        "reddit_search",
        "Reddit",
        "social",
        patient(lambda params: "/search.rss?" + urlencode({"q": params["query"], "sort": "new", "limit": "100"})),
        lambda params: f"{BASE}/search/?q={quote(params['query'])}&sort=new",
        params=(QUERY,),
        base=BASE,
        service="reddit.com",
        rate=RATE,
        network="reddit",
        type="post",
        asks="web",
        joint=Joint("query", " OR ", most=12, longest=450, wrap="({})"),  # it cuts what is longer than 512
        least_s=20 * 60,
        rank=31,
    ),
)
