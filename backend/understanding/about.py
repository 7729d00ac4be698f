"""Whether a post that names a brand means the brand: homonyms told apart, per keyword, by what people marked.

"Orange" finds the fruit, "Le Ponton" the one in the next town. What was marked as not about us and what was answered
teach a small logistic regression over a post's meaning (static vectors) and subjects, its words and its site, and how
the name stands there: "au Ponton" is a house, "du ponton" is made of planks, "l'orange" is a fruit.

What it must not do is to hide a post that means us: the threshold is set on posts that it was not taught with, so that
nearly all that mean us stay (`KEPT`), and only then as many of the others go as can.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import regex
from numpy.typing import NDArray

from backend.understanding.naming import Naming, find_naming, leave_articles_out
from backend.understanding.topics import find_topics, set_apart, shipped_topics, usual_vector
from backend.understanding.vectors import DIMENSIONS, Vector, embed_words, find_rows, fold, split_words

MAX_CHARACTERS = 4_000  # of a long article the beginning says enough
MIN_MARKS = 5  # of each kind, before anything is doubted
MOST_TAUGHT = 1_000
MOST_TOKENS = 3_000
KEPT = 0.97  # share of the posts about us that the threshold shall keep
HOLD = 1.0  # ridge: how strongly weights are held at zero
# Squared, how much each kind of evidence may say: the post's meaning, its subjects, its words, how the name stands
# there, and the words beside it.
MEANING_GAIN, TOPICS_GAIN, WORDS_GAIN, NAME_GAIN, BESIDE_GAIN = 2.2, 1.5, 1.0, 2.0, 1.5
BEGINNING = 6  # letters: a crude stem for two languages

_WORD = regex.compile(r"[@#]?[\p{L}\p{M}\p{N}]+")


@dataclass(frozen=True)
class Post:
    """A post as far as it matters here. `site` is its host."""

    text: str
    title: str = ""
    site: str = ""


@dataclass(frozen=True)
class Taught:
    """A post and what it was: `weight` 1 where a person said so, less where it was merely handled as ours."""

    post: Post
    us: bool
    weight: float = 1.0


@dataclass(frozen=True)
class AboutModel:
    """`weights` (fixed features + tokens + 1,), the last the bias; below `threshold` (0 to 1) a post is doubted."""

    names: tuple[str, ...]
    tokens: tuple[str, ...]
    weights: Vector
    threshold: float

    def chance(self, post: Post) -> float:
        """How likely the post means us, 0 to 1."""
        place = {token: index for index, token in enumerate(self.tokens)}
        row, expected = _row(post, _read(post, self.names), place)
        return float(_sigmoid(row @ self.weights[:-1] + self.weights[-1] + expected))

    def doubts(self, post: Post) -> bool:
        """Whether the post is more likely about somebody else, as surely as the brand's marks allow to say."""
        return self.chance(post) < self.threshold

    def to_plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "names": list(self.names),
            "tokens": list(self.tokens),
            "weights": np.round(self.weights, 4).tolist(),
            "threshold": self.threshold,
        }


def about_from_plain(plain: dict[str, Any]) -> AboutModel:
    """What `to_plain` gave; ValueError where the shape does not fit."""
    weights = np.array(plain["weights"], dtype=np.float32)
    tokens = tuple(plain["tokens"])
    if weights.shape != (_fixed() + len(tokens) + 1,):
        raise ValueError("weights and tokens do not fit")
    return AboutModel(tuple(plain["names"]), tokens, weights, float(plain["threshold"]))


def learn_about(taught: Sequence[Taught], names: Collection[str]) -> AboutModel | None:
    """A model of one keyword, whose words are `names`; None where too little was marked of either kind.

    The same posts in the same order give the same model; 1,000 posts take about a second.
    """
    taught = taught[-MOST_TAUGHT:]
    ours = sum(one.us for one in taught)
    if ours < MIN_MARKS or len(taught) - ours < MIN_MARKS:
        return None
    folded = leave_articles_out({fold(word.lower()) for word in names})
    tokens, rows, expected = _describe(taught, folded)
    wanted, weight = _lessons(taught)
    weights, scores = _regress(rows, wanted, weight, expected)
    return AboutModel(folded, tokens, weights, _threshold(scores[wanted == 1]))


def _threshold(scores: NDArray[np.float64]) -> float:
    """The chance below which a post is doubted, so that of new posts that mean us about `KEPT` stay.

    `scores`: log-odds of those that mean us. Of few posts that is near the lowest of them: the estimate of a quantile
    that errs to either side as often.
    """
    return float(_sigmoid(np.float32(np.quantile(scores, 1 - KEPT, method="median_unbiased"))))


def _lessons(taught: Sequence[Taught]) -> tuple[Vector, Vector]:
    """What each post is, and its weight: both kinds weigh the same, however many there are of each."""
    wanted = np.array([1.0 if one.us else 0.0 for one in taught], dtype=np.float32)
    weight = np.array([one.weight for one in taught], dtype=np.float32)
    for kind in (0.0, 1.0):
        weight[wanted == kind] *= len(taught) / 2 / max(float(weight[wanted == kind].sum()), 1e-6)
    return wanted, weight


def _describe(
    taught: Sequence[Taught], names: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.float32], NDArray[np.float64]]:
    """The commonest tokens of the posts, a row a post, and what is usual for each."""
    read = [_read(one.post, names) for one in taught]
    seen = Counter(token for said, naming in read for kind in (said, naming.marks) for token in kind)
    tokens = tuple(sorted(sorted(seen), key=lambda token: -seen[token])[:MOST_TOKENS])
    place = {token: index for index, token in enumerate(tokens)}
    rows = [_row(one.post, said, place) for one, said in zip(taught, read, strict=True)]
    return tokens, np.stack([row for row, _ in rows]), np.array([expected for _, expected in rows])


def _regress(
    rows: NDArray[np.float32], wanted: Vector, weight: Vector, expected: NDArray[np.float64]
) -> tuple[Vector, NDArray[np.float64]]:
    """Ridge logistic regression by Newton steps in the space of the posts, which are fewer than the words.

    `expected` stands fixed in each post's log-odds: the weights say how the marks differ from it. Also gives the
    log-odds of each post by a model that it did not teach: leaving one out changes the fit so little that one step
    from it tells (Rad and Maleki's approximate leave-one-out).
    """
    inputs = np.hstack([rows, np.full((len(rows), 1), 1.0, dtype=np.float32)])
    kernel = (inputs @ inputs.T).astype(np.float64)
    dual = np.zeros(len(rows))
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(kernel @ dual + expected, -30, 30)))
        slope = weight * (chance - wanted) + HOLD * dual
        curve = weight * chance * (1 - chance) + 1e-6
        step = np.linalg.solve(curve[:, None] * kernel + HOLD * np.eye(len(rows)), slope)
        dual -= step
        if float(np.abs(step).max()) < 1e-5:
            break
    score = kernel @ dual + expected
    chance = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
    curve = weight * chance * (1 - chance) + 1e-9
    pull = np.diag(kernel @ np.linalg.inv(kernel + np.diag(HOLD / curve)))
    left_out = score + pull / curve / (1 - pull) * weight * (chance - wanted)
    return np.asarray(inputs.T @ dual, dtype=np.float32), left_out


def _fixed() -> int:
    """How many features come before the tokens: meaning, before, after and subjects."""
    return 3 * DIMENSIONS + len(shipped_topics().names)


def _read(post: Post, names: tuple[str, ...]) -> tuple[set[str], Naming]:
    """The words' beginnings and the site; how the name stands there."""
    whole = f"{post.title} . {post.text}" if post.title else post.text
    words = (fold(word.lower().lstrip("@#")) for word in _WORD.findall(whole[:MAX_CHARACTERS]))
    said = {word[:BEGINNING] for word in words if word not in names}
    return {*said, f"site:{post.site}"}, find_naming(whole[:MAX_CHARACTERS], names)


def _row(post: Post, read: tuple[set[str], Naming], place: dict[str, int]) -> tuple[Vector, float]:
    """(fixed features + tokens,), and what is usual for how the name stands there."""
    said, naming = read
    names = naming.names
    whole = f"{post.title} . {post.text}" if post.title else post.text
    words = [word for word in split_words(whole[:MAX_CHARACTERS]) if not _is_name(word, names)]
    row = np.zeros(_fixed() + len(place), dtype=np.float32)
    parts = (
        MEANING_GAIN * _meaning(words),
        BESIDE_GAIN * _beside(naming.before),
        BESIDE_GAIN * _beside(naming.after),
        TOPICS_GAIN * find_topics(find_rows(words)),
    )
    row[: _fixed()] = np.concatenate(parts)
    for tokens, gain in ((said, WORDS_GAIN), (naming.marks, NAME_GAIN)):
        known = [_fixed() + place[token] for token in tokens if token in place]
        if known:
            row[known] = gain / math.sqrt(len(known))
    return row, naming.expected


def _beside(words: list[str]) -> Vector:
    """(256,) of length 1 or 0: what stands beside the name."""
    rows = find_rows(words)
    if not rows:
        return np.zeros(DIMENSIONS, dtype=np.float32)
    total = set_apart(rows).sum(axis=0)
    return np.asarray(total / (np.linalg.norm(total) + 1e-6), dtype=np.float32)


def _is_name(word: str, names: tuple[str, ...]) -> bool:
    return fold(word) in names or fold(word.split("'")[-1]) in names


def _meaning(words: list[str]) -> Vector:
    """(256,) of length 1 or 0: what sets the text apart from any other, so that no dimension drowns the rest."""
    vector = embed_words(words)
    if not vector.any():
        return vector
    mean, spread = usual_vector()
    apart = (vector - mean) / spread
    return np.asarray(apart / np.linalg.norm(apart), dtype=np.float32)


def _sigmoid(score: NDArray[np.float32] | np.float32) -> NDArray[np.float32] | np.float32:
    return 1 / (1 + np.exp(-score))  # type: ignore[return-value]
