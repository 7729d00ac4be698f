"""Rude words in a text, as they stand there: lists, not a judgement. The brand's own words come on top.

The lists are LDNOOBW's English and French (CC BY 4.0), less what ordinary posts also say ("sex", "veuve", "bosser"):
`tools/distil/offensive.py` names what is left out, and adds a few.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from backend.understanding.vectors import DATA

LANGUAGES = ("en", "fr")
MAX_CHARACTERS = 20_000


@dataclass(frozen=True)
class Rude:
    """`word` as it stands in the text at `text[start:end]`."""

    word: str
    start: int
    end: int


def find_offensive(text: str, own: Sequence[str] = ()) -> tuple[Rude, ...]:
    """Rude words and phrases of both lists and of `own`, in order; whole words only, whatever the case.

    Both lists are read whatever the language: people swear in either, and a short text's language is often unsure.
    """
    text = text[:MAX_CHARACTERS]
    found = {(match.start(), match.end()) for match in _shipped().finditer(text)}
    if extra := tuple(sorted({word.strip() for word in own if word.strip()})):
        found |= {(match.start(), match.end()) for match in _compiled(extra).finditer(text)}
    return tuple(Rude(text[start:end], start, end) for start, end in sorted(found))


@lru_cache(maxsize=1)
def _shipped() -> regex.Pattern[str]:
    words = {
        line
        for language in LANGUAGES
        for line in (DATA / f"offensive-{language}.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    }
    return _compiled(tuple(sorted(words)))


@lru_cache(maxsize=256)
def _compiled(words: tuple[str, ...]) -> regex.Pattern[str]:
    """One pattern for all; longest first, so that a phrase is found before the word in it."""
    parts = sorted((unicodedata.normalize("NFC", word) for word in words), key=len, reverse=True)
    inner = "|".join(r"[\s\-]+".join(map(regex.escape, part.split())) for part in parts)
    return regex.compile(rf"(?<![\p{{L}}\p{{M}}\p{{N}}])(?:{inner})(?![\p{{L}}\p{{M}}\p{{N}}])", regex.IGNORECASE)
