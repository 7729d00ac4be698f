"""`r` in popup, side panel and on a phone: here where an account can, else on the page with the toolbar unfolded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.answering import answers, connect, hear
from tests.e2e.paired import pair
from tests.e2e.server import running_server
from tests.e2e.work import Work, sticks_out, violations, working
from tests.extension import skeletons
from tests.extension.browser import launch_chromium, screenshots_folder
from tests.peers.servers import MastodonMock
from tests.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

POST = "https://mastodon.social/@maud/3000"


@pytest.mark.parametrize("place", ["sidepanel/index.html", "popup/index.html"])
def test_r_opens_the_page_unfolded_and_answers_here_once_an_account_can(
    tmp_path: Path, mastodon_server: MastodonMock, place: str
) -> None:
    name = place.split("/")[0]
    with running_server(tmp_path / "server") as server, launch_chromium(tmp_path / "profile") as chromium:
        chromium.context.route(
            "https://mastodon.social/**",
            lambda route: route.fulfill(body=skeletons.mastodon_opened(2), content_type="text/html"),
        )
        pair(server, chromium)
        token = server.token()

        def api(method: str, path: str, body: Any = None) -> Any:
            return server.call(method, path, body, token=token)

        (brand,) = api("GET", "/brands")["items"]
        said = {"network": "mastodon", "author": "Maud Delcroix", "text": "Une table dehors au Café Lumière ?"}
        api("POST", "/mentions", {"brand_id": brand["id"], "url": POST, **said})
        page = chromium.open(place, width=360, height=700)
        page.locator(".inbox-row", has_text="Maud Delcroix").click()
        with chromium.context.expect_page() as opened:
            page.keyboard.press("r")
        there = opened.value
        there.bring_to_front()
        there.wait_for_url(POST, timeout=30_000)  # a first try may come before the stand-in of the site is heard of
        # The toolbar of that post is the one that is unfolded, and it asks what it must before it is used.
        expect(there.get_by_role("button", name="Yes, use them")).to_be_focused(timeout=20_000)
        there.close()

        connect(api, brand["id"], mastodon_server)
        question = f"do you take dogs, asked in {name}?"
        status, mention = hear(api, mastodon_server, question)
        page.bring_to_front()
        row = page.locator(".inbox-row", has_text=question)
        row.click()
        page.keyboard.press("r")
        box = page.get_by_role("textbox", name="Answer to Bob")
        expect(box).to_be_focused()
        expect(box).to_have_value("@bob ")
        words = f"Small ones, number {mention['id']} in {name}"
        page.keyboard.type(words)
        assert not sticks_out(page)
        assert violations(page) == []
        page.screenshot(path=screenshots_folder() / f"answer-{name}-360.png")
        page.keyboard.press("Control+Enter")
        expect(box).to_have_count(0)
        (sent,) = wait_for(lambda: answers(mastodon_server, words), 20)
        assert sent["in_reply_to_id"] == status["id"]
        wait_for(lambda: api("GET", f"/mentions/{mention['id']}")["status"] == "replied", 20)
        assert len(answers(mastodon_server, words)) == 1


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, mastodon_server: MastodonMock) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("phone")) as found:
        connect(found.api, found.brand["id"], mastodon_server)
        reply = {"title": "Heures", "text": "Nous ouvrons à neuf heures le {{ask:jour}}.", "language": "fr"}
        found.api("POST", "/replies", {**reply, "tags": ["ouvert"]})
        yield found


@pytest.mark.parametrize(("language", "dark"), [("fr", False), ("en", True)])
def test_on_a_phone_an_answer_is_written_and_sent_by_touch(
    house: Work, mastodon_server: MastodonMock, language: str, dark: bool
) -> None:
    question = f"vous êtes ouvert dimanche, {language} ?"
    status, mention = hear(house.api, mastodon_server, question)
    page = house.open("inbox", width=360, height=740, language=language, dark=dark)
    session = house.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})

    def tap(locator: Any, at_least_px: int = 24) -> None:
        locator.click(trial=True)  # until it stands still and nothing lies over it: nothing is pressed yet
        box = locator.bounding_box()
        assert box, locator
        assert min(box["width"], box["height"]) >= at_least_px, box  # 24: as large as a finger needs at least
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    row = page.locator(".inbox-row", has_text=question)
    row.wait_for()
    tap(row.locator(".inbox-who"), 16)  # the row around it is what listens
    words = {
        "fr": ("Répondre", "Réponse à Bob", "Envoyer la réponse", "Remplissez"),
        "en": ("Answer", "Answer to Bob", "Send the answer", "Fill in"),
    }
    do_answer, label, send, fill_in = words[language]
    tap(row.get_by_role("button", name=do_answer))
    box = page.get_by_role("textbox", name=label)
    expect(box).to_be_focused()
    tap(page.locator(".answer-fits button", has_text="Heures"))
    expect(box).to_have_value("@bob Nous ouvrons à neuf heures le [jour].")
    # With the keyboard of the phone up there is half of the screen: what is written and *Send* are in it.
    page.set_viewport_size({"width": 360, "height": 400})
    tap(page.get_by_role("button", name=send))
    expect(page.get_by_role("alert").filter(has_text=fill_in)).to_be_visible()
    assert answers(mastodon_server, "[jour]") == []
    page.keyboard.insert_text(f"dimanche {mention['id']}")
    expect(box).to_be_in_viewport()
    assert not sticks_out(page)
    assert violations(page) == []
    page.screenshot(path=screenshots_folder() / f"answer-phone-{language}-360.png")
    tap(page.get_by_role("button", name=send))
    expect(box).to_have_count(0)
    (sent,) = wait_for(lambda: answers(mastodon_server, f"dimanche {mention['id']}"), 20)
    assert sent["in_reply_to_id"] == status["id"]
    page.close()


def test_replies_that_fit_wait_for_the_conversation_and_do_not_move_when_it_has_come(
    house: Work, mastodon_server: MastodonMock
) -> None:
    _status, mention = hear(house.api, mastodon_server, "êtes-vous ouvert lundi ?")
    page = house.open("inbox", width=360, height=740, language="fr")
    held: list[Route] = []
    page.route(f"**/mentions/{mention['id']}/thread", lambda route: held.append(route))
    # However slow this computer is, the conversation comes within the time that is waited for it.
    page.evaluate("const real = setTimeout; window.setTimeout = (f, ms) => real(f, ms === 1000 ? 1e6 : ms)")
    with page.expect_response("**/suggestions"):
        page.locator(".inbox-row", has_text="ouvert lundi").get_by_role("button", name="Répondre").click()
    expect(page.get_by_text("Lecture de la conversation…")).to_be_visible()
    fits = page.locator(".answer-fits button", has_text="Heures")
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    expect(fits).to_have_count(0)
    wait_for(lambda: page.evaluate("1") and held)[0].continue_()
    expect(fits).to_be_visible()
    expect(page.get_by_text("Rien d’autre n’a été dit dans cette conversation.")).to_be_visible()
    page.close()


def test_a_network_slow_to_tell_the_conversation_does_not_keep_replies_from_being_used(
    house: Work, mastodon_server: MastodonMock
) -> None:
    _status, mention = hear(house.api, mastodon_server, "êtes-vous ouvert mardi ?")
    page = house.open("inbox", width=360, height=740, language="fr")
    page.route(f"**/mentions/{mention['id']}/thread", lambda _route: None)  # never told
    page.locator(".inbox-row", has_text="ouvert mardi").get_by_role("button", name="Répondre").click()
    before = page.get_by_text("Lecture de la conversation…")
    expect(before).to_be_visible()
    page.locator(".answer-fits button", has_text="Heures").click()
    expect(page.get_by_role("textbox", name="Réponse à Bob")).to_have_value(re.compile("Nous ouvrons à neuf heures"))
    expect(before).to_be_visible()
    page.close()


def test_who_else_answers_leaves_the_authors_name_and_the_time_in_sight_on_a_phone(
    house: Work, mastodon_server: MastodonMock
) -> None:
    _status, mention = hear(house.api, mastodon_server, "avez-vous une terrasse chauffée ?")
    page = house.open("inbox", width=360, height=740, language="fr")
    row = page.locator(".inbox-row", has_text="terrasse chauffée")
    row.wait_for()
    path = f"/mentions/{mention['id']}/presence"
    house.api("PUT", path, {"window": "somebody-elses-window", "doing": "answering"})
    chip = row.locator(".chip.warn")
    expect(chip).to_be_visible()
    for part in (row.locator(".inbox-who b").first, row.locator("time"), chip):
        box = part.bounding_box()
        assert box
        assert box["width"] > 20
        assert box["x"] + box["width"] <= 360, box
    page.screenshot(path=screenshots_folder() / "inbox-presence-fr-360.png")
    assert not sticks_out(page)
    page.close()
