"""Language of short social texts, among the languages of a brand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.understanding.language import detect_language

FRENCH = """\
Bonjour, quels sont vos horaires d’ouverture le dimanche ?
Ma commande n’est toujours pas arrivée
J’adore cet endroit, on reviendra
c’est fermé depuis quand ?
Très déçue de l’accueil hier soir
Le serveur était adorable
Je cherche un stage pour cet été, vous recrutez ?
une heure d’attente, inadmissible
Merci pour votre réponse rapide
Où est-ce qu’on se gare ?
Trop bon le gâteau au chocolat
Vous livrez à Lyon ?
Ça vaut le détour
j'ai perdu mon écharpe chez vous samedi
Est-ce que la terrasse est ouverte ?
Bravo à toute l’équipe
Remboursement toujours pas reçu…
On peut venir avec un chien ?
Le site ne marche plus
Recommande vivement
RDV ce soir à 19h pour le concert
quelqu’un a testé ?
Mauvaise expérience, plus jamais
Peut-on réserver par téléphone ?
la qualité a vraiment baissé
Super endroit, super équipe
Je confirme, c’est délicieux
Encore en retard ce matin, merci pour rien
Fermé le lundi
Vos prix ont doublé en un an""".splitlines()

ENGLISH = """\
Hi, what are your opening hours on Sunday?
My order still hasn't arrived
Love this place, we'll be back
since when is it closed?
Very disappointed with the service last night
The waiter was lovely
I'm looking for an internship this summer, are you hiring?
waited an hour, unacceptable
Thanks for the quick reply
Where can we park?
The chocolate cake is so good
Do you deliver to London?
Worth the trip
I lost my scarf at your place on Saturday
Is the terrace open?
Well done to the whole team
Still no refund…
Can we bring a dog?
The website is down
Highly recommended
Meet us tonight at 7pm for the show
has anyone tried it?
Bad experience, never again
Can I book by phone?
the quality has really gone down
Great place, great team
Can confirm, it's delicious
Late again this morning, thanks for nothing
Closed on Mondays
Your prices doubled in a year""".splitlines()


@pytest.mark.parametrize(("texts", "language"), [(FRENCH, "fr"), (ENGLISH, "en")])
def test_short_posts_are_told_apart(texts: list[str], language: str) -> None:
    wrong = [(text, found) for text in texts if (found := detect_language(text, ["fr", "en"])) != language]
    assert len(wrong) <= 1, wrong
    assert all(found == "und" for _, found in wrong), wrong


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀😀",
        "5/5",
        "ok",
        "!!",
        "@cafelumiere",
        "#CafeLumiere #Paris",
        "https://cafelumiere.example/fr/bonjour",
        "12:30",
    ],
)
def test_what_says_too_little_is_undetermined(text: str) -> None:
    assert detect_language(text, ["fr", "en"]) == "und"


def test_addresses_and_handles_do_not_count() -> None:
    assert detect_language("@the_best_london_shop #love https://the.example/best Où êtes-vous ?", ["fr", "en"]) == "fr"


@pytest.mark.parametrize(
    "text",
    [
        "Das ist sehr schön hier, wir kommen gerne wieder",
        "Il servizio è stato pessimo, non torneremo mai più",
        "東京都で地震がありました",
        "Спасибо большое за всё",
    ],
)
def test_another_language_is_not_taken_for_one_of_the_brand(text: str) -> None:
    assert detect_language(text, ["fr", "en"]) == "und"


def test_a_brand_with_one_language_still_hears_others() -> None:
    assert detect_language("Where can I find your opening hours?", ["fr"]) == "und"
    assert detect_language("Où trouver vos horaires d’ouverture ?", ["fr"]) == "fr"


def test_regions_case_and_unknown_tags_are_understood() -> None:
    assert detect_language("Où trouver vos horaires d’ouverture ?", ["fr-CA", "EN", "tlh"]) == "fr"
    assert detect_language("Wo finde ich die Öffnungszeiten?", []) == "de"


def test_threads_share_one_model() -> None:
    texts = (FRENCH + ENGLISH) * 5
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: detect_language(text, ["fr", "en"]), texts))
    assert together == [detect_language(text, ["fr", "en"]) for text in texts]


def test_six_languages_are_told_apart_also_in_short_posts() -> None:
    language, texts = "", []
    for line in Path(__file__).with_name("held-out-languages.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            language = line[1:-1]
        elif line and not line.startswith("#"):
            texts.append((language, line))
    right = [
        (text, detect_language(text, ["en", "fr", "de", "es", "it", "pt"]) == language) for language, text in texts
    ]
    short = [hit for text, hit in right if len(text) <= 40]
    assert len(right) == 120
    assert sum(hit for _, hit in right) >= 0.98 * len(right), [text for text, hit in right if not hit]
    assert sum(short) >= 0.94 * len(short)
