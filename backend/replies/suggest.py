"""Which saved replies are offered under a post, and what is learnt from what people did with them.

Ranking reads only; the log of a suggestion and its feedback are the caller's one short write afterwards.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from datetime import datetime
from threading import Lock
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.infra.changes import record_change
from backend.infra.errors import Invalid, NotFound
from backend.infra.text import storable
from backend.query.words import fold_words
from backend.replies.models import SavedReply, Suggestion, SuggestionFeedback
from backend.replies.scoring import Ranked, ReplyFacts, ReplyIndex, count_examples
from backend.replies.terms import telling_roots

Outcome = Literal["inserted", "edited", "sent", "rejected"]
USED: tuple[Outcome, ...] = ("inserted", "edited", "sent")

MOST_SUGGESTED = 3
MAX_POST = 5_000  # code points of a post that are read
EXAMPLES_READ = 2_000  # newest feedback of a brand that is learnt from
INDEXES_KEPT = 32  # brands whose replies stay ready in memory

_Stamp = tuple[int, int, int]
_indexes: OrderedDict[tuple[str, int], tuple[_Stamp, ReplyIndex]] = OrderedDict()
_lock = Lock()


def rank_replies(
    session: Session, brand_id: int, text: str, *, language: str, limit: int = MOST_SUGGESTED
) -> list[Ranked]:
    """The saved replies that fit a post, best first, at most three; empty: nothing fits. Changes nothing."""
    post = telling_roots(fold_words(text[:MAX_POST]).split())
    if not post:
        return []
    return _index_of(session, brand_id).rank(post, language, min(limit, MOST_SUGGESTED))


def record_suggestion(
    session: Session,
    brand_id: int,
    text: str,
    ranked: Sequence[Ranked],
    *,
    language: str,
    url: str = "",
    network: str = "",
    mention_id: int | None = None,
    now: datetime,
) -> Suggestion:
    """Remember what was asked and offered, so that feedback can name it. Of the post only its folded words stay."""
    suggestion = Suggestion(
        brand_id=brand_id,
        mention_id=mention_id,
        url=storable(url),
        network=storable(network),
        language=language,
        words=fold_words(text[:MAX_POST]),
        items=[{"reply_id": one.reply_id, "score": one.score} for one in ranked],
        nothing_fits=not ranked,
        created_at=now,
    )
    session.add(suggestion)
    session.flush()
    return suggestion


def get_suggestion(session: Session, suggestion_id: int) -> Suggestion:
    """Raises NotFound."""
    suggestion = session.get(Suggestion, suggestion_id)
    if suggestion is None:
        raise NotFound("There is no such suggestion.")
    return suggestion


def record_feedback(
    session: Session, suggestion_id: int, reply_id: int, outcome: Outcome, *, final_text: str = "", now: datetime
) -> None:
    """What a person did with a reply under a post. The same said twice counts once.

    The reply need not be one of those offered: what was searched for by hand under a post teaches most. It has to be
    the same brand's. Raises NotFound, Invalid.
    """
    suggestion = get_suggestion(session, suggestion_id)
    # The reply's row is taken first: on PostgreSQL two requests then count one after the other.
    reply = session.scalar(select(SavedReply).where(SavedReply.id == reply_id).with_for_update())
    if reply is None or reply.brand_id != suggestion.brand_id:
        raise Invalid("This reply is not one of this brand.", fields={"reply_id": "a saved reply of the same brand"})
    final_text = storable(final_text)
    known = session.scalar(
        select(SuggestionFeedback).where(
            SuggestionFeedback.suggestion_id == suggestion_id,
            SuggestionFeedback.reply_id == reply_id,
            SuggestionFeedback.outcome == outcome,
        )
    )
    if known is not None:
        known.final_text = final_text or known.final_text
        return
    session.add(
        SuggestionFeedback(
            brand_id=suggestion.brand_id,
            suggestion_id=suggestion_id,
            reply_id=reply_id,
            outcome=outcome,
            final_text=final_text,
            created_at=now,
        )
    )
    if outcome == "inserted":
        reply.uses += 1
        reply.used_at = now
        record_change(session, kind="reply.used", ref=reply.id, brand_id=reply.brand_id, now=now)
    session.flush()


def _index_of(session: Session, brand_id: int) -> ReplyIndex:
    """The brand's replies, read again only when one of them or what is known about them changed."""
    key, stamp = (str(session.get_bind().engine.url), brand_id), _stamp(session, brand_id)
    with _lock:
        kept = _indexes.get(key)
        if kept is not None and kept[0] == stamp:
            _indexes.move_to_end(key)
            return kept[1]
    index = ReplyIndex(_read_replies(session, brand_id))
    with _lock:
        _indexes[key] = (stamp, index)
        _indexes.move_to_end(key)
        while len(_indexes) > INDEXES_KEPT:
            _indexes.popitem(last=False)
    return index


def _stamp(session: Session, brand_id: int) -> _Stamp:
    replies, versions = session.execute(
        select(func.count(), func.coalesce(func.sum(SavedReply.version), 0)).where(SavedReply.brand_id == brand_id)
    ).one()
    newest = session.scalar(select(func.max(SuggestionFeedback.id)).where(SuggestionFeedback.brand_id == brand_id))
    return int(replies), int(versions), int(newest or 0)


def _read_replies(session: Session, brand_id: int) -> list[ReplyFacts]:
    posts, refused = _read_feedback(session, brand_id)
    rows = session.execute(
        select(SavedReply.id, SavedReply.language, SavedReply.head_words, SavedReply.words, SavedReply.uses).where(
            SavedReply.brand_id == brand_id, SavedReply.removed_at.is_(None)
        )
    )
    found = []
    for reply_id, language, head_words, words, uses in rows:
        head = frozenset(telling_roots(head_words.split()))
        everything = frozenset(telling_roots(words.split()))
        examples = count_examples(posts.get(reply_id, ()))
        found.append(ReplyFacts(reply_id, language, head, everything - head, examples, uses, refused.get(reply_id, 0)))
    return found


def _read_feedback(session: Session, brand_id: int) -> tuple[dict[int, list[list[str]]], dict[int, int]]:
    """For each reply the roots of the posts it was used under, and how often it was refused."""
    rows = session.execute(
        select(SuggestionFeedback.reply_id, SuggestionFeedback.outcome, Suggestion.id, Suggestion.words)
        .join(Suggestion, Suggestion.id == SuggestionFeedback.suggestion_id)
        .where(SuggestionFeedback.brand_id == brand_id)
        .order_by(SuggestionFeedback.id.desc())
        .limit(EXAMPLES_READ)
    )
    posts: dict[int, list[list[str]]] = defaultdict(list)
    refused: dict[int, int] = defaultdict(int)
    seen: set[tuple[int, int]] = set()
    for reply_id, outcome, suggestion_id, words in rows:
        if outcome not in USED:
            refused[reply_id] += 1
        elif (reply_id, suggestion_id) not in seen:
            seen.add((reply_id, suggestion_id))
            posts[reply_id].append(list(telling_roots(words.split())))
    return posts, refused
