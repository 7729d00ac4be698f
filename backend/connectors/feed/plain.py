"""Markup of other people as plain text: nothing of it is ever shown as markup."""

from __future__ import annotations

import html
import re

import nh3

MAX_TEXT = 10_000  # code points that are kept of one post or article
MAX_MARKUP = 400_000  # code points of markup that are read at all

MAX_TAGS = 5_000  # a browser's parser takes seconds over tens of thousands of elements inside each other

# What stands on a line of its own where it is shown.
_ENDS_LINE = re.compile(
    r"(?i)<br\s*/?>|</(?:p|div|li|h[1-6]|tr|blockquote|article|section|figure|figcaption|pre|ul|ol|dd|dt)\s*>"
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_NOT_TEXT = {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "head", "select"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0\ufffe\uffff]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n ?")
_GAPS = re.compile(r"\n{3,}")


def plain_text(markup: str, *, limit: int = MAX_TEXT) -> str:
    """HTML (or text that may hold some) as text: blocks end lines, scripts and styles vanish, entities are read once.

    A browser's parser does the reading (ammonia, by nh3), so that what is broken is read as a browser would.
    """
    markup = markup[:MAX_MARKUP]
    if markup.count("<") > MAX_TAGS:
        markup = html.unescape(_ANY_TAG.sub(" ", markup))
    elif "<" in markup:
        cleaned = nh3.clean(_ENDS_LINE.sub("\\g<0>\n", markup), tags=set(), clean_content_tags=_NOT_TEXT)
        markup = html.unescape(cleaned)
    elif "&" in markup:
        markup = html.unescape(markup)
    return shorten(tidy(markup), limit)


def one_line(markup: str, *, limit: int = 500) -> str:
    """A title or a name: as `plain_text`, on one line."""
    return shorten(" ".join(plain_text(markup).split()), limit)


def tidy(text: str) -> str:
    """Text without control characters, runs of blanks and gaps of many lines."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _GAPS.sub("\n\n", _LINES.sub("\n", _BLANKS.sub(" ", text))).strip()


def shorten(text: str, limit: int) -> str:
    """At most `limit` code points, cut between words where there is a blank near the end."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, blank, _ = cut.rpartition(" ")
    return (head if blank and len(head) > limit * 0.8 else cut).rstrip() + "…"
