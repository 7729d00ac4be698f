"""How something said becomes a mention, once, however many bring it, in whatever order, at whatever moment.

1. The keys of each new thing are computed (identity.py) and looked up together.
2. What is known is merged: another place, another keyword, a text where there was none.
3. What is new is inserted, then its keys with ON CONFLICT DO NOTHING. Whoever loses that race finds the winner's key,
   deletes its own row in the same transaction, and merges into the winner.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.inbox.addresses import network_of
from backend.inbox.brought import add_hits, add_places
from backend.inbox.drafts import KEY, MACHINE, Actor, Draft, NewMention, known_by
from backend.inbox.fulltext import index_words
from backend.inbox.identity import SIGNED_BY_PUBLISHERS, home_of, signed_by_two
from backend.inbox.merging import merge
from backend.inbox.models import Mention, MentionEvent, MentionKey, MentionPlace
from backend.inbox.near_stories import Near, add_bands
from backend.inbox.types import type_of
from backend.infra.changes import record_changes
from backend.infra.tables import insert_all, insert_new

MOST_AT_ONCE = 50  # mentions; a transaction shall stay short
_KEYS_PER_QUERY = 500


def add_mention(
    session: Session, brand_id: int, item: NewMention, *, now: datetime, by: Actor = MACHINE
) -> tuple[Mention, bool]:
    """The mention, and whether it is new. What a person adds comes back even where it was deleted before."""
    mention, created = add_mentions(session, brand_id, [item], now=now, by=by, revive=True)[0]
    if mention is None:  # cannot be: `revive`
        raise LookupError("a revived mention is missing")
    return mention, created


def add_mentions(
    session: Session,
    brand_id: int,
    items: Sequence[NewMention],
    *,
    now: datetime,
    by: Actor = MACHINE,
    revive: bool = False,
) -> list[tuple[Mention | None, bool]]:
    """For each item its mention and whether it is new; None for what was deleted and shall not come back.

    At most `MOST_AT_ONCE` items. The caller's transaction; nothing is committed here.
    """
    drafts = [Draft(item, item.known_by or known_by(item, now=now)) for item in items]
    known = _read_keys(session, brand_id, drafts)
    _find(session, drafts, known, revive=revive)
    fresh = _insert(session, brand_id, drafts, known, now=now, revive=revive)
    merge(session, [draft for draft in drafts if draft.mention is not None and draft not in fresh], by=by, now=now)
    session.flush()
    who: dict[str, Any] = {"member_id": by.member_id, "who": by.name, "act": "", "before": {}, "after": {}}
    ids = [draft.there.id for draft in fresh]
    insert_all(session, MentionEvent, [{"mention_id": id, "at": now, "what": "created", **who} for id in ids])
    if ids:
        record_changes(session, kind="mention.created", refs=[(id, brand_id) for id in ids], now=now)
    return [(draft.mention, draft.created) for draft in drafts]


_Known = dict[tuple[str, str], int | None]


def _read_keys(session: Session, brand_id: int, drafts: Sequence[Draft]) -> _Known:
    wanted = {("url", draft.url) for draft in drafts}
    wanted |= {("article", key) for draft in drafts for key in draft.articles}
    wanted |= {("story", key) for draft in drafts for key in draft.stories}
    keys = sorted({key for _, key in wanted})
    known: _Known = {}
    for start in range(0, len(keys), _KEYS_PER_QUERY):
        rows = session.execute(
            select(MentionKey.kind, MentionKey.key, MentionKey.mention_id).where(
                MentionKey.brand_id == brand_id, MentionKey.key.in_(keys[start : start + _KEYS_PER_QUERY])
            )
        )
        known.update({(kind, key): mention_id for kind, key, mention_id in rows if (kind, key) in wanted})
    return known


def _find(session: Session, drafts: Sequence[Draft], known: _Known, *, revive: bool) -> None:
    """Give each draft the mention it already is; drop what was deleted."""
    ids = {mention_id for (kind, _), mention_id in known.items() if mention_id is not None and kind != "story"}
    there = {m.id: m for m in session.scalars(select(Mention).where(Mention.id.in_(ids)))} if ids else {}
    articles = {id for draft in drafts for key in draft.articles if (id := known.get(("article", key))) in there}
    sources = _sources_of(session, articles)
    for draft in drafts:
        if ("url", draft.url) in known:
            _give(draft, there.get(known["url", draft.url] or 0), sources, revive=revive)
    for draft in drafts:
        for key in draft.articles:
            if draft.mention is None and not draft.deleted and ("article", key) in known:
                mention = there.get(known["article", key] or 0)
                if mention is None or _is_copy(draft.item, mention, sources[mention.id]):
                    _give(draft, mention, sources, revive=revive)


def _give(draft: Draft, mention: Mention | None, sources: dict[int, set[int]], *, revive: bool) -> None:
    draft.mention, draft.deleted = mention, mention is None and not revive
    if mention is not None and draft.item.source_id is not None:
        sources.setdefault(mention.id, set()).add(draft.item.source_id)


def _sources_of(session: Session, mention_ids: Collection[int | None]) -> dict[int, set[int]]:
    """The sources that brought each of these mentions."""
    found: dict[int, set[int]] = {id: set() for id in mention_ids if id is not None}
    if found:
        places = select(MentionPlace.mention_id, MentionPlace.source_id)
        for mention_id, source_id in session.execute(places.where(MentionPlace.mention_id.in_(found))):
            if source_id is not None:
                found[mention_id].add(source_id)
    return found


def _is_copy(item: NewMention, of: Mention, sources: Collection[int]) -> bool:
    """Whether an article of the same title, site and day is the same one: another source brings it (two of one feed are
    two, `listening.known`), and no two people signed them."""
    if item.source_id is not None and item.source_id in sources:
        return False
    published = {item.source_kind, of.source_kind} & SIGNED_BY_PUBLISHERS
    return bool(published) or not signed_by_two(item.author, of.author, home_of(item.url, item.publisher_url))


def _insert(
    session: Session, brand_id: int, drafts: Sequence[Draft], known: _Known, *, now: datetime, revive: bool
) -> list[Draft]:
    """Insert what is new, each once; gives the drafts whose mentions are really ours."""
    first: dict[str, Draft] = {}  # what this very batch brings
    sources: dict[Draft, set[int]] = {}  # that brought it
    fresh: list[Draft] = []
    for draft in drafts:
        if draft.mention is not None or draft.deleted:
            continue
        articles = (other for key in draft.articles if (other := first.get(key)) is not None)
        copies = (other for other in articles if _is_copy(draft.item, other.there, sources[other]))
        twin = first.get(draft.url) or next(copies, None)
        sources.setdefault(twin or draft, set()).add(draft.item.source_id or 0)
        if twin is not None:
            draft.mention = twin.mention
            continue
        draft.mention = _new_mention(brand_id, draft.item, now)
        session.add(draft.mention)
        for key in (draft.url, *draft.articles[:1]):
            first.setdefault(key, draft)
        fresh.append(draft)
    if not fresh:
        return []
    session.flush()
    near = Near(session, brand_id, fresh, now)
    for draft in fresh:
        mention = draft.there
        story = next((known["story", key] for key in draft.stories if known.get(("story", key))), None)
        story = story or near.find(draft)
        mention.story_id = story or mention.id
        near.add(draft)
        if draft.stories and not known.get(("story", draft.stories[0])):
            known["story", draft.stories[0]] = mention.story_id
    lost = _claim_keys(session, brand_id, fresh, revive=revive)
    for draft in lost:
        ours = draft.mention
        winner = _yield_to_winner(session, brand_id, draft)
        for twin in drafts:
            if twin.mention is ours:
                twin.mention = winner
    won = [draft for draft in fresh if draft not in lost]
    for draft in won:
        draft.created = True
    add_places(session, won, now)
    add_hits(session, won)
    add_bands(session, brand_id, won, now)
    return won


def _new_mention(brand_id: int, item: NewMention, now: datetime) -> Mention:
    published = min(item.published_at, now) if item.published_at else None
    mention = Mention(
        brand_id=brand_id,
        url=item.url,
        network=item.network or network_of(item.url),
        source_id=item.source_id,
        source_kind=item.source_kind,
        type=item.type or type_of(item.source_kind, item.network or network_of(item.url), item.url),
        author=item.author[:200],
        author_url=item.author_url,
        title=item.title,
        text=item.text,
        published_at=published,
        seen_at=now,
        sorted_at=published or now,
        language=item.language or "und",
        note=item.note,
        tags=list(item.tags),
    )
    for name, value in item.values.items():
        setattr(mention, name, value)
    if item.words:
        mention.words = item.words
    else:
        index_words(mention)
    return mention


def _claim_keys(session: Session, brand_id: int, fresh: Sequence[Draft], *, revive: bool) -> list[Draft]:
    """Write the keys of new mentions; gives the drafts that somebody else was faster with."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for draft in fresh:
        mention = draft.there
        for kind, key in [("url", draft.url), *(("article", key) for key in draft.articles[:1])]:
            row = {"brand_id": brand_id, "kind": kind, "key": key, "mention_id": mention.id}
            rows.setdefault((kind, key), row)
        for key in draft.stories[:1]:
            row = {"brand_id": brand_id, "kind": "story", "key": key, "mention_id": mention.story_id}
            rows.setdefault(("story", key), row)
    # Sorted, so that two transactions wait for each other in one order and never in a circle.
    values = [rows[name] for name in sorted(rows)]
    if revive:
        insert: Any = _dialect(session).insert(MentionKey).values(values)
        statement = insert.on_conflict_do_update(
            index_elements=KEY,
            set_={"mention_id": insert.excluded.mention_id},
            where=MentionKey.mention_id.is_(None),
        )
        found = list(session.execute(statement.returning(MentionKey.kind, MentionKey.key)))
    else:
        found = insert_new(session, MentionKey, values, unique=KEY, returning=["kind", "key"])
    written = {(kind, key) for kind, key in found}
    return [draft for draft in fresh if ("url", draft.url) not in written]


def _yield_to_winner(session: Session, brand_id: int, draft: Draft) -> Mention | None:
    """Somebody else's mention stands: ours goes, with the keys it did get. Gives theirs."""
    ours = draft.there
    session.execute(delete(MentionKey).where(MentionKey.mention_id == ours.id))
    session.delete(ours)
    session.flush()
    return session.scalar(
        select(Mention)
        .join(MentionKey, MentionKey.mention_id == Mention.id)
        .where(MentionKey.brand_id == brand_id, MentionKey.kind == "url", MentionKey.key == draft.url)
    )


def _dialect(session: Session) -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
