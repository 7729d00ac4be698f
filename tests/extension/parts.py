"""What the tests of pages load, built once per run: a toolbar with canned answers, the inserter alone, the editors."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.extension.browser import ROOT

NODE = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}:{ROOT / '.venv' / 'Scripts'}") or "node"
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Parts:
    toolbar: Path  # an extension: our content script, a background with canned answers
    release: Path  # the same as stores get it: closed shadow roots, words drawn and nowhere written
    adapters: Path  # the same, and beside it our reading of the page, asked for by events
    inserter: Path  # an extension: only the inserter, driven by events
    editors: Path  # a folder with the page of all editors
    bytes: dict[str, int]  # each part of our script, minified: `content` on every page, the others when needed


def build_parts(folder: Path) -> Parts:
    """Build everything into `folder`."""
    done = subprocess.run(
        [NODE, str(HERE / "build_parts.mjs"), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    sizes = json.loads(done.stdout.splitlines()[-1])
    return Parts(
        folder / "toolbar", folder / "release", folder / "adapters", folder / "inserter", folder / "page", sizes
    )
