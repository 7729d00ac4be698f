"""What a branch of a rule does with one mention."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.accounts.members import assignable
from backend.automation.models import Channel
from backend.automation.notify import language_of, notify
from backend.automation.rules.language import Do, RuleBody
from backend.automation.rules.models import Rule
from backend.automation.times import next_hour_of_day
from backend.inbox.mentions import MAX_TAGS
from backend.inbox.models import Mention
from backend.inbox.telling import is_tellable
from backend.infra.errors import NotFound
from backend.infra.words import say

#: what was said longer ago is no news: a new keyword's back-fill alerts nobody
NEWS = timedelta(hours=48)
_SHOWN = 140


class RuleBroken(Exception):
    """The rule cannot go on. `code`: assignee_gone, channel_gone, unreadable, or failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def values_for(mention: Mention, do: Do, *, zone: str, now: datetime) -> dict[str, Any]:
    """The fields that would become other than they are, as `change_mention` takes them. Pure."""
    wanted: dict[str, Any] = {}
    tags = [tag for tag in mention.tags if tag not in do.untag]
    for tag in do.tag:
        if tag not in tags and len(tags) < MAX_TAGS:
            tags.append(tag)
    if len(tags) <= MAX_TAGS:  # more than people may set are left as they are, and never cut
        wanted["tags"] = tags
    if do.assign is not None:
        wanted["assignee_id"] = int(do.assign)
    if do.spam:
        wanted["status"] = "spam"
    elif do.done and mention.status in ("new", "open"):  # what was answered stays answered
        wanted["status"] = "done"
    if do.priority is not None:
        wanted["priority"] = do.priority
    if do.snooze_hours is not None:
        wanted["snoozed_until"] = now + timedelta(hours=do.snooze_hours)
    elif do.snooze_until_hour is not None:
        wanted["snoozed_until"] = next_hour_of_day(do.snooze_until_hour, zone, now=now)
    return {name: value for name, value in wanted.items() if getattr(mention, name) != value}


def check_reach(session: Session, brand_id: int, do: Do) -> None:
    """Raises RuleBroken where somebody or something that it names is not there (any more)."""
    if do.assign is not None:
        try:
            assignable(session, int(do.assign), brand_id)
        except NotFound:
            raise RuleBroken("assignee_gone") from None
    if do.webhook is not None:
        channel = session.get(Channel, int(do.webhook))
        if channel is None or channel.brand_id != brand_id or channel.removed_at or channel.kind != "webhook":
            raise RuleBroken("channel_gone")


def tell(session: Session, rule: Rule, body: RuleBody, do: Do, mention: Mention, *, now: datetime) -> bool:
    """Alert and webhook, where there is news to tell. Whether anything was said."""
    hours = body.when.hours or 0
    if not (do.alert or do.webhook) or not is_tellable(mention, oldest=now - NEWS - timedelta(hours=hours)):
        return False
    language = language_of(session, rule.brand_id)
    words = " ".join((mention.title or mention.text).split())[:_SHOWN]
    said = False
    if do.alert:
        # Once a story; where it is about how many there are, once an hour.
        about = f"hour {now:%Y-%m-%dT%H}" if body.if_.more_than else f"story {mention.story_id or mention.id}"
        said |= _notify(session, rule, mention, language, words, ref=f"rule {rule.id} {about}", now=now)
    if do.webhook is not None:
        again = body.when.event == "changes"  # a program wants to hear of each change
        ref = "" if again else f"rule {rule.id} to {do.webhook} mention {mention.id}"
        said |= _notify(session, rule, mention, language, words, ref=ref, channel_ids=[int(do.webhook)], now=now)
    return said


def _notify(
    session: Session,
    rule: Rule,
    mention: Mention,
    language: str,
    words: str,
    *,
    ref: str,
    channel_ids: list[int] | None = None,
    now: datetime,
) -> bool:
    message = notify(
        session,
        brand_id=rule.brand_id,
        kind="rule",
        title=say(language, "rule_said", rule=rule.name, words=words),
        url=mention.url,
        ref=ref,
        story_id=mention.story_id,
        mention_id=mention.id,
        channel_ids=channel_ids,
        now=now,
    )
    return message is not None
