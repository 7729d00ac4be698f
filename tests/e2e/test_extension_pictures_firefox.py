"""Firefox: an image of a page is cut and turned before it is attached, by keys and by mouse, and undone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.in_firefox import walk
from tests.e2e.server import running_server
from tests.e2e.test_extension_pictures import png
from tests.peers.feeds import feed_server

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with feed_server() as feeds, running_server(tmp_path_factory.mktemp("server")) as server:
        token = server.token()
        server.call("POST", "/brands", {"name": "Café Lumière", "languages": ["en"]}, token=token)
        picture = feeds.put("/terrace.png", png(), content_type="image/png")
        return walk("pictures.mjs", {"base": server.base, "token": token, "picture": picture})


def test_an_image_is_cut_by_keys_its_words_stay_and_undo_brings_it_back_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["errors"] == []
    assert seen["by_keys"] is True
    assert seen["right"] == "blue blue"
    assert (seen["cut"], seen["undone"]) == (True, True)
    assert seen["alt"] == "The terrace"


def test_an_image_is_turned_and_cut_by_mouse_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["errors"] == []
    assert seen["before"] == "red blue"
    assert seen["half"] is True
    assert seen["turned"] == "blue blue"
