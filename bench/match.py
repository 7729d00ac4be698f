"""Rows `match.texts_per_s_10k` and `match.speedup_10k`: which of 10,000 keywords a text of 1.5 kB is for, on one core.

**Keywords**: single words and phrases, AND with exclusions, OR, beginnings, distances and literals, in French and
English, around the names of 9,000 brands that are no words; one in a hundred is around a word of the texts' own
vocabulary (of the rarer half) instead. **Texts**: 1.5 kB of French or English, words as frequent as in any language
(Zipf), with capitals, accents, punctuation; one in four has a tag, a handle or an address, one in ten a picture, and
one in five names one of the brands: most of what is read is about nobody we listen for. How many texts match anything,
and how many keywords, is said in the note.

**Baseline**: each query in turn over the same text, folded once, that is: the same tree evaluated by the same code,
without an automaton. It says which queries hold and no more, where ours also says where the words stand. Taken in the
same run, one after the other, CPU time of this process.
"""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from backend.query.common import ENGLISH, FRENCH
from backend.query.grammar import Query, parse_query
from backend.query.match import Matcher, holds, read_text
from bench.rows import Row, judge

KEYWORDS, TEXTS, LENGTH = 10_000, 400, 1_500
ROUNDS = 5
TEXTS_IN_TURN = 3  # each takes a good part of a second
_VOCABULARY = Path("backend") / "understanding" / "data" / "words.txt"


def rows() -> list[Row]:
    """Two rows."""
    chance = random.Random(5)  # the same in every run
    words = _vocabulary(chance)
    names = [_name(chance) for _ in range(9_000)]
    queries = {number: parse_query(text) for number, text in enumerate(_keywords(chance, words, names))}
    texts = [_text(chance, words, names) for _ in range(TEXTS)]
    began = time.process_time()
    matcher = Matcher(queries)
    built = time.process_time() - began
    found = [len(matcher.match({"title": text[:80], "text": text[80:]})) for text in texts]
    ours, in_turn = [], []
    for turn in range(ROUNDS):
        began = time.process_time()
        for text in texts:
            matcher.match({"title": text[:80], "text": text[80:]})
        ours.append((time.process_time() - began) / TEXTS)
        few = texts[turn * TEXTS_IN_TURN : (turn + 1) * TEXTS_IN_TURN]
        began = time.process_time()
        for text in few:
            _each_in_turn(queries, text)
        in_turn.append((time.process_time() - began) / TEXTS_IN_TURN)
    mean, slow = statistics.median(ours), statistics.median(in_turn)
    hit = sum(map(bool, found)) / TEXTS
    note = f"{hit:.0%} of texts match, {sum(found) / TEXTS:.2f} keywords each; built in {built:.1f} s"
    baseline = f"each query in turn, same run: {1 / slow:.1f} texts/s"
    return [
        judge("match.texts_per_s_10k", 1 / mean, "1/s", ">=10000", note=note),
        judge("match.speedup_10k", slow / mean, "ratio", ">=200", baseline=baseline, note=baseline),
    ]


def _each_in_turn(queries: dict[int, Query], text: str) -> list[int]:
    reading = read_text({"title": text[:80], "text": text[80:]})
    return [number for number, query in queries.items() if holds(query.tree, reading)]


def _vocabulary(chance: random.Random) -> list[str]:
    words = [word for word in _VOCABULARY.read_text("utf-8").split() if word.isalpha() and len(word) > 2]
    chance.shuffle(words)
    return words


def _name(chance: random.Random) -> str:
    """A name that is no word: four syllables."""
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice(("a", "é", "i", "o", "u", "ou")) for _ in range(4))


def _keywords(chance: random.Random, words: list[str], names: list[str]) -> Iterator[str]:
    rare = words[len(words) // 2 :]
    for number in range(KEYWORDS):
        first = chance.choice(names) if number % 100 else chance.choice(rare)
        second, third = chance.choice(words), chance.choice(words)
        yield chance.choice(
            (
                first, first, f'"{first} {second}"', f'"{second} {first}"', f"{first} {second} -{third}",
                f"{first} ({second} OR {third})", f"({first} OR {first}{second}) -{third}", f"{first}*",
                f'"{first} {second}"~5', f"`{first.capitalize()} {second}`",
            )
        )  # fmt: skip


def _text(chance: random.Random, words: list[str], names: list[str]) -> str:
    small = sorted(chance.choice((FRENCH, ENGLISH)))
    weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(words))))
    said: list[str] = []
    length = 0
    while length < LENGTH:
        word = chance.choice(small) if chance.random() < 0.45 else chance.choices(words, cum_weights=weights)[0]
        if not said or said[-1].endswith("."):
            word = word.capitalize()
        if chance.random() < 0.12:
            word += chance.choice((",", ",", ".", ".", " –", "…", " !"))
        said.append(word)
        length += len(word) + 1
    place = chance.randrange(len(said))
    if chance.random() < 0.25:
        said[place] = chance.choice(("#Café{0}", "@{0}", "https://www.{0}.example/a?b=1")).format(chance.choice(names))
    if chance.random() < 0.10:
        said[place - 1] += " 😀"
    if chance.random() < 0.20:
        said[place - 2] = chance.choice(names).capitalize()
    return " ".join(said)[:LENGTH]
