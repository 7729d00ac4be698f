"""Posts: written, counted, scheduled, changed while nothing has left, removed and brought back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from backend.accounts import networks as accounts
from backend.connectors.networks import publishers
from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.publishing import outbox
from backend.publishing.checks import check_content
from backend.publishing.models import Answer, Delivery, Post
from backend.publishing.wall_time import resolve_wall_time

#: a time that passed this little ago is meant as now
JUST_NOW = timedelta(minutes=1)
FARTHEST = timedelta(days=5 * 366)
MOST_TARGETS = 50
ASK_A_PERSON = ("rejected", "held", "needs_you", "handed_over")
ON_THE_WAY = ("scheduled", "leased", "prepared", "armed", "retry_wait", "uncertain")


@dataclass(frozen=True)
class Schedule:
    """What a person meant: now, or a wall time in a zone."""

    when: str  # now | at
    at: str = ""
    zone: str = ""


@dataclass(frozen=True)
class NewPost:
    """What a person wrote. `schedule` None: a draft."""

    text: str
    targets: Sequence[int]
    media: Sequence[Mapping[str, Any]] = ()
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    schedule: Schedule | None = None
    #: a change that leaves the time as it is (and a draft a draft); `schedule` says nothing then
    keep_schedule: bool = False
    language: str = ""
    in_reply_to: str = ""


def create_post(session: Session, brand_id: int, new: NewPost, *, created_by: str = "", now: datetime) -> Post:
    """A draft, or a post with its deliveries, in one transaction. Raises Invalid with the fields that are wrong."""
    post = Post(
        brand_id=brand_id,
        text="",
        created_by=created_by,
        created_at=now,
        in_reply_to=new.in_reply_to,
        schedule_when="",
        revision=0,
        version=0,
        deliveries=[],
    )
    session.add(post)
    _write(session, post, new, now=now)
    return load_post(session, post.id)


def change_post(session: Session, post_id: int, new: NewPost, *, version: int, now: datetime) -> Post:
    """Everything of the post as it shall be now; what is queued is replaced by the new revision.

    Raises Invalid, and Conflict when the row was changed since `version` or when something may have left already.
    """
    lock_row(session, Post, post_id)
    post = load_post(session, post_id)
    _locked(session, post)
    if post.version != version:
        raise Conflict("Somebody else changed this post in the meantime.", extra={"current_version": post.version})
    _refuse_when_sent(post)
    _write(session, post, new, now=now)
    return load_post(session, post.id)


def load_post(session: Session, post_id: int, *, even_removed: bool = False) -> Post:
    """A post with its deliveries. Raises NotFound."""
    post = session.scalar(
        select(Post)
        .where(Post.id == post_id)
        .options(selectinload(Post.deliveries))
        .execution_options(populate_existing=True)
    )
    if post is None or (post.removed_at is not None and not even_removed):
        raise NotFound("There is no such post.")
    return post


def list_posts(
    session: Session,
    brand_ids: Collection[int],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    status: str | None = None,
    state: str | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[Post]:
    """Newest first by the time they are for (drafts: by when they were written), with their deliveries.

    `status` as `status_of` says; `state` of any delivery; `before` the place after which to go on.
    """
    when = _when()
    query = select(Post).where(Post.brand_id.in_(brand_ids), Post.removed_at.is_(None))
    if since is not None:
        query = query.where(when >= since)
    if until is not None:
        query = query.where(when < until)
    if status is not None:
        query = query.where(_has_status(status))
    if state is not None:
        query = query.where(_some(Delivery.state == state))
    if status != "attention" and state is None:
        # Answers stand in the inbox; among the posts only where a person must act.
        query = query.where(Post.id.not_in(select(Answer.post_id)))
    if before is not None:
        query = query.where(or_(when < before[0], and_(when == before[0], Post.id < before[1])))
    query = query.order_by(when.desc(), Post.id.desc()).limit(limit).options(selectinload(Post.deliveries))
    return list(session.scalars(query))


def place_of(post: Post) -> tuple[datetime, int]:
    """Where a post stands in `list_posts`."""
    return post.scheduled_for or post.created_at, post.id


def status_of(post: Post) -> str:
    """draft | scheduled | attention (a person must act) | published (or given up) – the most pressing first."""
    states = {delivery.state for delivery in post.deliveries}
    if not states:
        return "draft"
    if states & set(ASK_A_PERSON):
        return "attention"
    return "scheduled" if states & set(ON_THE_WAY) else "published"


def note_time(session: Session, post_id: int) -> None:
    """One of its deliveries was moved: a post stands in the calendar where its first one does."""
    post = session.get_one(Post, post_id)
    first = session.scalar(select(func.min(Delivery.scheduled_for)).where(Delivery.post_id == post_id))
    post.scheduled_for = first or post.scheduled_for


def remove_post(session: Session, post_id: int, *, now: datetime) -> None:
    """Put it away; what has not left yet is dropped. What is on the networks stays there. Raises NotFound, Conflict."""
    post = load_post(session, post_id)
    for delivery in _locked(session, post):
        if delivery.state == "armed":
            raise Conflict("It is being sent right now.", code="being_sent")
        if delivery.state not in ("published", "dropped"):
            outbox.drop(session, delivery, now=now)
    post.removed_at = now
    post.version += 1
    record_change(session, kind="post.changed", ref=post.id, brand_id=post.brand_id, now=now)


def restore_post(session: Session, post_id: int, *, now: datetime) -> Post:
    """Undo `remove_post`: what it dropped is queued again for its old time (and held if that is long past)."""
    post = load_post(session, post_id, even_removed=True)
    if post.removed_at is not None:
        for delivery in _locked(session, post):
            if delivery.state == "dropped" and delivery.changed_at == post.removed_at:
                outbox.requeue(session, delivery, at=delivery.scheduled_for, now=now)
        post.removed_at = None
        post.version += 1
        record_change(session, kind="post.changed", ref=post.id, brand_id=post.brand_id, now=now)
    return load_post(session, post_id)


def resolve_schedule(schedule: Schedule, *, now: datetime) -> datetime:
    """The moment that a schedule means. Raises Invalid for one that has passed or is too far away."""
    if schedule.when == "now":
        return now
    moment = resolve_wall_time(schedule.at, schedule.zone).utc
    if moment < now - JUST_NOW:
        why = "This moment has passed."
        raise Invalid(why, code="in_the_past", fields={"schedule.at": why})
    if moment > now + FARTHEST:
        raise Invalid("This is too far away.", fields={"schedule.at": "At most five years from now."})
    return moment


# --- inside ------------------------------------------------------------------------------------------------------


def _write(session: Session, post: Post, new: NewPost, *, now: datetime) -> None:
    if len(new.targets) > MOST_TARGETS or len(set(new.targets)) != len(new.targets):
        raise Invalid("The accounts are not right.", fields={"targets": "Each account once, 50 at most."})
    targets = _targets(session, post.brand_id, new.targets)
    stray = set(new.variants) - {str(target) for target in new.targets}
    if stray:
        raise Invalid(
            "A variant has no account.", fields={f"variants.{one}": "Not among the targets." for one in stray}
        )
    post.text = new.text.replace("\r\n", "\n")
    post.language = new.language
    post.media = [dict(one) for one in new.media]
    post.targets = [str(target) for target in new.targets]
    post.variants = {key: _variant(value) for key, value in new.variants.items()}
    scheduled = post.scheduled_for is not None if new.keep_schedule else new.schedule is not None
    check_content(session, post, targets, complete=scheduled)
    if scheduled and not targets:
        why = "Choose at least one account."
        raise Invalid(why, fields={"targets": why})
    if not new.keep_schedule:
        meant = new.schedule or Schedule("")
        post.scheduled_for = resolve_schedule(meant, now=now) if scheduled else None
        post.schedule_when, post.schedule_at, post.schedule_zone = meant.when, meant.at, meant.zone
    post.revision += 1
    post.version += 1
    session.flush()
    _queue(session, post, targets, keep_times=new.keep_schedule, now=now)
    record_change(session, kind="post.changed", ref=post.id, brand_id=post.brand_id, now=now)


def _variant(given: Mapping[str, Any]) -> dict[str, Any]:
    variant = {name: value for name, value in given.items() if value is not None}
    if "text" in variant:
        variant["text"] = variant["text"].replace("\r\n", "\n")
    return variant


def _targets(session: Session, brand_id: int, ids: Sequence[int]) -> list[accounts.NetworkAccount]:
    found = {one.id: one for one in accounts.list_accounts(session, [brand_id])}
    wrong = [one for one in ids if one not in found or found[one].network not in publishers()]
    if wrong:
        raise Invalid("There is no such account.", fields={"targets": f"Unknown: {', '.join(map(str, wrong))}"})
    return [found[one] for one in ids]


def _queue(
    session: Session, post: Post, targets: Sequence[accounts.NetworkAccount], *, keep_times: bool, now: datetime
) -> None:
    """Make the deliveries what the post says: new ones queued, changed ones queued anew, others taken away.

    What a person dropped stays dropped.
    """
    at = post.scheduled_for
    existing = {delivery.account_id: delivery for delivery in _locked(session, post)}
    wanted = {target.id: target for target in targets} if at is not None else {}
    for account_id, delivery in existing.items():
        if account_id in wanted and at is not None:
            if delivery.state in outbox.BEFORE_THE_CALL:
                when = delivery.scheduled_for if keep_times else at  # one may have been moved by itself
                outbox.requeue(session, delivery, at=when, revision=post.revision, now=now)
        else:
            session.delete(delivery)
            record_change(session, kind="delivery.changed", ref=delivery.id, brand_id=post.brand_id, now=now)
    for account_id, target in wanted.items():
        if account_id not in existing and at is not None:
            outbox.queue_delivery(
                session,
                brand_id=post.brand_id,
                post_id=post.id,
                account_id=account_id,
                network=target.network,
                revision=post.revision,
                at=at,
                now=now,
            )


def _locked(session: Session, post: Post) -> list[Delivery]:
    """The deliveries, held until the transaction ends, so that no worker arms one meanwhile."""
    return list(
        session.scalars(
            select(Delivery)
            .where(Delivery.post_id == post.id)
            .order_by(Delivery.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _refuse_when_sent(post: Post) -> None:
    for delivery in post.deliveries:
        if delivery.maybe_sent_at is not None or delivery.state not in outbox.BEFORE_THE_CALL | {"dropped"}:
            raise Conflict("It has been sent, or may have been: it cannot be changed any more.", code="already_sent")


def _when() -> ColumnElement[datetime]:
    return func.coalesce(Post.scheduled_for, Post.created_at)


def _some(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Delivery.post_id == Post.id, condition)


def _has_status(status: str) -> ColumnElement[bool]:
    """`status_of` in SQL."""
    anything = _some(Delivery.id.is_not(None))
    attention, moving = _some(Delivery.state.in_(ASK_A_PERSON)), _some(Delivery.state.in_(ON_THE_WAY))
    conditions = {
        "draft": ~anything,
        "attention": attention,
        "scheduled": and_(moving, ~attention),
        "published": and_(anything, ~attention, ~moving),
    }
    if status not in conditions:
        raise Invalid("There is no such status.", fields={"status": ", ".join(conditions)})
    return conditions[status]
