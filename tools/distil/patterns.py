"""Learns the patterns of backend/understanding/patterns.py, and with them the weights of the heads; used by heads.py.

Small networks (a convolution over three words, maximum pooling, one linear layer that also sees what
`describe_plainly` gives) learn mood, complaint, request, advertising and question of the seeds of both languages at
once, each from another beginning; their patterns stand side by side and their answers are averaged. Every number below
was chosen in five folds of the seeds, none on the held-out sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from backend.understanding.features import PLAIN, describe_plainly
from backend.understanding.patterns import MOST_WORDS, PATTERNS, RUN, Patterns, join_neighbours, match_patterns
from backend.understanding.vectors import DATA, DIMENSIONS, find_rows, split_words, vocabulary

Floats = NDArray[np.float32]
Seed = tuple[str, str, frozenset[str]]  # text, mood, intents

MOODS = ("negative", "neutral", "positive")
WISHES = ("complaint", "request", "advertising", "question")
NETWORKS = 3
EPOCHS = 250
BATCH = 64
STEP = 2e-3
LOST_WORDS, LOST_PATTERNS, LOST_PLAIN = 0.3, 0.6, 0.2  # shares left out at random, so that nothing hangs on one of them
PULL, PULL_PLAIN = 2e-3, 3e-4  # towards zero
DOUBT = 0.05  # no seed is taken for quite certain
BALANCE = 0.5  # a rare class weighs more, half of the way (as a power) to all weighing the same


@dataclass(frozen=True)
class Described:
    """Seeds as the networks see them; arrays have a row a seed."""

    words: list[Floats]  # (words, DIMENSIONS), of length 1 each
    plain: Floats
    moods: NDArray[np.int64]
    wishes: Floats

    def take(self, chosen: NDArray[np.int64]) -> Described:
        words = [self.words[number] for number in chosen]
        return Described(words, self.plain[chosen], self.moods[chosen], self.wishes[chosen])


def describe_seeds(seeds: Sequence[Seed], language: str) -> Described:
    words, plain = [], []
    for text, _, _ in seeds:
        split = split_words(text)
        rows = find_rows(split)
        vectors = vocabulary().vectors[rows[:MOST_WORDS]].astype(np.float32).reshape(-1, DIMENSIONS)
        words.append(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6))
        plain.append(describe_plainly(text, split, rows, language))
    moods = np.array([MOODS.index(mood) for _, mood, _ in seeds])
    wishes = np.array([[wish in intents for wish in WISHES] for _, _, intents in seeds], dtype=np.float32)
    return Described(words, np.stack(plain), moods, wishes)


def join(first: Described, second: Described) -> Described:
    return Described(
        first.words + second.words,
        np.vstack([first.plain, second.plain]),
        np.concatenate([first.moods, second.moods]),
        np.vstack([first.wishes, second.wishes]),
    )


def learn(seeds: Described) -> tuple[Patterns, Floats]:
    """The patterns, and (PLAIN + PATTERNS + 1, 7) weights of moods and wishes over them; the same seeds give the same.

    Some 25 s of one core a network for 2,300 seeds.
    """
    networks = [_learn_one(seeds, np.random.default_rng(number)) for number in range(NETWORKS)]
    weights, bias, over_patterns, over_plain, over_bias = (list(parts) for parts in zip(*networks, strict=True))
    found = Patterns(np.hstack(weights), np.concatenate(bias))
    # All patterns of a text together are made as long as its vector: corrections then move both alike.
    strength = np.sqrt(np.mean(np.square(_match_all(seeds.words, found)), axis=0)) * np.sqrt(PATTERNS) + 1e-6
    found = Patterns(found.weights / strength, found.bias / strength)
    heads = np.vstack([sum(over_plain), np.vstack(over_patterns) * strength[:, None], sum(over_bias)[None]])
    return found, (heads / NETWORKS).astype(np.float32)


def save_patterns(patterns: Patterns) -> None:
    scales = np.abs(patterns.weights).max(axis=0) / 127
    np.savez_compressed(
        DATA / "patterns.npz",
        weights=np.round(patterns.weights / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        bias=patterns.bias.astype(np.float32),
    )


def match_all(texts: Sequence[str], patterns: Patterns) -> Floats:
    """(texts, PATTERNS) of `patterns` that need not be the shipped ones."""
    return np.stack([match_patterns(find_rows(split_words(text)), patterns) for text in texts])


def _match_all(words: Sequence[Floats], patterns: Patterns) -> Floats:
    met = [(join_neighbours(own) @ patterns.weights).max(axis=0, initial=-1e9) for own in words]
    return np.maximum(np.stack(met) + patterns.bias, 0)


def _learn_one(seeds: Described, chance: np.random.Generator) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Weights and bias of the patterns, weights over patterns and over `plain`, bias: by Adam."""
    own, count = PATTERNS // NETWORKS, len(seeds.words)
    parts = [
        chance.normal(0, 0.06, (RUN * DIMENSIONS, own)),
        np.zeros(own),
        chance.normal(0, 0.1, (own, 7)),
        np.zeros((PLAIN, 7)),
        np.zeros(7),
    ]
    parts = [part.astype(np.float32) for part in parts]
    pulls = (PULL, 0.0, PULL, PULL_PLAIN, 0.0)
    mean, spread = [np.zeros_like(part) for part in parts], [np.zeros_like(part) for part in parts]
    worth = _worth(seeds)
    steps = 0
    for _ in range(EPOCHS):
        order = chance.permutation(count)
        for start in range(0, count, BATCH):
            slopes = _slopes(
                parts, seeds.take(order[start : start + BATCH]), worth[order[start : start + BATCH]], chance
            )
            steps += 1
            for number, (part, slope, pull) in enumerate(zip(parts, slopes, pulls, strict=True)):
                slope = slope + pull * part
                mean[number] = 0.9 * mean[number] + 0.1 * slope
                spread[number] = 0.999 * spread[number] + 0.001 * slope * slope
                root = np.sqrt(spread[number] / (1 - 0.999**steps)) + 1e-8
                part -= (STEP * mean[number] / (1 - 0.9**steps) / root).astype(np.float32)
    weights, bias, over_patterns, over_plain, over_bias = parts
    return weights, bias, over_patterns, over_plain, over_bias


def _worth(seeds: Described) -> Floats:
    """(seeds, 7): what an error in each answer counts."""
    moods = (len(seeds.moods) / (3 * np.bincount(seeds.moods, minlength=3))) ** BALANCE
    share = seeds.wishes.mean(axis=0)
    wishes = np.where(seeds.wishes == 1, ((1 - share) / share) ** BALANCE, 1.0)
    return np.hstack([np.repeat(moods[seeds.moods][:, None], 3, axis=1), wishes]).astype(np.float32)


def _slopes(parts: list[Floats], batch: Described, worth: Floats, chance: np.random.Generator) -> list[Floats]:
    weights, bias, over_patterns, over_plain, over_bias = parts
    count = len(batch.words)
    runs = [join_neighbours(own * (chance.random((len(own), 1)) > LOST_WORDS)) for own in batch.words]
    runs = [own if len(own) else np.zeros((1, RUN * DIMENSIONS), dtype=np.float32) for own in runs]
    starts = np.cumsum([0, *map(len, runs)])
    inputs = np.vstack(runs)
    met = inputs @ weights + bias
    # Where each pattern is met best in each text.
    best = np.stack([start + met[start:end].argmax(axis=0) for start, end in pairwise(starts)])
    columns = np.arange(weights.shape[1])
    strongest = np.maximum(met[best, columns], 0)
    kept = (chance.random(strongest.shape) > LOST_PATTERNS) / (1 - LOST_PATTERNS)
    plain = batch.plain * (chance.random(batch.plain.shape) > LOST_PLAIN) / (1 - LOST_PLAIN)
    scores = (strongest * kept) @ over_patterns + plain @ over_plain + over_bias
    moods = np.exp(scores[:, :3] - scores[:, :3].max(axis=1, keepdims=True))
    moods /= moods.sum(axis=1, keepdims=True)
    wishes = 1 / (1 + np.exp(-scores[:, 3:]))
    wanted = batch.wishes * (1 - 2 * DOUBT) + DOUBT
    error = np.hstack([moods - np.eye(3)[batch.moods], wishes - wanted]) * worth / count
    back = (error @ over_patterns.T) * kept * (strongest > 0)
    spread = np.zeros_like(met)
    spread[best, columns] = back
    return [
        inputs.T @ spread,
        spread.sum(axis=0),
        (strongest * kept).T @ error,
        plain.T @ error,
        error.sum(axis=0),
    ]
