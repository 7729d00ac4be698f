"""Every table there is: importing this module fills `Base.metadata` (for migrations and tests)."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from backend.infra.db import Base

metadata = Base.metadata


def _import_models() -> list[ModuleType]:
    import backend

    found = []
    for module in pkgutil.walk_packages(backend.__path__, "backend."):
        name = module.name.rsplit(".", 1)[-1]
        if name in {"models", "network_models", "tables"} and module.name != __name__:
            found.append(importlib.import_module(module.name))
    found.append(importlib.import_module("backend.infra.changes"))
    return found


MODULES = _import_models()
