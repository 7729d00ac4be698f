"""The whole API as its own OpenAPI document describes it, fuzzed by schemathesis: no fault of ours, nothing without a
token. Which routes there are is read from the document, so that a new one is fuzzed without being named here."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import BaseSchema, GenerationMode
from schemathesis.core.result import Err, Ok

from backend import create_app
from backend.infra.http import HttpClient
from backend.infra.net import Address
from backend.infra.runtime import Runtime
from tests.api.test_wrong_input import GOOD
from tests.factories import Api, make_owner
from tests.unit.publishing.make import told_network

EXAMPLES = 12


def nobody_knows(host: str, port: int) -> Sequence[Address]:
    raise socket.gaierror(socket.EAI_NONAME, f"{host}:{port}")


@pytest.fixture
def fuzzed(sqlite_runtime: Runtime) -> Iterator[tuple[Api, BaseSchema]]:
    """Somebody who may do everything, one row of each kind, and the document. No other server is there to be asked."""
    app = create_app(replace(sqlite_runtime, http=HttpClient(ask=nobody_knows)))
    api = Api(app, make_owner(app))
    with told_network():
        for path in ("/brands", "/keywords", "/links", "/mentions", "/replies", "/suggestions"):
            assert api.post(path, GOOD[path]).status == 201
        document = api.get("/openapi.json").json
        yield api, schemathesis.openapi.from_dict(document)


def operations(schema: BaseSchema) -> list[Any]:
    found = list(schema.get_all_operations())
    assert [one for one in found if isinstance(one, Err)] == []
    return [one.ok() for one in found if isinstance(one, Ok)]


def send(api: Api, case: Any, *, token: bool = True) -> Any:
    kw = case.as_transport_kwargs(base_url="http://127.0.0.1")
    headers = {**kw.get("headers", {}), **({"Authorization": f"Bearer {api.token}"} if token else {})}
    body = {name: kw[name] for name in ("json", "data") if kw.get(name) is not None}
    client = api.app.test_client(use_cookies=False)
    answer = client.open(
        case.formatted_path, method=case.method, query_string=kw.get("params"), headers=_latin(headers), **body
    )
    answer.close()  # streams that do not end
    return answer


def _latin(headers: dict[str, Any]) -> dict[str, str]:
    """What HTTP can carry: others never reach a server."""
    return {
        name: str(value).encode("latin-1", "ignore").decode("latin-1").replace("\r", "").replace("\n", "")
        for name, value in headers.items()
    }


def fuzz(operation: Any, examples: int, try_one: Callable[[Any], None], modes: Sequence[GenerationMode]) -> None:
    """Call `try_one` with cases of an operation; the same ones in every run."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from(modes))
        try_one(data.draw(operation.as_strategy(generation_mode=mode)))

    run()


def test_nothing_that_fits_the_document_or_nearly_does_is_a_fault_of_ours(fuzzed: tuple[Api, BaseSchema]) -> None:
    api, schema = fuzzed
    faults: list[str] = []
    tried: set[str] = set()
    accepted: set[str] = set()

    def try_one(case: Any) -> None:
        answer = send(api, case)
        tried.add(f"{case.method} {case.path}")
        if answer.status_code < 300:
            accepted.add(f"{case.method} {case.path}")
        if answer.status_code >= 500:
            faults.append(f"{case.method} {case.path}: {str(case.body)[:300]}")

    for operation in operations(schema):
        fuzz(operation, EXAMPLES, try_one, list(GenerationMode))
    assert not faults, "\n".join(faults[:10])
    # Had everything been refused at the door, nothing would have been tried.
    assert len(tried) > 80
    assert len(accepted) > 20, sorted(accepted)


def test_nothing_answers_without_a_token(fuzzed: tuple[Api, BaseSchema]) -> None:
    api, schema = fuzzed
    open_routes = {"/api/v1/pairing/requests", "/api/v1/pairing/requests/{id}/poll"}
    answered: list[str] = []

    def try_one(case: Any) -> None:
        status = send(api, case, token=False).status_code
        if status != 401:
            answered.append(f"{case.method} {case.path}: {status}")

    for operation in operations(schema):
        if operation.full_path not in open_routes:
            fuzz(operation, 1, try_one, [GenerationMode.POSITIVE])
    assert not answered, answered
