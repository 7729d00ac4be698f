"""Slack, and what takes Slack's incoming webhooks too (Mattermost, Rocket.Chat).

`&`, `<` and `>` are Slack's only control characters (https://docs.slack.dev/messaging/formatting-message-text): with
them escaped no text from outside becomes a link, `<!channel>` or `<@U123>`. A message has at most 50 blocks, a section
3,000 characters, a header 150.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

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

MOST_LINES = 12
MAX_HEADER = 150
MAX_SECTION = 3000
MAX_LINK = 1000  # a section that is cut inside a link would show its insides
# What makes bold, italic, struck and code in a `mrkdwn` text; a zero-width space before it takes its meaning away.
_FORMAT = str.maketrans({ch: f"\u200b{ch}" for ch in "*_~`"})


class Slack:
    kind = "slack"
    fields = (Field("url", secret=True),)

    def set_up(self, given: Mapping[str, Any], settings: Settings) -> Setup:
        url = checked_address(str(given.get("url", "")), "url", settings)
        return Setup({"address": shown_address(url)}, {"url": url})

    def send(self, way: WayOut, setup: Setup, notice: Notice) -> Outcome:
        url = moved_to(setup.secrets["url"], way.settings, self.kind)
        return post_notice(
            lambda: way.http.post(url, json=payload(notice), max_bytes=100_000),
            is_ours=lambda answer: not is_page(answer),
        )


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def inert(text: str) -> str:
    """Text from outside in a `mrkdwn` field: characters, and nothing else."""
    return escape(text).translate(_FORMAT)


def link(url: str, words: str) -> str:
    if not url.startswith(("https://", "http://")) or len(url) > MAX_LINK:
        return inert(words)
    return f"<{quote(url, safe=_URL_SAFE)}|{inert(words).replace('|', '¦')}>"


_URL_SAFE = ":/?#[]@!$&'()*+,;=%~-._"


def payload(notice: Notice) -> dict[str, Any]:
    language = notice.language
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": clip(tame(notice.title), MAX_HEADER), "emoji": False}}
    ]
    if notice.body:
        blocks.append(section(clip(inert(tame_lines(notice.body)), MAX_SECTION)))
    for line in notice.lines[:MOST_LINES]:
        blocks.append(section(clip(told(line, language), MAX_SECTION)))
        blocks.append({"type": "context", "elements": [mrkdwn(foot(line, language))]})
    rest = len(notice.lines) - MOST_LINES
    foot_words = [link(notice.app_url, say(language, "alert_open_app"))] if notice.app_url else []
    if rest > 0:
        foot_words.insert(0, inert(say_many(language, "alert_more_there", rest)))
    if foot_words:
        blocks.append({"type": "context", "elements": [mrkdwn(" · ".join(foot_words))]})
    return {"text": clip(escape(tame(notice.title)), 1000), "blocks": blocks, "unfurl_links": False}


def told(line: Line, language: str) -> str:
    words = [link(line.url, headline(line)) or say(language, "alert_no_words")]
    if said := excerpt(line, 400):
        words.append(inert(said))
    return "\n".join(words)


def foot(line: Line, language: str) -> str:
    parts = [inert(byline(line, language))]
    if line.app_url:
        parts.append(link(line.app_url, say(language, "alert_in_app")))
    return " · ".join(part for part in parts if part)


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text)}


def mrkdwn(text: str) -> dict[str, Any]:
    # verbatim: names and addresses in it stay words
    return {"type": "mrkdwn", "text": text, "verbatim": True}
