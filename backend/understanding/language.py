"""In which of a brand's languages a text is written, offline.

py3langid (BSD-3, a model of 4.5 MB, numpy): 98.7 % right on tweets in six European languages, 94.5 % on those of at
most 40 characters, when only the languages in question are compared; some 15,000 texts a second. The model is loaded
at first use (about 1 s of one core, some 100 MB) and never changed afterwards, so threads share it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import Lock

from py3langid import langid

UNDETERMINED = "und"
MIN_LETTERS = 3
MAX_CHARACTERS = 1_000  # more does not make it surer
# How sure, among two languages in question. Below lie "Super", "ok", "Merci" alone, which several languages say.
# Chances spread over more languages are smaller each (half among three), and a doubt weighs less: fewer are strange.
MIN_CONFIDENCE = 0.75
LEAST_CONFIDENCE = 0.4
# A language outside of the brand's is taken for it only when all of the model says so: it is wrong on short texts.
FOREIGN_CONFIDENCE = 0.4
FOREIGN_LEAD = 4.0
# A brand with one language: compared with these, else every text would be in it.
_RIVALS = ("en", "fr", "es", "de", "it", "pt", "nl")

_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[@#]\w[\w.@-]*|[\d_]+")

_lock = Lock()
_identifier: langid.LanguageIdentifier | None = None


def detect_language(text: str, among: Sequence[str]) -> str:
    """The language of a text as one of `among` (BCP 47; only the primary tag counts), or "und" when unsure.

    Addresses, handles and hashtags say nothing about the language and are left out. Unknown tags are ignored; with
    an empty `among` the larger European languages are compared.
    """
    words = " ".join(_NOT_WORDS.sub(" ", text[:MAX_CHARACTERS]).split())
    if sum(map(str.isalpha, words)) < MIN_LETTERS:
        return UNDETERMINED
    ranking = dict(_load().rank(words))
    wanted = [tag for tag in dict.fromkeys(tag.lower().split("-")[0] for tag in among) if tag in ranking]
    compared = wanted if len(wanted) > 1 else list(dict.fromkeys((*wanted, *_RIVALS)))
    share = float(sum(ranking[tag] for tag in compared))
    first, most = next(iter(ranking.items()))
    if first not in compared and most >= FOREIGN_CONFIDENCE and most >= FOREIGN_LEAD * share:
        return UNDETERMINED
    best = max(compared, key=lambda tag: ranking[tag])
    if (wanted and best not in wanted) or not share or ranking[best] / share < _wanted_confidence(len(compared)):
        return UNDETERMINED
    return best


def _wanted_confidence(languages: int) -> float:
    return max(LEAST_CONFIDENCE, 2 * MIN_CONFIDENCE / languages)


def _load() -> langid.LanguageIdentifier:
    """The model, with probabilities over all its languages: those of a few are its shares among these."""
    global _identifier
    if _identifier is None:
        with _lock:
            if _identifier is None:
                _identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    return _identifier
