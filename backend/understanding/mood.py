"""Mood of a text: "negative", "neutral" or "positive" (`sentiment` in API and query language)."""

from __future__ import annotations

from collections.abc import Mapping

from backend.understanding.calibration import Counts, Hint, confidence
from backend.understanding.heads import Head
from backend.understanding.vectors import Vector

MOODS = ("negative", "neutral", "positive")


def judge_mood(described: Vector, head: Head, counts: Mapping[str, Counts]) -> Hint:
    """The likeliest mood of a text described by `describe_text`; `counts` are the brand's, by "mood.en"."""
    chances = head.probabilities(described)
    best = int(chances.argmax())
    probability = float(chances[best])
    key = f"mood.{head.language}"
    return Hint(head.classes[best], probability, confidence(key, probability, counts.get(key)))
