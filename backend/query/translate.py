"""Our query in the words of each service that is asked for us.

A service is asked for at least what our query says; what it cannot say is left out and filtered here afterwards
(`left_out` names it). Words that only begin so are left out (of a phrase its other words are asked for), words near
each other are asked for anywhere, a literal is asked for as a phrase; none of these is excluded there. Words of
`title:` and `author:` are asked for anywhere where they must be there, and never excluded; who wrote it is no word of
the text everywhere, so `author:` is left out; so are `site:`, `lang:` and the other facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from backend.query.explain import write_tree
from backend.query.grammar import (
    And,
    Fact,
    Literal,
    Near,
    Not,
    Or,
    Query,
    Term,
    Tree,
    facts_of,
    finds_something,
    positive_terms,
    terms_of,
)
from backend.query.lex import RESERVED
from backend.query.words import fold, spellings

MAX_ASKED = 6  # requests that one query may cost where a service has no OR, if fewer broader ones can say it
MAX_ALTERNATIVES = 40  # beyond, alternatives are not worked out: (a OR b) (c OR d) … doubles with each bracket

#: one way to match: terms that must all be there
_Alternative = tuple[Term, ...]


def _sayable(tree: Tree) -> Tree:
    """The tree in terms, facts and operators that services know: what is found by it is found by this too."""
    match tree:
        case Term():
            if not tree.prefix:
                return tree
            kept = tree.text.split()[:-1]
            words = tuple(word for piece in kept for word in fold(piece).words)
            if not words or words != tree.words[: len(words)]:
                return _UNSAID
            return replace(tree, words=words, text=" ".join(kept), prefix=False, quoted=True)
        case Near(terms):
            return And(tuple(map(_sayable, terms)))
        case Literal():
            return tree.term
        case Not(part):
            return tree if _is_exact(part) else _UNSAID
        case And(parts):
            return And(tuple(map(_sayable, parts)))
        case Or(parts):
            return Or(tuple(map(_sayable, parts)))
        case Fact():
            return tree


#: stands for what cannot be asked
_UNSAID = Fact("", "")


def _is_exact(tree: Tree) -> bool:
    """Whether services exclude no more than we do."""
    match tree:
        case Term():
            return not tree.prefix
        case Near() | Literal():
            return False
        case Fact():
            return True
        case Not(part):
            return _is_exact(part)
        case And(parts) | Or(parts):
            return all(map(_is_exact, parts))


def left_out(query: Query, asks: str) -> list[str]:
    """What of a query cannot be asked in these signs (web, words, tags), each as it can stand in a query; it is
    filtered here."""
    return list(dict.fromkeys(write_tree(part) for part in _left_out(query.tree, asks)))


def _left_out(tree: Tree, asks: str) -> Iterator[Tree]:
    match tree:
        case Term():
            tag = asks != "tags" or (len(tree.words) == 1 and tree.words[0].isalnum())
            if tree.prefix or tree.field or not tag:
                yield tree
        case Near() | Literal() | Fact():
            yield tree
        case Not(part):
            if asks != "web" or not _write_excluded(_sayable_or_unsaid(part)):
                yield tree
        case And(parts) | Or(parts):
            for part in parts:
                yield from _left_out(part, asks)


def _sayable_or_unsaid(part: Tree) -> Tree:
    return part if _is_exact(part) else _UNSAID


def for_web(query: Query) -> str:
    """For search engines of the web (Google News, Bing News): blank is AND, `OR`, `-`, quotes, brackets. Brackets
    cannot be excluded; exclusions are pulled apart where that says the same, else left out. OR binds tighter there than
    here, so it always stands in brackets, and something (`when:7d`) may be put behind."""
    tree = _sayable(query.tree)
    text = _write_web(tree)
    return f"({text})" if isinstance(tree, Or) and text else text


def for_words(query: Query, *, exactly: bool = False) -> list[str]:
    """For what has no OR (Algolia's search of Hacker News): several queries, whose answers together hold all that can
    match. `exactly`: none that is wider than a way to match, for places whose answers are not whole enough to be
    filtered.

    Words only (its own reading of signs differs): phrases in quotes, no exclusions. Filter the answers with the
    matcher. Never empty, but for what cannot be said `exactly`.
    """
    tree = _sayable(query.tree)
    alternatives = _alternatives(tree)
    cover = _cover(tree)
    if alternatives is None or (len(alternatives) > MAX_ASKED and len(cover) < len(alternatives)):
        if exactly:
            return []
        alternatives = [(term,) for term in cover]
    asked = dict.fromkeys(" ".join(dict.fromkeys(_quote_if_many(term) for term in terms)) for terms in alternatives)
    return _drop_narrower(list(asked))


def single_words(query: Query) -> list[str]:
    """Words that may be asked for as hashtags: the single words looked for, as written, without `#`, in order.

    Folded words that hold a sign (c++) cannot be a hashtag; phrases are not asked for as one. Of words that must stand
    together only those that tell something are asked for: not `de` and `la` of `café de la gare`.
    """
    tags: dict[str, str] = {}
    for term in _tag_terms(_sayable(query.tree)):
        written = term.text.lstrip("#@").lower()
        tags.setdefault(term.words[0], written if written.isalnum() else term.words[0])
    return list(tags.values())


def _tag_terms(tree: Tree) -> list[Term]:
    match tree:
        case Term(_, "author") | Fact() | Near() | Literal():
            return []
        case Term(words):
            return [tree] if len(words) == 1 and words[0].isalnum() and not words[0].isdigit() else []
        case Not():
            return []
        case Or(parts):
            return [term for part in parts for term in _tag_terms(part)]
        case And(parts):
            terms = [term for part in parts for term in _tag_terms(part)]
            long = [term for term in terms if len(term.words[0]) > 3]
            return long or sorted(terms, key=lambda term: -len(term.words[0]))[:1]


def literals(query: Query) -> list[list[str]]:
    """Alternatives of folded phrases that must all be there, for quick matching in a page:
    `café (bar OR "au soleil")` → [["cafe", "bar"], ["cafe", "au soleil"]].

    Empty when it cannot be said so: exclusions, fields, or too many alternatives.
    """
    if any(term.prefix for term in terms_of(query.tree)) or _holds_more_than_words(query.tree):
        return []
    named = any(term.field for term in positive_terms(query.tree)) or any(facts_of(query.tree))
    if named or _has_exclusion(query.tree):
        return []
    alternatives = _alternatives(query.tree)
    if alternatives is None:
        return []
    said = dict.fromkeys(tuple(dict.fromkeys(" ".join(term.words) for term in terms)) for terms in alternatives)
    return [list(phrases) for phrases in said]


def _alternatives(tree: Tree) -> list[_Alternative] | None:
    """The ways to match, exclusions left out; None when there are too many."""
    match tree:
        case Not() | Fact() | Near() | Literal() | Term(_, "author"):
            return [()]
        case Term():
            return [(tree,)]
        case Or(parts):
            found: list[_Alternative] = []
            for part in parts:
                inner = _alternatives(part)
                if inner is None:
                    return None
                found.extend(inner)
        case And(parts):
            found = [()]
            for part in parts:
                inner = _alternatives(part)
                if inner is None or len(found) * len(inner) > MAX_ALTERNATIVES:
                    return None
                found = [(*left, *right) for left, right in product(found, inner)]
    return found if len(found) <= MAX_ALTERNATIVES else None


def _cover(tree: Tree) -> list[Term]:
    """Terms of which every match holds at least one, as few as can be had."""
    match tree:
        case Not() | Fact() | Near() | Literal() | Term(_, "author"):
            return []
        case Term():
            return [tree]
        case Or(parts):
            sides = [_cover(part) for part in parts]
            return [term for side in sides for term in side] if all(sides) else []
        case And(parts):
            covers = [cover for cover in map(_cover, parts) if cover]
            return min(covers, key=_breadth, default=[])


def _breadth(cover: list[Term]) -> tuple[int, int]:
    return len(cover), -min(len("".join(term.words)) for term in cover)


def _drop_narrower(asked: list[str]) -> list[str]:
    """`café` finds what `café bar` would find: one request less."""
    sets = [set(text.split()) if '"' not in text else {text} for text in asked]
    return [
        text
        for index, text in enumerate(asked)
        if not any(other < sets[index] for place, other in enumerate(sets) if place != index)
    ]


def _holds_more_than_words(tree: Tree) -> bool:
    match tree:
        case Near() | Literal():
            return True
        case Not(part):
            return _holds_more_than_words(part)
        case And(parts) | Or(parts):
            return any(map(_holds_more_than_words, parts))
        case _:
            return False


def _has_exclusion(tree: Tree) -> bool:
    match tree:
        case Term() | Fact() | Near() | Literal():
            return False
        case Not():
            return True
        case And(parts) | Or(parts):
            return any(map(_has_exclusion, parts))


def _write_web(tree: Tree) -> str:
    """For search engines that know blank, OR, -, quotes and brackets. "" where nothing of the tree can be said."""
    match tree:
        case Fact() | Near() | Literal() | Term(_, "author"):
            return ""
        case Term():
            return _quote(tree)
        case Not(part):
            return _write_excluded(part)
        case And(parts):
            written = [f"({text})" if isinstance(part, Or) else text for part in parts if (text := _write_web(part))]
            return " ".join(written)
        case Or(parts):
            sides = [_write_side(part) for part in parts]
            return " OR ".join(sides) if all(sides) else ""


def _write_side(part: Tree) -> str:
    if not finds_something(part):
        return ""  # "a OR -b" is asked as nothing at all, and filtered here
    text = _write_web(part)
    return f"({text})" if isinstance(part, And) and " " in text else text


def _write_excluded(part: Tree) -> str:
    match part:
        case Term(_, None):
            return "-" + _quote(part)
        case Or(choices):
            return " ".join(text for choice in choices if (text := _write_excluded(choice)))
        case _:
            return ""  # "not both" and "not without" cannot be asked


def _quote(term: Term) -> str:
    """As written, in quotes where one word is not simply a word: engines would take it apart."""
    text = term.text or " ".join(term.words)
    return text if text.isalnum() and not term.quoted and text not in RESERVED else f'"{text}"'


def _quote_if_many(term: Term) -> str:
    text = term.text or " ".join(term.words)
    return f'"{text}"' if len(spellings(term.words)) > 1 or not text.isalnum() else text
