"""What a feed gives again: under other ids, under ids it used before, under other titles. Real HTTP, both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from backend.inbox.models import Mention
from backend.infra.runtime import Runtime
from backend.listening.models import Item
from tests.conftest import Clock
from tests.peers.feeds import FeedServer, Said
from tests.unit.listening.make import all_mentions, count, make_brand, make_keyword, make_source, only_feed, poll_due

HOME = "https://journal.example"


class Watched:
    """A feed that one brand listens to; `gives` what it says at its next poll, and how many items and mentions are
    there after it."""

    def __init__(self, runtime: Runtime, feeds: FeedServer, clock: Clock, take: str = "all") -> None:
        self._runtime, self._feeds, self._clock = runtime, feeds, clock
        self.brand = make_brand(runtime)
        make_source(runtime, self.brand, feeds.feed("/rss", []), take=take)

    def gives(self, *said: Said) -> tuple[int, int]:
        self._feeds.feed("/rss", list(said))
        self._clock.forward(hours=6)
        poll_due(self._runtime, kinds=("feed",))
        with self._runtime.db.read() as session:
            feed = only_feed(session)
            assert (feed.last_error, feed.last_polled_at) == ("", self._clock())
            return count(session, Item), count(session, Mention)


@pytest.fixture
def watched(runtime: Runtime, feeds: FeedServer, clock: Clock) -> Watched:
    return Watched(runtime, feeds, clock)


def test_an_article_under_another_id_is_the_one_that_is_there(watched: Watched, at: datetime) -> None:
    said = Said("Le Café Lumière ouvre une terrasse", url=f"{HOME}/terrasse?utm_source=rss", guid="1", at=at)
    assert watched.gives(said) == (1, 1)
    again = Said(said.title, url="http://www.journal.example/terrasse/amp/?at_medium=x", guid="2", at=at)
    assert watched.gives(again) == (1, 1)


def test_google_news_in_a_feed_changes_id_and_link_and_is_one(watched: Watched, at: datetime) -> None:
    for number in range(3):
        said = Said(
            "Le Café Lumière ouvre une terrasse", url=f"https://news.google.com/rss/articles/abc{number}", at=at,
            guid=f"CBMi{number}", publisher="Le Journal", publisher_url=HOME,
        )  # fmt: skip
        assert watched.gives(said) == (1, 1)
    other = Said(
        "Le Café Lumière ouvre une terrasse", url="https://news.google.com/rss/articles/x", at=at, guid="CBMix",
        publisher="Autre Journal", publisher_url="https://autre.example",
    )  # fmt: skip
    assert watched.gives(said, other) == (2, 2)


def test_an_id_that_is_used_again_for_another_article_loses_neither(watched: Watched, at: datetime) -> None:
    first = Said("Le Café Lumière ouvre une terrasse", url=f"{HOME}/1", guid="latest", at=at)
    second = Said("La mairie ferme la rue des Lilas", url=f"{HOME}/2", guid="latest", at=at + timedelta(hours=3))
    assert watched.gives(first) == (1, 1)
    assert watched.gives(second) == (2, 2)
    assert watched.gives(first) == (2, 2)
    assert watched.gives(second, first) == (2, 2)


def test_a_title_that_its_publisher_edits_makes_nothing_new_and_what_is_stored_follows(
    watched: Watched, runtime: Runtime, at: datetime
) -> None:
    said = Said("Un café ouvre", url=f"{HOME}/1", guid="1", at=at)
    assert watched.gives(said) == (1, 1)
    edited = Said("Le Café Lumière ouvre une terrasse", url=f"{HOME}/1", guid="1", at=at)
    assert watched.gives(edited) == (1, 1)
    with runtime.db.read() as session:
        item = session.scalars(select(Item)).one()
        assert item.title == edited.title
        assert "terrasse" in item.words
        assert all_mentions(session)[0].title == said.title  # a person may have read it


def test_who_is_named_only_after_an_edit_hears_of_it(
    runtime: Runtime, feeds: FeedServer, clock: Clock, at: datetime
) -> None:
    watched = Watched(runtime, feeds, clock, take="matching")
    make_keyword(runtime, watched.brand, "Lumière")
    assert watched.gives(Said("Un café ouvre", url=f"{HOME}/1", guid="1", at=at)) == (1, 0)
    edited = Said("Le Café Lumière ouvre", url=f"{HOME}/1", guid="1", at=at)
    assert watched.gives(edited) == (1, 1)
    assert watched.gives(edited) == (1, 1)


def test_a_page_that_always_holds_the_latest_loses_nothing(watched: Watched, at: datetime) -> None:
    for number, title in enumerate(["Version un est parue", "Version deux est parue", "Version trois est parue"], 1):
        said = Said(title, url=f"{HOME}/changes", guid=str(number), at=at - timedelta(days=30 - 5 * number))
        assert watched.gives(said) == (number, number)


def test_two_articles_of_one_document_with_one_id_are_both_kept(watched: Watched, at: datetime) -> None:
    said = [Said(f"Article numéro {n}", url=f"{HOME}/{n}", guid="same", at=at) for n in range(30)]
    assert watched.gives(*said) == (30, 30)
    assert watched.gives(*said[::-1]) == (30, 30)


def test_items_stored_before_there_were_keys_are_known_by_their_id(
    watched: Watched, runtime: Runtime, at: datetime
) -> None:
    said = Said("Le Café Lumière ouvre une terrasse", url=f"{HOME}/1", guid="1", at=at)
    assert watched.gives(said) == (1, 1)
    with runtime.db.write() as session:
        session.execute(update(Item).values(content_key=""))
    assert watched.gives(Said("Un autre titre", url=f"{HOME}/1?utm_source=x", guid="1", at=at)) == (1, 1)
