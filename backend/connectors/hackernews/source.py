"""Stories and comments of Hacker News that hold the words asked for (hn.algolia.com/api).

Keyless, 10,000 requests an hour and address, at most 1,000 hits a query. The cursor is the newest `created_at_i` seen;
each poll looks an hour further back, because items are indexed late and out of order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.feed.client import request
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.kind import SOME_PAGES_S, Asking, Params, Rate, SourceKind
from backend.connectors.params import QUERY
from backend.connectors.reading import Page, turn_pages

BASE = "https://hn.algolia.com"
SITE = "https://news.ycombinator.com"
FIRST_LOOK = timedelta(days=30)
OVERLAP = timedelta(hours=1)
HITS = 500


def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""
    first = asking.now - FIRST_LOOK
    seen = _moment(int(state.cursor)) if state.cursor.isdigit() else None
    since = max(first, seen - OVERLAP) if seen else first
    until: list[int] = []  # Algolia gives a thousand hits of one question: what lies behind is another question

    def ask(_: int) -> Page:
        hits = _ask(asking, params["query"], int(since.timestamp()), *until)
        moments = [moment for hit in hits if (moment := _moment(hit.get("created_at_i"))) is not None]
        until[:] = [int(min(moments).timestamp())] if moments else until
        items = [item for hit in hits if (item := read_hit(hit)) is not None]
        return Page(items, len(hits) >= HITS, moments)

    pages = turn_pages(asking, since if seen else None, ask)
    newest = int(pages.newest.timestamp()) if pages.newest and pages.complete else 0
    cursor = str(max(newest, int(state.cursor) if seen else 0) or "")
    items = list({item.external_id: item for item in pages.items}.values())
    return Fetched(items, replace(state, cursor=cursor), title="Hacker News", site_url=SITE)


def _ask(asking: Asking, query: str, since: int, until: int | None = None) -> list[dict[str, Any]]:
    answer = request(
        asking.http,
        f"{asking.base}/api/v1/search_by_date",
        params={
            "query": query,
            "tags": "(story,comment)",
            "numericFilters": f"created_at_i>{since}" + (f",created_at_i<={until}" if until else ""),
            "hitsPerPage": str(HITS),
            # Algolia would find "lumieres" and "lumine" too; and drop words to find anything at all.
            "typoTolerance": "false",
            "advancedSyntax": "true",
        },
        now=asking.now,
    )
    try:
        return [hit for hit in answer.json()["hits"] if isinstance(hit, dict)]
    except (ValueError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise PollFailed("not_a_feed", "the answer is not what Algolia gives") from error


def read_hit(hit: Mapping[str, Any]) -> Item | None:
    """A story or a comment; its own page on Hacker News is its address, what it links to is part of its text."""
    number = str(hit.get("objectID") or "")
    if not number.isdigit():
        return None
    comment = hit.get("comment_text")
    author = one_line(str(hit.get("author") or ""), limit=200)
    if comment:
        title = one_line(f"{hit.get('story_title') or ''}")
        text = plain_text(str(comment))
    else:
        title = one_line(str(hit.get("title") or ""))
        link = str(hit.get("url") or "")
        text = "\n".join(part for part in (plain_text(str(hit.get("story_text") or "")), _shown(link)) if part)
    if not (title or text):
        return None
    return Item(
        external_id=number,
        url=f"{SITE}/item?id={number}",
        title="" if comment else title,
        text=text,
        author=author,
        author_url=f"{SITE}/user?id={author}" if author else "",
        published_at=_moment(hit.get("created_at_i")),
        language="en",
        type="comment" if comment else "post",
    )


def _shown(link: str) -> str:
    return link if is_web_address(link) else ""


def _moment(seconds: object) -> datetime | None:
    if not isinstance(seconds, int) or not 0 < seconds < 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _address(params: Params) -> str:
    return f"{BASE}/?" + urlencode({"query": params["query"], "sort": "byDate", "type": "all"})


KINDS = (
    SourceKind(
        "hackernews",
        "Hacker News",
        "social",
        fetch,
        _address,
        params=(QUERY,),
        base=BASE,
        service="hackernews",
        rate=Rate(every_s=1, burst=60),  # 10,000 an hour and address
        network="hackernews",
        type="post",
        asks="words",
        least_s=5 * 60,
        most_s=3600,
        rank=10,
        takes_s=SOME_PAGES_S,
    ),
)
