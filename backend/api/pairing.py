"""`/pairing/requests`: an extension asks, the app approves."""

from __future__ import annotations

from typing import Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import Field

from backend.accounts.pairing import create_pairing, decide_pairing, list_pending, poll_pairing
from backend.api.base import Empty, In, Moment, Out, caller, make_blueprint, now, runtime
from backend.infra.errors import Forbidden


class PairingIn(In):
    code: str = Field(description="What the extension shows; the app shows the same.")
    client: str = Field(default="", description="A name a person recognises: Firefox on Linux.")
    challenge: str = Field(description="base64url(SHA-256(verifier)) without =; the verifier has at least 128 bits.")


class PairingOut(Out):
    id: str
    expires_at: Moment


class PendingOut(Out):
    id: str
    code: str
    client: str
    origin: str
    expires_at: Moment


class PendingList(Out):
    items: list[PendingOut]


class PollIn(In):
    verifier: str = Field(max_length=200)


class PollOut(Out):
    status: Literal["pending", "approved", "refused"]
    token: str | None = None


def pairing_blueprint() -> APIBlueprint:
    bp = make_blueprint("pairing")

    @bp.post("/pairing/requests")
    @bp.input(PairingIn)
    @bp.output(PairingOut, status_code=201)
    def post_pairing(json_data: PairingIn) -> PairingOut:
        with runtime().db.write() as session:
            row = create_pairing(
                session,
                code=json_data.code,
                client=json_data.client,
                challenge=json_data.challenge,
                origin=request.headers.get("Origin", ""),
                address=request.remote_addr or "",
                now=now(),
            )
            return PairingOut(id=row.public_id, expires_at=row.expires_at)

    @bp.post("/pairing/requests/<id>/poll")
    @bp.input(PollIn)
    @bp.output(PollOut)
    def poll_pairing_request(id: str, json_data: PollIn) -> PollOut:
        with runtime().db.write() as session:
            origin = request.headers.get("Origin", "")
            status, token = poll_pairing(session, id, json_data.verifier, origin=origin, now=now())
            return PollOut.model_validate({"status": status, "token": token or None})

    @bp.get("/pairing/requests")
    @bp.output(PendingList)
    def get_pending() -> PendingList:
        _member()
        with runtime().db.read() as session:
            rows = list_pending(session, now=now())
            return PendingList(
                items=[
                    PendingOut(id=r.public_id, code=r.code, client=r.client, origin=r.origin, expires_at=r.expires_at)
                    for r in rows
                ]
            )

    @bp.post("/pairing/requests/<id>/approve")
    @bp.output(Empty)
    def approve_pairing(id: str) -> Empty:
        return _decide(id, approve=True)

    @bp.post("/pairing/requests/<id>/refuse")
    @bp.output(Empty)
    def refuse_pairing(id: str) -> Empty:
        return _decide(id, approve=False)

    return bp


def _decide(public_id: str, *, approve: bool) -> Empty:
    member_id = _member()
    with runtime().db.write() as session:
        decide_pairing(session, public_id, approve=approve, member_id=member_id, now=now())
    return Empty()


def _member() -> int:
    """Only a person who logged in lets a browser in: a token cannot make more tokens. Raises Forbidden."""
    me = caller()
    if me.member_id is None or me.device_id is not None:
        raise Forbidden("Approve this in the app, where you are logged in.", code="login_needed")
    return me.member_id
