"""Answers that come late, are refused or never come: nothing typed is lost, nothing is shown under another name, and
what could not be read is said."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import create_engine, text

from tests.e2e.work import Work, violations, working
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
PLAIN_HTTP = """for (const [kind, name] of [
    [Crypto, "randomUUID"], [Navigator, "locks"], [Navigator, "clipboard"],
]) delete kind.prototype[name];"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("late")) as found:
        for n in range(4):
            found.mention(f"On parle de la table {n} du Café Lumière", author=f"Ada {n}")
        found.remember()
        yield found


@pytest.fixture
def work(house: Work) -> Work:
    house.begin()
    return house


class Held:
    """Requests to an address, kept waiting until they are let go; others of it (`but`) go on at once."""

    def __init__(self, page: Page, address: str, *, methods: str = "GET POST PATCH") -> None:
        self.page = page
        self.routes: list[Route] = []
        self.methods = methods.split()
        page.route(address, self._take)

    def _take(self, route: Route) -> None:
        if route.request.method in self.methods:
            self.routes.append(route)
        else:
            route.fallback()

    def wait(self) -> None:
        """Until one is held."""
        while not self.routes:
            self.page.wait_for_event("request", predicate=lambda _request: True)

    def let_go(self, **answer: Any) -> None:
        for route in self.routes:
            if answer:
                route.fulfill(**answer)
            else:
                route.continue_()
        self.routes.clear()


def of(work: Work, author: str) -> dict[str, Any]:
    items = work.api("GET", "/mentions?limit=200&status=new,open,replied,done,spam")["items"]
    found: dict[str, Any] = next(one for one in items if one["author"] == author)
    return found


def drawn(page: Page) -> None:
    """What came is on screen."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def refuse(route: Route) -> None:
    route.fulfill(status=500, json={"error": {"code": "internal", "message": "Broken."}})


def test_over_plain_http_the_app_has_no_secure_context_and_works(work: Work) -> None:
    page = work.open("today")
    page.add_init_script(PLAIN_HTTP)
    page.goto(f"{work.server.base}/-/app/#/inbox")
    page.reload()
    row = page.locator(".inbox-row", has_text="Ada 1")
    row.click()
    assert page.evaluate("!crypto.randomUUID && !navigator.locks && !navigator.clipboard")
    page.get_by_role("button", name="More").first.click()
    page.get_by_role("menuitem", name="Copy its address").click()
    expect(page.get_by_text("copy it with the keyboard")).to_be_visible()
    row.click()
    page.keyboard.press("e")
    wait_for(lambda: of(work, "Ada 1")["status"] == "done")
    page.close()


def test_today_says_that_all_is_well_only_when_all_was_read(work: Work) -> None:
    work.context.route("**/api/v1/channels?*", refuse)
    page = work.open("today")
    card = page.get_by_role("region", name="Needs care")
    expect(card.get_by_text("Not everything could be read.")).to_be_visible()
    expect(card.get_by_text("All is well.")).to_have_count(0)
    assert violations(page) == []
    work.context.unroute_all()
    card.get_by_role("button", name="Try again").click()
    expect(card.get_by_text("All is well.")).to_be_visible()
    page.close()


@pytest.mark.parametrize(
    ("route", "address", "there"),
    [
        ("rules", "**/api/v1/members", "Ready rules"),
        ("alerts", "**/api/v1/keywords?*", "No alert yet"),
        ("listening", "**/api/v1/keywords?*", "Nothing is listened for yet"),
        ("settings?part=sites", "**/api/v1/adapters?*", "No site was taught yet"),
        ("settings?part=devices", "**/api/v1/devices", "tests"),
        ("settings?part=people", "**/api/v1/members", "Owner of this server"),
    ],
)
def test_what_could_not_be_read_is_said_and_read_again(work: Work, route: str, address: str, there: str) -> None:
    work.context.route(address, refuse)
    page = work.open(route)
    alert = page.locator("main").get_by_role("alert")
    expect(alert).to_be_visible()
    if not route.startswith("alerts"):  # whose list was read
        expect(page.get_by_text(there).first).to_have_count(0)
    assert violations(page) == []
    work.context.unroute_all()
    alert.get_by_role("button", name="Try again").click()
    expect(alert).to_have_count(0)
    expect(page.get_by_text(there).first).to_be_visible()
    page.close()


def test_more_of_one_tab_comes_never_into_another(work: Work) -> None:
    for n in range(52):
        work.api("POST", "/posts", {"brand_id": work.brand["id"], "text": f"Brouillon {n}", "targets": []})
    page = work.open("compose")
    expect(page.locator(".compose-rows > li")).to_have_count(50)
    held = Held(page, "**/api/v1/posts?*cursor=*")
    page.get_by_role("button", name="Show more").click()
    held.wait()
    page.get_by_role("tab", name="Scheduled").click()
    expect(page.locator(".compose-list .empty")).to_be_visible()
    with page.expect_response("**/api/v1/posts?*cursor=*"):
        held.let_go()
    drawn(page)
    expect(page.locator(".compose-rows > li")).to_have_count(0)
    page.get_by_role("tab", name="Drafts").click()
    expect(page.locator(".compose-rows > li")).to_have_count(50)
    page.unroute_all()
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".compose-rows > li")).to_have_count(52)
    page.close()


def test_what_an_address_shows_is_not_shown_under_the_next_one(work: Work) -> None:
    page = work.open("sources?add=")
    held = Held(page, "**/api/v1/discover")
    field = page.get_by_label("Any address, profile, forum or podcast")
    field.fill("first.example")
    page.get_by_role("button", name="Look").click()
    held.wait()
    field.fill("second.example")
    none = {"error": {"code": "no_feed", "message": "No feed."}}
    with page.expect_response("**/api/v1/discover"):
        held.let_go(status=422, json=none)
    drawn(page)
    expect(page.get_by_role("button", name="Watch this page")).to_have_count(0)
    page.get_by_role("button", name="Look").click()
    held.wait()
    held.let_go(status=422, json=none)
    asked: list[Any] = []
    page.route("**/api/v1/sources", lambda route: (asked.append(route.request.post_data_json), refuse(route)))
    page.get_by_role("button", name="Watch this page").click()
    wait_for(lambda: page.title() and asked)
    assert asked[0]["params"] == {"url": "https://second.example"}
    page.close()


def test_the_list_of_an_older_file_is_not_shown_under_a_newer_ones_name(work: Work) -> None:
    def opml(n: int) -> dict[str, Any]:
        lines = "".join(f'<outline text="J" type="rss" xmlUrl="https://lists.example/{m}.xml"/>' for m in range(n))
        body = f'<opml version="2.0"><body>{lines}</body></opml>'
        return {"name": f"{n}.opml", "mimeType": "text/xml", "buffer": body.encode()}

    page = work.open("sources")
    held = Held(page, "**/api/v1/sources/import")
    page.locator("input[type=file]").set_input_files(opml(3))
    held.wait()
    older = held.routes.pop()
    page.locator("input[type=file]").set_input_files(opml(5))
    held.wait()
    held.let_go()
    panel = page.get_by_role("region", name="Bring in a list (OPML)")
    expect(panel).to_contain_text("5 new")
    with page.expect_response("**/api/v1/sources/import"):
        older.continue_()
    drawn(page)
    expect(panel).to_contain_text("5.opml")
    expect(panel).to_contain_text("5 new")
    page.close()


def test_a_reply_that_is_written_on_while_it_is_saved_keeps_what_was_written(work: Work) -> None:
    body = {"brand_id": work.brand["id"], "title": "Hours", "text": "We are open", "language": "en"}
    reply = work.api("POST", "/replies", body)
    work.api("POST", "/replies", {**body, "title": "Menu", "text": "Here is our menu"})
    page = work.open(f"replies?id={reply['id']}")
    field = page.get_by_label("Text", exact=True)
    field.fill("We are open from nine")
    held = Held(page, f"**/api/v1/replies/{reply['id']}", methods="PATCH")
    page.get_by_role("button", name="Save", exact=True).click()
    held.wait()
    field.press("End")
    field.press_sequentially(" to five")
    page.get_by_role("button", name="Menu").first.click()
    expect(field).to_have_value("Here is our menu")
    held.let_go()
    expect(page.get_by_text("“Hours” is saved.")).to_be_visible()
    # Who went elsewhere stays there, and finds there again what was typed.
    expect(field).to_have_value("Here is our menu")
    page.get_by_role("button", name="Hours").first.click()
    expect(field).to_have_value("We are open from nine to five")
    page.close()


def test_what_is_written_of_the_brand_stays_when_somebody_else_saves_it(work: Work) -> None:
    page = work.open("settings?part=brand")
    voice = page.get_by_label("Voice")
    voice.fill("Chaleureux")
    there = work.api("GET", f"/brands/{work.brand['id']}")
    work.api("PATCH", f"/brands/{there['id']}", {"name": "Café du Quai", "version": there["version"]})
    expect(page.locator(".settings-form").get_by_label("Name", exact=True)).to_have_value("Café du Quai")
    expect(voice).to_have_value("Chaleureux")
    page.get_by_role("button", name="Save", exact=True).click()
    wait_for(lambda: work.api("GET", f"/brands/{there['id']}")["voice"] == "Chaleureux")
    assert work.api("GET", f"/brands/{there['id']}")["name"] == "Café du Quai"
    page.close()


def test_a_form_that_is_open_is_not_replaced_by_a_key(work: Work) -> None:
    body = {"brand_id": work.brand["id"], "query": "terrasse"}
    work.api("POST", "/keywords", body)
    page = work.open("listening")
    page.get_by_role("button", name="Edit").first.click()
    words = page.get_by_label("Words to listen for")
    words.fill("terrasse OR jardin")
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    expect(words).to_have_count(1)
    expect(words).to_have_value("terrasse OR jardin")
    expect(words).to_be_focused()
    page.close()


def tag(work: Work, word: str) -> dict[str, Any]:
    body = {"brand_id": work.brand["id"], "kind": "mastodon", "params": {"tag": word}}
    made: dict[str, Any] = work.api("POST", "/sources", body)
    return made


def test_sources_are_read_again_while_changes_keep_coming(work: Work) -> None:
    source = tag(work, "paris")
    page = work.open("sources")
    expect(page.locator(".source-line")).to_have_count(1)
    numbers = count(1)

    def changed() -> bool:
        now = work.api("GET", f"/sources/{source['id']}")
        body = {"name": f"Name {next(numbers)}", "version": now["version"]}
        work.api("PATCH", f"/sources/{source['id']}", body)
        # The first change is shown at once in any case.
        return bool(page.evaluate("/Name ([4-9]|\\d\\d)/.test(document.body.innerText)"))

    wait_for(changed, 25, 0.7)
    page.close()


def test_a_change_of_a_source_that_is_refused_does_not_stay_on_screen(work: Work) -> None:
    tag(work, "paris")
    page = work.open("sources")
    page.locator(".source-line").first.click()
    page.route("**/api/v1/sources/*", refuse)
    purpose = page.get_by_label("Listened to for")
    before = purpose.input_value()
    purpose.select_option("reviews")
    expect(page.locator(".toast")).to_be_visible()
    expect(purpose).to_have_value(before)
    page.close()


def test_the_number_beside_the_inbox_is_that_of_its_tab(work: Work) -> None:
    engine = create_engine(f"sqlite:///{work.server.database}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE mentions SET about_us='probably_not' WHERE author='Ada 3'"))
    engine.dispose()
    page = work.open("inbox")
    expect(page.get_by_role("tab", name="New")).to_have_text("New 3")
    expect(page.locator("nav.nav a", has_text="Inbox").locator("em")).to_have_text("3")
    page.close()


def test_a_second_change_of_many_waits_until_the_first_is_made(work: Work) -> None:
    page = work.open("inbox")
    page.locator(".inbox-row").first.wait_for()
    page.keyboard.press("v")
    page.keyboard.press("j")
    page.keyboard.press("v")
    held = Held(page, "**/api/v1/mentions/bulk")
    page.keyboard.press("e")
    held.wait()
    expect(page.locator(".inbox-picked progress")).to_be_visible()
    page.keyboard.press("x")
    page.keyboard.press("e")
    assert len(held.routes) == 1
    held.let_go()
    expect(page.get_by_text("2 mentions are done.")).to_be_visible()
    held.let_go()
    assert work.api("GET", "/mentions/stats")["by_status"] == {"new": 2, "done": 2}
    page.close()
