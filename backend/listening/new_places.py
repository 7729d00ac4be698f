"""Keywords that were made before a place could be asked: after an upgrade they ask it too."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select

from backend.infra.runtime import Runtime
from backend.infra.tables import recall, remember
from backend.listening.keywords import make_searches
from backend.listening.kinds import KINDS
from backend.listening.models import Keyword

CHUNK = 20  # keywords of one write: each has some ten searches
_ASKED = "places that keywords ask"


def ask_new_places(runtime: Runtime, now: datetime) -> int:
    """Make the searches of all keywords anew where the places that can be asked are others than the last time. Gives
    how many keywords there were."""
    stamp = _stamp()
    with runtime.db.read() as session:
        if recall(session, _ASKED) == stamp:
            return 0
        ids = list(session.scalars(select(Keyword.id).where(Keyword.removed_at.is_(None)).order_by(Keyword.id)))
    for start in range(0, len(ids), CHUNK):
        with runtime.db.write() as session:
            for keyword in session.scalars(select(Keyword).where(Keyword.id.in_(ids[start : start + CHUNK]))):
                if keyword.removed_at is None:
                    make_searches(session, keyword, now=now)
    with runtime.db.write() as session:
        remember(session, _ASKED, stamp)
    return len(ids)


def _stamp() -> str:
    asked = sorted((kind.kind, kind.asks, kind.editions, kind.most_asked) for kind in KINDS.values() if kind.asks)
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]
