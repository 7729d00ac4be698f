# ruff: noqa: E501  # feeds are written as they come
"""Bytes of feeds as items."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.connectors.feed import parse
from backend.connectors.feed.parse import NotAFeed, Parsed, parse_feed
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.feed.raw import RawFeed
from backend.connectors.feed.unwrap import unwrap
from backend.connectors.seen import SeenPage

URL = "https://site.example/feed"


def rss(items: str, *, channel: str = "", head: str = "") -> Parsed:
    text = f"<?xml version='1.0' encoding='utf-8'?>{head}<rss version='2.0'><channel><title>Le blog</title>"
    body = f"{text}<link>https://site.example/</link>{channel}{items}</channel></rss>".encode()
    return parse_feed(body, url=URL)


def test_rss_with_markup_dates_and_authors() -> None:
    parsed = rss(
        "<item><title>L&amp;#8217;été &lt;b&gt;au&lt;/b&gt; café</title><link>/un</link><guid isPermaLink='false'>g</guid>"
        "<pubDate>Sat, 21 Nov 2026 23:30:00 +0100</pubDate><author>maud@site.example (Maud D.)</author>"
        "<description>&lt;p&gt;Un&lt;br&gt;deux&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;&lt;p&gt;3 &amp;lt; 4&lt;/p&gt;</description></item>",
        channel="<language>fr-FR</language><ttl>45</ttl>",
    )
    (item,) = parsed.items
    assert (item.external_id, item.url) == ("g", "https://site.example/un")
    assert item.title == "L’été au café"
    assert item.text == "Un\ndeux\n3 < 4"
    assert item.author == "Maud D."
    assert item.published_at == datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    assert (parsed.title, parsed.site_url, parsed.language, parsed.wishes.ttl_s) == (
        "Le blog", "https://site.example/", "fr", 2700
    )  # fmt: skip


def test_atom_takes_the_page_link_and_the_whole_content() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>tag:1</id>
    <link rel="self" href="https://site.example/1.atom"/><link rel="enclosure" href="https://site.example/1.mp3"/>
    <link rel="alternate" type="text/html" href="https://site.example/1"/><title>T</title>
    <updated>2026-11-20T10:00:00Z</updated><summary>short</summary><content type="html">&lt;p&gt;the whole&lt;/p&gt;</content>
    <author><name>Maud</name><uri>https://site.example/maud</uri></author></entry></feed>"""
    (item,) = parse_feed(body, url=URL).items
    assert (item.url, item.text) == ("https://site.example/1", "the whole")
    assert (item.author, item.author_url) == ("Maud", "https://site.example/maud")
    assert item.published_at == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_rss_1_and_rss_0_91_are_feeds_too() -> None:
    rdf = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>R</title></channel><item rdf:about="https://a.example/1">
    <title>Un</title><link>https://a.example/1</link><dc:date>2026-11-20</dc:date></item></rdf:RDF>"""
    old = b"<rss version='0.91'><channel><item><title>Un</title><link>https://a.example/1</link></item></channel></rss>"
    assert parse_feed(rdf, url=URL).items[0].published_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert parse_feed(old, url=URL).items[0].title == "Un"


def test_json_feed_text_is_text_and_html_is_cleaned() -> None:
    body = b"""{"version": "https://jsonfeed.org/version/1", "title": "J", "items": [
      {"id": 7, "url": "https://a.example/7", "content_text": "1 < 2 & <b>", "date_published": "2026-11-20T10:00:00+01:00"},
      {"id": "8", "external_url": "https://a.example/8", "content_html": "<p>hi</p>", "author": {"name": "M"}},
      {"id": "9"}, 3]}"""
    first, second = parse_feed(body, url=URL).items
    assert (first.external_id, first.text) == ("7", "1 < 2 & <b>")
    assert (second.text, second.author) == ("hi", "M")


def test_a_google_alert_is_unwrapped_and_loses_its_bold() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:idx="urn:atom-extension:indexing"><title>Alerte</title><entry>
    <id>tag:google.com,2013:googlealerts/feed:1</id><title type="html">Le &lt;b&gt;Café&lt;/b&gt; ouvre</title>
    <link href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://a.example/p%3Fid%3D1&amp;ct=ga&amp;usg=x"/>
    <published>2026-11-20T10:00:00Z</published><content type="html">au &lt;b&gt;soleil&lt;/b&gt;&amp;nbsp;...</content>
    <author><name></name></author></entry></feed>""".encode()
    (item,) = parse_feed(body, url=URL).items
    assert (item.url, item.title, item.text) == ("https://a.example/p?id=1", "Le Café ouvre", "au soleil ...")


@pytest.mark.parametrize(
    ("wrapped", "target"),
    [
        ("https://www.google.fr/url?q=https://a.example/", "https://a.example/"),
        ("http://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fa.example%2f1&c=2", "https://a.example/1"),
        ("https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"),
        ("https://evil.example/url?url=https://a.example", "https://evil.example/url?url=https://a.example"),
        ("https://notgoogle.com/url?url=https://a.example", "https://notgoogle.com/url?url=https://a.example"),
        ("http://[bad/url?url=https://a.example", "http://[bad/url?url=https://a.example"),
    ],
)
def test_links_are_unwrapped_only_where_a_service_wraps_them(wrapped: str, target: str) -> None:
    assert unwrap(wrapped) == target


def test_items_without_link_keep_apart_and_bad_addresses_never_come_through() -> None:
    parsed = rss(
        "<item><title>Un</title></item><item><title>Deux</title><link>javascript:alert(1)</link></item>"
        "<item><title>Trois</title><link>https://user:pw@a b.example/</link></item><item></item>"
    )
    urls = [item.url for item in parsed.items]
    assert len(set(urls)) == 3
    assert all(url.startswith("https://") and " " not in url for url in urls)


def test_what_stands_twice_is_one_item_and_wrong_dates_are_no_dates() -> None:
    parsed = rss(
        "<item><title>Un</title><link>https://a.example/1</link><pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate></item>"
        "<item><title>Un</title><link>https://a.example/1</link></item>"
        "<item><title>Deux</title><link>https://a.example/2</link><pubDate>demain</pubDate></item>"
    )
    assert [(item.url[-1], item.published_at) for item in parsed.items] == [("1", None), ("2", None)]


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (b"<!DOCTYPE html><html><head>", True),
        (b"  <HTML><body>", True),
        (b"<?xml version='1.0'?><!-- <rss> --><html xmlns='http://www.w3.org/1999/xhtml'/>", True),
        (b"<opml version='2.0'></opml>", False),
        (b"hello", False),
        (b"\n \n", False),
        (b"<!DOCTYPE x [ <! ENTITY a 'b'> ]><rss/>", False),
        ("<!DOCTYPE x [ <!ENTITY a 'b'> ]><rss/>".encode("utf-16"), False),
        (b'{"items": []}', False),
    ],
)
def test_what_is_no_feed_is_refused_before_it_is_parsed(body: bytes, page: bool) -> None:
    with pytest.raises(NotAFeed) as refused:
        parse_feed(body, url=URL)
    assert refused.value.page is page


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    for around in (b"%s", b"<rss version='2.0'><channel><item><title>x%s</title></item></channel></rss>"):
        with contextlib.suppress(NotAFeed):
            parse_feed(around.replace(b"%s", body), url=URL)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_plain_text_never_keeps_markup_that_a_browser_would_read(text: str) -> None:
    cleaned = plain_text(f"<div onclick='x()'>{text}</div><script>secret</script>")
    assert "onclick" not in cleaned or "onclick" in text
    assert "\x00" not in cleaned
    assert "\n" not in one_line(text)


def test_plain_text_has_a_limit_and_reads_entities_once() -> None:
    assert plain_text("&amp;lt;b&amp;gt;") == "&lt;b&gt;"
    assert plain_text("<p>&lt;b&gt; &eacute;</p>") == "<b> é"
    assert len(plain_text("mot " * 10_000)) <= 10_000
    assert plain_text("a\u0000b\x07<style>p{}</style>") == "ab"


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'>" + b"<a>" * 20_000,
        b"<!--" * 200_000,
        b"<rss version='2.0'><channel><item "
        + b" ".join(b"a%d='1'" % n for n in range(100_000))
        + b"/></channel></rss>",
        b"<rss version='2.0'><channel><item><title>x</title><description>"
        + b"&lt;div>" * 60_000
        + b"</description></item></channel></rss>",
        b"<rss version='2.0'><channel><title>" + b"&amp;" * 400_000 + b"</title></channel></rss>",
    ],
    ids=["deep", "comments", "attributes", "deep markup", "entities"],
)
def test_no_feed_takes_more_than_a_moment_of_the_processor(body: bytes) -> None:
    began = time.process_time()
    with contextlib.suppress(NotAFeed):
        parse_feed(body, url=URL)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "junk", ["<!--", "<a ", "<link ", "<link a='", "<![", "</", "<script>", "<link rel=alternate "]
)
def test_pages_made_of_junk_are_looked_through_quickly(junk: str) -> None:
    page = junk * (300_000 // len(junk)) + '<link rel="alternate" type="application/rss+xml" href="/x">'
    began = time.process_time()
    list(SeenPage.of(URL, page.encode()).feeds())
    plain_text(page)
    assert time.process_time() - began < 2


def test_links_of_a_page_are_read_however_they_are_written() -> None:
    page = b"""<!-- x --><LINK href='/a?x=1&amp;y=2' type='application/rss+xml; charset=utf-8' REL='alternate home'>
    <link rel=alternate type=application/atom+xml href=/b><link rel="stylesheet" href="/c" type="text/css">
    <link rel="alternate" type="application/json" href="/wp-json/"><link rel="alternate" type="application/rss+xml" href="">"""
    found = [link.url for link in SeenPage.of(URL, page).feeds()]
    assert found == ["https://site.example/a?x=1&y=2", "https://site.example/b"]


def test_no_feed_waits_while_a_helper_reads_another() -> None:
    def otherwise(body: bytes, content_type: str) -> RawFeed:
        with parse._parsing, parse._parsing:  # both are free
            return RawFeed()

    assert (
        parse.read_raw(b"<rss><channel><title>&oops;</title><item></channel></rss>", otherwise=otherwise) == RawFeed()
    )


def test_what_feedburner_counts_is_at_its_own_address_for_both_readers() -> None:
    item = (
        "<item><title>Bon</title><link>https://feeds.feedburner.com/~r/blog/~3/x/</link>"
        "<feedburner:origLink>https://blog.example/1</feedburner:origLink></item>"
    )
    head = "<rss version='2.0' xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'><channel>"
    for broken in ("", "&oops;"):
        parsed = parse_feed(f"{head}<title>x{broken}</title>{item}</channel></rss>".encode(), url=URL)
        assert [one.url for one in parsed.items] == ["https://blog.example/1"]
