"""The way in for people: a one-time link gives a short-lived cookie."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.accounts.members import caller_of_member, get_member
from backend.accounts.models import LoginLink, LoginSession, Member
from backend.accounts.roles import Caller
from backend.config import Settings
from backend.infra.crypto import hash_token, new_token

LINK_LIFE = timedelta(hours=1)
INVITATION_LIFE = timedelta(days=3)
SESSION_LIFE = timedelta(hours=24)  # from the last use
SESSION_GRAIN = timedelta(minutes=10)  # its end is moved at most this often


def create_login_link(session: Session, member_id: int, *, now: datetime, life: timedelta = LINK_LIFE) -> str:
    """The secret part of a link that lets this member in, once."""
    member = get_member(session, member_id)
    session.execute(delete(LoginLink).where(LoginLink.expires_at < now))
    token = new_token()
    session.add(LoginLink(member_id=member.id, token_hash=hash_token(token), expires_at=now + life))
    return token


def use_login_link(session: Session, token: str, *, now: datetime) -> str | None:
    """The cookie of a new log-in; None for a link that is unknown, used or too old.

    Used by a compare-and-swap, so that a link opened twice at once lets in one browser.
    """
    link = session.scalar(select(LoginLink).where(LoginLink.token_hash == hash_token(token)))
    if link is None or link.expires_at <= now:
        return None
    swapped = session.execute(
        update(LoginLink)
        .where(LoginLink.id == link.id, LoginLink.used_at.is_(None))
        .values(used_at=now)
        .returning(LoginLink.id)
    ).first()
    if swapped is None:
        return None
    member = session.get(Member, link.member_id)
    if member is None or member.removed_at is not None:
        return None
    cookie = new_token()
    session.execute(delete(LoginSession).where(LoginSession.expires_at < now))
    session.add(
        LoginSession(member_id=member.id, token_hash=hash_token(cookie), created_at=now, expires_at=now + SESSION_LIFE)
    )
    return cookie


def caller_of_cookie(session: Session, cookie: str, *, now: datetime) -> tuple[Caller, LoginSession] | None:
    """Who came in with this cookie; None when it is unknown or too old."""
    login = session.scalar(select(LoginSession).where(LoginSession.token_hash == hash_token(cookie)))
    if login is None or login.expires_at <= now:
        return None
    member = session.get(Member, login.member_id)
    if member is None or member.removed_at is not None:
        return None
    return caller_of_member(session, member), login


def prolong_login(session: Session, login_id: int, *, now: datetime) -> None:
    values = {"expires_at": now + SESSION_LIFE}
    session.execute(update(LoginSession).where(LoginSession.id == login_id).values(values))


def end_login(session: Session, cookie: str) -> None:
    session.execute(delete(LoginSession).where(LoginSession.token_hash == hash_token(cookie)))


def cookie_name(settings: Settings) -> str:
    """A name of its own for each instance (two on one machine share `127.0.0.1`); bound to the host under HTTPS."""
    instance = hash_token(str(settings.data_dir))[:8]
    return f"__Host-entregent-{instance}" if settings.admin_url.startswith("https://") else f"entregent-{instance}"
