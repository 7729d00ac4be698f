"""Small helpers of the listening tests: brands, sources, and one poll after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.brands import create_brand
from backend.inbox.models import Mention, MentionKeyword, MentionPlace
from backend.infra.runtime import Runtime
from backend.listening.keywords import create_keyword
from backend.listening.leasing import lease_feeds
from backend.listening.models import Feed
from backend.listening.poll import poll_one
from backend.listening.sources import create_source


def point_to(runtime: Runtime, endpoints: dict[str, str]) -> Runtime:
    """The same runtime, its services stood in by a local server."""
    return replace(runtime, settings=replace(runtime.settings, endpoints=endpoints))


def make_brand(runtime: Runtime, name: str = "Café Lumière", **values: Any) -> int:
    values = {"languages": ["fr", "en"], "countries": ["FR"], "kind": "place", **values}
    with runtime.db.write() as session:
        return create_brand(session, {"name": name, **values}, now=runtime.clock()).id


def make_keyword(runtime: Runtime, brand_id: int, query: str, **values: Any) -> int:
    with runtime.db.write() as session:
        return create_keyword(session, brand_id, {"query": query, **values}, now=runtime.clock()).id


def make_source(runtime: Runtime, brand_id: int, url: str, take: str = "all") -> int:
    with runtime.db.write() as session:
        return create_source(session, brand_id, "feed", {"url": url}, take=take, now=runtime.clock()).id


def poll_due(runtime: Runtime, *, kinds: tuple[str, ...] = ()) -> int:
    """Poll everything that is due, as a worker does. Gives how many were leased."""
    with runtime.db.write() as session:
        leases = lease_feeds(session, runtime, now=runtime.clock(), limit=500, worker="test")
    for lease in leases:
        with runtime.db.read() as session:
            kind = session.scalar(select(Feed.kind).where(Feed.id == lease.ref))
        if not kinds or kind in kinds:
            poll_one(runtime, lease.ref, lease.fence)
    return len(leases)


def all_mentions(session: Session) -> list[Mention]:
    return list(session.scalars(select(Mention).order_by(Mention.id)))


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def places_of(session: Session, mention: Mention) -> list[MentionPlace]:
    return list(session.scalars(select(MentionPlace).where(MentionPlace.mention_id == mention.id)))


def hits_of(session: Session, mention: Mention) -> list[MentionKeyword]:
    return list(session.scalars(select(MentionKeyword).where(MentionKeyword.mention_id == mention.id)))


def only_feed(session: Session, kind: str = "feed") -> Feed:
    return session.scalars(select(Feed).where(Feed.kind == kind)).one()
