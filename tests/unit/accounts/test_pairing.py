from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from backend.accounts.members import caller_of_token, first_owner
from backend.accounts.pairing import create_pairing, decide_pairing, list_pending, poll_pairing
from backend.infra.db import Database
from backend.infra.errors import Gone, Invalid, RateLimited, Unauthorized

ORIGIN = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def ask(session: Session, at: datetime, *, verifier: str = "", address: str = "127.0.0.1") -> tuple[str, str]:
    verifier = verifier or secrets.token_urlsafe(32)
    row = create_pairing(
        session,
        code="482913",
        client="Chromium",
        challenge=challenge_of(verifier),
        origin=ORIGIN,
        address=address,
        now=at,
    )
    return row.public_id, verifier


def test_the_token_is_told_once_after_the_approval_and_lets_in(db: Database, at: datetime) -> None:
    with db.write() as session:
        owner = first_owner(session, now=at)
        ref, verifier = ask(session, at)
        assert poll_pairing(session, ref, verifier, origin=ORIGIN, now=at) == ("pending", "")
        decide_pairing(session, ref, approve=True, member_id=owner.id, now=at)
        status, token = poll_pairing(session, ref, verifier, origin=ORIGIN, now=at)
        assert status == "approved"
        found = caller_of_token(session, token)
        assert found is not None
        assert found[0].member_id == owner.id
        assert found[1].origin == ORIGIN
        with pytest.raises(Gone):
            poll_pairing(session, ref, verifier, origin=ORIGIN, now=at)


def test_whoever_saw_only_the_code_cannot_fetch_the_token(db: Database, at: datetime) -> None:
    with db.write() as session:
        owner = first_owner(session, now=at)
        ref, _verifier = ask(session, at)
        decide_pairing(session, ref, approve=True, member_id=owner.id, now=at)
        with pytest.raises(Unauthorized):
            poll_pairing(session, ref, secrets.token_urlsafe(32), origin=ORIGIN, now=at)


def test_another_origin_cannot_fetch_the_token_even_with_the_verifier(db: Database, at: datetime) -> None:
    with db.write() as session:
        ref, verifier = ask(session, at)
        with pytest.raises(Unauthorized):
            poll_pairing(session, ref, verifier, origin="https://evil.example", now=at)


def test_a_request_ends_after_two_minutes(db: Database, at: datetime) -> None:
    with db.write() as session:
        owner = first_owner(session, now=at)
        ref, verifier = ask(session, at)
        later = at + timedelta(minutes=2)
        assert list_pending(session, now=later) == []
        with pytest.raises(Gone):
            decide_pairing(session, ref, approve=True, member_id=owner.id, now=later)
        with pytest.raises(Gone):
            poll_pairing(session, ref, verifier, origin=ORIGIN, now=later)


def test_a_refused_request_says_so_and_gives_no_token(db: Database, at: datetime) -> None:
    with db.write() as session:
        owner = first_owner(session, now=at)
        ref, verifier = ask(session, at)
        decide_pairing(session, ref, approve=False, member_id=owner.id, now=at)
        assert poll_pairing(session, ref, verifier, origin=ORIGIN, now=at) == ("refused", "")


def test_at_most_three_requests_are_open(db: Database, at: datetime) -> None:
    with db.write() as session:
        for number in range(3):
            ask(session, at, address=f"192.0.2.{number}")
        with pytest.raises(RateLimited) as refused:
            ask(session, at, address="192.0.2.9")
        assert refused.value.retry_after_s > 0
        ask(session, at + timedelta(minutes=3), address="192.0.2.9")


def test_one_address_cannot_ask_for_ever(db: Database, at: datetime) -> None:
    with db.write() as session:
        for number in range(10):
            ask(session, at + timedelta(seconds=50 * number))
        with pytest.raises(RateLimited):
            ask(session, at + timedelta(seconds=510))


@pytest.mark.parametrize(("code", "challenge"), [("12", "a" * 43), ("4829-1x", "a" * 43), ("482913", "short")])
def test_a_badly_made_request_is_refused(sqlite_db: Database, at: datetime, code: str, challenge: str) -> None:
    with sqlite_db.write() as session, pytest.raises(Invalid):
        create_pairing(session, code=code, client="x", challenge=challenge, origin="", address="", now=at)
