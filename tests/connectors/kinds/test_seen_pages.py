"""What a page says of itself, for places whose pages no local server can stand in for."""

from __future__ import annotations

import time

import pytest

from backend.connectors.registry import source_kinds
from backend.connectors.seen import SeenPage
from backend.listening.kinds import recognise

CHANNEL = "UCq3R5tVx7Zb9Nd1Fh2Jk4Lm"


def seen(url: str, head: str) -> dict[str, list[dict[str, str]]]:
    page = SeenPage(url, f"<html><head>{head}</head>")
    kinds = [kind for kind in source_kinds().values() if kind.sees is not None]
    return {kind.kind: [dict(params) for params in found] for kind in kinds if kind.sees and (found := kind.sees(page))}


@pytest.mark.parametrize("name", ["identifier", "channelId"])
def test_the_page_of_a_handle_names_its_channel(name: str) -> None:
    head = f'<meta itemprop="{name}" content="{CHANNEL}">'
    assert seen("https://www.youtube.com/@cafelumiere", head) == {"youtube": [{"channel": CHANNEL}]}
    assert seen("https://videos.example/@cafelumiere", head) == {}
    assert seen("https://www.youtube.com/@cafelumiere", head.replace(CHANNEL, "nothing")) == {}


def test_a_feed_that_a_page_names_may_be_of_a_kind_we_know() -> None:
    found = recognise(f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}")
    assert found is not None
    assert (found[0].kind, found[1]) == ("youtube", {"channel": CHANNEL})


@pytest.mark.parametrize(
    ("url", "kind", "params"),
    [
        ("https://m.youtube.com/channel/" + CHANNEL + "/videos", "youtube", {"channel": CHANNEL}),
        ("https://www.youtube.com/watch?v=abc&list=PLa1B2c3D4e5F6g7H8&index=2", "youtube_playlist", None),
        ("https://old.reddit.com/r/Paris/new/?sort=new", "reddit", {"sub": "Paris"}),
        ("https://www.reddit.com/r/paris/new/.rss", "reddit", {"sub": "paris"}),
        ("https://github.com/maud/lumiere/releases.atom", "github_releases", {"repository": "maud/lumiere"}),
        ("https://t.me/cafelumiere/42?single", "telegram", {"channel": "cafelumiere"}),
        ("https://mamot.fr/@maud", "mastodon_user", {"server": "mamot.fr", "handle": "maud"}),
        ("https://cooking.stackexchange.com/questions/tagged/coffee", "stackexchange_tag", None),
        ("https://fr.m.wikipedia.org/wiki/Caf%C3%A9_(lieu)#Histoire", "wikipedia_history", None),
    ],
)
def test_addresses_as_they_are_pasted(url: str, kind: str, params: dict[str, str] | None) -> None:
    found = recognise(url)
    assert found is not None
    assert found[0].kind == kind
    assert params is None or found[1] == params


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/r/paris",
        "https://github.com/maud",
        "https://github.com/orgs/lumiere/repositories",
        "https://t.me/joinchat/AAAA",
        "https://www.youtube.com/watch?v=abc",
        "https://www.youtube.com/@cafelumiere",
        "https://blog.example/tags/cafe",
        "https://reddit.com.evil.example/r/paris",
        "r/",
        "",
    ],
)
def test_what_only_looks_alike_is_looked_at(url: str) -> None:
    assert recognise(url) is None


def test_a_tag_of_four_thousand_signs_is_looked_through_once() -> None:
    page = SeenPage.of("https://a.example/", (b"<meta " + b"a" * 3_990 + b">") * 75)
    began = time.process_time()
    assert page.title == ""
    assert page.meta("generator") == ""
    assert time.process_time() - began < 1
    named = SeenPage.of("https://a.example/", b"<meta data-x='' name = \"generator\" content=Discourse>")
    assert named.meta("generator") == "Discourse"
