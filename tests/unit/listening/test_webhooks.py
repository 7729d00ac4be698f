"""Deliveries on both databases: what several bring at once is taken once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from backend.infra.runtime import Runtime
from backend.listening.models import Item, Webhook
from backend.listening.sources import create_source, get_source
from backend.listening.webhooks import renew_address, take_delivery
from tests.unit.listening.make import all_mentions, count, make_brand


def test_what_several_bring_at_once_is_taken_once(runtime: Runtime) -> None:
    brand_id = make_brand(runtime)
    with runtime.db.write() as session:
        source = create_source(session, brand_id, "webhook", {}, now=runtime.clock())
        address = renew_address(session, runtime.vault, get_source(session, source.id), sign=False, now=runtime.clock())
    things = [{"id": n, "title": f"Avis {n}", "url": f"https://avis.example/{n}"} for n in range(20)]
    body = json.dumps(things).encode()
    with ThreadPoolExecutor(4) as several:
        taken = list(
            several.map(lambda _: take_delivery(runtime, address.secret, body, "application/json", ""), range(4))
        )
    assert sum(one.new for one in taken) == 20
    assert sum(one.known for one in taken) == 60
    with runtime.db.read() as session:
        assert count(session, Item) == 20
        assert sorted(one.title for one in all_mentions(session)) == sorted(thing["title"] for thing in things)
        assert session.query(Webhook).one().taken == 20
