"""Folding and cutting text into words: the only place, so that matcher, stored columns and suggestions agree.

Folding makes spellings of one word equal: case, accents, ß œ æ ø and their kind, ligatures, full-width and decorated
letters (NFKC), invisible characters. What remains is cut into words:

- letters, digits and marks that stand together; apostrophes, hyphens, dots and the rest cut ("l’eau" → l, eau);
- scripts written without spaces (Chinese, Japanese, Korean, Thai…) are cut by single characters;
- one or two plus signs or a sharp at the end belong to the word, so that "C++" and "C#" are not "C";
- dotted capitals are one word ("S.N.C.F." → sncf).

Some words can be read in a second way: `#CafeLumiere` and `@cafelumiere` and `cafelumiere.example` also say
"café lumière". Such readings stand after the main words, each behind a `/`, a mark that no query can contain, so that
a phrase never runs from one reading into the next:

    Merci #CafeLumiere   →   merci cafelumiere / #cafelumiere / cafe lumiere

`#cafelumiere` is what a phrase of several words is also looked for as (see `spellings`).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

import regex

from backend.query.quick import QuickCutter

#: stands between two readings, and between two fields of one stored column
BREAK = "/"

# Letters that no Unicode normalisation takes apart, but that people type as these.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "þ": "th", "ŋ": "n"}
)
# NFKC turns ™ into the letters "tm" and would glue them to the name.
_SIGNS = dict.fromkeys(map(ord, "™®©℠℗"), " ")
# Marks that are accents or optional vowels: Latin, Greek, Cyrillic, Hebrew points, Arabic harakat and tatweel,
# variation selectors. Vowel signs of Indic and Thai scripts are letters to their readers and stay.
_ACCENTS = regex.compile(
    r"[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef\p{Cf}]"
)
# Runs whose characters only make sense together (kana with its voicing mark, Hangul jamo, vowel signs).
_NEEDS_CLUSTERS = regex.compile(r"[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\uff9e-\uffdc\p{M}]")
_CLUSTER = regex.compile(r"[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\uffa0-\uffdc]+|.[\p{M}\uff9e\uff9f]*", regex.DOTALL)
_UNSPACED_SIGN = r"[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_UNSPACED = rf"[{_UNSPACED_SIGN}&&[\p{{L}}\p{{N}}]]"
_WORD = regex.compile(
    rf"""
      (?<![\p{{L}}\p{{N}}]) (?:\p{{L}}\.)+ \p{{L}} (?![\p{{L}}\p{{N}}] | \.[\p{{L}}\p{{N}}])
    | {_UNSPACED}\p{{M}}*
    | [[\p{{L}}\p{{N}}\p{{M}}]--{_UNSPACED}]+ (?: \+\+(?!\+) | \+(?![\p{{L}}\p{{N}}+]) | \#(?![\p{{L}}\p{{N}}#]) )?
    """,
    regex.VERSION1 | regex.VERBOSE,
)
_ANY_UNSPACED = regex.compile(_UNSPACED_SIGN)
_UNSPACED_WORD = regex.compile(rf"{_UNSPACED}\p{{M}}*", regex.VERSION1)
_ASCII_WORD = re.compile(
    r"(?<![a-z0-9])(?:[a-z]\.)+[a-z](?![a-z0-9]|\.[a-z0-9])"
    r"|[a-z0-9]+(?:\+\+(?!\+)|\+(?![a-z0-9+])|#(?![a-z0-9#]))?"
)
_TAG = regex.compile(r"(?<![\p{L}\p{N}])[#＃@＠]([\p{L}\p{N}\p{M}_]+)")
_HOST = regex.compile(r"(?<![\p{L}\p{N}_@-])((?:[\p{L}\p{N}_-]+(?:\.|\[\.\]|\(\.\)))+)\p{L}{2,}(?![\p{L}\p{N}_])")
_LABEL = regex.compile(r"(?<![\p{L}\p{N}_-])[\p{L}\p{N}]{4,}(?![\p{L}\p{N}_-])")
_CAMEL = regex.compile(r"\p{Lu}+(?![\p{Ll}\p{M}])|\p{Lu}?[\p{Ll}\p{M}]+|\p{N}+|\p{L}+")


_MARKS = "#@＃＠."  # what second readings begin with, or hold
_REMEMBERED = 20_000  # characters; a text made of all of Unicode shall not stay in memory


class _Table(dict[int, str]):
    """What each character folds to, found once; made for `str.translate`."""

    def __missing__(self, code: int) -> str:
        folded = _fold_piece(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


def _fold_piece(piece: str) -> str:
    """One character with its marks, folded until nothing changes any more."""
    piece = piece.translate(_SIGNS)
    for _ in range(4):
        plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", piece).casefold())
        folded = unicodedata.normalize("NFC", _ACCENTS.sub("", plain).translate(_LETTERS))
        if folded == piece:
            break
        piece = folded
    if len(piece) == 1 and not piece.isascii() and unicodedata.category(piece)[0] in "PSZC":
        return " "  # typographic quotes and dashes cut like any other: what is left is mostly ASCII, and fast
    return piece


_TABLE = _Table()


class Folded:
    """A text as folded words: the main reading, then the second readings, each behind a break.

    Where the words stand in the text is worked out when somebody asks: most texts are only looked through.
    """

    def __init__(self, text: str, flat: str) -> None:
        self._text = text
        #: all readings, separated and surrounded by single spaces: ` word word / other reading `
        self.flat = flat

    @cached_property
    def _all(self) -> tuple[list[str], int]:
        """Every word of `flat`, and how many of them are the main reading."""
        words = self.flat.split()
        return words, words.index(BREAK) if BREAK in words else len(words)

    @property
    def words(self) -> tuple[str, ...]:
        words, main = self._all
        return tuple(words[:main])

    @property
    def others(self) -> tuple[str, ...]:
        words, main = self._all
        return tuple(words[main:])

    @cached_property
    def _starts(self) -> list[int]:
        """Where each word begins in `flat`."""
        lengths = [len(word) + 1 for word in self._all[0]]
        return list(accumulate(lengths[:-1], initial=1)) if lengths else []

    @cached_property
    def _main_spans(self) -> list[tuple[int, int]]:
        """Where each word of the main reading stands, in code points of the text."""
        spans = _QUICK.spans(self._text)
        if spans is not None and len(spans) == self._all[1]:
            return spans
        return _in_text(self._text, [span for _, span in _cut(_fold_text(self._text))])

    @cached_property
    def _other_spans(self) -> list[tuple[int, int]]:
        """Where each word of the second readings stands; breaks too, so that both can be counted alike."""
        return [place for _, places in _second_readings(self._text) for place in (places[0], *places)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """From a stretch of `flat` (a hit of whole words, surrounding spaces allowed) to code points of the text."""
        first = bisect_right(self._starts, start + (self.flat[start] == " ")) - 1
        last = bisect_right(self._starts, end - 1 - (self.flat[end - 1] == " ")) - 1
        return self._word_span(first)[0], self._word_span(last)[1]

    def _word_span(self, index: int) -> tuple[int, int]:
        main = self._all[1]
        return self._main_spans[index] if index < main else self._other_spans[index - main]


def fold(text: str) -> Folded:
    """The folded words of a text, with the way back to its code points."""
    cut = _QUICK.cut(text)
    if cut is None:
        return fold_slowly(text)
    words = [cut.words] if cut.words else []
    if cut.tags or cut.hosts:
        pieces = text.split()
        if cut.tags:
            for piece in pieces:
                if "#" in piece or "@" in piece or "＃" in piece or "＠" in piece:
                    for parts, _ in _tags(piece):
                        words += [BREAK, *parts]
        if cut.hosts:
            for piece in pieces:
                if "." in piece and "." in piece.rstrip("."):
                    for parts, _ in _hosts(piece):
                        words += [BREAK, *parts]
    return Folded(text, f" {' '.join(words)} " if words else " ")


def fold_slowly(text: str) -> Folded:
    """As `fold`, whatever the letters: what `quick` is held to."""
    words = [word for word, _ in _cut(_fold_text(text))]
    for parts, _ in _second_readings(text):
        words += [BREAK, *parts]
    return Folded(text, f" {' '.join(words)} " if words else " ")


_Spans = list[tuple[int, int]]


def _cut(folded: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The words of a folded text, and where they stand in it."""
    pattern = _ASCII_WORD if folded.isascii() else _WORD
    for found in pattern.finditer(folded):
        word = found[0]
        if not word[0].isalnum() and not any(map(str.isalnum, word)):
            continue  # marks that stand alone
        yield word.replace(".", "") if "." in word else word, found.span()


def _in_text(text: str, spans: Sequence[tuple[int, int]]) -> _Spans:
    """From places in the folded text to code points of the text."""
    begins: list[int] = []
    ends: list[int] = []
    at = 0
    for piece in _pieces(text):
        letters = len(_fold_known(piece))
        begins.extend([at] * letters)
        at += len(piece)
        ends.extend([at] * letters)
    return [(begins[start], ends[end - 1]) for start, end in spans]


def is_unspaced(word: str) -> bool:
    """Whether a folded word is a character of a script that is written without spaces."""
    return _UNSPACED_WORD.fullmatch(word) is not None


def is_unspaced_sign(sign: str) -> bool:
    """Whether a character, be it a mark, is of a script that is written without spaces."""
    return _ANY_UNSPACED.match(sign) is not None


def fold_words(text: str) -> str:
    """The folded words of a text, second readings included, separated by single spaces: what is stored."""
    return fold(text).flat.strip()


def fold_column(*texts: str) -> str:
    """The content of a folded column: fields of one thing (title, text…), marks between them, spaces around.

    The spaces around let SQL find whole words with LIKE '% word %'; the marks (`/1` behind the first field, `/2` behind
    the second) keep a phrase inside one field, and say in which field a word stands.
    """
    return column_of(*map(fold, texts))


def column_of(*fields: Folded) -> str:
    """The content of a folded column, of fields that are folded already."""
    parts = [part for at, one in enumerate(fields) for part in (at and mark_behind(at), one.flat.strip())]
    return f" {' '.join(part for part in parts if part)} "


def mark_behind(field: int) -> str:
    """What stands behind the nth field of a column, the first being 1; no word is like it."""
    return f"{BREAK}{field}"


def spellings(words: Sequence[str]) -> list[str]:
    """How a phrase can stand in a folded text: its words in a row, or joined in a tag, a handle or a host name."""
    spaced = " ".join(words)
    joined = "".join(words)
    if len(words) > 1 and not any(sign in joined for sign in "+#"):
        return [spaced, "#" + joined]
    return [spaced]


def _fold_text(text: str) -> str:
    if text.isascii():
        return text.lower()
    if _NEEDS_CLUSTERS.search(text):
        return "".join(map(_fold_known, _pieces(text)))
    return text.translate(_TABLE)


def _fold_known(piece: str) -> str:
    return _TABLE[ord(piece)] if len(piece) == 1 else _fold_piece(piece)


def _pieces(text: str) -> Sequence[str]:
    """What is folded as one: a character, or a character with the marks that belong to it."""
    if text.isascii() or not _NEEDS_CLUSTERS.search(text):
        return text
    pieces: list[str] = _CLUSTER.findall(text)
    return pieces


def _second_readings(text: str) -> Iterator[tuple[list[str], _Spans]]:
    """Names that end in a sign, tags, handles and hosts once more, each with its places in the text."""
    if "+" in text or "#" in text or not text.isascii():
        signed = [
            (word.rstrip("+#"), span)
            for word, span in _cut(_fold_text(text))
            if word[-1] in "+#" and len(word.rstrip("+#")) > 2
        ]
        places = _in_text(text, [(start, start + len(stem)) for stem, (start, _) in signed])
        for (stem, _), place in zip(signed, places, strict=True):
            yield [stem], [place]
    if any(sign in text for sign in _MARKS):
        yield from _tags(text)
        yield from _hosts(text)


def _tags(text: str) -> Iterator[tuple[list[str], _Spans]]:
    """Tags and handles: joined behind a `#`, and cut where capitals or digits begin."""
    for found in _TAG.finditer(text):
        joined = "".join(fold(found[1].replace("_", " ")).words)
        if len(joined) > 3:
            yield ["#" + joined], [found.span(1)]
        parts = [
            (word, (found.start(1) + piece.start(), found.start(1) + piece.end()))
            for piece in _CAMEL.finditer(found[1])
            for word in fold(piece[0]).words
        ]
        if len(parts) > 1 and "_" not in found[1]:
            yield [word for word, _ in parts], [place for _, place in parts]


def _hosts(text: str) -> Iterator[tuple[list[str], _Spans]]:
    """The long labels of hosts, joined behind a `#`."""
    for found in _HOST.finditer(text):
        for label in _LABEL.finditer(found[1]):
            joined = "".join(fold(label[0]).words)
            if joined:
                yield ["#" + joined], [(found.start(1) + label.start(), found.start(1) + label.end())]


_QUICK = QuickCutter(lambda sign: _TABLE[ord(sign)], _NEEDS_CLUSTERS.match)
