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
    bundle_bytes: int  # size of the content script as it ships, minified: the part that runs on every page
    acting_bytes: int  # the part that comes in when the person acts
    pictures_bytes: int  # the part that comes in where the button at pictures is switched on
    teaching_bytes: int  # the part that comes in when the person checks or teaches a page
    round_bytes: int  # the part that comes in when the person visits a page on their round


def build_parts(folder: Path) -> Parts:
    """Build everything into `folder`."""
    done = subprocess.run(
        [NODE, str(HERE / "build_parts.mjs"), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    sizes = json.loads(done.stdout.splitlines()[-1])
    return Parts(
        folder / "toolbar", folder / "release", folder / "adapters", folder / "inserter", folder / "page", **sizes
    )
