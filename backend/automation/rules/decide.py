"""What a rule would do with a mention: pure. Texts, times and numbers in, changes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backend.automation.rules.spec import Action, Alert, Assign, If, Priority, Snooze, Status, Tag, Webhook
from backend.publishing.wall_time import resolve_wall_time
from backend.query.words import fold_words


@dataclass(frozen=True)
class Seen:
    """What of a mention the pure conditions look at. `at`: when it arrived."""

    author: str
    handle: str
    at: datetime


def holds_for(condition: If, seen: Seen, *, own_handles: Sequence[str], zone: str) -> bool:
    """All of the condition but its query, its filters and its count, which the database answers."""
    if condition.author and fold_words(condition.author) not in f"{fold_words(seen.author)} {fold_words(seen.handle)}":
        return False
    if condition.own and not is_own(seen, own_handles):
        return False
    there = seen.at.astimezone(ZoneInfo(zone))
    if condition.weekdays and there.weekday() not in condition.weekdays:
        return False
    if condition.from_hour is None or condition.until_hour is None:
        return True
    since, until = condition.from_hour, condition.until_hour
    return since <= there.hour < until if since < until else there.hour >= since or there.hour < until


def is_own(seen: Seen, own_handles: Sequence[str]) -> bool:
    """Whether one of our accounts wrote it: by its handle, with or without its server, or by its name as author."""
    ours = {_bare(handle) for handle in own_handles} - {""}
    return any(_bare(name) in ours for name in (seen.handle, seen.author) if name)


def _bare(handle: str) -> str:
    return handle.strip().lstrip("@").casefold()


def values_of(
    actions: Sequence[Action], *, tags: Sequence[str], status: str, zone: str, now: datetime
) -> dict[str, Any]:
    """What the actions set on a mention with these tags and this status; without what sends a word only."""
    values: dict[str, Any] = {}
    for action in actions:
        match action:
            case Tag():
                have = values.get("tags", list(tags))
                values["tags"] = have + [tag for tag in action.tags if tag not in have]
            case Assign():
                values["assignee_id"] = int(action.member_id)
            case Status():
                # What was answered stays answered.
                if status != "replied" or action.do == "spam":
                    values["status"] = action.do
            case Priority():
                values["priority"] = action.priority
            case Snooze():
                values["snoozed_until"] = snooze_end(action, zone=zone, now=now)
            case Alert() | Webhook():
                pass
    return values


def snooze_end(action: Snooze, *, zone: str, now: datetime) -> datetime:
    """When it comes back: in so many hours, or at the next time the brand's clock shows that."""
    if action.hours is not None:
        return now + timedelta(hours=action.hours)
    today = now.astimezone(ZoneInfo(zone)).date()
    ends = (
        resolve_wall_time(f"{(today + timedelta(days=day)).isoformat()}T{action.until}", zone).utc for day in range(3)
    )
    return next(end for end in ends if end > now)


def what_differs(values: Mapping[str, Any], present: Mapping[str, Any]) -> list[str]:
    """Names of what would be another way; a snooze always is."""
    return [name for name, value in values.items() if present.get(name) != value]
