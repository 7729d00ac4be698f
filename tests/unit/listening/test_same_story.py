"""The same story once, and nobody who waits for an answer lost behind another. Real HTTP, both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from backend.inbox.models import Mention
from backend.infra.runtime import Runtime
from backend.listening.models import Feed
from tests.conftest import Clock
from tests.peers.feeds import FeedServer, Said
from tests.unit.listening.make import all_mentions, count, make_brand, make_source, places_of, poll_due

RELEASE = (
    "La société Lumière annonce l'ouverture de douze nouveaux cafés en Bretagne au printemps, et la création de cent "
    "vingt emplois dans la région, selon un communiqué publié lundi matin par sa direction générale."
)
THREAD = "https://forum.example/viewtopic.php?t=7"


def test_eight_brands_on_one_feed_make_one_request(runtime: Runtime, feeds: FeedServer, at: datetime) -> None:
    url = feeds.feed("/rss", [Said("Le Café Lumière ouvre une terrasse", url="https://j.example/1", at=at)])
    for number in range(8):
        make_source(runtime, make_brand(runtime, f"Marque {number}"), url)
    assert poll_due(runtime) == 1
    assert len(feeds.asked("/rss")) == 1
    with runtime.db.read() as session:
        assert count(session, Feed) == 1
        assert len({mention.brand_id for mention in all_mentions(session)}) == len(all_mentions(session)) == 8


def test_two_people_who_say_the_same_are_two_to_answer_and_one_story(
    runtime: Runtime, feeds: FeedServer, at: datetime
) -> None:
    angry = "Toujours aucune réponse du Café Lumière à propos de ma commande, c'est la troisième fois que j'écris !"
    said = [
        Said("", text=angry, url="https://forum.example/t/1#post-11", author="Maud", guid="11", at=at),
        Said("", text=angry, url="https://forum.example/t/2#post-22", author="Paul", guid="22", at=at),
    ]
    make_source(runtime, make_brand(runtime), feeds.feed("/rss", said))
    poll_due(runtime)
    with runtime.db.read() as session:
        mentions = all_mentions(session)
        assert {mention.author for mention in mentions} == {"Maud", "Paul"}
        assert len({mention.story_id for mention in mentions}) == 1


def test_two_who_answer_in_one_thread_are_two_to_answer_however_they_come(
    runtime: Runtime, feeds: FeedServer, at: datetime
) -> None:
    subject = "Re: Commande jamais arrivée"
    answers = [
        Said(subject, text="Moi non plus, depuis mardi.", url=f"{THREAD}#p11", author="Maud", guid="11", at=at),
        Said(subject, text="La mienne est là.", url=f"{THREAD}#p12", author="Paul", guid="12", at=at),
        Said(subject, text="Et la suivante ?", url=f"{THREAD}#p13", author="Maud", guid="13", at=at),
    ]
    brand = make_brand(runtime)
    make_source(runtime, brand, feeds.feed("/thread", answers[:1]))
    make_source(runtime, brand, feeds.feed("/forum", answers))
    for number in range(2):  # one after the other, whoever asks first
        make_source(runtime, make_brand(runtime, f"Marque {number}"), feeds.feed("/forum", answers))
    poll_due(runtime)
    with runtime.db.read() as session:
        mentions = [mention for mention in all_mentions(session) if mention.brand_id == brand]
        assert sorted(mention.text[-9:] for mention in mentions) == ["e est là.", "is mardi.", "uivante ?"]
        assert sorted(len(places_of(session, mention)) for mention in mentions) == [1, 1, 2]
        assert len(all_mentions(session)) == 9


def test_one_press_release_in_forty_papers_is_one_story_and_each_paper_one_mention_wherever_it_is_found(
    runtime: Runtime, feeds: FeedServer, at: datetime, clock: Clock
) -> None:
    brand = make_brand(runtime)
    for number in range(40):
        title = f"Douze cafés Lumière ouvrent en Bretagne, cent vingt emplois - édition {number}" if number % 2 else (
            "Lumière ouvre douze cafés en Bretagne"
        )  # fmt: skip
        said = Said(title, text=RELEASE, url=f"https://paper{number}.example/lumiere?utm_source=rss", at=at)
        make_source(runtime, brand, feeds.feed(f"/paper{number}", [said]))
        # the same article, through a search that hides where it is
        hidden = Said(
            title, text=RELEASE, url=f"https://news.google.com/rss/articles/{number}", guid=f"g{number}", at=at,
            publisher=f"Paper {number}", publisher_url=f"https://www.paper{number}.example",
        )  # fmt: skip
        make_source(runtime, brand, feeds.feed(f"/search{number}", [hidden]))
    assert poll_due(runtime) == 80
    with runtime.db.read() as session:
        mentions = all_mentions(session)
        assert len(mentions) == 40
        assert {len(places_of(session, mention)) for mention in mentions} == {2}
        assert all(".example" in mention.url for mention in mentions)
        assert len({mention.story_id for mention in mentions}) == 1


def test_the_same_address_through_counters_and_copies_is_one_mention_with_its_places(
    runtime: Runtime, feeds: FeedServer, at: datetime
) -> None:
    brand = make_brand(runtime)
    page = "https%3A%2F%2Fjournal.example%2Fterrasse%3Futm_source%3Da"
    for number, url in enumerate(
        [
            "https://journal.example/terrasse/",
            f"https://www.google.com/url?sa=t&url={page}",
            f"https://www.bing.com/news/apiclick.aspx?url={page}",
            f"https://eur01.safelinks.protection.outlook.com/?url={page}",
            "https://m.journal.example/terrasse/amp/",
            "https://journal-example.cdn.ampproject.org/c/s/journal.example/terrasse",
        ]
    ):
        said = Said(f"Titre {number}", text=f"Texte {number}", url=url, guid=str(number), at=at)
        make_source(runtime, brand, feeds.feed(f"/{number}", [said]))
    poll_due(runtime)
    with runtime.db.read() as session:
        (mention,) = all_mentions(session)
        assert len(places_of(session, mention)) == 6


def test_a_deleted_mention_does_not_come_back_by_another_address_or_id(
    runtime: Runtime, feeds: FeedServer, at: datetime, clock: Clock
) -> None:
    said = Said("Le Café Lumière ouvre une terrasse", url="https://journal.example/1", guid="1", at=at)
    brand = make_brand(runtime)
    make_source(runtime, brand, feeds.feed("/rss", [said]))
    poll_due(runtime)
    with runtime.db.write() as session:
        session.execute(delete(Mention))
    again = Said("Le Café Lumière ouvre une terrasse", url="https://journal.example/1?amp=1", guid="2", at=at)
    elsewhere = Said(
        "Le Café Lumière ouvre une terrasse", url="https://news.google.com/rss/articles/1", at=at,
        publisher="Le Journal", publisher_url="https://journal.example",
    )  # fmt: skip
    make_source(runtime, brand, feeds.feed("/other", [elsewhere, again]))
    feeds.feed("/rss", [again])
    clock.forward(hours=6)
    poll_due(runtime)
    with runtime.db.read() as session:
        assert all_mentions(session) == []
        assert set(session.scalars(select(Feed.last_error))) == {""}


def test_nearly_the_same_text_shares_a_story_for_days_and_not_for_ever(
    runtime: Runtime, feeds: FeedServer, at: datetime, clock: Clock
) -> None:
    brand = make_brand(runtime)
    versions = [RELEASE, RELEASE.replace("lundi matin", "ce lundi"), RELEASE.replace("Bretagne", "Provence")]
    for number, text in enumerate(versions):
        said = Said(f"Titre {number} sans rapport", text=text, url=f"https://p{number}.example/x", at=clock())
        make_source(runtime, brand, feeds.feed(f"/{number}", [said]))
        poll_due(runtime)
        clock.forward(days=1)
    clock.forward(days=60)
    late = Said("Titre tout autre", text=RELEASE, url="https://late.example/x", at=clock() - timedelta(hours=1))
    make_source(runtime, brand, feeds.feed("/late", [late]))
    poll_due(runtime)
    with runtime.db.read() as session:
        stories = [mention.story_id for mention in all_mentions(session)]
        assert stories[0] == stories[1]
        assert stories[3] not in stories[:3]
