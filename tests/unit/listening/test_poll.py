"""From a feed to mentions: real HTTP, both databases."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.accounts.brands import change_brand, remove_brand, restore_brand
from backend.infra.changes import Change
from backend.infra.http import HttpClient
from backend.infra.jobs import lease_due
from backend.infra.net import Address
from backend.infra.runtime import Runtime
from backend.listening.activity import items_per_week
from backend.listening.backfill import backfill_keyword
from backend.listening.budgets import take_token
from backend.listening.ingest import plan_items
from backend.listening.keywords import change_keyword, remove_keyword, restore_keyword
from backend.listening.models import Feed, Item, Source
from backend.listening.poll import poll_one
from backend.listening.sources import remove_source, restore_source
from tests.conftest import Clock
from tests.peers.feeds import FeedServer, Said, rss
from tests.unit.listening.make import (
    all_mentions,
    count,
    hits_of,
    make_brand,
    make_keyword,
    make_source,
    only_feed,
    places_of,
    point_to,
    poll_due,
)

SKIP_ALL_BUT_NOON = "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(24) if hour != 12) + "</skipHours>"


def test_a_feed_becomes_mentions_once(runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock) -> None:
    brand = make_brand(runtime)
    make_source(runtime, brand, feeds.feed("/rss", [article]))
    assert poll_due(runtime) == 1
    clock.forward(hours=6)
    assert poll_due(runtime) == 1
    with runtime.db.read() as session:
        (mention,) = all_mentions(session)
        assert mention.title == "Le Café Lumière ouvre une terrasse"
        assert mention.text == "Au soleil, rue des Lilas."
        assert (mention.status, mention.network, mention.source_kind, mention.language) == ("new", "web", "feed", "fr")
        assert mention.sorted_at == article.at
        assert len(places_of(session, mention)) == 1
        kinds = list(session.scalars(select(Change.kind).where(Change.kind.like("mention.%"))))
        assert kinds == ["mention.created"]


def test_the_second_request_is_conditional_and_a_304_reads_nothing(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock
) -> None:
    make_source(runtime, make_brand(runtime), feeds.feed("/rss", [article]))
    poll_due(runtime)
    clock.forward(hours=6)
    poll_due(runtime)
    first, second = feeds.asked("/rss")
    assert "if-none-match" not in first.headers
    assert "if-modified-since" not in first.headers
    assert second.headers["if-none-match"] == feeds.pages["/rss"].etag
    assert second.headers["if-modified-since"] == feeds.pages["/rss"].last_modified
    assert "cookie" not in second.headers
    assert "referer" not in second.headers
    assert second.headers["user-agent"].startswith("Entregent/")


def test_a_body_that_did_not_change_is_not_read_again_where_a_server_knows_no_304(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_source(runtime, make_brand(runtime), feeds.feed("/rss", [article], validators=False))
    poll_due(runtime)
    clock.forward(hours=6)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("it was parsed again")

    monkeypatch.setattr("backend.connectors.feed.client.parse_feed", refuse)
    poll_due(runtime)
    with runtime.db.read() as session:
        assert only_feed(session).last_error == ""
        assert only_feed(session).last_polled_at == clock()


def test_what_appears_later_is_found_and_what_was_there_stays_one(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock, at: datetime
) -> None:
    make_source(runtime, make_brand(runtime), feeds.feed("/rss", [article]))
    poll_due(runtime)
    second = Said("Un concert au Café Lumière ce soir", url="https://journal.example/concert", at=at)
    feeds.feed("/rss", [second, article])
    clock.forward(hours=6)
    poll_due(runtime)
    with runtime.db.read() as session:
        assert [mention.url for mention in all_mentions(session)] == [article.url, second.url]


def test_only_what_matches_a_keyword_is_taken_from_a_source_that_matches(
    runtime: Runtime, feeds: FeedServer, article: Said
) -> None:
    brand = make_brand(runtime)
    keyword = make_keyword(runtime, brand, '"cafe lumiere" -bar')
    other = Said("Rien à voir", url="https://journal.example/rien")
    excluded = Said("Café Lumière, le bar", url="https://journal.example/bar")
    make_source(runtime, brand, feeds.feed("/rss", [article, other, excluded]), take="matching")
    poll_due(runtime, kinds=("feed",))
    with runtime.db.read() as session:
        (mention,) = all_mentions(session)
        (hit,) = hits_of(session, mention)
        assert (hit.keyword_id, hit.highlights) == (keyword, [{"field": "title", "start": 3, "end": 15}])
        assert mention.title[3:15] == "Café Lumière"
        assert count(session, Item) == 3


def test_eight_brands_with_one_feed_make_one_poll(runtime: Runtime, feeds: FeedServer, article: Said) -> None:
    url = feeds.feed("/rss", [article])
    brands = [make_brand(runtime, f"Brand {n}") for n in range(8)]
    for brand in brands:
        make_source(runtime, brand, url)
    assert poll_due(runtime) == 1
    assert len(feeds.asked("/rss")) == 1
    with runtime.db.read() as session:
        assert [mention.brand_id for mention in all_mentions(session)] == brands
        assert count(session, Feed) == count(session, Item) == 1


def test_two_feeds_with_the_same_article_make_one_mention_in_two_places(
    runtime: Runtime, feeds: FeedServer, article: Said
) -> None:
    brand = make_brand(runtime)
    again = Said(article.title, url="http://www.journal.example/terrasse/?fbclid=abc#top", guid="other", at=article.at)
    make_source(runtime, brand, feeds.feed("/one", [article]))
    make_source(runtime, brand, feeds.feed("/two", [again]))
    assert poll_due(runtime) == 2
    with runtime.db.read() as session:
        (mention,) = all_mentions(session)
        assert {place.url for place in places_of(session, mention)} == {article.url, again.url}


def test_the_same_title_elsewhere_is_another_mention_of_the_same_story(
    runtime: Runtime, feeds: FeedServer, article: Said
) -> None:
    brand = make_brand(runtime)
    wire = Said("Le Café Lumière ouvre une terrasse", url="https://autre.example/a1", at=article.at)
    long = [Said(f"{one.title} au bord de l’eau", url=one.url, at=one.at) for one in (article, wire)]
    make_source(runtime, brand, feeds.feed("/one", long))
    poll_due(runtime)
    with runtime.db.read() as session:
        first, second = all_mentions(session)
        assert first.story_id == second.story_id == first.id


def test_the_searches_of_a_keyword_bring_each_article_once(runtime: Runtime, feeds: FeedServer, at: datetime) -> None:
    runtime = point_to(runtime, feeds.endpoints())
    feeds.said = [
        Said(
            "Le Café Lumière ouvre une terrasse",
            text="Au soleil",
            url="https://journal.example/terrasse",
            publisher="Le Journal",
            at=at - timedelta(days=1),
        ),
        Said("Ask HN: is Café Lumière any good?", url="https://hn.example", network="hackernews", at=at),
        Said("toot", text="Superbe café au Lumière", network="mastodon", at=at - timedelta(hours=1)),
    ]
    brand = make_brand(runtime, languages=["fr"])
    keyword = make_keyword(runtime, brand, "café lumière")
    with runtime.db.read() as session:
        kinds = sorted(
            session.scalars(
                select(Feed.kind).join(Source).where(Source.keyword_id == keyword, Feed.due_at.is_not(None))
            )
        )
    assert kinds == sorted(
        ["bingnews", "googlenews", "hackernews", "mastodon", "mastodon", "reddit_search", "lobsters",
         "lobsters_comments", "github", "stackexchange", "wikipedia"]
    )  # fmt: skip
    assert poll_due(runtime) == len(kinds)
    with runtime.db.read() as session:
        mentions = {mention.network: mention for mention in all_mentions(session)}
        assert sorted(mentions) == ["hackernews", "mastodon", "news"]
        assert count(session, Feed) == len(kinds)
        news = mentions["news"]
        assert news.title == "Le Café Lumière ouvre une terrasse"
        assert news.url == "https://journal.example/terrasse"
        assert len(places_of(session, news)) == 2
        assert [hit.keyword_id for hit in hits_of(session, news)] == [keyword]
        assert len(all_mentions(session)) == 3


def test_a_snippet_without_our_words_carries_its_keyword_but_excluded_words_count(
    runtime: Runtime, feeds: FeedServer, at: datetime
) -> None:
    runtime = point_to(runtime, feeds.endpoints())
    feeds.said = [
        Said("Une terrasse au soleil avec lumière", url="https://a.example/1", at=at, publisher="A"),
        Said("Le bar lumière ferme ses portes", url="https://a.example/2", at=at, publisher="A"),
    ]
    keyword = make_keyword(runtime, make_brand(runtime, languages=["fr"]), '"café lumière" -bar')
    poll_due(runtime, kinds=("googlenews",))
    with runtime.db.read() as session:
        (mention,) = all_mentions(session)
        (hit,) = hits_of(session, mention)
        assert mention.title == "Une terrasse au soleil avec lumière"
        assert (hit.keyword_id, hit.highlights) == (keyword, [])


def test_google_news_with_another_link_and_guid_is_the_same_article(
    runtime: Runtime, feeds: FeedServer, at: datetime, clock: Clock
) -> None:
    runtime = point_to(runtime, feeds.endpoints())
    feeds.said = [Said("Le Café Lumière ouvre ses portes", url="https://a.example/1", at=at, publisher="A")]
    make_keyword(runtime, make_brand(runtime, languages=["fr"]), "lumière")
    for _ in range(3):
        poll_due(runtime, kinds=("googlenews",))
        clock.forward(hours=5)
    asked = feeds.asked("/rss/search")
    assert len(asked) == 3
    assert [one.query["q"] for one in asked] == ["lumière when:30d", "lumière when:7d", "lumière when:7d"]
    assert asked[0].query | {"q": ""} == {"q": "", "hl": "fr", "gl": "FR", "ceid": "FR:fr"}
    with runtime.db.read() as session:
        assert len(all_mentions(session)) == count(session, Item) == 1


def test_what_was_paused_or_removed_is_not_polled_and_comes_back(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock
) -> None:
    brand = make_brand(runtime)
    source = make_source(runtime, brand, feeds.feed("/rss", [article]))
    with runtime.db.write() as session:
        remove_source(session, source, now=clock())
    assert poll_due(runtime) == 0
    with runtime.db.write() as session:
        restore_source(session, source, now=clock())
    assert poll_due(runtime) == 1


def test_pausing_a_keyword_rests_its_searches_and_another_query_makes_others(
    runtime: Runtime, feeds: FeedServer, clock: Clock
) -> None:
    runtime = point_to(runtime, feeds.endpoints())
    keyword = make_keyword(runtime, make_brand(runtime, languages=["fr"]), "lumière")

    def due() -> set[str]:
        with runtime.db.read() as session:
            return set(session.scalars(select(Feed.address).where(Feed.due_at.is_not(None), Feed.kind == "hackernews")))

    first = due()
    assert len(first) == 1
    with runtime.db.write() as session:
        change_keyword(session, keyword, {"paused": True}, version=1, now=clock())
    assert due() == set()
    with runtime.db.write() as session:
        change_keyword(session, keyword, {"paused": False, "query": "ombre"}, version=2, now=clock())
    second = due()
    assert len(second) == 1
    assert first != second
    with runtime.db.write() as session:
        remove_keyword(session, keyword, now=clock())
    assert due() == set()


def test_an_old_fence_writes_nothing(runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock) -> None:
    make_source(runtime, make_brand(runtime), feeds.feed("/rss", [article]))
    with runtime.db.write() as session:
        (lease,) = lease_due(session, Feed, now=clock(), lease_s=60, limit=10, worker="one")
    clock.forward(seconds=61)
    with runtime.db.write() as session:
        (newer,) = lease_due(session, Feed, now=clock(), lease_s=60, limit=10, worker="two")
    poll_one(runtime, lease.ref, lease.fence)
    assert feeds.seen == []
    poll_one(runtime, newer.ref, newer.fence)
    poll_one(runtime, newer.ref, newer.fence)
    assert len(feeds.seen) == 1


def test_hours_without_news_count_on_while_the_feed_does_not_change(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock
) -> None:
    body = rss([article]).decode().replace("<item>", SKIP_ALL_BUT_NOON + "<item>", 1)
    make_source(runtime, make_brand(runtime), feeds.put("/rss", body, etag='"1"'))
    for _ in range(3):
        poll_due(runtime)
        with runtime.db.read() as session:
            feed = only_feed(session)
            assert feed.wishes["skip_hours"] == [n for n in range(24) if n != 12]
            assert feed.due_at is not None
            assert feed.due_at.hour == 12
            clock.forward(seconds=(feed.due_at - clock()).total_seconds())
    assert ["if-none-match" in seen.headers for seen in feeds.asked("/rss")] == [False, True, True]


def nobody_is_known(host: str, port: int) -> Sequence[Address]:
    raise socket.gaierror(socket.EAI_NONAME, f"{host}:{port}")


def test_an_outage_of_our_own_network_is_no_sources_fault(runtime: Runtime, clock: Clock) -> None:
    runtime = replace(runtime, http=HttpClient(ask=nobody_is_known))
    brand = make_brand(runtime)
    for name in "abcd":
        make_source(runtime, brand, f"https://{name}.example/rss")

    def errors() -> list[tuple[str, int]]:
        with runtime.db.read() as session:
            return [(feed.last_error, feed.failures) for feed in session.scalars(select(Feed).order_by(Feed.id))]

    for _ in range(20):
        poll_due(runtime)
        clock.forward(minutes=2)
    assert errors() == [("", 0)] * 4
    # The network is there again: who is silent now is so by itself.
    clock.forward(minutes=20)
    runtime.reach.answered("somebody.example", now=clock())
    poll_due(runtime)
    assert sum(failures for _, failures in errors()) == 2, "before a third is silent too"
    assert {error for error, _ in errors()} == {"", "unreachable"}


def test_a_service_that_says_that_its_limit_is_reached_is_left_alone(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock
) -> None:
    runtime = replace(runtime, settings=replace(runtime.settings, allow_private_hosts=frozenset()))
    url = feeds.put("/rss", rss([article]), headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "900"})
    make_source(runtime, make_brand(runtime), url)
    poll_due(runtime)
    with runtime.db.write() as session:
        assert 890 < take_token(session, "127.0.0.1", now=clock()) < 910


def test_a_brand_that_was_put_away_is_not_listened_for_and_comes_back(
    runtime: Runtime, feeds: FeedServer, article: Said, clock: Clock
) -> None:
    brand = make_brand(runtime)
    make_source(runtime, brand, feeds.feed("/rss", [article]))
    with runtime.db.write() as session:
        remove_brand(session, brand, now=clock())
    poll_due(runtime)
    assert feeds.seen == []
    with runtime.db.write() as session:
        restore_brand(session, brand, now=clock())
    clock.forward(hours=7)
    poll_due(runtime)
    with runtime.db.read() as session:
        assert len(all_mentions(session)) == 1


def test_the_language_that_a_feed_names_is_the_one_it_is_understood_in(
    sqlite_runtime: Runtime, feeds: FeedServer
) -> None:
    item = "<item><title>Panne</title><link>https://a.example/1</link><description>Rien ne marche</description></item>"
    for language in ("fr", "de"):
        text = f"<rss version='2.0'><channel><title>x</title><language>{language}</language>{item}</channel></rss>"
        make_source(sqlite_runtime, make_brand(sqlite_runtime, language), feeds.put(f"/{language}", text))
    poll_due(sqlite_runtime)
    with sqlite_runtime.db.read() as session:
        assert [(m.language, bool(m.guesses)) for m in all_mentions(session)] == [("fr", True), ("de", False)]


@pytest.mark.parametrize("comes", ["while it is asked", "while it is matched"])
def test_a_keyword_that_comes_while_a_feed_is_polled_finds_what_the_poll_brings(
    runtime: Runtime, feeds: FeedServer, article: Said, monkeypatch: pytest.MonkeyPatch, comes: str
) -> None:
    brand = make_brand(runtime)
    made: list[int] = []

    def make_once() -> None:
        if not made:
            made.append(make_keyword(runtime, brand, '"cafe lumiere"'))
            assert backfill_keyword(runtime, made[0]) == 0  # nothing is stored yet

    body = feeds.pages[feeds.feed("/rss", [article]).removeprefix(feeds.url)].body

    def asked(_seen: object) -> bytes:
        if comes == "while it is asked":
            make_once()
        assert isinstance(body, bytes)
        return body

    def plan(*args: Any, **named: Any) -> Any:
        planned = plan_items(*args, **named)
        if comes == "while it is matched":
            make_once()
        return planned

    monkeypatch.setattr("backend.listening.arrive.plan_items", plan)
    make_source(runtime, brand, feeds.put("/rss", asked), take="matching")
    poll_due(runtime, kinds=("feed",))
    with runtime.db.read() as session:
        (mention,) = all_mentions(session)
        assert [hit.keyword_id for hit in hits_of(session, mention)] == made


def test_a_brand_that_begins_to_listen_while_a_feed_is_polled_gets_what_the_poll_brings(
    runtime: Runtime, feeds: FeedServer, article: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand, other = make_brand(runtime), make_brand(runtime, "Un autre")
    url, made = feeds.feed("/rss", [article]), list[int]()

    def plan(*args: Any, **named: Any) -> Any:
        planned = plan_items(*args, **named)
        if not made:
            made.append(make_source(runtime, other, url))
        return planned

    monkeypatch.setattr("backend.listening.arrive.plan_items", plan)
    make_source(runtime, brand, url)
    poll_due(runtime)
    with runtime.db.read() as session:
        assert sorted(mention.brand_id for mention in all_mentions(session)) == [brand, other]


def test_dates_to_come_say_nothing_of_how_often_a_feed_publishes(
    runtime: Runtime, feeds: FeedServer, article: Said, at: datetime
) -> None:
    events = [
        Said(f"Concert {n}", url=f"https://journal.example/{n}", at=at + timedelta(days=n + 1)) for n in range(25)
    ]
    make_source(runtime, make_brand(runtime), feeds.feed("/rss", [*events, article]))
    poll_due(runtime)
    with runtime.db.read() as session:
        feed = only_feed(session)
        assert [datetime.fromtimestamp(one, UTC) for one in feed.latest] == [article.at]
        assert items_per_week(session, [feed], now=at)[feed.id] < 8


def test_a_keyword_that_comes_back_is_asked_as_its_brand_would_ask_today(runtime: Runtime) -> None:
    brand = make_brand(runtime)
    keyword = make_keyword(runtime, brand, "lumière")
    with runtime.db.write() as session:
        remove_keyword(session, keyword, now=runtime.clock())
        change_brand(session, brand, {"languages": ["de"], "countries": ["DE"]}, version=1, now=runtime.clock())
        restore_keyword(session, keyword, now=runtime.clock())
    with runtime.db.read() as session:
        live = select(Feed).join(Source).where(Feed.kind == "googlenews", Source.removed_at.is_(None))
        assert [feed.params["language"] for feed in session.scalars(live)] == ["de"]


@pytest.mark.parametrize(("status", "code"), [(401, "unauthorized"), (403, "forbidden")])
def test_who_is_not_let_in_is_told_so(runtime: Runtime, feeds: FeedServer, status: int, code: str) -> None:
    make_source(runtime, make_brand(runtime), feeds.put("/rss", "no", status=status))
    poll_due(runtime)
    with runtime.db.read() as session:
        assert only_feed(session).last_error == code
