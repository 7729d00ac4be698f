"""What stands in back-ticks as a regular expression, the same for the matcher, SQLite and PostgreSQL: its very
characters, and where it begins or ends with a letter or a digit, the boundary of a word there. Texts are stored in the
composed form (NFC)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from backend.query.words import is_unspaced_sign

_LAST = 0x20000  # beyond are Chinese characters, which have no boundaries


def composed(text: str) -> str:
    """Letters and their accents as one character, where there is one: what looks alike is alike."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def written_pattern(written: str) -> str:
    """What matches these characters, where they are no part of a longer word."""
    before = f"(?<![{_word_signs()}])" if _is_word_sign(written[0]) else ""
    behind = f"(?![{_word_signs()}])" if _is_word_sign(written[-1]) else ""
    return before + re.escape(written) + behind


def _is_word_sign(sign: str) -> bool:
    """Letters, digits and marks, but for those of scripts that are written without blanks."""
    return unicodedata.category(sign)[0] in "LNM" and not is_unspaced_sign(sign)


@cache
def _word_signs() -> str:
    """All of them, as ranges between brackets: what databases call a letter depends on where they are."""
    ranges: list[list[int]] = []
    inside = False
    for code in range(0x20, _LAST):
        sign = chr(code)
        if unicodedata.category(sign) in ("Cn", "Co", "Cs"):
            continue  # no character: it may lie in a range or not
        if not _is_word_sign(sign):
            inside = False
        elif inside:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
            inside = True
    return "".join(chr(first) if first == last else f"{chr(first)}-{chr(last)}" for first, last in ranges)
