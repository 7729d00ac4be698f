"""Limits and composers of networks that we cannot, or should not have to pay to, post to ourselves.

Sources: docs.x.com (web intents; weights of twitter-text configuration 3), developers.facebook.com (Threads web
intents, limit of 500 with emoji counted as UTF-8 bytes), learn.microsoft.com (LinkedIn commentary: 3,000),
core.telegram.org (4,096 UTF-16 units). No intent can carry an image.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.connectors.manifest import CountRules, Manifest, ShareIntent

MANIFESTS: Sequence[Manifest] = (
    Manifest(
        network="x",
        name="X",
        counting=CountRules("x_weighted", 280, url_length=23),
        share_intent=ShareIntent("https://x.com/intent/tweet?text={text}&url={url}", ("text", "url")),
    ),
    Manifest(
        network="threads",
        name="Threads",
        counting=CountRules("emoji_bytes", 500),
        share_intent=ShareIntent("https://www.threads.com/intent/post?text={text}&url={url}", ("text", "url")),
    ),
    Manifest(
        network="facebook",
        name="Facebook",
        counting=CountRules("utf16", 63_206),
        share_intent=ShareIntent("https://www.facebook.com/sharer/sharer.php?u={url}", ("url",)),
    ),
    Manifest(
        network="linkedin",
        name="LinkedIn",
        counting=CountRules("utf16", 3000),
        share_intent=ShareIntent("https://www.linkedin.com/sharing/share-offsite/?url={url}", ("url",)),
    ),
    Manifest(
        network="reddit",
        name="Reddit",
        counting=CountRules("utf16", 300),  # the title, which is all that a shared link has
        share_intent=ShareIntent("https://www.reddit.com/submit?url={url}&title={text}", ("text", "url")),
    ),
    Manifest(
        network="whatsapp",
        name="WhatsApp",
        counting=CountRules("utf16", 0),
        share_intent=ShareIntent("https://wa.me/?text={text}", ("text",)),
    ),
    Manifest(
        network="telegram",
        name="Telegram",
        counting=CountRules("utf16", 4096),
        share_intent=ShareIntent("https://t.me/share/url?url={url}&text={text}", ("text", "url")),
    ),
)
