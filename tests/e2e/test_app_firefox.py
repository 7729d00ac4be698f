"""The app in Firefox: a keyword written, a source found, a list brought in and undone, the inbox by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.in_firefox import walk
from tests.e2e.server import running_server
from tests.peers.feeds import Said, feed_server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OUTLINE = '<outline type="rss" text="Journal {n}" xmlUrl="https://journal{n}.example/rss"/>'


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("app")
    with feed_server() as places, running_server(folder / "server", places.environment()) as server:
        token = server.token()
        brand = server.call("POST", "/brands", {"name": "Café Lumière", "languages": ["fr"]}, token=token)
        for n in range(2):
            body = {"brand_id": brand["id"], "url": f"https://forum.example/{n}", "text": f"Passé par là ({n})"}
            server.call("POST", "/mentions", body, token=token)
        said = [Said("La terrasse ouvre", url="https://quai.example/1"), Said("Pluie", url="https://quai.example/2")]
        feed = places.feed("/quai-posts", said, title="Le quai")
        link = f'<title>Le quai</title><link rel="alternate" type="application/rss+xml" href="{feed}">'
        page = places.put("/quai", link, content_type="text/html")
        return walk(
            "app.mjs",
            {
                "base": server.base,
                "login": server.command("login"),
                "page": page,
                "list": str(_list_in(folder)),
            },
        )


def _list_in(folder: Path) -> Path:
    path = folder / "reader.opml"
    path.write_text(f'<opml version="2.0"><body>{"".join(OUTLINE.format(n=n) for n in range(3))}</body></opml>')
    return path


def test_a_keyword_is_mended_lit_said_and_kept_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["errors"] == []
    assert seen["marked"]
    assert seen["said"].startswith("Finds mentions with “terrasse”; or with “plein soleil”, without “bar”.")
    assert seen["lit"] == ["OU", "SAUF"]
    assert "terrasse" in seen["keyword"]


def test_a_source_is_found_put_away_and_brought_back_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["errors"] == []
    assert "1 of 2 would have matched." in seen["candidates"]
    assert seen["empty"] is True
    assert "Le quai" in seen["back"]


def test_a_list_comes_in_and_the_inbox_is_worked_by_keyboard_in_firefox(seen: dict[str, Any]) -> None:
    assert seen["errors"] == []
    assert "3 sources were added." in seen["brought"]
    assert seen["undone"] is True
