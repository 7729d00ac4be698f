"""What single words, phrases and emojis say of a mood: AFINN (Apache-2.0) and our own lists, with negation.

A word counts for -5 to 5. After "not", "pas", "jamais" and their like it counts the other way, by a part: "not good"
is less bad than "bad" (the idea is common to rule-based scorers). French puts the verb before: "j'aime pas".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from backend.understanding.vectors import DATA, MAX_REMEMBERED, fold

LANGUAGES = ("en", "fr")
MAX_PHRASE_WORDS = 4
TURNED = -0.6  # what a negated word counts for
REACH = 3  # words after a negation that it turns
STRONGER = 1.4


def _group(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEGATIONS = {
    "en": _group("not no never cannot without nobody none neither nor hardly barely"),
    "fr": _group("pas plus jamais aucun aucune sans ni guère rien personne"),
}
_TURN_BEFORE = frozenset({"pas", "plus", "jamais", "guère"})
_STRONG = {
    "en": _group("very so really absolutely extremely totally incredibly such too super fucking bloody"),
    "fr": _group("très trop si vraiment tellement super hyper ultra totalement absolument carrément"),
}


@dataclass(frozen=True)
class Scored:
    """Sums and extremes of valences (-5 to 5 a word); `last` is that of the last word that has one."""

    positive: float
    negative: float
    most: float
    least: float
    last: float
    hits: int
    negations: int


def score_words(words: list[str], language: str) -> Scored:
    """What the lists of a language ("en" or "fr") say of words in lower case."""
    negations, strong, known = _NEGATIONS[language], _STRONG[language], _KNOWN[language]
    is_negation = [word in negations or ("t" in word and _negates(word, negations)) for word in words]
    values: list[float] = []
    place = 0
    while place < len(words):
        word = words[place]
        found = known.get(word)
        opens, valence = found if found is not None else _learn_word(word, language)
        if not opens and not valence:  # most words
            place += 1
            continue
        length, valence = _longest(words, place, language) if opens else (1, valence)
        if valence:
            turned = length == 1 and (
                any(is_negation[max(0, place - REACH) : place])
                or (language == "fr" and place + 1 < len(words) and words[place + 1] in _TURN_BEFORE)
            )
            if place and words[place - 1] in strong:
                valence *= STRONGER
            values.append(valence * TURNED if turned else valence)
        place += length
    return Scored(
        positive=sum(value for value in values if value > 0),
        negative=-sum(value for value in values if value < 0),
        most=max([0.0, *values]),
        least=min([0.0, *values]),
        last=values[-1] if values else 0.0,
        hits=len(values),
        negations=sum(is_negation),
    )


def _negates(word: str, negations: frozenset[str]) -> bool:
    return word in negations or word.endswith("n't") or word in ("dont", "cant", "wont", "didnt", "doesnt", "isnt")


def _longest(words: list[str], place: int, language: str) -> tuple[int, float]:
    """How many words the longest known phrase at this place has, and its valence; a single one where none is known."""
    lexicon = load_lexicon(language)
    for length in range(min(MAX_PHRASE_WORDS, len(words) - place), 1, -1):
        phrase = " ".join(words[place : place + length])
        of_phrase = lexicon.get(phrase)
        if of_phrase is None:
            of_phrase = lexicon.get(fold(phrase))
        if of_phrase is not None:
            return length, of_phrase
    return 1, _valence(words[place], language)


def _learn_word(word: str, language: str) -> tuple[bool, float]:
    """Whether a known phrase may begin with a word, and its own valence."""
    openings = _phrase_openings(language)
    found = word in openings or fold(word) in openings, _valence(word, language)
    known = _KNOWN[language]
    if len(word) <= MAX_REMEMBERED:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[word] = found
    return found


# What is said of the words that came last: the same ones come again and again.
_KNOWN: dict[str, dict[str, tuple[bool, float]]] = {language: {} for language in LANGUAGES}
_MOST_KNOWN = 32_768


def _valence(word: str, language: str) -> float:
    lexicon = load_lexicon(language)
    for written in (word, fold(word), word.rsplit("'", 1)[-1]):
        if written in lexicon:
            return lexicon[written]
    return 0.0


@lru_cache(maxsize=len(LANGUAGES))
def load_lexicon(language: str) -> dict[str, float]:
    """word or phrase → valence; our own lists overrule AFINN."""
    lexicon: dict[str, float] = {}
    for name in (f"afinn-{language}", "lexicon-emoji", f"lexicon-{language}"):
        for line in (DATA / f"{name}.txt").read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                phrase, rating = line.rsplit("\t", 1)
                lexicon[phrase.strip().lower().replace("’", "'")] = float(rating)
    for phrase, valence in list(lexicon.items()):
        lexicon.setdefault(fold(phrase), valence)
    return lexicon


@lru_cache(maxsize=len(LANGUAGES))
def _phrase_openings(language: str) -> frozenset[str]:
    """The first words of all phrases: where none of them stands, only the word itself need be looked up."""
    return frozenset(phrase.split(" ", 1)[0] for phrase in load_lexicon(language) if " " in phrase)
