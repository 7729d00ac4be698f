"""The query language: text → tree, with places in code points.

    café lumière            both words, anywhere           (AND may be written)
    "café lumière"          the phrase                     (« », “ ” too)
    café OR bistrot         one of them                    (AND binds tighter than OR)
    -bar   NOT bar          without it; also before phrases and brackets
    café (terrasse OR "au soleil") -bar

Operators are upper case; case and accents of words do not matter; a word is a whole word. What is written together is
one phrase: `cafelumiere.example`, `week-end`, `l’été`. `name:` is kept for fields, which stand before a word, a phrase
or brackets (`lang:(fr OR en)`, `-title:bar`); see `fields`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from dataclasses import field as _field

from backend.query.errors import QuerySyntax
from backend.query.fields import KEYWORD_FIELDS, MENTION_FIELDS, TEXT_FIELDS, check_value
from backend.query.lex import Token, read_tokens

MAX_LENGTH = 2_000  # code points
MAX_TERMS = 200
MAX_DEPTH = 20

#: Fields that keywords can name (`title:word`).
FIELDS: frozenset[str] = frozenset(KEYWORD_FIELDS)


@dataclass(frozen=True)
class Term:
    """A word or a phrase: folded words in a row. `text` is how it was written, without quotes."""

    words: tuple[str, ...]
    field: str | None = None
    text: str = _field(default="", compare=False)
    quoted: bool = _field(default=False, compare=False)
    start: int = _field(default=0, compare=False)
    end: int = _field(default=0, compare=False)


@dataclass(frozen=True)
class Fact:
    """What is known of a text beside its words: `value` is checked, `text` how it was written."""

    field: str  # site | lang | tag | is | since | until
    value: str
    text: str = _field(default="", compare=False)
    start: int = _field(default=0, compare=False)
    end: int = _field(default=0, compare=False)


@dataclass(frozen=True)
class Not:
    part: Tree
    start: int = _field(default=0, compare=False)
    end: int = _field(default=0, compare=False)


@dataclass(frozen=True)
class And:
    parts: tuple[Tree, ...]
    start: int = _field(default=0, compare=False)
    end: int = _field(default=0, compare=False)


@dataclass(frozen=True)
class Or:
    parts: tuple[Tree, ...]
    start: int = _field(default=0, compare=False)
    end: int = _field(default=0, compare=False)


Tree = Term | Fact | Not | And | Or


@dataclass(frozen=True)
class Query:
    """A query that parsed. Two queries are equal when they mean the same, whatever their spacing and quotes."""

    tree: Tree
    text: str = _field(default="", compare=False)


def parse_query(text: str, fields: Collection[str] = FIELDS) -> Query:
    """Raises QuerySyntax: code `query_syntax`, `fields["query"]` how to mend it, `extra["position"]` in code points."""
    if len(text) > MAX_LENGTH:
        raise QuerySyntax("query_error_too_long", MAX_LENGTH, limit=MAX_LENGTH)
    parser = _Parser(list(read_tokens(text, fields)))
    tree = parser.read_all()
    if "is" not in fields:  # searches look through what is there, and may leave out only; keywords must find
        _require_something_to_find(tree)
    return Query(tree, text)


def parse_search(text: str) -> Query:
    """A search of the inbox: all fields, and "everything but" is fine. Raises QuerySyntax."""
    return parse_query(text, MENTION_FIELDS)


def terms_of(tree: Tree) -> Iterator[Term]:
    """Every term, the excluded ones included."""
    match tree:
        case Term():
            yield tree
        case Fact():
            pass
        case Not(part):
            yield from terms_of(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms_of(part)


def facts_of(tree: Tree) -> Iterator[Fact]:
    """Every fact that is asked for or excluded."""
    match tree:
        case Fact():
            yield tree
        case Not(part):
            yield from facts_of(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from facts_of(part)


def positive_terms(tree: Tree) -> Iterator[Term]:
    """Every term that is looked for, in order; nothing under an exclusion."""
    match tree:
        case Term():
            yield tree
        case And(parts) | Or(parts):
            for part in parts:
                yield from positive_terms(part)


class _Parser:
    """Recursive descent: or → and → unary."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._terms = 0
        self._field: str | None = None  # of the brackets around

    def read_all(self) -> Tree:
        if not self._tokens:
            raise QuerySyntax("query_error_empty", 0)
        tree = self._read_or()
        if (left := self._peek()) is not None:  # only a bracket can stop it before the end
            raise QuerySyntax("query_error_close", left.start)
        return tree

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _read_or(self) -> Tree:
        parts = [self._read_and()]
        while (token := self._peek()) and token.kind == "or":
            self._at += 1
            self._require_operand(token)
            parts.append(self._read_and())
        return _join(Or, parts)

    def _read_and(self) -> Tree:
        parts = [self._read_unary()]
        while (token := self._peek()) and token.kind not in ("or", "close"):
            if token.kind == "and":
                self._at += 1
                self._require_operand(token)
            parts.append(self._read_unary())
        return _join(And, parts)

    def _read_unary(self) -> Tree:
        token = self._peek()
        if token is None:
            raise QuerySyntax("query_error_empty", 0)
        self._at += 1
        match token.kind:
            case "term":
                self._terms += 1
                if self._terms > MAX_TERMS:
                    raise QuerySyntax("query_error_too_many", token.start, limit=MAX_TERMS)
                return self._make_term(token)
            case "field":
                if self._field is not None:
                    raise QuerySyntax("query_error_field_inside", token.start, field=token.text)
                self._field = token.field
                opened = self._tokens[self._at]
                self._at += 1
                group = self._read_group(opened)
                self._field = None
                return group
            case "not":
                following = self._peek()
                if following is None or following.kind not in ("term", "not", "open", "field"):
                    key = "query_error_not" if token.text else "query_error_minus"
                    raise QuerySyntax(key, token.start)
                self._enter(token)
                part = self._read_unary()
                self._depth -= 1
                return Not(part, token.start, part.end)
            case "open":
                return self._read_group(token)
            case "close":
                raise QuerySyntax("query_error_close", token.start)
            case _:
                raise QuerySyntax("query_error_both_sides", token.start, operator=token.text)

    def _make_term(self, token: Token) -> Term | Fact:
        if self._field is not None and token.field is not None:
            raise QuerySyntax("query_error_field_inside", token.start, field=token.field)
        field = token.field or self._field
        if field is None or field in TEXT_FIELDS:
            return Term(token.words, field, token.text, token.quoted, token.start, token.end)
        return Fact(field, check_value(field, token.text, token.value_at), token.text, token.start, token.end)

    def _read_group(self, opened: Token) -> Tree:
        following = self._peek()
        if following is None:
            raise QuerySyntax("query_error_open", opened.start)
        if following.kind == "close":
            raise QuerySyntax("query_error_brackets", opened.start)
        self._enter(opened)
        tree = self._read_or()
        self._depth -= 1
        if self._peek() is None:
            raise QuerySyntax("query_error_open", opened.start)
        self._at += 1
        return tree

    def _require_operand(self, operator: Token) -> None:
        following = self._peek()
        if following is None or following.kind in ("or", "and", "close"):
            raise QuerySyntax("query_error_both_sides", operator.start, operator=operator.text)

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QuerySyntax("query_error_too_deep", token.start, limit=MAX_DEPTH)


def _join(kind: type[And] | type[Or], parts: list[Tree]) -> Tree:
    """One part stays itself; a group of the same kind inside is the same as none."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Tree] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return kind(tuple(flat), parts[0].start, parts[-1].end)


def finds_something(tree: Tree) -> bool:
    """Whether a text must hold some word to match; else nearly every text would."""
    match tree:
        case Term():
            return tree.field != "author"  # who wrote it can be asked of no service: only filtered by
        case Fact():
            return False
        case And(parts):
            return any(map(finds_something, parts))
        case Or(parts):
            return all(map(finds_something, parts))
        case Not():
            return False


def _require_something_to_find(tree: Tree) -> None:
    if finds_something(tree):
        return
    if isinstance(tree, Or):
        bare = next(part for part in tree.parts if not finds_something(part))
        raise QuerySyntax("query_error_or_exclusion", bare.start)
    raise QuerySyntax("query_error_exclusions", tree.start)
