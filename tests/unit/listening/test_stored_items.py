"""What was read before is looked through by the full-text index, and as exactly as what is read now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text

from backend.connectors.base import Item as ReadItem
from backend.inbox.mentions import NewMention, add_mention
from backend.infra.changes import Change
from backend.infra.runtime import Runtime
from backend.listening import backfill as module
from backend.listening.backfill import backfill_keyword, backfill_the_rest, stored_matches
from backend.listening.ingest import plan_items, read_audience, write_plan
from backend.listening.keywords import remove_keyword
from backend.listening.known import sort_items
from backend.listening.models import Feed, Item
from backend.query.grammar import parse_query
from tests.unit.listening.make import all_mentions, hits_of, make_brand, make_keyword, make_source

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


def test_what_somebody_would_wait_too_long_for_is_looked_at_by_the_worker(
    runtime: Runtime, read: int, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    keyword_id, gone = make_keyword(runtime, read, "lumi* OR café OR apple"), make_keyword(runtime, read, "café")
    assert backfill_keyword(runtime, keyword_id) == 2
    backfill_keyword(runtime, gone)
    with runtime.db.write() as session:
        remove_keyword(session, gone, now=at)
    assert backfill_the_rest(runtime, at) == 2
    assert backfill_the_rest(runtime, at) == 0
    with runtime.db.read() as session:
        found = [hits_of(session, mention)[0].keyword_id for mention in all_mentions(session)]
        assert found == [keyword_id] * 4


def test_what_is_here_already_gets_the_keyword_too_whatever_brought_it(
    runtime: Runtime, read: int, at: datetime
) -> None:
    with runtime.db.write() as session:
        told = [
            ("1", "Un café lumineux", "fr"), ("2", "A coffee, un café", "en"), ("3", "Rien", "fr"),
            ("4", "café de la gare", "und"), ("5", "par hasard", "fr"),
        ]  # fmt: skip
        for number, said, language in told:
            by = "Café Maud" if number == "5" else ""  # keywords look at the author where it is named
            new = NewMention(f"https://b.example/{number}", text=said, language=language, author=by)
            add_mention(session, read, new, now=at)
    keyword_id = make_keyword(runtime, read, "café", languages=["fr"])
    with runtime.db.read() as session:
        before = session.scalar(select(func.max(Change.id))) or 0
    for _ in range(2):  # the second time, nothing is left to do
        backfill_keyword(runtime, keyword_id)
    with runtime.db.read() as session:
        hits = {
            mention.url[-1]: hits_of(session, mention) for mention in all_mentions(session) if "//b." in mention.url
        }
        assert [number for number, found in hits.items() if found] == ["1", "4"]
        assert hits["1"][0].highlights == [{"field": "text", "start": 3, "end": 7}]
        changed = select(Change.ref).where(Change.kind == "mention.changed", Change.id > before)
        assert len(list(session.scalars(changed))) == 2


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
