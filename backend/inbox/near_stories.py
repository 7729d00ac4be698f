"""Who says nearly the same: candidates by their bands (identity.py), then their texts compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inbox.drafts import Draft
from backend.inbox.identity import NEAR_DAYS, story_text
from backend.inbox.models import Mention, MentionBand
from backend.infra.tables import insert_all
from backend.understanding.similar import is_near

_PER_QUERY = 500  # bands or mentions
_MOST_CANDIDATES = 2_000  # of a text that thousands repeat, some are enough
_MOST_COMPARED = 20  # with one text; those that share most of its bands


class Near:
    """Who says nearly the same, among what was seen in the last days and what this batch brings."""

    def __init__(self, session: Session, brand_id: int, drafts: Sequence[Draft], now: datetime) -> None:
        self._by_band: dict[int, list[int]] = {}  # band → mentions, as `_said` knows them
        self._said: dict[int, tuple[int | None, str]] = {}  # mention → (story, text)
        bands = sorted({band for draft in drafts for band in draft.bands})
        for start in range(0, len(bands), _PER_QUERY):
            rows = session.execute(
                select(MentionBand.band, MentionBand.mention_id)
                .where(
                    MentionBand.brand_id == brand_id,
                    MentionBand.band.in_(bands[start : start + _PER_QUERY]),
                    MentionBand.seen_at >= now - timedelta(days=NEAR_DAYS),
                )
                .order_by(MentionBand.mention_id)
                .limit(_MOST_CANDIDATES)
            )
            for band, mention_id in rows:
                self._by_band.setdefault(band, []).append(mention_id)
        # Texts are long: only those that will be compared are read.
        self._read(session, sorted({one for draft in drafts for one in self._likely(draft)}))

    def _read(self, session: Session, ids: Sequence[int]) -> None:
        for start in range(0, len(ids), _PER_QUERY):
            wanted = Mention.id.in_(ids[start : start + _PER_QUERY])
            for id, story, title, text in session.execute(
                select(Mention.id, Mention.story_id, Mention.title, Mention.text).where(wanted)
            ):
                self._said[id] = (story, story_text(title, text))

    def _likely(self, draft: Draft) -> list[int]:
        """Those that share most bands with it, which are the likest; of these the oldest first."""
        shared = Counter(one for band in draft.bands for one in self._by_band.get(band, ()))
        return sorted(shared, key=lambda one: (-shared[one], one))[:_MOST_COMPARED]

    def find(self, draft: Draft) -> int | None:
        """The story of the oldest that says nearly the same."""
        ours = story_text(draft.item.title, draft.item.text)
        candidates = [self._said[one] for one in self._likely(draft) if one in self._said]
        stories = sorted({(story, text) for story, text in candidates if story is not None})
        return next((story for story, text in stories if is_near(ours, text)), None)

    def add(self, draft: Draft) -> None:
        """What comes later in this batch may say the same."""
        mention = draft.there
        self._said[mention.id] = (mention.story_id, story_text(draft.item.title, draft.item.text))
        for band in draft.bands:
            self._by_band.setdefault(band, []).append(mention.id)


def add_bands(session: Session, brand_id: int, drafts: Sequence[Draft], now: datetime) -> None:
    rows = [
        {"mention_id": draft.there.id, "band": band, "brand_id": brand_id, "seen_at": now}
        for draft in drafts
        for band in dict.fromkeys(draft.bands)
    ]
    insert_all(session, MentionBand, rows)
