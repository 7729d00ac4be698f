"""A query said back: in one normal form, and as a few parts that the interface can put into a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backend.query.fields import own_host
from backend.query.grammar import And, Fact, Literal, Near, Not, Or, Query, Term, Tree
from backend.query.lex import RESERVED

# What may stand without quotes and still be read as it was.
_BARE = re.compile(r"[\w#@][\w'’.@#&+-]*")


@dataclass(frozen=True)
class Part:
    """One condition. `key` is the interface's word for it: all of these, one of these, none of these."""

    key: str  # query_explain_all | query_explain_any | query_explain_none
    texts: Sequence[str]


@dataclass(frozen=True)
class Explanation:
    normalised: str
    parts: Sequence[Part]


def normalise(query: Query) -> str:
    """The one way to write what the query means; parsing it gives the same tree."""
    return write_tree(query.tree)


def explain(query: Query) -> Explanation:
    """What must be there, what may, what must not, each as a short text."""
    tree = query.tree
    required: list[str] = []
    parts: list[Part] = []
    excluded: list[str] = []
    for part in tree.parts if isinstance(tree, And) else (tree,):
        match part:
            case Or(choices):
                parts.append(Part("query_explain_any", [write_tree(choice) for choice in choices]))
            case Not(Or(choices)):
                excluded.extend(write_tree(choice) for choice in choices)
            case Not(inner):
                excluded.append(write_tree(inner))
            case _:
                required.append(write_tree(part))
    if required:
        parts.insert(0, Part("query_explain_all", required))
    if excluded:
        parts.append(Part("query_explain_none", excluded))
    return Explanation(normalise(query), parts)


def exclude_words(query: Query, words: Sequence[str]) -> str:
    """The query with these words excluded, as a person would write it."""
    kept = f"({write_tree(query.tree)})" if isinstance(query.tree, Or) else write_tree(query.tree)
    excluded = (word if _BARE.fullmatch(word) and word not in RESERVED else f'"{word}"' for word in words)
    return " ".join((kept, *(f"-{word}" for word in excluded)))


def write_fact(fact: Fact) -> str:
    """A fact as it can stand in a query."""
    return f"{fact.field}:{fact.value}" if _BARE.fullmatch(fact.value) else f'{fact.field}:"{fact.value}"'


def write_term(term: Term) -> str:
    """A term as it can stand in a query."""
    text = term.text or " ".join(term.words)
    quoted = (
        not _BARE.fullmatch(text) or text in RESERVED or (own_host(text) != "" and not term.host and not term.field)
    )
    text += "*" if term.prefix else ""
    if quoted:
        text = f'"{text}"'
    return f"{term.field}:{text}" if term.field else text


def write_near(near: Near) -> str:
    """Words that may stand apart, as they can stand in a query."""
    return f" NEAR/{near.distance} ".join(map(write_term, near.terms))


def write_literal(literal: Literal) -> str:
    return f"{literal.field}:`{literal.written}`" if literal.field else f"`{literal.written}`"


def write_tree(tree: Tree) -> str:
    """A part of a query as it can stand in one."""
    match tree:
        case Term():
            return write_term(tree)
        case Fact():
            return write_fact(tree)
        case Near():
            return write_near(tree)
        case Literal():
            return write_literal(tree)
        case Not(part):
            return "-" + (write_tree(part) if isinstance(part, Term | Fact | Literal) else f"({write_tree(part)})")
        case And(parts):
            return " ".join(f"({write_tree(part)})" if isinstance(part, Or) else write_tree(part) for part in parts)
        case Or(parts):
            return " OR ".join(f"({write_tree(part)})" if isinstance(part, And) else write_tree(part) for part in parts)
