"""What brought a mention: its places and its keywords, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inbox.drafts import Draft, Hit
from backend.inbox.identity import hashed, url_key
from backend.inbox.models import Mention, MentionKeyword, MentionPlace
from backend.infra.changes import record_changes
from backend.infra.db import Base
from backend.infra.tables import insert_new


def add_places(session: Session, drafts: Iterable[Draft], now: datetime) -> list[int]:
    """Each place once. Gives the mentions that got another one."""
    rows = {
        (draft.there.id, key): {
            "mention_id": draft.there.id,
            "key": key,
            "source_id": draft.item.source_id,
            "url": draft.item.url,
            "seen_at": now,
        }
        for draft in drafts
        if (key := hashed(draft.item.place or f"{draft.item.source_id or ''}\n{url_key(draft.item.url)}"))
    }
    return _insert_new(session, MentionPlace, list(rows.values()), ["mention_id", "key"])


def add_hits(session: Session, drafts: Iterable[Draft]) -> list[int]:
    """Each keyword once. Highlights only in what the mention really shows."""
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for draft in drafts:
        mention, item = draft.there, draft.item
        shown = {name for name in ("title", "text", "author") if getattr(mention, name) == getattr(item, name)}
        for hit in item.hits:
            lit = [dict(one) for one in hit.highlights if one["field"] in shown]
            row = {"mention_id": mention.id, "keyword_id": hit.keyword_id, "highlights": lit}
            known = rows.get((mention.id, hit.keyword_id))
            if known is None or not known["highlights"]:
                rows[mention.id, hit.keyword_id] = row
    return _insert_new(session, MentionKeyword, list(rows.values()), ["mention_id", "keyword_id"])


def give_hits(session: Session, hits: Sequence[tuple[int, Hit]], *, now: datetime) -> None:
    """Mentions that are here turn out to be of a keyword too, as (mention, hit); what is gone meanwhile stays gone."""
    ids = [mention_id for mention_id, _ in hits]
    there = select(Mention.id, Mention.brand_id).where(Mention.id.in_(ids)).order_by(Mention.id)
    brands = {row[0]: row[1] for row in session.execute(there.with_for_update(read=True, of=Mention))}
    rows = [
        {"mention_id": mention_id, "keyword_id": hit.keyword_id, "highlights": [dict(one) for one in hit.highlights]}
        for mention_id, hit in hits
        if mention_id in brands
    ]
    given = _insert_new(session, MentionKeyword, rows, ["mention_id", "keyword_id"])
    if given:
        record_changes(session, kind="mention.changed", refs=[(id, brands[id]) for id in given], now=now)


def _insert_new(session: Session, model: type[Base], rows: list[dict[str, Any]], unique: list[str]) -> list[int]:
    """INSERT what is not there yet; gives the `mention_id`s of the rows written."""
    return [row[0] for row in insert_new(session, model, rows, unique=unique, returning=["mention_id"])]
