"""Feeds that want to cost: each is read, or refused, within limits that the kernel holds; nobody else loses a turn."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.connectors.feed import child
from backend.connectors.feed.parse import parse_feed
from backend.infra.runtime import Runtime
from backend.listening.models import Feed, Item
from tests.peers.feeds import FeedServer, Said
from tests.unit.listening.make import count, make_brand, make_source, poll_due

ROOT = Path(__file__).resolve().parents[2]
HEAD = b"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title><link>https://a.example/</link>"
END = b"</channel></rss>"
BOMB = b"<!DOCTYPE rss [<!ENTITY a '" + b"lol" * 20 + b"'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]>"  # fmt: skip


def items(number: int, inside: bytes = b"") -> bytes:
    return b"".join(
        b"<item><title>Article %d</title><link>/%d</link><guid>%d</guid>%s</item>" % (n, n, n, inside)
        for n in range(number)
    )


def rss(inside: bytes) -> bytes:
    return HEAD + inside + END


#: name → (document, how many items it may give; None: it is no feed). Two where the machine's speed decides.
HOSTILE: dict[str, tuple[bytes, set[int | None]]] = {
    "fifty thousand items": (rss(items(50_000)), {1_000}),
    "fifty thousand items, broken": (rss(items(50_000)) + b"<oops", {1_000}),
    "fifty thousand items, broken at once": (rss(b"<b>&" + items(50_000)), {1_000}),
    "an entity bomb": (BOMB + rss(b"<item><title>&j;</title></item>"), {None}),
    "an entity bomb behind a long comment": (
        b"<!DOCTYPE rss [<!-- ]> <rss " + b"x" * 70_000 + b" -->" + BOMB[BOMB.index(b"<!ENTITY") : -2] + b"]>"
        + rss(b"<item><title a='&j;'>x &j;</title></item>"), {1},  # read, and nothing of it expanded
    ),
    "elements inside each other": (rss(b"<item><title>x</title>" + b"<a>" * 200_000), {None, 1}),
    "attributes without end": (rss(b"<item " + b" ".join(b"a%d='1'" % n for n in range(100_000)) + b"/>"), {None}),
    "names without end": (rss(b"<item><title>x</title>" +
        b"".join(b"<n%d/>" % n for n in range(100_000)) + b"</item>"), {1}),
    "namespaces without end": (
        rss(b"<item><title>x</title>" + b"".join(b"<a:b xmlns:a='%d'/>" % n for n in range(50_000)) + b"</item>"), {1},
    ),
    "a text of four megabytes": (rss(items(1, b"<description>" + b"&lt;p>word " * 360_000 + b"</description>")), {1}),
    "many texts of a megabyte": (
        rss(items(4, b"<description><![CDATA[" + b"<a href='x'>" * 90_000 + b"]]></description>")), {4},
    ),
    "ampersands without end": (rss(items(1, b"<description>" + b"& " * 1_000_000 + b"</description>")), {1}),
    "a CDATA that never ends": (rss(items(3) + b"<![CDATA[" * 300_000), {3, None}),
    "NULs": (rss(items(3, b"<description>a\0b</description>")), {3}),
    "an author without end": (rss(items(1, b"<author>" + b"a." * 500_000 + b"@</author>")), {1}),
    "a date without end": (rss(items(1, b"<pubDate>" + b"1 " * 500_000 + b"</pubDate>")), {1}),
    "a number without end": (rss(b"<ttl>" + b"9" * 500_000 + b"</ttl>" + items(1)), {1}),
}  # fmt: skip

_READ = """
import json, resource, sys
from backend.connectors.feed.parse import NotAFeed, parse_feed
import feedparser.datetimes
body = sys.stdin.buffer.read()
resource.setrlimit(resource.RLIMIT_AS, (700_000_000, 700_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (8, 8))
try:
    found = parse_feed(body, url="https://a.example/feed")
    print(json.dumps([len(found.items), max([len(one.text) for one in found.items] + [0])]))
except NotAFeed as error:
    print(json.dumps([None, str(error)]))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_no_feed_costs_more_than_the_kernel_lets_it(name: str) -> None:
    """700 MB of addresses and 8 s of the processor are what a slow machine may need; most take a hundredth."""
    body, expected = HOSTILE[name]
    assert len(body) < 5_000_000
    done = subprocess.run([sys.executable, "-c", _READ], input=body, cwd=ROOT, capture_output=True, timeout=100)
    assert done.returncode == 0, done.stderr[-600:]
    number, longest = json.loads(done.stdout)
    assert number in expected, longest
    if number is not None:
        assert longest <= 10_000


def test_a_gzip_bomb_and_a_hundred_megabytes_are_left_early_and_the_others_are_read(
    sqlite_runtime: Runtime, feeds: FeedServer, at: datetime
) -> None:
    brand = make_brand(sqlite_runtime)
    bomb = gzip.compress(HEAD + b"<item><title>x</title></item>" * 4_000_000)
    make_source(sqlite_runtime, brand, feeds.put("/bomb", bomb, headers={"Content-Encoding": "gzip"}))
    make_source(sqlite_runtime, brand, feeds.put("/big", HEAD, endless=items(2_000) * 10))
    make_source(sqlite_runtime, brand, feeds.put("/entities", HOSTILE["an entity bomb"][0]))
    make_source(sqlite_runtime, brand, feeds.put("/wide", HOSTILE["attributes without end"][0]))
    good = [feeds.feed(f"/good{n}", [Said(f"Bon {n}", url=f"https://a.example/{n}", at=at)]) for n in range(5)]
    for url in good:
        make_source(sqlite_runtime, brand, url)
    assert poll_due(sqlite_runtime) == 9
    with sqlite_runtime.db.read() as session:
        errors = {feed.address.rpartition("/")[2]: feed.last_error for feed in session.scalars(select(Feed))}
        assert errors == {
            "bomb": "too_large", "big": "too_large", "entities": "not_a_feed", "wide": "not_a_feed",
            **{f"good{n}": "" for n in range(5)},
        }  # fmt: skip
        assert count(session, Item) == 5


def test_dates_that_no_calendar_has_and_links_that_are_none() -> None:
    dates = ["30000-01-01T00:00:00Z", "0000-01-01", "Mon, 01 Jan 30000 00:00:00 GMT", "demain", "hier"]
    body = b"".join(
        f"<item><title>T{n}</title><link>{link}</link><pubDate>{date}</pubDate></item>".encode()
        for n, (date, link) in enumerate(
            zip(dates, ["/un", "javascript:alert(1)", "data:text/html,x", "//b.example/c", "?p=5"], strict=True)
        )
    )
    found = parse_feed(rss(body), url="https://a.example/blog/feed").items
    assert [item.published_at for item in found] == [None] * 5
    assert [item.url for item in found if "#" not in item.url] == [
        "https://a.example/un", "https://b.example/c", "https://a.example/blog/feed?p=5",
    ]  # fmt: skip
    assert len({item.url for item in found}) == 5
    assert all(item.url.startswith("https://") for item in found)
    ours = parse_feed(rss(b"<item><title>x</title><pubDate>2026-11-20</pubDate></item>"), url="https://a.example/f")
    assert ours.items[0].published_at == datetime(2026, 11, 20, tzinfo=UTC)


def test_a_helper_that_is_killed_costs_one_feed_and_no_other() -> None:
    broken = HEAD + items(3)  # ends in the middle
    assert len(parse_feed(broken, url="https://a.example/f").items) == 3
    child.stop_helper()
    assert child.helper_pid() is None
    assert len(parse_feed(broken, url="https://a.example/f").items) == 3
    assert child.helper_pid() is not None
    child.stop_helper()


@pytest.mark.parametrize(
    ("encoding", "declared", "sent"),
    [
        ("iso-8859-1", "utf-8", "text/xml"), ("utf-8", "iso-8859-1", "text/xml; charset=utf-8"),
        ("windows-1252", "windows-1252", ""), ("utf-16", "utf-16", ""), ("utf-8", "klingon", ""),
        ("iso-8859-15", "iso-8859-15", "application/rss+xml"), ("koi8-r", "koi8-r", ""), ("utf-8-sig", "utf-8", ""),
    ],
)  # fmt: skip
def test_character_sets_are_read_whatever_is_said_of_them(encoding: str, declared: str, sent: str) -> None:
    title = "Привет" if encoding == "koi8-r" else "Été à l'œuvre" if encoding in ("windows-1252", "utf-16") else "Été à"
    text = f"<?xml version='1.0' encoding='{declared}'?><rss version='2.0'><channel><item><title>{title}</title>"
    body = f"{text}<link>https://a.example/1</link></item></channel></rss>".encode(encoding)
    assert parse_feed(body, url="https://a.example/f", content_type=sent).items[0].title == title
