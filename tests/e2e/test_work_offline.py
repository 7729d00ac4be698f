"""Without the server: what is done waits in one queue for all windows and is merged later; lists and app open still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.work import Work, sticks_out, violations, working
from tests.extension.browser import screenshots_folder
from tests.waiting import wait_for

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with working(tmp_path_factory.mktemp("offline")) as found:
        for n in range(8):
            found.mention(f"On parle de la table {n} du Café Lumière", author=f"Ada {n}")
        found.remember()
        yield found


@pytest.fixture
def work(house: Work) -> Work:
    house.begin()
    return house


def window(work: Work) -> Page:
    page = work.open("inbox")
    page.mouse.move(0, 0)
    page.locator(".inbox-row").first.wait_for()
    return page


def row(page: Page, author: str) -> Any:
    return page.locator(".inbox-row", has_text=author)


def of(work: Work, author: str) -> dict[str, Any]:
    items = work.api("GET", "/mentions?limit=200&status=new,open,replied,done,spam")["items"]
    found: dict[str, Any] = next(one for one in items if one["author"] == author)
    return found


def cut(work: Work, status: int | None = None) -> None:
    """From now on the API is not there, or answers so, in every window; the last call counts."""
    body = '{"error": {"code": "unavailable", "message": "Busy."}}'

    def answer(route: Any) -> None:
        if status is None:
            route.abort()
        else:
            route.fulfill(status=status, body=body, content_type="application/json")

    work.context.route("**/api/v1/**", answer)


def mend(work: Work) -> None:
    work.context.unroute_all()


def send(page: Page) -> None:
    """Press *Send now*, unless the page noticed by itself that the server is back."""
    page.get_by_role("button", name="Send now").evaluate_all("(found) => found.forEach((one) => one.click())")


def kept(page: Page) -> int:
    """How many changes this browser keeps."""
    n: int = page.evaluate(
        """() => new Promise((done) => {
            const opening = indexedDB.open("entregent");
            opening.onsuccess = () => {
                const asked = opening.result.transaction("waiting").objectStore("waiting").count();
                asked.onsuccess = () => { opening.result.close(); done(asked.result); };
            };
        })"""
    )
    return n


def test_two_windows_add_to_one_queue_and_each_change_is_sent_once(work: Work) -> None:
    first, second = window(work), window(work)
    cut(work)
    for page, authors in ((first, ("Ada 1", "Ada 2")), (second, ("Ada 3",)), (first, ("Ada 4",))):
        for author in authors:
            row(page, author).click()
            page.keyboard.press("e")
            expect(row(page, author)).to_have_count(0)
    wait_for(lambda: kept(first) == 4)
    # Each window sees what the other added.
    for page in (first, second):
        expect(page.get_by_text("4 changes wait since")).to_be_visible()
        expect(page.locator(".inbox-row")).to_have_count(4)
    # One is taken back in the window that did not make it.
    second.get_by_role("button", name="See what waits").click()
    assert violations(second) == []
    second.get_by_role("listitem").filter(has_text="Ada 4").get_by_role("button", name="Drop").click()
    expect(first.get_by_text("3 changes wait since")).to_be_visible()
    mend(work)
    for page in (first, second):
        send(page)
    wait_for(lambda: kept(first) == 0)
    for author in ("Ada 1", "Ada 2", "Ada 3"):
        assert of(work, author)["status"] == "done"
        events = work.api("GET", f"/mentions/{of(work, author)['id']}/events")["items"]
        assert [one["what"] for one in events] == ["created", "changed"]
    assert of(work, "Ada 4")["status"] == "new"
    for page in (first, second):
        expect(page.locator(".inbox-waiting")).to_have_count(0)
        expect(row(page, "Ada 4")).to_be_visible()
        page.close()


def test_what_passes_by_keeps_a_change_and_says_why_it_waits(work: Work) -> None:
    page = window(work)
    for n, status in enumerate((502, 503, 504, 429)):
        row(page, f"Ada {n}").click()
        cut(work, status)
        page.keyboard.press("e")
        expect(row(page, f"Ada {n}")).to_have_count(0)
        # Trying again while it is still so throws nothing away.
        expect(page.locator(".inbox-waiting")).to_contain_text("The server cannot take this now.")
        page.get_by_role("button", name="Send now").click()
        wait_for(lambda n=n: kept(page) == n + 1)  # type: ignore[misc]
    mend(work)
    send(page)
    wait_for(lambda: kept(page) == 0)
    assert [of(work, f"Ada {n}")["status"] for n in range(4)] == ["done"] * 4


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param('{"member": {"id"', "application/json", id="an answer that broke off"),
        pytest.param("", "application/json", id="an answer of nothing"),
        pytest.param("<title>Log in to the hotel</title>", "text/html", id="a page of somebody else"),
    ],
)
def test_what_the_server_did_not_say_is_neither_shown_nor_kept(work: Work, body: str, content_type: str) -> None:
    page = window(work)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    row(page, "Ada 1").click()
    work.context.route("**/api/v1/**", lambda route: route.fulfill(status=200, body=body, content_type=content_type))
    page.keyboard.press("e")
    expect(page.locator(".inbox-waiting")).to_be_visible()
    for _ in range(2):  # what the first reading kept is what the second one shows
        page.reload()
        expect(page.locator(".inbox-row")).to_have_count(7)
        expect(page.locator(".inbox-waiting")).to_be_visible()
    assert kept(page) == 1
    mend(work)
    send(page)
    wait_for(lambda: of(work, "Ada 1")["status"] == "done")
    page.reload()
    expect(page.locator(".inbox-row")).to_have_count(7)
    expect(page.locator(".inbox-waiting")).to_have_count(0)
    assert broken == []
    page.close()


def test_a_list_that_could_not_be_read_once_is_read_without_being_asked(work: Work) -> None:
    def answer(route: Any) -> None:
        route.fulfill(status=503, body="Busy.", content_type="text/plain")

    page = window(work)
    work.context.route("**/api/v1/mentions?*", answer)
    page.reload()
    line = page.locator(".inbox-waiting")
    expect(line).to_contain_text("The server cannot take this now.")
    expect(page.locator(".inbox-row")).to_have_count(8)
    # While it stays so, what was read before stays too.
    seen = page.evaluate_handle(
        """() => {
            const seen = new Set();
            new MutationObserver(() => seen.add(document.querySelectorAll(".inbox-row").length))
                .observe(document.body, {childList: true, subtree: true});
            return seen;
        }"""
    )
    with page.expect_response("**/api/v1/mentions?*"):
        page.evaluate("dispatchEvent(new Event('online'))")
    assert seen.evaluate("(seen) => [...seen].filter((n) => n !== 8)") == []
    mend(work)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(line).to_have_count(0)
    expect(page.locator(".inbox-row")).to_have_count(8)
    page.close()


def test_who_is_logged_out_loses_nothing_and_logs_in_again(work: Work) -> None:
    page = window(work)
    row(page, "Ada 5").click()
    session = work.context.cookies()
    work.context.clear_cookies()
    page.keyboard.press("e")
    expect(page.locator(".inbox-waiting")).to_contain_text("sent once you are")
    page.get_by_role("button", name="Send now").click()
    assert kept(page) == 1
    login = work.context.new_page()
    login.goto(work.server.command("login"))
    login.close()
    page.get_by_role("button", name="Send now").click()
    wait_for(lambda: of(work, "Ada 5")["status"] == "done")
    wait_for(lambda: kept(page) == 0)
    # The session of this test goes with its data: the next one begins with that of all.
    work.context.clear_cookies()
    work.context.add_cookies(session)


def test_two_people_on_one_computer_send_nothing_of_each_other(work: Work) -> None:
    session = work.context.cookies()
    (alice,) = work.api("GET", "/members")["items"]
    bob = work.api("POST", "/members", {"name": "Bob", "brand_roles": {work.brand["id"]: "editor"}})

    def log_in(address: str) -> None:
        page = work.context.new_page()
        page.goto(address)
        page.close()

    first = window(work)
    cut(work)
    row(first, "Ada 1").click()
    first.keyboard.press("e")
    expect(first.get_by_text("1 change waits since")).to_be_visible()
    log_in(bob["login_link"])
    mend(work)
    # The page that Alice left open sends what waits, and what she does there, as nobody else.
    send(first)
    expect(first.get_by_role("alert").get_by_text("Somebody else is logged in in this browser now")).to_be_visible()
    row(first, "Ada 4").click()
    first.keyboard.press("e")
    expect(first.get_by_text("2 changes wait since")).to_be_visible()
    assert violations(first) == []
    first.screenshot(path=screenshots_folder() / "inbox-another-person-en.png")
    first.close()

    # Bob's own page knows of them, sends his own only, and shows the rows as they are on the server.
    second = window(work)
    expect(second.get_by_text(f"2 changes of \u2068{alice['name']}\u2069 wait here.")).to_be_visible()
    expect(second.locator(".inbox-row")).to_have_count(8)
    cut(work)
    row(second, "Ada 2").click()
    second.keyboard.press("e")
    expect(second.get_by_text("1 change waits since")).to_be_visible()
    assert violations(second) == []
    second.screenshot(path=screenshots_folder() / "inbox-others-wait-en.png")
    mend(work)
    send(second)
    wait_for(lambda: of(work, "Ada 2")["status"] == "done")
    wait_for(lambda: kept(second) == 2)
    assert [of(work, f"Ada {n}")["status"] for n in (1, 4)] == ["new", "new"]
    second.close()

    log_in(work.server.command("login"))
    third = window(work)
    wait_for(lambda: [of(work, f"Ada {n}")["status"] for n in (1, 4)] == ["done", "done"])
    for author, who in (("Ada 1", alice), ("Ada 2", bob), ("Ada 4", alice)):
        (_made, event) = work.api("GET", f"/mentions/{of(work, author)['id']}/events")["items"]
        assert (event["what"], event["member_id"]) == ("changed", who["id"]), author
    expect(third.locator(".inbox-waiting")).to_have_count(0)
    work.context.clear_cookies()
    work.context.add_cookies(session)


def test_what_somebody_else_left_is_dropped_only_after_a_question(work: Work) -> None:
    page = window(work)
    cut(work)
    row(page, "Ada 1").click()
    page.keyboard.press("e")
    expect(page.get_by_text("1 change waits since")).to_be_visible()
    page.evaluate(  # as if somebody who works here no more had made it
        """() => new Promise((done) => {
            const opening = indexedDB.open("entregent");
            opening.onsuccess = () => {
                const store = opening.result.transaction("waiting", "readwrite").objectStore("waiting");
                store.openCursor().onsuccess = ({ target }) => {
                    const put = target.result.update({ ...target.result.value, member_id: "987" });
                    put.onsuccess = () => { opening.result.close(); done(); };
                };
            };
        })"""
    )
    mend(work)
    page.reload()
    bar = page.locator(".inbox-waiting")
    expect(bar).to_contain_text("1 change of \u2068Somebody\u2069 waits here.")
    bar.get_by_role("button", name="Drop").click()
    expect(bar).to_contain_text("These changes are lost then.")
    assert kept(page) == 1
    bar.get_by_role("button", name="Drop").click()
    expect(bar).to_have_count(0)
    wait_for(lambda: kept(page) == 0)
    assert of(work, "Ada 1")["status"] == "new"


def test_one_line_says_that_the_server_is_away_and_what_is_safe(work: Work) -> None:
    window(work).close()
    cut(work)
    for look, width, dark in (("fr-dark", 1280, True), ("fr-light", 360, False), ("en-light", 1280, False)):
        page = work.open("inbox", width=width, language=look[:2], dark=dark)
        page.locator(".inbox-row").first.wait_for()
        safe = "What you change now is kept here" if look.startswith("en") else "Ce que vous changez"
        line = page.get_by_role("status").filter(has_text=safe)
        expect(line).to_be_visible()
        away = "does not answer" if look.startswith("en") else "ne répond pas"
        expect(page.locator("main").get_by_text(away)).to_have_count(1)
        expect(
            page.locator("main")
            .get_by_role("button", name="Try again")
            .or_(page.locator("main").get_by_role("button", name="Réessayer"))
        ).to_have_count(1)
        assert violations(page) == [], look
        assert not sticks_out(page), look
        page.screenshot(path=screenshots_folder() / f"inbox-away-{look}-{width}.png")
        page.close()
    page = work.open("inbox")
    page.locator(".inbox-row").first.wait_for()
    mend(work)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".inbox-waiting")).to_have_count(0)
    expect(page.locator(".inbox.stale")).to_have_count(0)


def test_two_who_changed_the_same_are_asked_and_what_does_not_clash_is_merged(work: Work) -> None:
    page = window(work)
    cut(work)
    for author in ("Ada 1", "Ada 2", "Ada 3"):
        row(page, author).click()
        page.keyboard.press("e")
        expect(row(page, author)).to_have_count(0)
    row(page, "Ada 3").wait_for(state="detached")
    for author, changed in (
        ("Ada 1", {"status": "spam"}),
        ("Ada 2", {"status": "open"}),
        ("Ada 3", {"note": "theirs"}),
    ):
        there = of(work, author)
        work.api("PATCH", f"/mentions/{there['id']}", {**changed, "version": there["version"]})
    mend(work)
    send(page)
    clash = page.locator(".inbox-waiting .clash")
    expect(clash).to_have_count(2)
    both = of(work, "Ada 3")
    assert (both["status"], both["note"]) == ("done", "theirs")
    assert violations(page) == []
    page.screenshot(path=screenshots_folder() / "inbox-clash-en.png")
    clash.filter(has_text="Ada 1").get_by_role("button", name="Keep mine").click()
    wait_for(lambda: of(work, "Ada 1")["status"] == "done")
    clash.filter(has_text="Ada 2").get_by_role("button", name="Keep theirs").click()
    expect(page.locator(".inbox-waiting")).to_have_count(0)
    assert of(work, "Ada 2")["status"] == "open"


def test_several_at_once_wait_by_their_names_and_are_taken_back_as_one(work: Work) -> None:
    page = window(work)
    cut(work)
    for _ in range(3):
        page.keyboard.press("v")
        page.keyboard.press("j")
    page.get_by_role("toolbar").get_by_role("button", name="Done").click()
    expect(page.locator(".inbox-row")).to_have_count(5)
    expect(page.get_by_text("3 changes wait since")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".inbox-row")).to_have_count(8)
    # That the server is away may be said still; nothing waits for it.
    expect(page.get_by_text("3 changes wait since")).to_have_count(0)
    assert kept(page) == 0
    page.keyboard.press("v")
    page.keyboard.press("Shift+V")
    page.get_by_role("toolbar").get_by_role("button", name="Done").click()
    expect(page.get_by_text("can only be changed while the server answers")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.get_by_role("toolbar").get_by_role("button", name="Done").click()
    expect(page.get_by_text("1 change waits since")).to_be_visible()
    mend(work)
    page.reload()
    wait_for(lambda: work.api("GET", "/mentions/stats")["by_status"] == {"new": 7, "done": 1})


def test_all_of_a_list_that_is_read_from_here_wait_and_are_taken_back_as_one(work: Work) -> None:
    window(work).close()
    cut(work)
    page = window(work)
    expect(page.locator(".inbox.stale")).to_have_count(1)
    page.keyboard.press("Shift+V")
    page.get_by_role("toolbar").get_by_role("button", name="Done").click()
    expect(page.locator(".inbox-row")).to_have_count(0)
    wait_for(lambda: kept(page) == 8)
    page.keyboard.press("u")
    wait_for(lambda: kept(page) == 0)
    expect(page.locator(".inbox-row")).to_have_count(8)


def test_a_refusal_is_no_passing_error_and_is_read_before_it_goes(work: Work) -> None:
    page = window(work)
    there = of(work, "Ada 6")
    cut(work)
    row(page, "Ada 6").click()
    page.keyboard.press("e")
    expect(page.get_by_text("1 change waits since")).to_be_visible()
    mend(work)
    refused = '{"error": {"code": "forbidden", "message": "Only who writes here may."}}'
    page.route(
        f"**/api/v1/mentions/{there['id']}",
        lambda route: route.fulfill(status=403, body=refused, content_type="application/json"),
    )
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".inbox-waiting")).to_contain_text("was refused and is not tried again")
    page.locator(".inbox-waiting").get_by_role("button", name="Drop").click()
    expect(page.locator(".inbox-waiting")).to_have_count(0)
    assert of(work, "Ada 6")["status"] == "new"


def test_lists_of_several_filters_are_read_without_the_server_after_the_browser_was_closed(work: Work) -> None:
    page = window(work)
    there = of(work, "Ada 7")
    work.api("PATCH", f"/mentions/{there['id']}", {"status": "open", "version": there["version"]})
    page.get_by_role("tab", name="Open").click()
    expect(row(page, "Ada 7")).to_be_visible()
    page.get_by_role("tab", name="New").click()
    expect(page.locator(".inbox-row")).to_have_count(7)
    page.close()
    cut(work)
    page = window(work)
    expect(page.locator(".inbox-row")).to_have_count(7)
    expect(page.get_by_text("What you change now is kept here and sent once the server is back.")).to_be_visible()
    page.get_by_role("tab", name="Open").click()
    expect(row(page, "Ada 7")).to_be_visible()
    row(page, "Ada 7").click()
    page.keyboard.press("e")
    expect(page.get_by_text("1 change waits since")).to_be_visible()
    for look, width, dark in (("fr-dark", 1280, True), ("fr-light", 390, False), ("en-light", 1280, False)):
        shown = work.open("inbox", width=width, language=look[:2], dark=dark)
        shown.locator(".inbox-waiting").wait_for()
        shown.screenshot(path=screenshots_folder() / f"inbox-waiting-{look}-{width}.png")
        assert violations(shown) == [], look
        assert not sticks_out(shown), look
        shown.close()
    mend(work)
    send(page)
    wait_for(lambda: of(work, "Ada 7")["status"] == "done")


def test_a_phone_opens_the_app_without_a_network_and_never_from_a_kept_api(work: Work) -> None:
    page = window(work)
    page.wait_for_function("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")
    names = page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys())
                for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
            return found.sort();
        }"""
    )
    assert names == ["/-/app/", "/-/app/app.css", "/-/app/app.js", "/-/app/icon.svg"]
    page.close()
    work.context.set_offline(True)
    try:
        page = work.open("inbox", width=390, height=844)
        expect(page.locator(".inbox-row")).to_have_count(8)
        row(page, "Ada 2").click()
        page.keyboard.press("e")
        expect(page.get_by_text("1 change waits since")).to_be_visible()
        assert not sticks_out(page)
        page.screenshot(path=screenshots_folder() / "inbox-phone-offline.png")
    finally:
        work.context.set_offline(False)
    wait_for(lambda: of(work, "Ada 2")["status"] == "done", 25)
