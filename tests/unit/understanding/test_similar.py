"""Near-duplicates: the same, edited and quoted texts are found; others are not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from backend.understanding.similar import (
    SimilarIndex,
    band_keys,
    is_near,
    jaccard,
    shingles,
    sketch_text,
    text_key,
)
from tests.unit.understanding.held_out import read_held_out

TEXTS = [text for language in ("en", "fr") for text, _, _ in read_held_out(language) if len(text) > 45]

SKETCH = [168635366, 70065890, 198026127]
BAND = 5860891869870761793


def test_case_marks_handles_and_addresses_make_no_difference() -> None:
    plain = "Le musée ferme à 18 heures ce soir"
    assert text_key("RT @ville: LE MUSÉE ferme à 18 heures, ce soir !! https://t.example/1") == text_key(plain)
    assert text_key("Le musée ferme à 17 heures ce soir") != text_key(plain)
    assert text_key("!!! 😀 https://a.example") == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda text: f"RT @someone: {text} https://short.example/abc",
        lambda text: text.upper() + " 🔥🔥",
        lambda text: text[:20] + text[21:],
        lambda text: f"So true! {text}",
    ],
)
def test_variants_are_found_among_all(change: object) -> None:
    assert callable(change)
    index = SimilarIndex()
    for number, text in enumerate(TEXTS):
        index.add(number, text)
    missed = [text for number, text in enumerate(TEXTS) if number not in index.find(change(text))]
    assert len(missed) <= 0.02 * len(TEXTS), missed


def test_different_texts_are_not_joined() -> None:
    index = SimilarIndex()
    for number, text in enumerate(TEXTS):
        assert index.find(text) == []
        index.add(number, text)


def test_a_fragment_is_not_its_long_text() -> None:
    long = " ".join(TEXTS[:6])
    assert not is_near(TEXTS[0], long)
    assert is_near(TEXTS[0] + " " + TEXTS[1][:20], TEXTS[0])


def test_long_texts_are_judged_as_if_all_of_them_were_compared() -> None:
    """A sample of their runs tells those that are clearly apart; it never takes apart what belongs together."""
    draw = random.Random(5)  # noqa: S311
    words = [word for text in TEXTS for word in text.split()]
    near = 0
    for number in range(400):
        first = draw.choices(words, k=draw.randrange(300, 900))
        kept = first[: int(len(first) * draw.random())]
        if number % 2:  # one quoted in the other, or most words of one between others
            second = [*draw.choices(words, k=draw.randrange(20, 300)), *kept]
        else:
            second = [word if draw.random() < len(kept) / len(first) else draw.choice(words) for word in first]
        one, other = " ".join(first), " ".join(second)
        runs, others = shingles(one), shingles(other)
        small, large = sorted((runs, others), key=len)
        common = len(runs & others)
        together = jaccard(runs, others) >= 0.5 or (len(small) >= 0.4 * len(large) and common >= 0.7 * len(small))
        assert is_near(one, other) == together, (common, len(runs), len(others))
        near += together
    assert 100 < near < 300


def test_short_texts_join_only_when_equal() -> None:
    assert sketch_text("Merci beaucoup") is None
    assert is_near("Merci beaucoup", "merci beaucoup !")
    assert not is_near("Merci beaucoup", "Merci beaucoups")


def test_signatures_stay_the_same_for_ever() -> None:
    """They are stored: a change of these numbers needs a migration."""
    sketch = sketch_text("Le musée ferme à 18 heures ce soir")
    assert sketch is not None
    assert (sketch.shape, sketch.dtype) == ((64,), np.dtype(np.uint32))
    assert sketch[:3].tolist() == SKETCH
    assert band_keys(sketch)[0] == BAND
    assert all(0 <= key < 2**63 for key in band_keys(sketch))


def test_signatures_estimate_the_share_in_common() -> None:
    draw = random.Random(4)  # noqa: S311
    words = [word for text in TEXTS for word in text.split()]
    one = " ".join(draw.choices(words, k=60))
    first, second = sketch_text(one), sketch_text(one + " " + " ".join(draw.choices(words, k=15)))
    assert first is not None
    assert second is not None
    assert 0.6 < float((first == second).mean()) < 0.98
