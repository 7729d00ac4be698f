"""Static word vectors for English and French: a text as the weighted mean of what its words mean.

28,000 frequent words, 256 numbers of one byte each, made by `tools/distil/vectors.py` (sources and licences in
`data/README.md`). Only numpy; the file is mapped read-only, so that threads and forked processes share one copy.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import regex
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"
DIMENSIONS = 256
MAX_WORDS = 400  # of a long article the beginning says enough
MAX_CHARACTERS = 20_000
MAX_REMEMBERED = 24  # letters of a word that is kept in memory when it was folded

Vector = NDArray[np.float32]

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’\-][\p{L}\p{M}]+)*['’]?|\p{Extended_Pictographic}")
_ADDRESS = regex.compile(r"https?://\S+|www\.\S+|\b[\w.+-]{1,64}@\S+|@\w[\w.@-]*")
_HUMP = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")
_LONG = regex.compile(r"(\p{L})\1{2,}")


@dataclass(frozen=True)
class Vocabulary:
    """Rows of `vectors` (words, 256; int8) by word, with one scale and one valence (-1 to 1) per row."""

    rows: dict[str, int]
    vectors: NDArray[np.int8]
    scales: NDArray[np.float32]
    valences: NDArray[np.float32]


def split_words(text: str) -> list[str]:
    """The words and emojis of a text, lower case; addresses and handles left out, hashtags cut at their humps."""
    text = unicodedata.normalize("NFC", text[:MAX_CHARACTERS])
    if "@" in text or "://" in text or "www." in text:  # it is tried at every letter
        text = _ADDRESS.sub(" ", text)
    text = _HUMP.sub(" ", text)
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())[:MAX_WORDS]]


def find_rows(words: list[str]) -> list[int]:
    """The rows of the words that are known: as written, else by parts (l'heure), unaccented, or not drawn out."""
    rows = vocabulary().rows
    found: list[int] = []
    for word in words:
        row = rows.get(word)
        if row is not None:
            found.append(row)
            continue
        for part in word.replace("-", "'").split("'"):
            row = rows.get(part)
            if row is None:
                row = rows.get(fold(part)) if len(part) > 1 else None
            if row is not None:
                found.append(row)
    return found


def embed_rows(rows: list[int]) -> Vector:
    """(256,) float32 of length 1, or zeros where no word is known (`rows` as `find_rows` gives them)."""
    known = vocabulary()
    if not rows:
        return np.zeros(DIMENSIONS, dtype=np.float32)
    total = known.scales[rows] @ known.vectors[rows].astype(np.float32)
    length = float(np.linalg.norm(total))
    return np.asarray(total / length if length else total, dtype=np.float32)


def embed_words(words: list[str]) -> Vector:
    """(256,) float32 of length 1, or zeros where no word is known."""
    return embed_rows(find_rows(words))


def embed_text(text: str) -> Vector:
    """(256,) float32 of length 1, or zeros where no word is known."""
    return embed_words(split_words(text))


def fold(word: str) -> str:
    """Without accents and without letters drawn out: "Géniaaal" is "genial"."""
    return _fold_short(word) if len(word) <= MAX_REMEMBERED else _fold(word)


def _fold(word: str) -> str:
    if word.isascii():
        return _LONG.sub(r"\1", word)
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return _LONG.sub(r"\1", plain.replace("œ", "oe").replace("æ", "ae"))


# The same few thousand words come again and again, and folding was half of what understanding a text costs.
_fold_short = lru_cache(maxsize=32_768)(_fold)


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Loaded at first use: some 60 ms, some 5 MB of memory beside the mapped file."""
    words = (DATA / "words.txt").read_text("utf-8").splitlines()
    rows = {word: row for row, word in enumerate(words)}
    for row, word in enumerate(words):
        rows.setdefault(fold(word), row)
    return Vocabulary(
        rows=rows,
        # A plain view of the mapped file: the class for mapped files makes every look-up slower.
        vectors=np.load(DATA / "vectors.npy", mmap_mode="r", allow_pickle=False).view(np.ndarray),
        scales=np.load(DATA / "vector-scales.npy", allow_pickle=False).astype(np.float32),
        valences=np.load(DATA / "word-valences.npy", allow_pickle=False).astype(np.float32) / 127,
    )
