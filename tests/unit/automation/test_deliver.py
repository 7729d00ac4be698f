"""A message on its way: sent once, again where nothing was heard, dead where the answer was no."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.automation import sends
from backend.automation.channels import (
    change_channel,
    check_setup,
    come_back,
    leave_channel,
    remove_channel,
    restore_channel,
)
from backend.automation.content import leave_url, read_leave
from backend.automation.deliver import begin, call, record, send_one, try_channel
from backend.automation.models import Channel, Message, MessageSend
from backend.automation.notify import notify
from backend.connectors.notices.base import Refused, Sent, TryLater
from backend.infra.crypto import Vault
from backend.infra.errors import Invalid
from backend.infra.jobs import lease_due
from backend.infra.runtime import Runtime
from tests.conftest import Clock
from tests.peers.mailbox import open_mailbox
from tests.peers.rooms import Answer, Rooms, open_rooms
from tests.unit.automation.make import make_brand, make_channel


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    with open_rooms() as opened:
        yield opened


class Post:
    """A brand with one webhook."""

    def __init__(self, runtime: Runtime, clock: Clock, rooms: Rooms) -> None:
        self.runtime, self.clock, self.rooms = runtime, clock, rooms
        setup = check_setup("webhook", {"url": f"{rooms.url}/hook"}, runtime.settings)
        with runtime.db.write() as session:
            self.brand_id = make_brand(session, now=clock())
            sealed = runtime.vault.seal(setup.secrets)
            self.channel_id = make_channel(
                session, self.brand_id, params=dict(setup.params), secret=sealed, now=clock()
            ).id

    def say(self, title: str = "Hello") -> int:
        with self.runtime.db.write() as session:
            message = notify(session, brand_id=self.brand_id, kind="spike", title=title, now=self.clock())
            assert message is not None
            return message.id

    def lease(self) -> list[tuple[int, int]]:
        with self.runtime.db.write() as session:
            leases = lease_due(session, MessageSend, now=self.clock(), lease_s=60, limit=100, worker="t")
        return [(lease.ref, lease.fence) for lease in leases]

    def work(self) -> None:
        for ref, fence in self.lease():
            send_one(self.runtime, ref, fence)

    def send(self) -> MessageSend:
        with self.runtime.db.read() as session:
            return session.scalars(select(MessageSend).order_by(MessageSend.id.desc())).first()  # type: ignore[return-value]

    def channel(self) -> Channel:
        with self.runtime.db.read() as session:
            return session.get_one(Channel, self.channel_id)


@pytest.fixture
def post(runtime: Runtime, clock: Clock, rooms: Rooms) -> Post:
    return Post(runtime, clock, rooms)


def test_a_message_is_sent_once(post: Post) -> None:
    post.say()
    post.work()
    post.clock.forward(hours=1)
    post.work()
    assert [came.json["data"]["title"] for came in post.rooms.came] == ["Hello"]
    assert post.send().state == "sent"
    assert post.channel().sent_at is not None


def test_two_workers_with_one_row_send_once(post: Post) -> None:
    post.say()
    ((ref, fence),) = post.lease()
    send_one(post.runtime, ref, fence)
    send_one(post.runtime, ref, fence)
    send_one(post.runtime, ref, fence - 1)
    assert len(post.rooms.came) == 1


def test_silence_is_tried_again_later_under_the_same_key(post: Post) -> None:
    post.say()
    post.rooms.answers += [Answer(500), Answer(silent=True)]
    for _ in range(3):
        post.work()
        post.clock.forward(seconds=60)
    assert len({came.headers["webhook-id"] for came in post.rooms.came}) == 1
    assert len(post.rooms.came) == 3
    assert post.send().state == "sent"


def test_a_worker_that_dies_between_sending_and_noting_it_sends_again_under_the_same_key(post: Post) -> None:
    post.say()
    ((ref, fence),) = post.lease()
    job = begin(post.runtime, ref, fence)
    assert job is not None
    assert call(post.runtime, job.channel_kind, job.setup, job.notice) == Sent()
    post.clock.forward(seconds=61)  # it died here
    post.work()
    assert [came.headers["webhook-id"] for came in post.rooms.came] == [job.notice.key] * 2
    record(post.runtime, job, Refused("late", "it was not dead after all"))
    assert post.send().state == "sent"


def test_retry_after_is_kept_and_holds_back_what_else_goes_there(post: Post) -> None:
    post.rooms.answers.append(Answer(429, headers={"Retry-After": "600"}))
    post.say("first")
    post.work()
    post.say("second")
    post.work()
    assert len(post.rooms.came) == 1
    post.clock.forward(seconds=590)
    post.work()
    assert len(post.rooms.came) == 1
    post.clock.forward(seconds=30)
    post.work()
    assert {came.json["data"]["title"] for came in post.rooms.came} == {"first", "second"}


def test_a_clear_no_is_a_dead_letter_that_a_person_sends_again(post: Post) -> None:
    post.rooms.answers.append(Answer(404))
    message_id = post.say()
    post.work()
    assert (post.send().state, post.send().error_code) == ("dead", "not_found")
    assert (post.channel().state, post.channel().error_code) == ("failing", "not_found")
    post.clock.forward(days=1)
    post.work()
    assert len(post.rooms.came) == 1
    with post.runtime.db.write() as session:
        sends.resend(session, message_id, now=post.clock())
    post.work()
    assert post.send().state == "sent"
    assert (post.channel().state, post.channel().error) == ("ok", "")
    assert len({came.headers["webhook-id"] for came in post.rooms.came}) == 1


def test_what_arrived_cannot_be_sent_again(post: Post) -> None:
    message_id = post.say()
    post.work()
    with post.runtime.db.write() as session, pytest.raises(Invalid):
        sends.resend(session, message_id, now=post.clock())


def test_what_a_person_drops_is_not_sent_by_a_worker_that_has_it(post: Post) -> None:
    message_id = post.say()
    ((ref, fence),) = post.lease()
    with post.runtime.db.write() as session:
        sends.drop(session, message_id, now=post.clock())
    send_one(post.runtime, ref, fence)
    assert post.rooms.came == []
    assert post.send().state == "dropped"


def test_after_a_day_of_silence_it_is_a_dead_letter(post: Post, at: datetime) -> None:
    post.rooms.answers += [Answer(503)] * 100
    post.say()
    while post.send().state == "waiting" and post.clock() < at + timedelta(days=3):
        due_at = post.send().due_at
        assert due_at is not None
        post.clock.at = max(post.clock(), due_at) + timedelta(seconds=1)
        post.work()
    assert post.send().state == "dead"
    assert timedelta(hours=15) < post.clock() - at < timedelta(hours=30)
    assert len(post.rooms.came) == sends.MOST_FAILURES


@pytest.mark.parametrize("outcome", [TryLater("address_later", "450 greylisted"), Refused("address_refused", "550 no")])
def test_what_is_wrong_with_one_address_holds_up_no_other(
    post: Post, monkeypatch: pytest.MonkeyPatch, outcome: TryLater | Refused
) -> None:
    post.say()
    said: list[TryLater | Refused | Sent] = [outcome, Sent()]
    monkeypatch.setattr("backend.automation.deliver.call", lambda *_: said.pop(0))
    post.work()
    assert post.send().error_code == outcome.code
    assert (post.channel().state, post.channel().wait_until) == ("ok", None)
    post.say("Another")
    post.work()
    assert (post.send().state, said) == ("sent", [])


def test_the_third_silence_in_a_row_makes_a_channel_failing(post: Post) -> None:
    post.rooms.answers += [Answer(503)] * 3
    post.say()
    states = []
    for _ in range(3):
        post.work()
        states.append(post.channel().state)
        post.clock.forward(minutes=5)
    assert states == ["ok", "ok", "failing"]


def test_other_channels_hear_of_one_that_fails_once(post: Post) -> None:
    with post.runtime.db.write() as session:
        make_channel(session, post.brand_id, "browser", now=post.clock())
    post.rooms.answers += [Answer(404), Answer(404)]
    for title in ("one", "two"):
        post.say(title)
        post.work()
    with post.runtime.db.read() as session:
        troubles = list(session.scalars(select(Message).where(Message.kind == "trouble")))
    assert [message.title for message in troubles] == ["Alerts do not arrive: webhook"]
    assert "nothing at this address" in troubles[0].body


def test_what_waits_for_a_removed_channel_is_dropped_and_for_a_resting_one_waits(post: Post) -> None:
    post.say()
    with post.runtime.db.write() as session:
        change_channel(session, post.channel_id, version=post.channel().version, paused=True, now=post.clock())
    post.work()
    assert post.send().state == "waiting"
    with post.runtime.db.write() as session:
        remove_channel(session, post.channel_id, now=post.clock())
    post.clock.forward(minutes=11)
    post.work()
    assert post.send().state == "dropped"
    assert post.rooms.came == []
    with post.runtime.db.write() as session:
        assert restore_channel(session, post.channel_id, now=post.clock()).removed_at is None


def test_a_secret_of_another_key_is_said_and_not_tried_for_ever(post: Post) -> None:
    with post.runtime.db.write() as session:
        session.get_one(Channel, post.channel_id).secret = Vault(b"another").seal({"url": "x"})
    post.say()
    post.work()
    assert (post.send().state, post.send().error_code) == ("dead", "secret_lost")


def test_a_test_says_what_happened(post: Post) -> None:
    assert try_channel(post.runtime, post.channel_id, key="k" * 32) == Sent()
    assert post.rooms.came[0].json["type"] == "alert.test"
    post.rooms.answers.append(Answer(500))
    outcome = try_channel(post.runtime, post.channel_id, key="k" * 32)
    assert isinstance(outcome, TryLater)
    assert (post.channel().state, post.channel().error_code) == ("failing", "http_error")


def test_an_address_that_leaves_gets_no_more_and_can_come_back(post: Post) -> None:
    with post.runtime.db.write() as session:
        channel = make_channel(
            session, post.brand_id, "email", params={"to": ["a@b.example", "c@d.example"]}, now=post.clock()
        )
        channel_id = channel.id
        notify(session, brand_id=post.brand_id, kind="spike", title="x", channel_ids=[channel_id], now=post.clock())
        assert leave_channel(session, channel_id, "a@b.example", now=post.clock())
        assert not leave_channel(session, channel_id, "a@b.example", now=post.clock())
        waiting = session.scalars(select(MessageSend).where(MessageSend.recipient == "a@b.example")).one()
        assert not sends.begin(session, waiting, channel, jitter=0.5, now=post.clock())
        assert waiting.state == "dropped"
        assert come_back(session, channel_id, "a@b.example", now=post.clock())
        assert channel.params["to"] == ["c@d.example", "a@b.example"]


def test_a_signed_address_opens_one_channel_for_one_recipient_only(runtime: Runtime) -> None:
    url = leave_url(runtime.settings, runtime.vault, 12, "a@b.example")
    signed = url.rsplit("/", 1)[1]
    assert read_leave(runtime.vault, signed) == (12, "a@b.example")
    other = leave_url(runtime.settings, runtime.vault, 13, "a@b.example").rsplit("/", 1)[1]
    forged = other.split(".")[0] + "." + signed.split(".")[1]
    for wrong in (forged, signed[:-1], "", "a", "é.x", "a.b.c"):
        assert read_leave(runtime.vault, wrong) is None


def test_the_wait_doubles_up_to_an_hour_and_keeps_to_what_is_asked() -> None:
    waits = [sends.next_try_s(failures, None, 0.5) for failures in range(1, 12)]
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert sends.next_try_s(1, 300, 0.5) == 300
    assert sends.next_try_s(1, None, 0.0) < 10 < sends.next_try_s(1, None, 1.0)


def test_a_mail_goes_the_whole_way_to_each_address(
    runtime: Runtime, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_mailbox(tmp_path) as box:
        monkeypatch.setenv("SSL_CERT_FILE", str(box.certificate))  # a company's own authority
        given = {
            "host": "127.0.0.1", "port": box.port, "username": "eve", "password": "lumiere",
            "sender": "alerts@cafe.example", "to": ["eve@example.org", "bob@example.org"],
        }  # fmt: skip
        setup = check_setup("email", given, runtime.settings)
        with runtime.db.write() as session:
            brand_id = make_brand(session, now=clock())
            sealed = runtime.vault.seal(setup.secrets)
            make_channel(session, brand_id, "email", params=dict(setup.params), secret=sealed, now=clock())
            notify(session, brand_id=brand_id, kind="spike", title="Something happens", now=clock())
            leases = lease_due(session, MessageSend, now=clock(), lease_s=60, limit=9, worker="t")
        box.refuse["DATA"] = "451 greylisted, come back"
        for lease in leases[:1]:
            send_one(runtime, lease.ref, lease.fence)
        box.refuse.clear()
        for lease in leases[1:]:
            send_one(runtime, lease.ref, lease.fence)
        clock.forward(minutes=5)
        with runtime.db.write() as session:
            leases = lease_due(session, MessageSend, now=clock(), lease_s=60, limit=9, worker="t")
        for lease in leases:
            send_one(runtime, lease.ref, lease.fence)
    assert sorted(box.recipients) == [["bob@example.org"], ["eve@example.org"]]
    assert len({mail["Message-ID"] for mail in box.mails}) == 2
    for mail, (recipient,) in zip(box.mails, box.recipients, strict=True):
        signed = str(mail["List-Unsubscribe"]).strip("<>").rsplit("/", 1)[1]
        found = read_leave(runtime.vault, signed)
        assert found is not None
        assert found[1] == recipient


def test_many_workers_at_once_send_each_message_once(post: Post) -> None:
    for number in range(30):
        post.say(str(number))

    def work() -> None:
        for _ in range(10):
            post.work()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(came.json["data"]["title"]) for came in post.rooms.came) == list(range(30))
