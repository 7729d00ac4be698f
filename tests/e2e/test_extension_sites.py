"""Access site by site, on the very build the stores get: asked in a click, kept, taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.e2e.paired import beside
from tests.e2e.seeding import seed_profile
from tests.e2e.work import violations
from tests.extension.browser import STORE_CHROME, Extension, launch_chromium, screenshots_folder
from tests.waiting import wait_for

FORUM = "https://forum.example/t/1"
PAGE = "<!doctype html><html lang=en><title>A forum</title><label>Answer<textarea id=answer></textarea></label></html>"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    seed_profile(tmp_path / "profile")
    return tmp_path / "profile"


@pytest.fixture
def chromium(profile: Path) -> Iterator[Extension]:
    with launch_chromium(profile, STORE_CHROME) as running:
        serve_forum(running)
        yield running


def serve_forum(chromium: Extension) -> None:
    for pattern in ("https://forum.example/**", "https://other.example/**"):
        chromium.context.route(pattern, lambda route: route.fulfill(body=PAGE, content_type="text/html"))


def patterns(chromium: Extension) -> list[str]:
    """Where content scripts are registered, besides the server's own pages: what comes first, and then the rest."""

    def look() -> tuple[list[str], list[str]]:
        scripts: list[dict[str, Any]] = chromium.worker().evaluate("chrome.scripting.getRegisteredContentScripts()")
        first, rest = (
            sorted(match for one in scripts for match in one["matches"] if one["runAt"] == at and "/-/" not in match)
            for at in ("document_start", "document_idle")
        )
        return first, rest

    # They are registered one after the other.
    _first, rest = wait_for(lambda: found if (found := look())[0] == found[1] else None)
    return rest


def grant(chromium: Extension, url: str) -> Page:
    """Click *Allow* on our own page that asks for one site."""
    page = chromium.context.new_page()
    page.goto(f"{chromium.address('allow/index.html')}?url={url}")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("status")).to_contain_text("The toolbar is on")
    return page


def bars(page: Page | Frame) -> int:
    return page.locator("entregent-bar").count()


def test_nothing_runs_anywhere_before_somebody_says_where(chromium: Extension) -> None:
    granted = chromium.worker().evaluate("chrome.permissions.getAll()")["origins"]
    assert sorted(granted) == ["http://127.0.0.1/*", "http://localhost/*"]
    assert patterns(chromium) == []
    forum = chromium.context.new_page()
    forum.goto(FORUM)
    forum.get_by_label("Answer").focus()
    assert bars(forum) == 0


def test_a_site_is_switched_on_in_the_open_tab_and_stays_on(profile: Path) -> None:
    with launch_chromium(profile, STORE_CHROME) as chromium:
        serve_forum(chromium)
        forum = chromium.context.new_page()
        forum.goto(FORUM)
        grant(chromium, FORUM)
        assert patterns(chromium) == ["https://forum.example/*"]
        forum.bring_to_front()
        forum.get_by_label("Answer").focus()
        wait_for(lambda: bars(forum) == 1)  # without a reload

        other = chromium.context.new_page()
        other.goto("https://other.example/")
        other.get_by_label("Answer").focus()
        assert bars(other) == 0, "one site was granted, not its neighbour"

    with launch_chromium(profile, STORE_CHROME) as chromium:  # the browser was closed and started again
        serve_forum(chromium)
        forum = chromium.context.new_page()
        forum.goto(FORUM)
        forum.get_by_label("Answer").focus()
        wait_for(lambda: bars(forum) == 1)


WRITING = """const frame = document.getElementById('written'), doc = frame.contentDocument;
doc.body.contentEditable = 'true'; doc.body.id = 'answer'; doc.body.textContent = 'Hello';"""
FRAME = "style='width:500px;height:200px'"
FRAMED = f"""<!doctype html><html lang=en><title>A forum</title>
<iframe {FRAME} name=same src=/t/1></iframe>
<iframe {FRAME} name=srcdoc srcdoc="<textarea id=answer></textarea>"></iframe>
<iframe {FRAME} name=written id=written></iframe>
<iframe {FRAME} name=other src=https://other.example/></iframe>
<iframe {FRAME} name=sandboxed sandbox=allow-scripts srcdoc="<textarea id=answer></textarea>"></iframe>
<iframe style='width:90px;height:90px' name=small src=/t/1></iframe><script>{WRITING}</script></html>"""


def test_boxes_in_frames_of_the_page_have_the_toolbar_and_frames_of_others_do_not(chromium: Extension) -> None:
    def serve(url: str, body: str) -> None:
        chromium.context.route(url, lambda route: route.fulfill(body=body, content_type="text/html"))

    serve("https://forum.example/framed", FRAMED)
    serve("https://other.example/framing", f"<iframe {FRAME} name=guest src={FORUM}></iframe>")
    forum = chromium.context.new_page()
    forum.goto("https://forum.example/framed")  # open before: reached without a reload
    grant(chromium, FORUM)
    forum.bring_to_front()
    for _ in ("in the open tab", "loaded again"):
        for name in ("other", "sandboxed", "small", "same", "srcdoc", "written"):
            frame = forum.frame(name)
            assert frame
            frame.locator("textarea, [contenteditable]").focus()
            if name in ("same", "srcdoc", "written"):
                wait_for(lambda frame=frame: bars(frame) == 1)  # type: ignore[misc]
            else:
                # Those that have it come later in this row: what should not come would be there by then.
                assert bars(frame) == 0
        assert {name: bars(forum.frame(name)) for name in ("other", "sandboxed", "small")} == {  # type: ignore[arg-type]
            "other": 0,
            "sandboxed": 0,
            "small": 0,
        }
        assert bars(forum) == 0, "the page itself has no box"
        # A frame that grows is one from then on.
        small = forum.frame("small")
        assert small
        forum.locator("[name=small]").evaluate("frame => { frame.style.width = '400px'; frame.style.height = '300px' }")
        small.locator("textarea").focus()
        wait_for(lambda small=small: bars(small) == 1)  # type: ignore[misc]
        forum.reload()
    other = chromium.context.new_page()
    other.goto("https://other.example/framing")
    guest = other.frame("guest")
    assert guest
    guest.locator("textarea").focus()
    forum.bring_to_front()
    same = forum.frame("same")
    assert same
    same.locator("textarea").focus()
    wait_for(lambda: bars(same) == 1)
    assert bars(guest) == 0, "the page around it is not switched on"


def test_switching_off_gives_the_access_back_and_takes_the_script_away(chromium: Extension) -> None:
    page = grant(chromium, FORUM)
    assert chromium.send(page, "site.state", {"url": FORUM})["on"]
    assert not chromium.send(page, "site.off", {"url": FORUM})["on"]
    assert patterns(chromium) == []
    assert "https://forum.example/*" not in chromium.worker().evaluate("chrome.permissions.getAll()")["origins"]


def test_switching_off_gives_back_what_was_granted_for_more_than_this_host(chromium: Extension) -> None:
    page = chromium.open()
    beyond = "https://*.example/*"
    page.evaluate(
        """(origin) => document.addEventListener(
            "click", () => chrome.permissions.request({origins: [origin]}), {once: true})""",
        beyond,
    )
    page.mouse.click(5, 5)
    wait_for(lambda: patterns(chromium) == [beyond])
    assert chromium.send(page, "site.state", {"url": FORUM})["on"]
    assert not chromium.send(page, "site.off", {"url": FORUM})["on"]
    assert patterns(chromium) == []
    assert beyond not in chromium.worker().evaluate("chrome.permissions.getAll()")["origins"]


def test_access_taken_back_in_the_browsers_own_settings_is_noticed(chromium: Extension) -> None:
    grant(chromium, FORUM)
    forum = chromium.context.new_page()
    forum.goto(FORUM)
    forum.get_by_label("Answer").fill("What I wrote")
    wait_for(lambda: bars(forum) == 1)
    chromium.worker().evaluate("chrome.permissions.remove({origins: ['https://forum.example/*']})")
    wait_for(lambda: patterns(chromium) == [])
    wait_for(lambda: bars(forum) == 0)  # in the open page too, and what was written stays
    forum.get_by_label("Answer").focus()
    assert forum.get_by_label("Answer").input_value() == "What I wrote"
    assert bars(forum) == 0


def test_the_first_line_of_the_popup_switches_the_site_on(chromium: Extension) -> None:
    chromium.worker().evaluate("chrome.storage.local.set({token: 'entregent_none', server: 'http://127.0.0.1:9'})")
    forum = chromium.context.new_page()
    forum.goto(FORUM)
    popup = chromium.context.new_page()
    beside(popup, FORUM, "A forum")
    popup.goto(chromium.address("popup/index.html"))
    popup.get_by_role("button", name="Switch on here").click()
    expect(popup.get_by_text("The toolbar is on at forum.example")).to_be_visible()
    expect(popup.get_by_role("button", name="Switch on here")).to_have_count(0)
    assert patterns(chromium) == ["https://forum.example/*"]


#: a popup beside one tab and then another, whose question about the first is answered when a test says so
TWO_TABS = """([first, second]) => {
    globalThis.beside = first;
    const query = chrome.tabs.query.bind(chrome.tabs);
    chrome.tabs.query = async (what) => what.active ? [globalThis.beside] : query(what);
    globalThis.goOn = () => { globalThis.beside = second; chrome.tabs.onActivated.dispatch({tabId: 2, windowId: 1}); };
    const late = new Promise((done) => { globalThis.letLate = done; });
    const send = chrome.runtime.sendMessage.bind(chrome.runtime);
    chrome.runtime.sendMessage = async (message) => {
        const held = message.request === "site.state" && message.ask.url === first.url;
        if (held) { globalThis.asked = true; await late; }
        const answer = await send(message);
        if (held) globalThis.answered = true;
        return answer;
    };
}"""


def test_an_answer_about_the_tab_before_changes_nothing_beside_this_one(chromium: Extension) -> None:
    chromium.worker().evaluate("chrome.storage.local.set({token: 'entregent_none', server: 'http://127.0.0.1:9'})")
    popup = chromium.context.new_page()
    tabs = [{"id": n, "url": f"https://{host}.example/", "title": host} for n, host in enumerate(("forum", "other"), 1)]
    popup.add_init_script(f"({TWO_TABS})({json.dumps(tabs)})")
    popup.goto(chromium.address("popup/index.html"))
    wait_for(lambda: popup.evaluate("globalThis.asked"))
    popup.evaluate("goOn()")
    line = popup.locator(".line", has=popup.get_by_role("button", name="Switch on here"))
    expect(line).to_contain_text("other.example")
    # The toolbar is on nowhere yet: one line says it, and offers this site or all networks.
    expect(popup.get_by_text("The toolbar stands nowhere yet.")).to_have_count(0)
    expect(line.get_by_role("button", name="Choose networks")).to_be_visible()
    popup.evaluate("letLate()")
    wait_for(lambda: popup.evaluate("globalThis.answered"))
    popup.evaluate("new Promise(requestAnimationFrame)")
    expect(line).to_contain_text("other.example")


GALLERY = "https://forum.example/gallery"
PICTURE = "<!doctype html><html lang=en><title>Pictures</title><img width=300 height=200 src=/one.svg alt=One></html>"


def test_the_popup_switches_the_button_at_images_of_a_site_on_and_off(chromium: Extension) -> None:
    chromium.worker().evaluate("chrome.storage.local.set({token: 'entregent_none', server: 'http://127.0.0.1:9'})")
    grant(chromium, FORUM)
    chromium.context.route(GALLERY, lambda route: route.fulfill(body=PICTURE, content_type="text/html"))
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200"/></svg>'
    chromium.context.route(
        "https://forum.example/one.svg", lambda route: route.fulfill(body=svg, content_type="image/svg+xml")
    )
    gallery = chromium.context.new_page()
    gallery.goto(GALLERY)
    popup = chromium.context.new_page()
    beside(popup, GALLERY, "Pictures")
    popup.goto(chromium.address("popup/index.html"))

    def choose(words: str) -> None:
        popup.bring_to_front()
        popup.get_by_role("button", name="Add").click()
        popup.get_by_role("menuitem", name=words, exact=True).click()

    def seen_at_the_picture() -> int:
        gallery.bring_to_front()
        gallery.mouse.move(600, 500)
        gallery.locator("img").hover()
        with suppress(AssertionError):
            wait_for(lambda: bars(gallery), 1)
        return bars(gallery)

    assert seen_at_the_picture() == 0
    choose("Button at images here")
    expect(popup.get_by_text("Images on forum.example have a button")).to_be_visible()
    popup.screenshot(path=screenshots_folder() / "popup-pictures-on.png")
    wait_for(seen_at_the_picture)
    choose("No button at images here")
    wait_for(lambda: seen_at_the_picture() == 0)
    popup.get_by_role("button", name="Add").click()
    expect(popup.get_by_role("menuitem", name="Button at images here", exact=True)).to_be_visible()
    popup.screenshot(path=screenshots_folder() / "popup-add.png")


def test_answering_on_a_site_that_is_off_asks_and_then_opens_the_page_once(chromium: Extension) -> None:
    def tabs() -> list[dict[str, Any]]:
        """As the browser knows them: the driver hears of a new one later, and of its address later still."""
        found: list[dict[str, Any]] = chromium.worker().evaluate("chrome.tabs.query({})")
        return found

    asking = chromium.context.new_page()
    asking.goto(f"{chromium.address('allow/index.html')}?url={FORUM}")
    before = len(tabs())
    assert chromium.send(asking, "mention.open", {"url": FORUM, "answer": True}) == {}
    assert len(tabs()) == before, "not before the access is there"
    asking.get_by_role("button", name="Allow").click()
    wait_for(lambda: len(tabs()) > before)
    asking.bring_to_front()
    expect(asking.get_by_role("status")).to_contain_text("The toolbar is on")
    assert len(tabs()) == before + 1
    wait_for(lambda: [one for one in tabs() if FORUM in (one.get("url"), one.get("pendingUrl"))])


def test_what_waited_for_access_that_was_refused_is_not_opened_by_a_later_grant(chromium: Extension) -> None:
    asking = chromium.open()
    chromium.send(asking, "mention.open", {"url": FORUM, "answer": True})
    waiting = "chrome.storage.session.get('open_after_grant').then(({open_after_grant}) => open_after_grant)"
    assert chromium.worker().evaluate(waiting)["url"] == FORUM
    chromium.worker().evaluate(
        """async () => {
            const {open_after_grant: before} = await chrome.storage.session.get("open_after_grant");
            await chrome.storage.session.set({open_after_grant: {...before, at: before.at - 5 * 60_000}});
        }"""
    )
    grant(chromium, FORUM)
    wait_for(lambda: chromium.worker().evaluate(waiting) is None)
    assert not [page for page in chromium.context.pages if page.url == FORUM]


def test_a_page_cannot_read_the_notice_on_it(chromium: Extension) -> None:
    url = "http://127.0.0.1:9/"
    chromium.context.route(f"{url}**", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page = chromium.context.new_page()
    page.goto(url)
    chromium.worker().evaluate(
        """async (url) => {
            const [tab] = await chrome.tabs.query({url});
            chrome.contextMenus.onClicked.dispatch({menuItemId: "shorten", pageUrl: url, editable: false}, tab);
        }""",
        url,
    )
    page.locator("entregent-notice").wait_for(state="attached")
    assert page.evaluate("document.querySelector('entregent-notice').shadowRoot") is None


@pytest.mark.parametrize(
    "url", ["https://chromewebstore.google.com/detail/x", "chrome://settings/", "about:blank", "file:///etc/passwd"]
)
def test_where_nothing_may_run_nothing_is_offered(chromium: Extension, url: str) -> None:
    page = chromium.open("allow/index.html")
    assert chromium.send(page, "site.state", {"url": url})["possible"] is False


def networks_page(chromium: Extension) -> Page:
    page = chromium.context.new_page()
    page.goto(f"{chromium.address('allow/index.html')}?networks=1")
    page.get_by_role("checkbox").first.wait_for()
    return page


def test_networks_are_ticked_once_and_asked_for_in_one_question(chromium: Extension) -> None:
    page = networks_page(chromium)
    assert page.get_by_role("checkbox", checked=True).count() == 0, "nothing is ticked for the person"
    names = page.locator(".networks li label > span.grow").all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    assert {"LinkedIn", "X", "Google reviews"} <= set(names)
    assert not {"Mastodon", "Practice page"} & set(names)
    button = page.locator(".networks > button")
    expect(button).to_be_disabled()
    page.get_by_role("checkbox", name="LinkedIn").check()
    page.get_by_role("checkbox", name="X", exact=False).last.check()
    page.get_by_role("checkbox", name="Google reviews").check()
    button.get_by_text("Allow 3 networks").click()
    expect(page.get_by_role("status")).to_have_text("The toolbar is on at 3 networks.")
    hosts = {re.sub(r"^https://|/\*$", "", one) for one in patterns(chromium)}
    assert {"www.linkedin.com", "www.google.com"} <= hosts
    assert not {one for one in hosts if one.startswith("www.google.") and one != "www.google.com"}, "no other country"
    expect(button).to_be_disabled()

    # Off again, one by one; and the list says what is so when it is opened again.
    page.get_by_role("checkbox", name="Google reviews").uncheck()
    button.get_by_text("Switch off at 1 network").click()
    expect(page.get_by_role("status")).to_have_text("The toolbar is on at 2 networks.")
    wait_for(lambda: not any("google" in one for one in patterns(chromium)))
    page.reload()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)


def test_the_list_of_networks_is_operated_by_keys_in_both_languages_and_looks(chromium: Extension) -> None:
    for language, look in (("en", "light"), ("fr", "dark")):
        chromium.worker().evaluate("language => chrome.storage.local.set({language})", language)
        page = networks_page(chromium)
        page.emulate_media(color_scheme=look)  # type: ignore[arg-type]  # a Literal to mypy
        page.keyboard.press("Tab")
        expect(page.get_by_role("checkbox").first).to_be_focused()
        page.keyboard.press("Space")
        expect(page.get_by_role("checkbox").first).to_be_checked()
        assert violations(page) == []
        page.screenshot(path=screenshots_folder() / f"networks-{language}-{look}.png", full_page=True)
        page.close()


@pytest.mark.parametrize(
    ("languages", "wanted", "unwanted"),
    [
        (["fr-CH", "fr"], {"www.google.ch", "www.google.fr", "www.google.com"}, {"www.google.be"}),
        (["en-GB"], {"www.google.co.uk", "www.google.com"}, {"www.google.fr"}),
        ([], {"www.google.com"}, {"www.google.fr", "www.google.co.uk"}),
    ],
    ids=["French of Switzerland", "English of Great Britain", "not known"],
)
def test_only_addresses_of_the_persons_countries_are_asked_for(
    chromium: Extension, languages: list[str], wanted: set[str], unwanted: set[str]
) -> None:
    page = networks_page(chromium)
    answer = page.evaluate(
        "languages => chrome.runtime.sendMessage({request: 'networks', ask: {languages}})", languages
    )
    found = next(one for one in answer["value"] if one["id"] == "google_reviews")
    hosts = {re.sub(r"^https://|/\*$", "", one) for one in found["patterns"]}
    assert wanted <= hosts
    assert not unwanted & hosts
