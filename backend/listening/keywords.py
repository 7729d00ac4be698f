"""Keywords: saving one makes its own searches its sources; pausing rests them; another query makes others."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.tables import recall, remember
from backend.infra.text import one_line, storable
from backend.listening.feeds import feed_for, settle_feed
from backend.listening.kinds import KINDS
from backend.listening.models import Feed, Keyword, Source
from backend.listening.searches import searches_for
from backend.listening.signing import accounts_that_ask
from backend.query.explain import normalise
from backend.query.grammar import parse_query

FIELDS = ("name", "query", "languages", "not_asked", "paused", "notify")
MAX_NAME = 200
MAX_LANGUAGES = 12
_STAMP = "keywords.stamp"


def list_keywords(
    session: Session, brand_ids: Collection[int], *, after: tuple[str, int] | None = None, limit: int = 50
) -> list[Keyword]:
    """Live keywords by name. `after`: (name, id) of the last one of the page before."""
    query = select(Keyword).where(Keyword.brand_id.in_(brand_ids), Keyword.removed_at.is_(None))
    if after is not None:
        name, last_id = after
        query = query.where((Keyword.name > name) | ((Keyword.name == name) & (Keyword.id > last_id)))
    return list(session.scalars(query.order_by(Keyword.name, Keyword.id).limit(limit)))


def get_keyword(session: Session, keyword_id: int, *, lock: bool = False) -> Keyword:
    """Raises NotFound, also for one that was removed."""
    keyword = lock_row(session, Keyword, keyword_id) if lock else session.get(Keyword, keyword_id)
    if keyword is None or keyword.removed_at is not None:
        raise NotFound("There is no such keyword.")
    return keyword


def keyword_names(session: Session, keyword_ids: Collection[int]) -> dict[int, str]:
    """Names by id, of removed ones too: a mention keeps what found it."""
    rows = session.execute(select(Keyword.id, Keyword.name).where(Keyword.id.in_(keyword_ids)))
    return {row[0]: row[1] for row in rows}


def keyword_ages(session: Session, keyword_ids: Collection[int]) -> dict[int, datetime]:
    """Since when each is listened for."""
    rows = session.execute(select(Keyword.id, Keyword.created_at).where(Keyword.id.in_(keyword_ids)))
    return {row[0]: row[1] for row in rows}


def create_keyword(session: Session, brand_id: int, values: Mapping[str, Any], *, now: datetime) -> Keyword:
    """`values`: query, and name, languages, paused, notify where given; the name is the query where there is none.

    Raises Invalid, QuerySyntax.
    """
    checked = _checked({"query": "", **values})
    checked["name"] = checked.get("name") or _name_of(checked["query"])
    keyword = Keyword(brand_id=brand_id, created_at=now, **checked)
    session.add(keyword)
    session.flush()
    make_searches(session, keyword, now=now)
    _touched(session, keyword, "keyword.created", now)
    return keyword


def change_keyword(
    session: Session, keyword_id: int, values: Mapping[str, Any], *, version: int, now: datetime
) -> Keyword:
    """Raises NotFound, Invalid, QuerySyntax, Conflict (somebody changed it since `version`)."""
    keyword = get_keyword(session, keyword_id, lock=True)
    if keyword.version != version:
        raise Conflict("Somebody else changed this keyword in the meantime.")
    checked = _checked(values)
    if "name" in checked:
        checked["name"] = checked["name"] or _name_of(checked.get("query", keyword.query))
    asked_anew = any(
        name in checked and checked[name] != getattr(keyword, name) for name in ("query", "languages", "not_asked")
    )
    for name, value in checked.items():
        setattr(keyword, name, value)
    keyword.version += 1
    session.flush()
    if asked_anew:
        make_searches(session, keyword, now=now)
    else:
        _settle_sources(session, keyword, now=now)
    _touched(session, keyword, "keyword.changed", now)
    return keyword


def remove_keyword(session: Session, keyword_id: int, *, now: datetime) -> Keyword:
    """Put it away with its searches; the mentions it found stay."""
    keyword = get_keyword(session, keyword_id)
    keyword.removed_at = now
    keyword.version += 1
    session.flush()
    _settle_sources(session, keyword, now=now)
    _touched(session, keyword, "keyword.changed", now)
    return keyword


def restore_keyword(session: Session, keyword_id: int, *, now: datetime) -> Keyword:
    """Raises NotFound."""
    keyword = session.get(Keyword, keyword_id)
    if keyword is None:
        raise NotFound("There is no such keyword.")
    if keyword.removed_at is not None:
        keyword.removed_at = None
        keyword.version += 1
        session.flush()
        make_searches(session, keyword, now=now)  # what its brand asks may be other places and languages by now
        _touched(session, keyword, "keyword.changed", now)
    return keyword


def live_keywords(session: Session, keyword_ids: Collection[int]) -> frozenset[int]:
    """Those of them that were not put away."""
    query = select(Keyword.id).where(Keyword.id.in_(keyword_ids), Keyword.removed_at.is_(None))
    return frozenset(session.scalars(query))


def set_notify(session: Session, keyword_id: int, notify: bool, *, now: datetime) -> None:
    """Whether an alert listens for it; said by who keeps the alerts, so nobody's version of it grows old."""
    keyword = session.get(Keyword, keyword_id)
    if keyword is not None and keyword.notify != notify:
        keyword.notify = notify
        session.flush()
        record_change(session, kind="keyword.changed", ref=keyword.id, brand_id=keyword.brand_id, now=now)


def make_searches(session: Session, keyword: Keyword, *, now: datetime) -> None:
    """The searches of a keyword become its sources; those of an earlier query are put away."""
    brand = get_brand(session, keyword.brand_id)
    languages, accounts = keyword.languages or brand.languages, accounts_that_ask(session, brand.id)
    searches = searches_for(parse_query(keyword.query), languages, brand.countries, accounts)
    searches = [search for search in searches if search.kind not in keyword.not_asked]
    there = {s.feed_id: s for s in session.scalars(select(Source).where(Source.keyword_id == keyword.id))}
    settled = set(there)
    kept: set[int] = set()
    for search in searches:
        feed, part = feed_for(session, search.kind, search.params, now=now)
        source = there.get(feed.id) or (_joined_before(session, keyword, search.kind) if part else None)
        kept.add(feed.id)
        if source is not None and part:  # other words, and maybe asked with those of others
            source.feed_id, source.part = feed.id, part
        if source is None:
            session.add(
                Source(
                    brand_id=keyword.brand_id,
                    feed_id=feed.id,
                    part=part,
                    keyword_id=keyword.id,
                    name=KINDS[search.kind].name,
                    url=KINDS[search.kind].address(search.params),
                    take=search.take,
                    purpose=KINDS[search.kind].purpose,
                    created_at=now,
                )
            )
        elif source.removed_at is not None:
            source.removed_at = None
            source.version += 1
    for source in there.values():
        if source.feed_id not in kept and source.removed_at is None:
            source.removed_at = now
            source.version += 1
    session.flush()
    for feed_id in sorted(kept | settled):
        settle_feed(session, feed_id, now=now)


def remake_searches(session: Session, brand_id: int, *, now: datetime) -> None:
    """After a brand's languages, countries or accounts changed: the same keywords, asked in other editions, or with
    another account."""
    for keyword in session.scalars(
        select(Keyword).where(Keyword.brand_id == brand_id, Keyword.removed_at.is_(None)).order_by(Keyword.id)
    ):
        make_searches(session, keyword, now=now)


def ask_place(session: Session, keyword_id: int, kind: str, *, asked: bool, now: datetime) -> None:
    """Whether a keyword asks a kind of place by itself, until a person says otherwise. Raises NotFound."""
    keyword = get_keyword(session, keyword_id)
    others = [one for one in keyword.not_asked if one != kind]
    keyword.not_asked = others if asked else [*others, kind]
    keyword.version += 1
    session.flush()
    make_searches(session, keyword, now=now)
    _touched(session, keyword, "keyword.changed", now)


def stamp_of_keywords(session: Session) -> str:
    """Changes whenever any keyword does: who keeps a matcher builds it anew then."""
    return recall(session, _STAMP)


def languages_of(session: Session, keyword: Keyword) -> Sequence[str]:
    """In which languages a keyword is asked: its own, else its brand's."""
    return keyword.languages or get_brand(session, keyword.brand_id).languages


def _joined_before(session: Session, keyword: Keyword, kind: str) -> Source | None:
    """The one source that a keyword has of a joined kind, whatever its words were and whoever it was asked with."""
    mine = select(Source).join(Feed, Feed.id == Source.feed_id)
    return session.scalar(mine.where(Source.keyword_id == keyword.id, Feed.kind == kind).limit(1))


def _settle_sources(session: Session, keyword: Keyword, *, now: datetime) -> None:
    for feed_id in session.scalars(
        select(Source.feed_id).where(Source.keyword_id == keyword.id).order_by(Source.feed_id)
    ):
        settle_feed(session, feed_id, now=now)


def _touched(session: Session, keyword: Keyword, kind: str, now: datetime) -> None:
    remember(session, _STAMP, secrets.token_hex(8))
    record_change(session, kind=kind, ref=keyword.id, brand_id=keyword.brand_id, now=now)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    checked = {name: value for name, value in values.items() if name in FIELDS}
    wrong: dict[str, str] = {}
    if "query" in checked:
        checked["query"] = storable(str(checked["query"])).strip()
        parse_query(checked["query"])
    if "name" in checked:
        checked["name"] = one_line(str(checked["name"]))
        if len(checked["name"]) > MAX_NAME:
            wrong["name"] = f"At most {MAX_NAME} characters."
    if "languages" in checked:
        tags = [str(tag).strip().lower().split("-")[0] for tag in checked["languages"]]
        checked["languages"] = list(dict.fromkeys(tags))
        if len(tags) > MAX_LANGUAGES or not all(2 <= len(t) <= 3 and t.isascii() and t.isalpha() for t in tags):
            wrong["languages"] = "Two-letter languages: fr, en, de…"
    if "not_asked" in checked:
        checked["not_asked"] = list(dict.fromkeys(checked["not_asked"]))
        asking = [kind.kind for kind in KINDS.values() if kind.asks]
        if not set(checked["not_asked"]) <= set(asking):
            wrong["not_asked"] = ", ".join(asking)
    if wrong:
        raise Invalid("This keyword cannot be saved like this.", fields=wrong)
    return checked


def _name_of(query: str) -> str:
    """A lone phrase without its quotes, else the query as it is."""
    text = normalise(parse_query(query))
    if text.startswith('"') and text.endswith('"') and text.count('"') == 2:
        text = text[1:-1]
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
