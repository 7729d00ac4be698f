"""`/networks`: what each network is and can do, from its manifest."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.api.base import Out, make_blueprint
from backend.connectors.manifest import CountRules, Manifest, MediaRules
from backend.connectors.networks import manifests


class CountingOut(Out):
    unit: str
    limit: int
    url_length: int | None
    local_mentions: bool
    max_bytes: int | None


class MediaRulesOut(Out):
    images: int
    image_bytes: int
    types: list[str]
    alt: bool
    alt_length: int


class CredentialOut(Out):
    name: str
    secret: bool


class ShareIntentOut(Out):
    template: str
    carries: list[str]


class NetworkOut(Out):
    network: str
    name: str
    publish: bool
    reply: bool
    counting: CountingOut
    media: MediaRulesOut
    idempotency: str
    credentials: list[CredentialOut]
    default_server: str
    names_server: bool
    share_intent: ShareIntentOut | None


class NetworkList(Out):
    items: list[NetworkOut]
    next_cursor: str | None = None


def counting_out(rules: CountRules) -> CountingOut:
    return CountingOut.model_validate(rules)


def media_rules_out(rules: MediaRules) -> MediaRulesOut:
    return MediaRulesOut(
        images=rules.images,
        image_bytes=rules.image_bytes,
        types=list(rules.types),
        alt=rules.alt,
        alt_length=rules.alt_length,
    )


def network_out(manifest: Manifest) -> NetworkOut:
    intent = manifest.share_intent
    return NetworkOut(
        network=manifest.network,
        name=manifest.name,
        publish=manifest.publish,
        reply=manifest.reply,
        counting=counting_out(manifest.counting),
        media=media_rules_out(manifest.media),
        idempotency=manifest.idempotency,
        credentials=[CredentialOut.model_validate(one) for one in manifest.credentials],
        default_server=manifest.default_server,
        names_server=manifest.names_server,
        share_intent=ShareIntentOut(template=intent.template, carries=list(intent.carries)) if intent else None,
    )


def networks_blueprint() -> APIBlueprint:
    bp = make_blueprint("networks")

    @bp.get("/networks")
    @bp.output(NetworkList)
    def get_networks() -> NetworkList:
        return NetworkList(items=[network_out(one) for one in manifests().values()])

    return bp
