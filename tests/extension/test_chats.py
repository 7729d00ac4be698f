# ruff: noqa: E501 - scripts in long lines
"""Messages that go on with the author of the one above: whose they are, and when nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension.pages import ToolbarBrowser, count_marks
from tests.extension.skeletons.base import Say, who
from tests.extension.skeletons.discord import URL, channel, message, system

pytestmark = pytest.mark.browser
SAY = Say("en")
MAUD, JEAN = who(0)[0].name, who(1)[0].name
DIVIDER = '<div role="separator"></div>'
MARKED = """() => [...document.querySelectorAll("entregent-bar")].filter((bar) => bar.shadowRoot?.querySelector(".rest, .bar"))
    .map((bar) => Number(bar.closest("[data-test-post]").dataset.testPost))"""
#: How many marks lie over a word of the page.
OVER = """() => [...document.querySelectorAll("entregent-bar")].filter((bar) => {
    const mark = bar.shadowRoot.querySelector(".rest, .bar").getBoundingClientRect();
    const range = document.createRange();
    return [...document.querySelectorAll("main li span, main li a, main li time")].some((one) => {
        if (one.closest("[style*='opacity']")) return false;
        range.selectNodeContents(one);
        return [...range.getClientRects()].some((box) => box.width > 0 && box.left < mark.right && box.right > mark.left && box.top < mark.bottom - 3 && box.bottom > mark.top + 3);
    });
}).length"""


def say(n: int, name: str = "", text: str = "Is it open?") -> str:
    return message(SAY, n, f"<span>{text}</span>", name)


def marked(browser: ToolbarBrowser, messages: str, wanted: int) -> list[int]:
    """Which messages have a mark."""
    page = browser.open(URL, channel(SAY, messages))
    assert count_marks(page, wanted) == wanted
    found: list[int] = page.evaluate(MARKED)
    return sorted(found)


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        pytest.param(say(0) + say(1) + say(2, MAUD) + say(3), [2, 3], id="the one who speaks is not in the page"),
        pytest.param(say(0, MAUD) + system(9, JEAN) + say(1) + say(2, JEAN), [0, 2], id="somebody came between"),
        pytest.param(say(0, MAUD) + say(1, " ") + say(2) + say(3, JEAN), [0, 3], id="a name that cannot be read"),
        pytest.param(say(0, MAUD) + DIVIDER + say(1), [0, 1], id="a line between"),
        pytest.param(say(0, MAUD) + DIVIDER * 60 + say(1) + say(2, JEAN), [0, 2], id="too far away"),
    ],
)
def test_a_message_has_a_mark_only_where_it_is_sure_whose_it_is(
    browser: ToolbarBrowser, messages: str, wanted: list[int]
) -> None:
    assert marked(browser, messages, len(wanted)) == wanted


def test_a_mark_rests_behind_the_last_word_and_moves_nothing(browser: ToolbarBrowser) -> None:
    link = '</span><a href="https://quai.example/">quai.example</a><span>'
    words = ["Yes.", "so it goes on " * 30, f"See {link} for more", f"{'See more of it ' * 12}{link}"]
    messages = say(0, MAUD) + "".join(say(n + 1, "", text) for n, text in enumerate(words))
    html = channel(SAY, messages)
    page: Any = browser.open(URL, html)
    assert count_marks(page, 5) == 5
    assert page.evaluate(OVER) == 0
    heights = (
        "() => [...document.querySelectorAll('[data-test-post]')].map((one) => one.getBoundingClientRect().height)"
    )
    there = page.evaluate(heights)
    page.evaluate("() => document.querySelectorAll('entregent-bar').forEach((bar) => bar.remove())")
    assert page.evaluate(heights) == there
