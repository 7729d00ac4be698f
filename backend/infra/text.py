"""Text as a database takes it."""

from __future__ import annotations


def storable(text: str) -> str:
    """Without what a database refuses although JSON can carry it: NUL and halves of surrogate pairs."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-8", "ignore").decode()
    return text.replace("\0", "")  # the same text, not a copy, where there is none


def one_line(text: str) -> str:
    """Storable, every run of blanks and line ends one space: names, titles, tags."""
    return " ".join(storable(text).split())
