"""When something was published, as pages write it for people: English and French, relative or absolute. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from backend.connectors.feed.dates import read_date
from backend.connectors.feed.written_dates import MONTH, MONTHS

_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:er|st|nd|rd|th)?\s+({MONTH})\.?,?\s+(\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])\s?(?::|h)\s?([0-5]\d)\b", re.IGNORECASE)
_UNITS = {
    **dict.fromkeys(("second", "seconde", "sec"), 1),
    **dict.fromkeys(("minute", "min", "mn"), 60),
    **dict.fromkeys(("hour", "hr", "h", "heure"), 3_600),
    **dict.fromkeys(("day", "d", "jour", "j"), 86_400),
    **dict.fromkeys(("week", "semaine"), 7 * 86_400),
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_AGO = re.compile(rf"\b(\d{{1,4}})\s*({_UNIT})s?\s+ago\b|\bil y a\s+(\d{{1,4}})\s*({_UNIT})s?\b", re.IGNORECASE)
_FOR_MACHINES = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:|[A-Za-z]{3,9}, \d")
LONGEST = 200  # code points; what is longer is no date
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


def read_time(text: str, *, language: str = "", now: datetime) -> datetime | None:
    """UTC, by the page's own clock taken for UTC; None for what says no day that has been (or is within a year).

    12/03/2026 is a day in March, unless the page is in English and could mean either: then it says nothing.
    """
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        return None
    at = read_date(text) if _FOR_MACHINES.match(text) else None
    at = at or _ago(text, now) or _written(text, language)
    return at if at is not None and OLDEST <= at <= now + timedelta(days=366) else None


def _ago(text: str, now: datetime) -> datetime | None:
    if (found := _AGO.search(text)) is not None:
        number, unit = (found[1], found[2]) if found[1] else (found[3], found[4])
        return now - timedelta(seconds=int(number) * _UNITS[unit.lower()])
    plain = text.lower()
    if re.search(r"\b(yesterday|hier)\b", plain):
        return _with_clock(now - timedelta(days=1), text)
    if re.search(r"\b(today|aujourd[’']hui)\b", plain):
        return _with_clock(now, text)
    return None


def _written(text: str, language: str) -> datetime | None:
    if (found := _DAY_FIRST.search(text)) is not None:
        day, month, year = int(found[1]), MONTHS[found[2].lower()], int(found[3])
    elif (found := _MONTH_FIRST.search(text)) is not None:
        day, month, year = int(found[2]), MONTHS[found[1].lower()], int(found[3])
    elif (found := _YEAR_FIRST.search(text)) is not None:
        day, month, year = int(found[3]), int(found[2]), int(found[1])
    elif (found := _NUMBERS.search(text)) is not None:
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        if month > 12 >= day:
            day, month = month, day
        elif language in ("en", "") and day <= 12 and day != month and "/" in found[0]:
            return None
    else:
        return None
    try:
        return _with_clock(datetime(year, month, day, tzinfo=UTC), text[: found.start()] + text[found.end() :])
    except ValueError:
        return None


def _with_clock(day: datetime, text: str) -> datetime:
    """At the hour that is written, else at noon: a day without an hour begins and ends somewhere else for everybody."""
    clock = _CLOCK.search(text)
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (12, 0)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)
