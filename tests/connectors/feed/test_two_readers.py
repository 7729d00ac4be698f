"""Our reader and feedparser give the same on feedparser's own test files; where they do not, it is known why.

docs/feeds.md holds the table; this test holds the table.
"""

from __future__ import annotations

import calendar
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from feedparser.datetimes import _parse_date
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.connectors.feed.dates import read_date
from backend.connectors.feed.loose import read_loosely
from backend.connectors.feed.parse import clean_feed, sniff
from backend.connectors.feed.plain import one_line, plain_text
from backend.connectors.feed.raw import NotAFeed, RawFeed
from backend.connectors.feed.written_dates import with_names
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


_NO_DAY = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)(?!\d)", re.ASCII)
_FAR = re.compile(r"\s*[0-9]{5,7}-")  # feedparser makes a day of 2030 of the year 30000


def is_wrong_there(text: str) -> bool:
    """What feedparser reads as a day that nobody meant."""
    if _FAR.match(text):
        return True
    found = _NO_DAY.match(text)
    try:
        return found is not None and not date(*map(int, found.groups()))
    except ValueError:
        return True


@settings(max_examples=600, deadline=None)
@given(st.one_of(_RFC, _ISO, st.text(max_size=30)))
def test_dates_are_read_as_feedparser_reads_them(text: str) -> None:
    try:
        parsed = _parse_date(text)
        theirs = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        theirs = None
    if is_wrong_there(text):
        theirs = None
    ours = read_date(text)
    assert ours == theirs or (theirs is None and with_names(text) != "")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("lun., 30 nov. 2026 10:00:00 +0100", "2026-11-30T09:00"),
        ("lundi 30 novembre 2026 à 10h30", "2026-11-30T10:30"),
        ("mar., 1er déc. 2026 10:00:00 GMT", "2026-12-01T10:00"),
        ("30 novembre 2026", "2026-11-30T00:00"),
        ("Nov 30, 2026", "2026-11-30T00:00"),
        ("Nov. 30, 2026 at 9:00 p.m. EST", "2026-12-01T02:00"),
        ("30/11/2026", "2026-11-30T00:00"),
        ("30-11-2026 10:00", "2026-11-30T10:00"),
        ("11/30/2026 11:59 PM", "2026-11-30T23:59"),
        ("03.04.2026", "2026-04-03T00:00"),
        ("2026/11/30", "2026-11-30T00:00"),
        ("2026年11月30日", "2026-11-30T00:00"),
        ("2026년 1월 3일 10:00", "2026-01-03T10:00"),
        ("Mon, 30 Nov 2026 09:00 PM GMT", "2026-11-30T21:00"),
        ("2026-11-30 12:05 AM", "2026-11-30T00:05"),
    ],
)
def test_dates_as_people_write_them_are_the_day_they_mean(text: str, at: str) -> None:
    assert read_date(text) == datetime.fromisoformat(f"{at}+00:00")


@pytest.mark.parametrize("text", ["30 Feb 2026", "2026-02-30", "2026-02-30T10:00:00Z", "2026年2月30日", "31/11/2026",
                                  "31 novembre 2026", "03/04/2026", "30 novembre", "99/99/2026"])  # fmt: skip
def test_what_is_no_day_or_may_be_two_is_no_date(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(("language", "day"), [("fr-FR", 3), ("de", 3), ("en-US", None), ("", None)])
def test_which_number_is_the_day_is_told_by_the_language_whoever_reads_the_feed(language: str, day: int | None) -> None:
    body = f"""<rss version="2.0"><channel><title>A</title><item><title>Un</title>
    <link>https://a.example/1</link><pubDate>03/04/2026 10:00</pubDate></item><language>{language}</language>
    </channel></rss>""".encode()
    for raw in (read_loosely(body, ""), read_xml(body, "")):
        (item,) = clean_feed(raw, url="https://a.example/feed").items
        assert item.published_at == (datetime(2026, 4, day, 10, tzinfo=UTC) if day else None)
