"""What could be listened to, shown before it is: what each source gives, and how much of it speaks of the brand.

All are asked side by side with one deadline; a service whose patience is used up, or that is too slow, is shown without
its items and says so. Nothing is stored.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for_futures
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.connectors.base import Item as ReadItem
from backend.connectors.base import PollFailed
from backend.infra.errors import Invalid
from backend.infra.runtime import Runtime
from backend.listening.budgets import may_ask
from backend.listening.discover import MAX_TRIES, Proposal, ask, propose
from backend.listening.feeds import feed_hash
from backend.listening.ingest import read_item
from backend.listening.joined import part_of_params
from backend.listening.kinds import KINDS, address_of
from backend.listening.matching import Watching
from backend.listening.models import Feed, Source
from backend.listening.watching import load_watching

log = logging.getLogger("entregent.discover")

DEADLINE_S = 10.0
AT_ONCE = 6
MOST_SHOWN = 5


@dataclass(frozen=True)
class Sampled:
    """One item of a source, and whether a keyword of the brand is in it."""

    item: ReadItem
    matches: bool


@dataclass(frozen=True)
class Candidate:
    """`note`: "" where it answered, else a PollFailed code or "later"; `count`: what it gives at once, of which
    `matching` hold a keyword of the brand; `items`: those first that match. `source_id`: listened to already."""

    proposal: Proposal
    address: str
    note: str = ""
    count: int = 0
    matching: int = 0
    items: Sequence[Sampled] = ()
    source_id: int | None = None


def find_candidates(runtime: Runtime, brand_id: int, text: str) -> list[Candidate]:
    """Best first; those that do not answer are left out, where another one does. Raises Invalid, NotFound."""
    with runtime.db.read() as session:
        brand = get_brand(session, brand_id)
        watching = load_watching(session)
        words = brand.name
    proposals = list(islice(propose(runtime, text, words, by_name=True), MAX_TRIES))
    found = _ask_all(runtime, brand_id, proposals, watching)
    answered = [one for one in found if not one.note]
    kept = [one for one in found if one.note in ("", "later", "rate_limited") or one.proposal.known]
    if not kept:
        raise Invalid(
            "This page names no feed, and none lies where feeds usually are.",
            code="no_feed",
            fields={"url": "No feed is there."},
        )
    with runtime.db.read() as session:
        return [_with_source(session, brand_id, one) for one in _once(answered or kept, kept)]


def _once(answered: Sequence[Candidate], kept: Sequence[Candidate]) -> list[Candidate]:
    """One of those that give the very same: a site's RSS and Atom, a feed and the guess that found it."""
    seen: set[tuple[str, ...]] = set()
    found = []
    for one in kept:
        items = one.proposal.fetched.items if one.proposal.fetched is not None else ()
        same = tuple(sorted(item.url for item in items)) or (one.address,)
        if same not in seen and (one in answered or one.proposal.known or one.note):
            seen.add(same)
            found.append(one)
    return found


def _ask_all(runtime: Runtime, brand_id: int, proposals: Sequence[Proposal], watching: Watching) -> list[Candidate]:
    pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="discover")
    try:
        waiting = [pool.submit(_ask, runtime, brand_id, proposal, watching) for proposal in proposals]
        wait_for_futures(waiting, timeout=DEADLINE_S)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [_result(future, proposal) for future, proposal in zip(waiting, proposals, strict=True)]


def _result(future: Future[Candidate], proposal: Proposal) -> Candidate:
    address = address_of(proposal.kind, proposal.params)
    if not future.done() or future.cancelled():
        return Candidate(proposal, address, "timeout")
    if (error := future.exception()) is not None:
        log.error("a candidate at %s stumbled", address, exc_info=error)
        return Candidate(proposal, address, "not_a_feed")
    return future.result()


def _ask(runtime: Runtime, brand_id: int, proposal: Proposal, watching: Watching) -> Candidate:
    address = address_of(proposal.kind, proposal.params)
    if proposal.fetched is None:
        if not may_ask(runtime, proposal.kind, proposal.params):
            return Candidate(proposal, address, "later")
        try:
            proposal = ask(runtime, proposal)
        except PollFailed as error:
            return Candidate(proposal, address, error.code)
    items = proposal.fetched.items if proposal.fetched is not None else ()
    kind = KINDS[proposal.kind]
    sampled = []
    for item in items:
        matches = watching.match(read_item(item, kind))
        sampled.append(Sampled(item, any(watching.watches[one.key].brand_id == brand_id for one in matches)))
    sampled.sort(key=lambda one: not one.matches)
    matching = sum(one.matches for one in sampled)
    return Candidate(
        proposal,
        address_of(proposal.kind, proposal.params),
        count=len(sampled),
        matching=matching,
        items=sampled[:MOST_SHOWN],
    )


def _with_source(session: Session, brand_id: int, one: Candidate) -> Candidate:
    kind, params = one.proposal.kind, one.proposal.params
    part = part_of_params(kind, params)
    same = (Feed.kind == kind) & (Source.part == part) if part else Feed.address_hash == feed_hash(kind, params)
    mine = (
        select(Source.id)
        .join(Feed, Feed.id == Source.feed_id)
        .where(same, Source.brand_id == brand_id)
        .where(Source.keyword_id.is_(None), Source.removed_at.is_(None))
    )
    return replace(one, source_id=session.scalar(mine))
