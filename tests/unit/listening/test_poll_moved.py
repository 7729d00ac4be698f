"""Feeds that moved: for good, for a while, onto one that is there already."""

from __future__ import annotations

from sqlalchemy import func, select

from backend.infra.changes import Change
from backend.infra.runtime import Runtime
from backend.listening.models import Feed, Source
from backend.listening.sources import change_source, create_source, remove_source
from tests.conftest import Clock
from tests.peers.feeds import FeedServer, Said
from tests.unit.listening.make import all_mentions, count, make_brand, make_source, only_feed, poll_due


def poll_days(runtime: Runtime, clock: Clock, days: int) -> None:
    for _ in range(days):
        poll_due(runtime)
        clock.forward(hours=25)


def test_a_feed_that_said_three_times_that_it_moved_for_good_is_asked_there_from_then_on(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock
) -> None:
    new = feeds.feed("/new", [article])
    old = feeds.redirect("/old", "/new", 301)
    make_source(runtime, make_brand(runtime), old)
    poll_days(runtime, clock, 2)
    with runtime.db.read() as session:
        assert only_feed(session).address == old
    poll_days(runtime, clock, 2)
    assert len(feeds.asked("/old")) == 3
    with runtime.db.read() as session:
        assert only_feed(session).address == new
        assert len(all_mentions(session)) == 1


def test_a_feed_that_is_back_after_two_days_elsewhere_never_moved(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock
) -> None:
    feeds.feed("/login", [article])
    old = feeds.redirect("/old", "/login", 301)
    make_source(runtime, make_brand(runtime), old)
    poll_days(runtime, clock, 2)
    feeds.feed("/old", [article])
    poll_days(runtime, clock, 1)
    feeds.redirect("/old", "/login", 301)
    poll_days(runtime, clock, 2)
    with runtime.db.read() as session:
        assert only_feed(session).address == old


def test_a_temporary_redirect_moves_nothing(runtime: Runtime, feeds: FeedServer, article: Said) -> None:
    feeds.feed("/new", [article])
    old = feeds.redirect("/old", "/new", 302)
    make_source(runtime, make_brand(runtime), old)
    poll_due(runtime)
    with runtime.db.read() as session:
        assert only_feed(session).address == old
        assert len(all_mentions(session)) == 1


def test_a_feed_that_moved_to_one_that_is_polled_already_joins_it(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock
) -> None:
    brand, other = make_brand(runtime), make_brand(runtime, "Autre")
    new = feeds.feed("/new", [article])
    make_source(runtime, brand, feeds.redirect("/old", "/new", 308))
    make_source(runtime, other, feeds.url + "/old")
    make_source(runtime, brand, new)
    poll_days(runtime, clock, 4)
    with runtime.db.read() as session:
        assert len(feeds.asked("/old")) == 3
        assert sorted(mention.brand_id for mention in all_mentions(session)) == [brand, other]
        assert count(session, Feed) == 2
        live = list(session.scalars(select(Source.feed_id).where(Source.removed_at.is_(None))))
        assert len(live) == 2
        assert len(set(live)) == 1


def test_a_feed_that_moved_to_one_that_was_put_away_brings_that_one_back(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock
) -> None:
    brand = make_brand(runtime)
    put_away = make_source(runtime, brand, feeds.feed("/new", []))
    with runtime.db.write() as session:
        remove_source(session, put_away, now=clock())
    moved = make_source(runtime, brand, feeds.redirect("/old", "/new", 308))
    with runtime.db.write() as session:
        named = {"name": "Le Journal", "take": "all", "purpose": "forums"}
        change_source(session, moved, named, version=1, now=clock())
        told = session.scalar(select(func.max(Change.id))) or 0
    poll_days(runtime, clock, 3)
    feeds.feed("/new", [article])
    poll_days(runtime, clock, 1)
    with runtime.db.read() as session:
        (live,) = session.scalars(select(Source).where(Source.removed_at.is_(None)))
        assert (live.id, live.name, live.take, live.purpose) == (put_away, "Le Journal", "all", "forums")
        assert (live.version, session.get_one(Source, moved).version) == (3, 3)
        assert [mention.source_id for mention in all_mentions(session)] == [put_away]
        changes = session.scalars(select(Change.ref).where(Change.kind == "source.changed", Change.id > told))
        assert {str(put_away), str(moved)} <= set(changes)


def test_a_list_on_a_page_that_moved_for_good_moves_with_what_is_picked_there(
    runtime: Runtime, feeds: FeedServer, clock: Clock
) -> None:
    feeds.put("/new", "<article><h2><a href='/1'>Bon</a></h2></article>", content_type="text/html")
    params = {"url": feeds.redirect("/old", "/new", 301), "item": "article"}
    brand = make_brand(runtime)
    with runtime.db.write() as session:
        create_source(session, brand, "page", params, now=clock())
    for _ in range(3):
        poll_due(runtime)
        clock.forward(hours=8)
    with runtime.db.read() as session:
        feed = only_feed(session, "page")
        assert feed.params == {"url": f"{feeds.url}/new", "item": "article"}
        assert feed.address == f"{feeds.url}/new"
