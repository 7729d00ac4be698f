"""Stories as a message keeps them, and the addresses that stand in messages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.config import Settings
from backend.connectors.notices.base import Line
from backend.infra.clock import rfc3339
from backend.infra.crypto import Vault

_LEAVE = "unsubscribe"


def line_as_json(line: Line) -> dict[str, Any]:
    """As `Message.lines` holds it; the address in the app is made when it is sent."""
    kept = {name: getattr(line, name) for name in _KEPT if getattr(line, name)}
    return {**kept, "at": rfc3339(line.at)} if line.at else kept


def line_from_json(kept: Mapping[str, Any], settings: Settings, brand_id: int) -> Line:
    values = {name: kept[name] for name in _KEPT if name in kept}
    at = datetime.fromisoformat(kept["at"]) if kept.get("at") else None
    mention_id = str(kept.get("mention_id", ""))
    return Line(**values, at=at, app_url=mention_url(settings, brand_id, mention_id) if mention_id else "")


_KEPT = ("title", "text", "author", "network", "url", "more", "why", "section", "mention_id")


def inbox_url(settings: Settings, brand_id: int) -> str:
    return f"{settings.app_url}/-/app/#/inbox?brand={brand_id}"


def mention_url(settings: Settings, brand_id: int, mention_id: int | str) -> str:
    return f"{inbox_url(settings, brand_id)}&mention={mention_id}"


def alerts_url(settings: Settings, brand_id: int) -> str:
    return f"{settings.app_url}/-/app/#/alerts?brand={brand_id}"


def leave_url(settings: Settings, vault: Vault, channel_id: int, recipient: str) -> str:
    """Where one address ends the mails of one channel: `/-/unsubscribe/<signed>`."""
    named = base64.urlsafe_b64encode(f"{channel_id}:{recipient}".encode()).decode().rstrip("=")
    return f"{settings.outside_url}/-/unsubscribe/{named}.{vault.sign(_LEAVE, f'{channel_id}:{recipient}')}"


def read_leave(vault: Vault, signed: str) -> tuple[int, str] | None:
    """The channel and the address that we signed, None for anything else."""
    named, _, signature = signed.partition(".")
    try:
        said = base64.urlsafe_b64decode(named + "=" * (-len(named) % 4)).decode()
    except (ValueError, binascii.Error):
        return None
    channel, _, recipient = said.partition(":")
    if not channel.isdigit() or not vault.signed(_LEAVE, said, signature):
        return None
    return int(channel), recipient
