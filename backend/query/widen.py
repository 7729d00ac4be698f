"""Three ways to find more where a query finds nothing. Pure: what each would find is for others to count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from backend.query.explain import write_tree
from backend.query.grammar import And, Fact, Literal, Near, Not, Or, Query, Term, Tree
from backend.query.lex import MIN_STEM
from backend.query.words import fold

WAYS = 3


@dataclass(frozen=True)
class Widening:
    """`key` is the interface's word for what is done; `text` what it is done to; `query` the whole query then."""

    key: str  # query_widen_drop | _any | _words | _begin | _case | _far | _field
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
    single = [part for part in finding if isinstance(part, Term) and len(part.words) == 1]
    for term in sorted(single, key=lambda one: -len(one.words[0])):
        if not term.prefix and not term.host and (stem := _stem(term.words[0])):
            same = len(term.text) == len(term.words[0])
            begun = Term((stem,), term.field, prefix=True, text=term.text[: len(stem)] if same else stem)
            yield "begin", write_tree(begun), _with(parts, parts.index(term), begun)


def _wider(part: Tree) -> Iterator[tuple[str, Tree]]:
    match part:
        case Literal():
            yield "case", part.term
        case Near(terms, distance):
            if distance < 15:
                yield "far", replace(part, distance=min(20, distance * 3))
            yield "words", And(terms)
        case Term() if len(_words_of(part)) > 1 and part.quoted and not part.prefix and not part.host:
            yield "words", And(_words_of(part))
            yield "any", Or(_words_of(part))
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


def _stem(word: str) -> str:
    """A word without the end that its plural and its feminine change; "" where too little would stay."""
    for end in ("ement", "ments", "ing", "ies", "eux", "aux", "ed", "es", "s", "x", "e"):
        if word.endswith(end) and len(word) - len(end) >= MIN_STEM + 1:
            return word[: -len(end)]
    return word if len(word) > MIN_STEM else ""
