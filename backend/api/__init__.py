"""The HTTP API: one module a resource, the same guard and the same error shape for all."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from apiflask import APIBlueprint, APIFlask

from backend.api.brands import brands_blueprint
from backend.api.changes import changes_blueprint
from backend.api.errors import register_errors
from backend.api.guard import register_guard
from backend.api.members import members_blueprint
from backend.api.pairing import pairing_blueprint
from backend.api.system import health_blueprint, server_blueprint

RESOURCES: tuple[Callable[[], APIBlueprint], ...] = (
    health_blueprint,
    server_blueprint,
    brands_blueprint,
    members_blueprint,
    pairing_blueprint,
    changes_blueprint,
)

# resource modules of the features: module → factory
FEATURES = {
    "keywords": "keywords_blueprint",
    "sources": "sources_blueprint",
    "mentions": "mentions_blueprint",
    "replies": "replies_blueprint",
    "suggestions": "suggestions_blueprint",
    "links": "links_blueprint",
    "public_address": "public_address_blueprint",
    "posts": "posts_blueprint",
    "deliveries": "deliveries_blueprint",
    "accounts": "accounts_blueprint",
    "networks": "networks_blueprint",
    "media": "media_blueprint",
    "texts": "texts_blueprint",
    "status": "status_blueprint",
}


def register_api(app: APIFlask) -> None:
    """Everything below /api/v1, and health."""
    register_errors(app)
    register_guard(app)
    for make in RESOURCES:
        app.register_blueprint(make())
    for module, factory in FEATURES.items():
        try:
            found = importlib.import_module(f"backend.api.{module}")
        except ModuleNotFoundError as error:
            if error.name != f"backend.api.{module}":
                raise
            continue
        app.register_blueprint(getattr(found, factory)())
