"""A search says the same as SQL on both databases and as the matcher, of every mention and every query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from sqlalchemy import and_, delete, literal, select, union_all
from sqlalchemy.orm import Session

from backend.accounts.brands import create_brand
from backend.inbox import fulltext
from backend.inbox.asked import Asking, about_mention, stored_mentions, texts_of
from backend.inbox.counting import count_mentions
from backend.inbox.fulltext import index_words
from backend.inbox.models import Mention
from backend.inbox.search import Filter, list_mentions, matches
from backend.infra.db import Database
from backend.query.fields import STATES, STATUSES, TYPES
from backend.query.grammar import Query, parse_search
from backend.query.index import Index
from backend.query.match import Matcher, match_one, match_reading, read_text
from backend.query.sql import query_condition, search_words

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ZONE = "Europe/Paris"
INDEX = Index(Mention.__table__)
PAIRS = 5_000  # of a query and a mention, on each database and both ways of reading
ROUNDS, QUERIES, MENTIONS = 5, 100, 10
WORDS = (
    "café", "Lumière", "bar", "C++", "l’été", "地震", "week-end", "#CafeLumiere", "a_b", "100%", "Apple", "apple",
    "lemonde.fr", "cafés", "12e34", "S.N.C.F.", "@cafe_lumiere", "दिल्ली", "চা",
    "สวัสดี", "US", "us", "USB", "MonÉté", "été", "lemonde.fr.au",
)  # fmt: skip
TAGS = ("état", "État", "to call", "100%", "a_b", 'say "x"', "VIP")
URLS = (
    "https://lemonde.fr/a", "https://www.LeMonde.fr", "https://notlemonde.fr/b", "https://blog.lemonde.fr/x?u=a.b",
    "https://mastodon.example/lemonde.fr/1", "http://a.example:8080/x", "https://lemonde.fr/a/b#c",
    "https://lemonde.fr/ab", "https://lemonde.fr/A?b",
)  # fmt: skip
FACTS = (
    *(f"lang:{one}" for one in ("fr", "en", "und", "(fr OR en)")),
    *(
        f"site:{one}"
        for one in ("lemonde.fr", "lemonde", "mastodon", "a.example", "example", "fr", "lemonde.fr/a", "lemonde/a")
    ),
    *(f'site:"{one}"' for one in ("lemonde.fr/x", "lemonde.fr/x?u=a.b", "https://www.LeMonde.fr/A/", "mastodon/x")),
    *(f"type:{one}" for one in TYPES),
    *(f"source:{one}" for one in ("feed", "page", "hackernews")),
    *(f"is:{one}" for one in STATES),
    *(f'tag:"{one}"' for one in ("état", "État", "to call", "100%", "a_b", "vip", "x")),
    *(f"since:{one}" for one in ("2026-11-22", "2026-11", "3d", "yesterday", "today", "12h", "9999y")),
    *(f"until:{one}" for one in ("2026-11-22", "2025", "3d", "yesterday", "today", "12h")),
)


def some_query(chance: Random, depth: int = 3) -> str:
    if depth and chance.random() < 0.5:
        one, other = some_query(chance, depth - 1), some_query(chance, depth - 1)
        return chance.choice(("({} OR {})", "({} {})", "({} -({}))", "({} SAUF {})")).format(one, other)
    return some_leaf(chance)


def some_leaf(chance: Random) -> str:
    one, other, third = chance.sample(WORDS, 3)
    field = chance.choice(("", "", "", "title:", "author:"))
    begin = chance.choice(("caf*", "lumi*", "app*", "地*", "mon*", "12e*", "cafelum*", "week*"))
    return chance.choice(
        (
            field + one, one, one, f"{field}«{one} {other}»", f'"{one} {other}"', field + begin, f'"{one} {begin}"',
            f'{field}"{one} {other}"~{chance.randrange(1, 5)}', f"{one} NEAR/{chance.randrange(1, 4)} {other}",
            f"{begin} NEAR/2 ({one} OR «{other} {third}»)", f"`{one}`", f"{field}`{one} {other}`",
            f"`{one[:-1]}`", f"`{chance.choice(('US', 'Été', 'été', '-US', 'Apple'))}`",
            "lemonde.fr", "a.example", f"title:({one} -{other})", chance.choice(FACTS), chance.choice(FACTS),
        )
    )  # fmt: skip


def some_text(chance: Random) -> str:
    return chance.choice((" ", ", ", " – ")).join(chance.choices((*WORDS, "lemonde, fr"), k=chance.randrange(12)))


def some_mention(chance: Random) -> dict[str, Any]:
    return {
        "title": some_text(chance),
        "text": some_text(chance),
        "author": some_text(chance),
        "url": chance.choice(URLS),
        "network": chance.choice(["mastodon", "lemonde.fr", "news"]),
        "language": chance.choice(["fr", "en", "und"]),
        "type": chance.choice(TYPES),
        "source_kind": chance.choice(["feed", "page", "hackernews"]),
        "sentiment": chance.choice([None, "positive", "negative"]),
        "intent": chance.choice([None, "question", "praise"]),
        "about_us": chance.choice(["yes", "probably_not", "no"]),
        "status": chance.choice(["new", "open", "replied", "done", "spam"]),
        "addressed": chance.choice(["", "reply", "direct"]),
        "reply_url": chance.choice(["", "https://a.example/r"]),
        "tags": chance.sample(TAGS, chance.randrange(3)),
        "snoozed_until": chance.choice([None, NOW - timedelta(hours=1), NOW + timedelta(hours=1)]),
        "sorted_at": NOW - timedelta(hours=chance.choice((0, 9, 10, 11, 33, 34, 35, 71, 73))),
    }


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


def found_by_sql(session: Session, queries: Sequence[Query], asking: Asking, *, indexed: bool) -> list[set[int]]:
    """Which mentions each query finds: many queries in one statement. `indexed`: only what the full-text index lets
    through, as lists of rare words are read."""
    selects = []
    for number, query in enumerate(queries):
        condition = query_condition(query, stored_mentions(asking))
        needed = search_words(query) if indexed else None
        if needed is not None:
            condition = and_(INDEX.holds(session, needed), condition)
        selects.append(select(literal(number), Mention.id).where(condition))
    found: list[set[int]] = [set() for _ in queries]
    for start in range(0, len(selects), 50):  # SQLite takes no more than 500 in one
        for number, mention_id in session.execute(union_all(*selects[start : start + 50])):
            found[number].add(mention_id)
    return found


@pytest.mark.parametrize("indexed", [False, True], ids=["every row is read", "through the index"])
def test_sql_and_the_matcher_find_the_same_mentions_for_5000_random_pairs(
    indexed: bool, db: Database, brand_id: int
) -> None:
    asking = Asking(NOW, ZONE, member_id=1)
    pairs = hits = 0
    for seed in range(ROUNDS):
        chance = Random(f"{seed}")  # noqa: S311
        queries = [parse_search(some_query(chance)) for _ in range(QUERIES)]
        with db.write() as session:
            rows = fill(session, brand_id, [some_mention(chance) for _ in range(MENTIONS)])
            readings = {row.id: read_text(texts_of(row), about_mention(row, asking)) for row in rows}
            by_sql = found_by_sql(session, queries, asking, indexed=indexed)
        matcher = Matcher(dict(enumerate(queries)))
        by_matcher: list[set[int]] = [set() for _ in queries]
        for mention_id, reading in readings.items():
            for match in matcher.match_reading(reading):
                by_matcher[match.key].add(mention_id)
        for query, sql, matched in zip(queries, by_sql, by_matcher, strict=True):
            assert sql == matched, query.text
            assert matched == {id for id, reading in readings.items() if match_reading(query, reading)}, query.text
            pairs += MENTIONS
            hits += len(matched)
    assert pairs == PAIRS
    assert 0.2 * PAIRS < hits < 0.8 * PAIRS  # neither everything nor nothing is compared


@pytest.mark.parametrize("common", [0, fulltext.COMMON], ids=["words are common", "words are rare"])
def test_lists_counts_and_rules_find_what_the_matcher_finds(common: int, db: Database, brand_id: int) -> None:
    asking = Asking(NOW, ZONE, member_id=1)
    chance = Random("lists")  # noqa: S311
    with pytest.MonkeyPatch.context() as patch, db.write() as session:
        patch.setattr(fulltext, "COMMON", common)
        rows = fill(session, brand_id, [some_mention(chance) for _ in range(8)])
        awake = {row.id for row in rows if row.status not in ("new", "open") or (row.snoozed_until or NOW) <= NOW}
        for query in [parse_search(some_query(chance)) for _ in range(40)]:
            wanted = Filter(statuses=STATUSES, query=query, zone=ZONE, member_id=1)
            matched = {row.id for row in rows if match_one(query, texts_of(row), about_mention(row, asking))}
            listed = {row.id for row in list_mentions(session, [brand_id], wanted, now=NOW)}
            assert listed == matched & awake, query.text
            assert matches(session, [row.id for row in rows], wanted, now=NOW) == listed
            counts = count_mentions(session, [brand_id], wanted, facets=["network"], now=NOW)
            assert (counts.total, counts.of) == (len(listed), len(listed))
