"""A profile in which the person may grant access to any site: nobody can click the browser's own prompt in a test.

Chrome asks nothing where the access was granted before and only withheld since. So: start once with the unmodified
store build, close, write into its preferences that everything was granted once, start again. Origins are empty then,
and a real click on our button makes `permissions.request` true.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.extension.browser import EXTENSION_ID, STORE_CHROME, launch_chromium

EVERYWHERE = ["*://*/*"]
OPTIONAL = ["notifications"]


def seed_profile(profile: Path, extension: Path = STORE_CHROME) -> None:
    """Make `profile` one where access may be granted without a prompt. Nothing is granted yet."""
    with launch_chromium(profile, extension):
        pass
    path = profile / "Default" / "Preferences"
    preferences: dict[str, Any] = json.loads(path.read_text())
    entry = preferences["extensions"]["settings"][EXTENSION_ID]
    for name in ("granted_permissions", "runtime_granted_permissions"):
        granted = entry.setdefault(name, {})
        granted["explicit_host"] = sorted({*granted.get("explicit_host", []), *EVERYWHERE})
        granted["api"] = sorted({*granted.get("api", []), *OPTIONAL})
    path.write_text(json.dumps(preferences))
