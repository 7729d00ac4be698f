"""The files of adapters: their shape, what else must hold, and that the background takes exactly what is safe."""

from __future__ import annotations

import copy
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from backend.connectors.networks import manifests
from tests.extension.browser import ROOT
from tests.extension.parts import HERE, NODE

SITES = ROOT / "extension" / "sites"
SCHEMA = json.loads((SITES / "schema.json").read_text("utf-8"))
FILES = sorted(path for path in SITES.glob("*.json") if path.name != "schema.json")
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


def site(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def walk(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every value below, with the name it stands under."""
    yield key, value
    if isinstance(value, dict):
        for name, one in value.items():
            yield from walk(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one, key)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_a_file_is_of_the_shape_and_named_as_its_site(path: Path) -> None:
    data = site(path)
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []
    assert data["id"] == path.stem
    assert data["tier"] in ("checked", "unchecked"), "taught ones are never ours"
    assert (data["tier"] == "checked") == bool(data["checked"]), "a checked one says on what, no other does"
    assert data["notes"], "where the facts come from"
    assert len({variant["name"] for variant in data["variants"]}) == len(data["variants"])


def test_every_string_of_the_shape_has_an_end_and_every_object_is_closed() -> None:
    for _, shape in walk(SCHEMA):
        if not isinstance(shape, dict):
            continue
        if shape.get("type") == "string":
            assert shape.get("maxLength"), shape
        if shape.get("type") == "array":
            assert shape.get("maxItems"), shape
        if shape.get("type") == "object":
            assert shape.get("additionalProperties") is False, shape


def test_every_file_is_in_the_list_and_has_a_name_in_the_inbox() -> None:
    index = (SITES / "index.ts").read_text("utf-8")
    assert set(re.findall(r'from "\./([\w.-]+)\.json"', index)) == {path.stem for path in FILES}
    listed = re.search(r"SITES = \[(.*?)\]", index, re.DOTALL)
    assert listed
    assert set(re.findall(r"\w+", listed[1])) == {path.stem for path in FILES}
    who = (ROOT / "extension" / "app" / "inbox" / "who.ts").read_text("utf-8")
    names = dict(re.findall(r'^  (\w+): "([^"]+)",$', who, re.MULTILINE))
    for path in FILES:
        if path.stem != "practice":
            assert names.get(path.stem) == site(path)["name"], f"{path.stem} in extension/app/inbox/who.ts"


def test_editors_and_limits_are_those_that_exist() -> None:
    detect = (ROOT / "extension" / "content" / "inserter" / "detect.ts").read_text("utf-8")
    kinds = re.search(r"type Kind =([^;]+);", detect)
    assert kinds
    known = set(re.findall(r'"(\w+)"', kinds[1]))
    assert known <= set(SCHEMA["$defs"]["composer"]["properties"]["editor"]["enum"])
    for path in FILES:
        data = site(path)
        assert {composer["editor"] for composer in data["composers"]} <= known, path.stem
        assert data["limit"] is None or data["limit"] in manifests(), path.stem


# --- what the background accepts from elsewhere ---


def good() -> dict[str, Any]:
    """An adapter as somebody may teach one, for forum.example."""
    return {
        "id": "forum.example",
        "name": "Le Forum",
        "version": "2026-11-24",
        "tier": "taught",
        "checked": [],
        "notes": [],
        "hosts": ["forum.example", "*.forum.example"],
        "test": None,
        "variants": [
            {
                "name": "post",
                "post": {"css": "article[data-id]", "finds": "some"},
                "quotes": "blockquote",
                "author": [{"css": "a.who", "finds": "one", "from": "text"}],
                "handle": [{"css": "a.who", "finds": "one", "from": "@href", "keep": "/u/([^/]+)"}],
                "id": [{"css": ":scope", "finds": "one", "from": "@data-id"}],
                "text": [{"css": ".text", "finds": "one", "from": "text"}],
                "time": [],
                "url": "https://forum.example/p/{id}",
                "author_url": "/u/{handle}",
                "rows": [{"css": ".buttons", "finds": "one"}, {"between": ["button.a", "button.b"]}],
            }
        ],
        "composers": [{"css": "textarea", "finds": "maybe", "editor": "field", "owner": ["inside", "first"]}],
        "submit": [{"css": "button[type='submit']", "finds": "maybe"}],
        "account": [],
        "account_name": [],
        "limit": None,
    }


def change(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """`change("variants.0.url", "…")`; a value of None takes the key away."""

    def do(data: dict[str, Any]) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        at: Any = data
        for part in way:
            at = at[part]
        if value is None:
            del at[last]
        else:
            at[last] = value

    return do


#: What a shape says: schema and background must agree on each.
SHAPELESS = {
    "more than is known": change("script", "alert(1)"),
    "more in a variant": change("variants.0.run", "x"),
    "more in a read": change("variants.0.author.0.js", "x"),
    "no version": change("version", None),
    "a version that is no day": change("version", "newest"),
    "another tier": change("tier", "best"),
    "a host with a path": change("hosts", ["forum.example/x"]),
    "a host that is all": change("hosts", ["*"]),
    "a host that is a whole top level": change("hosts", ["*.example"]),
    "a script for an address": change("variants.0.url", "javascript:alert({id})"),
    "an address of data": change("variants.0.url", "data:text/html,{id}"),
    "an address on any host": change("variants.0.url", "https://{handle}/p/{id}"),
    "an address without a scheme": change("variants.0.url", "//elsewhere.example/{id}"),
    "an address that only the page says": change("variants.0.url", "{id}"),
    "a number for a selector": change("variants.0.post.css", 7),
    "an empty selector": change("variants.0.post.css", ""),
    "rules in a selector": change("variants.0.post.css", "a{color:red}"),
    "a very long selector": change("variants.0.post.css", "a" * 301),
    "a very long pattern": change("variants.0.handle.0.keep", "a" * 121),
    "another way of reading": change("variants.0.author.0.from", "innerHTML"),
    "another way to count": change("variants.0.post.finds", "many"),
    "no rows": change("variants.0.rows", []),
    "half a pair": change("variants.0.rows", [{"between": ["a"]}]),
    "a thousand reads": change("variants.0.author", [{"css": "a", "finds": "one", "from": "text"}] * 1000),
    "another editor": change("composers.0.editor", "notepad"),
    "another owner": change("composers.0.owner", ["anybody"]),
    "next is no number": change("variants.0.next", "1"),
    "next is many": change("variants.0.next", 50),
    "going on is no switch": change("variants.0.continues", "yes"),
    "a list for a site": lambda data: data.clear(),
}
#: What only the background can say.
UNSAFE = {
    "for another host": change("hosts", ["elsewhere.example"]),
    "for any host": change("hosts", []),
    "addresses elsewhere": change("variants.0.url", "https://elsewhere.example/p/{id}"),
    "people elsewhere": change("variants.0.author_url", "https://elsewhere.example/{handle}"),
    "a bracket left open": change("variants.0.post.css", "article[data-id"),
    "a bracket too many": change("variants.0.quotes", "blockquote)"),
    "a quote left open": change("variants.0.rows.1.between", ["a[b='c]", "a"]),
    "no pattern": change("variants.0.handle.0.keep", "("),
    "repetition of repetition": change("variants.0.handle.0.keep", "^(a+)+$"),
    "repetition of a choice": change("variants.0.handle.0.keep", "^(?:a|a)*$"),
    "three endless repetitions": change("variants.0.handle.0.keep", "^.*.*.*x$"),
    "a reference back": change("variants.0.handle.0.keep", "(a)\\1"),
    "looking ahead": change("variants.0.handle.0.keep", "(?=a)b"),
    "posts of none": change("variants", []),
    "only boxes, and posts": change("composer_only", True),
    "a form without a parent": change("composers.0.owner", ["form"]),
}


def accepted(asked: list[dict[str, Any]]) -> list[bool]:
    done = subprocess.run(
        [NODE, str(HERE / "adapters" / "validate.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[bool] = json.loads(done.stdout)
    return found


def spoiled(by: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    data = copy.deepcopy(good())
    by(data)
    return data


def test_our_own_files_and_a_taught_one_are_accepted_for_their_hosts_alone() -> None:
    asked = [{"data": good(), "host": host} for host in ("forum.example", "chat.forum.example")]
    for path in FILES:
        data = site(path)
        host = data["hosts"][0].replace("*", "any") if data["hosts"] else "quai.example"
        asked.append({"data": data, "host": host})
    assert accepted(asked) == [True] * len(asked)
    elsewhere = [{"data": ask["data"], "host": "elsewhere.example"} for ask in asked if ask["data"]["hosts"]]
    assert accepted(elsewhere) == [False] * len(elsewhere)


def test_schema_and_background_refuse_the_same_shapes() -> None:
    samples = {name: spoiled(by) for name, by in SHAPELESS.items()}
    assert {name for name, data in samples.items() if VALIDATOR.is_valid(data)} == set()
    asked = [{"data": data, "host": "forum.example"} for data in samples.values()]
    asked += [{"data": data, "host": "forum.example"} for data in (None, [], "site", 3)]
    assert accepted(asked) == [False] * len(asked)


def test_the_background_refuses_what_is_bound_to_nothing_cannot_be_read_or_could_hang() -> None:
    samples = {name: spoiled(by) for name, by in UNSAFE.items()}
    assert {name for name, data in samples.items() if not VALIDATOR.is_valid(data)} == set(), "a shape says less"
    answers = accepted([{"data": data, "host": "forum.example"} for data in samples.values()])
    assert [name for name, yes in zip(samples, answers, strict=True) if yes] == []


def test_the_docs_list_every_site_with_its_tier_and_what_it_was_checked_on() -> None:
    text = (ROOT / "docs" / "adapters.md").read_text("utf-8").split("\n## The sites\n", 1)[1]
    listed = [tuple(cell.strip() for cell in row.split("|")[1:-1]) for row in text.splitlines() if row.startswith("| ")]
    wanted = []
    for data in (site(path) for path in FILES):
        reads = ", ".join(variant["name"] for variant in data["variants"]) or "boxes only"
        wanted.append((data["name"], reads, data["tier"], "; ".join(data["checked"])))
    assert listed[1:] == wanted


def test_the_docs_say_where_the_bar_reminds_of_images_without_a_description() -> None:
    text = (ROOT / "docs" / "adapters-table.md").read_text("utf-8").split("\n## Images without a description\n", 1)[1]
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in text.splitlines() if row.startswith("| ")][2:]
    wanted = []
    for data in (site(path) for path in FILES):
        attached = [one["attached"] for one in data.get("composers", []) if "attached" in one]
        if attached:
            tells = all("described" in one or "missing" in one for one in attached)
            wanted.append([data["name"], f"how many{', and how many without a description' if tells else ''}"])
    assert rows == wanted
    unknown = ("facebook", "instagram", "linkedin", "threads")
    names = [site(SITES / f"{name}.json")["name"] for name in unknown]
    assert f"On {', '.join(names[:-1])} and {names[-1]} no stable hook" in text
    for name in unknown:
        assert any("attached pictures" in note for note in site(SITES / f"{name}.json")["notes"]), name
