"""Variables in saved replies: what is filled, what stays blank, what is refused."""

from __future__ import annotations

import pytest

from backend.infra.errors import Invalid
from backend.replies.starters import ENGLISH, FRENCH_TU, FRENCH_VOUS, starters
from backend.replies.variables import Values, check_variables, fill, friendly_name, plain_words

KNOWN = Values(brand_name="Café Lumière", author="Camille Durand 🌿")


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("Bonjour {{author.name}},", KNOWN, "Bonjour Camille,"),
        ("Bonjour {{ Author.Name }},", KNOWN, "Bonjour Camille,"),
        ("Hi {{author.name|there}},", KNOWN, "Hi Camille,"),
        ("Hi {{author.name|there}},", Values(author="camille_d92"), "Hi there,"),
        ("Bonjour {{author.name}}, merci", Values(), "Bonjour, merci"),
        ("Merci {{author.name}}\u202f!", Values(), "Merci\u202f!"),
        ("{{author.name}}, merci", Values(), "Merci"),
        ("Merci. {{author.name}}, on arrive.", Values(), "Merci. On arrive."),
        ("À bientôt chez {{brand.name}}.", KNOWN, "À bientôt chez Café Lumière."),
        (
            "La carte : {{link:https://cafe.example/carte?a=1|2}}",
            KNOWN,
            "La carte : <https://cafe.example/carte?a=1|2>",
        ),
        ("Pas de variable { ici }", KNOWN, "Pas de variable { ici }"),
    ],
)
def test_variables_are_filled(text: str, values: Values, filled: str) -> None:
    assert fill(text, values, lambda url: f"<{url}>").text == filled


def test_blanks_stay_in_the_text_and_are_listed_once() -> None:
    filled = fill("Donnez {{ask:Numéro}}, {{ask:Jour}} et {{ask:Numéro}}.", KNOWN)
    assert filled.text == "Donnez [Numéro], [Jour] et [Numéro]."
    assert filled.blanks == ["Numéro", "Jour"]


def test_what_a_page_says_is_never_read_as_a_variable() -> None:
    assert fill("Bonjour {{author.name}}", Values(author="{{brand.name}}", brand_name="X")).text == "Bonjour"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Bonjour {{prenom}}", "{{prenom}}"),
        ("Bonjour {{}}", "{{}}"),
        ("Bonjour {{author.name", ""),
        ("Bonjour author.name}}", ""),
        ("{{link:}}", "{{link:}}"),
        ("{{link:javascript:alert(1)}}", "{{link:javascript:alert(1)}}"),
        ("{{link:https://}}", "{{link:https://}}"),
        ("{{link:http://[}}", "{{link:http://[}}"),
        ("{{link:https://a b.example}}", "{{link:https://a b.example}}"),
        ("{{ask:}}", "{{ask:}}"),
        ("{{ask:" + "x" * 81 + "}}", "{{ask:" + "x" * 81 + "}}"),
    ],
)
def test_an_unknown_or_broken_variable_is_named(text: str, named: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_variables(text)
    assert caught.value.extra["variable"] == named
    assert caught.value.code == "variable"
    assert "text" in caught.value.fields


@pytest.mark.parametrize(
    ("display_name", "name"),
    [
        ("Camille Durand", "Camille"),
        ("Jean-Pierre", "Jean-Pierre"),
        ("Élodie (elle/she)", "Élodie"),
        ("Marie | photographe", "Marie"),
        ("D’Artagnan", "D’Artagnan"),
        ("李雷", "李雷"),
        ("\u202eMarie", "Marie"),
        ("@camille", ""),
        ("camille_d92", ""),
        ("marie", ""),
        ("CAMILLE", ""),
        ("J. Dupont", ""),
        ("Dr Who", ""),
        ("Café du Coin", ""),
        ("Ville de Lyon", ""),
        ("Le Monde", ""),
        ("The Guardian", ""),
        ("https://spam.example", ""),
        ("x" * 500, ""),
        ("", ""),
    ],
)
def test_a_person_is_called_by_a_first_name_only_where_it_is_one(display_name: str, name: str) -> None:
    assert friendly_name(display_name) == name


def test_the_words_of_a_reply_leave_variables_out_but_keep_what_blanks_ask_for() -> None:
    assert plain_words("Bonjour {{author.name}}, {{ask:Numéro}}").split() == ["Bonjour", ",", "Numéro"]


def test_every_starter_fills_and_reads_like_a_calm_person() -> None:
    assert len(FRENCH_TU) == len(FRENCH_VOUS) == len(ENGLISH) >= 12
    for starter in (*FRENCH_TU, *FRENCH_VOUS, *ENGLISH):
        for values in (KNOWN, Values(brand_name="Café Lumière")):
            text = fill(starter.text, values).text
            assert "{{" not in text
            assert "!" not in text
            assert "  " not in text
            assert " ," not in text
        assert len(starter.text) <= 480
        if starter.language == "fr":
            assert not any(f" {sign}" in starter.text for sign in ";:?"), "a narrow no-break space stands there"
            assert "'" not in starter.text
    assert not any(
        word in f" {starter.text} " for starter in FRENCH_VOUS for word in (" tu ", " ton ", " ta ", " toi ")
    )
    assert not any(word in f" {starter.text} " for starter in FRENCH_TU for word in (" votre ", " vos "))


def test_a_set_of_starters_never_uses_one_shortcut_twice() -> None:
    shortcuts = [starter.shortcut for starter in starters(["fr-CA", "en", "de", "fr"], "tu")]
    assert len(shortcuts) == len(set(shortcuts)) == len(FRENCH_TU) + len(ENGLISH)
    assert starters(["de"], "tu") == []
