"""Our reader and feedparser give the same on feedparser's own test files; where they do not, it is known why.

docs/feeds.md holds the table; this test holds the table.
"""

from __future__ import annotations

import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.connectors.feed.dates import read_date
from backend.connectors.feed.loose import read_loosely
from backend.connectors.feed.parse import clean_feed, sniff
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.feed.raw import NotAFeed, RawFeed
from backend.connectors.feed.xml import NotOurs, read_xml

SAMPLES = Path(__file__).parent / "samples" / "feedparser-6.0.14-tests.tar.xz"
DOCS = Path(__file__).parents[3] / "docs" / "feeds.md"
_SENT_AS = re.compile(rb"Header:\s*content-type:\s*([^\r\n]*)", re.IGNORECASE)
#: what differs, and whom we think right
KNOWN = {
    **dict.fromkeys(
        ("entities/lang.xml", "entities/rang.xml"),
        "HTML 5 gives the names &lang; and &rang; other signs (U+27E8, U+27E9) than HTML 4, which feedparser knows",
    ),
    **dict.fromkeys(
        (
            *(f"wellformed/atom10/entry_source_author_{name}.xml" for name in ("email", "name", "uri")),
            *(f"wellformed/atom10/entry_source_author_map_author{end}.xml" for end in ("", "_2")),
            *(f"wellformed/atom10/entry_source_authors_{name}.xml" for name in ("uri", "url")),
            *(
                f"wellformed/atom10/entry_source_contributor_{name}.xml"
                for name in ("email", "multiple", "name", "uri")
            ),
        ),
        "feedparser takes the address of a person inside `source` for that of the publisher",
    ),
    "wellformed/rss/item_category_image.xml": "feedparser takes the title of a picture in a category for the item's",
}


@cache
def files() -> dict[str, bytes]:
    with tarfile.open(SAMPLES) as packed:
        return {
            member.name.removeprefix("tests/"): packed.extractfile(member).read()  # type: ignore[union-attr]
            for member in packed
            if member.name.endswith(".xml")
        }


def sent_as(body: bytes) -> str:
    """The Content-Type that the test file asks to be served with."""
    found = _SENT_AS.search(body)
    return found[1].decode("latin-1").strip() if found else ""


def told(raw: RawFeed) -> RawFeed:
    """What counts: markup as the text it becomes, everything else as it is."""
    entries = [
        replace(one, title=one_line(one.title), body=plain_text(one.body), publisher=one_line(one.publisher))
        for one in raw.entries
    ]
    return replace(raw, title=one_line(raw.title), entries=entries)


def compare() -> Iterator[tuple[str, str]]:
    """Of each file its outcome: refused (before any reader), by feedparser, the same, or different."""
    for name, body in files().items():
        try:
            sniff(body)
        except NotAFeed:
            yield name, "refused"
            continue
        try:
            ours = read_xml(body, sent_as(body))
        except NotOurs:
            yield name, "by feedparser"
            continue
        theirs = read_loosely(body, sent_as(body))
        url = "https://site.example/feed"
        same = told(ours) == told(theirs) and (
            name in KNOWN or clean_feed(ours, url=url) == clean_feed(theirs, url=url)
        )
        yield name, "the same" if same else "different"


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    return dict(compare())


def test_both_readers_give_the_same_wherever_it_is_not_known_why_not(outcomes: dict[str, str]) -> None:
    assert {name for name, outcome in outcomes.items() if outcome == "different"} == set(KNOWN)


def test_the_table_in_the_docs_is_what_was_found(outcomes: dict[str, str]) -> None:
    lines = {}
    for name, outcome in outcomes.items():
        lines.setdefault(name.split("/")[0], Counter())[outcome] += 1  # type: ignore[var-annotated]
    columns = ("the same", "different", "by feedparser", "refused")
    rows = [
        f"| {folder} | {sum(found.values())} | " + " | ".join(str(found[column]) for column in columns) + " |"
        for folder, found in sorted(lines.items())
    ]
    total = Counter(outcomes.values())
    rows.append(f"| all | {len(outcomes)} | " + " | ".join(str(total[column]) for column in columns) + " |")
    text = DOCS.read_text("utf-8")
    assert [row for row in rows if row not in text] == []
    assert all(why in text for why in KNOWN.values())


_TWO = st.integers(0, 61).map(lambda number: f"{number:02d}")
_ZONES = st.sampled_from(["GMT", "UTC", "Z", "+0100", "-0530", "EST", "", "UT", "+01:00", "gmt"])
_MONTHS = st.sampled_from(["Jan", "feb", "March", "Avril", "MAY", "Dec", "Décembre"])
_RFC = st.tuples(
    st.sampled_from(["", "Mon, ", "tue ", "Mercredi, "]), st.integers(0, 33), _MONTHS,
    st.sampled_from(["2026", "0000", "30000", "99", "1969"]), _TWO, _TWO,
    st.one_of(st.just(""), _TWO.map(":{}".format)), _ZONES,
).map(lambda one: "{}{} {} {} {}:{}{} {}".format(*one))  # fmt: skip
_ISO = st.tuples(
    st.sampled_from(["2026", "0000", "30000", "9999", "1969"]), _TWO, _TWO, st.sampled_from("Tt "), _TWO, _TWO,
    st.sampled_from(["", ":07", ":59.123", ":60"]), st.sampled_from(["Z", "", "+02:00", "-11:30", "+0200", "z"]),
).map(lambda one: "{}-{}-{}{}{}:{}{}{}".format(*one))  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.one_of(_RFC, _ISO, st.text(max_size=30)))
def test_dates_are_read_as_feedparser_reads_them(text: str) -> None:
    import calendar
    from datetime import UTC, datetime

    from feedparser.datetimes import _parse_date

    try:
        parsed = _parse_date(text)
        theirs = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        theirs = None
    if text.startswith("30000-"):
        theirs = None  # it makes a day of 2030 of that
    assert read_date(text) == theirs
