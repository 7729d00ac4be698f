# ruff: noqa: E501 - scripts in long lines
"""Firefox for those who see otherwise: at 400 percent, and in colours of their own."""

from __future__ import annotations

import pytest

from tests.extension import skeletons
from tests.extension.pages import HN
from tests.extension.parts import Parts
from tests.extension.walking import Step, Walk, walk_in_firefox

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OPENED: tuple[Step, ...] = (
    ("until", "ours('.en > .bar, .en > .rest').length >= 2"),
    ("hover", ".en > .rest, .en > .bar"),
    ("click", ".bar button", "Answer"),
    ("until", "ours('.panel .s').length === 3"),
    ("settle",),
)
#: What of ours sticks out of the window.
SIDEWAYS = """ours('.panel, .menu, .float .bar').filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
    .filter(({left, top, right, bottom}) => left < 0 || top < 0 || right > innerWidth || bottom > innerHeight).length"""
STYLES = """(() => {
    const style = (css, name) => getComputedStyle(ours(css)[0])[name];
    return {
        forced: matchMedia("(forced-colors: active)").matches,
        chosen: style(".s[aria-selected=true]", "outlineStyle"),
        panel: style(".panel", "borderTopStyle"),
        mark: style(".mark", "backgroundColor") !== style(".mark path", "stroke"),
    };
})()"""


def test_at_400_percent_everything_is_within_the_window_in_firefox(
    parts: Parts, tmp_path_factory: pytest.TempPathFactory
) -> None:
    steps = (
        *OPENED,
        ("until", f"{SIDEWAYS} === 0 && 'within'", "panel"),
        ("press", "ArrowDown"),
        ("press", "ArrowDown"),
        ("until", "ours('.s')[2].getAttribute('aria-selected') === 'true'", "reached"),
        (
            "until",
            "ours('.s')[2].getBoundingClientRect().bottom <= ours('.list')[0].getBoundingClientRect().bottom + 1",
            "seen",
        ),
        ("press", "Escape"),
        ("until", "ours('.panel').length === 0"),
        ("click", ".bar button[aria-haspopup]", ""),
        ("until", "ours('.menu').length === 1"),
        ("until", f"{SIDEWAYS} === 0 && 'within'", "menu"),
    )
    # What is left of 1280 × 1024.
    walk = Walk("small", HN, skeletons.hackernews_thread(), steps, width=320, height=256)
    seen = walk_in_firefox(parts.toolbar, [walk], tmp_path_factory.mktemp("small"))["small"]
    assert seen == {"panel": "within", "reached": True, "seen": True, "menu": "within"}


def test_in_forced_colours_all_is_still_told_apart_in_firefox(
    parts: Parts, tmp_path_factory: pytest.TempPathFactory
) -> None:
    walk = Walk("forced", HN, skeletons.hackernews_thread(), (*OPENED, ("note", STYLES, "styles")))
    prefs = {"browser.display.document_color_use": 2, "ui.systemUsesDarkTheme": 1}
    seen = walk_in_firefox(parts.toolbar, [walk], tmp_path_factory.mktemp("forced"), prefs)["forced"]
    assert seen == {"styles": {"forced": True, "chosen": "solid", "panel": "solid", "mark": True}}
