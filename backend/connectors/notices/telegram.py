"""Telegram's bot API (https://core.telegram.org/bots/api#sendmessage): HTML, at most 4,096 characters of UTF-16 after
its tags are read. `@name` in a text pings that person in a group, so the sign is parted from the name."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from backend.config import Settings
from backend.connectors.notices.base import (
    Field,
    Line,
    Notice,
    Outcome,
    Refused,
    Sent,
    Setup,
    TryLater,
    WayOut,
    post_notice,
)
from backend.connectors.notices.text import byline, clip, excerpt, headline, tame, tame_lines, utf16_len
from backend.infra.errors import Invalid
from backend.infra.http import HttpResponse
from backend.infra.words import say, say_many

API = "https://api.telegram.org"
MAX_TEXT = 4096
MOST_LINES = 12
TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")
CHAT = re.compile(r"-?\d{1,20}|@[A-Za-z0-9_]{3,64}")


class Telegram:
    kind = "telegram"
    fields = (Field("token", secret=True), Field("chat"))

    def set_up(self, given: Mapping[str, Any], settings: Settings) -> Setup:  # noqa: ARG002  # no address to check
        token, chat = str(given.get("token", "")).strip(), str(given.get("chat", "")).strip()
        wrong = {}
        if not TOKEN.fullmatch(token):
            wrong["token"] = "What @BotFather gave: digits, a colon, letters."  # noqa: S105  # a sentence
        if not CHAT.fullmatch(chat):
            wrong["chat"] = "A number such as -1001234567890, or @channel."
        if wrong:
            raise Invalid("This cannot be used.", fields=wrong)
        return Setup({"chat": chat}, {"token": token})

    def send(self, way: WayOut, setup: Setup, notice: Notice) -> Outcome:
        base = way.settings.endpoint(self.kind, API)
        body = {
            "chat_id": setup.params["chat"],
            "text": write(notice),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        answered: list[HttpResponse] = []

        def call() -> HttpResponse:
            answered.append(way.http.post(f"{base}/bot{setup.secrets['token']}/sendMessage", json=body))
            return answered[-1]

        outcome = post_notice(call, is_ours=lambda answer: _told(answer).get("ok") is True)
        return (
            _in_its_words(outcome, _told(answered[-1]), setup.secrets["token"])
            if answered
            else _hide(outcome, setup.secrets["token"])
        )


def _told(answer: HttpResponse) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _in_its_words(outcome: Outcome, told: Mapping[str, Any], token: str) -> Outcome:
    """Telegram says what is wrong in `description`, and how long to wait in `parameters.retry_after`."""
    words = str(told.get("description", ""))[:300]
    if isinstance(outcome, TryLater):
        parameters = told.get("parameters")
        after = parameters.get("retry_after") if isinstance(parameters, dict) else None
        wait = after if isinstance(after, int) and 0 < after <= 3600 else outcome.after_s
        return _hide(TryLater(outcome.code, words or outcome.message, wait), token)
    if isinstance(outcome, Refused):
        code = "chat_not_found" if "chat not found" in words.lower() else outcome.code
        # An unknown token answers 404: there is no such address.
        code = "unauthorized" if code == "not_found" and told else code
        return _hide(Refused(code, words or outcome.message), token)
    return outcome


def _hide(outcome: Outcome, token: str) -> Outcome:
    """The token is part of the address, and errors quote addresses."""
    if isinstance(outcome, Sent):
        return outcome
    message = outcome.message.replace(token, "…")
    if isinstance(outcome, Refused):
        return Refused(outcome.code, message)
    return TryLater(outcome.code, message, outcome.after_s)


def inert(text: str) -> str:
    return html.escape(text, quote=False).replace("@", "@\u2060")


def link(url: str, words: str) -> str:
    if not url.startswith(("https://", "http://")):
        return inert(words)
    return f'<a href="{html.escape(url)}">{inert(words)}</a>'


def write(notice: Notice) -> str:
    """The text; stories are left out from the end until it fits, and what was left out is counted."""
    told = [one_story(line, notice.language) for line in notice.lines[:MOST_LINES]]
    while True:
        left = len(notice.lines) - len(told)
        parts = [f"<b>{inert(clip(tame(notice.title), 300))}</b>"]
        if notice.body:
            parts.append(inert(clip(tame_lines(notice.body), 1200)))
        parts += told
        if left:
            parts.append(inert(say_many(notice.language, "alert_more_there", left)))
        if notice.app_url:
            parts.append(link(notice.app_url, say(notice.language, "alert_open_app")))
        text = "\n\n".join(parts)
        if utf16_len(text) <= MAX_TEXT or not told:  # tags count here although Telegram does not count them: safe
            return text
        told.pop()


def one_story(line: Line, language: str) -> str:
    words = [link(line.url, headline(line))]
    if said := excerpt(line, 240):
        words.append(inert(said))
    foot = [inert(byline(line, language))]
    if line.app_url:
        foot.append(link(line.app_url, say(language, "alert_in_app")))
    words.append(" · ".join(part for part in foot if part))
    return "\n".join(part for part in words if part)
