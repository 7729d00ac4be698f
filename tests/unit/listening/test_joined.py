"""What may be asked rarely is asked together: one request for the subreddits and the searches of everybody."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from backend.infra.errors import Conflict
from backend.infra.runtime import Runtime
from backend.listening.backfill import backfill_source
from backend.listening.budgets import take_token
from backend.listening.joined import is_for
from backend.listening.keywords import change_keyword, remove_keyword
from backend.listening.kinds import KINDS
from backend.listening.models import Feed, Source
from backend.listening.preview import preview_keyword
from backend.listening.sources import create_source, point_source, remove_source, restore_source, said_params
from tests.conftest import Clock
from tests.peers.feeds import FeedServer, Said, rss
from tests.unit.listening.make import all_mentions, make_brand, make_keyword, point_to, poll_due


def listen(runtime: Runtime, brand: int, sub: str, **values: Any) -> int:
    with runtime.db.write() as session:
        values = {"take": "all", "now": runtime.clock(), **values}
        return create_source(session, brand, "reddit", {"sub": sub}, **values).id


def feeds_of(runtime: Runtime, kind: str = "reddit", *, live: bool = True) -> list[str]:
    """What is asked, feed by feed."""
    with runtime.db.read() as session:
        query = select(Feed).where(Feed.kind == kind).order_by(Feed.id)
        found = [feed for feed in session.scalars(query) if feed.due_at is not None or not live]
        return [next(iter(feed.params.values())) for feed in found]


def post(sub: str, title: str) -> Said:
    return Said(title, text=f"On en parle dans {sub}", url=f"https://www.reddit.com/r/{sub}/comments/1{sub}/x/")


@pytest.fixture
def asked(runtime: Runtime, feeds: FeedServer) -> Runtime:
    return point_to(runtime, {"reddit": feeds.url, "reddit_search": feeds.url})


def test_subreddits_of_all_brands_are_one_request_and_each_hears_its_own(
    asked: Runtime, feeds: FeedServer, clock: Clock
) -> None:
    one, other = make_brand(asked), make_brand(asked, "Autre")
    listen(asked, one, "paris")
    listen(asked, other, "r/Lyon")
    listen(asked, other, "paris")
    assert feeds_of(asked) == ["lyon+paris"]
    feeds.put("/r/lyon+paris/new/.rss", rss([post("paris", "À Paris"), post("Lyon", "À Lyon")]))
    assert poll_due(asked) == 1
    with asked.db.read() as session:
        heard = sorted((mention.brand_id, mention.title) for mention in all_mentions(session))
        feed = session.scalars(select(Feed)).one()
        assert feed.address == "https://www.reddit.com/r/lyon+paris/new/"
        assert [source.url for source in session.scalars(select(Source).order_by(Source.id))] == [
            "https://www.reddit.com/r/paris/new/",
            "https://www.reddit.com/r/lyon/new/",
            "https://www.reddit.com/r/paris/new/",
        ]
    assert heard == [(one, "À Paris"), (other, "À Lyon"), (other, "À Paris")]


def test_a_part_comes_and_goes_and_what_was_read_stays(asked: Runtime, feeds: FeedServer, clock: Clock) -> None:
    brand = make_brand(asked)
    first = listen(asked, brand, "paris")
    feeds.put("/r/paris/new/.rss", rss([post("paris", "À Paris")]), etag='"1"')
    poll_due(asked)
    assert poll_due(asked) == 0
    second = listen(asked, brand, "lyon")
    feeds.put("/r/lyon+paris/new/.rss", rss([post("paris", "À Paris"), post("lyon", "À Lyon")]))
    assert poll_due(asked) == 1  # what is new is asked for at once, without the validators of another question
    assert "if-none-match" not in feeds.seen[-1].headers
    with asked.db.write() as session:
        remove_source(session, first, now=clock())
    assert feeds_of(asked) == ["lyon"]
    with asked.db.read() as session:
        assert len(all_mentions(session)) == 2
    with asked.db.write() as session:
        remove_source(session, second, now=clock())
    assert feeds_of(asked) == []
    with asked.db.write() as session:
        assert restore_source(session, first, now=clock()).id == first
    assert feeds_of(asked) == ["paris"]
    assert listen(asked, brand, "lyon") == second
    assert feeds_of(asked) == ["lyon+paris"]


def test_a_new_listener_gets_what_was_read_of_its_part_only(asked: Runtime, feeds: FeedServer) -> None:
    brand, other = make_brand(asked), make_brand(asked, "Autre")
    listen(asked, brand, "paris")
    listen(asked, brand, "lyon")
    feeds.put("/r/lyon+paris/new/.rss", rss([post("paris", "À Paris"), post("lyon", "À Lyon")]))
    poll_due(asked)
    backfill_source(asked, listen(asked, other, "lyon"))
    with asked.db.read() as session:
        assert [one.title for one in all_mentions(session) if one.brand_id == other] == ["À Lyon"]
    assert preview_keyword(asked, other, "paris").count == 0
    assert preview_keyword(asked, brand, "paris").count == 1


def test_a_full_feed_is_left_alone_and_the_next_begins_another(asked: Runtime, clock: Clock) -> None:
    brand = make_brand(asked)
    ids = [listen(asked, brand, f"sub{n:02}") for n in range(25)]
    assert [one.count("+") + 1 for one in feeds_of(asked)] == [20, 5]
    with asked.db.write() as session:
        for source in ids[:3]:
            remove_source(session, source, now=clock())
    for n in range(30, 33):
        listen(asked, brand, f"sub{n}")
    assert [one.count("+") + 1 for one in feeds_of(asked)] == [20, 5]
    with asked.db.write() as session:  # they come back where there is no room any more
        for source in ids[:3]:
            restore_source(session, source, now=clock())
    parts = [set(one.split("+")) for one in feeds_of(asked)]
    assert all(len(one) <= 20 for one in parts)
    assert set.union(*parts) == {f"sub{n:02}" for n in [*range(25), *range(30, 33)]}


def test_searches_of_keywords_are_joined_and_every_brand_finds_its_own(
    asked: Runtime, feeds: FeedServer, clock: Clock
) -> None:
    one, other = make_brand(asked), make_brand(asked, "Autre")
    first, second = make_keyword(asked, one, '"café lumière"'), make_keyword(asked, other, "bistrot -bar")
    assert feeds_of(asked, "reddit_search") == ['("café lumière") OR (bistrot -bar)']
    said = [post("paris", "Le café Lumière"), post("lyon", "Un bistrot"), post("nice", "Un bar bistrot")]
    feeds.put("/search.rss", rss(said))
    poll_due(asked, kinds=("reddit_search",))
    (request,) = feeds.asked("/search.rss")
    assert request.query["q"] == '("café lumière") OR (bistrot -bar)'
    with asked.db.read() as session:
        heard = sorted((mention.brand_id, mention.title) for mention in all_mentions(session))
    assert heard == [(one, "Le café Lumière"), (other, "Un bistrot")]
    with asked.db.write() as session:
        change_keyword(session, first, {"query": "comptoir"}, version=1, now=clock())
    assert feeds_of(asked, "reddit_search") == ["(bistrot -bar) OR (comptoir)"]
    with asked.db.write() as session:
        change_keyword(session, first, {"paused": True}, version=2, now=clock())
    assert feeds_of(asked, "reddit_search") == ["bistrot -bar"]
    with asked.db.write() as session:
        change_keyword(session, first, {"paused": False}, version=3, now=clock())
        remove_keyword(session, second, now=clock())
    assert feeds_of(asked, "reddit_search") == ["comptoir"]


def test_many_keywords_cost_few_requests(asked: Runtime) -> None:
    brand = make_brand(asked)
    for n in range(40):
        make_keyword(asked, brand, f'"maison numéro {n}"')
    joined = feeds_of(asked, "reddit_search")
    assert len(joined) <= 4
    assert all(len(one) <= 450 for one in joined)
    assert sum(one.count("maison") for one in joined) == 40
    with asked.db.read() as session:
        live = session.scalars(select(Source).join(Feed).where(Feed.kind == "reddit_search")).all()
        assert len({source.keyword_id for source in live}) == 40


def test_all_that_is_asked_of_reddit_shares_one_request_a_minute(asked: Runtime, clock: Clock) -> None:
    services = {KINDS[kind].service for kind in ("reddit", "reddit_search")}
    assert services == {"reddit.com"}
    with asked.db.write() as session:
        assert take_token(session, "reddit.com", now=clock()) == 0
        assert 64 < take_token(session, "reddit.com", now=clock()) <= 65


def test_an_item_is_of_the_part_its_address_names() -> None:
    reddit = KINDS["reddit"]
    assert is_for(reddit, "paris", "https://www.reddit.com/r/Paris/comments/1/x/")
    assert not is_for(reddit, "paris", "https://www.reddit.com/r/parisfood/comments/1/x/")
    assert is_for(KINDS["feed"], "", "https://www.reddit.com/r/parisfood/comments/1/x/")
    # A keyword has one source of a joined kind, whose part changes with its words.
    joined = [kind for kind in KINDS.values() if kind.joint is not None and kind.asks]
    assert [(kind.asks, kind.editions) for kind in joined] == [("web", ())]


def test_another_subreddit_in_the_place_of_one_is_asked_for_and_the_others_stay(asked: Runtime) -> None:
    mine = listen(asked, make_brand(asked), "paris")
    listen(asked, make_brand(asked, "Un autre"), "paris")
    with asked.db.write() as session:
        before = session.get_one(Source, mine).feed_id
        source = point_source(session, mine, {"sub": "lyon"}, now=asked.clock())
        assert (source.part, source.url) == ("lyon", "https://www.reddit.com/r/lyon/new/")
        assert said_params(source, session.get_one(Feed, source.feed_id)) == {"sub": "lyon"}
        assert point_source(session, mine, {"sub": "lyon"}, now=asked.clock()).feed_id == source.feed_id == before
    assert feeds_of(asked) == ["lyon+paris"]
    third = listen(asked, source.brand_id, "nice")
    with asked.db.write() as session, pytest.raises(Conflict):
        point_source(session, third, {"sub": "lyon"}, now=asked.clock())
