"""Addresses, tags and mentions in a plain text, with places in code points. One way for counting and for facets.

`extension/shared/counting.ts` holds the same patterns; `tests/unit/publishing/vectors.json` keeps both sides equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

_URL = regex.compile(r"""(?<![A-Za-z0-9_@＠$#＃])https?://[^\s<>"«»“”‹›]+""", regex.IGNORECASE)
# End of sentence, quotes and closing brackets belong to the sentence, not to the address.
_TRAILING = ".,;:!?…'’)]}>*_~"
_BRACKETS = {")": "(", "]": "[", "}": "{"}

#: `@alice` or `@alice@example.org`, not inside a word or an address (Mastodon, Account::MENTION_RE)
FEDIVERSE_MENTION = regex.compile(
    r"(?<![=/\p{L}\p{N}_])@([a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_]+)?)@[\p{L}\p{N}_.-]+[\p{L}\p{N}_]", regex.IGNORECASE
)

_TAG = regex.compile(r"(?:^|(?<=\s))[#＃]([^\s\u00ad\u2060\u200a-\u200d\u20e2]+)")
_BLUESKY_MENTION = regex.compile(r"(?:^|(?<=[\s(]))@([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)")


@dataclass(frozen=True)
class Span:
    """A part of a text, in code points, and what it stands for (the address, the tag without #, the handle)."""

    start: int
    end: int
    value: str


def find_urls(text: str) -> list[Span]:
    """Addresses with http:// or https://, without the punctuation that ends a sentence."""
    found = []
    for match in _URL.finditer(text):
        url = trim_url(match.group())
        host = url.split("://", 1)[1].split("/", 1)[0]
        if host.strip(".:@[]"):
            found.append(Span(match.start(), match.start() + len(url), url))
    return found


def trim_url(url: str) -> str:
    """`https://example.org/a_(b)).` → `https://example.org/a_(b)`."""
    while url and url[-1] in _TRAILING:
        opening = _BRACKETS.get(url[-1])
        if opening and url.count(opening) >= url.count(url[-1]):
            break
        url = url[:-1]
    return url


def find_tags(text: str) -> list[Span]:
    """Hashtags as Bluesky's own client finds them: after a blank, not only digits, at most 64 code points."""
    found = []
    for match in _TAG.finditer(text):
        tag = regex.sub(r"\p{P}+$", "", match.group(1))
        if tag and len(tag) <= 64 and not regex.fullmatch(r"[\d\p{P}]+", tag) and not tag.startswith("\ufe0f"):
            found.append(Span(match.start(), match.start() + 1 + len(tag), tag))
    return found


def find_bluesky_mentions(text: str) -> list[Span]:
    """`@alice.example.com`: whether it is somebody is only known by asking."""
    return [Span(m.start(), m.end(), m.group(1).lower()) for m in _BLUESKY_MENTION.finditer(text)]


def byte_offsets(text: str, span: Span) -> tuple[int, int]:
    """Where the span is in the text's UTF-8 bytes, as Bluesky's facets want it."""
    start = len(text[: span.start].encode())
    return start, start + len(text[span.start : span.end].encode())
