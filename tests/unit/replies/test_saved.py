"""Saved replies on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest

from backend.infra.changes import read_changes
from backend.infra.db import Database
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.replies.saved import (
    change_reply,
    count_replies,
    create_starters,
    find_by_shortcut,
    get_reply,
    list_replies,
    remove_reply,
    restore_reply,
)
from tests.unit.replies.make import make_brand, make_reply


def test_a_reply_is_saved_found_changed_and_heard_of(db: Database, at: datetime) -> None:
    brand = make_brand(db, at)
    with db.write() as session:
        reply = make_reply(session, brand, at, "Nous ouvrons à 9 h.", shortcut="/Horaires", tags=["Été", "Été", " "])
        assert (reply.title, reply.shortcut, reply.tags, reply.language) == (
            "Nous ouvrons à 9 h.",
            "horaires",
            ["Été"],
            "und",
        )
    with db.write() as session:
        change_reply(session, reply.id, {"text": "Nous ouvrons à 10 h."}, version=1, now=at)
    with db.read() as session:
        found = find_by_shortcut(session, brand, "/HORAIRES")
        assert found is not None
        assert (found.text, found.version) == ("Nous ouvrons à 10 h.", 2)
        kinds = [change.kind for change in read_changes(session, after=0)[0]]
        assert kinds[-2:] == ["reply.created", "reply.changed"]


def test_a_stale_change_is_refused_and_changes_nothing(db: Database, at: datetime) -> None:
    brand = make_brand(db, at)
    with db.write() as session:
        reply = make_reply(session, brand, at)
        change_reply(session, reply.id, {"title": "A"}, version=1, now=at)
    with pytest.raises(Conflict) as caught, db.write() as session:
        change_reply(session, reply.id, {"title": "B"}, version=1, now=at)
    assert caught.value.extra["current_version"] == 2
    with db.read() as session:
        assert get_reply(session, reply.id).title == "A"


def test_two_live_replies_of_a_brand_never_share_a_shortcut(db: Database, at: datetime) -> None:
    brand, other = make_brand(db, at), make_brand(db, at, "Autre")
    with db.write() as session:
        first = make_reply(session, brand, at, shortcut="merci", title="Le premier")
        make_reply(session, other, at, shortcut="merci")
        make_reply(session, brand, at, shortcut="")
        make_reply(session, brand, at, shortcut="")
    with pytest.raises(Invalid, match="already") as caught, db.write() as session:
        make_reply(session, brand, at, shortcut="MERCI")
    assert "Le premier" in caught.value.fields["shortcut"]
    with db.write() as session:
        change_reply(session, first.id, {"shortcut": "merci"}, version=1, now=at)  # its own is no conflict


def test_the_index_settles_a_shortcut_that_two_take_at_once(
    db: Database, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand = make_brand(db, at)
    with db.write() as session:
        make_reply(session, brand, at, shortcut="merci")
    monkeypatch.setattr("backend.replies.saved.find_by_shortcut", lambda *_: None)  # as if both had looked first
    with db.write() as session:
        with pytest.raises(Invalid):
            make_reply(session, brand, at, shortcut="merci")
        make_reply(session, brand, at, shortcut="autre")  # the transaction goes on
    with db.read() as session:
        assert count_replies(session, brand) == 2


def test_a_removed_reply_comes_back_without_a_shortcut_taken_meanwhile(db: Database, at: datetime) -> None:
    brand = make_brand(db, at)
    with db.write() as session:
        reply = make_reply(session, brand, at, shortcut="merci")
        remove_reply(session, reply.id, now=at)
        with pytest.raises(NotFound):
            get_reply(session, reply.id)
        assert list_replies(session, [brand]) == []
    with db.write() as session:
        make_reply(session, brand, at, shortcut="merci")
    with db.write() as session:
        assert restore_reply(session, reply.id, now=at).shortcut == ""
        assert restore_reply(session, reply.id, now=at).version == 3  # twice is once


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"title": "x" * 201}, "title"),
        ({"shortcut": "deux mots"}, "shortcut"),
        ({"shortcut": "/" + "x" * 41}, "shortcut"),
        ({"language": "français"}, "language"),
        ({"tags": [f"t{n}" for n in range(21)]}, "tags"),
        ({"tags": ["x" * 41]}, "tags"),
        ({"text": "{{nom}}"}, "text"),
    ],
)
def test_what_cannot_be_saved_says_which_field(
    sqlite_db: Database, at: datetime, values: dict[str, object], field: str
) -> None:
    brand = make_brand(sqlite_db, at)
    with pytest.raises(Invalid) as caught, sqlite_db.write() as session:
        make_reply(session, brand, at, **{"text": "Merci", **values})
    assert field in caught.value.fields


def test_signs_that_a_database_refuses_are_dropped(db: Database, at: datetime) -> None:
    brand = make_brand(db, at)
    with db.write() as session:
        reply = make_reply(session, brand, at, "Mer\0ci\ud800 \ud83d", title="a\0b", tags=["c\0"])
    assert (reply.text, reply.title, reply.tags) == ("Merci", "ab", ["c"])


def test_search_finds_beginnings_of_words_without_accents_and_pages_by_use(db: Database, at: datetime) -> None:
    brand = make_brand(db, at)
    with db.write() as session:
        for number in range(5):
            make_reply(session, brand, at, f"Réponse {number}", language="fr").uses = number
        make_reply(session, brand, at, "Opening 100%", language="en", tags=["heures"])
        make_reply(session, brand, at, "Any", language="und")
    with db.read() as session:
        found = list_replies(session, [brand], q="repo", limit=3)
        assert [reply.uses for reply in found] == [4, 3, 2]
        rest = list_replies(session, [brand], q="REPO", after=(found[-1].uses, found[-1].id))
        assert [reply.uses for reply in rest] == [1, 0]
        assert [reply.text for reply in list_replies(session, [brand], q="héur open")] == ["Opening 100%"]
        assert [reply.text for reply in list_replies(session, [brand], q="%")] != []  # no word: everything
        assert list_replies(session, [brand], q="absent") == []
        assert {reply.text for reply in list_replies(session, [brand], language="en")} == {"Opening 100%", "Any"}
        assert list_replies(session, []) == []


def test_starters_are_made_once(db: Database, at: datetime) -> None:
    brand = make_brand(db, at)
    with db.write() as session:
        made = create_starters(session, brand, ["fr", "en"], "tu", now=at)
        assert len(made) >= 24
        assert create_starters(session, brand, ["en", "fr"], "vous", now=at) == []
        remove_reply(session, made[0].id, now=at)
        assert [reply.title for reply in create_starters(session, brand, ["fr"], "vous", now=at)] == [made[0].title]
