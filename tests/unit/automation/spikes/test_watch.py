"""The worker's look at spikes: real rows in, one message out, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from backend.automation.alerts import create_alert
from backend.automation.models import Message
from backend.automation.spikes.models import Spike
from backend.automation.spikes.watch import look_for_spikes
from backend.inbox.models import Mention
from backend.infra.runtime import Runtime
from backend.listening.models import Keyword
from tests.conftest import Clock
from tests.unit.automation.make import make_brand, make_channel, make_keyword, make_mention

BURST = 14


@pytest.fixture
def keyword(runtime: Runtime, at: datetime) -> Keyword:
    """Listened for since two months, with three posts a week."""
    born_at = at - timedelta(days=60)
    with runtime.db.write() as session:
        brand_id = make_brand(session, now=born_at)
        keyword = make_keyword(session, brand_id, now=born_at)
        make_channel(session, brand_id, "ntfy", now=born_at)
        for number in range(24):
            said = at - timedelta(days=2 + number * 2)
            make_mention(session, brand_id, 1000 + number, now=said, keyword=keyword)
    return keyword


def burst(
    runtime: Runtime, keyword: Keyword, *, start: int = 1, count: int = BURST, same: bool = False, **values: Any
) -> None:
    now = runtime.clock()
    story = "The terrace of the café burned down last night and nobody was hurt says the fire brigade of Paris"
    with runtime.db.write() as session:
        for number in range(start, start + count):
            make_mention(
                session,
                keyword.brand_id,
                number,
                now=now,
                keyword=keyword,
                text=story if same else "",
                published_at=now - timedelta(minutes=1 + number % 45),
                **values,
            )


def said(runtime: Runtime) -> list[Message]:
    with runtime.db.read() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def spikes(runtime: Runtime) -> list[Spike]:
    with runtime.db.read() as session:
        return list(session.scalars(select(Spike).order_by(Spike.id)))


def test_a_spike_is_told_once_with_its_reason(runtime: Runtime, keyword: Keyword, clock: Clock) -> None:
    burst(runtime, keyword, same=True)
    look_for_spikes(runtime, clock())
    (message,) = said(runtime)
    assert message.kind == "spike"
    assert message.title == "“lumiere”: 14 posts in an hour"
    assert message.body == "Usual at this time: hardly any. 14 of 14 repeat one story, first seen at somewhere.example."
    look_for_spikes(runtime, clock.forward(minutes=5))
    assert len(said(runtime)) == 1
    (spike,) = spikes(runtime)
    assert spike.ended_at is None
    assert spike.count == BURST


def test_a_spike_of_one_author_says_so(runtime: Runtime, keyword: Keyword, clock: Clock) -> None:
    burst(runtime, keyword)
    look_for_spikes(runtime, clock())
    assert "14 of 14 are by Alice." in said(runtime)[0].body


def test_it_ends_by_itself_and_says_nothing_then(runtime: Runtime, keyword: Keyword, clock: Clock) -> None:
    burst(runtime, keyword)
    look_for_spikes(runtime, clock())
    for _ in range(17):
        look_for_spikes(runtime, clock.forward(hours=1))
    (spike,) = spikes(runtime)
    assert spike.ended_at is not None
    assert len(said(runtime)) == 1


def test_complaints_have_spikes_of_their_own(runtime: Runtime, keyword: Keyword, clock: Clock) -> None:
    burst(runtime, keyword, intent="complaint", intent_by="person")
    look_for_spikes(runtime, clock())
    assert sorted(message.kind for message in said(runtime)) == ["complaint_spike", "spike"]


@pytest.mark.parametrize("values", [{"status": "spam"}, {"about_us": "probably_not"}, {"about_us": "no"}])
def test_spam_and_what_is_not_about_us_do_not_count(
    runtime: Runtime, keyword: Keyword, clock: Clock, values: dict[str, str]
) -> None:
    burst(runtime, keyword)
    with runtime.db.write() as session:
        session.execute(sa.update(Mention).where(Mention.sorted_at > clock() - timedelta(hours=1)).values(**values))
    look_for_spikes(runtime, clock())
    assert spikes(runtime) == []


def quiet_at_night(runtime: Runtime, keyword: Keyword, now: datetime) -> None:
    """On the brand's clock, for another hour from `now` on."""
    there = now.astimezone(ZoneInfo("Europe/Paris"))
    hours = {"quiet_from": f"{there - timedelta(hours=2):%H:%M}", "quiet_until": f"{there + timedelta(hours=1):%H:%M}"}
    with runtime.db.write() as session:
        create_alert(session, keyword.brand_id, {"keyword_id": keyword.id, **hours}, now=now)


def test_a_spike_in_quiet_hours_is_said_after_them_with_its_time(
    runtime: Runtime, keyword: Keyword, clock: Clock
) -> None:
    quiet_at_night(runtime, keyword, clock())
    burst(runtime, keyword, same=True)
    look_for_spikes(runtime, clock())
    assert (said(runtime), len(spikes(runtime))) == ([], 1), "seen, and not said"
    look_for_spikes(runtime, clock.forward(minutes=50))
    assert said(runtime) == []
    look_for_spikes(runtime, clock.forward(minutes=15))
    (message,) = said(runtime)
    assert message.title == "“lumiere”: 14 posts in an hour"
    assert message.body.startswith("It was ")
    assert message.body.endswith("14 of 14 repeat one story, first seen at somewhere.example.")
    look_for_spikes(runtime, clock.forward(minutes=5))
    assert len(said(runtime)) == 1


def test_many_complaints_at_once_wake_people(runtime: Runtime, keyword: Keyword, clock: Clock) -> None:
    quiet_at_night(runtime, keyword, clock())
    burst(runtime, keyword, intent="complaint", intent_by="person")
    look_for_spikes(runtime, clock())
    assert [message.kind for message in said(runtime)] == ["complaint_spike"]


def test_a_spike_whose_keyword_was_put_away_in_the_night_is_not_said(
    runtime: Runtime, keyword: Keyword, clock: Clock
) -> None:
    quiet_at_night(runtime, keyword, clock())
    burst(runtime, keyword)
    look_for_spikes(runtime, clock())
    with runtime.db.write() as session:
        session.execute(sa.update(Keyword).values(removed_at=clock()))
    look_for_spikes(runtime, clock.forward(hours=2))
    assert said(runtime) == []


def test_nobody_hears_of_a_keyword_that_was_put_away(runtime: Runtime, keyword: Keyword, clock: Clock) -> None:
    burst(runtime, keyword)
    look_for_spikes(runtime, clock())
    with runtime.db.write() as session:
        session.execute(sa.update(Keyword).values(removed_at=clock()))
    look_for_spikes(runtime, clock.forward(minutes=5))
    (spike,) = spikes(runtime)
    assert spike.ended_at is not None


def test_a_quiet_hour_reads_once_however_many_keywords_there_are(
    runtime: Runtime, keyword: Keyword, clock: Clock
) -> None:
    with runtime.db.write() as session:
        for number in range(50):
            make_keyword(session, keyword.brand_id, now=clock(), name=f"quiet{number}")
    asked: list[str] = []
    listen = lambda *args: asked.append(args[2])  # noqa: E731
    engines = {runtime.db.engine, getattr(runtime.db, "_reader", None) or runtime.db.engine}
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", listen)
    look_for_spikes(runtime, clock())
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", listen)
    assert 0 < len(asked) < 8
