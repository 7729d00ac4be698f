"""What Mastodon gets from us, and how a post is found again. The server is mastodon-mock, which is no Mastodon: it
shows HTTP, keys and faults, not the counting of characters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.accounts.networks import check_account, server_address
from backend.connectors.base import AccountFacts, Media, NotThere, Outgoing, Published, Rejected, RetryLater, Uncertain
from backend.connectors.mastodon.client import fingerprint, plain_text
from backend.connectors.mastodon.publish import PUBLISHER, MastodonPublisher, read_limits
from backend.infra.clock import utc_now
from backend.infra.errors import Invalid
from backend.infra.http import HttpResponse
from backend.infra.runtime import Runtime
from tests.peers.servers import MastodonMock
from tests.unit.publishing.pictures import png

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"
TOKEN = {"access_token": "charlie_token"}


@pytest.fixture
def account(sqlite_runtime: Runtime, mastodon_server: MastodonMock) -> AccountFacts:
    return check_account(sqlite_runtime, "mastodon", mastodon_server.url, TOKEN, now=AT)


def prepared(runtime: Runtime, account: AccountFacts, post: Outgoing, key: str = KEY) -> dict[str, Any]:
    payload = PUBLISHER.prepare(runtime.http, account, TOKEN, PUBLISHER.plan(post, account, key=key, now=AT))
    assert isinstance(payload, dict), payload
    return payload


def test_a_plan_is_this_body_and_this_key() -> None:
    media = (Media("/tmp/a.png", "image/png", "Une tasse", 3, 2),)  # noqa: S108
    plan = PUBLISHER.plan(Outgoing("Bonjour", "fr", media, "109"), AccountFacts("1", "@a@b"), key=KEY, now=AT)
    assert plan == {
        "key": KEY,
        "body": {"status": "Bonjour", "visibility": "public", "language": "fr"},
        "in_reply_to": "109",
        "media": [{"path": "/tmp/a.png", "content_type": "image/png", "alt": "Une tasse"}],  # noqa: S108
    }


def test_the_same_key_three_times_is_one_post(
    sqlite_runtime: Runtime, mastodon_server: MastodonMock, account: AccountFacts
) -> None:
    payload = prepared(sqlite_runtime, account, Outgoing("Trois fois"), "a" * 32)
    ids = {PUBLISHER.commit(sqlite_runtime.http, account, TOKEN, payload).remote_id for _ in range(3)}  # type: ignore[union-attr]
    assert len(ids) == 1
    assert sum("Trois fois" in one["content"] for one in mastodon_server.statuses("charlie")) == 1


def test_images_are_uploaded_with_their_descriptions_and_replies_find_their_post(
    sqlite_runtime: Runtime, mastodon_server: MastodonMock, account: AccountFacts, tmp_path: Path
) -> None:
    path = tmp_path / "cup.png"
    path.write_bytes(png())
    parent = mastodon_server.post("Une question", "alice")
    post = Outgoing("Avec image", media=(Media(str(path), "image/png", "Une tasse"),), in_reply_to=parent["id"])
    payload = prepared(sqlite_runtime, account, post, "b" * 32)
    outcome = PUBLISHER.commit(sqlite_runtime.http, account, TOKEN, payload)
    assert isinstance(outcome, Published)
    made = next(one for one in mastodon_server.statuses("charlie") if one["id"] == outcome.remote_id)
    assert made["media_attachments"][0]["description"] == "Une tasse"
    assert made["in_reply_to_id"] == parent["id"]


@dataclass
class SlowServer:
    """The two calls of an upload, answered as a busy Mastodon does: 202, then 206 until it is done."""

    statuses: list[int]
    asked: list[str] = field(default_factory=list)

    def post(self, url: str, **words: Any) -> HttpResponse:  # noqa: ARG002
        return self._answer(url)

    def get(self, url: str, **words: Any) -> HttpResponse:  # noqa: ARG002
        return self._answer(url)

    def _answer(self, url: str) -> HttpResponse:
        self.asked.append(url.removeprefix("http://m"))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return HttpResponse(status, url, {}, b'{"id": "77"}', ())


@pytest.mark.parametrize(("statuses", "asked"), [([200], 1), ([202, 200], 2), ([202, 206, 206, 200], 4)])
def test_an_image_that_the_server_still_works_on_is_waited_for(tmp_path: Path, statuses: list[int], asked: int) -> None:
    path = tmp_path / "cup.png"
    path.write_bytes(png())
    server: Any = SlowServer(statuses)
    publisher = MastodonPublisher(sleep=lambda _: None)
    account = AccountFacts("1", "@a@b", server="http://m")
    plan = publisher.plan(Outgoing("x", media=(Media(str(path), "image/png", ""),)), account, key=KEY, now=AT)
    payload = publisher.prepare(server, account, TOKEN, plan)
    assert isinstance(payload, dict)
    assert payload["body"]["media_ids"] == ["77"]
    assert len(server.asked) == asked


def test_an_image_that_is_never_ready_is_come_back_for(tmp_path: Path) -> None:
    path = tmp_path / "cup.png"
    path.write_bytes(png())
    server: Any = SlowServer([202, 206])
    publisher = MastodonPublisher(sleep=lambda _: None)
    account = AccountFacts("1", "@a@b", server="http://m")
    plan = publisher.plan(Outgoing("x", media=(Media(str(path), "image/png", ""),)), account, key=KEY, now=AT)
    outcome = publisher.prepare(server, account, TOKEN, plan)
    assert isinstance(outcome, RetryLater)
    assert outcome.after_s == 10


# --- finding it again --------------------------------------------------------------------------------------------


def reconcile(runtime: Runtime, account: AccountFacts, text: str, armed_ago: timedelta, **more: Any) -> Any:
    payload = {**PUBLISHER.plan(Outgoing(text), account, key="c" * 32, now=AT), **more}
    now = utc_now()
    return PUBLISHER.reconcile(runtime.http, account, TOKEN, payload, armed_at=now - armed_ago, now=now)


MINUTES, HOURS = timedelta(minutes=5), timedelta(hours=3)


def test_what_is_there_is_found_by_its_text_while_the_key_lives_and_after(
    sqlite_runtime: Runtime, mastodon_server: MastodonMock, account: AccountFacts
) -> None:
    text = "Retrouvé ? « Oui » & <b>bien</b> @alice@example.social https://exemple.fr/a?b=1\n\nFin ☕️"
    made = mastodon_server.post(text, "charlie")
    for ago in (MINUTES, HOURS):
        found = reconcile(sqlite_runtime, account, text, ago)
        assert isinstance(found, Published), found
        assert found.remote_id == made["id"]


def test_what_is_not_there_may_be_sent_again_while_the_key_lives(
    sqlite_runtime: Runtime, account: AccountFacts
) -> None:
    assert reconcile(sqlite_runtime, account, "Jamais envoyé 1", MINUTES) == NotThere()


def test_when_the_key_is_dead_and_other_posts_are_there_a_person_is_asked(
    sqlite_runtime: Runtime, mastodon_server: MastodonMock, account: AccountFacts
) -> None:
    made = mastodon_server.post("Un autre texte", "charlie")
    assert isinstance(reconcile(sqlite_runtime, account, "Jamais envoyé 2", HOURS), Uncertain)
    known = [one["id"] for one in mastodon_server.statuses("charlie")]
    assert made["id"] in known
    assert reconcile(sqlite_runtime, account, "Jamais envoyé 2", HOURS, not_these=known) == NotThere()


def test_a_twin_that_belongs_to_another_delivery_is_not_taken_for_ours(
    sqlite_runtime: Runtime, mastodon_server: MastodonMock, account: AccountFacts
) -> None:
    twin = mastodon_server.post("Bonjour à tous", "charlie")
    assert reconcile(sqlite_runtime, account, "Bonjour à tous", MINUTES, not_these=[twin["id"]]) == NotThere()


def test_posts_from_before_are_not_looked_at(
    sqlite_runtime: Runtime, mastodon_server: MastodonMock, account: AccountFacts
) -> None:
    mastodon_server.post("Comme hier", "charlie")
    payload = PUBLISHER.plan(Outgoing("Comme hier"), account, key="d" * 32, now=AT)
    later = utc_now() + timedelta(hours=2)  # our clock is two hours fast: the server's own clock decides
    outcome = PUBLISHER.reconcile(
        sqlite_runtime.http, account, TOKEN, payload, armed_at=later + timedelta(minutes=2), now=later
    )
    assert outcome == NotThere()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Bonjour", "<p>Bonjour</p>"),
        ("a\nb\n\nc", "<p>a<br />b</p><p>c</p>"),
        ("l'été & moi", "<p>l&#39;été &amp; moi</p>"),
        (
            "@alice@example.social voir https://exemple.fr/a",
            '<p><span class="h-card"><a href="https://example.social/@alice" class="u-url mention">@<span>alice</span>'
            '</a></span> voir <a href="https://exemple.fr/a"><span class="invisible">https://</span>'
            '<span class="">exemple.fr/a</span><span class="invisible"></span></a></p>',
        ),
    ],
)
def test_a_text_is_recognised_in_what_the_server_made_of_it(ours: str, theirs: str) -> None:
    assert fingerprint(ours) == fingerprint(plain_text(theirs))


# --- servers -----------------------------------------------------------------------------------------------------


def test_the_servers_own_limits_are_read() -> None:
    instance = {
        "configuration": {
            "statuses": {"max_characters": 5000, "max_media_attachments": 6, "characters_reserved_per_url": 30},
            "media_attachments": {"image_size_limit": 1000, "supported_mime_types": ["image/png"]},
        }
    }
    assert read_limits(instance) == {
        "limit": 5000, "url_length": 30, "images": 6, "image_bytes": 1000, "types": ["image/png"]
    }  # fmt: skip
    assert read_limits({}) == {}


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" https://Mastodon.Social/@alice/ ", "https://mastodon.social"),
        ("@alice@mastodon.social", "https://mastodon.social"),
        ("https://m.example:8443/x?y", "https://m.example:8443"),
        ("http://127.0.0.1:4711", "http://127.0.0.1:4711"),
    ],
)
def test_a_server_is_named_in_many_ways(given: str, address: str) -> None:
    assert server_address(given, {"127.0.0.1:4711"}) == address


@pytest.mark.parametrize(
    "given", ["", "http://mastodon.social", "ftp://x.example", "https://a:b@c.example", "https://"]
)
def test_a_server_to_which_no_secret_may_go_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        server_address(given, {"127.0.0.1:4711"})


def test_a_file_that_is_gone_is_said(sqlite_runtime: Runtime, account: AccountFacts, tmp_path: Path) -> None:
    post = Outgoing("x", media=(Media(str(tmp_path / "gone.png"), "image/png", ""),))
    plan = PUBLISHER.plan(post, account, key=KEY, now=AT)
    outcome = PUBLISHER.prepare(sqlite_runtime.http, account, TOKEN, plan)
    assert isinstance(outcome, Rejected)
    assert outcome.code == "media_missing"
