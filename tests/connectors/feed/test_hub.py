"""Which hub a feed names, and whose deliveries count."""

from __future__ import annotations

import hmac

import pytest

from backend.connectors.feed.hub import YOUTUBE, Hub, find_hub, is_signed

URL = "https://blog.example/feed"
HUB = Hub("https://hub.example/", "https://blog.example/feed.xml")
LINKS = "<atom:link rel='self' type='a/b' href='/feed.xml'/><atom:link href=\"https://hub.example/\" rel='hub'/>"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"link": '<https://hub.example/>; rel="hub", </feed.xml>; rel="self"'}, ""),
        ({"link": "</feed.xml>;rel=self,<https://hub.example/>;title=x;rel=hub"}, ""),
        ({}, f"<rss><channel>{LINKS}<item/></channel></rss>"),
        ({}, '<feed><link rel="self" href="/feed.xml"/><link href="https://hub.example/" rel="alternate hub"/></feed>'),
        ({}, '{"feed_url": "/feed.xml", "hubs": [{"type": "x"}, {"type": "WebSub", "url": "https://hub.example/"}]}'),
        ({"link": '<https://hub.example/>; rel="hub"'}, f"<rss>{LINKS.replace('https://hub', 'https://other')}</rss>"),
    ],
)
def test_hubs_are_found_in_headers_and_documents(headers: dict[str, str], body: str) -> None:
    assert find_hub(URL, headers, body.encode()) == HUB


@pytest.mark.parametrize(
    "body",
    [
        "<rss><item><atom:link rel='hub' href='https://evil.example/'/><link rel='self' href='/x'/></item></rss>",
        "<rss><channel><link rel='hub' href='https://hub.example/'/></channel></rss>",  # known by no name
        "<rss><channel><link rel='hub' href='ftp://hub.example/'/><link rel='self' href='/x'/></channel></rss>",
        "<rss><channel><link rel='hub' href='https://[bad'/><link rel='self' href='/x'/></channel></rss>",
        '{"hubs": "x", "feed_url": 3}',
        '{"hubs": [{"type": "WebSub", "url": 3}]}',
        "{" * 50_000,
        "",
    ],
)
def test_what_names_no_hub_of_the_feed_itself_has_none(body: str) -> None:
    assert find_hub(URL, {}, body.encode()) is None


def test_youtube_has_one_that_it_does_not_name() -> None:
    url = "https://www.youtube.com/feeds/videos.xml?channel_id=UCq3R5tVx7Zb9Nd1Fh2Jk4Lm"
    assert find_hub(url, {}, b"<feed/>") == Hub(YOUTUBE, url)
    assert find_hub("https://www.youtube.com.evil.example/feeds/videos.xml?channel_id=UC1", {}, b"<feed/>") is None


def test_a_signature_counts_only_with_the_secret_and_a_method_that_proves_something() -> None:
    for method in ("sha1", "sha256", "sha384", "sha512"):
        good = f"{method}={hmac.digest(b'secret', b'body', method).hex()}"
        assert is_signed("secret", b"body", good)
        assert is_signed("secret", b"body", good.upper())
        assert not is_signed("other", b"body", good)
        assert not is_signed("secret", b"body!", good)
    md5 = hmac.digest(b"secret", b"body", "md5").hex()
    for bad in ("", "sha256", "sha256=", f"md5={md5}", "sha256=é", "=", "crc32=0"):
        assert not is_signed("secret", b"body", bad)
