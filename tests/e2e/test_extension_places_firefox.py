"""Firefox: frames of a page, and a private window that the person allowed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.in_firefox import walk
from tests.e2e.server import running_server
from tests.e2e.test_extension_sites import FRAMED

pytestmark = pytest.mark.timeout(300)
FORUM = "https://forum.example/t/1"
BOX = "<!doctype html><title>A thread</title><textarea id=answer></textarea>"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with running_server(tmp_path_factory.mktemp("server")) as server:
        token = server.token()
        server.call("POST", "/brands", {"name": "Café Lumière", "languages": ["en"]}, token=token)
        url = "https://forum.example/framed"
        framed = {
            "url": url,
            "documents": {url: FRAMED, FORUM: BOX, "https://other.example/": BOX},
            "with": ["same", "srcdoc", "written"],
            "without": ["other", "sandboxed", "small"],
        }
        return walk("places.mjs", {"base": server.base, "token": token, "framed": framed})


def test_boxes_in_frames_of_the_page_have_the_toolbar_and_frames_of_others_do_not_in_firefox(
    seen: dict[str, Any],
) -> None:
    assert seen["errors"] == []
    assert seen["frames"] == {"same": 1, "srcdoc": 1, "written": 1, "other": 0, "sandboxed": 0, "small": 0}
    assert seen["around"] == 0, "the page itself has no box"


def test_a_private_window_where_the_person_allowed_it_has_the_toolbar_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["errors"] == []
    assert seen["allowed"] is True
    assert seen["private"] == [True]
    assert seen["toolbars"] >= 4
    assert seen["saved"] == 1
