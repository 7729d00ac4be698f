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
