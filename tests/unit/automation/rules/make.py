"""A brand with rules, and a worker that acts only when told to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.accounts.members import create_member
from backend.automation.models import ChangeReader, Message
from backend.automation.readers import plan_readers, read_on
from backend.automation.rules.book import create_rule
from backend.automation.rules.language import RuleBody
from backend.automation.rules.models import Rule, RuleRun
from backend.automation.rules.wake import look_once
from backend.inbox.mentions import Actor, change_mention
from backend.inbox.models import Mention
from backend.infra.jobs import lease_due
from backend.infra.runtime import Runtime
from tests.conftest import Clock
from tests.unit.automation.make import make_brand, make_channel, make_mention

ALICE = Actor(name="Alice", person=True)


class House:
    def __init__(self, runtime: Runtime, clock: Clock, language: str = "en") -> None:
        self.runtime, self.clock, self.db = runtime, clock, runtime.db
        with self.db.write() as session:
            self.brand_id = make_brand(session, now=clock(), language=language)
            self.channel_id = make_channel(session, self.brand_id, now=clock()).id
            self.member_id = create_member(session, name="Bob", brand_roles={self.brand_id: "editor"}, now=clock()).id
            plan_readers(session, now=clock())

    def rule(self, name: str = "Rule", enabled: bool = True, **body: Any) -> int:
        body.setdefault("when", {"event": "arrives"})
        read = RuleBody.model_validate({name.rstrip("_"): part for name, part in body.items()})
        with self.db.write() as session:
            return create_rule(session, self.brand_id, name=name, body=read, enabled=enabled, now=self.clock()).id

    def said(self, number: int = 1, **values: Any) -> int:
        with self.db.write() as session:
            return make_mention(session, self.brand_id, number, now=self.clock(), **values).id

    def set(self, mention_id: int, **values: Any) -> None:
        """A person changes a mention."""
        with self.db.write() as session:
            version = session.get_one(Mention, mention_id).version
            change_mention(session, mention_id, values, version=version, by=ALICE, now=self.clock())

    def work(self) -> None:
        """Whatever is due now."""
        self.clock.forward(seconds=6)
        for model, turn in ((ChangeReader, read_on), (Rule, look_once)):
            with self.db.write() as session:
                leases = lease_due(session, model, now=self.clock(), lease_s=60, limit=100, worker="t")
            for lease in leases:
                turn(self.runtime, lease.ref, lease.fence)

    def later(self, **units: float) -> None:
        until = self.clock() + timedelta(**units)
        while self.clock() < until:
            self.clock.at = min(until, self.clock() + timedelta(minutes=20))
            self.work()

    def mention(self, mention_id: int) -> Mention:
        with self.db.read() as session:
            return session.get_one(Mention, mention_id)

    def rules(self) -> list[Rule]:
        with self.db.read() as session:
            return list(session.scalars(select(Rule).order_by(Rule.place)))

    def runs(self) -> list[RuleRun]:
        with self.db.read() as session:
            return list(session.scalars(select(RuleRun).order_by(RuleRun.id)))

    def messages(self) -> list[Message]:
        with self.db.read() as session:
            return list(session.scalars(select(Message).order_by(Message.id)))
