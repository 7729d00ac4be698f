"""Fixtures of the tests in browsers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.extension.pages import ToolbarBrowser, toolbar_browser
from tests.extension.parts import Parts, build_parts


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return build_parts(tmp_path_factory.mktemp("parts"))


@pytest.fixture(scope="module")
def shared_browser(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolbarBrowser]:
    with toolbar_browser(
        parts, tmp_path_factory.mktemp("profile"), viewport={"width": 1000, "height": 800}, reduced_motion="reduce"
    ) as found:
        yield found


@pytest.fixture
def browser(shared_browser: ToolbarBrowser) -> ToolbarBrowser:
    """A Chromium with our content script and canned answers, as new."""
    shared_browser.reset()
    return shared_browser
