"""Words near each other as a regular expression over folded words, the same for the matcher, SQLite and PostgreSQL."""

from __future__ import annotations

from itertools import permutations

from backend.query.grammar import Near, Term


def near_pattern(near: Near, *, groups: bool = False) -> str:
    """What matches a stretch of `Folded.flat` or of a folded column, from space to space.

    Words between never begin with `/`, so that nothing is near across a break or a mark. `groups`: each term is one.
    """
    gap = f"(?:[^/ ][^ ]* ){{0,{near.distance}}}"
    orders = dict.fromkeys(permutations(map(_written, near.terms)))
    opened = "(" if groups else "(?:"
    return "(?:" + "|".join(" " + gap.join(f"{opened}{one}) " for one in order) for order in orders) + ")"


def _written(term: Term) -> str:
    words = " ".join(term.words).replace("+", r"\+").replace("#", r"\#")
    return words + "[^ ]*" if term.prefix else words
