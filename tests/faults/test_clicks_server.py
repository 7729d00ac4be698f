"""Short links on the real server: several processes, one database, a clean stop."""

from __future__ import annotations

import http.client
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.databases import free_port
from tests.e2e.server import running_server
from tests.unit.links.make import FIREFOX
from tests.waiting import wait_for


def click(port: int, path: str) -> tuple[int, str]:
    """A new connection each time, so that both web processes get some."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"User-Agent": FIREFOX})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers["Location"] or ""


def test_clicks_on_the_real_server_are_counted_within_two_seconds_and_none_is_lost_at_a_stop(tmp_path: Path) -> None:
    url = "https://example.org/été?a=%7E#x"
    with running_server(tmp_path / "data") as server:
        token = server.token()
        brand = server.call("POST", "/brands", {"name": "Café Lumière"}, token=token)
        link = server.call("POST", "/links", {"brand_id": brand["id"], "url": url, "code": "go"}, token=token)
        for _ in range(30):
            status, location = click(server.port, "/GO")
            assert (status, location.encode("latin-1").decode()) == (302, url)

        def people() -> Any:
            return server.call("GET", f"/links/{link['id']}/stats", token=token)["people"]

        wait_for(lambda: people() == 30, 2)

        change = {"version": 1, "url": "https://example.org/new"}
        server.call("PATCH", f"/links/{link['id']}", change, token=token)
        wait_for(lambda: {click(server.port, "/go")[1] for _ in range(6)} == {"https://example.org/new"}, 2)

        before = people()
        answered = sum(click(server.port, "/go")[0] == 302 for _ in range(40))
        assert answered == 40
        assert server.stop() == 0
        with closing(sqlite3.connect(tmp_path / "data" / "entregent.sqlite3")) as database:
            stored = database.execute("SELECT count(*) FROM clicks").fetchone()[0]
    assert stored >= before + 40


def test_a_server_proves_its_own_public_address(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    extra = {"ENTREGENT_PUBLIC_URL": address, "ENTREGENT_ALLOW_PRIVATE_HOSTS": f"127.0.0.1:{port}"}
    with running_server(tmp_path / "data", extra, port=port) as server:
        token = server.token()
        server.call("POST", "/brands", {"name": "Café Lumière"}, token=token)
        assert server.call("POST", "/public-address/check", {}, token=token)["proved_at"]
        link = server.call("POST", "/links", {"url": "https://example.org/"}, token=token)
        assert (link["public"], link["short_url"]) == (True, f"{address}/{link['code']}")
        assert click(port, "/" + link["code"])[0] == 302
