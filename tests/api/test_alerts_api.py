"""Alerts, channels, messages and feeds over the API: who may what, what never comes back, what leaves the house."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from sqlalchemy import select

from backend.accounts.brands import get_brand
from backend.automation.channels import create_channel
from backend.automation.content import leave_url
from backend.automation.deliver import send_one
from backend.automation.models import Alert, ChangeReader, MessageSend
from backend.automation.notify import notify
from backend.automation.readers import plan_readers, read_on
from backend.automation.rounds import alert_one
from backend.connectors.notices.base import Setup
from backend.infra.jobs import lease_due
from backend.infra.runtime import Runtime
from backend.web.hosts import guard_hosts
from tests.factories import Api, runtime_of
from tests.peers.rooms import Answer, Rooms, open_rooms
from tests.unit.automation.make import make_mention


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    with open_rooms() as opened:
        yield opened


@pytest.fixture
def hook(api: Api, brand: dict[str, Any], rooms: Rooms) -> dict[str, Any]:
    made = api.post(
        "/channels", {"kind": "webhook", "name": "Our program", "setup": {"url": f"{rooms.url}/h?k=secret"}}
    )
    assert made.status == 201, made.json
    return dict(made.json)


@pytest.fixture
def keyword(api: Api, brand: dict[str, Any]) -> dict[str, Any]:
    return dict(api.post("/keywords", {"query": "lumiere"}).json)


def work(runtime: Runtime) -> None:
    for model, turn in ((ChangeReader, read_on), (Alert, alert_one), (MessageSend, send_one)):
        with runtime.db.write() as session:
            if model is ChangeReader:
                plan_readers(session, now=runtime.clock())
            leases = lease_due(session, model, now=runtime.clock(), lease_s=60, limit=100, worker="t")
        for lease in leases:
            turn(runtime, lease.ref, lease.fence)


def say_something(api: Api, brand: dict[str, Any], number: int = 1, **values: Any) -> int:
    runtime = runtime_of(api.app)
    with runtime.db.write() as session:
        return make_mention(session, int(brand["id"]), number, now=runtime.clock(), **values).id


def test_a_search_that_reaches_back_before_the_calendar_stops_no_alert(
    api: Api, brand: dict[str, Any], hook: dict[str, Any], rooms: Rooms
) -> None:
    long_ago = api.post("/searches", {"name": "All", "query": "since:9999y"})
    assert long_ago.status == 201
    runtime = runtime_of(api.app)
    for search_id in (long_ago.json["id"], None):
        assert api.post("/alerts", {"search_id": search_id, "channel_ids": [hook["id"]]}).status == 201
    work(runtime)
    mention_id = say_something(api, brand, title="The terrace is open")
    assert [one["id"] for one in api.get("/mentions?q=since:9999y").json["items"]] == [str(mention_id)]
    assert api.get("/mentions?q=until:9999y").json["items"] == []
    runtime.clock.forward(seconds=10)  # type: ignore[attr-defined]
    work(runtime)
    assert len(rooms.came) == 2


@pytest.mark.parametrize("asked", [{"filters": {"assignee": "me"}}, {"query": "terrace -is:mine"}])
def test_no_alert_listens_for_what_is_mine(api: Api, brand: dict[str, Any], asked: dict[str, Any]) -> None:
    search = api.post("/searches", {"name": "Mine", **asked}).json
    refused = api.post("/alerts", {"search_id": search["id"]})
    assert (refused.status, refused.json["error"]["code"]) == (422, "search_of_one_person")
    assert list(refused.json["error"]["fields"]) == ["search_id"]
    # Nor does it become so under an alert; once no alert listens for it, it may.
    search = api.post("/searches", {"name": "Everybody's", "query": "terrace"}).json
    alert = api.post("/alerts", {"search_id": search["id"]}).json
    change = f"/searches/{search['id']}", {**asked, "version": search["version"]}
    refused = api.patch(*change)
    assert (refused.status, refused.json["error"]["code"]) == (422, "search_of_one_person")
    assert [one["query"] for one in api.get("/searches").json["items"] if one["id"] == search["id"]] == ["terrace"]
    api.delete(f"/alerts/{alert['id']}")
    assert api.patch(*change).status == 200


def test_from_an_alert_to_a_program(api: Api, brand: dict[str, Any], hook: dict[str, Any], rooms: Rooms) -> None:
    runtime = runtime_of(api.app)
    made = api.post("/alerts", {"channel_ids": [hook["id"]]})
    assert made.status == 201
    assert made.json["name"] == "Café Lumière"
    work(runtime)
    mention_id = say_something(api, brand, title="The terrace is open")
    runtime.clock.forward(seconds=10)  # type: ignore[attr-defined]
    work(runtime)
    assert rooms.came[0].json["data"]["mentions"][0]["id"] == str(mention_id)
    (message,) = api.get("/messages").json["items"]
    assert message["mention_id"] == str(mention_id)
    assert [send["state"] for send in message["sends"]] == ["sent"]
    assert api.get(f"/messages/{message['id']}").json == message


def test_secrets_never_come_back(api: Api, hook: dict[str, Any]) -> None:
    assert hook["signing_secret"].startswith("whsec_")
    assert hook["secrets"] == ["url", "signing_secret"]
    for path in ("/channels", f"/channels/{hook['id']}"):
        said = api.get(path).data.decode()
        assert "k=secret" not in said
        assert hook["signing_secret"] not in said
    given = "whsec_" + "QUJD" * 12
    own = api.post("/channels", {"kind": "webhook", "setup": {"url": "https://a.example/", "signing_secret": given}})
    assert own.json["signing_secret"] is None


def test_an_empty_secret_keeps_what_is_there(api: Api, hook: dict[str, Any], rooms: Rooms) -> None:
    changed = api.patch(
        f"/channels/{hook['id']}", {"setup": {"url": ""}, "name": "Renamed", "version": hook["version"]}
    )
    assert changed.status == 200
    assert changed.json["signing_secret"] is None
    assert api.post(f"/channels/{hook['id']}/test").json["ok"] is True
    assert rooms.came[0].path == "/h?k=secret"
    stale = api.patch(f"/channels/{hook['id']}", {"name": "x", "version": hook["version"]})
    assert stale.status == 409
    assert stale.json["error"]["current"]["name"] == "Renamed"


def test_settings_can_be_taken_over_from_another_channel(api: Api, brand: dict[str, Any]) -> None:
    setup = {"host": "mail.example.org", "sender": "a@b.example", "to": ["c@d.example"], "password": "hidden"}
    first = api.post("/channels", {"kind": "email", "setup": setup})
    assert first.status == 201, first.json
    second = api.post("/channels", {"kind": "email", "like": first.json["id"], "setup": {"to": "e@f.example"}})
    assert second.json["setup"]["host"] == "mail.example.org"
    assert second.json["setup"]["to"] == ["e@f.example"]
    assert second.json["secrets"] == ["password"]
    assert "hidden" not in second.data.decode()


def test_wrong_settings_name_their_field(api: Api, brand: dict[str, Any]) -> None:
    refused = api.post("/channels", {"kind": "slack", "setup": {"url": "nowhere"}})
    assert (refused.status, list(refused.json["error"]["fields"])) == (422, ["setup.url"])
    assert api.post("/channels", {"kind": "pigeon"}).json["error"]["fields"].keys() == {"kind"}
    strange = api.post("/channels", {"kind": "slack", "setup": {"colour": "red"}})
    assert list(strange.json["error"]["fields"]) == ["setup.colour"]
    kinds = {one["kind"]: one["fields"] for one in api.get("/channels/kinds").json["items"]}
    assert kinds["browser"] == []
    assert [field["name"] for field in kinds["telegram"]] == ["token", "chat"]


def test_a_test_says_what_happened(api: Api, hook: dict[str, Any], rooms: Rooms) -> None:
    rooms.answers += [Answer(401), Answer(200, b"<html>", {"Content-Type": "text/html"})]
    refused = api.post(f"/channels/{hook['id']}/test").json
    assert (refused["ok"], refused["code"], refused["channel"]["state"]) == (False, "unauthorized", "failing")
    page = api.post(f"/channels/{hook['id']}/test").json
    assert (page["ok"], page["code"], page["channel"]["state"]) == (True, "a_page", "ok")
    assert api.post(f"/channels/{hook['id']}/test").json["code"] == "sent"


def test_there_is_one_channel_for_browsers_and_they_fetch_it(api: Api, brand: dict[str, Any]) -> None:
    first = api.post("/channels", {"kind": "browser"})
    again = api.post("/channels", {"kind": "browser"})
    assert first.json["id"] == again.json["id"]
    assert api.post(f"/channels/{first.json['id']}/test").json["ok"] is True
    (told,) = api.get("/messages?channel_kind=browser&after=0").json["items"]
    assert told["kind"] == "test"
    assert api.get(f"/messages?channel_kind=browser&after={told['id']}").json["items"] == []


def test_a_dead_letter_is_sent_again_or_dropped(api: Api, brand: dict[str, Any], hook: Any, rooms: Rooms) -> None:
    runtime = runtime_of(api.app)
    rooms.answers += [Answer(404), Answer(404)]
    with runtime.db.write() as session:
        for title in ("one", "two"):
            notify(session, brand_id=int(brand["id"]), kind="spike", title=title, now=runtime.clock())
    work(runtime)
    two, one = api.get("/messages?state=dead").json["items"]
    assert one["sends"][0]["error_code"] == "not_found"
    assert api.post(f"/messages/{one['id']}/resend").json["sends"][0]["state"] == "waiting"
    assert api.post(f"/messages/{two['id']}/drop").json["sends"][0]["state"] == "dropped"
    work(runtime)
    assert api.get("/messages?state=dead").json["items"] == []
    assert api.get(f"/messages/{one['id']}").json["sends"][0]["state"] == "sent"
    refused = api.post(f"/messages/{one['id']}/resend")
    assert (refused.status, refused.json["error"]["code"]) == (422, "nothing_dead")


def test_messages_come_in_pages(api: Api, brand: dict[str, Any]) -> None:
    runtime = runtime_of(api.app)
    with runtime.db.write() as session:
        for number in range(5):
            notify(session, brand_id=int(brand["id"]), kind="spike", title=str(number), now=runtime.clock())
    page = api.get("/messages?limit=3").json
    rest = api.get(f"/messages?limit=3&cursor={page['next_cursor']}").json
    assert [one["title"] for one in page["items"] + rest["items"]] == ["4", "3", "2", "1", "0"]
    assert rest["next_cursor"] is None


def test_who_may_what(api: Api, brand: dict[str, Any], hook: dict[str, Any]) -> None:
    alert = api.post("/alerts", {"channel_ids": [hook["id"]]}).json
    api.post(f"/alerts/{alert['id']}/feed")
    viewer, editor, nobody = api.as_role("viewer", brand), api.as_role("editor", brand), api.as_role("owner", None)
    assert viewer.get(f"/alerts/{alert['id']}").json["feed"] is None
    assert editor.get(f"/alerts/{alert['id']}").json["feed"]["atom"].endswith(".atom")
    assert viewer.post("/alerts", {"brand_id": brand["id"]}).status == 403
    assert editor.post("/alerts", {"brand_id": brand["id"]}).status == 201
    assert editor.post("/channels", {"brand_id": brand["id"], "kind": "browser"}).status == 201
    assert editor.post("/channels", {"brand_id": brand["id"], "kind": "slack"}).status == 403
    assert editor.post(f"/channels/{hook['id']}/test").status == 403
    assert editor.delete(f"/channels/{hook['id']}").status == 403
    for path in (f"/alerts/{alert['id']}", f"/channels/{hook['id']}"):
        assert nobody.get(path).status == 404
        assert api.anybody().get(path).status == 401
    assert nobody.get("/messages").json["items"] == []


def test_an_alert_is_changed_put_away_and_taken_back(api: Api, keyword: dict[str, Any], hook: Any) -> None:
    made = api.post("/alerts", {"keyword_id": keyword["id"], "rhythm": "daily", "hour": 8, "channel_ids": [hook["id"]]})
    assert made.json["name"] == "lumiere"
    assert made.json["next_at"] == "2026-11-24T07:00:00.000Z"  # 08:00 in Paris
    path = f"/alerts/{made.json['id']}"
    assert api.get(f"/keywords/{keyword['id']}").json["notify"] is True
    changed = api.patch(path, {"rhythm": "weekly", "weekday": 4, "version": made.json["version"]})
    assert changed.json["next_at"] == "2026-11-27T07:00:00.000Z"
    assert api.patch(path, {"hour": 9, "version": made.json["version"]}).status == 409
    assert api.delete(path).status == 200
    assert api.get(path).status == 404
    assert api.get(f"/keywords/{keyword['id']}").json["notify"] is False
    assert api.post(f"{path}/restore").json["next_at"] == "2026-11-27T07:00:00.000Z"
    api.delete(f"/keywords/{keyword['id']}")
    assert api.get("/alerts").json["items"] == []
    api.post(f"/keywords/{keyword['id']}/restore")
    assert len(api.get("/alerts").json["items"]) == 1


def test_wrong_alerts_name_their_field(api: Api, brand: dict[str, Any], keyword: dict[str, Any]) -> None:
    other = api.post("/brands", {"name": "Another"}).json
    mine = {"brand_id": brand["id"]}
    for wrong, field in [
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"channel_ids": ["999"]}, "channel_ids"),
        ({"channel_ids": ["²"]}, "channel_ids"),
        ({"channel_ids": ["9" * 40]}, "channel_ids"),
        ({"channel_ids": ["x"]}, "channel_ids"),
        ({"keyword_id": keyword["id"], "brand_id": other["id"]}, "keyword_id"),
        ({"rhythm": "often"}, "rhythm"),
        ({"hour": 24}, "hour"),
    ]:
        refused = api.post("/alerts", {**mine, **wrong})
        assert refused.status == 422, wrong
        assert field in refused.json["error"]["fields"]


def test_a_keywords_notify_is_an_alert_in_the_browser(api: Api, brand: dict[str, Any]) -> None:
    keyword = api.post("/keywords", {"query": "lumiere", "notify": True}).json
    assert keyword["notify"] is True
    (alert,) = api.get("/alerts").json["items"]
    assert alert["keyword_id"] == keyword["id"]
    off = api.patch(f"/keywords/{keyword['id']}", {"notify": False, "version": keyword["version"]})
    assert off.json["notify"] is False
    assert api.get("/alerts").json["items"][0]["paused"] is True
    on = api.patch(f"/keywords/{keyword['id']}", {"notify": True, "version": off.json["version"]})
    assert on.json["notify"] is True
    assert len(api.get("/alerts").json["items"]) == 1


def test_a_saved_search_is_listened_for(api: Api, brand: dict[str, Any], hook: Any, rooms: Rooms) -> None:
    runtime = runtime_of(api.app)
    query = {"name": "Terrace", "query": "terrace", "filters": {"network": "mastodon"}}
    search = api.post("/searches", query).json
    other = api.post("/brands", {"name": "Another"}).json
    refused = api.post("/alerts", {"brand_id": other["id"], "search_id": search["id"]})
    assert list(refused.json["error"]["fields"]) == ["search_id"]
    body = {"brand_id": brand["id"], "search_id": search["id"], "channel_ids": [hook["id"]]}
    alert = api.post("/alerts", body).json
    assert alert["name"] == "Terrace"
    work(runtime)
    say_something(api, brand, 1, title="The kitchen is closed")
    say_something(api, brand, 2, title="A terrace elsewhere")
    wanted = say_something(api, brand, 3, title="The terrace is open", network="mastodon")
    runtime.clock.forward(seconds=10)  # type: ignore[attr-defined]
    work(runtime)
    assert [came.json["data"]["title"] for came in rooms.came] == ["Terrace\u202f: The terrace is open"]
    assert rooms.came[0].json["data"]["mentions"][0]["id"] == str(wanted)
    _atom, as_json = feed_paths(api, alert)
    items = json.loads(api.anybody().get(as_json).data)["items"]
    assert [item["title"] for item in items] == ["The terrace is open"]
    api.delete(f"/searches/{search['id']}")
    assert api.get("/alerts").json["items"] == []
    assert api.anybody().get(as_json).status == 404
    api.post(f"/searches/{search['id']}/restore")
    assert len(api.get("/alerts").json["items"]) == 1


def test_the_next_digest_can_be_looked_at(api: Api, brand: dict[str, Any]) -> None:
    runtime = runtime_of(api.app)
    alert = api.post("/alerts", {"rhythm": "daily"}).json
    assert api.get(f"/alerts/{alert['id']}/preview").json["title"] == ""
    work(runtime)
    say_something(api, brand, title="<b>One</b>")
    say_something(api, brand, 2)
    runtime.clock.forward(seconds=10)  # type: ignore[attr-defined]
    work(runtime)
    preview = api.get(f"/alerts/{alert['id']}/preview").json
    assert preview["stories"] == 2
    assert "&lt;b&gt;One" in preview["html"]
    assert "<b>One" not in preview["html"]
    assert api.get(f"/alerts/{alert['id']}").json["waiting"] == 2  # looking tells nothing


def feed_paths(api: Api, alert: dict[str, Any]) -> tuple[str, str]:
    feed = api.post(f"/alerts/{alert['id']}/feed").json["feed"]
    return feed["atom"].removeprefix("http://127.0.0.1:8377"), feed["json_feed"].removeprefix("http://127.0.0.1:8377")


def test_a_feed_is_read_at_its_secret_address_by_anybody(api: Api, brand: dict[str, Any]) -> None:
    alert = api.post("/alerts", {}).json
    hostile = "<script>alert(1)</script> & \u202e]]>"
    say_something(api, brand, title=hostile, text="Said <b>so</b>")
    say_something(api, brand, 2, about_us="no")
    atom, as_json = feed_paths(api, alert)
    got = api.anybody().get(atom)
    assert got.status == 200
    read = feedparser.parse(got.data)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title == "Entregent\u202f: Café Lumière"
    (entry,) = read.entries
    assert "<script" not in got.data.decode()
    assert entry.link == "https://somewhere.example/1"
    items = json.loads(api.anybody().get(as_json).data)["items"]
    assert [item["id"] for item in items] == [entry.id]
    assert items[0]["title"] == "<script>alert(1)</script> & ]]>"


def test_a_feed_that_did_not_change_is_not_sent_again(api: Api, brand: dict[str, Any]) -> None:
    atom, _json = feed_paths(api, api.post("/alerts", {}).json)
    first = api.anybody().get(atom)
    again = api.anybody().get(atom, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.data) == (304, b"")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert api.anybody().get(atom, headers=since).status == 304
    runtime_of(api.app).clock.forward(hours=1)  # type: ignore[attr-defined]
    say_something(api, brand)
    assert api.anybody().get(atom, headers={"If-None-Match": first.headers["ETag"]}).status == 200
    assert api.anybody().get(atom, headers=since).status == 200


def test_a_new_address_ends_the_old_one(api: Api, brand: dict[str, Any]) -> None:
    alert = api.post("/alerts", {}).json
    old, _json = feed_paths(api, alert)
    new, _json = feed_paths(api, alert)
    assert api.anybody().get(old).status == 404
    assert api.anybody().get(new).status == 200
    api.delete(f"/alerts/{alert['id']}/feed")
    assert api.anybody().get(new).status == 404
    assert api.anybody().get("/-/feeds/.atom").status == 404


def test_mails_end_with_one_click_and_come_back_with_another(api: Api, brand: dict[str, Any]) -> None:
    runtime = runtime_of(api.app)
    with runtime.db.write() as session:
        get_brand(session, int(brand["id"]))
        setup = Setup({"to": ["eve@example.org"], "host": "x"})
        channel = create_channel(session, int(brand["id"]), "email", setup, "", now=runtime.clock())
        url = leave_url(runtime.settings, runtime.vault, channel.id, "eve@example.org")
    path = url.removeprefix("http://127.0.0.1:8377")
    client = api.anybody()

    def to() -> list[str]:
        return list(api.get(f"/channels/{channel.id}").json["setup"]["to"])

    looked = client.get(path, headers={"Accept-Language": "fr"})
    assert looked.status == 200
    assert "eve@example.org" in looked.data.decode()
    assert to() == ["eve@example.org"]  # looking ends nothing
    ended = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert ended.status == 200
    assert to() == []
    client.post(path, data={"back": "1"})
    assert to() == ["eve@example.org"]
    assert client.get(path + "x").status == 404
    assert client.post("/-/unsubscribe/nonsense").status == 404


def test_a_link_domain_serves_feeds_and_the_end_of_mails_and_no_api(api: Api, brand: dict[str, Any]) -> None:
    from dataclasses import replace

    atom, _json = feed_paths(api, api.post("/alerts", {}).json)
    settings = replace(runtime_of(api.app).settings, public_url="https://lum.example")
    guarded = guard_hosts(api.app.wsgi_app, lambda *_: None, settings)
    from werkzeug.test import Client

    client = Client(guarded)
    assert client.get(atom, headers={"Host": "lum.example"}).status_code == 200
    assert client.get("/api/v1/alerts", headers={"Host": "lum.example"}).status_code == 404


def test_the_worker_hears_tells_and_sends_by_itself(api: Api, brand: dict[str, Any], hook: Any, rooms: Rooms) -> None:
    """The whole way with the real worker, its sweep and its threads."""
    from backend.infra.clock import utc_now
    from backend.worker import Worker
    from tests.waiting import wait_for

    runtime = runtime_of(api.app)
    real = Runtime(runtime.settings, runtime.db, runtime.http, runtime.vault, utc_now)
    api.post("/alerts", {"channel_ids": [hook["id"]]})
    worker = Worker(real)
    worker.start()
    try:
        wait_for(lambda: _readers(real) > 0)
        with real.db.write() as session:
            make_mention(session, int(brand["id"]), 1, title="Heard", now=utc_now() + timedelta(seconds=1))
        wait_for(lambda: len(rooms.came) == 1)
    finally:
        worker.stop()
    assert rooms.came[0].json["data"]["mentions"][0]["title"] == "Heard"


def _readers(runtime: Runtime) -> int:
    with runtime.db.read() as session:
        return len(list(session.scalars(select(ChangeReader))))
