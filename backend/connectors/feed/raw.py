"""A feed as its format gave it, before anything is cleaned: what every reader of feeds gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.connectors.base import Wishes

MAX_ENTRIES = 1_000  # of one document; who publishes more at once is read from the first


class NotAFeed(Exception):
    """These bytes are no feed; `page` when they look like an HTML page."""

    def __init__(self, why: str, *, page: bool = False) -> None:
        super().__init__(why)
        self.page = page


@dataclass
class RawEntry:
    """Markup not yet cleaned, addresses not yet joined."""

    guid: str = ""
    guid_is_link: bool = False
    link: str = ""
    title: str = ""
    body: str = ""
    author: str = ""
    author_url: str = ""
    at: datetime | None = None
    undated: str = ""  # its date, where only a language tells which day that is: 03/04/2026
    language: str = ""
    publisher: str = ""
    publisher_url: str = ""


@dataclass
class RawFeed:
    title: str = ""
    link: str = ""
    wishes: Wishes = field(default_factory=Wishes)
    language: str = ""
    entries: list[RawEntry] = field(default_factory=list)


def primary_language(tag: str) -> str:
    """`fr-FR` → `fr`; "" for what is no language tag."""
    primary = tag.strip().lower().replace("_", "-").split("-")[0]
    return primary if 2 <= len(primary) <= 3 and primary.isascii() and primary.isalpha() else ""


_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 7 * 86_400, "monthly": 30 * 86_400, "yearly": 365 * 86_400}


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_wishes(feed: Mapping[str, str], hours: Sequence[str] = (), days: Sequence[str] = ()) -> Wishes:
    """Of the texts of a feed's own elements; `hours`, `days`: those of `skipHours` and `skipDays`."""
    # 24 is midnight in feeds that count from one.
    skip_hours = {int(one) % 24 for one in hours if one.isdecimal() and len(one) < 3 and int(one) <= 24}
    skip_days = {_DAYS.index(one.lower()) for one in days if one.lower() in _DAYS}
    return Wishes(wished_ttl_s(feed), tuple(sorted(skip_hours)), tuple(sorted(skip_days)))


def wished_ttl_s(feed: Mapping[str, str]) -> int | None:
    """`ttl` in minutes, or `sy_updateperiod` / `sy_updatefrequency`, in seconds."""
    minutes = feed.get("ttl", "")
    if minutes.isdecimal() and 0 < int(minutes[:9]) <= 60 * 24 * 31:
        return int(minutes) * 60
    period = _PERIODS.get(feed.get("sy_updateperiod", "").strip().lower())
    if period is None:
        return None
    times = feed.get("sy_updatefrequency", "").strip()
    return period // max(1, int(times)) if times.isdecimal() and len(times) < 6 else period
