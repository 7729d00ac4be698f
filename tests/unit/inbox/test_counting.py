"""Counts: exact as long as there are few, "at least" where there are many, and never in silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from backend.accounts.brands import create_brand
from backend.inbox import counting, fulltext
from backend.inbox.counting import Counts, Judged, count_mentions
from backend.inbox.fulltext import index_words
from backend.inbox.models import Mention, MentionKeyword
from backend.inbox.search import Filter
from backend.infra.db import Database
from backend.listening.keywords import create_keyword
from backend.query.grammar import parse_search

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six mentions are many."""
    monkeypatch.setattr(counting, "MOST_COUNTED", 3)
    monkeypatch.setattr(counting, "MOST_READ", 4)
    monkeypatch.setattr(counting, "MOST_LOOKED_AT", 6)


def add(session: Session, *statuses: str, title: str = "Un café", brand_id: int = 1, **more: object) -> list[int]:
    """Mentions a minute apart, the newest last; their ids."""
    rows = []
    for number, status in enumerate(statuses):
        at = NOW + timedelta(minutes=number)
        row = Mention(brand_id=brand_id, url="https://a.example/", title=title, status=status, seen_at=at, sorted_at=at)
        row.text, row.author = "", ""
        for name, value in more.items():
            setattr(row, name, value)
        index_words(row)
        session.add(row)
        rows.append(row)
    session.flush()
    return [row.id for row in rows]


def counted(session: Session, wanted: Filter, *facets: str) -> Counts:
    return count_mentions(session, [1], wanted, facets=facets, now=NOW + timedelta(days=1))


@pytest.fixture
def filling(db: Database) -> Database:
    with db.write() as session:
        create_brand(session, {"name": "Café"}, now=NOW)
        create_brand(session, {"name": "Another"}, now=NOW)
    return db


def test_a_rare_state_is_not_hidden_behind_many_of_another(filling: Database, few: None) -> None:
    with filling.write() as session:
        add(session, "open", "replied", *["new"] * 9)
        counts = counted(session, Filter())
        assert counts.statuses == {"open": 1, "replied": 1, "new": 3}
        assert (counts.total, set(counts.capped)) == (5, {"new"})
        assert (counts.of, counts.of_capped) == (4, True)


def test_what_is_rare_by_a_keyword_is_counted_however_old(filling: Database, few: None) -> None:
    with filling.write() as session:
        keyword = create_keyword(session, 1, {"name": "Café", "query": "café"}, now=NOW)
        (old,) = add(session, "new")
        add(session, *["new"] * 9)
        session.add(MentionKeyword(mention_id=old, keyword_id=keyword.id))
        session.flush()
        counts = counted(session, Filter(keyword_id=keyword.id), "keyword")
        assert (counts.statuses, set(counts.capped), counts.of_capped) == ({"new": 1}, set(), False)
        assert counts.facets == {"keyword": [(str(keyword.id), 1)]}


def test_of_a_keyword_that_found_many_it_says_that_there_may_be_more(filling: Database, few: None) -> None:
    with filling.write() as session:
        keyword = create_keyword(session, 1, {"name": "Café", "query": "café"}, now=NOW)
        ids = [*add(session, *["new"] * 2), *add(session, *["spam"] * 5)]
        session.add_all(MentionKeyword(mention_id=id, keyword_id=keyword.id) for id in ids)
        session.flush()
        counts = counted(session, Filter(keyword_id=keyword.id))
        assert counts.statuses == {"new": 1}
        assert "new" in counts.capped


@pytest.mark.parametrize("common", [0, 100], ids=["words are common", "words are rare"])
def test_a_search_says_when_there_may_be_more(
    filling: Database, few: None, common: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "COMMON", common)
    with filling.write() as session:
        add(session, "done", title="Un thé")
        add(session, "new", "open", title="Un chocolat")
        counts = counted(session, Filter(query=parse_search("chocolat")))
        assert (counts.statuses, set(counts.capped)) == ({"new": 1, "open": 1}, set())
        add(session, *["new"] * 9, title="Un chocolat")
        counts = counted(session, Filter(query=parse_search("chocolat")))
        assert "new" in counts.capped
        assert counts.total == counts.of == 4


def test_mentions_of_other_brands_take_no_place(filling: Database, few: None) -> None:
    with filling.write() as session:
        add(session, "new", title="Un chocolat")
        add(session, *["new"] * 9, title="Un chocolat", brand_id=2)
        for wanted in (Filter(), Filter(query=parse_search("chocolat"))):
            assert counted(session, wanted).statuses == {"new": 1}


def test_it_says_how_many_were_judged_and_how_many_of_those_by_a_person(filling: Database) -> None:
    with filling.write() as session:
        add(session, "new", sentiment="positive", sentiment_by="machine")
        add(session, "new", "new", sentiment="negative", sentiment_by="person", intent="praise", intent_by="machine")
        add(session, "new", "new")
        counts = counted(session, Filter())
        assert (counts.sentiment, counts.intent) == (Judged(5, 3, 2), Judged(5, 2, 0))


def test_weeks_begin_on_monday_where_the_brand_is(filling: Database) -> None:
    with filling.write() as session:
        add(session, "new", sorted_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))  # a Monday in Paris
        add(session, "new", sorted_at=datetime(2026, 11, 22, 22, 30, tzinfo=UTC))
        counts = counted(session, Filter(zone="Europe/Paris"), "week")
        assert counts.facets["week"] == [("2026-11-23", 1), ("2026-11-16", 1)]
        assert counts.days == {"2026-11-22": 2}
