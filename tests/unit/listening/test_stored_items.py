"""What was read before is looked through by the full-text index, and as exactly as what is read now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text

from backend.connectors.base import Item as ReadItem
from backend.infra.runtime import Runtime
from backend.listening.backfill import backfill_keyword, stored_matches
from backend.listening.ingest import plan_items, read_audience, write_plan
from backend.listening.known import sort_items
from backend.listening.models import Feed, Item
from backend.query.grammar import parse_query
from tests.unit.listening.make import all_mentions, make_brand, make_keyword, make_source

SAID = {
    "1": ("Le Café Lumière", "On y mange", "https://a.example/1"),
    "2": ("Rien", "la terrasse d’un grand café", "https://a.example/2"),
    "3": ("Vu", "merci #CafeLumiere", "https://blog.lemonde.fr/3"),
    "4": ("apple pie", "An Apple a day", "https://a.example/4"),
}


@pytest.fixture
def read(runtime: Runtime, at: datetime) -> int:
    """A brand whose feed gave four items."""
    brand_id = make_brand(runtime)
    make_source(runtime, brand_id, "https://feed.example/rss", take="matching")
    items = [ReadItem(number, url, title, body, published_at=at) for number, (title, body, url) in SAID.items()]
    with runtime.db.write() as session:
        feed_id = session.scalar(select(Feed.id))
        assert feed_id is not None
        fresh = sort_items(session, feed_id, items, articles=True).fresh
        audience = read_audience(session, feed_id, "feed")
        write_plan(session, plan_items(feed_id, fresh, audience, now=at), now=at)
    return brand_id


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"café lumière"', "13"),
        ("lumi*", "13"),
        ("café NEAR/4 terrasse", "2"),
        ("café NEAR/2 terrasse", ""),
        ("`Apple`", "4"),
        ("`apple` -`Apple Pie`", "4"),
        ("`Café Lumière`", "1"),
        ("lemonde.fr", "3"),
        ("caf* -lemonde.fr", "12"),
        ("caf* type:article", "123"),
        ("title:café", "1"),
    ],
)
def test_a_query_finds_what_was_read(runtime: Runtime, read: int, at: datetime, query: str, found: str) -> None:
    with runtime.db.read() as session:
        items = stored_matches(session, [read], parse_query(query), now=at, limit=50)
        assert "".join(sorted(item.external_id for item in items)) == found
    keyword_id = make_keyword(runtime, read, query)
    assert backfill_keyword(runtime, keyword_id) == len(found)
    with runtime.db.read() as session:
        assert {mention.type for mention in all_mentions(session)} <= {"article"}


def test_the_index_of_items_is_kept_in_step(runtime: Runtime, read: int, at: datetime) -> None:
    with runtime.db.write() as session:
        for item in session.scalars(select(Item).where(Item.external_id.in_(("1", "2")))):
            if item.external_id == "1":
                item.words = " the /1 /2 "
            else:
                session.delete(item)
        session.flush()
        found: Any = stored_matches(session, [read], parse_query("café OR thé OR caf*"), now=at, limit=50)
        assert sorted(item.external_id for item in found) == ["1", "3"]
        if runtime.db.dialect == "sqlite":
            session.execute(text("INSERT INTO items_fts(items_fts, rank) VALUES ('integrity-check', 1)"))
