"""What a post is about, among some fifty subjects ("telephone", "boats", "weather"): by the meaning of its words.

A subject is the middle of its words' vectors; a post meets it as strongly as that of its words that meets it best. The
same few subjects make a few dozen marked posts enough to tell a telephone company from a fruit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from backend.understanding.vectors import DATA, Vector, find_rows, vocabulary

MET = 1.5  # standard deviations nearer than words usually are: below a word says nothing of a subject
NAMED = 5.0  # what a subject's own words count for at least


@dataclass(frozen=True)
class Topics:
    """`middles` (topics, 256) of length 1; how near words usually are, (topics,) each; the rows that name each."""

    names: tuple[str, ...]
    middles: NDArray[np.float32]
    mean: Vector
    spread: Vector
    named: dict[int, tuple[int, ...]]


def set_apart(rows: list[int] | slice) -> NDArray[np.float32]:
    """(words, 256) of length 1: what sets words apart from any other, so that no dimension drowns the rest."""
    mean, spread = usual_vector()
    known = vocabulary().vectors[rows].astype(np.float32)
    known /= np.linalg.norm(known, axis=1, keepdims=True) + 1e-6
    known = (known - mean) / spread
    return np.asarray(known / (np.linalg.norm(known, axis=1, keepdims=True) + 1e-6), dtype=np.float32)


def find_topics(rows: list[int]) -> Vector:
    """(topics,), 0 or more each and of the order of 1 where a post meets one. `rows` as `find_rows` gives them."""
    topics = shipped_topics()
    rows = list(dict.fromkeys(rows))
    if not rows:
        return np.zeros(len(topics.names), dtype=np.float32)
    near = (set_apart(rows) @ topics.middles.T - topics.mean) / topics.spread
    for place, row in enumerate(rows):
        for topic in topics.named.get(row, ()):
            near[place, topic] = max(near[place, topic], NAMED)
    known = vocabulary()
    weight = np.linalg.norm(known.vectors[rows].astype(np.float32), axis=1) * known.scales[rows]
    met = np.maximum(near - MET, 0) / 2 * weight[:, None]
    return np.asarray(np.sqrt(met.max(axis=0)) / 2, dtype=np.float32)


@lru_cache(maxsize=1)
def shipped_topics() -> Topics:
    """Made at first use, in some 0.1 s."""
    names: list[str] = []
    middles: list[Vector] = []
    named: dict[int, tuple[int, ...]] = {}
    for line in (DATA / "topics.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, words = line.split("\t")
        rows = sorted({row for word in words.split() for row in find_rows([word])[:1]})
        for row in rows:
            named[row] = (*named.get(row, ()), len(names))
        middle = set_apart(rows).sum(axis=0)
        names.append(name)
        middles.append(middle / np.linalg.norm(middle))
    stacked = np.stack(middles)
    near = set_apart(slice(None)) @ stacked.T
    return Topics(tuple(names), stacked, near.mean(axis=0), near.std(axis=0), named)


@lru_cache(maxsize=1)
def usual_vector() -> tuple[Vector, Vector]:
    """Mean and root of the spread of the vocabulary's vectors, (256,) each."""
    known = vocabulary()
    vectors = known.vectors.astype(np.float32) * known.scales[:, None]
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors.mean(axis=0), np.sqrt(vectors.std(axis=0) + 1e-6)
