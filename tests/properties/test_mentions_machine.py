"""Mentions under several people at once: each change logged, none overwritten unseen, each click taken back exactly.

The log is the witness: played from the beginning it must give what is stored, step by step.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.brands import create_brand
from backend.inbox.adding import add_mention
from backend.inbox.counting import count_mentions
from backend.inbox.drafts import MACHINE, Actor, NewMention
from backend.inbox.mentions import change_mention, change_mentions, list_events, undo_act
from backend.inbox.models import Mention
from backend.inbox.search import Filter, list_mentions
from backend.infra.changes import Change
from backend.infra.clock import rfc3339
from backend.infra.db import Database
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.models import metadata

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PEOPLE = (Actor(name="Ada", person=True), Actor(name="Bob", person=True), MACHINE)
MENTIONS = 3
mention_ids = st.integers(1, MENTIONS)
people = st.sampled_from(PEOPLE)
values = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(("new", "open", "replied", "done", "spam")),
        "tags": st.lists(st.sampled_from(("terrasse", "prix", "été")), max_size=2, unique=True),
        "note": st.sampled_from(("", "call back", "seen")),
        "sentiment": st.sampled_from((None, "positive", "negative")),
        "intent": st.sampled_from((None, "question", "complaint")),
        "about_us": st.sampled_from(("yes", "probably_not", "no")),
        "priority": st.integers(-1, 1),
        "snoozed_until": st.sampled_from((None, START + timedelta(hours=1), START + timedelta(hours=5))),
    },
)
wrong_values = st.sampled_from(
    ({"status": "lost"}, {"tags": ["x" * 61]}, {"priority": 10}, {"language": "klingon"}, {"reply_url": "javascript:1"})
)


class Mentions(RuleBasedStateMachine):
    acts = Bundle("acts")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.at = START
        self.clicks = 0
        self.seen: dict[int, int] = {}  # mention → the version somebody last had before their eyes

    @initialize()
    def open(self) -> None:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.db = Database(f"sqlite:///{folder / 'e.sqlite3'}")
        self.stack.callback(self.db.close)
        metadata.create_all(self.db.engine)
        self.first: dict[int, dict[str, Any]] = {}
        with self.db.write() as session:
            self.brand_id = create_brand(session, {"name": "Café"}, now=self.at).id
            for number in range(MENTIONS):
                new = NewMention(url=f"https://a.example/{number}", text=f"Said {number}")
                mention, _ = add_mention(session, self.brand_id, new, by=MACHINE, now=self.at)
                self.seen[mention.id] = mention.version
                self.first[mention.id] = state_of(mention)
            self.changes = session.scalar(select(func.count()).select_from(Change)) or 0

    @rule(target=acts, id=mention_ids, values=values, by=people)
    def change(self, id: int, values: dict[str, Any], by: Actor) -> str:
        """Somebody who sees what is there now."""
        act = self.click()
        with self.db.write() as session:
            version = session.get_one(Mention, id).version
            self.seen[id] = version
            after = change_mention(session, id, values, version=version, by=by, now=self.at, act=act)
            for name, value in values.items():
                assert getattr(after, name) == value
            assert after.version <= version + 1
        return act

    @rule(id=mention_ids, values=values, by=people)
    def change_what_was_seen_before(self, id: int, values: dict[str, Any], by: Actor) -> None:
        with self.db.write() as session:
            if session.get_one(Mention, id).version == self.seen[id]:
                return
            with pytest.raises(Conflict):
                change_mention(session, id, values, version=self.seen[id], by=by, now=self.at)

    @rule(target=acts, ids=st.sets(mention_ids, min_size=1), values=values, by=people)
    def change_several(self, ids: set[int], values: dict[str, Any], by: Actor) -> str:
        act = self.click()
        with self.db.write() as session:
            change_mentions(session, ids, values, by=by, now=self.at, act=act)
        return act

    @rule(ids=st.sets(mention_ids, min_size=1), values=wrong_values, by=people)
    def change_wrongly(self, ids: set[int], values: dict[str, Any], by: Actor) -> None:
        with self.db.write() as session, pytest.raises(Invalid):
            change_mentions(session, ids, values, by=by, now=self.at, act=self.click())

    @rule(act=acts, by=people)
    def undo(self, act: str, by: Actor) -> None:
        with self.db.write() as session:
            before = {one.id: state_of(one) for one in session.scalars(select(Mention))}
            did = {
                event.mention_id: event
                for id in before
                for event in list_events(session, id)
                if event.act == act and event.what == "changed"
            }
            try:
                undone = undo_act(session, [self.brand_id], act, by=by, now=self.at)
            except NotFound:
                return
            for mention in undone.mentions:
                now, event = state_of(mention), did[mention.id]
                assert {name: now[name] for name in event.before} == event.before
            for mention in undone.kept:
                assert any(before[mention.id][name] != value for name, value in did[mention.id].after.items())
            assert {one.id for one in (*undone.mentions, *undone.kept)} == set(did)
            with pytest.raises(NotFound):
                undo_act(session, [self.brand_id], act, by=by, now=self.at)

    @rule()
    def time_passes(self) -> None:
        self.at += timedelta(minutes=45)

    @invariant()
    def the_log_tells_how_it_came(self) -> None:
        with self.db.read() as session:
            logged = 0
            for id, first in self.first.items():
                played = dict(first)
                changed = [event for event in list_events(session, id) if event.what != "created"]
                for event in changed:
                    assert {name: played[name] for name in event.before} == event.before
                    assert event.before.keys() == event.after.keys()
                    played |= event.after
                mention = session.get_one(Mention, id)
                assert played == state_of(mention)
                assert mention.version == 1 + len(changed)
                logged += len(changed)
            told = session.scalar(select(func.count()).select_from(Change)) or 0
            assert told == self.changes + logged

    @invariant()
    def who_answered_is_said_of_what_is_answered_also_once_it_is_put_away(self) -> None:
        with self.db.read() as session:
            for mention in session.scalars(select(Mention)):
                assert mention.replied_at is not None or mention.status != "replied"
                assert mention.replied_at is None or mention.status not in ("new", "open")
                assert mention.replied_at is not None or not mention.replied_by

    @invariant()
    def lists_and_counts_agree(self) -> None:
        with self.db.read() as session:
            for wanted in (Filter(), Filter(statuses=("new", "open")), Filter(statuses=("spam",)), TO_ANSWER):
                listed = list_mentions(session, [self.brand_id], wanted, now=self.at)
                counts = count_mentions(session, [self.brand_id], wanted, facets=[], now=self.at)
                assert counts.total == len(listed)
            all_states = sum(self._counted(session, status) for status in ("replied", "done", "spam"))
            waiting = self._counted(session, "new") + self._counted(session, "open")
            asleep = sum(
                mention.status in ("new", "open") and (mention.snoozed_until or self.at) > self.at
                for mention in session.scalars(select(Mention))
            )
            assert all_states + waiting + asleep == MENTIONS

    def _counted(self, session: Session, status: str) -> int:
        return len(list_mentions(session, [self.brand_id], Filter(statuses=(status,)), now=self.at))

    def click(self) -> str:
        self.clicks += 1
        return f"click-{self.clicks}"

    def teardown(self) -> None:
        self.stack.close()


TO_ANSWER = Filter(to_answer=True)


def state_of(mention: Mention) -> dict[str, Any]:
    """What may change, as the log writes it."""
    columns = mention.__table__.columns.keys()
    values = {name: getattr(mention, name) for name in columns if name not in ("version", "words")}
    return {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in values.items()}


Mentions.TestCase.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestMentions = Mentions.TestCase
