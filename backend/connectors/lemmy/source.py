"""Communities of a Lemmy server by their feeds, and its search (join-lemmy.org/docs/contributors/04-api.html).

Servers know of each other's posts, so a search of a large one finds most. A post's feed entry leads to what it links
to; its own page is its id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from backend.connectors.base import Fetched, FetchState, Item
from backend.connectors.feed.identity import stable_id
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.kind import SOME_PAGES_S, Asking, Param, Params, SourceKind
from backend.connectors.params import QUERY, SITE, read_match
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
from backend.connectors.seen import SeenPage

HITS = 50
COMMUNITY = Param("community", read_match(r"!?(\w+(?:@[\w.-]+)?)"), "its name, as in !name@server", "cafe@jlai.lu")
_KNOWN = (
    r"(?P<site>(?:lemmy\.world|lemmy\.ml|lemmy\.ca|lemmy\.zip|sh\.itjust\.works|programming\.dev|feddit\.org|feddit\.uk"
    r"|jlai\.lu|beehaw\.org|aussie\.zone|slrpnk\.net|sopuli\.xyz))"
)


def fetch_search(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Newest posts and comments with these words; the cursor is the moment of the newest. Raises PollFailed."""
    asked = {"q": params["query"], "type_": "All", "sort": "New", "listing_type": "All", "limit": str(HITS)}

    def ask(number: int) -> Page:
        told = read_json(asking, f"{asking.base}/api/v3/search", asked | {"page": str(number + 1)})
        rows = [(row, "post") for row in told.rows("posts")] + [(row, "comment") for row in told.rows("comments")]
        items = [item for row, type in rows if (item := read_view(row, type)) is not None]
        # Of posts and of comments as many each: what is full has its oldest here, what is not has no more.
        full = [type for type in ("post", "comment") if sum(one == type for _, one in rows) >= HITS]
        dates = [read_moment(part(row, type).get("published")) for row, type in rows if not full or type in full]
        return Page(items, bool(full), dates, told.pause_s)

    pages = turn_pages(asking, read_moment(state.cursor), ask)
    state = replace(state, cursor=cursor_after(pages, state.cursor))
    title = f"{params['query']} · Lemmy"
    return Fetched(pages.items, state, title=title, site_url=params["site"], pause_s=pages.pause_s)


def read_view(row: Mapping[str, Any], type: str) -> Item | None:
    """A PostView or a CommentView; what was deleted or removed is nothing."""
    said, by = part(row, type), part(row, "creator")
    url, author_url = whole(said.get("ap_id")), whole(by.get("actor_id"))
    text = plain_text(whole(said.get("body") or said.get("content")))
    title = one_line(whole(said.get("name")))
    if not is_web_address(url) or not (title or text) or said.get("deleted") or said.get("removed"):
        return None
    link = whole(said.get("url"))
    return Item(
        external_id=stable_id(url),
        url=url,
        title=title,
        text="\n".join(filter(None, (text, link if is_web_address(link) else ""))),
        author=one_line(whole(by.get("display_name")) or whole(by.get("name")), limit=200),
        author_url=author_url if is_web_address(author_url) else "",
        published_at=read_moment(said.get("published")),
        type=type,
    )


def at_its_page(item: Item, params: Params) -> Item:  # noqa: ARG001  # of all that `feed_at` mends
    """Where the entry leads to what the post is about, its id is the address of the post."""
    return replace(item, url=item.external_id) if is_web_address(item.external_id) else item


def sees(page: SeenPage) -> list[Params]:
    found = re.fullmatch(r"/c/([\w@.-]+)", page.path_after(root)) if (root := _root(page)) else None
    return [{"site": root, "community": found[1]}] if found else []


def sees_search(page: SeenPage) -> list[Params]:
    return [{"site": root}] if (root := _root(page)) else []


def _root(page: SeenPage) -> str:
    known = page.says(r"lemmy-site|lemmy-ui|lemmyBackend")
    return page.root("c", "post", "u", "search", "communities") if known else ""


KINDS = (
    SourceKind(
        "lemmy",
        "Lemmy",
        "forums",
        feed_at(lambda params: f"/feeds/c/{params['community']}.xml?sort=New", at_its_page),
        lambda params: f"{params['site']}/c/{params['community']}",
        params=(COMMUNITY, SITE),
        place="site",
        network="lemmy",
        type="post",
        recognise=like(rf"{_KNOWN}/c/(?P<community>[\w@.-]+)", r"!(?P<community>\w+)@(?P<site>[\w.-]+\.\w+)"),
        examples=("https://jlai.lu/c/cafe", "!cafe@jlai.lu"),
        sees=sees,
    ),
    SourceKind(
        "lemmy_search",
        "Lemmy",
        "forums",
        fetch_search,
        lambda params: f"{params['site']}/search?" + urlencode({"q": params["query"], "type": "All", "sort": "New"}),
        params=(QUERY, SITE),
        place="site",
        network="lemmy",
        take="all",
        sees=sees_search,
        rank=60,
        takes_s=SOME_PAGES_S,
    ),
)
