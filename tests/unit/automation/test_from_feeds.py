"""From what stands in feeds to what a person is told: real polls over HTTP, both databases."""

from __future__ import annotations

from datetime import timedelta

from backend.inbox.mentions import MACHINE, change_mentions
from backend.infra.runtime import Runtime
from backend.listening.models import Feed
from tests.conftest import Clock
from tests.peers.feeds import FeedServer, Said
from tests.unit.automation.test_alerts import House
from tests.unit.listening.make import all_mentions, count, make_source, poll_due

RELEASE = (
    "Lumiere announces the opening of twelve new cafés in Brittany this spring, and the creation of one hundred and "
    "twenty jobs in the region, according to a statement published on Monday morning by its management."
)


def test_one_press_release_in_forty_papers_is_one_alert_that_names_one_story(
    runtime: Runtime, feeds: FeedServer, clock: Clock
) -> None:
    house = House(runtime, clock)
    house.alert()
    clock.forward(minutes=10)  # what was said before is no news
    for papers in (range(20), range(20, 40)):  # half of them print it when the alert was told already
        for number in papers:
            # some under the title of the release, some under their own
            title = f"Twelve cafés open, says paper {number}" if number % 2 else "Lumiere opens cafés in Brittany"
            url, at = f"https://paper{number}.example/lumiere", clock() - timedelta(minutes=9)
            feed = feeds.feed(f"/paper{number}", [Said(title, text=RELEASE, url=url, at=at)])
            make_source(runtime, house.brand_id, feed, take="matching")
        assert poll_due(runtime) >= 20
        house.later(hours=3)
    with runtime.db.read() as session:
        mentions = all_mentions(session)
        assert count(session, Feed) == len(mentions) == 40
        assert len({mention.story_id for mention in mentions}) == 1
    (message,) = house.messages()
    (line,) = message.lines
    assert message.title == f"lumiere: {line['title']}"
    assert line["more"] == 19
    assert line["mention_id"] == str(message.mention_id)


def test_two_angry_people_with_one_sentence_are_one_story_of_two_that_wait_for_an_answer(
    runtime: Runtime, feeds: FeedServer, clock: Clock
) -> None:
    house = House(runtime, clock)
    house.alert()
    angry = "Still no answer from Lumiere about my order, this is a scandal and the third time that I write to you!"
    said = [
        Said("", text=angry, url=f"https://forum.example/t/{name}", author=name, guid=name, at=clock())
        for name in ("Maud", "Paul")
    ]
    make_source(runtime, house.brand_id, feeds.feed("/rss", said), take="matching")
    poll_due(runtime)
    house.later(hours=1)
    (message,) = house.messages()
    assert [(line["more"], line["why"]) for line in message.lines] == [(1, "complaint")]
    with runtime.db.write() as session:
        by = {mention.author: mention for mention in all_mentions(session)}
        assert {name: mention.intent for name, mention in by.items()} == {"Maud": "complaint", "Paul": "complaint"}
        change_mentions(session, [by["Maud"].id], {"status": "replied"}, by=MACHINE, now=clock())
    with runtime.db.read() as session:
        assert {one.author: one.status for one in all_mentions(session)} == {"Maud": "replied", "Paul": "new"}
