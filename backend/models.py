"""Every table there is: importing this module fills `Base.metadata` (for migrations and tests)."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from backend.infra.db import Base

metadata = Base.metadata


def _import_models() -> list[ModuleType]:
    """By their files: walking the packages would import each of them, the whole API too, and start thrice as slowly."""
    root = Path(__file__).parent
    files = [path for name in ("models", "network_models", "tables") for path in root.glob(f"*/**/{name}.py")]
    names = [".".join(path.relative_to(root.parent).with_suffix("").parts) for path in sorted(files)]
    return [importlib.import_module(name) for name in (*names, "backend.infra.changes")]


MODULES = _import_models()
