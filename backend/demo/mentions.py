"""Some 400 invented mentions over the 30 days before `now`. Pure and always the same for the same moment."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import ModuleType

from backend.demo import places, said_en, said_fr
from backend.inbox.mentions import NewMention
from backend.query.words import fold

WANTED = 400
DAYS = 30
_FRENCH_SHARE = 0.68
_NETWORKS = {"mastodon": 26, "bluesky": 22, "reddit": 10, "instagram": 14, "facebook": 10, "web": 8}
_ANSWERABLE = ("question", "complaint", "request")
#: hours of a day at which people write, weighted
_HOURS = [7, 8, 8, 9, 9, 10, 11, 12, 12, 12, 13, 13, 14, 15, 16, 17, 18, 18, 19, 19, 20, 21, 21, 22]


def make_mentions(now: datetime) -> list[NewMention]:
    """Oldest first, as they would have come in. Which keywords find them, what they want and in which mood is found out
    as with any other; `about_us` "no" is what a person is to say of it."""
    chance = random.Random(20261123)  # noqa: S311  # the same demo every time, no secret
    told: set[str] = set()
    mentions = [*_articles(chance, now), *_elsewhere(chance, now)]
    while len(mentions) < WANTED:
        mention = _post(chance, now, told)
        mentions.append(mention)
        if chance.random() < 0.04:
            mentions.append(_copied(chance, mention, now))
    return sorted(mentions, key=lambda one: (one.published_at or now, one.url))


def _post(chance: random.Random, now: datetime, told: set[str]) -> NewMention:
    language = "fr" if chance.random() < _FRENCH_SHARE else "en"
    content: ModuleType = said_fr if language == "fr" else said_en
    while True:
        intent, pattern = chance.choice(content.SAID)
        text = _fill(chance, pattern, content.WORDS)
        if text not in told:
            break
    told.add(text)
    network = chance.choices(list(_NETWORKS), list(_NETWORKS.values()))[0]
    at = _moment(chance, now)
    return _said(chance, network, language, text, at, _status(chance, at, now, intent))


def _said(
    chance: random.Random,
    network: str,
    language: str,
    text: str,
    at: datetime,
    status: str,
) -> NewMention:
    author = chance.choice(places.PEOPLE_FR if language == "fr" else places.PEOPLE_EN)
    handle = "".join(fold(author).words)
    title, host = "", ""
    if network == "web":
        author, host = chance.choice(places.BLOGS_FR if language == "fr" else places.BLOGS_EN)
        title = text.split(".")[0].split("\u202f:")[0][:90]
    number = str(chance.randrange(10**11, 10**12))
    url = places.ADDRESSES[network].format(n=number, handle=handle, host=host)
    return NewMention(
        url=url,
        title=title,
        text=text,
        author=author,
        author_url=url.rsplit("/", 1)[0] if network in ("mastodon", "facebook") else "",
        network=network,
        source_kind=places.SOURCE_KINDS.get(network, "page"),
        published_at=at,
        language=language,
        article=network == "web",
        values={"status": status},
    )


def _articles(chance: random.Random, now: datetime) -> list[NewMention]:
    """Press: each article in one to five papers within a day, all one story; the same headline is not one mention."""
    found: list[NewMention] = []
    for language, content in (("fr", said_fr), ("en", said_en)):
        papers = [paper for paper in places.PAPERS if paper[2] == language]
        for number, (title, text) in enumerate(content.ARTICLES):
            first = _moment(chance, now - timedelta(hours=5 if number else 0))
            several = papers if number == 0 else papers[: chance.randint(1, 3)]
            if number == 0 and language == "fr":
                first = now - timedelta(hours=7)
            for place, (paper, host, _) in enumerate(several):
                at = min(now, first + timedelta(minutes=47 * place))
                url = places.ADDRESSES["news"].format(host=host, n=chance.randrange(10**5, 10**6))
                status = _status(chance, at, now, None)
                found.append(
                    NewMention(
                        url=url,
                        title=title,
                        text=text,
                        author=paper,
                        network="news",
                        source_kind="googlenews",
                        published_at=at,
                        language=language,
                        article=True,
                        values={"status": status},
                    )
                )
    return found


def _elsewhere(chance: random.Random, now: datetime) -> list[NewMention]:
    """What has the same name and is not ours: a film. Most of it was marked; what is new has to be told by itself."""
    found = []
    for language, content in (("fr", said_fr), ("en", said_en)):
        for number, pattern in enumerate(content.ELSEWHERE):
            for network in ("mastodon", "bluesky", "reddit"):
                text = _fill(chance, pattern, content.WORDS)
                new = network == "reddit" and number < 2
                age = timedelta(hours=chance.randint(2, 18)) if new else timedelta(days=chance.randint(3, 27))
                one = _said(chance, network, language, text, now - age, "new" if new else "done")
                found.append(one if new else replace(one, values={**one.values, "about_us": "no"}))
    return found


def _copied(chance: random.Random, mention: NewMention, now: datetime) -> NewMention:
    """The same words elsewhere, some minutes later: another mention of the same story."""
    network = "bluesky" if mention.network == "mastodon" else "mastodon"
    later = (mention.published_at or now) + timedelta(minutes=chance.randint(2, 90))
    url = places.ADDRESSES[network].format(n=chance.randrange(10**11, 10**12), handle="copie", host="")
    return replace(
        mention,
        url=url,
        title="",
        network=network,
        source_kind=places.SOURCE_KINDS.get(network, "page"),
        published_at=min(now, later),
        article=False,
    )


def _moment(chance: random.Random, now: datetime) -> datetime:
    """Some moment of the last 30 days, more often lately, at an hour when people are awake."""
    day = int(DAYS * chance.random() ** 1.35)
    at = (now - timedelta(days=day)).replace(
        hour=chance.choice(_HOURS), minute=chance.randrange(60), second=chance.randrange(60), microsecond=0
    )
    if at > now:
        at = now - timedelta(minutes=chance.randrange(3, 400))
    return at


def _status(chance: random.Random, at: datetime, now: datetime, intent: str | None) -> str:
    """Old things are dealt with, lately some are new."""
    age_h = (now - at).total_seconds() / 3600
    if intent == "advertising" and chance.random() < 0.7:
        return "spam"
    if age_h < 20:
        return "new"
    if age_h < 72:
        return chance.choice(("new", "open", "done", "replied" if intent in _ANSWERABLE else "done"))
    if intent in _ANSWERABLE:
        return chance.choices(("replied", "done", "open"), (70, 20, 10))[0]
    return chance.choices(("done", "open", "new"), (88, 6, 6))[0]


def _fill(chance: random.Random, pattern: str, words: Mapping[str, Sequence[str]]) -> str:
    """A pattern with its blanks filled; a sentence begins with a capital, and French signs get their thin space."""
    text = re.sub(r"\{(\w+)\}", lambda found: chance.choice(words[found[1]]), pattern)
    text = re.sub(r" (?=[;:?!»%€])|(?<=«) ", "\u202f", text)
    return re.sub(r"(^|[.?!…]\u202f?\s)(\w)", lambda found: found[1] + found[2].upper(), text)
