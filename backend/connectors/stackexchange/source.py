"""Questions on Stack Overflow and its sisters, by words (api.stackexchange.com/docs/advanced-search).

300 requests a day and address, 10,000 with a free key; `backoff` in an answer is how long nobody may ask. Bodies come
whole, so our matcher has the last word. Newest first, from a day before the newest question seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.feed.client import exchange, judged
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.headers import MOST_S
from backend.connectors.kind import SOME_PAGES_S, Asking, Param, Params, Rate, SourceKind
from backend.connectors.params import QUERY, SITE, read_match
from backend.connectors.reading import Answered, Page, feed_at, json_object, like, part, read_moment, turn_pages, whole

BASE = "https://api.stackexchange.com"
DEFAULT = "stackoverflow"
HITS = 100
OVERLAP_S = 86_400
FIRST_LOOK_S = 30 * 86_400
COMMUNITY = Param("community", read_match(r"[a-z0-9.-]{2,60}", lower=True), "as in its address", DEFAULT, optional=True)


def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""
    since = int(state.cursor) - OVERLAP_S if state.cursor.isdigit() else int(asking.now.timestamp()) - FIRST_LOOK_S
    asked = {
        "q": params["query"],
        "site": params.get("community", DEFAULT),
        "sort": "creation",
        "order": "desc",
        "fromdate": str(since),
        "pagesize": str(HITS),
        "filter": "withbody",
    } | ({"key": asking.key} if asking.key else {})

    def ask(number: int) -> Page:
        told = _ask(asking, asked | {"page": str(number + 1)})
        rows = told.rows("items")
        items = [item for row in rows if (item := read_question(row)) is not None]
        return Page(items, len(rows) >= HITS, [read_moment(row.get("creation_date")) for row in rows], told.pause_s)

    pages = turn_pages(asking, read_moment(since) if state.cursor.isdigit() else None, ask)
    newest = int(pages.newest.timestamp()) if pages.newest and pages.complete else 0
    cursor = str(max(newest, int(state.cursor) if state.cursor.isdigit() else 0) or "")
    return Fetched(pages.items, replace(state, cursor=cursor), title="Stack Exchange", pause_s=pages.pause_s)


def _ask(asking: Asking, asked: Mapping[str, str]) -> Answered:
    answer = exchange(asking.http, f"{asking.base}/2.3/search/advanced", params=asked)
    if answer.status == 400:  # its own way to say "too many": when more may come stands in the words
        body = json_object(answer.json)
        left = re.search(r"(\d+) seconds", whole(body.get("error_message")))
        if body.get("error_id") == 502:
            raise PollFailed("rate_limited", "the day's requests are used up", int(left[1]) if left else 3600)
    body = json_object(judged(answer, asking.now).json)
    if body.get("quota_remaining") == 0:
        return Answered(body, 3600)
    return Answered(body, min(body["backoff"], MOST_S) if _is_number(body.get("backoff")) else None)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def read_question(row: Mapping[str, Any]) -> Item | None:
    number, url, by = row.get("question_id"), whole(row.get("link")), part(row, "owner")
    if not _is_number(number) or not is_web_address(url):
        return None
    author_url = whole(by.get("link"))
    return Item(
        external_id=f"{urlsplit(url).hostname}:{number}",
        url=url,
        title=one_line(whole(row.get("title"))),
        text=plain_text(whole(row.get("body"))),
        author=one_line(whole(by.get("display_name")), limit=200),
        author_url=author_url if is_web_address(author_url) else "",
        published_at=read_moment(row.get("creation_date")),
        type="post",
    )


def site_of(community: str) -> str:
    """The API calls `cooking` what lives at cooking.stackexchange.com; some have a name of their own."""
    own = {DEFAULT, "superuser", "serverfault", "askubuntu"}
    return f"{community}.com" if community in own else f"{community.removesuffix('.com')}.stackexchange.com"


KINDS = (
    SourceKind(
        "stackexchange",
        "Stack Exchange",
        "forums",
        fetch,
        lambda params: (
            f"https://{site_of(params.get('community', DEFAULT))}/search?"
            + urlencode({"q": params["query"], "tab": "newest"})
        ),
        params=(QUERY, COMMUNITY),
        base=BASE,
        service="stackexchange",
        rate=Rate(every_s=288, burst=20),  # 300 a day
        rate_with_key=Rate(every_s=9, burst=100),  # 10,000 a day
        network="stackexchange",
        asks="words",
        most_asked=15,  # eight times a day each: 120 of 300
        least_s=3 * 3600,
        most_s=24 * 3600,
        rank=40,
        takes_s=SOME_PAGES_S,
    ),
    SourceKind(
        "stackexchange_tag",
        "Stack Exchange",
        "forums",
        feed_at(lambda params: f"/feeds/tag/{params['tag']}"),
        lambda params: f"{params['site']}/questions/tagged/{params['tag']}",
        params=(Param("tag", read_match(r"[\w.+#-]{1,60}", lower=True), "one tag", "python"), SITE),
        place="site",
        network="stackexchange",
        type="post",
        recognise=like(
            r"(?P<site>(?:\w+\.stackexchange|stackoverflow|\w+\.stackoverflow|superuser|serverfault|askubuntu)\.com)"
            r"/(?:questions/tagged|feeds/tag|tags)/(?P<tag>[^/?]+)(?:/info)?"
        ),
        examples=("https://stackoverflow.com/questions/tagged/python",),
        rank=41,
    ),
)
