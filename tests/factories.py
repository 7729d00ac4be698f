"""The language of all tests: how to make a person, a client, a brand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.accounts.members import create_device, create_member
from backend.infra.runtime import Runtime


@dataclass(frozen=True)
class Answer:
    status: int
    json: Any
    headers: Any
    data: bytes


def runtime_of(app: Any) -> Runtime:
    runtime: Runtime = app.extensions["entregent"]
    return runtime


def make_owner(app: Any, name: str = "tests") -> str:
    """A token with the role of owner for every brand."""
    return make_token(app, "owner", name)


def make_token(app: Any, role: str, name: str = "tests") -> str:
    runtime = runtime_of(app)
    with runtime.db.write() as session:
        _device, token = create_device(session, name=name, kind="token", role=role, now=runtime.clock())
    return token


class Api:
    """A client of the API with one token; paths are relative to /api/v1."""

    def __init__(self, app: Any, token: str | None) -> None:
        self.app, self.token = app, token
        self._client = app.test_client(use_cookies=False)

    def call(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **kw: Any
    ) -> Answer:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent.update(headers or {})
        where = path if path.startswith(("/api/", "/-/", "/healthz", "/readyz")) else f"/api/v1{path}"
        if body is not None:
            kw["json"] = body
        response = self._client.open(where, method=method, headers=sent, **kw)
        return Answer(response.status_code, response.get_json(silent=True), response.headers, response.data)

    def get(self, path: str, **kw: Any) -> Answer:
        return self.call("GET", path, **kw)

    def post(self, path: str, body: Any = None, **kw: Any) -> Answer:
        return self.call("POST", path, {} if body is None and "data" not in kw else body, **kw)

    def patch(self, path: str, body: Any, **kw: Any) -> Answer:
        return self.call("PATCH", path, body, **kw)

    def delete(self, path: str, **kw: Any) -> Answer:
        return self.call("DELETE", path, **kw)

    def anybody(self) -> Api:
        """The same server without a token."""
        return Api(self.app, None)

    def as_role(self, role: str, brand: dict[str, Any] | None = None, name: str = "Bob") -> Api:
        """A member with this role for one brand (for none when `brand` is left out)."""
        runtime = runtime_of(self.app)
        with runtime.db.write() as session:
            roles = {int(brand["id"]): role} if brand else {}
            member = create_member(session, name=name, brand_roles=roles, now=runtime.clock())
            _device, token = create_device(
                session, name=name, kind="extension", member_id=member.id, now=runtime.clock()
            )
        return Api(self.app, token)
