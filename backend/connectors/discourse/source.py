"""A Discourse forum: everything that is written by its feed of posts, and its search for what lies further back.

Its search gives 50 pieces of posts and counts visitors per minute; the feed with our own matcher is kinder and whole
(docs.discourse.org, /search.json).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

from backend.connectors.base import Fetched, FetchState, Item
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.kind import SOME_PAGES_S, Asking, Params, SourceKind
from backend.connectors.params import QUERY, SITE
from backend.connectors.reading import Page, cursor_after, feed_at, part, read_json, read_moment, turn_pages, whole
from backend.connectors.seen import SeenPage

HITS = 50  # of one page


def fetch_search(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """The cursor is the moment of the newest post. Raises PollFailed."""

    def ask(number: int) -> Page:
        asked = {"q": f"{params['query']} order:latest", "page": str(number + 1)}
        told = read_json(asking, f"{asking.base}/search.json", asked)
        # Where nothing is found there is no list of topics at all.
        topics = {str(row.get("id")): row for row in (told.rows("topics") if "topics" in told.body else [])}
        rows = told.rows("posts")
        items = [
            item
            for row in rows
            if (item := read_post(row, topics.get(str(row.get("topic_id")), {}), params["site"])) is not None
        ]
        more = part(told.body, "grouped_search_result").get("more_full_page_results") is True
        dates = [read_moment(row.get("created_at")) for row in rows]
        return Page(items, more or len(rows) >= HITS, dates, told.pause_s)

    pages = turn_pages(asking, read_moment(state.cursor), ask)
    state = replace(state, cursor=cursor_after(pages, state.cursor))
    return Fetched(pages.items, state, title=params["query"], site_url=params["site"], pause_s=pages.pause_s)


def read_post(row: Mapping[str, Any], topic: Mapping[str, Any], site: str) -> Item | None:
    number, topic_id, place = row.get("id"), row.get("topic_id"), row.get("post_number")
    if not all(isinstance(one, int) for one in (number, topic_id, place)):
        return None
    text, title = plain_text(whole(row.get("blurb"))), one_line(whole(topic.get("title")))
    if not (text or title):
        return None
    user = whole(row.get("username"))
    return Item(
        external_id=str(number),
        url=f"{site}/t/{topic.get('slug') or '-'}/{topic_id}/{place}",
        title=title,
        text=text,
        author=one_line(whole(row.get("name")) or user, limit=200),
        author_url=f"{site}/u/{user}" if user else "",
        published_at=read_moment(row.get("created_at")),
        type="post" if place == 1 else "comment",
    )


_SECTIONS = ("t", "c", "u", "latest", "new", "top", "hot", "categories", "tag", "tags", "search", "g", "about", "faq")


def sees(page: SeenPage) -> list[Params]:
    return [{"site": page.root(*_SECTIONS)}] if page.generator.startswith("discourse") else []


KINDS = (
    SourceKind(
        "discourse",
        "Discourse",
        "forums",
        feed_at(lambda _: "/posts.rss"),
        lambda params: params["site"],
        params=(SITE,),
        place="site",
        own_access=True,
        network="discourse",
        type="post",
        sees=sees,
    ),
    SourceKind(
        "discourse_search",
        "Discourse",
        "forums",
        fetch_search,
        lambda params: f"{params['site']}/search?q={quote_plus(params['query'] + ' order:latest')}",
        params=(QUERY, SITE),
        place="site",
        own_access=True,
        network="discourse",
        take="all",
        sees=sees,
        rank=60,
        takes_s=SOME_PAGES_S,
    ),
)
