"""Where the built app and extension lie: in a checkout beside the sources, in an installed wheel inside the package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class BuiltFiles:
    app: Path  # the static shell: index.html, its scripts and styles
    chrome_folder: Path  # what "Load unpacked" takes
    chrome_zip: Path
    firefox_zip: Path


def in_checkout() -> bool:
    checkout = PACKAGE.parent
    return (checkout / "pyproject.toml").exists() and (checkout / "extension").exists()


def locales_folder() -> Path:
    """Where the words of the interface lie."""
    return PACKAGE.parent / "_locales" if in_checkout() else PACKAGE / "web" / "built" / "_locales"


def built_files() -> BuiltFiles | None:
    """None when nothing has been built yet."""
    if in_checkout():
        app, dist = PACKAGE.parent / "extension" / "build" / "app", PACKAGE.parent / "dist"
    else:
        app, dist = PACKAGE / "web" / "built" / "app", PACKAGE / "web" / "built" / "dist"
    if not app.is_dir():
        return None
    return BuiltFiles(
        app=app,
        chrome_folder=dist / "chrome",
        chrome_zip=dist / "entregent-chrome.zip",
        firefox_zip=dist / "entregent-firefox.zip",
    )
