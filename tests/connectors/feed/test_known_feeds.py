"""Feeds that an address alone tells."""

from __future__ import annotations

import pytest

from backend.connectors.feed.known import guesses, known_feeds
from backend.connectors.seen import SeenPage


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        ("https://medium.com/@maud", "https://medium.com/feed/@maud"),
        ("https://medium.com/le-comptoir/un-cafe-1a2b3c", "https://medium.com/feed/le-comptoir"),
        ("https://maud.medium.com/", "https://maud.medium.com/feed"),
        ("https://maud.substack.com/p/un-cafe", "https://maud.substack.com/feed"),
        ("https://maud.tumblr.com", "https://maud.tumblr.com/rss"),
        ("https://lumiere.wordpress.com/2026/", "https://lumiere.wordpress.com/feed/"),
        ("https://gitlab.com/maud/lumiere", "https://gitlab.com/maud/lumiere/-/releases.atom"),
        ("https://www.reddit.com/user/maud/comments/", "https://www.reddit.com/user/maud/.rss"),
        ("https://github.com/maud", "https://github.com/maud.atom"),
    ],
)
def test_the_feed_of_a_known_site(url: str, feed: str) -> None:
    assert list(known_feeds(url)) == [feed]


def test_any_other_site_has_the_usual_places() -> None:
    assert list(known_feeds("https://blog.example/@maud")) == []
    places = list(guesses("https://blog.example/fr/news/today"))
    assert places[:3] == [
        "https://blog.example/fr/news/feed",
        "https://blog.example/fr/news/feed.xml",
        "https://blog.example/feed",
    ]


def test_hostile_heads_are_looked_through_quickly() -> None:
    text = "<link " + "rel=alternate " * 20_000 + "<meta " * 20_000 + "<title" * 20_000 + "<![CDATA["
    page = SeenPage.of("https://a.example/x", text.encode())
    assert (list(page.feeds()), page.generator, page.title) == ([], "", "")
    page = SeenPage.of("https://a.example/x", b'<link rel="alternate" type="application/rss+xml" href="http://[">')
    assert page.links == []
