"""How well mood, complaint and language are told, as a table: `python tools/distil/measure.py`.

Without options the project's own held-out sentences are judged (tests/unit/understanding). Sets that may not lie in
the project (tweets) are named on the command line and only read:

  --mood en TEXTS LABELS      a text a line; a label a line, 0 negative, 1 neutral, 2 positive
  --complaint en FILE         label, tab, text; 1 is a complaint
  --language FILE             tag, tab, text
  --centred                   half-centred on the mean of each set
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from backend.understanding.calibration import confidence, is_shown  # noqa: E402
from backend.understanding.features import centre, describe_text  # noqa: E402
from backend.understanding.heads import Head, shipped_heads  # noqa: E402
from backend.understanding.language import detect_language  # noqa: E402
from backend.understanding.vectors import DIMENSIONS  # noqa: E402
from tools.distil.heads import read_seeds  # noqa: E402

MOODS = ("negative", "neutral", "positive")


def describe_all(texts: list[str], head: Head, centred: bool) -> np.ndarray:
    described = np.stack([describe_text(text, head.language) for text in texts])
    mean = described[:, :DIMENSIONS].mean(axis=0)
    return np.stack([centre(row, mean if centred else None, head.home) for row in described])


def f1(wanted: np.ndarray, found: np.ndarray) -> float:
    both = (wanted & found).sum()
    return 200 * both / max(1, wanted.sum() + found.sum())


def measure_mood(name: str, language: str, texts: list[str], labels: np.ndarray, centred: bool) -> None:
    head = shipped_heads()["mood", language]
    chances = head.probabilities(describe_all(texts, head, centred))
    found, sure = chances.argmax(axis=1), chances.max(axis=1)
    right = found == labels
    order = np.argsort(-sure)
    precise = np.nonzero(np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= 0.85)[0]
    coverage = 100 * (precise.max() + 1) / len(order) if len(precise) else 0.0
    shown = np.array([is_shown(confidence(f"mood.{language}", float(chance))) for chance in sure])
    each = [f1(labels == label, found == label) for label in range(3)]
    print(
        f"mood {language} {name}: {len(texts)} texts, macro-F1 {np.mean(each):.1f} ("
        + ", ".join(f"{mood} {score:.0f}" for mood, score in zip(MOODS, each, strict=True))
        + f"), coverage at 85 % {coverage:.0f} %; shown {100 * shown.mean():.0f} %"
        + (f", of these right {100 * right[shown].mean():.0f} %" if shown.any() else "")
    )


def measure_intent(name: str, intent: str, language: str, texts: list[str], labels: np.ndarray, centred: bool) -> None:
    head = shipped_heads()[intent, language]
    found = head.probabilities(describe_all(texts, head, centred)).argmax(axis=1) == 1
    print(f"{intent} {language} {name}: {len(texts)} texts, {labels.sum()} of them, F1 {f1(labels, found):.1f}")


def measure_language(name: str, rows: list[tuple[str, str]]) -> None:
    tags = sorted({tag for tag, _ in rows})
    right = np.array([detect_language(text, tags) == tag for tag, text in rows])
    short = np.array([len(text) <= 40 for _, text in rows])
    print(
        f"language {name}: {len(rows)} texts in {len(tags)} languages, {100 * right.mean():.1f} % right; "
        f"{short.sum()} of at most 40 characters, {100 * right[short].mean():.1f} % right"
    )


def read_tabbed(path: Path) -> list[tuple[str, str]]:
    rows = [line.split("\t", 1) for line in path.read_text("utf-8").splitlines() if "\t" in line]
    return [(first, second) for first, second in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mood", nargs=3, action="append", default=[])
    parser.add_argument("--complaint", nargs=2, action="append", default=[])
    parser.add_argument("--language", action="append", type=Path, default=[])
    parser.add_argument("--centred", action="store_true")
    options = parser.parse_args()
    held_out = ROOT / "tests" / "unit" / "understanding"
    for name, language in ((name, language) for name in ("held out", "held out, hard") for language in ("en", "fr")):
        hard = "hard-" if name.endswith("hard") else ""
        seeds = read_seeds(held_out / f"held-out-{hard}{language}.txt")
        texts = [text for text, _, _ in seeds]
        moods = np.array([MOODS.index(mood) for _, mood, _ in seeds])
        measure_mood(name, language, texts, moods, options.centred)
        for intent in ("complaint", "request", "advertising"):
            labels = np.array([intent in intents for _, _, intents in seeds])
            measure_intent(name, intent, language, texts, labels, options.centred)
    measure_language("held out", [(tag, text) for text, tag, _ in read_seeds(held_out / "held-out-languages.txt")])
    for language, texts_path, labels_path in options.mood:
        texts = Path(texts_path).read_text("utf-8").rstrip("\n").split("\n")
        labels = np.array(Path(labels_path).read_text("utf-8").split(), dtype=int)
        measure_mood(Path(texts_path).name, language, texts, labels, options.centred)
    for language, path in options.complaint:
        rows = read_tabbed(Path(path))
        labels = np.array([label == "1" for label, _ in rows])
        measure_intent(Path(path).name, "complaint", language, [text for _, text in rows], labels, options.centred)
    for path in options.language:
        measure_language(path.name, read_tabbed(path))


if __name__ == "__main__":
    main()
