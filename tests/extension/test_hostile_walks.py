# ruff: noqa: E501 - scripts and markup in long lines
"""What pages do to us, walked through in both browsers: keys they take, their styles, dialogs, policies, directions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension import skeletons
from tests.extension.pages import BLUESKY, HN, ToolbarBrowser
from tests.extension.parts import Parts
from tests.extension.walking import Step, Walk, walk_in_chromium, walk_in_firefox

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # the first one waits for all of Firefox

THANKS = "Thank you for thinking of us."


def early(html: str, script: str) -> str:
    """The page with a script that runs before ours."""
    return html.replace("<head>", f"<head><script>{script}</script>", 1)


#: What the page hears of keys, and what it does then. Its listener was there first.
SWALLOW = """for (const type of %(types)s) addEventListener(type, (event) => {
    if (event.key.length > 1 && event.key !== 'Escape') return; if (%(stop)s) event.stopImmediatePropagation(); event.preventDefault(); }, true);
window.heard = []; for (const type of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'focusin', 'paste'])
    document.addEventListener(type, (event) => { if (event.target.localName === 'entregent-bar') window.heard.push(type); }, true);"""

TO_PANEL: tuple[Step, ...] = (
    ("until", "ours('.en > .bar, .en > .rest').length >= 3"),
    ("click", ".en > .bar button", "Answer"),
    ("until", "ours('.panel .s').length === 3"),
    ("settle",),
)
BOX = "document.querySelector('.ProseMirror')?.innerText.trim()"
BY_KEYS: tuple[Step, ...] = (
    *TO_PANEL,
    ("press", "/"),
    ("until", "ours('.search')[0].hidden === false"),
    ("settle",),
    ("type", "order"),
    ("until", "ours('.search')[0].value.length >= 5 && ours('.search')[0].value", "searched"),
    ("until", "ours('.panel .s').length === 1 && ours('.panel .s .words')[0].textContent", "found"),
    ("press", "Escape"),
    ("until", "ours('.panel').length === 0"),
    ("click", ".en > .bar button", "Answer"),
    ("until", "ours('.panel .s').length === 3"),
    ("settle",),
    ("press", "3"),
    ("until", BOX, "inserted"),
    ("note", "window.heard", "heard"),
)


def _keys(name: str, types: str, stop: str) -> Walk:
    return Walk(name, BLUESKY, early(skeletons.bluesky_feed(), SWALLOW % {"types": types, "stop": stop}), BY_KEYS)


#: On top of all that the page shows, inside the window, nothing darkened: asked of a part of ours.
ON_TOP = """((part) => { const {left, top, right, bottom} = part.getBoundingClientRect();
    return document.elementFromPoint((left + right) / 2, (top + bottom) / 2)?.localName === 'entregent-bar'
        && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight; })(ours('.panel')[0])"""
FIELD = "document.querySelector('textarea').value"
ANSWER: tuple[Step, ...] = (
    *TO_PANEL,
    ("note", ON_TOP, "on top"),
    ("press", "Escape"),
    ("until", "ours('.panel').length === 0"),
    ("click", ".en > .bar button", "Answer"),
    ("until", "ours('.panel .s').length === 3"),
    ("press", "3"),
    ("until", FIELD, "inserted"),
)
UNSET = """<style>* { all: unset !important } entregent-bar { display: none !important; opacity: 0 !important; --ink: red !important; --entregent-ink: red !important }
@property --ink { syntax: "<color>"; inherits: false; initial-value: red }
html { letter-spacing: 9px; direction: rtl; user-select: none; pointer-events: none; visibility: hidden; font-size: 30px }
::backdrop { background: #000 !important } [popover] { display: none !important } textarea { border: 1px solid !important }</style>"""
#: All of the page in a modal dialog, with a rule for what lies behind it.
DIALOG = """<style>::backdrop, *::backdrop { background: #000 !important } dialog { width: 900px; height: 700px }</style>
<script>const dialog = document.createElement('dialog'); dialog.append(...document.body.children); document.body.append(dialog); dialog.showModal();</script>"""
BACKDROP = "ours('.float').map((float) => getComputedStyle(float, '::backdrop').backgroundColor)"
#: What a page can do to its own world: nothing there is as we know it, and much of it throws.
FROZEN = """const trap = () => { throw new Error('a trap') };
for (const [what, names] of [[Element, 'attachShadow insertAdjacentElement replaceChildren'], [EventTarget, 'dispatchEvent'], [Node, 'insertBefore replaceChild'],
    [CSSStyleSheet, 'replaceSync'], [HTMLElement, 'showPopover focus click']])
  for (const name of names.split(' ')) Object.defineProperty(what.prototype, name, {value: trap});
for (const name of ['request', 'ask', 'reply_id', 'suggestions_id', 'variants', 'css_of', 'mention']) Object.defineProperty(Object.prototype, name, {get: trap, set: trap});
for (const what of [Array, Object, Element, Node, EventTarget, HTMLElement, Document, Event]) Object.freeze(what.prototype);
window.fetch = trap; document.createElement = trap; window.requestAnimationFrame = trap; window.MutationObserver = window.IntersectionObserver = window.ResizeObserver = trap;"""
#: Elements whose names stand for what a document can do, in the world of the page.
CLOBBERED = "".join(
    f'<img name="{name}" src="data:," alt="">'
    for name in ("createElement", "activeElement", "createRange", "execCommand", "createDocumentFragment", "hidden")
)
#: Marks and bars that lie over something one can press.
COVERED = """[...document.querySelectorAll('button, a')].filter((one) => { const r = one.getBoundingClientRect();
    return r.width && r.width < 200 && ours('.en > .rest, .en > .bar').some((our) => { const o = our.getBoundingClientRect();
        return o.left < r.right && o.right > r.left && o.top < r.bottom - 2 && o.bottom > r.top + 2; }); }).map((one) => one.outerHTML.slice(0, 60))"""
INSIDE = "ours('.menu, .panel, .notice, .float .bar').every((one) => { const r = one.getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth && r.top >= 0 && r.bottom <= innerHeight })"
THREAD = skeletons.hackernews_thread()
NAVIGATED = "document.body.innerHTML = window.was, true"

SIMPLE = [
    Walk("all styles unset", HN, THREAD.replace("<body>", f"<body>{UNSET}"), ANSWER),
    Walk(
        "a post in a modal dialog",
        HN,
        THREAD.replace("</body>", f"{DIALOG}</body>"),
        (
            *TO_PANEL,
            ("note", BACKDROP, "backdrop"),
            ("note", "ours('.panel')[0].getRootNode().host.closest('dialog') !== null", "in it"),
            *ANSWER[len(TO_PANEL) :],
            ("note", "document.querySelector('dialog').open", "open"),
        ),
    ),
    Walk(
        "nothing allowed by its policy",
        HN,
        THREAD,
        (
            *ANSWER,
            ("note", "getComputedStyle(ours('.en > .bar')[0]).display", "bar"),
        ),
        {
            "content-security-policy": "default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'; sandbox allow-same-origin allow-scripts"
        },
    ),
    Walk(
        "all prototypes frozen and trapped", HN, early(THREAD, FROZEN).replace("<body>", f"<body>{CLOBBERED}"), ANSWER
    ),
    Walk(
        "a body that is replaced",
        HN,
        THREAD,
        (
            ("until", "ours('.en > .bar, .en > .rest').length >= 3"),
            (
                "note",
                "window.was = document.body.innerHTML.replaceAll(/<entregent-bar[^]*?<.entregent-bar>/g, ''), document.body.replaceChildren(), 0",
                "",
            ),
            ("until", "ours('.en > .bar, .en > .rest').length === 0"),
            ("note", NAVIGATED, ""),
            *ANSWER,
        ),
    ),
    Walk(
        "a page from right to left",
        BLUESKY,
        skeletons.bluesky_feed().replace('<html lang="en">', '<html lang="ar" dir="rtl">'),
        (
            ("until", "ours('.en > .bar, .en > .rest').length >= 3"),
            ("note", COVERED, "covered"),
            ("click", ".en > .bar button[aria-haspopup]", ""),
            ("until", "ours('.menu').length === 1"),
            ("note", INSIDE, "menu inside"),
            ("press", "Escape"),
            *TO_PANEL[1:],
            ("note", ON_TOP, "on top"),
            ("note", "getComputedStyle(ours('.panel')[0]).direction", "direction"),
            ("press", "3"),
            ("until", BOX, "inserted"),
        ),
    ),
]

WALKS = [
    *SIMPLE,
    _keys("keys taken and stopped dead", "['keydown']", "true"),
    _keys("keys and letters taken and stopped dead", "['keydown', 'keypress']", "true"),
    _keys("keys taken", "['keydown']", "false"),
    _keys("letters taken", "['keypress']", "false"),
    _keys("letters stopped dead", "['keypress']", "true"),
]


@pytest.fixture(scope="module")
def firefox_saw(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return walk_in_firefox(parts.toolbar, WALKS, tmp_path_factory.mktemp("walks"))


@pytest.fixture(params=["chromium", "firefox"])
def walked(request: pytest.FixtureRequest) -> Any:
    """Gives what a walk noted in one of the browsers."""
    if request.param == "firefox":
        saw = request.getfixturevalue("firefox_saw")
        return lambda walk: saw[walk.name]
    browser: ToolbarBrowser = request.getfixturevalue("browser")
    return lambda walk: walk_in_chromium(browser, walk)


@pytest.mark.parametrize("walk", [walk for walk in WALKS if walk.steps == BY_KEYS], ids=lambda walk: walk.name)
def test_keys_that_a_page_takes_still_choose_search_and_close(walked: Any, walk: Walk) -> None:
    noted = walked(walk)
    assert "failed" not in noted, noted
    assert noted["searched"] == "order"
    assert "could you tell us your number" in noted["found"]
    assert noted["inserted"] == THANKS
    assert noted["heard"] == [], "what is typed in ours is not heard by listeners after ours"


@pytest.mark.parametrize("walk", SIMPLE, ids=lambda walk: walk.name)
def test_a_hostile_page_is_answered_like_any_other(walked: Any, walk: Walk) -> None:
    noted = walked(walk)
    assert "failed" not in noted, noted
    assert noted["inserted"] == THANKS
    assert noted["on top"] is True
    assert noted.get("open", True) is True, "the page's own dialog stays open"
    assert noted.get("in it", True) is True
    assert set(noted.get("backdrop", [])) <= {"rgba(0, 0, 0, 0)"}, "no rule of the page darkens anything of ours"
    assert noted.get("bar", "inline-flex") == "inline-flex"
    assert noted.get("covered", []) == []
    assert noted.get("menu inside", True) is True
    assert noted.get("direction", "ltr") == "ltr", "our words are read as they are written"
