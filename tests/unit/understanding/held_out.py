"""Sentences kept aside from training, and how well guesses fit them."""

from __future__ import annotations

from pathlib import Path


def read_held_out(language: str) -> list[tuple[str, str, frozenset[str]]]:
    """(text, mood, intents); a section [mood intent …] names those of the lines below it."""
    sentences: list[tuple[str, str, frozenset[str]]] = []
    mood, intents = "", frozenset[str]()
    for line in Path(__file__).with_name(f"held-out-{language}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            mood, *rest = line[1:-1].split()
            intents = frozenset(rest)
        elif line and not line.startswith("#"):
            sentences.append((line, mood, intents))
    return sentences


def f1(wanted: list[bool], found: list[bool]) -> float:
    """Harmonic mean of precision and recall, 0 to 1."""
    both = sum(a and b for a, b in zip(wanted, found, strict=True))
    return 2 * both / (sum(wanted) + sum(found)) if sum(wanted) + sum(found) else 0.0
