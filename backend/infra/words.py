"""The words of what the server itself says, in pages and messages: the same `_locales/*/messages.json` that app and
toolbar read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from backend.infra.built import locales_folder

LANGUAGES = ("en", "fr")
_NARROW_NO_BREAK = "\u202f"


@lru_cache(maxsize=4)
def word_table(language: str) -> Mapping[str, str]:
    """Key → words. English where a language is not ours."""
    path = locales_folder() / (language if language in LANGUAGES else "en") / "messages.json"
    return {key: entry["message"] for key, entry in json.loads(path.read_text("utf-8")).items()}


def say(language: str, key: str, **values: object) -> str:
    """The words of a key with its `{placeholders}` filled; the key itself where there are none."""
    words = word_table(language).get(key, key)
    for name, value in values.items():
        words = words.replace("{" + name + "}", number(language, value) if isinstance(value, int) else str(value))
    return words


def say_many(language: str, key: str, n: int, **values: object) -> str:
    """The plural form of a key for `n` (`key_one`, `key_other`), with `{n}` filled. French counts 0 as one."""
    one = n in (0, 1) if language == "fr" else n == 1
    return say(language, f"{key}_one" if one else f"{key}_other", n=n, **values)


def number(language: str, n: int) -> str:
    """1234 → `1,234`, in French with a narrow space that does not break."""
    return f"{n:,}" if language != "fr" else f"{n:,}".replace(",", _NARROW_NO_BREAK)


def short_moment(language: str, at: datetime, zone: str) -> str:
    """`Mon 23 Nov, 09:00` on the clock of a zone."""
    there = at.astimezone(ZoneInfo(zone))
    day = say(language, f"weekday_short_{there.weekday()}")
    month = say(language, f"month_short_{there.month}")
    return f"{day} {there.day} {month}, {there:%H:%M}"


def best_language(accept_language: str) -> str:
    """The first language of an Accept-Language header that we speak, English otherwise."""
    for part in accept_language.split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in LANGUAGES:
            return tag
    return "en"


def first_spoken(languages: Sequence[str]) -> str:
    """The first of a brand's languages that we speak, English otherwise."""
    return next((tag for tag in languages if tag in LANGUAGES), "en")
