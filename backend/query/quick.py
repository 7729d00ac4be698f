"""Cutting texts of Latin letters into folded words quickly: byte by byte, in a few passes of the interpreter's own.

Most texts are French or English. Their letters have one byte each in Windows-1252, so that one table folds them all;
what stands outside (narrow blanks, pictures, Polish letters) is folded on its way in. Whatever is not sure to come out
exactly as `words` cuts it is left to `words`: tests hold both against each other.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from encodings.cp1252 import decoding_table, encoding_table

ENCODING = "cp1252"
_INSIDE = frozenset(decoding_table)
_HANDLER = "entregent.fold"
# Marks that are folded with the letter before, and vanish whatever that is: variation selectors and the keycap.
_VANISHING = frozenset({*map(chr, range(0xFE00, 0xFE10)), "\u20e3"})
# Classes of bytes: letters, digits, what words or second readings may be made of, and what is left to `words`.
_LETTER, _DIGIT, _SLOW = b"a", b"0", b"!"
_KEPT = b".+#@"
#: dotted capitals (S.N.C.F.), over classes: as `words` reads them
_DOTTED = re.compile(rb"(?<![a0])(?:a\.)+a(?![a0]|\.[a0])")
_GLUED_SIGNS = {b"+": (b"a+", b"0+"), b"#": (b"a#", b"0#")}
_RUN = re.compile(rb"[^ ]+")


@dataclass(frozen=True)
class Cut:
    """`words` are folded, ASCII, with single blanks between.

    `tags`, `hosts`: whether there may be some, which can be read in a second way.
    """

    words: str
    tags: bool
    hosts: bool


class QuickCutter:
    """`fold_known(character)` is what one character folds to; `needs_cluster(character)` whether it belongs to the one
    before."""

    def __init__(self, fold_known: Callable[[str], str], needs_cluster: Callable[[str], object]) -> None:
        self._fold_known = fold_known
        self._needs_cluster = needs_cluster
        words, classes = bytearray(b" " * 256), bytearray(b" " * 256)
        self._expanding: list[tuple[bytes, bytes]] = []
        self._vanishing: list[bytes] = []
        for code in range(256):
            try:
                sign = bytes([code]).decode(ENCODING)
            except UnicodeDecodeError:
                continue
            folded = fold_known(sign)
            if not folded:
                self._vanishing.append(bytes([code]))
            elif folded.isascii() and folded.isalnum():
                if len(folded) > 1:
                    self._expanding.append((bytes([code]), folded.encode()))
                words[code] = ord(folded[0])
                classes[code] = (_DIGIT if folded[0].isdigit() else _LETTER)[0]
            elif any(map(str.isalnum, folded)):
                classes[code] = _SLOW[0]
            elif sign in _KEPT.decode():
                classes[code] = code
        self._words, self._classes = bytes(words), bytes(classes)
        codecs.register_error(_HANDLER, self._fold_outside)

    def cut(self, text: str) -> Cut | None:
        """None: left to `words`."""
        data = self._encode(text)
        if data is None:
            return None
        for vanishing in self._vanishing:
            if vanishing in data:
                data = data.replace(vanishing, b"")
        for letter, letters in self._expanding:
            if letter in data:
                data = data.replace(letter, letters)
        classes = self._classes_of(data)
        if classes is None:
            return None
        if b"a.a" in classes:
            data = _without_dots(data, classes)
        return Cut(
            b" ".join(data.translate(self._words).split()).decode("ascii"),
            b"#" in data or b"@" in data,
            b".aa" in classes or ".]" in text or ".)" in text,
        )

    def spans(self, text: str) -> list[tuple[int, int]] | None:
        """Where each word of `cut` stands, in code points; None where what stands outside the table is folded
        to more or less than one sign."""
        data = self._encode(text)
        if data is None or len(data) != len(text) or any(one in data for one in self._vanishing):
            return None
        if any(map(self._moves, set(text) - _INSIDE)) or self._classes_of(data) is None:
            return None
        return [found.span() for found in _RUN.finditer(data.translate(self._words))]

    def _classes_of(self, data: bytes) -> bytes | None:
        classes = data.translate(self._classes)
        if _SLOW in classes:
            return None
        for sign, glued in _GLUED_SIGNS.items():
            if sign in data and (glued[0] in classes or glued[1] in classes):
                return None
        return classes

    def _moves(self, sign: str) -> bool:
        return len(self._fold_known(sign)) != 1

    def _encode(self, text: str) -> bytes | None:
        if text.isascii():
            return text.encode()
        try:
            return codecs.charmap_encode(text, _HANDLER, encoding_table)[0]
        except UnicodeEncodeError:
            return None

    def _fold_outside(self, error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        folded = []
        for sign in error.object[error.start : error.end]:
            if self._needs_cluster(sign) and sign not in _VANISHING:
                raise error
            folded.append(self._fold_known(sign))
        return "".join(folded), error.end


def _without_dots(data: bytes, classes: bytes) -> bytes:
    """Dotted capitals are one word."""
    parts, at = [], 0
    for found in _DOTTED.finditer(classes):
        parts += [data[at : found.start()], data[found.start() : found.end()].replace(b".", b"")]
        at = found.end()
    return b"".join([*parts, data[at:]])
