"""A direct message of Bluesky in the browser: marked as private, counted as a message, answered in its conversation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.work import Work, violations, working
from tests.peers.servers import BlueskyAccount, Pds
from tests.waiting import wait_for

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("private")) as found:
        yield found


def connect(work: Work, pds: Pds, person: BlueskyAccount) -> str:
    """Gives its source."""
    given = {"identifier": person.handle, "app_password": person.app_password}
    account = {"network": "bluesky", "server": pds.url, "credentials": given}
    work.api("POST", "/accounts", {"brand_id": work.brand["id"], **account})
    sources = work.api("GET", "/sources")["items"]
    return str(next(one["id"] for one in sources if one["name"] == f"@{person.handle}"))


def test_it_is_marked_counted_and_answered_as_a_message(work: Work, pds_server: Pds) -> None:
    person = pds_server.create_account(messages=True)
    maud = pds_server.chat(pds_server.create_account("maud-writes"))
    convo = maud.convo_with(person)
    maud.say(convo, "My order is lost, where is it?")
    work.api("POST", f"/sources/{connect(work, pds_server, person)}/poll")
    page = work.open("inbox")
    row = page.locator(".inbox-row", has_text="My order is lost")
    expect(row.get_by_text("private", exact=True)).to_be_visible(timeout=30_000)
    row.click()
    page.keyboard.press("r")
    box = page.get_by_role("textbox", name="Answer to maud-writes")
    expect(box).to_be_focused()
    box.fill("We look for it.")
    expect(page.get_by_text("985 left")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Send privately").click()
    wait_for(lambda: maud.texts(convo)[1:] == ["We look for it."] or None, 30)
    assert pds_server.texts(person) == []
    page.close()


def test_the_account_says_what_to_tick(work: Work, pds_server: Pds) -> None:
    person = pds_server.create_account()
    work.api("POST", f"/sources/{connect(work, pds_server, person)}/poll")
    page = work.open("settings?part=accounts")
    line = page.get_by_role("listitem").filter(has_text=person.handle)
    expect(line.get_by_text("make one with the box for direct messages ticked")).to_be_visible(timeout=30_000)
    expect(line.get_by_text("Works", exact=True)).to_be_visible()
    assert violations(page) == []
    page.close()
