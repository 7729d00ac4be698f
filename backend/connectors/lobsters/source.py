"""Everything on Lobsters, by its feeds: it asks not to be scraped, and its search wants a log-in.

Few enough to read whole: one feed serves all keywords. An entry's link leads away; its own page is its id.
"""

from __future__ import annotations

from dataclasses import replace

from backend.connectors.base import Item
from backend.connectors.kind import Param, Params, Rate, SourceKind
from backend.connectors.lemmy.source import at_its_page
from backend.connectors.params import read_match
from backend.connectors.reading import feed_at, like

BASE = "https://lobste.rs"
RATE = Rate(every_s=36, burst=4)  # 100 in ten minutes, 400 an hour, and programs shall keep far below (rack_attack.rb)
TAGS = Param(
    "tag", read_match(r"[\w,.+-]{1,100}", lower=True), "one tag, or several with commas", "python", optional=True
)


def _path(params: Params) -> str:
    return f"/t/{params['tag']}.rss" if params.get("tag") else "/newest.rss"


def _comment(item: Item, params: Params) -> Item:
    return replace(at_its_page(item, params), type="comment")


KINDS = (
    SourceKind(
        "lobsters",
        "Lobsters",
        "social",
        feed_at(_path, at_its_page),
        lambda params: f"{BASE}/t/{params['tag']}" if params.get("tag") else f"{BASE}/newest",
        params=(TAGS,),
        base=BASE,
        service="lobste.rs",
        rate=RATE,
        network="lobsters",
        type="post",
        asks="all",
        recognise=like(r"lobste\.rs/t/(?P<tag>[\w,.+-]+?)(?:\.rss)?", r"lobste\.rs(?:/newest|/rss|/newest\.rss)?"),
        examples=("https://lobste.rs/t/python",),
        least_s=20 * 60,
        most_s=3600,
        rank=40,
    ),
    SourceKind(
        "lobsters_comments",
        "Lobsters",
        "social",
        feed_at(lambda _: "/comments.rss", _comment),
        lambda _: f"{BASE}/comments",
        base=BASE,
        service="lobste.rs",
        rate=RATE,
        network="lobsters",
        type="comment",
        asks="all",
        recognise=like(r"lobste\.rs/comments(?:\.rss)?"),
        examples=("https://lobste.rs/comments",),
        least_s=20 * 60,
        most_s=3600,
        rank=41,
    ),
)
