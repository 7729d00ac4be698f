"""What holds of every query and every text."""

from __future__ import annotations

import random
import re
import string
import unicodedata
from collections.abc import Iterator
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.query import words as words_module
from backend.query.errors import QuerySyntax
from backend.query.explain import normalise
from backend.query.grammar import And, Fact, Literal, Near, Not, Or, Term, Tree, parse_query, positive_terms
from backend.query.match import Matcher, match_one, required_patterns
from backend.query.words import fold, fold_slowly, fold_words, is_unspaced_sign, spellings

bounded = settings(max_examples=150, deadline=None, derandomize=True)

#: what is cut differently from how it looks, and what is put between
_PIECES = (
    *"abXYéÉœŒßæþÐ .,;'’-_#@/+&()[]…—“»013½²ªºµƒˆ˜™®\xad\xa0\u202f\u200b\u2009łŁİıž€",
    *"😀❤\ufe0f\u20e3\u0301ﬁ１Ａ＃＠．⁺Ωж東か\u3099",
    "café", "U.S.", "S.N.C.F.", "t.co", "www.cafe-lumiere.example", "example[.]com", "a(.)example", "#CafeLumiere",
    "@cafe_lumiere", "#JO2024", "C++", "C#", "Disney+", "l’été", "a.b.c", "œ.a.b", "p.m.", "fin.Le", "1.5",
    "maud@cafe.example", "https://a.example/x?y=1#Frag", "#œuvreTotale", "Straße.de", "…a.b", "ab_c.example.org",
    "#Ünï_Cödé", "x.y", "1a.b", "a.b1",
)  # fmt: skip
words = st.sampled_from(
    [
        "café",
        "Lumière",
        "bar",
        "C++",
        "l’été",
        "cœur",
        "地震",
        "week-end",
        "a",
        "Straße",
        "#JO2024",
        "दिल्ली",
        "চা",
        "สวัสดี",
    ]
)
texts = st.lists(
    st.one_of(
        words,
        st.sampled_from(
            [
                "cafe",
                "lumiere,",
                "#CafeLumière",
                "😀",
                "—",
                "the",
                "us",
                "USB",
                "US,",
                "lemonde.fr,",
                "lemonde.fr.au",
                "blog.LeMonde.fr",
                "lemonde, fr",
            ]
        ),
    ),
    max_size=12,
)
signs = st.text(st.sampled_from('()"«»“”-*|:&~`/ \u202f\t' + "AORNDTéaœ東ীี😀." + string.digits), max_size=40)


def written(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} {})".format, inner, inner),
        st.builds("({} -{})".format, inner, inner),
        st.builds("{} AND NOT ({})".format, inner, inner),
    )


begun = st.sampled_from(["caf*", "lumi*", "str*", "地*", "week*", "दिल्ली*"])
queries = st.recursive(
    st.one_of(
        words,
        begun,
        st.builds("«{} {}»".format, words, words),
        st.builds('"{} {}"~2'.format, words, words),
        st.builds("{} NEAR/3 {}".format, begun, words),
        st.builds("`{}`".format, words),
        st.just("lemonde.fr"),
    ),
    written,
    max_leaves=8,
)


def naive(tree: Tree, text: str) -> bool:
    """Word by word, without an automaton and without regular expressions."""
    readings = [part.split() for part in f" {fold(text).flat} ".split(" / ")]
    match tree:
        case Term():
            written = not tree.host or any(
                f".{piece.rstrip(',')}".endswith("." + tree.host) for piece in text.lower().split()
            )
            return any(
                (written or one.startswith("#")) and begins(words, at, one.split(), tree.prefix)
                for one in spellings(tree.words)
                for words, at in places(readings)
            )
        case Near(terms):
            return any(stands(words, list(order), tree.distance) for order in permutations(terms) for words in readings)
        case Literal():
            spaced = list(tree.words)
            stands_so = any(is_apart(text, tree.written, at) for at in range(len(text)))
            return stands_so and any(begins(words, at, spaced, False) for words, at in places(readings))
        case Not(part):
            return not naive(part, text)
        case And(parts):
            return all(naive(part, text) for part in parts)
        case Or(parts):
            return any(naive(part, text) for part in parts)
        case Fact():
            return True


def is_apart(text: str, written: str, at: int) -> bool:
    """Whether these characters stand there, and not within a longer word."""
    end = at + len(written)
    pairs = [(text[at - 1 : at], written[0]), (written[-1], text[end : end + 1])]
    return text.startswith(written, at) and not any(map(is_glue, *zip(*pairs, strict=True)))


def is_glue(before: str, behind: str) -> bool:
    signs = [sign for sign in (before, behind) if sign and (sign.isalnum() or unicodedata.category(sign)[0] == "M")]
    return len(signs) == 2 and not any(is_unspaced_sign(sign) for sign in signs)


def places(readings: list[list[str]]) -> Iterator[tuple[list[str], int]]:
    return ((words, at) for words in readings for at in range(len(words)))


def begins(words: list[str], at: int, wanted: list[str], prefix: bool) -> bool:
    there = words[at : at + len(wanted)]
    return there == wanted or (
        prefix and len(there) == len(wanted) and there[:-1] == wanted[:-1] and there[-1].startswith(wanted[-1])
    )


def stands(words: list[str], terms: list[Term], distance: int) -> bool:
    def rest(at: int, left: list[Term]) -> bool:
        if not left:
            return True
        return any(
            begins(words, after, list(left[0].words), left[0].prefix) and rest(after + len(left[0].words), left[1:])
            for after in range(at, min(at + distance + 1, len(words)))
        )

    first = terms[0]
    return any(
        begins(words, at, list(first.words), first.prefix) and rest(at + len(first.words), terms[1:])
        for at in range(len(words))
    )


@bounded
@given(signs)
def test_garbage_parses_or_says_why_and_nothing_else(text: str) -> None:
    query = refused = None
    try:
        query = parse_query(text)
    except QuerySyntax as error:
        refused = error
    if refused is not None:
        assert 0 <= refused.position <= len(text)
        assert refused.fields["query"]
    elif query is not None:
        assert parse_query(normalise(query)) == query


@bounded
@given(st.text(max_size=60))
def test_any_unicode_parses_or_says_why(text: str) -> None:
    try:
        query = parse_query(text)
    except QuerySyntax:
        return
    assert parse_query(normalise(query)) == query
    match_one(query, {"text": text})


@bounded
@given(queries)
def test_the_normal_form_of_a_query_means_the_same(text: str) -> None:
    query = parse_query(text)
    assert parse_query(normalise(query)) == query
    assert normalise(parse_query(normalise(query))) == normalise(query)


@bounded
@given(st.lists(queries, min_size=1, max_size=6), texts)
def test_the_matcher_says_what_a_naive_reading_says(several: list[str], text: list[str]) -> None:
    parsed = {key: parse_query(one) for key, one in enumerate(several)}
    field = " ".join(text)
    found = {match.key for match in Matcher(parsed).match({"text": field})}
    assert found == {key for key, query in parsed.items() if naive(query.tree, field)}
    for key in found:
        required = required_patterns(parsed[key].tree)
        assert any(pattern in fold(field).flat for pattern in required)


@bounded
@given(queries, texts)
def test_what_is_lit_up_folds_to_words_that_were_looked_for(text: str, parts: list[str]) -> None:
    query = parse_query(text)
    field = " ".join(parts)
    match = match_one(query, {"text": field})
    if match is None:
        return
    wanted = {word for term in positive_terms(query.tree) for word in term.words}
    begun = tuple(term.words[-1] for term in positive_terms(query.tree) if term.prefix)
    last = -1
    for one in match.highlights:
        assert last < one.start < one.end <= len(field)
        last = one.end
        said = fold(field[one.start : one.end]).words
        left = {word for word in said if not (begun and word.startswith(begun))} - wanted
        joined = {"".join(t.words) for t in positive_terms(query.tree)} | {a + b for a in wanted for b in wanted}
        assert not left or "".join(said) in joined  # a tag that joins them


def test_the_quick_way_folds_exactly_as_the_slow_one() -> None:
    chance = random.Random(11)  # noqa: S311
    quick = 0
    for _ in range(6_000):
        pieces = chance.choices(_PIECES, k=chance.randrange(1, 12))
        text = "".join(piece + chance.choice(("", "", " ", " ", ".")) for piece in pieces)
        here, slow = fold(text), fold_slowly(text)
        assert here.flat == slow.flat, repr(text)
        for at in (found.start() for found in re.finditer(r"(?<= )[^/ ]", here.flat)):
            end = here.flat.index(" ", at)
            slow._main_spans = in_text(text)  # worked out by the slow way alone
            assert here.span(at, end) == slow.span(at, end), (text, here.flat[at:end])
        quick += cut_quickly(text)
    assert 1_500 < quick < 5_500  # both ways were taken


def in_text(text: str) -> list[tuple[int, int]]:
    return words_module._in_text(text, [span for _, span in words_module._cut(words_module._fold_text(text))])


def cut_quickly(text: str) -> bool:
    return words_module._QUICK.cut(text) is not None


@bounded
@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = " ".join(fold(text).words)
    assert " ".join(fold(once).words) == once


@bounded
@given(st.text(max_size=80))
def test_every_form_of_the_same_unicode_text_folds_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)).words == fold(unicodedata.normalize("NFD", text)).words


@bounded
@given(st.text(max_size=80))
def test_every_word_has_a_place_inside_the_text(text: str) -> None:
    folded = fold(text)
    at = 1
    for word in fold_words(text).split():
        start, end = folded.span(at, at + len(word))
        assert 0 <= start < end <= len(text)
        at += len(word) + 1
