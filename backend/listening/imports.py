"""Lists of sources: checked whole and kept, taken over in chunks when a person says so, undone by their id.

1. `stage_import`: every line is told apart (new, known, named twice, cannot be) and nothing is listened to yet.
2. `start_import`: it becomes work; one turn takes it over in chunks of `CHUNK`, each its own transaction that first
   proves the fence. A crash between two chunks goes on where it stopped.
3. `undo_import`: also work; what the list brought is put away in the same way. What was there before stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.connectors.access import Access, origin_of, split_login
from backend.connectors.feed.client import is_alerts_page
from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.kind import WrongParams, read_params
from backend.connectors.opml.read import Opml, Outline
from backend.infra.changes import record_change
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.jobs import Kind, claim, extend_lease, release
from backend.infra.runtime import Runtime
from backend.listening.backfill import backfill_source
from backend.listening.feeds import feed_hash
from backend.listening.folders import purpose_of_folders
from backend.listening.joined import part_of_params
from backend.listening.kinds import KINDS, recognise
from backend.listening.models import Feed, Source, SourceImport
from backend.listening.secrets import NOTHING, Sealed, seal_access
from backend.listening.sources import create_source, remove_source

CHUNK = 25
KEPT = timedelta(days=30)  # then it can be undone no more
MOST_PROBLEMS = 500
_ASKED = 500  # hashes at once


def stage_import(session: Session, runtime: Runtime, brand_id: int, opml: Opml, *, now: datetime) -> SourceImport:
    """Nothing is listened to yet. Names and passwords in its addresses are sealed, and kept in no other place."""
    entries: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    twice = 0
    for outline in opml.outlines:
        url, *login = split_login(outline.url)
        outline = replace(outline, url=url)
        kind, params, code = _read_outline(outline)
        sealed = NOTHING
        if any(login) and not code:
            try:
                sealed = _seal_login(runtime, kind, url, *login)
            except Invalid:
                code = "bad_access"
        if code:
            problems.append({"line": outline.line, "title": outline.title, "url": outline.url[:2_000], "code": code})
            continue
        digest = _identity(kind, params, sealed.mark)
        if digest in seen:
            twice += 1
            continue
        seen[digest] = len(entries)
        entries.append(
            {
                "kind": kind,
                "params": params,
                "name": outline.title if outline.title != outline.url else "",
                "url": outline.url if is_web_address(outline.url) else "",
                "purpose": purpose_of_folders(outline.folders) or KINDS[kind].purpose,
                "digest": digest,
                "sealed": [sealed.secret, sealed.mark, *sealed.names],
            }
        )
    known = _known(session, brand_id, list(seen))
    session.execute(delete(SourceImport).where(SourceImport.created_at < now - KEPT))
    staged = SourceImport(
        brand_id=brand_id,
        entries=[entry for entry in entries if entry["digest"] not in known],
        problems=problems[:MOST_PROBLEMS],
        known=len(known),
        twice=twice,
        mended=opml.mended,
        created_at=now,
    )
    session.add(staged)
    session.flush()
    return staged


def start_import(session: Session, import_id: int, *, now: datetime) -> SourceImport:
    """Raises NotFound, Conflict (it was undone)."""
    found = get_import(session, import_id)
    if found.state in ("undoing", "undone"):
        raise Conflict("This list was undone: hand it in again.", code="import_undone")
    if found.state == "staged":
        found.state, found.due_at = "running", now
    return found


def undo_import(session: Session, import_id: int, *, now: datetime) -> SourceImport:
    """What the list brought is put away; also while it is being taken over. Raises NotFound."""
    found = get_import(session, import_id)
    if found.state == "staged":
        found.state = "undone"
    elif found.state in ("running", "done"):
        found.state, found.due_at = "undoing", now
    return found


def get_import(session: Session, import_id: int) -> SourceImport:
    """Raises NotFound."""
    found = session.get(SourceImport, import_id)
    if found is None:
        raise NotFound("There is no such list.")
    return found


def import_one(runtime: Runtime, ref: int, fence: int) -> None:
    """Take one list over, or put away what it brought, if the lease is still ours."""
    with runtime.db.read() as session:
        found = session.get(SourceImport, ref)
        entries = found.entries if found is not None and found.state == "running" else []
    while True:
        now = runtime.clock()
        made: list[int] = []
        with runtime.db.write() as session:
            mine = claim(session, SourceImport, ref, fence, now=now)
            if mine is None:
                return
            if mine.state == "running":
                made = _take_over(session, mine, entries[mine.applied : mine.applied + CHUNK], now=now)
                ended = mine.applied >= len(entries)
                mine.state = "done" if ended else "running"
            elif mine.state == "undoing":
                ended = _put_away(session, mine, now=now) < CHUNK
                mine.state = "undone" if ended else "undoing"
            else:
                ended = True
            record_change(session, kind="source.changed", ref=f"import {ref}", brand_id=mine.brand_id, now=now)
            if ended:
                release(mine, due_at=None)
            else:
                until = now + timedelta(seconds=runtime.settings.lease_s)
                extend_lease(session, SourceImport, ref, fence, until=until)
        for source_id in made:
            backfill_source(runtime, source_id)
        if ended:
            return


KIND = Kind("import", SourceImport, import_one)


def _read_outline(outline: Outline) -> tuple[str, Mapping[str, str], str]:
    """Kind, params as they are kept, and why it cannot be listened to ("" = it can)."""
    url = outline.url
    if not url:
        return "", {}, "no_address"
    if is_alerts_page(url):
        return "", {}, "alerts_page"
    kind, params = outline.kind, outline.params
    if kind not in KINDS or KINDS[kind].account:
        kind, params = "feed", {"url": url.replace("feed://", "http://", 1).removeprefix("feed:")}
        if (known := recognise(params["url"])) is not None:
            kind, params = known[0].kind, known[1]
    try:
        return kind, read_params(KINDS[kind], params), ""
    except WrongParams:
        return "", {}, "not_web_address" if kind == "feed" else "wrong_params"


def _seal_login(runtime: Runtime, kind: str, url: str, username: str, password: str) -> Sealed:
    """Raises Invalid."""
    if not KINDS[kind].own_access:
        raise Invalid("Sources of this kind take no log-in.")
    access = Access(origin_of(url), username=username, password=password)
    return seal_access(runtime.vault, access, plain_http=runtime.settings.allow_private_hosts)


def _identity(kind: str, params: Mapping[str, str], mark: str) -> str:
    """One source by whatever way it is named: the hash of its feed, or what it is of a feed that is asked for many."""
    part = part_of_params(kind, params)
    return f"{kind} {part}" if part else feed_hash(kind, params, mark)


def _known(session: Session, brand_id: int, identities: Sequence[str]) -> set[str]:
    """Those that the brand listens to already."""
    mine = select(Source).where(Source.brand_id == brand_id, Source.keyword_id.is_(None), Source.removed_at.is_(None))
    mine = mine.join(Feed, Feed.id == Source.feed_id)
    parts = session.execute(mine.with_only_columns(Feed.kind, Source.part).where(Source.part != ""))
    found = {f"{kind} {part}" for kind, part in parts}
    whole = mine.with_only_columns(Feed.address_hash).where(Source.part == "")
    for start in range(0, len(identities), _ASKED):
        found |= set(session.scalars(whole.where(Feed.address_hash.in_(identities[start : start + _ASKED]))))
    return found.intersection(identities)


def _take_over(
    session: Session, mine: SourceImport, entries: Sequence[Mapping[str, Any]], *, now: datetime
) -> list[int]:
    """Ids of the sources that are there by this list alone."""
    known = _known(session, mine.brand_id, [entry["digest"] for entry in entries])
    made = []
    for entry in entries:
        if entry["digest"] in known:
            continue
        try:
            source = create_source(
                session,
                mine.brand_id,
                entry["kind"],
                entry["params"],
                url=entry["url"],
                name=entry["name"],
                purpose=entry["purpose"],
                sealed=_sealed_of(entry),
                now=now,
            )
        except Invalid as error:  # the kind was there when the list was checked
            problem = {"line": 0, "title": entry["name"], "url": entry["url"], "code": error.code}
            mine.problems = [*mine.problems, problem]
            continue
        source.import_id = mine.id
        made.append(source.id)
    mine.applied += len(entries)
    mine.created += len(made)
    return made


def _sealed_of(entry: Mapping[str, Any]) -> Sealed:
    secret, mark, *names = entry.get("sealed", ("", ""))
    return Sealed(secret, mark, tuple(names))


def _put_away(session: Session, mine: SourceImport, *, now: datetime) -> int:
    brought = select(Source.id).where(Source.import_id == mine.id, Source.removed_at.is_(None))
    ids = list(session.scalars(brought.order_by(Source.id).limit(CHUNK)))
    for source_id in ids:
        remove_source(session, source_id, now=now)
    return len(ids)
