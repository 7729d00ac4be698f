"""Rude words as they stand in the text, and no others."""

from __future__ import annotations

import pytest

from backend.understanding.offensive import find_offensive
from tests.unit.understanding.held_out import read_held_out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What an Asshole!", ["Asshole"]),
        ("quel CONNARD, ferme ta gueule", ["CONNARD", "ferme ta gueule"]),
        ("piece  of shit", ["piece  of shit"]),
        ("Scunthorpe, assess, Dickens, concert, conseil, veuve", []),
        ("enfoirés", ["enfoirés"]),
        ("", []),
    ],
)
def test_words_are_given_as_they_stand(text: str, words: list[str]) -> None:
    found = find_offensive(text)
    assert [rude.word for rude in found] == words
    assert all(text[rude.start : rude.end] == rude.word for rude in found)


def test_a_brands_own_words_come_on_top() -> None:
    assert [rude.word for rude in find_offensive("Espèce de Moldu ! (sic)", own=["moldu", " ", "(sic)"])] == [
        "Moldu",
        "(sic)",
    ]


def test_ordinary_posts_are_not_called_rude() -> None:
    found = [
        (text, rude)
        for language in ("en", "fr")
        for text, _, _ in read_held_out(language)
        if (rude := find_offensive(text))
    ]
    assert found == []
