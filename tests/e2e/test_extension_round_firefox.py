"""The round in Firefox: one tab, read at the click, once each, undone, finished, seen again, paused."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.server import running_server
from tests.e2e.test_extension_build import NODE
from tests.extension.browser import ROOT, find_firefox, screenshots_folder

RUNNER = Path(__file__).parent / "firefox" / "round.mjs"


def walk(folder: Path) -> dict[str, Any]:
    with running_server(folder) as server:
        token = server.token()
        brand = server.call("POST", "/brands", {"name": "Café Lumière", "languages": ["en"]}, token=token)
        urls = [f"{server.base}/-/practice/?lang={language}" for language in ("en", "fr")]
        pages = [server.call("POST", "/round", {"url": url, "name": url[-2:]}, token=token)["id"] for url in urls]
        wanted = {
            "firefox": str(find_firefox()),
            "extension": str(ROOT / "dist" / "test-firefox"),
            "base": server.base,
            "token": token,
            "brand": brand["id"],
            "urls": urls,
            "pages": pages,
            "screenshots": str(screenshots_folder()),
        }
        done = subprocess.run(
            [NODE, str(RUNNER), json.dumps(wanted)], capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return found


@pytest.mark.timeout(300)
def test_a_round_in_firefox(tmp_path: Path) -> None:
    seen = walk(tmp_path / "server")
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
