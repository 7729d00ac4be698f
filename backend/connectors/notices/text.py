"""What somebody out there wrote, made fit to stand in our message: no orders to the reader's screen, no more than fits.

Escaping is each channel's own; this is what all have in common.
"""

from __future__ import annotations

import re
import unicodedata

from backend.connectors.notices.base import Line
from backend.infra.words import say, say_many

# Of Cf those that turn the direction of what follows, or hide. Joiners stay: emoji and Persian need them.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u2060\ufeff\u00ad")

# Not those that do not break: French punctuation stands on them.
_BLANKS = re.compile(r"[ \t\u1680\u2000-\u200a\u205f\u3000]+")


def tame(text: str) -> str:
    """One line: no control characters, nothing that reverses or hides, blanks collapsed."""
    kept = (
        " " if unicodedata.category(ch) in ("Cc", "Zl", "Zp") else ch
        for ch in text
        if ch not in _TURNING and unicodedata.category(ch) not in ("Cs", "Co")
    )
    return _BLANKS.sub(" ", "".join(kept)).strip()


def tame_lines(text: str) -> str:
    """The same, line by line."""
    return "\n".join(tame(line) for line in text.splitlines()).strip()


def clip(text: str, most: int) -> str:
    """At most `most` code points, cut at a blank where one is near."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    blank = cut.rfind(" ")
    return (cut[:blank] if blank > most * 0.7 else cut).rstrip() + "…"


def clip_bytes(text: str, most: int) -> str:
    """At most `most` bytes of UTF-8."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode("utf-8", "ignore").rstrip() + "…"


def utf16_len(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def headline(line: Line, most: int = 200) -> str:
    """What a story is called: its title, else how it begins."""
    return clip(tame(line.title) or tame(line.text) or line.url, most)


def excerpt(line: Line, most: int = 280) -> str:
    """What it says, where the headline does not say it already."""
    return clip(tame(line.text), most) if tame(line.title) and tame(line.text) != tame(line.title) else ""


def byline(line: Line, language: str) -> str:
    """`Alice · mastodon · and 12 more · question`."""
    parts = [clip(tame(line.author), 80), clip(tame(line.network), 60)]
    if line.more:
        parts.append(say_many(language, "alert_and_more", line.more))
    if line.why:
        parts.append(say(language, f"alert_why_{line.why}"))
    return " · ".join(part for part in parts if part)
