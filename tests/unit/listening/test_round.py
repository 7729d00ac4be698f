"""The round: collected posts become mentions once each, are taken back exactly, and say what is new."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.accounts.members import create_member
from backend.inbox.mentions import Actor, change_mention
from backend.inbox.models import Mention, MentionKey
from backend.infra.changes import Change
from backend.infra.errors import Invalid, NotFound
from backend.infra.runtime import Runtime
from backend.listening.collecting import (
    CHUNK,
    MOST_POSTS,
    Seen,
    Took,
    collect_posts,
    finish_visit,
    undo_posts,
    unsee_visit,
)
from backend.listening.keywords import remove_keyword
from backend.listening.models import RoundFind, RoundPage, RoundVisit
from backend.listening.round import (
    MOST_PAGES,
    PageFacts,
    change_page,
    create_page,
    list_pages,
    order_pages,
    read_facts,
    remove_page,
    restore_page,
    stand_of,
)
from backend.listening.round_places import network_of_page, offer_pages
from tests.conftest import Clock
from tests.unit.listening.make import all_mentions, count, hits_of, make_brand, make_keyword, make_source

NOBODY = Actor(None, "Awa", person=True)


def add_page(runtime: Runtime, brand_id: int, url: str = "https://www.instagram.com/cafelumiere/", **more: Any) -> int:
    with runtime.db.write() as session:
        return create_page(session, brand_id, url, **more, now=runtime.clock()).id


def post(n: int, text: str = "", **more: Any) -> Seen:
    text = text or f"Message number {n} about nothing in particular"
    return Seen(f"https://www.instagram.com/p/post{n}/", "instagram", f"someone{n}", text=text, **more)


def collect(
    runtime: Runtime, page_id: int, posts: list[Seen], visit: str = "v1", act: str = "a1", by: Actor = NOBODY
) -> list[Took]:
    return collect_posts(runtime, page_id, posts, visit=visit, act=act, by=by)


def facts_of(runtime: Runtime, page_id: int) -> PageFacts:
    with runtime.db.read() as session:
        return read_facts(session, [session.get_one(RoundPage, page_id)], now=runtime.clock())[0]


def test_collected_posts_are_mentions_once_each_with_their_keywords_lit(runtime: Runtime) -> None:
    brand_id = make_brand(runtime)
    keyword_id = make_keyword(runtime, brand_id, '"café lumière"')
    other = make_brand(runtime, "Autre")
    make_keyword(runtime, other, "lumière")
    page_id = add_page(runtime, brand_id)
    posts = [post(1, "Très bon Café Lumière, merci"), post(2), post(1, "Très bon Café Lumière, merci")]
    took = collect(runtime, page_id, posts)
    assert [(one.outcome, one.fresh) for one in took] == [("created", True), ("created", True), ("known", True)]
    with runtime.db.read() as session:
        first, second = all_mentions(session)
        assert (first.source_kind, first.network, first.author, first.language) == (
            "round", "instagram", "someone1", "fr",
        )  # fmt: skip
        (hit,) = hits_of(session, first)
        assert (hit.keyword_id, hit.highlights) == (keyword_id, [{"field": "text", "start": 9, "end": 21}])
        assert hits_of(session, second) == [], "what a person collects needs no keyword"
    # The same click sent once more, and another click: nothing is there twice.
    assert [one.outcome for one in collect(runtime, page_id, posts)] == ["created", "created", "known"]
    again = collect(runtime, page_id, [*posts, post(3)], act="a2")
    assert [(one.outcome, one.fresh) for one in again] == [
        ("known", True), ("known", True), ("known", True), ("created", True),
    ]  # fmt: skip
    with runtime.db.read() as session:
        assert count(session, Mention) == 3
        assert count(session, RoundVisit) == 1


def test_what_is_collected_is_held_against_the_keywords_of_now(runtime: Runtime, clock: Clock) -> None:
    brand_id = make_brand(runtime)
    gone, kept = make_keyword(runtime, brand_id, "lumière"), make_keyword(runtime, brand_id, "merci")
    page_id = add_page(runtime, brand_id)
    collect(runtime, page_id, [post(1, "Très bon Café Lumière, merci")])
    with runtime.db.write() as session:
        remove_keyword(session, gone, now=clock())
    new = make_keyword(runtime, brand_id, '"très bon"')
    collect(runtime, page_id, [post(2, "Très bon Café Lumière, merci")])
    with runtime.db.read() as session:
        lit = [{hit.keyword_id for hit in hits_of(session, mention)} for mention in all_mentions(session)]
        assert lit == [{gone, kept}, {kept, new}]


def test_what_is_new_at_the_second_visit_is_what_nobody_knew_before_it(runtime: Runtime, clock: Clock) -> None:
    page_id = add_page(runtime, make_brand(runtime))
    collect(runtime, page_id, [post(2), post(1)])
    clock.forward(days=1)
    took = collect(runtime, page_id, [post(4), post(3), post(2), post(1)], visit="v2", act="a2")
    assert [one.fresh for one in took] == [True, True, False, False]
    assert [one.fresh for one in collect(runtime, page_id, [post(4), post(2)], visit="v2", act="a3")] == [True, False]
    facts = facts_of(runtime, page_id)
    assert (facts.visits, facts.last_posts, facts.last_fresh, facts.per_visit) == (2, 4, 2, 3.0)
    assert facts.page.last_visited_at == clock.at


def test_a_call_of_two_hundred_hostile_posts_is_taken_in_short_transactions(runtime: Runtime) -> None:
    page_id = add_page(runtime, make_brand(runtime))
    hostile = [
        Seen("javascript:alert(1)", text="x"),
        Seen("https://", text="no host"),
        Seen("https://a.example/ space", text="blanks"),
        Seen(
            "https://a.example/1", "n" * 100, "\0\ud800 <b>me</b>", "javascript:x", "\0<script>alert(1)</script>\ud800"
        ),
        Seen("https://a.example/2", text="C" + "\u0301" * 4_000),
        Seen("https://a.example/3", text="w " * 40_000, author="long " * 100),
    ]
    posts = [*hostile, *(post(n) for n in range(MOST_POSTS - len(hostile)))]
    took = collect(runtime, page_id, posts)
    assert [one.outcome for one in took[:6]] == ["refused"] * 3 + ["created"] * 3
    assert {one.outcome for one in took[6:]} == {"created"}
    assert len(took) == MOST_POSTS > 4 * CHUNK
    with runtime.db.read() as session:
        mention = session.get_one(Mention, took[3].mention_id)
        assert (mention.author, mention.author_url, mention.text) == ("<b>me</b>", "", "<script>alert(1)</script>")
        assert len(session.get_one(Mention, took[5].mention_id).text) <= 20_000
        # One transaction a chunk: their changes were not written by one.
        if runtime.db.dialect == "postgresql":
            assert len(set(session.scalars(select(Change.xid).where(Change.kind == "mention.created")))) == 5
    with pytest.raises(Invalid):
        collect(runtime, page_id, [post(n) for n in range(MOST_POSTS + 1)])


def test_undo_takes_away_what_the_click_brought_and_nothing_else(runtime: Runtime, clock: Clock) -> None:
    brand_id = make_brand(runtime)
    page_id = add_page(runtime, brand_id)
    first = collect(runtime, page_id, [post(1)])
    clock.forward(days=1)
    second = collect(runtime, page_id, [post(3), post(2), post(1)], visit="v2", act="a2")
    with runtime.db.write() as session:
        member = create_member(session, name="Bob", brand_roles={brand_id: "editor"}, now=clock.at)
        touched = session.get_one(Mention, second[1].mention_id)
        bob = Actor(member.id, "Bob", person=True)
        change_mention(session, touched.id, {"status": "open"}, version=touched.version, by=bob, now=clock.at)
        ruled = session.get_one(Mention, second[0].mention_id)
        by = Actor(cause="rule")
        change_mention(session, ruled.id, {"priority": 1}, version=1, by=by, now=clock.at, act="rule:1:1")
    assert undo_posts(runtime, page_id, act="a2") == (1, 1)
    with runtime.db.read() as session:
        left = {mention.id for mention in all_mentions(session)}
        assert left == {first[0].mention_id, second[1].mention_id}
        assert session.scalar(select(MentionKey.id).where(MentionKey.mention_id.is_(None))) is None
        assert session.scalar(select(Change.ref).where(Change.kind == "mention.removed")) == str(second[0].mention_id)
    with pytest.raises(NotFound):
        undo_posts(runtime, page_id, act="never")
    # What was taken back may come again, as new.
    assert collect(runtime, page_id, [post(3)], visit="v3", act="a3")[0].outcome == "created"


def test_a_visit_of_which_everything_was_taken_back_was_none(runtime: Runtime, clock: Clock) -> None:
    page_id = add_page(runtime, make_brand(runtime))
    before = clock.at
    collect(runtime, page_id, [post(1)])
    clock.forward(hours=30)
    collect(runtime, page_id, [post(2), post(1)], visit="v2", act="a2")
    assert undo_posts(runtime, page_id, act="a2") == (1, 0)
    facts = facts_of(runtime, page_id)
    assert (facts.page.last_visited_at, facts.visits) == (before, 1)
    with runtime.db.write() as session:
        finish_visit(session, page_id, visit="v2", by=NOBODY, now=clock.at, seen=True)
    assert facts_of(runtime, page_id).page.last_visited_at == clock.at
    with runtime.db.write() as session:
        unsee_visit(session, page_id, visit="v2", now=clock.at)
    assert facts_of(runtime, page_id).page.last_visited_at == before
    # Nothing could be read: the page was not visited by that.
    collect(runtime, page_id, [Seen("nowhere")], visit="v3", act="a3")
    assert facts_of(runtime, page_id).page.last_visited_at == before


def test_a_mention_that_another_page_of_the_round_shows_too_stays(runtime: Runtime) -> None:
    brand_id = make_brand(runtime)
    page_id, other = (
        add_page(runtime, brand_id),
        add_page(runtime, brand_id, "https://www.instagram.com/explore/tags/x/"),
    )
    collect(runtime, page_id, [post(1), post(2)])
    collect(runtime, other, [post(1)], visit="v2", act="a2")
    assert undo_posts(runtime, page_id, act="a1") == (1, 1)
    with runtime.db.read() as session:
        assert [mention.url for mention in all_mentions(session)] == [post(1).url]


def test_pages_stand_in_an_order_and_come_back_to_their_place(runtime: Runtime, clock: Clock) -> None:
    brand_id = make_brand(runtime)
    urls = [f"https://forum.example/{n}" for n in range(4)]
    ids = [add_page(runtime, brand_id, url, name=f"Page {n}") for n, url in enumerate(urls)]
    with runtime.db.write() as session:
        order_pages(session, brand_id, [ids[2], ids[0]], now=clock.at)
        remove_page(session, ids[0], now=clock.at)
    with runtime.db.write() as session:
        assert [page.id for page in list_pages(session, [brand_id])] == [ids[2], ids[1], ids[3]]
        restore_page(session, ids[0], now=clock.at)
        assert [page.id for page in list_pages(session, [brand_id])] == [ids[2], ids[0], ids[1], ids[3]]
        with pytest.raises(NotFound):
            order_pages(session, brand_id, [9999], now=clock.at)
    # The same page by another spelling is the same one; a removed one comes back at the end.
    assert add_page(runtime, brand_id, "http://www.forum.example/1?utm_source=x") == ids[1]
    with runtime.db.write() as session:
        remove_page(session, ids[1], now=clock.at)
    assert add_page(runtime, brand_id, urls[1]) == ids[1]
    with runtime.db.read() as session:
        assert [page.id for page in list_pages(session, [brand_id])][-1] == ids[1]
        assert session.get_one(RoundPage, ids[1]).name == "Page 1"
    with runtime.db.write() as session, pytest.raises(Invalid, match="already"):
        change_page(session, ids[1], {"url": urls[2]}, version=session.get_one(RoundPage, ids[1]).version, now=clock.at)


def test_a_round_has_a_limit(sqlite_runtime: Runtime) -> None:
    brand_id = make_brand(sqlite_runtime)
    for n in range(MOST_PAGES):
        add_page(sqlite_runtime, brand_id, f"https://forum.example/{n}")
    with pytest.raises(Invalid) as refused:
        add_page(sqlite_runtime, brand_id, "https://forum.example/more")
    assert refused.value.code == "too_many_pages"


def test_left_is_by_the_brands_day_and_overdue_by_the_pages_patience(runtime: Runtime, clock: Clock) -> None:
    # 09:00 UTC on the 23rd is 22:00 in Auckland: two hours later its next day has begun.
    brand_id = make_brand(runtime, time_zone="Pacific/Auckland")
    page_id = add_page(runtime, brand_id, remind_days=7)
    never = add_page(runtime, brand_id, "https://forum.example/", remind_days=0)

    def stands() -> tuple[int, int, int]:
        with runtime.db.read() as session:
            found = stand_of(session, [brand_id], now=clock.at)
            return found.pages, found.left, found.overdue

    assert stands() == (2, 2, 0)
    with runtime.db.write() as session:
        finish_visit(session, page_id, visit="v", by=NOBODY, now=clock.at, seen=True)
        finish_visit(session, never, visit="v", by=NOBODY, now=clock.at, seen=True)
    assert stands() == (2, 0, 0)
    clock.forward(hours=1, minutes=59)
    assert stands() == (2, 0, 0)
    clock.forward(minutes=2)
    assert stands() == (2, 2, 0)
    clock.at += timedelta(days=7) - timedelta(hours=2, minutes=2)
    assert stands() == (2, 2, 0)
    clock.forward(minutes=2)
    assert stands() == (2, 2, 1)


def test_what_was_found_by_a_source_before_is_not_new_on_the_page(runtime: Runtime) -> None:
    brand_id = make_brand(runtime)
    make_source(runtime, brand_id, "https://blog.example/feed")
    page_id, other = add_page(runtime, brand_id), add_page(runtime, brand_id, "https://forum.example/")
    collect(runtime, other, [post(1)], visit="v0", act="a0")
    assert [one.fresh for one in collect(runtime, page_id, [post(1), post(2)])] == [False, True]
    with runtime.db.read() as session:
        assert {
            find.mention_id: find.fresh for find in session.scalars(select(RoundFind).where(RoundFind.act == "a1"))
        } == {
            1: False,
            2: True,
        }


def test_a_first_round_is_offered_from_the_brands_own_names() -> None:
    handles = {"instagram": "@cafelumiere", "linkedin": "https://www.linkedin.com/company/cafe-lumiere/", "x": "@a, @b"}
    given: dict[str, Any] = {"name": "Café Lumière", "kind": "place", "countries": ["FR"], "handles": handles}
    offers = {offer.url: offer for offer in offer_pages(**given)}
    assert offers["https://www.instagram.com/cafelumiere/"].ticked
    assert offers["https://www.instagram.com/explore/tags/cafelumiere/"].name == "Instagram: #cafelumiere"
    assert "https://www.linkedin.com/company/cafe-lumiere/posts/" in offers
    assert [url for url in offers if "x.com/search?q=%40" in url] == [
        "https://x.com/search?q=%40a&f=live",
        "https://x.com/search?q=%40b&f=live",
    ]
    assert offers["https://www.google.com/maps/search/Caf%C3%A9%20Lumi%C3%A8re"].ticked, "a place has reviews"
    assert "https://www.tripadvisor.fr/Search?q=Caf%C3%A9%20Lumi%C3%A8re" in offers
    assert not any("{" in url or "facebook.com/reviews" in url for url in offers), "no page without what it needs"
    hostile = {**given, "name": 'a/../?q=1&x="#', "handles": {"instagram": "../../evil, a b, https://x.example/?q"}}
    for offer in offer_pages(**hostile):
        assert network_of_page(offer.url) == offer.network, offer.url
        assert "evil" not in offer.url or "/evil" in offer.url
    words = offer_pages(**given, term='"marée haute"')
    assert words
    assert all(offer.ticked and offer.what in ("search", "tag", "reviews") for offer in words)


@pytest.mark.parametrize(
    ("url", "network"),
    [
        ("https://www.facebook.com/cafelumiere/reviews", "facebook"),
        ("https://www.google.fr/maps/place/Caf%C3%A9", "google_reviews"),
        ("https://www.google.co.uk/maps/place/Caf%C3%A9", "google_reviews"),
        ("https://www.google.com/", "web"),
        ("https://fr.tripadvisor.be/Restaurant_Review-g1", "tripadvisor"),
        ("https://fr.trustpilot.com/review/cafe.example", "trustpilot"),
        ("https://web.whatsapp.com/", "whatsapp"),
        ("https://tripadvisor.evil-facebook.com.example/", "tripadvisor"),
        ("https://notfacebook.com/", "web"),
        ("https://forum.example/t/1", "web"),
    ],
)
def test_the_network_of_a_page_is_known_by_its_address(url: str, network: str) -> None:
    assert network_of_page(url) == network
