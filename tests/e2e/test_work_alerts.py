"""Alerts in the app: made from a keyword; channels that say what happened; dead letters; feeds; notifications."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.work import Work, take_pictures, violations, working
from tests.peers.rooms import Answer, Rooms, open_rooms
from tests.waiting import wait_for

PRIVATE = {"ENTREGENT_ALLOW_PRIVATE_HOSTS": "127.0.0.1"}


@pytest.fixture(scope="module")
def rooms() -> Iterator[Rooms]:
    with open_rooms() as opened:
        yield opened


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("alerts"), PRIVATE) as found:
        found.api("POST", "/keywords", {"brand_id": found.brand["id"], "query": '"café lumière"', "name": "Lumière"})
        found.remember()
        yield found


@pytest.fixture
def work(house: Work, rooms: Rooms) -> Work:
    house.begin()
    rooms.came.clear()
    rooms.answers.clear()
    return house


def make_hook(work: Work, rooms: Rooms, name: str = "Our program") -> dict[str, Any]:
    body = {"brand_id": work.brand["id"], "kind": "webhook", "name": name, "setup": {"url": f"{rooms.url}/hook"}}
    made: dict[str, Any] = work.api("POST", "/channels", body)
    return made


def make_alert(work: Work, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = work.api("POST", "/alerts", {"brand_id": work.brand["id"], **values})
    return made


def test_from_a_keyword_to_an_alert_in_three_clicks(work: Work) -> None:
    work.context.grant_permissions(["notifications"])
    page = work.open("listening")
    page.get_by_role("button", name="Alert me").click()
    expect(page.get_by_label("What about")).to_have_value(work.api("GET", "/keywords")["items"][0]["id"])
    page.get_by_role("button", name="Every day", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The alert is saved.")).to_be_visible()
    expect(page.locator(".alerts-list").first).to_contain_text("Every day at 08:00 · Notifications")
    (alert,) = work.api("GET", "/alerts")["items"]
    assert (alert["name"], alert["rhythm"]) == ("Lumière", "daily")
    assert work.api("GET", "/keywords")["items"][0]["notify"] is True
    page.close()


def test_an_empty_page_says_what_to_do(work: Work) -> None:
    page = work.open("alerts")
    expect(page.get_by_text("No alert yet")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("n")
    expect(page.get_by_label("What about")).to_be_visible()
    assert violations(page) == []
    page.close()


def test_a_channel_is_set_up_and_its_test_says_what_happened(work: Work, rooms: Rooms) -> None:
    page = work.open("alerts")
    page.get_by_role("button", name="Webhook").click()
    page.get_by_label("Address", exact=True).fill("nonsense")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("An address that begins with https://")).to_be_visible()
    page.get_by_label("Address", exact=True).fill(f"{rooms.url}/hook")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".alerts-secret")).to_contain_text("whsec_")
    rooms.answers += [Answer(404), Answer(200, b"<html>", {"Content-Type": "text/html"})]
    for words in ("There is nothing at this address any more.", "A web page answered", "It arrived."):
        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text(words)).to_be_visible()
    assert violations(page) == []
    page.close()


def test_what_does_not_arrive_is_shown_and_sent_again(work: Work, rooms: Rooms) -> None:
    hook = make_hook(work, rooms)
    rooms.answers += [Answer(404)]
    make_alert(work, channel_ids=[hook["id"]])
    work.mention("Le café Lumière est fermé", published_at=None)
    wait_for(lambda: work.api("GET", "/messages?state=dead")["items"], 20)
    page = work.open("today")
    expect(page.get_by_text("Alerts do not arrive: Our program")).to_be_visible()
    page.close()
    page = work.open("alerts")
    expect(page.get_by_text("1 message did not arrive")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("1 message did not arrive")).to_have_count(0)
    wait_for(lambda: len(rooms.came) == 2, 20)
    assert rooms.came[0].headers["webhook-id"] == rooms.came[1].headers["webhook-id"]
    page.get_by_text("What was said last").click()
    expect(page.locator(".alerts-latest li").first).to_contain_text("Our program: arrived")
    page.close()


def test_an_alert_put_away_comes_back_by_undo(work: Work) -> None:
    make_alert(work)
    page = work.open("alerts")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No alert yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("All that is said about Café Lumière")).to_be_visible()
    page.close()


def test_a_feed_is_made_and_ended(work: Work) -> None:
    make_alert(work)
    page = work.open("alerts")
    page.get_by_role("button", name="Feed").click()
    page.get_by_role("button", name="Make a feed").click()
    expect(page.get_by_label("Atom", exact=True)).to_be_visible()
    expect(page.get_by_label("Atom", exact=True)).to_have_value(work.api("GET", "/alerts")["items"][0]["feed"]["atom"])
    page.get_by_role("button", name="End the feed").click()
    page.get_by_role("button", name="End the feed").click()
    expect(page.get_by_role("button", name="Make a feed")).to_be_visible()
    page.close()


def test_an_open_tab_shows_a_notification_once_and_its_click_opens_the_mention(work: Work) -> None:
    work.context.grant_permissions(["notifications"])
    channel = work.api("POST", "/channels", {"brand_id": work.brand["id"], "kind": "browser"})
    make_alert(work, channel_ids=[channel["id"]])
    work.context.add_init_script(
        """
        window.drawn = [];
        window.Notification = class {
          static permission = "granted";
          static requestPermission = async () => "granted";
          constructor(title, options) { Object.assign(this, { title, options }); window.drawn.push(this); }
          close() {}
        };
        """
    )
    first = work.open("alerts")
    first.get_by_role("button", name="Switch on").click()
    expect(first.get_by_text("This browser shows notifications while")).to_be_visible()
    first.reload()
    wait_for(lambda: first.evaluate("localStorage.getItem('entregent.last_message')"))
    second = work.open("today")
    made = work.mention("Où est la terrasse du café Lumière ?", published_at=None)
    drawn = lambda: first.evaluate("drawn.length") + second.evaluate("drawn.length")  # noqa: E731
    wait_for(drawn, 20)
    page = first if first.evaluate("drawn.length") else second
    assert "terrasse" in page.evaluate("drawn[0].title")
    page.evaluate("drawn[0].onclick()")
    expect(page.locator(".inbox-page")).to_contain_text("Où est la terrasse")
    assert drawn() == 1
    assert made["id"]
    first.close()
    second.close()


def test_pictures_of_alerts(work: Work, rooms: Rooms) -> None:
    hook = make_hook(work, rooms)
    keyword = work.api("GET", "/keywords")["items"][0]["id"]
    mail = {
        "host": "mail.example.org",
        "sender": "alertes@cafe.example",
        "to": ["eve@cafe.example", "bob@cafe.example"],
    }
    work.api("POST", "/channels", {"brand_id": work.brand["id"], "kind": "email", "name": "Équipe", "setup": mail})
    rooms.answers += [Answer(404)]
    make_alert(work, channel_ids=[hook["id"]])
    make_alert(work, keyword_id=keyword, rhythm="weekly", proof=True)
    work.mention("Le café Lumière est fermé aujourd'hui ? Personne ne répond.", published_at=None)
    wait_for(lambda: work.api("GET", "/messages?state=dead")["items"], 20)
    # Only now: it may be night where the brand is.
    make_alert(work, channel_ids=[hook["id"]], quiet_from="22:00", quiet_until="07:00")
    take_pictures(work, "alerts", "alerts", ".alerts-dead li")
    take_pictures(work, "alerts-new", f"alerts?keyword={keyword}", ".alerts-form")
    page = work.open("alerts")
    page.get_by_role("button", name="E-mail").click()
    page.locator("summary").filter(has_text="What else comes here").click()
    assert violations(page) == []
    from tests.extension.browser import screenshots_folder

    page.screenshot(path=screenshots_folder() / "alerts-email.png", full_page=True)
    page.close()
