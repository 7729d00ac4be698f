"""Hints over HTTP: what is guessed, what a person says instead, what is learned of it, and what may be folded away."""

from __future__ import annotations

from typing import Any

import pytest

from backend import create_app
from backend.inbox.hints import Said, judge, read_mind
from backend.inbox.learning import learn
from backend.inbox.mentions import Hit, NewMention, add_mentions
from backend.infra.runtime import Runtime
from backend.listening.keywords import create_keyword
from backend.understanding.proposing import propose_exclusion
from tests.factories import Api, runtime_of


@pytest.fixture
def app(runtime: Runtime) -> Any:
    """On both databases."""
    return create_app(runtime)


OURS = (
    "La carte du {} a changé : la daurade est parfaite",
    "Réservé une table au {} pour samedi soir, hâte d’y être",
    "Service adorable au {}, le serveur nous a trouvé une place en terrasse",
    "Déçue du {} : une heure d’attente pour deux plats froids",
    "Le brunch du {} vaut le détour, surtout les œufs",
    "Qui vient dîner au {} ce soir ? Leur menu a l’air top",
    "On a mangé au {} pour mon anniversaire, dessert incroyable",
    "Le cuisinier du {} nous a préparé un plat sans gluten",
    "Terrasse du {} ouverte, un café et une tarte au citron svp",
    "Addition salée au {}, mais le poisson était excellent",
)
THEIRS = (
    "{} d’amarrage à refaire, les planches sont pourries selon le port",
    "Bateau à louer au {} nord, moteur 40 ch, permis demandé",
    "Pêche depuis le {} interdite jusqu’à la fin des travaux du port",
    "Le {} flottant du club d’aviron a été emporté par la crue",
    "Amarre cassée au {} B, le bateau voisin a été abîmé",
    "Les planches du {} glissent, le port devrait poser des bandes",
    "Place de port : vingt mètres de {}, eau et électricité au quai",
    "Voilier échoué contre le {} du port après la tempête",
    "Nouveau {} pour les bateaux de pêche, travaux votés au port",
    "Le club nautique vend son vieux {} en bois, bateau compris",
    "Planches neuves sur le {} du port, les amarres tiennent enfin",
    "Le bateau de sauvetage aura son {} au port en mars",
)


def arrive(
    api: Api, brand: dict[str, Any], texts: list[str], keyword_id: int | None = None, start: int = 0
) -> list[str]:
    """Mentions found by a keyword; their ids. Judged as when they are heard."""
    runtime = runtime_of(api.app)
    brand_id, ids = int(brand["id"]), []
    with runtime.db.read() as session:
        mind = read_mind(session, brand_id)
    keyword_ids = [keyword_id] if keyword_id else []
    for number, text in enumerate(texts, start):
        place = text.lower().find("le ponton") if "le ponton" in text.lower() else text.lower().find("ponton")
        lit = [{"field": "text", "start": place, "end": place + 6}] if place >= 0 else []
        item = NewMention(
            url=f"https://social.example/post/{number}",
            text=text,
            author=f"Somebody {number}",
            language="fr",
            hits=[Hit(keyword_id, lit)] if keyword_id else [],
            values=judge(mind, Said(text, language="fr"), languages=["fr"], keyword_ids=keyword_ids),
        )
        with runtime.db.write() as session:
            ((mention, _created),) = add_mentions(session, brand_id, [item], now=runtime.clock())
            assert mention is not None
            ids.append(str(mention.id))
    return ids


def make_keyword(api: Api, brand: dict[str, Any]) -> int:
    runtime = runtime_of(api.app)
    with runtime.db.write() as session:
        return create_keyword(session, int(brand["id"]), {"query": "ponton"}, now=runtime.clock()).id


def mark(api: Api, id: str, **fields: Any) -> dict[str, Any]:
    version = api.get(f"/mentions/{id}").json["version"]
    answer = api.patch(f"/mentions/{id}", {**fields, "version": version})
    assert answer.status == 200, answer.json
    return dict(answer.json)


def learned(api: Api) -> int:
    runtime = runtime_of(api.app)
    return learn(runtime, runtime.clock())


def test_what_is_sure_is_shown_and_a_persons_word_stands_above_it(api: Api, brand: dict[str, Any]) -> None:
    (id,) = arrive(
        api, brand, ["Service lamentable, commande jamais livrée, je veux être remboursée, c’est une honte !!"]
    )
    guessed = api.get(f"/mentions/{id}").json
    assert (guessed["intent"], guessed["intent_by"]) == ("complaint", "machine")
    said = mark(api, id, intent="request", sentiment="neutral")
    assert (said["intent"], said["intent_by"], said["sentiment"], said["sentiment_by"]) == (
        "request", "person", "neutral", "person",
    )  # fmt: skip
    assert learned(api) == 1
    assert api.get(f"/mentions/{id}").json["intent"] == "request"  # judging again leaves a person's word alone
    assert learned(api) == 0


def test_a_confirmed_guess_is_a_persons_word_too(api: Api, brand: dict[str, Any]) -> None:
    (id,) = arrive(api, brand, ["Quelle merveille, un accueil parfait et un café délicieux, merci !"])
    guess = api.get(f"/mentions/{id}").json
    said = mark(api, id, sentiment="positive")
    assert said["sentiment_by"] == "person"
    assert said["version"] == guess["version"] + 1
    assert mark(api, id, sentiment="positive")["version"] == said["version"]


def test_hints_that_people_refute_are_shown_no_more(api: Api, brand: dict[str, Any]) -> None:
    texts = [f"Vous êtes ouverts le {day} du mois prochain, et jusqu’à quelle heure ?" for day in range(1, 31)]
    ids = arrive(api, brand, texts)
    assert {api.get(f"/mentions/{id}").json["intent"] for id in ids} == {"question"}
    for id in ids[:25]:
        mark(api, id, intent="request")
    learned(api)
    assert api.get(f"/mentions/{ids[29]}").json["intent"] != "question"


def test_an_act_is_undone_exactly_and_what_it_taught_with_it(api: Api, brand: dict[str, Any]) -> None:
    ids = arrive(api, brand, ["Très déçue, jamais vu un service aussi lent, remboursez-moi !", "Bonjour tout le monde"])
    before = [api.get(f"/mentions/{id}").json for id in ids]
    changed = api.post("/mentions/bulk", {"ids": ids, "set": {"status": "done", "about_us": "no"}, "act": "click-1"})
    assert changed.json["changed"] == 2
    mark(api, ids[1], note="somebody else wrote this since")
    undone = api.post("/mentions/undo", {"act": "click-1"}).json
    assert ({one["id"] for one in undone["items"]}, undone["kept"], undone["more"]) == (set(ids), [], False)
    for old, id in zip(before, ids, strict=True):
        now = api.get(f"/mentions/{id}").json
        assert {name: now[name] for name in ("status", "about_us", "about_us_by", "sentiment")} == {
            name: old[name] for name in ("status", "about_us", "about_us_by", "sentiment")
        }
    assert api.get(f"/mentions/{ids[1]}").json["note"] == "somebody else wrote this since"
    assert api.post("/mentions/undo", {"act": "click-1"}).status == 404
    events = api.get(f"/mentions/{ids[0]}/events").json["items"]
    assert [event["what"] for event in events] == ["created", "changed", "undone"]


def test_what_somebody_changed_since_stays_when_an_act_is_undone(api: Api, brand: dict[str, Any]) -> None:
    (id,) = arrive(api, brand, ["Le Café Lumière est plein ce matin"])
    api.post("/mentions/bulk", {"ids": [id], "set": {"status": "done", "tags": ["seen"]}, "act": "click-2"})
    mark(api, id, status="open")
    undone = api.post("/mentions/undo", {"act": "click-2"}).json
    assert [one["id"] for one in undone["kept"]] == [id]
    assert (undone["kept"][0]["status"], undone["kept"][0]["tags"]) == ("open", [])


def test_all_that_match_are_changed_and_undone_in_steps(
    api: Api, brand: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.api.mention_changes.MOST_IN_BULK", 4)
    monkeypatch.setattr("backend.api.mention_changes.UNDONE_AT_ONCE", 3)
    texts = [f"Passé devant le numéro {n} de la rue {'haute' if n % 2 else 'basse'}" for n in range(20)]
    arrive(api, brand, texts)
    cursor, changed, rounds = None, 0, 0
    while True:
        body = {"where": {"q": "haute", "status": "new"}, "set": {"status": "done"}, "act": "all", "cursor": cursor}
        answer = api.post("/mentions/bulk", body)
        assert answer.status == 200, answer.json
        changed, cursor, rounds = changed + answer.json["changed"], answer.json["next_cursor"], rounds + 1
        if cursor is None:
            break
    assert (changed, rounds) == (10, 3)
    assert api.get("/mentions/stats").json["by_status"] == {"new": 10, "done": 10}
    pieces = 0
    while True:
        pieces += 1
        if not api.post("/mentions/undo", {"act": "all"}).json["more"]:
            break
    assert pieces == 4
    assert api.get("/mentions/stats").json["by_status"] == {"new": 20}


def test_a_viewer_changes_and_undoes_nothing(api: Api, brand: dict[str, Any]) -> None:
    (id,) = arrive(api, brand, ["Le Café Lumière est plein ce matin"])
    viewer = api.as_role("viewer", brand)
    assert viewer.post("/mentions/bulk", {"where": {"status": "new"}, "set": {"status": "done"}}).status == 403
    api.post("/mentions/bulk", {"ids": [id], "set": {"status": "done"}, "act": "x"})
    assert viewer.post("/mentions/undo", {"act": "x"}).status == 403
    stranger = api.as_role("owner", None, name="Mallory")
    assert stranger.post("/mentions/undo", {"act": "x"}).status == 404
    assert api.get(f"/mentions/{id}").json["status"] == "done"


def test_what_was_marked_not_us_folds_its_like_and_hides_none_of_ours(api: Api, brand: dict[str, Any]) -> None:
    keyword_id = make_keyword(api, brand)
    ours = arrive(api, brand, [text.format("Ponton") for text in OURS], keyword_id)
    theirs = arrive(api, brand, [text.format("ponton") for text in THEIRS], keyword_id, start=100)
    for id in theirs[:10]:
        mark(api, id, status="done", about_us="no")
    for id in ours[:8]:
        mark(api, id, status="replied")
    assert learned(api) == 1
    folded = {one["id"] for one in api.get("/mentions?about_us=probably_not").json["items"]}
    assert folded <= set(theirs[10:])
    assert folded, "two posts like those that were marked"
    for id in ours:
        assert api.get(f"/mentions/{id}").json["about_us"] == "yes"
    # What comes now is folded when it arrives.
    (late,) = arrive(
        api, brand, ["Les amarres du ponton nord ont lâché, trois bateaux à la dérive au port"], keyword_id, 200
    )
    arrived = api.get(f"/mentions/{late}").json
    assert (arrived["about_us"], arrived["status"]) == ("probably_not", "new")
    assert late not in {one["id"] for one in api.get("/mentions?to_answer=true").json["items"]}
    # It was ours after all: said once, it stays.
    assert mark(api, late, about_us="yes")["about_us_by"] == "person"
    learned(api)
    assert api.get(f"/mentions/{late}").json["about_us"] == "yes"


def test_after_ten_marks_an_exclusion_is_proposed_with_its_effect(api: Api, brand: dict[str, Any]) -> None:
    keyword_id = make_keyword(api, brand)
    ours = arrive(api, brand, [text.format("Ponton") for text in OURS], keyword_id)
    theirs = arrive(api, brand, [text.format("ponton") for text in THEIRS], keyword_id, start=100)
    for id in ours:
        mark(api, id, status="replied")
    for id in theirs[:9]:
        mark(api, id, status="done", about_us="no")
    learned(api)
    assert api.get(f"/keywords/{keyword_id}/exclusion").json["words"] == []
    mark(api, theirs[9], status="done", about_us="no")
    learned(api)
    proposed = api.get(f"/keywords/{keyword_id}/exclusion").json
    assert "port" in proposed["words"]
    assert proposed["query"] == "ponton " + " ".join(f"-{word}" for word in proposed["words"])
    assert (proposed["of"], proposed["answered"]) == (22, 0)
    assert proposed["hides"] >= 9
    refused = api.post(f"/keywords/{keyword_id}/exclusion/refuse", {"words": proposed["words"]})
    assert refused.status == 200
    learned(api)
    assert not set(proposed["words"]) & set(api.get(f"/keywords/{keyword_id}/exclusion").json["words"])


def test_what_is_refused_while_it_learns_is_not_proposed_and_what_is_said_is_learned_after(
    api: Api, brand: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    keyword_id = make_keyword(api, brand)
    ours = arrive(api, brand, [text.format("Ponton") for text in OURS], keyword_id)
    theirs = arrive(api, brand, [text.format("ponton") for text in THEIRS], keyword_id, start=100)
    for id in ours:
        mark(api, id, status="replied")
    for id in theirs[:10]:
        mark(api, id, status="done", about_us="no")
    refused: list[str] = []

    def meanwhile(*given: Any) -> Any:
        proposal = propose_exclusion(*given)
        if not refused and proposal is not None:
            refused.extend(proposal.words)
            api.post(f"/keywords/{keyword_id}/exclusion/refuse", {"words": refused})
        return proposal

    monkeypatch.setattr("backend.inbox.learning.propose_exclusion", meanwhile)
    learned(api)
    assert refused
    assert not set(refused) & set(api.get(f"/keywords/{keyword_id}/exclusion").json["words"])
    assert learned(api) == 1
    assert learned(api) == 0


def test_who_has_a_mention_open_is_known_until_they_leave(api: Api, brand: dict[str, Any], clock: Any) -> None:
    first, second = arrive(api, brand, ["Le Café Lumière est plein ce matin", "Et le soir aussi, plein à craquer"])
    bob = api.as_role("contributor", brand)
    seen = bob.call("PUT", f"/mentions/{first}/presence", {"window": "window-of-bob", "doing": "open"})
    assert seen.status == 200
    (there,) = api.get("/presence").json["items"]
    assert (there["mention_id"], there["who"], there["doing"]) == (first, "Bob", "open")
    bob.call("PUT", f"/mentions/{second}/presence", {"window": "window-of-bob", "doing": "answering"})
    (there,) = api.get("/presence").json["items"]
    assert (there["mention_id"], there["doing"]) == (second, "answering")
    bob.call("PUT", f"/mentions/{first}/presence", {"window": "window-of-bob", "doing": "left"})
    assert len(api.get("/presence").json["items"]) == 1  # it left the first long ago
    clock.forward(seconds=60)
    assert api.get("/presence").json["items"] == []  # a window closed by force says nothing


def test_a_presence_is_heard_of_once_and_not_at_every_sign_of_life(api: Api, brand: dict[str, Any], clock: Any) -> None:
    (id,) = arrive(api, brand, ["Le Café Lumière est plein ce matin"])
    last = api.get("/changes").json["last"]
    for _ in range(3):
        api.call("PUT", f"/mentions/{id}/presence", {"window": "window-1", "doing": "open"})
        clock.forward(seconds=20)
    api.call("PUT", f"/mentions/{id}/presence", {"window": "window-1", "doing": "left"})
    kinds = [one["kind"] for one in api.get(f"/changes?after={last}").json["items"]]
    assert kinds == ["presence", "presence"]
    assert api.as_role("owner", None, name="Mallory").call(
        "PUT", f"/mentions/{id}/presence", {"window": "window-2", "doing": "open"}
    ).status in (403, 404)
