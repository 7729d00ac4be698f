"""Lists and watched pages, asked of a local server: robots first, conditionally, whatever the page is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.kind import Asking
from backend.connectors.page.client import fetch_changes, fetch_list, preview_list, preview_watch
from backend.connectors.page.recipe import Recipe
from backend.connectors.page.tree import parse_page
from backend.infra.http import HttpClient
from tests.connectors.page.pages import SCRIPTS, blog
from tests.connectors.page.ways import as_json, way_to
from tests.peers.feeds import FeedServer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HTML = "text/html; charset=utf-8"


@pytest.fixture
def http() -> Iterator[HttpClient]:
    client = HttpClient(allow_private=frozenset({"127.0.0.1", "localhost"}))
    yield client
    client.close()


def read(http: HttpClient, url: str, state: FetchState | None = None, **recipe: str) -> Fetched:
    return fetch_list(Asking(http, url, NOW), {"url": url, "item": "article", **recipe}, state or FetchState())


def watch(http: HttpClient, url: str, state: FetchState | None = None, **params: str) -> Fetched:
    return fetch_changes(Asking(http, url, NOW), {"url": url, **params}, state or FetchState())


def code_of(listen: object, *args: object, **kw: object) -> str:
    with pytest.raises(PollFailed) as failed:
        listen(*args, **kw)  # type: ignore[operator]
    return failed.value.code


def test_a_list_is_read_and_what_did_not_change_is_not_read_again(http: HttpClient, feeds: FeedServer) -> None:
    url = feeds.put("/blog", blog("Un", "Deux"), content_type=HTML, etag='"a"')
    first = read(http, url)
    assert ([one.title for one in first.items], first.title) == (["Un", "Deux"], "Le blog du café")
    assert first.items[0].url == f"{feeds.url}/actus/1"
    assert read(http, url, first.state).not_modified  # by its validator
    assert feeds.asked("/blog")[-1].headers["if-none-match"] == '"a"'
    feeds.put("/blog", blog("Un", "Deux"), content_type=HTML)
    assert read(http, url, first.state).not_modified  # by its bytes
    feeds.put("/blog", blog("Un", "Deux", "Trois"), content_type=HTML)
    assert len(read(http, url, first.state).items) == 3
    assert all("cookie" not in one.headers for one in feeds.seen)


def test_robots_are_asked_first_also_where_a_redirect_leads(http: HttpClient, feeds: FeedServer) -> None:
    feeds.put("/robots.txt", "User-agent: *\nDisallow: /members\nCrawl-delay: 30", content_type="text/plain")
    assert code_of(read, http, feeds.put("/members/list", blog("Un"), content_type=HTML)) == "robots"
    assert code_of(read, http, feeds.redirect("/old", "/members/list", 302)) == "robots"
    assert feeds.asked("/members/list") == []
    polite = read(http, feeds.put("/blog", blog("Un"), content_type=HTML))
    assert polite.pause_s == 30  # nobody asks this site for so long
    moved = read(http, feeds.redirect("/former", "/blog"))
    assert moved.moved_to == f"{feeds.url}/blog"
    assert code_of(read, http, feeds.redirect("/circle", "/circle")) == "http_error"
    assert code_of(read, http, feeds.redirect("/inside", "http://10.0.0.1/x", 302)) == "blocked"


def test_a_secret_does_not_follow_a_redirect_to_another_origin(http: HttpClient, feeds: FeedServer) -> None:
    feeds.put("/blog", blog("Un"), content_type=HTML)
    other = feeds.url.replace("127.0.0.1", "localhost")
    url = feeds.redirect("/away", f"{other}/blog", 302)
    assert read(http.with_secret(url, {"X-Api-Key": "s3cret"}), url).items
    assert [one.headers.get("x-api-key") for one in feeds.seen if one.path in ("/away", "/blog")] == ["s3cret", None]


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (SCRIPTS, HTML, "script_page"),
        ("", HTML, "not_a_page"),
        (b"%PDF-1.7 \xff\xfe", "application/pdf", "not_a_page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "image/png", "not_a_page"),
        ("<div>" * 200_000, HTML, "nothing_picked"),
        ("<a href=x>" * 200_000, HTML, "nothing_picked"),
        ("<p " + " ".join(f"a{n}=1" for n in range(100_000)), HTML, "nothing_picked"),
        ("<" * 1_000_000, HTML, "nothing_picked"),
        ("<table>" * 20_000 + "x", HTML, "nothing_picked"),
        ("<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><p>&b;&b;</p>", HTML, "nothing_picked"),
        ("x" * 5_100_000, HTML, "too_large"),
    ],
)
def test_hostile_pages_are_named_and_do_not_stop_us(
    http: HttpClient, feeds: FeedServer, body: str | bytes, kind: str, code: str
) -> None:
    found = code_of(read, http, feeds.put("/page", body, content_type=kind))
    assert found in (code, "too_much"), found
    assert read(http, feeds.put("/blog", blog("Un"), content_type=HTML)).items


def test_a_page_and_a_selector_that_would_take_for_ever_are_ended(http: HttpClient, feeds: FeedServer) -> None:
    url = feeds.put("/page", "<body>" + "<div><p>x</p>" * 240 + "<i></i>" * 60_000, content_type=HTML)
    slow = "i ~ i ~ i ~ i:nth-last-of-type(2)"
    assert code_of(read, http, url, item=slow) in ("too_much", "nothing_picked")
    assert read(http, feeds.put("/blog", blog("Un"), content_type=HTML)).items


def test_the_recipe_of_two_clicks_is_previewed(http: HttpClient, feeds: FeedServer) -> None:
    page = blog("Un", "Deux", "Trois")
    url = feeds.put("/blog", page, content_type=HTML)
    links = parse_page(page.encode()).xpath("//h2/a")
    ways = [as_json(way_to(links[0])), as_json(way_to(links[1]))]
    recipe, reading = preview_list(http, url, None, ways, now=NOW)
    assert recipe is not None
    assert [one.title for one in reading.items] == ["Un", "Deux", "Trois"]
    recipe, reading = preview_list(http, url, Recipe("li.none"), (), now=NOW)
    assert [one.code for one in reading.reasons] == ["nothing_picked"]
    none, reading = preview_list(http, feeds.put("/app", SCRIPTS, content_type=HTML), None, ways, now=NOW)
    assert none is None
    assert [one.code for one in reading.reasons] == ["script_page"]


def test_a_watched_page_tells_each_change_once(http: HttpClient, feeds: FeedServer) -> None:
    page = "<html><title>Carte</title><body><h1>La carte</h1><p>Soupe : {price} €</p><p>Vu {n} fois</p></body></html>"
    loads = itertools.count(1)

    def put(price: str) -> str:
        return feeds.put("/carte", lambda _: page.format(price=price, n=next(loads)).encode(), content_type=HTML)

    url = put("4,50")
    first = watch(http, url)
    assert list(first.items) == []
    assert len(feeds.asked("/carte")) == 2  # two looks tell what changes by itself
    second = watch(http, url, first.state)
    assert list(second.items) == []
    put("5,20")
    third = watch(http, url, second.state)
    (item,) = third.items
    assert (item.title, item.text) == ("Carte", "− Soupe : 4,50 €\n+ Soupe : 5,20 €")
    assert item.url.startswith(f"{url}#entry-")
    again = watch(http, url, second.state)  # a crash before the state was kept
    assert [one.external_id for one in again.items] == [item.external_id]
    assert list(watch(http, url, third.state).items) == []
    put("4,50")
    (back,) = watch(http, url, third.state).items
    assert back.url != item.url
    assert back.text == "− Soupe : 5,20 €\n+ Soupe : 4,50 €"


def test_what_is_watched_can_be_narrowed(http: HttpClient, feeds: FeedServer) -> None:
    page = "<body><main><p>Prix : {a}</p><p>Mise à jour le {b}</p></main><aside>{c}</aside></body>"
    url = feeds.put("/p", page.format(a="un", b="lundi", c="x"), content_type=HTML)
    params = {"selector": "main", "ignore": "mise à jour\n", "least": "3"}
    state = watch(http, url, **params).state
    feeds.put("/p", page.format(a="un", b="mardi", c="y"), content_type=HTML)
    same = watch(http, url, state, **params)
    assert list(same.items) == []
    feeds.put("/p", page.format(a="deux", b="mardi", c="y"), content_type=HTML)
    little = watch(http, url, same.state, **params)
    assert list(little.items) == []  # two words, where three are asked for
    feeds.put("/p", page.format(a="deux ou trois", b="mardi", c="y"), content_type=HTML)
    (item,) = watch(http, url, little.state, **params).items
    assert item.text == "− Prix : un\n+ Prix : deux ou trois"
    assert code_of(watch, http, url, None, selector="#gone") == "nothing_picked"
    assert code_of(watch, http, feeds.put("/app", SCRIPTS, content_type=HTML)) == "script_page"


def test_a_site_that_wants_a_pause_is_looked_at_once(http: HttpClient, feeds: FeedServer) -> None:
    feeds.put("/robots.txt", "User-agent: *\nCrawl-delay: 10", content_type="text/plain")
    url = feeds.put("/p", "<p>un deux trois</p>", content_type=HTML)
    state = watch(http, url).state
    feeds.put("/p", "<p>un deux quatre</p>", content_type=HTML)
    assert len(watch(http, url, state).items) == 1
    assert len(feeds.asked("/p")) == 2


def test_the_preview_says_what_is_left_out(http: HttpClient, feeds: FeedServer) -> None:
    loads = itertools.count(1)
    url = feeds.put("/p", lambda _: b"<p>Prix : un</p><p>Tirage %d</p>" % next(loads), content_type=HTML)
    seen = preview_watch(http, {"url": url}, now=NOW)
    assert (list(seen.lines), list(seen.restless), seen.reasons) == (["Prix : un"], ["Tirage 1"], [])
    assert preview_watch(http, {"url": url, "selector": "b"}, now=NOW).reasons == ["nothing_picked"]
