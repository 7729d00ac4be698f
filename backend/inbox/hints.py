"""What is guessed of a mention when it arrives: mood, intent, rude words, and whether it is about the brand at all.

A guess becomes `sentiment` or `intent` only where guesses of its kind are right at least 85 times in 100 for that brand
(understanding/calibration.py); else it is kept beside the mention (`guesses`) and shown to nobody, so that a person's
word can be counted for or against it. What was learned of a brand is its `Mind`; `learning.py` makes it.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inbox.addresses import host_of
from backend.inbox.models import BrandMind, KeywordMind, Mention
from backend.understanding.about import AboutModel, Post, about_from_plain
from backend.understanding.calibration import Counts
from backend.understanding.heads import Head, head_from_plain
from backend.understanding.understand import Understood, understand
from backend.understanding.vectors import Vector

log = logging.getLogger("entregent.hints")

PERSON, MACHINE = "person", "machine"
MOST_MINDS = 200  # kept in memory by a process; some 50 kB each


@dataclass(frozen=True)
class Mind:
    """What was learned for one brand. Empty: what the product ships."""

    heads: Mapping[tuple[str, str], Head] = field(default_factory=dict)
    means: Mapping[str, Vector] = field(default_factory=dict)  # language → (256,)
    counts: Mapping[str, Counts] = field(default_factory=dict)  # "mood.en" → judgements by band
    about: Mapping[int, AboutModel] = field(default_factory=dict)  # by keyword


NO_MIND = Mind()

_minds: OrderedDict[tuple[str, ...], Mind] = OrderedDict()
_minds_lock = Lock()


def read_mind(session: Session, brand_id: int) -> Mind:
    """What was learned for a brand; read anew only where something was learned since."""
    revision = session.scalar(select(BrandMind.revision).where(BrandMind.brand_id == brand_id)) or ""
    of_keywords = select(KeywordMind.keyword_id, KeywordMind.revision).where(
        KeywordMind.brand_id == brand_id, KeywordMind.revision != ""
    )
    keywords = sorted((number, part) for number, part in session.execute(of_keywords))
    if not revision and not keywords:
        return NO_MIND
    key = (revision, *(part for _, part in keywords))  # revisions are random: nobody else's are the same
    with _minds_lock:
        if key in _minds:
            _minds.move_to_end(key)
            return _minds[key]
    mind = _load(session, brand_id)
    with _minds_lock:
        _minds[key] = mind
        while len(_minds) > MOST_MINDS:
            _minds.popitem(last=False)
    return mind


def _load(session: Session, brand_id: int) -> Mind:
    row = session.get(BrandMind, brand_id)
    learned = row.learned if row is not None else {}
    heads = _heads_of(learned.get("heads", []))
    models = session.execute(
        select(KeywordMind.keyword_id, KeywordMind.learned).where(KeywordMind.brand_id == brand_id)
    )
    return Mind(
        heads={(head.name, head.language): head for head in heads},
        means={tag: np.array(mean, dtype=np.float32) for tag, mean in learned.get("means", {}).items()},
        counts=learned.get("counts", {}),
        about=dict(_about_of((keyword_id, plain) for keyword_id, plain in models if plain)),
    )


def _about_of(learned: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[tuple[int, AboutModel]]:
    """As `_heads_of`."""
    for keyword_id, plain in learned:
        try:
            yield keyword_id, about_from_plain(plain)
        except (ValueError, KeyError) as problem:
            log.info("what was learned of keyword %d is not used: %s", keyword_id, problem)


def _heads_of(learned: Sequence[dict[str, Any]]) -> list[Head]:
    """Those that fit: what another release learned is not read, and learned anew in the night."""
    heads = []
    for plain in learned:
        try:
            heads.append(head_from_plain(plain))
        except (ValueError, KeyError) as problem:
            log.info("what was learned is not read: %s", problem)
    return heads


@dataclass(frozen=True)
class Said:
    """A mention as far as it is judged. `language` "" = to be found among the brand's."""

    text: str
    title: str = ""
    author: str = ""
    url: str = ""
    network: str = ""
    language: str = ""
    addressed: str = ""  # spoken to an account of the brand: then it is about the brand


def judge(mind: Mind, said: Said, *, languages: Sequence[str], keyword_ids: Collection[int] = ()) -> dict[str, Any]:
    """Columns of a mention: `sentiment`, `intent`, `about_us`, by whom, `guesses`, `rude`. About a millisecond."""
    understood = understand(
        said.text,
        title=said.title,
        languages=languages,
        language=said.language or None,
        heads=mind.heads,
        mean=mind.means,
        counts=mind.counts,
    )
    values: dict[str, Any] = {
        "rude": list(understood.offensive)[:20],
        "guesses": _guesses(understood),
        **_shown(understood),
        "about_us": "yes",
        "about_us_by": "",
    }
    chance = chance_of_us(mind, said, keyword_ids)
    if chance is not None:
        likely, doubted = chance
        values["guesses"]["about_us"] = round(likely, 4)
        values["about_us_by"] = MACHINE
        if doubted:
            values["about_us"] = "probably_not"
    return values


def chance_of_us(mind: Mind, said: Said, keyword_ids: Collection[int]) -> tuple[float, bool] | None:
    """How likely it means the brand, and whether every keyword that found it doubts it. None = nothing known."""
    models = [mind.about[keyword_id] for keyword_id in keyword_ids if keyword_id in mind.about]
    if said.addressed or not models or len(models) < len(keyword_ids):
        return None
    post = post_of(said)
    return max(model.chance(post) for model in models), all(model.doubts(post) for model in models)


def post_of(said: Said) -> Post:
    return Post(text=said.text, title=said.title, site=host_of(said.url))


def said_of(mention: Mention) -> Said:
    return Said(
        text=mention.text,
        title=mention.title,
        url=mention.url,
        language=mention.language,
        addressed=mention.addressed,
    )


def _guesses(understood: Understood) -> dict[str, Any]:
    guesses: dict[str, Any] = {}
    if understood.mood is not None:
        guesses["mood"] = [understood.mood.label, round(understood.mood.probability, 4)]
    if understood.intents:
        guesses["intents"] = [[hint.label, round(hint.probability, 4)] for hint in understood.intents]
    return guesses


def _shown(understood: Understood) -> dict[str, Any]:
    mood = understood.mood if understood.mood is not None and understood.mood.shown else None
    intent = next((hint for hint in understood.intents if hint.shown), None)
    return {
        "sentiment": mood.label if mood else None,
        "sentiment_by": MACHINE if mood else "",
        "intent": intent.label if intent else None,
        "intent_by": MACHINE if intent else "",
    }
