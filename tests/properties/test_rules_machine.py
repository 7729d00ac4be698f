"""Whatever rules there are and whatever happens to mentions: they come to rest, log all they do, and are taken back
exactly."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.automation.rules.engine import MOST_ACTS
from backend.automation.rules.language import RuleBody
from backend.automation.rules.runs import undo_run
from backend.config import Settings
from backend.infra.crypto import open_vault
from backend.infra.db import Database
from backend.infra.http import HttpClient
from backend.infra.runtime import Runtime
from backend.models import metadata
from tests.conftest import Clock
from tests.unit.automation.rules.make import ALICE, House

TAGS = ("a", "b", "c")
NUMBERS = st.integers(-3, 3)
DOES = st.fixed_dictionaries(
    {},
    optional={
        "tag": st.lists(st.sampled_from(TAGS), max_size=2, unique=True),
        "priority": NUMBERS,
        "done": st.booleans(),
        "snooze_hours": st.integers(1, 48),
        "alert": st.booleans(),
    },
)
BODIES = st.fixed_dictionaries(
    {
        "when": st.sampled_from([{"event": "arrives"}, {"event": "changes"}, {"event": "waited", "hours": 1}]),
        "if": st.fixed_dictionaries(
            {},
            optional={
                "query": st.sampled_from(["red", "blue OR green", "red -blue"]),
                "from_hour": st.just(9),
                "until_hour": st.just(12),
                "more_than": st.integers(1, 3),
            },
        ).filter(lambda part: ("from_hour" in part) == ("until_hour" in part)),
        "then": DOES,
        "else": DOES,
    }
).filter(lambda body: any(any(body[name].values()) for name in ("then", "else")))
WORDS = st.lists(st.sampled_from(["red", "blue", "green"]), min_size=1, max_size=3)
STATE = ("status", "tags", "priority", "snoozed_until", "assignee_id", "note", "replied_by", "replied_at")


def _house(folder: str, at: Any) -> House:
    database = Database(f"sqlite:///{folder}/db.sqlite3")
    metadata.create_all(database.engine)
    own = Settings(data_dir=Path(folder), database_url=database.url)
    runtime = Runtime(own, database, HttpClient(), open_vault("", own.data_dir), Clock(at))
    return House(runtime, runtime.clock)  # type: ignore[arg-type]


def _state(house: House, ids: list[int]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(house.mention(one), name) for name in STATE) for one in ids]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(BODIES, min_size=1, max_size=5), said=st.lists(WORDS, min_size=1, max_size=4))
def test_rules_come_to_rest_and_are_taken_back_exactly(
    at: Any, bodies: list[dict[str, Any]], said: list[list[str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = _house(folder, at)
        try:
            for number, body in enumerate(bodies):
                RuleBody.model_validate(body)
                house.rule(f"rule {number}", **{f"{name}_": part for name, part in body.items()})
            ids = [house.said(number, title=" ".join(words)) for number, words in enumerate(said)]
            for one in ids:
                house.set(one, note="looked at")
            before = _state(house, ids)
            house.later(hours=2)
            # At rest: nothing is due but looking at the clock, and another look changes nothing.
            versions = [house.mention(one).version for one in ids]
            runs = len(house.runs())
            assert runs <= len(ids) * MOST_ACTS * 3  # arrived, changed, waited
            house.work()
            house.work()
            assert [house.mention(one).version for one in ids] == versions
            assert len(house.runs()) == runs
            assert all(rule.enabled for rule in house.rules())
            # Every change is logged: taken back from the last to the first, all is as people left it.
            for run in reversed(house.runs()):
                with house.db.write() as session:
                    undo_run(session, run.id, by=ALICE, now=house.clock())
            assert _state(house, ids) == before
            # And being taken back wakes nothing.
            house.work()
            assert _state(house, ids) == before
        finally:
            house.runtime.http.close()
            house.db.close()
