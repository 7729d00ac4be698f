"""Up to three ways to find more where a query finds nothing. Pure: what each would find is for others to count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from backend.query.explain import write_tree
from backend.query.grammar import MAX_NEAR, And, Fact, Literal, Near, Not, Or, Query, Term, Tree
from backend.query.lex import DISTANCE, MIN_STEM
from backend.query.words import fold, is_unspaced

WAYS = 3


@dataclass(frozen=True)
class Widening:
    """`key` is the interface's word for what is done; `text` what it is done to; `query` the whole query then."""

    key: str  # query_widen_drop | _any | _words | _begin | _case | _far | _field | _name
    text: str
    query: str


def widen(query: Query) -> list[Widening]:
    """At most three, each of another kind, those that change least first. Every text that the query finds is found by
    each of them too (but for a phrase whose words may stand apart: that is also found joined in a tag)."""
    found: dict[str, Widening] = {}
    mine = write_tree(query.tree)
    for key, text, tree in _ways(query.tree):
        written = write_tree(tree)
        if written != mine and key not in found and all(one.query != written for one in found.values()):
            found[key] = Widening(f"query_widen_{key}", text, written)
        if len(found) == WAYS:
            break
    return list(found.values())


def _ways(tree: Tree) -> Iterator[tuple[str, str, Tree]]:
    parts: list[Tree] = list(tree.parts) if isinstance(tree, And) else [tree]
    for at, part in enumerate(parts):
        for key, wider in _wider(part):
            yield key, write_tree(part), _with(parts, at, wider)
    finding = [part for part in parts if not isinstance(part, Fact | Not)]
    for at, part in enumerate(parts):
        if isinstance(part, Fact | Not) and finding:
            yield "drop", write_tree(part), _with(parts, at, None)
    if len(finding) > 1:
        longest = max(finding, key=lambda part: len(write_tree(part)))
        yield "drop", write_tree(longest), _with(parts, parts.index(longest), None)
        others = [part for part in parts if part not in finding]
        flat = [one for part in finding for one in (part.parts if isinstance(part, Or) else (part,))]
        either = Or(tuple(flat))
        yield "any", write_tree(either), And((either, *others)) if others else either
    single = [part for part in finding if isinstance(part, Term)]
    for term in sorted(single, key=lambda one: -len(one.words[0])):
        if (begun := _begun(term)) is not None:
            yield "begin", write_tree(begun), _with(parts, parts.index(term), begun)
    for part in finding:
        if isinstance(part, Or):
            choices = tuple((_begun(one) if isinstance(one, Term) else None) or one for one in part.parts)
            if choices != part.parts:
                yield "begin", write_tree(Or(choices)), _with(parts, parts.index(part), Or(choices))


def _begun(term: Term) -> Term | None:
    """What only begins so, of a single word, or of what is written without blanks; None where too little would stay."""
    if term.host:
        return None
    if all(map(is_unspaced, term.words)):
        kept = term.words[:-1]
        return Term(kept, term.field, prefix=True, text="".join(kept)) if kept else None
    if len(term.words) > 1:  # week-end
        plain = not term.quoted and not term.prefix and len(term.words[-1]) >= MIN_STEM and term.text[-1:].isalnum()
        return replace(term, prefix=True) if plain else None
    word = term.words[0]
    stem = word[: max(MIN_STEM, len(word) - 2)] if term.prefix else _stem(word)
    if not stem or stem[-1] in "+#" or (term.prefix and stem == word):
        return None
    same = len(term.text) == len(word)
    return Term((stem,), term.field, prefix=True, text=term.text[: len(stem)] if same else stem)


def _wider(part: Tree) -> Iterator[tuple[str, Tree]]:
    match part:
        case Literal():
            yield "case", part.term
        case Near(terms, distance):
            if distance < 15:
                yield "far", replace(part, distance=min(20, distance * 3))
            yield "words", And(terms)
        case Term() if len(_words_of(part)) > 1 and part.quoted and not part.prefix and not part.host:
            if len(_words_of(part)) <= MAX_NEAR:
                yield "far", Near(_words_of(part), DISTANCE)
            yield "words", And(_words_of(part))
            yield "any", Or(_words_of(part))
        case Term() if part.host and (name := _name_of(part.host)):
            yield "name", Or((part, name))
        case Term() if part.field == "title":
            yield "field", replace(part, field=None)
        case _:
            return


def _with(parts: list[Tree], at: int, wider: Tree | None) -> Tree:
    kept: list[Tree] = []
    for index, part in enumerate(parts):
        if index != at:
            kept.append(part)
        elif isinstance(wider, And):
            kept.extend(wider.parts)
        elif wider is not None:
            kept.append(wider)
    return kept[0] if len(kept) == 1 else And(tuple(kept))


def _words_of(term: Term) -> tuple[Term, ...]:
    """Of a phrase as written, each word alone."""
    pieces = [(piece, fold(piece).words) for piece in term.text.split()]
    return tuple(Term(words, term.field, text=piece) for piece, words in pieces if words)


def _name_of(host: str) -> Term | None:
    """What a site is called: the longest part of its host."""
    label = max(host.split(".")[:-1], key=len)
    words = fold(label).words
    return Term(words, text=label) if len(words) == 1 and len(label) > MIN_STEM else None


def _stem(word: str) -> str:
    """A word without the end that its plural and its feminine change; "" where too little would stay."""
    for end in ("ement", "ments", "ing", "ies", "eux", "aux", "ed", "es", "s", "x", "e"):
        if word.endswith(end) and len(word) - len(end) >= MIN_STEM + 1:
            return word[: -len(end)]
    return word if len(word) >= MIN_STEM else ""
