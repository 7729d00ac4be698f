"""Walks of firefox/*.mjs in a real Firefox with the extension as tests load it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.e2e.test_extension_build import NODE
from tests.extension.browser import ROOT, find_firefox, screenshots_folder

FOLDER = Path(__file__).parent / "firefox"
LONGEST_S = 240


def walk(name: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """What a walk saw; `wanted` is what its file asks for. What broke on the way stands in its `errors`."""
    common = {
        "firefox": str(find_firefox()),
        "extension": str(ROOT / "dist" / "test-firefox"),
        "screenshots": str(screenshots_folder()),
    }
    done = subprocess.run(
        [NODE, str(FOLDER / name), json.dumps(common | wanted)],
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    for error in found.get("errors", []):
        sys.stdout.write(f"{error}\n")  # whole, beside what fails for it
    return found
