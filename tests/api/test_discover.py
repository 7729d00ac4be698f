"""`/discover`: everything that can be listened to behind an address, with what it would bring."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from backend import create_app
from backend.connectors.feed import client
from backend.connectors.podcast import directory
from backend.infra.errors import Invalid
from backend.infra.runtime import Runtime
from backend.listening import discover as discover_module
from backend.listening.budgets import take_token
from backend.listening.kinds import KINDS
from tests.connectors.kinds.table import TABLE
from tests.factories import Api, make_owner
from tests.peers.feeds import FeedServer, Said
from tests.peers.feeds import feeds as feeds

PAGE = "<!DOCTYPE html><html{root}><head><title>Le forum</title>{head}</head><body{body}>…</body></html>"
LINK = '<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


@pytest.fixture
def api(sqlite_runtime: Runtime, feeds: FeedServer) -> Api:
    settings = replace(sqlite_runtime.settings, endpoints={**feeds.endpoints(), "itunes": feeds.url})
    app = create_app(replace(sqlite_runtime, settings=settings))
    return Api(app, make_owner(app))


@pytest.fixture
def brand(api: Api) -> dict[str, Any]:
    made: dict[str, Any] = api.post("/brands", {"name": "Café Lumière"}).json
    return made


def page(feeds: FeedServer, path: str, *, head: str = "", root: str = "", body: str = "") -> str:
    return feeds.put(path, PAGE.format(head=head, root=root, body=body), content_type="text/html")


def discover(api: Api, url: str) -> list[dict[str, Any]]:
    answer = api.post("/discover", {"url": url})
    assert answer.status == 200, answer.json
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def test_all_feeds_of_a_page_are_shown_with_what_matches_first(
    api: Api, brand: dict[str, Any], feeds: FeedServer
) -> None:
    api.post("/keywords", {"query": "lumière"})
    feeds.feed("/feed.xml", [Said("Le marché"), Said("Le café Lumière"), Said("La gare")], title="Le blog")
    feeds.feed("/comments.xml", [Said("Re: Le marché", text="Oui")], title="Commentaires")
    feeds.feed("/atom.xml", [Said("Le marché"), Said("Le café Lumière"), Said("La gare")], title="Le blog")
    links = LINK.format(title="Commentaires", href="comments.xml") + LINK.format(title="Articles", href="feed.xml")
    url = page(feeds, "/", head=links)
    first, second = discover(api, url)
    assert (first["kind"], first["params"], first["name"]) == ("feed", {"url": f"{feeds.url}/feed.xml"}, "Le blog")
    assert (first["gives"], first["count"], first["matching"], first["purpose"]) == ("article", 3, 1, "press")
    assert [item["matches"] for item in first["items"]] == [True, False, False]
    assert first["items"][0]["title"] == "Le café Lumière"
    # What is there twice, by another name, is one.
    assert (second["gives"], second["name"], second["matching"]) == ("comment", "Commentaires", 0)
    assert first["source_id"] is None
    assert api.get("/mentions").json["items"] == []
    made = api.post("/sources", {"kind": first["kind"], "params": first["params"]}).json
    assert discover(api, url)[0]["source_id"] == made["id"]


def test_a_forum_is_known_by_its_page_and_searched_for_the_brand(
    api: Api, brand: dict[str, Any], feeds: FeedServer
) -> None:
    feeds.put("/forum/posts.rss", TABLE["discourse"].body)
    feeds.put("/forum/search.json", TABLE["discourse_search"].body, content_type="application/json")
    feeds.feed("/forum/latest.rss", [Said("Sujets")])
    head = '<meta name="generator" content="Discourse 3.6.0 - https://github.com/discourse/discourse">'
    head += LINK.format(title="Latest", href="/forum/latest.rss")
    url = page(feeds, "/forum/t/ou-prendre-un-cafe/12", head=head)
    posts, search, latest = discover(api, url)
    site = f"{feeds.url}/forum"
    assert (posts["kind"], posts["params"], posts["gives"]) == ("discourse", {"site": site}, "post")
    assert (search["kind"], search["gives"]) == ("discourse_search", "search")
    assert search["params"] == {"site": site, "query": "Café Lumière"}
    assert feeds.asked("/forum/search.json")[0].query["q"] == "Café Lumière order:latest"
    assert (latest["kind"], latest["name"]) == ("feed", "A feed")
    # The best of them is what the address alone makes.
    made = api.post("/sources", {"url": url}).json
    assert (made["kind"], made["purpose"], made["feed_url"]) == ("discourse", "forums", site)


@pytest.mark.parametrize(
    ("kind", "path", "signs", "params"),
    [
        ("phpbb", "/board/viewforum.php", {"body": ' id="phpbb" class="nojs"'}, {"site": "{url}/board"}),
        (
            "phpbb_search",
            "/board/viewforum.php",
            {"body": ' id="phpbb" class="nojs"'},
            {"site": "{url}/board", "query": "Café Lumière"},
        ),
        ("xenforo", "/threads/quel-moulin.1204/", {"root": ' id="XF" lang="fr-FR"'}, {"site": "{url}"}),
        ("vanilla", "/f/discussion/88/une-table", {"head": "<script>gdn.meta={};</script>"}, {"site": "{url}/f"}),
        (
            "vbulletin",
            "/vb/forum.php",
            {"head": '<meta name="generator" content="vBulletin 4.2.5">'},
            {"site": "{url}/vb"},
        ),
        ("lemmy", "/c/cafe", {"body": ' class="lemmy-site"'}, {"site": "{url}", "community": "cafe"}),
        ("lemmy_search", "/post/3", {"body": ' class="lemmy-site"'}, {"site": "{url}", "query": "Café Lumière"}),
        (
            "mastodon_user",
            "/@maud",
            {"body": "><div class='app-holder' id='mastodon'></div"},
            {"server": "{url}", "handle": "maud"},
        ),
        ("mastodon", "/tags/cafe", {"body": "><div id='mastodon'></div"}, {"server": "{url}", "tag": "cafe"}),
        (
            "wordpress",
            "/blog/2026/11/",
            {"head": '<link rel="https://api.w.org/" href="{url}/blog/wp-json/">'},
            {"site": "{url}/blog", "query": "Café Lumière"},
        ),
    ],
)
def test_the_software_of_a_page_says_what_it_is(
    api: Api, brand: dict[str, Any], feeds: FeedServer, kind: str, path: str, signs: dict[str, str], params: Any
) -> None:
    params = {name: value.format(url=feeds.url) for name, value in params.items()}
    page(feeds, path, **{name: value.replace("{url}", feeds.url) for name, value in signs.items()})
    sample = TABLE[kind]
    place = params.get("site") or params["server"]
    answer = sample.path.replace("cafe@jlai.example", "cafe").replace("/tag/paris", "/tag/cafe")
    feeds.put(place.removeprefix(feeds.url) + answer, sample.body, content_type=sample.content_type)
    found = {one["kind"]: one for one in discover(api, feeds.url + path)}
    assert found[kind]["params"] == params
    assert (found[kind]["note"], found[kind]["count"]) == ("", sample.count)


def test_an_address_that_says_it_all_is_not_asked_for_its_page(
    api: Api, brand: dict[str, Any], feeds: FeedServer
) -> None:
    feeds.put("/newest.rss", TABLE["lobsters"].body)
    (found,) = discover(api, "lobste.rs")
    assert (found["kind"], found["params"], found["count"], found["name"]) == ("lobsters", {}, 1, "Lobsters: newest")
    assert [one.path for one in feeds.seen] == ["/newest.rss"]


def test_a_place_that_asks_to_wait_is_shown_all_the_same(api: Api, brand: dict[str, Any], feeds: FeedServer) -> None:
    feeds.put("/newest.rss", status=429, headers={"Retry-After": "60"})
    (found,) = discover(api, "https://lobste.rs/")
    assert (found["note"], found["count"], found["items"]) == ("rate_limited", 0, [])


def test_a_podcast_is_found_by_its_name_and_by_apples_page(api: Api, brand: dict[str, Any], feeds: FeedServer) -> None:
    feed = feeds.put("/comptoir.xml", TABLE["podcast"].body)
    row = {"collectionName": "Au comptoir", "artistName": "Maud", "feedUrl": feed, "collectionId": 4711}
    answer = json.dumps({"resultCount": 2, "results": [row, {"collectionName": "No feed"}, 3]})
    for path in ("/search", "/lookup"):
        feeds.put(path, answer, content_type="application/json")
    for text in ("au comptoir", "https://podcasts.apple.com/fr/podcast/au-comptoir/id4711?i=1"):
        (found,) = discover(api, text)
        assert (found["kind"], found["params"]) == ("podcast", {"url": feed})
        assert (found["name"], found["purpose"], found["gives"], found["count"]) == ("Au comptoir", "video", "video", 1)
    assert feeds.asked("/search")[0].query["term"] == "au comptoir"
    assert feeds.asked("/lookup")[0].query["id"] == "4711"
    made = api.post("/sources", {"url": "https://podcasts.apple.com/fr/podcast/au-comptoir/id4711"}).json
    assert (made["kind"], made["feed_url"]) == ("podcast", feed)


def test_what_leads_nowhere_says_why(api: Api, brand: dict[str, Any], feeds: FeedServer) -> None:
    feeds.put("/search", '{"results": []}', content_type="application/json")
    bare = page(feeds, "/bare")
    for text, code in (
        (bare, "no_feed"),
        (f"{feeds.url}/missing", "not_found"),
        ("http://10.0.0.1/", "blocked"),
        ("ftp://a.example/", "not_web_address"),
        ("https://www.google.com/alerts", "alerts_page"),
        ("nobody knows this", "no_feed"),
    ):
        answer = api.post("/discover", {"url": text})
        assert (answer.status, answer.json["error"]["code"]) == (422, code), text
    assert api.as_role("viewer", brand).post("/discover", {"url": bare}).status == 403


def test_one_candidate_that_stumbles_leaves_the_others(
    api: Api, brand: dict[str, Any], feeds: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds.feed("/feed.xml", [Said("Le marché")], title="Le blog")
    feeds.feed("/bad.xml", [Said("Le marché")])
    links = LINK.format(title="Bad", href="bad.xml") + LINK.format(title="Articles", href="feed.xml")
    url = page(feeds, "/", head=links)
    read = client.parse_feed

    def stumble(body: bytes, **where: Any) -> Any:
        if where["url"].endswith("/bad.xml"):
            raise KeyError("nobody thought of that")
        return read(body, **where)

    def sees(_page: object) -> Any:
        raise ValueError("nobody thought of that")

    monkeypatch.setattr(client, "parse_feed", stumble)
    monkeypatch.setattr(discover_module, "KINDS", {**KINDS, "wordpress": replace(KINDS["wordpress"], sees=sees)})
    assert [one["name"] for one in discover(api, url)] == ["Le blog"]
    assert api.post("/sources", {"url": url}).json["feed_url"] == f"{feeds.url}/feed.xml"


def test_apples_directory_is_asked_no_more_often_than_it_lets(
    api: Api, brand: dict[str, Any], sqlite_runtime: Runtime, feeds: FeedServer
) -> None:
    with sqlite_runtime.db.write() as session:
        while take_token(session, "apple.com", now=sqlite_runtime.clock(), rate=directory.RATE) <= 0:
            pass
    settings = replace(sqlite_runtime.settings, endpoints={})
    with pytest.raises(Invalid) as refused:
        list(discover_module.propose(replace(sqlite_runtime, settings=settings), "Le comptoir", by_name=True))
    assert refused.value.code == "rate_limited"


def test_a_site_that_asks_for_a_log_in_or_lets_nobody_in_is_said_to(
    api: Api, brand: dict[str, Any], feeds: FeedServer
) -> None:
    for status, code in ((401, "log_in_needed"), (403, "site_forbids")):
        answer = api.post("/discover", {"url": feeds.put("/closed", "no", status=status)})
        assert (answer.status, answer.json["error"]["code"]) == (422, code)


def test_the_issues_of_a_repository_are_listened_to_by_their_page(api: Api, brand: dict[str, Any]) -> None:
    made = api.post("/sources", {"url": "https://github.com/maud/lumiere/issues?q=is%3Aopen"})
    assert (made.status, made.json["kind"]) == (201, "github"), made.json
    assert made.json["params"] == {"query": "repo:maud/lumiere"}
