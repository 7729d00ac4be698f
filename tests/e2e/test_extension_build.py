"""What the build makes: folders that load in both browsers, zips for the stores, a shell for the server."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.extension.browser import ROOT, launch_chromium

NODE = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}:{ROOT / '.venv' / 'Scripts'}") or "node"


def build(*words: str) -> str:
    done = subprocess.run(
        [NODE, "build.mjs", *words], cwd=ROOT / "extension", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_second_build_does_nothing_and_a_forced_one_makes_the_same_bytes() -> None:
    build()
    assert "up to date" in build()
    zips = [ROOT / "dist" / f"entregent-{browser}.zip" for browser in ("chrome", "firefox")]
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in zips]
    build("--force")
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in zips] == before


def test_store_folders_hold_the_same_paths_as_the_root_and_nothing_else() -> None:
    build()
    for browser in ("chrome", "firefox"):
        inside = names(ROOT / "dist" / browser)
        assert {name for name in inside if not (ROOT / name).is_file()} == set()
        assert {name.split("/")[0] for name in inside} == {"manifest.json", "_locales", "extension"}
        assert not any(name.endswith((".map", ".ts", ".tsx")) for name in inside)


def test_each_store_gets_only_its_own_keys() -> None:
    build()
    chrome, firefox = (manifest(ROOT / "dist" / browser) for browser in ("chrome", "firefox"))
    assert set(chrome["background"]) == {"service_worker"}
    assert set(firefox["background"]) == {"scripts"}
    assert "sidePanel" in chrome["permissions"]
    assert not {"sidePanel", "offscreen"} & set(firefox["permissions"])
    assert chrome["host_permissions"] == firefox["host_permissions"] == ["http://127.0.0.1/*", "http://localhost/*"]
    assert chrome["optional_host_permissions"] == firefox["optional_host_permissions"] == ["*://*/*"]
    assert "web_accessible_resources" not in chrome, "a page must not be able to tell that we are there"
    assert "content_scripts" not in chrome, "we run nowhere before somebody says where"
    assert "key" in chrome, "the id of the unpacked extension stays the same"


@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_the_zip_is_the_folder_without_the_key(browser: str) -> None:
    build()
    folder = ROOT / "dist" / browser
    with zipfile.ZipFile(ROOT / "dist" / f"entregent-{browser}.zip") as zipped:
        assert zipped.testzip() is None
        assert set(zipped.namelist()) == names(folder)
        assert "key" not in json.loads(zipped.read("manifest.json"))
        for name in names(folder) - {"manifest.json"}:
            assert zipped.read(name) == (folder / name).read_bytes()


def test_the_shell_of_the_server_needs_no_inline_script_and_nothing_from_elsewhere() -> None:
    build()
    shell = ROOT / "extension" / "build" / "app"
    page = (shell / "index.html").read_text()
    for name in ("app.js", "app.css", "icon.svg"):
        assert (shell / name).is_file()
    assert "<script src=" in page
    assert "<script>" not in page
    assert "http" not in page
    assert 'src="/' not in page
    assert 'href="/' not in page


def test_only_test_builds_have_open_shadow_roots() -> None:
    build()
    for name in ("background.js", "content.js", "drawing.js", "acting.js", "composing.js", "popup/popup.js"):
        assert "__TEST__" not in (ROOT / "dist" / "chrome" / "extension" / "build" / name).read_text()
    test, store = (manifest(ROOT / "dist" / name)["host_permissions"] for name in ("test-chrome", "chrome"))
    assert set(store) < set(test)


def test_the_lock_file_names_no_index() -> None:
    lock = json.loads((ROOT / "extension" / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


@pytest.mark.parametrize("what", ["root", "zip"])
def test_root_and_zip_load_in_chromium(what: str, tmp_path: Path) -> None:
    folder = ROOT
    if what == "zip":
        folder = tmp_path / "unzipped"
        with zipfile.ZipFile(ROOT / "dist" / "entregent-chrome.zip") as zipped:
            zipped.extractall(folder)
    with launch_chromium(tmp_path / "profile", folder) as chromium:
        wrong: list[str] = []
        popup = chromium.context.new_page()
        popup.on("pageerror", lambda error: wrong.append(str(error)))
        popup.goto(chromium.address("popup/index.html"))
        popup.get_by_role("heading", name="Connect this browser").wait_for()
        assert not wrong
