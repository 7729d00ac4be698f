"""Dates of feeds, as feedparser reads them: the two forms that nearly all feeds write are read here, the rest by it."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

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


def _read_other(text: str) -> datetime | None:
    """What else feedparser knows: dates alone, names of zones, Hungarian, Greek, Korean…"""
    if not text.strip() or len(text) > LONGEST or _FAR.match(text):
        return None
    # Only now: it is large, and most processes never need it.
    from feedparser.datetimes import _parse_date

    try:
        parsed = _parse_date(text)
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
