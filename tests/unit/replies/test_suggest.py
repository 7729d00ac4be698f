"""Which saved reply is offered under a post, and how use teaches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from backend.infra.db import Database
from backend.infra.errors import Invalid, NotFound
from backend.query.words import fold_words
from backend.replies import suggest
from backend.replies.saved import change_reply, create_starters, get_reply, remove_reply
from backend.replies.scoring import Ranked, ReplyFacts, ReplyIndex
from backend.replies.starters import starters
from backend.replies.suggest import rank_replies, record_feedback, record_suggestion
from backend.replies.terms import root, telling_roots
from tests.unit.replies.make import make_brand, make_reply


@pytest.fixture
def brand(db: Database, at: datetime) -> Iterator[int]:
    brand_id = make_brand(db, at)
    with db.write() as session:
        create_starters(session, brand_id, ["fr", "en"], "vous", now=at)
    yield brand_id
    suggest._indexes.clear()


def offered(db: Database, brand: int, text: str, language: str) -> list[str]:
    with db.read() as session:
        ranked = rank_replies(session, brand, text, language=language)
        return [get_reply(session, one.reply_id).shortcut for one in ranked]


CASES = [
    ("fr", "Bonjour, quels sont vos horaires le dimanche ?", "horaires"),
    ("fr", "Ma commande n’est toujours pas arrivée", "retard"),
    ("fr", "Très déçue de l’accueil hier soir", "excuses"),
    ("fr", "Je cherche un stage, vous recrutez ?", "emploi"),
    ("fr", "j'ai perdu mon écharpe chez vous", "perdu"),
    ("fr", "Bravo à toute l’équipe", "merci"),
    ("fr", "Quand serai-je remboursée ?", "remboursement"),
    ("fr", "Journaliste à La Voix, je prépare un article", "presse"),
    ("fr", "Le site ne marche plus", "precisions"),
    ("en", "what are your opening hours on Sunday?", "hours"),
    ("en", "My order still hasn't arrived", "delay"),
    ("en", "are you hiring interns? any internship", "job"),
    ("en", "I lost my scarf at your place", "lost"),
    ("en", "Bad experience, never again", "sorry"),
    ("en", "I want a refund", "refund"),
]


def test_starters_answer_what_people_write(db: Database, brand: int) -> None:
    wrong = [(text, found) for tag, text, want in CASES if want not in (found := offered(db, brand, text, tag))[:1]]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "Le temps est magnifique à Lyon",
        "Look at this sunset in Brittany",
        "Mon chat dort",
        "On se retrouve au Café Lumière demain soir avec Paul",
        "Just finished a long run along the river, feeling good",
        "",
        "😀😀",
        "le la les de du",
    ],
)
def test_nothing_is_offered_where_nothing_fits(db: Database, brand: int, text: str) -> None:
    assert offered(db, brand, text, "und") == []


def test_a_reply_in_another_language_is_not_offered(db: Database, brand: int, at: datetime) -> None:
    with db.write() as session:
        make_reply(session, brand, at, "Voici le wifi", title="Wifi", language="fr", shortcut="wifi-fr")
        make_reply(session, brand, at, "This is the wifi", title="Wifi", language="en", shortcut="wifi-en")
        make_reply(session, brand, at, "Wifi", title="Wifi", language="und", shortcut="wifi")
    assert set(offered(db, brand, "le wifi svp", "fr")) == {"wifi-fr", "wifi"}
    assert set(offered(db, brand, "wifi", "und")) == {"wifi-fr", "wifi-en", "wifi"}


def test_at_most_three_are_offered_and_the_best_used_first_among_equals(db: Database, brand: int, at: datetime) -> None:
    with db.write() as session:
        for number in range(6):
            make_reply(session, brand, at, "Wifi", title="Wifi", shortcut=f"w{number}").uses = number
    assert offered(db, brand, "wifi", "fr") == ["w5", "w4", "w3"]


def use(db: Database, brand: int, text: str, reply_id: int, outcome: suggest.Outcome, at: datetime) -> int:
    with db.write() as session:
        logged = record_suggestion(session, brand, text, [], language="fr", now=at)
        record_feedback(session, logged.id, reply_id, outcome, now=at)
        return logged.id


def test_posts_under_which_a_reply_was_used_bring_it_back(db: Database, brand: int, at: datetime) -> None:
    with db.write() as session:
        reply = make_reply(session, brand, at, "Oui, avec plaisir.", title="Oui", shortcut="oui", language="fr")
    question = "On peut venir avec un chien ou un labrador ?"
    assert offered(db, brand, question, "fr") == []
    for text in ("Les chiens sont admis ?", "mon chien peut entrer", "Chien accepté en terrasse ?"):
        use(db, brand, text, reply.id, "inserted", at)
    assert offered(db, brand, question, "fr") == ["oui"]
    with db.read() as session:
        (ranked,) = rank_replies(session, brand, question, language="fr")
        assert (ranked.learned, ranked.words, ranked.uses) == (True, ("chien",), 3)


def test_inserting_counts_as_a_use_once_for_each_suggestion(db: Database, brand: int, at: datetime) -> None:
    with db.write() as session:
        reply = make_reply(session, brand, at)
    suggestion = use(db, brand, "chien", reply.id, "inserted", at)
    with db.write() as session:
        record_feedback(session, suggestion, reply.id, "inserted", now=at)
        record_feedback(session, suggestion, reply.id, "sent", final_text="Oui\0", now=at)
        record_feedback(session, suggestion, reply.id, "edited", now=at)
    with db.read() as session:
        found = get_reply(session, reply.id)
        assert (found.uses, found.used_at, found.version) == (1, at, 1)


def test_a_reply_refused_again_and_again_falls_behind(db: Database, brand: int, at: datetime) -> None:
    with db.write() as session:
        first = make_reply(session, brand, at, "Wifi", title="Wifi", shortcut="w1")
        make_reply(session, brand, at, "Wifi", title="Wifi", shortcut="w2")
    assert offered(db, brand, "wifi", "fr") == ["w1", "w2"]
    use(db, brand, "wifi", first.id, "rejected", at)
    assert offered(db, brand, "wifi", "fr") == ["w2", "w1"]


def test_feedback_on_what_is_not_there_is_refused(db: Database, brand: int, at: datetime) -> None:
    other = make_brand(db, at, "Autre")
    with db.write() as session:
        foreign = make_reply(session, other, at)
        logged = record_suggestion(session, brand, "x", [], language="fr", now=at)
    with pytest.raises(NotFound), db.write() as session:
        record_feedback(session, 999, foreign.id, "inserted", now=at)
    for reply_id in (foreign.id, 9999):
        with pytest.raises(Invalid), db.write() as session:
            record_feedback(session, logged.id, reply_id, "inserted", now=at)


def test_a_changed_or_removed_reply_is_seen_at_once(db: Database, brand: int, at: datetime) -> None:
    with db.write() as session:
        reply = make_reply(session, brand, at, "x", title="Wifi", shortcut="wifi")
    assert offered(db, brand, "piscine", "fr") == []
    with db.write() as session:
        change_reply(session, reply.id, {"title": "Piscine"}, version=1, now=at)
    assert offered(db, brand, "piscine", "fr") == ["wifi"]
    with db.write() as session:
        remove_reply(session, reply.id, now=at)
    assert offered(db, brand, "piscine", "fr") == []


def test_the_log_keeps_the_words_of_a_post_and_nothing_else_of_it(db: Database, brand: int, at: datetime) -> None:
    with db.write() as session:
        logged = record_suggestion(
            session, brand, "Où est Ma Commande ?", [Ranked(3, 0.7, ("commande",), False, 0)], language="fr", now=at
        )
        assert logged.words == "ou est ma commande"
        assert logged.items == [{"reply_id": 3, "score": 0.7}]
        assert not logged.nothing_fits


def test_five_thousand_replies_are_ranked_in_a_few_milliseconds() -> None:
    samples = [telling_roots(fold_words(f"{one.title} {one.text}").split()) for one in starters(["fr", "en"], "tu")]
    index = ReplyIndex(
        ReplyFacts(n, "und", frozenset([f"mot{n % 700}", f"mot{n % 699}"]), frozenset(samples[n % len(samples)]))
        for n in range(5000)
    )
    post = telling_roots(fold_words("bonjour " + " ".join(f"mot{n}" for n in range(30)) + " commande équipe").split())
    began = time.process_time()
    for _ in range(5):
        assert len(index.rank(post, "fr", 3)) == 3
    assert (time.process_time() - began) / 5 < 0.1


def test_a_root_joins_the_forms_of_a_word() -> None:
    assert root("horaires") == root("horaire")
    assert root("rembourser") == root("remboursement")
    assert root("prix") == root("prix")
    assert root("bus") == "bus"
    assert telling_roots(["le", "chien", "chiens", "12", "/", "#joined"]) == {"chien": "chien"}
