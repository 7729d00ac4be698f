"""A query said back: in one normal form, and as a tree that the interface can put into a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.query.fields import own_host
from backend.query.grammar import And, Fact, Literal, Near, Not, Or, Query, Term, Tree
from backend.query.lex import RESERVED

# What may stand without quotes and still be read as it was.
_BARE = re.compile(r"[\w#@][\w'’.@#&+-]*")


@dataclass(frozen=True)
class Said:
    """A part of a query for the interface to put into words.

    `kind`: all, any, not (of `parts`); word, phrase, begins, exact, host (`text`); near (`parts` at most `text` words
    apart); title, author (of the one in `parts`); or a field whose value is `text`: site, lang, type, source, tag, is,
    since, until.
    """

    kind: str
    text: str = ""
    parts: tuple[Said, ...] = ()


def normalise(query: Query) -> str:
    """The one way to write what the query means; parsing it gives the same tree."""
    return write_tree(query.tree)


def explain(tree: Tree) -> Said:
    """What a query, or a part of one, means."""
    match tree:
        case And(parts):
            return Said("all", parts=tuple(map(explain, parts)))
        case Or(parts):
            return Said("any", parts=tuple(map(explain, parts)))
        case Not(part):
            return Said("not", parts=(explain(part),))
        case Fact():
            return Said(tree.field, tree.value)
        case Near():
            bare = tuple(explain(replace(term, field=None)) for term in tree.terms)
            return _in_field(tree.field, Said("near", str(tree.distance), bare))
        case Literal():
            return _in_field(tree.field, Said("exact", tree.written))
        case Term():
            return _in_field(tree.field, Said(_kind_of(tree), tree.text or " ".join(tree.words)))


def _kind_of(term: Term) -> str:
    if term.host:
        return "host"
    if term.prefix:
        return "begins"
    return "phrase" if len(term.words) > 1 else "word"


def _in_field(field: str | None, said: Said) -> Said:
    return Said(field, parts=(said,)) if field else said


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
