"""Patterns: what three words in a row say that none of them says alone ("isn't working", "à éviter", "never again").

A pattern is a weight for every number of three neighbouring words' vectors. A text is described by how strongly each
pattern is met where it is met best: a convolution with maximum pooling, learned by `tools/distil/patterns.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from backend.understanding.vectors import DATA, DIMENSIONS, Vector, vocabulary

PATTERNS = 144
RUN = 3  # words
MOST_WORDS = 100  # of a text are looked at: more costs over a millisecond, and what is wrong is said early


@dataclass(frozen=True)
class Patterns:
    """`weights` (RUN * DIMENSIONS, PATTERNS) and `bias` (PATTERNS,), float32."""

    weights: NDArray[np.float32]
    bias: Vector


def runs_of(rows: list[int]) -> NDArray[np.float32]:
    """(words, RUN * DIMENSIONS): the unit vectors of each known word and its neighbours, zeros beyond the ends."""
    known = vocabulary().vectors[rows[:MOST_WORDS]].astype(np.float32)
    known /= np.linalg.norm(known, axis=1, keepdims=True) + 1e-6
    return join_neighbours(known)


def join_neighbours(words: NDArray[np.float32]) -> NDArray[np.float32]:
    """(words, DIMENSIONS) → (words, RUN * DIMENSIONS)."""
    beyond = np.zeros((RUN // 2, DIMENSIONS), dtype=np.float32)
    padded = np.vstack([beyond, words, beyond])
    return np.hstack([padded[at : at + len(words)] for at in range(RUN)])


def match_patterns(rows: list[int], patterns: Patterns | None = None) -> Vector:
    """(PATTERNS,) float32, 0 or more, of length about 1. `rows` of the vocabulary, as `find_rows` gives them."""
    learned = patterns or shipped_patterns()
    if not rows:
        return np.maximum(learned.bias, 0)
    found = runs_of(rows) @ learned.weights
    return np.asarray(np.maximum(found.max(axis=0) + learned.bias, 0), dtype=np.float32)


@lru_cache(maxsize=1)
def shipped_patterns() -> Patterns:
    """As learned by `tools/distil/patterns.py`; one byte a weight, one scale a pattern."""
    with np.load(DATA / "patterns.npz", allow_pickle=False) as file:
        return Patterns(file["weights"].astype(np.float32) * file["scales"], file["bias"].astype(np.float32))
