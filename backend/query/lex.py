"""Cuts a query into tokens: terms, operators and brackets, each with its place in code points."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

import regex

from backend.query.errors import QuerySyntax
from backend.query.fields import MENTION_FIELDS, own_host
from backend.query.words import fold, is_unspaced
from backend.query.written import composed

Kind = Literal["term", "and", "or", "not", "near", "open", "close", "field"]

_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "ET": "and", "OU": "or", "SAUF": "not"}
#: what must be quoted to be looked for
RESERVED = frozenset({*_OPERATORS, "NEAR"})
MIN_STEM = 3  # letters before *; of scripts written without spaces one
MAX_DISTANCE = 20  # words between; more is slow everywhere, and says little
DISTANCE = 5  # where NEAR stands without
# Any double quotation mark closes any other; phones and word processors replace them as they like.
_QUOTES = '"“”„‟〝〞＂'
_CLOSING = {"«": "»", "»": "«", "‹": "›", "›": "‹"} | dict.fromkeys(_QUOTES, _QUOTES)
_ALL_QUOTES = "".join(_CLOSING)
_RUN = re.compile(rf"[^\s(){_ALL_QUOTES}]+")
_FIELD = re.compile(r"([^\W\d_]+):(?!//)")
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_NEAR = re.compile(r"NEAR(?:/(\d+))?")
_TILDE = re.compile(r"~\d+")
# Signs at the ends of a word say nothing. Marks belong to what they stand on: vowels of Indic and Thai words are some.
_ENDS = regex.compile(r"^(?:[^\p{L}\p{N}_#@.*]\p{M}*)+|(?:[^\p{L}\p{N}\p{M}_+#*]\p{M}*)+$")
_BEGINS = regex.compile(r".*[\p{L}\p{N}]\p{M}*\*", regex.DOTALL)


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
    prefix: bool = False  # of a term: the last word only begins so
    host: str = ""  # of a term: the host that it is
    literal: bool = False  # of a term: as written, case and signs too
    distance: int = 0  # of near, and of a phrase whose words may stand apart


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
        elif sign == "`":
            yield (token := _read_literal(text, at, at, None))
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
            elif (near := _NEAR.fullmatch(run)) is not None:
                yield Token("near", at, at + len(run), run, distance=_distance(near[1] or str(DISTANCE), at))
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
    if run[named.end() :].startswith("`"):
        return _read_literal(text, value_at, at, field)
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
    plain = " ".join("".join(" " if sign in _ALL_QUOTES else sign for sign in inside).split())
    prefix = _BEGINS.fullmatch(plain) is not None
    words = fold(plain).words
    if not words:
        raise QuerySyntax("query_error_no_letters", at, text=text[at : close + 1])
    if prefix:
        plain = plain[:-1]
        _require_stem(words, text.rindex("*", at, close))
    end, distance = close + 1, 0
    if (apart := _TILDE.match(text, end)) is not None:
        distance = _distance(apart[0][1:], end)
        end = apart.end()
    return Token("term", start, end, plain, words, True, field, at, prefix=prefix, distance=distance)


def _read_literal(text: str, at: int, start: int, field: str | None) -> Token:
    close = text.find("`", at + 1)
    if close < 0:
        raise QuerySyntax("query_error_backtick", at)
    written = composed(text[at + 1 : close])
    words = fold(written).words
    if not words:
        raise QuerySyntax("query_error_no_letters", at, text=text[at : close + 1])
    return Token("term", start, close + 1, written, words, True, field, at, literal=True)


def _term(run: str, at: int, start: int, field: str | None) -> Token:
    # An address is looked for without what browsers put before it: people write it without.
    written = _SCHEME.sub("", run, count=1).rstrip("/") if _SCHEME.match(run) else run
    written = _ENDS.sub("", written) or run
    prefix = "*" in written
    if prefix:
        if written.index("*") != len(written) - 1 or _BEGINS.fullmatch(written) is None:
            raise QuerySyntax("query_error_wildcard", at + run.index("*"))
        written = written[:-1]
    words = fold(written).words
    if prefix:
        _require_stem(words, at + run.index("*"))
    if not words and any(ord(sign) > 0x2BFF or sign.isalnum() for sign in run):  # pictures; dashes and dots are lower
        raise QuerySyntax("query_error_no_letters", start, text=run)
    host = own_host(written) if field is None and not prefix else ""
    if host:
        written = written.replace("[.]", ".")[-len(host) :]  # without its www.
        words = fold(written).words
    return Token("term", start, at + len(run), written, words, False, field, at, prefix=prefix, host=host)


def _require_stem(words: tuple[str, ...], at: int) -> None:
    """Short beginnings stand in nearly every text."""
    stem = words[-1] if words else ""
    if len(stem) < MIN_STEM and not is_unspaced(stem):
        raise QuerySyntax("query_error_stem", at, limit=MIN_STEM)


def _distance(digits: str, at: int) -> int:
    if len(digits) > 4 or not 1 <= int(digits) <= MAX_DISTANCE:
        raise QuerySyntax("query_error_distance", at, limit=MAX_DISTANCE)
    return int(digits)


def _refuse_other_languages(run: str, at: int) -> None:
    """Signs that mean something in other query languages would silently mean nothing here."""
    if run.strip("|") == "":
        raise QuerySyntax("query_error_pipe", at, text=run)
    if run == "&&":
        raise QuerySyntax("query_error_ampersand", at, text=run)
    if _TILDE.fullmatch(run):
        raise QuerySyntax("query_error_tilde", at)


def _peek(text: str, at: int) -> str:
    """The phrase that stands right behind a field, for the sentence that quotes both."""
    if at < len(text) and text[at] in _CLOSING:
        found = re.compile(rf"[^{_ALL_QUOTES}]*").match(text, at + 1)
        return found[0].strip() if found else ""
    return ""
