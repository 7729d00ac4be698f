"""The words of server pages: the same `_locales/*/messages.json` that app and toolbar read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from backend.infra.built import locales_folder

LANGUAGES = ("en", "fr")


@lru_cache(maxsize=4)
def word_table(language: str) -> Mapping[str, str]:
    """Key → words. English where a language is not ours."""
    path = locales_folder() / (language if language in LANGUAGES else "en") / "messages.json"
    return {key: entry["message"] for key, entry in json.loads(path.read_text("utf-8")).items()}


def say(language: str, key: str, **values: object) -> str:
    """The words of a key with its `{placeholders}` filled; the key itself where there are none."""
    words = word_table(language).get(key, key)
    for name, value in values.items():
        words = words.replace("{" + name + "}", str(value))
    return words


def best_language(accept_language: str) -> str:
    """The first language of an Accept-Language header that we speak, English otherwise."""
    for part in accept_language.split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in LANGUAGES:
            return tag
    return "en"


__all__ = ["LANGUAGES", "best_language", "say", "word_table"]
