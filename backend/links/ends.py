"""Links that lead so many people on and then no more. Exact, so a click of such a link costs a transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from backend.infra.changes import record_change
from backend.infra.db import Database
from backend.links.lookup import Target
from backend.links.models import Link


def hit_the_end(db: Database, target: Target, person: bool, *, now: datetime) -> bool:
    """Whether this click comes too late. People are counted here; previews and robots use nothing up."""
    if target.max_clicks is None:
        return False
    if not person:
        return target.used >= target.max_clicks
    with db.write() as session:
        used = session.scalar(
            update(Link)
            .where(Link.id == target.link_id, Link.used < target.max_clicks)
            .values(used=Link.used + 1)
            .returning(Link.used)
            .execution_options(synchronize_session=False)
        )
        if used == target.max_clicks:
            record_change(session, kind="link.changed", ref=target.link_id, brand_id=target.brand_id, now=now)
    target.used = used if used is not None else target.max_clicks
    return used is None
