"""Joining what is there: another place, another keyword, a text where there was none, what a person writes to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.inbox.addresses import host_of
from backend.inbox.brought import add_hits, add_places
from backend.inbox.drafts import KEY, MAX_NOTE, MAX_TAGS, Actor, Draft, NewMention
from backend.inbox.fulltext import index_words
from backend.inbox.hints import PERSON
from backend.inbox.identity import HIDDEN_HOMES, SIGNED_BY_PUBLISHERS
from backend.inbox.models import Mention, MentionEvent, MentionKey
from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.tables import insert_new

_FILLED = ("url", "title", "text", "author", "note", "tags", "addressed", "about_us", "about_us_by")
_WRITTEN = {"note", "tags"}  # what people write: whoever read it before has to read it again


def merge(session: Session, drafts: Sequence[Draft], *, by: Actor, now: datetime) -> None:
    changed: dict[int, Mention] = {}
    for draft in drafts:
        mention, item = draft.there, draft.item
        if item.note or item.tags:  # what a person adds is added to what stands there now
            session.flush()
            mention = lock_row(session, Mention, mention.id) or mention
        before = {name: getattr(mention, name) for name in _FILLED}
        _fill_gaps(mention, item)
        after = {name: getattr(mention, name) for name in before}
        if before != after:
            changed[mention.id] = mention
            index_words(mention)
            names = [name for name in before if before[name] != after[name]]
            if _WRITTEN & set(names):
                mention.version += 1
            session.add(
                MentionEvent(
                    mention_id=mention.id,
                    at=now,
                    member_id=by.member_id,
                    who=by.name[:120],
                    what="merged",
                    before={name: before[name] for name in names},
                    after={name: after[name] for name in names},
                )
            )
    session.flush()
    _add_keys(session, drafts)
    for mention_id in (*add_places(session, drafts, now), *add_hits(session, drafts)):
        changed.setdefault(mention_id, next(d.there for d in drafts if d.there.id == mention_id))
    for mention in changed.values():
        record_change(session, kind="mention.changed", ref=mention.id, brand_id=mention.brand_id, now=now)


def _add_keys(session: Session, drafts: Iterable[Draft]) -> None:
    """What joined by another address is known by that one too from now on."""
    rows = {
        (kind, key): {"brand_id": draft.there.brand_id, "kind": kind, "key": key, "mention_id": draft.there.id}
        for draft in drafts
        for kind, key in [("url", draft.url), *(("article", key) for key in draft.articles[:1])]
    }
    insert_new(session, MentionKey, [rows[name] for name in sorted(rows)], unique=KEY, returning=["id"])


def _fill_gaps(mention: Mention, item: NewMention) -> None:
    """Only what was missing: a person may have read, and highlights point into, what is there."""
    if host_of(mention.url) in HIDDEN_HOMES and host_of(item.url) not in HIDDEN_HOMES:
        mention.url = item.url
    for name in ("title", "text", "author", "author_url"):
        if name == "author" and item.source_kind in SIGNED_BY_PUBLISHERS:
            continue  # its publisher: who wrote it may be told by another
        if not getattr(mention, name) and getattr(item, name):
            setattr(mention, name, getattr(item, name)[:200] if name == "author" else getattr(item, name))
    if mention.published_at is None and item.published_at is not None:
        mention.published_at = mention.sorted_at = min(item.published_at, mention.seen_at)
    judged_by_person = {mention.sentiment_by, mention.intent_by, mention.about_us_by} & {PERSON}
    if not mention.guesses and item.values.get("guesses") and not judged_by_person:
        for name in ("sentiment", "sentiment_by", "intent", "intent_by", "guesses", "rude"):
            setattr(mention, name, item.values[name])
    for name in ("account_id", "addressed", "remote_id", "author_handle"):
        # A search may have found first what an account hears too.
        if not getattr(mention, name) and item.values.get(name):
            setattr(mention, name, item.values[name])
    if mention.addressed and mention.about_us == "probably_not" and mention.about_us_by != PERSON:
        # As `hints.judge` says of what is addressed from the beginning: whoever speaks to us means us.
        mention.about_us, mention.about_us_by = "yes", ""
    if mention.language == "und" and item.language:
        mention.language = item.language
    if item.note and item.note not in mention.note:
        mention.note = f"{mention.note}\n{item.note}".strip()[: max(MAX_NOTE, len(mention.note))]
    if new := [tag for tag in item.tags if tag not in mention.tags][: max(0, MAX_TAGS - len(mention.tags))]:
        mention.tags = [*mention.tags, *new]
