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
    ("until", "ours('.en > .bar, .en > .rest').length >= 7"),
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
    ("until", "ours('.search')[0].value", "searched"),
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


WALKS = [
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
