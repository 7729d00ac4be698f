"""Answering in the inbox: what somebody said to our account, one box, one click, one reply on the network."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import answering
from tests.e2e.work import Work, violations, working
from tests.extension.browser import screenshots_folder
from tests.peers.servers import MastodonMock
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
_numbers = count(1)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory, mastodon_server: MastodonMock) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("answer")) as found:
        answering.connect(found.api, found.brand["id"], mastodon_server)
        found.api(
            "POST",
            "/replies",
            {"title": "Hours", "text": "We are open from nine on {{ask:day}}.", "language": "en", "tags": ["open"]},
        )
        yield found


def hear(work: Work, server: MastodonMock, words: str, **fields: Any) -> dict[str, Any]:
    """Somebody says `words` to our account, and it has come in."""
    _status, mention = answering.hear(work.api, server, f"{words} {next(_numbers)}", **fields)
    return mention


def texts(server: MastodonMock, words: str) -> list[dict[str, Any]]:
    return [one for one in server.statuses("alice") if words in one["content"]]


def answer_box(page: Page) -> Any:
    return page.get_by_role("textbox", name="Answer to Bob")


def test_a_question_is_answered_from_the_list_and_leaves_it(work: Work, mastodon_server: MastodonMock) -> None:
    mention = hear(work, mastodon_server, "are you open on Sunday?")
    page = work.open("inbox")
    page.get_by_role("tab", name="To answer").click()
    row = page.locator(".inbox-row", has_text=mention["text"].removeprefix("@alice "))
    row.click()
    page.keyboard.press("r")
    box = answer_box(page)
    expect(box).to_be_focused()
    expect(box).to_have_value("@bob ")
    expect(page.get_by_role("button", name="Send the answer")).to_be_disabled()

    # A saved reply with a blank: it is selected, and nothing goes out while it is there.
    page.locator(".answer-fits button", has_text="Hours").click()
    expect(box).to_have_value("@bob We are open from nine on [day].")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Fill in [day] first.")).to_be_visible()
    assert violations(page) == []
    words = f"Sundays, number {mention['id']}"
    page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    expect(row).to_have_count(0)
    (sent,) = wait_for(lambda: texts(mastodon_server, words), 15)
    assert "We are open from nine on Sundays" in sent["content"]

    # Elsewhere it says who answered, and where.
    wait_for(lambda: work.api("GET", f"/mentions/{mention['id']}")["status"] == "replied" or None, 10)
    page.get_by_role("tab", name="Done").click()
    row.click()
    expect(page.get_by_text("Answered by")).to_be_visible()
    expect(page.get_by_role("link", name="See the answer")).to_have_attribute("href", sent["url"])
    page.close()


def test_what_is_written_is_there_again_at_once_also_while_the_server_is_away(
    work: Work, mastodon_server: MastodonMock
) -> None:
    mention = hear(work, mastodon_server, "is there a garden?")
    page = work.open("inbox")
    page.get_by_role("tab", name="To answer").click()
    row = page.locator(".inbox-row", has_text=mention["text"].removeprefix("@alice "))
    row.click()
    page.keyboard.press("r")
    expect(answer_box(page)).to_have_value("@bob ")
    page.keyboard.type("There is")
    page.keyboard.press("Escape")
    expect(answer_box(page)).to_have_count(0)
    page.route("**/api/v1/mentions/*/voices", lambda route: route.abort())
    page.keyboard.press("r")
    expect(answer_box(page)).to_have_value("@bob There is")
    page.close()


def test_an_answer_that_was_refused_waits_on_and_leads_to_why(work: Work, mastodon_server: MastodonMock) -> None:
    hear(work, mastodon_server, "may we bring a cake?")  # somebody else waits: the list goes on there meanwhile
    mention = hear(work, mastodon_server, "is there a high chair?")
    page = work.open("inbox")
    page.get_by_role("tab", name="To answer").click()
    row = page.locator(".inbox-row", has_text="is there a high chair?")
    row.click()
    page.keyboard.press("r")
    expect(answer_box(page)).to_have_value("@bob ")
    words = f"Two of them {mention['id']}"
    page.keyboard.type(words)
    with mastodon_server.fault("/api/v1/statuses", status=422):
        page.keyboard.press("Control+Enter")
        state = lambda: (work.api("GET", f"/mentions/{mention['id']}")["answer"] or {}).get("state")  # noqa: E731
        wait_for(lambda: state() == "rejected", 30)
    # Nobody was answered: it stands where it waits for one, and says so.
    expect(row.get_by_text("not sent", exact=True)).to_be_visible()
    row.click()
    expect(row.get_by_text("Your answer was not sent.")).to_be_visible()
    assert violations(page) == []
    page.screenshot(path=screenshots_folder() / "inbox-answer-refused.png")
    row.get_by_role("button", name="See why").click()
    page.wait_for_url("**/#/compose?id=*")
    expect(page.get_by_role("paragraph").filter(has_text=words)).to_be_visible()
    expect(page.get_by_role("button", name="Send again")).to_be_visible()
    assert texts(mastodon_server, words) == []
    page.close()


def test_today_leads_into_the_answer(work: Work, mastodon_server: MastodonMock) -> None:
    mention = hear(work, mastodon_server, "is the garden open?")
    page = work.open("today")
    asked = page.locator(".today-row", has_text=mention["text"])
    asked.get_by_role("button", name="Answer").click()
    row = page.locator(".inbox-row.selected")
    expect(row.get_by_text(mention["text"].removeprefix("@alice "))).to_be_visible()
    expect(answer_box(page)).to_be_focused()
    # Once: who comes back later comes to the list.
    page.keyboard.press("Escape")
    page.reload()
    expect(row).to_be_visible()
    expect(answer_box(page)).to_have_count(0)
    page.close()


def test_what_was_written_and_not_sent_is_there_again(work: Work, mastodon_server: MastodonMock) -> None:
    mention = hear(work, mastodon_server, "do you have vegan cakes?")
    page = work.open("inbox")
    page.locator(".inbox-row", has_text="do you have vegan cakes?").first.click()
    page.keyboard.press("r")
    expect(answer_box(page)).to_have_value("@bob ")
    answer_box(page).press_sequentially("Three kinds")
    wait_for(lambda: page.evaluate(f"localStorage.getItem('entregent.answer.{mention['id']}')"), 5)
    page.keyboard.press("Escape")
    expect(answer_box(page)).to_have_count(0)
    page.reload()
    page.locator(".inbox-row", has_text="do you have vegan cakes?").first.click()
    page.keyboard.press("r")
    expect(answer_box(page)).to_have_value("@bob Three kinds")
    page.close()


def test_a_second_answer_says_who_answered_and_asks(work: Work, mastodon_server: MastodonMock) -> None:
    mention = hear(work, mastodon_server, "is there parking?")
    page = work.open("inbox")
    page.locator(".inbox-row", has_text="is there parking?").first.click()
    page.keyboard.press("r")
    expect(answer_box(page)).to_have_value("@bob ")
    answer_box(page).press_sequentially(f"Behind the house {mention['id']}")
    work.api("POST", f"/mentions/{mention['id']}/answer", {"text": "Somebody else was faster"})  # on another screen
    # What is being written stays in sight though nobody waits for it any more, and says who was faster.
    expect(page.get_by_text("Answered by")).to_be_visible()
    expect(answer_box(page)).to_have_value(f"@bob Behind the house {mention['id']}")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Send a second answer?")).to_be_visible()
    assert texts(mastodon_server, f"Behind the house {mention['id']}") == []
    page.get_by_role("button", name="Send a second one").click()
    wait_for(lambda: texts(mastodon_server, f"Behind the house {mention['id']}"), 15)
    page.close()


def test_a_private_message_says_so(work: Work, mastodon_server: MastodonMock) -> None:
    hear(work, mastodon_server, "my order is lost", visibility="direct")
    page = work.open("inbox")
    row = page.locator(".inbox-row", has_text="my order is lost").first
    expect(row.get_by_text("private", exact=True)).to_be_visible()
    row.click()
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Send privately")).to_be_visible()
    page.close()


def test_pictures_of_answering(work: Work, mastodon_server: MastodonMock) -> None:
    first = hear(work, mastodon_server, "is the terrace open on Saturday?")
    work.api("POST", f"/mentions/{first['id']}/answer", {"text": "From nine to six."})
    (ours,) = wait_for(lambda: texts(mastodon_server, "From nine to six."), 15)
    hear(work, mastodon_server, "and are you open with children?", in_reply_to_id=ours["id"])
    looks = (("en-light", 1280, False), ("fr-dark", 1280, True), ("fr-light", 360, False), ("en-dark", 400, True))
    for look, width, dark in looks:
        page = work.open("inbox", width=width, language=look[:2], dark=dark)
        page.locator(".inbox-row", has_text="and are you open with children?").first.click()
        page.keyboard.press("r")
        page.locator(".conversation li").nth(2).wait_for()
        page.locator(".answer-fits button").first.wait_for()
        page.screenshot(path=screenshots_folder() / f"inbox-answer-{look}-{width}.png")
        assert violations(page) == [], look
        page.close()


def test_a_second_window_of_ones_own_counts_only_once_it_answers(work: Work, mastodon_server: MastodonMock) -> None:
    mention = hear(work, mastodon_server, "is the terrace heated?")
    said = mention["text"].removeprefix("@alice ")
    first, second = work.open("inbox"), work.open("inbox")
    looked = f"/mentions/{mention['id']}/presence"
    with second.expect_response(lambda response: looked in response.url):
        second.locator(".inbox-row", has_text=said).click()
    row = first.locator(".inbox-row", has_text=said)
    expect(row).to_be_visible()
    expect(row.get_by_text("has it open")).to_have_count(0)
    second.keyboard.press("r")
    expect(answer_box(second)).to_be_focused()
    expect(row.get_by_text("You are answering it in another window")).to_be_visible()
    expect(row.get_by_text("has it open")).to_have_count(0)
