"""Finding in the inbox: a search that completes itself and says what is wrong, counts to filter by, saved searches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.work import Work, sticks_out, violations, working
from tests.extension.browser import screenshots_folder
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("find")) as found:
        says = [
            (
                "Maud Delcroix",
                "mastodon",
                "Une heure d’attente au Café Lumière, et le café était froid. Déçue.",
                ["press"],
            ),
            (
                "Hugo Petit",
                "bluesky",
                "🥐 La terrasse du Café Lumière est un bonheur, merci à toute l’équipe !",
                ["to call"],
            ),
            ("Ada Brook", "mastodon", "The terrace of Café Lumière was closed again, two times in a week.", ["press"]),
            ("Nour B.", "example.org", "Brunch au Café Lumière dimanche : faut-il réserver la terrasse ?", []),
            ("Sam <b>Okoro</b>", "mastodon", "Is there a terrace at Café Lumière? <script>alert(1)</script>", []),
        ]
        for author, network, text, tags in says:
            found.mention(text, author=author, network=network, tags=tags)
        for n in range(9):
            found.mention(f"Passé devant le Café Lumière ({n})", author=f"Passante {n}", tags=["street"])
        for mention in found.api("GET", "/mentions?limit=3&q=terrace%20OR%20attente")["items"]:
            change = {"intent": "complaint", "sentiment": "negative", "version": mention["version"]}
            found.api("PATCH", f"/mentions/{mention['id']}", change)
        found.remember()
        yield found


@pytest.fixture
def work(house: Work) -> Work:
    house.begin()
    return house


def open_inbox(work: Work, **look: Any) -> Page:
    page = work.open("inbox", **look)
    page.mouse.move(0, 0)
    page.locator(".inbox-row").first.wait_for()
    return page


@pytest.fixture
def inbox(work: Work) -> Page:
    return open_inbox(work)


def authors(page: Page) -> Any:
    return page.locator(".inbox-row b:not(.inbox-first)")


def save_search(work: Work, name: str, query: str) -> Any:
    return work.api("POST", "/searches", {"brand_id": work.brand["id"], "name": name, "query": query})


def test_fields_and_values_complete_themselves_by_keyboard(inbox: Page) -> None:
    field = inbox.get_by_role("combobox", name="Search the mentions")
    inbox.keyboard.press("/")
    expect(field).to_be_focused()
    inbox.keyboard.type("is:comp")
    option = inbox.get_by_role("option", name="is:complaint")
    expect(option).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert violations(inbox) == []
    inbox.keyboard.press("Enter")
    expect(field).to_have_value("is:complaint ")
    expect(authors(inbox)).to_have_count(3)
    inbox.keyboard.type("ta")
    inbox.keyboard.press("ArrowDown")
    inbox.keyboard.press("Tab")
    expect(field).to_have_value("is:complaint tag:")
    expect(field).to_be_focused()
    inbox.keyboard.type("pr")
    inbox.keyboard.press("ArrowDown")
    inbox.keyboard.press("Enter")
    expect(field).to_have_value("is:complaint tag:press ")
    expect(authors(inbox)).to_have_count(2)
    inbox.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(authors(inbox)).to_have_count(14)


def test_what_could_be_asked_for_comes_in_the_middle_of_a_word(inbox: Page) -> None:
    held: list[Route] = []
    inbox.route("**/api/v1/mentions/stats?*facets=tag*", lambda route: held.append(route))
    field = inbox.get_by_role("combobox", name="Search the mentions")
    inbox.keyboard.press("/")
    inbox.keyboard.type("is:com")
    wait_for(lambda: held)
    # The next letter comes right after that was drawn, and before anything follows from it.
    inbox.evaluate(
        """() => {
            const wait = window.requestAnimationFrame;
            window.requestAnimationFrame = (next) => {
                window.requestAnimationFrame = wait;
                queueMicrotask(() => document.execCommand("insertText", false, "p"));
                return wait(next);
            };
        }"""
    )
    for route in held:
        route.continue_()
    expect(field).to_have_value("is:comp")
    expect(inbox.get_by_role("option", name="is:complaint")).to_have_attribute("aria-selected", "true")
    inbox.keyboard.press("Enter")
    expect(field).to_have_value("is:complaint ")


def test_names_are_completed_by_mouse_and_in_the_readers_own_words(work: Work) -> None:
    page = open_inbox(work, language="fr")
    field = page.get_by_role("combobox")
    field.click()
    page.get_by_role("option", name="author: qui l’a écrit").click()
    field.press_sequentially("maud")
    page.get_by_role("option", name="Maud Delcroix").click()
    expect(field).to_have_value('author:"Maud Delcroix" ')
    expect(authors(page)).to_have_text(["Maud Delcroix"])
    field.fill("plainte")
    expect(page.get_by_role("option", name="is:complaint plainte")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field).to_have_value("plainte")


def test_what_is_wrong_is_marked_said_and_mended_with_one_click_and_the_list_stays(inbox: Page) -> None:
    asked: list[str] = []
    inbox.on("request", lambda request: asked.append(request.url))
    field = inbox.get_by_role("combobox")
    field.fill("terrace is:complant")
    inbox.keyboard.press("Enter")
    expect(inbox.locator(".find-bad mark")).to_have_text("complant")
    expect(inbox.get_by_role("alert")).to_contain_text(
        "“is:” does not know complant".replace("“", '"').replace("”", '"')
    )
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(authors(inbox)).to_have_count(14)
    assert not [url for url in asked if "complant" in url]
    assert violations(inbox) == []
    inbox.locator(".find-bad").click()
    assert field.evaluate("(one) => one.value.slice(one.selectionStart, one.selectionEnd)") == "complant"
    inbox.get_by_role("button", name="Use is:complaint").click()
    expect(field).to_have_value("terrace is:complaint")
    expect(inbox.get_by_role("alert")).to_have_count(0)
    expect(authors(inbox)).to_have_count(2)


def test_a_refusal_that_only_the_server_knows_is_shown_at_its_place_too(inbox: Page) -> None:
    body = (
        '{"error": {"code": "query_syntax", "message": "", "fields": {}, "position": 3, "key": "query_error_wildcard",'
        ' "params": {}}}'
    )
    inbox.route(
        "**/api/v1/mentions?*q=*",
        lambda route: route.fulfill(status=422, body=body, content_type="application/json"),
    )
    inbox.get_by_role("combobox").fill("🥐 a terrasse")
    expect(inbox.locator(".inbox-row").first).to_be_visible()
    inbox.get_by_role("combobox").fill("la terrasse")
    expect(inbox.locator(".find-bad mark")).to_have_text("terrasse")
    expect(authors(inbox)).to_have_count(14)


def test_half_a_search_is_not_scolded_while_it_is_written(inbox: Page) -> None:
    field = inbox.get_by_role("combobox")
    field.press_sequentially('"café')
    expect(inbox.get_by_role("alert")).to_have_count(0)
    inbox.keyboard.press("Enter")
    expect(inbox.get_by_role("alert")).to_contain_text("This quotation mark is never closed")
    inbox.get_by_role("button", name='Add " at the end').click()
    expect(field).to_have_value('"café"')


def test_words_of_the_search_are_lit_where_they_stand_and_nothing_else_is(inbox: Page) -> None:
    inbox.get_by_role("combobox").fill("TERRASSE author:hugo")
    expect(authors(inbox)).to_have_text(["Hugo Petit"])
    expect(inbox.locator(".inbox-text mark")).to_have_text(["terrasse"])
    expect(inbox.locator(".inbox-row b mark")).to_have_text(["Hugo"])
    inbox.get_by_role("combobox").fill("script")
    expect(inbox.locator(".inbox-text mark")).to_have_text(["script", "script"])
    expect(inbox.locator(".inbox-text")).to_contain_text("<script>alert(1)</script>")


def test_counts_filter_by_a_click_and_chips_take_it_back(inbox: Page) -> None:
    inbox.keyboard.press("f")
    panel = inbox.get_by_role("complementary", name="Filter by")
    expect(panel.get_by_role("heading", name="Filter by")).to_be_focused()
    expect(panel.get_by_role("button", name="complaint 3")).to_be_visible()
    for name in ("Mastodon 12", "street 9", "French", re.compile("Week of .* 14"), "Maud Delcroix 1"):
        expect(panel.get_by_role("button", name=name)).to_be_visible()
    assert violations(inbox) == []
    panel.get_by_role("button", name="complaint 3").press("Enter")
    expect(inbox.get_by_role("combobox")).to_have_value("is:complaint")
    expect(authors(inbox)).to_have_count(3)
    expect(panel.get_by_role("button", name="complaint 3")).to_have_attribute("aria-pressed", "true")
    panel.get_by_role("button", name="Mastodon 3").click()
    panel.get_by_role("button", name="press 2").click()
    expect(authors(inbox)).to_have_count(2)
    expect(inbox.get_by_role("combobox")).to_have_value("is:complaint tag:press")
    expect(inbox.locator(".find-chips .chip")).to_have_text(["Mastodon", "complaint", "#press"])
    inbox.get_by_role("button", name="Remove: complaint").click()
    expect(inbox.get_by_role("combobox")).to_have_value("tag:press")
    inbox.get_by_role("button", name="Remove: Mastodon").click()
    expect(inbox.locator(".find-chips .chip")).to_have_text(["#press"])
    panel.get_by_role("button", name="press 2").click()
    expect(authors(inbox)).to_have_count(14)
    panel.get_by_role("button", name="street").press("Escape")
    expect(panel).to_have_count(0)
    expect(inbox.get_by_role("button", name="Filter by")).to_be_focused()


#: Quicker than any answer of the server.
AT_ONCE = "(css) => document.querySelectorAll(css).forEach((button) => button.click())"


def test_what_is_chosen_or_taken_away_in_one_breath_counts_all_of_it(inbox: Page) -> None:
    inbox.keyboard.press("f")
    panel = inbox.get_by_role("complementary", name="Filter by")
    for name in ("Mastodon 12", "press 2"):
        button = panel.get_by_role("button", name=name)
        button.evaluate("(button) => button.setAttribute('data-wanted', '')")
    inbox.evaluate(AT_ONCE, "[data-wanted]")
    chips = inbox.locator(".find-chips .chip")
    expect(chips).to_have_text(["Mastodon", "#press"])
    inbox.evaluate(AT_ONCE, ".find-chips .chip")
    expect(chips).to_have_count(0)
    expect(authors(inbox)).to_have_count(14)


def test_enter_goes_from_the_search_to_what_it_found(inbox: Page) -> None:
    inbox.keyboard.press("/")
    inbox.keyboard.type("terrasse")
    inbox.keyboard.press("Enter")
    expect(authors(inbox)).to_have_count(2)
    expect(inbox.get_by_role("grid")).to_be_focused()
    first = inbox.locator(".inbox-row.selected b").inner_text()
    inbox.keyboard.press("j")
    expect(inbox.locator(".inbox-row.selected b")).not_to_have_text(first)
    # Also from a search that found nothing: the next key is the list's, not the search's.
    for words in ("introuvable", ""):
        inbox.keyboard.press("/")
        inbox.keyboard.press("Control+A")
        inbox.keyboard.press("Backspace")
        inbox.keyboard.type(words)
        inbox.keyboard.press("Enter")
        if words:
            expect(inbox.get_by_text("Nothing fits")).to_be_visible()
    expect(authors(inbox)).to_have_count(14)
    expect(inbox.get_by_role("grid")).to_be_focused()
    inbox.keyboard.press("j")
    expect(inbox.get_by_role("combobox")).to_have_value("")


def test_what_one_took_oneself_is_counted_and_asked_for_in_words(inbox: Page) -> None:
    inbox.get_by_text("Hugo Petit").click()
    inbox.keyboard.press("a")
    inbox.keyboard.press("f")
    panel = inbox.locator(".find-panel")
    expect(panel.get_by_role("button", name="Nobody 13")).to_be_visible()
    panel.get_by_role("button", name="Me 1").click()
    expect(inbox.get_by_role("combobox")).to_have_value("is:mine")
    expect(authors(inbox)).to_have_text(["Hugo Petit"])
    panel.get_by_role("button", name="Clear the filters").click()
    expect(inbox.get_by_role("combobox")).to_have_value("")
    expect(authors(inbox)).to_have_count(14)


def take(page: Page, held: list[Route], *, words: bool) -> Route:
    """The held request of the list with the words, or of that without; of either there may be more than is meant."""

    def found() -> Route | None:
        page.evaluate("1")  # a route is called while the page is asked something
        return next((route for route in held if ("q=terrasse" in route.request.url) == words), None)

    route = wait_for(found)
    held.remove(route)
    return route


def test_enter_goes_to_what_is_found_also_when_the_old_list_is_read_again_meanwhile(work: Work) -> None:
    page = open_inbox(work)
    held: list[Route] = []
    work.context.route("**/api/v1/mentions?*", lambda route: held.append(route))

    page.keyboard.press("/")
    page.keyboard.type("terrasse")
    page.keyboard.press("Enter")
    search = take(page, held, words=True)
    mention = work.api("GET", "/mentions?q=attente")["items"][0]
    work.api("PATCH", f"/mentions/{mention['id']}", {"tags": ["late"], "version": mention["version"]})
    old = take(page, held, words=False)
    with page.expect_response(old.request.url):
        old.continue_()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    search.continue_()
    expect(authors(page)).to_have_count(2)
    expect(page.get_by_role("grid")).to_be_focused()


def test_the_old_list_read_again_meanwhile_does_not_come_into_a_search(work: Work) -> None:
    page = open_inbox(work)
    held: list[Route] = []
    work.context.route("**/api/v1/mentions?*", lambda route: held.append(route))

    page.get_by_role("combobox").fill("terrasse")
    search = take(page, held, words=True)
    # Something changes: the list that is still shown is read again.
    mention = work.api("GET", "/mentions?q=attente")["items"][0]
    work.api("PATCH", f"/mentions/{mention['id']}", {"tags": ["late"], "version": mention["version"]})
    old = take(page, held, words=False)
    search.continue_()
    expect(authors(page)).to_have_count(2)
    with page.expect_response(old.request.url):
        old.continue_()
    # And what changed is read again, for the list that is shown now.
    again = take(page, held, words=True)
    expect(authors(page)).to_have_count(2)
    again.continue_()
    expect(authors(page)).to_have_count(2)


def test_figures_wait_for_the_list_and_the_list_waits_for_no_figures(work: Work) -> None:
    asked: list[str] = []
    work.context.route("**/api/v1/mentions/stats*", lambda route: route.abort())
    work.context.route("**/api/v1/mentions?*", lambda route: (asked.append("list"), route.continue_()))
    page = work.open("inbox")
    page.on("request", lambda request: asked.append("stats") if re.search(r"stats\?.*q=brunch", request.url) else None)
    page.locator(".inbox-row").first.wait_for()
    page.keyboard.press("f")
    expect(page.locator(".find-panel .skeleton")).to_be_visible()
    asked.clear()
    page.get_by_role("combobox").fill("brunch")
    expect(authors(page)).to_have_text(["Nour B."])
    wait_for(lambda: page.evaluate("1") and asked.count("stats") >= 2)  # what happens is told while a page is asked
    assert asked[0] == "list", asked
    work.context.unroute_all()
    page.get_by_role("combobox").fill("brunch terrasse")
    panel = page.locator(".find-panel")
    expect(panel.get_by_role("button", name="Nour B. 1")).to_be_visible()
    expect(panel.get_by_role("button", name="Maud Delcroix")).to_have_count(0)


def test_more_than_could_be_counted_is_said(work: Work) -> None:
    def many(route: Any) -> None:
        answer = route.fetch().json()
        answer |= {"total": 1_300, "capped": True, "by_status": {"new": 1_000, "open": 300}}
        answer |= {"capped_statuses": ["new"]}
        answer |= {"facets_of": 2_000, "facets_capped": True}
        route.fulfill(json=answer)

    work.context.route("**/api/v1/mentions/stats*", many)
    page = open_inbox(work)
    expect(page.get_by_role("tab", name="New 1,000+")).to_be_visible()
    expect(page.get_by_role("tab", name="Open 300", exact=True)).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_text("Counted among the newest 2,000.")).to_be_visible()


def test_a_search_is_saved_changed_renamed_ordered_and_deleted_with_undo(work: Work, inbox: Page) -> None:
    def stored() -> list[tuple[str, str]]:
        return [(one["name"], one["query"]) for one in work.api("GET", "/searches")["items"]]

    save_search(work, "Street", "tag:street")
    field = inbox.get_by_role("combobox")
    field.fill("is:complaint")
    inbox.get_by_role("button", name="Save search").click()
    dialog = inbox.get_by_role("dialog")
    dialog.get_by_label("Name of the search").fill("Complaints")
    assert violations(inbox) == []
    inbox.keyboard.press("Enter")
    used = inbox.get_by_role("button", name="Complaints", exact=True)
    expect(used).to_have_attribute("aria-pressed", "true")
    expect(inbox.get_by_role("button", name="Save search")).to_have_count(0)
    field.fill("is:complaint terrace")
    expect(inbox.get_by_text("Complaints: changed")).to_be_visible()
    expect(authors(inbox)).to_have_count(2)
    inbox.get_by_role("button", name="Save the change").click()
    expect(inbox.get_by_text("Complaints: changed")).to_have_count(0)
    assert stored() == [("Street", "tag:street"), ("Complaints", "is:complaint terrace")]
    acts = inbox.get_by_role("button", name="Complaints: what to do with it")
    acts.click()
    inbox.get_by_role("menuitem", name="Rename").click()
    inbox.get_by_label("Name of the search").fill("On the terrace")
    inbox.keyboard.press("Enter")
    inbox.get_by_role("button", name="On the terrace: what to do with it").click()
    inbox.get_by_role("menuitem", name="Move left").click()
    wait_for(lambda: [name for name, _ in stored()] == ["On the terrace", "Street"])
    expect(inbox.locator(".find-saved li").first).to_contain_text("On the terrace")
    inbox.get_by_role("button", name="Street", exact=True).click()
    expect(field).to_have_value("tag:street")
    expect(authors(inbox)).to_have_count(9)
    inbox.get_by_role("button", name="Street: what to do with it").click()
    inbox.get_by_role("menuitem", name="Delete").click()
    expect(inbox.get_by_role("button", name="Street", exact=True)).to_have_count(0)
    inbox.get_by_role("button", name="Undo", exact=True).click()
    expect(inbox.get_by_role("button", name="Street", exact=True)).to_be_visible()
    assert len(stored()) == 2


def test_a_saved_search_leads_to_an_alert_about_it(work: Work, inbox: Page) -> None:
    made = save_search(work, "Complaints", "is:complaint")
    inbox.get_by_role("button", name="Complaints", exact=True).click()
    inbox.get_by_role("button", name="Complaints: what to do with it").click()
    inbox.get_by_role("menuitem", name="Tell me when…").click()
    expect(inbox).to_have_url(f"{work.server.base}/-/app/#/alerts?search={made['id']}")
    expect(inbox.locator("select").first.locator("option:checked")).to_contain_text("Complaints")


def test_it_fits_the_narrow_forms_and_has_its_panel_over_the_list(work: Work) -> None:
    save_search(work, "Plaintes de la semaine", "is:complaint since:7d")
    save_search(work, "Terrasse", "terrasse OR terrace")
    save_search(work, "Presse, mais pas en anglais", "tag:press -lang:en")
    for width, language in ((320, "fr"), (360, "en")):
        page = open_inbox(work, width=width, height=600, language=language)
        field = page.get_by_role("combobox")
        page.locator(".find-all").click()  # there are more than the row can show
        page.get_by_role("menuitemradio", name="Terrasse").click()
        expect(field).to_have_value("terrasse OR terrace")
        page.get_by_role("button", name={"fr": "Filtrer par", "en": "Filter by"}[language]).click()
        dialog = page.get_by_role("dialog")
        dialog.locator(".find-facets li button").first.wait_for()
        assert violations(page) == []
        page.screenshot(path=screenshots_folder() / f"find-panel-{language}-{width}.png")
        dialog.locator(".find-facets li button").first.click()
        expect(page.locator(".find-chips .chip")).to_have_count(1)
        dialog.locator("footer button").click()
        expect(dialog).to_have_count(0)
        assert not sticks_out(page)
        assert violations(page) == []
        page.screenshot(path=screenshots_folder() / f"find-chips-{language}-{width}.png")
        field.fill("is:complant lang:fr")
        page.keyboard.press("Enter")
        page.locator(".find-fault").wait_for()
        assert not sticks_out(page)
        page.screenshot(path=screenshots_folder() / f"find-fault-{language}-{width}.png")
        field.fill("is:")
        page.get_by_role("option").first.wait_for()
        page.screenshot(path=screenshots_folder() / f"find-options-{language}-{width}.png")
        page.close()


def test_pictures(work: Work) -> None:
    save_search(work, "Complaints", "is:complaint")
    save_search(work, "Terrasse", "terrasse OR terrace")
    for language, dark in (("en", False), ("fr", True)):
        page = open_inbox(work, language=language, dark=dark)
        page.get_by_role("button", name="Complaints", exact=True).click()
        expect(page.get_by_role("combobox")).to_have_value("is:complaint")
        page.get_by_role("combobox").fill("is:complaint lang:en")
        page.keyboard.press("Enter")
        expect(authors(page)).to_have_count(1)
        page.keyboard.press("f")
        page.locator(".find-panel li").first.wait_for()
        page.screenshot(path=screenshots_folder() / f"find-{language}-1280.png")
        assert violations(page) == []
        page.get_by_role("combobox").fill("is:complaint lang:french ter")
        page.keyboard.press("Enter")
        page.locator(".find-fault").wait_for()
        assert violations(page) == []
        page.screenshot(path=screenshots_folder() / f"find-fault-{language}-1280.png")
        page.close()
