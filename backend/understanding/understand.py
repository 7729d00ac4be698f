"""Everything that is understood of one post, in one call: about a millisecond, offline, nothing learned on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.understanding.calibration import Counts, Hint
from backend.understanding.features import centre, describe_text
from backend.understanding.heads import Head, shipped_heads
from backend.understanding.intent import HEADS, judge_intents
from backend.understanding.language import detect_language
from backend.understanding.lexicon import LANGUAGES
from backend.understanding.mood import judge_mood
from backend.understanding.offensive import find_offensive
from backend.understanding.personal import Personal, find_personal
from backend.understanding.vectors import Vector

MAX_CHARACTERS = 2_000  # of a long article the beginning says enough of mood and intent


@dataclass(frozen=True)
class Understood:
    """`language` a primary tag or "und". Mood and intents only in English and French, None and () elsewhere.

    Hints come whether they may be shown or not: ask `hint.shown`. `offensive`: rude words as they stand, of title and
    text. `personal`: places in the text (not the title).
    """

    language: str
    mood: Hint | None
    intents: tuple[Hint, ...]
    offensive: tuple[str, ...]
    personal: tuple[Personal, ...]

    @property
    def intent(self) -> Hint | None:
        """The surest intent."""
        return self.intents[0] if self.intents else None


def understand(
    text: str,
    *,
    title: str = "",
    languages: Sequence[str],
    language: str | None = None,
    heads: Mapping[tuple[str, str], Head] | None = None,
    mean: Mapping[str, Vector] | None = None,
    counts: Mapping[str, Counts] | None = None,
    own_words: Sequence[str] = (),
) -> Understood:
    """What one post says, for a brand that speaks `languages` (BCP 47 tags).

    `language`: where it is known already, "und" included. `heads`: the brand's retrained heads by (name, language),
    the shipped ones for the rest. `mean`: mean vector (256,) of the brand's mentions by language (`embed_text`), for
    half-centring. `counts`: its judgements by head ("mood.en").
    `own_words`: further rude words.
    """
    whole = "\n".join(part for part in (title, text) if part)
    language = language or detect_language(whole, languages)
    rude = tuple(dict.fromkeys(found.word for found in find_offensive(whole, own_words)))
    personal = find_personal(text)
    if language not in LANGUAGES:
        return Understood(language, None, (), rude, personal)
    described = describe_mention(text, title=title, language=language, mean=mean)
    own, judged = heads or {}, counts or {}
    chosen = {name: own.get((name, language)) or shipped_heads()[name, language] for name in ("mood", *HEADS)}
    mood = judge_mood(described, chosen["mood"], judged)
    intents = judge_intents(whole[:MAX_CHARACTERS], described, mood, chosen, judged, language)
    return Understood(language, mood, intents, rude, personal)


def describe_mention(text: str, *, title: str = "", language: str, mean: Mapping[str, Vector] | None = None) -> Vector:
    """(features,) as the heads see a post in "en" or "fr"; what `retrain` takes with a person's label."""
    whole = "\n".join(part for part in (title, text) if part)[:MAX_CHARACTERS]
    home = shipped_heads()["mood", language].home
    return centre(describe_text(whole, language), (mean or {}).get(language), home)
