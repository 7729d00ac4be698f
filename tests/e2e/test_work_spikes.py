"""Spikes on Today: what happened, what is usual, why, and the way to the posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from backend.automation.spikes.models import Spike
from backend.infra.db import Database
from tests.e2e.work import Work, take_pictures, working


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("spikes")) as found:
        keyword = found.api("POST", "/keywords", {"brand_id": found.brand["id"], "query": "lumiere"})
        for _ in range(5):
            found.mention("The terrace of the café burned down last night", network="mastodon")
        write_spikes(found, int(keyword["id"]))
        found.remember()
        yield found


@pytest.fixture
def work(house: Work) -> Work:
    house.begin()
    return house


def write_spikes(work: Work, keyword_id: int) -> None:
    """As the worker writes them: one that lasts, one of complaints that is over."""
    now = datetime.now(UTC)
    story = {"why": "story", "n": 30, "of": 41, "story": 1, "who": "", "where": "lemonde.fr", "words": []}
    words = {"why": "words", "n": 9, "of": 12, "story": 0, "who": "", "where": "", "words": ["terrasse", "incendie"]}
    database = Database(f"sqlite:///{work.server.database}")
    with database.write() as session:
        for kind, hours_ago, reason, count, hours, expected in (
            ("mentions", 1, story, 41, 1, 2.2),
            ("complaints", 30, words, 12, 3, 0.1),
        ):
            at = now - timedelta(hours=hours_ago)
            session.add(
                Spike(
                    brand_id=int(work.brand["id"]),
                    keyword_id=keyword_id,
                    kind=kind,
                    began_at=at,
                    loud_at=at,
                    ended_at=None if kind == "mentions" else at + timedelta(hours=12),
                    told_at=at,
                    told=float(count),
                    told_times=1,
                    peak=float(count),
                    count=count,
                    hours=hours,
                    expected=expected,
                    reason=reason,
                )
            )
    database.close()


def test_a_spike_is_told_in_a_sentence_and_leads_to_its_posts(work: Work) -> None:
    page = work.open("today")
    row = page.locator(".today-row", has_text="41 posts in an hour")
    expect(row).to_contain_text("Usual at this time: about 2. 30 of 41 repeat one story, first seen at lemonde.fr.")
    expect(row).to_contain_text("It lasts.")
    other = page.locator(".today-row", has_text="12 complaints in three hours")
    expect(other).to_contain_text("New words in them: terrasse, incendie. It is over.")
    row.get_by_role("button", name="Look").click()
    expect(page).to_have_url(f"{work.server.base}/-/app/#/inbox")
    expect(page.locator(".find-chips .chip")).to_have_text(["lumiere"])
    page.close()


def test_spikes_on_today_look_right(work: Work) -> None:
    take_pictures(work, "today-spikes", "today", ".today-said")
