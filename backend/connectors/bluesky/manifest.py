"""Bluesky, through any PDS. Limits: lexicons app.bsky.feed.post and app.bsky.embed.images, tried on PDS 0.4.217."""

from __future__ import annotations

from collections.abc import Sequence

from backend.connectors.manifest import CountRules, Credential, Manifest, MediaRules, MessageRules, ShareIntent

MANIFESTS: Sequence[Manifest] = (
    Manifest(
        network="bluesky",
        name="Bluesky",
        counting=CountRules("graphemes", 300, max_bytes=3000),
        media=MediaRules(
            images=4,
            image_bytes=1_000_000,
            types=("image/png", "image/jpeg", "image/webp", "image/gif"),
            alt=True,
            alt_length=2000,
        ),
        publish=True,
        reply=True,
        idempotency="native",
        settle_s=0.0,  # the record's key is ours: sending the same bytes again changes nothing, at any time
        # lexicon chat.bsky.convo.defs#messageInput
        messages=MessageRules("chat:", CountRules("graphemes", 1000, max_bytes=10_000)),
        credentials=(Credential("identifier", secret=False), Credential("app_password")),
        default_server="https://bsky.social",
        names_server=True,
        share_intent=ShareIntent("https://bsky.app/intent/compose?text={text}", ("text",)),
    ),
)
