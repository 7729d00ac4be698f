"""What a poll can end with, each with its words in both languages and the buttons that mend it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.connectors.registry import source_kinds
from tests.e2e.test_work_parts import call

ROOT = Path(__file__).resolve().parents[2]
KINDS = sorted(source_kinds())
FEEDS = ("feed", "podcast")
AGAIN, LOOK = ["poll", "open"], ["open"]
FIND, ACCESS, PICK = ["find", "open"], ["access", "open"], ["pick", "open"]
#: of what is read as a feed, of a list on a page, of every other kind; an account has its own
MENDS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "alerts_page": (LOOK, LOOK, LOOK),
    "bad_selector": (LOOK, PICK, LOOK),
    "blocked": (LOOK, LOOK, LOOK),
    "broken_answer": (AGAIN, AGAIN, AGAIN),
    "comes_by_itself": ([], [], []),
    "forbidden": (ACCESS, ACCESS, ACCESS),
    "gone": (FIND, LOOK, LOOK),
    "http_error": (AGAIN, AGAIN, AGAIN),
    "no_links": (LOOK, PICK, LOOK),
    "no_titles": (LOOK, PICK, LOOK),
    "not_a_feed": (FIND, LOOK, LOOK),
    "not_a_page": (LOOK, LOOK, LOOK),
    "not_found": (FIND, LOOK, LOOK),
    "nothing_picked": (LOOK, PICK, LOOK),
    "rate_limited": (AGAIN, AGAIN, AGAIN),
    "robots": (LOOK, LOOK, LOOK),
    "robots_unread": (AGAIN, AGAIN, AGAIN),
    "script_page": (LOOK, LOOK, LOOK),
    "timeout": (AGAIN, AGAIN, AGAIN),
    "tls": (AGAIN, AGAIN, AGAIN),
    "too_large": (LOOK, LOOK, LOOK),
    "too_much": (AGAIN, AGAIN, AGAIN),
    "unauthorized": (ACCESS, ACCESS, ACCESS),
    "unreachable": (AGAIN, AGAIN, AGAIN),
}
# Why a list on a page has no items; what else a `Reason` says, nobody polls for.
OF_LISTS = {"bad_selector", "nothing_picked", "no_titles", "no_links", "script_page"}


def codes() -> Iterator[str]:
    """What PollFailed is raised with; where that is a variable, what is put into it."""
    for path in (ROOT / "backend").rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            put = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "PollFailed":
                    code = node.args[0]
                    yield from _said(put.get(code.id, code) if isinstance(code, ast.Name) else code)


def _said(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant):
        yield str(value.value)
    elif isinstance(value, ast.IfExp):
        yield from (*_said(value.body), *_said(value.orelse))
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):  # {401: "unauthorized"}.get(…, "…")
        words = [*getattr(value.func.value, "values", ()), *value.args[1:]]
        yield from (str(word.value) for word in words if isinstance(word, ast.Constant))


def test_the_table_holds_every_code_that_a_poll_can_end_with() -> None:
    found = set(codes()) | OF_LISTS
    assert {"not_found", "unauthorized", "rate_limited", "http_error", "forbidden"} <= found  # it does find them
    assert found == set(MENDS)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_code_has_words(language: str) -> None:
    words = json.loads((ROOT / "_locales" / language / "messages.json").read_text("utf-8"))
    assert [code for code in MENDS if not words.get(f"listening_note_{code}", {}).get("message")] == []


def test_every_code_has_the_buttons_that_fit_its_kind() -> None:
    asked = [(code, kind) for code in MENDS for kind in KINDS]
    wanted = {"state": "late", "last_error": ""}
    given = call(
        *(("listening/sources/mend", "mendsOf", [{**wanted, "last_error": code, "kind": kind}]) for code, kind in asked)
    )
    for (code, kind), mends in zip(asked, given, strict=True):
        of_feed, of_page, of_other = MENDS[code]
        if kind.endswith("_account"):
            assert mends == (["account"] if code == "unauthorized" else ["poll", "account"]), (code, kind)
        else:
            assert mends == (of_feed if kind in FEEDS else of_page if kind == "page" else of_other), (code, kind)


def test_what_never_failed_is_mended_only_where_it_is_gone_and_can_be_found_again() -> None:
    asked = [(state, kind) for state in ("ok", "gone") for kind in KINDS]
    given = call(
        *(
            ("listening/sources/mend", "mendsOf", [{"state": state, "last_error": "", "kind": kind}])
            for state, kind in asked
        )
    )
    assert [one for one, mends in zip(asked, given, strict=True) if mends] == [("gone", kind) for kind in FEEDS]
