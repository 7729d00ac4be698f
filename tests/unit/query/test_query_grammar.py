"""The grammar: what people type, and what they are told when it does not parse."""

from __future__ import annotations

import re

import pytest

from backend.query.errors import SENTENCES, QuerySyntax
from backend.query.explain import Said, explain, normalise
from backend.query.grammar import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_TERMS,
    And,
    Literal,
    Near,
    Not,
    Or,
    Term,
    parse_query,
    parse_search,
)


def term(*words: str, field: str | None = None, prefix: bool = False, host: str = "") -> Term:
    return Term(words, field, prefix, host)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("café", term("cafe")),
        ("café lumière", And((term("cafe"), term("lumiere")))),
        ("café AND lumière", And((term("cafe"), term("lumiere")))),
        ('"café lumière"', term("cafe", "lumiere")),
        ("«\u202fcafé lumière\u202f»", term("cafe", "lumiere")),
        ("“café lumière”", term("cafe", "lumiere")),
        ("„café lumière“", term("cafe", "lumiere")),
        ("café OR bistrot bar", Or((term("cafe"), And((term("bistrot"), term("bar")))))),
        ("café (bistrot OR bar)", And((term("cafe"), Or((term("bistrot"), term("bar")))))),
        ("((café))", term("cafe")),
        ("café -bar", And((term("cafe"), Not(term("bar"))))),
        ("café NOT bar", And((term("cafe"), Not(term("bar"))))),
        ("café AND NOT bar", And((term("cafe"), Not(term("bar"))))),
        ('café -"bar à vin"', And((term("cafe"), Not(term("bar", "a", "vin"))))),
        ("café -(bar OR pub)", And((term("cafe"), Not(Or((term("bar"), term("pub"))))))),
        ("-bar café", And((Not(term("bar")), term("cafe")))),
        ("week-end", term("week", "end")),
        ("l’été", term("l", "ete")),
        ("C++", term("c++")),
        ("cafelumiere.example", term("cafelumiere", "example", host="cafelumiere.example")),
        ("cafelumiere[.]example", term("cafelumiere", "example", host="cafelumiere.example")),
        ("https://www.Lemonde.fr/", term("lemonde", "fr", host="lemonde.fr")),
        ("www.lemonde.fr,", term("lemonde", "fr", host="lemonde.fr")),
        ('"lemonde.fr"', term("lemonde", "fr")),
        ("title:lemonde.fr", term("lemonde", "fr", field="title")),
        ("title:(lemonde.fr)", term("lemonde", "fr", field="title")),
        ("12.30", term("12", "30")),
        ("Lumi*", term("lumi", prefix=True)),
        ("lumi*,", term("lumi", prefix=True)),
        ("l’été*", term("l", "ete", prefix=True)),
        ('"Café lumi*"', term("cafe", "lumi", prefix=True)),
        ('"5 * hotel"', term("5", "hotel")),
        ("東*", term("東", prefix=True)),
        ("title:lumi*", term("lumi", field="title", prefix=True)),
        ('"café terrasse"~3', Near((term("cafe"), term("terrasse")), 3)),
        ('title:"café terrasse"~3', Near((term("cafe", field="title"), term("terrasse", field="title")), 3)),
        ('"café"~3', term("cafe")),
        ('"un café lumi*"~2', Near((term("un"), term("cafe"), term("lumi", prefix=True)), 2)),
        ("café NEAR terrasse", Near((term("cafe"), term("terrasse")), 5)),
        ('café NEAR/2 "au soleil"', Near((term("cafe"), term("au", "soleil")), 2)),
        ("a NEAR/2 b NEAR/2 c", Near((term("a"), term("b"), term("c")), 2)),
        (
            "x (a OR b) NEAR/2 c",
            And((term("x"), Or((Near((term("a"), term("c")), 2), Near((term("b"), term("c")), 2))))),
        ),
        ("x -a NEAR/2 b", And((term("x"), Not(Near((term("a"), term("b")), 2))))),
        ("`C++ (2024)!`", Literal("C++ (2024)!", ("c++", "2024"))),
        ("title:`Été`", Literal("Été", ("ete",), "title")),
        ("a -`B`", And((term("a"), Not(Literal("B", ("b",)))))),
        ("l`été", term("l", "ete")),
        ("café ET lumière", And((term("cafe"), term("lumiere")))),
        ("café OU thé", Or((term("cafe"), term("the")))),
        ("café SAUF bar", And((term("cafe"), Not(term("bar"))))),
        ("café et bar", And((term("cafe"), term("et"), term("bar")))),
        ("https://www.cafelumiere.example/menu/", term("cafelumiere", "example", "menu")),
        ("#CafeLumiere @cafelumiere", And((term("cafelumiere"), term("cafelumiere")))),
        ("or and not", And((term("or"), term("and"), term("not")))),
        ('"OR"', term("or")),
        ("Marks & Spencer – Paris !", And((term("marks"), term("spencer"), term("paris")))),
        ("12:30", term("12", "30")),
        ("café, bar.", And((term("cafe"), term("bar")))),
        ("東京", term("東", "京")),
    ],
)
def test_queries_become_trees(text: str, tree: object) -> None:
    assert parse_query(text).tree == tree


@pytest.mark.parametrize(
    ("text", "position", "key"),
    [
        ("", 0, "query_error_empty"),
        ("  !?  ", 0, "query_error_empty"),
        ('café "lumière', 5, "query_error_quote"),
        ("café «lumière", 5, "query_error_quote"),
        ("café (bar", 5, "query_error_open"),
        ("café (", 5, "query_error_open"),
        ("café ) bar", 5, "query_error_close"),
        (")", 0, "query_error_close"),
        ("café ()", 5, "query_error_brackets"),
        ("OR café", 0, "query_error_both_sides"),
        ("café OR", 5, "query_error_both_sides"),
        ("café OR OR bar", 5, "query_error_both_sides"),
        ("café AND", 5, "query_error_both_sides"),
        ("(café OR)", 6, "query_error_both_sides"),
        ("café NOT", 5, "query_error_not"),
        ("café NOT OR bar", 5, "query_error_not"),
        ("café - bar", 5, "query_error_minus"),
        ("café -", 5, "query_error_minus"),
        ("-café -bar", 0, "query_error_exclusions"),
        ("NOT (café bar)", 0, "query_error_exclusions"),
        ("café OR -bar", 8, "query_error_or_exclusion"),
        ("café 😀", 5, "query_error_no_letters"),
        ('"!!"', 0, "query_error_no_letters"),
        ("été tite:café", 4, "query_error_field"),
        ("été is:open", 4, "query_error_field_here"),
        ("café since:7d", 5, "query_error_field_here"),
        ("café lang:french", 10, "query_error_value"),
        ("café title:(bar lang:fr)", 16, "query_error_field_inside"),
        ("café lang:(fr site:(a))", 14, "query_error_field_inside"),
        ("café title:(", 11, "query_error_open"),
        ("author:maud", 0, "query_error_only_filter"),
        ("lang:fr", 0, "query_error_only_filter"),
        ("-bar site:x", 0, "query_error_only_filter"),
        ("café OR author:(maud OR paul)", 16, "query_error_only_filter"),
        ("lum*ère", 3, "query_error_wildcard"),
        ("café *lum", 5, "query_error_wildcard"),
        ("café * bar", 5, "query_error_wildcard"),
        ("café site:lem*", 13, "query_error_wildcard"),
        ("lu*", 2, "query_error_stem"),
        ('"café lu*"', 8, "query_error_stem"),
        ("café ~5", 5, "query_error_tilde"),
        ('"café bar"~0', 10, "query_error_distance"),
        ('"café bar"~21', 10, "query_error_distance"),
        ("café NEAR/0 bar", 5, "query_error_distance"),
        ("café NEAR/5", 5, "query_error_both_sides"),
        ("NEAR/5 café", 0, "query_error_both_sides"),
        ("café NEAR -bar", 5, "query_error_near_sides"),
        ("café NEAR (bar pub)", 5, "query_error_near_sides"),
        ("café NEAR `Bar`", 5, "query_error_near_sides"),
        ("a NEAR/2 b NEAR/3 c", 11, "query_error_near_mixed"),
        ("title:a NEAR b", 0, "query_error_near_field"),
        ('"a b c d e"~3', 0, "query_error_near_many"),
        ("café `bar", 5, "query_error_backtick"),
        ("café `!`", 5, "query_error_no_letters"),
        ("café type:tweet", 10, "query_error_value"),
        ("café source:?!a", 12, "query_error_value"),
        ("café | bar", 5, "query_error_pipe"),
        ("café || bar", 5, "query_error_pipe"),
        ("café && bar", 5, "query_error_ampersand"),
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH, "query_error_too_long"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), MAX_DEPTH, "query_error_too_deep"),
        ("a " + "-" * (MAX_DEPTH + 1) + "a", 2 + MAX_DEPTH, "query_error_too_deep"),
        ("a " * (MAX_TERMS + 1), 2 * MAX_TERMS, "query_error_too_many"),
    ],
)
def test_what_does_not_parse_says_where_and_how_to_mend_it(text: str, position: int, key: str) -> None:
    with pytest.raises(QuerySyntax) as caught:
        parse_query(text)
    error = caught.value
    assert (error.extra["position"], error.key, error.code, error.status) == (position, key, "query_syntax", 422)
    assert error.as_json()["error"]["fields"]["query"] == SENTENCES[key].format(**error.extra["params"])


def test_an_unknown_field_is_named_and_the_way_round_works() -> None:
    with pytest.raises(QuerySyntax, match='"intitle:" is not known') as caught:
        parse_query('intitle:"café lumière"')
    assert '"intitle:café lumière"' in caught.value.message
    assert parse_query('"intitle:café lumière"').tree == term("intitle", "cafe", "lumiere")


def test_fields_enter_by_their_name_alone() -> None:
    fields = frozenset({"title"})
    assert parse_query('Title:"café lumière"', fields).tree == term("cafe", "lumiere", field="title")
    query = parse_query("title:café -title:bar", fields)
    assert query.tree == And((term("cafe", field="title"), Not(term("bar", field="title"))))
    assert normalise(query) == "title:café -title:bar"
    with pytest.raises(QuerySyntax, match="right behind"):
        parse_query("title: café", fields)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("lang:(FR OR en-GB)", "lang:fr OR lang:en"),
        ("-LANG:fr", "-lang:fr"),
        ("title:(bar -pub)", "title:bar -title:pub"),
        (
            "café AND NOT site:(https://www.Lemonde.fr/sport OR mastodon)",
            'café -(site:"lemonde.fr/sport" OR site:mastodon)',
        ),
        ('is:open is:probably_not tag:"to call"', 'is:open is:probably-not tag:"to call"'),
        ("since:2026-11-01 until:hier", "since:2026-11-01 until:yesterday"),
        ("since:7j until:2s", "since:7d until:2w"),
        ("-is:done", "-is:done"),
        ("type:(Post OR comment)", "type:post OR type:comment"),
        ('source:"Google News"', "source:googlenews"),
    ],
)
def test_fields_have_one_way_to_be_written(text: str, normal: str) -> None:
    assert normalise(parse_search(text)) == normal
    assert parse_search(normal) == parse_search(text)


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("is:opened", 3, "new, open, replied"),
        ("café since:soon", 11, "7d"),
        ("café since:2026-13-01", 11, "7d"),
        ("café since:2026-02-30", 11, "7d"),
        ("café lang:klingonish", 10, "fr"),
        ("tite:café", 0, "title:, author:, site:, lang:, type:, source:, tag:, is:, since:, until:"),
    ],
)
def test_a_value_that_cannot_be_is_refused_where_it_stands_with_what_can(text: str, position: int, said: str) -> None:
    with pytest.raises(QuerySyntax, match=re.escape(said)) as caught:
        parse_search(text)
    assert caught.value.position == position


def test_what_looks_like_a_field_and_is_none_stays_text() -> None:
    assert parse_search("https://cafelumiere.example/carte").tree == term("cafelumiere", "example", "carte")
    assert parse_search("10:30").tree == term("10", "30")


def test_a_term_knows_where_it_stands() -> None:
    text = 'café "au soleil"'
    tree = parse_query(text).tree
    assert isinstance(tree, And)
    assert [text[part.start : part.end] for part in tree.parts] == ["café", '"au soleil"']


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Café   AND  «Au  soleil» ", 'Café "Au soleil"'),
        ("café OR (bar NOT pub)", "café OR (bar -pub)"),
        ("café NOT (bar OR pub)", "café -(bar OR pub)"),
        ('"OR" NOT "café"', '"OR" -café'),
        ("https://cafelumiere.example/", "cafelumiere.example"),
        ('"title:x"', '"title:x"'),
        ('"ET" café', '"ET" café'),
        ('"lemonde.fr" lemonde.fr', '"lemonde.fr" lemonde.fr'),
        ("lemonde[.]fr", "lemonde.fr"),
        ('"bons PLANS*"', '"bons PLANS*"'),
        ('"lumi*" l’été*', "lumi* l’été*"),
        ('"café terrasse"~5', "café NEAR/5 terrasse"),
        ("(a OR b) NEAR/3 c", "a NEAR/3 c OR b NEAR/3 c"),
        ("a -(`B (c)`)", "a -`B (c)`"),
        ("title:(a NEAR/3 b)", "title:a NEAR/3 title:b"),
    ],
)
def test_a_query_is_said_back_in_one_form(text: str, normal: str) -> None:
    assert normalise(parse_query(text)) == normal
    assert parse_query(normal) == parse_query(text)


def words_of(said: Said) -> str:
    """One line for a tree: `all(word café, not(any(word bar, word pub)))`."""
    inside = ", ".join(map(words_of, said.parts))
    return f"{said.kind} {said.text}".strip() + (f"({inside})" if said.parts else "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("café", "word café"),
        ("week-end", "phrase week-end"),
        (
            "café (terrasse OR «au soleil») -(pub OR club)",
            "all(word café, any(word terrasse, phrase au soleil), not(any(word pub, word club)))",
        ),
        ("a OR (b lang:fr)", "any(word a, all(word b, lang fr))"),
        ('plug* "good plug*"', "all(begins plug, begins good plug)"),
        ('"a b"~5 `C++`', "all(near 5(word a, word b), exact C++)"),
        ("title:(a NEAR/3 b) author:maud", "all(title(near 3(word a, word b)), author(word maud))"),
        ("lemonde.fr -site:example.com", "all(host lemonde.fr, not(site example.com))"),
    ],
)
def test_a_query_is_explained_as_a_tree_for_words(text: str, said: str) -> None:
    assert words_of(explain(parse_query(text).tree)) == said
