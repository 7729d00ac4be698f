"""The inbox in the app: keys, undo, filters, live changes, two people at once, coming back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.work import Work, sticks_out, take_pictures, violations, working
from tests.extension.browser import screenshots_folder
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("inbox")) as found:
        for n in range(120):
            found.mention(f"Passé au Café Lumière, terrasse pleine ({n})", author=f"Ada {n}")
        found.remember()
        yield found


@pytest.fixture
def work(house: Work) -> Work:
    house.begin()
    return house


@pytest.fixture
def inbox(work: Work) -> Page:
    """The inbox as somebody sees it who comes for the first time."""
    page = work.open("inbox")
    page.mouse.move(0, 0)  # the list moves under nobody's pointer
    page.locator(".inbox-row").first.wait_for()
    return page


def selected(page: Page) -> str:
    return page.locator(".inbox-row.selected b").inner_text()


def hours_ago(hours: float) -> str:
    """What was said then stands above all that `mention` makes by itself."""
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()


def status_of(work: Work, mention: dict[str, str]) -> str:
    found: str = work.api("GET", f"/mentions/{mention['id']}")["status"]
    return found


def test_j_and_k_move_and_the_selected_row_alone_unfolds(inbox: Page) -> None:
    first = selected(inbox)
    inbox.keyboard.press("j")
    second = selected(inbox)
    assert second != first
    assert inbox.locator(".inbox-acts").count() == 1
    inbox.keyboard.press("k")
    assert selected(inbox) == first
    described = inbox.locator("[role=grid]").get_attribute("aria-activedescendant")
    assert inbox.locator(f"#{described}").inner_text().count(first)


def test_e_marks_done_at_once_and_u_brings_it_back_where_it_was(work: Work, inbox: Page) -> None:
    mention = work.mention("Une table pour quatre au Café Lumière ?", author="Undo Me")
    expect(inbox.get_by_text("Undo Me")).to_be_visible()
    inbox.get_by_text("Undo Me").click()
    inbox.keyboard.press("e")
    expect(inbox.get_by_text("Undo Me")).to_be_hidden()
    wait_for(lambda: status_of(work, mention) == "done")
    expect(inbox.locator(".inbox-row.selected")).not_to_contain_text("Undo Me")
    inbox.keyboard.press("u")
    expect(inbox.get_by_text("Undo Me")).to_be_visible()
    wait_for(lambda: status_of(work, mention) == "new")
    # Where one was before the slip.
    expect(inbox.locator(".inbox-row.selected")).to_contain_text("Undo Me")


def test_done_and_undo_pressed_faster_than_the_server_answers_end_as_they_began(work: Work, inbox: Page) -> None:
    mention = work.mention("Vite fait au Café Lumière", author="Fast Fingers")
    expect(inbox.get_by_text("Fast Fingers")).to_be_visible()
    inbox.get_by_text("Fast Fingers").click()
    for _ in range(3):
        inbox.keyboard.press("e")
        inbox.keyboard.press("u")
        inbox.get_by_text("Fast Fingers").click()
    wait_for(lambda: work.api("GET", f"/mentions/{mention['id']}")["version"] >= 7)
    assert status_of(work, mention) == "new"


def test_what_somebody_else_decided_first_stands_and_is_said(work: Work, inbox: Page) -> None:
    mention = work.mention("Deux personnes répondent au Café Lumière", author="Two People")
    expect(inbox.get_by_text("Two People")).to_be_visible()
    inbox.get_by_text("Two People").click()
    # The colleague's change comes while ours is on its way, and this page has not heard of it.
    inbox.route("**/api/v1/changes*", lambda route: route.abort())
    inbox.route("**/api/v1/mentions?*", lambda route: route.abort())
    work.api("PATCH", f"/mentions/{mention['id']}", {"status": "replied", "version": mention["version"]})
    inbox.keyboard.press("e")
    expect(inbox.get_by_text("Two People: somebody changed this first")).to_be_visible()
    assert status_of(work, mention) == "replied"
    # Whoever means to undo takes back nothing of a colleague's: "Make mine anyway" is no undoing.
    inbox.keyboard.press("u")
    expect(inbox.get_by_text("There is nothing to undo")).to_be_visible()
    expect(inbox.get_by_role("button", name="Make mine anyway")).to_be_visible()
    assert status_of(work, mention) == "replied"


def test_changes_that_do_not_touch_each_other_are_both_kept(work: Work, inbox: Page) -> None:
    mention = work.mention("Une note au Café Lumière", author="Both Kept")
    expect(inbox.get_by_text("Both Kept")).to_be_visible()
    inbox.get_by_text("Both Kept").click()
    inbox.route("**/api/v1/changes*", lambda route: route.abort())
    inbox.route("**/api/v1/mentions?*", lambda route: route.abort())
    work.api("PATCH", f"/mentions/{mention['id']}", {"note": "call back", "version": mention["version"]})
    inbox.keyboard.press("e")
    expect(inbox.get_by_text("Both changes are kept")).to_be_visible()
    now = work.api("GET", f"/mentions/{mention['id']}")
    assert (now["status"], now["note"]) == ("done", "call back")


def test_a_refused_change_is_taken_back_with_a_sentence(work: Work, inbox: Page) -> None:
    mention = work.mention("Le serveur s’absente au Café Lumière", author="Away Now")
    expect(inbox.get_by_text("Away Now")).to_be_visible()
    inbox.get_by_text("Away Now").click()
    refused = '{"error": {"code": "internal", "message": "Something went wrong."}}'
    inbox.route(
        "**/api/v1/mentions/*", lambda route: route.fulfill(status=500, body=refused, content_type="application/json")
    )
    inbox.keyboard.press("e")
    expect(inbox.get_by_text("Away Now was not changed.")).to_be_visible()
    expect(inbox.locator(".inbox-row").get_by_text("Away Now")).to_be_visible()
    assert status_of(work, mention) == "new"


def test_new_mentions_appear_by_themselves_and_move_nothing_that_is_looked_at(work: Work, inbox: Page) -> None:
    inbox.locator(".inbox-scroll").evaluate("(one) => { one.scrollTop = 2000 }")
    seen = """() => {
        const box = document.querySelector(".inbox-scroll").getBoundingClientRect();
        const row = document.elementFromPoint(box.left + 200, box.top + 40).closest(".inbox-row");
        return row?.querySelector("b").innerText;
    }"""
    before = wait_for(lambda: inbox.evaluate(seen))
    work.mention("Encore le Café Lumière", author="Just Came", published_at=hours_ago(1))
    expect(inbox.get_by_text("1 new above")).to_be_visible()
    assert inbox.evaluate(seen) == before
    inbox.get_by_text("1 new above").click()
    expect(inbox.locator(".inbox-row b").first).to_have_text("Just Came")


def test_at_the_top_new_mentions_are_seen_and_no_word_says_they_are_above(work: Work, inbox: Page) -> None:
    work.mention("Encore le Café Lumière", author="Just Came", published_at=hours_ago(1))
    expect(inbox.locator(".inbox-row b").first).to_have_text("Just Came")
    expect(inbox.locator(".inbox-above")).to_have_count(0)


def test_everything_can_be_scrolled_to_and_few_rows_are_drawn(work: Work, inbox: Page) -> None:
    total = work.api("GET", f"/mentions/stats?brand_id={work.brand['id']}")["by_status"]["new"]

    def at_the_end() -> bool:
        inbox.locator(".inbox-scroll").evaluate("(one) => { one.scrollTop = one.scrollHeight }")
        return inbox.get_by_text("Ada 0", exact=True).is_visible()

    wait_for(at_the_end, 20)
    assert inbox.locator("[role=grid]").get_attribute("aria-rowcount") == str(total)
    assert inbox.locator(".inbox-row").count() < 40


def test_selection_and_place_survive_leaving(inbox: Page) -> None:
    for _ in range(30):
        inbox.keyboard.press("j")
    name = selected(inbox)
    wait_for(lambda: inbox.evaluate("JSON.stringify(sessionStorage)").count("scroll_top"))
    inbox.get_by_role("link", name="Saved replies").click()
    inbox.locator(".replies-all").wait_for()
    inbox.get_by_role("link", name="Inbox").click()
    expect(inbox.locator(".inbox-row.selected b")).to_have_text(name)
    expect(inbox.locator(".inbox-row.selected")).to_be_in_viewport()


def test_search_speaks_the_query_language_and_says_what_is_wrong(work: Work, inbox: Page) -> None:
    work.mention("Un brunch mémorable au Café Lumière", author="Search Me")
    inbox.keyboard.press("/")
    inbox.keyboard.type('brunch "cafe lumiere"')
    expect(inbox.locator(".inbox-row b")).to_have_text(["Search Me"])
    inbox.get_by_label("Search the mentions").fill('("brunch')
    inbox.keyboard.press("Enter")
    expect(inbox.locator("#inbox-wrong")).to_be_visible()
    assert violations(inbox) == []
    inbox.keyboard.press("Escape")
    expect(inbox.locator(".inbox-row")).not_to_have_count(0)


def test_not_us_leaves_the_list_and_networks_can_be_chosen(work: Work, inbox: Page) -> None:
    mention = work.mention("Un autre café, à Lumière-sur-Mer", author="Other Cafe", network="bluesky")
    expect(inbox.get_by_text("Other Cafe")).to_be_visible()
    inbox.keyboard.press("f")
    inbox.get_by_role("button", name="Bluesky 1").click()
    expect(inbox.locator(".inbox-row b")).to_have_text(["Other Cafe"])
    inbox.locator(".inbox-row.selected").click()
    inbox.keyboard.press("x")
    expect(inbox.get_by_text("Nothing fits")).to_be_visible()
    now = wait_for(lambda: (one := work.api("GET", f"/mentions/{mention['id']}"))["status"] == "done" and one)
    assert now["about_us"] == "no"
    inbox.get_by_role("tabpanel").get_by_role("button", name="Clear the filters").click()


def test_r_and_o_open_the_page_that_is_meant(work: Work, inbox: Page) -> None:
    mention = work.mention("Ouvrez le Café Lumière", author="Open Me")
    expect(inbox.get_by_text("Open Me")).to_be_visible()
    inbox.get_by_text("Open Me").click()
    work.context.route("https://mastodon.example/**", lambda route: route.fulfill(body="there"))
    with inbox.expect_popup() as popup:
        inbox.keyboard.press("o")
    assert popup.value.url == mention["url"]
    popup.value.close()


def test_nothing_to_see_says_what_to_do_next(work: Work, inbox: Page) -> None:
    inbox.get_by_role("tab", name="Open").click()
    expect(inbox.get_by_text("Nothing is open")).to_be_visible()
    assert violations(inbox) == []
    inbox.get_by_role("button", name="Look in all").click()
    expect(inbox.locator(".inbox-row").first).to_be_visible()


def test_the_places_of_a_keyword_are_counted_as_soon_as_it_is_there(work: Work, inbox: Page) -> None:
    footer = inbox.locator(".inbox-footer")
    expect(footer).to_contain_text("No place is asked yet")
    body = {"brand_id": work.brand["id"], "name": "Lumière", "query": "Lumière", "paused": False}
    work.api("POST", "/keywords", body)
    expect(footer).not_to_contain_text("No place is asked yet")
    expect(footer).to_contain_text("place")


def test_pictures_of_the_inbox(work: Work) -> None:
    texts = [
        (
            "Maud Delcroix",
            "mastodon",
            "Quelqu’un a testé le brunch de Café Lumière dimanche ? On hésite avec deux enfants.",
        ),
        ("Tom Bauer", "bluesky", "Waited 40 minutes at Café Lumière and the order was wrong. Lovely room though."),
        ("sfink_", "hackernews", "Their ordering page is one static file. Café Lumière knows how to do it."),
    ]
    for hour, (author, network, text) in enumerate(texts):
        work.mention(text, author=author, network=network, published_at=hours_ago(hour))
    take_pictures(work, "inbox", "inbox", ".inbox-row.selected")
    page = work.open("inbox", width=320, height=600)
    page.locator(".inbox-row.selected").wait_for()
    assert not sticks_out(page)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="More", exact=True).click()
    page.screenshot(path=screenshots_folder() / "inbox-menu-320.png")
    assert violations(page) == []
    page.close()
