"""What a post wants: question, complaint, praise, request or advertising; a post may want several things.

A question is told by rules (a question mark outside of addresses, or an interrogative opening), complaint, request and
advertising by heads of their own (a complaint is not the same as a negative mood: many sad posts complain of nobody,
many complaints are polite), praise is a positive mood without a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import regex

from backend.understanding.calibration import Counts, Hint, confidence
from backend.understanding.heads import Head
from backend.understanding.vectors import Vector

INTENTS = ("advertising", "complaint", "request", "question", "praise")  # where several are as sure, the first counts
HEADS = ("complaint", "request", "advertising")

# Probabilities of the rules; set, not counted. A brand's judgements move them.
MARK_AND_OPENING, MARK, OPENING = 0.96, 0.88, 0.6
NOT_PRAISE = 0.5  # an advertisement or a complaint this likely is no praise

_ADDRESS = regex.compile(r"https?://\S+|www\.\S+")
_MARK = regex.compile(r"\?(?!\w)")
_STOP = re.compile(r"[.!?,:;\n]")
_OPENING = regex.compile(
    r"(?:(?:hi|hello|hey|bonjour|salut|bonsoir)\b[\s,!]*)?(?:"
    r"est[- ]ce que?\b|qu['’]est|comment\b|pourquoi\b|où\b|quand est|quel(?:le)?s?\b|combien\b|qui\b|c['’]est quand\b|"
    r"quelqu['’]un (?:sait|a|connaît)\b|"
    r"how\b|why\b|what\b|where\b|when (?:is|are|do|does|will|can)\b|who\b|which\b|"
    r"(?:do|does|did|is|are|can|could|will|would|has|have) (?:you|it|there|the|i|we|any|anyone|someone|somebody)\b|"
    r"any(?:one|body) know"
    r")",
    regex.IGNORECASE,
)
_INVERTED = regex.compile(r"(?<=\b\p{L}{3,})-(?:vous|tu|on|il|elle|ils|elles|je|t-on|t-il|t-elle)\b", regex.IGNORECASE)


def judge_intents(
    text: str, described: Vector, mood: Hint, heads: Mapping[str, Head], counts: Mapping[str, Counts], language: str
) -> tuple[Hint, ...]:
    """Every intent found likelier than not, surest first. `heads` by name; `counts`: the brand's, by "request.en"."""
    found: dict[str, Hint] = {}
    for name in HEADS:
        chances = heads[name].probabilities(described)
        probability = float(chances[heads[name].classes.index(name)])
        if probability >= 0.5:
            key = f"{name}.{language}"
            found[name] = Hint(name, probability, confidence(key, probability, counts.get(key)))
    question = ask_question(text)
    if question >= 0.5:
        key = f"question.{language}"
        found["question"] = Hint("question", question, confidence(key, question, counts.get(key)))
    elif mood.label == "positive" and not any(
        found[name].probability >= NOT_PRAISE for name in ("advertising", "complaint") if name in found
    ):
        found["praise"] = Hint("praise", mood.probability, mood.confidence)
    return tuple(sorted(found.values(), key=lambda hint: (-hint.confidence, INTENTS.index(hint.label))))


def ask_question(text: str) -> float:
    """How surely a text asks something, 0 to 1, by its marks and openings in English and French."""
    plain = _ADDRESS.sub(" ", text)
    mark, opening = _MARK.search(plain) is not None, _opens_with_question(plain)
    if mark:
        return MARK_AND_OPENING if opening else MARK
    return OPENING if opening else 0.0


def _opens_with_question(text: str) -> bool:
    """Whether a sentence, or a part of one, begins as questions do."""
    first, *others = _STOP.split(text)
    if _OPENING.match(first) or any(_OPENING.match(part.lstrip()) for part in others):
        return True
    return "-" in text and _INVERTED.search(text) is not None
