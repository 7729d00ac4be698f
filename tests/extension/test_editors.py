"""Text into every kind of editor, in both browsers: what counts is the editor's own model, not the screen."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.extension.browser import ROOT, find_firefox, launch_chromium
from tests.extension.parts import HERE, NODE, Parts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]  # the first one waits for all of Firefox
MATRIX = json.loads((HERE / "matrix.json").read_text("utf-8"))
EDITORS: list[str] = MATRIX["editors"]
CASES: list[dict[str, Any]] = MATRIX["cases"]
HOST = "https://editors.example"


def expected(case: dict[str, Any]) -> dict[str, Any]:
    model = case["model"] * case.get("model_repeat", 1)
    return {"ok": True, "model": model} | ({"selected": case["selected"]} if "selected" in case else {})


@pytest.fixture(scope="module")
def editors_page(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with launch_chromium(tmp_path_factory.mktemp("profile"), parts.inserter) as browser:
        page = browser.context.new_page()
        page.route(f"{HOST}/", lambda route: route.fulfill(path=parts.editors / "index.html"))
        page.route(f"{HOST}/editors.js", lambda route: route.fulfill(path=parts.editors / "editors.js"))
        page.goto(f"{HOST}/")
        page.wait_for_function("window.ready === true")
        yield page


Results = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def firefox_run(parts: Parts) -> Iterator[subprocess.Popen[str]]:
    """Firefox at work, beside Chromium: both wait most of the time for what editors do a moment later."""
    command = [NODE, str(HERE / "firefox_matrix.mjs"), str(find_firefox()), str(parts.inserter), str(parts.editors)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


@pytest.fixture(scope="module")
def chromium_results(editors_page: Page, firefox_run: subprocess.Popen[str]) -> Results:
    return {(editor, case["name"]): try_editor(editors_page, editor, case) for editor in EDITORS for case in CASES}


def try_editor(page: Page, editor: str, case: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = page.evaluate("asked => window.tryEditor(asked)", {**case, "name": editor})
    for key in case.get("keys", []):
        if key in ("Tab", "Escape"):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)
        # Editors hear of a selection a moment after it is there.
        page.wait_for_timeout(150)
        result["model"] = page.evaluate("name => window.modelOf(name)", editor)
    # So many presses of Ctrl+Z take back what was written, and nothing else.
    for _ in range(case.get("undo", 0)):
        if result["model"] == case["model"]:
            break
        page.keyboard.press("Control+z")
        page.wait_for_timeout(100)
        result["model"] = page.evaluate("name => window.modelOf(name)", editor)
    return result


def holds(result: dict[str, Any], case: dict[str, Any]) -> bool:
    wanted = expected(case)
    return {key: result.get(key) for key in wanted} == wanted


@pytest.fixture(scope="module")
def firefox_results(firefox_run: subprocess.Popen[str]) -> Results:
    out, errors = firefox_run.communicate(timeout=280)
    assert firefox_run.returncode == 0, errors
    results = json.loads(out.splitlines()[-1])
    return {(result["editor"], result["case"]): result for result in results}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
@pytest.mark.parametrize("editor", EDITORS)
def test_text_reaches_the_model_of_the_editor_in_chromium(
    chromium_results: Results, editor: str, case: dict[str, Any]
) -> None:
    result = chromium_results[editor, case["name"]]
    wanted = expected(case)
    assert {key: result[key] for key in wanted} == wanted


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
@pytest.mark.parametrize("editor", EDITORS)
def test_text_reaches_the_model_of_the_editor_in_firefox(
    firefox_results: Results, editor: str, case: dict[str, Any]
) -> None:
    result = firefox_results[editor, case["name"]]
    wanted = expected(case)
    assert {key: result[key] for key in wanted} == wanted


def test_every_case_is_run_in_both_browsers(chromium_results: Results, firefox_results: Results) -> None:
    all_cells = {(editor, case["name"]) for editor in EDITORS for case in CASES}
    assert set(firefox_results) == set(chromium_results) == all_cells


def test_browsers_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tests.extension import browser

    for name in ("CHROMIUM", "FIREFOX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(browser.NoBrowser, match="CHROMIUM"):
        browser.find_chromium()
    with pytest.raises(browser.NoBrowser, match="FIREFOX"):
        browser.find_firefox()


#: What each editor is called, and the package of it that the tests run against.
NAMES = {
    "textarea": ("Text field", ""),
    "react": ("Text field under React", "react-dom"),
    "plain": ("contenteditable alone", ""),
    "draft": ("Draft.js", "draft-js"),
    "lexical": ("Lexical, rich", "lexical"),
    "lexical_plain": ("Lexical, plain", "lexical"),
    "prosemirror": ("ProseMirror", "prosemirror-view"),
    "tiptap": ("TipTap", "@tiptap/core"),
    "quill": ("Quill", "quill"),
    "slate": ("Slate", "slate-react"),
    "ckeditor": ("CKEditor 5", "@ckeditor/ckeditor5-editor-classic"),
    "codemirror": ("CodeMirror 6", "@codemirror/view"),
    "trix": ("Trix", "trix"),
}


def table(seen: dict[str, Results]) -> str:
    """Editors and cases; each cell names the browsers in which it was right in this run."""
    versions = json.loads((ROOT / "tests" / "peers" / "package.json").read_text("utf-8"))["dependencies"]

    def cell(editor: str, case: dict[str, Any]) -> str:
        good = [letter for letter, results in seen.items() if holds(results[editor, case["name"]], case)]
        return " ".join(good) or "—"

    head = ["Editor", "Version", *(case["name"] for case in CASES)]
    rows = [head, ["---"] * len(head)]
    for editor in EDITORS:
        name, package = NAMES[editor]
        rows.append([name, versions[package] if package else "", *(cell(editor, case) for case in CASES)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def test_the_guide_shows_what_this_run_saw(chromium_results: Results, firefox_results: Results) -> None:
    assert table({"C": chromium_results, "F": firefox_results}) in (ROOT / "docs" / "editors.md").read_text("utf-8")
