"""A search says the same as SQL on both databases and as the matcher, of every mention and every query."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.accounts.brands import create_brand
from backend.inbox import fulltext
from backend.inbox.adding import index_words
from backend.inbox.asked import Asking, about_mention, texts_of
from backend.inbox.counting import count_mentions
from backend.inbox.models import Mention
from backend.inbox.search import Filter, list_mentions, matches
from backend.infra.db import Database
from backend.query.fields import STATES
from backend.query.grammar import parse_search
from backend.query.match import match_one

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ZONE = "Europe/Paris"
bounded = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
words = st.sampled_from(["café", "Lumière", "bar", "C++", "l’été", "地震", "week-end", "#CafeLumiere", "a_b", "100%"])
texts = st.lists(words, max_size=5).map(" ".join)
tags = st.sampled_from(["état", "État", "to call", "100%", "a_b", 'say "x"', "VIP"])
urls = st.sampled_from(
    [
        "https://lemonde.fr/a", "https://www.LeMonde.fr", "https://notlemonde.fr/b", "https://blog.lemonde.fr/x?u=a.b",
        "https://mastodon.example/lemonde.fr/1", "http://a.example:8080/x",
    ]
)  # fmt: skip
facts = st.one_of(
    st.builds("lang:{}".format, st.sampled_from(["fr", "en", "und", "(fr OR en)"])),
    st.builds("site:{}".format, st.sampled_from(["lemonde.fr", "lemonde", "mastodon", "a.example", "example", "fr"])),
    st.builds("is:{}".format, st.sampled_from(STATES)),
    st.builds('tag:"{}"'.format, st.sampled_from(["état", "État", "to call", "100%", "a_b", "vip", "x"])),
    st.builds("since:{}".format, st.sampled_from(["2026-11-22", "2026-11", "3d", "yesterday", "today", "12h"])),
    st.builds("until:{}".format, st.sampled_from(["2026-11-22", "2025", "3d", "yesterday", "today", "12h"])),
    st.builds("title:{}".format, words),
    st.builds("author:{}".format, words),
    st.builds("title:({} -{})".format, words, words),
)
leaves = st.one_of(words, words, st.builds("«{} {}»".format, words, words), facts, facts)


def written(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} {})".format, inner, inner),
        st.builds("({} -({}))".format, inner, inner),
    )


queries = st.recursive(leaves, written, max_leaves=6)
mentions = st.fixed_dictionaries(
    {
        "title": texts,
        "text": texts,
        "author": texts,
        "url": urls,
        "network": st.sampled_from(["mastodon", "lemonde.fr", "news"]),
        "language": st.sampled_from(["fr", "en", "und"]),
        "sentiment": st.sampled_from([None, "positive", "negative"]),
        "intent": st.sampled_from([None, "question", "praise"]),
        "about_us": st.sampled_from(["yes", "probably_not", "no"]),
        "status": st.sampled_from(["new", "open", "replied", "done", "spam"]),
        "addressed": st.sampled_from(["", "reply", "direct"]),
        "reply_url": st.sampled_from(["", "https://a.example/r"]),
        "tags": st.lists(tags, max_size=2, unique=True),
        "snoozed_until": st.sampled_from([None, NOW - timedelta(hours=1), NOW + timedelta(hours=1)]),
        "sorted_at": st.sampled_from([NOW - timedelta(hours=hours) for hours in (0, 9, 10, 11, 33, 34, 35, 71, 73)]),
    }
)


@pytest.fixture
def brand_id(db: Database) -> int:
    with db.write() as session:
        return create_brand(session, {"name": "Café", "time_zone": ZONE}, now=NOW).id


def fill(session: Session, brand_id: int, said: list[dict[str, Any]]) -> list[Mention]:
    session.execute(delete(Mention))
    numbers = count(1)
    rows = [Mention(id=next(numbers), brand_id=brand_id, seen_at=NOW, **fields) for fields in said]
    for row in rows:
        index_words(row)
    session.add_all(rows)
    session.flush()
    return rows


@pytest.mark.parametrize("common", [0, fulltext.COMMON], ids=["words are common", "words are rare"])
@bounded
@given(queries, st.lists(mentions, min_size=1, max_size=5))
def test_sql_and_the_matcher_find_the_same_mentions(
    common: int, db: Database, brand_id: int, text: str, said: list[dict[str, Any]]
) -> None:
    query = parse_search(text)
    asking = Asking(NOW, ZONE, member_id=1)
    wanted = Filter(statuses=("new", "open", "replied", "done", "spam"), query=query, zone=ZONE, member_id=1)
    with pytest.MonkeyPatch.context() as patch, db.write() as session:
        patch.setattr(fulltext, "COMMON", common)
        rows = fill(session, brand_id, said)
        awake = {row.id for row in rows if row.status not in ("new", "open") or (row.snoozed_until or NOW) <= NOW}
        matched = {row.id for row in rows if match_one(query, texts_of(row), about_mention(row, asking))}
        listed = {row.id for row in list_mentions(session, [brand_id], wanted, now=NOW)}
        assert listed == matched & awake
        assert matches(session, [row.id for row in rows], wanted, now=NOW) == listed
        counts = count_mentions(session, [brand_id], wanted, facets=["network"], now=NOW)
        assert (counts.total, counts.of) == (len(listed), len(listed))
