"""Where podcasts have their feeds: Apple's directory, which asks for no key (iTunes Search API).

Some 20 requests a minute and address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.connectors.feed.plain import one_line
from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.kind import Asking, Rate
from backend.connectors.reading import read_json, whole

BASE = "https://itunes.apple.com"
RATE = Rate(every_s=3, burst=10)
MOST = 8
_PAGE = re.compile(r"https?://(?:podcasts|itunes)\.apple\.com/(?:[a-z]{2}/)?podcast/(?:[^/?#]+/)?id(\d{1,15})", re.I)


@dataclass(frozen=True)
class Podcast:
    url: str
    title: str
    by: str


def page_number(url: str) -> str:
    """The number of a podcast of which this is Apple's page, "" where it is none."""
    found = _PAGE.match(url)
    return found[1] if found else ""


def look_up(asking: Asking, number: str) -> list[Podcast]:
    """Raises PollFailed."""
    return _read(read_json(asking, f"{asking.base}/lookup", {"id": number, "entity": "podcast"}).rows("results"))


def find_podcasts(asking: Asking, words: str) -> list[Podcast]:
    """Those whose name or author holds these words, best first. Raises PollFailed."""
    asked = {"media": "podcast", "entity": "podcast", "term": words, "limit": str(MOST)}
    return _read(read_json(asking, f"{asking.base}/search", asked).rows("results"))


def _read(rows: list[dict[str, Any]]) -> list[Podcast]:
    found = [_podcast(row) for row in rows]
    return [one for one in found if is_web_address(one.url)]


def _podcast(row: Mapping[str, Any]) -> Podcast:
    title, by = one_line(whole(row.get("collectionName"))), one_line(whole(row.get("artistName")), limit=200)
    return Podcast(whole(row.get("feedUrl")), title, by)
