"""Composing: drafts that survive, true counts, wall times, sending, and what becomes of it on each network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import create_engine, text

from tests.e2e.work import Work, take_pictures, violations, working
from tests.peers.servers import MastodonMock
from tests.waiting import wait_for

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

YEAR = datetime.now(UTC).year + 1
#: clocks go forward in the night to the last Sunday of March
SPRING = next(day for day in (date(YEAR, 3, 31 - back) for back in range(7)) if day.weekday() == 6)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, mastodon_server: MastodonMock) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("compose")) as found:
        for name in ("alice", "bob"):
            body = {
                "brand_id": found.brand["id"],
                "network": "mastodon",
                "server": mastodon_server.url,
                "credentials": {"access_token": mastodon_server.tokens[name]},
            }
            found.api("POST", "/accounts", body)
        found.remember()
        yield found


@pytest.fixture
def work(house: Work) -> Work:
    house.begin()
    return house


def posts(work: Work, status: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = work.api("GET", f"/posts?brand_id={work.brand['id']}&status={status}")["items"]
    return found


def post_of(page: Page, work: Work) -> dict[str, Any]:
    expect(page).to_have_url(re.compile("id="))
    found: dict[str, Any] = work.api("GET", f"/posts/{page.url.partition('id=')[2].partition('&')[0]}")
    return found


def write(work: Work, words: str) -> Page:
    page = work.open("compose?new=1")
    page.get_by_label("Text", exact=True).fill(words)
    return page


def set_state(work: Work, post_id: str, state: str, error_code: str = "", hours: float = 0) -> None:
    """Put a post's deliveries into a state that takes an accident to reach."""
    engine = create_engine(f"sqlite:///{work.server.database}")
    at = datetime.now(UTC) - timedelta(hours=hours)
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE deliveries SET state=:state, error_code=:code, due_at=NULL, scheduled_for=:at WHERE post_id=:id"
            ),
            {"state": state, "code": error_code, "at": at.strftime("%Y-%m-%d %H:%M:%S.%f"), "id": post_id},
        )
    engine.dispose()


def test_a_draft_is_saved_at_a_pause_and_there_again_after_a_reload(work: Work) -> None:
    page = write(work, "La terrasse rouvre samedi")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    post = post_of(page, work)
    assert (post["text"], post["status"], len(post["targets"])) == ("La terrasse rouvre samedi", "draft", 2)
    page.reload()
    expect(page.get_by_label("Text", exact=True)).to_have_value("La terrasse rouvre samedi")
    page.get_by_label("Text", exact=True).fill("La terrasse rouvre dimanche")
    wait_for(lambda: post_of(page, work)["text"] == "La terrasse rouvre dimanche")
    assert len([one for one in posts(work, "draft") if one["text"].startswith("La terrasse rouvre")]) == 1
    page.close()


def test_what_is_written_while_the_server_is_away_is_kept_and_saved_later(work: Work) -> None:
    page = write(work, "Avant la panne")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.route("**/api/v1/posts/**", lambda route: route.abort())
    page.get_by_label("Text", exact=True).fill("Pendant la panne")
    expect(page.get_by_text("kept in this browser")).to_be_visible()
    page.unroute("**/api/v1/posts/**")
    page.reload()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Pendant la panne")
    wait_for(lambda: post_of(page, work)["text"] == "Pendant la panne")
    page.close()


def test_counts_are_those_of_each_network_and_a_text_of_its_own_has_its_own(work: Work) -> None:
    page = write(work, "é" * 10 + " https://cafe.example/" + "a" * 200 + " 👨‍👩‍👧‍👦")
    expect(page.locator(".compose-counts li").first).to_contain_text(f"{500 - 10 - 1 - 23 - 1 - 1} left")
    page.get_by_role("button", name="Another text for…").click()
    page.get_by_role("menuitem").first.click()
    own = page.locator(".compose-variant textarea")
    own.fill("x" * 510)
    expect(page.locator(".compose-variant .over")).to_contain_text("10 too many")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Too long for a network")).to_be_visible()
    assert violations(page) == []
    assert post_of(page, work)["status"] == "draft"
    page.close()


def test_publishing_now_goes_out_once_on_each_account_and_links_to_it(
    work: Work, mastodon_server: MastodonMock
) -> None:
    words = "Ouvert ce soir jusqu’à minuit, venez nombreux"
    page = write(work, words)
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator('.compose-delivery[data-state="published"]')).to_have_count(2, timeout=30_000)
    expect(page.get_by_role("link", name="See it").first).to_be_visible()
    assert violations(page) == []
    for name in ("alice", "bob"):
        assert [one["content"].count(words) for one in mastodon_server.statuses(name)].count(1) == 1
    page.close()


def test_a_wall_time_is_said_back_and_scheduled_then_changed_then_deleted_and_restored(work: Work) -> None:
    page = write(work, "Menu du soir")
    page.get_by_label("At a time").click()
    page.get_by_label("Day").fill(str(SPRING))
    page.get_by_label("Time", exact=True).fill("02:30")
    expect(page.get_by_text(re.compile(f"{SPRING.day} March {YEAR}, 03:30 Europe/Paris = 01:30 UTC"))).to_be_visible()
    expect(page.get_by_text("Clocks go forward that night")).to_be_visible()
    page.get_by_label("Day").fill(f"{YEAR}-04-01")
    page.get_by_label("Time", exact=True).fill("18:00")
    expect(page.get_by_text("This computer must be awake at")).to_be_visible()
    page.get_by_role("button", name="Schedule").click()
    expect(page.locator('.compose-delivery[data-state="scheduled"]')).to_have_count(2)
    assert post_of(page, work)["deliveries"][0]["due_at"].startswith(f"{YEAR}-04-01T16:00:00")
    page.get_by_role("button", name="Change it").click()
    page.get_by_label("Text", exact=True).fill("Menu du midi")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("Menu du midi")).to_be_visible()
    assert post_of(page, work)["text"] == "Menu du midi"
    page.get_by_role("button", name="Give it up").first.click()
    expect(page.locator('.compose-delivery[data-state="dropped"]')).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator('.compose-delivery[data-state="scheduled"]')).to_have_count(2)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator('.compose-delivery[data-state="scheduled"]')).to_have_count(2)
    page.close()


def test_a_moment_that_has_passed_is_refused_in_words(work: Work) -> None:
    page = write(work, "Trop tard")
    page.get_by_label("At a time").click()
    page.get_by_label("Day").fill("2020-01-01")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_role("alert").get_by_text("This moment has passed.")).to_be_visible()
    page.close()


def test_what_was_missed_waits_for_a_person_and_can_be_moved(work: Work) -> None:
    post = work.api(
        "POST",
        "/posts",
        {
            "brand_id": work.brand["id"],
            "text": "Raté pendant la nuit",
            "targets": [one["id"] for one in work.api("GET", f"/accounts?brand_id={work.brand['id']}")["items"][:1]],
            "schedule": {"when": "at", "at": f"{YEAR}-05-01T08:00", "zone": "Europe/Paris"},
        },
    )
    set_state(work, post["id"], "held", "late", hours=9)
    page = work.open("compose")
    expect(page.get_by_text("1 post was missed while nothing ran")).to_be_visible()
    page.get_by_role("button", name="See them").click()
    expect(page.get_by_text("Missed")).to_be_visible()
    page.get_by_role("button", name="Move").click()
    page.get_by_label("Day").fill(f"{YEAR}-06-01")
    assert violations(page) == []
    page.get_by_role("button", name="Move it there").click()
    wait_for(lambda: work.api("GET", f"/posts/{post['id']}")["deliveries"][0]["state"] == "scheduled")
    due_at = datetime.fromisoformat(work.api("GET", f"/posts/{post['id']}")["deliveries"][0]["due_at"])
    assert due_at.astimezone(ZoneInfo("Europe/Paris")).date() == date(YEAR, 6, 1)
    page.close()


def test_what_only_a_person_can_know_is_asked_with_three_choices(work: Work) -> None:
    account = work.api("GET", f"/accounts?brand_id={work.brand['id']}")["items"][0]
    schedule = {"when": "at", "at": f"{YEAR}-05-01T08:00", "zone": "Europe/Paris"}
    body = {"brand_id": work.brand["id"], "text": "Où es-tu", "targets": [account["id"]], "schedule": schedule}
    post = work.api("POST", "/posts", body)
    set_state(work, post["id"], "needs_you", "unknown")
    page = work.open(f"compose?delivery={post['deliveries'][0]['id']}")
    for name in ("It is there", "Not there: send again", "Give it up"):
        expect(page.get_by_role("button", name=name)).to_be_visible()
    page.get_by_role("button", name="It is there").click()
    page.get_by_label("Its address").fill("https://mastodon.example/@alice/1")
    page.get_by_role("button", name="It is this one").click()
    expect(page.locator('.compose-delivery[data-state="published"]')).to_be_visible()
    expect(page.get_by_role("link", name="See it")).to_have_attribute("href", "https://mastodon.example/@alice/1")
    page.close()


def test_an_image_is_attached_with_its_words(work: Work) -> None:
    page = write(work, "Avec une image")
    page.locator("input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PNG})
    page.get_by_label("Image 1, in words").fill("La terrasse au soleil")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    wait_for(lambda: [one["alt"] for one in post_of(page, work)["media"]] == ["La terrasse au soleil"])
    assert violations(page) == []
    page.close()


def test_what_is_written_while_links_are_shortened_stays_also_when_that_is_undone(work: Work) -> None:
    page = write(work, "Le menu : https://cafe.example/menu?jour=lundi.")
    made = {"url": "https://cafe.example/menu?jour=lundi", "short_url": "https://go.cafe.example/m", "public": True}
    answer = {"items": [{**made, "expires_at": None, "max_clicks": None}], "next_cursor": None}
    held: list[Route] = []
    page.route("**/api/v1/links?*", lambda route: held.append(route))
    with page.expect_request("**/api/v1/links?*"):
        page.get_by_role("button", name="Shorten links").click()
    field = page.get_by_label("Text", exact=True)
    field.press("End")
    field.press_sequentially(" Ouvert lundi.")
    for route in held:
        route.fulfill(json=answer)
    expect(field).to_have_value("Le menu : https://go.cafe.example/m. Ouvert lundi.")
    field.press("End")
    field.press_sequentially(" À bientôt !")
    page.get_by_role("button", name="Undo").click()
    expect(field).to_have_value("Le menu : https://cafe.example/menu?jour=lundi. Ouvert lundi. À bientôt !")
    page.close()


def test_a_page_hands_over_text_and_address(work: Work) -> None:
    page = work.open("compose?text=Lisez%20ceci&url=https%3A%2F%2Fcafe.example%2Fa")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Lisez ceci\nhttps://cafe.example/a")
    link = page.get_by_role("link", name="X", exact=True)
    expect(link).to_have_attribute(
        "href", "https://x.com/intent/tweet?text=Lisez%20ceci&url=https%3A%2F%2Fcafe.example%2Fa"
    )
    page.close()


def test_pictures_of_composing(work: Work) -> None:
    targets = [one["id"] for one in work.api("GET", f"/accounts?brand_id={work.brand['id']}")["items"]]
    later = {"when": "at", "at": f"{YEAR}-05-01T08:00", "zone": "Europe/Paris"}

    def post(words: str, **more: Any) -> dict[str, Any]:
        body = {"brand_id": work.brand["id"], "text": words, "targets": targets, **more}
        made: dict[str, Any] = work.api("POST", "/posts", body)
        return made

    draft = post("La terrasse rouvre samedi")
    missed = post("Menu du soir : velouté de potimarron", schedule=later)
    sent = post("Ouvert ce soir jusqu’à minuit", schedule=later)
    set_state(work, sent["id"], "published", hours=1)
    take_pictures(work, "compose", f"compose?id={draft['id']}", "#compose-text")
    take_pictures(work, "posts-drafts", "compose", ".compose-rows")
    take_pictures(work, "posts-scheduled", "compose?tab=scheduled", ".compose-rows")
    take_pictures(work, "posts-sent", "compose?tab=published", ".compose-rows")
    set_state(work, missed["id"], "held", "late", hours=9)
    take_pictures(work, "posts-needs-you", "compose?tab=attention", ".compose-deliveries")
