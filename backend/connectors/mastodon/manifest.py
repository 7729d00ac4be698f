"""Mastodon and what speaks its API. Every server publishes its own limits; these are the defaults of the software."""

from __future__ import annotations

from collections.abc import Sequence

from backend.connectors.manifest import CountRules, Credential, Manifest, MediaRules, ShareIntent

MANIFESTS: Sequence[Manifest] = (
    Manifest(
        network="mastodon",
        name="Mastodon",
        # StatusLengthValidator of Mastodon 4: graphemes after addresses became 23 and mentions their local part
        counting=CountRules("graphemes", 500, url_length=23, local_mentions=True),
        media=MediaRules(
            images=4,
            image_bytes=10_000_000,
            types=("image/png", "image/jpeg", "image/webp", "image/gif"),
            alt=True,
            alt_length=1500,
        ),
        publish=True,
        reply=True,
        reply_names_author=True,
        idempotency="native",
        # Its key is looked up before a post is made and stored after: two requests that run at once can both pass.
        settle_s=30.0,
        credentials=(Credential("access_token"),),
        names_server=True,
        share_intent=ShareIntent("{server}/share?text={text}", ("text",)),
    ),
)
