"""Whether a post that names a brand means the brand: homonyms told apart, per keyword, by what people marked.

"Orange" finds the fruit, "Le Ponton" the one in the next town. What was marked as not about us and what was answered
teach a small logistic regression over a post's meaning (static vectors), its words and its site, and how the name is
written there: "au Ponton" is a house, "du ponton" is made of planks, "l'orange" is a fruit.

What it must not do is to hide a post that means us: the threshold is set on posts that it was not taught with, so that
nearly all that mean us stay (`KEPT`), and only then as many of the others go as can.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import regex
from numpy.typing import NDArray

from backend.understanding.vectors import DIMENSIONS, Vector, embed_words, fold, split_words, vocabulary

MIN_MARKS = 5  # of each kind, before anything is doubted
MOST_TAUGHT = 1_000
MOST_TOKENS = 3_000
KEPT = 0.975  # share of the posts about us that the threshold shall keep
HOLD = 1.0  # ridge: how strongly weights are held at zero
# Squared, how much each of the three kinds of evidence may say; chosen by cross-validation on two homonyms.
MEANING_GAIN, WORDS_GAIN, NAME_GAIN = 3.2, 1.7, 1.25
# Few posts are held out one by one, so that the threshold is set for a model that knows nearly all; a fit each.
ONE_BY_ONE = 100
FOLDS = 10
BEGINNING = 6  # letters: a crude stem for two languages

# What a word beside the name makes of it, so that what was learned of "à Orange" holds for "près d'Orange" too.
_KINDS = {
    word: kind
    for kind, words in {
        "place": "a in at near to around vers dans pres autour",
        "of": "d de des du of from",
        "article": "l le la les un une the an this some cette ce",
        "ours": "my our your mon ma mes notre nos votre",
        "with": "chez with avec by par via on sur",
        "business": "service services client boutique agence forfait customer support shop store app site",
    }.items()
    for word in words.split()
}

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
    tokens, rows = _describe(taught, folded)
    scores = _score_held_out(rows, taught)
    weights = _fit(rows, taught)
    return AboutModel(folded, tokens, weights, _threshold(scores, taught))


def _score_held_out(rows: NDArray[np.float32], taught: Sequence[Taught]) -> NDArray[np.float32]:
    """Log-odds of each post by a model that it did not teach."""
    folds = len(taught) if len(taught) <= ONE_BY_ONE else FOLDS
    scores = np.empty(len(taught), dtype=np.float32)
    order = np.array(_spread(taught))
    for part in range(folds):
        outside, inside = order[part::folds], np.delete(order, np.s_[part::folds])
        weights = _fit(rows[inside], [taught[index] for index in inside])
        scores[outside] = rows[outside] @ weights[:-1] + weights[-1]
    return scores


def _threshold(scores: NDArray[np.float32], taught: Sequence[Taught]) -> float:
    """The chance below which a post is doubted, so that of new posts that mean us about `KEPT` stay.

    Of few posts that is near the lowest of them: the estimate of a quantile that errs to either side as often.
    """
    mine = [score for score, one in zip(scores, taught, strict=True) if one.us]
    lowest = float(np.quantile(mine, 1 - KEPT, method="median_unbiased"))
    return float(_sigmoid(np.float32(min(lowest, 0.0))))


def _spread(taught: Sequence[Taught]) -> list[int]:
    """Indexes so that each fold gets its share of both kinds."""
    ours = [index for index, one in enumerate(taught) if one.us]
    others = [index for index, one in enumerate(taught) if not one.us]
    return ours + others


def _describe(taught: Sequence[Taught], names: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """The commonest tokens of the posts, and a row a post."""
    seen = Counter(token for one in taught for kind in _tokens(one.post, names) for token in kind)
    tokens = tuple(sorted(sorted(seen), key=lambda token: -seen[token])[:MOST_TOKENS])
    place = {token: index for index, token in enumerate(tokens)}
    return tokens, np.stack([_row(one.post, names, place) for one in taught])


def _fit(rows: NDArray[np.float32], taught: Sequence[Taught]) -> Vector:
    """(256 + tokens + 1,); a token that none of the posts has gets no weight."""
    wanted = np.array([1.0 if one.us else 0.0 for one in taught], dtype=np.float32)
    weight = np.array([one.weight for one in taught], dtype=np.float32)
    # Both kinds weigh the same, however many there are of each.
    for kind in (0.0, 1.0):
        weight[wanted == kind] *= len(taught) / 2 / max(float(weight[wanted == kind].sum()), 1e-6)
    return _regress(rows, wanted, weight)


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
    """(256 + tokens,): the post's meaning without the name, then its words and site, then how the name is written."""
    whole = f"{post.title} . {post.text}"
    row = np.zeros(DIMENSIONS + len(place), dtype=np.float32)
    row[:DIMENSIONS] = MEANING_GAIN * _meaning([word for word in split_words(whole) if not _is_name(word, names)])
    for tokens, gain in zip(_tokens(post, names), (WORDS_GAIN, NAME_GAIN), strict=True):
        known = [DIMENSIONS + place[token] for token in tokens if token in place]
        if known:
            row[known] = gain / math.sqrt(len(known))
    return row


def _is_name(word: str, names: tuple[str, ...]) -> bool:
    return fold(word) in names or fold(word.split("'")[-1]) in names


def _meaning(words: list[str]) -> Vector:
    """(256,) of length 1 or 0: what sets the text apart from any other, so that no dimension drowns the rest."""
    vector = embed_words(words)
    if not vector.any():
        return vector
    mean, spread = _usual()
    apart = (vector - mean) / spread
    return np.asarray(apart / np.linalg.norm(apart), dtype=np.float32)


@lru_cache(maxsize=1)
def _usual() -> tuple[Vector, Vector]:
    """Mean and root of the spread of the vocabulary's vectors, (256,) each."""
    known = vocabulary()
    vectors = known.vectors.astype(np.float32) * known.scales[:, None]
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors.mean(axis=0), np.sqrt(vectors.std(axis=0) + 1e-6)


def _tokens(post: Post, names: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """The words' beginnings and the site; how the name is written and what stands beside it."""
    written = _WORD.findall(f"{post.title} . {post.text}")
    words = [fold(word.lower().lstrip("@#")) for word in written]
    said, named = {f"site:{post.site}"}, set()
    for index, word in enumerate(words):
        if word not in names:
            said.add(word[:BEGINNING])
            continue
        named.add(_looks(written[index], first=index == 0))
        if index > 0:
            named.add(f"before:{words[index - 1]}")
            if words[index - 1] in _KINDS:
                named.add(f"before, a word of {_KINDS[words[index - 1]]}")
        if index + 1 < len(words):
            named.add(f"after:{words[index + 1]}")
            if words[index + 1] in _KINDS:
                named.add(f"after, a word of {_KINDS[words[index + 1]]}")
    return said, named


def _looks(name: str, *, first: bool) -> str:
    if name[0] in "@#":
        return "as a handle or tag"
    if name.isupper():
        return "in capitals"
    if name[0].isupper():
        return "at the beginning" if first else "with a capital"
    return "small"


def _sigmoid(score: NDArray[np.float32] | np.float32) -> NDArray[np.float32] | np.float32:
    return 1 / (1 + np.exp(-score))  # type: ignore[return-value]
