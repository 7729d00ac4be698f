"""What two people change at the same moment: whoever comes second is told so, also where both had read before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.accounts.brands import change_brand
from backend.accounts.models import Brand
from backend.automation.alerts import change_alert, create_alert
from backend.automation.channels import change_channel
from backend.automation.models import Alert, Channel
from backend.automation.rules.book import change_rule, create_rule
from backend.automation.rules.language import read_body
from backend.automation.rules.models import Rule
from backend.inbox.mentions import Actor, NewMention, add_mention, change_mention, change_mentions
from backend.inbox.models import Mention, SavedSearch
from backend.inbox.searches import change_search, create_search
from backend.infra.db import Database
from backend.infra.errors import Conflict
from backend.links.links import change_link, create_link
from backend.links.models import Link
from backend.replies.models import SavedReply
from backend.replies.saved import change_reply, create_reply
from tests.unit.automation.make import make_brand, make_channel, make_mention

ADA = Actor(name="Ada", person=True)
BODY = {"when": {"event": "arrives"}, "if": {}, "then": {"tag": ["seen"]}}
Change = Callable[[Session, int, int, datetime], Any]
CHANGES: dict[type[Any], Change] = {
    Brand: lambda s, id, version, now: change_brand(s, id, {"voice": f"{version}"}, version=version, now=now),
    Mention: lambda s, id, version, now: change_mention(s, id, {"note": "x"}, version=version, by=ADA, now=now),
    SavedSearch: lambda s, id, version, now: change_search(s, id, {"name": "x"}, version=version, now=now),
    SavedReply: lambda s, id, version, now: change_reply(s, id, {"title": "x"}, version=version, now=now),
    Channel: lambda s, id, version, now: change_channel(s, id, version=version, name="x", now=now),
    Alert: lambda s, id, version, now: change_alert(s, id, {"hour": 3}, version=version, now=now),
    Link: lambda s, id, version, now: change_link(s, id, {"title": "x"}, version=version, now=now),
    Rule: lambda s, id, version, now: change_rule(s, id, version=version, name="x", now=now),
}


def make(session: Session, model: type[Any], now: datetime) -> int:
    brand_id = make_brand(session, now=now)
    channel = make_channel(session, brand_id, now=now)
    made = {
        Brand: lambda: session.get_one(Brand, brand_id),
        Mention: lambda: make_mention(session, brand_id, now=now),
        SavedSearch: lambda: create_search(session, brand_id, {"name": "a", "query": "a"}, by=None, now=now),
        SavedReply: lambda: create_reply(session, brand_id, {"text": "Hello"}, now=now),
        Channel: lambda: channel,
        Alert: lambda: create_alert(session, brand_id, {"channel_ids": [str(channel.id)]}, now=now),
        Link: lambda: create_link(session, brand_id=brand_id, url="https://a.example/", now=now),
        Rule: lambda: create_rule(session, brand_id, name="a", body=read_body(BODY), enabled=False, now=now),
    }[model]()
    return int(made.id)


@pytest.mark.postgres
@pytest.mark.parametrize("model", CHANGES, ids=lambda model: model.__name__)
def test_whoever_read_before_another_wrote_meets_the_conflict(
    postgres_db: Database, at: datetime, model: type[Any]
) -> None:
    with postgres_db.write() as session:
        id = make(session, model, at)
    with postgres_db.write() as slow:
        row = slow.get_one(model, id)  # held: else the session forgets it, and reads it anew anyway
        version = row.version
        with postgres_db.write() as quick:
            CHANGES[model](quick, id, version, at)
        with pytest.raises(Conflict):
            CHANGES[model](slow, id, version, at)
        assert row.version == version + 1  # what whoever lost is shown


@pytest.mark.postgres
def test_a_change_of_many_begins_from_what_stands_there_now(postgres_db: Database, at: datetime) -> None:
    with postgres_db.write() as session:
        id = make(session, Mention, at)
    with postgres_db.write() as slow:
        held = slow.get_one(Mention, id)
        with postgres_db.write() as quick:
            change_mentions(quick, [id], {"tags": ["quick"]}, by=ADA, now=at)
        (mention,) = change_mentions(slow, [id], {"note": "slow"}, by=ADA, now=at)
        assert mention is held
        assert (mention.tags, mention.note, mention.version) == (["quick"], "slow", 3)


@pytest.mark.postgres
def test_what_somebody_saves_onto_a_mention_is_added_to_what_stands_there_now(
    postgres_db: Database, at: datetime
) -> None:
    with postgres_db.write() as session:
        id = make(session, Mention, at)
        brand_id, url = session.get_one(Mention, id).brand_id, session.get_one(Mention, id).url
    with postgres_db.write() as slow:
        held = slow.get_one(Mention, id)
        with postgres_db.write() as quick:
            change_mentions(quick, [id], {"tags": ["quick"], "note": "first"}, by=ADA, now=at)
        saved = NewMention(url=url, note="second", tags=["slow"])
        mention, _ = add_mention(slow, brand_id, saved, now=at, by=ADA)
        assert mention is held
        assert (mention.tags, mention.note, mention.version) == (["quick", "slow"], "first\nsecond", 3)
