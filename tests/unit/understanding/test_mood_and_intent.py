"""Mood and intent on sentences that were kept aside, and what must hold whatever the weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.understanding.features import SIZE, describe_text
from backend.understanding.heads import shipped_heads
from backend.understanding.intent import ask_question
from backend.understanding.similar import SimilarIndex, is_near, text_key
from backend.understanding.understand import describe_mention, understand
from backend.understanding.vectors import DATA, DIMENSIONS, embed_text
from tests.unit.understanding.held_out import count_classes, f1, read_held_out, read_seeds

MOODS = ("negative", "neutral", "positive")
ROOT = Path(__file__).resolve().parents[3]


def judge(language: str, head: str) -> list[tuple[str, float]]:
    chosen = shipped_heads()[head, language]
    chances = chosen.probabilities(np.stack([describe_text(text, language) for text, _, _ in read_held_out(language)]))
    return [(chosen.classes[int(row.argmax())], float(row.max())) for row in chances]


@pytest.mark.parametrize("held_out", ["en", "fr", "hard-en", "hard-fr"])
def test_no_held_out_sentence_nor_one_nearly_like_it_was_trained_on(held_out: str) -> None:
    index = SimilarIndex()
    seeds = [text for text, _, _ in read_seeds(held_out[-2:])]
    for number, text in enumerate(seeds):
        index.add(number, text)
    known = {text_key(text) for text in seeds}
    near = [
        (text, seeds[number])
        for text, _, _ in read_held_out(held_out)
        for number in index.find(text)
        if is_near(text, seeds[number])
    ]
    assert near == []
    # The index passes over very short texts: those must differ as they stand.
    assert not known & {text_key(text) for text, _, _ in read_held_out(held_out)}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_class_has_150_seeds_and_requests_advertising_complaints_40_held_out(language: str) -> None:
    assert min(count_classes(read_seeds(language)).values()) >= 150
    held_out = count_classes(read_held_out(language))
    assert min(held_out[name] for name in ("request", "advertising", "complaint")) >= 40


@pytest.mark.parametrize(("language", "aim"), [("en", 0.79), ("fr", 0.77)])
def test_mood_is_right_as_often_as_aimed_at(language: str, aim: float) -> None:
    wanted = [mood for _, mood, _ in read_held_out(language)]
    found = [label for label, _ in judge(language, "mood")]
    scores = [f1([a == mood for a in wanted], [b == mood for b in found]) for mood in MOODS]
    assert sum(scores) / 3 >= aim, scores


@pytest.mark.parametrize("held_out", ["en", "fr", "hard-en", "hard-fr"])
def test_a_third_of_all_moods_can_be_shown_at_85_right_in_100(held_out: str) -> None:
    sentences = read_held_out(held_out)
    language = held_out[-2:]
    shown = [
        (hint.label == mood)
        for text, mood, _ in sentences
        if (hint := understand(text, languages=[language, "de"]).mood) is not None and hint.shown
    ]
    assert len(shown) >= 0.35 * len(sentences)
    assert sum(shown) >= 0.85 * len(shown)


# The aim is 75; where the heads reach more on these, a few points below that (40 of some 205: 7 points either way).
@pytest.mark.parametrize(
    ("head", "language", "least"),
    [
        ("complaint", "en", 0.78),
        ("complaint", "fr", 0.75),
        ("request", "en", 0.93),
        ("request", "fr", 0.84),
        ("advertising", "en", 0.91),
        ("advertising", "fr", 0.89),
    ],
)
def test_intents_are_found(head: str, language: str, least: float) -> None:
    wanted = [head in intents for _, _, intents in read_held_out(language)]
    assert f1(wanted, [label == head for label, _ in judge(language, head)]) >= least


@pytest.mark.parametrize(
    "text",
    [
        "Where can we park?",
        "Vous livrez à Lyon ?",
        "Bonjour, est-ce que la terrasse est ouverte",
        "how do I cancel my order",
        "Peut-on réserver par téléphone",
        "À quelle heure ça ouvre ?",
    ],
)
def test_questions_are_told_by_rules(text: str) -> None:
    assert ask_question(text) >= 0.5


@pytest.mark.parametrize(
    "text", ["See https://shop.example/?id=5", "I know what you mean.", "Le quai est fermé.", "Peut-être demain", ""]
)
def test_what_asks_nothing_is_no_question(text: str) -> None:
    assert ask_question(text) == 0.0


def test_praise_is_a_good_mood_that_asks_nothing() -> None:
    praised = understand("Thank you so much, the team was wonderful and the cake delicious!", languages=["en", "fr"])
    assert praised.mood is not None
    assert praised.mood.label == "positive"
    assert praised.intent is not None
    assert praised.intent.label == "praise"
    asked = understand("Wonderful cake, thank you! Can I have the recipe?", languages=["en", "fr"])
    assert "praise" not in {hint.label for hint in asked.intents}
    assert "question" in {hint.label for hint in asked.intents}


def test_negation_turns_the_mood() -> None:
    def good(text: str, language: str) -> float:
        return float(shipped_heads()["mood", language].probabilities(describe_text(text, language))[2])

    assert good("The food was good", "en") > good("The food was not good", "en") + 0.2
    assert good("J'aime ce que vous faites", "fr") > good("J'aime pas ce que vous faites", "fr") + 0.2


def test_other_languages_have_no_mood() -> None:
    german = understand("Das Essen war schrecklich, nie wieder!", languages=["de", "fr"])
    assert (german.language, german.mood, german.intents, german.intent) == ("de", None, (), None)


@pytest.mark.parametrize(
    "text",
    ["", "😀", "\0", "a" * 1_000_000, "<script>alert(1)</script>", "\u202e\u200b\u200b", "?" * 5_000, "漢字" * 999],
)
def test_odd_texts_are_survived(text: str) -> None:
    understood = understand(text, languages=["en", "fr"])
    assert understood.mood is None or 0 <= understood.mood.probability <= 1
    assert describe_text(text, "en").shape == (SIZE,)
    assert np.isfinite(describe_text(text, "fr")).all()


def test_half_centring_moves_half_of_the_way() -> None:
    text = "The bus stops here"
    home = shipped_heads()["mood", "en"].home
    mean = embed_text("tickets trains platforms")
    moved = describe_mention(text, language="en", mean={"en": mean})
    still = describe_mention(text, language="en")
    assert np.allclose(still[:DIMENSIONS] - moved[:DIMENSIONS], 0.5 * (mean - home), atol=1e-6)
    assert np.array_equal(still[DIMENSIONS:], moved[DIMENSIONS:])


def test_english_and_french_words_that_mean_the_same_lie_near() -> None:
    pairs = [("bread", "pain"), ("train", "gare"), ("happy", "heureux"), ("delicious", "délicieux")]
    strange = [("bread", "tribunal"), ("train", "gâteau"), ("happy", "facture"), ("delicious", "retard")]
    near = [float(embed_text(a) @ embed_text(b)) for a, b in pairs]
    far = [float(embed_text(a) @ embed_text(b)) for a, b in strange]
    assert sum(near) / 4 > sum(far) / 4 + 0.1


def test_writing_without_accents_or_with_drawn_out_letters_is_read() -> None:
    assert float(embed_text("deliciiiieux") @ embed_text("délicieux")) > 0.99


def test_the_data_stays_below_eight_megabytes() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 8_000_000
