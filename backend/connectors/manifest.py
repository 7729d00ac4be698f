"""What a network is and can do, as data: read by the server, by the app and by the extension.

Nothing here is code, so that a limit has one home. A server may publish limits of its own (Mastodon); they are kept
with the account, in the names used here, and win over the manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Unit = Literal["graphemes", "code_points", "utf16", "x_weighted", "emoji_bytes"]


@dataclass(frozen=True)
class CountRules:
    """How a network counts a text. `limit` 0: it sets none."""

    unit: Unit
    limit: int
    #: every address counts this much, however long it is
    url_length: int | None = None
    #: `@alice@example.org` counts as `@alice`
    local_mentions: bool = False
    #: a second limit, on the bytes of the text in UTF-8
    max_bytes: int | None = None


@dataclass(frozen=True)
class MediaRules:
    images: int = 0
    image_bytes: int = 0
    types: tuple[str, ...] = ()
    alt: bool = False
    alt_length: int = 0


@dataclass(frozen=True)
class ShareIntent:
    """The network's own composer, opened filled in. `{text}`, `{url}`, `{server}` stand for percent-encoded values."""

    template: str
    #: what the template can carry; where it has no `{url}`, the address goes at the end of the text
    carries: tuple[str, ...]


@dataclass(frozen=True)
class Credential:
    """One thing a person has to give us to connect an account."""

    name: str
    secret: bool = True


@dataclass(frozen=True)
class MessageRules:
    """Direct messages, where they are something else than posts that few can see."""

    #: what `in_reply_to` of an answer to one begins with
    prefix: str
    counting: CountRules
    #: as `Manifest.settle_s`: no key of ours is taken
    settle_s: float = 60.0


@dataclass(frozen=True)
class Manifest:
    network: str
    name: str
    counting: CountRules
    media: MediaRules = field(default_factory=MediaRules)
    #: can we post there ourselves, and answer a post
    publish: bool = False
    reply: bool = False
    #: an answer reaches its reader only when it begins with their handle
    reply_names_author: bool = False
    #: native: the network takes a key of ours; two_phase: a last step that can be checked; none: we look, else ask
    idempotency: Literal["native", "two_phase", "none"] = "none"
    #: how long after the call an absence may be believed, in seconds: a request can still be on its way in
    settle_s: float = 60.0
    messages: MessageRules | None = None
    credentials: tuple[Credential, ...] = ()
    #: where accounts live when nobody says; "": every account names its server
    default_server: str = ""
    names_server: bool = False
    share_intent: ShareIntent | None = None


def message_rules(manifest: Manifest, in_reply_to: str) -> MessageRules | None:
    """Those that hold for an answer to a direct message; None for all that is a post."""
    rules = manifest.messages
    return rules if rules is not None and in_reply_to.startswith(rules.prefix) else None


def settle_for(manifest: Manifest, in_reply_to: str) -> float:
    """How long an absence of this post or message is not believed, in seconds."""
    return (message_rules(manifest, in_reply_to) or manifest).settle_s


def counting_for(manifest: Manifest, limits: Mapping[str, Any], in_reply_to: str = "") -> CountRules:
    """The rules for one account: the manifest's, where its server says nothing else."""
    if (rules := message_rules(manifest, in_reply_to)) is not None:
        return rules.counting
    names = {name: int(limits[name]) for name in ("limit", "url_length") if limits.get(name)}
    return replace(manifest.counting, **names)  # type: ignore[arg-type]  # names of fields


def media_for(manifest: Manifest, limits: Mapping[str, Any], in_reply_to: str = "") -> MediaRules:
    """What may be attached on one account; nothing to a direct message."""
    if message_rules(manifest, in_reply_to) is not None:
        return MediaRules()
    names: dict[str, Any] = {name: int(limits[name]) for name in ("images", "image_bytes") if limits.get(name)}
    if limits.get("types"):
        names["types"] = tuple(kind for kind in manifest.media.types if kind in limits["types"])
    return replace(manifest.media, **names)
