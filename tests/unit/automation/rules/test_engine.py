"""Rules at work on real rows, both databases: once each, no loops, logged, undone exactly, off when they throw."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from backend.automation.models import ChangeReader, Message
from backend.automation.rules import act as act_module
from backend.automation.rules.models import Rule
from backend.automation.rules.runs import undo_rule, undo_run
from backend.automation.rules.waiting import look_for_waiting
from backend.inbox.mentions import Actor, change_mentions, list_events
from backend.infra.errors import Conflict
from backend.infra.runtime import Runtime
from tests.conftest import Clock
from tests.unit.automation.make import make_brand, make_channel, make_keyword, make_mention
from tests.unit.automation.rules.make import begin, make_rule, mention_now, runs, work

ALICE = Actor(name="Alice", person=True)
IMPORTANT = [{"do": "priority", "priority": 5}]


@pytest.fixture
def brand_id(runtime: Runtime, at: datetime) -> int:
    with runtime.db.write() as session:
        brand_id = make_brand(session, now=at)
        make_channel(session, brand_id, "ntfy", now=at)
    begin(runtime)
    return brand_id


def rule(runtime: Runtime, brand_id: int, **values: Any) -> int:
    with runtime.db.write() as session:
        return make_rule(session, brand_id, now=runtime.clock(), **values).id


def arrive(runtime: Runtime, brand_id: int, number: int = 1, **values: Any) -> int:
    with runtime.db.write() as session:
        return make_mention(session, brand_id, number, now=runtime.clock(), **values).id


def change(runtime: Runtime, mention_id: int, by: Actor = ALICE, **values: Any) -> None:
    with runtime.db.write() as session:
        change_mentions(session, [mention_id], values, by=by, now=runtime.clock())


def said(runtime: Runtime) -> list[Message]:
    with runtime.db.read() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def test_what_arrives_and_fits_is_done_and_the_rest_is_done_otherwise(runtime: Runtime, brand_id: int) -> None:
    rule(runtime, brand_id, condition={"query": "terrace"}, then=IMPORTANT, otherwise=[{"do": "tag", "tags": ["rest"]}])
    fits = arrive(runtime, brand_id, 1, text="The terrace is lovely")
    other = arrive(runtime, brand_id, 2, text="The coffee is cold")
    work(runtime)
    assert mention_now(runtime, fits).priority == 5
    assert mention_now(runtime, other).tags == ["rest"]
    (run,) = runs(runtime)
    assert (run.matched, run.otherwise, run.changed) == (1, 1, 2)


def test_filters_authors_and_hours_count(runtime: Runtime, brand_id: int) -> None:
    rule(runtime, brand_id, condition={"filters": {"intent": "complaint"}}, then=[{"do": "tag", "tags": ["sad"]}])
    rule(runtime, brand_id, condition={"author": "ALICE"}, then=[{"do": "tag", "tags": ["alice"]}])
    rule(runtime, brand_id, condition={"from_hour": 22, "until_hour": 9}, then=[{"do": "tag", "tags": ["night"]}])
    rule(runtime, brand_id, condition={"from_hour": 10, "until_hour": 11}, then=[{"do": "tag", "tags": ["ten"]}])
    complaint = arrive(runtime, brand_id, 1, intent="complaint", intent_by="person")
    work(runtime)
    # It is nine in UTC and ten in Paris.
    assert mention_now(runtime, complaint).tags == ["sad", "alice", "ten"]


def test_an_empty_rule_of_another_brand_does_nothing_here(runtime: Runtime, brand_id: int, at: datetime) -> None:
    with runtime.db.write() as session:
        other = make_brand(session, now=at, name="Bob's")
    rule(runtime, other, then=IMPORTANT)
    mine = arrive(runtime, brand_id)
    work(runtime)
    assert mention_now(runtime, mine).priority == 0


def test_two_rules_that_undo_each_other_do_not_go_round(runtime: Runtime, brand_id: int, clock: Clock) -> None:
    rule(runtime, brand_id, event="changes", condition={}, then=IMPORTANT, name="up")
    rule(runtime, brand_id, event="changes", then=[{"do": "priority", "priority": -5}], name="down")
    mention_id = arrive(runtime, brand_id)
    work(runtime)
    change(runtime, mention_id, note="look")
    for _ in range(6):
        work(runtime)
        clock.forward(seconds=5)
    with runtime.db.read() as session:
        who = [event.who for event in list_events(session, mention_id) if event.what == "changed"]
    assert who == ["Alice", "up", "down"]
    assert mention_now(runtime, mention_id).priority == -5


def test_it_stands_still_even_where_everything_happens_at_one_moment(runtime: Runtime, brand_id: int) -> None:
    rule(runtime, brand_id, event="changes", then=IMPORTANT, name="up")
    rule(runtime, brand_id, event="changes", then=[{"do": "priority", "priority": -5}], name="down")
    mention_id = arrive(runtime, brand_id)
    change(runtime, mention_id, note="look")
    for _ in range(6):
        work(runtime)
    with runtime.db.read() as session:
        assert len(list_events(session, mention_id)) == 4


def test_a_run_is_undone_exactly_and_what_a_person_changed_since_stays(runtime: Runtime, brand_id: int) -> None:
    then = [{"do": "priority", "priority": 5}, {"do": "tag", "tags": ["press"]}, {"do": "done"}]
    rule_id = rule(runtime, brand_id, then=then)
    one, two = (arrive(runtime, brand_id, number, tags=["old"]) for number in (1, 2))
    work(runtime)
    change(runtime, two, priority=9)
    (run,) = runs(runtime)
    with runtime.db.write() as session:
        back = undo_run(session, session.merge(run), by=ALICE, now=runtime.clock())
    assert (back.undone, back.kept, back.more) == (1, 1, False)
    first, second = mention_now(runtime, one), mention_now(runtime, two)
    assert (first.priority, first.tags, first.status) == (0, ["old"], "new")
    assert (second.priority, second.tags, second.status) == (9, ["old"], "new")
    work(runtime)  # the undoing triggers nothing
    assert len(runs(runtime)) == 1
    with runtime.db.write() as session, pytest.raises(Conflict):
        undo_rule(session, rule_id, by=ALICE, now=runtime.clock())


def test_all_that_a_rule_did_is_undone_in_one_go(runtime: Runtime, brand_id: int, clock: Clock) -> None:
    rule_id = rule(runtime, brand_id, then=IMPORTANT)
    ids = []
    for number in range(3):
        ids.append(arrive(runtime, brand_id, number))
        work(runtime)
        clock.forward(seconds=10)
    assert len(runs(runtime)) == 3
    with runtime.db.write() as session:
        assert undo_rule(session, rule_id, by=ALICE, now=clock()).undone == 3
    assert {mention_now(runtime, one).priority for one in ids} == {0}


def test_a_rule_that_throws_is_switched_off_with_a_notice_and_the_others_go_on(runtime: Runtime, brand_id: int) -> None:
    bad = rule(runtime, brand_id, then=[{"do": "tag", "tags": [f"t{number}" for number in range(10)]}], name="bad")
    rule(runtime, brand_id, then=IMPORTANT, name="good")
    mention_id = arrive(runtime, brand_id, 1, tags=[f"old{number}" for number in range(25)])
    work(runtime)
    with runtime.db.read() as session:
        found = session.get_one(Rule, bad)
    assert not found.enabled
    assert found.error
    assert mention_now(runtime, mention_id).priority == 5
    (notice,) = said(runtime)
    assert notice.kind == "trouble"
    assert "bad" in notice.title


def test_a_rule_whose_query_is_no_longer_understood_says_why(runtime: Runtime, brand_id: int) -> None:
    bad = rule(runtime, brand_id, condition={"query": "fine"}, then=IMPORTANT)
    with runtime.db.write() as session:
        row = session.get_one(Rule, bad)
        row.spec = {**row.spec, "if": {"query": "(never closed"}}
    arrive(runtime, brand_id)
    work(runtime)
    with runtime.db.read() as session:
        assert "bracket" in session.get_one(Rule, bad).error


def test_a_kill_in_the_middle_loses_nothing_and_does_nothing_twice(
    runtime: Runtime, brand_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(runtime, brand_id, then=[{"do": "tag", "tags": ["once"]}])
    mention_id = arrive(runtime, brand_id)
    with runtime.db.read() as session:
        places = dict(map(tuple, session.execute(select(ChangeReader.name, ChangeReader.place))))

    class Killed(BaseException):
        pass

    def die(*_args: object, **_values: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(act_module, "record_change", die)  # after the mention was changed, before the commit
        with pytest.raises(Killed):
            work(runtime)
    assert mention_now(runtime, mention_id).tags == []
    with runtime.db.read() as session:
        place = session.scalar(select(ChangeReader.place).where(ChangeReader.name == "rules"))
    assert place == places["rules"]
    work(runtime)
    assert mention_now(runtime, mention_id).tags == ["once"]
    assert len(runs(runtime)) == 1


def test_what_has_waited_is_found_once_and_only_what_fell_due_since_it_was_switched_on(
    runtime: Runtime, brand_id: int, clock: Clock
) -> None:
    old = arrive(runtime, brand_id, 1)
    clock.forward(hours=5)
    rule(runtime, brand_id, event="waits", hours=4, then=IMPORTANT)
    fresh, done = arrive(runtime, brand_id, 2), arrive(runtime, brand_id, 3)
    change(runtime, done, status="done")
    look_for_waiting(runtime, clock.forward(hours=3))
    assert mention_now(runtime, fresh).priority == 0
    look_for_waiting(runtime, clock.forward(hours=2))
    look_for_waiting(runtime, clock.forward(minutes=1))
    assert [mention_now(runtime, one).priority for one in (old, fresh, done)] == [0, 5, 0]
    assert len(runs(runtime)) == 1


def test_more_than_a_chunk_that_came_at_one_moment_is_found_whole(
    runtime: Runtime, brand_id: int, clock: Clock
) -> None:
    rule(runtime, brand_id, event="waits", hours=1, then=IMPORTANT)
    with runtime.db.write() as session:
        ids = [make_mention(session, brand_id, number, now=clock()).id for number in range(230)]
    look_for_waiting(runtime, clock.forward(hours=2))
    assert {mention_now(runtime, one).priority for one in ids} == {5}


def test_a_message_goes_out_once_a_story_and_not_for_old_news(runtime: Runtime, brand_id: int, at: datetime) -> None:
    rule(runtime, brand_id, then=[{"do": "alert", "channel_ids": []}], name="tell me")
    text = "The terrace of the café burned down last night and nobody was hurt says the fire brigade of Paris"
    for number in range(3):
        arrive(runtime, brand_id, number, text=text)
    arrive(runtime, brand_id, 9, published_at=at - timedelta(days=5))
    work(runtime)
    (message,) = said(runtime)
    assert (message.kind, message.title) == ("rule", "tell me: Alice")


def test_so_many_in_an_hour_is_told_once_an_hour(runtime: Runtime, brand_id: int, clock: Clock) -> None:
    rule(runtime, brand_id, condition={"at_least": 5}, then=[{"do": "alert"}], name="many")
    for number in range(4):
        arrive(runtime, brand_id, number)
    work(runtime)
    assert said(runtime) == []
    clock.forward(minutes=1)
    for number in range(4, 9):
        arrive(runtime, brand_id, number)
        work(runtime)
        clock.forward(seconds=10)
    (message,) = said(runtime)
    assert message.title == "many: 5 or more in the last hour"


def test_at_night_it_waits_until_nine(runtime: Runtime, brand_id: int, clock: Clock) -> None:
    rule(
        runtime,
        brand_id,
        condition={"from_hour": 22, "until_hour": 8},
        then=[{"do": "snooze", "until": "09:00"}],
    )
    clock.forward(hours=14)  # 23:00 in UTC, midnight in Paris
    mention_id = arrive(runtime, brand_id)
    work(runtime)
    until = mention_now(runtime, mention_id).snoozed_until
    assert until is not None
    assert until.isoformat() == "2026-11-24T08:00:00+00:00"


def test_spam_is_left_alone_and_what_was_answered_stays_answered(runtime: Runtime, brand_id: int) -> None:
    rule(runtime, brand_id, event="changes", then=[{"do": "done"}])
    spam, answered = arrive(runtime, brand_id, 1), arrive(runtime, brand_id, 2)
    change(runtime, spam, status="spam")
    change(runtime, answered, status="replied")
    work(runtime)
    assert mention_now(runtime, spam).status == "spam"
    assert mention_now(runtime, answered).status == "replied"


def test_what_is_switched_off_does_nothing(runtime: Runtime, brand_id: int) -> None:
    rule(runtime, brand_id, then=IMPORTANT, enabled=False)
    mention_id = arrive(runtime, brand_id)
    work(runtime)
    assert mention_now(runtime, mention_id).priority == 0


def test_a_mention_changed_between_reading_and_writing_is_judged_anew(runtime: Runtime, brand_id: int) -> None:
    from backend.automation.rules.engine import act_on, decide_rules

    rule(runtime, brand_id, condition={"filters": {"intent": "question"}}, then=IMPORTANT)
    mention_id = arrive(runtime, brand_id, intent="question", intent_by="machine")
    with runtime.db.read() as session:
        decided = decide_rules(session, {brand_id: {"arrives": [mention_id]}}, now=runtime.clock())
    change(runtime, mention_id, intent=None)
    with runtime.db.write() as session:
        act_on(session, decided, now=runtime.clock())
    assert mention_now(runtime, mention_id).priority == 0


def test_keywords_and_mentions_of_removed_brands_raise_nothing(runtime: Runtime, brand_id: int, at: datetime) -> None:
    rule(runtime, brand_id, then=IMPORTANT)
    with runtime.db.write() as session:
        make_keyword(session, brand_id, now=at)
    mention_id = arrive(runtime, brand_id)
    with runtime.db.write() as session:
        session.execute(sa.text("UPDATE brands SET removed_at = '2026-11-23 09:00:00'"))
    work(runtime)
    assert mention_now(runtime, mention_id).priority == 0
