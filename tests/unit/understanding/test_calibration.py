"""Hints are shown where they are right often enough, for a brand; its judgements move that."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

from backend.understanding.calibration import (
    BANDS,
    band_of,
    band_shares,
    confidence,
    count_judgement,
    is_shown,
    no_counts,
    shipped_counts,
)
from backend.understanding.features import SIZE, describe_text
from backend.understanding.heads import head_from_plain, retrain, shipped_heads


def test_a_surer_band_is_never_less_right() -> None:
    for prior in shipped_counts().values():
        shares = band_shares(prior, no_counts())
        assert list(shares) == sorted(shares)
        assert len(shares) == len(BANDS)


def test_wrong_hints_vanish_and_right_ones_return() -> None:
    counts = no_counts()
    assert is_shown(confidence("mood.en", 0.99, counts))
    for _ in range(15):
        counts = count_judgement(counts, 0.99, right=False)
    assert not is_shown(confidence("mood.en", 0.99, counts))
    for _ in range(300):
        counts = count_judgement(counts, 0.99, right=True)
    assert is_shown(confidence("mood.en", 0.99, counts))


def test_a_brand_where_unsure_guesses_are_right_sees_them() -> None:
    counts = no_counts()
    assert not is_shown(confidence("mood.fr", 0.65, counts))
    for _ in range(200):
        counts = count_judgement(counts, 0.65, right=True)
    assert is_shown(confidence("mood.fr", 0.65, counts))


def test_shown_hints_are_right_85_times_in_100_once_judged() -> None:
    """A brand on which the head is far worse than on the seeds: after 600 judgements only the good bands are left."""
    rng = np.random.default_rng(3)
    truth = [0.2, 0.3, 0.4, 0.5, 0.5, 0.6, 0.6, 0.95]
    counts = no_counts()
    for _ in range(600):
        probability = float(rng.uniform(0.4, 1))
        counts = count_judgement(counts, probability, right=bool(rng.uniform() < truth[band_of(probability)]))
    shown = [band for band, low in enumerate(BANDS) if is_shown(confidence("mood.en", low, counts))]
    assert set(shown) <= {7}


def test_a_rule_starts_from_its_own_probability() -> None:
    assert confidence("question.en", 0.96) == pytest.approx(0.96)
    counts = no_counts()
    for _ in range(15):
        counts = count_judgement(counts, 0.96, right=False)
    assert confidence("question.en", 0.96, counts) == pytest.approx(0.48)


def test_counting_changes_nothing_in_place_and_fits_json() -> None:
    before = no_counts()
    after = count_judgement(before, 0.7, right=True)
    assert before == no_counts()
    assert json.loads(json.dumps(after)) == after


def test_a_person_teaches_a_brands_own_words() -> None:
    head = shipped_heads()["mood", "en"]
    lesson = [
        (describe_text(f"The {thing} here is sick", "en"), "positive") for thing in ("beat", "bass", "show", "set")
    ]
    asked = describe_text("The drop here is sick", "en")
    before, after = head.probabilities(asked)[2], retrain(head, lesson * 5).probabilities(asked)[2]
    assert after > before + 0.3
    kept = describe_text("Terrible service, never again", "en")
    assert retrain(head, lesson * 5).probabilities(kept)[0] > 0.6


def test_retraining_with_1000_corrections_is_quick_and_always_the_same() -> None:
    rng = np.random.default_rng(1)
    head = shipped_heads()["mood", "fr"]
    corrections = [(rng.normal(0, 0.1, SIZE).astype(np.float32), head.classes[n % 3]) for n in range(1_000)]
    began = time.process_time()
    once = retrain(head, corrections)
    assert time.process_time() - began < 2  # two cores count twice
    assert np.array_equal(once.weights, retrain(head, corrections).weights)
    assert retrain(head, []) is head


def test_a_head_goes_to_json_and_back() -> None:
    head = shipped_heads()["complaint", "en"]
    again = head_from_plain(json.loads(json.dumps(head.to_plain())))
    described = describe_text("Still no refund", "en")
    assert np.allclose(again.probabilities(described), head.probabilities(described), atol=1e-3)
    with pytest.raises(ValueError, match="do not fit"):
        head_from_plain({**head.to_plain(), "classes": ["one"]})


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(KeyError):
        retrain(shipped_heads()["mood", "en"], [(np.zeros(SIZE, dtype=np.float32), "angry")])
