"""The invented café: filled, plausible, and gone without a trace."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select

from backend.demo import fill, remove
from backend.demo.mentions import make_mentions
from backend.inbox.models import Mention
from backend.infra.jobs import lease_due
from backend.infra.runtime import Runtime
from backend.listening.models import Feed
from backend.models import metadata
from backend.publishing.models import Delivery
from tests.unit.listening.make import make_brand, make_keyword


def rows(runtime: Runtime) -> dict[str, int]:
    with runtime.db.read() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in metadata.tables.items()
        }


def test_some_400_mentions_of_the_last_month_in_two_languages(at: datetime) -> None:
    said = make_mentions(at)
    assert said == make_mentions(at)
    assert 380 <= len(said) <= 420
    assert all(at - timedelta(days=31) <= (one.published_at or at) <= at for one in said)
    languages = Counter(one.language for one in said)
    assert languages["fr"] > languages["en"] > 80
    assert Counter(one.values["status"] for one in said)["new"] > 15
    assert len({one.network for one in said}) >= 6
    assert not any("{" in one.text for one in said)


def test_the_demo_is_filled_once_and_goes_without_a_trace(runtime: Runtime) -> None:
    other = make_brand(runtime, "Autre")
    make_keyword(runtime, other, "bistrot")
    before = rows(runtime)
    words = fill(runtime, now=runtime.clock())
    assert "mentions" in words
    full = rows(runtime)
    assert 380 <= full["mentions"] - before["mentions"] <= 420
    assert full["mention_keywords"] > 380
    assert full["saved_replies"] > 10
    assert full["clicks"] > 1000
    assert full["posts"] == 9
    with runtime.db.read() as session:
        judged = set(session.scalars(select(Mention.intent)))
        # As any other mention would be: told by the words, and by what was marked.
        assert judged >= {"question", "complaint", "praise", None}
        doubted = list(session.scalars(select(Mention).where(Mention.about_us == "probably_not")))
        assert {mention.status for mention in doubted} == {"new"}
        assert len(doubted) >= 3
    assert "already" in fill(runtime, now=runtime.clock())
    assert rows(runtime)["mentions"] == full["mentions"]
    assert "gone" in remove(runtime, now=runtime.clock())
    after = rows(runtime)
    kept = {"changes", "remembered", "referrers", "visitor_salts", "rolled_up"}
    assert {name: n for name, n in after.items() if name not in kept} == {
        name: n for name, n in before.items() if name not in kept
    }
    assert "no demo" in remove(runtime, now=runtime.clock())


def test_nothing_of_the_demo_asks_or_posts_anywhere(sqlite_runtime: Runtime, at: datetime) -> None:
    fill(sqlite_runtime, now=at)
    with sqlite_runtime.db.write() as session:
        for model in (Feed, Delivery):
            assert lease_due(session, model, now=at + timedelta(days=60), lease_s=1, limit=10, worker="x") == []
