"""Dates of feeds, as feedparser reads them: the two forms that nearly all feeds write are read here, the rest by it.

What it does not know, or takes for another day, is written anew for it first (`written_dates`).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from backend.connectors.feed.written_dates import in_24_hours, names_no_day, with_names, with_numbers

LONGEST = 100  # code points; no date is longer
_ISO = re.compile(
    r"\s*([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,12})?)?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))\s*"
)
_RFC_822 = re.compile(
    r"\s*(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?([0-9]{1,2})\s+([a-z]{3})[a-z]*\s+([0-9]{4})\s+"
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?\s+(?:gmt|utc?|z|([+-])([0-9]{2})([0-9]{2}))\s*",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def read_date(text: str) -> datetime | None:
    """UTC; None for what is no date, or one that no calendar has."""
    try:
        if found := _ISO.fullmatch(text):
            year, month, day, hour, minute, second, sign, zone_hour, zone_minute = found.groups()
        elif (found := _RFC_822.fullmatch(text)) and found[2].lower() in _MONTHS:
            day, name, year, hour, minute, second, sign, zone_hour, zone_minute = found.groups()
            month = _MONTHS[name.lower()]
        else:
            return _read_other(text)
        at = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
        if sign:
            zone = timedelta(hours=int(zone_hour), minutes=int(zone_minute))
            at = at + zone if sign == "-" else at - zone
        return at
    except (ValueError, OverflowError):
        return _read_other(text)


_FAR = re.compile(r"\s*[0-9]{5,7}-")  # a year that feedparser cuts in two: 30000-01-01 becomes a day of 2030


def read_first(texts: Iterable[str]) -> tuple[datetime | None, str]:
    """The first that is a date; where none is, the first that would be one in a language that is not known yet."""
    undated = ""
    for text in filter(None, texts):
        if (at := read_date(text)) is not None:
            return at, ""
        undated = undated or (text if read_numbers(text, "fr") is not None else "")
    return None, undated


def read_numbers(text: str, language: str) -> datetime | None:
    """A day in numbers that only its language tells from another one: 03/04/2026. None for anything else.

    Day first, unless it is English."""
    written = with_numbers(in_24_hours(text), language) if len(text) <= LONGEST else None
    return _by_feedparser(written) if written else None


def _read_other(text: str) -> datetime | None:
    """What else feedparser knows: dates alone, names of zones, Hungarian, Greek, Korean…; and what it does not."""
    if not text.strip() or len(text) > LONGEST or _FAR.match(text):
        return None
    text = in_24_hours(text)
    if names_no_day(text):
        return None
    numbers = with_numbers(text)
    if numbers is not None:
        return _by_feedparser(numbers) if numbers else None
    return _by_feedparser(text) or _by_feedparser(with_names(text))


def _by_feedparser(text: str) -> datetime | None:
    if not text:
        return None
    # Only now: it is large, and most processes never need it.
    from feedparser.datetimes import _parse_date

    try:
        parsed = _parse_date(text)
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
