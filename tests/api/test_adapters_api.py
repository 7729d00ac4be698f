"""`/adapters` over HTTP: what somebody taught is theirs, then the brand's; what an administrator serves is for all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from backend.accounts.adapter_shape import read_adapter
from backend.infra.errors import Invalid
from backend.infra.runtime import Runtime
from tests.factories import Api

Brand = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
SITES = sorted((ROOT / "extension" / "sites").glob("*.json"))


def taught(host: str = "forum.example", **changes: Any) -> dict[str, Any]:
    data = json.loads((ROOT / "extension" / "sites" / "xenforo.json").read_text("utf-8"))
    return {**data, "tier": "taught", "checked": ["Taught by pointing."], "hosts": [host], "test": None, **changes}


def teach(api: Api, brand: Brand, host: str = "forum.example", **changes: Any) -> dict[str, Any]:
    made = api.post("/adapters", {"brand_id": brand["id"], "host": host, "adapter": taught(host, **changes)})
    assert made.status == 201, made.json
    return dict(made.json)


def counting(api: Api) -> list[str]:
    return [one["adapter"]["name"] for one in api.get("/adapters").json["items"] if one["counts"]]


@pytest.fixture
def maud(api: Api, brand: Brand) -> Api:
    return api.as_role("contributor", brand, "Maud")


@pytest.fixture
def paul(api: Api, brand: Brand) -> Api:
    return api.as_role("editor", brand, "Paul")


def test_what_somebody_taught_is_theirs_alone_until_an_owner_approves_it(
    api: Api, brand: Brand, maud: Api, paul: Api
) -> None:
    made = teach(maud, brand, name="The forum")
    assert (made["own"], made["counts"], made["by"], made["approved_at"]) == (True, True, "Maud", None)
    assert counting(maud) == ["The forum"]
    assert paul.get("/adapters").json["items"] == []
    waiting = api.get("/adapters").json["items"]
    assert [(one["by"], one["counts"]) for one in waiting] == [("Maud", False)], "an owner sees what waits"
    assert paul.post(f"/adapters/{made['id']}/approve").status == 403
    approved = api.post(f"/adapters/{made['id']}/approve")
    assert (approved.status, approved.json["counts"]) == (200, True)
    assert counting(paul) == ["The forum"]
    assert api.post(f"/adapters/{made['id']}/withdraw").json["approved_at"] is None
    assert (counting(paul), counting(maud)) == ([], ["The forum"])


def test_teaching_again_replaces_ones_own_and_waits_for_approval_again(
    api: Api, brand: Brand, maud: Api, paul: Api
) -> None:
    made = teach(maud, brand, name="First")
    api.post(f"/adapters/{made['id']}/approve")
    assert teach(maud, brand, name="First")["approved_at"] is not None, "nothing changed"
    again = teach(maud, brand, name="Second")
    assert (again["id"], again["version"] > made["version"], again["approved_at"]) == (made["id"], True, None)
    assert counting(paul) == []


def test_one_approved_adapter_a_host(api: Api, brand: Brand, maud: Api, paul: Api) -> None:
    first, second = teach(maud, brand, name="Maud's"), teach(paul, brand, name="Paul's")
    api.post(f"/adapters/{first['id']}/approve")
    api.post(f"/adapters/{second['id']}/approve")
    assert counting(maud) == ["Maud's", "Paul's"], "one's own, though withdrawn, and the brand's"
    assert counting(paul) == ["Paul's"]


def test_what_was_removed_comes_back_unless_something_newer_stands_there(
    api: Api, brand: Brand, maud: Api, paul: Api
) -> None:
    made = teach(maud, brand)
    assert paul.delete(f"/adapters/{made['id']}").status == 403
    assert maud.delete(f"/adapters/{made['id']}").status == 200
    assert maud.get("/adapters").json["items"] == []
    assert maud.delete(f"/adapters/{made['id']}").status == 404
    assert maud.post(f"/adapters/{made['id']}/restore").status == 200
    maud.delete(f"/adapters/{made['id']}")
    teach(maud, brand, name="Newer")
    refused = maud.post(f"/adapters/{made['id']}/restore")
    assert (refused.status, refused.json["error"]["code"]) == (409, "adapter_replaced")


def test_an_adapter_of_another_brand_is_nobodys_business(api: Api, brand: Brand, maud: Api) -> None:
    other = api.post("/brands", {"name": "Other", "time_zone": "UTC"}).json
    made = teach(api, other)
    assert maud.get(f"/adapters?brand_id={other['id']}").status == 404
    assert maud.post(f"/adapters/{made['id']}/approve").status == 404
    assert (
        api.as_role("viewer", brand, "Vera")
        .post("/adapters", {"brand_id": brand["id"], "host": "forum.example", "adapter": taught()})
        .status
        == 403
    )


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"tier": "checked"}, "adapter.tier"),
        ({"hosts": ["elsewhere.example"]}, "adapter.hosts"),
        ({"run": "alert(1)"}, "adapter.run"),
        ({"variants": []}, "adapter"),
        ({"version": "yesterday"}, "adapter.version"),
        ({"submit": [{"css": "button{}", "finds": "one"}]}, "adapter.submit.0.css"),
        ({"submit": [{"css": "button", "finds": 1}]}, "adapter.submit.0.finds"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_is_no_adapter_is_refused_with_the_place(
    api: Api, brand: Brand, changes: dict[str, Any], place: str
) -> None:
    body = {"brand_id": brand["id"], "host": "forum.example", "adapter": {**taught(), **changes}}
    refused = api.post("/adapters", body)
    assert (refused.status, list(refused.json["error"]["fields"])) == (422, [place])
    assert api.get("/adapters").json["items"] == []


@pytest.mark.parametrize("path", [one for one in SITES if one.name != "schema.json"], ids=lambda one: one.stem)
def test_the_server_reads_every_adapter_that_comes_with_the_extension(path: Any) -> None:
    assert read_adapter(json.loads(path.read_text("utf-8"))).id == path.stem


def test_an_adapter_larger_than_any_site_needs_is_refused() -> None:
    with pytest.raises(Invalid, match="too large"):
        read_adapter({**taught(), "notes": ["x" * 500] * 100})


def test_the_administrators_folder_is_served_to_all_and_what_is_no_adapter_is_passed_over(
    api: Api, brand: Brand, maud: Api, runtime: Runtime
) -> None:
    folder = runtime.settings.data_dir / "adapters"
    folder.mkdir()
    newer = json.loads((ROOT / "extension" / "sites" / "linkedin.json").read_text("utf-8")) | {"version": "2027-01-01"}
    file = folder / "linkedin.json"
    file.write_text(json.dumps(newer), "utf-8")
    (folder / "broken.json").write_text("{", "utf-8")
    (folder / "other.json").write_text('{"id": "x"}', "utf-8")
    (folder / "notes.txt").write_text("notes", "utf-8")
    assert maud.get("/adapters").json["served"] == [newer]
    file.write_text(json.dumps(newer | {"version": "2027-01-02"}), "utf-8")
    os.utime(file, (1, 1))
    assert [one["version"] for one in maud.get("/adapters").json["served"]] == ["2027-01-02"]
