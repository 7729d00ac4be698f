"""The sums behind finding: a search is read as the server reads it, mended, completed, changed by a click."""

from __future__ import annotations

import random

import pytest

from backend.query.errors import QuerySyntax
from backend.query.fields import MENTION_FIELDS, STATES, TYPES
from backend.query.grammar import And, parse_query, parse_search
from tests.e2e.test_work_parts import call

SEARCHES = [
    "terrace",
    'café "lumière du soir" -bar',
    "lang:fr is:complaint",
    "LANG:FR Is:Complaint",
    "lang:(fr OR en) -title:bar",
    'tag:"to call" author:maud',
    "since:2026-11-16 until:2026-11-22",
    "since:7d until:hier since:aujourd’hui",
    "site:lemonde.fr site:https://www.example.org/a site:mastodon",
    "a AND (b OR NOT c)",
    "(a OR b) c",
    "a OR b c",
    "« deux mots » https://example.org/page",
    "👍 merci",
    "a -- …",
    '"…" a',
    "tag:👍",
    "C++ #café @maud c’est",
    "",
    '"never closed',
    'title:"never closed',
    "(open",
    "close)",
    "( )",
    "a OR",
    "OR a",
    "a AND OR b",
    "NOT",
    "a -",
    "a - b",
    "a | b",
    "a && b",
    "caf*",
    "caf*, bar",
    "ca*",
    "c*f",
    "a *b",
    "a * b",
    "東*",
    "कॉफ़ी दिल्ली* (চা!) காபி OR สวัสดี",
    '"दिल्ली*" চ*',
    "เ*",
    "merci❤\ufe0f",
    "l’été*",
    "title:caf* author:«maud del*»",
    "tag:caf*",
    '"good plu*" x',
    '"good p*"',
    '"5 * hotel"',
    '"a b"~5 c',
    'title:"a b"~5',
    '"a b"~0',
    '"a b"~21 c',
    '"a b c d e"~5',
    'tag:"a b"~5',
    '"a b" ~5',
    "a NEAR/3 b",
    "a NEAR b NEAR c",
    "a NEAR/3 (b OR c) d",
    "a NEAR/0 b",
    "a NEAR/99 b",
    "a NEAR",
    "NEAR/3 b",
    "a NEAR -b",
    "a NEAR (b c)",
    "a NEAR lang:fr",
    "a NEAR/2 b NEAR/3 c",
    "title:a NEAR b",
    "title:(a NEAR b)",
    "a NEAR b NEAR c NEAR d NEAR e",
    "`C++ (2024)!` b",
    "title:`A b`",
    "-`A`",
    "`never closed",
    "`!!`",
    "l`été",
    "a NEAR `b`",
    "CAFE ET BAR",
    "a OU b SAUF c",
    "ET a",
    "a OU",
    "type:comment source:googlenews",
    'source:"Google News"',
    "type:tweet",
    "source:?!a",
    "lemonde.fr example[.]com www.a.example",
    "kind:post",
    "langue:fr",
    'langue:"fr" b',
    "is:complant",
    "a is:(new OR nope)",
    "lang:français",
    "since:monday",
    "since:2026-13",
    "since:2026-02-30",
    "tag:",
    "tag: b",
    "title:(a author:b)",
    "title:(a title:(b))",
    "(" * 25 + "a" + ")" * 25,
    "(a OR b c) NEAR/3 d",
    "title:a NEAR b NEAR",
    "site:https://www.",
    "…",
    "' ~ …",
]


def theirs(text: str) -> tuple[str, int] | None:
    try:
        parse_search(text)
    except QuerySyntax as wrong:
        return (wrong.key, len(text[: wrong.position].encode("utf-16-le")) // 2)
    return None


def test_a_search_is_read_here_as_the_server_reads_it() -> None:
    searches = [text for text in SEARCHES if text]
    for text, read in zip(
        searches, call(*(("inbox/find/words", "readSearch", [text]) for text in searches)), strict=True
    ):
        fault = read.get("fault")
        assert (fault and (fault["key"], fault["start"])) == theirs(text), text


# What searches are made of, whole and broken.
PIECES = [
    "a",
    "café",
    "👍",
    "東京",
    "C++",
    "#tag",
    "@maud",
    "l’été",
    "OR",
    "AND",
    "NOT",
    "ET",
    "SAUF",
    "NEAR",
    "NEAR/3",
]
PIECES += [
    "-",
    "|",
    "(",
    ")",
    '"',
    "«",
    "»",
    "`",
    "*",
    "caf*",
    "ca*",
    "~5",
    '"a b"~5',
    '"bon plu*"',
    "title:",
    ":",
    "~",
]
PIECES += ["title:caf*", "author:maud", "lang:fr", "lang:?", "is:nope", "since:2026-13", "type:x", "tag:", "tag:vip"]
PIECES += ["langue:fr", "lemonde.fr", "example[.]com", "https://www.", "title:(", "-title:(", "…", "'", "ß", "\u00a0"]


def scrambled(chance: random.Random) -> str:
    """Pieces in any order, which is mostly wrong."""
    return "".join(piece + chance.choice(("", " ", " ")) for piece in chance.choices(PIECES, k=chance.randrange(1, 9)))


def joined(chance: random.Random, good: list[str]) -> str:
    """Searches that are right, joined to one that mostly is, with a slip of the keyboard."""
    parts = [f"({one})" if chance.random() < 0.4 else one for one in chance.choices(good, k=chance.randrange(1, 4))]
    text = chance.choice((" ", " OR ", " AND ", " NEAR/3 ", " -", " SAUF ")).join(parts)
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        at = chance.randrange(len(text) + 1)
        slip = chance.choice(("", '"', "(", ")", "*", "-", " ", "~2", ":", "`", "é", "👍"))
        text = text[:at] + slip + text[at + chance.choice((0, 1)) :]
    return text


def test_what_is_wrong_with_any_search_and_where_is_the_same_here_and_on_the_server() -> None:
    chance = random.Random(5)  # noqa: S311
    good = [text for text in SEARCHES if text and theirs(text) is None]
    searches = [scrambled(chance) if number % 2 else joined(chance, good) for number in range(600)]
    searches = [text for text in searches if text.strip()]
    wrong = 0
    for text, read in zip(
        searches, call(*(("inbox/find/words", "readSearch", [text]) for text in searches)), strict=True
    ):
        fault = read.get("fault")
        assert (fault and (fault["key"], fault["start"])) == theirs(text), text
        wrong += bool(fault)
    assert 200 < wrong < 450  # of both


def test_the_parts_of_a_search_are_those_that_must_all_hold() -> None:
    good = [text for text in SEARCHES if text and theirs(text) is None]
    for text, read in zip(good, call(*(("inbox/find/words", "readSearch", [text]) for text in good)), strict=True):
        tree = parse_search(text).tree
        places = [(one.start, one.end) for one in (tree.parts if isinstance(tree, And) else [tree])]
        if any(ord(sign) > 0xFFFF for sign in text) or any(sign in text for sign in "()"):
            continue  # other units; a group in brackets is one part here and flattened there
        assert [(part["start"], part["end"]) for part in read["parts"]] == places, text


def test_fields_and_states_are_those_of_the_server() -> None:
    value: dict[str, str] = {"is": "new", "lang": "fr", "since": "7d", "until": "7d", "type": "post", "source": "feed"}
    calls = call(*(("inbox/find/words", "readSearch", [f"{name}:{value.get(name, 'a')}"]) for name in MENTION_FIELDS))
    assert all("fault" not in read for read in calls)
    named = call(*(("inbox/find/fields", "isValue", ["is", state]) for state in (*STATES, "nope")))
    assert named == [True] * len(STATES) + [False]
    types = call(*(("inbox/find/fields", "isValue", ["type", one]) for one in (*TYPES, "nope")))
    assert types == [True] * len(TYPES) + [False]


KEYWORDS = ["café is:open", "café since:7d", "title:café", "type:post lumi*", "tite:a", "café tag:vip", "a NEAR/2 b"]
KEYWORDS += ["-café -bar", "author:maud", "-bar lang:fr", "title:a lang:fr", "lang:fr café", "a lang:(fr OR en)"]


def test_a_keyword_is_read_here_as_the_server_reads_it() -> None:
    reads = call(*(("inbox/find/words", "readSearch", [text, True]) for text in KEYWORDS))
    for text, read in zip(KEYWORDS, reads, strict=True):
        refused = None
        try:
            parse_query(text)
        except QuerySyntax as wrong:
            refused = (wrong.key, wrong.position)
        fault = read.get("fault")
        assert (fault and (fault["key"], fault["start"])) == refused, text


def test_the_editor_lights_each_part_of_a_query_by_what_it_is() -> None:
    text = 'title:café OR "au soleil" -bar `C++`'
    (pieces,) = call(("listening/lit", "litPieces", [text]))
    assert "".join(piece["text"] for piece in pieces) == text
    lit = {piece["text"]: piece["kinds"] for piece in pieces if piece["kinds"]}
    assert lit["title:"][0] == "field"
    assert lit["OR"][0] == "op"
    assert lit['"au soleil"'][0] == "phrase"
    assert lit["`C++`"][0] == "literal"
    (pieces,) = call(("listening/lit", "litPieces", ["café -bar"]))
    assert pieces[-1] == {"text": "bar", "kinds": ["word", "out"]}
    fault = {"key": "x", "params": {}, "start": 5, "end": 7}
    (pieces,) = call(("listening/lit", "litPieces", ["café b*", fault]))
    assert pieces[-1]["kinds"][-1] == "bad"


@pytest.mark.parametrize(
    ("q", "facet", "key", "then"),
    [
        ("", "language", "fr", "lang:fr"),
        ("terrace lang:en", "language", "fr", "terrace lang:fr"),
        ("terrace lang:fr", "language", "fr", "terrace"),
        ("a OR b", "intent", "complaint", "(a OR b) is:complaint"),
        ("is:praise -is:spam", "intent", "complaint", "-is:spam is:complaint"),
        ("", "week", "2026-11-16", "since:2026-11-16 until:2026-11-22"),
        ("a since:2026-11-16 until:2026-11-22 b", "week", "2026-11-16", "a b"),
        ("tag:press", "tag", "to call", 'tag:press tag:"to call"'),
        ('tag:press tag:"to call"', "tag", "To Call", "tag:press"),
        ("", "author", 'Maud "M" Delcroix', 'author:"Maud M Delcroix"'),
        ("a", "assignee", "7", "a is:mine"),
        ("a is:mine", "assignee", "", "a is:unassigned"),
        ("a AND lang:fr", "language", "fr", "a"),
    ],
)
def test_a_click_on_a_count_changes_the_words_of_the_search(q: str, facet: str, key: str, then: str) -> None:
    (found,) = call(("inbox/find/facets", "toggle", [{"q": q, "assignee": ""}, facet, key, "7"]))
    assert found["q"] == then
    if then:
        parse_search(then)


def test_what_words_cannot_say_becomes_a_filter_and_goes_with_a_second_click() -> None:
    filter = {"q": "is:mine", "network": "", "keyword_id": "", "assignee": ""}
    network, other = call(
        ("inbox/find/facets", "toggle", [filter, "network", "mastodon", "7"]),
        ("inbox/find/facets", "toggle", [filter, "assignee", "9", "7"]),
    )
    assert network["network"] == "mastodon"
    assert (other["assignee"], other["q"]) == ("9", "")
    (again,) = call(("inbox/find/facets", "toggle", [network, "network", "mastodon", "7"]))
    assert again["network"] == ""


def test_a_saved_search_is_opened_as_it_was_kept_and_is_changed_when_its_words_are() -> None:
    now = {"tab": "open", "grouped": True, "q": "other"}
    saved = {
        "id": "3",
        "name": "n",
        "query": "terrace",
        "filters": {"network": "mastodon"},
        "position": 0,
        "version": 1,
    }
    (opened,) = call(("inbox/find/searches", "filterOf", [saved, now]))
    assert (opened["tab"], opened["q"], opened["network"], opened["search_id"]) == ("open", "terrace", "mastodon", "3")
    same, other = call(
        ("inbox/find/searches", "isChanged", [saved, opened]),
        ("inbox/find/searches", "isChanged", [saved, {**opened, "network": ""}]),
    )
    assert (same, other) == (False, True)
    kept = {**saved, "filters": {"status": "new,open", "language": "fr", "intent": "complaint", "tag": "to call"}}
    (words,) = call(("inbox/find/searches", "filterOf", [kept, now]))
    assert words["q"] == 'terrace lang:fr is:complaint tag:"to call" is:(new OR open)'
    parse_search(words["q"])


FIXES = [
    ('"cafe', ['"cafe"']),
    ("(cafe", ["(cafe)", "cafe"]),
    ("cafe)", ["cafe"]),
    ("a OR", ['a "OR"', "a"]),
    ("a - b", ["a -b", "a b"]),
    ("a | b", ["a OR b"]),
    ("langue:fr", ["lang:fr", '"langue:fr"']),
    ("is:complant", ["is:complaint"]),
    ("is:plainte x", ["is:complaint x"]),
    ("ca* x", ["ca x"]),
    ('"a b" ~5', ['"a b"~5', '"a b"']),
    ("a NEAR/99 b", ["a NEAR/20 b"]),
    ("a NEAR lang:fr", ["a AND lang:fr"]),
    ("title:a NEAR b", ["title:a b"]),
    ("`Cafe", ["`Cafe`"]),
    ("kind:post", ["type:post", '"kind:post"']),
    ("tag: b", ["b"]),
]


@pytest.mark.parametrize(("text", "mended"), FIXES)
def test_what_cannot_be_read_is_mended_by_one_click(text: str, mended: list[str]) -> None:
    (read,) = call(("inbox/find/words", "readSearch", [text]))
    (found,) = call(("inbox/find/fixes", "fixesOf", [text, read["fault"], {"$labels": {"complaint": ["plainte"]}}]))
    assert [one["text"] for one in found] == mended
    for one in mended:
        parse_search(one)
