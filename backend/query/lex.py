"""Cuts a query into tokens: terms, operators and brackets, each with its place in code points."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from backend.query.errors import QuerySyntax
from backend.query.fields import MENTION_FIELDS
from backend.query.words import fold

Kind = Literal["term", "and", "or", "not", "open", "close", "field"]

_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not"}
# Any double quotation mark closes any other; phones and word processors replace them as they like.
_QUOTES = '"“”„‟〝〞＂'
_CLOSING = {"«": "»", "»": "«", "‹": "›", "›": "‹"} | dict.fromkeys(_QUOTES, _QUOTES)
_ALL_QUOTES = "".join(_CLOSING)
_RUN = re.compile(rf"[^\s(){_ALL_QUOTES}]+")
_FIELD = re.compile(r"([^\W\d_]+):(?!//)")
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_NEAR = re.compile(r"NEAR(?:/\d+)?|~\d+")


@dataclass(frozen=True)
class Token:
    kind: Kind
    start: int
    end: int
    text: str = ""  # of a term: as written, without quotes
    words: tuple[str, ...] = ()  # of a term: folded
    quoted: bool = False
    field: str | None = None
    value_at: int = 0  # of a term: where what is looked for begins, behind the field's name


def read_tokens(text: str, fields: Collection[str]) -> Iterator[Token]:
    """The tokens of a query. Raises QuerySyntax."""
    at, end = 0, len(text)
    while at < end:
        sign = text[at]
        if sign.isspace():
            at += 1
        elif sign in "()":
            yield Token("open" if sign == "(" else "close", at, at + 1)
            at += 1
        elif sign in _CLOSING:
            yield (token := _read_phrase(text, at, at, None))
            at = token.end
        elif sign == "-":
            if at + 1 == end or text[at + 1].isspace() or text[at + 1] == ")":
                raise QuerySyntax("query_error_minus", at)
            yield Token("not", at, at + 1)
            at += 1
        else:
            found = _RUN.match(text, at)
            run = found[0] if found else sign
            if run in _OPERATORS:
                yield Token(_OPERATORS[run], at, at + len(run), run)
                at += len(run)
            else:
                token = _read_run(text, run, at, fields)
                if token.words or token.kind == "field":
                    yield token
                at = token.end


def _read_run(text: str, run: str, at: int, fields: Collection[str]) -> Token:
    """A word, or a field with what it holds. A run of mere punctuation comes back without words: it says nothing."""
    _refuse_other_languages(run, at)
    named = _FIELD.match(run)
    if named is None:
        return _term(run, at, at, None)
    field, value_at = named[1].lower(), at + named.end()
    if field not in fields:
        behind = run[named.end() :] or _peek(text, value_at)
        known = ", ".join(f"{name}:" for name in MENTION_FIELDS if name in fields)
        if field in MENTION_FIELDS and fields:
            raise QuerySyntax("query_error_field_here", at, field=field, known=known)
        raise QuerySyntax("query_error_field", at, field=named[1], text=f"{named[1]}:{behind}", known=known)
    if value_at < len(text) and text[value_at] == "(" and not run[named.end() :]:
        return Token("field", at, value_at, named[1], field=field)
    if value_at < len(text) and text[value_at] in _CLOSING:
        return _read_phrase(text, value_at, at, field)
    token = _term(run[named.end() :], value_at, at, field)
    if not token.words:
        raise QuerySyntax("query_error_field_empty", at, field=named[1])
    return token


def _read_phrase(text: str, at: int, start: int, field: str | None) -> Token:
    closing = _CLOSING[text[at]]
    close = next((index for index in range(at + 1, len(text)) if text[index] in closing), None)
    if close is None:
        raise QuerySyntax("query_error_quote", at)
    inside = " ".join(text[at + 1 : close].split())
    words = fold(inside).words
    if not words:
        raise QuerySyntax("query_error_no_letters", at, text=text[at : close + 1])
    plain = " ".join("".join(" " if sign in _ALL_QUOTES else sign for sign in inside).split())
    return Token("term", start, close + 1, plain, words, True, field, at)


def _term(run: str, at: int, start: int, field: str | None) -> Token:
    # An address is looked for without what browsers put before it: people write it without.
    written = _SCHEME.sub("", run, count=1).rstrip("/") if _SCHEME.match(run) else run
    written = re.sub(r"^[^\w#@.]+|[^\w+#]+$", "", written) or run
    words = fold(written).words
    if not words and any(ord(sign) > 0x2BFF or sign.isalnum() for sign in run):  # pictures; dashes and dots are lower
        raise QuerySyntax("query_error_no_letters", start, text=run)
    return Token("term", start, at + len(run), written, words, False, field, at)


def _refuse_other_languages(run: str, at: int) -> None:
    """Signs that mean something in other query languages would silently mean nothing here."""
    if "*" in run:
        raise QuerySyntax("query_error_wildcard", at + run.index("*"))
    if run.strip("|") == "":
        raise QuerySyntax("query_error_pipe", at, text=run)
    if run == "&&":
        raise QuerySyntax("query_error_ampersand", at, text=run)
    if _NEAR.fullmatch(run):
        raise QuerySyntax("query_error_near", at)


def _peek(text: str, at: int) -> str:
    """The phrase that stands right behind a field, for the sentence that quotes both."""
    if at < len(text) and text[at] in _CLOSING:
        found = re.compile(rf"[^{_ALL_QUOTES}]*").match(text, at + 1)
        return found[0].strip() if found else ""
    return ""
