"""A head: softmax over a few classes from a text's features, fitted and refitted in numpy.

Refitting needs no training texts: the shipped weights are the prior, a person's corrections pull them away from it
(a MAP estimate), so a brand's head stays near the shipped one until there is reason enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.understanding.vectors import DATA, DIMENSIONS, Vector

STEPS = 150
# How strongly the shipped weights hold against corrections; chosen on seeds of another language's style (tools/distil).
HOLD = 1.0
# A person's correction counts as this many examples.
CORRECTION_WEIGHT = 1.0


@dataclass(frozen=True)
class Head:
    """`weights` (features + 1, classes), the last row being the bias; `home` (256,) the mean of its training texts."""

    name: str
    language: str
    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    home: Vector

    def probabilities(self, described: Vector) -> Vector:
        """(classes,) for one description or (texts, classes) for several; each sums to 1."""
        return _softmax(described @ self.weights[:-1] + self.weights[-1])

    def to_plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "name": self.name,
            "language": self.language,
            "classes": list(self.classes),
            "weights": np.round(self.weights, 5).tolist(),
            "home": np.round(self.home, 5).tolist(),
        }


def head_from_plain(plain: dict[str, Any]) -> Head:
    """What `to_plain` gave; ValueError where the shape does not fit, as when texts are described otherwise since."""
    weights = np.array(plain["weights"], dtype=np.float32)
    home = np.array(plain["home"], dtype=np.float32)
    classes = tuple(plain["classes"])
    if weights.ndim != 2 or weights.shape[1] != len(classes) or home.shape != (DIMENSIONS,):
        raise ValueError("weights and classes of the head do not fit")
    shipped = shipped_heads().get((plain["name"], plain["language"]))
    if shipped is not None and shipped.weights.shape != weights.shape:
        raise ValueError("the head is for texts described otherwise")
    return Head(plain["name"], plain["language"], classes, weights, home)


def retrain(head: Head, corrections: Sequence[tuple[Vector, str]]) -> Head:
    """The head refitted with (description, right class) pairs; the same input gives the same head.

    1,000 corrections take well under a second. KeyError for a class that the head does not know.
    """
    if not corrections:
        return head
    place = {label: index for index, label in enumerate(head.classes)}
    described = np.stack([vector for vector, _ in corrections]).astype(np.float32)
    wanted = np.array([place[label] for _, label in corrections])
    weight = np.full(len(wanted), CORRECTION_WEIGHT, dtype=np.float32)
    return replace(head, weights=fit(described, wanted, weight, prior=head.weights, hold=HOLD))


def fit(
    described: NDArray[np.float32],
    wanted: NDArray[np.int64],
    weight: NDArray[np.float32],
    *,
    prior: NDArray[np.float32],
    hold: float,
) -> NDArray[np.float32]:
    """Weights with the least Σ weight·(-log p) + hold/2·|weights - prior|², by accelerated gradient steps."""
    inputs = np.hstack([described, np.ones((len(described), 1), dtype=np.float32)])
    target = np.eye(prior.shape[1], dtype=np.float32)[wanted]
    # Bound of the curvature: half of the largest eigenvalue of the weighted inputs, and the pull of the prior.
    gram = inputs.T @ (inputs * weight[:, None])
    step = 1.0 / (0.5 * float(np.linalg.norm(gram, 2)) + hold)
    current = ahead = prior.astype(np.float32)
    momentum = 1.0
    for _ in range(STEPS):
        slope = inputs.T @ ((_softmax(inputs @ ahead) - target) * weight[:, None]) + hold * (ahead - prior)
        following = ahead - step * slope
        next_momentum = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = following + (momentum - 1) / next_momentum * (following - current)
        current, momentum = following, next_momentum
    return np.asarray(current, dtype=np.float32)


@lru_cache(maxsize=1)
def shipped_heads() -> dict[tuple[str, str], Head]:
    """(name, language) → head as trained by `tools/distil/heads.py`."""
    heads = {}
    with np.load(DATA / "heads.npz", allow_pickle=False) as file:
        for key in file.files:
            name, language, part = key.split(".")
            if part == "weights":
                heads[name, language] = Head(
                    name,
                    language,
                    tuple(str(label) for label in file[f"{name}.{language}.classes"]),
                    file[key].astype(np.float32),
                    file[f"{name}.{language}.home"].astype(np.float32),
                )
    return heads


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
