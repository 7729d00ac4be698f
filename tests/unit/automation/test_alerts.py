"""From what is said to one message: each story once, at its hour, nothing that is no news."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import chores
from backend.automation import clear, digest, subject
from backend.automation.alerts import create_alert
from backend.automation.hear import Heard, write_heard
from backend.automation.models import Alert, AlertStory, ChangeReader, Message, MessageSend
from backend.automation.notify import notify
from backend.automation.readers import plan_readers, read_on
from backend.automation.rounds import alert_one
from backend.inbox.mentions import MACHINE, change_mentions
from backend.inbox.searches import create_search
from backend.infra.changes import Change
from backend.infra.db import Database
from backend.infra.jobs import lease_due
from backend.infra.runtime import Runtime
from backend.listening.heard import count_polls
from backend.listening.models import Feed, Keyword, Source
from tests.conftest import Clock
from tests.unit.automation.make import make_brand, make_channel, make_keyword, make_mention


class House:
    """A brand that listens for one keyword and has one channel, and a worker that acts only when told to."""

    def __init__(self, runtime: Runtime, clock: Clock, language: str = "en") -> None:
        self.runtime, self.clock, self.db = runtime, clock, runtime.db
        with self.db.write() as session:
            self.brand_id = make_brand(session, now=clock(), language=language)
            self.channel_id = make_channel(session, self.brand_id, now=clock()).id
            self.keyword = make_keyword(session, self.brand_id, now=clock())
            plan_readers(session, now=clock())

    def alert(self, **values: Any) -> int:
        with self.db.write() as session:
            values = {"keyword_id": self.keyword.id, "channel_ids": [str(self.channel_id)], **values}
            return create_alert(session, self.brand_id, values, now=self.clock()).id

    def said(self, number: int, keyword: bool = True, **values: Any) -> int:
        with self.db.write() as session:
            named = self.keyword if keyword else None
            return make_mention(session, self.brand_id, number, keyword=named, now=self.clock(), **values).id

    def work(self) -> None:
        """Whatever is due now, until nothing is."""
        for model, turn in ((ChangeReader, read_on), (Alert, alert_one)):
            with self.db.write() as session:
                leases = lease_due(session, model, now=self.clock(), lease_s=60, limit=100, worker="t")
            for lease in leases:
                turn(self.runtime, lease.ref, lease.fence)

    def later(self, **units: float) -> None:
        """Time passes; the worker acts as it does, often enough."""
        until = self.clock() + timedelta(**units)
        while self.clock() < until:
            self.clock.at = min(until, self.clock() + timedelta(minutes=30))
            self.work()
        self.clock.forward(seconds=6)
        self.work()

    def messages(self) -> list[Message]:
        with self.db.read() as session:
            return list(session.scalars(select(Message).order_by(Message.id)))


@pytest.fixture
def house(runtime: Runtime, clock: Clock) -> House:
    return House(runtime, clock)


def test_at_once_says_the_first_at_once_and_gathers_the_next(house: House) -> None:
    house.alert()
    first = house.said(1, title="The terrace is open again")
    house.work()
    assert [message.title for message in house.messages()] == ["lumiere: The terrace is open again"]
    assert house.messages()[0].mention_id == first
    for number in range(2, 6):
        house.said(number)
        house.clock.forward(seconds=6)
        house.work()
    assert len(house.messages()) == 1
    house.clock.forward(seconds=60)
    house.work()
    assert [len(message.lines) for message in house.messages()] == [1, 4]
    with house.db.read() as session:
        assert len(list(session.scalars(select(MessageSend)))) == 2


def test_a_story_is_told_once_however_many_say_it(house: House) -> None:
    house.alert()
    text = "The mayor of Lumiere opened the new bridge this morning before four hundred people, the town says."
    house.said(1, text=text)
    house.work()
    for number in range(2, 8):
        house.said(number, text=text)
    house.later(hours=2)
    assert len(house.messages()) == 1


def test_an_alert_that_cannot_be_asked_silences_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with house.db.write() as session:
        search = create_search(session, house.brand_id, {"name": "a", "query": "terrace"}, by=None, now=house.clock())
    broken = house.alert(keyword_id=None, search_id=search.id)
    good = house.alert()

    def breaks(*_: Any, **__: Any) -> None:
        raise OverflowError("date value out of range")

    monkeypatch.setattr(subject, "matches", breaks)
    house.said(1, title="The terrace is open again")
    house.work()
    assert [message.alert_id for message in house.messages()] == [good]
    assert good != broken


def test_of_many_some_are_shown_and_all_are_counted_and_what_comes_meanwhile_is_told_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "MOST_WAITING", 3)
    alert_id = house.alert()
    for number in range(1, 6):
        house.said(number)
    late: list[int] = []

    def meanwhile(session: Session, **given: Any) -> Message | None:
        if not late:  # another worker hears of it between reading and noting
            late.append(make_mention(session, house.brand_id, 9, now=house.clock(), keyword=house.keyword).id)
            write_heard(session, [Heard(alert_id, late[0], late[0])], now=house.clock())
        return notify(session, **given)

    monkeypatch.setattr("backend.automation.rounds.notify", meanwhile)
    house.work()
    (first,) = house.messages()
    assert (first.title, len(first.lines)) == ("lumiere: 5 new stories", 3)
    house.clock.forward(seconds=61)
    house.work()
    assert [message.mention_id for message in house.messages()][1:] == late
    house.later(hours=1)
    assert len(house.messages()) == 2


def test_old_stories_and_changes_go_in_small_steps(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clear, "_AT_ONCE", 2)
    monkeypatch.setattr(chores, "AT_ONCE", 2)
    house.alert()
    for number in range(1, 6):
        house.said(number)
    house.work()
    house.clock.forward(days=91)
    kept = house.said(9)
    house.work()
    clear.clear_messages(house.runtime, house.clock())
    chores.clear_changes(house.runtime, house.clock())
    with house.db.read() as session:
        assert list(session.scalars(select(AlertStory.mention_id))) == [kept]
        told = [one.ref for one in session.scalars(select(Change)) if one.kind == "mention.created"]
        assert told == [str(kept)]


def test_a_digest_lists_a_story_once_and_says_how_many_more(house: House) -> None:
    house.alert(rhythm="daily", hour=12)
    text = "The mayor of Lumiere opened the new bridge this morning before four hundred people, the town says."
    for number in range(1, 5):
        house.said(number, text=text)
    house.said(9, title="Something else")
    house.later(hours=3)
    (message,) = house.messages()
    assert sorted(line.get("more", 0) for line in message.lines) == [0, 3]
    assert message.body == "2 stories in 5 posts."
    house.later(hours=24)
    assert len(house.messages()) == 1


@pytest.mark.parametrize(
    "values",
    [{"about_us": "no"}, {"about_us": "probably_not"}, {"status": "spam"}, {"status": "done"}, {"status": "replied"}],
)
def test_what_is_not_about_us_or_dealt_with_raises_nothing(house: House, values: dict[str, Any]) -> None:
    house.alert()
    house.said(1, **values)
    house.later(hours=1)
    assert house.messages() == []


def test_what_becomes_about_us_again_is_told(house: House) -> None:
    house.alert()
    doubted = house.said(1, about_us="probably_not")
    house.work()
    assert house.messages() == []
    with house.db.write() as session:
        change_mentions(session, [doubted], {"about_us": "yes"}, by=MACHINE, now=house.clock())
    house.later(minutes=1)
    assert len(house.messages()) == 1


def test_what_was_dealt_with_before_the_hour_is_left_out(house: House) -> None:
    house.alert(rhythm="hourly")
    spam, kept = house.said(1), house.said(2)
    house.work()
    with house.db.write() as session:
        change_mentions(session, [spam], {"status": "spam"}, by=MACHINE, now=house.clock())
    house.later(hours=1)
    (message,) = house.messages()
    assert [line["mention_id"] for line in message.lines] == [str(kept)]


def test_five_hundred_back_filled_mentions_of_a_new_keyword_raise_nothing(house: House) -> None:
    house.alert()
    for number in range(500):
        house.said(number, published_at=house.clock() - timedelta(hours=1, minutes=number))
    house.later(hours=2)
    assert house.messages() == []


def test_five_hundred_at_once_without_a_date_are_one_message(house: House) -> None:
    house.alert()
    for number in range(500):
        house.said(number)
    house.work()
    house.clock.forward(seconds=6)
    house.work()
    house.later(hours=1)
    (message,) = house.messages()
    assert message.title == "lumiere: 500 new stories"
    assert len(message.lines) == 50


def test_other_keywords_and_other_brands_are_not_its_business(house: House) -> None:
    house.alert()
    house.said(1, keyword=False)
    with house.db.write() as session:
        other = make_brand(session, name="Another", now=house.clock())
        make_mention(session, other, 2, keyword=make_keyword(session, other, now=house.clock()), now=house.clock())
    house.later(hours=1)
    assert house.messages() == []


def test_an_alert_without_a_keyword_hears_all_of_the_brand(house: House) -> None:
    house.alert(keyword_id=None)
    house.said(1, keyword=False, title="Lovely place")
    house.work()
    assert [message.title for message in house.messages()] == ["Café Lumière: Lovely place"]


def test_what_comes_in_quiet_hours_is_said_once_after_them(house: House) -> None:
    house.alert(quiet_from="09:00", quiet_until="14:00")  # it is 10:00 in Paris
    for number in range(3):
        house.said(number)
        house.later(hours=1)
    assert house.messages() == []
    house.later(hours=2)
    (message,) = house.messages()
    assert len(message.lines) == 3


def test_what_waits_for_an_answer_stands_first(house: House) -> None:
    house.alert(rhythm="hourly")
    for number in range(4):
        house.said(number)
    asked = house.said(10, intent="question")
    unhappy = house.said(11, intent="complaint")
    house.later(hours=1)
    (message,) = house.messages()
    assert [line["mention_id"] for line in message.lines[:2]] == [str(unhappy), str(asked)]
    assert [line["section"] for line in message.lines[1:3]] == ["To answer", "lumiere"]
    assert message.body == "6 stories. 2 wait for an answer."


def test_two_workers_at_once_tell_once(house: House) -> None:
    house.alert()
    house.said(1)
    house.work()
    with house.db.read() as session:
        alert = session.scalars(select(Alert)).one()
    alert_one(house.runtime, alert.id, alert.fence)  # the same lease again
    alert_one(house.runtime, alert.id, alert.fence - 1)  # an older one
    assert len(house.messages()) == 1


def test_a_reader_that_loses_its_lease_writes_nothing_and_the_next_loses_nothing(house: House) -> None:
    house.alert()
    house.said(1)
    with house.db.write() as session:
        leases = lease_due(session, ChangeReader, now=house.clock(), lease_s=60, limit=9, worker="t")
        (lease,) = (one for one in leases if session.get_one(ChangeReader, one.ref).name == "alerts")
        for one in leases:
            session.get_one(ChangeReader, one.ref).fence += 1
    read_on(house.runtime, lease.ref, lease.fence)
    with house.db.read() as session:
        assert list(session.scalars(select(AlertStory))) == []
    house.clock.forward(seconds=61)
    house.work()
    assert len(house.messages()) == 1


def test_a_restored_database_is_read_on_from_where_it_is(house: House) -> None:
    house.alert()
    with house.db.write() as session:
        for reader in session.scalars(select(ChangeReader)):
            reader.place = 2**40
    house.work()
    house.said(1)
    house.later(minutes=1)
    assert len(house.messages()) == 1


def test_a_clock_that_was_a_month_ahead_delays_nothing_for_long(house: House, at: datetime) -> None:
    house.clock.at = at + timedelta(days=30)
    alert_id = house.alert(rhythm="daily", hour=8)
    house.clock.at = at
    with house.db.write() as session:
        alert = session.get_one(Alert, alert_id)
        alert.created_at = at
        alert.due_at = at  # what the sweep does when the clock goes back (jobs.set_back)
    house.said(1)
    house.later(hours=25)
    assert len(house.messages()) == 1


def test_a_quiet_week_is_proved(house: House, at: datetime) -> None:
    house.alert(rhythm="daily", proof=True, weekday=0, hour=8)
    with house.db.write() as session:
        for number, (failed, times) in enumerate([(False, 3), (True, 2)]):
            feed = Feed(
                kind="feed", address=f"https://{number}.example/", address_hash=str(number), created_at=at, params={}
            )
            session.add(feed)
            session.flush()
            session.add(Source(brand_id=house.brand_id, feed_id=feed.id, name=f"Paper {number}", created_at=at, url=""))
            for _ in range(times):
                count_polls(session, {feed.id: failed}, now=at)
    house.later(days=7)
    (message,) = house.messages()
    assert message.kind == "quiet"
    assert message.title == "lumiere: a quiet week"
    assert message.body == "Nothing was said. 2 places were asked 5 times, 1 did not answer: Paper 1."


def test_a_week_with_something_in_it_gives_its_figures(house: House) -> None:
    house.alert(rhythm="daily", proof=True, weekday=0, hour=8)
    house.said(1)
    house.said(2)
    house.later(days=7)
    assert [message.kind for message in house.messages()] == ["mentions", "quiet"]
    assert house.messages()[1].title == "lumiere: 2 stories this week"


def test_a_weekly_digest_proves_itself(house: House) -> None:
    house.alert(rhythm="weekly", proof=True, weekday=0, hour=8)
    house.later(days=7)
    assert [message.kind for message in house.messages()] == ["quiet"]
    house.said(1)
    house.said(2)
    house.later(days=7)
    assert house.messages()[1].title == "lumiere, week to 7 Dec: 2 stories"
    assert "No place was asked" in house.messages()[1].body


def test_the_keyword_says_whether_somebody_listens(house: House) -> None:
    house.alert()
    with house.db.read() as session:
        assert session.get_one(Keyword, house.keyword.id).notify is True


def test_a_french_brand_is_told_in_french(runtime: Runtime, clock: Clock) -> None:
    house = House(runtime, clock, language="fr")
    house.alert()
    house.said(1)
    house.said(2)
    house.work()
    assert house.messages()[0].title == "lumiere\u202f: 2 nouveaux sujets"


def test_ten_thousand_in_a_minute_are_a_handful_of_messages(sqlite_runtime: Runtime, clock: Clock) -> None:
    house = House(sqlite_runtime, clock)
    house.alert()
    db: Database = house.db
    for minute_part in range(10):
        with db.write() as session:
            for number in range(200):
                make_mention(session, house.brand_id, minute_part * 200 + number, keyword=house.keyword, now=clock())
        clock.forward(seconds=6)
        house.work()
    house.later(minutes=5)
    assert 1 <= len(house.messages()) <= 3
    with db.read() as session:
        assert all(story.told_at is not None for story in session.scalars(select(AlertStory)))
