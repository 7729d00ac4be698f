"""One mention, however many bring it: order, races, what was deleted."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from backend.inbox.mentions import (
    Actor,
    Filter,
    Hit,
    NewMention,
    add_mention,
    add_mentions,
    find_by_url,
    list_events,
    list_mentions,
)
from backend.inbox.models import Mention, MentionEvent, MentionKey, MentionPlace
from backend.infra.runtime import Runtime
from tests.unit.listening.make import all_mentions, count, hits_of, make_brand, make_keyword

TITLE = "Le Café Lumière ouvre une terrasse"


def article(url: str, **fields: object) -> NewMention:
    values = {"title": TITLE, "article": True, "source_kind": "feed", **fields}
    return NewMention(url=url, **values)  # type: ignore[arg-type]


def test_google_news_and_the_sites_own_feed_are_one_mention_whoever_comes_first(runtime: Runtime, at: datetime) -> None:
    hidden = article(
        "https://news.google.com/rss/articles/abc?oc=5", publisher_url="https://www.journal.example", published_at=at
    )
    own = article("https://journal.example/terrasse", text="Au soleil.", published_at=at - timedelta(hours=20))
    for items in ([hidden, own], [own, hidden]):
        brand = make_brand(runtime)
        for item in items:
            with runtime.db.write() as session:
                add_mention(session, brand, item, now=at)
        with runtime.db.read() as session:
            (mention,) = list_mentions(session, [brand], Filter(), now=at)
            assert mention.url == own.url
            assert mention.text == "Au soleil."
            assert find_by_url(session, brand, "http://www.journal.example/terrasse/") is not None


def test_copies_of_an_article_are_one_however_they_are_signed_but_not_two_that_two_people_signed(
    runtime: Runtime, at: datetime
) -> None:
    brand = make_brand(runtime)
    signed = ("", "Ada Lovelace", "Par Ada LOVELACE", "Le Journal", "le-journal.example", "Ada Byron", "Lovelace")
    found = []
    for number, author in enumerate(signed):
        with runtime.db.write() as session:
            copy = article(f"https://le-journal.example/{number}", author=author, published_at=at)
            mention, _ = add_mention(session, brand, copy, now=at)
            found.append(mention.id)
            searched = article(
                f"https://news.google.com/rss/articles/{number}", author="The Journal", source_kind="googlenews",
                publisher_url="https://le-journal.example", published_at=at,
            )  # fmt: skip
            assert add_mention(session, brand, searched, now=at)[0].id == found[0]
    assert [id == found[0] for id in found] == [True, True, True, True, True, False, False]
    with runtime.db.read() as session:
        assert len({mention.story_id for mention in all_mentions(session)}) == 1


def test_a_short_title_or_another_week_is_another_article(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime)
    with runtime.db.write() as session:
        for url, title, day in (
            ("https://j.example/1", "Revue de presse", 0),
            ("https://j.example/2", "Revue de presse", 0),
            ("https://j.example/3", "La météo du jour à Lyon", 0),
            ("https://j.example/4", "La météo du jour à Lyon", 7),
        ):
            add_mention(session, brand, article(url, title=title, published_at=at - timedelta(days=day)), now=at)
    with runtime.db.read() as session:
        assert len(all_mentions(session)) == 4


def test_what_somebody_saves_onto_a_known_mention_is_theirs_and_a_version_of_its_own(
    runtime: Runtime, at: datetime
) -> None:
    brand, ada = make_brand(runtime), Actor(member_id=None, name="Ada", person=True)
    with runtime.db.write() as session:
        mention, _ = add_mention(session, brand, article("https://j.example/1"), now=at)
        again = article("https://j.example/1", note="call back", tags=["a"])
        assert add_mention(session, brand, again, now=at, by=ada) == (mention, False)
        assert (mention.version, mention.note, mention.tags) == (2, "call back", ["a"])
        assert [(one.what, one.who) for one in list_events(session, mention.id)][1:] == [("merged", "Ada")]
        add_mention(session, brand, again, now=at, by=ada)
        assert mention.version == 2


def test_what_joins_goes_no_further_than_what_people_may_set(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime)
    with runtime.db.write() as session:
        for part in range(2):
            tags, note = [f"{part} {n}" for n in range(20)], f"{part}" * 9_000
            mention, _ = add_mention(session, brand, article("https://j.example/1", tags=tags, note=note), now=at)
        assert (len(mention.tags), mention.tags[19:21], len(mention.note)) == (30, ["0 19", "1 0"], 10_000)


@pytest.mark.parametrize(("by", "about_us"), [("machine", "yes"), ("person", "probably_not")])
def test_what_an_account_hears_is_about_us_unless_a_person_said_otherwise(
    runtime: Runtime, at: datetime, by: str, about_us: str
) -> None:
    brand = make_brand(runtime)
    doubted = {"about_us": "probably_not", "about_us_by": by}
    with runtime.db.write() as session:
        add_mention(session, brand, article("https://j.example/1", values=doubted), now=at)
        heard = article("https://j.example/1", values={"addressed": "mention", "about_us": "yes"})
        mention, _ = add_mention(session, brand, heard, now=at)
        assert (mention.addressed, mention.about_us) == ("mention", about_us)


def test_the_same_in_one_batch_is_one(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime)
    with runtime.db.write() as session:
        items = [
            article("https://j.example/1"),
            article("https://j.example/1?utm_source=a"),
            article("https://j.example/1"),
        ]
        found = add_mentions(session, brand, items, now=at)
        assert [created for _, created in found] == [True, False, False]
        assert len({mention.id for mention, _ in found if mention}) == 1


def test_a_second_keyword_joins_and_highlights_point_into_what_is_shown(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime)
    first, second = make_keyword(runtime, brand, "terrasse"), make_keyword(runtime, brand, "soleil")
    lit = [{"field": "title", "start": 27, "end": 35}, {"field": "text", "start": 0, "end": 3}]
    with runtime.db.write() as session:
        add_mention(
            session, brand, article("https://j.example/1", text="Au soleil", hits=[Hit(first, lit[:1])]), now=at
        )
        other = article("https://j.example/1", text="Une autre fin", hits=[Hit(second, lit)])
        mention, created = add_mention(session, brand, other, now=at)
        assert (created, mention.text) == (False, "Au soleil")
    with runtime.db.read() as session:
        hits = {hit.keyword_id: hit.highlights for hit in hits_of(session, mention)}
        assert hits == {first: lit[:1], second: lit[:1]}


def test_what_was_deleted_comes_back_only_when_a_person_brings_it(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime)
    with runtime.db.write() as session:
        mention, _ = add_mention(session, brand, article("https://j.example/1"), now=at)
    with runtime.db.write() as session:
        session.execute(delete(Mention).where(Mention.id == mention.id))
    with runtime.db.write() as session:
        assert add_mentions(session, brand, [article("https://j.example/1")], now=at) == [(None, False)]
    with runtime.db.write() as session:
        again, created = add_mention(session, brand, NewMention("https://j.example/1"), now=at, by=Actor(None, "Alice"))
        assert created
    with runtime.db.read() as session:
        assert find_by_url(session, brand, "https://j.example/1").id == again.id  # type: ignore[union-attr]
        assert session.scalars(select(MentionEvent.who)).all() == ["Alice"]


def test_many_at_once_bring_the_same_thing_and_there_is_one(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime)
    start = threading.Barrier(8)
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            start.wait(10)
            for n in range(10):
                order = [n * 2, n * 2 + 1] if number % 2 else [n * 2 + 1, n * 2]
                items = [
                    article(f"https://j.example/{k}", title=f"Titre numéro {k} du jour", place=str(number))
                    for k in order
                ]
                with runtime.db.write() as session:
                    add_mentions(session, brand, items, now=at)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert problems == []
    with runtime.db.read() as session:
        assert count(session, Mention) == 20
        assert count(session, MentionPlace) == 160
        orphans = select(func.count()).select_from(MentionKey).where(MentionKey.mention_id.is_(None))
        assert session.scalar(orphans) == 0
