"""What a click changed is taken back whole, or where somebody went on from there, not at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.accounts.brands import create_brand
from backend.inbox.adding import Actor, NewMention, add_mention
from backend.inbox.mentions import change_mention, undo_act
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
