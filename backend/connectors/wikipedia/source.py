"""Pages of Wikipedia that hold words, those first that were edited last; and the history of one page.

Sorted by last edit, not by creation: who is named in an old page is named by an edit of it. A page comes once. Every
request must say who asks (foundation.wikimedia.org, User-Agent policy): our User-Agent does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from backend.connectors.base import Fetched, FetchState, Item
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.kind import SOME_PAGES_S, Asking, Param, Params, Rate, SourceKind
from backend.connectors.params import LANGUAGE, QUERY, read_words
from backend.connectors.reading import (
    Answered,
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

BASE = "https://{language}.wikipedia.org"
RATE = Rate(every_s=2, burst=20)  # far below what anybody is asked to keep to (mediawiki.org, API:Etiquette)
HITS = 50
TITLE = Param("title", lambda value: (read_words(value) or "").replace(" ", "_") or None, "the title of a page", "Café")


def fetch_search(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""
    asked = {
        "action": "query",
        "list": "search",
        "srsearch": params["query"],
        "srsort": "last_edit_desc",
        "srnamespace": "0",
        "srlimit": str(HITS),
        "srprop": "snippet|timestamp",
        "format": "json",
    }

    def ask(number: int) -> Page:
        told = read_json(asking, f"{asking.base}/w/api.php", asked | {"sroffset": str(number * HITS)})
        rows = Answered(part(told.body, "query")).rows("search")
        items = [item for row in rows if (item := read_page(row, params["language"])) is not None]
        return Page(items, len(rows) >= HITS, [read_moment(row.get("timestamp")) for row in rows], told.pause_s)

    pages = turn_pages(asking, read_moment(state.cursor), ask)
    state = replace(state, cursor=cursor_after(pages, state.cursor))
    return Fetched(pages.items, state, title="Wikipedia", pause_s=pages.pause_s)


def read_page(row: Mapping[str, Any], language: str) -> Item | None:
    number, title = row.get("pageid"), one_line(whole(row.get("title")))
    if not isinstance(number, int) or not title:
        return None
    return Item(
        external_id=f"{language}:{number}",
        url=_page(language, title.replace(" ", "_")),
        title=title,
        text=plain_text(whole(row.get("snippet"))),
        published_at=read_moment(row.get("timestamp")),
        language=language,
        type="page",
    )


def _page(language: str, title: str) -> str:
    return f"https://{language}.wikipedia.org/wiki/{quote(title, safe='/:(),')}"


def _history(params: Params, **more: str) -> str:
    return "/w/index.php?" + urlencode({"title": params["title"], "action": "history", **more})


KINDS = (
    SourceKind(
        "wikipedia",
        "Wikipedia",
        "page",
        fetch_search,
        lambda params: (
            f"https://{params['language']}.wikipedia.org/w/index.php?"
            + urlencode({"search": params["query"], "sort": "last_edit_desc", "ns0": "1"})
        ),
        params=(QUERY, LANGUAGE),
        base=BASE,
        service="wikipedia.org",
        rate=RATE,
        network="wikipedia",
        type="page",
        asks="words",
        editions=("language",),
        snippets=True,
        take="all",
        least_s=3600,
        most_s=24 * 3600,
        takes_s=SOME_PAGES_S,
    ),
    SourceKind(
        "wikipedia_history",
        "Wikipedia",
        "page",
        feed_at(
            lambda params: "/w/index.php?" + urlencode({"title": params["title"], "action": "history", "feed": "atom"})
        ),
        lambda params: (
            f"https://{params['language']}.wikipedia.org/w/index.php?"
            + urlencode({"title": params["title"], "action": "history"})
        ),
        params=(TITLE, LANGUAGE),
        base=BASE,
        service="wikipedia.org",
        rate=RATE,
        network="wikipedia",
        type="page",
        take="all",
        recognise=like(
            r"(?P<language>[a-z]{2,3})(?:\.m)?\.wikipedia\.org/wiki/(?P<title>[^?]+)",
            r"(?P<language>[a-z]{2,3})\.wikipedia\.org/w/index\.php\?title=(?P<title>[^&]+)&action=history.*",
        ),
        examples=("https://fr.wikipedia.org/wiki/Caf%C3%A9",),
        rank=60,
    ),
)
