"""Folding and cutting: the same word however it is written, and the way back to the text."""

from __future__ import annotations

import unicodedata

import pytest

from backend.query.words import fold, fold_column, fold_words, spellings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Café LUMIÈRE", "cafe lumiere"),
        ("STRASSE Straße", "strasse strasse"),
        ("Cœur, œuvre, ŒUF", "coeur oeuvre oeuf"),
        ("Ørsted Encyclopædia Łódź", "orsted encyclopaedia lodz"),
        ("ﬁrst ﬂag", "first flag"),
        ("İstanbul ΣΊΣΥΦΟΣ", "istanbul σισυφοσ"),
        ("l’été d'aujourd'hui", "l ete d aujourd hui"),
        ("week-end, e-mail", "week end e mail"),
        ("Café™ Lumière® ©2026", "cafe lumiere 2026"),
        ("１２ Ｃａｆｅ 𝓬𝓪𝓯𝓮 1ᵉʳ", "12 cafe cafe 1er"),
        ("C C++ C# F#", "c c++ c# f#"),
        ("(C++), c++11 a+b 2+2", "c++ c++ 11 a b 2 2"),
        ("S.N.C.F. U.S. e.g. fin.Le t.co", "sncf us eg fin le t co"),
        ("cafe\u0301 so\u00adft zero\u200bwidth", "cafe soft zerowidth"),
        ("東京都で地震", "東 京 都 で 地 震"),
        ("ｶﾞﾗｽ ガラス", "ガ ラ ス ガ ラ ス"),
        ("서울", "서 울"),
        ("हिन्दी", "हिन्दी"),
        ("!!! — 😀 …", ""),
        ("", ""),
    ],
)
def test_texts_are_folded_and_cut_into_words(text: str, words: str) -> None:
    assert " ".join(fold(text).words) == words


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Merci #CafeLumiere", "merci cafelumiere / #cafelumiere / cafe lumiere"),
        ("@cafe_lumiere", "cafe lumiere / #cafelumiere"),
        ("www.cafelumiere.example", "www cafelumiere example / #cafelumiere"),
        ("cafelumiere[.]example", "cafelumiere example / #cafelumiere"),
        ("Disney+ arrive", "disney+ arrive / disney"),
        ("#JO2024", "jo2024 / #jo2024 / jo 2024"),
    ],
)
def test_tags_handles_hosts_and_plus_names_have_a_second_reading(text: str, stored: str) -> None:
    assert fold_words(text) == stored


def test_every_word_leads_back_to_its_place_in_the_text() -> None:
    text = "Straße, ﬁn du cafe\u0301 — ½ «Œuvre» #CafeLumiere C++"
    folded = fold(text)
    at = 1
    for word in (*folded.words, *folded.others):
        start, end = folded.span(at, at + len(word))
        at += len(word) + 1
        if word != "/":
            assert word.lstrip("#") in (fold(text[start:end]).flat, "".join(fold(text[start:end]).words)) or (
                f" {word} " in fold(text[start:end]).flat
            )


def test_a_place_never_cuts_an_accent_from_its_letter() -> None:
    text = "un cafe\u0301 noir"
    folded = fold(text)
    start, end = folded.span(folded.flat.index("cafe"), folded.flat.index("cafe") + 4)
    assert text[start:end] == "cafe\u0301"


def test_composed_and_decomposed_letters_are_the_same_words() -> None:
    text = "Forêt de Čechy, ガラス, 서울, Việt Nam"
    assert fold(text).words == fold(unicodedata.normalize("NFD", text)).words


def test_fields_of_a_column_are_kept_apart_and_padded() -> None:
    assert fold_column("Le Café", "", "Lumière du soir") == " le cafe /1 /2 lumiere du soir "
    assert fold_column("", "") == " /1 "


def test_a_phrase_is_also_looked_for_as_a_tag() -> None:
    assert spellings(("cafe", "lumiere")) == ["cafe lumiere", "#cafelumiere"]
    assert spellings(("cafe",)) == ["cafe"]
    assert spellings(("c++", "builder")) == ["c++ builder"]
