"""What a click changed is taken back whole, or where somebody went on from there, not at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.accounts.brands import create_brand
from backend.inbox.adding import add_mention
from backend.inbox.drafts import Actor, NewMention
from backend.inbox.mentions import change_mention, change_mentions, note_answered, undo_act
from backend.infra.db import Database

ADA, BOB = Actor(name="Ada", person=True), Actor(name="Bob", person=True)


def test_an_answer_is_not_half_undone_when_somebody_answered_again(sqlite_db: Database, at: datetime) -> None:
    with sqlite_db.write() as session:
        brand = create_brand(session, {"name": "Café"}, now=at)
        mention, _ = add_mention(session, brand.id, NewMention(url="https://a.example/", text="Open?"), now=at)
        steps = [("replied", ADA, "first"), ("open", BOB, "again"), ("replied", BOB, "second")]
        for minutes, (status, by, act) in enumerate(steps):
            later = at + timedelta(minutes=minutes)
            change_mention(session, mention.id, {"status": status}, version=mention.version, by=by, now=later, act=act)
        undone = undo_act(session, [brand.id], "first", by=ADA, now=at + timedelta(hours=1))
        assert [one.id for one in undone.kept] == [mention.id]
        assert (mention.status, mention.replied_by) == ("replied", "Bob")


def test_what_one_act_changed_twice_goes_back_to_how_it_was_before_both(db: Database, at: datetime) -> None:
    with db.write() as session:
        brand = create_brand(session, {"name": "Café"}, now=at)
        mentions = [
            add_mention(session, brand.id, NewMention(url=f"https://a.example/{n}", text=f"No {n}"), now=at)[0]
            for n in range(3)
        ]
        ids = [one.id for one in mentions]
        change_mentions(session, ids, {"status": "open", "tags": ["a"]}, by=ADA, now=at, act="click")
        change_mentions(session, ids, {"status": "done"}, by=ADA, now=at, act="click")
        first = undo_act(session, [brand.id], "click", by=BOB, now=at, limit=2)
        assert ([one.id for one in first.mentions], first.kept, first.more) == (ids[:0:-1], [], True)
        undo_act(session, [brand.id], "click", by=BOB, now=at, limit=2)
        assert {(one.status, *one.tags) for one in mentions} == {("new",)}


def test_who_answered_stays_known_when_it_is_put_away(sqlite_db: Database, at: datetime) -> None:
    with sqlite_db.write() as session:
        brand = create_brand(session, {"name": "Café"}, now=at)
        mention, _ = add_mention(session, brand.id, NewMention(url="https://a.example/", text="Open?"), now=at)
        change_mentions(session, [mention.id], {"status": "replied"}, by=BOB, now=at)
        later = at + timedelta(hours=1)
        note_answered(session, mention.id, url="https://a.example/2", by=ADA, now=later)
        change_mentions(session, [mention.id], {"status": "done"}, by=BOB, now=later)
        assert (mention.replied_by, mention.replied_at) == ("Ada", later)
        change_mentions(session, [mention.id], {"status": "open"}, by=BOB, now=later)
        assert (mention.replied_by, mention.replied_at) == ("", None)


def test_of_a_click_on_many_one_mention_can_be_taken_back_alone(sqlite_db: Database, at: datetime) -> None:
    with sqlite_db.write() as session:
        brand = create_brand(session, {"name": "Café"}, now=at)
        mentions = [
            add_mention(session, brand.id, NewMention(url=f"https://a.example/{n}", text=f"No {n}"), now=at)[0]
            for n in range(3)
        ]
        change_mentions(session, [one.id for one in mentions], {"status": "done"}, by=ADA, now=at, act="bulk")
        undone = undo_act(session, [brand.id], "bulk", mention_ids=[mentions[1].id], by=BOB, now=at)
        assert [one.id for one in undone.mentions] == [mentions[1].id]
        assert [one.status for one in mentions] == ["done", "new", "done"]
        undone = undo_act(session, [brand.id], "bulk", by=BOB, now=at)
        assert {one.id for one in undone.mentions} == {mentions[0].id, mentions[2].id}


def test_an_answer_seen_in_a_page_is_taken_back_as_a_whole(sqlite_db: Database, at: datetime) -> None:
    with sqlite_db.write() as session:
        brand = create_brand(session, {"name": "Café"}, now=at)
        mention, _ = add_mention(session, brand.id, NewMention(url="https://a.example/", text="Open?"), now=at)
        note_answered(session, mention.id, url="https://a.example/2", by=ADA, now=at, act="answer:1")
        assert (mention.status, mention.reply_url, mention.replied_by) == ("replied", "https://a.example/2", "Ada")
        undo_act(session, [brand.id], "answer:1", by=BOB, now=at)
        assert (mention.status, mention.reply_url, mention.replied_by) == ("new", "", "")
