"""Posts that say nearly the same: the same words, or most of their letters in the same order.

Three steps, all pure: `text_key` is equal for texts that differ only by case, marks, addresses and handles;
`sketch_text` gives a MinHash signature whose bands (`band_keys`) are looked up among stored ones, for candidates;
`is_near` decides by the exact share of common runs of four characters. A signature is stored, so it must stay the same
over years and versions: it is made here with numpy's integers alone (rensa and datasketch change theirs).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections import OrderedDict
from functools import lru_cache
from threading import Lock

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
_OF_WORDS = regex.compile(r"[\p{L}\p{N}]")
# Latin letters and common signs: most texts hold nothing else, and all Unicodes agree on what of them is a letter.
_NOT_PLAIN = re.compile("[^\x00-\u024f\u2010-\u2027\u20ac]")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_REMEMBERED = 20_000  # characters; a text made of all of Unicode shall not stay in memory
_PRIME = np.uint64((1 << 31) - 1)
_random = np.random.Generator(np.random.PCG64(20_240_229))
_FACTORS = _random.integers(1, int(_PRIME), PERMUTATIONS, dtype=np.uint64)
_OFFSETS = _random.integers(0, int(_PRIME), PERMUTATIONS, dtype=np.uint64)

# Long texts that have nothing to do with each other share a quarter of their runs, and some of their bands by chance.
# One run in sixteen, always the same ones, is enough to see that: no more is looked at.
_SAMPLED = 800  # runs; of a text with fewer, all are compared
_SAMPLING = 16
_SAMPLES_KEPT = 4_096  # of some 1.5 kB each
_APART_JACCARD = 0.3  # of the sample: with 200 of its runs, half alike never looks like less
_APART_CONTAINMENT = 0.5
_MIXING = np.uint64(0x9E37_79B9_7F4A_7C15)

_LAST_OF_PLANE = np.uint64(0xFFFF)
_NO_CHARACTER, _NO_CHARACTERS = np.uint64(0xD800), np.uint64(0x800)
_BEYOND_ASCII = np.uint64(0xFF80_FF80_FF80_FF80)
_LOW = np.uint64(0xFF)
_AT_ONCE = 8

Sketch = NDArray[np.uint32]


def _crc_tables() -> list[NDArray[np.uint64]]:
    """Of CRC-32 (IEEE 802.3), for four bytes at once: `[n][byte]`, the byte having n zeros behind it."""
    first = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0xEDB88320 if byte & 1 else 0)
        first.append(byte)
    tables = [first]
    for _ in range(3):
        tables.append([first[value & 0xFF] ^ value >> 8 for value in tables[-1]])
    return [np.array(table, dtype=np.uint64) for table in tables]


_CRC = _crc_tables()


class _WordsOnly(dict[int, str]):
    """For `str.translate`: what belongs to no word is a blank."""

    def __missing__(self, code: int) -> str:
        kept = chr(code) if _OF_WORDS.match(chr(code)) else " "
        if len(self) < _REMEMBERED:
            self[code] = kept
        return kept


_WORDS_ONLY = _WordsOnly()


# One text is asked for its key and its sketch, and with a whole batch of others later for its likeness to several.
@lru_cache(maxsize=256)
def normalise(text: str) -> str:
    """Lower case, compatible forms unified; without addresses, handles, "RT", marks and invisible characters."""
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).casefold()
    if "://" in plain or "www." in plain or "@" in plain or plain.lstrip().startswith("rt"):
        plain = _NOISE.sub(" ", plain)
    words = _PLAIN_WORD.findall(plain) if _NOT_PLAIN.search(plain) is None else plain.translate(_WORDS_ONLY).split()
    return " ".join(words)


def text_key(text: str) -> str:
    """40 hexadecimal digits, equal for texts with the same words; "" where no word is left."""
    plain = normalise(text)
    return hashlib.sha1(plain.encode("utf-8", "ignore"), usedforsecurity=False).hexdigest() if plain else ""


@lru_cache(maxsize=256)  # of some 25 kB each
def _codes(text: str) -> NDArray[np.uint64]:
    """The runs of four characters of the normalised text, each once, in ascending order: 16 bits a character.

    Characters beyond the first plane, all of them of rare scripts once emojis are gone, share the numbers that no
    character has.
    """
    plain = normalise(text)
    if len(plain) < MIN_CHARACTERS:
        return np.empty(0, dtype=np.uint64)
    signs = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    signs = np.where(signs > _LAST_OF_PLANE, _NO_CHARACTER + signs % _NO_CHARACTERS, signs)
    runs = signs[:-3] << np.uint64(48) | signs[1:-2] << np.uint64(32) | signs[2:-1] << np.uint64(16) | signs[3:]
    runs.sort()  # and not np.unique, which looks up each in a table: six times as long
    kept: NDArray[np.uint64] = runs[np.concatenate(([True], runs[1:] != runs[:-1]))]
    return kept


@lru_cache(maxsize=32)
def shingles(text: str) -> frozenset[int]:
    """The runs of four characters of the normalised text, as numbers; empty for texts under 20 characters."""
    return frozenset(_codes(text).tolist())


def sketch_text(text: str) -> Sketch | None:
    """(64,) uint32, the MinHash signature; None for texts too short to compare by it."""
    runs = _codes(text)
    if not len(runs):
        return None
    # As zlib.crc32 of the run in UTF-8: by table where all four are ASCII, one by one for the rest.
    ascii_only = runs & _BEYOND_ASCII == 0
    plain = runs[ascii_only]
    hashed = [_crc32_of_ascii(plain)]
    if len(plain) < len(runs):
        hashed.append(_crc32_of_any(text, runs[~ascii_only]))
    values = np.concatenate(hashed) % _PRIME
    # A few permutations at a time, so that what is worked on stays near the processor.
    parts = [
        _spread(values, _FACTORS[start : start + _AT_ONCE], _OFFSETS[start : start + _AT_ONCE]).min(axis=1)
        for start in range(0, PERMUTATIONS, _AT_ONCE)
    ]
    return np.concatenate(parts)


def _crc32_of_ascii(runs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Four bytes at once, the first one in the highest 16 bits of a run."""
    value = np.uint64(0xFFFFFFFF) ^ (
        (runs >> np.uint64(48)) | (runs >> np.uint64(32) & _LOW) << np.uint64(8)
        | (runs >> np.uint64(16) & _LOW) << np.uint64(16) | (runs & _LOW) << np.uint64(24)
    )  # fmt: skip
    parts = [_CRC[3 - place][(value >> np.uint64(8 * place) & _LOW).astype(np.intp)] for place in range(4)]
    return np.asarray(np.bitwise_xor.reduce(parts) ^ np.uint64(0xFFFFFFFF), dtype=np.uint64)


def _crc32_of_any(text: str, runs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    if max(normalise(text)) > "\uffff":  # the numbers do not say which characters these were
        plain = normalise(text)
        written = {plain[place : place + SHINGLE] for place in range(len(plain) - SHINGLE + 1)}
        found = [one for one in written if not one.isascii()]
    else:
        found = [
            "".join(map(chr, (run >> 48, run >> 32 & 0xFFFF, run >> 16 & 0xFFFF, run & 0xFFFF)))
            for run in runs.tolist()
        ]
    return np.array([zlib.crc32(one.encode("utf-8", "ignore")) for one in found], dtype=np.uint64)


def _spread(values: NDArray[np.uint64], factors: NDArray[np.uint64], offsets: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """(factors, values): each value by each permutation, modulo 2^31 - 1.

    All of them lie below 2^31: a product fits 64 bits, and its two digits to the base of 2^31 add up to 32.
    """
    spread = factors[:, None] * values
    spread += offsets[:, None]
    high = spread >> np.uint64(31)
    spread &= _PRIME
    spread += high
    low = spread.astype(np.uint32)
    # What is below the prime wraps around and is the larger.
    return np.asarray(np.minimum(low, low - np.uint32(_PRIME)), dtype=np.uint32)


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


class _Samples:
    """Samples of the texts that were compared last, by their hashes: the same few are candidates again and again.

    Python keeps the hash with a text (SipHash, 64 bits): it is worked out once, however often the text is compared.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int], NDArray[np.uint64]] = OrderedDict()
        self._lock = Lock()

    def of(self, text: str) -> NDArray[np.uint64]:
        """Ascending; empty for a text that is not long."""
        name = hash(text), len(text)
        with self._lock:
            if (known := self._kept.get(name)) is not None:
                self._kept.move_to_end(name)
                return known
        codes = _codes(text)
        chosen = (codes * _MIXING >> np.uint64(60)) == 0 if len(codes) >= _SAMPLED else np.zeros(len(codes), dtype=bool)
        sample: NDArray[np.uint64] = codes[chosen]
        with self._lock:
            self._kept[name] = sample
            while len(self._kept) > _SAMPLES_KEPT:
                self._kept.popitem(last=False)
        return sample


_samples = _Samples()


def _are_apart(one: str, other: str) -> bool:
    """Whether two long texts have clearly nothing to do with each other. False says nothing."""
    first, second = _samples.of(one), _samples.of(other)
    if not len(first) or not len(second):
        return False
    common = len(np.intersect1d(first, second, assume_unique=True))
    union = len(first) + len(second) - common
    return common < _APART_JACCARD * union and common < _APART_CONTAINMENT * min(len(first), len(second))


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Common runs ÷ all runs, 0 to 1; 0 where both are empty."""
    common = len(one & other)
    union = len(one) + len(other) - common
    return common / union if union else 0.0


def is_near(one: str, other: str) -> bool:
    """Whether two texts are near-duplicates: same key, half of their runs in common, or one quoted in the other."""
    if _are_apart(one, other):
        return False
    plain = normalise(one)
    if plain and plain == normalise(other):
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
