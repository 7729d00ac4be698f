"""Our query in the words of each service that is asked for us.

A service is asked for at least what our query says; what it cannot say is left out and filtered here afterwards.
Words of `title:` and `author:` are asked for anywhere where they must be there, and never excluded; who wrote it is no
word of the text everywhere, so `author:` is left out; `site:` and `lang:` are left out too.
"""

from __future__ import annotations

from itertools import product

from backend.query.grammar import And, Fact, Not, Or, Query, Term, Tree, facts_of, finds_something, positive_terms
from backend.query.words import spellings

MAX_ASKED = 6  # requests that one query may cost where a service has no OR, if fewer broader ones can say it
MAX_ALTERNATIVES = 40  # beyond, alternatives are not worked out: (a OR b) (c OR d) … doubles with each bracket

#: one way to match: terms that must all be there
_Alternative = tuple[Term, ...]


def for_google_news(query: Query) -> str:
    """Google News: blank is AND, `OR`, `-`, quotes, brackets. Brackets cannot be excluded; exclusions are pulled apart
    where that says the same, else left out. OR binds tighter there than here, so it always stands in brackets, and
    something (`when:7d`) may be put behind."""
    text = _write_web(query.tree)
    return f"({text})" if isinstance(query.tree, Or) else text


def for_bing(query: Query) -> str:
    """Bing News: the same signs as Google."""
    return for_google_news(query)


def for_algolia(query: Query) -> list[str]:
    """Hacker News search by Algolia has no OR: several queries, whose answers together hold all that can match.

    Words only (its own reading of signs differs): phrases in quotes, no exclusions. Filter the answers with the
    matcher. Never empty.
    """
    alternatives = _alternatives(query.tree)
    cover = _cover(query.tree)
    if alternatives is None or (len(alternatives) > MAX_ASKED and len(cover) < len(alternatives)):
        alternatives = [(term,) for term in cover]
    asked = dict.fromkeys(" ".join(dict.fromkeys(_quote_if_many(term) for term in terms)) for terms in alternatives)
    return _drop_narrower(list(asked))


def single_words(query: Query) -> list[str]:
    """Words that may be asked for as hashtags: the single words looked for, as written, without `#`, in order.

    Folded words that hold a sign (c++) cannot be a hashtag; phrases are not asked for as one. Of words that must stand
    together only those that tell something are asked for: not `de` and `la` of `café de la gare`.
    """
    tags: dict[str, str] = {}
    for term in _tag_terms(query.tree):
        written = term.text.lstrip("#@").lower()
        tags.setdefault(term.words[0], written if written.isalnum() else term.words[0])
    return list(tags.values())


def _tag_terms(tree: Tree) -> list[Term]:
    match tree:
        case Term(_, "author") | Fact():
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
        case Not() | Fact() | Term(_, "author"):
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
        case Not() | Fact() | Term(_, "author"):
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


def _has_exclusion(tree: Tree) -> bool:
    match tree:
        case Term() | Fact():
            return False
        case Not():
            return True
        case And(parts) | Or(parts):
            return any(map(_has_exclusion, parts))


def _write_web(tree: Tree) -> str:
    """For search engines that know blank, OR, -, quotes and brackets. "" where nothing of the tree can be said."""
    match tree:
        case Fact() | Term(_, "author"):
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
    return text if text.isalnum() and not term.quoted and text not in ("AND", "OR", "NOT") else f'"{text}"'


def _quote_if_many(term: Term) -> str:
    text = term.text or " ".join(term.words)
    return f'"{text}"' if len(spellings(term.words)) > 1 or not text.isalnum() else text
