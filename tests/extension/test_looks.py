"""The toolbar on every skeleton as people see it: on light and dark pages, and on pages read from right to left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page

from tests.extension.browser import screenshots_folder
from tests.extension.pages import ToolbarBrowser, composer_bar, marks, toolbar_browser
from tests.extension.parts import Parts
from tests.extension.skeletons.base import Skeleton
from tests.extension.skeletons.every import skeletons

pytestmark = pytest.mark.browser
DARK = """<style>html, body, body *:not(entregent-bar) {
    background-color: #161e27 !important; color: #e8eef4 !important; border-color: #3a4756 !important;
}</style>"""
PAGES = [
    (one, look) for look, language in (("light", "en"), ("dark", "fr"), ("rtl", "ar")) for one in skeletons(language)
]
#: Of each button of the bar: whether all of it is in the window, and whether it is what the pointer meets there.
REACHED = """bar => {
    const host = bar.getRootNode().host;
    return [...bar.querySelectorAll("button")].filter((one) => one.checkVisibility()).map((one) => {
        const { left, top, right, bottom } = one.getBoundingClientRect();
        const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        const met = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return { name: one.ariaLabel || one.innerText, inside, met: met === host, high: bottom - top };
    });
}"""


@pytest.fixture(scope="module")
def shared_browser(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolbarBrowser]:
    with toolbar_browser(
        parts,
        tmp_path_factory.mktemp("looks"),
        adapters=True,
        viewport={"width": 1000, "height": 800},
        reduced_motion="reduce",
    ) as found:
        yield found


def dressed(skeleton: Skeleton, look: str) -> str:
    html = skeleton.html
    if look == "dark":
        html = html.replace("</head>", f"{DARK}</head>")
    if look == "rtl":
        html = html.replace("<html ", '<html dir="rtl" ')
    return html


def by_id(one: Skeleton | str) -> str:
    return one if isinstance(one, str) else one.id


@pytest.mark.parametrize(("skeleton", "look"), PAGES, ids=by_id)
def test_the_toolbar_on_every_page_is_whole_and_can_be_reached(
    browser: ToolbarBrowser, skeleton: Skeleton, look: str
) -> None:
    page = browser.open(skeleton.url, dressed(skeleton, look))
    bar = _unfold(page, skeleton)
    assert bar.evaluate("one => one.closest('.en').matches('.dark')") == (look == "dark")
    name = skeleton.id.replace(" ", "-")
    page.screenshot(path=screenshots_folder() / f"skeleton-{name}-{look}.png")
    buttons = bar.evaluate(REACHED)
    assert buttons
    assert [one for one in buttons if not (one["inside"] and one["met"])] == []
    assert [one for one in buttons if one["high"] < 24] == []


def _unfold(page: Page, skeleton: Skeleton) -> Locator:
    """The bar of the first post, else the one at the first text box."""
    if not skeleton.posts:
        page.locator("textarea, [contenteditable=true]").first.click()
        return composer_bar(page)
    marks(page).first.hover()
    return page.locator("entregent-bar .bar").first
