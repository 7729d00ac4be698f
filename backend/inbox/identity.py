"""What a mention is known by. Pure: the same thing always gets the same keys, whoever brings it, in whatever order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from backend.inbox.addresses import canonical_url, host_of
from backend.query.words import fold
from backend.understanding.similar import band_keys, normalise, sketch_text

#: hosts of services whose articles have another home, and whose addresses hide it
HIDDEN_HOMES = ("news.google.com",)
#: kinds of sources whose articles are signed by who publishes them
SIGNED_BY_PUBLISHERS = frozenset({"googlenews", "bingnews"})
MIN_TITLE_WORDS = 4  # "Revue de presse" is the title of a hundred articles
MIN_STORY_WORDS = 6
STORY_WORDS = 60  # of a post without a title; what follows may be a signature
STORY_DAYS = 3
NEAR_DAYS = 14  # how long a text is looked for again in others
MIN_NEAR_CHARACTERS = 60  # "Are you open on Sunday?" is asked by many, each of whom waits for an answer
ARTICLE_DAYS = 1


def hashed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def url_key(url: str) -> str:
    return hashed(canonical_url(url))


def content_key(url: str, title: str, publisher: str = "", publisher_url: str = "") -> str:
    """What an article is known by in its own feed, whatever id the feed gives it: its address, or where a service hides
    that, its title and its publisher."""
    if host_of(url) in HIDDEN_HOMES:
        words, home = fold(title).words, host_of(publisher_url) or publisher
        if words and home:
            return hashed("title", home, " ".join(words))
    return url_key(url)


def article_keys(url: str, title: str, publisher_url: str, at: datetime) -> Sequence[str]:
    """The same article by another address: its publisher's host, its title, its day; its own day first, then the days
    around. None for titles that say too little."""
    words = fold(title).words
    home = home_of(url, publisher_url)
    if len(words) < MIN_TITLE_WORDS or not home:
        return ()
    return [hashed(home, " ".join(words), day) for day in _days(at, ARTICLE_DAYS)]


def home_of(url: str, publisher_url: str) -> str:
    """The host of who publishes an article; "" where it is hidden."""
    home = host_of(url)
    return host_of(publisher_url) if home in HIDDEN_HOMES else home


def signed_by_two(author: str, other: str, home: str) -> bool:
    """Whether two people wrote what bears one title at one publisher's (`home`): the answers in a thread of a forum do.
    Who did not sign, or signs as the publisher, may be either."""
    names = [fold(author).words, fold(other).words]
    labels = {"".join(fold(part).words) for part in (home, *home.split("."))}
    if any(not words or "".join(words) in labels for words in names):
        return False
    fewer, more = sorted(names, key=len)
    return fewer != more and (
        len(fewer) == 1 or not set(fewer) <= set(more)
    )  # "By Ada Lovelace, London" is Ada Lovelace


def story_keys(title: str, text: str, at: datetime) -> Sequence[str]:
    """What says the same: the same title, or the same text where there is no title; its own day first."""
    words = fold(title).words or fold(text[:2_000]).words[:STORY_WORDS]
    if len(words) < MIN_STORY_WORDS:
        return ()
    return [hashed(" ".join(words), day) for day in _days(at, STORY_DAYS)]


def story_text(title: str, text: str) -> str:
    """What is compared with other mentions to see whether they say nearly the same."""
    return text if len(text) >= MIN_NEAR_CHARACTERS else f"{title}\n{text}".strip()


def story_bands(title: str, text: str) -> Sequence[int]:
    """Numbers; who shares one may say nearly the same. () for what is too short to say."""
    compared = story_text(title, text)
    if len(normalise(compared)) < MIN_NEAR_CHARACTERS:
        return ()
    sketch = sketch_text(compared)
    return () if sketch is None else band_keys(sketch)


def _days(at: datetime, around: int) -> list[str]:
    days = []
    for offset in sorted(range(-around, around + 1), key=abs):
        with suppress(OverflowError):  # nothing was said before the calendar begins
            days.append((at + timedelta(days=offset)).date().isoformat())
    return days
