"""Sentences kept aside from training, and how well guesses fit them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path


def read_held_out(language: str) -> list[tuple[str, str, frozenset[str]]]:
    """(text, mood, intents); a section [mood intent …] names those of the lines below it."""
    return _read(Path(__file__).with_name(f"held-out-{language}.txt"))


def read_seeds(language: str) -> list[tuple[str, str, frozenset[str]]]:
    """What the heads were trained on, as `read_held_out` gives it."""
    return _read(Path(__file__).resolve().parents[3] / "tools" / "distil" / f"seeds-{language}.txt")


def count_classes(sentences: list[tuple[str, str, frozenset[str]]]) -> Counter[str]:
    """How many sentences there are of each intent; a good mood that wants nothing is praise, the rest other."""
    counts: Counter[str] = Counter()
    for _, mood, intents in sentences:
        counts.update(intents or {"praise" if mood == "positive" else "other"})
    return counts


def _read(path: Path) -> list[tuple[str, str, frozenset[str]]]:
    sentences: list[tuple[str, str, frozenset[str]]] = []
    mood, intents = "", frozenset[str]()
    for line in path.read_text("utf-8").splitlines():
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
