"""Saved searches: kept under a name, listed beside the tabs, and asked by alerts and rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.inbox.models import SavedSearch
from backend.inbox.search import Filter
from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.text import one_line
from backend.query.fields import INTENTS, MOODS, STATUSES
from backend.query.grammar import Query, facts_of, parse_search

MAX_SEARCHES = 100
MAX_NAME = 120
MAX_VALUE = 200
#: filters of the list that a search may keep beside its query, each a text as GET /mentions takes it
FILTERS = (
    "status", "to_answer", "keyword_id", "source_kind", "network", "language", "sentiment", "intent", "about_us",
    "assignee", "tag",
)  # fmt: skip

_SEVERAL = ("status", "about_us")  # separated by commas
_POSSIBLE = {
    "status": STATUSES,
    "sentiment": MOODS,
    "intent": INTENTS,
    "about_us": ("yes", "probably_not", "no"),
}


def list_searches(session: Session, brand_ids: Collection[int]) -> list[SavedSearch]:
    """Live searches in the order people gave them."""
    query = select(SavedSearch).where(SavedSearch.brand_id.in_(brand_ids), SavedSearch.removed_at.is_(None))
    return list(session.scalars(query.order_by(SavedSearch.position, SavedSearch.id)))


def read_search(session: Session, search_id: int, *, lock: bool = False) -> SavedSearch:
    """Raises NotFound, also for one that was removed."""
    search = lock_row(session, SavedSearch, search_id) if lock else session.get(SavedSearch, search_id)
    if search is None or search.removed_at is not None:
        raise NotFound("There is no such saved search.")
    return search


def filter_of(search: SavedSearch, *, zone: str = "UTC", member_id: int | None = None) -> Filter:
    """The search as a filter: for lists, figures and `search.matches`.

    `zone` is the brand's time zone, which days in the query mean; `member_id` who "me" is, where somebody looks.
    Raises QuerySyntax where the query can no longer be read.
    """
    return read_filter(search.query, search.filters, zone=zone, member_id=member_id)


def read_filter(query: str, filters: Mapping[str, str], *, zone: str = "UTC", member_id: int | None = None) -> Filter:
    """A filter from texts. Raises Invalid, QuerySyntax."""
    for name, possible in _POSSIBLE.items():
        given = filters.get(name, "")
        several = _parts(given) if name in _SEVERAL else (given,) if given else ()
        if wrong := [value for value in several if value not in possible]:
            raise Invalid(f"There is no such {name}.", fields={"filters": ", ".join(wrong)})
    keyword, assignee = filters.get("keyword_id", ""), filters.get("assignee", "")
    assignee_id = (member_id or 0) if assignee == "me" else None if assignee in ("", "none") else _id(assignee)
    return Filter(
        statuses=_parts(filters.get("status", "")),
        keyword_id=_id(keyword) if keyword else None,
        source_kind=filters.get("source_kind", ""),
        network=filters.get("network", ""),
        query=parse_search(query) if query else None,
        language=filters.get("language", ""),
        sentiment=filters.get("sentiment", ""),
        intent=filters.get("intent", ""),
        about_us=_parts(filters.get("about_us", "")),
        assignee_id=assignee_id,
        unassigned=assignee == "none",
        tag=filters.get("tag", ""),
        to_answer=filters.get("to_answer", "") == "true",
        zone=zone,
        member_id=member_id,
    )


def is_of_one_person(search: SavedSearch) -> bool:
    """Whether it asks for what is "mine": it holds something else for everybody, and nothing where nobody looks."""
    return search.filters.get("assignee") == "me" or (bool(search.query) and asks_for_mine(parse_search(search.query)))


def asks_for_mine(query: Query) -> bool:
    return any(fact.field == "is" and fact.value == "mine" for fact in facts_of(query.tree))


def create_search(
    session: Session, brand_id: int, values: Mapping[str, Any], *, by: int | None, now: datetime
) -> SavedSearch:
    """`values`: name, query, filters, and position where it is not the last. Raises Invalid, QuerySyntax."""
    checked = _checked({"name": "", "query": "", "filters": {}, **values})
    live = select(func.count(), func.max(SavedSearch.position)).where(
        SavedSearch.brand_id == brand_id, SavedSearch.removed_at.is_(None)
    )
    count, last = session.execute(live).one()
    if count >= MAX_SEARCHES:
        raise Invalid(f"There are {MAX_SEARCHES} saved searches already.", code="too_many_searches")
    checked.setdefault("position", (last if last is not None else -1) + 1)
    search = SavedSearch(brand_id=brand_id, created_by=by, created_at=now, **checked)
    session.add(search)
    session.flush()
    record_change(session, kind="search.created", ref=search.id, brand_id=brand_id, now=now)
    return search


def change_search(
    session: Session, search_id: int, values: Mapping[str, Any], *, version: int, now: datetime
) -> SavedSearch:
    """Raises NotFound, Invalid, QuerySyntax, Conflict (somebody changed it since `version`)."""
    search = read_search(session, search_id, lock=True)
    if search.version != version:
        raise Conflict("Somebody else changed this search in the meantime.", extra={"current_version": search.version})
    for name, value in _checked(values, {"query": search.query, "filters": search.filters}).items():
        setattr(search, name, value)
    _touch(session, search, now)
    return search


def remove_search(session: Session, search_id: int, *, now: datetime) -> SavedSearch:
    """Put it away; `restore_search` brings it back."""
    search = read_search(session, search_id)
    search.removed_at = now
    _touch(session, search, now)
    return search


def restore_search(session: Session, search_id: int, *, now: datetime) -> SavedSearch:
    """Raises NotFound."""
    search = session.get(SavedSearch, search_id)
    if search is None:
        raise NotFound("There is no such saved search.")
    if search.removed_at is not None:
        search.removed_at = None
        _touch(session, search, now)
    return search


def _touch(session: Session, search: SavedSearch, now: datetime) -> None:
    search.version += 1
    session.flush()
    record_change(session, kind="search.changed", ref=search.id, brand_id=search.brand_id, now=now)


def _checked(values: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    checked = dict(values)
    if "name" in checked:
        checked["name"] = one_line(checked["name"])
        if not checked["name"] or len(checked["name"]) > MAX_NAME:
            raise Invalid("A search needs a name.", fields={"name": f"1 to {MAX_NAME} characters"})
    if "query" in checked:
        checked["query"] = one_line(checked["query"])
    if "filters" in checked:
        checked["filters"] = {name: one_line(str(value)) for name, value in checked["filters"].items() if value}
        if wrong := sorted(set(checked["filters"]) - set(FILTERS)):
            raise Invalid("There is no such filter.", fields={f"filters.{name}": ", ".join(FILTERS) for name in wrong})
        if any(len(value) > MAX_VALUE for value in checked["filters"].values()):
            raise Invalid("This filter is too long.", fields={"filters": f"at most {MAX_VALUE} characters each"})
    now_so = {"query": "", "filters": {}, **(before or {}), **checked}
    if not now_so["query"] and not now_so["filters"]:
        raise Invalid("Nothing is searched for.", fields={"query": "a query, or at least one filter"})
    read_filter(now_so["query"], now_so["filters"])
    return checked


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Invalid("This is not an id.", fields={"filters": text[:40]})
    return int(text)
