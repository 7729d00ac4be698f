"""Fields of the query language: which there are, what may stand behind each, and what that means.

title: author:          words or a phrase, there and nowhere else
site:lemonde.fr         the host and those below it; a name without a dot: a network, or a part of the host
site:lemonde.fr/sport   there, only what stands below that path, written as the address has it
lang:fr  lang:und       the language; und: not known
type:comment            post, comment, article, video, page
source:googlenews       how it came to us: the kind of source
tag:"to call"           one tag, case does not matter
is:open                 a state, a hint, how it spoke to us, whose it is (`STATES`)
since:2026-11-01  since:7d  since:yesterday     from then on; a day begins at midnight where the brand is
until:2026-11-30  until:7d                      up to the end of that day; or until so long ago
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from backend.query.errors import QuerySyntax

#: words are looked for in these, with all that words can
TEXT_FIELDS = ("title", "author")
#: what keywords, which find new things, may ask
KEYWORD_FIELDS = (*TEXT_FIELDS, "site", "lang", "type", "source")
#: what searches of the inbox may ask
MENTION_FIELDS = (*KEYWORD_FIELDS, "tag", "is", "since", "until")

TYPES = ("post", "comment", "article", "video", "page")
STATUSES = ("new", "open", "replied", "done", "spam")
INTENTS = ("question", "complaint", "praise", "request", "advertising")
MOODS = ("positive", "negative", "neutral")
STATES = (
    *STATUSES, *INTENTS, *MOODS, "addressed", "private", "answered", "unanswered", "assigned", "unassigned", "mine",
    "snoozed", "probably-not", "not-us",
)  # fmt: skip

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*")
_SOURCE = re.compile(r"[a-z][a-z0-9_]{1,19}")
_SITE = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
_DAY = re.compile(r"((?:1[89]|2\d)\d\d)(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_AGO = re.compile(r"(\d{1,4})([hdjwsmya])")  # j, s, a: jour, semaine, année or an
_UNITS = {"j": "d", "s": "w", "a": "y"}
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "m": 30 * 24, "y": 365 * 24}
_LONGEST_AGO = 200 * _HOURS["y"]  # nothing was said before; and there is no year before the first
_NAMED = {"today": 0, "yesterday": 1, "aujourd’hui": 0, "aujourd'hui": 0, "hier": 1}


@dataclass(frozen=True)
class About:
    """What is known of a text beside its words. None: not known (yet), so it may be so or not.

    `states` are those of `STATES` that hold; `at` is when it was said; `now` and `zone` are what "yesterday" means.
    """

    author: str | None = None  # where only `author:` shall look at it; else it is one of the texts
    url: str | None = None
    network: str | None = None
    language: str | None = None
    type: str | None = None
    source: str | None = None
    tags: Sequence[str] | None = None
    states: frozenset[str] | None = None
    at: datetime | None = None
    now: datetime | None = None
    zone: str = "UTC"


UNKNOWN = About()


def check_value(field: str, written: str, position: int) -> str:
    """The one way to write a value of a field that is not text. Raises QuerySyntax with what is possible."""
    value = written.strip().lower()
    match field:
        case "site":
            host, _, path = re.sub(r"(?i)^(?:https?://)?(?:www\.)?", "", written.strip()).partition("/")
            host, path = host.lower().rstrip("."), path.rstrip("/")
            if _SITE.fullmatch(host):
                return f"{host}/{path}" if path else host
        case "lang":
            if found := _LANGUAGE.fullmatch(value):
                return found[1]
        case "type":
            if value in TYPES:
                return value
        case "source":
            # "Google News" and google-news are what the program calls googlenews
            if _SOURCE.fullmatch(kind := re.sub(r"[\s-]", "", value)):
                return kind
        case "tag":
            if value:
                return " ".join(written.split())
        case "is":
            if value.replace("_", "-") in STATES:
                return value.replace("_", "-")
        case _:
            if (span := _read_day(value)) is not None:
                return span
    raise QuerySyntax("query_error_value", position, field=field, text=written, possible=possible_values(field))


def possible_values(field: str) -> str:
    """What may stand behind a field, as the error says it."""
    return {
        "site": "lemonde.fr, mastodon",
        "lang": "en, fr, de, und",
        "is": ", ".join(STATES),
        "type": ", ".join(TYPES),
        "source": "feed, googlenews, bingnews, hackernews, mastodon, page",
    }.get(field, "2026-11-30, 2026-11, 7d, 2w, yesterday, today")


def moments_of(value: str, now: datetime, zone: str) -> tuple[datetime, datetime]:
    """First moment and the moment after the last of a checked value of `since:` and `until:`, in UTC. So long ago
    (`7d`) is a single moment."""
    if (ago := _AGO.fullmatch(value)) is not None:
        at = now - timedelta(hours=min(int(ago[1]) * _HOURS[ago[2]], _LONGEST_AGO))
        return at, at
    here = ZoneInfo(zone)
    if value in _NAMED:
        first = now.astimezone(here).date() - timedelta(days=_NAMED[value])
        last = first
    else:
        first, last = _days_of(value)
    return _midnight(first, here), _midnight(last + timedelta(days=1), here)


def host_of(url: str) -> str:
    """What stands between :// and the next slash, in lower case: as `sql` reads it too."""
    return url.partition("://")[2].partition("/")[0].lower()


def path_of(url: str) -> str:
    """What stands behind the host, with its slash: as `sql` reads it too."""
    _, slash, path = url.partition("://")[2].partition("/")
    return slash + path


def site_parts(site: str) -> tuple[str, str]:
    """The host of a checked `site:`, and the path with its slash, "" = all of it."""
    host, slash, path = site.partition("/")
    return host, slash + path


def own_host(written: str) -> str:
    """The host that a word written without quotes is (`example.com`, `www.example[.]com`), "" where it is none."""
    plain = written.replace("[.]", ".").replace("(.)", ".").lower()
    bare = plain.removeprefix("www.")
    return next((one for one in (bare, plain) if _HOST.fullmatch(one)), "")


def tag_spellings(value: str) -> list[str]:
    """How a tag that is asked for can be written, as JSON in lower case: what databases can compare alike."""
    written = (value, value.lower(), value.upper(), value.capitalize(), value.title())
    return sorted({json.dumps(one).lower() for one in written})


#: what may stand behind the path of a `site:`; "" = nothing
PATH_ENDS = ("", "/", "?", "#", "&")


def is_at(site: str, url: str, network: str) -> bool:
    """Whether a checked `site:` means this address or network."""
    site, path = site_parts(site)
    if not _is_below(path_of(url), path):
        return False
    if not path and network == site:
        return True
    dotted = f".{host_of(url)}."
    if "." in site:
        return dotted.endswith(f".{site}.")
    begins = dotted.find(f".{site}.")
    return begins >= 0 and len(dotted) > begins + len(site) + 2


def is_site_within(site: str, other: str) -> bool:
    """Whether all that stands on one checked site stands on the other too."""
    (host, path), (around, above) = site_parts(site), site_parts(other)
    return (host == around or host.endswith("." + around)) and _is_below(path, above)


def is_elsewhere(site: str, other: str) -> bool:
    """Whether nothing can stand on both."""
    (host, path), (around, above) = site_parts(site), site_parts(other)
    if (
        "." in host
        and "." in around
        and not f".{host}".endswith(f".{around}")
        and not f".{around}".endswith(f".{host}")
    ):
        return True
    return not _is_below(path, above) and not _is_below(above, path)


def _is_below(path: str, above: str) -> bool:
    return path.startswith(above) and (not above or path[len(above) : len(above) + 1] in PATH_ENDS)


@lru_cache(maxsize=500)
def _days_of(value: str) -> tuple[date, date]:
    found = _DAY.fullmatch(value)
    if found is None:
        raise ValueError(value)
    year, month, day = int(found[1]), found[2], found[3]
    if day:
        return date(year, int(month), int(day)), date(year, int(month), int(day))
    if month:
        first = date(year, int(month), 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return date(year, 1, 1), date(year, 12, 31)


def _read_day(value: str) -> str | None:
    if (ago := _AGO.fullmatch(value)) is not None:
        return f"{int(ago[1])}{_UNITS.get(ago[2], ago[2])}"
    if value in _NAMED:
        return "yesterday" if _NAMED[value] else "today"
    try:
        _days_of(value)
    except ValueError:
        return None
    return value


def _midnight(day: date, here: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=here).astimezone(UTC)
