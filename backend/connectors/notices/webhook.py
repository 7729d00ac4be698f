"""A program's own address: JSON, signed as standardwebhooks.com says, so that libraries for that check it.

webhook-id: the message's key, the same at every try        webhook-timestamp: seconds since 1970, of this try
webhook-signature: v1,base64(HMAC-SHA256(secret, "{id}.{timestamp}.{body}"))
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets as random_secrets
from collections.abc import Mapping
from typing import Any

from backend.config import Settings
from backend.connectors.notices.base import (
    Field,
    Notice,
    Outcome,
    Setup,
    WayOut,
    checked_address,
    post_notice,
    shown_address,
)
from backend.infra.clock import rfc3339
from backend.infra.errors import Invalid

PREFIX = "whsec_"


class Webhook:
    kind = "webhook"
    fields = (Field("url", secret=True), Field("signing_secret", secret=True, needed=False))

    def set_up(self, given: Mapping[str, Any], settings: Settings) -> Setup:
        url = checked_address(str(given.get("url", "")), "url", settings)
        secret = str(given.get("signing_secret") or "") or new_secret()
        signing_key(secret)
        return Setup({"address": shown_address(url)}, {"url": url, "signing_secret": secret})

    def send(self, way: WayOut, setup: Setup, notice: Notice) -> Outcome:
        body = json.dumps(payload(notice), ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            **signed_headers(setup.secrets["signing_secret"], notice.key, int(notice.sent_at.timestamp()), body),
        }
        return post_notice(
            lambda: way.http.post(setup.secrets["url"], content=body, headers=headers, max_bytes=100_000)
        )


def new_secret() -> str:
    return PREFIX + base64.b64encode(random_secrets.token_bytes(32)).decode()


def signing_key(secret: str) -> bytes:
    """Raises Invalid."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) < 24:
        why = "whsec_ and at least 24 bytes in base64; leave it empty to get one."
        raise Invalid("This secret cannot be used.", fields={"signing_secret": why})
    return key


def signed_headers(secret: str, key: str, at: int, body: bytes) -> dict[str, str]:
    signed = f"{key}.{at}.".encode() + body
    digest = base64.b64encode(hmac.digest(signing_key(secret), signed, hashlib.sha256)).decode()
    return {"webhook-id": key, "webhook-timestamp": str(at), "webhook-signature": f"v1,{digest}"}


def payload(notice: Notice) -> dict[str, Any]:
    """What a program gets. Texts are as they were written out there: whoever shows them escapes them."""
    return {
        "id": notice.key,
        "type": f"alert.{notice.kind}",
        "timestamp": rfc3339(notice.made_at),
        "data": {
            "brand": {"id": notice.brand_id, "name": notice.brand},
            "title": notice.title,
            "body": notice.body,
            "url": notice.url,
            "app_url": notice.app_url,
            "mentions": [
                {
                    "id": line.mention_id,
                    "title": line.title,
                    "text": line.text,
                    "author": line.author,
                    "network": line.network,
                    "url": line.url,
                    "app_url": line.app_url,
                    "published_at": rfc3339(line.at) if line.at else None,
                    "more": line.more,
                    "why": line.why,
                }
                for line in notice.lines
            ],
        },
    }
