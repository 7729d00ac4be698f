"""When, if, then, else: what rules do, once, and how it is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from backend.accounts.brands import remove_brand
from backend.accounts.models import Member
from backend.automation.models import ChangeReader
from backend.automation.readers import read_on
from backend.automation.rules import engine
from backend.automation.rules.book import change_rule, order_rules
from backend.automation.rules.dry_run import dry_run
from backend.automation.rules.language import RuleBody
from backend.automation.rules.models import Rule
from backend.automation.rules.runs import undo_run, undo_since
from backend.inbox.models import Mention
from backend.infra.jobs import lease_due
from tests.unit.automation.rules.make import ALICE, House


def test_a_mention_that_arrives_is_tagged_assigned_and_logged(house: House) -> None:
    rule_id = house.rule(
        "Terrace", if_={"query": "terrace"}, then={"tag": ["terrace"], "assign": str(house.member_id), "priority": 5}
    )
    told, other = house.said(1, title="The terrace is open"), house.said(2, title="The kitchen is open")
    house.work()
    mention = house.mention(told)
    assert (mention.tags, mention.assignee_id, mention.priority) == (["terrace"], house.member_id, 5)
    assert house.mention(other).tags == []
    (run,) = house.runs()
    assert (run.rule_id, run.mention_id, run.branch, run.event) == (rule_id, told, "then", "arrives")
    assert run.before == {"tags": [], "assignee_id": None, "priority": 0}
    assert run.after == {"tags": ["terrace"], "assignee_id": house.member_id, "priority": 5}


def test_tags_beyond_what_people_may_set_are_left_and_the_rest_is_done(house: House) -> None:
    house.rule("First", then={"priority": 3})
    house.rule("Second", then={"tag": ["rule"]})
    many = house.said(1, tags=[f"t{n}" for n in range(40)])
    full = house.said(2, tags=[f"t{n}" for n in range(30)])
    house.work()
    assert [(len(house.mention(one).tags), house.mention(one).priority) for one in (many, full)] == [(40, 3), (30, 3)]
    with house.db.read() as session:
        assert all(rule.enabled for rule in session.scalars(select(Rule)))


def test_what_does_not_match_takes_the_other_branch(house: House) -> None:
    house.rule(if_={"query": "terrace"}, then={"priority": 5}, else_={"done": True})
    other = house.said(2, title="The kitchen is open")
    house.work()
    assert house.mention(other).status == "done"
    assert [run.branch for run in house.runs()] == ["else"]


def test_what_came_before_it_was_switched_on_is_left_alone(house: House) -> None:
    before = house.said(1)
    house.clock.forward(seconds=1)
    house.rule(then={"done": True})
    after = house.said(2)
    house.work()
    assert [house.mention(one).status for one in (before, after)] == ["new", "done"]


def test_rules_run_in_their_order_and_see_what_those_before_did(house: House) -> None:
    first = house.rule("first", then={"priority": 1})
    second = house.rule("second", then={"priority": 2})
    mention_id = house.said(1)
    house.work()
    assert house.mention(mention_id).priority == 2
    with house.db.write() as session:
        order_rules(session, house.brand_id, [second, first], now=house.clock())
    mention_id = house.said(2)
    house.work()
    assert house.mention(mention_id).priority == 1


def test_a_rule_for_changes_hears_people_and_the_rules_before_it(house: House) -> None:
    house.rule("arrives", then={"tag": ["fresh"]})
    house.rule("changes", when={"event": "changes"}, then={"priority": 3})
    mention_id = house.said(1)
    house.work()
    assert house.mention(mention_id).priority == 3
    house.set(mention_id, priority=0)
    house.work()
    assert house.mention(mention_id).priority == 3


def test_two_rules_that_undo_each_other_come_to_rest(house: House) -> None:
    house.rule("on", when={"event": "changes"}, then={"tag": ["x"], "priority": 1})
    house.rule("off", when={"event": "changes"}, then={"untag": ["x"], "priority": 2})
    mention_id = house.said(1)
    house.set(mention_id, note="look")
    for _ in range(5):
        house.work()
    assert len(house.runs()) == 2
    version = house.mention(mention_id).version
    house.work()
    assert house.mention(mention_id).version == version


def test_at_most_eight_rules_act_on_a_mention_at_once(house: House) -> None:
    for number in range(engine.MOST_ACTS + 3):
        house.rule(f"rule {number}", then={"tag": [f"tag {number}"]})
    mention_id = house.said(1)
    house.work()
    assert len(house.mention(mention_id).tags) == engine.MOST_ACTS


@pytest.mark.parametrize(("hours", "acted"), [(3, False), (4.5, True)])
def test_what_nobody_dealt_with_for_hours_is_met_once(house: House, hours: float, acted: bool) -> None:
    house.rule(when={"event": "waited", "hours": 4}, then={"priority": 7, "alert": True})
    mention_id = house.said(1)
    house.later(hours=hours)
    assert (house.mention(mention_id).priority == 7) is acted
    house.set(mention_id, priority=0)
    house.later(minutes=30)
    assert len(house.runs()) == acted


def test_what_was_answered_has_not_waited(house: House) -> None:
    house.rule(when={"event": "waited", "hours": 4}, then={"priority": 7})
    mention_id = house.said(1)
    house.later(hours=2)
    house.set(mention_id, status="replied")
    house.later(hours=4)
    assert house.runs() == []


def test_what_is_put_off_waits_from_when_it_comes_back(house: House) -> None:
    house.rule(when={"event": "waited", "hours": 4}, then={"priority": 7})
    mention_id = house.said(1)
    house.set(mention_id, snoozed_until=house.clock() + timedelta(hours=3))
    house.later(hours=6)
    assert house.runs() == []
    house.later(hours=2)
    assert len(house.runs()) == 1


def test_many_that_came_in_one_moment_are_all_met(house: House) -> None:
    house.rule(when={"event": "waited", "hours": 1}, then={"priority": 7})
    ids = [house.said(number) for number in range(50)]
    house.later(hours=2)
    assert all(house.mention(one).priority == 7 for one in ids)
    assert len(house.runs()) == 50


@pytest.mark.parametrize(
    ("at", "wanted", "holds"),
    [
        (datetime(2026, 11, 23, 21, 30, tzinfo=UTC), {"from_hour": 22, "until_hour": 7}, True),  # 22:30 in Paris
        (datetime(2026, 11, 23, 20, 30, tzinfo=UTC), {"from_hour": 22, "until_hour": 7}, False),
        (datetime(2026, 7, 1, 20, 30, tzinfo=UTC), {"from_hour": 22, "until_hour": 7}, True),  # summer
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), {"weekdays": [0]}, True),  # Monday already in Paris
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), {"weekdays": [5, 6]}, False),
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), {"authors": ["@ALICE"]}, True),
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), {"authors": ["Bob"]}, False),
    ],
)
def test_hours_weekdays_and_authors(house: House, at: datetime, wanted: dict[str, object], holds: bool) -> None:
    house.clock.at = at
    house.rule(if_=wanted, then={"priority": 1})
    mention_id = house.said(1)
    house.work()
    assert (house.mention(mention_id).priority == 1) is holds


def test_what_comes_at_night_waits_until_nine(house: House) -> None:
    house.clock.at = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    house.rule(if_={"from_hour": 22, "until_hour": 7}, then={"snooze_until_hour": 9})
    mention_id = house.said(1)
    house.work()
    assert house.mention(mention_id).snoozed_until == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_more_than_twenty_in_an_hour_are_told_once_an_hour(house: House) -> None:
    house.rule("Many", if_={"more_than": 20}, then={"alert": True})
    for number in range(20):
        house.said(number)
    house.work()
    assert house.messages() == []
    for number in range(20, 25):
        house.said(number)
        house.work()
    assert [message.kind for message in house.messages()] == ["rule"]
    assert house.messages()[0].title.startswith("Many: ")


def test_old_news_alerts_nobody(house: House) -> None:
    house.rule(then={"alert": True, "priority": 1})
    mention_id = house.said(1, published_at=house.clock() - timedelta(days=5))
    house.work()
    assert house.mention(mention_id).priority == 1
    assert house.messages() == []


def test_one_run_is_taken_back_exactly_and_stays_so(house: House) -> None:
    house.rule("back", when={"event": "changes"}, then={"done": True, "tag": ["x"], "priority": 4})
    mention_id = house.said(1)
    house.set(mention_id, tags=["mine"], priority=1)
    house.work()
    (run,) = house.runs()
    with house.db.write() as session:
        undo_run(session, run.id, by=ALICE, now=house.clock())
    house.work()
    mention = house.mention(mention_id)
    assert (mention.status, mention.tags, mention.priority) == ("new", ["mine"], 1)
    assert len(house.runs()) == 1
    assert house.runs()[0].undone_by == "Alice"


def test_all_since_a_time_is_taken_back_but_for_what_people_changed_after(house: House) -> None:
    rule_id = house.rule(then={"done": True, "priority": 4})
    early = house.said(1)
    house.work()
    since = house.clock.forward(hours=1)
    late, touched = house.said(2), house.said(3)
    house.work()
    house.set(touched, status="open")
    with house.db.write() as session:
        back = undo_since(session, rule_id, since, by=ALICE, now=house.clock())
    assert (back.undone, back.kept, back.more) == (2, 1, False)
    assert [house.mention(one).status for one in (early, late, touched)] == ["done", "new", "open"]
    assert [house.mention(one).priority for one in (early, late, touched)] == [4, 0, 0]


def test_a_rule_that_throws_is_switched_off_with_a_notice_and_the_others_go_on(house: House) -> None:
    house.rule("Broken", then={"assign": str(house.member_id), "tag": ["half"]})
    house.rule("Whole", then={"priority": 2})
    with house.db.write() as session:
        session.execute(update(Member).where(Member.id == house.member_id).values(removed_at=house.clock()))
    mention_id = house.said(1)
    house.work()
    mention = house.mention(mention_id)
    assert (mention.tags, mention.priority) == ([], 2)
    broken, whole = house.rules()
    assert (broken.enabled, broken.error, whole.enabled) == (False, "assignee_gone", True)
    assert [message.kind for message in house.messages()] == ["trouble"]
    assert "Broken" in house.messages()[0].title


def test_a_fault_of_ours_takes_back_that_rule_only(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.rule("Faulty", then={"priority": 9, "alert": True})
    monkeypatch.setattr(engine, "tell", lambda *_args, **_kw: 1 / 0)
    mention_id = house.said(1)
    house.work()
    assert house.mention(mention_id).priority == 0
    assert house.rules()[0].error == "failed"


def test_a_kill_before_the_commit_loses_nothing_and_does_nothing_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.rule(then={"priority": 3, "alert": True})
    mention_id = house.said(1)
    house.clock.forward(seconds=6)

    class Killed(BaseException):
        pass

    def die(*_args: object, **_kw: object) -> None:
        raise Killed

    with house.db.write() as session:
        session.execute(delete(ChangeReader).where(ChangeReader.name != "rules"))
        (lease,) = lease_due(session, ChangeReader, now=house.clock(), lease_s=60, limit=9, worker="t")
    with monkeypatch.context() as patch:
        patch.setattr("backend.automation.readers.release", die)  # the effects are written, the cursor is moved
        with pytest.raises(Killed):
            read_on(house.runtime, lease.ref, lease.fence)
    assert house.mention(mention_id).priority == 0
    house.clock.forward(seconds=61)
    house.work()
    house.work()
    assert house.mention(mention_id).priority == 3
    assert (len(house.runs()), len(house.messages())) == (1, 1)


def test_a_dry_run_says_what_the_rule_then_does(house: House) -> None:
    ids = [house.said(n, title="The terrace" if n % 3 else "The kitchen") for n in range(12)]
    body = RuleBody.model_validate(
        {
            "when": {"event": "arrives"},
            "if": {"query": "terrace"},
            "then": {"tag": ["terrace"], "alert": True},
            "else": {"done": True},
        }
    )
    with house.db.read() as session:
        found = dry_run(session, house.brand_id, body, now=house.clock())
    assert (found.looked_at, found.more, found.then, found.otherwise, found.changed) == (12, False, 8, 4, 12)
    assert found.would == {"tags": 8, "alert": 8, "status": 4}
    assert {one.mention.id for one in found.examples} <= set(ids)
    assert house.runs() == []


def test_a_dry_run_of_a_rule_that_meets_nothing_ends_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.automation.rules.dry_run._PAGE", 2)
    monkeypatch.setattr("backend.automation.rules.dry_run.MOST", 4)
    for n in range(6):
        house.said(n, status="done")
    body = RuleBody.model_validate({"when": {"event": "waited", "hours": 1}, "then": {"alert": True}})
    with house.db.read() as session:
        found = dry_run(session, house.brand_id, body, now=house.clock())
    assert (found.looked_at, found.more) == (0, True)


def test_a_dry_run_counts_the_hour_before_each(house: House) -> None:
    for number in range(25):
        house.said(number)
        house.clock.forward(minutes=1)
    body = RuleBody.model_validate({"when": {"event": "arrives"}, "if": {"more_than": 20}, "then": {"alert": True}})
    with house.db.read() as session:
        found = dry_run(session, house.brand_id, body, now=house.clock())
    assert found.then == 5


def test_a_rule_of_another_release_is_switched_off_and_says_so(house: House) -> None:
    house.rule(then={"priority": 1})
    with house.db.write() as session:
        session.execute(update(Rule).values(body={"when": {"event": "sings"}}))
    house.said(1)
    house.work()
    assert house.rules()[0].error == "unreadable"


def test_what_is_said_anew_holds_from_then_on(house: House) -> None:
    rule_id = house.rule(then={"priority": 1})
    house.said(1)
    house.clock.forward(seconds=1)
    body = RuleBody.model_validate({"when": {"event": "arrives"}, "then": {"priority": 2}})
    with house.db.write() as session:
        change_rule(session, rule_id, version=1, body=body, now=house.clock())
    house.said(2)
    house.work()
    with house.db.read() as session:
        assert [mention.priority for mention in session.query(Mention).order_by(Mention.id)] == [0, 2]


def test_spam_is_left_alone_and_what_was_answered_stays_answered(house: House) -> None:
    house.rule(when={"event": "changes"}, then={"done": True, "tag": ["x"]})
    spam, answered = house.said(1), house.said(2)
    house.set(spam, status="spam")
    house.set(answered, status="replied")
    house.work()
    assert [(house.mention(one).status, house.mention(one).tags) for one in (spam, answered)] == [
        ("spam", []),
        ("replied", ["x"]),
    ]


def test_brands_that_were_put_away_are_left_alone(house: House) -> None:
    house.rule(then={"priority": 1})
    house.rule(when={"event": "waited", "hours": 1}, then={"priority": 1})
    mention_id = house.said(1)
    with house.db.write() as session:
        remove_brand(session, house.brand_id, now=house.clock())
    house.later(hours=2)
    assert house.mention(mention_id).priority == 0


def test_the_query_may_name_what_is_known_of_a_mention(house: House) -> None:
    house.rule("tags", if_={"query": "site:somewhere.example"}, then={"tag": ["here"]})
    house.rule("reads tags", when={"event": "changes"}, if_={"query": "tag:here -is:done"}, then={"priority": 6})
    mention_id = house.said(1)
    house.work()
    assert (house.mention(mention_id).tags, house.mention(mention_id).priority) == (["here"], 6)
