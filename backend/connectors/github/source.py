"""Issues that hold words, or of one repository (`repo:owner/name`), and its releases (docs.github.com/rest/search).

10 searches a minute and address, 30 with a free token. Texts come whole. The cursor is the newest `created_at` seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus, urlencode

from backend.connectors.base import Fetched, FetchState, Item
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.kind import SOME_PAGES_S, Asking, Param, Params, Rate, SourceKind
from backend.connectors.params import QUERY, read_match
from backend.connectors.reading import (
    Page,
    cursor_after,
    feed_at,
    like,
    part,
    read_json,
    read_moment,
    turn_pages,
    whole,
)

BASE, SITE = "https://api.github.com", "https://github.com"
FIRST_LOOK, OVERLAP = timedelta(days=30), timedelta(hours=1)
HITS = 50
_REPOSITORY = r"(?!orgs/|topics/|features/)[\w-]+/[\w.-]+?"
REPOSITORY = Param("repository", read_match(r"[\w-]+/[\w.-]+"), "owner/name", "maud/lumiere")


def fetch_issues(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""
    seen = read_moment(state.cursor)
    since = max(seen - OVERLAP if seen else asking.now - FIRST_LOOK, asking.now - FIRST_LOOK)
    asked = {
        "q": f"{params['query']} is:issue created:>={since:%Y-%m-%dT%H:%M:%SZ}",
        "sort": "created",
        "order": "desc",
        "per_page": str(HITS),
    }
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    headers |= {"Authorization": f"Bearer {asking.key}"} if asking.key else {}

    def ask(number: int) -> Page:
        told = read_json(asking, f"{asking.base}/search/issues", asked | {"page": str(number + 1)}, headers)
        rows = told.rows("items")
        items = [item for row in rows if (item := read_issue(row)) is not None]
        return Page(items, len(rows) >= HITS, [read_moment(row.get("created_at")) for row in rows], told.pause_s)

    pages = turn_pages(asking, since if seen else None, ask)
    cursor = cursor_after(pages, state.cursor)
    return Fetched(pages.items, replace(state, cursor=cursor), title="GitHub", site_url=SITE, pause_s=pages.pause_s)


def read_issue(row: Mapping[str, Any]) -> Item | None:
    url, by = whole(row.get("html_url")), part(row, "user")
    title, text = one_line(whole(row.get("title"))), plain_text(whole(row.get("body")))
    if not is_web_address(url) or not title:
        return None
    author = one_line(whole(by.get("login")), limit=200)
    return Item(
        external_id=str(row.get("id") or url)[:190],
        url=url,
        title=title,
        text=text,
        author=author,
        author_url=f"{SITE}/{author}" if author else "",
        published_at=read_moment(row.get("created_at")),
        type="post",
    )


_ISSUES = like(rf"github\.com/(?P<repository>{_REPOSITORY})/issues(?:/\d+)?")

_SEARCH = re.compile(
    r"https?://(?:www\.)?github\.com/search\?(?=.*\btype=issues\b)(?:[^#]*&)?q=([^&#]+)[^#]*"
).fullmatch


def _issues_of(url: str) -> Params | None:
    if found := _ISSUES(url):
        return {"query": f"repo:{found['repository']}"}
    asked = _SEARCH(url)
    return {"query": unquote_plus(asked[1])} if asked else None


KINDS = (
    SourceKind(
        "github",
        "GitHub",
        "forums",
        fetch_issues,
        lambda params: f"{SITE}/search?" + urlencode({"q": params["query"], "type": "issues", "s": "created"}),
        params=(QUERY,),
        base=BASE,
        service="github search",
        rate=Rate(every_s=6, burst=8),
        rate_with_key=Rate(every_s=2, burst=20),
        network="github",
        asks="words",
        recognise=_issues_of,
        examples=("https://github.com/maud/lumiere/issues",),
        least_s=30 * 60,
        most_s=12 * 3600,
        rank=42,
        takes_s=SOME_PAGES_S,
    ),
    SourceKind(
        "github_releases",
        "GitHub releases",
        "competitors",
        feed_at(lambda params: f"/{params['repository']}/releases.atom"),
        lambda params: f"{SITE}/{params['repository']}/releases",
        params=(REPOSITORY,),
        base=SITE,
        service="github.com",
        rate=Rate(every_s=2, burst=10),  # unpublished
        network="github",
        type="article",
        recognise=like(rf"github\.com/(?P<repository>{_REPOSITORY})(?:/releases(?:\.atom)?)?"),
        examples=("https://github.com/maud/lumiere",),
    ),
)
