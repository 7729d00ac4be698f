"""A brand's own sources as a list that other readers, and we, take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.kind import PURPOSES
from backend.connectors.opml.read import Outline
from backend.connectors.opml.write import write_opml
from backend.listening.kinds import KINDS
from backend.listening.models import Feed, Source


def export_sources(session: Session, brand_id: int, names: Mapping[str, str], *, title: str, now: datetime) -> str:
    """OPML; `names`: of the folder of each purpose. Searches of keywords, accounts, and what has no address are not in
    it."""
    rows = session.execute(
        select(Source, Feed)
        .join(Feed, Feed.id == Source.feed_id)
        .where(Source.brand_id == brand_id, Source.keyword_id.is_(None), Source.removed_at.is_(None))
        .order_by(Source.id)
    ).all()
    folders: dict[str, list[Outline]] = {}
    for purpose in PURPOSES:
        here = [
            _outline(source, feed)
            for source, feed in rows
            if source.purpose == purpose and not KINDS[feed.kind].account and is_web_address(feed.address)
        ]
        if here:
            folders[names[purpose]] = here
    return write_opml(folders, title=title, now=now)


def _outline(source: Source, feed: Feed) -> Outline:
    kind = KINDS[feed.kind]
    params = {kind.joint.param: source.part} if kind.joint is not None and source.part else feed.params
    plain = feed.kind == "feed"
    return Outline(
        line=0,
        title=source.name or feed.title,
        url=kind.address(params) if source.part else feed.address,
        site_url=feed.site_url if is_web_address(feed.site_url) else "",
        kind="" if plain else feed.kind,
        params={} if plain else params,
    )
