"""What of a page counts as changed: pure."""

from __future__ import annotations

import time

from backend.connectors.page.text import (
    MAX_KEPT,
    MOST_SHOWN,
    Memory,
    compare,
    keep_lines,
    restless_lines,
    shape,
    still,
    without,
)

BEFORE = ["Menu du jour : soupe et tarte", "Ouvert de 9h00 à 18h00", "Terrasse : 4,50 €", "128 avis"]


def test_what_moves_by_itself_is_no_change() -> None:
    for old, new in (
        ("Publié il y a 3 minutes", "Publié il y a 2 heures"),
        ("posted 5 min ago", "posted yesterday"),
        ("1 234 vues", "1 301 vues"),
        ("Comments (12)", "Comments (15)"),
        ("1.2k likes · Reply", "3M likes · Reply"),
        ("Il est 10:41:07", "Il est 10:42:55"),
        ("session 8f14e45fceea167a5a36", "session c9f0f895fb98ab9159f5"),
        ("nonce=aGVsbG8gd29ybGQ5OTk1", "nonce=c29tZXRoaW5nZWxzZTQ1"),
    ):
        assert compare([old, "x"], [new, "x"]) is None, (old, new)
    assert compare(["a", "b", "c"], ["c", "a", "b"]) is None  # only moved


def test_what_counts_is_told_in_words() -> None:
    change = compare(BEFORE, ["Menu du jour : soupe et quiche", *BEFORE[1:2], "Terrasse : 5,20 €", "Fermé le lundi"])
    assert change is not None
    assert change.text.splitlines() == [
        "− Menu du jour : soupe et tarte",
        "+ Menu du jour : soupe et quiche",
        "− Terrasse : 4,50 €",
        "+ Terrasse : 5,20 €",
        "− 128 avis",
        "+ Fermé le lundi",
    ]
    assert (change.added, change.removed) == (1 + 1 + 3, 1 + 1 + 2)
    assert compare(["a b"], ["a b", "a b"]) is not None  # said twice now


def test_two_looks_in_a_row_tell_what_is_restless() -> None:
    first = [*BEFORE, "Le saviez-vous ? Le café vient d’Éthiopie.", "Lot 17"]
    second = [*BEFORE, "Le saviez-vous ? La tarte se mange tiède.", "Lot 99"]
    restless = restless_lines(first, second)
    third = ["Menu du jour : fermé", *BEFORE[1:], "Le saviez-vous ? Le café vient d’Éthiopie. Encore !", "Lot 3"]
    # What is drawn by lot begins alike, or its numbers are all that differs.
    assert shape("Lot 3") in restless
    change = compare(without(first, restless), without(third, restless))
    assert change is not None
    assert change.text == "− Menu du jour : soupe et tarte\n+ Menu du jour : fermé"


def test_ignored_lines_do_not_count_and_what_is_kept_has_an_end() -> None:
    assert keep_lines(["Dernière mise à jour : lundi", "Prix"], ["DERNIÈRE MISE", " "]) == ["Prix"]
    assert sum(map(len, keep_lines(["x" * 1_000] * 100))) <= MAX_KEPT


def test_memory_is_written_and_read_again_and_nonsense_is_a_first_look() -> None:
    memory = Memory(BEFORE, frozenset({"Lot 0"}), 3, True)
    assert Memory.read(memory.write()) == memory
    for nonsense in ("", "123", "!!", "eJwD", "W10="):
        assert not Memory.read(nonsense).looked
    assert len(Memory([f"ligne {n} du texte" for n in range(3_000)]).write()) < 60_000


def test_large_and_hostile_texts_cost_little() -> None:
    began = time.process_time()
    old, new = [f"{n} mots qui changent {n}" for n in range(1_500)], [f"{n} autres mots {n}" for n in range(1_500)]
    change = compare(old, new)
    assert change is not None
    assert len(change.text) <= MOST_SHOWN
    assert compare(["mot " * 500], ["autre " * 500]) is not None
    for line in ("1 " * 1_000, "a" * 2_000, "-" * 2_000, "1.2.3." * 300 + " vue", "il y a " * 280, "1:2:" * 500):
        still(line)
        shape(line)
    assert time.process_time() - began < 3
