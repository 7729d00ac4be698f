"""The HTTP API: one module a resource, the same guard and the same error shape for all."""

from __future__ import annotations

from collections.abc import Callable

from apiflask import APIBlueprint, APIFlask

from backend.api.accounts import accounts_blueprint
from backend.api.adapters import adapters_blueprint
from backend.api.alerts import alerts_blueprint
from backend.api.answers import answers_blueprint
from backend.api.brands import brands_blueprint
from backend.api.changes import changes_blueprint
from backend.api.channels import channels_blueprint
from backend.api.deliveries import deliveries_blueprint
from backend.api.discover import discover_blueprint
from backend.api.errors import register_errors
from backend.api.guard import register_guard
from backend.api.hooks import hooks_blueprint
from backend.api.keywords import keywords_blueprint
from backend.api.link_previews import link_previews_blueprint
from backend.api.links import links_blueprint
from backend.api.media import media_blueprint
from backend.api.members import members_blueprint
from backend.api.mentions import mentions_blueprint
from backend.api.messages import messages_blueprint
from backend.api.networks import networks_blueprint
from backend.api.pages import pages_preview_blueprint
from backend.api.pairing import pairing_blueprint
from backend.api.posts import posts_blueprint
from backend.api.public_address import public_address_blueprint
from backend.api.queries import queries_blueprint
from backend.api.replies import replies_blueprint
from backend.api.round import round_blueprint
from backend.api.rules import rules_blueprint
from backend.api.searches import searches_blueprint
from backend.api.source_lists import source_lists_blueprint
from backend.api.sources import sources_blueprint
from backend.api.spikes import spikes_blueprint
from backend.api.status import status_blueprint
from backend.api.suggestions import suggestions_blueprint
from backend.api.system import health_blueprint, server_blueprint
from backend.api.texts import texts_blueprint

RESOURCES: tuple[Callable[[], APIBlueprint], ...] = (
    health_blueprint,
    server_blueprint,
    brands_blueprint,
    members_blueprint,
    pairing_blueprint,
    changes_blueprint,
    keywords_blueprint,
    queries_blueprint,
    sources_blueprint,
    discover_blueprint,
    hooks_blueprint,
    pages_preview_blueprint,
    source_lists_blueprint,
    round_blueprint,
    mentions_blueprint,
    searches_blueprint,
    answers_blueprint,
    replies_blueprint,
    suggestions_blueprint,
    links_blueprint,
    link_previews_blueprint,
    public_address_blueprint,
    posts_blueprint,
    deliveries_blueprint,
    accounts_blueprint,
    adapters_blueprint,
    networks_blueprint,
    media_blueprint,
    texts_blueprint,
    status_blueprint,
    alerts_blueprint,
    channels_blueprint,
    messages_blueprint,
    spikes_blueprint,
    rules_blueprint,
)


def register_api(app: APIFlask) -> None:
    """Everything below /api/v1, and health."""
    register_errors(app)
    register_guard(app)
    for make in RESOURCES:
        app.register_blueprint(make())
