# ruff: noqa: E501 - scripts in long lines
"""A reply from the mark to *replied* by the keyboard alone, on one site of each kind of editor and the practice page."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.extension.pages import ToolbarBrowser, count_marks
from tests.extension.skeletons.base import NEW_TEXT, NEWCOMER, Skeleton
from tests.extension.skeletons.every import adapter, skeletons
from tests.extension.test_practice import open_practice
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
THANKS = "Thank you for thinking of us."
MOST_TABS = 80

#: What stands in for the site's own script: takes what is pasted as its editor does, and shows what is sent as a post.
SITE = """([submit, boxes, another, text]) => {
  for (const button of document.querySelectorAll(submit)) button.tabIndex = 0;
  new MutationObserver(() => { for (const button of document.querySelectorAll(submit)) if (button.tabIndex < 0) button.tabIndex = 0; }).observe(document.body, {childList: true, subtree: true});
  document.addEventListener('paste', (event) => { if (!event.target.closest('[contenteditable=true]')) return; event.preventDefault(); document.execCommand('insertText', false, event.clipboardData.getData('text/plain')); });
  const send = (event) => { const button = event.target.closest(submit); if (!button) return;
    if (event.type === 'keydown') { if (event.key === 'Enter' && !button.matches('button, input')) button.click(); return; }
    event.preventDefault();
    const box = [...document.querySelectorAll(boxes)].find((one) => (one.value ?? one.innerText).trim()); if (!box) return;
    window.sent = (box.value ?? box.innerText).trim(); const made = document.createElement('template'); made.innerHTML = another.replaceAll(text, window.sent);
    if ('value' in box) box.value = ''; else box.textContent = '';
    const last = [...document.querySelectorAll('[data-test-post]')].filter((one) => !one.parentElement.closest('[data-test-post]')).at(-1); last.after(made.content); };
  document.addEventListener('click', send); document.addEventListener('keydown', send);
}"""
#: Where the keys are: "toolbar" on one of ours in the row of post `n`, "send" on the site's button.
AT = """([n, submit]) => { let at = document.activeElement;
  if (at.localName === 'entregent-bar') return at.closest(`[data-test-row="${n}"], [data-test-post="${n}"], .post-actions`) ? 'toolbar' : 'other'; return at.matches(submit) ? 'send' : ''; }"""


def tab_to(page: Page, where: str, n: int, submit: str) -> None:
    for _ in range(MOST_TABS):
        if page.evaluate(AT, [n, submit]) == where:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{where} is not reached by Tab")


def ours(page: Page) -> str:
    """What of ours has the keys, in words."""
    found: str = page.evaluate(
        "() => { const at = document.activeElement?.shadowRoot?.activeElement; return at ? (at.ariaLabel || at.textContent || at.localName) : '' }"
    )
    return found


def reply_by_keys(page: Page, n: int, submit: str) -> None:
    page.evaluate("document.activeElement?.blur()")
    tab_to(page, "toolbar", n, submit)
    for _ in range(6):  # the mark unfolds; its first button is one press away, others an arrow
        if "Answer" in ours(page):
            break
        page.keyboard.press("Enter" if ours(page) == "Entregent" or "Entregent" in ours(page) else "ArrowRight")
    assert "Answer" in ours(page), ours(page)
    page.keyboard.press("Enter")
    page.locator(".panel .s").nth(2).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


KINDS = {
    "x feed": "draft",
    "linkedin feed": "quill",
    "threads feed": "lexical",
    "bluesky feed": "prosemirror",
    "youtube comments": "plain",
    "phpbb topic": "field",
}
#: What the page says of who is logged in, where that is not the end of the author's address.
ACCOUNTS = {"linkedin feed": f"in/{NEWCOMER.handle}", "phpbb topic": NEWCOMER.name}


def skeleton_of(name: str) -> Skeleton:
    found = [one for one in skeletons() if one.id == name or (one.id.startswith(name.split()[0]) and one.another)]
    return next((one for one in found if one.id == name), found[0])


@pytest.mark.parametrize(("name", "kind"), KINDS.items(), ids=lambda one: str(one))
def test_a_reply_is_written_and_sent_by_keys_alone(browser: ToolbarBrowser, name: str, kind: str) -> None:
    skeleton = skeleton_of(name)
    data = adapter(skeleton.site)
    assert skeleton.another_read
    assert any(composer["editor"] == kind for composer in data["composers"])
    handle = urlsplit(skeleton.another_read.author_url).path.rstrip("/").rpartition("/")[2].lstrip("@")
    browser.set_state(handle=ACCOUNTS.get(name, handle), keywords=[])
    page = browser.open(skeleton.url, skeleton.html)
    page.set_viewport_size({"width": 1000, "height": 3000})
    count_marks(page, len(skeleton.posts))
    submit = ", ".join(one["css"] for one in data["submit"])
    boxes = ", ".join(one["css"] for one in data["composers"])
    page.evaluate(SITE, [submit, boxes, skeleton.another, NEW_TEXT])
    n = skeleton.pressed if skeleton.pressed is not None else 1
    reply_by_keys(page, n, submit)
    written = "boxes => [...document.querySelectorAll(boxes)].some((one) => (one.value ?? one.innerText).includes('Thank you for'))"
    wait_for(lambda: page.evaluate(written, boxes), 8)
    browser.wait_asked("mention.status")
    tab_to(page, "send", n, submit)
    assert not [ask for ask in browser.asked("mention.status") if ask["status"] == "replied"], (
        "nobody but the person sends"
    )
    page.keyboard.press("Enter")
    assert page.evaluate("window.sent") == THANKS
    replied = wait_for(lambda: [ask for ask in browser.asked("mention.status") if ask["status"] == "replied"], 8)
    assert replied[0]["url"] == skeleton.posts[n].url, json.dumps(replied)
    page.set_viewport_size({"width": 1000, "height": 800})


def test_the_practice_page_is_answered_by_keys_alone(browser: ToolbarBrowser) -> None:
    browser.set_state(keywords=[])
    page = open_practice(browser, "?lang=en")
    wait_for(lambda: page.locator("entregent-bar").count() >= 4)
    submit = ".reply-box button[type=submit]"
    reply_by_keys(page, 0, submit)
    box = page.locator(".reply-box textarea")
    wait_for(lambda: box.input_value() == THANKS or None, 5)
    browser.wait_asked("mention.status")
    tab_to(page, "send", 0, submit)
    page.keyboard.press("Enter")
    replied = wait_for(lambda: [ask for ask in browser.asked("mention.status") if ask["status"] == "replied"], 5)
    assert replied[0]["url"]
