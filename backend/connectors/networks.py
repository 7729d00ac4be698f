"""Which networks there are: every package below `backend.connectors` with a `manifest` module; no central list.

`manifest.MANIFESTS` is data; a package that can also be posted to has `publish.PUBLISHER`, one that tells an account
what was said to it has `account.READER`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import backend.connectors
from backend.connectors.manifest import Manifest

if TYPE_CHECKING:
    from backend.connectors.base import AccountReader, Publisher


def packages_with(module: str) -> list[str]:
    """Names of the packages below `backend.connectors` that have such a module."""
    packages = [found.name for found in pkgutil.iter_modules(backend.connectors.__path__) if found.ispkg]
    return [name for name in packages if find_spec(f"backend.connectors.{name}.{module}")]


@cache
def manifests() -> Mapping[str, Manifest]:
    """All networks by name, those first that we can post to."""
    found: list[Manifest] = []
    for package in packages_with("manifest"):
        found += importlib.import_module(f"backend.connectors.{package}.manifest").MANIFESTS
    return {one.network: one for one in sorted(found, key=lambda one: (not one.publish, one.name.lower()))}


@cache
def publishers() -> Mapping[str, Publisher]:
    """The networks that can be posted to, by name."""
    found = [importlib.import_module(f"backend.connectors.{name}.publish") for name in packages_with("publish")]
    return {module.PUBLISHER.network: module.PUBLISHER for module in found}


@cache
def account_readers() -> Mapping[str, AccountReader]:
    """The networks that tell a connected account what was said to it, by name."""
    found = [importlib.import_module(f"backend.connectors.{name}.account") for name in packages_with("account")]
    return {module.READER.network: module.READER for module in found}
