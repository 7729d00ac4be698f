"""Whether a post that names a brand means the brand: homonyms told apart, per keyword, by what people marked.

"Orange" finds the fruit, "Le Ponton" the one in the next town. What was marked as not about us and what was answered
teach a small logistic regression over the words of a post (its own, and those beside the name), its meaning (static
vectors), its site, network and author. What it must not do is to hide a post that means us: the threshold is set on
posts that it was not taught with, so that nearly all that mean us stay (`KEPT`), and only then as many of the others go
as can.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.understanding.vectors import DIMENSIONS, Vector, embed_words, fold, split_words

MIN_MARKS = 5  # of each kind, before anything is doubted
MOST_TAUGHT = 1_000
MOST_TOKENS = 3_000
KEPT = 0.985  # share of the posts about us that the threshold shall keep
HOLD = 0.6  # ridge: how strongly weights are held at zero
VECTOR_GAIN = 1.6  # the meaning of a post weighs as much as two or three of its words
FOLDS = 5
MARGIN = 0.35  # in log-odds, kept below the lowest that was seen; few posts say little of the lowest there is
NEAR = 2  # words on either side of the name that count as "beside it"


@dataclass(frozen=True)
class Post:
    """A post as far as it matters here. `site` is its host, `names` the folded words of the keyword."""

    text: str
    title: str = ""
    author: str = ""
    site: str = ""
    network: str = ""
    language: str = "und"


@dataclass(frozen=True)
class Taught:
    """A post and what it was: `weight` 1 where a person said so, less where it was merely handled as ours."""

    post: Post
    us: bool
    weight: float = 1.0


@dataclass(frozen=True)
class AboutModel:
    """`weights` (256 + tokens + 1,), the last the bias; below `threshold` (0 to 1) a post is doubted."""

    names: tuple[str, ...]
    tokens: tuple[str, ...]
    weights: Vector
    threshold: float

    def chance(self, post: Post) -> float:
        """How likely the post means us, 0 to 1."""
        place = {token: index for index, token in enumerate(self.tokens)}
        return float(_sigmoid(_row(post, self.names, place) @ self.weights[:-1] + self.weights[-1]))

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
    if weights.shape != (DIMENSIONS + len(tokens) + 1,):
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
    folded = tuple(sorted({fold(word.lower()) for word in names}))
    held_out = np.empty(len(taught), dtype=np.float32)
    order = _spread(taught)
    for part in range(FOLDS):
        outside = [index for place, index in enumerate(order) if place % FOLDS == part]
        inside = [taught[index] for place, index in enumerate(order) if place % FOLDS != part]
        tokens, weights = _fit(inside, folded)
        place_of = {token: index for index, token in enumerate(tokens)}
        for index in outside:
            held_out[index] = _row(taught[index].post, folded, place_of) @ weights[:-1] + weights[-1]
    threshold = _threshold(held_out, taught)
    tokens, weights = _fit(taught, folded)
    return AboutModel(folded, tokens, weights, threshold)


def _threshold(scores: NDArray[np.float32], taught: Sequence[Taught]) -> float:
    """The chance below which a post is doubted: under nearly all that mean us among what was held out."""
    mine = sorted(float(score) for score, one in zip(scores, taught, strict=True) if one.us)
    # Of few posts none may be lost; of many, one or two in a hundred.
    allowed = int(len(mine) * (1 - KEPT))
    lowest = mine[allowed] - MARGIN * max(0.0, 1 - len(mine) / 200)
    return float(_sigmoid(np.float32(min(lowest, 0.0))))


def _spread(taught: Sequence[Taught]) -> list[int]:
    """Indexes so that each fold gets its share of both kinds."""
    ours = [index for index, one in enumerate(taught) if one.us]
    others = [index for index, one in enumerate(taught) if not one.us]
    return ours + others


def _fit(taught: Sequence[Taught], names: tuple[str, ...]) -> tuple[tuple[str, ...], Vector]:
    seen = Counter(token for one in taught for token in _tokens(one.post, names))
    tokens = tuple(sorted(sorted(seen), key=lambda token: -seen[token])[:MOST_TOKENS])
    place = {token: index for index, token in enumerate(tokens)}
    rows = np.stack([_row(one.post, names, place) for one in taught])
    wanted = np.array([1.0 if one.us else 0.0 for one in taught], dtype=np.float32)
    weight = np.array([one.weight for one in taught], dtype=np.float32)
    # Both kinds weigh the same, however many there are of each.
    for kind in (0.0, 1.0):
        weight[wanted == kind] *= len(taught) / 2 / max(float(weight[wanted == kind].sum()), 1e-6)
    return tokens, _regress(rows, wanted, weight)


def _regress(rows: NDArray[np.float32], wanted: Vector, weight: Vector) -> Vector:
    """Ridge logistic regression by Newton steps in the space of the posts, which are fewer than the words."""
    inputs = np.hstack([rows, np.full((len(rows), 1), 1.0, dtype=np.float32)])
    kernel = (inputs @ inputs.T).astype(np.float64)
    dual = np.zeros(len(rows))
    for _ in range(25):
        score = kernel @ dual
        chance = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
        slope = weight * (chance - wanted) + HOLD * dual
        curve = weight * chance * (1 - chance) + 1e-6
        step = np.linalg.solve(curve[:, None] * kernel + HOLD * np.eye(len(rows)), slope)
        dual -= step
        if float(np.abs(step).max()) < 1e-5:
            break
    return np.asarray(inputs.T @ dual, dtype=np.float32)


def _row(post: Post, names: tuple[str, ...], place: dict[str, int]) -> Vector:
    """(256 + tokens,): the post's meaning without the name, then its tokens, together of length 1."""
    row = np.zeros(DIMENSIONS + len(place), dtype=np.float32)
    words = [word for word in split_words(f"{post.title} {post.text}") if fold(word) not in names]
    row[:DIMENSIONS] = VECTOR_GAIN * embed_words(words)
    known = [place[token] for token in _tokens(post, names) if token in place]
    if known:
        row[[DIMENSIONS + index for index in known]] = 1 / math.sqrt(len(known)) * 2
    return row


def _tokens(post: Post, names: tuple[str, ...]) -> set[str]:
    """Words, their beginnings, what stands beside the name, how the name is written, and where the post stands."""
    written = split_words(f"{post.title} . {post.text}")
    words = [fold(word) for word in written]
    found = set()
    for index, word in enumerate(words):
        if word in names:
            for step in (*range(-NEAR, 0), *range(1, NEAR + 1)):
                if 0 <= index + step < len(words):
                    found.add(f"{'before' if step < 0 else 'after'}:{words[index + step]}")
        else:
            found.add(word)
            if len(word) > 6:
                found.add(f"{word[:5]}-")
    found |= {f"site:{post.site}", f"network:{post.network}", f"author:{fold(post.author.lower())}"}
    return found


def _sigmoid(score: NDArray[np.float32] | np.float32) -> NDArray[np.float32] | np.float32:
    return 1 / (1 + np.exp(-score))  # type: ignore[return-value]
