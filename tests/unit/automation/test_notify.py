"""Saying something: to whom it goes, once, and how browsers hear of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from backend.automation.models import Message, MessageSend
from backend.automation.notify import notify
from backend.infra.changes import read_changes
from backend.infra.db import Database
from tests.unit.automation.make import make_brand, make_channel


def test_a_message_waits_for_every_channel_that_takes_its_kind(db: Database, at: datetime) -> None:
    with db.write() as session:
        brand_id = make_brand(session, now=at)
        hook = make_channel(session, brand_id, now=at)
        make_channel(session, brand_id, "slack", takes=["mentions"], now=at)
        make_channel(session, brand_id, "ntfy", paused=True, now=at)
        make_channel(session, make_brand(session, name="Another", now=at), now=at)
        said = notify(session, brand_id=brand_id, kind="spike", title="A spike\n at 11", now=at)
        assert said is not None
        assert said.title == "A spike at 11"
        sends = list(session.scalars(select(MessageSend)))
        assert [(send.channel_id, send.state, send.due_at) for send in sends] == [(hook.id, "waiting", at)]


def test_named_channels_get_it_whatever_they_take_and_not_before_its_time(db: Database, at: datetime) -> None:
    later = at + timedelta(hours=8)
    with db.write() as session:
        brand_id = make_brand(session, now=at)
        named = make_channel(session, brand_id, takes=[], now=at)
        make_channel(session, brand_id, now=at)
        notify(session, brand_id=brand_id, kind="rule", title="x", channel_ids=[named.id], not_before=later, now=at)
        sends = list(session.scalars(select(MessageSend)))
        assert [(send.channel_id, send.due_at) for send in sends] == [(named.id, later)]


def test_the_same_kind_and_ref_is_said_once_for_a_brand(db: Database, at: datetime) -> None:
    with db.write() as session:
        brand_id, other = make_brand(session, now=at), make_brand(session, name="Another", now=at)
        make_channel(session, brand_id, now=at)
        assert notify(session, brand_id=brand_id, kind="spike", ref="11h", title="one", now=at) is not None
        assert notify(session, brand_id=brand_id, kind="spike", ref="11h", title="two", now=at) is None
        assert notify(session, brand_id=brand_id, kind="rule", ref="11h", title="three", now=at) is not None
        assert notify(session, brand_id=other, kind="spike", ref="11h", title="four", now=at) is not None
        assert notify(session, brand_id=brand_id, kind="spike", title="five", now=at) is not None
        assert notify(session, brand_id=brand_id, kind="spike", title="six", now=at) is not None
    with db.read() as session:
        titles = list(session.scalars(select(Message.title).order_by(Message.id)))
        assert titles == ["one", "three", "four", "five", "six"]


def test_each_address_of_a_mail_channel_gets_a_mail_of_its_own(db: Database, at: datetime) -> None:
    with db.write() as session:
        brand_id = make_brand(session, now=at)
        make_channel(session, brand_id, "email", params={"to": ["a@b.example", "c@d.example"]}, now=at)
        notify(session, brand_id=brand_id, kind="spike", title="x", now=at)
        sends = list(session.scalars(select(MessageSend).order_by(MessageSend.id)))
        assert [send.recipient for send in sends] == ["a@b.example", "c@d.example"]
        assert len({send.key for send in sends}) == 2


def test_browsers_hear_of_it_by_a_change_and_nothing_waits_for_them(db: Database, at: datetime) -> None:
    with db.write() as session:
        brand_id = make_brand(session, now=at)
        make_channel(session, brand_id, "browser", now=at)
        said = notify(session, brand_id=brand_id, kind="spike", title="x", now=at)
        assert said is not None
    with db.read() as session:
        changes, _last = read_changes(session, after=0, brand_ids=[brand_id])
        assert ("message.created", str(said.id)) in [(change.kind, change.ref) for change in changes]
        send = session.scalars(select(MessageSend)).one()
        assert (send.state, send.due_at) == ("sent", None)


def test_a_message_of_a_french_brand_is_french(db: Database, at: datetime) -> None:
    with db.write() as session:
        brand_id = make_brand(session, language="fr", now=at)
        said = notify(session, brand_id=brand_id, kind="quiet", title="Rien", now=at)
        assert said is not None
        assert said.language == "fr"
