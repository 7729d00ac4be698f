"""Firefox in the middle of things: its background stops, two tabs, loaded anew, access taken back, a failing server."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.between import between
from tests.e2e.in_firefox import walk
from tests.e2e.server import running_server

pytestmark = pytest.mark.timeout(300)
FORUM = "<!doctype html><title>A thread</title><textarea style='width:600px;height:90px'></textarea>"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with running_server(tmp_path_factory.mktemp("server")) as server:
        token = server.token()
        server.call("POST", "/brands", {"name": "Café Lumière", "languages": ["en"]}, token=token)
        return walk("life.mjs", {"base": server.base, "token": token, "forum": FORUM})


def test_a_background_stopped_between_answer_and_choice_and_before_sending_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["errors"] == []
    assert (seen["stopped"], seen["stopped_again"]) == ("stopped", "stopped")
    assert seen["inserted"] == "We open at nine."
    assert seen["opened"] is True
    assert seen["replied"] is True


def test_two_tabs_tell_the_same_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["other_tab"] is True


def test_an_extension_loaded_anew_goes_on_with_the_new_script_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["anew"] is True


def test_access_taken_back_is_noticed_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["before"] == 1
    assert seen["gone"] is True
    assert seen["kept"] == "What I wrote"


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with running_server(tmp_path_factory.mktemp("server")) as server, between(server.base) as stands:
        token = server.token()
        brand = server.call("POST", "/brands", {"name": "Café Lumière", "languages": ["en"]}, token=token)
        reply = {"brand_id": brand["id"], "title": "Room", "text": "Yes, there is room for children outside."}
        server.call("POST", "/replies", reply, token=token)
        return walk("refused.mjs", {"base": stands.base, "token": token})


def test_a_server_that_is_slow_or_broken_or_refuses_is_said_in_words_and_nothing_is_lost_in_firefox(
    refused: dict[str, Any],
) -> None:
    assert refused["errors"] == []
    assert refused["slow"] == "Looking"
    assert "Something broke" in refused["broken"]
    assert refused["kept"] == refused["inserted"] == refused["still"] == "We open at nine."
    assert refused["notice"]
    assert "Not connected" in refused["refused"]
