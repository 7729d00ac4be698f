"""Posts that say nearly the same: the same words, or most of their letters in the same order.

Three steps, all pure: `text_key` is equal for texts that differ only by case, marks, addresses and handles;
`sketch_text` gives a MinHash signature whose bands (`band_keys`) are looked up among stored ones, for candidates;
`is_near` decides by the exact share of common runs of four characters. A signature is stored, so it must stay the same
over years and versions: it is made here with numpy's integers alone (rensa and datasketch change theirs).
"""

from __future__ import annotations

import hashlib
import unicodedata
import zlib
from functools import lru_cache

import numpy as np
import regex
from numpy.typing import NDArray

SHINGLE = 4  # characters
PERMUTATIONS = 64
BANDS = 16  # of four values each: half alike is found in about 64 of 100, 0.7 alike in 99
MIN_CHARACTERS = 20  # of shorter texts only the key says anything
MAX_CHARACTERS = 5_000
MIN_JACCARD = 0.5
MIN_CONTAINMENT = 0.7  # of the shorter text in the longer: a quotation with some words added
# One text within another counts only where the shorter is not a mere fragment.
MIN_SIZE_RATIO = 0.4

_NOISE = regex.compile(r"https?://\S+|www\.\S+|@\w[\w.@-]*|^\s*rt\b:?|\p{Cf}")
_NOT_WORD = regex.compile(r"[^\p{L}\p{N}]+")
_PRIME = np.uint64((1 << 31) - 1)
_random = np.random.Generator(np.random.PCG64(20_240_229))
_FACTORS = _random.integers(1, int(_PRIME), PERMUTATIONS, dtype=np.uint64)
_OFFSETS = _random.integers(0, int(_PRIME), PERMUTATIONS, dtype=np.uint64)

Sketch = NDArray[np.uint32]


@lru_cache(maxsize=32)  # one text is asked for its key, its sketch and its likeness to several others
def normalise(text: str) -> str:
    """Lower case, compatible forms unified; without addresses, handles, "RT", marks and invisible characters."""
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).casefold()
    return _NOT_WORD.sub(" ", _NOISE.sub(" ", plain)).strip()


def text_key(text: str) -> str:
    """40 hexadecimal digits, equal for texts with the same words; "" where no word is left."""
    plain = normalise(text)
    return hashlib.sha1(plain.encode("utf-8", "ignore"), usedforsecurity=False).hexdigest() if plain else ""


@lru_cache(maxsize=8)
def shingles(text: str) -> frozenset[str]:
    """The runs of four characters of the normalised text; empty for texts under 20 characters."""
    plain = normalise(text)
    if len(plain) < MIN_CHARACTERS:
        return frozenset()
    return frozenset(plain[place : place + SHINGLE] for place in range(len(plain) - SHINGLE + 1))


def sketch_text(text: str) -> Sketch | None:
    """(64,) uint32, the MinHash signature; None for texts too short to compare by it."""
    runs = shingles(text)
    if not runs:
        return None
    hashed = np.array([zlib.crc32(run.encode("utf-8", "ignore")) for run in runs], dtype=np.uint64) % _PRIME
    # factors and hashes lie below 2^31, so that the product fits 64 bits
    spread = (hashed[:, None] * _FACTORS + _OFFSETS) % _PRIME
    return np.asarray(spread.min(axis=0), dtype=np.uint32)


def band_keys(sketch: Sketch) -> tuple[int, ...]:
    """16 numbers below 2^63; texts that share any are candidates. Index them, and look up those of a new text."""
    rows = PERMUTATIONS // BANDS
    return tuple(
        int.from_bytes(
            hashlib.blake2b(
                sketch[band * rows : (band + 1) * rows].astype("<u4").tobytes(),
                digest_size=8,
                salt=band.to_bytes(2, "little"),
            ).digest(),
            "little",
        )
        >> 1
        for band in range(BANDS)
    )


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Common runs ÷ all runs, 0 to 1; 0 where both are empty."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def is_near(one: str, other: str) -> bool:
    """Whether two texts are near-duplicates: same key, half of their runs in common, or one quoted in the other."""
    key = text_key(one)
    if key and key == text_key(other):
        return True
    first, second = shingles(one), shingles(other)
    if not first or not second:
        return False
    if jaccard(first, second) >= MIN_JACCARD:
        return True
    small, large = sorted((first, second), key=len)
    return len(small) >= MIN_SIZE_RATIO * len(large) and len(small & large) >= MIN_CONTAINMENT * len(small)


class SimilarIndex:
    """Stored texts by key and by band, in memory: candidates for one text after the other."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[int]] = {}
        self._by_band: dict[int, list[int]] = {}
        self._texts: dict[int, str] = {}

    def add(self, number: int, text: str) -> None:
        """Remember a text under its number (a number is added once)."""
        self._texts[number] = text
        if key := text_key(text):
            self._by_key.setdefault(key, []).append(number)
        sketch = sketch_text(text)
        if sketch is not None:
            for band in band_keys(sketch):
                self._by_band.setdefault(band, []).append(number)

    def find(self, text: str) -> list[int]:
        """Numbers of the near-duplicates among what was added, in ascending order."""
        found = set(self._by_key.get(text_key(text), ()))
        sketch = sketch_text(text)
        if sketch is not None:
            candidates = {number for band in band_keys(sketch) for number in self._by_band.get(band, ())}
            found |= {number for number in candidates - found if is_near(text, self._texts[number])}
        return sorted(found)
