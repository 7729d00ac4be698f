"""What an alert listens for: a keyword, a saved search, or all that is said about its brand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.automation.models import Alert
from backend.inbox.mentions import Facts, Filter
from backend.inbox.search import matches
from backend.inbox.searches import filter_of, list_searches, read_search
from backend.infra.errors import EntregentError, NotFound
from backend.listening.keywords import keyword_names, live_keywords

if TYPE_CHECKING:
    from backend.inbox.models import Mention

OPEN = ("new", "open")


def alert_name(session: Session, alert: Alert) -> str:
    """As people call it: a keyword's or a search's name, else the brand's. "" for a search that is gone."""
    if alert.keyword_id is not None:
        return keyword_names(session, [alert.keyword_id]).get(alert.keyword_id, "")
    if alert.search_id is not None:
        try:
            return read_search(session, alert.search_id).name
        except NotFound:
            return ""
    return get_brand(session, alert.brand_id).name


def with_subject(session: Session, alerts: Sequence[Alert]) -> list[Alert]:
    """Those whose subject is there: one that was put away may come back, and its alert with it."""
    keywords = live_keywords(session, {one.keyword_id for one in alerts if one.keyword_id is not None})
    brands = {one.brand_id for one in alerts if one.search_id is not None}
    searches = {search.id for search in list_searches(session, brands)} if brands else set()
    return [
        one
        for one in alerts
        if (one.keyword_id is None or one.keyword_id in keywords)
        and (one.search_id is None or one.search_id in searches)
    ]


def asked_for(
    session: Session, alert: Alert, mentions: Sequence[Mention], facts: Mapping[int, Facts], *, now: datetime
) -> Collection[int]:
    """The ids of those that the alert asks for. At once: only what nobody has dealt with yet, unless its search names
    the states it wants."""
    picky = alert.rhythm == "at_once"
    if alert.search_id is not None:
        wanted = _search_filter(session, alert)
        if wanted is None:
            return ()
        picky = picky and not wanted.statuses
        held: Collection[int] = matches(session, [mention.id for mention in mentions], wanted, now=now)
    elif alert.keyword_id is not None:
        held = {m.id for m in mentions if any(hit.keyword_id == alert.keyword_id for hit in facts[m.id].keywords)}
    else:
        held = {mention.id for mention in mentions}
    return {mention.id for mention in mentions if mention.id in held and (not picky or mention.status in OPEN)}


def feed_filter(session: Session, alert: Alert) -> Filter:
    """What its feed holds. Raises NotFound where its search is gone or can no longer be read."""
    wanted = Filter(keyword_id=alert.keyword_id)
    if alert.search_id is not None:
        found = _search_filter(session, alert)
        if found is None:
            raise NotFound("There is no such saved search.")
        wanted = found
    return replace(wanted, about_us=wanted.about_us or ("yes",), by_story=True)


def _search_filter(session: Session, alert: Alert) -> Filter | None:
    try:
        return filter_of(read_search(session, alert.search_id or 0), zone=get_brand(session, alert.brand_id).time_zone)
    except EntregentError:  # gone, or a query of another release
        return None
