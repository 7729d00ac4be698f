"""Dates as people write them, in forms that feedparser does not know or takes for something else. Pure.

They are written anew in a form that it reads, so that clocks and zones are read in one place.
"""

from __future__ import annotations

import re
from datetime import date

MONTHS = {
    **dict.fromkeys(("january", "jan", "janvier", "janv"), 1),
    **dict.fromkeys(("february", "feb", "fevrier", "février", "fev", "fév", "févr", "fevr"), 2),
    **dict.fromkeys(("march", "mar", "mars"), 3),
    **dict.fromkeys(("april", "apr", "avril", "avr"), 4),
    **dict.fromkeys(("may", "mai"), 5),
    **dict.fromkeys(("june", "jun", "juin"), 6),
    **dict.fromkeys(("july", "jul", "juillet", "juil"), 7),
    **dict.fromkeys(("august", "aug", "août", "aout"), 8),
    **dict.fromkeys(("september", "sep", "sept", "septembre"), 9),
    **dict.fromkeys(("october", "oct", "octobre"), 10),
    **dict.fromkeys(("november", "nov", "novembre"), 11),
    **dict.fromkeys(("december", "dec", "décembre", "decembre", "déc"), 12),
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_WEEKDAY = r"(?:[a-zà-ÿ]{2,9}\.?,?\s+)?"
_DAY_FIRST = re.compile(
    rf"\s*{_WEEKDAY}([0-9]{{1,2}})(?:er|st|nd|rd|th)?\s+({MONTH})\.?,?\s+([0-9]{{4}})\b(.*)", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    rf"\s*{_WEEKDAY}({MONTH})\.?\s+([0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+([0-9]{{4}})\b(.*)", re.IGNORECASE
)
_NUMBERS = re.compile(r"\s*([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})\b(.*)")
_YEAR_FIRST = re.compile(
    r"\s*([0-9]{4})(?:[/.]|\s*[年년])\s*([0-9]{1,2})(?:[/.]|\s*[月월])\s*([0-9]{1,2})(?![0-9])\s*[.日일]?(.*)"
)
_DASHES = re.compile(r"\s*([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_HALF_DAY = re.compile(r"\b(1[0-2]|0?[0-9])(:[0-5][0-9](?::[0-5][0-9])?)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_BETWEEN = re.compile(r"^\s*(?:,|-|à|at)?\s*(?=[0-9])", re.IGNORECASE)
_HOURS = re.compile(r"^\s([0-9]{1,2})\s?h\s?([0-5][0-9])\b", re.IGNORECASE)


def in_24_hours(text: str) -> str:
    """09:00 PM is 21:00. feedparser leaves the letters unread."""
    return _HALF_DAY.sub(lambda at: f"{int(at[1]) % 12 + 12 * (at[3] in 'pP'):02d}{at[2]}", text)


def names_no_day(text: str) -> bool:
    """30 February, which feedparser takes for 2 March."""
    found = _DASHES.match(text)
    return found is not None and not _is_day(*map(int, found.groups()))


def with_numbers(text: str, language: str = "") -> str | None:
    """A date in numbers, as RFC 822 writes it; None for anything else, and "" for what may be two days.

    12/03/2026 is a day in March, unless it may be in English and could mean either.
    """
    if found := _YEAR_FIRST.fullmatch(text):
        return _as_rfc_822(int(found[1]), int(found[2]), int(found[3]), found[4])
    if (found := _NUMBERS.fullmatch(text)) is None:
        return None
    day, month = int(found[1]), int(found[3])
    if month > 12 >= day:
        day, month = month, day
    elif language in ("en", "") and day <= 12 and day != month and found[2] == "/":
        return ""
    return _as_rfc_822(int(found[4]), month, day, found[5])


def with_names(text: str) -> str:
    """A date with the name of its month in French or English, as RFC 822 writes it; "" for anything else."""
    if found := _DAY_FIRST.fullmatch(text):
        return _as_rfc_822(int(found[3]), MONTHS[found[2].lower()], int(found[1]), found[4])
    if found := _MONTH_FIRST.fullmatch(text):
        return _as_rfc_822(int(found[3]), MONTHS[found[1].lower()], int(found[2]), found[4])
    return ""


def _as_rfc_822(year: int, month: int, day: int, rest: str) -> str:
    if not _is_day(year, month, day):
        return ""
    clock = _HOURS.sub(r" \1:\2", _BETWEEN.sub(" ", rest.rstrip()))
    return f"{day} {_SHORT[month - 1]} {year}{clock}"


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
