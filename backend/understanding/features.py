"""What the heads see of a text: its vector (256 numbers) and some thirty counts and marks, all of the order of 1."""

from __future__ import annotations

import math

import numpy as np
import regex

from backend.understanding.lexicon import score_words
from backend.understanding.vectors import (
    DIMENSIONS,
    MAX_CHARACTERS,
    Vector,
    embed_words,
    find_rows,
    split_words,
    vocabulary,
)

CENTRING = 0.5  # half: full centring errs where a brand's moods are skewed

_LINK = regex.compile(r"https?://|www\.|\blink (?:in bio|below)|\blien (?:en bio|ci-dessous)", regex.IGNORECASE)
_PRICE = regex.compile(r"[$€£%]|\b\d+[.,]\d\d\b|\beuros?\b", regex.IGNORECASE)


def _group(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SETS = {
    "en": (
        _group("i i'm i've my me we our us"),
        _group("you your you're you've u yours guys"),
        _group("please could would can kindly may"),
        _group("but however although though yet"),
        _group("why what how where when who which does is are do has"),
        _group("free offer sale off shop buy order discount join follow subscribe win call dm"),
        _group("still again broken waiting refund cancelled late ignored missing error wrong never nobody"),
        _group("was were had went got came"),
    ),
    "fr": (
        _group("je j'ai mon ma mes moi me on nous notre nos"),
        _group("vous votre vos tu ton ta"),
        _group("svp veuillez pourriez pouvez pourriez-vous pouvez-vous voudrais aimerais merci serait"),
        _group("mais pourtant cependant alors"),
        _group("pourquoi comment où quand qui quel quelle combien est-ce"),
        _group("offre promo soldes gratuit gratuite offert commandez profitez gagnez code découvrez venez"),
        _group("toujours encore panne attente remboursement annulé retard manque erreur impossible jamais"),
        _group("était étaient avait suis été eu"),
    ),
}
EXTRAS = 22 + len(_SETS["en"])
SIZE = DIMENSIONS + EXTRAS


def describe_text(text: str, language: str) -> Vector:
    """(SIZE,) float32: the text's vector first, then the counts and marks. `language` is "en" or "fr"."""
    text = text[:MAX_CHARACTERS]
    words = split_words(text)
    scored = score_words(words, language)
    root = math.sqrt(len(words) + 1)
    valences = vocabulary().valences[find_rows(words)]
    rising, falling = valences[valences > 0], valences[valences < 0]
    letters = sum(map(str.isalpha, text)) + 1
    wide = 5 * root
    extras = [
        scored.positive / wide,
        scored.negative / wide,
        (scored.positive - scored.negative) / wide,
        scored.most / 4,
        scored.least / 4,
        scored.last / 4,
        float(scored.positive > scored.negative),
        float(scored.negative > scored.positive),
        float(scored.hits == 0),
        min(scored.negations, 3) / 3,
        float(rising.sum()) / root,
        float(falling.sum()) / root,
        float(valences.mean()) * 3 if len(valences) else 0.0,
        float(rising.max(initial=0.0)),
        float(falling.min(initial=0.0)),
        min(text.count("!"), 3) / 3,
        float("?" in text),
        math.log1p(len(words)) / 5,
        sum(map(str.isupper, text)) / letters,
        min(sum(map(str.isdigit, text)), 10) / 10,
        float(_LINK.search(text) is not None),
        float(_PRICE.search(text) is not None),
        *(min(sum(word in group for word in words), 3) / 3 for group in _SETS[language]),
    ]
    return np.concatenate([embed_words(words), np.array(extras, dtype=np.float32)])


def centre(described: Vector, mean: Vector | None, home: Vector) -> Vector:
    """A description moved half of the way from a brand's `mean` vector (256,) to `home`, that of the training."""
    if mean is None:
        return described
    moved = described.copy()
    moved[:DIMENSIONS] -= CENTRING * (mean - home)
    return moved
