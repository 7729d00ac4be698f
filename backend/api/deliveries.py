"""`/deliveries`: one post on its way to one account, and what a person may do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from backend.api.base import Id, In, MaybeMoment, Moment, Out, caller, make_blueprint, now, parse_id, runtime
from backend.publishing import deliveries as domain
from backend.publishing.models import Delivery
from backend.publishing.posts import Schedule


class ProblemOut(Out):
    code: str
    message: str


class DeliveryOut(Out):
    id: Id
    post_id: Id
    account_id: Id
    network: str
    state: str
    due_at: Moment
    next_try_at: MaybeMoment
    published_at: MaybeMoment
    remote_id: str
    remote_url: str
    attempts: int
    error: ProblemOut | None


class AttemptOut(Out):
    at: Moment
    event: str
    detail: str


class DeliveryWithAttempts(DeliveryOut):
    history: list[AttemptOut]


class ConfirmIn(In):
    url: str


class MoveNow(In):
    when: Literal["now"]


class MoveAt(In):
    when: Literal["at"]
    at: str = Field(max_length=40)
    zone: str = Field(max_length=64)


class MoveIn(In):
    schedule: Annotated[MoveNow | MoveAt, Field(discriminator="when")]


def delivery_out(delivery: Delivery) -> DeliveryOut:
    error = ProblemOut(code=delivery.error_code, message=delivery.error) if delivery.error_code else None
    return DeliveryOut(
        id=str(delivery.id),
        post_id=str(delivery.post_id),
        account_id=str(delivery.account_id),
        network=delivery.network,
        state=delivery.state,
        due_at=delivery.scheduled_for,
        next_try_at=delivery.due_at,
        published_at=delivery.published_at,
        remote_id=delivery.remote_id,
        remote_url=delivery.remote_url,
        attempts=delivery.attempts,
        error=error,
    )


def _act(id: str, act: Callable[[Session, int], Delivery]) -> DeliveryOut:
    with runtime().db.write() as session:
        delivery = domain.get_delivery(session, parse_id(id, "delivery"))
        caller().need(delivery.brand_id, "editor")
        return delivery_out(act(session, delivery.id))


def deliveries_blueprint() -> APIBlueprint:
    bp = make_blueprint("deliveries")

    @bp.get("/deliveries/<id>")
    @bp.output(DeliveryWithAttempts)
    def get_delivery(id: str) -> DeliveryWithAttempts:
        with runtime().db.read() as session:
            delivery = domain.get_delivery(session, parse_id(id, "delivery"))
            caller().need(delivery.brand_id, "viewer")
            history = [AttemptOut.model_validate(one) for one in domain.list_attempts(session, delivery.id)]
            return DeliveryWithAttempts(**delivery_out(delivery).model_dump(), history=history)

    @bp.post("/deliveries/<id>/confirm")
    @bp.input(ConfirmIn)
    @bp.output(DeliveryOut)
    def confirm_delivery(id: str, json_data: ConfirmIn) -> DeliveryOut:
        return _act(id, lambda session, ref: domain.confirm_delivery(session, ref, json_data.url, now=now()))

    @bp.post("/deliveries/<id>/resend")
    @bp.output(DeliveryOut)
    def resend_delivery(id: str) -> DeliveryOut:
        return _act(id, lambda session, ref: domain.resend_delivery(session, ref, now=now()))

    @bp.post("/deliveries/<id>/publish")
    @bp.output(DeliveryOut)
    def publish_delivery(id: str) -> DeliveryOut:
        return _act(id, lambda session, ref: domain.publish_delivery(session, ref, now=now()))

    @bp.post("/deliveries/<id>/move")
    @bp.input(MoveIn)
    @bp.output(DeliveryOut)
    def move_delivery(id: str, json_data: MoveIn) -> DeliveryOut:
        given = json_data.schedule
        schedule = Schedule("at", given.at, given.zone) if isinstance(given, MoveAt) else Schedule("now")
        return _act(id, lambda session, ref: domain.move_delivery(session, ref, schedule, now=now()))

    @bp.post("/deliveries/<id>/drop")
    @bp.output(DeliveryOut)
    def drop_delivery(id: str) -> DeliveryOut:
        return _act(id, lambda session, ref: domain.drop_delivery(session, ref, now=now()))

    @bp.post("/deliveries/<id>/restore")
    @bp.output(DeliveryOut)
    def restore_delivery(id: str) -> DeliveryOut:
        return _act(id, lambda session, ref: domain.restore_delivery(session, ref, now=now()))

    return bp
