# ruff: noqa: E501 - scripts in long lines
"""What a page may not read of us, nor forge: its storages, our words before they are inserted, our messages."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.extension import skeletons
from tests.extension.browser import ROOT, find_firefox, launch_chromium, screenshots_folder
from tests.extension.pages import HN, REFUSING, ToolbarBrowser, count_marks, marks, open_panel
from tests.extension.parts import HERE, NODE, Parts
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

FORGED = """<script>
for (const storage of [sessionStorage, localStorage]) {
  const at = Date.now();
  storage.setItem('entregent.sent', JSON.stringify({name: 'sent', at, value: {url: 'https://elsewhere.example/1', text: document.querySelector('.commtext').innerText, suggestions_id: '77', reply_id: '1', brand_id: '1'}}));
  storage.setItem('entregent.pending', JSON.stringify({name: 'pending', at, value: {id: '800', text: 'Forged words', blanks: '[]', url: 'https://news.ycombinator.com/item?id=800', suggestions_id: '77', reply_id: '1', brand_id: '1'}}));
}
</script></body>"""
STORED = "() => JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])"


def test_a_page_that_forges_what_we_kept_moves_nothing(browser: ToolbarBrowser) -> None:
    browser.set_state(handle="")  # the page does not say who is logged in: any author could be us
    page = browser.open(HN, skeletons.hackernews_thread().replace("</body>", FORGED))
    assert count_marks(page, 7) == 7
    page.reload()
    assert count_marks(page, 7) == 7
    # What comes later is looked at too.
    page.evaluate(
        "document.querySelector('.comtr').after(Object.assign(document.querySelector('.comtr').cloneNode(true), {id: '4711'}))"
    )
    wait_for(lambda: marks(page).count() >= 7 or None)
    page.locator("textarea").focus()
    wait_for(lambda: browser.asked("page.bring") or None, 5)
    page.wait_for_timeout(500)
    asked = set(browser.worker.evaluate("asked.map(({request}) => request)"))
    # How this site counts (box.about) is read from what the browser keeps: host and brand, no word of the page.
    assert asked <= {"page.kit", "page.state", "page.bring", "box.about"}
    assert page.locator("textarea").input_value() == ""
    assert page.locator(".notice, .ask").count() == 0


def test_what_outlives_a_page_is_in_no_storage_of_the_page_and_only_for_its_tab(browser: ToolbarBrowser) -> None:
    def pages(url: str) -> str:
        return skeletons.hackernews_reply(1, 900) if "/reply?" in url else skeletons.hackernews_thread()

    page = browser.open(HN, pages)
    assert count_marks(page, 7) == 7
    page.evaluate("localStorage.clear()")
    empty = page.evaluate(STORED)
    assert empty == '[{},{},""]'
    open_panel(page, 1)
    page.keyboard.press("3")
    page.wait_for_url("**/reply?id=900**")
    wait_for(lambda: page.locator("textarea").input_value() == "Thank you for thinking of us." or None, 6)
    assert page.evaluate(STORED) == empty
    browser.wait_asked("mention.status")
    # Sent: the page after it has to know, another tab and another origin do not.
    page.evaluate("document.querySelector('form').addEventListener('submit', (event) => event.preventDefault())")
    page.locator("input[type=submit]").click()
    wait_for(lambda: [ask for ask in browser.asked("page.keep") if ask["name"] == "sent"] or None, 5)
    assert page.evaluate(STORED) == empty
    stored = "chrome.storage.session.get().then(JSON.stringify)"
    wait_for(lambda: "Thank you for thinking of us." in browser.worker.evaluate(stored) or None, 5)
    before = len(browser.asked("page.recall"))
    other = browser.open("https://news.ycombinator.com/reply?id=900", pages)
    wait_for(lambda: other.locator("textarea").count() or None)
    page.goto("https://mastodon.social/@theo/3003")
    wait_for(
        lambda: browser.worker.evaluate("asked.filter(({request}) => request === 'page.state').length") >= 4 or None
    )
    assert len(browser.asked("page.recall")) == before


#: Suggestions, brand, account, colleagues: none of it stands in the page itself.
SECRETS = [
    "terrace has 30 seats", "corner for children", "could you tell us your number", "thinking of us",
    "Zephyr Brasserie", "zephyr.brasserie", "Quentin Ferrand", "Oriane Vasseur",
]  # fmt: skip
PROBE = (HERE / "private" / "probe.js").read_text("utf-8")


@pytest.fixture(scope="module")
def released(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolbarBrowser]:
    """Our script as stores get it: its shadow roots are closed, so tests too see it only by what a page cannot reach."""
    size = {"width": 1000, "height": 800}
    with launch_chromium(tmp_path_factory.mktemp("profile"), parts.release, viewport=size) as extension:
        yield ToolbarBrowser(extension)


#: The very first thing that a page does: listen, before anybody else could.
GREEDY = """<head><script>window.leaked = []; for (const type of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'paste', 'compositionend'])
  for (const target of [window, document]) target.addEventListener(type, (event) => window.leaked.push([type, event.key, event.data, event.target.localName].join(' ')), true);</script>"""
TYPED = "children"


def greedy() -> str:
    page = skeletons.hackernews_thread()
    assert "<head>" in page
    return page.replace("<head>", GREEDY)


def heard(page: Page) -> str:
    """What a screen reader is given of a page."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return "\n".join(str(node.get("name", {}).get("value", "")) for node in nodes if not node.get("ignored"))


def test_a_page_reads_nothing_of_what_we_show_in_chromium(released: ToolbarBrowser) -> None:
    page = released.open(HN, skeletons.hackernews_thread())
    page.add_script_tag(content=PROBE)
    wait_for(lambda: page.evaluate("document.querySelectorAll('entregent-bar').length") > 2 or None)
    wait_for(lambda: "Quentin Ferrand" in heard(page) or None)
    said = heard(page)
    assert "Oriane Vasseur" in said
    assert "Zephyr Brasserie as @zephyr.brasserie" in said
    assert page.evaluate("words => probe(words)", SECRETS) == []
    page.locator(".titleline > a").hover()
    released.push({"push": "toolbar.focus"})
    wait_for(lambda: "the terrace has 30 seats" in heard(page) or None)
    page.screenshot(path=screenshots_folder() / "toolbar-released.png")
    assert page.evaluate("words => probe(words)", SECRETS) == []
    base = f"chrome-extension://{released.extension.id}/"
    assert page.evaluate("base => reach(base)", base) == []
    page.keyboard.press("1")
    box = page.locator("textarea")
    wait_for(lambda: "the terrace has 30 seats" in box.input_value() or None, 5)


def test_a_page_that_listens_before_all_others_hears_no_key_that_is_pressed_in_ours(released: ToolbarBrowser) -> None:
    page = released.open(HN, greedy())
    wait_for(lambda: page.evaluate("document.querySelectorAll('entregent-bar').length") > 2 or None)
    page.keyboard.press("q")
    assert page.evaluate("window.leaked.length") > 0, "it listens"
    page.locator(".titleline > a").hover()
    released.push({"push": "toolbar.focus"})
    wait_for(lambda: "thinking of us" in heard(page) or None)
    page.evaluate("window.leaked.length = 0")
    page.keyboard.press("/")
    page.keyboard.type(TYPED)
    wait_for(lambda: "thinking of us" not in heard(page) or None)
    assert "the terrace has 30 seats" in heard(page), "what was typed was searched"
    assert page.evaluate("window.leaked") == []


def test_a_page_reads_nothing_of_what_we_show_in_firefox_and_what_a_box_refuses_can_be_pasted(parts: Parts) -> None:
    wanted = {
        "firefox": str(find_firefox()), "extension": str(parts.release), "url": HN, "html": greedy(),
        "refusing": REFUSING, "typed": TYPED,
        "words": SECRETS, "screenshot": str(screenshots_folder() / "firefox-toolbar-released.png"),
    }  # fmt: skip
    runner = [NODE, str(HERE / "private" / "firefox.mjs"), json.dumps(wanted)]
    done = subprocess.run(runner, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert (seen["resting"], seen["open"], seen["reach"]) == ([], [], [])
    assert seen["typed"] == seen["before"] != []
    assert seen["inserted"]
    assert seen["pasted"] == "Thank you for thinking of us."


WRITTEN = """() => [...document.querySelectorAll('entregent-bar')].flatMap((host) => {
  const texts = [];
  const walk = (node) => { for (const child of node.childNodes) {
    if (child.nodeType === 3 && child.data.trim()) texts.push(child.data);
    else if (child.nodeType === 1 && !child.hasAttribute('data-copy') && child.localName !== 'style') walk(child); } };
  walk(host.shadowRoot);
  return texts;
})"""


def test_no_word_of_ours_is_written_into_the_document(browser: ToolbarBrowser) -> None:
    page = browser.open(HN, skeletons.hackernews_thread())
    assert count_marks(page, 7) == 7
    open_panel(page, 0)
    browser.push({"push": "notice", "text": "Short link:", "copy": "https://lum.example/b7kd"})
    page.locator(".notice").wait_for()
    assert page.evaluate(WRITTEN) == []
    page.keyboard.press("Escape")
    marks(page).first.locator("button[aria-haspopup=menu]").click()
    page.get_by_role("menuitem", name="Teach").or_(page.get_by_role("menuitem", name="Share")).first.wait_for()
    assert page.evaluate(WRITTEN) == []
    browser.push({"push": "page.show", "what": "check"})
    page.locator(".card").wait_for()
    assert page.evaluate(WRITTEN) == []
    page.keyboard.press("Escape")


def test_nothing_in_the_manifest_lets_pages_in() -> None:
    manifest = json.loads((ROOT / "manifest.json").read_text("utf-8"))
    assert not {"web_accessible_resources", "externally_connectable"} & set(manifest)
