"""Spikes over the API: who sees which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.automation.spikes.models import Spike
from tests.factories import Api, runtime_of


def test_spikes_are_listed_with_their_reason_and_only_to_who_may_see_the_brand(api: Api, brand: dict[str, Any]) -> None:
    keyword = api.post("/keywords", {"query": "lumiere"}).json
    runtime = runtime_of(api.app)
    now = runtime.clock()
    with runtime.db.write() as session:
        for days in (1, 20):
            began = now - timedelta(days=days)
            session.add(
                Spike(
                    brand_id=int(brand["id"]), keyword_id=int(keyword["id"]), kind="mentions", began_at=began,
                    loud_at=began, ended_at=now, told_at=began, told=9.0, told_times=1, peak=12.0, count=9, hours=1,
                    expected=0.42,
                    reason={"why": "author", "n": 5, "of": 9, "story": 0, "who": "Bob", "where": "", "words": []},
                )
            )  # fmt: skip
    found = api.get("/spikes").json["items"]
    assert [one["reason"]["who"] for one in found] == ["Bob", "Bob"]
    assert found[0]["keyword"] == "lumiere"
    assert found[0]["expected"] == 0.4
    since = (now - timedelta(days=7)).isoformat().replace("+00:00", "Z")
    assert len(api.get(f"/spikes?since={since}").json["items"]) == 1
    assert api.as_role("viewer").get("/spikes").json["items"] == []
    assert api.get("/spikes?since=never").status == 422
