"""Listening from a page in Firefox: a list picked with two clicks, and the feeds that the popup finds."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.server import running_server
from tests.e2e.test_extension_build import NODE
from tests.e2e.test_extension_listen import ITEM, NEWS, TITLES
from tests.extension.browser import ROOT, find_firefox, screenshots_folder
from tests.peers.feeds import Said, feed_server

RUNNER = Path(__file__).parent / "firefox" / "listen.mjs"


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_a_list_is_picked_and_feeds_are_found_in_firefox(tmp_path: Path) -> None:
    with feed_server() as places, running_server(tmp_path / "server", places.environment()) as server:
        token = server.token()
        brand = server.call("POST", "/brands", {"name": "Café Lumière", "languages": ["en"]}, token=token)
        items = "".join(ITEM.format(n=n, day=20 + n, title=title) for n, title in enumerate(TITLES))
        feed = places.feed("/in-brief", [Said("Rain", url="https://quai.example/1")], title="The quay in brief")
        link = f'<link rel="alternate" type="application/rss+xml" href="{feed}">'
        places.put("/news", link + NEWS.format(items=items), content_type="text/html")
        wanted = {
            "firefox": str(find_firefox()),
            "extension": str(ROOT / "dist" / "test-firefox"),
            "base": server.base,
            "token": token,
            "brand": brand["id"],
            "news": f"{places.url}/news",
            "screenshots": str(screenshots_folder()),
        }
        done = subprocess.run(
            [NODE, str(RUNNER), json.dumps(wanted)], capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stderr
        seen: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    assert seen["errors"] == []
    assert seen["found"].startswith("4 items found")
    assert (seen["address"], seen["title"]) == (wanted["news"], "Quai Nord")
    assert (seen["kinds"], seen["undone"]) == (["page"], True)
    assert "The quay in brief" in seen["popup"]
