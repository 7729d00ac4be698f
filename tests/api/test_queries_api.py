"""A query read back: in words, with what is wrong with it and how it could find more."""

from __future__ import annotations

from tests.factories import Api


def test_a_query_is_said_back_with_advice_and_three_ways_to_find_more(api: Api) -> None:
    said = api.post("/queries/read", {"query": 'café (terrasse OU "au soleil") -bar -café'})
    assert said.status == 200
    assert said.json["normalised"] == 'café (terrasse OR "au soleil") -bar -café'
    kinds = [one["kind"] for one in said.json["said"]["parts"]]
    assert (said.json["said"]["kind"], kinds) == ("all", ["word", "any", "not", "not"])
    assert said.json["said"]["parts"][1]["parts"][1] == {"kind": "phrase", "text": "au soleil", "parts": []}
    assert [(one["key"], one["texts"]) for one in said.json["advice"]] == [("query_advice_nothing", ["café", "café"])]
    assert len(said.json["wider"]) == 3


def test_a_keyword_and_a_search_know_different_fields(api: Api) -> None:
    assert api.post("/queries/read", {"query": "is:open", "use": "search"}).status == 200
    refused = api.post("/queries/read", {"query": "café is:open"})
    assert (refused.status, refused.json["error"]["code"]) == (422, "query_syntax")
    assert refused.json["error"]["position"] == 5


def test_what_brings_mentions_is_known(api: Api) -> None:
    for source, like in (("googlenews", []), ("round", []), ("page", []), ("reddit", []), ("redit", ["source:reddit"])):
        read = api.post("/queries/read", {"query": f"café source:{source}", "use": "search"}).json
        assert [one["texts"][1:] for one in read["advice"]] == ([like] if like else [])
