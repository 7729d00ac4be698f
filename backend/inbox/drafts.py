"""Something said on its way to become a mention: what is handed over, what it is known by, who brings it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.inbox.identity import article_keys, story_bands, story_keys, url_key
from backend.inbox.models import Mention

MAX_NOTE = 10_000
MAX_TAGS = 30
KEY = ("brand_id", "kind", "key")  # what is unique among the keys of mentions


@dataclass(frozen=True)
class Hit:
    """A keyword that found something, and where: `[{"field", "start", "end"}]` in code points."""

    keyword_id: int
    highlights: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class KnownBy:
    """What something said is known by (identity.py)."""

    url: str
    articles: Sequence[str]
    stories: Sequence[str]
    bands: Sequence[int]


@dataclass(frozen=True)
class NewMention:
    """Something said, about to become a mention or to join one. Texts are plain."""

    url: str
    title: str = ""
    text: str = ""
    author: str = ""
    author_url: str = ""
    network: str = ""  # "" = by the address
    source_id: int | None = None
    source_kind: str = "page"
    type: str = ""  # post | comment | article | video | page; "" = by network and address
    published_at: datetime | None = None
    language: str = "und"
    publisher_url: str = ""
    article: bool = False  # from a feed or the press: the same title on the same site on the same day is the same
    hits: Sequence[Hit] = ()
    note: str = ""
    tags: Sequence[str] = ()
    place: str = ""  # what counts as one place ("googlenews", in however many editions); "" = source and address
    values: Mapping[str, Any] = field(default_factory=dict)  # other columns: sentiment, intent, status…
    # What costs time to work out, where it was done before the transaction.
    known_by: KnownBy | None = None
    words: str = ""  # folded column of title, text and author


@dataclass(frozen=True)
class Actor:
    """Who does something, for the log. The machine has neither."""

    member_id: int | None = None
    name: str = ""
    person: bool = False  # what a person says of a mention teaches; what a rule says does not
    cause: str = ""  # "rule": what it changes wakes no rule


MACHINE = Actor()


@dataclass(eq=False)
class Draft:
    """One new thing on its way. Two are never equal, whatever they hold."""

    item: NewMention
    known_by: KnownBy
    mention: Mention | None = None
    created: bool = False
    deleted: bool = False  # it was there, somebody deleted it, and nobody asks for it back

    @property
    def there(self) -> Mention:
        """Its mention. Raises LookupError where it has none yet."""
        if self.mention is None:
            raise LookupError("a draft without its mention")
        return self.mention

    @property
    def url(self) -> str:
        return self.known_by.url

    @property
    def articles(self) -> Sequence[str]:
        return self.known_by.articles

    @property
    def stories(self) -> Sequence[str]:
        return self.known_by.stories

    @property
    def bands(self) -> Sequence[int]:
        return self.known_by.bands


def known_by(item: NewMention, *, now: datetime) -> KnownBy:
    """What it is known by. Pure; half a millisecond for a long text, which nobody should wait for in a transaction."""
    at = min(item.published_at or now, now)
    articles = article_keys(item.url, item.title, item.publisher_url, at) if item.article else ()
    stories = story_keys(item.title, item.text, at)
    return KnownBy(url_key(item.url), articles, stories, story_bands(item.title, item.text))
