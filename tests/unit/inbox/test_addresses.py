"""When two addresses are the same page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.inbox.addresses import canonical_url, network_of

SAME = [
    ("https://www.example.org/a/", "http://example.org/a"),
    ("https://example.org/a?utm_source=x&b=2&a=1", "https://example.org/a?a=1&b=2"),
    ("https://example.org/a#top", "https://example.org/a"),
    ("https://example.org/a#xtor=RSS-3208", "https://example.org/a"),
    ("https://example.org/a#:~:text=café%202", "https://example.org/a"),
    ("https://example.org/a?fbclid=1&gclid=2&at_medium=RSS", "https://example.org/a"),
    ("https://m.example.org:443/a", "https://example.org/a"),
    ("https://example.org/caf%C3%A9", "https://example.org/café"),
    ("https://youtu.be/abc?si=1", "https://www.youtube.com/watch?v=abc&t=10"),
    ("https://old.reddit.com/r/paris/1/", "https://www.reddit.com/r/paris/1"),
    ("https://twitter.com/a/status/1", "https://x.com/a/status/1"),
    ("https://mastodon.example/users/maud/statuses/1", "https://mastodon.example/@maud/1"),
    ("https://example.org/index.html", "https://example.org"),
    ("https://example.org/a/amp/", "https://example.org/a"),
    ("https://EXAMPLE.org./a", "https://example.org/a"),
    ("http://example.org:80/a//b/?", "https://example.org/a/b"),
    ("https://www.m.example.org/a", "https://example.org/a"),
    ("https://fr.m.wikipedia.org/wiki/Caf%C3%A9", "https://fr.wikipedia.org/wiki/Café"),
    ("https://amp.example.org/a.amp.html", "https://example.org/a"),
    ("https://example.org/a?amp=1", "https://example.org/a"),
    ("https://example.org/a.amp?amp", "https://example.org/a"),
    ("https://www.google.com/amp/s/example.org/a/amp/", "https://example.org/a"),
    ("https://example-org.cdn.ampproject.org/c/s/example.org/a?amp=1", "https://example.org/a"),
    ("https://example.org/a#Echobox=1699123", "https://example.org/a"),
    (
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa%3Futm_source%3Dg&ct=ga",
        "https://example.org/a",
    ),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3D1&h=AT0", "https://example.org/a"),
    ("https://www.youtube.com/shorts/abcde12345?feature=share", "https://youtu.be/abcde12345"),
    ("https://www.youtube-nocookie.com/embed/abcde12345", "https://m.youtube.com/watch?v=abcde12345"),
    ("https://x.com/a/status/12?s=20", "https://mobile.twitter.com/i/web/status/12/photo/1"),
    ("https://www.reddit.com/r/paris/comments/1ab/un_titre/?rdt=4", "https://reddit.com/comments/1ab"),
    ("https://mbasic.facebook.com/maud/posts/1", "https://www.facebook.com/maud/posts/1"),
    ("https://medium.com/@maud/a-cup-1a2b?source=rss-abc------2", "https://medium.com/@maud/a-cup-1a2b"),
    ("https://cafe.blogspot.com/2026/11/une-tasse.html?m=1", "https://cafe.blogspot.com/2026/11/une-tasse.html"),
    ("https://blog.example/2026/11/une-tasse.html?m=1", "https://blog.example/2026/11/une-tasse.html?m=0"),
    ("https://example.org/amp/a", "https://example.org/a"),
    ("https://t.me/s/cafelumiere/42", "https://telegram.me/cafelumiere/42?single"),
    ("https://café.example/a", "https://xn--caf-dma.example/a"),
    ("https://href.li/?https://example.org/a", "https://example.org/a"),
]
DIFFERENT = [
    ("https://example.org/a?id=1", "https://example.org/a?id=2"),
    ("https://example.org/a#comment-1", "https://example.org/a#comment-2"),
    ("https://example.org/#!/post/1", "https://example.org/#!/post/2"),
    ("https://news.ycombinator.com/item?id=1", "https://news.ycombinator.com/item?id=2"),
    ("https://example.org:8080/a", "https://example.org/a"),
    ("https://a.example.org/x", "https://b.example.org/x"),
    ("https://example.org/A", "https://example.org/a"),
    ("https://m.org/a", "https://www.org/a"),
    ("https://www.reddit.com/r/paris/comments/1ab/t/c2d/", "https://www.reddit.com/r/paris/comments/1ab/t/c2e/"),
    ("https://example.org/amplifier", "https://example.org/"),
    ("https://example.org/a?source=shop", "https://example.org/a"),
    ("https://example.org/a?m=1", "https://example.org/a"),
    ("https://example.org/camp", "https://example.org/c"),
    ("https://t.co/abc", "https://t.co/abd"),
    ("https://fr.wikipedia.org/wiki/A", "https://en.wikipedia.org/wiki/A"),
    ("https://m.m.m/a", "https://m/a"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_page(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_page(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.org/{text}"):
        assert isinstance(canonical_url(url), str)
        network_of(url)


def test_networks_are_known_by_their_hosts() -> None:
    assert network_of("https://www.reddit.com/r/x") == "reddit"
    assert network_of("https://news.ycombinator.com/item?id=1") == "hackernews"
    assert network_of("https://le-monde.example/1") == "web"
