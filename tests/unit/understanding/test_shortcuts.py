"""What is quick gives the same answers as what is slow: on every sentence there is, and on some that nobody writes."""

from __future__ import annotations

import random
import unicodedata

import pytest
import regex

from backend.understanding import offensive
from backend.understanding.lexicon import LANGUAGES, MAX_PHRASE_WORDS, _longest, load_lexicon
from backend.understanding.offensive import find_offensive
from backend.understanding.vectors import fold, split_words
from tests.unit.understanding.held_out import read_held_out, read_seeds

ODD = [
    "", "\u0000\u202e", "f\u0301uck", "FUCK\u0130", "ſhit", "SH\u0131T", "piece-of  SHIT", "🖕", "fuck🖕you",
    "va te\nfaire foutre", "Géniaaaaal", "œuvre", "ÆTHER", "l'arnaque", "n'" * 30 + "nul",
    "a" * 4_000, "é" * 4_000, "ﬁn", "straße", "no  way",
]  # fmt: skip


@pytest.fixture(scope="module")
def texts() -> list[str]:
    found = [text for name in ("en", "fr", "hard-en", "hard-fr") for text, _, _ in read_held_out(name)]
    found += [text for language in LANGUAGES for text, _, _ in read_seeds(language)[::4]]
    chance = random.Random(5)  # noqa: S311  # a mixture, no secret
    rude = list(offensive._shipped_words())
    mixed = [" ".join((*chance.choice(found).split()[:4], chance.choice(rude).upper())) for _ in range(400)]
    return [*found, *ODD, *mixed, *rude, " ".join(found[:60])]


def test_folded_words_are_those_without_accents_and_drawn_out_letters(texts: list[str]) -> None:
    for word in {word for text in texts for word in text.split()}:
        plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        plain = plain.replace("œ", "oe").replace("æ", "ae")
        assert fold(word) == fold(word) == regex.sub(r"(\p{L})\1{2,}", r"\1", plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_phrase_is_found_as_if_every_length_was_tried(language: str, texts: list[str]) -> None:
    lexicon = load_lexicon(language)

    def tried(words: list[str], place: int) -> tuple[int, float]:
        for length in range(min(MAX_PHRASE_WORDS, len(words) - place), 0, -1):
            phrase = " ".join(words[place : place + length])
            for written in (phrase, fold(phrase), phrase.rsplit("'", 1)[-1] if length == 1 else phrase):
                if written in lexicon:
                    return length, lexicon[written]
        return 1, 0.0

    phrases = [phrase for phrase in lexicon if " " in phrase]
    assert phrases
    for text in [*texts, *phrases]:
        words = split_words(text)
        for place in range(len(words)):
            assert _longest(words, place, language) == tried(words, place), text


def test_no_rude_word_is_missed_because_its_text_was_not_searched(texts: list[str]) -> None:
    found = 0
    for text in texts:
        everywhere = [match.span() for match in offensive._shipped().finditer(text)]
        assert [(rude.start, rude.end) for rude in find_offensive(text)] == everywhere, text
        found += len(everywhere)
    assert found > 600
