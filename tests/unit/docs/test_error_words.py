"""Each code that the API answers has words in the interface, so that nobody reads a program's English."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from backend.infra import errors

ROOT = Path(__file__).resolve().parents[3]
RAISED = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.EntregentError)
}
# Only programs meet these: the extension and the app never send what is answered so.
FOR_PROGRAMS = {
    "bad_delivery",
    "bad_signature",
    "cross_site",
    "wrong_origin",
    "idempotency_key_reused",
    "idempotency_key_too_long",
    "wrong_verifier",
}


def codes() -> Iterator[str]:
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.EntregentError):
            yield kind.default_code
    for path in (ROOT / "backend").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED):
                continue
            for word in node.keywords:
                if word.arg == "code":
                    yield from (str(one.value) for one in ast.walk(word.value) if _is_code(one))


def _is_code(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_error_code_has_words(language: str) -> None:
    words = json.loads((ROOT / "_locales" / language / "messages.json").read_text("utf-8"))
    found = set(codes())
    assert {"not_found", "in_the_past"} <= found  # it does find them
    assert sorted(code for code in found - FOR_PROGRAMS if f"error_{code}" not in words) == []
