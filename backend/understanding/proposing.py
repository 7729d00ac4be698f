"""Words that could be excluded from a keyword: they stand in what was marked as not about us, and never in ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from backend.understanding.about import Taught
from backend.understanding.vectors import fold, split_words

MIN_MARKS = 10
MIN_POSTS = 3  # a word that stands in fewer of the marked posts is chance
MOST_WORDS = 3
MIN_LETTERS = 3


@dataclass(frozen=True)
class Proposal:
    """`words` as people write them; `covers` of the `marks` posts marked as not about us hold one of them."""

    words: tuple[str, ...]
    covers: int
    marks: int


def propose_exclusion(taught: Sequence[Taught], names: Collection[str], refused: Collection[str]) -> Proposal | None:
    """At most three words that together would have kept most of the marked posts away; None where none is safe."""
    marked = [one for one in taught if not one.us]
    if len(marked) < MIN_MARKS:
        return None
    never = {fold(word.lower()) for word in (*names, *refused)}
    for one in taught:
        if one.us:
            never |= {fold(word) for word in _words(one)}
    written: dict[str, Counter[str]] = {}
    posts: dict[str, set[int]] = {}
    for index, one in enumerate(marked):
        for word in _words(one):
            folded = fold(word)
            if len(folded) >= MIN_LETTERS and folded.isalpha() and folded not in never:
                written.setdefault(folded, Counter())[word] += 1
                posts.setdefault(folded, set()).add(index)
    chosen: list[str] = []
    covered: set[int] = set()
    while len(chosen) < MOST_WORDS and posts:
        best = min(posts, key=lambda word: (-len(posts[word] - covered), word))
        if len(posts[best] - covered) < MIN_POSTS:
            break
        chosen.append(written[best].most_common(1)[0][0])
        covered |= posts.pop(best)
    return Proposal(tuple(chosen), len(covered), len(marked)) if chosen else None


def _words(one: Taught) -> set[str]:
    return set(split_words(f"{one.post.title} . {one.post.text}"))
