"""The patterns and heads of backend/understanding/data, learned anew from the seeds beside.

    python tools/distil/heads.py

Only sentences written for this project are trained on. Each head's first calibration is counted on parts of the seeds
that it was not fitted on (five folds), so it is what the head is worth on sentences like these; corrections of a brand
take over from there. Some ten minutes of one core.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from backend.understanding.calibration import BANDS, band_of  # noqa: E402
from backend.understanding.heads import Head  # noqa: E402
from backend.understanding.lexicon import LANGUAGES  # noqa: E402
from backend.understanding.vectors import DATA, DIMENSIONS  # noqa: E402
from tools.distil.patterns import (  # noqa: E402
    MOODS,
    WISHES,
    Described,
    Floats,
    Seed,
    describe_seeds,
    join,
    learn,
    match_all,
    save_patterns,
)

INTENTS = WISHES[:3]  # a question is told by rules; the networks learn it because it helps with the others
FOLDS = 5


def read_seeds(path: Path) -> list[Seed]:
    """(text, mood, intents) of each line below a [mood intent …] section."""
    seeds: list[Seed] = []
    mood, intents = "", frozenset[str]()
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            mood, *rest = line[1:-1].split()
            intents = frozenset(rest)
        elif line and not line.startswith("#"):
            seeds.append((line, mood, intents))
    return seeds


def classes_of(name: str) -> tuple[str, ...]:
    return MOODS if name == "mood" else ("rest", name)


def make_head(name: str, language: str, learned: Floats, home: Floats) -> Head:
    """From what `learn` gives: for a wish, two classes whose scores stand as far above as below zero."""
    if name == "mood":
        weights = learned[:, :3]
    else:
        wish = learned[:, 3 + WISHES.index(name)]
        weights = np.stack([-wish / 2, wish / 2], axis=1)
    return Head(name, language, classes_of(name), weights.astype(np.float32), home)


def right_classes(name: str, described: Described) -> np.ndarray:
    """(seeds,) class numbers of the head `name`."""
    return described.moods if name == "mood" else described.wishes[:, WISHES.index(name)].astype(int)


def count_folds(seeds: dict[str, list[Seed]], described: dict[str, Described]) -> dict[str, dict[str, list[int]]]:
    """Right and wrong by head and band, each seed judged by networks that saw none of its fold, in either language."""
    counts: dict[str, dict[str, list[int]]] = {}
    fold = {language: np.random.default_rng(7).permutation(len(own)) % FOLDS for language, own in seeds.items()}
    for part in range(FOLDS):
        inside = [described[language].take(np.nonzero(fold[language] != part)[0]) for language in LANGUAGES]
        patterns, learned = learn(join(*inside))
        for language in LANGUAGES:
            outside = np.nonzero(fold[language] == part)[0]
            own = described[language].take(outside)
            inputs = np.hstack([own.plain, match_all([seeds[language][number][0] for number in outside], patterns)])
            for name in ("mood", *INTENTS):
                head = make_head(name, language, learned, own.plain[0, :DIMENSIONS])
                count = counts.setdefault(f"{name}.{language}", {"right": [0] * len(BANDS), "wrong": [0] * len(BANDS)})
                for row, label in zip(head.probabilities(inputs), right_classes(name, own), strict=True):
                    best = int(row.argmax())
                    if name == "mood" or best:  # "rest" is never shown
                        count["right" if best == label else "wrong"][band_of(float(row[best]))] += 1
    return counts


def main() -> None:
    seeds = {language: read_seeds(Path(__file__).with_name(f"seeds-{language}.txt")) for language in LANGUAGES}
    described = {language: describe_seeds(own, language) for language, own in seeds.items()}
    patterns, learned = learn(join(*(described[language] for language in LANGUAGES)))
    save_patterns(patterns)
    arrays: dict[str, np.ndarray] = {}
    for language in LANGUAGES:
        home = described[language].plain[:, :DIMENSIONS].mean(axis=0)
        for name in ("mood", *INTENTS):
            head = make_head(name, language, learned, home)
            arrays[f"{name}.{language}.weights"] = head.weights
            arrays[f"{name}.{language}.classes"] = np.array(head.classes)
            arrays[f"{name}.{language}.home"] = head.home
    np.savez_compressed(DATA / "heads.npz", **arrays)
    counts = count_folds(seeds, described)
    for key, count in counts.items():
        right, wrong = sum(count["right"]), sum(count["wrong"])
        print(f"{key:<16} in {FOLDS} folds {right} of {right + wrong} right")
    (DATA / "calibration.json").write_text(json.dumps(counts, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
