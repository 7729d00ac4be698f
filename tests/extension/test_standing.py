# ruff: noqa: E501 - scripts and markup in long lines
"""Where the bar beside a text box stands: it covers nothing, also when something comes where it stood, in both browsers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension.pages import ToolbarBrowser
from tests.extension.parts import Parts
from tests.extension.walking import Step, Walk, walk_in_chromium, walk_in_firefox

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # the first one waits for all of Firefox

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A forum</title><style>
body { font: 16px/1.5 sans-serif; margin: 24px } textarea { display: block; width: 700px; height: 90px; box-sizing: border-box }
form { width: 700px; min-height: 300px } #came { display: block }</style></head>
<body><form onsubmit="return false"><textarea></textarea></form></body></html>"""

BAR = ".float .bar, .float .rest"
#: Whether the bar, or the mark, lies over what came.
FREE = f"""((came) => ours('{BAR}').length === 1 && ours('{BAR}').every((one) => {{ const our = one.getBoundingClientRect(), its = came.getBoundingClientRect();
    return our.right <= its.left || our.left >= its.right || our.bottom <= its.top || our.top >= its.bottom; }}))(document.querySelector('#came'))"""
KEYS_IN_BOX = "document.activeElement.localName === 'textarea'"
OPENED: tuple[Step, ...] = (
    ("until", "document.querySelector('textarea').focus(), ours('.float .bar').length === 1"),
    ("settle",),
)


def comes(style: str) -> Step:
    """A button of the site right below the box, as when a picture is attached."""
    markup = f'<button id=came type=button style="{style}">Describe</button>'
    return ("note", f"document.querySelector('form').insertAdjacentHTML('beforeend', '{markup}'), 0", "")


#: At the right end of the box, where the bar stands; the left end is free.
RIGHT_END = "width:250px;height:40px;margin-left:450px"
ALL_ALONG = "width:700px;height:40px"
LEFT_OF_BOX = "ours('.float .bar')[0]?.getBoundingClientRect().left - document.querySelector('textarea').getBoundingClientRect().left"

WALKS = [
    Walk(
        "something at one end",
        "https://forum.example/t/1",
        PAGE,
        (
            *OPENED,
            comes(RIGHT_END),
            ("until", FREE, "free"),
            ("note", LEFT_OF_BOX, "left"),
            ("note", KEYS_IN_BOX, "keys"),
        ),
    ),
    Walk(
        "something all along, and gone again",
        "https://forum.example/t/1",
        PAGE,
        (
            *OPENED,
            comes(ALL_ALONG),
            ("until", "ours('.float .rest').length === 1", "rests"),
            ("note", FREE, "free"),
            (
                "note",
                "document.querySelector('#came').remove(), document.querySelector('form').style.minHeight = '301px'",
                "",
            ),
            ("until", "ours('.float .bar').length === 1", "back"),
            ("note", KEYS_IN_BOX, "keys"),
        ),
    ),
    Walk(
        "something that grows",
        "https://forum.example/t/1",
        PAGE.replace("min-height: 300px", ""),
        (
            *OPENED,
            (
                "note",
                "document.querySelector('textarea').insertAdjacentHTML('afterend', '<img id=came width=700 height=0 src=\"data:,\">'), 0",
                "",
            ),
            ("settle",),
            ("note", "document.querySelector('#came').style.height = '120px'", ""),
            ("until", FREE, "free"),
            ("note", KEYS_IN_BOX, "keys"),
        ),
    ),
    Walk(
        "something while the bar is in use",
        "https://forum.example/t/1",
        PAGE,
        (
            *OPENED,
            ("hover", ".float .bar button", "Saved replies"),
            comes(RIGHT_END),
            ("settle",),
            ("settle",),
            ("note", f"!{FREE}", "stayed"),
            ("click", ".float .bar button[aria-haspopup=menu]"),
            ("until", "ours('.menu').length === 1"),
            ("press", "Escape"),
            ("until", "ours('.menu').length === 0 && document.activeElement.localName === 'textarea'"),
            ("away",),
            ("press", "a"),
            ("until", FREE, "free"),
            ("note", KEYS_IN_BOX, "keys"),
        ),
    ),
]

LEAVING = Walk(
    "a box that is left for its bar",
    "https://forum.example/t/1",
    PAGE,
    (
        *OPENED,
        ("hover", ".float .bar button", "Saved replies"),
        ("settle",),
        ("note", "document.activeElement.blur()", ""),
        *(("settle",),) * 3,
        ("note", "ours('.float .bar').length", "under the pointer"),
        ("away",),
        ("note", "document.querySelector('textarea').focus()", ""),
        ("settle",),
        ("note", "document.activeElement.blur()", ""),
        ("until", "ours('.float').length === 0", "gone"),
    ),
)


@pytest.fixture(scope="module")
def firefox_saw(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return walk_in_firefox(parts.toolbar, [*WALKS, LEAVING], tmp_path_factory.mktemp("walks"))


@pytest.fixture(params=["chromium", "firefox"])
def walked(request: pytest.FixtureRequest) -> Any:
    """Gives what a walk noted in one of the browsers."""
    if request.param == "firefox":
        saw = request.getfixturevalue("firefox_saw")
        return lambda walk: saw[walk.name]
    browser: ToolbarBrowser = request.getfixturevalue("browser")
    return lambda walk: walk_in_chromium(browser, walk)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.name)
def test_the_bar_at_a_box_finds_another_place_when_something_comes_where_it_stood(walked: Any, walk: Walk) -> None:
    noted = walked(walk)
    assert "failed" not in noted, noted
    assert noted["free"] is True
    assert noted["keys"] is True, "the keys stay in the box"
    assert noted.get("stayed", True) is True, "it does not go away under the pointer"
    assert noted.get("left", 0) < 40


def test_the_bar_stays_while_the_pointer_is_on_it(walked: Any) -> None:
    noted = walked(LEAVING)
    assert "failed" not in noted, noted
    assert noted["under the pointer"] == 1
    assert noted["gone"] is True
