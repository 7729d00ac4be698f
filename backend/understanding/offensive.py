"""Rude words in a text, as they stand there: lists, not a judgement. The brand's own words come on top.

The lists are LDNOOBW's English and French (CC BY 4.0), less what ordinary posts also say ("sex", "veuve", "bosser"):
`tools/distil/offensive.py` names what is left out, and adds a few.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from backend.understanding.vectors import DATA

LANGUAGES = ("en", "fr")
MAX_CHARACTERS = 20_000

_IN_RUN = regex.compile(r"[\p{L}\p{M}\p{N}]")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}")
_REMEMBERED = 20_000  # characters; a text made of all of Unicode shall not stay in memory
_TURKISH = str.maketrans("İı", "ii")  # regex takes all four for one letter, str.casefold does not


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
    found: set[tuple[int, int]] = set()
    # The pattern is tried at every letter; hardly any text has a rude word or the first two of a phrase.
    if _may_hold_shipped(_runs(text)):
        found = {(match.start(), match.end()) for match in _shipped().finditer(text)}
    if extra := tuple(sorted({word.strip() for word in own if word.strip()})):
        found |= {(match.start(), match.end()) for match in _compiled(extra).finditer(text)}
    return tuple(Rude(text[start:end], start, end) for start, end in sorted(found))


@lru_cache(maxsize=1)
def _shipped_words() -> tuple[str, ...]:
    words = {
        line
        for language in LANGUAGES
        for line in (DATA / f"offensive-{language}.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    }
    return tuple(sorted(words))


@lru_cache(maxsize=1)
def _shipped() -> regex.Pattern[str]:
    return _compiled(_shipped_words())


def _may_hold_shipped(runs: list[str]) -> bool:
    """Whether a word of the lists, or the first two of a phrase, are among these."""
    alone, first, pairs = _shipped_openings()
    if not alone.isdisjoint(runs):
        return True
    return not first.isdisjoint(runs) and not pairs.isdisjoint(pairwise(runs))


@lru_cache(maxsize=1)
def _shipped_openings() -> tuple[frozenset[str], frozenset[str], frozenset[tuple[str, str]]]:
    """Words that stand alone; first words of phrases; first two words of phrases."""
    openings = [_runs(unicodedata.normalize("NFC", word))[:2] for word in _shipped_words()]
    pairs = frozenset((words[0], words[1]) for words in openings if len(words) == 2)
    return frozenset(words[0] for words in openings if len(words) == 1), frozenset(one for one, _ in pairs), pairs


class _Cuts(dict[int, str]):
    """For `str.translate`: what belongs to no run is a blank, an emoji is a run of its own."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        cut = sign if _IN_RUN.match(sign) else f" {sign} " if _EMOJI.match(sign) else " "
        if len(self) < _REMEMBERED:
            self[code] = cut
        return cut


_CUTS = _Cuts()
# Latin letters, and the marks and signs that are no emoji (© and ® are): most texts hold nothing else.
_NOT_PLAIN = re.compile("[^\x00-\xa8\xaa-\xad\xaf-\u024f\u2010-\u2027\u20ac]")
_PLAIN_RUN = re.compile(r"[^\W_]+")


def _runs(text: str) -> list[str]:
    """Its runs of letters and digits and its emojis, whatever the case."""
    if "İ" in text or "ı" in text:
        text = text.translate(_TURKISH)
    text = text.casefold()
    if _NOT_PLAIN.search(text) is None:
        return _PLAIN_RUN.findall(text)
    return text.translate(_CUTS).split()


@lru_cache(maxsize=256)
def _compiled(words: tuple[str, ...]) -> regex.Pattern[str]:
    """One pattern for all; longest first, so that a phrase is found before the word in it."""
    parts = sorted((unicodedata.normalize("NFC", word) for word in words), key=len, reverse=True)
    inner = "|".join(r"[\s\-]+".join(map(regex.escape, part.split())) for part in parts)
    return regex.compile(rf"(?<![\p{{L}}\p{{M}}\p{{N}}])(?:{inner})(?![\p{{L}}\p{{M}}\p{{N}}])", regex.IGNORECASE)
