"""Session-wide fixtures over the servers of other people: started once, at the first test that asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers import servers


@pytest.fixture(scope="session")
def pds_server() -> Iterator[servers.Pds]:
    """A real Bluesky PDS. Make an account of your own in each test: `pds_server.create_account()`."""
    with servers.pds() as server:
        yield server


@pytest.fixture(scope="session")
def mastodon_server() -> Iterator[servers.MastodonMock]:
    """mastodon-mock, shared by all tests: look for your own text among its statuses."""
    with servers.mastodon_mock() as server:
        yield server


@pytest.fixture
def bluesky_account(pds_server: servers.Pds) -> servers.BlueskyAccount:
    """A new, empty account on the PDS."""
    return pds_server.create_account()
