"""Which of the items that a feed gives are new to us: ids change, are used again, and titles are edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.connectors.base import Item as ReadItem
from backend.connectors.feed.identity import own_address, stable_id
from backend.inbox.identity import content_key
from backend.listening.models import Item
from backend.query.words import fold

_TOLD = 200  # asked about at once
SAME_ARTICLE = timedelta(days=1)  # between two dates of one address, else it is a page that always holds the latest


@dataclass(frozen=True)
class Sorted:
    """Oldest first, so that what is newest is told last. `edited`: known ones under another title, with our id."""

    fresh: list[ReadItem] = field(default_factory=list)
    edited: list[ReadItem] = field(default_factory=list)


@dataclass(frozen=True)
class _Stored:
    external_id: str
    key: str
    title: str
    published_at: datetime | None


def key_of(item: ReadItem) -> str:
    """Its content key."""
    return content_key(item.url, item.title, item.publisher, item.publisher_url)


def sort_items(session: Session, feed_id: int, items: Sequence[ReadItem], *, articles: bool) -> Sorted:
    """What this feed has not given before, and what it gives in other words now.

    1. A known id is a known item, unless link and title (and the date, where there is one) are all others: then the
       feed uses its ids again, and the item gets one of its own.
    2. Where items are `articles`, a known address (or title and publisher) is a known item under a new id, unless title
       and date say that the page there always holds the latest: then the item gets an address of its own.
    """
    found = Sorted()
    for start in range(0, len(items), _TOLD):
        part = items[start : start + _TOLD]
        keys = {item.external_id: key_of(item) for item in part} if articles else {}
        by_id, by_key = _read(session, feed_id, part, keys)
        for item in part:
            key = keys.get(item.external_id, "")
            stored = by_id.get(item.external_id)
            if stored is not None and articles and _is_another(stored, item, key):
                item, stored = replace(item, external_id=stable_id(f"{item.external_id}\n{key}")), None
            if stored is None and key:
                stored = by_key.get(key)
                if stored is not None and _is_later(stored, item):
                    item = replace(item, url=own_address(item.url, item.external_id))
                    key, stored = key_of(item), by_key.get(key_of(item))
            if stored is None:
                found.fresh.append(item)
                stored = _Stored(item.external_id, key, item.title, item.published_at)
                by_id[item.external_id] = stored
                if key:
                    by_key.setdefault(key, stored)
            elif articles and item.title and fold(item.title).words != fold(stored.title).words:
                found.edited.append(replace(item, external_id=stored.external_id))
    return Sorted(found.fresh[::-1], found.edited[::-1])


def _read(
    session: Session, feed_id: int, items: Sequence[ReadItem], keys: dict[str, str]
) -> tuple[dict[str, _Stored], dict[str, _Stored]]:
    """What is stored under these ids, and under these keys."""
    known = or_(
        Item.external_id.in_([item.external_id for item in items]),
        Item.content_key.in_([key for key in keys.values() if key]),
    )
    columns = (Item.external_id, Item.content_key, Item.url, Item.title, Item.publisher, Item.publisher_url)
    by_id: dict[str, _Stored] = {}
    by_key: dict[str, _Stored] = {}
    for external_id, key, url, title, publisher, publisher_url, published_at in session.execute(
        select(*columns, Item.published_at).where(Item.feed_id == feed_id, known).order_by(Item.id.desc())
    ):
        # What was stored before there were keys has none.
        key = key or (content_key(url, title, publisher, publisher_url) if keys else "")
        one = _Stored(external_id, key, title, published_at)
        by_id[external_id] = one
        if key:
            by_key.setdefault(key, one)
    return by_id, by_key


def _is_another(stored: _Stored, item: ReadItem, key: str) -> bool:
    same_date = stored.published_at is not None and stored.published_at == item.published_at
    return stored.key != key and not same_date and fold(stored.title).words != fold(item.title).words


def _is_later(stored: _Stored, item: ReadItem) -> bool:
    if stored.published_at is None or item.published_at is None:
        return False
    apart = abs(item.published_at - stored.published_at) > SAME_ARTICLE
    return apart and fold(stored.title).words != fold(item.title).words
