"""What an alert would say now, and what its feed holds: reads only."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.automation.content import alerts_url, inbox_url, mention_url
from backend.automation.digest import Digest, line_of, write_digest
from backend.automation.feeds import MOST, Feed
from backend.automation.models import Alert
from backend.automation.notify import language_of
from backend.automation.subject import alert_name, feed_filter
from backend.config import Settings
from backend.connectors.notices.base import Notice
from backend.inbox.mentions import list_mentions, read_facts
from backend.infra.words import say


def preview_alert(session: Session, alert: Alert, settings: Settings, *, now: datetime) -> tuple[Digest, Notice] | None:
    """The next message as it would be now; None where nothing waits."""
    digest = write_digest(session, alert, now=now)
    if digest is None or digest.stories == 0:
        return None
    brand = get_brand(session, alert.brand_id)
    notice = Notice(
        key="preview",
        kind="mentions",
        language=language_of(session, brand.id),
        zone=brand.time_zone,
        brand=brand.name,
        brand_id=str(brand.id),
        title=digest.title,
        body=digest.body,
        made_at=now,
        sent_at=now,
        app_url=inbox_url(settings, brand.id),
        lines=[replace(line, app_url=mention_url(settings, brand.id, line.mention_id)) for line in digest.lines],
        manage_url=alerts_url(settings, brand.id),
    )
    return digest, notice


def read_feed(session: Session, alert: Alert, url: str, settings: Settings, *, now: datetime) -> Feed:
    """The newest stories it listens for. Raises NotFound where its brand was put away."""
    language = language_of(session, alert.brand_id)
    mentions = list_mentions(session, [alert.brand_id], feed_filter(session, alert), limit=MOST, now=now)
    facts = read_facts(session, mentions)
    lines = [
        replace(line_of(one, facts[one.id]), text=one.text[:4000], app_url=mention_url(settings, one.brand_id, one.id))
        for one in mentions
    ]
    return Feed(
        key=f"{alert.id} {alert.created_at.isoformat()}",
        title=say(language, "alert_feed_title", name=alert_name(session, alert)),
        url=url,
        home_url=inbox_url(settings, alert.brand_id),
        language=language,
        updated=max((one.seen_at for one in mentions), default=alert.created_at),
        lines=lines,
    )
