"""The query language: text → tree, with places in code points.

    café lumière            both words, anywhere           (AND may be written)
    "café lumière"          the phrase                     (« », “ ” too)
    café OR bistrot         one of them                    (AND binds tighter than OR)
    -bar   NOT bar          without it; also before phrases and brackets
    café (terrasse OR "au soleil") -bar
    lumi*   "café lumi*"    words that begin so            (at least three letters)
    "café terrasse"~5       these words, in any order, at most five others between each and the next
    café NEAR/5 (terrasse OR "au soleil")   the same of words and phrases
    `C++ (2024)!`           as written, case and signs too
    lemonde.fr              the address wherever it is written, or what stands on that site or below it

Operators are upper case (ET, OU, SAUF are AND, OR, NOT); case and accents of words do not matter; a word is a whole
word. What is written together is one phrase: `week-end`, `l’été`. `name:` is kept for fields, which stand before a
word, a phrase or brackets (`lang:(fr OR en)`, `-title:bar`); see `fields`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from dataclasses import field as _field
from itertools import product

from backend.query.errors import QuerySyntax
from backend.query.fields import KEYWORD_FIELDS, MENTION_FIELDS, TEXT_FIELDS, check_value
from backend.query.lex import Token, read_tokens
from backend.query.words import fold

MAX_LENGTH = 2_000  # code points
MAX_TERMS = 200
MAX_DEPTH = 20
MAX_NEAR = 4  # words near each other: they may stand in any order
MAX_CHOICES = 20  # that alternatives on both sides of NEAR may multiply to

#: Fields that keywords can name (`title:word`).
FIELDS: frozenset[str] = frozenset(KEYWORD_FIELDS)


@dataclass(frozen=True)
class Term:
    """A word or a phrase: folded words in a row. `text` is how it was written, without quotes.

    `prefix`: the last word only begins so. `host`: what stands on that site or below it counts too.
    """

    words: tuple[str, ...]
    field: str | None = None
    prefix: bool = False
    host: str = ""
    text: str = _field(default="", compare=False)
    quoted: bool = _field(default=False, compare=False)
    start: int = _field(default=0, compare=False)
    end: int = _field(default=0, compare=False)


@dataclass(frozen=True)
class Near:
    """Terms of one field in any order, with at most `distance` other words between each and the next."""

    terms: tuple[Term, ...]
    distance: int
    start: int = _field(default=0, compare=False)
    end: int = _field(default=0, compare=False)

    @property
    def field(self) -> str | None:
        return self.terms[0].field


@dataclass(frozen=True)
class Literal:
    """What must stand there as it is written: its folded words as a phrase, and somewhere its very characters, not
    within a longer word."""

    written: str
    words: tuple[str, ...]
    field: str | None = None
    start: int = _field(default=0, compare=False)
    end: int = _field(default=0, compare=False)

    @property
    def term(self) -> Term:
        """Its words as a phrase: more than it says."""
        return Term(self.words, self.field, text=self.written, quoted=True, start=self.start, end=self.end)


@dataclass(frozen=True)
class Fact:
    """What is known of a text beside its words: `value` is checked, `text` how it was written."""

    field: str  # site | lang | type | source | tag | is | since | until
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


Leaf = Term | Near | Literal
Tree = Leaf | Fact | Not | And | Or


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
        _require_something_to_find(tree, text)
    return Query(tree, text)


def parse_search(text: str) -> Query:
    """A search of the inbox: all fields, and "everything but" is fine. Raises QuerySyntax."""
    return parse_query(text, MENTION_FIELDS)


def terms_of(tree: Tree) -> Iterator[Term]:
    """Every term, the excluded ones included."""
    match tree:
        case Term():
            yield tree
        case Near(terms):
            yield from terms
        case Literal():
            yield tree.term
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
        case Near(terms):
            yield from terms
        case Literal():
            yield tree.term
        case And(parts) | Or(parts):
            for part in parts:
                yield from positive_terms(part)


class _Parser:
    """Recursive descent: or → and → unary → near → primary."""

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
            case "not":
                following = self._peek()
                if following is None or following.kind not in ("term", "not", "open", "field"):
                    key = "query_error_not" if token.text else "query_error_minus"
                    raise QuerySyntax(key, token.start)
                self._enter(token)
                part = self._read_unary()
                self._depth -= 1
                return Not(part, token.start, part.end)
            case _:
                self._at -= 1
                return self._read_near()

    def _read_near(self) -> Tree:
        first = self._read_primary()
        sides, distance = [first], 0
        while (token := self._peek()) and token.kind == "near":
            self._at += 1
            self._require_operand(token)
            if distance and distance != token.distance:
                raise QuerySyntax("query_error_near_mixed", token.start)
            distance = token.distance
            following = self._peek()
            if following is not None and following.kind == "not":
                raise QuerySyntax("query_error_near_sides", token.start)
            sides.append(self._read_primary())
            if not all(map(_can_be_near, sides)):
                raise QuerySyntax("query_error_near_sides", token.start)
        if len(sides) == 1:
            return first
        choices = list(product(*(side.parts if isinstance(side, Or) else (side,) for side in sides)))
        if len(choices) > MAX_CHOICES:
            raise QuerySyntax("query_error_near_many", first.start, limit=MAX_CHOICES)
        place = (first.start, sides[-1].end)
        return _join(Or, [_make_near([t for t in one if isinstance(t, Term)], distance, *place) for one in choices])

    def _read_primary(self) -> Tree:
        token = self._tokens[self._at]
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
            case "open":
                return self._read_group(token)
            case "close":
                raise QuerySyntax("query_error_close", token.start)
            case _:
                raise QuerySyntax("query_error_both_sides", token.start, operator=token.text)

    def _make_term(self, token: Token) -> Leaf | Fact:
        if self._field is not None and token.field is not None:
            raise QuerySyntax("query_error_field_inside", token.start, field=token.field)
        field = token.field or self._field
        place = (token.start, token.end)
        if field is None or field in TEXT_FIELDS:
            if token.literal:
                return Literal(token.text, token.words, field, *place)
            if token.distance:
                return _apart(token, field)
            host = token.host if field is None else ""
            return Term(token.words, field, token.prefix, host, token.text, token.quoted, *place)
        if token.prefix:
            raise QuerySyntax("query_error_wildcard", token.end - 1)
        if token.distance:
            raise QuerySyntax("query_error_near_sides", token.start)
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
        if following is None or following.kind in ("or", "and", "near", "close"):
            raise QuerySyntax("query_error_both_sides", operator.start, operator=operator.text)

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QuerySyntax("query_error_too_deep", token.start, limit=MAX_DEPTH)


def _can_be_near(side: Tree) -> bool:
    return isinstance(side, Term) or (isinstance(side, Or) and all(isinstance(part, Term) for part in side.parts))


def _make_near(terms: list[Term], distance: int, start: int, end: int) -> Near:
    if len({term.field for term in terms}) > 1:
        raise QuerySyntax("query_error_near_field", start)
    if len(terms) > MAX_NEAR:
        raise QuerySyntax("query_error_near_many", start, limit=MAX_NEAR)
    return Near(tuple(replace(term, host="") for term in terms), distance, start, end)


def _apart(token: Token, field: str | None) -> Leaf:
    """`"one two"~5`: what blanks divide may stand apart. A single word stands alone, however far."""
    pieces = token.text.split()
    terms = []
    for piece in pieces:
        if words := fold(piece).words:
            terms.append(Term(words, field, text=piece, quoted=True, start=token.start, end=token.end))
    if token.prefix:
        terms[-1] = replace(terms[-1], prefix=True)
    return terms[0] if len(terms) == 1 else _make_near(terms, token.distance, token.start, token.end)


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
        case Term() | Near() | Literal():
            return tree.field != "author"  # who wrote it can be asked of no service: only filtered by
        case Fact():
            return False
        case And(parts):
            return any(map(finds_something, parts))
        case Or(parts):
            return all(map(finds_something, parts))
        case Not():
            return False


def _require_something_to_find(tree: Tree, text: str) -> None:
    if finds_something(tree):
        return
    bare = next((part for part in tree.parts if not finds_something(part)), tree) if isinstance(tree, Or) else tree
    if (filters := next(_filters(bare), None)) is not None:
        raise QuerySyntax("query_error_only_filter", bare.start, text=text[filters.start : filters.end])
    raise QuerySyntax("query_error_or_exclusion" if isinstance(tree, Or) else "query_error_exclusions", bare.start)


def _filters(tree: Tree) -> Iterator[Tree]:
    """What must hold, but can be asked of no place: it filters what is found by words."""
    match tree:
        case Not():
            return
        case And(parts) | Or(parts):
            for part in parts:
                yield from _filters(part)
        case _:
            if not finds_something(tree):
                yield tree
