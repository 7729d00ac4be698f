"""The round in Firefox: one tab, read at the click, once each, undone, finished, seen again, paused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.in_firefox import walk
from tests.e2e.server import running_server


def round_in_firefox(folder: Path) -> dict[str, Any]:
    with running_server(folder) as server:
        token = server.token()
        brand = server.call("POST", "/brands", {"name": "Café Lumière", "languages": ["en"]}, token=token)
        urls = [f"{server.base}/-/practice/?lang={language}" for language in ("en", "fr")]
        pages = [server.call("POST", "/round", {"url": url, "name": url[-2:]}, token=token)["id"] for url in urls]
        wanted = {"base": server.base, "token": token, "brand": brand["id"], "urls": urls, "pages": pages}
        return walk("round.mjs", wanted)


@pytest.mark.timeout(300)
def test_a_round_in_firefox(tmp_path: Path) -> None:
    seen = round_in_firefox(tmp_path / "server")
    assert seen["errors"] == []
    assert seen["left"] == "Round: 2 of 2 pages left today"
    assert (seen["at"], seen["second_at"]) == ("1 of 2", "2 of 2")
    assert (seen["before_click"], seen["scrolled"], seen["still_scrolled"]) == (0, 0, 0)
    assert seen["mentions"] > 0
    assert seen["source_kinds"] == ["round"]
    assert seen["collected"].endswith(f"{seen['mentions']} new.")
    assert seen["after_undo"] == 0
    assert seen["over"] == "2 of 2 pages were visited."
    assert seen["line"].startswith("Known since")
    assert seen["twice"] >= seen["mentions"]
    assert seen["paused"] is True
