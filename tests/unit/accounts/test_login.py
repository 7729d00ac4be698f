from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backend.accounts.login import caller_of_cookie, create_login_link, end_login, use_login_link
from backend.accounts.members import (
    caller_of_token,
    create_device,
    create_member,
    first_owner,
    remove_member,
    revoke_device,
)
from backend.infra.db import Database
from backend.infra.errors import Conflict


def test_a_link_lets_in_once(db: Database, at: datetime) -> None:
    with db.write() as session:
        owner = first_owner(session, now=at)
        link = create_login_link(session, owner.id, now=at)
        cookie = use_login_link(session, link, now=at)
        assert cookie is not None
        assert use_login_link(session, link, now=at) is None
        found = caller_of_cookie(session, cookie, now=at)
        assert found is not None
        assert found[0].role_everywhere == "owner"


def test_a_link_is_too_old_after_an_hour_and_a_cookie_after_a_day_unused(db: Database, at: datetime) -> None:
    with db.write() as session:
        owner = first_owner(session, now=at)
        link = create_login_link(session, owner.id, now=at)
        assert use_login_link(session, link, now=at + timedelta(hours=1)) is None
        cookie = use_login_link(session, create_login_link(session, owner.id, now=at), now=at)
        assert cookie is not None
        assert caller_of_cookie(session, cookie, now=at + timedelta(hours=23)) is not None
        assert caller_of_cookie(session, cookie, now=at + timedelta(hours=24)) is None


def test_logging_out_ends_the_cookie(db: Database, at: datetime) -> None:
    with db.write() as session:
        owner = first_owner(session, now=at)
        cookie = use_login_link(session, create_login_link(session, owner.id, now=at), now=at)
        assert cookie is not None
        end_login(session, cookie)
        assert caller_of_cookie(session, cookie, now=at) is None


def test_a_removed_member_loses_every_way_in_at_once(db: Database, at: datetime) -> None:
    with db.write() as session:
        first_owner(session, now=at)
        bob = create_member(session, name="Bob", brand_roles={}, now=at)
        cookie = use_login_link(session, create_login_link(session, bob.id, now=at), now=at)
        _device, token = create_device(session, name="Bob's", kind="extension", member_id=bob.id, now=at)
        remove_member(session, bob.id, now=at)
        assert cookie is not None
        assert caller_of_cookie(session, cookie, now=at) is None
        assert caller_of_token(session, token) is None


def test_the_last_owner_stays(db: Database, at: datetime) -> None:
    with db.write() as session:
        owner = first_owner(session, now=at)
        with pytest.raises(Conflict):
            remove_member(session, owner.id, now=at)


def test_a_revoked_device_is_out_and_its_token_is_nowhere_in_the_database(db: Database, at: datetime) -> None:
    with db.write() as session:
        device, token = create_device(session, name="laptop", kind="token", role="owner", now=at)
        assert token not in (device.token_hash, device.name)
        assert caller_of_token(session, token) is not None
        revoke_device(session, device.id, now=at)
        assert caller_of_token(session, token) is None
