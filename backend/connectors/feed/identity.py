"""What an article is known by, also where its guid cannot be trusted."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from backend.connectors.base import Item

MOST_REPEATED = 0.05  # of the ids of one document, FreshRSS's limit; more, and the feed does not know what an id is


def identify_items(items: Sequence[Item], *, homes: Sequence[str]) -> list[Item]:
    """Each article once, under an id and an address of its own.

    1. What stands twice (id, link and title) is one.
    2. A feed that gives one id to articles of another link and another title, or repeats more than 5 % of its ids, has
       no ids: its links are taken for them, and where links repeat as well, link and title.
    3. A link that several articles share, or that is the feed's own home, gets a fragment for each of them: an address
       is what a mention is known by, and none may hide behind another.
    """
    once = list({(item.external_id, item.url, item.title): item for item in reversed(items)}.values())[::-1]
    known = _id_of(once)
    kept: dict[str, Item] = {}
    for item in once:
        kept.setdefault(known(item), item)
    shared = {url for url, count in Counter(item.url for item in kept.values()).items() if count > 1 and url}
    shared.update(homes)
    return [
        replace(item, external_id=stable_id(key), url=own_address(item.url, key) if item.url in shared else item.url)
        if key != item.external_id or len(key) > 190 or item.url in shared
        else item
        for key, item in kept.items()
    ]


def _id_of(items: Sequence[Item]) -> Callable[[Item], str]:
    """The strongest rule that this document keeps to."""
    by_id: dict[str, list[Item]] = {}
    for item in items:
        by_id.setdefault(item.external_id, []).append(item)
    repeated = len(items) - len(by_id)
    if not repeated:
        return lambda item: item.external_id
    reused = any(
        one.url != first.url and one.title != first.title for first, *others in by_id.values() for one in others
    )
    if not reused and repeated <= len(items) * MOST_REPEATED:
        return lambda item: item.external_id
    if len(items) - len({item.url for item in items}) <= len(items) * MOST_REPEATED:
        return lambda item: item.url or item.title
    return lambda item: f"{item.url}\n{item.title}"


def own_address(url: str, key: str) -> str:
    """The page, and which of the things on it."""
    return f"{url.partition('#')[0]}#entry-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:12]}"


def stable_id(text: str) -> str:
    """An id that fits a column: itself when short, else its hash."""
    return text if len(text) <= 190 else "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def news_id(title: str, publisher: str) -> str:
    """The same article of a search, whatever its link and guid: letters and digits of title and publisher."""
    return "news:" + hashlib.sha256(f"{_plain(title)}\n{_plain(publisher)}".encode()).hexdigest()


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))
