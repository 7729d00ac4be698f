"""What holds of every query and every text."""

from __future__ import annotations

import string
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.query.errors import QuerySyntax
from backend.query.explain import normalise
from backend.query.grammar import And, Not, Or, Term, Tree, parse_query, positive_terms
from backend.query.match import Matcher, match_one, required_spellings
from backend.query.words import fold, fold_words, spellings

bounded = settings(max_examples=150, deadline=None, derandomize=True)

words = st.sampled_from(
    ["café", "Lumière", "bar", "C++", "l’été", "cœur", "地震", "week-end", "a", "Straße", "#JO2024"]
)
texts = st.lists(st.one_of(words, st.sampled_from(["cafe", "lumiere,", "#CafeLumière", "😀", "—", "the"])), max_size=12)
signs = st.text(st.sampled_from('()"«»“”-*|:&~ \u202f\t' + "AORNDTéaœ東😀." + string.digits), max_size=40)


def written(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} {})".format, inner, inner),
        st.builds("({} -{})".format, inner, inner),
        st.builds("{} AND NOT ({})".format, inner, inner),
    )


queries = st.recursive(st.one_of(words, st.builds("«{} {}»".format, words, words)), written, max_leaves=8)


def naive(tree: Tree, flat: str) -> bool:
    match tree:
        case Term():
            return any(f" {spelling} " in flat for spelling in spellings(tree.words))
        case Not(part):
            return not naive(part, flat)
        case And(parts):
            return all(naive(part, flat) for part in parts)
        case Or(parts):
            return any(naive(part, flat) for part in parts)


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
    assert found == {key for key, query in parsed.items() if naive(query.tree, fold(field).flat)}
    for key in found:
        required = required_spellings(parsed[key].tree)
        assert any(f" {spelling} " in fold(field).flat for spelling in required)


@bounded
@given(queries, texts)
def test_what_is_lit_up_folds_to_words_that_were_looked_for(text: str, parts: list[str]) -> None:
    query = parse_query(text)
    field = " ".join(parts)
    match = match_one(query, {"text": field})
    if match is None:
        return
    wanted = {word for term in positive_terms(query.tree) for word in term.words}
    last = -1
    for one in match.highlights:
        assert last < one.start < one.end <= len(field)
        last = one.end
        said = fold(field[one.start : one.end]).words
        assert set(said) <= wanted or "".join(said) in {"".join(t.words) for t in positive_terms(query.tree)}


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
