"""ntfy, at ntfy.sh or on a server of one's own (https://docs.ntfy.sh/publish/#publish-as-json).

Plain text, no Markdown unless asked for. A message of more than 4,096 bytes would become a file, so it is cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from backend.config import Settings
from backend.connectors.notices.base import Field, Notice, Outcome, Setup, WayOut, checked_address, post_notice
from backend.connectors.notices.text import byline, clip, clip_bytes, headline, tame, tame_lines
from backend.infra.errors import Invalid
from backend.infra.http import HttpResponse
from backend.infra.words import say_many

SERVER = "https://ntfy.sh"
MAX_BYTES = 4000
MOST_LINES = 8
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,64}")
URGENT = frozenset({"complaint_spike", "trouble"})


class Ntfy:
    kind = "ntfy"
    fields = (
        Field("topic"),
        Field("server", needed=False, default=SERVER),
        Field("token", secret=True, needed=False),
    )

    def set_up(self, given: Mapping[str, Any], settings: Settings) -> Setup:
        topic = str(given.get("topic", "")).strip()
        if not TOPIC.fullmatch(topic):
            raise Invalid("This cannot be used.", fields={"topic": "Letters, digits, - and _; at most 64."})
        server = checked_address(str(given.get("server") or SERVER), "server", settings).rstrip("/")
        token = str(given.get("token") or "").strip()
        return Setup({"topic": topic, "server": server}, {"token": token} if token else {})

    def send(self, way: WayOut, setup: Setup, notice: Notice) -> Outcome:
        server = str(setup.params["server"])
        base = way.settings.endpoint(self.kind, server) if server == SERVER else server
        token = setup.secrets.get("token", "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"topic": setup.params["topic"], **payload(notice)}
        return post_notice(lambda: way.http.post(base, json=body, headers=headers), is_ours=_is_ntfy)


def _is_ntfy(answer: HttpResponse) -> bool:
    try:
        told = answer.json()
    except ValueError:
        return False
    return isinstance(told, dict) and "id" in told


def payload(notice: Notice) -> dict[str, Any]:
    parts = [tame_lines(notice.body)] if notice.body else []
    for line in notice.lines[:MOST_LINES]:
        parts.append("\n".join(p for p in (headline(line, 240), byline(line, notice.language)) if p))
    if (rest := len(notice.lines) - MOST_LINES) > 0:
        parts.append(say_many(notice.language, "alert_more_there", rest))
    told: dict[str, Any] = {
        "title": clip(tame(notice.title), 200),
        "message": clip_bytes("\n\n".join(parts) or tame(notice.title), MAX_BYTES),
        "priority": 4 if notice.kind in URGENT else 3,
    }
    if notice.app_url:
        told["click"] = notice.app_url
    return told
