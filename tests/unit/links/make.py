"""The language of the link tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.accounts.brands import create_brand
from backend.infra.db import Database
from backend.infra.runtime import Runtime
from backend.links.links import create_link
from backend.links.models import Link
from backend.links.redirect import Redirect

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def make_brand(db: Database, now: datetime, **values: Any) -> int:
    with db.write() as session:
        return create_brand(session, {"name": "Café Lumière", **values}, now=now).id


def make_link(runtime: Runtime, brand_id: int, url: str = "https://example.org/menu", **values: Any) -> Link:
    with runtime.db.write() as session:
        return create_link(session, brand_id=brand_id, url=url, now=runtime.clock(), **values)


class Visit:
    """What a visitor got: `status`, `headers` in lower case, `to` (the location), `left` (why the app must answer)."""

    def __init__(self, redirect: Redirect, path: str, method: str = "GET", **headers: str) -> None:
        self.environ: dict[str, Any] = {
            "PATH_INFO": path,
            "REQUEST_METHOD": method,
            "REMOTE_ADDR": headers.pop("address", "192.0.2.7"),
            "QUERY_STRING": headers.pop("query", ""),
            "HTTP_USER_AGENT": headers.pop("agent", FIREFOX),
        }
        self.environ.update({f"HTTP_{name.upper()}": value for name, value in headers.items()})
        self.status, self.headers = 0, dict[str, str]()
        answer = redirect(self.environ, self._start)
        self.body = None if answer is None else b"".join(answer)
        self.left = self.environ.get("entregent.link", "") if answer is None else ""

    def _start(self, status: str, headers: list[tuple[str, str]], *_: object) -> Any:
        self.status = int(status.split()[0])
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def to(self) -> str:
        return self.headers.get("location", "").encode("latin-1").decode()
