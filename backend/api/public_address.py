"""`/public-address`: where short links are shown to the world, and whether that was proved."""

from __future__ import annotations

from apiflask import APIBlueprint
from sqlalchemy.orm import Session

from backend.api.base import MaybeMoment, Out, caller, make_blueprint, now, runtime
from backend.links.public_address import current_address, prove


class PublicAddressOut(Out):
    url: str
    proved_at: MaybeMoment
    checked_at: MaybeMoment
    error: str  # why the last proof failed, plain English
    waiting: list[str]  # what is missing before short links are given: not_set, not_checked, not_proved


def public_address_out(session: Session) -> PublicAddressOut:
    url = runtime().settings.public_url
    row = current_address(session)
    if row is None or row.url != url:
        waiting = ["not_checked"] if url else ["not_set"]
        return PublicAddressOut(url=url, proved_at=None, checked_at=None, error="", waiting=waiting)
    waiting = [] if row.proved_at else ["not_proved"] if row.checked_at else ["not_checked"]
    return PublicAddressOut(
        url=url, proved_at=row.proved_at, checked_at=row.checked_at, error=row.error, waiting=waiting
    )


def public_address_blueprint() -> APIBlueprint:
    bp = make_blueprint("public_address")

    @bp.get("/public-address")
    @bp.output(PublicAddressOut)
    def get_public_address() -> PublicAddressOut:
        caller()  # anybody with a role
        with runtime().db.read() as session:
            return public_address_out(session)

    @bp.post("/public-address/check")
    @bp.output(PublicAddressOut)
    def check_public_address() -> PublicAddressOut:
        """Ask our own public address for a proof now."""
        prove(runtime(), now=now())
        with runtime().db.read() as session:
            return public_address_out(session)

    return bp
