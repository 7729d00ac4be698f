"""Lists of sources over HTTP: checked whole, taken over in chunks, undone, and given out again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from backend.infra.jobs import lease_due
from backend.infra.runtime import Runtime
from backend.listening.imports import CHUNK, import_one
from backend.listening.models import SourceImport
from tests.factories import Api


def opml(*lines: str) -> str:
    inside = "\n".join(lines)
    return f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<opml version="1.0"><body>\n{inside}\n</body></opml>'


def feed(number: int, name: str = "") -> str:
    return f'<outline type="rss" text="{name or f"Feed {number}"}" xmlUrl="https://a{number}.example/feed.xml"/>'


def work_off(runtime: Runtime) -> int:
    """Do all lists that are due; gives how many were."""
    with runtime.db.write() as session:
        leases = lease_due(session, SourceImport, now=runtime.clock(), lease_s=60, limit=10, worker="test")
    for lease in leases:
        import_one(runtime, lease.ref, lease.fence)
    return len(leases)


def listened(api: Api) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    cursor = ""
    while True:
        page = api.get(f"/sources?limit=200{cursor}").json
        found |= {one["url"]: one for one in page["items"]}
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def hand_in(api: Api, text: str) -> dict[str, Any]:
    answer = api.post("/sources/import", {"opml": text})
    assert answer.status == 201, answer.json
    staged: dict[str, Any] = answer.json
    return staged


def test_a_list_is_checked_whole_before_anything_is_listened_to(api: Api, brand: dict[str, Any]) -> None:
    api.post("/sources", {"kind": "feed", "params": {"url": "https://a1.example/feed.xml"}})
    staged = hand_in(
        api,
        opml(
            '<outline text="Presse"><outline text="Presse locale">',
            feed(1),
            feed(2, "Voix &amp; quartier"),
            feed(2, "The same again"),
            "</outline></outline>",
            '<outline text="Concurrents">',
            feed(3),
            '<outline text="A folder without anything"/>',
            '<outline type="link" text="A page" url="ftp://files.example/x"/>',
            '<outline text="My alerts" xmlUrl="https://www.google.com/alerts?hl=fr"/>',
            '<outline text="An alert" xmlUrl="https://www.google.com/alerts/feeds/12/34"/>',
            "</outline>",
        ),
    )
    assert (staged["state"], staged["new"], staged["known"], staged["twice"]) == ("staged", 3, 1, 1)
    assert staged["by_purpose"] == {"press": 1, "competitors": 2}
    assert [(one["name"], one["kind"], one["purpose"]) for one in staged["entries"]] == [
        ("Voix & quartier", "feed", "press"),
        ("Feed 3", "feed", "competitors"),
        ("An alert", "googlealerts", "competitors"),
    ]
    assert [(one["line"], one["code"]) for one in staged["problems"]] == [
        (10, "no_address"),
        (11, "not_web_address"),
        (12, "alerts_page"),
    ]
    assert len(listened(api)) == 1


def test_a_thousand_feeds_are_taken_over_in_chunks_and_undone_together(
    api: Api, brand: dict[str, Any], sqlite_runtime: Runtime
) -> None:
    api.post("/sources", {"kind": "feed", "params": {"url": "https://own.example/feed.xml"}})
    staged = hand_in(api, opml(*(feed(number) for number in range(1_000))))
    assert work_off(sqlite_runtime) == 0  # nobody said so yet
    path = f"/sources/imports/{staged['id']}"
    assert api.post(f"{path}/start").json["state"] == "running"
    assert work_off(sqlite_runtime) == 1
    done = api.get(path).json
    assert (done["state"], done["applied"], done["created"]) == ("done", 1_000, 1_000)
    assert len(listened(api)) == 1_001
    # Handed in again, there is nothing new.
    again = hand_in(api, opml(*(feed(number) for number in range(1_000))))
    assert (again["new"], again["known"]) == (0, 1_000)
    assert api.post(f"{path}/undo").json["state"] == "undoing"
    work_off(sqlite_runtime)
    assert api.get(path).json["state"] == "undone"
    assert list(listened(api)) == ["https://own.example/feed.xml"]
    assert api.post(f"{path}/start").json["error"]["code"] == "import_undone"


def test_a_worker_that_died_in_the_middle_is_followed_by_one_that_goes_on(
    api: Api, brand: dict[str, Any], sqlite_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = hand_in(api, opml(*(feed(number) for number in range(2 * CHUNK + 1))))
    api.post(f"/sources/imports/{staged['id']}/start")
    with sqlite_runtime.db.write() as session:
        (lease,) = lease_due(session, SourceImport, now=sqlite_runtime.clock(), lease_s=60, limit=1, worker="first")
    died: list[int] = []

    def die(_runtime: Runtime, source_id: int) -> int:
        died.append(source_id)
        raise OSError("the machine is gone")

    with monkeypatch.context() as patch:
        patch.setattr("backend.listening.imports.backfill_source", die)
        with pytest.raises(OSError, match="machine"):
            import_one(sqlite_runtime, lease.ref, lease.fence)
    assert died
    assert len(listened(api)) == CHUNK
    with sqlite_runtime.db.write() as session:
        row = session.get(SourceImport, lease.ref)
        assert row is not None
        row.lease_until = None
    assert work_off(sqlite_runtime) == 1
    done = api.get(f"/sources/imports/{staged['id']}").json
    assert (done["state"], done["created"]) == ("done", 2 * CHUNK + 1)
    # A message of the first that comes late does nothing.
    import_one(sqlite_runtime, lease.ref, lease.fence)
    assert len(listened(api)) == 2 * CHUNK + 1


def test_a_file_that_is_not_quite_xml_is_read_and_said_to_be(api: Api, brand: dict[str, Any]) -> None:
    staged = hand_in(api, opml(feed(1, "Salt & pepper"), feed(2)))
    assert (staged["mended"], staged["new"]) == (3, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Not XML at all", "not_opml"),
        ("<html><body>A page</body></html>", "not_opml"),
        ('<rss version="2.0"><channel><title>A feed</title></channel></rss>', "not_opml"),
        ('<!DOCTYPE o [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>', "not_opml"),
        (opml(*(feed(number) for number in range(10_001))), "too_many"),
    ],
)
def test_what_is_no_list_says_so(api: Api, brand: dict[str, Any], text: str, code: str) -> None:
    answer = api.post("/sources/import", {"opml": text})
    assert (answer.status, answer.json["error"]["code"]) == (422, code)
    assert answer.json["error"]["line"] >= 1


def test_entities_of_the_file_are_not_resolved(api: Api, brand: dict[str, Any]) -> None:
    bomb = (
        '<!DOCTYPE opml [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        '<opml><body><outline text="&c;" xmlUrl="https://a.example/feed"/><outline>&f;</outline></body></opml>'
    )
    answer = api.post("/sources/import", {"opml": bomb})
    assert b"root:" not in answer.data


def test_folders_in_folders_are_read_however_deep(api: Api, brand: dict[str, Any]) -> None:
    deep = 200
    staged = hand_in(
        api, opml('<outline text="Avis">' + "<outline text='x'>" * deep, feed(1), "</outline>" * (deep + 1))
    )
    assert staged["entries"][0]["purpose"] == "reviews"


def test_what_is_given_out_comes_in_again_as_it_was(api: Api, brand: dict[str, Any], sqlite_runtime: Runtime) -> None:
    for body in (
        {"kind": "feed", "params": {"url": "https://a.example/feed.xml"}, "name": 'Voix "du" <quartier> & Cie'},
        {"kind": "mastodon", "params": {"tag": "paris"}, "purpose": "competitors"},
        {"kind": "googlealerts", "params": {"user": "1", "alert": "2"}},
        {"kind": "reddit", "params": {"sub": "paris"}},
        {"kind": "reddit", "params": {"sub": "lyon"}},
    ):
        assert api.post("/sources", body).status == 201
    api.post("/keywords", {"query": "café"})  # its searches stay with it
    again = api.post("/sources/import", {"opml": api.get("/sources/export.opml").data.decode()}).json
    assert (again["new"], again["known"], again["twice"]) == (0, 5, 0)
    before = {
        url: (one["kind"], one["name"], one["purpose"]) for url, one in listened(api).items() if not one["keyword_id"]
    }
    answer = api.get("/sources/export.opml")
    assert answer.headers["Content-Type"].startswith("text/x-opml")
    assert answer.data.count(b"xmlUrl") == 5
    in_json = api.get("/sources/export.opml", headers={"Accept": "application/json"})
    assert in_json.json["text"].encode() == answer.data
    other = api.post("/brands", {"name": "Autre"}).json
    staged = api.post("/sources/import", {"brand_id": other["id"], "opml": answer.data.decode()}).json
    api.post(f"/sources/imports/{staged['id']}/start")
    work_off(sqlite_runtime)
    after = api.get(f"/sources?brand_id={other['id']}").json["items"]
    assert {one["url"]: (one["kind"], one["name"], one["purpose"]) for one in after} == before


def test_only_who_may_add_sources_hands_in_lists(api: Api, brand: dict[str, Any]) -> None:
    staged = hand_in(api, opml(feed(1)))
    contributor = api.as_role("contributor", brand)
    assert contributor.post("/sources/import", {"opml": opml(feed(1))}).status == 403
    assert contributor.post(f"/sources/imports/{staged['id']}/start").status == 403
    assert contributor.get("/sources/export.opml").status == 200
    assert api.as_role("viewer", None, "Charlie").get(f"/sources/imports/{staged['id']}").status == 404


def test_passwords_in_a_list_are_sealed_and_shown_to_nobody(
    api: Api, brand: dict[str, Any], sqlite_runtime: Runtime
) -> None:
    staged = hand_in(
        api,
        opml(
            '<outline text="Club" xmlUrl="https://maud:s3cr3t@club.example/feed.xml"/>',
            '<outline text="Open to all" xmlUrl="https://club.example/feed.xml"/>',
            '<outline text="In the clear" xmlUrl="http://maud:s3cr3t@clear.example/feed.xml"/>',
        ),
    )
    assert staged["new"] == 2
    assert [(one["title"], one["code"]) for one in staged["problems"]] == [("In the clear", "bad_access")]
    assert "s3cr3t" not in str(staged)
    api.post(f"/sources/imports/{staged['id']}/start", {})
    assert work_off(sqlite_runtime) == 1
    with sqlite_runtime.db.read() as session:
        kept = session.scalars(select(SourceImport.entries)).one()
        assert "s3cr3t" not in f"{kept}{session.scalars(select(SourceImport.problems)).one()}"
    made = [one["access"] for one in api.get("/sources").json["items"]]
    assert made == [{"headers": [], "log_in": True}, None]
    assert hand_in(api, opml('<outline text="Club" xmlUrl="https://maud:s3cr3t@club.example/feed.xml"/>'))["known"] == 1
