"""Discord's webhooks (https://discord.com/developers/docs/resources/webhook#execute-webhook).

`allowed_mentions: {parse: []}` means that nobody is ever pinged, whatever a text says; Markdown is escaped besides. At
most 10 embeds; a title 256 characters, a description 4,096, all texts of all embeds 6,000 together, `content` 2,000.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from backend.config import Settings
from backend.connectors.notices.base import (
    Field,
    Line,
    Notice,
    Outcome,
    Setup,
    WayOut,
    checked_address,
    is_page,
    moved_to,
    post_notice,
    shown_address,
)
from backend.connectors.notices.text import byline, clip, excerpt, headline, tame, tame_lines
from backend.infra.words import say, say_many

HOSTS = frozenset({"discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"})
MOST_LINES = 9
MAX_CONTENT = 2000
MAX_TITLE = 256
MAX_ALL = 5800  # of 6,000: some characters count double
_MARKDOWN = re.compile(r"([\\*_~`|>#\[\]()<:@\-])")


class Discord:
    kind = "discord"
    fields = (Field("url", secret=True),)

    def set_up(self, given: Mapping[str, Any], settings: Settings) -> Setup:
        url = checked_address(str(given.get("url", "")), "url", settings, HOSTS)
        return Setup({"address": shown_address(url)}, {"url": url})

    def send(self, way: WayOut, setup: Setup, notice: Notice) -> Outcome:
        url = moved_to(setup.secrets["url"], way.settings, self.kind)
        return post_notice(
            lambda: way.http.post(url, json=payload(notice), max_bytes=100_000),
            is_ours=lambda answer: not is_page(answer),
        )


def inert(text: str) -> str:
    """Characters, and nothing else."""
    return _MARKDOWN.sub(r"\\\1", text)


def payload(notice: Notice) -> dict[str, Any]:
    language = notice.language
    content = f"**{inert(clip(tame(notice.title), 250))}**"
    if notice.body:
        content += "\n" + inert(clip(tame_lines(notice.body), 700))
    if notice.app_url:
        content += f"\n[{inert(say(language, 'alert_open_app'))}](<{notice.app_url}>)"
    embeds: list[dict[str, Any]] = []
    left = MAX_ALL
    for line in notice.lines[:MOST_LINES]:
        one = embed(line, language)
        size = sum(len(one.get(name, "")) for name in ("title", "description")) + len(one["footer"]["text"])
        if size > left:
            break
        left -= size
        embeds.append(one)
    if rest := len(notice.lines) - len(embeds):
        content += "\n" + inert(say_many(language, "alert_more_there", rest))
    return {"content": content[:MAX_CONTENT], "embeds": embeds, "allowed_mentions": {"parse": []}}


def embed(line: Line, language: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        # Cut after escaping, and never between a backslash and what it tames.
        "title": _whole(inert(headline(line, 180)), MAX_TITLE) or "…",
        "description": _whole(inert(excerpt(line, 240)), 500),
        "footer": {"text": clip(byline(line, language) or line.url, 300)},
    }
    if line.url.startswith(("https://", "http://")) and len(line.url) <= 2000:
        told["url"] = line.url
    if line.at is not None:
        told["timestamp"] = line.at.isoformat()
    return told


def _whole(escaped: str, most: int) -> str:
    if len(escaped) <= most:
        return escaped
    cut = escaped[: most - 1]
    backslashes = len(cut) - len(cut.rstrip("\\"))
    return (cut[:-1] if backslashes % 2 else cut) + "…"
