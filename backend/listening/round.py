"""The round: a brand's list of pages that no free interface gives. People visit them; nothing here goes to the network.

Whether a page is *left today* is a matter of the brand's own day; whether it is *overdue*, of the page's own patience.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.connectors.feed.unwrap import is_web_address
from backend.inbox.addresses import host_of
from backend.inbox.identity import url_key
from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.text import one_line
from backend.listening.models import RoundPage, RoundVisit
from backend.listening.round_places import Offer, network_of_page, offer_pages

#: an address as people type it: a host with a dot in it, and no scheme
_BARE = re.compile(r"[\w-]+(\.[\w-]+)+([:/?#]|$)")
MOST_PAGES = 100
MAX_NAME = 200
MOST_DAYS = 365
VISITS_MEANT = 10  # of the last visits, how many posts one brings


@dataclass(frozen=True)
class PageFacts:
    """A page and its visits: `last_posts`, `last_fresh` of the newest one; `per_visit` of the last ten."""

    page: RoundPage
    visited_today: bool
    overdue: bool
    visits: int = 0
    last_posts: int = 0
    last_fresh: int = 0
    per_visit: float = 0.0


@dataclass(frozen=True)
class Standing:
    """How a round stands: pages in it, left today, and not visited for longer than they should be."""

    pages: int = 0
    left: int = 0
    overdue: int = 0


def create_page(
    session: Session, brand_id: int, url: str, *, name: str = "", remind_days: int = 7, now: datetime
) -> RoundPage:
    """The same address again gives the page that is there, back where it was removed. Raises Invalid."""
    checked = _checked({"url": url, "name": name, "remind_days": remind_days})
    key = checked["url_key"]
    page = session.scalar(select(RoundPage).where(RoundPage.brand_id == brand_id, RoundPage.url_key == key))
    if page is not None and page.removed_at is None:
        return page
    live = select(func.count(), func.max(RoundPage.position)).where(
        RoundPage.brand_id == brand_id, RoundPage.removed_at.is_(None)
    )
    count, last = session.execute(live).one()
    if count >= MOST_PAGES:
        raise Invalid(f"There are {MOST_PAGES} pages in this round already.", code="too_many_pages")
    if page is None:
        page = RoundPage(brand_id=brand_id, created_at=now, version=0, **checked)
        session.add(page)
    page.removed_at = None
    page.position = (last if last is not None else -1) + 1
    if name:
        page.name = checked["name"]
    _touch(session, page, now)
    return page


def read_page(session: Session, page_id: int, *, lock: bool = False) -> RoundPage:
    """Raises NotFound, also for one that was removed."""
    page = lock_row(session, RoundPage, page_id) if lock else session.get(RoundPage, page_id)
    if page is None or page.removed_at is not None:
        raise NotFound("There is no such page in the round.")
    return page


def change_page(session: Session, page_id: int, values: Mapping[str, Any], *, version: int, now: datetime) -> RoundPage:
    """`values`: name, url, remind_days. Raises NotFound, Invalid, Conflict."""
    page = read_page(session, page_id, lock=True)
    if page.version != version:
        raise Conflict("Somebody else changed this page of the round in the meantime.")
    checked = _checked(values, page.url)
    if "url_key" in checked:
        same = select(RoundPage).where(
            RoundPage.brand_id == page.brand_id, RoundPage.url_key == checked["url_key"], RoundPage.id != page.id
        )
        twin = session.scalar(same)
        if twin is not None and twin.removed_at is None:
            raise Invalid("This page is in the round already.", code="page_there", fields={"url": "is there already"})
        if twin is not None:  # what was put away makes room
            session.delete(twin)
            session.flush()
    for name, value in checked.items():
        setattr(page, name, value)
    _touch(session, page, now)
    return page


def remove_page(session: Session, page_id: int, *, now: datetime) -> RoundPage:
    """Put it away; what it brought stays, and `restore_page` brings it back."""
    page = read_page(session, page_id)
    page.removed_at = now
    _touch(session, page, now)
    return page


def restore_page(session: Session, page_id: int, *, now: datetime) -> RoundPage:
    """To its old place in the order. Raises NotFound."""
    page = session.get(RoundPage, page_id)
    if page is None:
        raise NotFound("There is no such page in the round.")
    if page.removed_at is not None:
        page.removed_at = None
        _touch(session, page, now)
    return page


def order_pages(session: Session, brand_id: int, page_ids: Sequence[int], *, now: datetime) -> list[RoundPage]:
    """These first, in this order; what is not named follows as it was. Raises NotFound."""
    pages = list_pages(session, [brand_id])
    by_id = {page.id: page for page in pages}
    wanted = list(dict.fromkeys(page_ids))
    if missing := [one for one in wanted if one not in by_id]:
        raise NotFound(f"There is no such page in the round: {missing[0]}.")
    ordered = [by_id[one] for one in wanted] + [page for page in pages if page.id not in set(wanted)]
    for position, page in enumerate(ordered):
        if page.position != position:
            # Its place is no field that a PATCH could overwrite: who edits its name meanwhile is not in conflict.
            page.position = position
            record_change(session, kind="round.changed", ref=page.id, brand_id=brand_id, now=now)
    session.flush()
    return ordered


def list_pages(session: Session, brand_ids: Collection[int]) -> list[RoundPage]:
    """Live pages in the order in which they are opened."""
    query = select(RoundPage).where(RoundPage.brand_id.in_(brand_ids), RoundPage.removed_at.is_(None))
    return list(session.scalars(query.order_by(RoundPage.brand_id, RoundPage.position, RoundPage.id)))


def read_facts(session: Session, pages: Sequence[RoundPage], *, now: datetime) -> list[PageFacts]:
    """Each page with what its visits say, in one query more however many there are."""
    newest = (
        func.row_number().over(partition_by=RoundVisit.page_id, order_by=(RoundVisit.finished_at.desc(), RoundVisit.id))
    ).label("newest")
    visits = (
        select(RoundVisit.page_id, RoundVisit.posts, RoundVisit.fresh, newest)
        .where(RoundVisit.page_id.in_([page.id for page in pages]), RoundVisit.finished_at.is_not(None))
        .subquery()
    )
    told: dict[int, list[tuple[int, int]]] = {}
    rows = session.execute(select(visits.c.page_id, visits.c.posts, visits.c.fresh).order_by(visits.c.newest))
    for page_id, posts, fresh in rows:
        told.setdefault(page_id, []).append((posts, fresh))
    days = _days(session, pages, now)
    found = []
    for page in pages:
        its = told.get(page.id, [])
        last = its[:VISITS_MEANT]
        found.append(
            PageFacts(
                page,
                visited_today=_is_since(page.last_visited_at, days[page.brand_id]),
                overdue=is_overdue(page, now),
                visits=len(its),
                last_posts=its[0][0] if its else 0,
                last_fresh=its[0][1] if its else 0,
                per_visit=round(sum(posts for posts, _ in last) / len(last), 1) if last else 0.0,
            )
        )
    return found


def is_overdue(page: RoundPage, now: datetime) -> bool:
    """Nobody looked for longer than the page's own patience; a page that was never seen counts from when it came."""
    since = page.last_visited_at or page.created_at
    return page.remind_days > 0 and now - since >= timedelta(days=page.remind_days)


def stand_of(session: Session, brand_ids: Collection[int], *, now: datetime) -> Standing:
    """For status lines: no visit is read for it."""
    pages = list_pages(session, brand_ids)
    days = _days(session, pages, now)
    return Standing(
        pages=len(pages),
        left=sum(not _is_since(page.last_visited_at, days[page.brand_id]) for page in pages),
        overdue=sum(is_overdue(page, now) for page in pages),
    )


def networks_in_round(session: Session, brand_ids: Collection[int]) -> frozenset[str]:
    """What is heard by the round."""
    query = select(RoundPage.network).where(RoundPage.brand_id.in_(brand_ids), RoundPage.removed_at.is_(None))
    return frozenset(session.scalars(query.distinct()))


def offers_for(session: Session, brand_id: int, *, term: str = "") -> list[Offer]:
    """Pages that a brand's round could begin with, without those that are in it. Raises NotFound."""
    brand = get_brand(session, brand_id)
    there = {page.url_key for page in list_pages(session, [brand_id])}
    offers = offer_pages(
        name=brand.name, kind=brand.kind, countries=brand.countries, handles=brand.handles, term=one_line(term)
    )
    return [offer for offer in offers if url_key(offer.url) not in there]


def _days(session: Session, pages: Sequence[RoundPage], now: datetime) -> dict[int, datetime]:
    """When today began for each brand."""
    days = {}
    for brand_id in {page.brand_id for page in pages}:
        here = now.astimezone(ZoneInfo(get_brand(session, brand_id).time_zone))
        days[brand_id] = here.replace(hour=0, minute=0, second=0, microsecond=0)
    return days


def _is_since(at: datetime | None, day: datetime) -> bool:
    return at is not None and at >= day


def _touch(session: Session, page: RoundPage, now: datetime) -> None:
    page.version += 1
    session.flush()
    record_change(session, kind="round.changed", ref=page.id, brand_id=page.brand_id, now=now)


def _checked(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    checked = {name: values[name] for name in ("name", "remind_days") if name in values}
    wrong: dict[str, str] = {}
    if "url" in values:
        url = str(values["url"]).strip()
        url = f"https://{url}" if _BARE.match(url) else url
        if is_web_address(url):
            checked |= {"url": url, "url_key": url_key(url), "network": network_of_page(url)}
        else:
            wrong["url"] = "http:// or https://"
    if "name" in checked:
        checked["name"] = one_line(str(checked["name"])) or host_of(checked.get("url", before))
        if len(checked["name"]) > MAX_NAME:
            wrong["name"] = f"At most {MAX_NAME} characters."
    if "remind_days" in checked and not 0 <= checked["remind_days"] <= MOST_DAYS:
        wrong["remind_days"] = f"0 (never) to {MOST_DAYS} days."
    if wrong:
        raise Invalid("This page cannot be saved like this.", fields=wrong)
    return checked
