"""Once a week: that nothing was said although somebody listened, or how much was said. Without it silence looks the
same as a tool that fell asleep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.automation.models import Alert, AlertStory
from backend.automation.notify import language_of
from backend.automation.subject import alert_name
from backend.infra.words import say, say_many
from backend.listening.heard import Heard, heard_since

WEEK = timedelta(days=7)
MOST_NAMES = 5


@dataclass(frozen=True)
class Proof:
    """`stories` of this week and of the one before it."""

    title: str
    body: str
    stories: int
    before: int


def write_proof(session: Session, alert: Alert, *, now: datetime) -> Proof:
    language = language_of(session, alert.brand_id)
    stories = count_heard(session, alert, now - WEEK, now)
    before = count_heard(session, alert, now - 2 * WEEK, now - WEEK)
    heard = heard_since(session, alert.brand_id, keyword_id=alert.keyword_id, since=now - WEEK, now=now)
    name = alert_name(session, alert)
    if stories == 0:
        title = say(language, "alert_quiet_title", name=name)
        said = [say(language, "alert_quiet_nothing")]
    else:
        title = say_many(language, "alert_week_title", stories, name=name)
        said = [say_many(language, "alert_week_stories", stories) + " " + say(language, "alert_week_before", n=before)]
    return Proof(title, " ".join([*said, listened(heard, language)]), stories, before)


def count_heard(session: Session, alert: Alert, since: datetime, until: datetime) -> int:
    """Stories that came in for an alert."""
    query = select(func.count()).where(
        AlertStory.alert_id == alert.id, AlertStory.heard_at >= since, AlertStory.heard_at < until
    )
    return session.scalar(query) or 0


def listened(heard: Heard, language: str) -> str:
    """`38 places were asked 412 times, 1 did not answer: Le Monde.`"""
    if heard.places == 0:
        return say(language, "alert_heard_nowhere")
    words = say(
        language,
        "alert_heard",
        places=say_many(language, "alert_places", heard.places),
        times=say_many(language, "alert_times", heard.asked),
    )
    if not heard.silent:
        return words + say(language, "alert_heard_all") + "."
    silent = say_many(language, "alert_silent", len(heard.silent), names=_names(heard.silent))
    return f"{words}{silent}."


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMES]) + ("…" if len(names) > MOST_NAMES else "")
