"""What a message of an alert says: which stories, in what order, under which heading, and how it is called.

Reads the inbox, writes nothing. What waits for an answer stands first, then the rest by keyword, the newest first; a
story once, with how many others say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.automation.hear import oldest_news
from backend.automation.models import Alert, AlertStory
from backend.automation.notify import language_of
from backend.automation.subject import alert_name, asked_for
from backend.connectors.notices.base import Line
from backend.inbox.mentions import Facts, read_facts
from backend.inbox.telling import is_tellable, read_mentions, why_answer
from backend.infra.words import say, say_many
from backend.listening.keywords import keyword_names

if TYPE_CHECKING:
    from backend.inbox.models import Mention

MOST_LINES = 50
#: waiting stories that one message looks at; the newest, where there are more: the others are only counted
MOST_WAITING = 500
FEW = 4  # so many stories need no headings
_ORDER = {"complaint": 0, "question": 1, "request": 2, "addressed": 3}


@dataclass(frozen=True)
class Digest:
    """`stories` and `posts` count everything, `lines` holds what there is room for."""

    title: str
    body: str
    lines: Sequence[Line] = ()
    stories: int = 0
    posts: int = 0
    to_answer: int = 0
    told: Sequence[int] = field(
        default_factory=list
    )  # the stories that it counts; what comes meanwhile is not among them
    stale: Sequence[int] = field(default_factory=list)  # stories that are no news any more: not told, not kept


def write_digest(session: Session, alert: Alert, *, now: datetime) -> Digest | None:
    """Of all that waits for this alert; None where nothing does."""
    waiting = waiting_stories(session, alert)
    looked_at = dict(list(waiting.items())[:MOST_WAITING])
    counted = list(waiting)[MOST_WAITING:]
    shown = {mention.id: mention for mention in read_mentions(session, looked_at.values())}
    facts = read_facts(session, list(shown.values()))
    oldest = oldest_news(alert, now)
    asked = asked_for(session, alert, list(shown.values()), facts, now=now)
    kept: list[Mention] = []
    told: list[int] = []
    stale: list[int] = []
    for story_id, mention_id in looked_at.items():
        mention = shown.get(mention_id)
        if mention is not None and mention.id in asked and is_tellable(mention, oldest=oldest):
            kept.append(mention)
            told.append(story_id)
        else:
            stale.append(story_id)
    language = language_of(session, alert.brand_id)
    if not kept:  # what was only counted is looked at next
        return Digest("", "", stale=stale) if stale else None
    stories = len(kept) + len(counted)
    posts = sum(facts[mention.id].story_size for mention in kept) + len(counted)
    to_answer = sum(1 for mention in kept if why_answer(mention))
    return Digest(
        title=_title(session, alert, kept, stories, language, now=now),
        body=_body(stories, posts, to_answer, language) if stories > 1 else "",
        lines=_lines(session, alert, kept, facts, language)[:MOST_LINES],
        stories=stories,
        posts=posts,
        to_answer=to_answer,
        told=[*told, *counted],
        stale=stale,
    )


def waiting_stories(session: Session, alert: Alert) -> dict[int, int]:
    """Story → the mention that is shown for it, newest heard first."""
    query = select(AlertStory.story_id, AlertStory.mention_id).where(
        AlertStory.alert_id == alert.id, AlertStory.told_at.is_(None)
    )
    rows = session.execute(query.order_by(AlertStory.heard_at.desc(), AlertStory.story_id.desc()))
    return {row[0]: row[1] for row in rows}


def line_of(mention: Mention, facts: Facts, *, section: str = "") -> Line:
    return Line(
        title=mention.title[:300],
        text=mention.text[:600],
        author=mention.author[:120],
        network=mention.network,
        url=mention.url,
        at=mention.published_at or mention.seen_at,
        more=max(0, facts.story_size - 1),
        why=why_answer(mention),
        section=section,
        mention_id=str(mention.id),
    )


def _lines(
    session: Session, alert: Alert, mentions: Sequence[Mention], facts: Mapping[int, Facts], language: str
) -> list[Line]:
    firsts = {m.id: facts[m.id].keywords[0].keyword_id if facts[m.id].keywords else 0 for m in mentions}
    names = keyword_names(session, set(firsts.values()))
    plain = len(mentions) < FEW or alert.rhythm == "at_once"
    lines: list[tuple[tuple[object, ...], Line]] = []
    for mention in mentions:
        why = why_answer(mention)
        name = names.get(firsts[mention.id], "")
        section = say(language, "alert_section_answer") if why else name or say(language, "alert_section_rest")
        rank = (_ORDER[why], "") if why else (len(_ORDER), name.casefold() or "\U0010ffff")
        order = (*rank, -mention.sorted_at.timestamp(), -mention.id)
        lines.append((order, line_of(mention, facts[mention.id], section="" if plain else section)))
    return [line for _order, line in sorted(lines, key=lambda pair: pair[0])]


def _title(
    session: Session, alert: Alert, mentions: Sequence[Mention], stories: int, language: str, *, now: datetime
) -> str:
    name = alert_name(session, alert)
    if stories == 1:
        mention = mentions[0]
        told = " ".join((mention.title or mention.text or mention.url).split())
        return say(language, "alert_title_one", name=name, told=told[:160])
    if alert.rhythm not in ("daily", "weekly"):
        return say_many(language, "alert_title_many", stories, name=name)
    there = now.astimezone(ZoneInfo(get_brand(session, alert.brand_id).time_zone))
    day = say(language, "alert_day", day=there.day, month=say(language, f"month_short_{there.month}"))
    key = "alert_title_day" if alert.rhythm == "daily" else "alert_title_week"
    return say_many(language, key, stories, name=name, day=day)


def _body(stories: int, posts: int, to_answer: int, language: str) -> str:
    words = [say_many(language, "alert_stories", stories)]
    if posts > stories:
        words = [say(language, "alert_stories_posts", stories=words[0], posts=say_many(language, "alert_posts", posts))]
    if to_answer:
        words.append(say_many(language, "alert_to_answer", to_answer))
    return " ".join(f"{one}." for one in words)
