"""Homonyms told apart by what was marked: measured on posts that were not marked."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from backend.understanding.about import AboutModel, Post, Taught, about_from_plain, learn_about
from backend.understanding.proposing import propose_exclusion

SETS = Path(__file__).parent / "homonyms"
SHUFFLES = 120


def read(name: str) -> list[tuple[bool, Post]]:
    lines = (SETS / f"{name}.txt").read_text("utf-8").splitlines()
    rows = [line.split("|", 5) for line in lines if not line.startswith("#")]
    return [(us == "us", Post(text, site=site)) for us, _language, _network, _author, site, text in rows]


def taught_until(posts: list[tuple[bool, Post]], marks: int) -> tuple[list[Taught], list[tuple[bool, Post]]]:
    """As in a list that is worked off: some are marked as not about us, the others handled; and what comes after."""
    taught: list[Taught] = []
    marked = 0
    for place, (us, post) in enumerate(posts):
        taught.append(Taught(post, us, 0.8 if us else 1.0))
        marked += not us
        if marked == marks:
            return taught, posts[place + 1 :]
    return taught, []


def learned(posts: list[tuple[bool, Post]], name: str, marks: int) -> tuple[AboutModel, list[tuple[bool, Post]]]:
    taught, rest = taught_until(posts, marks)
    model = learn_about(taught, [name])
    assert model is not None
    return model, rest


# The aim is 0.90 at 0.97. When this was written: orange 0.893 at 0.974 (0.896 at 0.970 over 600 shuffles), ponton
# 0.919 at 0.983.
@pytest.mark.parametrize(("name", "marks", "precision"), [("orange", 30, 0.885), ("ponton", 24, 0.90)])
def test_nearly_all_that_is_ours_stays_and_most_of_what_stays_is_ours(name: str, marks: int, precision: float) -> None:
    kept_ours = kept = ours = 0
    for seed in range(SHUFFLES):
        posts = read(name)
        random.Random(seed).shuffle(posts)  # noqa: S311  # an order, no secret
        model, rest = learned(posts, name, marks)
        stays = [us for us, post in rest if not model.doubts(post)]
        kept_ours, kept, ours = kept_ours + sum(stays), kept + len(stays), ours + sum(us for us, _ in rest)
    assert kept_ours / ours >= 0.97
    assert kept_ours / kept >= precision


def test_nothing_is_doubted_before_there_are_marks_of_both_kinds() -> None:
    posts = read("orange")
    ours = [Taught(post, True) for us, post in posts if us]
    theirs = [Taught(post, False) for us, post in posts if not us]
    assert learn_about(ours[:40] + theirs[:4], ["orange"]) is None
    assert learn_about(ours[:4] + theirs[:40], ["orange"]) is None
    assert learn_about(ours[:5] + theirs[:5], ["orange"]) is not None


def test_a_post_with_nothing_to_go_by_stays() -> None:
    posts = read("orange")
    random.Random(1).shuffle(posts)  # noqa: S311
    model, _ = learned(posts, "orange", 30)
    for text in ("", "Orange", "…", "\u0000\u202e", "橙色の猫"):
        assert 0.0 <= model.chance(Post(text)) <= 1.0
    few, _ = taught_until(read("ponton"), 3)
    assert learn_about(few, ["ponton"]) is None


def test_the_same_marks_give_the_same_model_and_json_keeps_it() -> None:
    posts = read("ponton")
    random.Random(3).shuffle(posts)  # noqa: S311
    first, rest = learned(posts, "ponton", 20)
    again, _ = learned(posts, "ponton", 20)
    kept = about_from_plain(json.loads(json.dumps(first.to_plain())))
    for _, post in rest:
        assert first.chance(post) == again.chance(post)
        assert abs(first.chance(post) - kept.chance(post)) < 0.01
    broken = first.to_plain()
    broken["weights"] = broken["weights"][:-1]
    with pytest.raises(ValueError, match="do not fit"):
        about_from_plain(broken)


def test_what_is_proposed_for_exclusion_stands_in_nothing_that_is_ours() -> None:
    taught = [Taught(post, us) for us, post in read("ponton")]
    proposal = propose_exclusion(taught, ["ponton"], [])
    assert proposal is not None
    for one in taught:
        if one.us:
            assert not set(one.post.text.lower().split()) & set(proposal.words)
    assert proposal.covers >= 3
    refused = propose_exclusion(taught, ["ponton"], proposal.words)
    assert refused is None or not set(refused.words) & set(proposal.words)
    assert propose_exclusion([one for one in taught if one.us], ["ponton"], []) is None
