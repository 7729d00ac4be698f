"""Mentions: found, changed one by one or many at once; every change is logged with what was before.

`add_mention` and `NewMention` live in `adding`, lists and figures in `search`; they are named here too, so that other
rooms need one door.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.connectors.feed.unwrap import is_web_address
from backend.inbox.adding import add_mention, add_mentions
from backend.inbox.brought import give_hits
from backend.inbox.drafts import MACHINE, MAX_NOTE, MAX_TAGS, Actor, Hit, NewMention, known_by
from backend.inbox.hints import PERSON
from backend.inbox.identity import url_key
from backend.inbox.learning import ASPECTS, note_judgements
from backend.inbox.models import Mention, MentionEvent, MentionKey, MentionKeyword, MentionPlace
from backend.inbox.search import (
    Effect,
    Filter,
    Stretch,
    count_by_keyword,
    effect_of_exclusion,
    list_around,
    list_before,
    list_mentions,
)
from backend.infra.changes import record_change
from backend.infra.clock import rfc3339
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.text import one_line, storable
from backend.query.fields import STATUSES

__all__ = [
    "MACHINE",
    "MAX_NOTE",
    "MAX_TAGS",
    "STATUSES",
    "Actor",
    "Effect",
    "Facts",
    "Filter",
    "Hit",
    "NewMention",
    "Stretch",
    "Undone",
    "add_mention",
    "add_mentions",
    "change_mention",
    "change_mentions",
    "count_by_keyword",
    "effect_of_exclusion",
    "find_by_url",
    "get_mention",
    "give_hits",
    "known_by",
    "list_around",
    "list_before",
    "list_events",
    "list_mentions",
    "note_answered",
    "read_facts",
    "undo_act",
]

SENTIMENTS = ("positive", "neutral", "negative")
INTENTS = ("question", "complaint", "praise", "request", "advertising")
ABOUT_US = ("yes", "probably_not", "no")
FIELDS = (
    "status", "assignee_id", "tags", "note", "sentiment", "intent", "language", "priority", "snoozed_until", "about_us",
    "reply_url",
)  # fmt: skip
TO_ANSWER = ("new", "open")
RULE = "rule"  # the cause of what rules change; their acts are "rule:…"
MOST_IN_BULK = 500


@dataclass(frozen=True)
class Facts:
    """What stands beside a mention: its keywords' ids with highlights, its places, how many say the same."""

    keywords: Sequence[MentionKeyword] = ()
    places: Sequence[MentionPlace] = field(default_factory=list)
    story_size: int = 1


@dataclass(frozen=True)
class Undone:
    """`mentions` are as they were; of `kept`, something was changed since and stays. `more`: call again."""

    mentions: Sequence[Mention]
    kept: Sequence[Mention]
    more: bool


def get_mention(session: Session, mention_id: int, *, lock: bool = False) -> Mention:
    """Raises NotFound."""
    mention = lock_row(session, Mention, mention_id) if lock else session.get(Mention, mention_id)
    if mention is None:
        raise NotFound("There is no such mention.")
    return mention


def find_by_url(session: Session, brand_id: int, url: str) -> Mention | None:
    """The mention at this address, however it is written (tracking, `www.`, scheme do not matter)."""
    return session.scalar(
        select(Mention)
        .join(MentionKey, MentionKey.mention_id == Mention.id)
        .where(MentionKey.brand_id == brand_id, MentionKey.kind == "url", MentionKey.key == url_key(url))
    )


def change_mention(
    session: Session,
    mention_id: int,
    values: Mapping[str, Any],
    *,
    version: int,
    by: Actor,
    now: datetime,
    act: str = "",
) -> Mention:
    """`act`: what `undo_act` takes back. Raises NotFound, Invalid, Conflict (somebody changed it since `version`)."""
    mention = get_mention(session, mention_id, lock=True)
    if mention.version != version:
        raise Conflict("Somebody else changed this mention in the meantime.")
    _apply(session, mention, check_values(values), by=by, now=now, act=act)
    return mention


def change_mentions(
    session: Session,
    mention_ids: Collection[int],
    values: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    act: str = "",
) -> list[Mention]:
    """The same change to many, whatever their versions. Raises NotFound when one is missing: all or none."""
    if len(mention_ids) > MOST_IN_BULK:
        raise Invalid(f"At most {MOST_IN_BULK} mentions at once.", fields={"ids": f"at most {MOST_IN_BULK}"})
    checked = check_values(values)
    mentions = _lock_mentions(session, mention_ids)
    if len(mentions) != len(set(mention_ids)):
        raise NotFound("One of these mentions is not there (any more).")
    for mention in mentions:
        _apply(session, mention, checked, by=by, now=now, act=act)
    return mentions


def undo_act(
    session: Session,
    brand_ids: Collection[int],
    act: str,
    *,
    mention_ids: Collection[int] = (),
    by: Actor,
    now: datetime,
    limit: int = MOST_IN_BULK,
) -> Undone:
    """Take back what one click changed (`mention_ids`: in these only), at most `limit` mentions at a time, newest
    first; what somebody changed since stays as they left it.

    Raises NotFound where nothing (more) is to be taken back.
    """
    undone = select(MentionEvent.mention_id).where(MentionEvent.act == act, MentionEvent.what == "undone")
    changed = select(MentionEvent).where(
        MentionEvent.act == act, MentionEvent.what == "changed", MentionEvent.mention_id.not_in(undone)
    )
    query = select(Mention.id).where(
        Mention.brand_id.in_(brand_ids), Mention.id.in_(changed.with_only_columns(MentionEvent.mention_id))
    )
    if mention_ids:
        query = query.where(Mention.id.in_(mention_ids))
    ids = list(session.scalars(query.order_by(Mention.id.desc()).limit(limit + 1))) if act else []
    locked = {mention.id: mention for mention in _lock_mentions(session, ids[:limit])}
    # Only now: whoever took it back at the same moment has done so.
    events: dict[int, list[MentionEvent]] = {}
    for event in session.scalars(changed.where(MentionEvent.mention_id.in_(locked)).order_by(MentionEvent.id)):
        events.setdefault(event.mention_id, []).append(event)
    if not events:
        raise NotFound("There is nothing to undo (any more).")
    mentions: list[Mention] = []
    kept: list[Mention] = []
    for mention_id in sorted(events, reverse=True):
        mention = locked[mention_id]
        was, became = _fold(events[mention_id])
        present = _as_json({name: getattr(mention, name) for name in became})
        before = _from_json(was)
        changed_since = {name for name in before if present[name] != became[name]}
        if "status" in before and "replied_at" not in before and mention.replied_at is not None:
            changed_since.add("status")  # nobody had answered before and after this; meanwhile somebody did
        together = {name for unit in _TOGETHER if changed_since & unit for name in unit}
        back = {name: before[name] for name in before.keys() - changed_since - together}
        _write(session, mention, back, by=by, now=now, what="undone", act=act)
        (mentions if len(back) == len(before) else kept).append(mention)
    return Undone(mentions, kept, more=len(ids) > limit)


def note_answered(session: Session, mention_id: int, *, url: str, by: Actor, now: datetime, act: str = "") -> None:
    """Our answer stands at `url` now ("" where that is not known). Nothing happens where the mention is gone."""
    mention = lock_row(session, Mention, mention_id)
    if mention is not None:
        # Whoever set it to replied before: this answer is the one that is there.
        values = {"status": "replied", "replied_by": by.name[:120], "replied_at": now}
        if url:
            values["reply_url"] = url
        _apply(session, mention, values, by=by, now=now, act=act)


def list_events(session: Session, mention_id: int) -> list[MentionEvent]:
    """The log of a mention, oldest first."""
    return list(
        session.scalars(select(MentionEvent).where(MentionEvent.mention_id == mention_id).order_by(MentionEvent.id))
    )


def read_facts(session: Session, mentions: Sequence[Mention]) -> dict[int, Facts]:
    """Keywords, places and story sizes of many mentions, in three queries however many there are."""
    ids = [mention.id for mention in mentions]
    if not ids:
        return {}
    hits: dict[int, list[MentionKeyword]] = {}
    for hit in session.scalars(
        select(MentionKeyword).where(MentionKeyword.mention_id.in_(ids)).order_by(MentionKeyword.keyword_id)
    ):
        hits.setdefault(hit.mention_id, []).append(hit)
    places: dict[int, list[MentionPlace]] = {}
    for place in session.scalars(
        select(MentionPlace).where(MentionPlace.mention_id.in_(ids)).order_by(MentionPlace.id)
    ):
        places.setdefault(place.mention_id, []).append(place)
    stories = {mention.story_id for mention in mentions if mention.story_id is not None}
    rows = session.execute(
        select(Mention.story_id, func.count())
        .where(Mention.story_id.in_(stories), Mention.status != "spam")
        .group_by(Mention.story_id)
    )
    sizes: dict[int | None, int] = {row[0]: row[1] for row in rows}
    return {
        mention.id: Facts(hits.get(mention.id, []), places.get(mention.id, []), max(1, sizes.get(mention.story_id, 1)))
        for mention in mentions
    }


def check_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a person may set, cleaned. Raises Invalid."""
    checked = {name: value for name, value in values.items() if name in FIELDS}
    wrong: dict[str, str] = {}
    for name, allowed, may_be_none in (
        ("status", STATUSES, False),
        ("sentiment", SENTIMENTS, True),
        ("intent", INTENTS, True),
        ("about_us", ABOUT_US, False),
    ):
        if name in checked and checked[name] not in allowed and not (may_be_none and checked[name] is None):
            wrong[name] = ", ".join(allowed)
    if "tags" in checked:
        tags = (one_line(str(tag)) for tag in checked["tags"] or [])
        checked["tags"] = list(dict.fromkeys(tag for tag in tags if tag))
        if len(checked["tags"]) > MAX_TAGS or any(len(tag) > 60 for tag in checked["tags"]):
            wrong["tags"] = f"At most {MAX_TAGS} tags of at most 60 characters."
    if "note" in checked:
        checked["note"] = storable(str(checked["note"] or "")).strip()
        if len(checked["note"]) > MAX_NOTE:
            wrong["note"] = f"At most {MAX_NOTE} characters."
    if checked.get("reply_url") and not is_web_address(checked["reply_url"]):
        wrong["reply_url"] = "http:// or https://"
    if "language" in checked:
        checked["language"] = str(checked["language"] or "und").strip().lower().split("-")[0]
        if not (2 <= len(checked["language"]) <= 3 and checked["language"].isascii() and checked["language"].isalpha()):
            wrong["language"] = "A language such as fr or en, or und."
    if "priority" in checked and not -9 <= int(checked["priority"] or 0) <= 9:
        wrong["priority"] = "A number from -9 to 9."
    if wrong:
        raise Invalid("This mention cannot be changed like this.", fields=wrong)
    if "priority" in checked:
        checked["priority"] = int(checked["priority"] or 0)
    return checked


def _lock_mentions(session: Session, mention_ids: Collection[int]) -> list[Mention]:
    """As they are now, in the order of ids, so that two of these wait for each other instead of dying."""
    query = select(Mention).where(Mention.id.in_(mention_ids)).order_by(Mention.id).with_for_update(key_share=True)
    return list(session.scalars(query, execution_options={"populate_existing": True}))


def _fold(events: Sequence[MentionEvent]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What several changes of one mention, the oldest first, made of what."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for event in events:
        before = {**event.before, **before}
        after |= event.after
    return before, after


def _apply(
    session: Session, mention: Mention, checked: Mapping[str, Any], *, by: Actor, now: datetime, act: str = ""
) -> None:
    """Set what differs, and log it; what is set to what it is already changes nothing, but for a person's word on what
    had only been guessed. Who answered stays known when it is put away, and goes when it is to be answered again."""
    wanted = dict(checked)
    if by.person:
        wanted |= {f"{name}_by": PERSON for name in ASPECTS if name in checked}
    if checked.get("status", mention.status) != mention.status:
        if checked["status"] == "replied":
            wanted |= {"replied_by": by.name[:120], "replied_at": now}
        elif checked["status"] in TO_ANSWER:
            wanted |= {"replied_by": "", "replied_at": None}
    _write(session, mention, wanted, by=by, now=now, what="changed", act=act)


def _write(
    session: Session, mention: Mention, wanted: Mapping[str, Any], *, by: Actor, now: datetime, what: str, act: str
) -> None:
    before = {name: getattr(mention, name) for name in wanted if getattr(mention, name) != wanted[name]}
    if not before and what == "changed":
        return
    if "status" in before and (mention.replied_at or wanted.get("replied_at")) is not None:
        # Also where it stays: it is taken back only together.
        before = {"replied_by": mention.replied_by, "replied_at": mention.replied_at, **before}
    wanted = {name: wanted.get(name, getattr(mention, name)) for name in before}
    for name in before:
        setattr(mention, name, wanted[name])
    mention.version += 1
    session.add(
        MentionEvent(
            mention_id=mention.id,
            at=now,
            member_id=by.member_id,
            who=by.name[:120],
            what=what,
            act=act,
            before=_as_json(before),
            after=_as_json(wanted),
        )
    )
    session.flush()
    judged = [name for name in ASPECTS if name in before or f"{name}_by" in before]
    if judged and (by.person or what == "undone"):
        note_judgements(session, mention, judged, now=now)
    # What takes back a rule must not wake it, or it would do it again.
    cause = RULE if act.startswith(f"{RULE}:") else by.cause
    record_change(session, kind="mention.changed", ref=mention.id, brand_id=mention.brand_id, now=now, cause=cause)


#: What only makes sense together is taken back together, or not at all.
_TOGETHER = (
    frozenset({"status", "replied_by", "replied_at"}),
    *(frozenset({aspect, f"{aspect}_by"}) for aspect in ASPECTS),
)
_MOMENTS = ("snoozed_until", "replied_at")


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _from_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in _MOMENTS and value else value for name, value in values.items()
    }
